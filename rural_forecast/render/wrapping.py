"""Text cut into lines: by columns on a terminal, by pixels in a drawing.

`Pen` writes on a terminal, whose characters take one or two columns. `width` measures text in Fira
Sans, the font of all drawings, so that labels can be placed without a browser or a font library.
"""

import json
import re
from functools import cache
from pathlib import Path
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
_AMOUNT = rf"(?<=[0-9])(?: {UNIT})+[^ {_WIDE}]*"
# Where a line may break: at a space, between wide characters (though never before punctuation that
# must not start a line), or around a word. An amount such as `4,300 bn CNY` is one word.
_PIECES = re.compile(f" |[{_WIDE}][{_NO_START}]*|[^ {_WIDE}]+(?:{_AMOUNT})?")


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines at most `width` columns wide; a word that is longer is folded."""
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
                *full_lines, piece = chop_cells(piece, width)
                lines += full_lines
                size = cell_len(piece)
        line += piece
        used += size
    if line.strip():
        lines.append(line.rstrip())
    return lines


def widest_piece(text: str) -> int:
    """Find the width below which `wrap` would fold a word."""
    return max(map(cell_len, _PIECES.findall(text)), default=0)


def padded(text: str, width: int, *, to_right: bool = False) -> str:
    """Fill a text with spaces up to a width."""
    space = " " * (width - cell_len(text))
    return space + text if to_right else text + space


_ADVANCES = Path(__file__).parent / "fonts" / "advances.json"
# Characters beyond ASCII that every picture may have, in ems. Their widths in the two weights
# differ a little; these suit both.
_PUNCTUATION = {"·": 0.24, "’": 0.24, "–": 0.52, "−": 0.52}
# Of a character that is not in the table and takes one column: wider than most accented letters
# (é has 0.55, ü 0.58), so that a text is rather measured too wide than drawn over its neighbour.
_OTHER_LETTER = 0.62


@cache
def _advances(bold: bool) -> dict[str, float]:
    """Load the width in ems of each ASCII character, in semibold or regular.

    The table is made from the fonts by `python -m tests.render.font_advances`: reading a font would
    need a library that a plain install does not have.
    """
    tables = json.loads(_ADVANCES.read_text(encoding="utf-8"))
    hundredths: dict[str, int] = tables["semibold" if bold else "regular"]
    ems = {sign: advance / 100 for sign, advance in hundredths.items()}
    return ems | _PUNCTUATION


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Measure a text on one line, in pixels, in a font of a size in pixels."""
    ems = _advances(bold)
    return sum(ems[sign] if sign in ems else _beyond_ascii(sign) for sign in text) * size


def _beyond_ascii(sign: str) -> float:
    """Estimate the width in ems of a character that is not in the table."""
    columns = cell_len(sign)
    return _OTHER_LETTER if columns == 1 else columns / 2  # Chinese characters are square


_FEWEST_COLUMNS = 8  # `wrapped` makes no narrower lines: words would be folded to pieces


def wrapped(
    text: str, room: float, size: float, *, bold: bool = False, most: int | None = None
) -> list[str]:
    """Break a text into lines of `room` pixels; beyond `most` lines it ends in an ellipsis."""
    clean = prose(text)
    if not clean:
        return []

    # `wrap` counts columns, and letters differ in width: try fewer columns until all lines fit.
    columns = cell_len(clean)
    lines = [clean]
    while columns > _FEWEST_COLUMNS:
        widest = max(width(line, size, bold=bold) for line in lines)
        if widest <= room:
            break
        fitting = int(columns * room / widest) + 1
        columns = max(_FEWEST_COLUMNS, min(columns - 1, fitting))
        lines = wrap(clean, columns)

    if most is None or len(lines) <= most:
        return lines
    last = lines[most - 1]
    while " " in last and width(f"{last} …", size, bold=bold) > room:
        last = last.rpartition(" ")[0]
    return [*lines[: most - 1], f"{last.rstrip(' .,;')} …"]


UNLIMITED = 1_000_000_000  # columns of a pipe or a file, where lines are as long as they need to be
UNKNOWN_WIDTH = 80
MEASURE = 100  # columns of the widest line of prose: longer ones are hard to read
_CUT_AT_WORDS = 30  # columns above which a text is cut between words, below it within one


class Pen(NamedTuple):
    """The width, colour and characters of a terminal."""

    width: int
    color: int = 0
    unicode: bool = True
    light: bool | None = None  # the background; None where it is not known

    @property
    def screen(self) -> int:
        """The width, or the usual one of a terminal where it is not known."""
        return UNKNOWN_WIDTH if self.width == UNLIMITED else self.width

    def drawn(self, signs: str) -> str:
        """Write signs of a drawing as the terminal has them."""
        return signs if self.unicode else signs.translate(NARROW)

    def text(self, text: str) -> str:
        """Make a text from data harmless."""
        return prose(text, unicode=self.unicode)

    def cut(self, text: str, width: int) -> str:
        """Cut a text from data to a number of columns, with a sign where something is missing."""
        clean = self.text(text)
        if cell_len(clean) <= width:
            return clean
        sign = "…" if self.unicode else "~"
        if width > _CUT_AT_WORDS:
            line = wrap(clean, width - 2)[0]
            if " " in line.strip():
                return f"{line} {sign}"
        return f"{chop_cells(clean, width - 1)[0]}{sign}"

    def ink(self, text: str, code: str) -> str:
        """Give a text a colour or weight, where there is colour."""
        if not (self.color and code and text.strip()):
            return text
        return f"\x1b[{code}m{text}\x1b[0m"

    def lines(self, text: str, code: str = "", *, lead: str = "", hang: str = "") -> list[str]:
        """Break a text from data into lines; `lead` starts the first one, `hang` all others."""
        measure = self.width if self.width == UNLIMITED else min(self.width, MEASURE)
        lines = []
        for index, line in enumerate(wrap(self.text(text), measure - cell_len(hang))):
            if line:
                lines.append((hang if index else lead) + self.ink(line, code))
        return lines
