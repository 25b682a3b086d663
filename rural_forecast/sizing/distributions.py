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


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`; those of a single number are equal.

    Raises TableError if it is neither, or the square or inverse of an end is beyond what a double holds.
    """
    found = _AMOUNT.fullmatch(str(written)) if isinstance(written, str) else None
    given = (found[1], found[2] or found[1]) if found else (written, written)
    if found is None and type(written) not in (int, float):
        raise TableError(f"{cited(written)} is neither a number nor a range.", 'Write 0.7, or "0.6..0.8".')
    try:
        low, high = map(float, given)
    except OverflowError:
        low = high = inf
    if not all(end == 0 or SMALLEST <= abs(end) <= LARGEST for end in (low, high)):
        hint = "Numbers are 0, or from 1e-150 to 1e150; choose another unit."
        raise TableError(f"{cited(written)} is beyond what a model computes with.", hint)
    if high < low:
        raise TableError(f"the range ends at {high:g}, below its start at {low:g}.", "Write the lower end first.")
    return low, high


def assumed(written: Any) -> float | tuple[float, float]:
    """A number, or the ends of a range. Raises TableError as `ends` does."""
    low, high = ends(written)
    return low if low == high else (low, high)


def amount(written: Any, whole: float | None, level: int = RANGE_LEVEL) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units.

    Raises TableError if it is neither, or not possible for a share.
    """
    low, high = ends(written)
    require_share(low, high, whole)
    return from_range(low, high, whole, level)


def require_share(low: float, high: float, whole: float | None) -> None:
    """Raise TableError if a share can be below 0 or above the whole; it is None for other units."""
    if whole is not None and not 0 <= low <= high <= whole:
        hint = 'Write 0.6 for 60 %, or unit = "percent"; growth is "percent per year", a multiple "ratio".'
        raise TableError(f"this reaches {low if low < 0 else high:g}, and a share lies from 0 to {whole:g}.", hint)


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


def _triangular(grid: Grid, low: float, mode: float, high: float) -> Array:
    span, left = high - low, mode - low
    falling = high - np.sqrt((1 - grid.p) * span * (high - mode))
    return np.where(grid.p * span < left, low + np.sqrt(grid.p * span * left), falling)


def _pert(grid: Grid, low: float, mode: float, high: float) -> Array:
    from scipy.special import betaincinv

    part = (mode - low) / (high - low)
    return low + (high - low) * np.asarray(betaincinv(1 + 4 * part, 5 - 4 * part, grid.p))


_QUANTILES: Mapping[str, Callable[..., Array]] = {
    "point": lambda _, value: value,
    "normal": lambda grid, mean, sd: mean + sd * grid.z,
    "lognormal": lambda grid, median, sigma: median * np.exp(sigma * grid.z),
    "logit-normal": lambda grid, mean, sd, whole: whole * expit(mean + sd * grid.z),
    "uniform": lambda grid, low, high: low + (high - low) * grid.p,
    "triangular": _triangular,
    "pert": _pert,
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


def from_parameters(kind: str, parameters: Mapping[str, float], whole: float | None = None) -> Distribution:
    """A distribution by name and parameters.

    Raises TableError if parameters are missing, too many, impossible, or so for a share of `whole`.
    """
    if set(parameters) != set(PARAMETERS[kind]):
        raise TableError(f"{kind} needs {' and '.join(PARAMETERS[kind])}.")
    rising = [parameters[name] for name in ("low", "mode", "high") if name in parameters]
    widths = [parameters[name] for name in ("sd", "sigma", "median") if name in parameters]
    if rising != sorted(rising) or (rising and rising[0] == rising[-1]) or min(widths, default=1.0) <= 0:
        written = ", ".join(f"{name} = {value:g}" for name, value in parameters.items())
        hint = "low <= mode <= high, and low < high; median, sd and sigma are above 0."
        raise TableError(f"{kind} cannot have {written}.", hint)
    low, high = (rising[0], rising[-1]) if rising else (0.0 if kind == "lognormal" else -inf, inf)
    require_share(low, high, whole)
    return Distribution(kind, dict(parameters))
