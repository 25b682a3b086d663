"""A picture as svg, whole: headline, range, drawing, key, notes and source, as a file or embedded in a page.

The file needs nothing from elsewhere. Text stays text, in fonts that most systems have; the same picture gives the same
bytes.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from math import ceil
from typing import Any

from rural_forecast.document.picture import Columns, Course, Panels, Picture, Ranges, Stack
from rural_forecast.render import key, svg, svg_columns, svg_course, svg_rows
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import Box, Canvas
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, PHONE, THEMES, WIDE, Size

_LOWEST, _MOST_WIDENING = 150.0, 4
"""Pixels of a drawing in a picture of any ratio."""
_MOST_LINES = {"title": 3, "range": 3, "text": 4, "small": 4}
_PANEL, _BETWEEN = 150.0, 28.0
"""Pixels of a small picture, and between two."""
_LEADING = 1.34


def render(picture: Picture, *, size: Size = WIDE, **_: Any) -> str:
    """Draw the picture in its look. Raises UsageError if the numbers are too large or too small to draw."""
    ratio = picture.look.ratio
    sheet = _Sheet(picture, size) if ratio is None else _fitted(picture, ratio, size)
    theme = picture.look.theme
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    style = f"{svg.style(theme)}\nsvg text {{ font-family: {families}, sans-serif; }}\n"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" role="img" {sheet.box}>\n'
        f"<title>{escape(one_line(picture.title))}</title>\n<desc>{escape(prose(picture.alternative))}</desc>\n"
        f"<style>\n{style}</style>\n"
        f'<rect width="{sheet.width:g}" height="{sheet.height:g}" fill="{THEMES[theme]["paper"]}"/>\n'
        f"{chr(10).join(sheet.canvas.parts)}\n</svg>\n"
    )


def embedded(picture: Picture, sizes: tuple[Size, ...] = (WIDE, PHONE)) -> list[str]:
    """Draw the picture for a page in the sizes of its media: the page has its own headline, source and colours.

    The element is decoration for those who cannot see it, as the page has the same in words.
    """
    bare = replace(picture, title="", subtitle="", about="", source="")
    sheets = [(size, _Sheet(bare, size._replace(margin=2.0))) for size in sizes]
    return [
        f'<svg class="{size.name}" {sheet.box} aria-hidden="true" focusable="false">'
        f"{''.join([*sheet.canvas.parts, *sheet.canvas.hits])}</svg>"
        for size, sheet in sheets
    ]


def _fitted(picture: Picture, ratio: float, size: Size) -> _Sheet:
    """The picture in a ratio: as wide as it takes for its texts to leave room for the drawing."""
    wide = size.width
    while True:
        natural = _Sheet(picture, size._replace(width=wide), room=_LOWEST)
        height = wide / ratio
        room = max(height - natural.height + natural.drawn, _LOWEST)
        sheet = _Sheet(picture, size._replace(width=wide), room=room)
        if sheet.height <= 1.01 * height or wide > _MOST_WIDENING * size.width:
            break
        wide *= 1.2
    sheet.height = max(sheet.height, ceil(height))
    return sheet


class _Sheet:
    def __init__(self, picture: Picture, size: Size, room: float | None = None) -> None:
        self.size, self.margin, self.width, self.room = size, size.margin, size.width, room
        self.canvas = Canvas(size)
        self.height = self.margin * 0.65
        self._prose(picture.title, "title", weight=BOLD)
        self._prose(picture.subtitle, "range", space=size.range * 0.3)
        self._prose(picture.about, "text", colour="quiet", space=size.text * 0.45)
        self.height += size.text if self.canvas.parts else 4
        start = self.height
        named = self._plot(picture)
        self.drawn = self.height - start
        self._key(picture, named=named)
        self.height += size.small * 0.7
        linear = (key.NOT_LOGARITHMIC,) if picture.logarithmic and not picture.positive else ()
        for note in (*linear, *picture.notes, picture.source):
            self._prose(note, "small", colour="quiet", space=2)
        self.height = ceil(self.height + max(self.margin * 0.65, 4))

    @property
    def box(self) -> str:
        """The attributes of its size."""
        return f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'

    def _frame(self, height: float) -> Box:
        return Box(self.margin, self.height, self.width - self.margin, self.height + height)

    def _plot(self, picture: Picture) -> bool:
        """The drawing, whatever its kind; gives whether bands have their names inside."""
        plot, named = picture.plot, True
        if isinstance(plot, Ranges):
            self.height = svg_rows.draw(picture, plot, self.canvas, self._frame(0), self.room)
            return True
        if isinstance(plot, Panels):
            self._panels(plot)
            return True
        frame = self._frame(self.room or self.size.plot)
        if isinstance(plot, Course):
            named = svg_course.draw(picture, plot, self.canvas, frame)
        elif isinstance(plot, Columns):
            svg_columns.columns(picture, plot, self.canvas, frame)
        elif isinstance(plot, Stack):
            svg_columns.stack(picture, plot, self.canvas, frame)
        self.height = frame.bottom
        return named

    def _panels(self, plot: Panels) -> None:
        """Small pictures in rows, each with its title above it."""
        count = len(plot.pictures)
        across = (
            (2 if count > 2 else 1)
            if self.size.name == "phone"
            else min(count, 2 if count <= 4 else 3 if count <= 9 else 4)
        )
        wide = (self.width - 2 * self.margin - _BETWEEN * (across - 1)) / across
        rows = -(-count // across)
        high = max(((self.room or 0) / rows - 60), _PANEL)
        for start in range(0, count, across):
            row = plot.pictures[start : start + across]
            titles = [wrapped(one.title, wide, self.size.text, bold=True, most=2) for one in row]
            most = max(map(len, titles)) * self.size.text * _LEADING
            for place, (one, lines) in enumerate(zip(row, titles, strict=True)):
                left = self.margin + place * (wide + _BETWEEN)
                for rank, words in enumerate(lines):
                    self.canvas.text(left, self.height + self.size.text * (1 + rank * _LEADING), words, weight=BOLD)
                top = self.height + most
                if isinstance(one.plot, Course):
                    svg_course.draw(one, one.plot, self.canvas, Box(left, top, left + wide, top + high), small=True)
            self.height += most + high + self.size.text

    def _prose(self, words: str, kind: str, *, weight: int = 400, colour: str = "ink", space: float = 0.0) -> None:
        """Lines from the left margin on."""
        size: float = getattr(self.size, kind)
        room = self.width - 2 * self.margin
        lines = wrapped(words, room, size, bold=weight > MEDIUM, most=_MOST_LINES[kind])
        self.height += space if lines else 0
        for line in lines:
            self.height += round(size * _LEADING)
            self.canvas.text(
                self.margin, self.height - size * 0.3, line, size=size, colour=colour, weight=weight, kind=kind
            )

    def _key(self, picture: Picture, *, named: bool) -> None:
        """One row that names the bands, where they are not named inside."""
        plot = picture.plot
        if named or not isinstance(plot, Course) or not plot.bands:
            return
        if len(levels := plot.levels) < 2:
            return
        self.height += self.size.text * 1.5
        x = self.margin
        for level in levels:
            x = self.canvas.key(x, self.height, f"band{svg.shade(level)}", f"{level} %")
            x += 16
        if x + width("chance inside", self.size.text) < self.width:
            self.canvas.text(x, self.height, "chance inside", colour="quiet")
        self.height += 4
