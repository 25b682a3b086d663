"""Values as publishers write them: markers of what is missing, units, flags, footnotes, separators.

A value is kept as it is written: `$1.2bn` is 1.2 in `$ bn`, never 1,200,000,000.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, option
from rural_forecast.series.reading.flags import FLAGS
from rural_forecast.series.reading.grid import Fault, is_empty
from rural_forecast.series.reading.values import DIGITS, Notation

_WORDS = "na n/a #n/a n.a. null none nil ? tbd xxx n.d. n.s. nd s.d. s/d k.a. z x c * 无 缺失 暂无"
MISSING = frozenset([*_WORDS.split(), "no data", "not available", "not applicable", "missing"])
_UNCLEAR = frozenset(["?", "tbd"])
"""What no publisher writes for a missing value: refused with advice."""
_MARKERS = re.compile(
    r"[.\u2026·][\s.\u2026·]*|[-–—_\s]+|:(?:\s*[a-z]{1,2})?|\((?:n/?a|x|z|d|s)\)|\[(?:x|z|c|low|n/?a)\]"
)
_FAULTS = frozenset(["#N/A", "#N/D", "#NV"])
_WIDE = DIGITS | str.maketrans("％（）￥\u2212\u00a0", "%()¥- ")
_CURRENCY = r"(?:US|NZ|AU?|CA?|HK|R|S)?[$]|[€£¥₹₩]|(?:USD|EUR|GBP|CNY|RMB|JPY|CHF|INR)(?![A-Za-z])"
_SCALE = (
    r"thousands?|millions?|billions?|trillions?|k|mn|mln|m|bn|trn|tn|mio\.?|mrd\.?|tsd\.?|crores?|lakhs?|"
    r"[百千]?[万亿]亿?|千|百万"
)
_PREFIX = re.compile(rf"([+-]?)\s*({_CURRENCY})\s*(?=[\d.(+-])", re.IGNORECASE)
_SUFFIX = re.compile(rf"(?<=[\d.)-])\s*({_SCALE})?\s*(%|{_CURRENCY}|元)?$", re.IGNORECASE)
_NOTE = re.compile(
    r"(?<=[\d.%])(?:\s*(?:\*+|[†‡§¶‖¹²³⁴⁵⁶⁷⁸⁹]+|(?:\(\s*[a-z\d]\s*\)|\[\s*(?:[a-z]|\d{1,2})\s*\])+)|\s\d\))$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"\((?=(?:\D*\d){{2}})((?:{_CURRENCY})?\s*[\d., \u202f\u2009]+(?:{_SCALE})?\s*%?)\)", re.IGNORECASE
)
_MINUS_BEHIND = re.compile(r"(\d[\d., \u202f\u2009]*)-")
_LONE = re.compile(r"\(\s*(\d)\s*\)")
"""A digit in brackets, a negative number or the sign of a footnote."""
_QUALIFIED = re.compile(r"([<>~≈≤≥])\s*(?=[\d.$€£¥])")
_QUALIFIERS = {"≈": "~", "≤": "<", "≥": ">"}
ARROW = re.compile(r"([▲△↑⬆]|[▼▽↓⬇])\s*(?=\d)")
_FLAGGED = re.compile(r"(.*\d\.?)\s+([A-Za-z]{1,3})")
_GAPS = r" \u202f\u2009"
_SPACED = re.compile(rf"[+-]?\d{{1,3}}(?:[{_GAPS}]\d{{3}})+(?:[.,]\d+)?|[+-]?\d{{1,3}}(?:['’]\d{{3}})+(?:\.\d+)?")


class Cleaned(NamedTuple):
    """The cell without what stands about the number."""

    cell: Any
    """None where the value is missing."""
    marked: str = ""
    """The footnote, flag or sign that was taken off, or the marker of a missing value."""
    currency: str = ""
    scale: str = ""
    """The factor or the percent sign behind the number, as written."""
    negative: bool = False
    """Whether brackets or a sign behind it make it negative."""
    qualifier: str = ""
    """The sign before it: `<`, `>` or `~`."""


def is_missing(cell: object) -> bool:
    """Whether a cell says that there is no value, by itself.

    >>> [is_missing(cell) for cell in ("..", ": ", "n/a", "xxx", "", None, "0", "x1")]
    [True, True, True, True, True, True, False, False]
    """
    if cell is None:
        return True
    if isinstance(cell, str):
        return _missing_text(cell)
    return isinstance(cell, Fault) and cell.shown in _FAULTS


@lru_cache(4096)
def _missing_text(text: str) -> bool:
    folded = text.replace("\u00a0", " ").strip().casefold()
    return not folded or folded in MISSING - _UNCLEAR or _MARKERS.fullmatch(folded) is not None


def cleaned(cell: object) -> Cleaned:
    """A cell without its marks; what is left is read, or refused, as in any file.

    >>> cleaned("US$ 41.2bn"), cleaned("12.5*").marked, cleaned("(1.5)").cell, cleaned("..").cell
    (Cleaned(cell='41.2', marked='', currency='US$', scale='bn', negative=False, qualifier=''), '*', '-1.5', None)
    """
    if is_missing(cell):
        return Cleaned(None, "" if is_empty(cell) or not isinstance(cell, str) else cell.strip())
    return _cleaned_text(cell) if isinstance(cell, str) else Cleaned(cell)


@lru_cache(8192)
def _cleaned_text(cell: str) -> Cleaned:
    text = cell.translate(_WIDE).strip()
    currency = scale = marked = qualifier = ""
    negative = False
    if match := _QUALIFIED.match(text):
        text, qualifier = text[match.end() :], _QUALIFIERS.get(match[1], match[1])
    if match := _NOTE.search(text):
        text, marked = text[: match.start()].strip(), match[0].strip()
    for _ in range(2):  # outside and inside of brackets
        if match := _PREFIX.match(text):
            text, currency = match[1] + text[match.end() :], match[2]
        if (match := _SUFFIX.search(text)) and match[0].strip():
            text, scale = text[: match.start()], scale or (match[1] or "") + ("%" if match[2] == "%" else "")
            currency = currency or (match[2] or "").strip("%")
        if match := _IN_BRACKETS.fullmatch(text) or _MINUS_BEHIND.fullmatch(text):
            text, negative = f"-{match[1].strip()}", True
    if _SPACED.fullmatch(text):
        text = re.sub(rf"[{_GAPS}'’]", "", text)
    if match := _FLAGGED.fullmatch(text):
        letters = match[2].casefold()
        if set(letters) <= set("bcdilnuvz") and not set(letters) & (FLAGS.keys() - {"a"}):
            text, marked = match[1], match[2]
        elif set(letters) <= set("bcdilnuvzeprf"):
            kept = "".join(sign for sign in letters if sign in FLAGS)
            text, marked = f"{match[1]} {kept[:2]}", match[2]
    return Cleaned(text.strip(), marked, currency, scale, negative, qualifier)


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
        if self.negative and (match := _LONE.fullmatch(cell.strip())):
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
    numbers = [text for text in texts if text[0].isdigit()]
    small = len(numbers) > 1 and all(re.fullmatch(r"\d\d?", text) for text in numbers)
    minus = any(re.match(r"[-\u2212]\d", text) for text in texts)
    sure = any(map(_IN_BRACKETS.fullmatch, texts))
    found = {match[1] in "▲△↑⬆" for text in texts if (match := ARROW.match(text))}
    return Signs(sure or (small and not minus), len(found) == 2)


def is_number(cell: object) -> bool:
    """Whether a cell holds a number, whatever its separators."""
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, int | float):
        return isfinite(cell)
    return _number_text(cell) if isinstance(cell, str) else type(cell).__name__ == "Decimal"


@lru_cache(8192)
def _number_text(text: str) -> bool:
    bare = cleaned(ARROW.sub("", _LONE.sub(r"\1", text.strip()), 1)).cell
    if not bare:
        return False
    bare = re.sub(r"(?<=\d)\s*[eprf]{1,2}$", "", bare)
    return (
        re.fullmatch(r"(?!\d\d?\.\d\d?\.\d{4}$)[+-]?(?:\d[\d,.'\u2019]*|\.\d+)(?:[eE][+-]?\d+)?", bare, re.ASCII)
        is not None
    )


class Found(NamedTuple):
    """The notation of a table's numbers, and why."""

    notation: Notation
    why: str = ""


