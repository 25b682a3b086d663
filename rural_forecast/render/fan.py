"""A fan as svg, drawn back to front: bands, lines, labels at the right edge, then texts.

Bands fade out beyond the axis. The texts of figures stand wherever they cover nothing:
`_FanDrawing.taken` collects the boxes that they keep away from.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Dash,
    Label,
    Line,
    Mark,
    Picture,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    LABEL_LINE,
    NAME_GAP,
    Box,
    Canvas,
    Plane,
    Point,
    box_of,
    pattern,
    shade,
)
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

DOT = 3.4  # radius of a dot
RING = 5.0  # radius of the ring at the end of a forecast


# Labels at the right edge of a fan.
_GAP = 14.0  # pixels from the end of the drawing to a label
_NO_LABELS = 12  # pixels right of the last ring where there are none
_TIE = 6.0  # pixels of the tick between a bound and its label
_LEAST_NAME = 60  # pixels for a name, however wide its amount is
_MOST_NAME_LINES = 3
_MANY_LABELS = 6  # with more, a name has one line
# The share of the frame that labels take at most.
_LABELS_SHARE = 0.27
_MANY_LABELS_SHARE = 0.42
_PHONE_LABELS_SHARE = 0.3
_CUT_SIGNS = {0: "", 1: " ↑", -1: " ↓"}  # behind a bound beyond the axis, by its side
_CUT_LABEL_DROP = 8  # pixels that the label of one above the axis is lower, at what is visible

# Lines of a fan: their width over that of the medium, and dashes.
_CONTEXT_WIDTH = 0.75
_FAINT_WIDTH = 0.6
_DASHES: Mapping[Dash, str] = {"dashed": "7 4", "dotted": "2 4", "dash-dotted": "11 4 2 4"}
_CROWDED = 40  # with more points, a line has smaller dots
_SMALL_DOT = 0.65

# Published figures of the last year: pixels from the end of the drawing to the first sign, from one
# sign to the next where they would touch, and from the last one to the labels.
_FIRST_SIGN = 18
_NEXT_SIGN = 14
_BEHIND_SIGNS = 8
_HALF_SIGN = 6.5

# Bars of ranges right of a fan: the room of one, half of its width, and the pixels from the end of
# the drawing to the first room. There are so many at most.
_END_ROOM = 84.0
_END_HALF = 6.0
_END_GAP = 22.0
_MOST_ENDS = 5
_END_LINE = 17.0  # half of the line that shows how the course of a bar is drawn

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

# Text of a figure: the pixels up or down from which it has a leader, and the leader's own gaps.
_LEADER_FROM = 20
_LEADER_START = 7
_LEADER_END = 1


@dataclass(frozen=True, slots=True)
class _EndLabel:
    """A label at the right edge, before it is moved apart from its neighbours."""

    label: Label
    amount: str
    names: list[str]  # lines of the name
    y: float
    side: int  # on which its value leaves the axis: 1 above, -1 below, 0 inside
    weight: int
    size: float
    width: float
    sign: Point | None = None  # of a published figure: pixels right of the drawing, and the height
    gap: float = _GAP  # pixels from the end of the drawing


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
        # A phone has no room for bars of ranges beside the drawing.
        self.ends = plot.ends if len(plot.ends) <= _MOST_ENDS and not self.phone else ()
        self.labels: list[_EndLabel] = []
        if not self.ends:
            self.labels += [self._end_label(label) for label in plot.labels]
        near = max((label.width for label in self.labels), default=0.0)
        far = self._labels_of_signs(_GAP + near + _FIRST_SIGN if near else _FIRST_SIGN)
        self.labels += far
        ends = [label.gap + label.width for label in self.labels]
        self.right = frame.right - (max(ends) if ends else RING + _NO_LABELS)
        if self.ends:
            self.top += self.size.text  # for the head of the bars
            self.right = frame.right - _END_GAP - _END_ROOM * len(self.ends)
        # The height in which bands fade out.
        self.fading = scales.FADE * (self.bottom - self.top) / (1 + scales.FADE)
        self.taken: list[Box] = []
        self.breaks: list[tuple[str, list[Point]]] = []

    @property
    def _shows_answer_alone(self) -> bool:
        """True if all bands are those of the answer; others are see-through, in grey."""
        return {band.tone for band in self.plot.bands} <= {MAIN}

    def _end_label(self, label: Label) -> _EndLabel:
        text = self.size.text
        share, side = self.scale.placed(label.y)
        amount = prose(label.amount) + _CUT_SIGNS[side]
        size = self.size.range if label.strong and not self.small else text
        weight = self._weight(label)
        amount_width = width(amount, size, bold=weight > REGULAR)

        # On a phone, a name is below its amount.
        room = self._labels_room
        if not self.phone:
            room -= amount_width + NAME_GAP
        names: list[str] = []
        is_named_by_its_place = label.strong and bool(self.plot.signs_beside)
        if not label.level and not is_named_by_its_place:
            lines = 1 if len(self.plot.labels) > _MANY_LABELS else _MOST_NAME_LINES
            names = wrapped(label.name, max(room, _LEAST_NAME), text, most=lines)
        name_width = max((width(name, text) for name in names), default=0.0)
        if self.phone:
            whole_width = max(amount_width, name_width)
        else:
            whole_width = amount_width + (name_width + NAME_GAP if names else 0)

        y = self.y_of_share(share)
        if side > 0:
            y += _CUT_LABEL_DROP
        return _EndLabel(label, amount, names, y, side, weight, size, whole_width)

    def _labels_of_signs(self, start: float) -> list[_EndLabel]:
        """Label published figures of the last year, in a gutter right of the other labels.

        Signs that would touch are side by side, from `start` on.
        """
        placed: list[Point] = []
        labels = []
        for mark in sorted(self.plot.signs_beside, key=lambda mark: -mark.y):
            label = self._end_label(Label(mark.y, mark.amount, mark.author, PLAIN))
            across = start
            while any(across == x and abs(label.y - y) < 2 * _HALF_SIGN for x, y in placed):
                across += _NEXT_SIGN
            placed.append((across, label.y))
            labels.append(replace(label, sign=(across, label.y)))
        if not labels:
            return []
        gap = max(x for x, _ in placed) + _HALF_SIGN + _BEHIND_SIGNS
        return [replace(label, gap=gap) for label in labels]

    @property
    def _labels_room(self) -> float:
        """The most pixels that labels take."""
        share = _LABELS_SHARE
        if self.phone:
            share = _PHONE_LABELS_SHARE
        elif len(self.plot.labels) > _MANY_LABELS:
            share = _MANY_LABELS_SHARE
        return share * (self.frame.right - self.frame.left)

    def _weight(self, label: Label) -> int:
        """Choose the weight of a label: the lighter, the wider its band."""
        if not label.level:
            return REGULAR if label.tone == PLAIN and not label.strong else BOLD
        inner_bands = self.plot.bands[-2:]
        return MEDIUM if label.level <= inner_bands[0].level else REGULAR

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
        self._end_labels()
        self._end_ranges()
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
        if len(points) > 1:
            look = "" if self._is_small_forecast(line) else dashes(line.tone, line.dash)
            self.canvas.line(points, colour, self._line_width(line), look)
        if line.is_break:
            self.breaks.append((line.name, points))
        self._dots(line, points, colour)
        self.taken += [Box.around(point, DOT) for point in points]
        for start, end in pairwise(points):
            self.taken += _boxes_between(start, end)

    def _is_small_forecast(self, line: Line) -> bool:
        """True for a forecast in a panel: its band, its ring and its grey set it off already."""
        return self.small and line.dash == "dashed" and not line.faint

    def _line_width(self, line: Line) -> float:
        if line.faint:
            return self.size.line * _FAINT_WIDTH
        if line.tone > MAIN:
            return self.size.line * _CONTEXT_WIDTH
        return self.size.line

    def _dots(self, line: Line, points: Sequence[Point], colour: str) -> None:
        if not line.dots:
            return
        if (line.tone == MAIN and line.dash == "dashed") or self._is_small_forecast(line):
            radius = DOT if self.small else RING
            edge = "accent" if line.tone == MAIN else colour
            self.canvas.dot(*points[-1], radius, "paper", edge, 2.6 if line.tone == MAIN else 1.8)
            self.taken.append(Box.around(points[-1], _AROUND_RING))
        elif line.dash == "solid":
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

    def _end_labels(self) -> None:
        """Write the labels at the end, moved apart where they are crowded, and tie them."""
        text = self.size.text
        published = [label for label in self.labels if label.sign]
        own = [label for label in self.labels if not label.sign]
        for column in (own, published):
            lines = max(map(self._lines_of, column), default=1)
            wanted = [label.y for label in column]
            room = text * (LABEL_LINE * lines + 0.2)
            moved = scales.spread(wanted, room, self.top + 4, self.bottom)
            for label, y in zip(column, moved, strict=True):
                self._tie(label, y)
                self._write(label, y)
        for label in self.labels:
            if label.sign:
                across, height = label.sign
                self.canvas.diamond(self.right + across, height)

    def _end_ranges(self) -> None:
        """Draw the range of each line in the last year as a bar, with its name below it."""
        text = self.size.text
        canvas = self.canvas
        for rank, end in enumerate(self.ends):
            x = self.right + _END_GAP + _END_ROOM * (rank + 0.5)
            main = end.tone == MAIN
            colour = "accent" if main else "ink"
            quiet = "accent" if main else "quiet"
            y = self.y(end.value)
            if end.bounds:
                low, high = map(self.y, end.bounds)
                canvas.rect(
                    Box(x - _END_HALF, high, x + _END_HALF, low), "band80" if main else "grey80"
                )
                for height, words in ((high - 6, end.texts[1]), (low + text, end.texts[0])):
                    canvas.text(x, height, words, colour=quiet, anchor="middle", halo=True)
            half = _END_HALF + 4
            canvas.line([(x - half, y), (x + half, y)], colour, 3.0)
            baseline = y + text * HALF_CAPITAL
            canvas.text(x + half + 4, baseline, end.amount, colour=colour, weight=BOLD, halo=True)

            ink, _ = pattern(end.tone)
            foot = self.bottom + text * 0.75
            sample = [(x - _END_LINE, foot), (x + _END_LINE, foot)]
            canvas.line(sample, ink, self._end_width(end.tone), dashes(end.tone, end.dash))
            name = wrapped(end.name, _END_ROOM - 4, text, most=1)[0]
            weight = BOLD if main else REGULAR
            canvas.text(
                x, self.bottom + text * 1.75, name, colour=colour, weight=weight, anchor="middle"
            )
        if self.ends:
            y = self.frame.top + text * 0.6
            canvas.text(self.frame.right, y, self.plot.ends_head, colour="quiet", anchor="end")

    def _end_width(self, tone: int) -> float:
        return self.size.line * (1 if tone == MAIN else _CONTEXT_WIDTH)

    def _lines_of(self, label: _EndLabel) -> int:
        """Count the lines of a label; on a phone, the amount has one of its own."""
        if not label.names:
            return 1
        return len(label.names) + self.phone

    def _tie(self, label: _EndLabel, y: float) -> None:
        """Draw a thin line from a value to its label that was moved, or the tick of a bound."""
        if label.side:
            return
        start = self.right + (label.sign[0] + _HALF_SIGN if label.sign else 3)
        end = self.right + label.gap - 4
        moved = abs(y - label.y) > 3
        if label.sign or (moved and not label.label.strong):
            self.canvas.line([(start, label.y), (end, y)], "axis", 0.8)
        elif label.label.level:
            self.canvas.line([(start, y), (start + _TIE, y)], "accent")

    def _write(self, label: _EndLabel, y: float) -> None:
        """Write the amount and the name of a label around the height `y`."""
        text = self.size.text
        colour = {MAIN: "accent", PLAIN: "ink"}.get(label.label.tone, "quiet")
        x = self.right + label.gap
        start = y
        if label.names:
            start -= 0.65 * text * (self._lines_of(label) - 1)
        box = self.canvas.text(
            x,
            start + label.size * HALF_CAPITAL,
            label.amount,
            size=label.size,
            colour=colour,
            weight=label.weight,
        )
        for rank, name in enumerate(label.names, self.phone):
            baseline = start + text * (HALF_CAPITAL + LABEL_LINE * rank)
            if self.phone:
                baseline += 2 if label.label.strong else 0  # its amount is larger
                self.canvas.text(x, baseline, name, colour=colour)
            else:
                self.canvas.text(box.right + NAME_GAP, baseline, name, colour=colour)

    def _figures(self) -> None:
        """Write the texts of values and published figures; signs come last, and nothing on them."""
        plot = self.plot
        beside = plot.signs_beside
        within = [mark for mark in plot.marks if mark not in beside]
        signs = [(self.x(mark.x), self.y(mark.y)) for mark in within if mark.shape != "none"]
        self.taken += [Box.around(sign, _AROUND_SIGN) for sign in signs]
        # Values first: they have less choice than published figures, which may have a leader.
        marks = sorted(within, key=lambda mark: mark.shape != "none")
        leaders = [self._figure_text(mark) for mark in marks if mark.text]
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

    def _figure_text(self, mark: Mark) -> list[Point] | None:
        """Write the text of a figure where it covers nothing; return the leader that it needs."""
        x = self.x(mark.x)
        y = self.y(mark.y)
        size = self.size.text
        plain = mark.shape == "none"
        page = Box(self.left - RING, self.top - size * 0.4, self.right + 4, self.bottom - 2)
        shaded_from = min((self.x(band.xs[0]) for band in self.plot.bands), default=page.right)
        for dx, dy, anchor in self._text_offsets(mark):
            box = box_of(x + dx, y + dy, mark.text, size, MEDIUM, anchor)
            halo = plain and box.right < shaded_from + 2  # in the colour of the page: none on bands
            if plain and x <= shaded_from and not halo:
                continue
            if not _is_within(box, page) or any(map(box.wider(2).meets, self.taken)):
                continue
            self.canvas.text(x + dx, y + dy, mark.text, weight=MEDIUM, anchor=anchor, halo=halo)
            self.taken.append(box)
            if plain or abs(dy) < _LEADER_FROM:
                return None
            if dy < 0:
                return [(x, y - _LEADER_START), (x, box.bottom + _LEADER_END)]
            return [(x, y + _LEADER_START), (x, box.top - _LEADER_END)]
        return None

    def _text_offsets(self, mark: Mark) -> Iterator[tuple[float, float, str]]:
        """List positions of a text from its figure, in pixels with the anchor, the best first."""
        size = self.size.text
        sides = [(-12.0, size * HALF_CAPITAL, "end"), (12.0, size * HALF_CAPITAL, "start")]

        # A sign: beside it, above and below it, then farther away, where it needs a leader.
        if mark.shape != "none":
            yield from sides
            for dy in (-14, 26, -32, 44, -52):
                yield 0, dy, "middle"
            for dy in (-32, -52, -72, -92, 36, 60, 84):
                yield 6, dy, "end"
                yield 6, dy, "start"
            return

        # A value on a line: around it, left of it first, as the line goes on to the right. Left of
        # the first value is the axis.
        is_first = mark.x == self.span[0]
        left = [(-8, -12.0, "end"), (-8, size + 8, "end")]
        right = [(9, size + 6, "start"), (9, -10.0, "start")]
        yield from [*right, *left] if is_first else [*left, *right]
        yield 0, -14, "middle"
        yield 0, size + 10, "middle"
        yield from sides
        if is_first and mark.x == self.plot.origin:
            yield -10, -26, "start"
        for dy in (-28, -44):
            yield 0, dy, "middle"
            yield 0, dy, "end"


def dashes(tone: int, dash: Dash) -> str:
    """Choose the dashes of a line; the answer has none, as its colour says what it is."""
    if dash == "dashed" and tone == MAIN:
        return ""
    if dash != "solid":
        return _DASHES[dash]
    _, own = pattern(tone)
    return own if tone > MAIN else ""


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


def _is_within(box: Box, page: Box) -> bool:
    across = page.left <= box.left <= box.right <= page.right
    return across and page.top <= box.top <= box.bottom <= page.bottom
