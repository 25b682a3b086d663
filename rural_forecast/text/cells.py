"""Values of cells as text, as messages quote them, and text made harmless.

Text that comes from data must not move the cursor of a terminal, reorder a line or break a file.
"""

import re
from collections.abc import Sequence
from typing import Any, AnyStr, cast
from unicodedata import combining, normalize

MOST_SHOWN = 60
"""Characters of a value that a message quotes."""


class _Pattern:
    """A regular expression that is compiled when it is first used."""

    def __init__(self, text: Any, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, value)  # so that this method is not asked again
        return value


def expression(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Compile a regular expression when it is first used.

    A command uses few of the hundred that there are.
    """
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


def label(cell: object) -> str:
    """Write a cell as text: empty for nothing, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    # Well below 2**53, up to which a float holds every whole number.
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def identity(cell: object) -> str:
    """Write the id in a cell, without characters that nobody sees and outputs leave out."""
    text = label(cell)
    return text if text.isprintable() else without_controls(text).strip()


def is_empty(cell: object) -> bool:
    """Check that a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(value: object) -> str:
    """Quote a value for a message: short, on one line, without control characters."""
    text = label(value)
    if len(text) > MOST_SHOWN:
        text = text[: MOST_SHOWN - 1] + "…"
    return repr(text)


def quoted(names: Sequence[object], most: int = 8) -> str:
    """Quote names for a message, the first few of them."""
    text = ", ".join(map(shown, names[:most]))
    more = len(names) - most
    return f"{text} and {more:,} more" if more > 0 else text


_ESCAPE_SEQUENCES = expression(
    # Control sequences: colours, movements of the cursor
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    # Strings: titles, links
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x1b\\\\|[\x07\x9c])"
    # Other sequences
    "|\x1b[ -/]*[0-~]"
)
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
"""Signs that reorder text or are in it unseen; the joiners of Persian and of emoji are none."""
NO_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
"""Code points that XML forbids, and so workbooks and pictures."""
_CONTROLS = expression(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{INVISIBLE}{NO_CHARACTERS}]")
_SURROGATES = expression("[\ud800-\udfff]")
_HALVES = expression("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that are no byte of a file name

_SIGNS = {
    "●": "*",
    "◆": "o",
    "◇": "x",
    "│": "|",
    "━": "-",
    "◦": ",",
    "▓": "=",
    "▒": ":",
    "░": "'",
    "□": "+",
    "△": "%",
    "▽": "&",
    "☆": "$",
    "◁": "~",
    "┤": "+",
    "└": "+",
    "─": "-",
    "┬": "+",
    "▁": "_",
    "▂": ".",
    "▃": "-",
    "▄": "~",
    "▅": "=",
    "▆": "+",
    "▇": "*",
    "█": "#",
    "┊": ":",
}
"""Signs of drawings, each with its nearest in ASCII."""
NARROW = str.maketrans({**_SIGNS, "·": ".", "↑": "^", "↓": "v", "–": "-", "−": "-", "…": "~"})
"""Signs that some terminals make two cells wide, each with one that is always one cell."""
_ASCII = str.maketrans(
    {
        **_SIGNS,
        "−": "-",
        "–": "-",
        "‐": "-",
        "‑": "-",
        "·": "*",
        "•": "*",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "×": "x",
        "～": "~",
        "↑": "^",
        "↓": "v",
        "—": "--",
        "…": "...",
        "±": "+/-",
        "≈": "~",
        "≠": "!=",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "←": "<-",
        "√": "sqrt",
        "°": " deg",
        "€": "EUR",
        "£": "GBP",
        "‰": " per mille",
        "α": "alpha",
        "β": "beta",
        "φ": "phi",
        "ß": "ss",
    }
)


def without_controls(text: str, *, names: bool = False) -> str:
    """Remove escape sequences and control characters; tabs and line ends stay.

    `names`: keep bytes of the names of files that are no UTF-8.
    """
    if text.isprintable():
        return text
    plain = _CONTROLS.sub("", _ESCAPE_SEQUENCES.sub("", text))
    return _HALVES.sub("\ufffd", plain) if names else encodable(plain)


def one_line(text: str, *, names: bool = False) -> str:
    """Write text on one line: without controls, every run of white space as one space."""
    return " ".join(without_controls(text, names=names).split())


def encodable(text: str) -> str:
    """Make text that UTF-8 can hold: half a surrogate pair becomes the replacement character."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def ascii_only(text: str) -> str:
    """Write text for a terminal that knows ASCII alone.

    Signs become their nearest, accents are dropped, and all else becomes a question mark.
    """
    if text.isascii():
        return text
    split = normalize("NFKD", text.replace(" · ", " | ").translate(_ASCII))
    letters = (character for character in split if not combining(character))
    return "".join(character if character.isascii() else "?" for character in letters)


def plain_signs(text: str) -> str:
    """Write a message in ASCII; a letter beyond it, as in the name of a file, by its number."""
    signs = text.translate(_ASCII)
    return signs.encode("ascii", "backslashreplace").decode("ascii")
