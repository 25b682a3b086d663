"""The shared part of the curves that rise to a stated ceiling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Codes, Fit, Reason
from rural_forecast.models.linear import line

Kernel: TypeAlias = Callable[[Array, Ceiling], Fit]


def middle(ceiling: Ceiling) -> float:
    """The geometric middle of a stated range: half of the possible factors lie on each side of it.

    >>> middle((100.0, 400.0))
    200.0
    """
    return float(ceiling[0] * np.sqrt(ceiling[1] / ceiling[0]))


def fit_line(straighten: Callable[[Array, float], Array], bend: Callable[[Array, float], Array], sign: float) -> Kernel:
    """The fit of a curve that a transformation makes a straight line: least squares on that scale.

    Parameters
    ----------
    straighten : from values of shape (series, time) and the ceiling to that scale
    bend : the way back
    sign : 1 where the line rises as the curve does, else -1
    """

    def fit(values: Array, ceiling: Ceiling) -> Fit:
        top = middle(ceiling)
        with np.errstate(all="ignore"):
            intercept, slope, path = line(straighten(values, top))
        midpoint = np.where(slope == 0, np.nan, -intercept / np.where(slope == 0, 1.0, slope))  # a level path has none
        return Fit(
            lambda horizon: bend(path(horizon), top),
            {"ceiling": np.full(len(values), top), "rate": sign * slope, "midpoint": midpoint},
            screen(values, top, every=True),
        )

    return fit


def screen(values: Array, top: float, every: bool) -> Codes:
    """Reasons of shape (series,): values not positive, or the last (`every`: any) value not below `top`."""
    reasons = np.zeros(len(values), dtype=np.int8)
    reached = values.max(axis=1) if every else values[:, -1]
    reasons[reached >= top] = Reason.ABOVE_CEILING
    reasons[values.min(axis=1) <= 0] = Reason.NOT_POSITIVE
    return reasons
