"""A picture as svg without its words, for pages, svg files, png and pdf: panels, columns, and rows with ranges.

Columns may have their growth as a bracket, be stacked, or be a distribution; panels are small pictures in rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import Bar, Bracket, Columns, Course, Panels, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render import svg_course
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import FONT, LINE, SMALL, Drawing, Size, gridline, line, rect, text
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.numbers import percent

_BETWEEN = 26.0
"""Pixels from one panel to the next."""
_NARROW = 400.0
"""Pixels of a phone."""
_HEIGHT, _LEAST = 190.0, 110.0
TICKS = 5
_WIDEST = 64.0
"""Pixels of one column."""
_BRACKET = 30.0
_ROW, _LEAST_ROW, _MOST_ROW, _BAR, _AXIS = 26.0, 19.0, 44.0, 16.0, 46.0
_WEIGHTS, _GAP = 154.0, 26.0
"""Pixels for the bars of weights, and between them and the texts."""


def draw(picture: Picture, size: Size) -> Drawing:
    """Draw a picture of any kind."""
    plot = picture.plot
    if isinstance(plot, Panels):
        return _panels(plot, size)
    if isinstance(plot, Course):
        return svg_course.draw(picture, plot, size)
    if isinstance(plot, Columns):
        height = size.height * (0.5 if plot.touching else 1)
        return Drawing(size.width, height, "".join(_Columns(picture, plot, size.width, height).parts()))
    rows = _Rows(picture, plot, size)
    return Drawing(size.width, rows.bottom + _AXIS, "".join(rows.parts()))


def _panels(plot: Panels, size: Size) -> Drawing:
    """Small pictures, each with its title above it."""
    per_row = _per_row(plot, size)
    wide = (size.width - _BETWEEN * (per_row - 1)) / per_row
    whole = per_row == 1 and size.whole_labels
    rows = -(-len(plot.pictures) // per_row)
    height = size.height / rows - 40 if size.name == "fitted" else _HEIGHT * (1.4 if whole else 1)
    each = Size("panel", wide, max(height, _LEAST), whole)
    parts: list[str] = []
    top = 0.0
    for start in range(0, len(plot.pictures), per_row):
        row = plot.pictures[start : start + per_row]
        titles = [_title(picture, wide) for picture in row]
        below = LINE * max(map(len, titles)) + 8
        drawings = [draw(picture, each) for picture in row]
        for place, (lines, drawing) in enumerate(zip(titles, drawings, strict=True)):
            x = place * (wide + _BETWEEN)
            parts += [text("end strong", x, top + 13 + LINE * line, words) for line, words in enumerate(lines)]
            parts.append(f'<g transform="translate({x:.1f} {top + below:.1f})">{drawing.body}</g>')
        top += below + max(drawing.height for drawing in drawings) + 14
    return Drawing(size.width, top - 14, "".join(parts))


def _per_row(plot: Panels, size: Size) -> int:
    count = len(plot.pictures)
    if size.width < _NARROW:
        ranges = any(isinstance(picture.plot, Ranges) for picture in plot.pictures)
        return 1 if plot.per_row or count < 3 or ranges else 2
    return plot.per_row or next(
        columns for most, columns in ((1, 1), (2, 2), (3, 3), (4, 2), (9, 3), (1e9, 4)) if count <= most
    )


def _title(picture: Picture, wide: float) -> list[str]:
    unit = f", {picture.unit}" if picture.unit and not isinstance(picture.plot, Ranges) else ""
    return wrapped(f"{picture.head}{unit}", wide, FONT, bold=True, most=2)


class _Columns:
    def __init__(self, picture: Picture, plot: Columns, wide: float, height: float) -> None:
        self.plot, self.scale = plot, scales.of(picture, TICKS)
        texts = [width(prose(column.text), SMALL) for _, group in plot.groups for column in group]
        self.beside = 1 if plot.stacked else max(len(group) for _, group in plot.groups)
        each = (wide - 20) / len(plot.groups) * (1 if plot.touching else 0.86) / self.beside
        self.every = max(int(max(texts) / each) + 1, 1) if any(texts) else 0
        """Every so many columns has its text; where not all have one, there is an axis of values."""
        self.axis = self.every > 1 or (not self.every and not plot.touching)
        self.left = 12 + max((width(text, SMALL) for text in self.scale.texts), default=0) if self.axis else 6.0
        self.right = wide - 8
        self.slot = (self.right - self.left) / len(plot.groups)
        self.brackets = list(self._brackets())
        self.top = 22 + _BRACKET * (max((row for _, row, *_ in self.brackets), default=-1) + 1)
        self.bottom = height - 28
        if not self.axis:  # nothing is read off ticks, so the columns fill the height
            low, high = min(plot.drawn), max(plot.drawn)
            self.scale = self.scale._replace(low=low, high=high if high > low else low + 1)

    def middle(self, place: float) -> float:
        """Place of a group."""
        return self.left + self.slot * (place + 0.5)

    def _brackets(self) -> Iterator[tuple[Bracket, int, float, float]]:
        """Brackets with the ends of their texts and their row: that of the one before it, if both texts have room."""
        row, edge = 0, 0.0
        for bracket in self.plot.brackets:
            half = width(prose(bracket.text), FONT, bold=True) / 2 + 10
            middle = (self.middle(bracket.first) + self.middle(bracket.last)) / 2
            middle = min(max(middle, half + 2), self.right - half)
            row += edge > 0 and middle - half <= edge
            edge = max(middle + half, self.middle(bracket.last))
            yield bracket, row, middle - half, middle + half

    def y(self, value: float) -> float:
        """Place of a value."""
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True) if self.axis else ():
            yield gridline(self.left, self.right, self.y(tick), words)
        names = max(width(prose(name), SMALL) for name, _ in self.plot.groups)
        every = 1 if self.plot.touching else max(int((names + 8) / self.slot) + 1, 1)
        for place, (name, group) in enumerate(self.plot.groups):
            middle, ahead = self.middle(place), len(self.plot.groups) - 1 - place
            yield from self._group(middle, group, with_text=ahead % (self.every or 1) == 0)
            if name and ahead % every == 0:
                yield text("tick", middle, self.bottom + 19, name, "middle")
        yield line("zero", self.left, self.y(0), self.right, self.y(0))
        for bracket, row, left, right in self.brackets:
            yield from self._bracket(bracket, 16 + _BRACKET * row, left, right)

    def _group(self, middle: float, group: Sequence[Bar], *, with_text: bool) -> Iterator[str]:
        wide = min(self.slot * (1 if self.plot.touching else 0.8) / self.beside, _WIDEST)
        gap = 0 if self.plot.touching else 1
        for rank, (column, (base, end)) in enumerate(zip(group, self.plot.ends(group), strict=True)):
            x = middle + wide * (-0.5 if self.plot.stacked else rank - len(group) / 2)
            y0, y1 = sorted((self.y(base), self.y(end)))
            kind = f"column{' faint' if column.faint else ''} fill{column.tone}"
            yield rect(kind, x + gap, y0, wide - 2 * gap, y1 - y0)
            center, beside = x + wide / 2, 7 if column.bounds else 0  # the line of its interval
            if column.bounds:
                yield line("whisker", center, self.y(column.bounds[0]), center, self.y(column.bounds[1]))
            if column.text and with_text:
                y = y0 - 6 if max(base, end) > 0 or not end else y1 + 14
                yield text(f"value text{column.tone}", center + beside, y, column.text, "" if beside else "middle")

    def _bracket(self, bracket: Bracket, y: float, left: float, right: float) -> Iterator[str]:
        first, last = self.middle(bracket.first) + 3, self.middle(bracket.last) - 3
        yield f'<path class="bracket" d="M{first:.1f} {y + 9:.1f}V{y:.1f}H{last:.1f}V{y + 9:.1f}"/>'
        yield f'<rect class="pill" x="{left:.1f}" y="{y - 11:.1f}" width="{right - left:.1f}" height="22" rx="11"/>'
        yield text(f"end strong text{bracket.tone}", (left + right) / 2, y + 4.5, bracket.text, "middle")


class _Rows:
    def __init__(self, picture: Picture, plot: Ranges, size: Size) -> None:
        self.plot, self.unit, self.width = plot, picture.unit, size.width
        self.names = [
            (wrapped(row.name, size.width * 0.36, FONT, bold=row.strong, most=1) or [""])[0] for row in plot.rows
        ]
        weights = _WEIGHTS if plot.weights and size.whole_labels else 0.0
        self.left = 14 + max((width(name, FONT, bold=True) for name in self.names), default=0)
        self.edge = size.width - 4 - weights
        """The right end of the texts of rows; the bars of weights are to the right of it."""
        self.right = self.edge - 10 - max((width(prose(row.text), FONT, bold=True) for row in plot.rows), default=0)
        self.heaviest = max((row.weight or 0 for row in plot.rows), default=0) if weights else 0
        self.top = 30.0 if plot.reference is not None or plot.weights else 10.0
        room = (size.height - self.top - _AXIS) / len(plot.rows) if size.name == "fitted" else _ROW
        self.row = min(max(room, _LEAST_ROW), _MOST_ROW)
        self.bottom = self.top + self.row * len(plot.rows)
        self.scale = scales.of(picture, max(int((self.right - self.left) / 80), 2))

    def x(self, value: float) -> float:
        """Place of a value."""
        return self.left + (self.right - self.left) * self.scale.share(value)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            yield line("grid", self.x(tick), self.top, self.x(tick), self.bottom)
            yield text("tick", self.x(tick), self.bottom + 17, words, "middle")
        yield text("tick", (self.left + self.right) / 2, self.bottom + 36, self.unit, "middle")
        if self.plot.reference is not None:
            x, half = self.x(self.plot.reference), width(prose(self.plot.reference_text), SMALL) / 2
            yield line("origin", x, self.top, x, self.bottom)
            middle = min(max(x, 4 + half), max(self.width - 4 - half, self.width / 2))
            yield text("tick", middle, self.top - 10, self.plot.reference_text, "middle")
        if self.heaviest:
            yield text("tick", self.edge + _GAP, self.top - 10, self.plot.weights)
        for place, (row, name) in enumerate(zip(self.plot.rows, self.names, strict=True)):
            yield from self._row(row, name, self.top + self.row * (place + 0.5))

    def _row(self, row: Row, name: str, y: float) -> Iterator[str]:
        for rank, (_, lower, upper) in reversed(list(enumerate(row.bounds))):
            yield line(f"range {'thin' if rank else 'thick'} ink{row.tone}", self.x(lower), y, self.x(upper), y)
        for start, end, tone in row.bars:
            low, high = sorted((self.x(start), self.x(end)))
            yield rect(f"bar fill{tone}", low, y - _BAR / 2, high - low, _BAR)
        if self.heaviest and row.weight is not None:
            wide = (self.width - 4 - self.edge - _GAP - 44) * row.weight / self.heaviest
            yield rect("weight", self.edge + _GAP, y - 5, wide, 10)
            yield text("tick", self.edge + _GAP + wide + 6, y + 4, percent(100 * row.weight, ".0f"))
        if row.value is not None:
            yield f'<circle class="dot fill{row.tone}" cx="{self.x(row.value):.1f}" cy="{y:.1f}" r="4.5"/>'
        kind = f"end text{row.tone}{' strong' if row.strong else ''}"
        yield text(kind, self.left - 8, y + 4, name, "end")
        yield text(kind, self.edge, y + 4, row.text, "end")
