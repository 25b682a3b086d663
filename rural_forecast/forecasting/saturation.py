"""A ceiling stated as a range: each path saturates at a level of its own, spread evenly over the range in factors.

A path has the level of its rank, since a market with more room grows faster, and keeps its rank in all years. So the
median saturates in the geometric middle of the range, as the curves do, and the upper bound of an interval of 80 % at
nine tenths of it. Below its level a path keeps its pace and its distance from the median.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rural_forecast.models.base import Array, Ceiling


def eased(values: Array, anchor: Array | float, top: Array | float) -> Array:
    """Values mapped to at most `top`; those up to `anchor`, which is not above it, stay as they are, and so does NaN.

    >>> eased(np.array([90.0, 110.0, 400.0]), 100.0, 200.0).round(1).tolist()
    [90.0, 109.5, 195.0]
    """
    with np.errstate(all="ignore"):
        room = np.asarray(top - anchor)
        some = np.where(room > 0, room, 1.0)
        closer = np.minimum(anchor - some * np.expm1(-np.maximum(values - anchor, 0.0) / some), top)
        bounded: Array = np.where(values > anchor, np.where(room > 0, closer, top), values)
    return bounded


def _free(values: Array, anchor: Array | float, top: Array | float) -> Array:
    """The values that `eased` maps to these."""
    with np.errstate(all="ignore"):
        room = np.asarray(top - anchor)
        some = np.where(room > 0, room, 1.0)
        share = np.clip((values - anchor) / some, 0.0, 1 - 1e-12)
        free: Array = np.where((values > anchor) & (room > 0), anchor - some * np.log1p(-share), values)
    return free


def saturated(ceiling: Ceiling, last: Array | float, rank: Array | float = 0.5) -> Array:
    """The level at which a path of a rank from 0 to 1 saturates; a market is not above its own.

    >>> saturated((100.0, 400.0), 80.0), saturated((100.0, 400.0), 200.0, 1)
    (np.float64(200.0), np.float64(400.0))
    """
    low, high = np.maximum(ceiling[0], last), ceiling[1]
    with np.errstate(over="ignore"):
        level: Array = np.minimum(low * (high / low) ** rank, high)
    return level


def own_ceilings(
    values: Array,
    lower: Array,
    upper: Array,
    last: Array | float,
    ceiling: Ceiling,
    settled: Array | bool,
    levels: Sequence[int],
) -> tuple[Array, Array, Array]:
    """Medians and bounds where each path has a ceiling of its own, in the shapes of `limits.limited`."""
    free = _free(values, last, saturated(ceiling, last))
    tails = np.asarray(levels).reshape(-1, *(1,) * values.ndim) / 200

    def bounded(quantiles: Array, rank: Array | float) -> Array:
        top = saturated(ceiling, last, rank)
        median = np.where(settled, eased(free, last, top), values)
        with np.errstate(all="ignore"):
            wide = np.where((values > 0) & (median > 0), median / values, 1.0)
            moved = median + (quantiles - values) * wide
        return eased(moved, np.where(settled, np.maximum(median, last), last), top)

    return np.where(settled, values, bounded(values, 0.5)), bounded(lower, 0.5 - tails), bounded(upper, 0.5 + tails)
