"""Limits that a person states of a market, and that forecasts keep: a ceiling, a floor, a running
total.

A forecast q above the last value x becomes U - (U - x) exp(-(q - x) / (U - x)) under an upper bound
U; below x the mirror image holds for a floor. The map never reverses two numbers, so an interval
keeps its coverage. On 202 test series of internet users it scored 2.66 (MASE), no bound 2.94, odds
3.04. A rate has an upper bound without a statement, see `wholes`.
"""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import Problem, option
from rural_forecast.forecasting.kinds import applies
from rural_forecast.forecasting.start import Start
from rural_forecast.forecasting.wholes import REVISION
from rural_forecast.models.base import HUGE, Array, Band, Ceiling
from rural_forecast.observed.history import History
from rural_forecast.question.question import CUMULATIVE
from rural_forecast.text.numbers import number

# Least share of the median by which a bound lies away from it where the median is at a limit: no
# interval has zero width.
LEAST = 1e-3
# Largest share of the room below a ceiling that a value may have used up before the map is
# inverted; at 1 its inverse is infinite.
NEARLY_ALL = 1 - 1e-12


class Limits(NamedTuple):
    """Stated limits of the forecast."""

    ceiling: Ceiling | None = None
    floor: float | None = None
    measure: str | None = None  # `cumulative` for a total that never falls
    kind: str | None = None
    within: History | None = None
    """the total that it is a part of: each path is cut at that of the total."""
    start_of_total: Start | None = None  # its nowcast, where it goes on from one
    like: tuple[History, ...] = ()

    @property
    def cumulative(self) -> bool:
        """True for a total that never falls."""
        return self.measure == CUMULATIVE

    @property
    def top(self) -> float:
        """The upper end of the ceiling; infinite without one."""
        return self.ceiling[1] if self.ceiling else inf

    @property
    def ranged(self) -> bool:
        """True if each path has a ceiling of its own."""
        return self.ceiling is not None and self.ceiling[0] < self.ceiling[1]


NONE = Limits()


def eased(values: Array, anchor: Array | float, top: Array | float) -> Array:
    """Map values to at most `top`.

    Values up to `anchor`, which is not above `top`, stay as they are, as does NaN.
    """
    with np.errstate(all="ignore"):
        room = np.asarray(top - anchor)
        divisor = np.where(room > 0, room, 1.0)
        rise = np.maximum(values - anchor, 0.0)
        closer = np.minimum(anchor - divisor * np.expm1(-rise / divisor), top)
        return np.where(values > anchor, np.where(room > 0, closer, top), values)


def _before_easing(values: Array, last: Array | float, top: Array) -> Array:
    """Return the values that `eased` maps to these."""
    with np.errstate(all="ignore"):
        room = np.asarray(top - last)
        divisor = np.where(room > 0, room, 1.0)
        used = np.clip((values - last) / divisor, 0.0, NEARLY_ALL)
        free = last - divisor * np.log1p(-used)
        return np.where((values > last) & (room > 0), free, values)


def saturated(ceiling: Ceiling, last: Array | float, rank: Array | float = 0.5) -> Array:
    """Return the level at which a path of a rank from 0 to 1 saturates.

    A market is never above its own level, so the last value raises the lower end.
    """
    low = np.maximum(ceiling[0], last)
    high = ceiling[1]
    with np.errstate(over="ignore"):
        return np.asarray(np.minimum(low * (high / low) ** rank, high))


def _below_own_ceilings(
    band: Band, last: Array | float, ceiling: Ceiling, settled: Array | bool, levels: Sequence[int]
) -> Band:
    """Limit medians and bounds where each path has a ceiling of its own, in shapes of `limited`."""
    values, lower, upper = band
    free = _before_easing(values, last, saturated(ceiling, last))
    tails = np.asarray(levels).reshape(-1, *(1,) * values.ndim) / 200

    def bounded(quantiles: Array, rank: Array | float) -> Array:
        top = saturated(ceiling, last, rank)
        median = np.where(settled, eased(free, last, top), values)
        with np.errstate(all="ignore"):
            wide = np.where((values > 0) & (median > 0), median / values, 1.0)
            moved = median + (quantiles - values) * wide
        return eased(moved, np.where(settled, np.maximum(median, last), last), top)

    return (
        np.where(settled, values, bounded(values, 0.5)),
        bounded(lower, 0.5 - tails),
        bounded(upper, 0.5 + tails),
    )


def _never_falling(band: Band, last: Array | float) -> Band:
    """Lift a median that falls to the highest before it, and its upper bound by as much."""
    values, lower, upper = band
    risen = np.maximum.accumulate(np.maximum(values, last), axis=-1)
    with np.errstate(over="ignore"):
        upper = np.minimum(upper + (risen - values), HUGE)
    return risen, np.maximum(lower, last), upper


