"""A course over years as svg: bands clipped where they leave the axis, lines, marks, and labels at the right edge.

Every year has a `hit` area, so that the script of a page can show its values, from the readings there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import Band, Course, Line, Picture
from rural_forecast.render import key
from rural_forecast.render import scale as scales
from rural_forecast.render import svg as parts
from rural_forecast.render.columns import prose
from rural_forecast.render.scale import Cut, PlacedLabel, Scale
from rural_forecast.render.svg import FONT, LINE, SMALL, Drawing, Size, text
from rural_forecast.render.wrapping import width, wrapped

_LABEL_ROOM = 210.0
"""Pixels of the widest label; a longer one wraps."""


def draw(picture: Picture, plot: Course, size: Size) -> Drawing:
    """Draw the course."""
    scale = scales.of(picture, size.ticks)
    return Drawing(size.width, size.height, "".join(_Drawing(plot, scale, size).parts()))


class _Drawing:
    def __init__(self, plot: Course, scale: Scale, size: Size) -> None:
        self.plot, self.scale, self.size = plot, scale, size
        self.labels = [(placed, self._words(placed)) for placed in scales.labels(plot, scale)]
        self.left = 12 + max((width(words, SMALL) for words in scale.texts), default=8.0)
        widths = [width(words, FONT, bold=placed.label.strong) for placed, lines in self.labels for words in lines]
        self.right = size.width - 14 - max(widths, default=0)
        self.top, self.bottom = 12.0, size.height - 30
        self.first, self.last = plot.span

    def _words(self, placed: PlacedLabel) -> list[str]:
        words = prose(placed.label.text if self.size.whole_labels else placed.label.amount)
        return wrapped(f"{scales.CUT_SIGNS[placed.cut]}{words}", _LABEL_ROOM, FONT, bold=placed.label.strong)

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
        plot, scale = self.plot, self.scale
        yield parts.rect("plot", self.left, self.top, self.right - self.left, self.bottom - self.top)
        yield from self._grid()
        yield from map(self._band, plot.bands)
        for trace in plot.traces:
            for piece in scales.pieces(trace, scale):
                yield f'<path class="trace ink{trace.tone}" d="{self._path(piece)}"/>'
        yield from map(self._cut, scales.cuts(plot, scale))
        for mark in plot.signs:  # under the dots, so that they hide none
            yield parts.sign(mark, f"{self.x(mark.x):.1f} {self.y(mark.y):.1f}")
        for line in sorted(plot.lines, key=lambda line: line.dash == "solid"):
            yield from self._line(line)
        if self.size.whole_labels:
            yield from (self._named(place) for place in key.places(plot, scale) if place.shown)
        yield from self._labels()
        if self.size.pointed:
            yield parts.line("guide", 0, self.top, 0, self.bottom)
            yield from self._hits()

    def _path(self, places: Sequence[tuple[float, float]]) -> str:
        """A line through years with shares of the axis."""
        return "M" + "L".join(f"{self.x(x):.1f} {self.at(share):.1f}" for x, share in places)

    def _band(self, band: Band) -> str:
        lower, upper = scales.outline(band, self.scale)
        kind = parts.strength(band.level, self.plot.levels)
        path = self._path((*upper, *reversed(lower)))
        return f'<path class="band fill{band.tone} {kind}" data-level="{band.level}" d="{path}z"/>'

    def _cut(self, cut: Cut) -> str:
        """A dashed edge where a band is cut, with an arrow to where it goes on."""
        end, back = (self.top, 1) if cut.upward else (self.bottom, -1)
        first, last, ink = self.x(cut.first), self.x(cut.last), f"ink{cut.band.tone}"
        edge = f'<path class="cut {ink}" data-level="{cut.band.level}" d="M{first:.1f} {end:.1f}H{last:.1f}"/>'
        shaft = f"M{(first + last) / 2:.1f} {end + 14 * back:.1f}V{end - 6 * back:.1f}"
        return f'{edge}<path class="arrow {ink}" d="{shaft}m-4 {5 * back}l4 {-5 * back}l4 {5 * back}"/>'

    def _grid(self) -> Iterator[str]:
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            yield parts.gridline(self.left, self.right, self.y(tick), words, "zero" if tick == 0 else "grid")
        if self.scale.raised:
            yield f'<path class="break" d="M{self.left - 5:.1f} {self.bottom - 4:.1f}l4 -6l4 6l4 -6"/>'
        years = scales.year_ticks(self.first, self.last, int((self.right - self.left) / 52))
        yield from (text("tick", self.x(year), self.bottom + 20, str(year), "middle") for year in years)
        if self.plot.origin is not None and self.first < self.plot.origin < self.last:
            x = self.x(self.plot.origin)
            yield parts.line("origin", x, self.top, x, self.bottom)

    def _line(self, line: Line) -> Iterator[str]:
        points = [(x, self.scale.share(y)) for x, y in line.points]
        if len(points) > 1:
            kind = f"line ink{line.tone} {line.dash}{' faint' if line.faint else ''}"
            yield f'<path class="{kind}" d="{self._path(points)}"/>'
        for x, y in points[line.dash != "solid" :] if line.dots else ():
            yield parts.dot(line, f"{self.x(x):.1f}", f"{self.at(y):.1f}", many=len(points) > 40)

    def _named(self, place: key.Place) -> str:
        mark = place.mark
        x = self.x(mark.x) + (-8 if place.leftwards else 8)
        y = self.y(mark.y) + (-9 - 16 * place.lifted if place.above else 18)
        return text(f"said text{mark.tone}", x, y, mark.text, "end" if place.leftwards else "")

    def _labels(self) -> Iterator[str]:
        wanted = [self.at(placed.share) for placed, _ in self.labels]
        room = LINE * max((len(lines) for _, lines in self.labels), default=1)
        places = scales.spread(wanted, room, self.top, self.bottom)
        for (placed, lines), at, anchor in zip(self.labels, places, wanted, strict=True):
            label, x = placed.label, self.right + 8
            if abs(at - anchor) > 3:
                yield parts.line(f"tie ink{label.tone}", self.right - 1, anchor, x - 2, at)
            start = at + 4 - LINE * (len(lines) - 1) / 2
            kind = f"end text{label.tone}{' strong' if label.strong else ''}"
            yield from (text(kind, x, start + place * LINE, words) for place, words in enumerate(lines))

    def _hits(self) -> Iterator[str]:
        """One area a year, as wide as the year, with its values."""
        half = (self.x(self.first + 1) - self.x(self.first)) / 2 if self.last > self.first else 20
        area = f'y="{self.top:g}" width="{2 * half:.1f}" height="{self.bottom - self.top:.1f}"'
        for year in self.plot.years:
            x = self.x(year)
            yield f'<rect class="hit" data-year="{year:g}" data-x="{x:.1f}" x="{x - half:.1f}" {area}/>'
