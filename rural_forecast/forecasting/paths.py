"""Sampled paths of a forecast, and when they reach a value.

Each year of a path follows the forecast's own distribution; how years hang together was learned: the normal scores of
outcomes h and k years ahead (h before k) correlate at (h / k) ** 0.38, on windows of the training parts of eight sets
of real series to within 0.014 (`training/dependence.py`). That is a random walk on a clock that slows down, so a path
is a sum of independent steps. Paths of one seed and one name are the same; those of two names are independent.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from rural_forecast.forecasting.spread import Spread
    from rural_forecast.models.base import Array

DRAWS = 10_000
POWER = 0.38
SIBLINGS = 0.1
"""Correlation of two parts of one whole at which their sums hold what they promise (`training/siblings.py`)."""


class Chance(NamedTuple):
    """How likely a forecast is at or above a value in each year, and how likely it has been there by then."""

    target: float
    years: tuple[int, ...]
    chances: tuple[float, ...]
    """The share of paths that have reached it by the end of each year."""
    at_or_above: tuple[float, ...]
    """The share of paths that are at or above it in each year."""
    falls: bool = False
    """True if it lies below all values used, so that reaching it means a fall."""
    reached: int | None = None
    """The year in which the values used had reached it already; every one of `chances` is then 1."""

    def year(self, share: float = 0.5) -> int | None:
        """The first year by which it is reached with this chance; None where that is after the last year."""
        return next((year for year, chance in zip(self.years, self.chances, strict=True) if chance >= share), None)


def scores(horizon: int, draws: int, *entropy: int, power: float = POWER) -> Array:
    """Normal scores of shape (draw, year); in each year they are the midpoints of equal steps of probability."""
    clock = np.arange(horizon + 1.0) ** (2 * power)
    steps = np.random.default_rng(entropy).standard_normal((horizon, draws)) * np.sqrt(np.diff(clock))[:, None]
    exact = np.empty((horizon, draws))  # by year, so that a later target changes no year before it
    np.put_along_axis(exact, np.argsort(np.cumsum(steps, axis=0), axis=1, kind="stable"), grid(draws)[None], axis=1)
    return exact.T


@cache
def grid(draws: int) -> Array:
    """Normal scores of the midpoints of equal steps of probability, rising."""
    inverse = NormalDist().inv_cdf
    half = np.array([inverse((place + 0.5) / draws) for place in range(draws // 2)])
    return np.concatenate([half, np.zeros(draws % 2), -half[::-1]])


def paths(spread: Spread, name: str, draws: int = DRAWS, seed: int = 1, *, ranked: bool = False) -> Array:
    """Paths of shape (draw, year) with the distribution of every year.

    `name`: of the series; names make paths independent of each other. `ranked`: whether each path keeps its rank in all
    years, as a total that never falls must.
    """
    horizon = spread.quantiles.shape[1]
    entropy = (seed, int.from_bytes(name.encode(), "big"))
    if ranked:
        return spread.at(np.repeat(scores(1, draws, *entropy), horizon, axis=1))
    return spread.at(scores(horizon, draws, *entropy))


def chance(drawn: Array, history: Array, first: int, years: tuple[int, ...], target: float) -> Chance:
    """The chance that paths are at or above a value in each year, and that they have reached it by then.

    `drawn`: paths of shape (draw, year). `history`: the values used, the first of them of the year `first`.
    """
    above = drawn >= target
    at_or_above = tuple(above.mean(axis=0).tolist())
    below = np.flatnonzero(history < target)
    if history[-1] >= target and (len(below) or history[-1] == target):
        reached = first + (int(below[-1]) + 1 if len(below) else len(history) - 1)
        return Chance(target, years, (1.0,) * len(years), at_or_above, reached=reached)
    falls = bool(history[-1] > target)
    there = drawn <= target if falls else above
    shares = np.maximum.accumulate(there, axis=1).mean(axis=0)
    return Chance(target, years, tuple(shares.tolist()), at_or_above, falls)
