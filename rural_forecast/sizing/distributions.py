"""Distributions of drivers, made of numbers and ranges that people write.

They are quantile functions over one grid of probabilities, so that they have no sampling noise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import inf, isclose, log, sqrt
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.forecasting.distribution import expit, interpolated
from rural_forecast.models.base import Array
from rural_forecast.sizing.toml import RANGE_LEVEL, TableError, cited

SMALLEST = 1e-150
LARGEST = 1e150
"""Sizes of numbers other than 0: a double holds their squares and ratios."""
_NUMBER = r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.\s*({_NUMBER})\s*)?", re.ASCII)


def ends(written: Any) -> tuple[float, float]:
    """The ends of a range `"a..b"`, or a number twice.

    Raises TableError if it is neither, or too large or small.
    """
    match = _RANGE.fullmatch(written) if isinstance(written, str) else None
    if match is None and type(written) not in (int, float):
        raise TableError(
            f"{cited(written)} is neither a number nor a range.", 'Write 0.7, or "0.6..0.8".'
        )
    first = match[1] if match else written
    second = (match[2] if match else None) or first
    try:
        low = float(first)
        high = float(second)
    except OverflowError:  # a whole number of hundreds of digits
        low = inf
        high = inf
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
    """The distribution of a number or a range; `whole`: the most of a share, None without one."""
    low, high = ends(written)
    _require_share(low, high, whole)
    return from_range(low, high, whole, level)


def _require_share(low: float, high: float, whole: float | None) -> None:
    if whole is None or 0 <= low <= high <= whole:
        return
    outside = low if low < 0 else high
    raise TableError(
        f"this reaches {outside:g}, and a share lies from 0 to {whole:g}.",
        'Write 0.6 for 60 %, or unit = "percent"; growth is "percent per year", a multiple '
        '"ratio".',
    )


class QuantileGrid(NamedTuple):
    """Sorted midpoints of equal steps of probability; shape (draw,)."""

    p: Array
    z: Array  # their standard normal quantiles


def grid(draws: int) -> QuantileGrid:
    """The grid of a number of draws."""
    from scipy.special import ndtri

    p = (np.arange(draws) + 0.5) / draws
    # One half mirrored, so that the quantiles are symmetric to the last bit.
    half = ndtri(p[: draws // 2])
    return QuantileGrid(p, np.concatenate([half, np.zeros(draws % 2), -half[::-1]]))


def _pert(grid: QuantileGrid, low: float, mode: float, high: float) -> Array:
    from scipy.special import betaincinv

    # A beta distribution whose mean is (low + 4 x mode + high) / 6.
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
BOUNDS = {"uniform": ("low", "high"), "pert": ("low", "mode", "high")}
"""The distributions that a file may name, with their parameters in rising order."""


@comparable
class Distribution(NamedTuple):
    """A distribution of one number."""

    kind: str  # a key of `_QUANTILES`
    parameters: Mapping[str, Any]

    def draws(self, grid: QuantileGrid) -> Array | float:
        """Sorted values of shape (draw,), or one number if it is certain."""
        return _QUANTILES[self.kind](grid, **self.parameters)

    def quantiles(self, probabilities: Sequence[float]) -> list[float]:
        """Exact values at these probabilities: the ends of a range are those that were written."""
        from scipy.special import ndtri

        if self.kind == CERTAIN:
            return [self.parameters["value"]] * len(probabilities)
        p = np.asarray(probabilities, dtype=float)
        values = _QUANTILES[self.kind](QuantileGrid(p, ndtri(p)), **self.parameters)
        return [_as_written(value) for value in np.asarray(values).tolist()]


def _as_written(value: float) -> float:
    """Take back the last bits that a logarithm has moved, where that gives a short number."""
    short = float(f"{value:.12g}")
    return short if isclose(short, value, rel_tol=1e-14) else value


def from_range(
    low: float, high: float, whole: float | None = None, level: int = RANGE_LEVEL
) -> Distribution:
    """The distribution whose central interval of a level has these ends.

    A share is logit-normal, an amount of one sign lognormal, any other normal. Raises TableError if
    none has these ends.
    """
    from scipy.special import ndtri

    if low == high:
        return Distribution(CERTAIN, {"value": low})
    z = float(ndtri(0.5 + level / 200))
    touched = whole if whole is not None and high >= whole else 0
    if touched or 0 in (low, high) or (whole is not None and low < 0):
        raise TableError(
            f"the range touches {touched:g}, where no distribution of such a range ends.",
            'Move that end a little, or use distribution = "uniform".',
        )
    if whole is not None:
        first = log(low / (whole - low))
        last = log(high / (whole - high))
        parameters = {"mean": (first + last) / 2, "sd": (last - first) / 2 / z, "whole": whole}
        return Distribution("logit-normal", parameters)
    if low > 0 or high < 0:
        median = sqrt(abs(low)) * sqrt(abs(high)) * (1 if low > 0 else -1)
        return Distribution("lognormal", {"median": median, "sigma": log(high / low) / 2 / z})
    return Distribution("normal", {"mean": (low + high) / 2, "sd": (high - low) / 2 / z})


def from_bounds(
    kind: str, given: Sequence[tuple[float, float]], whole: float | None = None
) -> Distribution:
    """A distribution by its parameters in rising order, each with equal ends.

    Raises TableError if it is impossible.
    """
    bounds = [low for low, _ in given]
    has_range = any(low < high for low, high in given)
    if has_range or bounds != sorted(bounds) or bounds[0] == bounds[-1]:
        raise TableError(f"{kind} needs a number each, low below high and mode between them.")
    _require_share(bounds[0], bounds[-1], whole)
    return Distribution(kind, dict(zip(BOUNDS[kind], bounds, strict=True)))


def between(values: Mapping[int, Distribution], year: int) -> Distribution | None:
    """The distribution of a year that is given, or that lies between two of one kind; else None.

    Between two its parameters are on a straight line.
    """
    if year in values or not min(values) < year < max(values):
        return values.get(year)
    before = max(other for other in values if other < year)
    after = min(other for other in values if other > year)
    first = _like(values[before], values[after])
    second = _like(values[after], values[before])
    if first.kind != second.kind or first.parameters.keys() != second.parameters.keys():
        return None
    share = (year - before) / (after - before)
    parameters = {}
    for name, start in first.parameters.items():
        parameters[name] = start + share * (second.parameters[name] - start)
    return Distribution(first.kind, parameters)


def _like(value: Distribution, other: Distribution) -> Distribution:
    """A certain value as a distribution of the kind of another, of no width; all else as it is."""
    if value.kind != CERTAIN or other.kind == CERTAIN:
        return value
    number = value.parameters["value"]
    whole = other.parameters.get("whole")
    # No logarithm or logit of the other's kind has this number.
    other_side = "median" in other.parameters and number * other.parameters["median"] <= 0
    if other_side or (whole and not 0 < number < whole):
        return value
    middle = log(number / (whole - number)) if whole else number
    parameters = dict.fromkeys(other.parameters, middle)
    for width in ("sd", "sigma"):
        if width in parameters:
            parameters[width] = 0.0
    if whole:
        parameters["whole"] = whole
    return Distribution(other.kind, parameters)
