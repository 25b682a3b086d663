"""A person's statements on a market: limits, and those of a rate, that forecasts keep; its kind,
which moves them.

A forecast q above the last value x becomes U - (U - x) exp(-(q - x) / (U - x)) under an upper bound
U; below x the mirror image holds for a floor. The map never reverses two numbers, so an interval
keeps its coverage. On 202 test series of internet users it scored 2.66 (MASE), no bound 2.94, odds
3.04. The kind `adoption`, a new product or technology that still spreads, is a learned shift of the
log path and new offsets of the bounds, which fade out where growth is slow; `training/kinds.py`
makes `kinds.json`.
"""

import json
from collections.abc import Sequence
from functools import cache
from math import inf
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import Problem, option
from rural_forecast.forecasting.distribution import level_scores, tail_scores
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models.base import HUGE, TINY, Array, Band, Ceiling, Flags
from rural_forecast.series.history import History
from rural_forecast.series.shares import most_of
from rural_forecast.text.numbers import number

CUMULATIVE = "cumulative"
# Least share of the median by which a bound lies away from it where the median is at a limit.
LEAST = 1e-3
# Share of the value before by which a running total or a part may pass it: roundings and small
# revisions.
FALL = 0.005

FILE = Path(__file__).with_name("kinds.json")
# Growth a year below which a kind changes nothing, and from which on it counts in full.
GROWTH = (1.1, 1.4)
CENTRES = (1, 2.5, 5, 8.5)  # middle of each horizon class, between which factors are interpolated
LONGEST = 12  # points from which on the length of a history makes no difference
RECENT = 5  # changes that count as recent growth
SOFT = 0.3  # log growth beyond which inputs rise ever more slowly


class Limits(NamedTuple):
    """Stated limits of the forecast."""

    ceiling: Ceiling | None = None
    floor: float | None = None
    measure: str | None = None  # `cumulative` for a total that never falls
    kind: str | None = None
    within: History | None = None
    """the total that it is a part of: each path is cut at that of the total."""
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
    """Values mapped to at most `top`; those up to `anchor`, which is not above it, stay as they
    are, as does NaN.
    """
    with np.errstate(all="ignore"):
        room = np.asarray(top - anchor)
        some = np.where(room > 0, room, 1.0)
        closer = np.minimum(anchor - some * np.expm1(-np.maximum(values - anchor, 0.0) / some), top)
        return np.where(values > anchor, np.where(room > 0, closer, top), values)


def saturated(ceiling: Ceiling, last: Array | float, rank: Array | float = 0.5) -> Array:
    """The level at which a path of a rank from 0 to 1 saturates; a market is not above its own."""
    low = np.maximum(ceiling[0], last)
    high = ceiling[1]
    with np.errstate(over="ignore"):
        return np.asarray(np.minimum(low * (high / low) ** rank, high))


def _own_ceilings(
    band: Band, last: Array | float, ceiling: Ceiling, settled: Array | bool, levels: Sequence[int]
) -> Band:
    """Medians and bounds where each path has a ceiling of its own, in the shapes of `limited`."""
    values, lower, upper = band
    with np.errstate(all="ignore"):  # the values that `eased` maps to these
        room = np.asarray(saturated(ceiling, last) - last)
        some = np.where(room > 0, room, 1.0)
        grown = last - some * np.log1p(-np.clip((values - last) / some, 0.0, 1 - 1e-12))
        free = np.where((values > last) & (room > 0), grown, values)
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


def limited(
    values: Array,
    lower: Array,
    upper: Array,
    last: Array | float,
    stated: Limits,
    most: Array | float | None = None,
    settled: Array | bool = False,
    levels: Sequence[int] = (),
) -> Band:
    """Medians of shape (..., horizon) and bounds of shape (level, ..., horizon) inside limits; NaN
    stays.
    """
    top = stated.top if stated.ceiling else most
    floor = stated.floor
    # A median that falls is lifted to the highest before it, and its upper bound by as much.
    if stated.cumulative:
        risen = np.maximum.accumulate(np.maximum(values, last), axis=-1)
        with np.errstate(over="ignore"):
            upper = np.minimum(upper + (risen - values), HUGE)
        values = risen
        lower = np.maximum(lower, last)
    if floor is not None:
        with np.errstate(over="ignore"):
            spread = np.minimum(upper - lower, HUGE)
        values, lower, upper = (-eased(-part, -last, -floor) for part in (values, lower, upper))
        upper = np.maximum(upper, values + LEAST * np.maximum(np.abs(values), spread))
    if top is not None:
        if stated.ceiling and stated.ranged:
            values, lower, upper = _own_ceilings(
                (values, lower, upper), last, stated.ceiling, settled, levels
            )
        else:
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


