"""Values as publishers write them: markers of what is missing, units, flags, footnotes, separators.

A value is kept as it is written: `$1.2bn` is 1.2 in `$ bn`, never 1,200,000,000.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.series.reading.flags import FLAGS
from rural_forecast.series.reading.grid import UnusableCell
from rural_forecast.series.reading.values import DIGITS
from rural_forecast.text.cells import is_empty

_WORDS = "na n/a #n/a n.a. null none nil ? tbd xxx n.d. n.s. nd s.d. s/d k.a. z x c * 无 缺失 暂无"
MISSING = frozenset([*_WORDS.split(), "no data", "not available", "not applicable", "missing"])
_UNCLEAR = frozenset(["?", "tbd"])
"""What no publisher writes for a missing value: refused with advice."""
NO_VALUE = ("z", "m", "o", "..", ":")
"""Attributes of a value that say that there is none, such as `z`, not applicable."""
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
IN_BRACKETS = re.compile(
    rf"\((?=(?:\D*\d){{2}})((?:{_CURRENCY})?\s*[\d., \u202f\u2009]+(?:{_SCALE})?\s*%?)\)", re.IGNORECASE
)
_MINUS_BEHIND = re.compile(r"(\d[\d., \u202f\u2009]*)-")
LONE = re.compile(r"\(\s*(\d)\s*\)")
"""A digit in brackets, a negative number or the sign of a footnote."""
_QUALIFIED = re.compile(r"([<>~≈≤≥])\s*(?=[\d.$€£¥])")
_QUALIFIERS = {"≈": "~", "≤": "<", "≥": ">"}
ARROW = re.compile(r"([▲△↑⬆]|[▼▽↓⬇])\s*(?=\d)")
_FLAGGED = re.compile(r"(.*\d\.?)\s+([A-Za-z]{1,3})")
_GAPS = r" \u202f\u2009"
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
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
    return isinstance(cell, UnusableCell) and cell.shown in _FAULTS


@lru_cache(4096)
def _missing_text(text: str) -> bool:
    folded = text.replace("\u00a0", " ").strip().casefold()
    return not folded or folded in MISSING - _UNCLEAR or _MARKERS.fullmatch(folded) is not None


def cleaned(cell: object) -> Cleaned:
    """A cell without its marks; what is left is read, or refused, as in any file.

    >>> cleaned("US$ 41.2bn"), cleaned("12.5*").marked, cleaned("(1.5)").cell, cleaned("..").cell
    (Cleaned(cell='41.2', marked='', currency='US$', scale='bn', negative=False, qualifier=''), '*', '-1.5', None)
    """
    if isinstance(cell, str) and _PLAIN.fullmatch(cell):
        return Cleaned(cell)
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
        if match := IN_BRACKETS.fullmatch(text) or _MINUS_BEHIND.fullmatch(text):
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


def is_number(cell: object) -> bool:
    """Whether a cell holds a number, whatever its separators."""
    if isinstance(cell, bool) or cell is None:
        return False
    if isinstance(cell, int | float):
        return isfinite(cell)
    if isinstance(cell, str):
        return _PLAIN.fullmatch(cell) is not None or _number_text(cell)
    return type(cell).__name__ == "Decimal"


def is_figure(cell: object) -> bool:
    """Whether a cell holds a number, or a formula whose value is an error or was never saved."""
    return is_number(cell) or isinstance(cell, UnusableCell)


@lru_cache(8192)
def _number_text(text: str) -> bool:
    bare = cleaned(ARROW.sub("", LONE.sub(r"\1", text.strip()), 1)).cell
    if not bare:
        return False
    bare = re.sub(r"(?<=\d)\s*[eprf]{1,2}$", "", bare)
    return (
        re.fullmatch(r"(?!\d\d?\.\d\d?\.\d{4}$)[+-]?(?:\d[\d,.'\u2019]*|\.\d+)(?:[eE][+-]?\d+)?", bare, re.ASCII)
        is not None
    )
