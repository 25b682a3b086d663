"""Periods as publishers write them: `2010 [YR2010]`, `Y1990`, `31.12.1958`, `96/97`, `1950JJ00`, `2023*`, `Q1 2019`.

These forms are read only in a table that was found by its content; a plain file is read by `periods` and `heads`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from rural_forecast.series.observation import Status
from rural_forecast.series.period import Period
from rural_forecast.series.reading.grid import label
from rural_forecast.series.reading.heads import Head, Mark, read_head
from rural_forecast.series.reading.periods import NotAPeriodError
from rural_forecast.series.reading.values import FULL_WIDTH

FIRST, LAST = 1600, 2200
"""Years that a number may mean where only the content says that it is one."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_YEAR = r"((?:1[6-9]|20|21)\d\d)"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?:Y|YR|FY|CY)?\s*{_YEAR}\s*[\[(]\s*(?:YR|Y)?\s*\1\s*[\])]",  # 2010 [YR2010]
        rf"[\[(]\s*(?:YR|Y)?\s*{_YEAR}\s*[\])]\s*(?:\1)?",  # (1990) 1990
        rf"(?:Y|YR|F|X|_)\s*{_YEAR}",  # Y1990
        rf"{_YEAR}[A-Z]{{1,2}}0{{1,2}}",  # 1950JJ00
        rf"{_YEAR}_+[A-Z]_+[A-Z]+",  # 1995_x_Value
    )
)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([-./])(\d{{1,2}})\2{_YEAR}", re.ASCII)
_ANNUAL_REPORT = re.compile(rf"{_YEAR}\s*年?\s*(?:年报|年度报告|年度|全年)")
_QUARTER = re.compile(
    rf"(?:Q([1-4])[\s\-_/,]*{_YEAR}|{_YEAR}[\s\-_/,]*Q([1-4])|([1-4])Q[\s\-_/,]*{_YEAR})", re.IGNORECASE
)
_NAMED_MONTH = re.compile(rf"(?:{_MONTH}[\s\-_.,/]*{_YEAR}|{_YEAR}[\s\-_.,/]*{_MONTH})", re.ASCII | re.IGNORECASE)
_CHINESE_PART = re.compile(rf"{_YEAR}年(?:第?([一二三四1-4])季度?|([12]?\d)月(?:份)?)")
_SPLIT = re.compile(rf"(?:FY|CY)?\s*{_YEAR}\s*[-/–]\s*(\d\d|\d{{4}})", re.ASCII | re.IGNORECASE)
_SHORT_SPLIT = re.compile(r"(?:FY)?\s*['’]?(\d\d)\s*[/–-]\s*['’]?(\d\d)", re.ASCII | re.IGNORECASE)
_SHORT = re.compile(r"(?:FY|CY)\s*['’]?(\d\d)", re.ASCII | re.IGNORECASE)
_STARS = re.compile(r"(.*?\d年?)\s*(\*+|[†‡¹²³⁴⁵]+|\s?[\[(](?:[a-z]|\d)[\])]|\s?\d\)|(?:\s*\.){2,})")
CHINESE_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4}
PERIOD_WORDS = re.compile(
    r"(?i)\b(?:years?|yr|time|periods?|dates?|annual|season|jahre?|zeit|stichtag|ann[ée]es?|p[ée]riodes?|a[nñ]os?|periodo|"
    r"ano|anno|anni|jaar|perioden?|rok|lata|okres|rik|yıl|tahun|år|vuosi|год|годы|рік|time_period|ref_date|"
    r"quarter|month)\b|年|时间|期|時間|연도|시점"
)
"""Words in the name of a column of periods."""


class Loose(NamedTuple):
    """A period, and how it was written where that calls for a remark."""

    head: Head
    kind: str = "plain"
    """`plain`, `split` (two calendar years, dated by the first), `span` (several years, dated by the middle) or
    `starred` (a mark without an explanation)."""
    span: int = 1
    mark: str = ""


def read_loose(cell: object) -> Loose | None:
    """The period in a cell, in any of the forms; None where there is none.

    >>> read_loose("2010 [YR2010]").head.period.year, read_loose("96/97").head.period.year, read_loose("value")
    (2010, 1996, None)
    """
    if cell is None or isinstance(cell, bool | list | dict):
        return None
    if isinstance(cell, str):
        return _read_text(cell)
    if isinstance(cell, int | float):
        return _plain(int(cell)) if FIRST <= cell < LAST and cell == int(cell) else None
    if isinstance(cell, date):
        return Loose(Head(Period(cell.year), dated=True))
    return None


def _plain(year: int) -> Loose:
    return Loose(Head(Period(year)))


@lru_cache(4096)
def _read_text(text: str) -> Loose | None:
    text = text.translate(FULL_WIDTH).replace("\u00a0", " ").strip()
    if not 2 <= len(text) <= 40 or not any(sign.isdigit() for sign in text):
        return None
    return _known(text) or _split(text) or _parts(text) or _listed(text) or _starred(text)