def whole(history: History) -> float | None:
    """The most a rate can be, in its own unit: 100 in percent, 1 as a share; None for what is no
    rate.
    """
    most = most_of(history.series.unit)
    holds = (
        history.series.measure == "rate"
        and 0 <= history.values.min() <= history.values.max() <= most
    )
    return most if holds else None


def contradiction(first: int, values: Array, stated: Limits, most: float) -> Problem | None:
    """A value that contradicts the limits; None where all agree. `most`: of a rate, else infinite."""
    last = float(values[-1])
    highest = int(values.argmax())
    top = number(stated.top)
    floor = -inf if stated.floor is None else stated.floor
    if stated.kind and not applies(values[None])[0]:
        needs = f"The kind {stated.kind} needs two positive values or more."
        return Problem(needs, f"Leave {option('kind')} out.")
    if most < stated.top < inf:
        return Problem(
            f"The ceiling of {top} is above {most:g}, the most that a rate can be.", "Lower it."
        )
    if values[highest] > stated.top:
        above = (
            f"{number(float(values[highest]))} in {first + highest} is above the ceiling of {top}."
        )
        return Problem(above, "Raise the ceiling.")
    if last < floor:
        below = f"The last value, {number(last)} in {first + len(values) - 1}, is below the floor of {number(floor)}."
        return Problem(below, "Lower the floor.")
    if floor >= most:
        return Problem(
            f"The floor of {number(floor)} is not below {most:g}, the most that a rate can be.",
            "Lower it.",
        )
    if not stated.cumulative:
        return None
    hint = f"Leave {option('measure')} out, or correct the value; falls up to {100 * FALL:g} % count as revisions."
    with np.errstate(over="ignore"):
        falls = np.flatnonzero(values[1:] < values[:-1] - FALL * np.abs(values[:-1])).tolist()
    for place in falls[:1]:
        before, after = map(number, values[place : place + 2].tolist())
        fell = f"A running total never falls: it has {before} in {first + place}, {after} in {first + place + 1}."
        return Problem(fell, hint)
    if last >= min(most, stated.top):
        done = f"The last value has reached {number(min(most, stated.top))}: a running total has nothing left to add."
        return Problem(done, f"Raise the ceiling, or leave {option('measure')} out.")
    return None


def not_a_part(
    part: str, first: int, values: Array, total: str, total_first: int, totals: Array
) -> Problem | None:
    """Why a series cannot be a part of another: in a year it is more; None where it can."""
    known = dict(enumerate(totals.tolist(), total_first))
    for year, value in enumerate(values.tolist(), first):
        if value > known.get(year, inf) * (1 + FALL):
            whole = f"its total {total} {number(known[year])}"
            hint = f"Leave {option('within')} out, or name what it is a part of."
            return Problem(f"{part} has {number(value)} in {year}, and {whole}.", hint)
    return None


@cache
def learned(kind: str) -> tuple[Array, Array]:
    """Shift of a kind, (basis, input), and factors on the root of an offset, (class, side, outer
    tail first).
    """
    known = json.loads(FILE.read_text(encoding="utf-8"))[kind]
    return np.array(known["shift"]), np.array(known["tails"])


def applies(values: Array) -> Flags:
    """Which series of shape (series, time) a kind can be stated of: positive ones of two points or
    more.
    """
    return np.asarray((values.min(axis=1) > 0) & (values.shape[1] > 1))


def recent_growth(values: Array) -> Array:
    """Mean log growth over the last five changes at most, of positive series; shape (series,)."""
    changes = min(values.shape[1] - 1, RECENT)
    return np.asarray((np.log(values[:, -1]) - np.log(values[:, -1 - changes])) / max(changes, 1))


