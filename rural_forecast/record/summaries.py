"""Scores by author and horizon: errors, coverage, and scores relative to the last value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite

import numpy as np

from rural_forecast.forecasting import accuracy
from rural_forecast.models.base import Array
from rural_forecast.record.kept import Bounds
from rural_forecast.record.scored import Coverage, Scored, Summary, outcomes_of


def summarised(rows: Sequence[Scored], levels: Sequence[int]) -> Iterator[Summary]:
    """Yield the scores of each author at all horizons together, and then at each."""
    for author in dict.fromkeys(row.author for row in rows):
        theirs = [row for row in rows if row.author == author]
        for horizon in (None, *sorted({row.horizon for row in theirs if row.horizon is not None})):
            those = [row for row in theirs if horizon in (None, row.horizon)]
            errors = [abs(row.error_pct) for row in those if row.error_pct is not None]
            coverage = []
            scores = {}
            for level in levels:
                if ranged := [row for row in those if level in row.bounds]:
                    held = sum(bool(row.held(level)) for row in ranged) / len(ranged)
                    coverage.append(Coverage(level, len(ranged), outcomes_of(ranged), held))
                if (score := _relative(those, [level], _interval_score)) is not None:
                    scores[level] = score
            error = float(np.mean(errors)) if errors else None
            crps = _relative(those, levels, accuracy.crps)
            yield Summary(
                author,
                horizon,
                len(those),
                outcomes_of(those),
                error,
                tuple(coverage),
                scores,
                crps,
            )


def _relative(
    rows: Sequence[Scored], levels: Sequence[int], score: Callable[..., Array]
) -> float | None:
    """Sum of a score over that of the last value, in units of the actual, at the levels of both;
    None without one.
    """
    # Rows of the same levels are scored together.
    by_levels: dict[tuple[int, ...], list[int]] = {}
    for index, row in enumerate(rows):
        _, ranges = row.naive or (0.0, {})
        if both := tuple(level for level in levels if level in row.bounds and level in ranges):
            by_levels.setdefault(both, []).append(index)
    losses = np.zeros((2, len(rows)))
    for both, indices in by_levels.items():
        chosen = [rows[index] for index in indices]
        actual = [row.actual for row in chosen]
        naive = [row.naive or (0.0, {}) for row in chosen]
        ours = [(row.forecast, row.bounds) for row in chosen]
        losses[0, indices] = _losses(score, actual, ours, both)
        losses[1, indices] = _losses(score, actual, naive, both)
    # Summed in the order of the rows, whatever their levels are.
    ours_total, theirs_total = (sum(of_all.tolist()) for of_all in losses)
    if not (isfinite(ours_total) and isfinite(theirs_total) and theirs_total > 0):
        return None
    return float(ours_total / theirs_total)


def _losses(
    score: Callable[..., Array],
    actual: Sequence[float],
    forecasts: Sequence[tuple[float, Bounds]],
    levels: Sequence[int],
) -> Array:
    """The score of each forecast, in units of its actual."""
    came = np.array(actual)[:, None]
    point = np.array([point for point, _ in forecasts])[:, None]
    ranges = np.array([[bounds[level] for level in levels] for _, bounds in forecasts])
    lower, upper = np.moveaxis(ranges, 2, 0)[..., None]
    scores = score(came, point, np.ascontiguousarray(lower), np.ascontiguousarray(upper), levels)
    size = np.abs(came[:, 0])
    return np.asarray(scores[:, 0] / np.where(size > 0, size, 1.0))


def _interval_score(
    actual: Array, _: Array, lower: Array, upper: Array, levels: Sequence[int]
) -> Array:
    return accuracy.msis(actual, lower[:, 0], upper[:, 0], np.ones(1), levels[0])
