"""Colours of pictures by tone: told apart by colour-blind people too, and dark enough to be read as text on white.

After M. Okabe and K. Ito, Color Universal Design (2008), the lighter ones darkened to a contrast of 4.5 or more.
"""

from __future__ import annotations

INKS = ("#1a1a1a", "#0067a5", "#b34e00", "#007a59", "#a03a78", "#846000", "#5b4fa2")
"""On white: observed, forecast, published, then further series."""
NIGHT_INKS = ("#e8e8e8", "#6cb8ee", "#f2a35e", "#4cc9a0", "#e69ac6", "#e0b84a", "#b3a7f5")
"""The same on a dark page."""
GREY, GRID, PAPER = "#5c5c5c", "#dddddd", "#ffffff"


def ink(tone: int) -> str:
    """The colour of a tone on white."""
    return INKS[tone % len(INKS)]
