"""What the cells of a column hold: numbers, texts or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rural_forecast.series.reading.grid import Fault, filled
from rural_forecast.series.reading.number_forms import is_missing
from rural_forecast.series.reading.values import NotANumberError, Notation, number

_STARTS_AS_NUMBER = r"\W{0,3}\d"


def is_text(cells: Iterable[Any]) -> bool:
    """Whether a column holds texts that no one can take for numbers, and nothing else.

    >>> is_text(["North", None]), is_text(["12", "North"]), is_text(["n/a", ".."]), is_text([])
    (True, False, False, False)
    """
    texts = False
    for cell in filled(cells):
        if not isinstance(cell, str) or re.match(_STARTS_AS_NUMBER, cell.strip()):
            return False
        texts = texts or any(sign.isalpha() for sign in cell)
        if texts and is_missing(cell):
            return False
    return texts


def all_numbers(cells: Iterable[Any]) -> bool:
    """Whether a column holds numbers and nothing else.

    >>> all_numbers([1, "2.5", ""]), all_numbers(["bn CNY"]), all_numbers([""])
    (True, False, False)
    """
    some = False
    for cell in filled(cells):
        if isinstance(cell, Fault):
            continue
        try:
            number(cell, Notation())
        except NotANumberError:
            return False
        some = True
    return some
