"""Flags of statistical agencies: letters in a column of their own, or after a value (`123.4 e`, `98.1p`).

There `e` is an estimate and `p` a provisional value of the past: history, unlike the marks of an analyst's years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rural_forecast.series.observation import Status
from rural_forecast.series.reading.grid import filled
from rural_forecast.text.cells import label

FLAGS: dict[str, Status] = {"a": "actual", "e": "estimate", "p": "preliminary", "r": "actual", "f": "forecast"}
"""What a flag says of a value; `r` is revised. Others, such as `b` for a break, say nothing that is used."""
_LETTERS = r"[aeprfbcdghiklmnoqstuvz]{1,2}(?:[\s,;/]+[aeprfbcdghiklmnoqstuvz])*"
"""With the other letters of the lists of Eurostat and SDMX."""
_FLAGGED = r"(.*\d\.?)\s*([A-Za-z]{1,2})"
_WORSE: tuple[Status, ...] = ("actual", "preliminary", "estimate", "forecast")


def holds_flags(cells: Iterable[Any]) -> bool:
    """Whether a column holds such letters and nothing else.

    >>> holds_flags(["", "e", "bp", "E"]), holds_flags(["e", "see note"])
    (True, False)
    """
    return all(map(is_flag, {label(cell) for cell in filled(cells)}))


def is_flag(text: str) -> bool:
    """Whether a text is made of such letters, or empty."""
    return not text or re.fullmatch(_LETTERS, text.casefold()) is not None


def letters(text: str) -> str:
    """The letters of a cell of flags.

    >>> letters("B, P"), letters("bp")
    ('bp', 'bp')
    """
    return re.sub(r"[\s,;/]", "", text).casefold()


def status_of(text: str) -> Status | None:
    """What the flags of a value say of it; None where they say nothing that is used.

    >>> status_of("bp"), status_of("e"), status_of("b"), status_of("")
    ('preliminary', 'estimate', None, None)
    """
    if not is_flag(text.strip()):
        return None
    statuses = [FLAGS[letter] for letter in letters(text) if letter in FLAGS]
    return max(statuses, key=_WORSE.index) if statuses else None


def unused(text: str) -> str:
    """The flags that say nothing that is used.

    >>> unused("bp"), unused("e")
    ('b', '')
    """
    return "".join(letter for letter in letters(text) if letter not in FLAGS) if is_flag(text.strip()) else ""


def parted(text: str) -> tuple[str, str] | None:
    """A number and the flags of our list after it; None where there are none.

    >>> parted("123.4 e"), parted("98.1p"), parted("1e"), parted("12 bn"), parted("12 b")
    (('123.4', 'e'), ('98.1', 'p'), ('1', 'e'), None, None)
    """
    match = re.fullmatch(_FLAGGED, text.strip(), re.ASCII)
    if match is None or not set(match[2].casefold()) <= FLAGS.keys() - {"a"}:
        return None
    return match[1], match[2].casefold()
