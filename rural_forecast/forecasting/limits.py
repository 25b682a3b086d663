"""What a person states: a ceiling, a floor, a total that never falls, a kind of market; and maps that keep limits.

A forecast q above the last value x becomes U - (U - x) exp(-(q - x) / (U - x)) under an upper bound U: the same pace at
first, and U is never passed. Below x the mirror image holds for a floor. The map never reverses the order of two
numbers, so a median stays a median and an interval keeps its coverage.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import HUGE, Array, Ceiling

LEAST = 1e-3
"""Least share of the median by which a bound lies away from it where the median is at a limit."""
FALL = 0.005
"""Share of the value before by which a cumulative total may fall in its history: roundings and small revisions."""


CUMULATIVE = "cumulative"


class Limits(NamedTuple):
    """Stated limits of the forecast."""

    ceiling: Ceiling | None = None
    """Range of the level at which the market saturates; nothing lies above its upper end."""
    floor: float | None = None
    """Nothing lies below it."""
    measure: str | None = None
    """`cumulative` for a total that never falls."""
    kind: str | None = None
    """The kind of market, one of `MARKET_KINDS`."""

    @property
    def cumulative(self) -> bool:
        """Whether it is a total that never falls."""
        return self.measure == CUMULATIVE

    @property
    def top(self) -> float:
        """The upper end of the ceiling; infinite without one."""
        return self.ceiling[1] if self.ceiling else inf

    @property
    def stated(self) -> bool:
        """Whether there is any limit."""
        return self != NONE


NONE = Limits()


def eased(values: Array, anchor: Array | float, top: Array | float) -> Array:
    """Values mapped to at most `top`; those up to `anchor`, which is not above it, stay as they are, and so does NaN.

    >>> eased(np.array([90.0, 110.0, 400.0]), 100.0, 200.0).round(1).tolist()
    [90.0, 109.5, 195.0]
    """
    with np.errstate(all="ignore"):
        room = np.asarray(top - anchor)
        some = np.where(room > 0, room, 1.0)
        closer = np.minimum(anchor - some * np.expm1(-np.maximum(values - anchor, 0.0) / some), top)
        bounded: Array = np.where(values > anchor, np.where(room > 0, closer, top), values)
    return bounded


def kept(
    values: Array,
    lower: Array,
    upper: Array,
    last: Array | float,
    stated: Limits,
    most: Array | float | None = None,
    settled: Array | bool = False,
) -> tuple[Array, Array, Array]:
    """Medians and bounds inside limits that the last value respects; NaN stays.

    Parameters
    ----------
    values : shape (..., horizon)
    lower, upper : shape (level, ..., horizon)
    last : the last observed value, in a shape that fits `values`
    most : the most that a rate can be, where no ceiling is stated; None for what is no rate
    settled : where the medians respect the ceiling by themselves, so that only bounds are mapped
    """
    top, floor = stated.top if stated.ceiling else most, stated.floor
    if stated.cumulative:
        values, lower, upper = _never_falling(values, lower, upper, last)
    if floor is not None:
        with np.errstate(over="ignore"):
            spread = np.minimum(upper - lower, HUGE)
        values, lower, upper = (-eased(-part, -last, -floor) for part in (values, lower, upper))
        upper = np.maximum(upper, values + LEAST * np.maximum(np.abs(values), spread))
    if top is not None:
        anchor: Array | float = np.where(settled, np.maximum(values, last), last)
        values = np.minimum(eased(values, anchor, top), top)
        lower, upper = (eased(part, anchor, top) for part in (lower, upper))
        lower = np.minimum(lower, values - LEAST * np.abs(values))
        upper = np.maximum(upper, values)
        if floor is not None:
            lower = np.maximum(lower, floor)
        if stated.cumulative:
            lower = np.maximum(lower, last)
    return values, lower, upper


def _never_falling(values: Array, lower: Array, upper: Array, last: Array | float) -> tuple[Array, Array, Array]:
    """A median that falls is lifted to the highest before it, and its upper bound by as much."""
    risen = np.maximum.accumulate(np.maximum(values, last), axis=-1)
    with np.errstate(over="ignore"):
        higher = np.minimum(upper + (risen - values), HUGE)
    return risen, np.maximum(lower, last), higher


def first_fall(values: Array) -> int | None:
    """The place of the first value that is lower than the one before by more than `FALL`; None where there is none."""
    places = np.flatnonzero(values[1:] < values[:-1] - FALL * np.abs(values[:-1]))
    return int(places[0]) + 1 if len(places) else None
