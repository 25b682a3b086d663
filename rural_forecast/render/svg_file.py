"""A picture as an svg file that needs nothing from elsewhere: title, answer, drawing, key, notes and source.

Text stays text, in fonts that most systems have; the same picture gives the same bytes. As png and pdf it is drawn by
resvg and by typst, which share their code. Their font comes with the extra, so that no text vanishes; what it lacks is
taken from the fonts of the system, and a character that none of them has is refused.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import Ranges
from rural_forecast.errors import UsageError
from rural_forecast.render import key, palette, svg, svg_parts
from rural_forecast.render.columns import prose
from rural_forecast.render.svg_parts import SAMPLE_WIDTH, WIDE, text
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.system.extras import need
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


def render(picture: Picture, *, tallest: float = 0.0, **_: Any) -> str:
    """Draw the picture in its look. Raises UsageError if the numbers are too large or too small to draw.

    `tallest`: the least ratio of width to height.
    """
    sheet = _Sheet(picture, WIDE) if picture.look.ratio is None else _fitted(picture, picture.look.ratio)
    if sheet.width / sheet.height < tallest:
        sheet = _fitted(picture, tallest)
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
        self.picture, self.room, self.width = picture, size.width, size.width + 2 * _MARGIN
        self.parts: list[str] = []
        self.height = _MARGIN - 4
        self._prose(picture.head, "title")
        self._prose(picture.title if picture.claim else "", "claim")
        self._prose(picture.subtitle, "quiet")
        self._prose("" if isinstance(picture.plot, Ranges) else picture.unit, "quiet", 8)  # its axis names the unit
        drawing = svg.draw(picture, size._replace(pointed=False))
        self.drawn = drawing.height
        place = f"translate({_MARGIN:g} {self.height + 8:g})"
        self.parts.append(f'<g transform="{place}">{drawing.body}</g>')
        self.height += drawing.height + 12
        self._key([entry for entry in svg_parts.legend(picture) if not entry.direct])
        self._prose(key.levels(picture.plot) if isinstance(picture.plot, Ranges) else "", "foot")
        for note in (*key.notes(picture), picture.source):
            self._prose(note, "foot", 2)
        self.height += _MARGIN - 6

    def element(self, theme: str) -> str:
        """The whole file."""
        wide, high = f"{self.width:g}", f"{self.height:g}"
        families = ", ".join(f"'{family}'" for family in FAMILIES)
        style = f"{palette.style(theme)}svg text {{ font-family: {families}, sans-serif; }}\n"
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {wide} {high}" width="{wide}" '
            f'height="{high}">\n<title>{escape(one_line(self.picture.title))}</title>\n'
            f"<desc>{escape(prose(self.picture.alternative))}</desc>\n<style>\n{style}</style>\n"
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

    def _key(self, entries: list[svg_parts.Entry]) -> None:
        """Samples with their words, in rows."""
        x, size = _MARGIN, _SIZES["foot"]
        for entry in entries:
            words = " ".join(wrapped(entry.text, self.room - SAMPLE_WIDTH - 6, size, most=1))
            wide = SAMPLE_WIDTH + 6 + width(words, size)
            if x == _MARGIN or x + wide > _MARGIN + self.room:
                x = _MARGIN
                self.height += 19
            place = f"translate({x:.1f} {self.height - 12:.1f})"
            self.parts.append(f'<g class="sample" transform="{place}">{entry.sample}</g>')
            self.parts.append(text("foot", x + SAMPLE_WIDTH + 6, self.height - 1, words))
            x += wide + 18
        self.height += 4 if entries else 0


ZOOM = 2
"""Dots of a png for one pixel of the drawing."""
_ABSENT = "\U0010fffd"
"""A character that no font has."""
_FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")
"""A character of another script, which the font lacks."""


def render_as(picture: Picture, form: str, **_: Any) -> bytes:
    """Draw the picture as `png` or `pdf`.

    Raises UsageError if the extra is not installed, or no font has the picture's characters.
    """
    resvg, folder = need("resvg_py", "chart", f"The format {form}"), font_folder(form)
    text = render(picture)
    require_fonts(text, resvg, folder)
    text = _titles_alike(text, picture)
    if form == "png":
        size = {"width": picture.look.pixels} if picture.look.pixels else {"zoom": ZOOM}
        return bytes(resvg.svg_to_bytes(svg_string=text, font_dirs=[str(folder)], **size))
    typst = need("typst", "chart", "The format pdf")
    with TemporaryDirectory() as scratch:
        (Path(scratch) / "picture.svg").write_text(text, encoding="utf-8")
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")'
        return bytes(typst.compile(page.encode(), root=scratch, format="pdf", font_paths=[str(folder)], timestamp=0))


def _titles_alike(svg: str, picture: Picture) -> str:
    """Draw the lines of a title alike where one has a foreign character: it is in another font, maybe not bold."""
    if not _FOREIGN.search(picture.head):
        return svg
    ink, families = palette.THEMES[picture.look.theme]["text"], ", ".join(f"'{name}'" for name in reversed(FAMILIES))
    style = f"svg .title {{ font-family: {families}; font-weight: 400; stroke: {ink}; stroke-width: 0.5; }}"
    return svg.replace("</style>", f"{style}\n</style>")


def font_folder(form: str) -> Path:
    """Where the font that comes with the extra is."""
    fonts = need("fontpkg", "chart", f"The format {form}")
    return Path(fonts.path(FAMILIES[0])).parent


def require_fonts(text: str, resvg: Any, folder: Path) -> None:
    """Refuse characters of an svg, or a text, that no font has, by drawing each one alone: they are all drawn alike.

    Raises UsageError if there is such a character; the hint names a Debian package.
    """

    def drawn(sign: str) -> bytes:
        family = f'font-family="{", ".join(FAMILIES)}"'
        text = f'<text y="15" {family}>{escape(sign)}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>'
        return bytes(resvg.svg_to_bytes(svg_string=svg, font_dirs=[str(folder)]))

    absent = drawn(_ABSENT)
    signs = sorted(sign for sign in set(text) if sign > "~" and not sign.isspace())
    missing = "".join(sign for sign in signs if drawn(sign) == absent)
    if missing:
        shown = missing if len(missing) <= 12 else f"{missing[:12]}…"
        raise UsageError(
            f"No installed font has the characters {shown} of this picture.",
            "Install one that has, such as Debian's fonts-wqy-microhei (apt-get install fonts-wqy-microhei) for "
            "Chinese.",
        )
