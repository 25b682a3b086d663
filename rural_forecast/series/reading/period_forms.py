"""Periods as publishers write them: `2010 [YR2010]`, `Y1990`, `31.12.1958`, `96/97`, `1950JJ00`, `2023*`, `Q1 2019`.

Loaded when a cell is met that is neither a year nor a date nor in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache
from itertools import pairwise

from rural_forecast.series.period import Period, parse
from rural_forecast.series.reading.periods import Head

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
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
        ),
        1,
    )
    for name in names.split()
}
_MONTH = rf"({'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"((?:1[6-9]|20|21)\d\d)"
_GAP = r"[\s\-_/,.]*"
_QUARTER = (
    r"(?:(?:Q|Qtr|Quarter|Quartal|T|Trim)\.?\s*([1-4])|"
    r"([1-4])(?:Q|\.\s*(?:Quartal|Vierteljahr)|(?:st|nd|rd|th) (?:Quarter|Qtr)))"
)
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_ERAS = {"明治": (1868, 45), "大正": (1912, 15), "昭和": (1926, 64), "平成": (1989, 31), "令和": (2019, 99)}
_ERAS |= dict.fromkeys(("民國", "民国", "中華民國"), (1912, 200))
"""First year and last number of the years of a reign, or of the Republic of China."""
_PERIOD_WORDS = re.compile(
    r"(?i)\b(?:years?|yr|time|periods?|dates?|annual|season|jahre?|zeit|stichtag|ann[ée]es?|p[ée]riodes?|a[nñ]os?|periodo|"
    r"ano|anno|anni|jaar|perioden?|rok|lata|okres|rik|yıl|tahun|år|vuosi|год|годы|рік|time_period|ref_date|"
    r"quarter|month)\b|年|时间|期|時間|연도|시점|سنة|السنة|عام|سال"
)
"""Words in the name of a column of periods."""


def names_period(name: str) -> bool:
    """Whether the name of a column says that it holds periods."""
    return _PERIOD_WORDS.search(name.replace("_", " ")) is not None


@lru_cache(4096)
def other_form(text: str) -> Head | None:
    """The period of a text in one of the forms, or None."""
    for pattern, read in _forms():
        if match := pattern.fullmatch(text):
            return read(match)
    return None


def runs(years: Sequence[int]) -> bool:
    """Whether years go up or down all along, repeats of blocks aside."""
    steps = {(later > earlier) - (later < earlier) for earlier, later in pairwise(years)} - {0}
    return len(steps) == 1


@cache
def _forms() -> list[tuple[re.Pattern[str], Callable[[re.Match[str]], Head | None]]]:
    """Each form, and what a text in it means; the first that fits decides."""
    forms: list[tuple[str, Callable[[re.Match[str]], Head | None]]] = [
        (rf"(?:YR?|FY|CY)?\s*{_YEAR}\s*[\[(]\s*(?:YR?)?\s*\1\s*[\])]", _plain),  # 2010 [YR2010]
        (rf"[\[(]\s*(?:YR?)?\s*{_YEAR}\s*[\])]\s*(?:\1)?", _plain),  # (1990) 1990
        (rf"(?:YR?|F|X|_)\s*{_YEAR}", _plain),  # Y1990
        (rf"{_YEAR}[A-Z]{{1,2}}0{{1,2}}", _plain),  # 1950JJ00
        (rf"{_YEAR}_+[A-Z]_+[A-Z]+", _plain),  # 1995_x_Value
        (rf"{_YEAR}\s*(?:年?\s*(?:年报|年度报告|年度|全年)|년|г\.?|р\.?|\s?r(?:ev)?\.?)", _plain),
        (rf"{_YEAR}\.(0[1-9]|1[0-2])", lambda m: _day(m[1], int(m[2]), "1")),  # 2010.03, a year that ends in March
        (rf"(0?[1-9]|1[0-2])/{_YEAR}", lambda m: _day(m[2], int(m[1]), "1")),
        (rf"{_QUARTER}{_GAP}{_YEAR}", lambda m: _part(m[3], m[1] or m[2], 3)),
        (rf"{_YEAR}{_GAP}{_QUARTER}", lambda m: _part(m[1], m[2] or m[3], 3)),
        (rf"(?:H|S)([12]){_GAP}{_YEAR}|([12])[HS]{_GAP}{_YEAR}", lambda m: _part(m[2] or m[4], m[1] or m[3], 6)),
        (rf"{_YEAR}{_GAP}(?:[HS]([12])|([12])H)", lambda m: _part(m[1], m[2] or m[3], 6)),
        (rf"M(0?[1-9]|1[0-2]){_GAP}{_YEAR}", lambda m: _part(m[2], m[1], 1)),
        (rf"{_MONTH}{_GAP}{_YEAR}", lambda m: _part(m[2], _month(m[1]), 1)),
        (rf"{_YEAR}{_GAP}{_MONTH}", lambda m: _part(m[1], _month(m[2]), 1)),
        (rf"{_YEAR}年第?([一二三四1-4])季度?", lambda m: _part(m[1], _CHINESE.get(m[2], m[2]), 3)),
        (rf"{_YEAR}年([上下])半年", lambda m: _part(m[1], _CHINESE[m[2]], 6)),
        (rf"{_YEAR}年(0?[1-9]|1[0-2])月份?", lambda m: _part(m[1], m[2], 1)),
        (rf"(\d{{1,2}})([-./])(\d{{1,2}})\2{_YEAR}", _day_first),
        (rf"(\d{{1,2}})[-\s.]*{_MONTH}[-\s.,]*{_YEAR}", lambda m: _day(m[3], _month(m[2]), m[1])),
        (rf"(\d{{1,2}})[-\s]+{_MONTH}[-\s]+(\d\d)", lambda m: _day(str(_century(m[3])), _month(m[2]), m[1])),
        (rf"{_MONTH}\s*(\d{{1,2}}),?\s+{_YEAR}", lambda m: _day(m[3], _month(m[1]), m[2])),
        (rf"(?:FY|CY)?\s*{_YEAR}\s*[-/–]\s*(\d\d|\d{{4}})", _two_years),
        (r"(?:FY)?\s*['’]?(\d\d)\s*[/–-]\s*['’]?(\d\d)", _two_short_years),
        (r"(?:FY|CY)\s*['’]?(\d\d)((?:\s*[HQ][1-4])?)", _short_year),
        (rf"({'|'.join(_ERAS)}|)\s*(\d{{1,3}}|元)\s*年?度?", _year_of_era),
    ]
    return [(re.compile(pattern, re.ASCII | re.IGNORECASE), read) for pattern, read in forms]


def _plain(match: re.Match[str]) -> Head:
    return Head(Period(int(match[1])))


def _part(year: str, number: str | int, length: int) -> Head | None:
    return Head(Period(int(year), length * int(number), length))


def month_of(name: str) -> int | None:
    """The number of a month by its name or its first letters, in one of several languages.

    >>> month_of("Februar"), month_of("ene."), month_of("3月"), month_of("total")
    (2, 1, 3, None)
    """
    text = name.strip().casefold().rstrip(".")
    return _MONTHS.get(text) or (int(text[:-1]) if re.fullmatch(r"(?:[1-9]|1[0-2])月", text) else None)


def _month(name: str) -> int:
    return _MONTHS[name.casefold()]


def _day(year: str, month: int, day: str) -> Head | None:
    try:
        named = date(int(year), month, int(day))
    except ValueError:
        return None
    return Head(Period(named.year), dated=True, day=named)


def _day_first(match: re.Match[str]) -> Head | None:
    """A date with its year last; points part a day from the month after it, other signs may mean either order."""
    first, second, year = int(match[1]), int(match[3]), match[4]
    european, american = _day(year, second, match[1]) if second <= 12 else None, None
    if match[2] != "." and first <= 12:
        american = _day(year, first, match[3])
    day_head = european or american
    if european and american and european != american:
        return european._replace(day=None)
    return day_head


def _two_years(match: re.Match[str]) -> Head | None:
    first, rest = int(match[1]), match[2]
    last = int(rest) if len(rest) == 4 else first - first % 100 + int(rest)
    last += 100 * (len(rest) == 2 and last < first)
    if last == first + 1:
        return Head(Period(first), kind="split")
    if len(rest) == 4 and last - first in (2, 4):
        return Head(Period((first + last) // 2), kind="span", span=last - first + 1)
    return None


def _two_short_years(match: re.Match[str]) -> Head | None:
    if (int(match[1]) + 1) % 100 != int(match[2]):
        return None
    return Head(Period(_century(match[1])), kind="split")


def _short_year(match: re.Match[str]) -> Head | None:
    try:
        return Head(parse(f"{_century(match[1])}{match[2].strip()}"))
    except ValueError:
        return None


def _century(short: str) -> int:
    """The year of two digits: 1969 to 2068, as POSIX has it."""
    return int(short) + (1900 if int(short) > 68 else 2000)


def _year_of_era(match: re.Match[str]) -> Head | None:
    if not match[1] and (len(match[2]) < 3 or "年" not in match[0]):
        return None
    first, most = _ERAS[match[1] or "民國"]
    number = 1 if match[2] == "元" else int(match[2])
    return Head(Period(first - 1 + number), kind="era", sign=match[0]) if 1 <= number <= most else None