def _known(text: str) -> Loose | None:
    """What the plain readers know, where the year is a likely one."""
    if re.fullmatch(r"\d{4}[-/]\d\d(?:\d\d)?", text, re.ASCII) and (split := _split(text)):
        return split
    try:
        head = read_head(text)
    except NotAPeriodError:
        return None
    likely = FIRST <= head.period.year < LAST and re.search(r"(?:1[6-9]|20|21)\d\d", text) is not None
    return Loose(head) if likely and not re.fullmatch(r"\d{4}\.\d+[1-9]\d*", text) else None


def _listed(text: str) -> Loose | None:
    for form in _FORMS:
        if match := form.fullmatch(text):
            return _plain(int(match[1]))
    if match := _ANNUAL_REPORT.fullmatch(text):
        return _plain(int(match[1]))
    if (match := _DAY_FIRST.fullmatch(text)) and int(match[1]) <= 31 and int(match[3]) <= 31:
        return Loose(Head(Period(int(match[4])), dated=True))
    if match := _SHORT.fullmatch(text):
        return _plain(_century(int(match[1])))
    return None


def _parts(text: str) -> Loose | None:
    if match := _QUARTER.fullmatch(text):
        quarter, year = (match[1] or match[4] or match[5]), (match[2] or match[3] or match[6])
        return Loose(Head(Period(int(year), 3 * int(quarter), 3)))
    if match := _NAMED_MONTH.fullmatch(text):
        name, year = (match[1] or match[4]), (match[2] or match[3])
        return Loose(Head(Period(int(year), _MONTHS.index(name[:3].lower()) + 1, 1)))
    if match := _CHINESE_PART.fullmatch(text):
        if match[2]:
            quarter = CHINESE_QUARTERS.get(match[2]) or int(match[2])
            return Loose(Head(Period(int(match[1]), 3 * quarter, 3)))
        if 1 <= int(match[3]) <= 12:
            return Loose(Head(Period(int(match[1]), int(match[3]), 1)))
    return None


def _split(text: str) -> Loose | None:
    if match := _SPLIT.fullmatch(text):
        first, rest = int(match[1]), match[2]
        last = int(rest) if len(rest) == 4 else first - first % 100 + int(rest)
        last += 100 * (len(rest) == 2 and last < first)
        if last == first + 1:
            return Loose(Head(Period(first)), "split")
        if len(rest) == 4 and last - first in (2, 4):
            return Loose(Head(Period((first + last) // 2)), "span", last - first + 1)
        return None
    if (match := _SHORT_SPLIT.fullmatch(text)) and (int(match[1]) + 1) % 100 == int(match[2]):
        return Loose(Head(Period(_century(int(match[1])))), "split")
    return None


def _starred(text: str) -> Loose | None:
    """A period with a mark behind it that does not say what it means: stars are a forecast, others only a note."""
    if not (match := _STARS.fullmatch(text)):
        return None
    inner = _read_text(match[1])
    if inner is None or inner.kind == "starred":
        return None
    mark = match[2].strip()
    if mark.startswith("*"):
        status: Status = "forecast"
        return Loose(inner.head._replace(mark=Mark(status)), inner.kind, inner.span, mark)
    return inner._replace(mark="" if mark.startswith(".") else mark)


def _century(short: int) -> int:
    """The year of two digits: up to ten years ahead it is of this century."""
    return 2000 + short if short <= datetime.now(UTC).year % 100 + 10 else 1900 + short


def settled(cells: Iterable[Any]) -> dict[Any, Loose]:
    """The periods of a column or header, each text by itself, but `2010-11` by all of them: a month or two years."""
    found = {cell: loose for cell in cells if not isinstance(cell, list | dict) and (loose := read_loose(cell))}
    doubtful = [cell for cell, loose in found.items() if _is_month_or_split(cell)]
    if doubtful and not all(_follows(cell) for cell in found if re.fullmatch(r"\d{4}[-/]\d\d", label(cell))):
        for cell in doubtful:
            found[cell] = Loose(Head(Period(int(label(cell)[:4])), dated=True))
    return found


def _is_month_or_split(cell: object) -> bool:
    text = label(cell)
    return re.fullmatch(r"\d{4}[-/](?:0[1-9]|1[0-2])", text, re.ASCII) is not None and _follows(cell)


def _follows(cell: object) -> bool:
    text = label(cell)
    return (int(text[:4]) + 1) % 100 == int(text[5:7])


def runs(years: Sequence[int]) -> bool:
    """Whether years go up or down all along, repeats of blocks aside."""
    steps = {(later > earlier) - (later < earlier) for earlier, later in pairwise(years)} - {0}
    return len(steps) == 1
