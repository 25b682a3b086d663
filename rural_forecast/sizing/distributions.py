"""Distributions of drivers: quantile functions over one grid of probabilities, so that they have no
sampling noise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import inf, log, sqrt
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.forecasting.distribution import expit, interpolated
from rural_forecast.models.base import Array
from rural_forecast.sizing.toml import RANGE_LEVEL, TableError, cited

# Of numbers other than 0: a double holds their squares and ratios.
SMALLEST = 1e-150
LARGEST = 1e150
_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`, or a number twice. Raises TableError if it is neither, or too
    large or small.
    """
    found = _RANGE.fullmatch(written) if isinstance(written, str) else None
    if found is None and type(written) not in (int, float):
        raise TableError(
            f"{cited(written)} is neither a number nor a range.", 'Write 0.7, or "0.6..0.8".'
        )
    try:
        low, high = map(float, (found[1], found[2] or found[1]) if found else (written, written))
    except OverflowError:
        low = high = inf
    if not all(end == 0 or SMALLEST <= abs(end) <= LARGEST for end in (low, high)):
        raise TableError(
            f"{cited(written)} is neither 0 nor from 1e-150 to 1e150.", "Choose another unit."
        )
    if high < low:
        raise TableError(
            f"the range ends at {high:g}, below its start at {low:g}.", "Write the lower end first."
        )
    return low, high


def assumed(written: Any) -> float | tuple[float, float]:
    """A number, or the ends of a range. Raises TableError as `ends` does."""
    low, high = ends(written)
    return low if low == high else (low, high)


def amount(written: Any, whole: float | None, level: int) -> Distribution:
    """A number or a range; `whole` is the value that a share cannot exceed, None for other units."""
    low, high = ends(written)
    _require_share(low, high, whole)
    return from_range(low, high, whole, level)


def _require_share(low: float, high: float, whole: float | None) -> None:
    if whole is not None and not 0 <= low <= high <= whole:
        hint = 'Write 0.6 for 60 %, or unit = "percent"; growth is "percent per year", a multiple "ratio".'
        raise TableError(
            f"this reaches {low if low < 0 else high:g}, and a share lies from 0 to {whole:g}.",
            hint,
        )


class Grid(NamedTuple):
    """Sorted midpoints of equal steps of probability, with their standard normal quantiles; shape
    (draw,).
    """

    p: Array
    z: Array


def grid(draws: int) -> Grid:
    """The grid of a number of draws."""
    from scipy.special import ndtri

    p = (np.arange(draws) + 0.5) / draws
    half = ndtri(p[: draws // 2])
    return Grid(p, np.concatenate([half, np.zeros(draws % 2), -half[::-1]]))


def _pert(grid: Grid, low: float, mode: float, high: float) -> Array:
    from scipy.special import betaincinv

    part = (mode - low) / (high - low)
    return low + (high - low) * np.asarray(betaincinv(1 + 4 * part, 5 - 4 * part, grid.p))


CERTAIN = "point"  # the kind of a single number
_QUANTILES: Mapping[str, Callable[..., Array]] = {
    CERTAIN: lambda _, value: value,
    "normal": lambda grid, mean, sd: mean + sd * grid.z,
    "lognormal": lambda grid, median, sigma: median * np.exp(sigma * grid.z),
    "logit-normal": lambda grid, mean, sd, whole: whole * expit(mean + sd * grid.z),
    "uniform": lambda grid, low, high: low + (high - low) * grid.p,
    "pert": _pert,
    "interpolated": lambda grid, **parameters: interpolated(grid.z, **parameters),
}
# Distributions that a file may name.
BOUNDS = {"uniform": ("low", "high"), "pert": ("low", "mode", "high")}


@comparable
class Distribution(NamedTuple):
    """A distribution of one number."""

    kind: str  # a key of `_QUANTILES`
    parameters: Mapping[str, Any]

    def draws(self, grid: Grid) -> Array | float:
        """Sorted values of shape (draw,), or one number if it is certain."""
        return _QUANTILES[self.kind](grid, **self.parameters)


def from_range(
    low: float, high: float, whole: float | None = None, level: int = RANGE_LEVEL
) -> Distribution:
    """The distribution whose central interval of a level has these ends. Raises TableError if none
    has them.
    """
    from scipy.special import ndtri

    if low == high:
        return Distribution(CERTAIN, {"value": low})
    z = float(ndtri(0.5 + level / 200))
    touched = whole if whole is not None and high >= whole else 0
    if touched or 0 in (low, high) or (whole is not None and low < 0):
        hint = 'Move that end a little, or use distribution = "uniform".'
        raise TableError(
            f"the range touches {touched:g}, where no distribution of such a range ends.", hint
        )
    if whole is not None:
        first, last = (log(end / (whole - end)) for end in (low, high))
        return Distribution(
            "logit-normal",
            {"mean": (first + last) / 2, "sd": (last - first) / 2 / z, "whole": whole},
        )
    if low > 0 or high < 0:
        median = sqrt(abs(low)) * sqrt(abs(high)) * (1 if low > 0 else -1)
        return Distribution("lognormal", {"median": median, "sigma": log(high / low) / 2 / z})
    return Distribution("normal", {"mean": (low + high) / 2, "sd": (high - low) / 2 / z})


def from_bounds(
    kind: str, given: Sequence[tuple[float, float]], whole: float | None = None
) -> Distribution:
    """A distribution by its parameters in rising order, each with equal ends. Raises TableError if
    it is impossible.
    """
    bounds = [low for low, _ in given]
    if (
        any(low < high for low, high in given)
        or bounds != sorted(bounds)
        or bounds[0] == bounds[-1]
    ):
        raise TableError(f"{kind} needs a number each, low below high and mode between them.")
    _require_share(bounds[0], bounds[-1], whole)
    return Distribution(kind, dict(zip(BOUNDS[kind], bounds, strict=True)))


def between(values: Mapping[int, Distribution], year: int) -> Distribution | None:
    """The distribution of a year that is given or lies between two of one kind, on a straight line;
    else None.
    """
    if year in values or not min(values) < year < max(values):
        return values.get(year)
    before = max(each for each in values if each < year)
    after = min(each for each in values if each > year)
    first = values[before]
    second = values[after]
    share = (year - before) / (after - before)
    first, second = _like(first, second), _like(second, first)
    known = first.parameters
    later = second.parameters
    if first.kind != second.kind or known.keys() != later.keys():
        return None
    return Distribution(
        first.kind, {name: known[name] + share * (later[name] - known[name]) for name in known}
    )


def _like(value: Distribution, other: Distribution) -> Distribution:
    """A certain value as a distribution of the kind of another, of no width; all else as it is."""
    if value.kind != CERTAIN or other.kind == CERTAIN:
        return value
    number, parameters, whole = (
        value.parameters["value"],
        other.parameters,
        other.parameters.get("whole"),
    )
    other_side = "median" in parameters and number * parameters["median"] <= 0
    if other_side or (whole and not 0 < number < whole):
        return value
    middle = log(number / (whole - number)) if whole else number
    widths = {name: 0.0 for name in ("sd", "sigma") if name in parameters}
    return Distribution(
        other.kind, dict.fromkeys(parameters, middle) | widths | ({"whole": whole} if whole else {})
    )
