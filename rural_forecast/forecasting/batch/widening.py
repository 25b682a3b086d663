"""Intervals made wider or narrower by one factor a level."""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array


def widened(block: Array, points: Array, lower: Array, upper: Array, factors: tuple[float, ...]) -> tuple[Array, Array]:
    """Bounds at `factors` times their distance from the point, never crossing those of a lower level.

    Where the history is positive the distance is that of logarithms, so that bounds stay positive.

    Parameters
    ----------
    block : history, shape (series, time)
    points : shape (series, horizon)
    lower, upper : shape (series, level, horizon), levels in rising order
    factors : one a level
    """
    factor = np.asarray(factors)[None, :, None]
    middle = points[:, None, :]
    positive = (block.min(axis=1) > 0)[:, None, None]
    with np.errstate(all="ignore"):
        below = np.where(positive, middle * (lower / middle) ** factor, middle - factor * (middle - lower))
        above = np.where(positive, middle * (upper / middle) ** factor, middle + factor * (upper - middle))
    largest = np.finfo(np.float64).max
    below = np.where((block.min(axis=1) >= 0)[:, None, None], np.maximum(below, 0.0), below)
    return np.minimum.accumulate(below, axis=1), np.minimum(np.maximum.accumulate(above, axis=1), largest)


def log_scale(block: Array, points: Array, lower: Array) -> Array:
    """Which series are positive throughout, bounds included; shape (series,)."""
    return np.asarray(
        (block.min(axis=1) > 0) & (np.nan_to_num(lower.min(axis=(1, 2)), nan=1.0) > 0) & ~(points.min(axis=1) <= 0)
    )
