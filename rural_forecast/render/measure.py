"""Widths of text in pixels, on the wide side of the fonts that systems use, and lines that fit a width."""

from __future__ import annotations

from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, wrap

_NARROW, _WIDE = set("ijl.,:;'|!()[]ftrI -·"), set("mwMW@%—…")
_BOLD = 1.18


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Of a text on one line, in a font of a size in pixels.

    >>> round(width("2,964 (80 %)", 13)), round(width("农村", 13))
    (79, 26)
    """
    ems = sum(
        cell_len(sign) / 2 if cell_len(sign) != 1 else 0.34 if sign in _NARROW else 0.9 if sign in _WIDE else 0.58
        for sign in text
    )
    return ems * size * (_BOLD if bold else 1)


def wrapped(text: str, room: float, size: float, *, bold: bool = False, most: int | None = None) -> list[str]:
    """Lines of a text that fit the room; what goes beyond `most` lines ends in an ellipsis."""
    clean = prose(text)
    if not clean:
        return []
    columns = cell_len(clean)
    lines = [clean]
    while columns > 8 and (widest := max(width(line, size, bold=bold) for line in lines)) > room:
        columns = max(8, min(columns - 1, int(columns * room / widest) + 1))
        lines = wrap(clean, columns)
    return lines if most is None or len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip(' .,;')} …"]
