"""Columns as svg: values of years with their growth as a bracket, parts stacked, errors by horizon, a distribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rural_forecast.render import scale as scales
from rural_forecast.render.measure import markup, width
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import FONT, SMALL, Drawing, gridline

if TYPE_CHECKING:
    from rural_forecast.document.picture import Bracket, Column, Columns, Picture
    from rural_forecast.render.svg_parts import Size

TICKS = 5
_WIDEST = 64.0
"""Pixels of one column."""
_BRACKET = 30.0


def draw(picture: Picture, plot: Columns, size: Size) -> Drawing:
    """Draw the columns."""
    height = size.height * (0.5 if plot.touching else 1)
    return Drawing(size.width, height, "".join(_Drawing(picture, plot, size.width, height).parts()))


class _Drawing:
    def __init__(self, picture: Picture, plot: Columns, wide: float, height: float) -> None:
        self.plot, self.scale = plot, scales.of(picture, TICKS)
        columns = [column for _, group in plot.groups for column in group]
        texts = max((width(prose(column.text), SMALL) for column in columns), default=0)
        self.slot = (wide - 20) / len(plot.groups)
        self.beside = 1 if plot.stacked else max(len(group) for _, group in plot.groups)
        each = self.slot * (1 if plot.touching else 0.86) / self.beside
        self.every = max(int(texts / each) + 1, 1) if any(column.text for column in columns) else 0
        """Every so many columns has its text; where not all have one, there is an axis of values."""
        axis = self.every > 1 or (not self.every and not plot.touching)
        self.left = 12 + max((width(text, SMALL) for text in self.scale.texts), default=0) if axis else 6.0
        self.axis, self.right = axis, wide - 8
        self.slot = (self.right - self.left) / len(plot.groups)
        self.rows = self._rows()
        self.top = 22 + _BRACKET * (max(self.rows, default=-1) + 1)
        self.bottom = height - 28
        if not axis:  # nothing is read off ticks, so the columns fill the height
            low, high = min(plot.drawn), max(plot.drawn)
            self.scale = self.scale._replace(low=low, high=high if high > low else low + 1)

    def middle(self, place: float) -> float:
        """Place of a group."""
        return self.left + self.slot * (place + 0.5)

    def _rows(self) -> list[int]:
        """Row of each bracket: that of the one before it, if both texts have room."""
        rows: list[int] = []
        edge = 0.0
        for bracket in self.plot.brackets:
            left, right = self._pill(bracket)
            rows.append(rows[-1] if rows and left > edge else len(set(rows)))
            edge = max(right, self.middle(bracket.last))
        return rows

    def _pill(self, bracket: Bracket) -> tuple[float, float]:
        half = width(prose(bracket.text), FONT, bold=True) / 2 + 10
        middle = (self.middle(bracket.first) + self.middle(bracket.last)) / 2
        middle = min(max(middle, half + 2), self.right - half)
        return middle - half, middle + half

    def y(self, value: float) -> float:
        """Place of a value."""
        return self.bottom - (self.bottom - self.top) * self.scale.share(value)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        ticks = list(zip(self.scale.ticks, self.scale.texts, strict=True)) if self.axis else []
        for tick, text in ticks:
            yield gridline(self.left, self.right, self.y(tick), text)
        last = len(self.plot.groups) - 1
        names = max(width(prose(name), SMALL) for name, _ in self.plot.groups)
        every = max(int((names + 8) / self.slot) + 1, 1)
        for place, (name, group) in enumerate(self.plot.groups):
            shown = self.plot.touching or (last - place) % every == 0
            yield from self._group(
                place, name if shown else "", group, with_text=(last - place) % (self.every or 1) == 0
            )
        zero = self.y(0)
        yield f'<line class="zero" x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{zero:.1f}" y2="{zero:.1f}"/>'
        for bracket, row in zip(self.plot.brackets, self.rows, strict=True):
            yield from self._bracket(bracket, 16 + _BRACKET * row)

    def _group(self, place: int, name: str, group: tuple[Column, ...], *, with_text: bool) -> Iterator[str]:
        middle = self.middle(place)
        wide = min(self.slot * (1 if self.plot.touching else 0.8) / self.beside, _WIDEST)
        for rank, (column, (base, end)) in enumerate(zip(group, self.plot.ends(group), strict=True)):
            x = middle + wide * (-0.5 if self.plot.stacked else rank - len(group) / 2)
            y0, y1 = sorted((self.y(base), self.y(end)))
            gap = 0 if self.plot.touching else 1
            kind = "column faint" if column.faint else "column"
            yield (
                f'<rect class="{kind} fill{column.tone}" x="{x + gap:.2f}" y="{y0:.2f}" '
                f'width="{wide - 2 * gap:.2f}" height="{y1 - y0:.2f}"/>'
            )
            if column.bounds:
                low, high = map(self.y, column.bounds)
                at = x + wide / 2
                yield f'<line class="whisker" x1="{at:.1f}" x2="{at:.1f}" y1="{low:.1f}" y2="{high:.1f}"/>'
            if column.text and with_text:
                y = y0 - 6 if max(base, end) > 0 or not end else y1 + 14
                beside = 7 if column.bounds else 0  # the line of its interval
                spot = f'x="{x + wide / 2 + beside:.1f}" text-anchor="{"start" if beside else "middle"}"'
                yield f'<text class="value text{column.tone}" {spot} y="{y:.1f}">{markup(column.text)}</text>'
        if name:
            spot = f'x="{middle:.1f}" y="{self.bottom + 19:.1f}"'
            yield f'<text class="tick" text-anchor="middle" {spot}>{markup(name)}</text>'

    def _bracket(self, bracket: Bracket, y: float) -> Iterator[str]:
        first, last = self.middle(bracket.first) + 3, self.middle(bracket.last) - 3
        left, right = self._pill(bracket)
        yield f'<path class="bracket" d="M{first:.1f} {y + 9:.1f}V{y:.1f}H{last:.1f}V{y + 9:.1f}"/>'
        yield (
            f'<rect class="pill" x="{left:.1f}" y="{y - 11:.1f}" width="{right - left:.1f}" height="22" rx="11"/>'
            f'<text class="end strong text{bracket.tone}" text-anchor="middle" x="{(left + right) / 2:.1f}" '
            f'y="{y + 4.5:.1f}">{markup(bracket.text)}</text>'
        )
