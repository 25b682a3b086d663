"""Years as svg: a fan that fades out beyond its axis, lines, bars, published figures, labels, and
stacked parts.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rural_forecast.document.picture import MAIN, PLAIN, Course, Label, Line, Mark, Picture, Stack
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import Box, Canvas, Plane, Point, box_of, pattern, shade
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, MOST_PARTS, REGULAR

DOT = 3.4
RING = 5.0
# Pixels from the end of the drawing to a label, and of the tick that belongs to it.
_GAP = 14.0
_TIE = 6.0
_MANY = 6  # labels from which each has one line
_CROWDED = 40
_WIDEST = 64.0
_PART = 0.72  # pixels of a bar, and its part of the room of its year


def draw(
    picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool = False
) -> bool:
    """Draw the course into a frame; gives whether the bands need a key."""
    if plot.bars:
        _bars(picture, plot, canvas, frame)
        return False
    return not _FanDrawing(picture, plot, canvas, frame, small=small).draw() and len(plot.bands) > 1


def _bars(picture: Picture, plot: Course, canvas: Canvas, frame: Box) -> None:
    """Draw a bar a year from zero, its text above it where it touches no other, and its range as a
    line.
    """
    plane = Plane(picture, canvas, frame, plot.span)
    text = canvas.size.text
    first, last = plot.span
    slot = (frame.right - frame.left) / (last - first + 1)
    plane.left = frame.left + slot / 2
    plane.right = frame.right - slot / 2
    plane.top = frame.top + text * 3.2
    canvas.text(frame.left, frame.top + text, picture.unit, colour="quiet")
    half = min(slot * _PART, _WIDEST) / 2
    zero = plane.y(0.0)
    bodies: dict[float, Box] = {}
    for line in plot.lines:
        for x, y in plane.points(*zip(*line.points, strict=True)):
            bodies[x] = Box(x - half, min(y, zero), x + half, max(y, zero, y + 1))
            canvas.rect(bodies[x], "band50" if line.tone == MAIN else "total")
    for band in plot.bands:
        for year, *ends in zip(band.xs, band.lower, band.upper, strict=True):
            x, (high, low) = plane.x(year), (plane.y(end) for end in sorted(ends, reverse=True))
            canvas.span(x, (low, high))
            bodies[x] = bodies[x]._replace(
                top=min(bodies[x].top, high), bottom=max(bodies[x].bottom, low)
            )
    written: list[Box] = []
    for mark in sorted(plot.marks, key=lambda mark: mark.x not in (plot.origin, last)):
        x = plane.x(mark.x)
        y = bodies[x].top - 7 if mark.y >= 0 else bodies[x].bottom + text + 4
        box = box_of(x, y, mark.text, text, MEDIUM, "middle")
        others = [body for at, body in bodies.items() if at != x]
        if mark.x in (plot.origin, last) or not any(
            map(box.meets, [*others, *(one.wider(2) for one in written)])
        ):
            colour = "accent" if mark.tone == MAIN else "ink"
            written.append(
                canvas.text(
                    x, y, mark.text, colour=colour, weight=MEDIUM, anchor="middle", halo=True
                )
            )
    plane.years(plot.origin)
    canvas.line([(frame.left, zero), (frame.right, zero)], "axis", 1.2)


class _Ending(NamedTuple):
    label: Label
    amount: str
    names: list[str]
    at: float
    cut: int
    weight: int
    size: float
    wide: float


class _FanDrawing(Plane):
    def __init__(
        self, picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool
    ) -> None:
        super().__init__(picture, canvas, frame, plot.span, small=small)
        self.plot = plot
        self.size = canvas.size
        self.phone = small or self.size.name == "phone"
        share = 0.3 if self.phone else 0.42 if len(plot.labels) > _MANY else 0.27
        self.endings = [
            self._ending(label, share * (frame.right - frame.left)) for label in plot.labels
        ]
        room = max((ending.wide for ending in self.endings), default=0.0)
        self.right = frame.right - (room + _GAP if room else RING + 12)
        # The height in which bands fade out.
        self.fading = scales.FADE * (self.bottom - self.top) / (1 + scales.FADE)
        self.taken: list[Box] = []  # boxes that texts keep away from

    def _ending(self, label: Label, most: float) -> _Ending:
        text, bands, (share, cut) = self.size.text, self.plot.bands, self.scale.placed(label.y)
        amount = prose(label.amount) + {1: " ↑", -1: " ↓"}.get(cut, "")
        size = self.size.range if label.strong and not self.small else text
        weight = (
            BOLD if not label.level else MEDIUM if label.level <= bands[-2:][0].level else REGULAR
        )
        wide = width(amount, size, bold=weight > REGULAR)
        room = max(most - (0 if self.phone else wide + 7), 60)
        lines = 1 if len(self.plot.labels) > _MANY else 3
        names = [] if label.level else wrapped(label.name, room, text, most=lines)
        longest = max((width(name, text) for name in names), default=0.0)
        wide = max(wide, longest) if self.phone else wide + (longest + 7 if names else 0)
        return _Ending(
            label, amount, names, self.at(share) + (8 if cut > 0 else 0), cut, weight, size, wide
        )

    def draw(self) -> bool:
        """Everything, back to front, published figures last; gives whether bands have their names
        in them.
        """
        plot = self.plot
        canvas = self.canvas
        self.grid()
        self.years(plot.origin)
        self._bands()
        for line in sorted(plot.lines, key=lambda line: (line.tone == PLAIN, line.tone == MAIN)):
            self._line(line)
        named = self._names()
        self._labels()
        self.taken += [Box.around((self.x(mark.x), self.y(mark.y)), 8) for mark in plot.signs]
        leaders = [
            self._said(mark)
            for mark in sorted(plot.marks, key=lambda mark: mark.shape != "none")
            if mark.text
        ]
        for leader in filter(None, leaders):
            canvas.line(leader, "ink", 1.2)
        for mark in plot.signs:
            canvas.diamond(self.x(mark.x), self.y(mark.y))
        return named

    def _bands(self) -> None:
        """Darkest inside; the widest one fades out where it leaves the axis."""
        plot = self.plot
        faded = 0.9 * self.fading
        answer = {band.tone for band in plot.bands} <= {MAIN}
        for band in sorted(plot.bands, key=lambda band: (-band.level, band.tone == MAIN)):
            lower, upper = (
                [(self.x(year), self.at(share)) for year, share in edge]
                for edge in self.scale.outline(band)
            )
            colour = (
                f"band{shade(band.level)}"
                if answer
                else "band80"
                if band.tone == MAIN
                else "grey80"
            )
            self.canvas.area(
                [*upper, *reversed(lower)], colour, kind="" if answer else "see-through"
            )
        for side in self.scale.sides(plot):
            start = self.top - 1 if side > 0 else self.bottom - faded
            self.canvas.fade(
                Box(self.left, start, self.right + 2, start + faded + 1), upward=side > 0
            )

    def _line(self, line: Line) -> None:
        """A line with its dots; a forecast ends in a ring. Labels keep away from all of it."""
        canvas = self.canvas
        main = line.tone == MAIN
        context = line.tone > MAIN
        colour, pattern_of = pattern(line.tone)
        colour = "axis" if line.faint else colour
        points = self.points(line.xs, line.ys)
        dash = {"dashed": "" if main else "7 4", "dotted": "2 4"}.get(
            line.dash, pattern_of if context else ""
        )
        if len(points) > 1:
            canvas.line(
                points,
                colour,
                self.size.line * (0.6 if line.faint else 0.75 if context else 1),
                dash,
            )
        if line.dots and main and line.dash == "dashed":
            canvas.dot(*points[-1], DOT if self.small else RING, "paper", "accent", 2.6)
            self.taken.append(Box.around(points[-1], 7))
        elif line.dots and line.dash == "solid":
            for at in points:
                canvas.dot(
                    *at,
                    DOT * (0.65 if len(points) > _CROWDED or line.faint or self.small else 1),
                    colour,
                )
        self.taken += [Box.around(at, DOT) for at in points]
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(int(abs(x1 - x0) / 5), int(abs(y1 - y0) / 5), 1) + 1
            between = zip(np.linspace(x0, x1, steps), np.linspace(y0, y1, steps), strict=True)
            self.taken += [Box.around((float(x), float(y)), 2) for x, y in between][1:-1]

    def _names(self) -> bool:
        """Write the name of each band of the answer at its right edge, if there is room for all."""
        size = self.size.text
        bands = self.plot.bands
        inner = next(
            (line for line in self.plot.lines if line.tone == MAIN and len(line.xs) > 1), None
        )
        if len(bands) < 2 or self.phone or inner is None or {band.tone for band in bands} != {MAIN}:
            return False
        right = self.x(self.span[1]) - 12
        left = right - width("95 %", size)
        placed = []

        def heights(edge: Sequence[Point]) -> list[float]:
            xs, ys = np.transpose(edge)
            return [float(y) for y in np.interp(np.linspace(left, right, 8), xs, ys)]

        below = min(heights(self.points(inner.xs, inner.ys)))
        for band in bands:
            edge = heights(
                [(self.x(year), self.at(share)) for year, share in self.scale.outline(band)[1]]
            )
            above = max(edge)
            if above <= self.top + 1:  # where it fades out
                above = self.top + self.fading - size * 0.5
            y = (above + below) / 2 + size * 0.35
            box = Box(left, y - 0.72 * size, right, y + 0.02 * size)  # without descents
            if box.top < above + 1 or box.bottom > below - 1 or any(map(box.meets, self.taken)):
                return False
            placed.append((y, f"{band.level} %"))
            below = min(edge)
        self.taken += [self.canvas.text(right, y, words, anchor="end") for y, words in placed]
        return True

    def _said(self, mark: Mark) -> list[Point] | None:
        """Write the text of a figure where it covers nothing; gives the leader that it needs."""
        x = self.x(mark.x)
        y = self.y(mark.y)
        size = self.size.text
        plain = mark.shape == "none"
        page = Box(self.left - RING, self.top - size * 0.4, self.right + 4, self.bottom - 2)
        shaded = min((self.x(band.xs[0]) for band in self.plot.bands), default=page.right)
        for dx, dy, anchor in self._places(mark):
            box = box_of(x + dx, y + dy, mark.text, size, MEDIUM, anchor)
            halo = plain and box.right < shaded + 2  # none on bands
            if plain and x <= shaded and not halo:
                continue
            inside = (
                page.left <= box.left <= box.right <= page.right
                and page.top <= box.top <= box.bottom <= page.bottom
            )
            if inside and not any(map(box.wider(2).meets, self.taken)):
                self.canvas.text(x + dx, y + dy, mark.text, weight=MEDIUM, anchor=anchor, halo=halo)
                self.taken.append(box)
                if plain or abs(dy) < 20:
                    return None
                return (
                    [(x, y - 7), (x, box.bottom + 1)] if dy < 0 else [(x, y + 7), (x, box.top - 1)]
                )
        return None

    def _places(self, mark: Mark) -> Iterator[tuple[float, float, str]]:
        """Places of a text beside its figure, the best first: of a value around it, of a sign above
        and below it.
        """
        size = self.size.text
        sides = [(-12.0, size * 0.35, "end"), (12.0, size * 0.35, "start")]
        if mark.shape != "none":
            yield from ((0, dy, "middle") for dy in (-32, -16, -52, 28, 44))
            yield from reversed(sides)
            yield from (
                (6, dy, anchor)
                for dy in (-32, -52, -72, -92, 36, 60, 84)
                for anchor in ("end", "start")
            )
            return
        first = mark.x == self.span[0]
        corners = [
            (-8, -12.0, "end"),
            (-8, size + 8, "end"),
            (9, size + 6, "start"),
            (9, -10.0, "start"),
        ]
        yield from corners[2:] + corners[:2] if first else corners
        yield from ((0, -14, "middle"), (0, size + 10, "middle"), *sides)
        yield from ((-10, -26, "start"),) if first and mark.x == self.plot.origin else ()
        yield from ((0, dy, anchor) for dy in (-28, -44) for anchor in ("middle", "end"))

    def _labels(self) -> None:
        """The labels at the end, moved apart where they are crowded, with a thin line to what they
        name.
        """
        canvas = self.canvas
        text = self.size.text
        x = self.right + _GAP
        lines = max(
            (len(ending.names) + self.phone if ending.names else 1 for ending in self.endings),
            default=1,
        )
        wanted = [ending.at for ending in self.endings]
        places = scales.spread(wanted, text * (1.3 * lines + 0.2), self.top + 4, self.bottom)
        for (label, amount, names, anchor, cut, weight, size, _), at in zip(
            self.endings, places, strict=True
        ):
            colour = "accent" if label.tone == MAIN else "ink" if label.tone == PLAIN else "quiet"
            if abs(at - anchor) > 3 and not label.strong and not cut:
                canvas.line([(self.right + 3, anchor), (x - 4, at)], "axis", 0.8)
            elif label.level and not cut:
                canvas.line([(self.right + 3, at), (self.right + 3 + _TIE, at)], "accent")
            start = at - 0.65 * text * (len(names) + self.phone - 1 if names else 0)
            box = canvas.text(
                x, start + size * 0.35, amount, size=size, colour=colour, weight=weight
            )
            for rank, name in enumerate(names, self.phone):
                y = start + text * (0.35 + 1.3 * rank) + (2 if self.phone and label.strong else 0)
                canvas.text(x if self.phone else box.right + 7, y, name, colour=colour)


_LEADER = 34.0
_SWATCH = 12.0
_COLUMNS = 22.0
_LONGEST = 190
_LONGEST_PHONE = 90


def stacked(picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
    """Draw the parts, the line of the whole with its range, and a row at the right edge for each."""
    plane = Plane(picture, canvas, frame, plot.span)
    text = canvas.size.text
    phone = canvas.size.name == "phone"
    rows = (*plot.parts, plot.whole)
    shown = 1 if phone else len(plot.heads)
    most = _LONGEST_PHONE if phone else _LONGEST
    names = [wrapped(part.name, most, text, bold=True, most=1)[0] for part in rows]
    texts = [[plot.heads[at], *(part.texts[at] for part in rows)] for at in range(shown)]
    widths = [
        max(width(prose(word), text, bold=True) for word in words) + _COLUMNS for words in texts
    ]
    longest = max(width(name, text, bold=True) for name in names)
    plane.right = frame.right - (_LEADER + _SWATCH + 16 + longest + sum(widths))
    plane.top = frame.top + text * 2.2  # for the heads of the rows
    plane.grid()
    floors = np.cumsum([np.zeros(len(plot.xs)), *(part.ys for part in plot.parts)], axis=0).tolist()
    colours = [
        f"part{MOST_PARTS if part.rest else rank % MOST_PARTS}"
        for rank, part in enumerate(plot.parts)
    ]
    for rank, colour in enumerate(colours):
        upper, lower = (plane.points(plot.xs, floors[at]) for at in (rank + 1, rank))
        canvas.area([*upper, *reversed(lower)], colour, gap=1.4)
    _whole(plot, plane)

    columns = [frame.right - sum(widths[at + 1 :]) for at in range(shown)]
    head = plane.top - text * 0.9
    for at, words in zip(columns, plot.heads, strict=False):
        canvas.text(at, head, words, colour="quiet", anchor="end")
    middles = [plane.y((low[-1] + high[-1]) / 2) for low, high in pairwise(floors)]
    wanted = [*middles, plane.y(plot.whole.ys[-1]) - text * 1.5]
    places = scales.spread(wanted, text * 1.75, plane.top + 6, plane.bottom - 4)
    edge = plane.right
    start = plane.right + _LEADER
    for rank, (part, at) in enumerate(zip(rows, places, strict=True)):
        main = part is plot.whole
        y = at + text * 0.35
        if not main:
            canvas.line(
                [(edge + 10, wanted[rank]), (edge + 16, wanted[rank]), (start - 6, at)], "axis", 0.9
            )
            canvas.rect(Box(start, at - 6, start + _SWATCH, at + 6), colours[rank])
        colour = "accent" if main else "ink"
        canvas.text(
            start + _SWATCH + 8, y, names[rank], colour=colour, weight=BOLD if main else REGULAR
        )
        for place, words in zip(columns, part.texts, strict=False):
            first = place == columns[0]
            tint = colour if first or main else "quiet"
            canvas.text(
                place, y, words, colour=tint, weight=BOLD if first else REGULAR, anchor="end"
            )
    plane.years(plot.origin)


def _whole(plot: Stack, plane: Plane) -> None:
    """Draw observed values in ink, the forecast in the accent, its range as a line with ends."""
    canvas, line = plane.canvas, plane.canvas.size.line
    edge = plane.points(plot.xs, plot.whole.ys)
    seen = sum(year <= plot.origin for year in plot.xs)
    if seen > 1:
        canvas.line(edge[:seen], "ink", line)
    canvas.line(edge[seen - 1 :], "accent", line)
    x, y = edge[seen - 1]
    canvas.line([(x, y), (x, plane.bottom)], "paper", 2.0, "2 4")
    canvas.dot(x, y, 4.5, "ink")
    ends = [plane.y(end) for end in plot.bounds]
    canvas.line([(plane.right, end) for end in ends], "paper", 5.0)
    canvas.span(plane.right, ends, line, half=7)
    canvas.dot(*edge[-1], 6.0, "paper", "accent", 2.6)
