"""Colours of pictures by tone, light and dark: distinct for colour-blind people too, and of enough contrast to be read.

After M. Okabe and K. Ito, Color Universal Design (2008), changed to a contrast of 4.5 or more on their paper. Tones are
observed, forecast, published, then further series.
"""

from __future__ import annotations

import re
from pathlib import Path

_INKS = {
    "light": ("#1a1a1a", "#0067a5", "#b34e00", "#007a59", "#a03a78", "#846000", "#5b4fa2", "#8f2d2d"),
    "dark": ("#e8e8e8", "#6cb8ee", "#f2a35e", "#4cc9a0", "#e69ac6", "#e0b84a", "#b3a7f5", "#f0908c"),
}
_GROUND = {
    "light": {"paper": "#ffffff", "text": "#1a1a1a", "quiet": "#595959", "rule": "#dcdcdc"},
    "dark": {"paper": "#16181b", "text": "#e8e8e8", "quiet": "#a9b0b8", "rule": "#3a3f45"},
}
THEMES = {name: ground | {f"t{tone}": ink for tone, ink in enumerate(_INKS[name])} for name, ground in _GROUND.items()}
"""The colours of the paper, of texts and of tones, by the names that style sheets use."""
GREY = _GROUND["light"]["quiet"]
GRID = "#dddddd"
"""Lines of the grid in charts of other programs."""
_FILE = Path(__file__).with_name("picture.css")


def ink(tone: int) -> str:
    """The colour of a tone on white."""
    inks = _INKS["light"]
    return inks[tone % len(inks)]


def pale(tone: int, rank: int, count: int) -> str:
    """The colour of a band on white, without transparency: of `count` bands the first, of the lowest level, is darkest.

    >>> pale(1, 0, 2), pale(1, 1, 2)
    ('#80b3d2', '#cce1ed')
    """
    strength = 0.5 - 0.3 * rank / max(count - 1, 1)
    parts = [round(255 - strength * (255 - int(ink(tone)[at : at + 2], 16))) for at in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)


def style(theme: str) -> str:
    """The style sheet of a picture alone, in colours that every program knows: some that draw svg know no variables."""
    colours = THEMES[theme]
    return re.sub(r"var\(--(\w+)\)", lambda name: colours[name[1]], _FILE.read_text(encoding="utf-8"))


def page_style(sheet: str) -> str:
    """The style sheet of a page, with the colours of both themes and the styles of pictures in their places."""
    for theme, colours in THEMES.items():
        variables = " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        sheet = sheet.replace(f"/* {theme} */", variables)
    return sheet.replace("/* picture */", _FILE.read_text(encoding="utf-8"))
