"""Text cut into lines by display width, where a Chinese character takes two columns and may end a line.

All renderers measure text here. No other file of the room imports rich.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

__all__ = ["cell_len", "chop_cells", "cut", "widest_piece", "wrap"]

_WIDE = "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_NO_START = "、。，．：；？！）」』】〉》〕％%!),.:;?\\]}"
_PIECES = re.compile(f" |[{_WIDE}][{_NO_START}]*|[^ {_WIDE}]+(?:(?<=[0-9]) %[^ {_WIDE}]*)?")
"""A space, one wide character with the punctuation that must not start a line, or a narrow word; `80 %` is one."""


def wrap(text: str, width: int | None) -> list[str]:
    """Lines at most `width` columns wide, broken between words; a longer word is folded. None wraps nothing.

    >>> wrap("the year of 农村网络零售额 and more", 12)
    ['the year of', '农村网络零售', '额 and more']
    """
    if width is None or cell_len(text) <= width:
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