def _above_floor(band: Band, last: Array | float, floor: float) -> Band:
    values, lower, upper = band
    with np.errstate(over="ignore"):
        spread = np.minimum(upper - lower, HUGE)
    values = -eased(-values, -last, -floor)
    lower = -eased(-lower, -last, -floor)
    upper = -eased(-upper, -last, -floor)
    upper = np.maximum(upper, values + LEAST * np.maximum(np.abs(values), spread))
    return values, lower, upper


def _below_top(band: Band, last: Array | float, top: Array | float, settled: Array | bool) -> Band:
    values, lower, upper = band
    anchor: Array | float = np.where(settled, np.maximum(values, last), last)
    values = np.minimum(eased(values, anchor, top), top)
    return values, eased(lower, anchor, top), eased(upper, anchor, top)


def limited(
    values: Array,
    lower: Array,
    upper: Array,
    last: Array | float,
    limits: Limits,
    most: Array | float | None = None,
    settled: Array | bool = False,
    levels: Sequence[int] = (),
) -> Band:
    """Keep medians of shape (..., horizon) and bounds of shape (level, ..., horizon) in limits.

    Parameters
    ----------
    last : the last value of each series
    most : the most that a rate can be, where no ceiling is stated
    settled : where medians keep the ceiling by themselves, and only bounds are moved
    levels : of the bounds; only a ceiling that is a range needs them

    NaN stays.
    """
    floor = limits.floor
    top = limits.top if limits.ceiling else most
    band = values, lower, upper
    if limits.cumulative:
        band = _never_falling(band, last)
    if floor is not None:
        band = _above_floor(band, last, floor)
    if top is None:
        return band

    if limits.ceiling and limits.ranged:
        band = _below_own_ceilings(band, last, limits.ceiling, settled, levels)
    else:
        band = _below_top(band, last, top, settled)
    values, lower, upper = band
    lower = np.minimum(lower, values - LEAST * np.abs(values))
    upper = np.maximum(upper, values)
    # The least width may have moved a lower bound out of the other limits again.
    if floor is not None:
        lower = np.maximum(lower, floor)
    if limits.cumulative:
        lower = np.maximum(lower, last)
    return values, lower, upper


def contradiction(first: int, values: Array, limits: Limits, most: float) -> Problem | None:
    """Return the first contradiction of values, from the year `first` on, and limits.

    `most` is the most that a rate can be, infinite for what is no rate. None if all agree.
    """
    return next(_contradictions(first, values, limits, most), None)


def _contradictions(first: int, values: Array, limits: Limits, most: float) -> Iterator[Problem]:
    if limits.kind and not applies(values[None])[0]:
        yield Problem(
            f"The kind {limits.kind} needs two positive values or more.",
            f"Leave {option('kind')} out.",
        )
    yield from _of_ceiling(first, values, limits, most)
    yield from _of_floor(first, values, limits, most)
    if limits.cumulative:
        yield from _of_running_total(first, values, limits, most)


def _of_ceiling(first: int, values: Array, limits: Limits, most: float) -> Iterator[Problem]:
    if most < limits.top < inf:
        yield Problem(
            f"The ceiling of {number(limits.top)} is above {most:g}, the most that a rate can be.",
            "Lower it.",
        )
    highest = int(values.argmax())
    if values[highest] > limits.top:
        value = number(float(values[highest]))
        yield Problem(
            f"{value} in {first + highest} is above the ceiling of {number(limits.top)}.",
            "Raise the ceiling.",
        )


def _of_floor(first: int, values: Array, limits: Limits, most: float) -> Iterator[Problem]:
    if limits.floor is None:
        return
    last = float(values[-1])
    if last < limits.floor:
        yield Problem(
            f"The last value, {number(last)} in {first + len(values) - 1}, "
            f"is below the floor of {number(limits.floor)}.",
            "Lower the floor.",
        )
    if limits.floor >= most:
        yield Problem(
            f"The floor of {number(limits.floor)} is not below {most:g}, "
            "the most that a rate can be.",
            "Lower it.",
        )


def _of_running_total(first: int, values: Array, limits: Limits, most: float) -> Iterator[Problem]:
    with np.errstate(over="ignore"):
        falls = np.flatnonzero(values[1:] < values[:-1] - REVISION * np.abs(values[:-1]))
    if len(falls):
        before = int(falls[0])
        yield Problem(
            f"A running total never falls: it has {number(float(values[before]))} in "
            f"{first + before}, {number(float(values[before + 1]))} in {first + before + 1}.",
            f"Leave {option('measure')} out, or correct the value; "
            f"falls up to {100 * REVISION:g} % count as revisions.",
        )
    end = min(most, limits.top)
    if values[-1] >= end:
        yield Problem(
            f"The last value has reached {number(end)}: a running total has nothing left to add.",
            f"Raise the ceiling, or leave {option('measure')} out.",
        )
