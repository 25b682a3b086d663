"""A picture as an svg file that needs nothing from elsewhere: title, answer, drawing, key, notes and source.

Text stays text, in fonts that most systems have; the same picture gives the same bytes.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import Ranges
from rural_forecast.render import key, palette, svg, svg_words
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import SAMPLE_WIDTH, WIDE, Drawing, text
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.render.svg_parts import Size

FAMILIES = (
    "Fira Sans", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei",
)  # fmt: skip
"""The first is the one that widths are meant for; the last ones have Chinese characters."""
_SIZES = {"title": 19.0, "claim": 15.0, "quiet": 13.0, "foot": 12.0}
"""Pixels of texts by their class, as in `picture.css`."""
_MARGIN = 20.0
_LOWEST, _MOST_WIDENING = 180.0, 4
"""Pixels of a drawing in a picture of any ratio."""
_MOST_LINES = 12
"""Of a title, an answer, a definition or a note; a longer text ends in an ellipsis."""


def render(picture: Picture, **_: Any) -> str:
    """Draw the picture in its look. Raises UsageError if the numbers are too large or too small to draw."""
    sheet = _Sheet(picture, WIDE) if picture.look.ratio is None else _fitted(picture, picture.look.ratio)
    return sheet.element(picture.look.theme)


def _fitted(picture: Picture, ratio: float) -> _Sheet:
    """The picture in a ratio: as wide as it takes for its texts to leave room for the drawing."""
    width = WIDE.width
    while True:
        natural = _Sheet(picture, WIDE._replace(width=width))
        height = natural.width / ratio
        room = natural.drawn + height - natural.height
        sheet = _Sheet(picture, WIDE._replace(name="fitted", width=width, height=max(room, _LOWEST)))
        if sheet.height <= 1.01 * height or width > _MOST_WIDENING * WIDE.width:
            break
        width *= 1.2
    sheet.height = max(sheet.height, height)
    return sheet


class _Sheet:
    def __init__(self, picture: Picture, size: Size) -> None:
        self.width, self.room = size.width + 2 * _MARGIN, size.width
        self.parts: list[str] = []
        self.height = _MARGIN - 4
        named = isinstance(picture.plot, Ranges)  # its axis names the unit
        about = picture.title if picture.claim else ""
        self._prose(picture.head, "title")
        self._prose(about, "claim")
        self._prose(picture.subtitle, "quiet")
        self._prose("" if named else picture.unit, "quiet", 8)
        drawing = svg.draw(picture, size._replace(pointed=False))
        self.drawn = drawing.height
        self._place(drawing)
        self._key([entry for entry in svg_words.legend(picture) if not entry.direct])
        if isinstance(picture.plot, Ranges):
            self._prose(key.levels(picture.plot), "foot")
        for note in (*key.notes(picture), picture.source):
            self._prose(note, "foot", 2)
        self.height += _MARGIN - 6
        self.title, self.alternative = picture.title, picture.alternative

    def element(self, theme: str) -> str:
        """The whole file."""
        wide, high = f"{self.width:g}", f"{self.height:g}"
        families = ", ".join(f"'{family}'" for family in FAMILIES)
        style = f"{palette.style(theme)}svg text {{ font-family: {families}, sans-serif; }}\n"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}">\n<title>{escape(one_line(self.title))}</title>\n'
            f"<desc>{escape(prose(self.alternative))}</desc>\n<style>\n{style}</style>\n"
            f'<rect width="{wide}" height="{high}" fill="{palette.THEMES[theme]["paper"]}"/>\n'
            f"{chr(10).join(self.parts)}\n</svg>\n"
        )

    def _prose(self, words: str, kind: str, space: float = 4.0) -> None:
        """Lines from the left margin on."""
        size = _SIZES[kind]
        room = self.room * (0.95 if kind == "title" else 1)  # bold
        lines = wrapped(words, room, size, most=_MOST_LINES)
        self.height += space if lines else 0
        for line in lines:
            self.height += round(size * 1.3)
            self.parts.append(text(kind, _MARGIN, self.height - size * 0.3, line))

    def _place(self, drawing: Drawing) -> None:
        self.height += 8
        self.parts.append(f'<g transform="translate({_MARGIN:g} {self.height:g})">{drawing.body}</g>')
        self.height += drawing.height + 4

    def _key(self, entries: list[svg_words.Entry]) -> None:
        """Samples with their words, in rows."""
        x, size = _MARGIN, _SIZES["foot"]
        for entry in entries:
            words = " ".join(wrapped(entry.text, self.room - SAMPLE_WIDTH - 6, size, most=1))
            wide = SAMPLE_WIDTH + 6 + width(words, size)
            if x == _MARGIN or x + wide > _MARGIN + self.room:
                x = _MARGIN
                self.height += 19
            place = f"translate({x:.1f} {self.height - 12:.1f})"
            self.parts.append(f'<g class="sample" transform="{place}">{entry.sample.body}</g>')
            self.parts.append(text("foot", x + SAMPLE_WIDTH + 6, self.height - 1, words))
            x += wide + 18
        self.height += 4 if entries else 0
