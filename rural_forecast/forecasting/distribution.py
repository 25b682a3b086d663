"""The distribution of a forecast: its quantile function in every year, sampled paths, and chances
of a value.

The normal scores of outcomes h and k years ahead (h before k) correlate at (h / k) ** 0.38
(`training/dependence.py`): a random walk on a clock that slows down, so a path is a sum of
independent steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from math import inf, isfinite, log
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models.base import Array
from rural_forecast.models.learned import numbers

# By which a distribution is known; linear in normal scores between.
SPREAD_LEVELS = (50, 60, 70, 80, 90, 95, 98, 99)
Scale = Literal["log", "share", "linear"]
DRAWS = 10_000
FARTHEST = 100  # years of which shared steps are remembered
POWER = 0.38
# Correlation of the errors of two parts of one whole a year ahead, and what it rises by with the
# log of the years: between our panels in years 1, 3 and 5 (0.36, 0.41, 0.41) and a larger
# collection (0.23, 0.37, 0.45).
SIBLINGS = 0.3
SIBLINGS_BY_YEAR = 0.08


def tail_scores() -> Array:
    """Return normal scores of the calibrated tails: of 0.5, 2.5, 10 and 25 %, outermost first."""
    return numbers("scores")[[49, 45, 30, 0]]


def level_scores(levels: Sequence[int]) -> Array:
    """Return the normal score of the upper bound at each level in whole percents, 30 to 99."""
    # Those of levels from 50 on ship with the learned numbers.
    learned = numbers("scores")
    scores = []
    for level in levels:
        if level >= 50:
            scores.append(learned[level - 50])
        else:
            scores.append(NormalDist().inv_cdf(0.5 + level / 200))
    return np.array(scores)


def known_scores() -> Array:
    """Return normal scores of the quantiles of a `Spread`, rising."""
    upper = level_scores(SPREAD_LEVELS)
    return np.concatenate([-upper[::-1], [0.0], upper])


class Spread(NamedTuple):
    """A quantile function a year."""

    quantiles: Array  # shape (quantile, year), at `known_scores`
    shape: Scale
    """the scale on which it is linear: of logarithms, of the log odds of a share of `whole`, or
    plain.
    """
    whole: float = 1.0
    least: float = -inf
    most: float = inf

    def values_at(self, scores: Array) -> Array:
        """Return values at normal scores of shape (draw, year)."""
        z = known_scores()
        columns = []
        for drawn, quantiles in zip(scores.T, self.quantiles.T, strict=True):
            columns.append(interpolated(drawn, z, quantiles, self.shape, self.whole, self.least))
        return np.minimum(np.stack(columns, axis=1), self.most)


def spread(
    values: Array,
    lower: Array,
    upper: Array,
    *,
    whole: float | None = None,
    least: float = -inf,
    most: float = inf,
) -> Spread:
    """Make the quantile function of medians (year,) and bounds (level, year) at `SPREAD_LEVELS`.

    Shares have a `whole`.
    """
    quantiles = np.concatenate([lower[::-1], values[None], upper])
    if whole is not None:
        return Spread(quantiles, "share", whole, 0.0, min(most, whole))
    return Spread(quantiles, "log" if quantiles.min() > 0 else "linear", 1.0, least, most)


@np.errstate(over="ignore")
def interpolated(
    z: Array, known_z: Array, values: Array, shape: Scale, whole: float = 1.0, least: float = -inf
) -> Array:
    """Interpolate known quantiles, linearly in normal scores, at other scores.

    Beyond the known ones it goes on with the mean slope from the median.
    """
    to, back = _SCALES[shape]
    quantiles = to(np.maximum.accumulate(values) / whole)
    middle = len(quantiles) // 2
    scaled = np.interp(z, known_z, quantiles)
    for end, beyond in ((0, z < known_z[0]), (-1, z > known_z[-1])):
        slope = (quantiles[end] - quantiles[middle]) / (known_z[end] - known_z[middle])
        scaled = np.where(beyond, quantiles[end] + slope * (z - known_z[end]), scaled)
    return np.maximum(whole * back(scaled), least)


def moved(values: Array, median: float, to: float, shape: Scale, whole: float = 1.0) -> Array:
    """Give a distribution another median; it stays as wide on the scale of `shape`."""
    to_scale, back = _SCALES[shape]
    scaled = to_scale(np.asarray(values / whole))
    before = to_scale(np.asarray(median / whole))
    after = to_scale(np.asarray(to / whole))
    return whole * back(scaled + (after - before))


def logit(parts: Array) -> Array:
    """Return the log odds of shares, which are kept a billionth away from none and all."""
    parts = np.clip(parts, 1e-9, 1 - 1e-9)
    return np.log(parts / (1 - parts))


def expit(log_odds: Array) -> Array:
    """Return the share that has these log odds."""
    return 1 / (1 + np.exp(-log_odds))


_SCALES: Mapping[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "log": (np.log, np.exp),
    "share": (logit, expit),
    "linear": (np.asarray, np.asarray),
}


def siblings(ahead: float) -> float:
    """Return the correlation of the errors of two parts of one whole so many years ahead."""
    return SIBLINGS + SIBLINGS_BY_YEAR * log(min(ahead, LEARNED))


def scores(
    horizon: int,
    draws: int,
    *entropy: int,
    power: float = POWER,
    first: float = 1.0,
    shared: Array | None = None,
) -> Array:
    """Draw normal scores of shape (draw, year).

    In each year they are the midpoints of equal steps of probability. `first` is the variance of
    the first year over that of a first step, where it is a nowcast from which steps go on. `shared`
    are steps that all series of a frame have in common, of shape (year, draw): two series with them
    correlate as `siblings`.
    """
    clock = np.arange(horizon + 1.0) ** (2 * power)
    if first != 1.0:
        clock = np.concatenate([[0.0], first + clock[:-1]])
    # Drawn by year, so that a later target changes no year before it.
    steps = np.random.default_rng(entropy).standard_normal((horizon, draws))
    lengths = np.sqrt(np.diff(clock))[:, None]
    walks = np.cumsum(steps * lengths, axis=0)
    if shared is not None:
        common = np.cumsum(shared * lengths, axis=0)
        alike = np.array([[siblings(step)] for step in range(1, horizon + 1)])
        walks = np.sqrt(alike) * common + np.sqrt(1 - alike) * walks
    # The ranks are those of the walks; the values are exact.
    exact = np.empty((horizon, draws))
    np.put_along_axis(exact, np.argsort(walks, axis=1, kind="stable"), grid(draws)[None], axis=1)
    return exact.T


def shared_steps(years: Sequence[int], draws: int, seed: int) -> Array:
    """Draw the steps that series have in common, of shape (year, draw); by year, so that series
    that end in different years share those of the years that they are both forecast for.
    """
    return np.stack([_shared_step(year, draws, seed) for year in years])


@lru_cache(FARTHEST)
def _shared_step(year: int, draws: int, seed: int) -> Array:
    entropy = (seed, int.from_bytes(b"shared", "big"), year)
    return np.random.default_rng(entropy).standard_normal(draws)


@cache
def grid(draws: int) -> Array:
    """Return normal scores of the midpoints of equal steps of probability, rising."""
    inverse = NormalDist().inv_cdf
    half = np.array([inverse((step + 0.5) / draws) for step in range(draws // 2)])
    return np.concatenate([half, np.zeros(draws % 2), -half[::-1]])


def paths(
    spread: Spread,
    name: str,
    draws: int = DRAWS,
    seed: int = 1,
    *,
    ranked: bool = False,
    first: float = 1.0,
    shared: Array | None = None,
) -> Array:
    """Sample paths of shape (draw, year) with the distribution of every year.

    If `ranked`, each keeps its rank in all years. `first` and `shared` as in `scores`.
    """
    horizon = spread.quantiles.shape[1]
    entropy = (seed, int.from_bytes(name.encode(), "big"))
    if ranked:
        of_first = None if shared is None else shared[:1]
        drawn = np.repeat(scores(1, draws, *entropy, shared=of_first), horizon, axis=1)
    else:
        drawn = scores(horizon, draws, *entropy, first=first, shared=shared)
    return spread.values_at(drawn)


class Chance(NamedTuple):
    """How likely a forecast is at or above a value in each year, and how likely it has been there
    by then.
    """

    target: float
    years: tuple[int, ...]
    chances: tuple[float, ...]  # the share of paths that have reached it by the end of each year
    at_or_above: tuple[float, ...]
    falls: bool = False  # True if it lies below all values used, so that reaching it means a fall
    reached: int | None = None
    """The year in which the values used had reached it already; every one of `chances` is then 1.
    """

    def of_last_year(self) -> Chance:
        """Return the chances of the last year alone."""
        return self._replace(
            years=self.years[-1:], chances=self.chances[-1:], at_or_above=self.at_or_above[-1:]
        )

    def year(self, share: float = 0.5) -> int | None:
        """Return the first year by which it is reached with this chance; None if in none."""
        for year, chance in zip(self.years, self.chances, strict=True):
            if chance >= share:
                return year
        return None


def chance(
    drawn: Array, history: Array, first: int, years: tuple[int, ...], target: float
) -> Chance:
    """Count the paths that are at or above a value in each year, and have reached it by then.

    Parameters
    ----------
    drawn : joint paths, shape (draw, year)
    history : the values before, the first of them that of the year `first`; it may be empty
    """
    if not isfinite(target):
        raise UsageError(
            f"The target {target:g} is not a finite number.", "Give a number, such as 1000."
        )
    at_or_above = tuple((drawn >= target).mean(axis=0).tolist())
    if not len(history):
        shares = np.maximum.accumulate(drawn >= target, axis=1).mean(axis=0)
        return Chance(target, years, tuple(shares.tolist()), at_or_above)
    below = np.flatnonzero(history < target)
    if history[-1] >= target and (len(below) or history[-1] == target):
        reached = first + (int(below[-1]) + 1 if len(below) else len(history) - 1)
        return Chance(target, years, (1.0,) * len(years), at_or_above, reached=reached)
    falls = bool(history[-1] > target)
    reaches = drawn <= target if falls else drawn >= target
    shares = np.maximum.accumulate(reaches, axis=1).mean(axis=0)
    return Chance(target, years, tuple(shares.tolist()), at_or_above, falls)
