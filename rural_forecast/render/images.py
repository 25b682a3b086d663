"""png and pdf, drawn from the svg of a picture by resvg and typst, which share their code.

Their font comes with the extra, so that no text vanishes; a character that it lacks is taken from the fonts of the
system, and one that no font has is refused.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rural_forecast.document.picture import Picture
from rural_forecast.errors import UsageError
from rural_forecast.render import svg_file
from rural_forecast.system.extras import need
from rural_forecast.text.style import FAMILIES, THEMES, WIDE, Size

ZOOM = 2
"""Dots of a png for one pixel of the drawing."""
_ABSENT = "\U0010ffff"
"""A character that no font has."""
_FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")
"""A character of another script, which the font lacks."""


def render(picture: Picture, form: str, *, size: Size = WIDE, **_: Any) -> bytes:
    """Draw the picture as `png` or `pdf`.

    Raises UsageError if the extra is not installed, or no font has the picture's characters.
    """
    resvg, folder = need("resvg_py", "chart", f"The format {form}"), font_folder(form)
    drawn = svg_file.render(picture, size=size)
    require_fonts(drawn, resvg, folder)
    drawn = _titles_alike(drawn, picture)
    if form == "png":
        dots = {"width": picture.look.pixels} if picture.look.pixels else {"zoom": ZOOM}
        return bytes(resvg.svg_to_bytes(svg_string=drawn, font_dirs=[str(folder)], **dots))
    typst = need("typst", "chart", "The format pdf")
    with TemporaryDirectory() as scratch:
        (Path(scratch) / "picture.svg").write_text(drawn, encoding="utf-8")
        page = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")'
        return bytes(typst.compile(page.encode(), root=scratch, format="pdf", font_paths=[str(folder)], timestamp=0))


def _titles_alike(svg: str, picture: Picture) -> str:
    """Draw the lines of a title alike where one has a foreign character: it is in another font, maybe not bold."""
    if not _FOREIGN.search(picture.title):
        return svg
    ink, families = THEMES[picture.look.theme]["ink"], ", ".join(f"'{name}'" for name in reversed(FAMILIES))
    style = f"svg .title {{ font-family: {families}; font-weight: 400; stroke: {ink}; stroke-width: 0.5; }}"
    return svg.replace("</style>", f"{style}\n</style>")


def font_folder(form: str) -> Path:
    """Find the font that comes with the extra."""
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
