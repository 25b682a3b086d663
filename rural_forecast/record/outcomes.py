"""Forecasts next to what came: errors, coverage, and scores in units of those of the last value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting import accuracy, registry
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.models.base import Array
from rural_forecast.record.kept import Bounds
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Series


class Scored(NamedTuple):
    """One forecast and what came."""

    series: Series
    """The observed series."""
    author: str
    origin: int | None
    period: int
    forecast: float
    actual: float
    bounds: Bounds
    naive: tuple[float, Bounds] | None = None
    """The last value with its ranges; None where the history before the origin is not there."""

    @property
    def horizon(self) -> int | None:
        """Years from the last one known."""
        return None if self.origin is None else self.period - self.origin

    @property
    def error_pct(self) -> float | None:
        """Forecast over actual, in percent; None for an actual that is not positive."""
        return 100 * (self.forecast / self.actual - 1) if self.actual > 0 else None

    def held(self, level: int) -> bool | None:
        """True if the range holds what came; None without a range of this level."""
        if level not in self.bounds:
            return None
        lower, upper = self.bounds[level]
        return lower <= self.actual <= upper


class Coverage(NamedTuple):
    """How often ranges of one level held."""

    level: int
    n: int
    outcomes: int
    """Distinct years of distinct series: forecasts of one outcome are no further evidence."""
    held: float
    """Share of the forecasts, 0 to 1."""

    @property
    def standard_error(self) -> float:
        """Of the share, if the range held as often as it promises and outcomes were independent."""
        promised = self.level / 100
        return sqrt(promised * (1 - promised) / self.outcomes)


class Summary(NamedTuple):
    """The scores of one author at one horizon."""

    author: str
    horizon: int | None
    """Years ahead; None for all."""
    n: int
    outcomes: int
    mean_error_pct: float | None
    """Mean absolute error."""
    coverage: tuple[Coverage, ...]
    interval_score: Mapping[int, float]
    """By level; that of the last value is 1, and less is better. Empty where that has no ranges."""
    crps: float | None
    """Likewise."""


def with_last_value(rows: Sequence[Scored], levels: Sequence[int]) -> tuple[Scored, ...]:
    """The rows with the forecast of the last value and its ranges, where there is a history up to the origin."""
    ahead: dict[tuple[str, int], int] = {}
    histories: dict[tuple[str, int], Array] = {}
    for row in rows:
        if row.origin is None or row.period <= row.origin:
            continue
        key = row.series.id, row.origin
        if key not in ahead:
            histories[key] = _known(row.series, row.origin)
        ahead[key] = max(ahead.get(key, 0), row.period - row.origin)
    made: dict[tuple[str, int], tuple[Array, Array, Array]] = {}
    for length in {len(values) for values in histories.values()} - {0}:
        keys = [key for key, values in histories.items() if len(values) == length]
        block = np.array([histories[key] for key in keys])
        horizon = max(ahead[key] for key in keys)
        found = forecast_block(registry.get("naive"), block, horizon, tuple(levels), None)
        made |= {key: (found.points[at], found.lower[at], found.upper[at]) for at, key in enumerate(keys)}
    return tuple(_next_to(row, made, levels) for row in rows)


def _next_to(row: Scored, made: Mapping[tuple[str, int], tuple[Array, Array, Array]], levels: Sequence[int]) -> Scored:
    if row.origin is None or (row.series.id, row.origin) not in made:
        return row
    values, lower, upper = made[row.series.id, row.origin]
    step = row.period - row.origin - 1
    bounds = {level: (float(lower[at, step]), float(upper[at, step])) for at, level in enumerate(levels)}
    return row._replace(naive=(float(values[step]), bounds))


def _known(series: Series, origin: int) -> Array:
    """The values of a series up to a year; none where it has no value of that year."""
    try:
        history = annual(series, until=origin, allow_gaps=True)
    except (UsageError, InputError):
        return np.array([])
    return history.values if history.origin == origin else np.array([])


def summaries(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Summary]:
    """The scores by author and horizon, all horizons first."""
    for author in dict.fromkeys(row.author for row in rows):
        theirs = [row for row in rows if row.author == author]
        yield _summary(author, None, theirs, levels)
        for horizon in sorted({row.horizon for row in theirs if row.horizon is not None}):
            yield _summary(author, horizon, [row for row in theirs if row.horizon == horizon], levels)


def _summary(author: str, horizon: int | None, rows: Sequence[Scored], levels: Sequence[int]) -> Summary:
    errors = [abs(row.error_pct) for row in rows if row.error_pct is not None]
    scores = {level: _relative_interval(rows, level) for level in levels}
    return Summary(
        author,
        horizon,
        len(rows),
        outcomes_of(rows),
        float(np.mean(errors)) if errors else None,
        tuple(covered(rows, levels)),
        {level: value for level, value in scores.items() if value is not None},
        _relative_crps(rows),
    )


def outcomes_of(rows: Sequence[Scored]) -> int:
    """Distinct years of distinct series."""
    return len({(row.series.id, row.period) for row in rows})


def covered(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Coverage]:
    """The coverage of each level that any row has."""
    for level in levels:
        ranged = [row for row in rows if level in row.bounds]
        if ranged:
            held = sum(bool(row.held(level)) for row in ranged)
            yield Coverage(level, len(ranged), outcomes_of(ranged), held / len(ranged))


def _relative_interval(rows: Sequence[Scored], level: int) -> float | None:
    """Sum of interval scores over that of the last value, each in units of the actual."""
    pairs = [
        (row.actual, row.bounds[level], row.naive[1][level])
        for row in rows
        if row.naive is not None and level in row.bounds and level in row.naive[1]
    ]
    if not pairs:
        return None
    actual, ours, theirs = (np.array(part) for part in zip(*pairs, strict=True))
    scale = np.abs(actual) + (actual == 0)
    one = np.ones(())
    own, base = (accuracy.msis(actual, ends[:, 0], ends[:, 1], one, level) / scale for ends in (ours, theirs))
    return _ratio(own, base)


def _relative_crps(rows: Sequence[Scored]) -> float | None:
    """Sum of CRPS over that of the last value, each in units of the actual, at the levels that both have."""
    own, base = [], []
    for row in rows:
        if row.naive is None or not (levels := [level for level in row.bounds if level in row.naive[1]]):
            continue
        scale = abs(row.actual) or 1.0
        own.append(_crps(row.actual, row.forecast, row.bounds, levels) / scale)
        base.append(_crps(row.actual, row.naive[0], row.naive[1], levels) / scale)
    return _ratio(np.array(own), np.array(base)) if own else None


def _crps(actual: float, point: float, bounds: Bounds, levels: Sequence[int]) -> float:
    lower, upper = (np.array([[bounds[level][side]] for level in levels]) for side in (0, 1))
    return float(accuracy.crps(np.array([actual]), np.array([point]), lower, upper, levels)[0])


def _ratio(own: Any, base: Any) -> float | None:
    total = float(base.sum())
    return float(own.sum()) / total if np.isfinite(total) and total > 0 and np.isfinite(own.sum()) else None
