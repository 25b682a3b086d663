"""Text cut into lines by display width, columns of a terminal or pixels, and the pen that writes on
a terminal.
"""

import re
from typing import NamedTuple

from rich.cells import cell_len, chop_cells

from rural_forecast.render.columns import prose
from rural_forecast.text.cells import NARROW
from rural_forecast.text.numbers import UNIT

__all__ = ["Pen", "cell_len", "padded", "widest_piece", "width", "wrap", "wrapped"]

_WIDE = (
    "\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
)
_NO_START = "、。，．：；？！）」』】〉》〕％%!),.:;?\\]}"
# a space, a wide character with the punctuation that must not start a line, or a word; `4,300 bn
# CNY` is one
_PIECES = re.compile(
    f" |[{_WIDE}][{_NO_START}]*|[^ {_WIDE}]+(?:(?<=[0-9])(?: {UNIT})+[^ {_WIDE}]*)?"
)


def wrap(text: str, width: int) -> list[str]:
    """Lines at most `width` columns wide, broken between words; a longer word is folded."""
    if cell_len(text) <= width:
        return [text]
    lines = []
    line = ""
    used = 0
    for piece in _PIECES.findall(text):
        size = cell_len(piece)
        if used + size > width:
            if line.strip():
                lines.append(line.rstrip())
            line = ""
            used = 0
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


def padded(text: str, width: int, *, to_right: bool = False) -> str:
    """A text with spaces up to a width."""
    space = " " * (width - cell_len(text))
    return space + text if to_right else text + space


# hundredths of an em, plus 32, of each character from the space on in Fira Sans, regular and
# semibold
_ADVANCES = {
    False: ":8HTUsi6@@LR8H8TXKRRURULWT88RRRN\x86Y]X`VQ_d>>[RndeZe\\VTbXsVWT@T@VT>V[P\\VBT[<<S=v[Z[\\GODZQhPQL@H@Q",
    True: "88KWVuk7@@MT8I8TZNSTXUXNYW88SSSP\x86[^YaUQ`c=?^Snce\\e]XUaYtYZV@T@WTAW\\P\\WCVZ<<V>uZZ\\\\HPFYSjRSM@F@S",
}


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Of a text on one line, in a font of a size in pixels."""
    codes = _ADVANCES[bold]
    ems = sum(
        (ord(codes[ord(sign) - 32]) - 32) / 100
        if " " <= sign <= "~"
        else {"·": 0.24, "’": 0.24, "–": 0.52, "−": 0.52}.get(
            sign, 0.62 if cell_len(sign) == 1 else cell_len(sign) / 2
        )
        for sign in text
    )
    return ems * size


def wrapped(
    text: str, room: float, size: float, *, bold: bool = False, most: int | None = None
) -> list[str]:
    """Lines of a text that fit the room; what goes beyond `most` lines ends in an ellipsis."""
    clean = prose(text)
    if not clean:
        return []
    columns = cell_len(clean)
    lines = [clean]
    while columns > 8 and (widest := max(width(line, size, bold=bold) for line in lines)) > room:
        columns = max(8, min(columns - 1, int(columns * room / widest) + 1))
        lines = wrap(clean, columns)
    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while " " in last and width(f"{last} …", size, bold=bold) > room:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], f"{last.rstrip(' .,;')} …"]


# The width of a pipe or a file, where lines are as long as they need to be.
UNLIMITED = 1_000_000_000
UNKNOWN_WIDTH = 80
MEASURE = 100  # widest line of prose: longer ones are hard to read on a wide terminal
_WHOLE = 30


class Pen(NamedTuple):
    """The width, colour and characters of a terminal."""

    width: int
    color: int = 0
    unicode: bool = True
    light: bool = False

    @property
    def screen(self) -> int:
        """The width, or the usual one of a terminal where it is not known."""
        return UNKNOWN_WIDTH if self.width == UNLIMITED else self.width

    def drawn(self, signs: str) -> str:
        """Signs of a drawing as the terminal knows them."""
        return signs if self.unicode else signs.translate(NARROW)

    def text(self, text: str) -> str:
        """Text from data made harmless."""
        return prose(text, unicode=self.unicode)

    def cut(self, text: str, width: int) -> str:
        """Text from data in at most so many columns."""
        clean = self.text(text)
        sign = "…" if self.unicode else "~"
        if cell_len(clean) <= width:
            return clean
        head, _, word = (
            wrap(clean, width - 2)[0].rpartition(" ") if width > _WHOLE else ("", "", "")
        )
        whole = " ".join(filter(None, (head, word)))
        return f"{whole} {sign}" if head else f"{chop_cells(clean, width - 1)[0]}{sign}"

    def ink(self, text: str, code: str) -> str:
        """Text in colour or weight where there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and code and text.strip() else text

    def lines(self, text: str, code: str = "", *, lead: str = "", hang: str = "") -> list[str]:
        """Text from data in lines; `lead` starts the first one, `hang` all others."""
        measure = self.width if self.width == UNLIMITED else min(self.width, MEASURE)
        lines = wrap(self.text(text), measure - cell_len(hang))
        return [
            (hang if number else lead) + self.ink(line, code)
            for number, line in enumerate(lines)
            if line
        ]