def strength(values: Array) -> Array:
    """How much a kind counts, 0 to 1, by recent growth of positive series; shape (series,)."""
    slow, fast = np.log(GROWTH)
    return np.asarray(np.clip((recent_growth(values) - slow) / (fast - slow), 0.0, 1.0))


def inputs(values: Array, path: Array) -> Array:
    """Inputs of the shift; `path` holds log ratios to the last value. Shape (series, horizon,
    input).
    """
    logs = np.log(values)
    last = logs[:, -1] - logs[:, -2]
    before = logs[:, -2] - logs[:, -3] if values.shape[1] > 2 else last
    length = np.log(min(values.shape[1], LONGEST) / 5)
    paces = path / np.arange(1.0, path.shape[1] + 1)
    sides = (
        side if side.ndim == 2 else side[:, None]
        for side in (recent_growth(values), last - before, last, paces)
    )
    growth, bend, change, pace = (SOFT * np.arcsinh(side / SOFT) for side in sides)
    columns = (1.0, growth, bend, change, length * growth, length, pace)
    return np.stack(np.broadcast_arrays(*columns), axis=2)


def basis(horizon: int) -> Array:
    """Shape (basis, horizon); flat after the learned years."""
    steps = np.minimum(np.arange(1.0, horizon + 1), LEARNED)
    return np.stack([np.sqrt(steps), steps])


def shifts(values: Array, path: Array, coefficients: Array) -> Array:
    """Shift of the log ratios of positive series by a kind, before it fades; shape (series,
    horizon).
    """
    seen = inputs(values, path[:, :LEARNED])[:, np.minimum(np.arange(path.shape[1]), LEARNED - 1)]
    parts = zip(coefficients, basis(path.shape[1]), strict=True)
    return np.asarray(sum((seen * row).sum(axis=2) * part for row, part in parts))


def state(
    values: Array, forecast: Band, levels: tuple[int, ...], kinds: Sequence[str | None]
) -> Band:
    """Point and bounds of a block whose series are of the stated kinds; None where none is stated."""
    point, lower, upper = (part.copy() for part in forecast)
    able = applies(values)
    for kind in sorted({kind for kind in kinds if kind}):
        rows = np.flatnonzero(able & np.array([other == kind for other in kinds]))
        band = point[rows], lower[rows], upper[rows]
        point[rows], lower[rows], upper[rows] = adjusted(values[rows], *band, levels, learned(kind))
    return point, lower, upper


@np.errstate(all="ignore")
def adjusted(
    values: Array,
    point: Array,
    lower: Array,
    upper: Array,
    levels: tuple[int, ...],
    numbers: tuple[Array, Array],
) -> Band:
    """Point and bounds of positive series by the numbers of a kind, as `learned` gives them."""
    (shift, tails), count, last = numbers, strength(values)[:, None], values[:, -1:]
    down = np.log(point[:, None] / lower)
    up = np.log(upper / point[:, None])
    path = np.log(point / last)
    moved = np.clip(last * np.exp(path + count * shifts(values, path, shift)), TINY, HUGE)
    scores = tail_scores()[::-1]
    wanted = level_scores(levels)
    steps = np.log(np.arange(1.0, point.shape[1] + 1))
    bounds = []
    for side, offsets in enumerate((down, up)):
        at_levels = [np.interp(wanted, scores, row) for row in tails[:, side, ::-1]]
        factor = np.stack(
            [np.interp(steps, np.log(CENTRES), column) for column in zip(*at_levels, strict=True)]
        )
        own = offsets ** (1 - count[:, None] / 2) * factor ** count[:, None]
        wider = np.maximum(own, offsets)  # a technology of its own may do more
        offsets = np.sqrt(own * wider) if side == 0 else wider
        offsets = np.maximum.accumulate(np.maximum.accumulate(offsets, axis=1), axis=2)
        bounds.append(
            np.clip(moved[:, None] * np.exp(-offsets if side == 0 else offsets), 0.0, HUGE)
        )
    return moved, bounds[0], bounds[1]
