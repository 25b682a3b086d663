"""Classes of series by which intervals are calibrated and evidence is counted: length, growth, volatility, horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rural_forecast.models.base import Array
from rural_forecast.models.learned import numbers

GROWTH_CENTRES = (-0.03, 0.035, 0.14)
"""Median log growth a year of the corpus windows that shrink, grow as usual or grow fast, over five changes at most."""
VOLATILITY_CENTRES = (0.028, 0.072, 0.17)
"""Median mean absolute log change of the corpus windows that are calm, ordinary or wild."""
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


def cell_shares(growth: Array, scale: Array) -> Array:
    """How much each cell of growth and volatility counts for a series: shape (series, 9), growth first; sums to 1.

    Linear in growth and in the log of volatility between the centres of the cells, so that nothing jumps at an edge.
    """
    across = _between(growth, np.array(GROWTH_CENTRES))
    along = _between(np.log(scale), np.log(VOLATILITY_CENTRES))
    return (across[:, :, None] * along[:, None, :]).reshape(len(growth), -1)


def _between(values: Array, centres: Array) -> Array:
    """Weights of rising centres by nearness, two at most above 0; shape (series, centre)."""
    inside = np.clip(values, centres[0], centres[-1])[:, None]
    gaps = np.diff(centres)
    shares = np.ones((len(values), len(centres)))
    shares[:, 1:] = np.clip((inside - centres[:-1]) / gaps, 0.0, 1.0)
    shares[:, :-1] -= shares[:, 1:]
    return shares


def horizon_classes(horizon: int) -> NDArray[np.intp]:
    """Class of each horizon from 1; shape (horizon,)."""
    return np.searchsorted(HORIZON_EDGES, np.arange(1, horizon + 1), side="right")


def tail_scores() -> Array:
    """Normal scores of the calibrated tails, outermost first: of 0.5, 2.5, 10 and 25 %."""
    return numbers("scores")[[49, 45, 30, 0]]
