"""The whole distribution of a forecast: its quantile function in every year, from interval bounds at several levels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.forecasting.classes import level_scores
from rural_forecast.models.base import Array

SPREAD_LEVELS = (50, 60, 70, 80, 90, 95, 98, 99)
"""Interval levels by which the distribution is known; linear in normal scores between them."""
Shape = Literal["log", "share", "linear"]


def known_scores() -> Array:
    """Normal scores of the quantiles of a `Spread`, rising."""
    upper = level_scores(SPREAD_LEVELS)
    return np.concatenate([-upper[::-1], [0.0], upper])


class Spread(NamedTuple):
    """A quantile function a year."""

    quantiles: Array
    """Shape (quantile, year), at `known_scores`."""
    shape: Shape
    """The scale on which it is linear: of logarithms, of the log odds of a share of `whole`, or plain."""
    whole: float = 1.0
    least: float = -inf
    most: float = inf

    def at(self, scores: Array) -> Array:
        """Values at normal scores of shape (draw, year)."""
        known = known_scores()
        values = np.empty(scores.shape)
        for year, quantiles in enumerate(self.quantiles.T):
            column = interpolated(scores[:, year], known, quantiles, self.shape, self.whole, self.least)
            values[:, year] = np.minimum(column, self.most)
        return values


def spread(
    values: Array, lower: Array, upper: Array, *, whole: float | None = None, least: float = -inf, most: float = inf
) -> Spread:
    """The quantile function of medians of shape (year,) with bounds of shape (level, year) at `SPREAD_LEVELS`.

    `whole`: the most that a share can be; None for what is no share.
    """
    quantiles = np.concatenate([lower[::-1], values[None], upper])
    if whole is not None:
        return Spread(quantiles, "share", whole, 0.0, min(most, whole))
    return Spread(quantiles, "log" if quantiles.min() > 0 else "linear", 1.0, least, most)


@np.errstate(over="ignore")
def interpolated(
    z: Array, known_z: Array, values: Array, shape: Shape, whole: float = 1.0, least: float = -inf
) -> Array:
    """Linear in standard normal quantiles between known quantiles, on the scale of `shape`.

    Beyond the outermost ones the slope is their mean slope from the median: the slope between the last two would let
    the unknown tails rule the variance.
    """
    to, back = _SCALES[shape]
    known = to(np.maximum.accumulate(values) / whole)
    middle = len(known) // 2
    scaled = np.interp(z, known_z, known)
    for end, beyond in ((0, z < known_z[0]), (-1, z > known_z[-1])):
        slope = (known[end] - known[middle]) / (known_z[end] - known_z[middle])
        scaled = np.where(beyond, known[end] + slope * (z - known_z[end]), scaled)
    return np.maximum(whole * back(scaled), least)


def moved(values: Array, median: float, to: float, shape: Shape, whole: float = 1.0) -> Array:
    """A distribution with another median, as wide as before on the scale of `shape`."""
    there, back = _SCALES[shape]
    by = there(np.asarray(to / whole)) - there(np.asarray(median / whole))
    return whole * back(there(values / whole) + by)


def _logit(parts: Array) -> Array:
    parts = np.clip(parts, 1e-9, 1 - 1e-9)
    return np.log(parts / (1 - parts))


def expit(log_odds: Array) -> Array:
    """The share that has these log odds."""
    return 1 / (1 + np.exp(-log_odds))


_SCALES: Mapping[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "log": (np.log, np.exp),
    "share": (_logit, expit),
    "linear": (np.asarray, np.asarray),
}
