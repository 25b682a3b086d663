"""Rows of forecasts, ours or those of others, as the forecasts of each series."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import isfinite, nan
from typing import Any, cast

from rural_forecast.errors import InputError, Place, Problem, option
from rural_forecast.observed.observation import Measure, Observation, Series
from rural_forecast.observed.period import LAST_YEAR, Period
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.names import ID_NAMES, PERIOD_NAMES, normalised
from rural_forecast.observed.reading.options import MEASURES
from rural_forecast.record.kept import FORECAST_KINDS, SCORED_KINDS, KeptForecast, KeptSeries, Row
from rural_forecast.text.cells import shown

_BOUND = re.compile(r"(lower|upper)_(\d\d)")


def described_series(
    name: str, rows: Sequence[Row], observations: Iterable[Observation] = ()
) -> Series:
    """Make a series of the first description of each field in `rows`."""

    def first(key: str) -> str:
        return next((str(row[key]) for row in rows if row.get(key)), "")

    return Series(
        name,
        title=first("title"),
        definition=first("definition"),
        unit=first("unit"),
        publisher=first("publisher"),
        measure=measure_named(first("measure")),
        observations=tuple(observations),
    )


def measure_named(text: str) -> Measure:
    """Return the measure that a record names; it leaves out that of a flow."""
    return cast("Measure", text) if text in MEASURES else "flow"


def rows_of_grids(sheets: Iterable[Grid]) -> list[Row]:
    """Return the rows of the first grid that holds forecasts; none if no grid does."""
    for grid in sheets:
        names = [_column_name(header) for header in grid.texts(0)]
        if _are_of_forecasts(names):
            return _rows_of_grid(grid, names)
    return []


def _column_name(header: str) -> str:
    name = normalised(header)
    if name in PERIOD_NAMES:
        return "period"
    return "series_id" if name in ID_NAMES else name


def _are_of_forecasts(names: Sequence[str]) -> bool:
    """Return True if columns hold values by period, and more that only a forecast has."""
    if "period" not in names or "value" not in names:
        return False
    return "kind" in names or "origin" in names or any(map(_BOUND.fullmatch, names))


def _rows_of_grid(grid: Grid, names: Sequence[str]) -> list[Row]:
    columns = {name: column for column, name in enumerate(names)}
    texts = map(grid.texts, range(1, len(grid.index)))
    rows = ({"kind": "forecast", **dict(zip(names, row, strict=False))} for row in texts)
    return typed_rows(rows, lambda row, name: grid.place_of(row, columns.get(name, 0)))


@cache
def _is_bound(name: str) -> bool:
    """True for the name of a column of bounds, of which a record of many series has a few."""
    return _BOUND.fullmatch(name) is not None


def typed_rows(rows: Iterable[Row], place_of: Callable[[int, str], Place]) -> list[Row]:
    """Return the filled cells of rows, numbers as numbers, and bounds by level.

    Raises InputError for a cell that is empty or no number; `place_of` gives its place, by the
    number of the row from 1 and the name of the column.
    """
    typed: list[Row] = []
    for number, cells in enumerate(rows, 1):
        row = {name: cell for name, cell in cells.items() if cell not in (None, "")}
        wrong = _empty_cells(row) | _make_numbers(row)
        levels = sorted({name[-2:] for name in row if _is_bound(name)})
        bounds: dict[int, tuple[Any, Any]] = {}
        for level in levels:
            low = row.get(f"lower_{level}")
            high = row.get(f"upper_{level}")
            if low is None or high is None or low > high:
                wrong[f"lower_{level}"] = "is no range with the upper bound"
            bounds[int(level)] = (low, high)
        for name, problem in wrong.items():
            cell = cells.get(name)
            refused = Problem(
                f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell
            )
            raise InputError.of(refused, code="cell", place=place_of(number, name))
        typed.append(row | {"bounds": bounds})
    return typed


def _empty_cells(row: Row) -> dict[str, str]:
    """Return the problems of a forecast that lacks its period or value, by the name of the cell."""
    if row.get("kind") not in SCORED_KINDS:
        return {}
    return {name: "is empty" for name in ("period", "value") if name not in row}


def _make_numbers(row: dict[str, Any]) -> dict[str, str]:
    """Make the cells of numbers of a row numbers; return the problems by the name of the cell."""
    wrong = {}
    for name, cell in row.items():
        is_year = name in ("period", "origin")
        if not (is_year or name == "value" or _is_bound(name)):
            continue
        try:
            number = nan if isinstance(cell, bool) else float(cell)
        except (TypeError, ValueError):
            number = nan
        row[name] = number
        if not isfinite(number):
            wrong[name] = "is not a number"
        elif is_year and not (number % 1 == 0 and 1 <= number <= LAST_YEAR):
            wrong[name] = "is not a year"
    return wrong


def kept_series(
    rows: Iterable[Row],
    file: str,
    described: Mapping[str, Row] = {},
    inputs: Mapping[str, Series] = {},
    last: int = 0,
) -> tuple[KeptSeries, ...]:
    """Return the forecasts of each series.

    `last` is the last year known to all, 0 if nothing says so. Raises InputError if there is no
    forecast.
    """
    rows_by_series: dict[str, list[Row]] = {}
    for row in rows:
        rows_by_series.setdefault(str(row.get("series_id", "")), []).append(row)
    kept = []
    for name, own_rows in rows_by_series.items():
        forecast_rows = [row for row in own_rows if row.get("kind") in SCORED_KINDS]
        if not forecast_rows:
            continue
        ours = (row["period"] for row in forecast_rows if row["kind"] in FORECAST_KINDS)
        first = int(min(ours, default=LAST_YEAR))
        series = inputs.get(name)
        if series is None:
            descriptions = [described.get(name, {}), *own_rows]
            series = described_series(name, descriptions, _actual(own_rows, first))
        unit = str(forecast_rows[0].get("unit", ""))
        if unit and unit != series.unit:  # the forecast is in another currency than its inputs
            series = replace(series, unit=unit, observations=(), growth=())
        kept.append(KeptSeries(series, tuple(_forecasts(forecast_rows, series, first, last))))
    if not kept:
        raise InputError(
            "there is no forecast in it.",
            f"Rows need period, value and kind. Name what came with {option('actuals', 'FILE')}.",
            place=Place(file, file),
        )
    return tuple(kept)


def _actual(rows: Iterable[Row], first: int) -> Iterator[Observation]:
    """Yield the actual values before the first forecast: a hindcast shows later ones too."""
    for row in rows:
        is_actual = row.get("kind") == "actual" and "value" in row
        if is_actual and row.get("period", LAST_YEAR) < first:
            yield Observation(Period(int(row["period"])), row["value"])


def _forecasts(
    rows: Iterable[Row], series: Series, first: int, last: int
) -> Iterator[KeptForecast]:
    """Make rows of one series forecasts, each with the last year that it could know.

    That is the origin of the row, `last`, or the year of the last observation before it.
    """
    observed = [year for year in map(_year_observed, series.observations) if year is not None]
    for row in rows:
        period = int(row["period"])
        origin = row.get("origin") or (last if last < period else None)
        origin = origin or max((year for year in observed if year < period), default=None)
        if origin is None and first <= period:
            origin = first - 1  # our rows begin in the year after the last one known
        yield KeptForecast(
            author=str(row.get("author") or row.get("model") or "not named"),
            period=period,
            value=row["value"],
            bounds=row["bounds"],
            origin=None if origin is None else int(origin),
        )


def _year_observed(observation: Observation) -> int | None:
    """Return the year of an observation; None for a published forecast or a part of a year."""
    if observation.status == "forecast" or not observation.period.is_year:
        return None
    return observation.period.year
