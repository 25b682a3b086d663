"""What the cells of a column hold: numbers, texts or nothing, and whether that fits the role its name says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from rural_forecast.errors import Problem
from rural_forecast.series.observation import Measure
from rural_forecast.series.reading.column_names import NO, YES
from rural_forecast.series.reading.flags import holds_flags
from rural_forecast.series.reading.grid import UnusableCell, filled
from rural_forecast.series.reading.number_forms import is_missing
from rural_forecast.series.reading.units import is_scale
from rural_forecast.series.reading.values import Notation, number_in
from rural_forecast.text.cells import label

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
        if isinstance(cell, UnusableCell):
            continue
        if isinstance(number_in(cell, Notation()), Problem):
            return False
        some = True
    return some


def fits(role: str, cells: Iterable[Any]) -> bool:
    """Whether the cells can have the role that the name of their column says."""
    if role == "measure":
        return _says_measures(cells)
    if role == "scale":
        return all(is_scale(label(cell)) for cell in filled(cells))
    if role == "flag":
        return holds_flags(cells)
    if role == "doubtful":
        return _says_yes_or_no(cells)
    return role != "unit" or not all_numbers(cells)


def _says_measures(cells: Iterable[Any]) -> bool:
    """Whether a column holds our words; many files call anything they measure a measure."""
    words = {label(cell) for cell in filled(cells)}
    return bool(words) and words <= set(get_args(Measure))


def _says_yes_or_no(cells: Iterable[Any]) -> bool:
    """Whether a column marks rows; a file may have figures of what is doubtful, such as debts."""
    words = {label(cell).casefold() for cell in filled(cells)}
    return not words or bool(words & (YES | NO) - {"0", "1"}) or words <= {"0", "1"}
