"""Rows on one axis as svg: ranges with their middle, bars from end to end, steps joined as in a waterfall."""

from __future__ import annotations

from itertools import pairwise

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import Box, Canvas
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

_ROW, _LEAST, _MOST = 34.0, 17.0, 60.0
_SECOND = 16.0
"""Pixels more of a row with two lines."""
_GROUP = 34.0
_THICK, _THIN = 0.58, 0.34
"""Heights of ranges of 50 % and of wider ones, and of bars, as parts of a row."""
_TICK_ROOM = 80.0


def height(plot: Ranges, room: float | None = None) -> tuple[float, float]:
    """The height of one row, and of all of them; `room`: what there is."""
    extra = sum(_GROUP for row in plot.rows if row.group) + sum(_SECOND for row in plot.rows if row.about)
    each = _ROW if len(plot.rows) <= 12 else 26.0
    if room is not None:
        each = min(max((room - extra) / len(plot.rows), _LEAST), _MOST)
    return each, each * len(plot.rows) + extra


def draw(picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None = None) -> float:
    """Draw the rows into a frame as wide as it is; gives where they end."""
    return _Rows(picture, plot, canvas, frame, room).draw()


class _Rows:
    def __init__(self, picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None) -> None:
        self.plot, self.canvas, self.unit, self.frame = plot, canvas, picture.unit, frame
        size = canvas.size
        self.text, self.phone = size.text, size.name == "phone"
        wide = frame.right - frame.left
        most = wide * (0.3 if self.phone else 0.32)
        self.names = [(wrapped(row.name, most, self.text, bold=True, most=1) or [""])[0] for row in plot.rows]
        self.abouts = [(wrapped(row.about, most, self.text, most=1) or [""])[0] for row in plot.rows]
        self.columns = max((len(row.texts) for row in plot.rows), default=0)
        if self.phone:
            self.columns = min(self.columns, 1)
        self.widths = [
            max(
                width(prose(word), self.text, bold=True)
                for word in (
                    (plot.heads[at : at + 1] or ("",))[0],
                    *(row.texts[at] for row in plot.rows if row.texts[at:]),
                )
            )
            for at in range(self.columns)
        ]
        names = max((width(name, self.text, bold=True) for name in (*self.names, *self.abouts)), default=0.0)
        ends = [max((width(prose(row.ends[at]), self.text) for row in plot.rows), default=0.0) for at in (0, 1)]
        self.left = frame.left + names + 22 + (ends[0] * 0.6)
        self.right = frame.right - sum(self.widths) - 20 * len(self.widths) - 8 - (ends[1] * 0.6)
        self.scale = scales.of(picture, max(int((self.right - self.left) / _TICK_ROOM), 2))
        above = self.text * 2 + 6 + (self.text * 1.6 if plot.reference_text else 0)
        self.each, self.high = height(plot, None if room is None else room - above)
        self.top = frame.top + self.text * 2
        self.bottom = self.top + self.high

    def x(self, value: float) -> float:
        """Place of a value."""
        return self.left + (self.right - self.left) * self.scale.share(value)

    def draw(self) -> float:
        """Everything, back to front."""
        canvas, plot, text = self.canvas, self.plot, self.text
        self._axis()
        middles = self._middles()
        through = None
        answer = next((row for row in plot.rows if row.tone == MAIN and row.value is not None), None)
        if plot.reference is not None:
            x = self.x(plot.reference)
            if plot.reference_text:
                canvas.line((x, self.top), (x, self.bottom + 2), "ink", 1.2, "2 4")
            elif answer is not None:
                start = middles[plot.rows.index(answer)]
                swings = (at for at, row in zip(middles, plot.rows, strict=True) if all(row.ends))
                through = ((x, start), (x, max(swings, default=start) + self.each * 0.4))
        for (row, middle), (_, after) in pairwise(
            [*zip(plot.rows, middles, strict=True), (plot.rows[-1], middles[-1])]
        ):
            if row.joins is not None and after > middle:
                canvas.line((self.x(row.joins), middle), (self.x(row.joins), after), "axis", 1.2)
        for place, (row, middle) in enumerate(zip(plot.rows, middles, strict=True)):
            if row.group:
                self._group(row.group, middle - self.each / 2 - _GROUP, first=not place)
            self._mark(row, middle)
            self._words(row, place, middle)
        if through:
            canvas.line(*through, "accent", 2.0)
        end = self.bottom
        if plot.reference is not None and plot.reference_text:
            half = width(prose(plot.reference_text), text) / 2
            at = min(max(self.x(plot.reference), self.frame.left + half), self.frame.right - half)
            end += text * 1.6
            canvas.text(at, end - 2, plot.reference_text, anchor="middle", weight=MEDIUM)
        return end + 6

    def _axis(self) -> None:
        canvas, text = self.canvas, self.text
        y = self.frame.top + text * 0.9
        unit = f"{self.unit}, logarithmic axis".removeprefix(", ") if self.scale.logarithmic else self.unit
        edge = self.frame.left
        if unit:
            if len(wrapped(unit, self.left - self.frame.left - 30, text)) > 1:
                edge = canvas.text(self.frame.left, y - text * 1.5, unit, colour="quiet").left
            else:
                edge = canvas.text(self.frame.left, y, unit, colour="quiet").right + 8
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            x = self.x(tick)
            zero = tick == 0 and not self.scale.logarithmic
            canvas.line((x, self.top - 4), (x, self.bottom), "axis" if zero else "grid", 1.2 if zero else 1.0)
            if x - width(words, text) / 2 >= edge:
                canvas.text(x, y, words, colour="quiet", anchor="middle")
        at = self.frame.right
        for wide, head in reversed([*zip(self.widths, self.plot.heads, strict=False)]):
            canvas.text(at, y, head, colour="quiet", anchor="end")
            at -= wide + 20

    def _middles(self) -> list[float]:
        """The middle of each row."""
        middles, at = [], self.top
        for row in self.plot.rows:
            at += (_GROUP if row.group else 0) + self.each / 2
            middles.append(at + (_SECOND / 2 if row.about else 0))
            at += self.each / 2 + (_SECOND if row.about else 0)
        return middles

    def _group(self, heading: str, top: float, *, first: bool) -> None:
        """The heading of a group, and a rule above it, over the lines of the grid."""
        canvas = self.canvas
        canvas.rect(Box(self.frame.left, top + (8 if first else 1), self.frame.right, top + _GROUP - 4), "paper")
        if not first:
            canvas.line((self.frame.left, top + 4), (self.frame.right, top + 4), "grid")
        canvas.text(self.frame.left, top + _GROUP - 9, heading, weight=BOLD)

    def _mark(self, row: Row, middle: float) -> None:
        """The ranges, the bar, the middle and what was observed."""
        canvas, main = self.canvas, row.tone == MAIN
        tint = "band" if main else "grey"
        for level, lower, upper in reversed(self.plot.shown(row)):
            half = self.each * (_THICK if level <= 50 else _THIN) / 2
            box = Box(self.x(lower), middle - half, max(self.x(upper), self.x(lower) + 1), middle + half)
            canvas.rect(box, f"{tint}{50 if level <= 50 else 80}")
        if row.bar:
            low, high = sorted(row.bar)
            half = self.each * _THICK / 2
            box = Box(self.x(low), middle - half, max(self.x(high), self.x(low) + 1), middle + half)
            canvas.rect(box, "accent" if main else "total" if row.joins is None or row.strong else "axis")
            y = middle + self.text * 0.35
            canvas.text(box.left - 7, y, row.ends[0], anchor="end", halo=True)
            canvas.text(box.right + 7, y, row.ends[1], halo=True)
        if row.value is not None:
            x = self.x(row.value)
            if row.dot:
                canvas.dot(x, middle, 5.5, "ink", "paper", 1.5)
            else:
                half = self.each * 0.36
                canvas.line((x, middle - half), (x, middle + half), "accent" if main else "ink", 3.0)
        if row.other is not None:
            canvas.dot(self.x(row.other), middle, 5.0, "ink", "paper", 1.5)

    def _words(self, row: Row, place: int, middle: float) -> None:
        canvas, text = self.canvas, self.text
        main = row.tone == MAIN and row.strong
        colour, weight = "accent" if main else "ink", BOLD if row.strong else MEDIUM if row.about else REGULAR
        y = middle + text * 0.35
        above = _SECOND / 2 if row.about else 0
        canvas.text(self.frame.left, y - above, self.names[place], colour=colour, weight=weight)
        canvas.text(self.frame.left, y + above, self.abouts[place] if row.about else "", colour="quiet")
        at = self.frame.right
        for rank in reversed(range(self.columns)):
            words = row.texts[rank] if row.texts[rank:] else ""
            shade = colour if not rank or main else "quiet"
            canvas.text(at, y, words, colour=shade, weight=BOLD if not rank else REGULAR, anchor="end")
            at -= self.widths[rank] + 20
