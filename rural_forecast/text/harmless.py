"""Text from data made harmless: no terminal escapes, no control characters, nothing that reorders what is read."""

from __future__ import annotations

import re

_ESCAPE_SEQUENCES = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"  # control sequences: colours, cursor movements
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f]*(?:\x1b\\\\|[\x07\x9c])"  # strings: titles, links
    "|\x1b[ -/]*[0-~]"
)
INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
"""What reorders text or is in it unseen; the joiners of Persian and of emoji are none of these."""
NO_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff"
"""Code points that XML forbids, and so workbooks and pictures."""
_CONTROLS = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{INVISIBLE}{NO_CHARACTERS}]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that are no byte of a file name."""

_ASCII = str.maketrans(
    dict(zip("−–‐‑─·•‘’“”«»×～↑↓", "-----**" + "''" + '""""x~^v', strict=True))
    | {"—": "--", "…": "...", "±": "+/-", "≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "→": "->", "←": "<-", "√": "sqrt"}
    | {"°": " deg", "€": "EUR", "£": "GBP", "‰": " per mille", "α": "alpha", "β": "beta", "φ": "phi", "ß": "ss"}
    | dict(zip("▁▂▃▄▅▆▇█", "_.-~=+*#", strict=True))  # a course in a cell: ever higher, or ever darker
)


def without_controls(text: str, *, names: bool = False) -> str:
    """Text without escape sequences and control characters; tabs and line ends stay.

    `names`: whether bytes of file names that are not UTF-8 stay, for standard error alone.

    >>> without_controls("\x1b[31mred\x1b[0m \x1b]8;;http://a\x07link")
    'red link'
    """
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
    """Text for a terminal that knows ASCII alone: signs by their nearest, accents dropped, the rest a question mark.

    >>> ascii_only("‘Größe’ ≈ −5 … 乡村")
    "'Grosse' ~ -5 ... ??"
    """
    if text.isascii():
        return text
    from unicodedata import combining, normalize

    split = normalize("NFKD", text.replace(" · ", " | ").translate(_ASCII))
    letters = (character for character in split if not combining(character))
    return "".join(character if character.isascii() else "?" for character in letters)
