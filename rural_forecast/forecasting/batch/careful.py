"""A batch by the careful readers, for files that say more than columns can: one series at a time, and so slower."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, Place, RuralForecastError
from rural_forecast.forecasting.batch.layout import PARTS
from rural_forecast.forecasting.batch.panel import Panel, Refusal
from rural_forecast.forecasting.bounds import whole
from rural_forecast.notes import of_code
from rural_forecast.series.history import History, annual
from rural_forecast.series.history_notes import FINDINGS
from rural_forecast.series.published import PublishedForecast, published_forecasts
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.assemble import account_of, assemble, default_id
from rural_forecast.series.reading.columns import recognise
from rural_forecast.series.reading.grid import Grid, label
from rural_forecast.series.reading.pipeline import read_grid


class Found(NamedTuple):
    """What a file holds; rows of refusals are lines of the input."""

    panel: Panel
    refusals: list[Refusal]
    account: Account


def read_carefully(path: str, options: ReadOptions) -> Found:
    """Every series as `project` would see it, in order of first appearance.

    Raises
    ------
    InputError, UsageError : the file as a whole is refused
    """
    grid = read_grid(path, options)
    columns = recognise(grid, options)
    members: dict[str, list[int]] = {}
    only = default_id(grid, columns)
    for index, row in enumerate(grid.rows):
        members.setdefault(label(row[columns.id]) if columns.id >= 0 else only, []).append(index)
    account = account_of(grid, columns)
    histories: list[History] = []
    refusals = []
    for name, indices in members.items():
        try:
            (series,) = assemble(_part(grid, indices), columns, options, account)
            histories.append(annual(series, allow_gaps=options.allow_gaps))
            forecasts = [seen.status == "forecast" for seen in series.observations]
            account.forecasts += sum(forecasts)
            parts = (not seen.period.is_year for seen in series.observations if seen.status != "forecast")
            account.leave_rows_out(PARTS, sum(parts))
        except RuralForecastError as error:
            refusals.append(_refusal(name, error))
    return Found(_panel(histories), refusals, account)


def _refusal(series_id: str, error: RuralForecastError) -> Refusal:
    """A series that is refused; its line is in a column of its own and left out of the reason."""
    line = error.place.line if isinstance(error, InputError) else 0
    reason = error.problem if isinstance(error, InputError) and line else error.message
    return Refusal(series_id, line or -1, f"{reason.rstrip('.')}. {error.hint}".strip())


def _part(grid: Grid, indices: list[int]) -> Grid:
    def place(row: int, column: int) -> Place:
        return grid.place(indices[row] if row >= 0 else row, column)

    def percent(row: int, column: int) -> bool:
        return grid.percent(indices[row], column)

    return grid._replace(rows=[grid.rows[index] for index in indices], place=place, percent=percent)


def _panel(histories: list[History]) -> Panel:
    return Panel(
        [history.series.id for history in histories],
        np.cumsum([0, *(len(history.years) for history in histories)]),
        np.concatenate([np.empty(0), *(history.values for history in histories)]),
        np.array([history.origin for history in histories], dtype=np.int64),
        [history.series.unit for history in histories],
        {one.series.id: said for one in histories if (said := _published(one))},
        {one.series.id: most for one in histories if (most := whole(one)) is not None},
        before_gaps=sum(left.why == "gap" for one in histories for left in one.set_aside),
        doubts={one.series.id: found[0] for one in histories if (found := of_code(one.notes, *FINDINGS, "growth"))},
    )


def _published(history: History) -> tuple[PublishedForecast, ...]:
    return tuple(one for one in published_forecasts(history.series) if one.period.is_year)
