"""Values and ranges beside the rows of a table, in characters on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import ceil, floor, log10
from typing import NamedTuple

from rural_forecast.document.table import Span
from rural_forecast.render.wrapping import Pen
from rural_forecast.text.numbers import tick_texts

FEWEST, MOST = 12, 48
"""Columns of a drawing: with fewer there is none."""
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8)
"""Steps of an axis; those with decimals only from zero on."""
_FROM_ZERO = 0.3
"""Share of the largest value below which the smallest one lets the axis start at zero."""
_LEAST = 1e-290
_DECADES = 50
"""Largest over smallest value from which the axis is logarithmic."""


_SIGNS = {"observed": "observed_value", "ours": "ours", "published": "published", "other": "beside"}


class Axis(NamedTuple):
    """The ends of an axis; its middle has a tick too."""

    low: float
    high: float
    logarithmic: bool = False

    def place(self, value: float, room: int) -> int:
        """The column of a value."""
        if self.logarithmic:
            share = log10(value / self.low) / log10(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return min(max(round(share * (room - 1)), 0), room - 1)


def can_be_drawn(spans: Sequence[Span | None]) -> bool:
    """True if there is something to draw, and an axis for it: not for the largest and smallest numbers there are."""
    largest = max((abs(value) for span in spans if span for value in span.values), default=0.0)
    return _LEAST < largest < 1 / _LEAST


def axis(spans: Sequence[Span | None], most: float | None = None) -> Axis:
    """A round axis that holds everything drawn; a logarithmic one where the smallest values would all be on zero."""
    drawn = [value for span in spans if span for value in span.values]
    low, high = min(drawn), max(drawn)
    if low > 0 and high / low > _DECADES:
        return Axis(10.0 ** floor(log10(low)), 10.0 ** ceil(log10(high)), logarithmic=True)
    if low >= 0 and low < _FROM_ZERO * high:
        low = 0.0
    width = (high - low) or abs(high) or 1.0
    power = floor(log10(width)) - 1
    for exponent, nice in product(range(power, power + 3), _NICE):
        step, base = nice * 10.0**exponent, 10.0**exponent
        start = floor(low / base + 1e-9) * base
        if start + 2 * step >= high * (1 - 1e-12 if high > 0 else 1 + 1e-12) and (not start or nice % 1 == 0):
            end = float(f"{start + 2 * step:.12g}")
            return Axis(float(f"{start:.12g}"), end if most is None else min(end, max(most, high)))
    return Axis(low, low + width)


def heading(shared: Axis, room: int, pen: Pen, unit: str = "") -> str:
    """Ticks at both ends and, where there is room, in the middle."""
    middle = (shared.low * shared.high) ** 0.5 if shared.logarithmic else (shared.low + shared.high) / 2
    whole = not shared.logarithmic or log10(middle).is_integer()
    left, centre, right = (pen.text(f"{text}{unit}") for text in tick_texts([shared.low, middle, shared.high]))
    right = f"{right} log" if shared.logarithmic else right
    line = f"{left}{right:>{max(room - len(left), len(right) + 1)}}"
    start = (room - len(centre)) // 2
    if whole and line[start - 2 : start + len(centre) + 2].strip() == "":
        line = line[:start] + centre + line[start + len(centre) :]
    return line if len(line) <= room else ""


def drawn(span: Span | None, shared: Axis, room: int, pen: Pen) -> str:
    """The range of a row as a bar, and its values as signs upon it."""
    if span is None:
        return ""
    cells = [" "] * room
    if span.low is not None and span.high is not None:
        first, last = shared.place(span.low, room), shared.place(span.high, room)
        cells[first : last + 1] = pen.sign("range") * (last + 1 - first)
    for value, sign in ((span.also, span.beside), (span.value, span.sign)):
        if value is not None:
            cells[shared.place(value, room)] = pen.sign(_SIGNS[sign])
    return "".join(cells).rstrip()
