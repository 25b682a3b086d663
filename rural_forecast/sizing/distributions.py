"""Distributions of drivers, as quantile functions over one shared grid of probabilities.

A range `a..b` is an interval of the model's `range_level`, 80 % unless it states another. A distribution turns the grid
into sorted draws. The order of the draws is decided elsewhere, so a driver's median and intervals have no sampling
noise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from math import inf, log, sqrt
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


def plain_number(written: Any) -> float:
    """A finite number that is not written as text.

    Raises TableError if it is not one, or its square or inverse is beyond what a double holds.
    """
    if type(written) not in (int, float):
        raise TableError(f"{cited(written)} is not a number.")
    return _finite(written)


def _finite(written: str | float) -> float:
    try:
        value = float(written)
    except (ValueError, OverflowError):
        value = inf
    if value and not SMALLEST <= abs(value) <= LARGEST:
        hint = "Numbers are 0, or from 1e-150 to 1e150; choose another unit."
        raise TableError(f"{cited(written)} is beyond what a model computes with.", hint)
    return value


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`; those of a single number are equal. Raises TableError if it is neither."""
    if type(written) in (int, float):
        return _finite(written), _finite(written)
    match = _AMOUNT.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        hint = 'Write a number, or a range such as "0.6..0.8".'
        raise TableError(f"{cited(written)} is neither a number nor a range.", hint)
    low, high = _finite(match[1]), _finite(match[2] or match[1])
    if high < low:
        raise TableError(f"the range ends at {high:g}, below its start at {low:g}.", "Write the lower end first.")
    return low, high


def amount(written: Any, whole: float | None, level: int = RANGE_LEVEL) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units.

    Raises TableError if it is neither, or not possible for a share.
    """
    low, high = ends(written)
    require_share(low, high, whole)
    return from_range(low, high, whole, level)


def require_share(low: float, high: float, whole: float | None) -> None:
    """Raise TableError if a share can be below 0 or above the whole; it is None for other units."""
    if whole is None or 0 <= low <= high <= whole:
        return
    number = low if low < 0 else high
    scaled = f'Write {number / 100:g}, or unit = "percent". ' if whole == 1 < number <= 100 else ""
    hint = f'{scaled}Growth is in unit = "percent per year", a multiple in unit = "ratio".'
    raise TableError(f"this reaches {number:g}, and a share lies from 0 to {whole:g}.", hint)


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


def _pert(p: Array, low: float, mode: float, high: float) -> Array:
    from scipy.special import betaincinv

    part = (mode - low) / (high - low)
    return low + (high - low) * np.asarray(betaincinv(1 + 4 * part, 5 - 4 * part, p))


_QUANTILES: Mapping[str, Callable[..., Array]] = {
    "point": lambda _, value: value,
    "normal": lambda grid, mean, sd: mean + sd * grid.z,
    "lognormal": lambda grid, median, sigma: median * np.exp(sigma * grid.z),
    "logit-normal": lambda grid, mean, sd, whole: whole * expit(mean + sd * grid.z),
    "uniform": lambda grid, low, high: low + (high - low) * grid.p,
    "triangular": lambda grid, **parameters: _triangular(grid.p, **parameters),
    "pert": lambda grid, **parameters: _pert(grid.p, **parameters),
    "interpolated": lambda grid, **parameters: interpolated(grid.z, **parameters),
}
PARAMETERS = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high"),
}
"""Distributions that a file may name, with their parameters."""


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
        return parameters.get("low", -inf), parameters.get("high", inf)


def point(value: float) -> Distribution:
    """A number that is certain."""
    return Distribution("point", {"value": value})


def from_range(low: float, high: float, whole: float | None = None, level: int = RANGE_LEVEL) -> Distribution:
    """The distribution whose central interval of a level, in percent, has these ends.

    Lognormal for a range on one side of zero, normal for one that spans it, logit-normal for a share of `whole`, a
    point if both ends are equal.

    Raises TableError if no such distribution has them.

    >>> round(from_range(50.0, 200.0).parameters["median"], 9)
    100.0
    """
    from scipy.special import ndtri

    if low == high:
        return point(low)
    z = float(ndtri(0.5 + level / 200))
    touched = whole if whole is not None and high >= whole else 0
    if touched or 0 in (low, high) or (whole is not None and low < 0):
        hint = 'Move that end a little, or use distribution = "uniform".'
        raise TableError(f"the range touches {touched:g}, where no distribution of such a range ends.", hint)
    if whole is not None:
        first, last = (log(end / (whole - end)) for end in (low, high))
        return Distribution("logit-normal", {"mean": (first + last) / 2, "sd": (last - first) / 2 / z, "whole": whole})
    if low > 0 or high < 0:
        median = sqrt(low) * sqrt(high) if low > 0 else -sqrt(-low) * sqrt(-high)
        return Distribution("lognormal", {"median": median, "sigma": log(high / low) / 2 / z})
    return Distribution("normal", {"mean": (low + high) / 2, "sd": (high - low) / 2 / z})


def from_parameters(kind: str, parameters: Mapping[str, float]) -> Distribution:
    """A distribution by name and parameters. Raises TableError if parameters are missing, too many, or impossible."""
    if set(parameters) != set(PARAMETERS[kind]):
        raise TableError(f"{kind} needs {' and '.join(PARAMETERS[kind])}.")
    rising = [parameters[name] for name in ("low", "mode", "high") if name in parameters]
    if rising != sorted(rising) or any(parameters.get(name, 1.0) <= 0 for name in ("sd", "sigma", "median")):
        written = ", ".join(f"{name} = {value:g}" for name, value in parameters.items())
        raise TableError(f"{kind} cannot have {written}.", "low <= mode <= high; median, sd and sigma are above 0.")
    if rising and rising[0] == rising[-1]:
        raise TableError(f"{kind} has no width.", f"Write value = {rising[0]:g}.")
    return Distribution(kind, dict(parameters))
