"""Axes of values and places of labels: one answer for all that draw.

A position on an axis is a share, 0 where the axis begins and 1 where it ends, on linear and
logarithmic axes alike; renderers turn shares into pixels or rows.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import ceil, floor, log10
from statistics import fmean
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Picture, Ranges, Stack
from rural_forecast.errors import UsageError
from rural_forecast.render.columns import prose
from rural_forecast.text.numbers import tick_texts

Edge = list[tuple[float, float]]  # years with shares of the axis

# Beyond these, differences and logarithms of values leave the range of floating-point numbers.
LARGEST = 1e300
SMALLEST = 1e-300

# Part of the axis beyond its last tick in which a band that goes on fades out.
FADE = 0.11

# Steps between ticks, over the power of ten below them.
_STEPS = (1, 2, 2.5, 5, 10, 20, 25, 50, 100)
# Digits of the ticks of a logarithmic axis, the finest first.
_LOG_DIGITS = ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,))

# An axis starts at zero unless the least value is above this share of the largest: most of the
# drawing would be empty then.
_STARTS_AT_ZERO = 0.7
# Share of the last step that may stay empty; where more would, the axis ends right above what is
# drawn, with this share of its length left as room.
_UNUSED = 0.6
_ROOM = 0.03
_AXES_SHORTENED_FROM = 4  # ticks: with fewer, the last one is needed to read the axis

_WHOLE = 100.0  # percent: a share has no more

# A logarithmic axis ends at a tick, but no farther from what is drawn than this factor.
_LOG_MARGIN = 1.25

# Rounding: a bound at the end of the axis does not leave it, and a value on a tick needs no other.
_SLACK = 1e-9


class Scale(NamedTuple):
    """An axis of values."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    logarithmic: bool

    def headed(self, unit: str) -> str:
        """Write the heading of the axis: the unit, and that it is logarithmic."""
        remark = "logarithmic axis" if self.logarithmic else ""
        return ", ".join(filter(None, (unit, remark)))

    def tick_line(self, tick: float) -> tuple[str, float]:
        """Choose the colour and the width of the line of a tick: that of zero is darker."""
        if tick == 0 and not self.logarithmic:
            return "axis", 1.2
        return "grid", 1.0

    def share(self, value: float) -> float:
        """Place a value: below 0 or above 1 where it is beyond the axis."""
        low = self.low
        high = self.high
        if self.logarithmic:
            low = log10(low)
            high = log10(high)
            value = log10(value)
        return (value - low) / ((high - low) or 1)

    def outline(self, band: Band) -> list[Edge]:
        """Place the lower and the upper edge of a band, cut off at the ends of the axis."""
        return [self._edge(band.xs, band.lower), self._edge(band.xs, band.upper)]

    def _edge(self, xs: Sequence[float], values: Sequence[float]) -> Edge:
        points: Edge = []
        for x, share in zip(xs, map(self.share, values), strict=True):
            if points:
                points += _crossings(points[-1], (x, share))
            points.append((x, share))
        return [(x, min(max(share, 0.0), 1.0)) for x, share in points]

    def placed(self, value: float) -> tuple[float, int]:
        """Place a value within the axis, with the side on which it leaves it: 1 above, -1 below."""
        share = self.share(value)
        side = 0
        if share > 1 + _SLACK:
            side = 1
        elif share < -_SLACK:
            side = -1
        return min(max(share, 0.0), 1.0), side

    def sides(self, plot: Course) -> list[int]:
        """Find the sides on which bands leave the drawing."""
        left = set()
        for band in plot.bands:
            for bound in (*band.lower, *band.upper):
                _, side = self.placed(bound)
                left.add(side)
        return [side for side in (1, -1) if side in left]


def _crossings(start: tuple[float, float], end: tuple[float, float]) -> Edge:
    """Find the points where a line crosses an end of the axis, in the order of their years."""
    x0, y0 = start
    x, y = end
    limits = [limit for limit in (0.0, 1.0) if min(y0, y) < limit < max(y0, y)]
    return sorted((x0 + (x - x0) * (limit - y0) / (y - y0), limit) for limit in limits)


