"""Columns of tables, tables declared as columns with what they show of an item, and the rows of the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite, isnan
from typing import TYPE_CHECKING, Any, TypeVar

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.numbers import Amounts

if TYPE_CHECKING:
    from rural_forecast.forecasting.result import ModelForecast
    from rural_forecast.scenarios.scenario import ScenarioPath

T = TypeVar("T")
Field = tuple[Column, Callable[[T], Cell]]
"""A column with its cell of an item."""


def interval_columns(levels: Sequence[int], write: Amounts | None = None) -> list[Column]:
    """A lower and an upper column a level; people read the two as one range."""
    places, factor = (write.places, write.factor) if write else (None, 1.0)
    return [
        column
        for level in levels
        for column in (
            Column(f"lower_{level}", f"{level} % range", "number", places, factor=factor),
            Column(f"upper_{level}", "", "number", places, ends_range=True, factor=factor),
        )
    ]


def value_column(write: Amounts, key: str = "value", title: str = "Value", **more: Any) -> Column:
    """A column of amounts, whose title has the unit where people see a larger one than that of the data."""
    unit = f", {write.unit}" if write.factor != 1 else ""
    return Column(key, f"{title}{unit}", "number", write.places, factor=write.factor, **more)


def growth_column(key: str = "growth_pct", title: str = "Growth", **more: Any) -> Column:
    """A column of signed percentages."""
    return Column(key, title, "percent", 1, sign=True, **more)


def tabulated(items: Iterable[T], *fields: Field[T], title: str = "", caption: str = "") -> Table:
    """A table with a row for each item, declared as columns with what they show of it."""
    rows = tuple(tuple(cell(item) for _, cell in fields) for item in items)
    return Table(tuple(column for column, _ in fields), rows, title, caption)


def end_fields(levels: Sequence[int], write: Amounts, of: Callable[[T], ModelForecast]) -> Iterator[Field[T]]:
    """The end of the path of an item's model and its intervals; empty where it does not answer."""

    def bound(place: int) -> Callable[[T], Cell]:
        return lambda item: of(item).ends(place // 2)[place % 2] if of(item).answers else None

    yield value_column(write), lambda item: of(item).last if of(item).answers else None
    yield from ((column, bound(place)) for place, column in enumerate(interval_columns(levels, write)))


def without(table: Table, *keys: str) -> Table:
    """A table without some columns."""
    kept = [place for place, column in enumerate(table.columns) if column.key not in keys]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def row_columns(levels: Sequence[int]) -> tuple[Column, ...]:
    """The columns of the rows of the contract."""
    return (
        Column("series_id", "Series"),
        Column("period", "Year", "year"),
        Column("kind", "Kind"),
        Column("model", "Model"),
        Column("value", "Value", "number"),
        *interval_columns(levels),
        growth_column(),
        Column("unit", "Unit"),
    )


def actual_rows(series: Series, observations: Iterable[Observation], levels: int) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for what was observed, in order of years."""
    before: float | None = None
    for seen in observations:
        blank: tuple[Cell, ...] = (None,) * (2 * levels)
        yield (series.id, seen.period.year, "actual", "", seen.value, *blank, growth(before, seen.value), series.unit)
        before = seen.value


def path_rows(
    series: Series, kind: str, model: str, path: Iterable[tuple[int, float, Sequence[Cell]]], before: float
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for a path: years with their values and bounds, after the last value observed."""
    for year, value, ends in path:
        yield (series.id, year, kind, model, value, *ends, growth(before, value), series.unit)
        before = value


def steps(years: Iterable[int], path: ModelForecast | ScenarioPath) -> Iterator[tuple[int, float, tuple[Cell, ...]]]:
    """The years of a path with their values and bounds, up to the last that it gives."""
    sides = (side.tolist() for pair in zip(path.lower, path.upper, strict=True) for side in pair)
    for year, value, ends in zip(years, path.values.tolist(), zip(*sides, strict=True), strict=False):
        yield year, value, tuple(None if isnan(end) else end for end in ends)


def growth(before: float | None, now: float | None) -> float | None:
    """Growth in percent, or None where it has no meaning or no number holds it."""
    if before is None or now is None or before <= 0:
        return None
    rate = 100 * (now / before - 1)
    return rate if isfinite(rate) else None


def shown_growth(before: float | None, now: float | None) -> float | None:
    """Growth for people, who see none across zero."""
    return None if now is not None and now < 0 else growth(before, now)


def bounds(lower: Iterable[float], upper: Iterable[float]) -> tuple[Cell, ...]:
    """Lower and upper bound of every level, as a row has them."""
    return tuple(bound for pair in zip(lower, upper, strict=True) for bound in pair)
