"""What the signs in the numbers of a table mean, from all of them: decimal marks, thousands, brackets, arrows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from rural_forecast.errors import InputError
from rural_forecast.series.reading.number_forms import ARROW, IN_BRACKETS, LONE, cleaned, is_number
from rural_forecast.series.reading.values import Notation
from rural_forecast.text.cells import is_empty


class Signs(NamedTuple):
    """What signs mean in a table that mean different things in different tables."""

    negative: bool = False
    """Whether a digit in brackets is a negative number."""
    arrows: bool = False
    """Whether arrows before numbers say that they rose or fell."""

    def plain(self, cell: Any) -> Any:
        """A cell with such signs in plain form, or as it is."""
        if not isinstance(cell, str):
            return cell
        if self.negative and (match := LONE.fullmatch(cell.strip())):
            return f"-{match[1]}"
        return ARROW.sub("", cell.strip(), 1) if self.arrows else cell


def signs_of(cells: Iterable[Any]) -> Signs:
    """What the numbers of a table leave no doubt about.

    Digits in brackets are negative next to longer numbers in brackets, or where nothing has a minus and numbers are as
    small. Arrows that go up and down say how numbers changed; those of one kind may be a minus, as in Japan.

    >>> signs_of(["(12)", "(3)"]), signs_of(["512", "(3)"]).negative, signs_of(["▲ 5", "▼ 4"]).arrows
    (Signs(negative=True, arrows=False), False, True)
    """
    texts = [cell.strip() if isinstance(cell, str) else str(cell) for cell in cells if not is_empty(cell)]
    numbers = [text for text in texts if text[:1].isdigit()]
    small = len(numbers) > 1 and all(re.fullmatch(r"\d\d?", text) for text in numbers)
    minus = any(re.match(r"[-\u2212]\d", text) for text in texts)
    sure = any(map(IN_BRACKETS.fullmatch, texts))
    directions = {match[1] in "▲△↑⬆" for text in texts if (match := ARROW.match(text))}
    return Signs(sure or (small and not minus), len(directions) == 2)


class Found(NamedTuple):
    """The notation of a table's numbers, and why."""

    notation: Notation
    why: str = ""


_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
_MANY_POINTS = re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}")
_COMMA_DECIMAL = re.compile(r"[+-]?(?:\d+,\d+)")
_BOTH_POINT = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_BOTH_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_POINT_DECIMAL = re.compile(r"[+-]?\d*\.\d+")
_WHOLE = re.compile(r"[+-]?\d+")


def notation_of(cells: Iterable[Any], asked: Notation, delimiter: str) -> Found:
    """Which sign is the decimal mark and which parts the thousands, where the numbers of a table leave no doubt.

    >>> notation_of(["1,234.5"], Notation(), "").notation, notation_of(["12,5"], Notation(), ";").notation
    (Notation(decimal_comma=False, thousands=','), Notation(decimal_comma=True, thousands=None))
    >>> notation_of(["1,234"], Notation(), "").notation
    Notation(decimal_comma=False, thousands=None)
    """
    if asked != Notation():
        return Found(asked)
    texts = {cell for raw in cells if isinstance(raw, str) and isinstance(cell := cleaned(raw).cell, str)}
    signed = [text for text in texts if "," in text]
    grouped = list(filter(_COMMAS.fullmatch, signed))
    both_point, both_comma = any(map(_BOTH_POINT.fullmatch, signed)), any(map(_BOTH_COMMA.fullmatch, signed))
    decimal = any(_COMMA_DECIMAL.fullmatch(text) and text not in grouped for text in signed)
    odd_point = any("." in text and "," not in text and not _POINTS.fullmatch(text) for text in texts)
    if not signed:
        points = any(map(_MANY_POINTS.fullmatch, texts)) and not odd_point
        return Found(Notation(True, "."), "'.' parts the thousands") if points else Found(asked)
    if both_comma or decimal:
        if both_point or odd_point:
            return Found(asked)
        dots = any("." in text for text in texts)
        why = "the comma is the decimal mark" + (", '.' parts the thousands" if dots else "")
        return Found(Notation(True, "." if dots else None), why)
    sure = both_point or any(text.count(",") > 1 for text in grouped) or any(map(_POINT_DECIMAL.fullmatch, texts))
    plain = list(filter(_WHOLE.fullmatch, texts))
    short = plain and all(len(text.lstrip("+-")) <= 3 for text in plain)
    mixed = len(grouped) >= 3 and short and delimiter in (",", "", "\t", "|")
    return Found(Notation(False, ","), "',' parts the thousands") if sure or mixed else Found(asked)


def require_clear(cells: Iterable[Any], delimiter: str, table: str) -> None:
    """Refuse `1.234` in a file with semicolons where every number with a point has three digits after it.

    Raises InputError where the point may be the decimal mark or part the thousands.
    """
    if delimiter != ";":
        return
    pointed = [cell.strip() for cell in cells if isinstance(cell, str) and "." in cell and is_number(cell)]
    if len(pointed) > 2 and all(re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text, re.ASCII) for text in pointed):
        raise InputError.of("unclear_point", table=table, number=pointed[0])
