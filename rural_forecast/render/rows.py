"""Rows on one axis as svg: ranges with their middle, bars from end to end, steps joined as in a waterfall."""

from collections.abc import Iterable
from itertools import chain, pairwise, zip_longest

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

_ROW, _LEAST, _MOST = 34.0, 17.0, 60.0
_SECOND, _GROUP = 16.0, 34.0  # pixels more of a row with two lines, and of one that begins a group
_THICK, _THIN, _TALL = 0.29, 0.17, 0.36  # half heights of bars and 50 %, of wider ranges, and of a middle, in rows
_TICK_ROOM = 80.0
_BETWEEN, _APART = 20.0, 26.0  # pixels between columns of texts, and more of them from the axis on


class Rows:
    """Rows in a frame as wide as it is, and as high as they need, or as the `room` there is."""

    def __init__(self, picture: Picture, plot: Ranges, canvas: Canvas, frame: Box, room: float | None) -> None:
        self.plot, self.canvas, self.frame = plot, canvas, frame
        text, phone, rows = canvas.size.text, canvas.size.name == "phone", plot.rows
        self.text, most = text, (frame.right - frame.left) * (0.3 if phone else 0.32)
        self.names = [wrapped(row.name, most, text, bold=True, most=1) for row in rows]
        self.abouts = [wrapped(row.about, most, text, most=1) for row in rows]
        columns = [*zip_longest(*(row.texts for row in rows), fillvalue="")][: 1 if phone else None]
        heads = (*plot.heads, *("" for _ in columns))
        self.columns = [*zip(heads, columns, strict=False)]
        self.widths = [_widest((head, *words), text) + _BETWEEN for head, words in self.columns]
        low, high = (max(width(prose(row.ends[at]), text) for row in rows) * 0.6 for at in (0, 1))
        self.left = frame.left + _widest(chain(*self.names, *self.abouts), text) + 22 + low
        self.right = frame.right - sum(self.widths) - (_APART if any(heads) else 8) - high
        self.scale = scales.of(picture, max(int((self.right - self.left) / _TICK_ROOM), 2))
        self.unit = self.scale.headed(picture.unit)
        self.above = len(wrapped(self.unit, self.left - frame.left - 30, text)) > 1
        self.top = frame.top + text * (3.5 if self.above else 2)
        extra = sum(_GROUP for row in rows if row.group) + sum(_SECOND for row in rows if row.about)
        self.each = _ROW if len(rows) <= 12 else 26.0
        if room is not None:
            room -= text * (3.6 if plot.reference_text else 2) + 6 + extra
            self.each = min(max(room / len(rows), _LEAST), _MOST)
        self.bottom = self.top + self.each * len(rows) + extra

    def _x(self, value: float) -> float:
        return self.left + (self.right - self.left) * self.scale.share(value)

    def draw(self) -> float:
        """Draw everything, back to front; gives where the rows end."""
        canvas, plot, text = self.canvas, self.plot, self.text
        self._axis()
        rows, at = [], self.top
        for row in plot.rows:
            high = self.each + (_SECOND if row.about else 0)
            at += (_GROUP if row.group else 0) + high
            rows.append((row, at - high / 2))
        for (row, middle), (_, after) in pairwise(rows):
            if row.joins is not None:
                canvas.line([(self._x(row.joins), middle), (self._x(row.joins), after)], "axis", 1.2)
        groups = [(row.group, middle - self.each / 2 - _GROUP) for row, middle in rows if row.group]
        for _, top in groups:
            start = top + (8 if top == self.top else 1)
            canvas.rect(Box(self.frame.left, start, self.frame.right, top + _GROUP - 4), "paper")
        for place, (row, middle) in enumerate(rows):
            self._mark(row, middle)
            self._words(row, place, middle)
        x = self._x(plot.reference or 0.0)
        first = next((middle for row, middle in rows if row.tone == MAIN and row.value is not None), None)
        swings = [middle + self.each * 0.4 for row, middle in rows if all(row.ends)]
        if plot.reference is not None and not plot.reference_text and first is not None and swings:
            canvas.line([(x, first), (x, swings[-1])], "accent", 2.0)  # the answer, through the swings around it
        for name, top in groups:  # with a rule above it, over the lines of the grid
            if top != self.top:
                canvas.line([(self.frame.left, top + 4), (self.frame.right, top + 4)], "grid")
            canvas.text(self.frame.left, top + _GROUP - 9, name, weight=BOLD, halo=True)
        if plot.reference is None or not plot.reference_text:
            return self.bottom + 6
        canvas.line([(x, self.top), (x, self.bottom + 2)], "ink", 1.2, "2 4")
        half = width(prose(plot.reference_text), text) / 2
        at = min(max(x, self.frame.left + half), self.frame.right - half)
        canvas.text(at, self.bottom + text * 1.6 - 2, plot.reference_text, anchor="middle", weight=MEDIUM)
        return self.bottom + text * 1.6 + 6

    def _axis(self) -> None:
        canvas, text, scale, y = self.canvas, self.text, self.scale, self.top - self.text * 1.1
        box = canvas.text(self.frame.left, y - text * 1.5 * self.above, self.unit, colour="quiet")
        edge = box.left if self.above else box.right + 8
        for tick, words in zip(scale.ticks, scale.texts, strict=True):
            x = self._x(tick)
            canvas.line([(x, self.top - 4), (x, self.bottom)], *scale.tick_line(tick))
            if x - width(words, text) / 2 >= edge:
                canvas.text(x, y, words, colour="quiet", anchor="middle")
        at = self.frame.right
        for (head, _), wide in zip(reversed(self.columns), reversed(self.widths), strict=True):
            canvas.text(at, y, head, colour="quiet", anchor="end")
            at -= wide

    def _mark(self, row: Row, middle: float) -> None:
        canvas, main = self.canvas, row.tone == MAIN
        for level, lower, upper in reversed(row.shown):
            box = self._box((lower, upper), middle, _THICK if level <= 50 else _THIN)
            canvas.rect(box, f"{'band' if main else 'grey'}{50 if level <= 50 else 80}")
        if row.bar:
            box, y = self._box(row.bar, middle, _THICK), middle + self.text * 0.35
            canvas.rect(box, "accent" if main else "total" if row.joins is None or row.strong else "axis")
            canvas.text(box.left - 7, y, row.ends[0], anchor="end", halo=True)
            canvas.text(box.right + 7, y, row.ends[1], halo=True)
        if row.value is not None and not row.dot:
            x, half = self._x(row.value), self.each * _TALL
            canvas.line([(x, middle - half), (x, middle + half)], "accent" if main else "ink", 3.0)
        for value in (row.value if row.dot else None, row.other):
            if value is not None:
                canvas.dot(self._x(value), middle, 5.5, "ink", "paper", 1.5)

    def _box(self, ends: tuple[float, float], middle: float, part: float) -> Box:
        low, high = map(self._x, sorted(ends))
        return Box(low, middle - self.each * part, max(high, low + 1), middle + self.each * part)

    def _words(self, row: Row, place: int, middle: float) -> None:
        canvas, main, y = self.canvas, row.tone == MAIN and row.strong, middle + self.text * 0.35
        colour, weight = "accent" if main else "ink", BOLD if row.strong else MEDIUM if row.about else REGULAR
        above = _SECOND / 2 if row.about else 0
        for words in self.names[place]:
            canvas.text(self.frame.left, y - above, words, colour=colour, weight=weight)
        for words in self.abouts[place]:
            canvas.text(self.frame.left, y + above, words, colour="quiet")
        at = self.frame.right
        for rank in reversed(range(len(self.columns))):
            tint, weight = colour if not rank or main else "quiet", REGULAR if rank else BOLD
            canvas.text(at, y, self.columns[rank][1][place], colour=tint, weight=weight, anchor="end")
            at -= self.widths[rank]


def _widest(words: Iterable[str], size: float) -> float:
    return max(width(prose(one), size, bold=True) for one in words)
