"""A course over years as svg: bands clipped where they leave the axis, lines, marks, and labels at the right edge.

Every year has a `hit` area, so that the script of a page can show its values, from `svg_words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rural_forecast.render import axes, marks
from rural_forecast.render import scale as scales
from rural_forecast.render.measure import markup, width, wrapped
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import FONT, LINE, SHAPES, SMALL, Drawing, gridline, strength

if TYPE_CHECKING:
    from rural_forecast.document.picture import Band, Course, Line, Mark, Picture
    from rural_forecast.render.scale import Cut, PlacedLabel, Scale
    from rural_forecast.render.svg_parts import Size

TICKS, PANEL_TICKS = 7, 4
"""About so many on an axis of values, and on one of a small picture."""
_LABEL_ROOM = 210.0
"""Pixels of the widest label; a longer one wraps."""


def draw(picture: Picture, plot: Course, size: Size) -> Drawing:
    """Draw the course."""
    scale = scales.of(picture, PANEL_TICKS if size.name == "panel" else TICKS)
    return Drawing(size.width, size.height, "".join(_Drawing(plot, scale, size).parts()))


class _Drawing:
    def __init__(self, plot: Course, scale: Scale, size: Size) -> None:
        self.plot, self.scale, self.size = plot, scale, size
        self.labels = [(placed, self._words(placed)) for placed in scales.labels(plot, scale)]
        self.left = 12 + max((width(text, SMALL) for text in scale.texts), default=8.0)
        widths = [width(text, FONT, bold=placed.label.strong) for placed, lines in self.labels for text in lines]
        self.right = size.width - 14 - max(widths, default=0)
        self.top, self.bottom = 12.0, size.height - 30
        self.first, self.last = plot.span

    def _words(self, placed: PlacedLabel) -> list[str]:
        text = prose(placed.label.text)
        if not self.size.whole_labels:
            text = text.split(" ")[0]
        return wrapped(f"{scales.CUT_SIGNS[placed.cut]}{text}", _LABEL_ROOM, FONT, bold=placed.label.strong)

    def x(self, year: float) -> float:
        """Place of a year."""
        return self.left + (self.right - self.left - 10) * (year - self.first) / ((self.last - self.first) or 1) + 5

    def y(self, value: float) -> float:
        """Place of a value."""
        return self.at(self.scale.share(value))

    def at(self, share: float) -> float:
        """Place of a share of the axis."""
        return self.bottom - (self.bottom - self.top) * share

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        yield (
            f'<rect class="plot" x="{self.left:.1f}" y="{self.top:g}" width="{self.right - self.left:.1f}" '
            f'height="{self.bottom - self.top:g}"/>'
        )
        yield from self._grid()
        yield from map(self._band, self.plot.bands)
        for line in self.plot.traces:
            for piece in scales.pieces(line, self.scale):
                yield f'<path class="trace ink{line.tone}" d="{self._path(piece)}"/>'
        yield from map(self._cut, scales.cuts(self.plot, self.scale))
        yield from map(
            self._mark, (mark for mark in self.plot.marks if mark.shape != "none")
        )  # under the dots, so that they hide none
        for line in sorted(self.plot.lines, key=lambda line: line.dash == "solid"):
            yield from self._line(line)
        if self.size.whole_labels:
            yield from (self._said(place) for place in marks.places(self.plot, self.scale) if place.shown)
        yield from self._labels()
        if self.size.pointed:
            yield f'<line class="guide" x1="0" x2="0" y1="{self.top:g}" y2="{self.bottom:g}"/>'
            yield from self._hits()

    def _path(self, places: Sequence[tuple[float, float]]) -> str:
        """A line through years with shares of the axis."""
        return "M" + "L".join(f"{self.x(x):.1f} {self.at(share):.1f}" for x, share in places)

    def _band(self, band: Band) -> str:
        lower, upper = scales.outline(band, self.scale)
        kind = strength(band.level, self.plot.levels)
        path = self._path((*upper, *reversed(lower)))
        return f'<path class="band fill{band.tone} {kind}" data-level="{band.level}" d="{path}z"/>'

    def _cut(self, cut: Cut) -> str:
        """A dashed edge where a band is cut, with an arrow to where it goes on."""
        end = self.top if cut.upward else self.bottom
        first, last = self.x(cut.first), self.x(cut.last)
        middle, back = (first + last) / 2, 1 if cut.upward else -1
        arrow = f"M{middle:.1f} {end + 14 * back:.1f}V{end - 6 * back:.1f}m-4 {5 * back}l4 {-5 * back}l4 {5 * back}"
        kind = f'class="cut ink{cut.band.tone}" data-level="{cut.band.level}"'
        return (
            f'<path {kind} d="M{first:.1f} {end:.1f}H{last:.1f}"/><path class="arrow ink{cut.band.tone}" d="{arrow}"/>'
        )

    def _grid(self) -> Iterator[str]:
        for tick, text in zip(self.scale.ticks, self.scale.texts, strict=True):
            yield gridline(self.left, self.right, self.y(tick), text, "zero" if tick == 0 else "grid")
        if self.scale.raised:
            yield f'<path class="break" d="M{self.left - 5:.1f} {self.bottom - 4:.1f}l4 -6l4 6l4 -6"/>'
        years = axes.year_ticks(self.first, self.last, int((self.right - self.left) / 52))
        for year in years:
            place = f'x="{self.x(year):.1f}" y="{self.bottom + 20:.1f}"'
            yield f'<text class="tick" text-anchor="middle" {place}>{year}</text>'
        if self.plot.origin is not None and self.first < self.plot.origin < self.last:
            x = self.x(self.plot.origin)
            yield f'<line class="origin" x1="{x:.1f}" x2="{x:.1f}" y1="{self.top:g}" y2="{self.bottom:g}"/>'

    def _line(self, line: Line) -> Iterator[str]:
        points = [(x, self.scale.share(y)) for x, y in zip(line.xs, line.ys, strict=True)]
        kind = f"line ink{line.tone} {line.dash}{' faint' if line.faint else ''}"
        if len(points) > 1:
            yield f'<path class="{kind}" d="{self._path(points)}"/>'
        if not line.dots:
            return
        hollow = line.dash != "solid"
        radius = 2.2 if line.faint or len(points) > 40 else 3.4
        for x, y in points[1:] if hollow else points:
            shape = f"open ink{line.tone}" if hollow else f"fill{line.tone}"
            faint = " faint" if line.faint else ""
            yield f'<circle class="dot {shape}{faint}" cx="{self.x(x):.1f}" cy="{self.at(y):.1f}" r="{radius}"/>'

    def _mark(self, mark: Mark) -> str:
        place = f"translate({self.x(mark.x):.1f} {self.y(mark.y):.1f})"
        return f'<path class="mark fill{mark.tone}" transform="{place}" d="{SHAPES[mark.shape]}"/>'

    def _said(self, place: marks.Place) -> str:
        mark = place.mark
        x = self.x(mark.x) + (-8 if place.leftwards else 8)
        y = self.y(mark.y) + (-9 - 16 * place.lifted if place.above else 18)
        anchor = ' text-anchor="end"' if place.leftwards else ""
        return f'<text class="said text{mark.tone}"{anchor} x="{x:.1f}" y="{y:.1f}">{markup(mark.text)}</text>'

    def _labels(self) -> Iterator[str]:
        if not self.labels:
            return
        wanted = [self.at(placed.share) for placed, _ in self.labels]
        room = LINE * max(len(lines) for _, lines in self.labels)
        places = axes.spread(wanted, room, self.top, self.bottom)
        for (placed, lines), at, anchor in zip(self.labels, places, wanted, strict=True):
            label = placed.label
            x = self.right + 8
            if abs(at - anchor) > 3:
                yield (
                    f'<line class="tie ink{label.tone}" x1="{self.right - 1:.1f}" y1="{anchor:.1f}" '
                    f'x2="{x - 2:.1f}" y2="{at:.1f}"/>'
                )
            start = at + 4 - LINE * (len(lines) - 1) / 2
            strong = " strong" if label.strong else ""
            for place, text in enumerate(lines):
                y = start + place * LINE
                yield f'<text class="end text{label.tone}{strong}" x="{x:.1f}" y="{y:.1f}">{markup(text)}</text>'

    def _hits(self) -> Iterator[str]:
        """One area a year, as wide as the year, with its values."""
        half = (self.x(self.first + 1) - self.x(self.first)) / 2 if self.last > self.first else 20
        for year in self.plot.years:
            x = self.x(year)
            yield (
                f'<rect class="hit" data-year="{year:g}" data-x="{x:.1f}" x="{x - half:.1f}" y="{self.top:g}" '
                f'width="{2 * half:.1f}" height="{self.bottom - self.top:.1f}"/>'
            )