def of(picture: Picture, most: int) -> Scale:
    """Choose the axis of a picture, with at most about `most` ticks.

    It follows history and ranges of 80 %; where a wider band goes beyond, there is room for it to
    fade out.
    """
    logarithmic = picture.by_factors
    drawn = picture.plot.drawn
    least = min(drawn)
    largest = max(drawn)
    if max(-least, largest) > LARGEST or (logarithmic and least < SMALLEST):
        raise UsageError(
            "These numbers are too large or too small to draw.", "Write the series in another unit."
        )

    low = least
    high = largest
    if not logarithmic and _may_start_at_zero(picture):
        if 0 < least < _STARTS_AT_ZERO * largest:
            low = 0.0
        if _STARTS_AT_ZERO * least < largest < 0:
            high = 0.0
    if picture.is_share and isinstance(picture.plot, Course) and least > 0 and not logarithmic:
        low = 0.0
        high = _end_of_shares(picture, largest)

    find_ticks = log_ticks if logarithmic else value_ticks
    ticks = find_ticks(low, high, most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 and not logarithmic else 0.0
    if isinstance(picture.plot, Course | Stack) and step and len(ticks) >= _AXES_SHORTENED_FROM:
        unused = ticks[-1] - high
        if unused > _UNUSED * step:
            ticks[-1] = high + _ROOM * (high - ticks[0])

    low, high = limits(ticks, low, high, logarithmic=logarithmic)
    shown = tuple(tick for tick in ticks if _is_even(tick, step) and low <= tick <= high)
    in_unit = [tick / picture.amounts.factor for tick in shown]
    texts = tuple(map(prose, tick_texts(in_unit, logarithmic=logarithmic)))
    low, high = _with_room_to_fade(picture, low, high, logarithmic=logarithmic)
    return Scale(low, high, shown, texts, logarithmic)


def _end_of_shares(picture: Picture, largest: float) -> float:
    """End an axis of shares at 100 where a range goes beyond what the axis follows, if it can."""
    plot = picture.plot
    bounds = [max(band.upper) for band in plot.bands] if isinstance(plot, Course) else []
    widest = max(bounds, default=largest)
    return _WHOLE if largest < widest <= _WHOLE * (1 + _SLACK) else largest


def _may_start_at_zero(picture: Picture) -> bool:
    """Check that a drawing suits zero: range plots need not start there, bars must."""
    plot = picture.plot
    return not isinstance(plot, Ranges) or any(row.bar for row in plot.rows)


def _is_even(tick: float, step: float) -> bool:
    """Check that a tick is a multiple of the step, as the end of a shortened axis is not."""
    return not step or abs(tick / step - round(tick / step)) < 1e-6


def _with_room_to_fade(
    picture: Picture, low: float, high: float, *, logarithmic: bool
) -> tuple[float, float]:
    """Extend an axis on the sides on which a band goes beyond it."""
    plot = picture.plot
    bands = plot.bands if isinstance(plot, Course) else ()
    over = any(max(band.upper) > high for band in bands)
    under = any(min(band.lower) < low for band in bands)
    # An axis that starts at zero keeps it, unless there are values below.
    under = under and (low != 0 or min(plot.drawn) < 0)

    def beyond(share: float) -> float:
        if logarithmic:
            factor: float = (high / low) ** share
            return low * factor
        return low + (high - low) * share

    return (
        beyond(-FADE) if under else low,
        beyond(1 + FADE) if over else high,
    )


def value_ticks(low: float, high: float, most: int) -> list[float]:
    """Choose round numbers that span `low` to `high`, at most `most` of them."""
    if not high > low:
        size = abs(high) or 1.0
        low = low - size / 2
        high = high + size / 2
    magnitude = 10.0 ** floor(log10((high - low) / max(most - 1, 1)))
    for multiple in _STEPS:
        step = multiple * magnitude
        first = floor(low / step + _SLACK)
        last = ceil(high / step - _SLACK)
        if last - first + 1 <= max(most, 2):
            return [_cleaned(count * step) for count in range(first, last + 1)]
    return [low, high]


def _cleaned(number: float) -> float:
    """Round off what a product of decimal fractions adds: 3 x 0.1 is 0.30000000000000004."""
    return float(f"{number:.12g}")


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Choose round numbers for a logarithmic axis of positive values.

    They are powers of ten, with 2 and 5 where there is room. Over less than a factor of three they
    are those of a linear axis.
    """
    if high < 3 * low:
        ticks = value_ticks(low, high, most)
        if ticks[0] > 0:
            return ticks

    first = floor(log10(low))
    last = ceil(log10(high))
    for digits in _LOG_DIGITS:
        ticks = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits]
        if sum(low / _LOG_MARGIN <= tick <= high * _LOG_MARGIN for tick in ticks) <= most:
            return ticks[max(bisect_right(ticks, low) - 1, 0) : bisect_left(ticks, high) + 1]

    every = ceil((last - first) / max(most - 1, 1))
    return [float(f"1e{power}") for power in range(first, last + every, every)]


def log_marks(low: float, high: float) -> list[float]:
    """List 1, 2 and 5 times powers of ten from the last one below `low` to the first above `high`.

    A value that is such a mark, but for rounding, is an end.
    """
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    marks = [float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)]
    first = bisect_right(marks, low * (1 + 1e-12)) - 1
    last = bisect_left(marks, high * (1 - 1e-12))
    return marks[first : last + 1]


def limits(
    ticks: Sequence[float], low: float, high: float, *, logarithmic: bool
) -> tuple[float, float]:
    """Find the ends of the axis: at its ticks; a logarithmic one stays near what is drawn."""
    start = max(ticks[0], low / _LOG_MARGIN)
    end = min(ticks[-1], high * _LOG_MARGIN)
    if logarithmic and any(start <= tick <= end for tick in ticks):
        return start, end
    return ticks[0], ticks[-1]


def spread(wanted: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Place labels near where they are wanted, at least `room` apart, inside `low` to `high`.

    Where there is not enough room for all, they are around its middle. Taking `room` for each label
    below leaves positions that must only not decrease; the nearest such ones, by squares, are
    means over runs of labels that touch (isotonic regression, by its formula of minimum and
    maximum).
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    starts = [wanted[index] - room * rank for rank, index in enumerate(order)]
    most = high - room * (len(wanted) - 1)
    if low > most:
        low = (low + most) / 2
        most = low

    positions = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        start = max(
            min(fmean(starts[first:end]) for end in range(rank + 1, len(starts) + 1))
            for first in range(rank + 1)
        )
        positions[index] = min(max(start, low), most) + room * rank
    return positions
