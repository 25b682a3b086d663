"""Values that do not fit their neighbours: out by a power of ten, in another unit, or less than half of the last one.

One kernel over flat arrays, for a single series and for a batch alike. Steps are differences of logarithms, because the
ratio of two values can be too large for a number.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Flags = NDArray[np.bool_]
else:
    Array = Integers = Flags = np.ndarray

NEAR = (0.7, 1.4)
"""A value this many times ten, a hundred or a thousand of its neighbours, up or down, looks like a slip."""
LEAST = log(3)
"""How far a value lies off each of its neighbours, as a logarithm, before it can be such a slip."""
SLIP, UNIT, FALL = 1, 2, 3
"""A value that is out by a power of ten; all values from one on; a value less than half of the one before."""


class Jumps(NamedTuple):
    """Points that do not fit, in order."""

    at: Integers
    """Places in the flat array."""
    kind: Integers
    power: Integers
    """The power of ten, up or down; 0 for a fall."""
    up: Flags
    """Whether the value is higher than the one before."""


def jumps(values: Array, offsets: Integers, linked: Flags | None = None) -> Jumps:
    """The points that do not fit, of series i in `values[offsets[i]:offsets[i + 1]]`.

    `linked`: whether each point follows the one before it by a year, on the same basis; all do where left out.
    """
    before, now = values[:-1], values[1:]
    with np.errstate(over="ignore"):
        candidate = (before > 0) & ((now > 2.9 * before) | (now < 0.5 * before))
    candidate[offsets[1:-1] - 1] = False
    places = np.flatnonzero(candidate)
    if not len(places):
        nothing = np.empty(0, dtype=np.int64)
        return Jumps(nothing, nothing, nothing, np.empty(0, dtype=np.bool_))
    chosen = np.unique(np.searchsorted(offsets, places + 1, side="right") - 1)
    lengths = np.diff(offsets)[chosen]
    part = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(offsets[chosen] - part[:-1], lengths) + np.arange(part[-1])
    follows = np.ones(len(at), dtype=np.bool_) if linked is None else linked[at]
    follows[part[:-1]] = False
    odd = _examined(values[at], part, follows)
    return odd._replace(at=at[odd.at])


def _examined(values: Array, offsets: Integers, follows: Flags) -> Jumps:
    """As `jumps`, for series that have a candidate each.

    `np.roll` gives the value of the point before or after; what it gives across series has no part in the result.
    """
    lengths = np.diff(offsets)
    positive = values > 0
    known = follows & positive & np.roll(positive, 1)
    logarithms = np.log(np.where(positive, values, 1.0))
    step = np.where(known, logarithms - np.roll(logarithms, 1), 0.0)
    known_next, step_next = np.roll(known, -1), np.roll(step, -1)
    wild = known & (abs(step) >= log(2))

    def in_series(flags: Flags) -> Integers:
        return np.repeat(np.add.reduceat(flags.astype(np.int64), offsets[:-1]), lengths)

    others = in_series(known) - 1 > 1
    calm = others & (in_series(wild) == wild)
    calm_next = others & (in_series(wild) == np.roll(wild, -1))
    both = known & known_next
    spike = both & ((np.minimum(step, -step_next) > LEAST) | (np.minimum(-step, step_next) > LEAST))
    power = np.where(spike, _power((step - step_next) / 2), 0)
    power = np.where(known & ~known_next & calm, _power(step), power)
    power = np.where(~known & known_next & calm_next, _power(step_next), power)
    slip = power > 0
    step_power = _power(step)
    unit = both & ~spike & (step_power > 1) & np.roll(known, 1) & calm
    previous = np.roll(values, 1)
    fall = follows & (previous > 0) & (values < 0.5 * previous) & (in_series(values < 0) == 0)
    fall &= ~(slip | unit | np.roll(slip, 1))
    kind = np.where(slip, SLIP, np.where(unit, UNIT, np.where(fall, FALL, 0)))
    at = np.flatnonzero(kind)
    return Jumps(at, kind[at], np.where(unit, step_power, power)[at], (step > 0)[at])


def _power(step: Array) -> Integers:
    """The powers of ten that ratios, or their inverses, are near; 0 for none."""
    power = np.rint(abs(step) / log(10))
    low, high = (log(bound) for bound in NEAR)
    off = abs(step) - power * log(10)
    return np.where((low <= off) & (off <= high), power, 0).astype(np.int64)
