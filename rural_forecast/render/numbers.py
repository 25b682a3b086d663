"""How people read numbers: thousands grouped, decimals chosen once a column, percents with their sign.

The decimals of a column are those that show about four significant digits of its largest value and two of its
smallest, and never more than its values have. One choice a column keeps the decimal points under each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from rural_forecast.errors import not_finite
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.table import Cell, Column

SIGNIFICANT = 4
_MOST_EXTRA = 3
"""Decimals that a column's smallest value may add to what its largest asks for."""
_MOST_DECIMALS = 6
"""What a view asks for at the most, however small its values are."""
_LARGE, _SMALL = 1e15, 1e-4
"""Beyond these, digits are written with an exponent."""

_NEGATIVE = re.compile(r"(?<=[ (])-(?=\d)")


def decimals(values: Iterable[float]) -> int:
    """Digits after the point that suit all values.

    >>> decimals([180.0, 353.0]), decimals([482.0, 596.347]), decimals([0.31234, 12.5]), decimals([0.5, 1200.0])
    (0, 1, 2, 1)
    """
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    largest, smallest = _digits_before_point(max(sizes)), _digits_before_point(min(sizes))
    wanted = max(0, SIGNIFICANT - largest, min(2 - smallest, SIGNIFICANT - largest + _MOST_EXTRA))
    return min(wanted, max(_own_decimals(size, wanted) for size in sizes))


def _digits_before_point(size: float) -> int:
    """1 for 1 to 9.99, 0 for 0.1 to 0.999, after rounding to four digits, so that 999.96 counts as 1000."""
    return int(f"{size:.{SIGNIFICANT - 1}e}".partition("e")[2]) + 1


def _own_decimals(value: float, limit: int) -> int:
    """Digits after the point of a value rounded to `limit`, without trailing zeros."""
    return len(f"{value:.{limit}f}".partition(".")[2].rstrip("0"))


def places_of(column: Column, cells: Sequence[Cell]) -> int:
    """Digits after the point that people see in a column.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    measured = _numbers(column, cells)
    if column.decimals is not None:
        return column.decimals
    if column.kind == "percent":
        return 1 if max(map(abs, measured), default=1) >= 1 else decimals(measured)
    return decimals(measured) if column.kind == "number" else 0


def people_texts(column: Column, cells: Sequence[Cell]) -> list[str]:
    """What people see of one column's cells.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    if column.mixed:
        alone = replace(column, mixed=False)
        return [text for cell in cells for text in people_texts(alone, [cell])]
    places = places_of(column, cells)
    largest = max(map(abs, _numbers(column, cells)), default=0.0)
    tiny = (column.decimals is None or column.decimals >= _MOST_DECIMALS) and 0 < largest < _SMALL
    return [_text(column, cell, places, tiny=tiny) for cell in cells]


def _numbers(column: Column, cells: Sequence[Cell]) -> list[float]:
    found = [float(cell) for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    for value in found:
        if not isfinite(value):
            raise not_finite(f"Column {column.key} holds {value}, which is not a finite number.")
    return found


def _text(column: Column, cell: Cell, places: int, *, tiny: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return one_line(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if column.kind in ("year", "text"):
        return str(cell)
    if isinstance(cell, int) and column.kind == "integer":
        text = f"{cell:,d}"
    elif tiny or abs(cell) >= _LARGE:
        text = f"{cell:.3e}"
    else:
        text = f"{cell:,.{places}f}"
    if text[0] == "-" and not text.strip("-0.,"):
        text = text[1:]
    if column.sign and cell > 0 and text.strip("0.,"):
        text = f"+{text}"
    return text + (" %" if column.kind == "percent" else "")


def negatives(text: str) -> str:
    """A sentence with the typographic minus sign before its negative numbers; dates and options stay as they are.

    >>> negatives("off by -4.1 % (-3 to +2) on 2017-03-01")
    'off by −4.1 % (−3 to +2) on 2017-03-01'
    """
    return _NEGATIVE.sub("−", text)
