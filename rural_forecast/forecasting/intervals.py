"""Intervals around points: from rolling one-step errors of a random walk in growth, with a floor.

First form, before calibration: on the log scale for positive series, on that of the mean absolute change otherwise.
The sample is shrunk towards a pooled spread, for three points say almost nothing of their own spread.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array

POOLED_SPREAD = 0.16
"""Standard deviation of one-year log forecast errors over typical annual market series."""
POOLED_WEIGHT = 4.0
"""How many errors of its own a series needs to count as much as the pooled spread."""

_NORMAL = {50: 0.6745, 80: 1.2816, 90: 1.6449, 95: 1.96, 99: 2.5758}


def intervals(values: Array, points: Array, levels: tuple[int, ...]) -> tuple[Array, Array]:
    """Bounds of shape (series, level, horizon) for points of shape (series, horizon).

    Parameters
    ----------
    values : history of shape (series, time), finite
    points : forecasts; a NaN row gives NaN bounds
    levels : whole percents from 50 to 99
    """
    count, horizon = points.shape
    factors = np.array([_normal_quantile(level) for level in levels])[None, :, None]
    steps = np.arange(1, horizon + 1, dtype=np.float64)
    growth = np.sqrt(steps + 0.25 * steps * (steps - 1))[None, None, :]
    positive = values.min(axis=1) > 0
    logs = np.log(np.where(positive[:, None], values, 1.0))
    spread = np.sqrt(
        (POOLED_WEIGHT * POOLED_SPREAD**2 + _errors(logs)) / (POOLED_WEIGHT + max(values.shape[1] - 2, 0))
    )[:, None, None]
    half = np.minimum(factors * spread * growth, 600.0)
    with np.errstate(invalid="ignore", over="ignore"):
        lower_log, upper_log = points[:, None, :] * np.exp(-half), points[:, None, :] * np.exp(half)
    size = np.abs(np.diff(values, axis=1)).mean(axis=1) if values.shape[1] > 1 else np.zeros(count)
    size = np.maximum(size, 0.05 * np.abs(values).max(axis=1))[:, None, None]
    wide = factors * size * growth
    keep = positive[:, None, None]
    return np.where(keep, lower_log, points[:, None, :] - wide), np.where(keep, upper_log, points[:, None, :] + wide)


def _errors(logs: Array) -> Array:
    """Sum of squared changes of growth, shape (series,)."""
    if logs.shape[1] < 3:
        return np.zeros(logs.shape[0])
    changes = np.diff(logs, n=2, axis=1)
    return np.asarray((0.5 * changes**2).sum(axis=1))


def _normal_quantile(level: int) -> float:
    if level in _NORMAL:
        return _NORMAL[level]
    from statistics import NormalDist

    return NormalDist().inv_cdf(0.5 + level / 200)
