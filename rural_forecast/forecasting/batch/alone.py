"""Single series of a batch, read row by row as they are read alone; the panel of such series."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from rural_forecast.errors import InputError, Place, RuralForecastError
from rural_forecast.forecasting.batch.panel import Panel, Refusal, refusal_of
from rural_forecast.forecasting.limits import whole
from rural_forecast.models.base import Integers
from rural_forecast.notes import Note, of_code
from rural_forecast.series.findings import OF_VALUES
from rural_forecast.series.history import History, annual
from rural_forecast.series.observation import Series
from rural_forecast.series.published import published_forecasts
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.assemble import assemble
from rural_forecast.series.reading.cells import StatusError
from rural_forecast.series.reading.draft import MOST_VALUES
from rural_forecast.series.reading.faults import is_lost
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.judge import Stretch
from rural_forecast.series.reading.options import stated_notation
from rural_forecast.series.whole_years import parts_in

if TYPE_CHECKING:
    from rural_forecast.series.reading.notation import Found

MOST_ROWS_OF_ONE = MOST_VALUES + 2
"""Rows of one series that are kept: more are refused anyway."""
PARTS = "value{s} of parts of years (a batch forecasts whole years)"
FEWEST = 2
"""Rows of figures that a table must have for a search of one series, and so for its numbers to settle their signs."""


class Alone:
    """Reads single series of a stretch as they are read alone."""

    def __init__(self, stretch: Stretch, options: ReadOptions, account: Account) -> None:
        self.stretch, self.options, self.account = stretch, options, account

    def read(self, name: str, rows: Integers, *, search: bool) -> History | Refusal:
        """The history of the series with these rows, or why it is refused; it has none where all are forecasts, say."""
        stretch = self.stretch
        if not len(rows):
            return Refusal(name, InputError("it has no value of a whole year that is not a forecast"))
        for number in stretch.rows.numbers[rows].tolist() if stretch.faults else ():
            if number in stretch.faults:
                return refusal_of(name, stretch.faults[number])
        part = self._part(rows[:MOST_ROWS_OF_ONE])
        try:
            return self._assembled(part, self.options)
        except RuralForecastError as error:
            search = search and stretch.columns.kind < 0 and not isinstance(error, StatusError)
            values = stretch.columns.of_values()
            search = search and not any(is_lost(row, [row[at] for at in values]) for row in part.rows)
            published = self._as_published(part, name) if search else None
            return published or refusal_of(name, error)

    def _assembled(self, part: Grid, options: ReadOptions) -> History:
        (series,) = assemble(part, self.stretch.columns, options, self.account)
        history = annual(series, allow_gaps=options.allow_gaps)
        self._count(series)
        return history

    @cached_property
    def _notation(self) -> Found | None:
        """The signs in numbers, where all those of the input leave no doubt; None where that is no news."""
        from rural_forecast.series.reading.settle import notation_in

        written, asked = self.stretch.written, stated_notation(self.options)
        if written is None or len(self.stretch.rows.numbers) < FEWEST:
            return None
        clear = notation_in(written, asked, self.stretch.delimiter, others=not self.stretch.columns.years)
        return clear if clear.notation != asked else None

    def _as_published(self, part: Grid, name: str) -> History | None:
        """A series with separators in its numbers, or found by a search; None where neither helps."""
        if self._notation is not None:
            signs = self._notation.notation._asdict()
            with suppress(RuralForecastError):
                history = self._assembled(part, self.options._replace(**signs))
                self.account.keep(Note("notation", {"file": self.account.file, "why": self._notation.why}))
                return history
        return self._searched(part, name)

    def _part(self, rows: Integers) -> Grid:
        """The grid of some rows."""
        grid = self.stretch.grid
        kept = rows.tolist()

        def place(row: int, column: int) -> Place:
            return grid.place(kept[row] if row >= 0 else row, column)

        def percent(row: int, column: int) -> bool:
            return grid.percent(kept[row], column)

        return grid._replace(rows=[self.stretch.rows[row] for row in kept], place=place, percent=percent)

    def _count(self, series: Series) -> None:
        self.account.forecasts += sum(obs.status == "forecast" for obs in series.observations)
        self.account.leave_rows_out(PARTS, len(parts_in(series)))
        self.account.take(of_code(series.reading_notes, "future_years"))

    def _searched(self, part: Grid, name: str) -> History | None:
        """A series of published data, with markers of missing values, say."""
        from rural_forecast.series.reading.search import SearchError, searched
        from rural_forecast.series.reading.table import table_of_grid

        options = self.options
        if self.stretch.columns.id >= 0:
            options = options._replace(series_id=name)
        try:
            table = table_of_grid(part)._replace(delimiter=self.stretch.delimiter, written=self.stretch.written)
            series = searched(part.file, [table], options, several=False)
            history = annual(series[0], allow_gaps=options.allow_gaps)
        except (SearchError, RuralForecastError):
            return None
        self.account.take(series[0].reading_notes)
        return history


def panel_of(histories: Sequence[History]) -> Panel:
    """The panel of series that were read one by one."""
    published = {history.series.id: published_forecasts(history.series) for history in histories}
    return Panel(
        [history.series.id for history in histories],
        np.cumsum([0, *(len(history.years) for history in histories)]),
        np.concatenate([np.empty(0), *(history.values for history in histories)]),
        np.array([history.origin for history in histories], dtype=np.int64),
        [history.series.unit for history in histories],
        {
            name: [forecast for forecast in forecasts if forecast.period.is_year]
            for name, forecasts in published.items()
            if forecasts
        },
        {history.series.id: most for history in histories if (most := whole(history)) is not None},
        {
            history.series.id: doubts[0]
            for history in histories
            if (doubts := of_code(history.notes, *OF_VALUES, "growth"))
        },
        {history.series.id: history.series.market_kind for history in histories if history.series.market_kind},
    )
