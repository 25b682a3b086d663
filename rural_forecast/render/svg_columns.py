"""Values of years as columns, and parts that add up as areas, in svg."""

from __future__ import annotations

from itertools import accumulate, pairwise

from rural_forecast.document.picture import MAIN, Columns, Part, Picture, Stack
from rural_forecast.render import scale as scales
from rural_forecast.render import svg_years
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import Box, Canvas, Point
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, MOST_PARTS, REGULAR

_WIDEST, _PART = 64.0, 0.72
"""Pixels of a column, and its part of the room of its year."""
_GAP, _SWATCH, _BETWEEN = 14.0, 12.0, 22.0
_LEADER = 34.0


def columns(picture: Picture, plot: Columns, canvas: Canvas, frame: Box) -> None:
    """Draw a column a year from zero, its value above it and its range as a line."""
    text, scale = canvas.size.text, scales.of(picture, 5)
    top, bottom = frame.top + text * 3.2, frame.bottom - text * 2.1
    slot = (frame.right - frame.left) / len(plot.groups)
    half = min(slot * _PART, _WIDEST) / 2
    canvas.text(frame.left, frame.top + text, picture.unit, colour="quiet")

    def y(value: float) -> float:
        return bottom - (bottom - top) * scale.share(value)

    texts = [width(prose(bar.text), text, bold=True) for _, bar in plot.groups]
    every = int(max(texts) / max(slot - 2, 1)) + 1
    years = int((width("0000", text, bold=True) + 4) / slot) + 1
    last, count = (
        next((at for at, (_, bar) in enumerate(plot.groups) if bar.tone == MAIN), len(plot.groups)) - 1,
        len(plot.groups),
    )
    shown = {last, count - 1}
    for at in range(count):
        if all(abs(at - other) >= every for other in shown):
            shown.add(at)
    for at, (name, bar) in enumerate(plot.groups):
        x, main = frame.left + slot * (at + 0.5), bar.tone == MAIN
        low, high = sorted((y(bar.value), y(0.0)))
        canvas.rect(Box(x - half, low, x + half, max(high, low + 1)), "band50" if main else "total")
        if bar.bounds:
            ends = [y(end) for end in bar.bounds]
            canvas.line((x, ends[0]), (x, ends[1]), "accent", 2.0)
            for end in ends:
                canvas.line((x - 5, end), (x + 5, end), "accent", 2.0)
        if at in shown:
            upper = min(low, *(y(end) for end in bar.bounds or (bar.value,)))
            lower = max(high, *(y(end) for end in bar.bounds or (bar.value,)))
            place = upper - 7 if bar.value >= 0 else lower + text + 4
            colour = "accent" if main else "ink"
            canvas.text(x, place, bar.text, colour=colour, weight=MEDIUM, anchor="middle", halo=True)
        if at in (last, count - 1) or (
            at % years == 0 and all(abs(at - other) >= years for other in (last, count - 1))
        ):
            full = at in (0, last, count - 1) or years > 1 or slot > 2 * width("0000", text)
            words, weight = (name, MEDIUM if at in (0, last, count - 1) else REGULAR)
            words = words if full or not name.isdigit() else name[-2:]
            canvas.text(
                x,
                frame.bottom - text * 0.35,
                words,
                colour="ink" if weight == MEDIUM else "quiet",
                weight=weight,
                anchor="middle",
            )
    canvas.line((frame.left, y(0.0)), (frame.right, y(0.0)), "axis", 1.2)


