"""Periods in cells: years, parts of years and dates in the forms of publishers, with their marks.

`read_head` reads a cell that must be a period, or says what is wrong with it. `likely` reads a cell
that may be anything, and takes no bare number but a likely year. Both try the forms of
`period_forms` in their order, and give a `Head`.

An analyst marks expectations: `2024E`, `2024F`, `2024年（预测）` are published forecasts, never
history; `2023A` and `2021 p)` are history. The letters that agencies put behind values are another
matter, see `amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR, Period
from rural_forecast.observed.reading.head import DIGITS, FIRST, LAST, LONGEST, Head, YearMark
from rural_forecast.observed.reading.marks import AGENCY, BEFORE, BEHIND, MARKS
from rural_forecast.observed.reading.period_forms import YEAR, plain_period
from rural_forecast.text.cells import expression

_WIDE = str.maketrans("ＡＥＦＰ\u00a0", "AEFP ")
_FORMS = "Write 2016, FY2017, 2017H1, 2017Q1, 2017M08 or a date such as 2016-12-31."
# Behind or after a mark, only a text with one of these is surely a year.
_SURE = expression(r"(?<![0-9])[0-9]{4}(?![0-9])|^FY|年")
_SIGNED = expression(
    r"(?P<rest>.*?\d年?)"
    r"(?:\s*(?P<stars>\*+|[†‡¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|\s*(?P<sign>(?:[\[(](?:[a-z]|\d{1,3}|note \d+)[\])]\s?)+"
    r"|(?:\s|(?<=\d{4}))(?:[a-z\d]/|[a-z]{1,2}\)|\d\))"
    r"|\\\d{1,2}\\"  # 1985-86\4\, of the NCES
    # A letter alone is that of a footnote, but for `1990s`, which is a decade.
    r"|(?<=[1-9])(?-i:[a-z])|(?<=\d{3}0)(?-i:[a-rt-z])))",
    re.ASCII | re.IGNORECASE,
)
_LEADERS = expression(r"(?P<rest>.*[^\s.])(?:\s*\.){2,}")  # dots up to the first figure
_HANZI = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HANZI_YEAR = expression(r"[〇零○一二三四五六七八九]{4}年")
# Every period has one of these, where only the content shows it: most cells are turned away by it
# before the forms are tried.
_MAY_BE = expression(
    r"(?:1[6-9]|20|21)\d\d|\d\d\s*[/–-]\s*['’]?\d\d|[FC]Y|年|\d\s*[A-Za-zŞş]{3,9}[-\s]+\d\d"
)


def read_head(cell: object) -> Head | Problem:
    """Read the period in a cell in any form, with its mark; or say what is wrong with the cell."""
    if isinstance(cell, date):
        return Head(Period(cell.year), dated=True, day=date(cell.year, cell.month, cell.day))
    if isinstance(cell, bool):
        return Problem("is true or false where a period must be", _FORMS)
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        cell = str(int(cell))
    if cell is None:
        return Problem("is empty where a period must be", _FORMS)
    if not isinstance(cell, str):
        return Problem("is not a period", _FORMS)

    text = cell.strip()
    if not text.isascii():
        text = text.translate(DIGITS).translate(_WIDE).strip()
        if _HANZI_YEAR.fullmatch(text):
            text = text.translate(_HANZI)
    head = plain_period(text) or _marked(text) or _signed(text)
    return head or first_cause(_CAUSES, text[:100]) or Problem("is not a period", _FORMS)


def likely(cell: object) -> Head | None:
    """Read the period in a cell that may hold anything: no bare number but a likely year."""
    if isinstance(cell, str):
        cell = cell.strip()
        if len(cell) > LONGEST:
            return None
        digits = cell if cell.isascii() else cell.translate(DIGITS)
        if not _MAY_BE.search(digits):
            return None
    elif isinstance(cell, bool) or not isinstance(cell, int | float | date):
        return None
    return _likely(cell)


@lru_cache(8192)
def _likely(cell: str | float | date) -> Head | None:
    # Most numbers of six digits are no months such as 201803.
    if isinstance(cell, int | float) and cell > LAST:
        return None
    if isinstance(cell, str) and cell.isdecimal() and len(cell) > len(str(LAST)):
        return None
    head = read_head(cell)
    if isinstance(head, Head) and FIRST <= head.period.year <= LAST:
        return head
    return None


def _marked(text: str) -> Head | None:
    """Read the period of a text with a mark behind it, or a word before it."""
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return None
    if match := BEHIND.fullmatch(text):
        mark = match["bracketed"] or match["bare"]
    elif match := BEFORE.fullmatch(text):
        mark = match["mark"]
    else:
        return None
    rest = match["rest"]
    head = plain_period(rest.strip()) if _SURE.search(rest) else None
    # `BE` is the budget estimate of a financial year; behind any other it is the Buddhist era.
    if head is None or (mark.casefold() == "be" and head.kind != "split"):
        return None
    # In small letters and brackets it is provisional, as agencies write.
    if text.endswith("(p)"):
        return head._replace(mark=YearMark("preliminary"))
    return head._replace(mark=MARKS[mark.casefold()])


def _signed(text: str) -> Head | None:
    """Read a period with the sign of a footnote behind it.

    Stars are a forecast, the letters of agencies a status, others only a note.
    """
    if leaders := _LEADERS.fullmatch(text):
        text = leaders["rest"]
        head = plain_period(text) or _marked(text)
        if head is not None:
            return head
    match = _SIGNED.fullmatch(text)
    if match is None:
        return None
    stars = match["stars"] or ""
    sign = match["sign"] or ""
    head = plain_period(match["rest"]) or _marked(match["rest"])
    if head is None:
        return None
    mark = head.mark
    if stars.startswith("*"):
        mark = YearMark("forecast")
    elif not sign.startswith(("(", "[")):
        status = AGENCY.get(sign.strip("[]()/ ").casefold())
        mark = YearMark(status) if status else head.mark
    return head._replace(mark=mark, sign=head.sign or (stars or sign).strip())


class Cause(NamedTuple):
    """A form of text that cannot be read, with what is wrong with it and what to do."""

    form: str
    problem: str
    hint: str


def first_cause(causes: Iterable[Cause], text: str) -> Problem | None:
    """Say what is wrong with a text, by the first form that fits it."""
    for cause in causes:
        if re.fullmatch(cause.form, text, re.IGNORECASE | re.DOTALL):
            return Problem(cause.problem, cause.hint)
    return None


# From the particular to the general.
_CAUSES = (
    Cause(
        YEAR,
        f"is a year outside {FIRST_YEAR} to {LAST_YEAR}",
        "If it is a date, write it as 2016-12-31.",
    ),
    Cause(
        r"\d{4}\.\d{1,2}",
        "is no whole year and no month",
        "Write a part of a year as 2017H1, 2017Q2 or 2017M05.",
    ),
    Cause(
        r"\d{1,3}[HQM]\d.*",
        "is a part of a year of fewer than four digits",
        "Write all digits of the year: 2012, 2017Q2.",
    ),
    Cause(
        r"\d{4}[-\s]?W\d.*|W\d{1,2}[-\s/]?\d{4}",
        "is a week",
        "Sum the values of weeks to months, quarters or years.",
    ),
    Cause(
        r"\d{1,2}([-/.])\d{1,2}\1\d{2}|['’]\d\d",
        "is without its century",
        "Write it in full: 2016 or 2016-12-31.",
    ),
    Cause(
        r"(?:平成|令和|昭和|大正|明治|民國|民国|中華民國)\s*(?:\d+|元)\s*年?"
        r"|.*(?:พ\.ศ\.|\bB\.?E\.?).*",
        "is a year of another calendar",
        "Write the year of the common era: 2016.",
    ),
    Cause(r"\d{4}[-/]\d\d|[12]\d{3}([-/.年]).*", "is not a valid date", _FORMS),
    Cause(r".*(?![0-9])\d.*", "is not a period", "Write it in the digits 0 to 9."),
    Cause(r"", "is empty where a period must be", _FORMS),
)
