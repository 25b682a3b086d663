"""Ticks of axes and the places of labels: what every renderer of pictures needs and no library gives as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, log10

from rural_forecast.document.picture import Course, Picture
from rural_forecast.errors import UsageError

_STEPS = (1, 2, 2.5, 5, 10)
LARGEST, SMALLEST = 1e300, 1e-300
"""Beyond these, the differences and logarithms that an axis needs leave the range of numbers."""
_MOST_BEYOND = 2.0
"""How much further from zero than all else the widest band may make a linear axis."""


def value_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers that span `low` to `high`, at most `most` of them.

    >>> value_ticks(0, 1140, 6)
    [0.0, 250.0, 500.0, 750.0, 1000.0, 1250.0]
    """
    if not high > low:
        size = abs(high) or 1.0
        low, high = low - size / 2, high + size / 2
    raw = (high - low) / max(most - 1, 1)
    magnitude = 10.0 ** floor(log10(raw))
    for scale in (1, 10):
        for step in (step * magnitude * scale for step in _STEPS):
            first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
            if last - first + 1 <= max(most, 2):
                return [float(f"{place * step:.12g}") for place in range(first, last + 1)]
    return [low, high]


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers for a logarithmic axis of positive values: powers of ten, with 2 and 5 where there is room.

    Where these would be too few to read a value by, they are as far apart as on a linear axis.

    >>> log_ticks(180, 1140, 6)
    [100.0, 200.0, 500.0, 1000.0, 2000.0]
    """
    if high < 3 * low and (ticks := value_ticks(low, high, most))[0] > 0:
        return ticks
    first, last = floor(log10(low)), ceil(log10(high))
    for digits in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in digits]
        if sum(low / 1.25 <= tick <= high * 1.25 for tick in ticks) <= most:
            return _spanning(ticks, low, high)
    every = ceil((last - first) / max(most - 1, 1))
    return [float(f"1e{power}") for power in range(first, last + every, every)]


def _spanning(ticks: list[float], low: float, high: float) -> list[float]:
    below = max((tick for tick in ticks if tick <= low), default=ticks[0])
    above = min((tick for tick in ticks if tick >= high), default=ticks[-1])
    return [tick for tick in ticks if below <= tick <= above]


def year_ticks(first: float, last: float, most: int) -> list[int]:
    """Whole years with the first and the last one: evenly spaced, or round ones where they are many."""
    low, high = ceil(first), floor(last)
    span = high - low
    for step in (1, 2, 5, 10, 20, 25, 50, 100):
        if span / step + 1 <= max(most, 2):
            break
    years = range(high, low, -step) if step < 5 else range(ceil(low / step) * step, high, step)
    near = step / 2 if step > 2 else step
    between = sorted(year for year in years if min(year - low, high - year) >= near)
    return [low, *between, high] if high > low else [low, *between]


def extent(picture: Picture) -> tuple[float, float]:
    """The least and greatest value shown; a linear axis of positive values that is not far from zero starts there.

    On a linear axis the widest band is cut where it would press all else together; `scale.cuts` names each cut.
    """
    plot = picture.plot
    low, high = min(plot.drawn), max(plot.drawn)
    if max(-low, high) > LARGEST or (picture.logarithmic and 0 < low < SMALLEST):
        raise UsageError("These numbers are too large or too small to draw.", "Write the series in another unit.")
    if not isinstance(plot, Course):
        return low, high
    if not (picture.logarithmic and picture.positive):
        least, most = _core(plot)
        low, high = max(low, _MOST_BEYOND * least), min(high, _MOST_BEYOND * most)
        if 0 < low < 0.7 * high:
            low = 0.0
        elif high < 0 and high > 0.7 * low:
            high = 0.0
    return low, high


def _core(plot: Course) -> tuple[float, float]:
    """The least and greatest value drawn, the widest of several bands left out; infinite where that has no sign."""
    widest = max((band.level for band in plot.bands), default=0)
    inner = [band for band in plot.bands if band.level < widest]
    if not inner:
        return -inf, inf
    drawn = [value for line in plot.lines for value in line.ys] + [mark.y for mark in plot.marks]
    least = min(*drawn, *(edge for band in inner for edge in band.lower))
    most = max(*drawn, *(edge for band in inner for edge in band.upper))
    return (least if least < 0 else -inf), (most if most > 0 else inf)


def limits(ticks: Sequence[float], low: float, high: float, *, logarithmic: bool) -> tuple[float, float]:
    """Where the axis begins and ends: at its ticks, and on a logarithmic one not far beyond what is drawn.

    >>> limits([100, 200, 500], 180, 450, logarithmic=True), limits([200, 500], 279, 279, logarithmic=True)
    ((144.0, 500), (200, 500))
    """
    if logarithmic:
        start, end = max(ticks[0], low / 1.25), min(ticks[-1], high * 1.25)
        if any(start <= tick <= end for tick in ticks):
            return start, end
    return ticks[0], ticks[-1]


def spread(wanted: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Places for labels near where they are wanted, at least `room` apart and inside `low` to `high` where they fit.

    >>> spread([10, 11, 30], 5, 0, 100)
    [8.0, 13.0, 30.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    groups: list[tuple[list[int], float]] = []
    for place in order:
        members, centre = [place], _inside(float(wanted[place]), 0, low, high)
        while groups:
            others, other = groups[-1]
            if centre - other >= room * (len(members) + len(others)) / 2:
                break
            centre = (other * len(others) + centre * len(members)) / (len(others) + len(members))
            members = others + members
            centre = _inside(centre, room * (len(members) - 1) / 2, low, high)
            groups.pop()
        groups.append((members, centre))
    places = [0.0] * len(wanted)
    for members, centre in groups:
        for rank, place in enumerate(members):
            places[place] = centre + room * (rank - (len(members) - 1) / 2)
    return places


def _inside(centre: float, half: float, low: float, high: float) -> float:
    return (low + high) / 2 if 2 * half > high - low else min(max(centre, low + half), high - half)
