"""A course over years as svg: a fan that fades out beyond its axis, lines, published figures, labels at the end.

Every year has a `hit` area, so that the script of a page can show its values, from the readings there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rural_forecast.document.picture import MAIN, PLAIN, Course, Label, Line, Mark, Picture
from rural_forecast.render import scale as scales
from rural_forecast.render import svg_years
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import Box, Canvas, Point, box_of, dashes, ink, shade
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

TICKS, FEW_TICKS = 6, 4
"""About so many on an axis of values, and on one of a small picture."""
DOT, RING = 3.4, 5.0
_GAP, _TIE = 14.0, 6.0
"""Pixels from the end of the drawing to a label, and of the tick that belongs to it."""
_MANY = 6
"""Labels from which each has one line."""
_CROWDED = 40
"""Values from which dots are smaller."""


class Ending(NamedTuple):
    """The lines of a label at the right edge."""

    label: Label
    amount: str
    names: list[str]
    share: float
    weight: int
    size: float
    tie: bool


def draw(picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool = False) -> bool:
    """Draw the course into a frame; gives whether the bands have their names inside."""
    drawing = _Drawing(picture, plot, canvas, frame, small=small)
    return drawing.draw()


class _Drawing:
    def __init__(self, picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool) -> None:
        self.picture, self.plot, self.canvas, self.small = picture, plot, canvas, small
        self.size = canvas.size
        self.scale = scales.of(picture, FEW_TICKS if small else TICKS)
        self.phone = small or self.size.name == "phone"
        self.endings = list(
            self._endings(0.3 if self.phone else 0.36 if len(plot.labels) > _MANY else 0.27, frame.right - frame.left)
        )
        text = self.size.text
        widest = max((width(words, text) for words in self.scale.texts), default=0.0)
        room = max(map(self._wide, self.endings), default=0.0)
        unit = "" if small else picture.unit
        said = ", logarithmic axis" if self.scale.logarithmic else ""
        self.unit = f"{unit}{said}".removeprefix(", ")
        self.left, self.right = frame.left + widest + 10 + RING, frame.right - room - (_GAP if room else RING + 12)
        self.top, self.bottom = frame.top + (text * 2.2 if self.unit else text * 0.7), frame.bottom - text * 2.1
        self.axis = frame.left
        self.first, self.last = plot.span
        self.taken: list[Box] = []

    def _endings(self, share: float, wide: float) -> Iterator[Ending]:
        """Labels with their words in lines."""
        text = self.size.text
        crowded = len(self.plot.labels) > _MANY
        for placed in scales.labels(self.plot, self.scale):
            label, arrow = placed.label, {1: " ↑", -1: " ↓"}.get(placed.cut, "")
            amount = prose(label.amount) + arrow
            size = self.size.range if label.strong and not self.small else text
            weight = BOLD if not label.level else MEDIUM if label.level <= self.levels[-2:][0] else REGULAR
            room = share * wide - (0 if self.phone else width(amount, size, bold=True) + 7)
            names = wrapped(label.name, max(room, 60), text, most=1 if crowded else 3) if not label.level else []
            tie = bool(label.level) and not placed.cut
            yield Ending(label, amount, names, placed.share, weight, size, tie)

    @property
    def levels(self) -> list[int]:
        return self.plot.levels or [0]

    def _wide(self, ending: Ending) -> float:
        amount = width(ending.amount, ending.size, bold=ending.weight > REGULAR)
        names = max((width(name, self.size.text) for name in ending.names), default=0.0)
        return max(amount, names) if self.phone else amount + (names + 7 if names else 0)

    def x(self, year: float) -> float:
        """Place of a year."""
        if self.last == self.first:
            return (self.left + self.right) / 2
        return self.left + (self.right - self.left) * (year - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        """Place of a value."""
        return self.at(self.scale.share(value))

    def at(self, share: float) -> float:
        """Place of a share of the axis."""
        return self.bottom - (self.bottom - self.top) * share

    def points(self, edge: Sequence[Point]) -> list[Point]:
        """Places of years with shares of the axis."""
        return [(self.x(year), self.at(share)) for year, share in edge]

    def draw(self) -> bool:
        """Everything, back to front; published figures last."""
        plot, canvas = self.plot, self.canvas
        self._grid()
        self._bands()
        for trace in plot.traces:
            for piece in scales.pieces(trace, self.scale):
                canvas.path(self.points(piece), "axis", 1.0)
        for line in sorted(plot.lines, key=lambda line: (line.tone == PLAIN, line.tone == MAIN)):
            self._line(line)
        self._block()
        named = self._names()
        self._labels()
        for mark in plot.signs:
            at = self.x(mark.x), self.y(mark.y)
            self.taken.append(Box(at[0] - 8, at[1] - 8, at[0] + 8, at[1] + 8))
        leaders = [self._said(mark) for mark in sorted(plot.marks, key=lambda mark: mark.shape != "none")]
        for leader in filter(None, leaders):
            canvas.line(*leader, "ink", 1.2)
        for mark in plot.signs:
            canvas.diamond(self.x(mark.x), self.y(mark.y), mark.shape)
        self._hits()
        return named

    def _grid(self) -> None:
        canvas, text = self.canvas, self.size.text
        canvas.text(self.axis, self.top - text * 0.9, self.unit, colour="quiet")
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            y = self.y(tick)
            if y < self.top - text * 0.2:
                continue
            zero = tick == 0 and not self.scale.logarithmic
            canvas.line((self.left - RING, y), (self.right, y), "axis" if zero else "grid", 1.2 if zero else 1.0)
            canvas.text(self.left - RING - 8, y + text * 0.35, words, colour="quiet", anchor="end")
        if self.scale.low != 0 or self.scale.logarithmic:
            canvas.line((self.left - RING, self.bottom), (self.right, self.bottom), "axis", 1.2)
        frame = Box(self.left, self.top, self.right, self.bottom)
        svg_years.draw(canvas, frame, int(self.first), int(self.last), self.plot.origin)

    def _bands(self) -> None:
        """Darkest inside; the widest one fades out where it leaves the axis."""
        canvas, plot = self.canvas, self.plot
        answer = {band.tone for band in plot.bands} <= {MAIN}
        for band in sorted(plot.bands, key=lambda band: (-band.level, band.tone == MAIN)):
            lower, upper = scales.outline(band, self.scale)
            colour = f"band{shade(band.level)}" if answer else "band80" if band.tone == MAIN else "grey80"
            canvas.area(
                [*self.points(upper), *reversed(self.points(lower))], colour, kind="" if answer else "see-through"
            )
        faded = 0.9 * scales.FADE * (self.bottom - self.top) / (1 + scales.FADE)
        for cut in scales.cuts(plot, self.scale):
            edge = self.points(scales.outline(cut.band, self.scale)[cut.upward])
            end = self.top + faded if cut.upward else self.bottom - faded
            near = [x for x, y in _within(edge) if (y < end if cut.upward else y > end)]
            left, right = min(near, default=self.x(cut.first)) - 2, max(near, default=self.x(cut.last)) + 2
            end = self.top if cut.upward else self.bottom
            box = Box(left, end - 1, right, end + faded) if cut.upward else Box(left, end - faded, right, end + 1)
            canvas.fade(box, upward=cut.upward)

    def _line(self, line: Line) -> None:
        canvas = self.canvas
        main = line.tone == MAIN
        colour = ink(line.tone) if not line.faint else "axis"
        points = [(self.x(x), self.y(y)) for x, y in line.points]
        context = line.tone > MAIN
        dash = {"dashed": "" if main else "7 4", "dotted": "2 4"}.get(line.dash, dashes(line.tone) if context else "")
        if len(points) > 1:
            canvas.path(points, colour, self.size.line * (0.6 if line.faint else 0.75 if context else 1), dash)
        if not line.dots:
            return
        ends = self.plot.origin is not None and main and line.dash == "dashed"
        radius = DOT * (0.65 if len(points) > _CROWDED or line.faint or self.small else 1)
        own = points[1:] if line.dash == "dashed" else points
        if ends or (main and line.dash == "dashed"):
            canvas.dot(*points[-1], RING if not self.small else DOT, "paper", "accent", 2.6)
            self.taken.append(Box(points[-1][0] - 7, points[-1][1] - 7, points[-1][0] + 7, points[-1][1] + 7))
        elif line.dash == "solid":
            for at in own:
                canvas.dot(*at, radius, colour)

    def _block(self) -> None:
        """Let labels keep away from dots and lines of what was observed."""
        for line in self.plot.lines:
            points = [(self.x(x), self.y(y)) for x, y in line.points]
            self.taken += [Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in points]
            for (x0, y0), (x1, y1) in pairwise(points):
                steps = max(int(abs(x1 - x0) / 5), int(abs(y1 - y0) / 5), 1)
                for step in range(1, steps):
                    x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
                    self.taken.append(Box(x - 2, y - 2, x + 2, y + 2))

    def _names(self) -> bool:
        """Write the name of each band of the answer at its right edge, if there is room for all."""
        plot, size = self.plot, self.size.text
        bands = plot.narrowest_first
        if len(bands) < 2 or self.phone or {band.tone for band in bands} != {MAIN}:
            return False
        inner = next((line.points for line in plot.lines if line.tone == MAIN and len(line.points) > 1), None)
        if inner is None:
            return False
        placed = []
        x1 = self.x(self.last) - 12
        x0 = x1 - width("95 %", size)
        below = self._lowest([(self.x(x), self.y(y)) for x, y in inner], x0, x1, upper=False)
        for band in bands:
            edge = self.points(scales.outline(band, self.scale)[1])
            above = self._lowest(edge, x0, x1, upper=True)
            if above <= self.top + 1:
                above = self.top + scales.FADE * (self.bottom - self.top) / (1 + scales.FADE) - size * 0.5
            middle = (above + below) / 2 + size * 0.35
            box = Box(x0, middle - 0.72 * size, x1, middle + 0.02 * size)  # without descents
            if box.top < above + 1 or box.bottom > below - 1 or any(map(box.meets, self.taken)):
                return False
            placed.append((middle, f"{band.level} %"))
            below = self._lowest(edge, x0, x1, upper=False)
        for y, words in placed:
            self.taken.append(self.canvas.text(x1, y, words, anchor="end"))
        return True

    def _lowest(self, edge: Sequence[Point], x0: float, x1: float, *, upper: bool) -> float:
        """The lowest place of an edge between two places, or the highest, for the upper or the lower end of a box."""
        places = [y for x, y in edge if x0 <= x <= x1]
        for (a, ya), (b, yb) in pairwise(edge):
            places += [ya + (yb - ya) * (x - a) / ((b - a) or 1) for x in (x0, x1) if a <= x <= b]
        return (max if upper else min)(places, default=self.bottom)

    def _said(self, mark: Mark) -> tuple[Point, Point] | None:
        """Write the text of a figure where it covers nothing; gives the leader that it needs."""
        if not mark.text:
            return None
        x, y, size = self.x(mark.x), self.y(mark.y), self.size.text
        drop = size * 0.35
        bounds = Box(self.left - RING, self.top - size * 0.4, self.right + 4, self.bottom - 2)
        if mark.shape == "none":
            tries = [(-8, -12.0, "end"), (9, size + 6, "start"), (-8, size + 8, "end"), (9, -10.0, "start")]
            tries = tries[1:] + tries[:1] if mark.x == self.first else tries
            tries += [(0, -14.0, "middle"), (0, size + 10, "middle"), (-12, drop, "end"), (12, drop, "start")]
            if mark.x == self.first == self.plot.origin:
                tries.append((-10, -26.0, "start"))
            far = [(0, -up, anchor) for up in (28.0, 44.0) for anchor in ("middle", "end")]
            tries += far
        else:
            tries = [(0, -up, "middle") for up in (32.0, 16.0, 52.0)] + [(0, down, "middle") for down in (28.0, 44.0)]
            tries += [(12, drop, "start"), (-12, drop, "end")]
            tries += [(6, -up, anchor) for up in (32.0, 52.0, 72.0, 92.0) for anchor in ("end", "start")]
            tries += [(6, down, anchor) for down in (36.0, 60.0, 84.0) for anchor in ("end", "start")]
        for dx, dy, anchor in tries:
            box = box_of(x + dx, y + dy, mark.text, size, MEDIUM, anchor)
            if box.inside(bounds) and not any(map(box.wider(2).meets, self.taken)):
                halo = mark.shape == "none" and mark.x <= (self.plot.origin or self.last)
                text = self.canvas.text(x + dx, y + dy, mark.text, weight=MEDIUM, anchor=anchor, halo=halo)
                self.taken.append(text)
                if mark.shape == "none" or abs(dy) < 20:
                    return None
                start = (x, y - 7) if dy < 0 else (x, y + 7)
                return start, (x, box.bottom + 1 if dy < 0 else box.top - 1)
        return None

    def _labels(self) -> None:
        """The labels at the end, moved apart where they are crowded, with a thin line to what they name."""
        canvas, text = self.canvas, self.size.text
        wanted = [
            self.at(ending.share) + (8 if ending.share == 1 and "↑" in ending.amount else 0) for ending in self.endings
        ]
        lines = max((len(ending.names) + self.phone if ending.names else 1 for ending in self.endings), default=1)
        room = text * (1.3 * lines + 0.2)
        places = scales.spread(wanted, room, self.top + 4, self.bottom)
        for ending, at, anchor in zip(self.endings, places, wanted, strict=True):
            label, x = ending.label, self.right + _GAP
            colour = "accent" if label.tone == MAIN else "ink" if label.tone == PLAIN else "quiet"
            if abs(at - anchor) > 3 and not ending.label.strong and ending.amount[-1] not in "↑↓":
                canvas.path([(self.right + 3, anchor), (x - 4, at)], "axis", 0.8)
            elif ending.tie:
                canvas.line((self.right + 3, at), (self.right + 3 + _TIE, at), "accent")
            start = at - 0.65 * text * (len(ending.names) + self.phone - 1 if ending.names else 0)
            box = canvas.text(
                x, start + ending.size * 0.35, ending.amount, size=ending.size, colour=colour, weight=ending.weight
            )
            for rank, name in enumerate(ending.names):
                y = start + text * (0.35 + 1.3 * (rank + self.phone)) + (2 if self.phone and label.strong else 0)
                canvas.text(x if self.phone else box.right + 7, y, name, colour=colour)

    def _hits(self) -> None:
        """One area a year, as wide as the year, with its values."""
        if self.small:
            return
        half = (self.x(self.first + 1) - self.x(self.first)) / 2 if self.last > self.first else 20
        area = f'y="{self.top:.1f}" width="{2 * half:.1f}" height="{self.bottom - self.top:.1f}"'
        for year in self.plot.years:
            x = self.x(year)
            self.canvas.hits.append(
                f'<rect class="hit" data-year="{year:g}" data-x="{x:.1f}" x="{x - half:.1f}" {area}/>'
            )


def _within(edge: Sequence[Point]) -> Iterator[Point]:
    """An edge with points between its corners, a pixel or so apart."""
    for (x0, y0), (x1, y1) in pairwise(edge):
        steps = max(int(abs(x1 - x0)), 1)
        yield from ((x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps) for step in range(steps + 1))