def stack(picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
    """Draw the parts, the line of the whole with its range, and a row at the right edge for each."""
    _Stack(picture, plot, canvas, frame).draw()


class _Stack:
    def __init__(self, picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
        self.plot, self.canvas, self.frame, self.unit = plot, canvas, frame, picture.unit
        size = canvas.size
        self.text, phone = size.text, size.name == "phone"
        self.scale = scales.of(picture, 5)
        shown = 1 if phone else len(plot.heads)
        rows = (plot.whole, *plot.parts)
        self.names = {
            part.name: wrapped(part.name, 90 if phone else 190, self.text, bold=True, most=1)[0] for part in rows
        }
        texts = [[plot.heads[at], *(part.texts[at] for part in rows)] for at in range(shown)]
        self.widths = [max(width(prose(word), self.text, bold=True) for word in words) for words in texts]
        names = max(width(name, self.text, bold=True) for name in self.names.values())
        room = _LEADER + _SWATCH + 8 + names + sum(wide + _BETWEEN for wide in self.widths)
        ticks = max(width(words, self.text) for words in self.scale.texts)
        self.left, self.right = frame.left + ticks + 15, frame.right - room - 8
        self.top, self.bottom = frame.top + self.text * 2.2, frame.bottom - self.text * 2.1
        self.columns = [frame.right - sum(wide + _BETWEEN for wide in self.widths[at + 1 :]) for at in range(shown)]

    def x(self, year: float) -> float:
        first, last = self.plot.xs[0], self.plot.xs[-1]
        return self.left + (self.right - self.left) * (year - first) / ((last - first) or 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)

    def draw(self) -> None:
        """Everything, back to front."""
        canvas, plot, text = self.canvas, self.plot, self.text
        head = self.top - text * 0.9
        canvas.text(self.frame.left, head, self.unit, colour="quiet")
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            canvas.line((self.left, self.y(tick)), (self.right, self.y(tick)), "grid" if tick else "axis")
            canvas.text(self.left - 10, self.y(tick) + text * 0.35, words, colour="quiet", anchor="end")
        floors = [
            *accumulate(
                (part.ys for part in plot.parts),
                lambda low, ys: tuple(a + b for a, b in zip(low, ys, strict=True)),
                initial=(0.0,) * len(plot.xs),
            )
        ]
        for rank, part in enumerate(plot.parts):
            upper, lower = self._edge(floors[rank + 1]), self._edge(floors[rank])
            canvas.area([*upper, *reversed(lower)], self._colour(rank, part), gap=1.4)
        self._whole()
        self._rows([(low[-1] + high[-1]) / 2 for low, high in pairwise(floors)], head)
        frame = Box(self.left, self.top, self.right, self.bottom)
        svg_years.draw(canvas, frame, int(plot.xs[0]), int(plot.xs[-1]), plot.origin)

    def _edge(self, values: tuple[float, ...]) -> list[Point]:
        return [(self.x(year), self.y(value)) for year, value in zip(self.plot.xs, values, strict=True)]

    def _colour(self, rank: int, part: Part) -> str:
        return f"part{MOST_PARTS}" if part.rest else f"part{rank % MOST_PARTS}"

    def _whole(self) -> None:
        """Draw observed values in ink, the forecast in the accent, its range as a line with ends."""
        canvas, plot, line = self.canvas, self.plot, self.canvas.size.line
        edge, seen = self._edge(plot.whole.ys), sum(year <= plot.origin for year in plot.xs)
        if seen > 1:
            canvas.path(edge[:seen], "ink", line)
        canvas.path(edge[max(seen - 1, 0) :], "accent", line)
        if seen:
            at = edge[seen - 1]
            canvas.line(at, (at[0], self.bottom), "paper", 2.0, "2 4")
            canvas.dot(*at, 4.5, "ink")
        x = self.right
        ends = [self.y(end) for end in plot.bounds]
        canvas.line((x, ends[0]), (x, ends[1]), "paper", 5.0)
        canvas.line((x, ends[0]), (x, ends[1]), "accent", 2.6)
        for end in ends:
            canvas.line((x - 7, end), (x + 7, end), "accent", 2.6)
        canvas.dot(*edge[-1], 6.0, "paper", "accent", 2.6)

    def _rows(self, middles: list[float], head: float) -> None:
        """A row for each part at its middle, moved apart, and one for the whole on top."""
        canvas, plot, text = self.canvas, self.plot, self.text
        for at, words in zip(self.columns, plot.heads, strict=False):
            canvas.text(at, head, words, colour="quiet", anchor="end")
        wanted = [*map(self.y, middles), self.y(plot.whole.ys[-1]) - text * 1.5]
        places = scales.spread(wanted, text * 1.75, self.top + 6, self.bottom - 4)
        start = self.right + _LEADER
        for rank, (part, at) in enumerate(zip((*plot.parts, plot.whole), places, strict=True)):
            main = part is plot.whole
            if not main:
                canvas.path(
                    [(self.right + 10, wanted[rank]), (self.right + 16, wanted[rank]), (start - 6, at)], "axis", 0.9
                )
                canvas.rect(Box(start, at - 6, start + _SWATCH, at + 6), self._colour(rank, part))
            y, colour = at + text * 0.35, "accent" if main else "ink"
            canvas.text(start + _SWATCH + 8, y, self.names[part.name], colour=colour, weight=BOLD if main else REGULAR)
            for place, words in zip(self.columns, part.texts, strict=False):
                first = place == self.columns[0]
                shade = colour if first or main else "quiet"
                canvas.text(place, y, words, colour=shade, weight=BOLD if first else REGULAR, anchor="end")
