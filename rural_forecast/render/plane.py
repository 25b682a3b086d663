"""The plane of a drawing over years: axes of values and years, which all drawings share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rural_forecast.document.picture import Picture
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import Box, Canvas, Point, box_of
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import MEDIUM, REGULAR

TICKS, FEW_TICKS = 6, 4
"""About so many on an axis of values, and on one of a small picture."""
_ROOMY = 60


class Plane:
    """Places of years and values in a frame; `room` at its right is for labels."""

    def __init__(self, picture: Picture, canvas: Canvas, frame: Box, span: Point, *, small: bool = False) -> None:
        """Lay out the axes. `span`: the first and the last year."""
        self.canvas, self.frame, self.span, self.small = canvas, frame, span, small
        self.scale = scales.of(picture, FEW_TICKS if small else TICKS)
        self.unit = self.scale.headed("" if small else picture.unit)
        text = canvas.size.text
        self.left = frame.left + max((width(words, text) for words in self.scale.texts), default=0.0) + 15
        self.right = frame.right
        self.top, self.bottom = frame.top + text * (2.2 if self.unit else 0.7), frame.bottom - text * 2.1

    @property
    def slot(self) -> float:
        """The room of a year."""
        first, last = self.span
        return (self.right - self.left) / ((last - first) or 1)

    def x(self, year: float) -> float:
        """The place of a year."""
        first, last = self.span
        return self.left + self.slot * (year - first) if last > first else (self.left + self.right) / 2

    def y(self, value: float) -> float:
        """The place of a value."""
        return self.at(self.scale.share(value))

    def at(self, share: float) -> float:
        """The place of a share of the axis."""
        return self.bottom - (self.bottom - self.top) * share

    def points(self, xs: Iterable[float], values: Iterable[float]) -> list[Point]:
        """Places of years with values."""
        return [(self.x(year), self.y(value)) for year, value in zip(xs, values, strict=True)]

    def edge(self, edge: Sequence[Point]) -> list[Point]:
        """Places of years with shares of the axis."""
        return [(self.x(year), self.at(share)) for year, share in edge]

    def grid(self) -> None:
        """Draw the unit, and a line for each tick; that of zero, and where the axis begins elsewhere, is darker."""
        canvas, text, scale = self.canvas, self.canvas.size.text, self.scale
        left = self.left - 5
        canvas.text(self.frame.left, self.top - text * 0.9, self.unit, colour="quiet")
        for tick, words in zip(scale.ticks, scale.texts, strict=True):
            if (y := self.y(tick)) >= self.top - text * 0.2:
                canvas.line([(left, y), (self.right, y)], *scale.tick_line(tick))
                canvas.text(left - 8, y + text * 0.35, words, colour="quiet", anchor="end")
        if scale.low != 0 or scale.logarithmic:
            canvas.line([(left, self.bottom), (self.right, self.bottom)], "axis", 1.2)

    def years(self, origin: float | None) -> None:
        """Every year has a tick; the first, last observed and last are in full, others where they fit."""
        canvas, text, slot = self.canvas, self.canvas.size.text, self.slot
        first, last = map(int, self.span)
        every = 1 if slot >= 4 else 5 if slot >= 1 else 25
        for year in range(first, last + 1):
            if year % every == 0 or year in (first, last):
                canvas.line([(self.x(year), self.bottom), (self.x(year), self.bottom + 5)], "axis")
        full = [last, first, *([int(origin)] if origin is not None and first < origin < last else [])]
        y, boxes = self.bottom + text * 1.75, list[Box]()
        low, high = canvas.size.margin, self.right + width("0000", text, bold=True) / 2 + 2
        for year in full:
            at = self.x(year)
            box = box_of(at, y, str(year), text, MEDIUM, "middle")
            at += max(low - box.left, 0) - max(box.right - high, 0)
            if near := next((other for other in boxes if box.meets(other.wider(6))), None):
                if year == first:
                    continue
                at += near.left - 7 - box.right if at <= (near.left + near.right) / 2 else near.right + 7 - box.left
            boxes.append(canvas.text(at, y, str(year), weight=MEDIUM, anchor="middle"))
        fits = slot >= width("00", text) + 8 and last - first < 100
        for year in range(first + 1, last) if fits else _regular(first, last, slot, text):
            words = f"{year % 100:02}" if fits and first > 0 and slot < _ROOMY else str(year)
            box = box_of(self.x(year), y, words, text, REGULAR, "middle")
            if not any(box.meets(other.wider(8)) for other in boxes):
                boxes.append(canvas.text(self.x(year), y, words, colour="quiet", anchor="middle"))


def _regular(first: int, last: int, slot: float, text: float) -> range:
    """Round years at a step that has room for them in full."""
    wanted = (width("0000", text) + 14) / slot
    step = next((step for step in (2, 5, 10, 20, 25, 50, 100) if step >= wanted), 200)
    return range(-(-first // step) * step, last, step)
