"""Numbers as files write them. Nothing is guessed: a comma means something only once the user has said what.

>>> number_in("1234.5", Notation()), number_in("1.234,5", Notation(decimal_comma=True, thousands="."))
(1234.5, 1234.5)
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.series.reading.grid import UnusableCell

DIGITS = str.maketrans("．，－＋٫٬", ".,-+.\u202f") | {
    first + digit: str(digit) for first in (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50) for digit in range(10)
}
"""Digits as wide as Chinese characters, and those of Arabic, Persian, Hindi, Bengali and Thai, with their signs."""
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GROUPED = r"([+-]?)(\d{1,3}(?:~\d{3})+)((?:\.\d*)?(?:[eE][+-]?\d+)?)"


class Notation(NamedTuple):
    """The signs within a number, as the user states them."""

    decimal_comma: bool = False
    thousands: str | None = None


def number_in(cell: object, notation: Notation) -> float | Problem:
    """The finite number in a cell; or what is wrong with the cell: it is empty, a text, a date, true or false, NaN or
    beyond the range of numbers, or has a sign whose meaning was not stated.
    """
    if isinstance(cell, UnusableCell):
        return Problem(cell.reason)
    if cell is None or isinstance(cell, str):
        text = plain = (cell or "").strip()
        if notation != (False, None) or not text.isascii():
            plain = _plain(text, notation)
        if not _PLAIN.fullmatch(plain):
            return Problem("not_a_number", text=text, notation=notation)
        value = float(plain)
    elif isinstance(cell, bool) or not (isinstance(cell, int | float) or type(cell).__name__ == "Decimal"):
        return Problem("no_kind_of_number", kind=type(cell).__name__)
    else:
        value = _as_float(cell)
    return value if isfinite(value) else Problem("infinite_number")


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _plain(text: str, notation: Notation) -> str:
    """The number with a point and no separators, or a text that is no number."""
    text = text.replace("\u2212", "-").translate(DIGITS)
    decimal_comma, thousands = notation
    if thousands == " ":
        text = text.replace("\u00a0", " ").replace("\u202f", " ")
    if thousands == "'":
        text = text.replace("\u2019", "'")
    if decimal_comma and "." in text and thousands != ".":
        return ""
    if thousands and thousands in text:
        swapped = text.replace(thousands, "~")
        swapped = swapped.replace(",", ".") if decimal_comma else swapped
        match = re.fullmatch(_GROUPED, swapped, re.ASCII)
        return f"{match[1]}{match[2].replace('~', '')}{match[3]}" if match else ""
    return text.replace(",", ".") if decimal_comma else text
