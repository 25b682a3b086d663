"""Values of cells as text, as messages quote them; and text made harmless: no escapes, nothing that
reorders it.
"""

import re
from collections.abc import Sequence
from typing import Any, AnyStr, cast
from unicodedata import combining, normalize

MOST_SHOWN = 60


class _Pattern:
    def __init__(self, text: Any, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found


def expression(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, when it is first used: a command uses few of the hundred expressions that
    there are.
    """
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


def label(cell: object) -> str:
    """A cell as text: empty for nothing, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def identity(cell: object) -> str:
    """The id in a cell, without characters that nobody sees and outputs leave out."""
    text = label(cell)
    return text if text.isprintable() else without_controls(text).strip()


def is_empty(cell: object) -> bool:
    """True for a cell of nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(value: object) -> str:
    """A value as messages quote it: short, on one line, without control characters."""
    text = label(value)
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…")


def quoted(names: Sequence[object], most: int = 8) -> str:
    """Names for a message, the first few of them."""
    more = len(names) - most
    return ", ".join(shown(name) for name in names[:most]) + (
        f" and {more:,} more" if more > 0 else ""
    )


_ESCAPE_SEQUENCES = expression(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor movements
    # Strings: titles, links.
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x1b\\\\|[\x07\x9c])"
    "|\x1b[ -/]*[0-~]"
)
# signs that reorder text or are in it unseen; the joiners of Persian and of emoji are none of these
INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
# Code points that XML forbids, and so workbooks and pictures.
NO_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
_CONTROLS = expression(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{INVISIBLE}{NO_CHARACTERS}]")
_SURROGATES = expression("[\ud800-\udfff]")
_HALVES = expression("[\ud800-\udc7f\udd00-\udfff]")  # surrogates that are no byte of a file name

# signs of drawings, and what a terminal that knows ASCII alone, or makes them two cells wide, gets
# for each
_SIGNS = dict(zip("●◆◇│━◦▓▒░□△▽☆◁┤└─┬▁▂▃▄▅▆▇█┊", "*ox|-,=:'+%&$~++-+_.-~=+*#:", strict=True))
NARROW = str.maketrans(_SIGNS | {"·": ".", "↑": "^", "↓": "v", "–": "-", "−": "-", "…": "~"})
_ASCII = str.maketrans(
    _SIGNS
    | dict(zip("−–‐‑·•‘’“”«»×～↑↓", "----**" + "''" + '""""x~^v', strict=True))
    | {
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
    }
    | {
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
    """Text without escape sequences and control characters; tabs and line ends stay."""
    if text.isprintable():
        return text
    plain = _CONTROLS.sub("", _ESCAPE_SEQUENCES.sub("", text))
    return _HALVES.sub("\ufffd", plain) if names else encodable(plain)


def one_line(text: str, *, names: bool = False) -> str:
    """Text for people: no controls, and every run of white space is one space."""
    return " ".join(without_controls(text, names=names).split())


def encodable(text: str) -> str:
    """Text that UTF-8 can carry: half a surrogate pair becomes the replacement character."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def ascii_only(text: str) -> str:
    """Text for a terminal that knows ASCII alone: signs by their nearest, accents dropped, the rest
    a question mark.
    """
    if text.isascii():
        return text
    split = normalize("NFKD", text.replace(" · ", " | ").translate(_ASCII))
    letters = (character for character in split if not combining(character))
    return "".join(character if character.isascii() else "?" for character in letters)
