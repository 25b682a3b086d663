"""Distributions of drivers, as quantile functions over one shared grid of probabilities.

A range `a..b` is a 90 % interval: its ends are the 5 % and 95 % quantiles. A distribution turns the grid into sorted
draws. The order of the draws is decided elsewhere, so a driver's median and intervals have no sampling noise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, inf, log, log1p, sqrt
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api.equality import comparable
from rural_forecast.forecasting.spread import expit, interpolated
from rural_forecast.models.base import Array
from rural_forecast.toml.table import TableError

Z_95 = 1.6448536269514722
"""Standard normal quantile of 95 %."""
SMALLEST, LARGEST = 1e-150, 1e150
"""Absolute values of the numbers of a model other than 0: a double holds their squares and ratios."""


class Grid(NamedTuple):
    """Sorted midpoints of equal steps of probability, with their standard normal quantiles; shape (draw,)."""

    p: Array
    z: Array


def grid(draws: int) -> Grid:
    """The grid of a number of draws."""
    from scipy.special import ndtri

    p = (np.arange(draws) + 0.5) / draws
    half = ndtri(p[: draws // 2])
    return Grid(p, np.concatenate([half, np.zeros(draws % 2), -half[::-1]]))


def _triangular(p: Array, low: float, mode: float, high: float) -> Array:
    span, left = high - low, mode - low
    falling = high - np.sqrt((1 - p) * span * (high - mode))
    return np.where(p * span < left, low + np.sqrt(p * span * left), falling)


def _beta(p: Array, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> Array:
    from scipy.special import betaincinv

    return low + (high - low) * np.asarray(betaincinv(alpha, beta, p))


def _pert(p: Array, low: float, mode: float, high: float) -> Array:
    part = (mode - low) / (high - low)
    return _beta(p, 1 + 4 * part, 5 - 4 * part, low, high)


_QUANTILES: Mapping[str, Callable[..., Array]] = {
    "point": lambda _, value: value,
    "normal": lambda grid, mean, sd: mean + sd * grid.z,
    "lognormal": lambda grid, median, sigma: median * np.exp(sigma * grid.z),
    "logit-normal": lambda grid, mean, sd, whole: whole * expit(mean + sd * grid.z),
    "uniform": lambda grid, low, high: low + (high - low) * grid.p,
    "triangular": lambda grid, **parameters: _triangular(grid.p, **parameters),
    "pert": lambda grid, **parameters: _pert(grid.p, **parameters),
    "beta": lambda grid, **parameters: _beta(grid.p, **parameters),
    "interpolated": lambda grid, **parameters: interpolated(grid.z, **parameters),
}
PARAMETERS = {
    "normal": (("mean", "sd"),),
    "lognormal": (("median", "sigma"), ("mean", "sd")),
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "pert": (("low", "mode", "high"),),
    "beta": (("alpha", "beta"), ("alpha", "beta", "low", "high")),
}
"""Distributions that a file may name, with the sets of parameters that each takes."""


@comparable
class Distribution(NamedTuple):
    """A distribution of one number: its kind, a key of `_QUANTILES`, and its parameters."""

    kind: str
    parameters: Mapping[str, Any]

    def draws(self, grid: Grid) -> Array | float:
        """Sorted values of shape (draw,), or one number if it is certain."""
        return _QUANTILES[self.kind](grid, **self.parameters)

    @property
    def certain(self) -> bool:
        """Whether it is a single number."""
        return self.kind == "point"

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value it can take."""
        parameters = self.parameters
        if self.kind == "point":
            return parameters["value"], parameters["value"]
        if self.kind == "logit-normal":
            return 0.0, parameters["whole"]
        if self.kind == "lognormal":
            return (0.0, inf) if parameters["median"] > 0 else (-inf, 0.0)
        low, high = (0.0, 1.0) if self.kind == "beta" else (-inf, inf)
        return parameters.get("low", low), parameters.get("high", high)


def point(value: float) -> Distribution:
    """A number that is certain."""
    return Distribution("point", {"value": value})


def from_range(low: float, high: float, whole: float | None = None) -> Distribution:
    """The distribution whose 5 % and 95 % quantiles are these.

    Lognormal for a range on one side of zero, normal for one that spans it, logit-normal for a share of `whole`, a
    point if both ends are equal.

    Raises TableError if the ends are not in order, or no such distribution has them.

    >>> round(from_range(50.0, 200.0).parameters["median"], 9)
    100.0
    """
    if high < low:
        raise TableError.of("range_backwards", low=low, high=high)
    if low == high:
        return point(low)
    if whole is not None:
        if not 0 < low < high < whole:
            raise TableError.of("range_touches_whole", whole=whole)
        ends = [log(end / (whole - end)) for end in (low, high)]
        sd = (ends[1] - ends[0]) / 2 / Z_95
        return Distribution("logit-normal", {"mean": sum(ends) / 2, "sd": sd, "whole": whole})
    if low > 0 or high < 0:
        median = sqrt(low) * sqrt(high) if low > 0 else -sqrt(-low) * sqrt(-high)
        return Distribution("lognormal", {"median": median, "sigma": log(high / low) / 2 / Z_95})
    if low == 0 or high == 0:
        raise TableError.of("range_touches_0")
    return Distribution("normal", {"mean": (low + high) / 2, "sd": (high - low) / 2 / Z_95})


def named(kind: str, parameters: Mapping[str, float]) -> Distribution:
    """A distribution by name and parameters. Raises TableError if parameters are missing, too many, or impossible."""
    if set(parameters) not in map(set, PARAMETERS[kind]):
        raise TableError.of("parameters_missing", kind=kind, needed=PARAMETERS[kind])
    for name, value in parameters.items():
        positive = name in ("sd", "sigma", "alpha", "beta") or (kind == "lognormal" and name in ("mean", "median"))
        if positive and value <= 0:
            raise TableError.of("parameter_not_positive", kind=kind, name=name, number=value)
    if kind == "beta" and min(parameters["alpha"], parameters["beta"]) < 0.05:
        raise TableError.of("beta_too_small", least=0.05)
    if "low" in parameters:
        low, high, mode = parameters["low"], parameters["high"], parameters.get("mode")
        if not low < high:
            raise TableError.of("high_not_above_low", kind=kind, low=low, high=high)
        if mode is not None and not low <= mode <= high:
            raise TableError.of("mode_outside", kind=kind, mode=mode, low=low, high=high)
    if kind == "lognormal" and "mean" in parameters:
        ratio = parameters["sd"] / parameters["mean"]
        sigma = sqrt(log1p(ratio**2)) if ratio < LARGEST else sqrt(2 * log(ratio))
        median = parameters["mean"] * exp(-(sigma**2) / 2)
        if median < SMALLEST:
            raise TableError.of("sd_too_large", **parameters)
        parameters = {"median": median, "sigma": sigma}
    return Distribution(kind, dict(parameters))