_COMMAS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_POINTS = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
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
    if not signed:
        if any(re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3}){2,}", text) for text in texts) and not any(
            "." in text and not _POINTS.fullmatch(text) for text in texts
        ):
            return Found(Notation(thousands=".", decimal_comma=True), "'.' parts the thousands")
        return Found(asked)
    grouped = [text for text in signed if _COMMAS.fullmatch(text)]
    decimal = [text for text in signed if _COMMA_DECIMAL.fullmatch(text) and not _COMMAS.fullmatch(text)]
    point = [text for text in texts if _POINT_DECIMAL.fullmatch(text)]
    if any(map(_BOTH_COMMA.fullmatch, signed)) or decimal:
        if any(map(_BOTH_POINT.fullmatch, signed)) or any(
            "." in text and not _POINTS.fullmatch(text) for text in texts if "," not in text
        ):
            return Found(asked)
        dots = any("." in text for text in texts)
        return Found(
            Notation(True, "." if dots else None),
            "the comma is the decimal mark" + (", '.' parts the thousands" if dots else ""),
        )
    sure = any(map(_BOTH_POINT.fullmatch, signed)) or any(text.count(",") > 1 for text in grouped) or point
    plain = [text for text in texts if _WHOLE.fullmatch(text)]
    mixed = (
        len(grouped) >= 3
        and plain
        and all(len(text.lstrip("+-")) <= 3 for text in plain)
        and delimiter in (",", "", "\t", "|")
    )
    if sure or mixed:
        return Found(Notation(False, ","), "',' parts the thousands")
    return Found(asked)


def require_clear(cells: Iterable[Any], delimiter: str, where: str) -> None:
    """Refuse `1.234` in a file with semicolons where every number with a point has three digits after it.

    Raises
    ------
    InputError : the point may be the decimal mark or part the thousands
    """
    if delimiter != ";":
        return
    pointed = [cell.strip() for cell in cells if isinstance(cell, str) and "." in cell and is_number(cell)]
    if len(pointed) > 2 and all(re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text, re.ASCII) for text in pointed):
        raise InputError(
            f"{where}: the point in numbers such as '{pointed[0]}' may be the decimal mark or part the thousands",
            f"Add {option('decimal_comma', True)} and {option('thousands', '.')} if it parts the thousands, "
            f"{option('thousands', ',')} if it is the decimal mark.",
        )
