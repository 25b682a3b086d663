"""Forecasts next to what came: errors, coverage, and scores in units of those of the last value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

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
    for row in rows:
        if row.origin is not None and row.period > row.origin:
            key = row.series.id, row.origin
            ahead[key] = max(ahead.get(key, 0), row.period - row.origin)
    series = {row.series.id: row.series for row in rows}
    histories = {key: _known(series[key[0]], key[1]) for key in ahead}
    made: dict[tuple[str, int, int], tuple[float, Bounds]] = {}
    for length in {len(values) for values in histories.values()} - {0}:
        keys = [key for key, values in histories.items() if len(values) == length]
        horizon = max(ahead[key] for key in keys)
        block = np.array([histories[key] for key in keys])
        found = forecast_block(registry.get("naive"), block, horizon, tuple(levels), None)
        for at, (name, origin) in enumerate(keys):
            for step in range(horizon):
                ends = zip(found.lower[at, :, step].tolist(), found.upper[at, :, step].tolist(), strict=True)
                bounds = dict(zip(levels, ends, strict=True))
                made[name, origin, origin + step + 1] = float(found.points[at, step]), bounds
    return tuple(row._replace(naive=made.get((row.series.id, row.origin or 0, row.period))) for row in rows)


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
        for horizon in (None, *sorted({row.horizon for row in theirs if row.horizon is not None})):
            those = [row for row in theirs if horizon in (None, row.horizon)]
            errors = [abs(row.error_pct) for row in those if row.error_pct is not None]
            scores = {level: _relative_interval(those, level) for level in levels}
            yield Summary(
                author,
                horizon,
                len(those),
                outcomes_of(those),
                float(np.mean(errors)) if errors else None,
                tuple(covered(those, levels)),
                {level: value for level, value in scores.items() if value is not None},
                _relative_crps(those),
            )


def outcomes_of(rows: Sequence[Scored]) -> int:
    """Distinct years of distinct series."""
    return len({(row.series.id, row.period) for row in rows})


def covered(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Coverage]:
    """The coverage of each level that any row has."""
    for level in levels:
        held = [held for row in rows if (held := row.held(level)) is not None]
        if held:
            ranged = [row for row in rows if level in row.bounds]
            yield Coverage(level, len(held), outcomes_of(ranged), sum(held) / len(held))


def _relative_interval(rows: Sequence[Scored], level: int) -> float | None:
    """Sum of interval scores over that of the last value, each in units of the actual."""
    pairs = [
        (row.actual, row.bounds[level], row.naive[1][level])
        for row in rows
        if row.naive is not None and level in row.bounds and level in row.naive[1]
    ]
    if not pairs:
        return None
    actual, *both = (np.array(part) for part in zip(*pairs, strict=True))
    scale, one = np.abs(actual) + (actual == 0), np.ones(())
    return _ratio(*(accuracy.msis(actual, ends[:, 0], ends[:, 1], one, level) / scale for ends in both))


def _relative_crps(rows: Sequence[Scored]) -> float | None:
    """Sum of CRPS over that of the last value, each in units of the actual, at the levels that both have."""
    pairs = []
    for row in rows:
        if row.naive is not None and (levels := [level for level in row.bounds if level in row.naive[1]]):
            both = (row.forecast, row.bounds), row.naive
            pairs.append([_crps(row.actual, *each, levels) / (abs(row.actual) or 1.0) for each in both])
    return _ratio(*map(np.array, zip(*pairs, strict=True))) if pairs else None


def _crps(actual: float, point: float, bounds: Bounds, levels: Sequence[int]) -> float:
    lower, upper = (np.array([[bounds[level][side]] for level in levels]) for side in (0, 1))
    return float(accuracy.crps(np.array([actual]), np.array([point]), lower, upper, levels)[0])


def _ratio(own: Array, base: Array) -> float | None:
    """Ours over that of the last value, each summed; None where that makes no sense."""
    ours, theirs = float(own.sum()), float(base.sum())
    return ours / theirs if np.isfinite(ours) and np.isfinite(theirs) and theirs > 0 else None
