"""What a driver may be, as quantile functions over one shared grid of probabilities.

A range `a..b` is a 90 % interval: its ends are the 5 % and 95 % quantiles. A distribution turns the grid into sorted
draws; which draw meets which is decided elsewhere, so a driver's median and intervals carry no sampling noise.
"""

from __future__ import annotations

from math import exp, inf, isfinite, log, log1p, sqrt
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

import numpy as np

from rural_forecast.api.equality import same

if TYPE_CHECKING:
    from rural_forecast.models.base import Array

Z_95 = 1.6448536269514722
"""Standard normal quantile of 95 %."""


SMALLEST, LARGEST = 1e-150, 1e150
"""Sizes of the numbers of a model other than 0: their squares and ratios are still numbers."""


class Grid(NamedTuple):
    """Probabilities in the middle of equal steps, sorted, with their standard normal quantiles; shape (draw,)."""

    p: Array
    z: Array


def grid(draws: int) -> Grid:
    """The grid of a number of draws."""
    from statistics import NormalDist

    quantile = NormalDist().inv_cdf
    p = (np.arange(draws) + 0.5) / draws
    half = np.fromiter(map(quantile, p[: draws // 2].tolist()), dtype=np.float64, count=draws // 2)
    return Grid(p, np.concatenate([half, np.zeros(draws % 2), -half[::-1]]))


class Distribution(Protocol):
    """A distribution of one number."""

    def draws(self, grid: Grid) -> Array | float:
        """Sorted values of shape (draw,), or one number where nothing is uncertain."""


class Point(NamedTuple):
    """A number that is known."""

    value: float

    def draws(self, grid: Grid) -> float:  # noqa: ARG002 - as the protocol has it
        """The number."""
        return self.value


class Normal(NamedTuple):
    """Normal."""

    mean: float
    sd: float

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        return self.mean + self.sd * grid.z


class Lognormal(NamedTuple):
    """Lognormal; `sigma` is the standard deviation of the logarithm, below zero for a quantity that is negative."""

    median: float
    sigma: float

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        return self.median * np.exp(self.sigma * grid.z)


class LogitNormal(NamedTuple):
    """A part of `whole` whose log odds are normal with mean `mean` and standard deviation `sd`."""

    mean: float
    sd: float
    whole: float

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        return self.whole / (1 + np.exp(-(self.mean + self.sd * grid.z)))


class Uniform(NamedTuple):
    """Every value between two is as likely."""

    low: float
    high: float

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        return self.low + (self.high - self.low) * grid.p


class Triangular(NamedTuple):
    """Triangular."""

    low: float
    mode: float
    high: float

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        span, left = self.high - self.low, self.mode - self.low
        rising = self.low + np.sqrt(grid.p * span * left)
        falling = self.high - np.sqrt((1 - grid.p) * span * (self.high - self.mode))
        return np.where(grid.p * span < left, rising, falling)


class Beta(NamedTuple):
    """Beta between two bounds; PERT is one whose parameters come from a mode."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0

    def draws(self, grid: Grid) -> Array:
        """Sorted values: the cumulated density is inverted on 8,001 nodes, as close to both bounds as it needs.

        With x = t^m / (t^m + (1-t)^m) and m of at least 2 over the smaller parameter the density in t vanishes at both
        ends, even where the one in x does not.
        """
        m = max(2.0, 2.0 / min(self.alpha, self.beta))
        t = np.linspace(0.0, 1.0, 8001)[1:-1]
        up, down = m * np.log(t), m * np.log1p(-t)
        both = np.logaddexp(up, down)
        density = self.alpha * (up - both) + self.beta * (down - both) - np.log(t) - np.log1p(-t)
        mass = np.exp(density - density.max())
        cumulated = np.concatenate([[0.0], np.cumsum((mass[1:] + mass[:-1]) / 2)])
        x = np.interp(grid.p, cumulated / cumulated[-1], np.exp(up - both))
        return self.low + (self.high - self.low) * x


class Interpolated(NamedTuple):
    """Known quantiles, straight between them in standard normal quantiles and on the scale of `shape`.

    Beyond the outermost ones it goes on with their mean slope from the median, since the slope between the two last
    would make the tails, which nobody knows, rule the variance.
    """

    z: Array
    """Standard normal quantiles, rising, the median in the middle; shape (known,)."""
    values: Array
    shape: Literal["log", "part", "linear"]
    """Positive values, parts of a whole, others."""
    whole: float = 1.0
    least: float = -np.inf
    """Tails end there: 0 for what never was negative."""

    def __eq__(self, other: object) -> bool:
        return same(self, other)

    def __ne__(self, other: object) -> bool:
        return not same(self, other)

    def draws(self, grid: Grid) -> Array:
        """Sorted values."""
        known = self._straight(np.maximum.accumulate(self.values))
        middle = len(known) // 2
        found = np.interp(grid.z, self.z, known)
        for end in (0, -1):
            beyond = grid.z < self.z[0] if end == 0 else grid.z > self.z[-1]
            slope = (known[end] - known[middle]) / (self.z[end] - self.z[middle])
            found = np.where(beyond, known[end] + slope * (grid.z - self.z[end]), found)
        return np.maximum(self._back(found), self.least)

    def _straight(self, values: Array) -> Array:
        if self.shape == "log":
            return np.log(values)
        if self.shape == "part":
            parts = np.clip(values / self.whole, 1e-9, 1 - 1e-9)
            return np.log(parts / (1 - parts))
        return values

    def _back(self, straight: Array) -> Array:
        if self.shape == "log":
            return np.exp(straight)
        return self.whole / (1 + np.exp(-straight)) if self.shape == "part" else straight


def from_range(low: float, high: float, whole: float | None = None) -> Distribution:
    """The distribution whose 5 % and 95 % quantiles are these.

    Lognormal for a range on one side of zero, normal for one that spans it, logit-normal for a part of `whole`, a
    point where both ends are one.

    >>> round(from_range(50.0, 200.0).median, 9)
    100.0

    Raises
    ------
    ValueError : the ends are not in order, or no such distribution has them
    """
    if high < low:
        raise ValueError(f"ends at {high:g}, below its start at {low:g}")
    if low == high:
        return Point(low)
    if whole is not None:
        if not 0 < low < high < whole:
            raise ValueError(f"touches 0 or {whole:g}, which the 90 % interval of a part of {whole:g} cannot")
        ends = [log(end / (whole - end)) for end in (low, high)]
        return LogitNormal(sum(ends) / 2, (ends[1] - ends[0]) / 2 / Z_95, whole)
    if low > 0 or high < 0:
        median = sqrt(low) * sqrt(high) if low > 0 else -sqrt(-low) * sqrt(-high)
        return Lognormal(median, log(high / low) / 2 / Z_95)
    if low == 0 or high == 0:
        raise ValueError("starts or ends at 0, where neither a lognormal nor a normal distribution does")
    return Normal((low + high) / 2, (high - low) / 2 / Z_95)


_PARAMETERS = {
    "normal": (("mean", "sd"),),
    "lognormal": (("median", "sigma"), ("mean", "sd")),
    "uniform": (("low", "high"),),
    "triangular": (("low", "mode", "high"),),
    "pert": (("low", "mode", "high"),),
    "beta": (("alpha", "beta"), ("alpha", "beta", "low", "high")),
}
KINDS = tuple(_PARAMETERS)


def parameters(kind: str) -> tuple[tuple[str, ...], ...]:
    """The sets of parameters that a kind can be given by."""
    return _PARAMETERS[kind]


def named(kind: str, given: dict[str, float]) -> Distribution:
    """A distribution by its name and parameters.

    Raises
    ------
    ValueError : parameters are missing, too many, or impossible
    """
    if set(given) not in [set(needed) for needed in _PARAMETERS[kind]]:
        ways = " or ".join(", ".join(needed) for needed in _PARAMETERS[kind])
        raise ValueError(f"needs {ways}")
    for name, value in given.items():
        if not isfinite(value):
            raise ValueError(f"has {name} = {value:g}, which is no finite number")
        if name in ("sd", "sigma", "alpha", "beta") and value <= 0:
            raise ValueError(f"has {name} = {value:g}, which is not positive")
    if kind == "normal":
        return Normal(given["mean"], given["sd"])
    if kind == "lognormal":
        return _lognormal(given)
    if kind == "beta":
        return _beta(given)
    low, high = given["low"], given["high"]
    if not low < high:
        raise ValueError(f"has high = {high:g}, which is not above low = {low:g}")
    if kind == "uniform":
        return Uniform(low, high)
    mode = given["mode"]
    if not low <= mode <= high:
        raise ValueError(f"has mode = {mode:g}, which is not between {low:g} and {high:g}")
    if kind == "triangular":
        return Triangular(low, mode, high)
    part = (mode - low) / (high - low)
    return Beta(1 + 4 * part, 5 - 4 * part, low, high)


def _lognormal(given: dict[str, float]) -> Lognormal:
    centre = "median" if "median" in given else "mean"
    if given[centre] <= 0:
        raise ValueError(f"has {centre} = {given[centre]:g}, which is not positive")
    if centre == "median":
        return Lognormal(given["median"], given["sigma"])
    ratio = given["sd"] / given["mean"]
    squared = ratio**2 if ratio < LARGEST else inf
    sigma = sqrt(log1p(squared)) if squared < inf else sqrt(2 * log(ratio))
    median = given["mean"] * exp(-(sigma**2) / 2)
    if median < SMALLEST:
        raise ValueError(f"has sd = {given['sd']:g}, too far above mean = {given['mean']:g} for a median")
    return Lognormal(median, sigma)


def _beta(given: dict[str, float]) -> Beta:
    if min(given["alpha"], given["beta"]) < 0.05:
        raise ValueError("has a parameter below 0.05, which leaves nothing between the bounds")
    low, high = given.get("low", 0.0), given.get("high", 1.0)
    if not low < high:
        raise ValueError(f"has high = {high:g}, which is not above low = {low:g}")
    return Beta(given["alpha"], given["beta"], low, high)


def bounds(distribution: Distribution) -> tuple[float, float]:
    """Lowest and highest value it can take."""
    if isinstance(distribution, Point):
        return distribution.value, distribution.value
    if isinstance(distribution, Uniform | Triangular | Beta):
        return distribution.low, distribution.high
    if isinstance(distribution, LogitNormal):
        return 0.0, distribution.whole
    if isinstance(distribution, Lognormal):
        return (0.0, float("inf")) if distribution.median > 0 else (float("-inf"), 0.0)
    return float("-inf"), float("inf")
