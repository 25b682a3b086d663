"""The rows of the contract of `project`, `batch`, `nowcast` and `scenario`, and growth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite

from rural_forecast.document.table import Cell, Column
from rural_forecast.series.observation import Observation, Series
from rural_forecast.views.columns import growth_column, interval_columns


def row_columns(levels: Sequence[int]) -> tuple[Column, ...]:
    """Their columns."""
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
