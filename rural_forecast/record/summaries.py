"""Scores by author and horizon: errors, coverage, and scores relative to the last value.

The rows of an author are columns here, as a record may have many thousands of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite, nan

import numpy as np

from rural_forecast.forecasting import accuracy
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.record.kept import Bounds
from rural_forecast.record.scored import Coverage, Scored, Summary


@dataclass(frozen=True, slots=True, eq=False)
class _ForecastRanges:
    """Forecasts with the ranges of some levels; a level that is not there has NaN."""

    points: Array  # of shape (rows,)
    bounds: Array  # of shape (rows, levels, 2)
    given: Flags  # of shape (rows, levels)

    def of(self, rows: Flags | Integers) -> _ForecastRanges:
        """Those of some rows."""
        return _ForecastRanges(self.points[rows], self.bounds[rows], self.given[rows])


@dataclass(frozen=True, slots=True, eq=False)
class _ScoredColumns:
    """The rows of one author, column by column."""

    horizons: Integers
    actual: Array
    outcomes: Integers  # a number for each year of each series
    ours: _ForecastRanges
    naive: _ForecastRanges

    def of(self, rows: Flags) -> _ScoredColumns:
        """Those of some rows."""
        return _ScoredColumns(
            self.horizons[rows],
            self.actual[rows],
            self.outcomes[rows],
            self.ours.of(rows),
            self.naive.of(rows),
        )


def summarised(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Summary]:
    """Yield the scores of each author at all horizons together, and then at each."""
    by_author: dict[str, list[Scored]] = {}
    for row in rows:
        by_author.setdefault(row.author, []).append(row)
    for author, theirs in by_author.items():
        columns = _columns_of(theirs, levels)
        yield _summary(author, None, columns, levels)
        horizons = {row.horizon for row in theirs if row.horizon is not None}
        for horizon in sorted(horizons):
            of_horizon = columns.of(columns.horizons == horizon)
            yield _summary(author, horizon, of_horizon, levels)


def _columns_of(rows: Sequence[Scored], levels: Sequence[int]) -> _ScoredColumns:
    numbers: dict[tuple[str, int], int] = {}
    outcomes = [numbers.setdefault((row.series.id, row.period), len(numbers)) for row in rows]
    least = min((row.horizon for row in rows if row.horizon is not None), default=0)
    unknown = least - 1
    horizons = [unknown if row.horizon is None else row.horizon for row in rows]
    return _ScoredColumns(
        np.array(horizons),
        np.array([row.actual for row in rows], dtype=np.float64),
        np.array(outcomes),
        _ranges_of([(row.forecast, row.bounds) for row in rows], levels),
        _ranges_of([row.naive or (nan, {}) for row in rows], levels),
    )


def _ranges_of(forecasts: Sequence[tuple[float, Bounds]], levels: Sequence[int]) -> _ForecastRanges:
    shape = (len(forecasts), len(levels))
    bounds = np.full((*shape, 2), nan)
    given = np.zeros(shape, dtype=np.bool_)
    for position, level in enumerate(levels):
        ranges = [of_row.get(level) for _, of_row in forecasts]
        given[:, position] = [one is not None for one in ranges]
        bounds[:, position] = [one or (nan, nan) for one in ranges]
    return _ForecastRanges(
        np.array([point for point, _ in forecasts], dtype=np.float64), bounds, given
    )


def _summary(
    author: str, horizon: int | None, columns: _ScoredColumns, levels: Sequence[int]
) -> Summary:
    positive = columns.actual > 0
    ratios = columns.ours.points[positive] / columns.actual[positive]
    errors = np.abs(100 * (ratios - 1))
    coverage: list[Coverage] = []
    scores: dict[int, float] = {}
    for position, level in enumerate(levels):
        ranged = columns.ours.given[:, position]
        if ranged.any():
            lower, upper = columns.ours.bounds[ranged, position].T
            actual = columns.actual[ranged]
            held = int(((lower <= actual) & (actual <= upper)).sum()) / len(actual)
            outcomes = _count(columns.outcomes[ranged])
            coverage.append(Coverage(level, len(actual), outcomes, held))
        score = _relative(columns, levels, [position], _interval_score)
        if score is not None:
            scores[level] = score
    return Summary(
        author,
        horizon,
        len(columns.actual),
        _count(columns.outcomes),
        float(np.mean(errors)) if len(errors) else None,
        tuple(coverage),
        scores,
        _relative(columns, levels, range(len(levels)), accuracy.crps),
    )


def _count(outcomes: Integers) -> int:
    return len(np.unique(outcomes))


def _relative(
    columns: _ScoredColumns,
    levels: Sequence[int],
    positions: Sequence[int],
    score: Callable[..., Array],
) -> float | None:
    """Sum of a score over that of the last value, in units of the actual, at the levels of both;
    None without one. `positions` are those of the levels that count.
    """
    every = np.array(positions)
    both = columns.ours.given[:, every] & columns.naive.given[:, every]
    losses = np.zeros((2, len(both)))
    # Rows of the same levels are scored together.
    for pattern in np.unique(both, axis=0):
        if not pattern.any():
            continue
        rows = np.flatnonzero((both == pattern).all(axis=1))
        chosen = every[pattern]
        named = [levels[position] for position in chosen]
        actual = columns.actual[rows]
        losses[0, rows] = _losses(score, actual, columns.ours.of(rows), chosen, named)
        losses[1, rows] = _losses(score, actual, columns.naive.of(rows), chosen, named)
    # Summed in the order of the rows, whatever their levels are.
    ours_total, theirs_total = (sum(of_all.tolist()) for of_all in losses)
    if not (isfinite(ours_total) and isfinite(theirs_total) and theirs_total > 0):
        return None
    return float(ours_total / theirs_total)


def _losses(
    score: Callable[..., Array],
    actual: Array,
    forecasts: _ForecastRanges,
    positions: Integers,
    levels: Sequence[int],
) -> Array:
    """The score of each forecast, in units of its actual."""
    ranges = forecasts.bounds[:, positions]
    lower, upper = np.moveaxis(ranges, 2, 0)[..., None]
    scores = score(
        actual[:, None],
        forecasts.points[:, None],
        np.ascontiguousarray(lower),
        np.ascontiguousarray(upper),
        levels,
    )
    size = np.abs(actual)
    return np.asarray(scores[:, 0] / np.where(size > 0, size, 1.0))


def _interval_score(
    actual: Array, _: Array, lower: Array, upper: Array, levels: Sequence[int]
) -> Array:
    return accuracy.msis(actual, lower[:, 0], upper[:, 0], np.ones(1), levels[0])
