"""Text cut into lines by display width: columns of a terminal, of which a Chinese character takes two, or pixels.

All renderers measure text here. No other file of the room imports rich.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from rural_forecast.render.columns import prose

__all__ = ["cell_len", "chop_cells", "cut", "padded", "widest_piece", "width", "wrap", "wrapped"]

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_NO_START = "、。，．：；？！）」』】〉》〕％%!),.:;?\\]}"
_PIECES = re.compile(f" |[{_WIDE}][{_NO_START}]*|[^ {_WIDE}]+(?:(?<=[0-9]) %[^ {_WIDE}]*)?")
"""A space, one wide character with the punctuation that must not start a line, or a narrow word; `80 %` is one."""


def wrap(text: str, width: int) -> list[str]:
    """Lines at most `width` columns wide, broken between words; a longer word is folded.

    >>> wrap("the year of 农村网络零售额 and more", 12)
    ['the year of', '农村网络零售', '额 and more']
    """
    if cell_len(text) <= width:
        return [text]
    lines, line, used = [], "", 0
    for piece in _PIECES.findall(text):
        size = cell_len(piece)
        if used + size > width:
            if line.strip():
                lines.append(line.rstrip())
            line, used = "", 0
            if piece == " ":
                continue
            if size > width:
                *whole, piece = chop_cells(piece, width)
                lines += whole
                size = cell_len(piece)
        line += piece
        used += size
    if line.strip():
        lines.append(line.rstrip())
    return lines


def widest_piece(text: str) -> int:
    """Width below which `wrap` would have to fold a word."""
    return max(map(cell_len, _PIECES.findall(text)), default=0)


def cut(text: str, width: int, sign: str = "…") -> str:
    """A text of at most `width` columns, with a sign where it is cut."""
    return text if cell_len(text) <= width else f"{chop_cells(text, width - 1)[0]}{sign}"


def padded(text: str, width: int, *, to_right: bool = False) -> str:
    """A text with spaces up to a width."""
    space = " " * (width - cell_len(text))
    return space + text if to_right else text + space


_THIN, _BROAD = set("ijl.,:;'|!()[]ftrI -·"), set("mwMW@%—…")
_BOLD = 1.18


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Of a text on one line, in a font of a size in pixels.

    >>> round(width("2,964 (80 %)", 13)), round(width("农村", 13))
    (79, 26)
    """
    ems = sum(
        cell_len(sign) / 2 if cell_len(sign) != 1 else 0.34 if sign in _THIN else 0.9 if sign in _BROAD else 0.58
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
