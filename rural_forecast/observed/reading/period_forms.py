"""The forms of a period without a mark: years, parts, days, spans and years of reigns.

An empty `day` is the first of the month; it marks a form as a date, which means its year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.observed.reading.days import DATE
from rural_forecast.observed.reading.head import LONGEST, Head
from rural_forecast.observed.reading.marks import alternatives
from rural_forecast.observed.reading.months import MONTHS
from rural_forecast.text.cells import expression

YEAR = r"(-?[0-9]{1,12})(?:\.0*)?|([0-9]{4})[年년]"


def plain_period(text: str) -> Head | None:
    """Read the period of a text without a mark, by the first form that makes one of it."""
    if len(text) > LONGEST:
        return None
    # The first year of a reign is written with 元 in place of a digit.
    if not any(sign.isdigit() or sign == "元" for sign in text):
        return None
    for form, read in _READ:
        match = form.fullmatch(text)
        head = read(match) if match else None
        if head is not None:
            return head
    return None


_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2, **MONTHS}
# The first year and the last number of the years of a reign, or of the Republic of China.
_ERAS = {
    "明治": (1868, 45),
    "大正": (1912, 15),
    "昭和": (1926, 64),
    "平成": (1989, 31),
    "令和": (2019, 99),
    "民國": (1912, 200),
    "民国": (1912, 200),
    "中華民國": (1912, 200),
}
_Y = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
_M = rf"(?P<month>{alternatives(MONTHS)})\.?"
_N = r"(?P<month>0?[1-9]|1[0-2])"
_GAP = r"[\s\-_/,.]*"
_PARTS = (
    r"(?:Q|K|Qtr|Quarter|Quartal|T|Trim)\.?\s*(?P<quarter>[1-4])",
    r"(?P<quarter>[1-4])(?:Q|\.\s*(?:Quartal|Vierteljahr)|(?:st|nd|rd|th) (?:Quarter|Qtr))",
    r"[HS](?P<half>[12])",
    r"(?P<half>[12])[HS]",
    f"M{_N}",
    _M,
)


def _before_and_behind(part: str) -> tuple[str, str]:
    return f"{part}{_GAP}{_Y}", f"{_Y}{_GAP}{part}"


_COMPOSED = (
    rf"(?:YR?|FY|CY)?\s*{_Y}\s*[\[(]\s*(?:YR?)?\s*(?P=year)\s*[\])]",  # 2010 [YR2010]
    rf"[\[(]\s*(?:YR?)?\s*{_Y}\s*[\])]\s*(?:(?P=year))?",  # (1990) 1990
    rf"(?:YR?|F|X|_)\s*{_Y}",  # Y1990
    rf"{_Y}[A-Z]{{1,2}}0{{1,2}}",  # 1950JJ00
    rf"{_Y}_+[A-Z]_+[A-Z]+",  # 1995_x_Value
    rf"{_Y}\s*(?:年?\s*(?:年报|年度报告|年度|全年)|년|г\.?|р\.?|\s?r(?:ev)?\.?)",
    rf"{_N}/(?P<day>){_Y}",  # 3/2010
    *(form for part in _PARTS for form in _before_and_behind(part)),
    rf"{_Y}年第?(?P<quarter>[一二三四1-4])季度?",
    rf"{_Y}年(?P<half>[上下])半年",
    rf"{_Y}年{_N}月份?",
    rf"(?P<day>\d{{1,2}})[-\s.]*{_M}[-\s.,]*{_Y}",  # 31 December 2016
    rf"(?P<day>\d{{1,2}})[-\s]+{_M}[-\s]+(?P<short>\d\d)",  # 31-Dec-16
    rf"{_M}\s*(?P<day>\d{{1,2}}),?\s+{_Y}",  # December 31, 2016
    r"(?:FY|CY)\s*['’]?(?P<short>\d\d)(?:\s*H(?P<half>[12])|\s*Q(?P<quarter>[1-4]))?",  # FY17
)


def _year(match: re.Match[str]) -> Head | None:
    year = int(match[1] or match[2])
    return Head(Period(year)) if FIRST_YEAR <= year <= LAST_YEAR else None


def _dated(match: re.Match[str]) -> Head | None:
    sign = match["sign"]
    month = match["month"]
    day = match["day"]
    # 2014.5 may be May, October whose zero was lost, or the middle of the year.
    if sign == "." and len(match[0]) == 6:
        return None
    year = int(match["year"])
    head = _day(year, int(month or match["han_month"]), day or match["han_day"] or 1)
    if head is None or not month or day:
        return head
    if len(month) == 1:
        return head._replace(kind="numbered")
    # 2009-10 is October or, as years follow each other, a year that is split between the two.
    is_split = sign != "." and (year + 1) % 100 == int(month) and len(match[0]) == 7
    return head._replace(kind="split") if is_split else head


def _parsed(match: re.Match[str]) -> Head | None:
    with suppress(ValueError):
        period = parse(match[0])
        # Publishers write a part of a year behind four digits: 20q2 is a mistyped 2012.
        if period.is_year or period.year >= 1000:
            return Head(period)
    return None


def _composed(match: re.Match[str]) -> Head | None:
    groups = match.groupdict()
    year = int(groups["year"]) if "year" in groups else _century(groups["short"])
    for unit, length in (("quarter", 3), ("half", 6), ("month", 1)):
        if text := groups.get(unit):
            number = _NUMBERS.get(text.casefold()) or int(text)
            if "day" in groups:
                return _day(year, number, groups["day"] or 1)
            return Head(Period(year, length * number, length))
    return Head(Period(year))


def _year_and_month(match: re.Match[str]) -> Head | None:
    """Read 201803. The thirteenth month of the agencies of the US is the year as a whole."""
    year = int(match["year"])
    month = int(match["month"])
    return Head(Period(year)) if month == 13 else Head(Period(year, month, 1))


def _day(year: int, month: int, day: str | int) -> Head | None:
    with suppress(ValueError):
        return Head(Period(year), dated=True, day=date(year, month, int(day)))
    return None


def _day_first(match: re.Match[str]) -> Head | None:
    """Read a date with its year last.

    Points part a day from the month after it; other signs may mean either order.
    """
    first, sign, second, year = match.groups()
    european = _day(int(year), int(second), first)
    american = _day(int(year), int(first), second) if sign != "." else None
    if european and american and european != american:
        return european._replace(day=None)
    return european or american


def _two_years(match: re.Match[str]) -> Head | None:
    """Read two calendar years, dated by the first, or several, dated by the middle one."""
    start, end = match.groups()
    first = int(start) if len(start) == 4 else _century(start)
    last = int(end) if len(end) == 4 else first + (int(end) - first) % 100
    if last == first + 1:
        return Head(Period(first), kind="split")
    is_written_out = len(start) == len(end) == 4
    if is_written_out and last - first in (2, 4):
        return Head(Period((first + last) // 2), kind="span", span=last - first + 1)
    return None


def _century(short: str) -> int:
    """Complete a year of two digits: 1969 to 2068, as POSIX has it."""
    return int(short) + (1900 if int(short) > 68 else 2000)


def _year_of_era(match: re.Match[str]) -> Head | None:
    # Without the name of a reign, only `105年` is a year, of the Republic of China.
    if not match[1] and (len(match[2]) < 3 or "年" not in match[0]):
        return None
    first, last_number = _ERAS[match[1] or "民國"]
    number = 1 if match[2] == "元" else int(match[2])
    if not 1 <= number <= last_number:
        return None
    return Head(Period(first - 1 + number), kind="era", sign=match[0])


# All forms, each with the function that reads a text of it. The first that gives a period is taken,
# so that the commonest go first; a form is compiled when none before it fits.
_FORM_READERS: tuple[tuple[str, Callable[[re.Match[str]], Head | None]], ...] = (
    (YEAR, _year),
    (DATE, _dated),
    (r"(?!(?:FY|CY)\s*\d{1,3}(?!\d)).*", _parsed),
    *((form, _composed) for form in _COMPOSED),
    (rf"(\d{{1,2}})([-./])(\d{{1,2}})\2{_Y}", _day_first),
    (r"(?:FY|CY)?\s*['’]?(\d\d|(?:1[6-9]|20|21)\d\d)\s*[-/–]\s*['’]?(\d\d|\d{4})", _two_years),
    (rf"{_Y}(?P<month>0[1-9]|1[0-3])", _year_and_month),
    (rf"({'|'.join(_ERAS)}|)\s*(\d{{1,3}}|元)\s*年?度?", _year_of_era),
)
_READ = tuple((expression(form, re.ASCII | re.IGNORECASE), read) for form, read in _FORM_READERS)
