"""The font of pages and svg files as rules of a style sheet, for machines that do not have it."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from rural_forecast.text.style import BOLD, FAMILIES, MEDIUM, REGULAR

FOREIGN = re.compile("[\u0590-\u1fff\u2e80-\U0010ffff]")
"""Scripts that the font does not have: they are drawn in one of the machine."""

_FOLDER = Path(__file__).parent / "fonts"
# The characters of the small files of the font.
_BASIC = re.compile(r"[\s\x20-\x7e\xa0±·×–—‘’“”…↑↓−]*")


def faces() -> Iterator[str]:
    """Write the font of the page, for machines that do not have it."""
    for name, weight in (("Regular", REGULAR), ("Medium", MEDIUM), ("SemiBold", BOLD)):
        yield _face(f"{FAMILIES[0].replace(' ', '')}-{name}.woff", weight)


def faces_for(text: str) -> Iterator[str]:
    """Write the font of a text: of letters without accents, figures and signs, a small part of it.

    That part has two weights, and browsers take the nearest one. It does for a text with Chinese in
    it, too, as the font has none of its characters.
    """
    if not _BASIC.fullmatch(FOREIGN.sub("", text)):
        yield from faces()
        return
    for name, weight in (("Regular", REGULAR), ("SemiBold", BOLD)):
        yield _face(f"{FAMILIES[0].replace(' ', '')}-Basic-{name}.woff2", weight)


def _face(file: str, weight: int) -> str:
    font = b64encode((_FOLDER / file).read_bytes()).decode()
    form = file.rpartition(".")[2]
    family = f'font-family: "{FAMILIES[0]}"'
    source = f'src: url(data:font/{form};base64,{font}) format("{form}")'
    return f"@font-face {{ {family}; font-weight: {weight}; {source}; }}"
