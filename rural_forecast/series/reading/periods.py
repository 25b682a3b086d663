"""Periods in plain forms, as the cells of a file give them: years, named parts of a year, dates.

>>> read_period("2017H1").period
Period(year=2017, last=6, length=6)
>>> read_period("2016-12-31").day, read_period("2000/01").period.year
(datetime.date(2016, 12, 31), 2000)
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import pairwise
from typing import Literal, NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.series.observation import Status
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.series.reading.grid import UnusableCell
from rural_forecast.series.reading.values import DIGITS
from rural_forecast.text.cells import label

FIRST, LAST = 1600, 2199
"""Years that a number may mean where only the content says that it is one."""
_YEAR = re.compile(r"(-?\d{1,12})(?:\.0*)?|(\d{4})[年년]", re.ASCII)
# Rarer forms are compiled when one is first met, to keep the start short.
_DATE = (
    r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_DECIMAL = r"\d{4}\.\d"
_TWO_NUMBERS = r"\d{4}[-/.]\d\d"
_FISCAL = r"(?i:FY|CY)\s*\d{1,3}(?!\d).*"
_LONGEST = 40


class Mark(NamedTuple):
    """What a mark says of the values: their status, and whether a forecast is the plan of who carries it out."""

    status: Status
    target: bool = False


class Head(NamedTuple):
    """A period, as a head or a cell gives it."""

    period: Period
    dated: bool = False
    """Whether a date named it, which means its year unless a series has several a year."""
    mark: Mark | None = None
    day: date | None = None
    """The date, or the first day of its month; None where its month is not clear."""
    kind: Literal["plain", "split", "span", "era"] = "plain"
    """`split`: two calendar years, dated by the first. `span`: several years, dated by the middle one. `era`: a year of
    a reign, or of the Republic of China."""
    span: int = 1
    """Years that it spans."""
    sign: str = ""
    """A sign of a footnote behind it; the text of a year of an era."""


def read_period(cell: object) -> Head | str | Problem:
    """The period in a cell, in a plain form; a text that may be one in another form, without space around it.

    Or what is wrong with the cell: it is empty, no period, not a valid day, or a year outside 1 to 9999.
    """
    if isinstance(cell, str):
        return _text_period(cell.strip())
    if isinstance(cell, date):
        return Head(Period(cell.year), dated=True, day=date(cell.year, cell.month, cell.day))
    if isinstance(cell, bool):
        return Problem("boolean_period")
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        return _year(int(cell))
    if isinstance(cell, UnusableCell):
        return Problem(cell.reason)
    return Problem("empty_period") if cell is None else Problem("not_a_period", text="")


def read_day(cell: object) -> tuple[date, date] | None:
    """First and last day that a date, a month or a year can mean; None where it is none of these.

    >>> read_day("2017-02")
    (datetime.date(2017, 2, 1), datetime.date(2017, 2, 28))
    """
    text = label(cell) if not isinstance(cell, date) else cell.isoformat()[:10]
    match = re.fullmatch(rf"{_DATE}|(\d{{4}})", text, re.ASCII)
    if match is None:
        return None
    year, month, day = int(match[1] or match[7]), match[3] or match[5], match[4] or match[6]
    try:
        first = date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return first, first
    return first, date(year, int(month or 12), monthrange(year, int(month or 12))[1])


def parts_of(days: Iterable[date]) -> dict[date, Period] | None:
    """The months, quarters or halves that the dates of one series mean; its years where it has one a year.

    None where they are at no such distance, or two are in one month.

    >>> found = parts_of([date(2019, 3, 31), date(2019, 6, 30)])
    >>> [str(period) for period in found.values()]
    ['2019Q1', '2019Q2']
    """
    ordered = sorted(set(days))
    if len({day.year for day in ordered}) == len(ordered):
        return {day: Period(day.year) for day in ordered}
    steps = {12 * (later.year - day.year) + later.month - day.month for day, later in pairwise(ordered)}
    length = min(steps)
    if length not in (1, 3, 6) or any(step % length for step in steps):
        return None
    return {day: Period(day.year, length * -(-day.month // length), length) for day in ordered}


def _year(year: int) -> Head | Problem:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Problem("year_out_of_range", first=FIRST_YEAR, last=LAST_YEAR, year=year)
    return Head(Period(year))


def _text_period(text: str) -> Head | str | Problem:
    if not text.isascii():
        text = text.translate(DIGITS).replace("\u00a0", " ").strip()
    if match := _YEAR.fullmatch(text):
        return _year(int(match[1] or match[2]))
    if not text:
        return Problem("empty_period")
    if len(text) > _LONGEST or not any(sign.isdigit() for sign in text.replace("元", "1")):
        return Problem("not_a_period", text=text)
    # 2014.5 may be May, October whose zero was lost, or the middle of the year
    if re.fullmatch(_DATE, text, re.ASCII) and not re.fullmatch(_DECIMAL, text, re.ASCII):
        days, two = read_day(text), re.fullmatch(_TWO_NUMBERS, text)
        if days is not None:
            first = days[0]
            split = two and "." not in text and (first.year + 1) % 100 == first.month
            return Head(Period(first.year), dated=True, day=first, kind="split" if split else "plain")
        if not two:
            return Problem("not_a_day", text=text)
    if not re.fullmatch(_FISCAL, text, re.ASCII):
        with suppress(ValueError):
            return Head(parse(text))
    return text
