"""Flags of statistical agencies: letters in a column of their own, or after a value (`123.4 e`, `98.1p`).

There `e` is an estimate and `p` a provisional value of the past: history, unlike the marks of an analyst's years.
"""

from __future__ import annotations

import re

from rural_forecast.series.observation import Status
from rural_forecast.text.patterns import expression

FLAGS: dict[str, Status] = {"a": "actual", "e": "estimate", "p": "preliminary", "r": "actual", "f": "forecast"}
"""The meaning of each flag of a value; `r` is revised. Others, such as `b` for a break, say nothing that is used."""
NO_VALUE = frozenset(["z", "m", "o", "..", ":"])
"""Flags of a value that say that there is none, such as `z`, not applicable."""
_LETTERS = expression(r"[aeprfbcdghiklmnoqstuvz]{1,2}(?:[\s,;/]+[aeprfbcdghiklmnoqstuvz])*")
"""With the other letters of the lists of Eurostat and SDMX."""
_FLAGGED = expression(r"(.*\d\.?)\s*([A-Za-z]{1,2})", re.ASCII)
_WORSE: tuple[Status, ...] = ("actual", "preliminary", "estimate", "forecast")


def is_flag(text: str) -> bool:
    """True if a text is made of such letters, or empty.

    >>> is_flag("bp"), is_flag("E"), is_flag("see note")
    (True, True, False)
    """
    return not text or _LETTERS.fullmatch(text.casefold()) is not None


def letters(text: str) -> str:
    """The letters of a cell of flags.

    >>> letters("B, P")
    'bp'
    """
    return re.sub(r"[\s,;/]", "", text).casefold()


def status_of(text: str) -> Status | None:
    """Read the flags of a value; None where no meaning of theirs is used.

    >>> status_of("bp"), status_of("e"), status_of("b"), status_of("")
    ('preliminary', 'estimate', None, None)
    """
    if not is_flag(text.strip()):
        return None
    statuses = [FLAGS[letter] for letter in letters(text) if letter in FLAGS]
    return max(statuses, key=_WORSE.index) if statuses else None


def parted(text: str) -> tuple[str, str] | None:
    """A number and the flags of our list after it; None where there are none.

    >>> parted("123.4 e"), parted("98.1p"), parted("12 bn"), parted("12 b")
    (('123.4', 'e'), ('98.1', 'p'), None, None)
    """
    match = _FLAGGED.fullmatch(text.strip())
    if match is None or not set(match[2].casefold()) <= FLAGS.keys() - {"a"}:
        return None
    return match[1], match[2].casefold()
