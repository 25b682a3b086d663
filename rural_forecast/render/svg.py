"""A course over years as svg for a page: text as text, colours by class so that the page's styles choose them.

Nothing here is styled inline, for the page's security policy forbids it. Every year has a `hit` area that says its
values, so that a script can show them.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from math import log10
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.render import axes
from rural_forecast.render.numbers import minus_signs
from rural_forecast.render.plain_text import one_line
from rural_forecast.render.wrapping import cell_len, wrap
from rural_forecast.significant import number

if TYPE_CHECKING:
    from rural_forecast.picture import Course, Label, Line, Mark, Picture

_LINE = 17.0
_PLAIN, _BOLD = 7.9, 9.2
"""Pixels of a character, on the wide side of what systems use."""
_SHAPES = {
    "dot": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "diamond": "M0-6L6 0L0 6L-6 0z",
    "up": "M0-6L6 5H-6z",
    "down": "M0 6L6-5H-6z",
}


class Size(NamedTuple):
    """The drawing in pixels at its natural size."""

    name: str
    width: float
    height: float
    whole_labels: bool
    """Whether labels at the right edge are shown with their words; a narrow drawing shows their numbers."""


WIDE = Size("wide", 860, 420, True)
NARROW = Size("narrow", 360, 330, False)


def render(picture: Picture, plot: Course, size: Size, *, logarithmic: bool) -> str:
    """The `svg` element; it is decoration for those who cannot see it, as the page says the same in words."""
    return "".join(_Drawing(picture, plot, size, logarithmic).parts())


class _Drawing:
    def __init__(self, picture: Picture, plot: Course, size: Size, logarithmic: bool) -> None:
        from dataclasses import replace

        self.plot, self.size, self.logarithmic, self.unit = plot, size, logarithmic, picture.unit
        low, high = axes.extent(replace(picture, logarithmic=logarithmic))
        ticks = (axes.log_ticks if logarithmic else axes.value_ticks)(low, high, 7)
        self.low, self.high = axes.limits(ticks, low, high, logarithmic=logarithmic)
        self.ticks = [tick for tick in ticks if self.low <= tick <= self.high]
        self.tick_texts = [minus_signs(text) for text in axes.texts(self.ticks)]
        self.labels = [self._words(label) for label in plot.labels]
        self.left = 12 + 7.8 * max(map(len, self.tick_texts), default=1)
        widths = [
            cell_len(text) * (_BOLD if label.strong else _PLAIN)
            for label, lines in zip(plot.labels, self.labels, strict=True)
            for text in lines
        ]
        self.right = size.width - 14 - max(widths, default=0)
        self.top, self.bottom = 12.0, size.height - 30
        self.first, self.last = axes.years(plot)

    def _words(self, label: Label) -> list[str]:
        text = one_line(label.text)
        if not self.size.whole_labels:
            return [text.split(" ")[0]]
        return wrap(text, 30)

    def x(self, year: float) -> float:
        """Place of a year."""
        return self.left + (self.right - self.left - 10) * (year - self.first) / ((self.last - self.first) or 1) + 5

    def y(self, value: float) -> float:
        """Place of a value."""
        low, high, at = (log10(one) if self.logarithmic else one for one in (self.low, self.high, value))
        share = (at - low) / ((high - low) or 1)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        width, height = self.size.width, self.size.height
        yield (
            f'<svg class="{self.size.name}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
            'aria-hidden="true" focusable="false">'
        )
        yield from self._grid()
        levels = sorted({band.level for band in self.plot.bands})
        for band in self.plot.bands:
            edge = [*zip(band.xs, band.upper, strict=True), *reversed(list(zip(band.xs, band.lower, strict=True)))]
            strength = min(levels.index(band.level), 2)
            yield (
                f'<path class="band fill{band.tone} b{strength}" data-level="{band.level}" d="{self._path(edge)}z"/>'
            )
        for line in sorted(self.plot.lines, key=lambda line: line.dash == "solid"):
            yield from self._line(line)
        places = axes.mark_places(self.plot, *((0, 0) if self.logarithmic else (self.low, self.high)))
        for mark, (above, lifted) in zip(self.plot.marks, places, strict=True):
            yield from self._mark(mark, above, lifted)
        yield from self._labels()
        yield f'<line class="guide" x1="0" x2="0" y1="{self.top:g}" y2="{self.bottom:g}"/>'
        yield from self._hits()
        yield "</svg>"

    def _path(self, points: list[tuple[float, float]]) -> str:
        return "M" + "L".join(f"{self.x(x):.1f} {self.y(y):.1f}" for x, y in points)

    def _grid(self) -> Iterator[str]:
        for tick, text in zip(self.ticks, self.tick_texts, strict=True):
            y = self.y(tick)
            kind = "zero" if tick == 0 else "grid"
            yield f'<line class="{kind}" x1="{self.left:.1f}" x2="{self.right:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="tick" text-anchor="end" x="{self.left - 6:.1f}" y="{y + 4:.1f}">{text}</text>'
        years = axes.year_ticks(self.first, self.last, int((self.right - self.left) / 52))
        for year in years:
            place = f'x="{self.x(year):.1f}" y="{self.bottom + 20:.1f}"'
            yield f'<text class="tick" text-anchor="middle" {place}>{year}</text>'
        if self.plot.origin is not None and self.first < self.plot.origin < self.last:
            x = self.x(self.plot.origin)
            yield f'<line class="origin" x1="{x:.1f}" x2="{x:.1f}" y1="{self.top:g}" y2="{self.bottom:g}"/>'

    def _line(self, line: Line) -> Iterator[str]:
        points = list(zip(line.xs, line.ys, strict=True))
        kind = f"line ink{line.tone} {line.dash}{' faint' if line.faint else ''}"
        if len(points) > 1:
            yield f'<path class="{kind}" d="{self._path(points)}"/>'
        if not line.dots:
            return
        hollow = line.dash != "solid"
        radius = 2.2 if line.faint or len(points) > 40 else 3.4
        for x, y in points[1:] if hollow else points:
            shape = f"open ink{line.tone}" if hollow else f"fill{line.tone}"
            yield f'<circle class="dot {shape}" cx="{self.x(x):.1f}" cy="{self.y(y):.1f}" r="{radius}"/>'

    def _mark(self, mark: Mark, above: bool, lifted: int) -> Iterator[str]:
        x, y = self.x(mark.x), self.y(mark.y)
        yield (f'<path class="mark fill{mark.tone}" transform="translate({x:.1f} {y:.1f})" d="{_SHAPES[mark.shape]}"/>')
        if mark.text and self.size.whole_labels:
            leftwards = x > self.left + 0.2 * (self.right - self.left) and (above or x > 0.75 * self.right)
            place = f'x="{x + (-8 if leftwards else 8):.1f}" y="{y + (-9 - 16 * lifted if above else 18):.1f}"'
            anchor = ' text-anchor="end"' if leftwards else ""
            yield f'<text class="said text{mark.tone}"{anchor} {place}>{escape(one_line(mark.text))}</text>'

    def _labels(self) -> Iterator[str]:
        if not self.labels:
            return
        wanted = [self.y(label.y) for label in self.plot.labels]
        room = _LINE * max(map(len, self.labels))
        places = axes.spread(wanted, room, self.top, self.bottom)
        for label, lines, at, anchor in zip(self.plot.labels, self.labels, places, wanted, strict=True):
            x = self.right + 8
            if abs(at - anchor) > 3:
                yield (
                    f'<line class="tie ink{label.tone}" x1="{self.right - 1:.1f}" y1="{anchor:.1f}" '
                    f'x2="{x - 2:.1f}" y2="{at:.1f}"/>'
                )
            start = at + 4 - _LINE * (len(lines) - 1) / 2
            strong = " strong" if label.strong else ""
            for place, text in enumerate(lines):
                y = start + place * _LINE
                yield f'<text class="end text{label.tone}{strong}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'

    def _hits(self) -> Iterator[str]:
        """One area a year, as wide as the year, with what it says."""
        said = readings(self.plot, self.unit)
        half = (self.x(self.first + 1) - self.x(self.first)) / 2 if self.last > self.first else 20
        for year in said:
            x = self.x(year)
            yield (
                f'<rect class="hit" data-year="{year:g}" data-x="{x:.1f}" x="{x - half:.1f}" y="{self.top:g}" '
                f'width="{2 * half:.1f}" height="{self.bottom - self.top:.1f}"/>'
            )


def readings(plot: Course, unit: str) -> dict[float, str]:
    """What the picture says of every year, in words."""
    found: dict[float, list[str]] = {}
    for line in plot.lines:
        start = 1 if line.dash == "dashed" else 0
        for x, y in list(zip(line.xs, line.ys, strict=True))[start:]:
            found.setdefault(x, []).append(f"{_name(plot, line)} {_number(y)}")
    for band in sorted(plot.bands, key=lambda band: band.level):
        several = len({one.tone for one in plot.bands}) > 1
        if several or not band.name:
            continue
        for x, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
            if upper > lower:
                found.setdefault(x, []).append(f"{one_line(band.name)}: {_number(lower)} to {_number(upper)}")
    for mark in plot.marks:
        if mark.text:
            found.setdefault(mark.x, []).append(one_line(mark.text))
    measure = f", {one_line(unit)}" if unit else ""
    return {x: f"{x:.0f}{measure}: {'; '.join(parts)}" for x, parts in sorted(found.items())}


def _name(plot: Course, line: Line) -> str:
    """The name of a line, or of another of the same tone where it has none."""
    return one_line(line.name or next((one.name for one in plot.lines if one.tone == line.tone and one.name), ""))


def _number(value: float) -> str:
    return minus_signs(number(value))
