"""Periods in cells: years, parts of years and dates in the forms of publishers, and what a mark
says of their values.

An analyst marks expectations: `2024E`, `2024F`, `2024年（预测）` are published forecasts, never history;
`2023A` and `2021 p)` are history. The letters that agencies put behind values are another matter,
see `amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.series.observation import Status
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.text.cells import expression, label

FIRST = 1600
LAST = 2199  # years that a number may mean where only the content says that it is one
DIGITS = str.maketrans("．，－＋٫٬", ".,-+.\u202f") | {
    first + digit: str(digit)
    for first in (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50)
    for digit in range(10)
    # Digits as wide as Chinese characters, and those of Arabic, Persian, Hindi, Bengali and Thai,
    # with their signs.
}
_WIDE = str.maketrans("ＡＥＦＰ\u00a0", "AEFP ")
LONGEST = 40  # characters of a period with its mark; longer texts are prose
_FORMS = "Write 2016, FY2017, 2017H1, 2017Q1, 2017M08 or a date such as 2016-12-31."


class YearMark(NamedTuple):
    """The meaning of a mark of values: their status, and whether a forecast is the plan of who
    carries it out.
    """

    status: Status
    target: bool = False


class Head(NamedTuple):
    """A period as a cell gives it."""

    period: Period
    dated: bool = False
    """true if a date named it, which means its year unless a series has several a year."""
    mark: YearMark | None = None
    day: date | None = None
    """the date, or the first day of its month; None where its month is not clear."""
    # `split`: two calendar years, dated by the first. `span`: several years, dated by the middle
    # one. `era`: a year of a reign, or of the Republic of China. `numbered`: `2021-1`, a month or a
    # quarter.
    kind: Literal["plain", "split", "span", "era", "numbered"] = "plain"
    span: int = 1
    sign: str = ""  # of a footnote behind it; the text of a year of an era


_MARKS: dict[YearMark, str] = {
    YearMark("forecast"): (
        "e|f|p|est|estimate|estimated|exp|expected|fc|fcst|forecast|forecasted|proj|projected|projection|outlook|budget|"
        "guidance|be|预测|预计|预期|预估|估计|估算|prognose|prévision|prévisions|previsión|proyección|previsto|previsione|"
        "prognoza|estimé|estimado|geschätzt|stima|прогноз|оценка|予測|見込み|예측|전망|추정"
    ),
    YearMark("forecast", target=True): "target|plan|planned|goal|目标|规划|计划",
    YearMark("preliminary"): (
        "pe|prelim|preliminary|provisional|provisional estimate|初步|快报|vorläufig|provisoire|provisorio|provvisorio|"
        "voorlopig|предварительные|速報|잠정"
    ),
    YearMark(
        "estimate"
    ): "re|ae|1st re|2nd re|3rd re|revised estimate|revised estimates|advance estimate",
    YearMark("actual"): "a|act|actual|revised|rev|实际",
}  # the estimates are those of India's accounts, of years that are over
MARKS = {name: mark for mark, names in _MARKS.items() for name in names.split("|")}
_ANY_MARK, _ANY_WORD = (
    "|".join(sorted((mark for mark in MARKS if len(mark) >= least), key=len, reverse=True))
    for least in (1, 2)
)
_BEHIND = expression(
    rf"(.*[\d年])[\s_-]*(?:[\[(（]\s*({_ANY_MARK})\.?\s*[\])）]|({_ANY_MARK})\.?)", re.IGNORECASE
)
_BEFORE = expression(rf"({_ANY_WORD})\.?[\s:：]*(.*\d.*)", re.IGNORECASE)
_AGENCY: dict[str, Status] = {
    "p": "preliminary",
    "e": "estimate",
    "f": "forecast",
    "r": "actual",
    "s": "estimate",
}
"""Letters of a footnote, `2021 p)`, `2023/p`: those of agencies, where p is provisional and no
forecast.
"""
_SURE = expression(r"(?<![0-9])[0-9]{4}(?![0-9])|^FY|年")
_SIGNED = expression(
    r"(.*?\d年?)(?:\s*(\*+|[†‡¹²³⁴⁵⁶⁷⁸⁹]+)|"
    r"\s*((?:[\[(](?:[a-z]|\d{1,3}|note \d+)[\])]\s?)+|(?:\s|(?<=\d{4}))(?:[a-z\d]/|[a-z]{1,2}\)|\d\)))|(?:\s*\.){2,})",
    re.ASCII | re.IGNORECASE,
)
_YEAR = r"(-?[0-9]{1,12})(?:\.0*)?|([0-9]{4})[年년]"
_HANZI = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HANZI_YEAR = expression(r"[〇零○一二三四五六七八九]{4}年")
_DATE = (
    r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_DECIMAL = expression(
    r"-?(?!0*[0-9]{4}\.(?:0*|0[1-9]|1[0-2])$)[0-9]*\.[0-9]+|\d{4}\.(?!0[1-9]$|1[0-2]$)\d*[1-9]\d*"
)
"""A number that is neither a year, such as `2016.0`, nor a year and a month."""
_MAY_BE = expression(
    r"(?:1[6-9]|20|21)\d\d|\d\d\s*[/–-]\s*['’]?\d\d|[FC]Y|年|\d\s*[A-Za-zŞş]{3,9}[-\s]+\d\d"
)
"""Signs that every period has, where only the content shows it: a quick look."""


def read_head(cell: object) -> Head | Problem:
    """The period in a cell in any form, with what its mark says; or what is wrong with the cell."""
    if isinstance(cell, date):
        return Head(Period(cell.year), dated=True, day=date(cell.year, cell.month, cell.day))
    if isinstance(cell, bool):
        return Problem("is true or false where a period must be", _FORMS)
    if isinstance(cell, int) or (isinstance(cell, float) and cell.is_integer()):
        cell = str(int(cell))
    if not isinstance(cell, str):
        return Problem(
            "is empty where a period must be" if cell is None else "is not a period", _FORMS
        )
    text = cell.strip()
    if not text.isascii():
        text = text.translate(DIGITS).translate(_WIDE).strip()
        text = text.translate(_HANZI) if _HANZI_YEAR.fullmatch(text) else text
    if head := _plain(text) or _marked(text) or _signed(text):
        return head
    return next(
        Problem(*said)
        for form, *said in _CAUSES
        if re.fullmatch(form, text[:100], re.IGNORECASE | re.DOTALL)
    )


def likely(cell: object) -> Head | None:
    """The period in a cell where only the content says that it is one: no bare number but a likely
    year.
    """
    if isinstance(cell, str):
        cell = cell.strip()
        if len(cell) > LONGEST or not _MAY_BE.search(
            cell if cell.isascii() else cell.translate(DIGITS)
        ):
            return None
    elif isinstance(cell, bool) or not isinstance(cell, int | float | date):
        return None
    return _likely(cell)


@lru_cache(8192)
def _likely(cell: str | float | date) -> Head | None:
    head = None if isinstance(cell, str) and _DECIMAL.fullmatch(cell) else read_head(cell)
    return head if isinstance(head, Head) and FIRST <= head.period.year <= LAST else None


def _plain(text: str) -> Head | None:
    """The period of a text without a mark, by the first form that makes one of it."""
    if len(text) > LONGEST or not any(sign.isdigit() or sign == "元" for sign in text):
        return None
    return next(
        (head for form, read in _READ if (found := form.fullmatch(text)) and (head := read(found))),
        None,
    )


def _marked(text: str) -> Head | None:
    """The period of a text with a mark behind it or a word before it; None where it is none."""
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return None
    if behind := _BEHIND.fullmatch(text):
        rest = behind[1]
        mark = behind[2] or behind[3]
    elif before := _BEFORE.fullmatch(text):
        mark, rest = before.groups()
    else:
        return None
    head = _plain(rest.strip()) if _SURE.search(rest) else None
    # The budget estimate, or a Buddhist year.
    if head is None or (mark.casefold() == "be" and head.kind != "split"):
        return None
    # In small letters and brackets it is provisional, as agencies write.
    agency = text.endswith("(p)")
    return head._replace(mark=YearMark("preliminary") if agency else MARKS[mark.casefold()])


def _signed(text: str) -> Head | None:
    """A period with a sign behind it: stars are a forecast, the letters of agencies a status,
    others only a note.
    """
    match = _SIGNED.fullmatch(text)
    inner = (_plain(match[1]) or _marked(match[1])) if match else None
    if match is None or inner is None or inner.sign:
        return None
    stars = match[2] or ""
    sign = match[3] or ""
    status = (
        _AGENCY.get(sign.strip("[]()/ ").casefold()) if not sign.startswith(("(", "[")) else None
    )
    mark = (
        YearMark("forecast")
        if stars.startswith("*")
        else YearMark(status)
        if status
        else inner.mark
    )
    return inner._replace(mark=mark, sign=(stars or sign).strip())


_CAUSES = (
    (
        _YEAR,
        f"is a year outside {FIRST_YEAR} to {LAST_YEAR}",
        "If it is a date, write it as 2016-12-31.",
    ),
    (
        r"\d{4}\.\d{1,2}",
        "is no whole year and no month",
        "Write a part of a year as 2017H1, 2017Q2 or 2017M05.",
    ),
    (
        r"\d{4}[-\s]?W\d.*|W\d{1,2}[-\s/]?\d{4}",
        "is a week",
        "Sum the values of weeks to months, quarters or years.",
    ),
    (
        r"\d{1,2}([-/.])\d{1,2}\1\d{2}|['’]\d\d",
        "is without its century",
        "Write it in full: 2016 or 2016-12-31.",
    ),
    (
        r"(?:平成|令和|昭和|大正|明治|民國|民国|中華民國)\s*(?:\d+|元)\s*年?|.*(?:พ\.ศ\.|\bB\.?E\.?).*",
        "is a year of another calendar",
        "Write the year of the common era: 2016.",
    ),
    (r"\d{4}[-/]\d\d|[12]\d{3}([-/.年]).*", "is not a valid date", _FORMS),
    (r".*(?![0-9])\d.*", "is not a period", "Write it in the digits 0 to 9."),
    (r"", "is empty where a period must be", _FORMS),
    (r".*", "is not a period", _FORMS),
)  # forms of texts that are no periods, with what is wrong and the advice


def read_day(cell: object) -> tuple[date, date] | None:
    """First and last day that a date, a month or a year can mean; None where it is none of these."""
    text = label(cell) if not isinstance(cell, date) else cell.isoformat()[:10]
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        month = day = None
    elif match := re.fullmatch(_DATE, text, re.ASCII):
        month = match[3] or match[5]
        day = match[4] or match[6]
    else:
        return None
    try:
        first = date(int(text[:4]), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return (first, first) if day else (first, Period(first.year, int(month or 12), 1).end)


def says_status(texts: Iterable[str]) -> bool:
    """True if the labels of a column say which values are actual, and which are not; letters are
    those of agencies.
    """
    marks = [MARKS.get(text.casefold()) if len(text) > 2 else None for text in texts]
    return len(marks) > 1 and all(marks) and any(mark and mark.status == "actual" for mark in marks)


def parts_of(days: Iterable[date]) -> dict[date, Period] | None:
    """The months, quarters or halves that the dates of one series mean; its years where it has one
    a year.
    """
    ordered = sorted(set(days))
    if len({day.year for day in ordered}) == len(ordered):
        return {day: Period(day.year) for day in ordered}
    steps = {
        12 * (later.year - day.year) + later.month - day.month for day, later in pairwise(ordered)
    }
    length = min(steps)
    if length not in (1, 3, 6) or any(step % length for step in steps):
        return None
    return {day: Period(day.year, length * -(-day.month // length), length) for day in ordered}


_MONTH_NAMES = (
    "jan january january januar januari janvier janv ene enero gen gennaio janeiro sty styczeń янв январь ocak",
    "feb february februar februari février févr fev fevereiro febrero febbraio lut luty фев февраль şubat",
    "mar march märz mrz maart mars marzo março mrt marzec март mart",
    "apr april avril avr abr abril aprile kwi kwiecień апр апрель nisan",
    "may mai mei mayo maio mag maggio maj май mayıs",
    "jun june juni juin junio giu giugno junho cze czerwiec июн июнь haziran",
    "jul july juli juillet juil julio lug luglio julho lip lipiec июл июль temmuz",
    "aug august augustus août ago agosto sie sierpień авг август ağustos",
    "sep sept september septembre septiembre set settembre setembro wrz wrzesień сен сентябрь eylül",
    "oct october okt oktober octobre octubre ott ottobre out outubro paź październik окт октябрь ekim",
    "nov november novembre noviembre novembro lis listopad ноя ноябрь kasım",
    "dec december dez dezember déc décembre dic diciembre dicembre dezembro gru grudzień дек декабрь aralık",
)
MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2, **MONTHS}
_ERAS = {
    "明治": (1868, 45),
    "大正": (1912, 15),
    "昭和": (1926, 64),
    "平成": (1989, 31),
    "令和": (2019, 99),
}
_ERAS |= dict.fromkeys(("民國", "民国", "中華民國"), (1912, 200))
"""First year and last number of the years of a reign, or of the Republic of China."""
_Y = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
_M = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
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
_COMPOSED = (
    rf"(?:YR?|FY|CY)?\s*{_Y}\s*[\[(]\s*(?:YR?)?\s*(?P=year)\s*[\])]",  # 2010 [YR2010]
    rf"[\[(]\s*(?:YR?)?\s*{_Y}\s*[\])]\s*(?:(?P=year))?",  # (1990) 1990
    rf"(?:YR?|F|X|_)\s*{_Y}",  # Y1990
    rf"{_Y}[A-Z]{{1,2}}0{{1,2}}",  # 1950JJ00
    rf"{_Y}_+[A-Z]_+[A-Z]+",  # 1995_x_Value
    rf"{_Y}\s*(?:年?\s*(?:年报|年度报告|年度|全年)|년|г\.?|р\.?|\s?r(?:ev)?\.?)",
    rf"{_Y}(?P<day>)\.(?P<month>0[1-9]|1[0-2])",  # 2010.03, a year that ends in March
    rf"{_N}/(?P<day>){_Y}",
    *(form for part in _PARTS for form in (f"{part}{_GAP}{_Y}", f"{_Y}{_GAP}{part}")),
    rf"{_Y}年第?(?P<quarter>[一二三四1-4])季度?",
    rf"{_Y}年(?P<half>[上下])半年",
    rf"{_Y}年{_N}月份?",
    rf"(?P<day>\d{{1,2}})[-\s.]*{_M}[-\s.,]*{_Y}",
    rf"(?P<day>\d{{1,2}})[-\s]+{_M}[-\s]+(?P<short>\d\d)",
    rf"{_M}\s*(?P<day>\d{{1,2}}),?\s+{_Y}",
    r"(?:FY|CY)\s*['’]?(?P<short>\d\d)(?:\s*H(?P<half>[12])|\s*Q(?P<quarter>[1-4]))?",
)  # forms of a year with a part or a day; an empty day is the first


def _year(match: re.Match[str]) -> Head | None:
    year = int(match[1] or match[2])
    return Head(Period(year)) if FIRST_YEAR <= year <= LAST_YEAR else None


def _dated(match: re.Match[str]) -> Head | None:
    year, sign, month, day, *hanzi = match.groups()
    # 2014.5 may be May, October whose zero was lost, or the middle of the year.
    if sign == "." and len(match[0]) == 6:
        return None
    head = _day(int(year), int(month or hanzi[0]), day or hanzi[1] or 1)
    if head is None or not month or day:
        return head
    if len(month) == 1:
        return head._replace(kind="numbered")
    split = sign != "." and (int(year) + 1) % 100 == int(month) and len(match[0]) == 7
    return head._replace(kind="split" if split else "plain")


def _parsed(match: re.Match[str]) -> Head | None:
    with suppress(ValueError):
        return Head(parse(match[0]))
    return None


def _composed(match: re.Match[str]) -> Head | None:
    found = match.groupdict()
    year = int(found["year"]) if "year" in found else _century(found["short"])
    for unit, length in (("quarter", 3), ("half", 6), ("month", 1)):
        if text := found.get(unit):
            number = _NUMBERS.get(text.casefold()) or int(text)
            dated = "day" in found
            return (
                _day(year, number, found["day"] or 1)
                if dated
                else Head(Period(year, length * number, length))
            )
    return Head(Period(year))


def _day(year: int, month: int, day: str | int) -> Head | None:
    with suppress(ValueError):
        return Head(Period(year), dated=True, day=date(year, month, int(day)))
    return None


def _day_first(match: re.Match[str]) -> Head | None:
    """A date with its year last; points part a day from the month after it, other signs may mean
    either order.
    """
    first, sign, second, year = match.groups()
    european = _day(int(year), int(second), first)
    american = _day(int(year), int(first), second) if sign != "." else None
    if european and american and european != american:
        return european._replace(day=None)
    return european or american


def _two_years(match: re.Match[str]) -> Head | None:
    """Two calendar years, dated by the first, or several, dated by the middle one."""
    one, other = match.groups()
    first = int(one) if len(one) == 4 else _century(one)
    last = int(other) if len(other) == 4 else first + (int(other) - first) % 100
    if last == first + 1:
        return Head(Period(first), kind="split")
    if len(one) == len(other) == 4 and last - first in (2, 4):
        return Head(Period((first + last) // 2), kind="span", span=last - first + 1)
    return None


def _century(short: str) -> int:
    """The year of two digits: 1969 to 2068, as POSIX has it."""
    return int(short) + (1900 if int(short) > 68 else 2000)


def _year_of_era(match: re.Match[str]) -> Head | None:
    if not match[1] and (len(match[2]) < 3 or "年" not in match[0]):
        return None
    first, most = _ERAS[match[1] or "民國"]
    number = 1 if match[2] == "元" else int(match[2])
    return (
        Head(Period(first - 1 + number), kind="era", sign=match[0]) if 1 <= number <= most else None
    )


_READ = tuple(
    (expression(form, re.ASCII | re.IGNORECASE), read)
    for form, read in (
        (_YEAR, _year),
        (_DATE, _dated),
        (r"(?!(?:FY|CY)\s*\d{1,3}(?!\d)).*", _parsed),
        *((form, _composed) for form in _COMPOSED),
        (rf"(\d{{1,2}})([-./])(\d{{1,2}})\2{_Y}", _day_first),
        (r"(?:FY|CY)?\s*['’]?(\d\d|(?:1[6-9]|20|21)\d\d)\s*[-/–]\s*['’]?(\d\d|\d{4})", _two_years),
        (rf"({'|'.join(_ERAS)}|)\s*(\d{{1,3}}|元)\s*年?度?", _year_of_era),
    )
)
"""The forms of a period, and what a text in each means; a form is compiled when none before it
fits.
"""
