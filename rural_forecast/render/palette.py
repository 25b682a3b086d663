"""Colours of pictures by tone: distinct for colour-blind people too, and dark enough to be read as text on white.

After M. Okabe and K. Ito, Color Universal Design (2008), the lighter ones darkened to a contrast of 4.5 or more.
"""

from __future__ import annotations

INKS = ("#1a1a1a", "#0067a5", "#b34e00", "#007a59", "#a03a78", "#846000", "#5b4fa2")
"""On white: observed, forecast, published, then further series."""
GREY, GRID = "#5c5c5c", "#dddddd"


def ink(tone: int) -> str:
    """The colour of a tone on white."""
    return INKS[tone % len(INKS)]
