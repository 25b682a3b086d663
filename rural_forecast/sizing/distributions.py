"""Distributions of drivers, as quantile functions over one shared grid of probabilities.

A range `a..b` is an interval of the model's `range_level`, 80 % unless it states another. A distribution turns the grid
into sorted draws. The order of the draws is decided elsewhere, so a driver's median and intervals have no sampling
noise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import exp, inf, isfinite, log, log1p, sqrt
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.forecasting.distribution import expit, interpolated
from rural_forecast.models.base import Array
from rural_forecast.sizing.toml import TableError, cited

RANGE_LEVEL = 80
"""The percentage with which a range holds that does not say so."""
SMALLEST, LARGEST = 1e-150, 1e150
"""Absolute values of the numbers of a model other than 0: a double holds their squares and ratios."""
_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_AMOUNT = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)
_LOWER_FIRST = "Write the lower end first."


def plain_number(written: Any) -> float:
    """A finite number that is not written as text.

    Raises TableError if it is not one, or its square or inverse is beyond what a double holds.
    """
    if isinstance(written, bool) or not isinstance(written, int | float):
        raise TableError(f"{cited(written)} is not a number.")
    return _finite(written)


def _finite(written: str | float) -> float:
    try:
        value = float(written)
    except (ValueError, OverflowError):
        value = inf
    if not isfinite(value):
        raise TableError(f"{cited(written)[:60]} is not a finite number.")
    if value and not SMALLEST <= abs(value) <= LARGEST:
        side = "farther from 0 than 1e150" if abs(value) > LARGEST else "nearer to 0 than 1e-150"
        raise TableError(f"{value:g} is {side}.", "Choose a unit that makes the number shorter.")
    return value


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`; those of a single number are equal. Raises TableError if it is neither."""
    if not isinstance(written, bool) and isinstance(written, int | float):
        return _finite(written), _finite(written)
    match = _AMOUNT.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise TableError(
            f"{cited(written)} is neither a number nor a range.", 'Write a number, or a range such as "0.6..0.8".'
        )
    return _finite(match[1]), _finite(match[2] or match[1])


def amount(written: Any, whole: float | None, level: int = RANGE_LEVEL) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units.

    Raises TableError if it is neither, or not possible for a share.
    """
    low, high = ends(written)
    if low <= high:
        _require_share(low, high, whole)
    return from_range(low, high, whole, level)


def within(distribution: Distribution, whole: float | None) -> Distribution:
    """The distribution, if a share may have it. Raises TableError if it can be below 0 or above the whole."""
    _require_share(*distribution.bounds, whole)
    return distribution


def _require_share(low: float, high: float, whole: float | None) -> None:
    if whole is None or (low >= 0 and high <= whole):
        return
    number = low if low < 0 else high
    side = "below 0" if low < 0 else f"above {whole:g}"
    if not isfinite(number):
        hint = 'Give a range, or one of "beta", "pert" and "uniform".'
        raise TableError(f"can be {side}, which a share cannot.", hint)
    hint = 'Growth is in unit = "percent per year", a multiple in unit = "ratio".'
    if whole == 1 and 1 < number <= 100:
        hint = f'Write {number / 100:g}, or unit = "percent". {hint}'
    raise TableError(f"{number:g} is {side}, which a share cannot be.", hint)


def as_written(written: Any) -> str:
    """An amount as in the file, in one line."""
    return re.sub(r"\s*\.\.\s*", "..", written.strip()) if isinstance(written, str) else f"{written:,}"


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
        """True for a single number."""
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


def from_range(low: float, high: float, whole: float | None = None, level: int = RANGE_LEVEL) -> Distribution:
    """The distribution whose central interval of a level, in percent, has these ends.

    Lognormal for a range on one side of zero, normal for one that spans it, logit-normal for a share of `whole`, a
    point if both ends are equal.

    Raises TableError if the ends are not in order, or no such distribution has them.

    >>> round(from_range(50.0, 200.0).parameters["median"], 9)
    100.0
    """
    from scipy.special import ndtri

    if high < low:
        raise TableError(f"the range ends at {high:g}, below its start at {low:g}.", _LOWER_FIRST)
    if low == high:
        return point(low)
    z = float(ndtri(0.5 + level / 200))
    move = 'Move that end a little, or use distribution = "uniform".'
    if whole is not None:
        if not 0 < low < high < whole:
            raise TableError(f"the range touches 0 or {whole:g}, which an interval of a share cannot.", move)
        ends = [log(end / (whole - end)) for end in (low, high)]
        sd = (ends[1] - ends[0]) / 2 / z
        return Distribution("logit-normal", {"mean": sum(ends) / 2, "sd": sd, "whole": whole})
    if low > 0 or high < 0:
        median = sqrt(low) * sqrt(high) if low > 0 else -sqrt(-low) * sqrt(-high)
        return Distribution("lognormal", {"median": median, "sigma": log(high / low) / 2 / z})
    if low == 0 or high == 0:
        raise TableError("the range touches 0, where neither a lognormal nor a normal distribution ends.", move)
    return Distribution("normal", {"mean": (low + high) / 2, "sd": (high - low) / 2 / z})


def named(kind: str, parameters: Mapping[str, float]) -> Distribution:
    """A distribution by name and parameters. Raises TableError if parameters are missing, too many, or impossible."""
    if set(parameters) not in map(set, PARAMETERS[kind]):
        raise TableError(f"{kind} needs {' or '.join(', '.join(names) for names in PARAMETERS[kind])}.")
    for name, value in parameters.items():
        positive = name in ("sd", "sigma", "alpha", "beta") or (kind == "lognormal" and name in ("mean", "median"))
        least = 0.05 if kind == "beta" and name in ("alpha", "beta") else 0.0
        if positive and (value <= 0 or value < least):
            raise TableError(
                f"{kind} has {name} = {value:g}, which is not {f'{least} or more' if least else 'positive'}."
            )
    if "low" in parameters:
        low, high = parameters["low"], parameters["high"]
        if not (low < high and low <= parameters.get("mode", low) <= high):
            written = ", ".join(
                f"{name} = {parameters[name]:g}" for name in ("low", "mode", "high") if name in parameters
            )
            raise TableError(f"{kind} has {written}, which are not in rising order.")
    if kind == "lognormal" and "mean" in parameters:
        ratio = parameters["sd"] / parameters["mean"]
        sigma = sqrt(log1p(ratio**2)) if ratio < LARGEST else sqrt(2 * log(ratio))
        median = parameters["mean"] * exp(-(sigma**2) / 2)
        if median < SMALLEST:
            mean, sd = parameters["mean"], parameters["sd"]
            raise TableError(f"lognormal has sd = {sd:g}, too far above mean = {mean:g} for a median.")
        parameters = {"median": median, "sigma": sigma}
    return Distribution(kind, dict(parameters))
