"""Axes of values and places of labels: one answer for all that draw.

A place on the axis is a share, 0 where it begins and 1 where it ends, whether the axis is
logarithmic or not.
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

Edge = list[tuple[float, float]]  # years with places on the axis
LARGEST = 1e300
SMALLEST = 1e-300  # beyond, differences and logarithms leave the range of numbers
FADE = 0.11  # part of the axis beyond its ticks in which a band that goes on fades out
_STEPS = (1, 2, 2.5, 5, 10, 20, 25, 50, 100)
# Part of the last step that may stay empty, and room above what is drawn without it.
_UNUSED = 0.6
_ROOM = 0.03
_SLACK = 1e-9  # a bound at the end of the axis, up to rounding, does not leave it


class Scale(NamedTuple):
    """An axis of values."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    logarithmic: bool

    def headed(self, unit: str) -> str:
        """The heading of the axis: the unit, and that it is logarithmic."""
        return ", ".join(filter(None, (unit, "logarithmic axis" if self.logarithmic else "")))

    def tick_line(self, tick: float) -> tuple[str, float]:
        """The colour and the width of the line of a tick: that of zero is darker."""
        return ("axis", 1.2) if tick == 0 and not self.logarithmic else ("grid", 1.0)

    def share(self, value: float) -> float:
        """The place of a value: below 0 or above 1 where it is beyond the axis."""
        low, high, at = (
            log10(number) if self.logarithmic else number for number in (self.low, self.high, value)
        )
        return (at - low) / ((high - low) or 1)

    def outline(self, band: Band) -> list[Edge]:
        """The lower and the upper edge of a band as far as they can be drawn."""
        edges = []
        for values in (band.lower, band.upper):
            points: Edge = []
            for x, y in zip(band.xs, map(self.share, values), strict=True):
                if points:  # one more wherever it crosses an end of the axis
                    x0, y0 = points[-1]
                    ends = [limit for limit in (0.0, 1.0) if min(y0, y) < limit < max(y0, y)]
                    points += sorted(
                        (x0 + (x - x0) * (limit - y0) / (y - y0), limit) for limit in ends
                    )
                points.append((x, y))
            edges.append([(x, min(max(y, 0.0), 1.0)) for x, y in points])
        return edges

    def placed(self, value: float) -> tuple[float, int]:
        """The place of a value within the axis, and the side on which it leaves it: 1 above, -1
        below, 0 inside.
        """
        share = self.share(value)
        return min(max(share, 0.0), 1.0), (share > 1 + _SLACK) - (share < -_SLACK)

    def sides(self, plot: Course) -> list[int]:
        """The sides on which bands leave the drawing."""
        found = {self.placed(end)[1] for band in plot.bands for end in (*band.lower, *band.upper)}
        return [side for side in (1, -1) if side in found]


def of(picture: Picture, most: int) -> Scale:
    """The axis of a picture, with at most about `most` ticks; it is linear where not everything
    drawn is positive.
    """
    logarithmic = picture.by_factors
    plot = picture.plot
    low = min(plot.drawn)
    high = max(plot.drawn)
    if max(-low, high) > LARGEST or (logarithmic and low < SMALLEST):
        raise UsageError(
            "These numbers are too large or too small to draw.", "Write the series in another unit."
        )
    # It starts near zero.
    if not logarithmic and (not isinstance(plot, Ranges) or any(row.bar for row in plot.rows)):
        low, high = (0.0 if 0 < low < 0.7 * high else low), (0.0 if 0.7 * low < high < 0 else high)
    ticks = (log_ticks if logarithmic else value_ticks)(low, high, most)
    step = ticks[1] - ticks[0] if len(ticks) > 1 and not logarithmic else 0.0
    if (
        isinstance(plot, Course | Stack)
        and step
        and len(ticks) > 3
        and ticks[-1] - high > _UNUSED * step
    ):
        ticks[-1] = high + _ROOM * (high - ticks[0])  # no room for a step of which little is used
    low, high = limits(ticks, low, high, logarithmic=logarithmic)
    even = [tick for tick in ticks if not step or abs(tick / step - round(tick / step)) < 1e-6]
    shown = tuple(tick for tick in even if low <= tick <= high)
    texts = tuple(map(prose, tick_texts([tick / picture.amounts.factor for tick in shown])))
    wider = [
        low * (high / low) ** at if logarithmic else low + (high - low) * at
        for at in (-FADE, 1 + FADE)
    ]
    bands = plot.bands if isinstance(plot, Course) else ()
    over = any(max(band.upper) > high for band in bands)
    under = any(min(band.lower) < low for band in bands) and (low != 0 or min(plot.drawn) < 0)
    return Scale(wider[0] if under else low, wider[1] if over else high, shown, texts, logarithmic)


def value_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers that span `low` to `high`, at most `most` of them."""
    if not high > low:
        size = abs(high) or 1.0
        low = low - size / 2
        high = high + size / 2
    magnitude = 10.0 ** floor(log10((high - low) / max(most - 1, 1)))
    for step in (step * magnitude for step in _STEPS):
        first = floor(low / step + 1e-9)
        last = ceil(high / step - 1e-9)
        if last - first + 1 <= max(most, 2):
            return [float(f"{place * step:.12g}") for place in range(first, last + 1)]
    return [low, high]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers for a logarithmic axis of positive values: powers of ten, with 2 and 5 where
    there is room.
    """
    if high < 3 * low and (ticks := value_ticks(low, high, most))[0] > 0:
        return ticks
    first = floor(log10(low))
    last = ceil(log10(high))
    for digits in ((1, 1.5, 2, 3, 4, 5, 7), (1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits]
        if sum(low / 1.25 <= tick <= high * 1.25 for tick in ticks) <= most:
            return ticks[max(bisect_right(ticks, low) - 1, 0) : bisect_left(ticks, high) + 1]
    every = ceil((last - first) / max(most - 1, 1))
    return [float(f"1e{power}") for power in range(first, last + every, every)]


def limits(
    ticks: Sequence[float], low: float, high: float, *, logarithmic: bool
) -> tuple[float, float]:
    """Find the ends of the axis: at its ticks, and on a logarithmic one not far beyond what is
    drawn.
    """
    start = max(ticks[0], low / 1.25)
    end = min(ticks[-1], high * 1.25)
    return (
        (start, end)
        if logarithmic and any(start <= tick <= end for tick in ticks)
        else (ticks[0], ticks[-1])
    )


def spread(wanted: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Places for labels near where they are wanted, at least `room` apart and inside `low` to
    `high` where they fit.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    starts = [wanted[place] - room * rank for rank, place in enumerate(order)]
    most = high - room * (len(wanted) - 1)
    low, most = (low, most) if low <= most else ((low + most) / 2,) * 2
    places = [0.0] * len(wanted)
    for rank, place in enumerate(order):
        ends = range(rank + 1, len(starts) + 1)
        start = max(min(fmean(starts[first:end]) for end in ends) for first in range(rank + 1))
        places[place] = min(max(start, low), most) + room * rank
    return places
