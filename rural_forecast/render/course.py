"""Years as svg: a fan, bars, or stacked parts.

A fan is drawn back to front: bands, which fade out beyond the axis, lines, labels at the right
edge, then the texts of figures wherever they cover nothing. `_FanDrawing.taken` collects the boxes
that these texts keep away from.
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
    Part,
    Picture,
    Stack,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    RULE,
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
from rural_forecast.text.style import BOLD, MEDIUM, MOST_PARTS, REGULAR

DOT = 3.4  # radius of a dot
RING = 5.0  # radius of the ring at the end of a forecast


def draw(
    picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool = False
) -> bool:
    """Draw a course into a frame; return True if its bands need a key."""
    if plot.bars:
        _bars(picture, plot, canvas, frame)
        return False
    bands_are_named = _FanDrawing(picture, plot, canvas, frame, small=small).draw()
    return len(plot.bands) > 1 and not bands_are_named


# Bars. A bar takes this part of the room of its year, up to so many pixels.
_BAR_SHARE = 0.76
_WIDEST_BAR = 64.0
_ABOVE_BARS = 3.4  # ems of the unit, and of the words over the divide
_BAR_GAP = 6  # pixels between a bar and the baseline of the text above it
_BELOW_BAR = 4  # pixels between a bar below zero and the text under it
_WHISKER = 0.68  # place of a range on its bar: right of the middle, so that a value fits beside it
_BESIDE_WHISKER = 6  # pixels between a range and the value left of it
_BESIDE_DIVIDE = 8  # pixels between the divide and the words on both sides
_BESIDE_BARS = 10  # pixels from the last bar to the texts right of it
_DIAMOND = 20  # pixels from the last bar to the text of a published figure, its sign included


def _bars(picture: Picture, plot: Course, canvas: Canvas, frame: Box) -> None:
    """Draw a bar a year from zero, its value over it and its range beside that."""
    _BarDrawing(picture, plot, canvas, frame).draw()


class _BarDrawing(Plane):
    """Bars of years with their ranges; bounds and published figures of the last one are beside."""

    def __init__(self, picture: Picture, plot: Course, canvas: Canvas, frame: Box) -> None:
        super().__init__(picture, canvas, frame, plot.span)
        self.plot = plot
        self.text = canvas.size.text
        self.top = frame.top + self.text * _ABOVE_BARS
        self.labels = [label for label in plot.labels if label.level]
        self.published = plot.signs_beside
        self.right -= self._room_beside()
        first, last = plot.span
        self.width = (self.right - self.left) / (last - first + 1)
        self.half = min(self.width * _BAR_SHARE, _WIDEST_BAR) / 2
        self.bodies: dict[float, Box] = {}
        self.taken: list[Box] = []

    @property
    def slot(self) -> float:
        """The pixels of a year: bars are in the middle of theirs."""
        return self.width

    def x(self, year: float) -> float:
        """Place the middle of the bar of a year."""
        return self.left + self.width * (year - self.span[0] + 0.5)

    def _room_beside(self) -> float:
        """Measure the texts right of the last bar."""
        texts = [width(mark.text, self.text) + _DIAMOND for mark in self.published]
        for label in self.labels:
            words = f"{label.amount} {label.name}"
            texts.append(width(prose(words), self.text, bold=True) + _NAME_GAP)
        return max(texts) + _BESIDE_BARS if texts else 0.0

    def draw(self) -> None:
        """Draw everything, back to front."""
        self.grid()
        self._divide()
        self._bodies()
        self._ranges()
        self._values()
        self._beside()
        zero = self.y(0.0)
        self.canvas.line([(self.left, zero), (self.right, zero)], "axis", RULE)
        self.years(self.plot.origin)

    def _divide(self) -> None:
        """Draw the line between history and forecast, with a word on each side."""
        origin = self.plot.origin
        if origin is None or origin >= self.span[1]:
            return
        x = self.left + self.width * (origin - self.span[0] + 1)
        top = self.frame.top + self.text * 1.6
        self.canvas.line([(x, top - self.text), (x, self.bottom)], "quiet", 1.2, "2 3")
        for words, dx, anchor, colour in (
            ("observed", -_BESIDE_DIVIDE, "end", "ink"),
            ("forecast", _BESIDE_DIVIDE, "start", "accent"),
        ):
            box = box_of(x + dx, top, words, self.text, REGULAR, anchor)
            if box.left > self.left + width(self.unit, self.text):
                self.canvas.text(x + dx, top, words, colour=colour, anchor=anchor)

    def _bodies(self) -> None:
        """Draw the bars; that of the last year, which the headline names, is the darkest."""
        zero = self.y(0.0)
        for line in self.plot.lines:
            for year, y in zip(line.xs, map(self.y, line.ys), strict=True):
                colour = "total"
                if line.tone == MAIN:
                    colour = "band50" if year == self.span[1] else "band80"
                x = self.x(year)
                body = Box(x - self.half, min(y, zero), x + self.half, max(y, zero, y + 1))
                self.canvas.rect(body, colour)
                self.bodies[year] = body

    def _ranges(self) -> None:
        for band in self.plot.bands:
            for year, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
                x = self._whisker(year)
                low, high = sorted(map(self.y, (lower, upper)))
                half = min(self.half * (1 - _WHISKER), 5.0)
                self.canvas.span(x, (low, high), 2.0, half)
                self.taken.append(Box(x - half, low, x + half, high))

    def _whisker(self, year: float) -> float:
        return self.x(year) + self.half * (2 * _WHISKER - 1)

    def _values(self) -> None:
        """Write the value of each bar where it touches no other; the last ones are always there."""
        needed = (self.plot.origin, self.span[1])
        upper_ends: dict[float, float] = {}
        for band in self.plot.bands:
            ends = map(max, band.lower, band.upper)
            upper_ends |= dict(zip(band.xs, ends, strict=True))
        values = [mark for mark in self.plot.marks if mark.shape == "none"]
        for mark in sorted(values, key=lambda mark: mark.x not in needed):
            body = self.bodies[mark.x]
            y = body.top - _BAR_GAP if mark.y >= 0 else body.bottom + self.text + _BELOW_BAR
            x = self.x(mark.x)
            anchor = "middle"
            if mark.x in upper_ends:
                x = self._whisker(mark.x) - _BESIDE_WHISKER
                anchor = "end"
            box = box_of(x, y, mark.text, self.text, MEDIUM, anchor)
            if mark.x in upper_ends and box.left < self.x(mark.x) - self.width / 2:
                # Too long to fit left of its range: above it.
                x = self._whisker(mark.x)
                y = self.y(upper_ends[mark.x]) - _BAR_GAP
                anchor = "middle"
                box = box_of(x, y, mark.text, self.text, MEDIUM, anchor)
            others = [other for year, other in self.bodies.items() if year != mark.x]
            if mark.x not in needed and any(map(box.meets, [*others, *self.taken])):
                continue
            colour = "accent" if mark.tone == MAIN else "ink"
            self.canvas.text(
                x, y, mark.text, colour=colour, weight=MEDIUM, anchor=anchor, halo=True
            )
            self.taken.append(box)

    def _beside(self) -> None:
        """Write the bounds and the published figures of the last year, moved apart."""
        wanted = [self.y(label.y) for label in self.labels]
        wanted += [self.y(mark.y) for mark in self.published]
        moved = scales.spread(wanted, self.text * _LINE, self.top, self.bottom)
        x = self.right + _BESIDE_BARS
        for label, y in zip(self.labels, moved, strict=False):
            baseline = y + self.text * HALF_CAPITAL
            box = self.canvas.text(x, baseline, label.amount, colour="accent", weight=MEDIUM)
            self.canvas.text(box.right + _NAME_GAP, baseline, label.name, colour="accent")
        for mark, y in zip(self.published, moved[len(self.labels) :], strict=True):
            own = self.y(mark.y)
            start = x + _DIAMOND
            if abs(own - y) > 3:
                self.canvas.line([(x + 6.5, own), (start - 4, y)], "axis", 0.8)
            self.canvas.text(start, y + self.text * HALF_CAPITAL, mark.text)
            self.canvas.diamond(x, own)


# Labels at the right edge of a fan.
_GAP = 14.0  # pixels from the end of the drawing to a label
_NO_LABELS = 12  # pixels right of the last ring where there are none
_TIE = 6.0  # pixels of the tick between a bound and its label
_NAME_GAP = 7  # pixels between an amount and its name
_LEAST_NAME = 60  # pixels for a name, however wide its amount is
_MOST_NAME_LINES = 3
_LINE = 1.3  # ems from a line of a label to the next one
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
        self.labels += self._labels_of_signs()
        # Pixels from the end of the drawing to the labels: published figures have room there.
        signs = [label.sign[0] for label in self.labels if label.sign]
        self.gap = max(signs) + _HALF_SIGN + _BEHIND_SIGNS if signs else _GAP
        widest = max((label.width for label in self.labels), default=0.0)
        self.right = frame.right - (widest + self.gap if widest else RING + _NO_LABELS)
        if self.ends:
            self.top += self.size.text  # for the head of the bars
            self.right = frame.right - _END_GAP - _END_ROOM * len(self.ends)
        # The height in which bands fade out.
        self.fading = scales.FADE * (self.bottom - self.top) / (1 + scales.FADE)
        self.taken: list[Box] = []

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
            room -= amount_width + _NAME_GAP
        names: list[str] = []
        if not label.level:
            lines = 1 if len(self.plot.labels) > _MANY_LABELS else _MOST_NAME_LINES
            names = wrapped(label.name, max(room, _LEAST_NAME), text, most=lines)
        name_width = max((width(name, text) for name in names), default=0.0)
        if self.phone:
            whole_width = max(amount_width, name_width)
        else:
            whole_width = amount_width + (name_width + _NAME_GAP if names else 0)

        y = self.y_of_share(share)
        if side > 0:
            y += _CUT_LABEL_DROP
        return _EndLabel(label, amount, names, y, side, weight, size, whole_width)

    def _labels_of_signs(self) -> list[_EndLabel]:
        """Label published figures of the last year; signs that would touch are side by side."""
        placed: list[Point] = []
        labels = []
        for mark in sorted(self.plot.signs_beside, key=lambda mark: -mark.y):
            label = self._end_label(Label(mark.y, mark.amount, mark.author, PLAIN))
            across = float(_FIRST_SIGN)
            while any(across == x and abs(label.y - y) < 2 * _HALF_SIGN for x, y in placed):
                across += _NEXT_SIGN
            placed.append((across, label.y))
            labels.append(replace(label, sign=(across, label.y)))
        return labels

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
            return BOLD
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
            self.canvas.line(points, colour, self._line_width(line), dashes(line.tone, line.dash))
        self._dots(line, points, colour)
        self.taken += [Box.around(point, DOT) for point in points]
        for start, end in pairwise(points):
            self.taken += _boxes_between(start, end)

    def _line_width(self, line: Line) -> float:
        if line.faint:
            return self.size.line * _FAINT_WIDTH
        if line.tone > MAIN:
            return self.size.line * _CONTEXT_WIDTH
        return self.size.line

    def _dots(self, line: Line, points: Sequence[Point], colour: str) -> None:
        if not line.dots:
            return
        if line.tone == MAIN and line.dash == "dashed":
            radius = DOT if self.small else RING
            self.canvas.dot(*points[-1], radius, "paper", "accent", 2.6)
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
        lines = max(map(self._lines_of, self.labels), default=1)
        wanted = [label.y for label in self.labels]
        room = text * (_LINE * lines + 0.2)
        moved = scales.spread(wanted, room, self.top + 4, self.bottom)
        for label, y in zip(self.labels, moved, strict=True):
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
        end = self.right + self.gap - 4
        moved = abs(y - label.y) > 3
        if label.sign or (moved and not label.label.strong):
            self.canvas.line([(start, label.y), (end, y)], "axis", 0.8)
        elif self.gap > _GAP:  # past the signs
            colour = "accent" if label.label.tone == MAIN else "axis"
            start += RING if label.label.strong else 0
            self.canvas.line([(start, label.y), (end, y)], colour, 0.8)
        elif label.label.level:
            self.canvas.line([(start, y), (start + _TIE, y)], "accent")

    def _write(self, label: _EndLabel, y: float) -> None:
        """Write the amount and the name of a label around the height `y`."""
        text = self.size.text
        colour = {MAIN: "accent", PLAIN: "ink"}.get(label.label.tone, "quiet")
        x = self.right + self.gap
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
            baseline = start + text * (HALF_CAPITAL + _LINE * rank)
            if self.phone:
                baseline += 2 if label.label.strong else 0  # its amount is larger
                self.canvas.text(x, baseline, name, colour=colour)
            else:
                self.canvas.text(box.right + _NAME_GAP, baseline, name, colour=colour)

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

        # A sign: above and below it, beside it, then farther away, where it needs a leader.
        if mark.shape != "none":
            for dy in (-32, -16, -52, 28, 44):
                yield 0, dy, "middle"
            yield from reversed(sides)
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


# Stacked parts: at the right edge, a leader, a swatch, the name and columns of texts for each.
_LEADER = 34.0
_SWATCH = 12.0
_SWATCH_GAP = 8
_NAME_TO_COLUMNS = 16
_BETWEEN_COLUMNS = 22.0
# Pixels of the longest name.
_LONGEST = 190
_LONGEST_ON_PHONE = 90
_ROW = 1.75  # ems from a row to the next one
_ABOVE_STACK = 2.2  # ems, for the heads of the rows


@dataclass(frozen=True, slots=True)
class _StackRows:
    """The rows at the right edge of a stack: texts, and the right edge of each of their columns."""

    parts: tuple[Part, ...]  # the whole comes last
    names: list[str]
    columns: list[float]
    width: float


def stacked(picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
    """Draw the parts, the line of the whole with its range, and a row for each at the right."""
    plane = Plane(picture, canvas, frame, plot.span)
    rows = _stack_rows(plot, canvas, frame)
    plane.right = frame.right - rows.width
    plane.top = frame.top + canvas.size.text * _ABOVE_STACK
    plane.grid()

    tops = [part.ys for part in plot.parts]
    edges = np.cumsum([np.zeros(len(plot.xs)), *tops], axis=0).tolist()
    colours = _part_colours(plot)
    for (lower, upper), colour in zip(pairwise(edges), colours, strict=True):
        outline = [*plane.points(plot.xs, upper), *reversed(plane.points(plot.xs, lower))]
        canvas.area(outline, colour, gap=1.4)
    _whole(plot, plane)

    middles = [plane.y((lower[-1] + upper[-1]) / 2) for lower, upper in pairwise(edges)]
    _write_stack_rows(plot, plane, rows, middles, colours)
    plane.years(plot.origin)


def _part_colours(plot: Stack) -> list[str]:
    """Choose the colours of the parts, from dark to light; the rest has the lightest one."""
    colours = []
    for rank, part in enumerate(plot.parts):
        shade_of_part = MOST_PARTS if part.rest else rank % MOST_PARTS
        colours.append(f"part{shade_of_part}")
    return colours


def _stack_rows(plot: Stack, canvas: Canvas, frame: Box) -> _StackRows:
    """Measure the rows of a stack; a phone has room for their first column alone."""
    text = canvas.size.text
    phone = canvas.size.name == "phone"
    parts = (*plot.parts, plot.whole)
    longest = _LONGEST_ON_PHONE if phone else _LONGEST
    names = [wrapped(part.name, longest, text, bold=True, most=1)[0] for part in parts]

    widths = []
    for index in range(1 if phone else len(plot.heads)):
        words = [plot.heads[index], *(part.texts[index] for part in parts)]
        widest = max(width(prose(word), text, bold=True) for word in words)
        widths.append(widest + _BETWEEN_COLUMNS)
    columns = [frame.right - sum(widths[index + 1 :]) for index in range(len(widths))]
    longest_name = max(width(name, text, bold=True) for name in names)
    whole_width = _LEADER + _SWATCH + _NAME_TO_COLUMNS + longest_name + sum(widths)
    return _StackRows(parts, names, columns, whole_width)


def _write_stack_rows(
    plot: Stack, plane: Plane, rows: _StackRows, middles: list[float], colours: list[str]
) -> None:
    """Write a row for each part at the height of its middle, that of the whole at the top."""
    canvas = plane.canvas
    text = canvas.size.text
    head = plane.top - text * 0.9
    for x, words in zip(rows.columns, plot.heads, strict=False):
        canvas.text(x, head, words, colour="quiet", anchor="end")

    wanted = [*middles, plane.y(plot.whole.ys[-1]) - text * 1.5]
    moved = scales.spread(wanted, text * _ROW, plane.top + 6, plane.bottom - 4)
    edge = plane.right
    start = plane.right + _LEADER
    for rank, (part, y) in enumerate(zip(rows.parts, moved, strict=True)):
        main = part is plot.whole
        if not main:
            middle = wanted[rank]
            leader = [(edge + 10, middle), (edge + 16, middle), (start - 6, y)]
            canvas.line(leader, "axis", 0.9)
            canvas.rect(Box(start, y - 6, start + _SWATCH, y + 6), colours[rank])

        baseline = y + text * HALF_CAPITAL
        colour = "accent" if main else "ink"
        weight = BOLD if main else REGULAR
        x = start + _SWATCH + _SWATCH_GAP
        canvas.text(x, baseline, rows.names[rank], colour=colour, weight=weight)
        for index, (x, words) in enumerate(zip(rows.columns, part.texts, strict=False)):
            tint = colour if index == 0 or main else "quiet"
            weight = REGULAR if index else BOLD
            canvas.text(x, baseline, words, colour=tint, weight=weight, anchor="end")


def _whole(plot: Stack, plane: Plane) -> None:
    """Draw observed values in ink, the forecast in the accent, its range as a line with ends."""
    canvas = plane.canvas
    line = canvas.size.line
    points = plane.points(plot.xs, plot.whole.ys)
    observed = sum(year <= plot.origin for year in plot.xs)
    if observed > 1:
        canvas.line(points[:observed], "ink", line)
    canvas.line(points[observed - 1 :], "accent", line)

    # The origin: dashes down to the years, in the colour of the page, and a dot.
    x, y = points[observed - 1]
    canvas.line([(x, y), (x, plane.bottom)], "paper", 2.0, "2 4")
    canvas.dot(x, y, 4.5, "ink")

    lower, upper = map(plane.y, plot.bounds)
    canvas.line([(plane.right, lower), (plane.right, upper)], "paper", 5.0)
    canvas.span(plane.right, (lower, upper), line, half=7)
    canvas.dot(*points[-1], 6.0, "paper", "accent", 2.6)
