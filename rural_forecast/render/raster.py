"""A picture as png or pdf, made from its svg: by resvg and by typst, which draws svg with the same code.

The font of texts comes with the extra, so a picture looks the same everywhere and no text vanishes; what it lacks is
taken from the fonts of the system, and a character that none of them has is refused.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import UsageError
from rural_forecast.render import palette, sheet
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

ZOOM = 2
"""Dots of a png for one pixel of the drawing."""
_ABSENT = "\U0010fffd"
"""A character that no font has."""
_TITLE = re.compile(r'<text class="title"[^>]*>([^<]*)')
_FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")
"""A character of another script, which the font lacks."""


def render(picture: Picture, form: str, **_: Any) -> bytes:
    """Draw the picture as `png` or `pdf`.

    Raises UsageError if the extra is not installed, or no font has the picture's characters.
    """
    resvg, folder = need("resvg_py", "chart", f"The format {form}"), font_folder(form)
    text = sheet.render(picture)
    require_fonts(text, resvg, folder)
    text = _titles_alike(text, palette.THEMES[picture.look.theme]["text"])
    if form == "png":
        size = {"width": picture.look.pixels} if picture.look.pixels else {"zoom": ZOOM}
        return bytes(resvg.svg_to_bytes(svg_string=text, font_dirs=[str(folder)], **size))
    typst = need("typst", "chart", "The format pdf")
    with TemporaryDirectory() as scratch:
        (Path(scratch) / "picture.svg").write_text(text, encoding="utf-8")
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")'
        return bytes(typst.compile(page.encode(), root=scratch, format="pdf", font_paths=[str(folder)], timestamp=0))


def _titles_alike(svg: str, ink: str) -> str:
    """Draw all lines of a title alike: one with a foreign character is in another font, which may not be bold."""
    if not _FOREIGN.search("".join(_TITLE.findall(svg))):
        return svg
    families = ", ".join(f"'{family}'" for family in reversed(sheet.FAMILIES))
    style = f"svg .title {{ font-family: {families}; font-weight: 400; stroke: {ink}; stroke-width: 0.5; }}"
    return svg.replace("</style>", f"{style}\n</style>")


def font_folder(form: str) -> Path:
    """Where the font that comes with the extra is."""
    fonts = need("fontpkg", "chart", f"The format {form}")
    return Path(fonts.path(sheet.FAMILIES[0])).parent


def require_fonts(text: str, resvg: Any, folder: Path) -> None:
    """Refuse characters of an svg, or a text, that no font has, by drawing each one alone: they are all drawn alike.

    Raises UsageError if there is such a character; the hint names a Debian package.
    """

    def drawn(sign: str) -> bytes:
        family = f'font-family="{", ".join(sheet.FAMILIES)}"'
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
