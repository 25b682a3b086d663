"""A fan as svg, drawn back to front: bands, lines, labels at the right edge, then texts.

Bands fade out beyond the axis. The texts of figures stand wherever they cover nothing:
`_FanDrawing.taken` collects the boxes that they keep away from.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Line,
    Picture,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    Box,
    Canvas,
    Plane,
    Point,
    box_of,
    dashes,
    pattern,
    shade,
)
from rural_forecast.render.fan_edge import CONTEXT_WIDTH, RING, RightEdge
from rural_forecast.render.fan_texts import FigureTexts
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import REGULAR

DOT = 3.4  # radius of a dot

_FAINT_WIDTH = 0.6  # of a line, over that of the medium
_CROWDED = 40  # with more points, a line has smaller dots
_SMALL_DOT = 0.65

# Pixels around rings, signs and lines that texts keep away from; boxes along a line cover it.
_AROUND_RING = 7
_AROUND_SIGN = 8
_AROUND_LINE = 2
_LINE_BOXES_EVERY = 5

# Names of bands inside them: pixels from the right edge, and the number of points across a name at
# which the edges of its band are measured.
_NAME_INSET = 12
_NAME_POINTS = 8

_BESIDE_BREAK = 7  # pixels from the line of a new basis to its name


def draw(
    picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool = False
) -> bool:
    """Draw a fan into a frame; return True if its bands need a key."""
    bands_are_named = _FanDrawing(picture, plot, canvas, frame, small=small).draw()
    return len(plot.bands) > 1 and not bands_are_named


class _FanDrawing(Plane):
    """Lines, bands and published figures over years, with labels at the right edge."""

    def __init__(
        self, picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool
    ) -> None:
        super().__init__(picture, canvas, frame, plot.span, small=small)
        self.plot = plot
        self.size = canvas.size
        self.phone = small or self.size.name == "phone"
        self.edge = RightEdge(self, plot, is_phone=self.phone)
        if self.edge.ends:
            self.top += self.size.text  # for the head of the bars
        self.right = frame.right - self.edge.room
        # The height in which bands fade out.
        self.fading = scales.FADE * (self.bottom - self.top) / (1 + scales.FADE)
        self.taken: list[Box] = []
        self.breaks: list[tuple[str, list[Point]]] = []

    @property
    def _shows_answer_alone(self) -> bool:
        """True if all bands are those of the answer; others are see-through, in grey."""
        return {band.tone for band in self.plot.bands} <= {MAIN}

    def draw(self) -> bool:
        """Draw everything, back to front; return True if bands have their names in them."""
        plot = self.plot
        self.grid()
        self.years(plot.origin)
        self._bands()
        # The answer lies on context, and what was observed on the answer.
        for line in sorted(plot.lines, key=lambda line: (line.tone == PLAIN, line.tone == MAIN)):
            self._line(line)
        bands_are_named = self._band_names()
        self.edge.draw()
        self._figures()
        self._break_names()
        return bands_are_named

    def _bands(self) -> None:
        """Draw the bands, the darkest inside; a wide one fades out where it leaves the axis."""
        for band in sorted(self.plot.bands, key=lambda band: (-band.level, band.tone == MAIN)):
            lower, upper = self._band_edges(band)
            kind = "" if self._shows_answer_alone else "see-through"
            self.canvas.area([*upper, *reversed(lower)], self._band_colour(band), kind=kind)

        faded = 0.9 * self.fading  # the last part stays in the colour of the page
        for side in self.scale.sides(self.plot):
            start = self.top - 1 if side > 0 else self.bottom - faded
            box = Box(self.left, start, self.right + 2, start + faded + 1)
            self.canvas.fade(box, upward=side > 0)

    def _band_edges(self, band: Band) -> tuple[list[Point], list[Point]]:
        """Find the pixels of the lower and the upper edge of a band."""
        lower, upper = self.scale.outline(band)
        return self._edge_points(lower), self._edge_points(upper)

    def _edge_points(self, edge: scales.Edge) -> list[Point]:
        return [(self.x(year), self.y_of_share(share)) for year, share in edge]

    def _band_colour(self, band: Band) -> str:
        if self._shows_answer_alone:
            return f"band{shade(band.level)}"
        return "band80" if band.tone == MAIN else "grey80"

    def _line(self, line: Line) -> None:
        """Draw a line with its dots; a forecast ends in a ring. Texts keep away from all of it."""
        points = self.points(line.xs, line.ys)
        colour, _ = pattern(line.tone)
        if line.faint:
            colour = "axis"
        if len(points) > 1 and line.dash != "none":
            look = "" if self._is_small_forecast(line) else dashes(line.tone, line.dash)
            self.canvas.line(points, colour, self._line_width(line), look)
        if line.is_break:
            self.breaks.append((line.name, points))
        self._dots(line, points, colour)
        self.taken += [Box.around(point, DOT) for point in points]
        if line.dash == "none":
            return
        for start, end in pairwise(points):
            self.taken += _boxes_between(start, end)

    def _is_small_forecast(self, line: Line) -> bool:
        """True for a forecast in a panel: its band, its ring and its grey set it off already."""
        return self.small and line.dash == "dashed" and not line.faint

    def _line_width(self, line: Line) -> float:
        if line.faint:
            return self.size.line * _FAINT_WIDTH
        if line.tone > MAIN:
            return self.size.line * CONTEXT_WIDTH
        return self.size.line

    def _dots(self, line: Line, points: Sequence[Point], colour: str) -> None:
        if not line.dots:
            return
        if (line.tone == MAIN and line.dash == "dashed") or self._is_small_forecast(line):
            radius = DOT if self.small else RING
            edge = "accent" if line.tone == MAIN else colour
            self.canvas.dot(*points[-1], radius, "paper", edge, 2.6 if line.tone == MAIN else 1.8)
            self.taken.append(Box.around(points[-1], _AROUND_RING))
        elif line.dash in ("solid", "none"):
            small = len(points) > _CROWDED or line.faint or self.small
            radius = DOT * _SMALL_DOT if small else DOT
            for x, y in points:
                self.canvas.dot(x, y, radius, colour)

    def _band_names(self) -> bool:
        """Write the name of each band at its right edge, if there is room for all of them."""
        forecasts = [line for line in self.plot.lines if line.tone == MAIN and len(line.xs) > 1]
        bands = self.plot.bands
        if len(bands) < 2 or self.phone or not forecasts or not self._shows_answer_alone:
            return False

        size = self.size.text
        right = self.x(self.span[1]) - _NAME_INSET
        left = right - width("95 %", size)
        xs = np.linspace(left, right, _NAME_POINTS)

        # A name is between the upper edges of its band and of the next band inside, the innermost
        # one above the line of the forecast.
        below = min(_heights(self.points(forecasts[0].xs, forecasts[0].ys), xs))
        names = []
        for band in bands:
            _, upper = self._band_edges(band)
            edge = _heights(upper, xs)
            above = max(edge)
            if above <= self.top + 1:  # the edge is beyond the axis: the name goes below the fading
                above = self.top + self.fading - size * 0.5
            y = (above + below) / 2 + size * HALF_CAPITAL
            box = Box(left, y - 0.72 * size, right, y + 0.02 * size)  # without descents
            if box.top < above + 1 or box.bottom > below - 1 or any(map(box.meets, self.taken)):
                return False
            names.append((y, f"{band.level} %"))
            below = min(edge)
        self.taken += [self.canvas.text(right, y, name, anchor="end") for y, name in names]
        return True

    def _figures(self) -> None:
        """Write the texts of values and published figures; signs come last, and nothing on them."""
        plot = self.plot
        beside = plot.signs_beside
        within = [mark for mark in plot.marks if mark not in beside]
        signs = [(self.x(mark.x), self.y(mark.y)) for mark in within if mark.shape != "none"]
        self.taken += [Box.around(sign, _AROUND_SIGN) for sign in signs]
        # Values first: they have less choice than published figures, which may have a leader.
        marks = sorted(within, key=lambda mark: mark.shape != "none")
        texts = FigureTexts(self, plot, self.taken)
        leaders = [texts.write(mark) for mark in marks if mark.text]
        for leader in filter(None, leaders):
            self.canvas.line(leader, "ink", 1.2)
        for x, y in signs:
            self.canvas.diamond(x, y)

    def _break_names(self) -> None:
        """Write the name of a new basis at the foot of its line, where it covers nothing."""
        size = self.size.text
        for name, points in self.breaks:
            x, _ = points[0]
            y = max(height for _, height in points)
            for dx, anchor in ((-_BESIDE_BREAK, "end"), (_BESIDE_BREAK, "start")):
                box = box_of(x + dx, y, name, size, REGULAR, anchor)
                fits = self.left < box.left and box.right < self.right + RING
                if fits and not any(map(box.wider(2).meets, self.taken)):
                    self.canvas.text(x + dx, y, name, colour="quiet", anchor=anchor, halo=True)
                    self.taken.append(box)
                    break


def _boxes_between(start: Point, end: Point) -> list[Box]:
    """Cover a line between two points by boxes, without its ends."""
    x0, y0 = start
    x1, y1 = end
    across = int(abs(x1 - x0) / _LINE_BOXES_EVERY)
    down = int(abs(y1 - y0) / _LINE_BOXES_EVERY)
    steps = max(across, down, 1) + 1
    xs = np.linspace(x0, x1, steps)
    ys = np.linspace(y0, y1, steps)
    boxes = [Box.around((float(x), float(y)), _AROUND_LINE) for x, y in zip(xs, ys, strict=True)]
    return boxes[1:-1]


def _heights(edge: Sequence[Point], at_xs: np.ndarray) -> list[float]:
    """Read the heights of an edge at some pixels across."""
    xs, ys = np.transpose(edge)
    return [float(y) for y in np.interp(at_xs, xs, ys)]
