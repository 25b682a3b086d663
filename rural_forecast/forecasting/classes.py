"""Classes of horizons, recent growth and the scores of tails, by which intervals are calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from rural_forecast.models.base import Array, Integers
from rural_forecast.models.learned import numbers

HORIZON_EDGES = (2, 4, 7)
"""First horizon of every class but the first: 1, 2-3, 4-6, 7 and more."""
RECENT = 5
"""Changes that count as recent growth."""


def recent_growth(values: Array) -> Array:
    """Mean log growth over the last five changes at most, of positive series; shape (series,)."""
    changes = min(values.shape[1] - 1, RECENT)
    if changes == 0:
        return np.zeros(len(values))
    growth: Array = (np.log(values[:, -1]) - np.log(values[:, -1 - changes])) / changes
    return growth


def horizon_classes(horizon: int) -> Integers:
    """Class of each horizon from 1; shape (horizon,)."""
    return np.searchsorted(HORIZON_EDGES, np.arange(1, horizon + 1), side="right")


def tail_scores() -> Array:
    """Normal scores of the calibrated tails, outermost first: of 0.5, 2.5, 10 and 25 %."""
    return numbers("scores")[[49, 45, 30, 0]]


def level_scores(levels: Sequence[int]) -> Array:
    """Normal score of the upper bound at each level in whole percents, 30 to 99."""
    known = numbers("scores")
    return np.array([known[level - 50] if level >= 50 else NormalDist().inv_cdf(0.5 + level / 200) for level in levels])
