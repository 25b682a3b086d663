"""Periods in cells: years, parts of years and dates in the forms of publishers, with their marks.

`read_head` reads a cell that must be a period, or says what is wrong with it. `likely` reads a cell
that may be anything, and takes no bare number but a likely year. Both try the forms at the end of
this file in their order, and give a `Head`.

An analyst marks expectations: `2024E`, `2024F`, `2024年（预测）` are published forecasts, never
history; `2023A` and `2021 p)` are history. The letters that agencies put behind values are another
matter, see `amounts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.observed.observation import Status
from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.text.cells import expression, label

# The years that a number may mean where only its content says that it is one.
FIRST = 1600
LAST = 2199

# The longest period with its mark, in characters; longer texts are prose.
LONGEST = 40

# The digit 0 of digits as wide as Chinese characters, and of Arabic, Persian, Hindi, Bengali, Thai.
_ZEROS = (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50)
DIGITS = str.maketrans("．，－＋٫٬", ".,-+.\u202f") | {
    zero + digit: str(digit) for zero in _ZEROS for digit in range(10)
}
_WIDE = str.maketrans("ＡＥＦＰ\u00a0", "AEFP ")

_FORMS = "Write 2016, FY2017, 2017H1, 2017Q1, 2017M08 or a date such as 2016-12-31."


class YearMark(NamedTuple):
    """The meaning of a mark: the status of the values, and if a forecast is somebody's own plan."""

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
    kind: Literal["plain", "split", "span", "era", "numbered"] = "plain"
    """`split`: two calendar years, dated by the first. `span`: several years, dated by the middle
    one. `era`: a year of a reign, or of the Republic of China. `numbered`: `2021-1`, a month or a
    quarter.
    """
    span: int = 1
    sign: str = ""  # of a footnote behind it; the text of a year of an era


# Marks of years

# Separated by bars, as some hold spaces. `be` is the budget estimate of India; the estimates below
# are those of its national accounts, of years that are over.
_MARKS: dict[YearMark, str] = {
    YearMark("forecast"): (
        "e|f|p|est|estimate|estimated|exp|expected|fc|fcst|forecast|forecasted|"
        "proj|projected|projection|outlook|budget|guidance|be|"
        "预测|预计|预期|预估|估计|估算|"
        "prognose|"
        "prévision|prévisions|"
        "previsión|proyección|"
        "previsto|previsione|"
        "prognoza|"
        "estimé|"
        "estimado|"
        "geschätzt|"
        "stima|"
        "прогноз|оценка|"
        "予測|見込み|"
        "예측|전망|추정"
    ),
    YearMark("forecast", target=True): "target|plan|planned|goal|目标|规划|计划",
    YearMark("preliminary"): (
        "pe|prelim|preliminary|provisional|provisional estimate|"
        "初步|快报|"
        "vorläufig|"
        "provisoire|"
        "provisorio|provvisorio|"
        "voorlopig|"
        "предварительные|"
        "速報|"
        "잠정"
    ),
    YearMark("estimate"): (
        "re|ae|1st re|2nd re|3rd re|revised estimate|revised estimates|advance estimate"
    ),
    YearMark("actual"): "a|act|actual|revised|rev|实际",
}
MARKS = {name: mark for mark, names in _MARKS.items() for name in names.split("|")}


def _alternatives(names: Iterable[str]) -> str:
    """Join names for an expression, long ones first, as the first that fits is taken."""
    return "|".join(sorted(names, key=len, reverse=True))


_ANY_MARK = _alternatives(MARKS)
# A single letter before a year is no mark: `F2017`.
_ANY_WORD = _alternatives(name for name in MARKS if len(name) > 1)
_BEHIND = expression(
    rf"(?P<rest>.*[\d年])[\s_-]*"
    rf"(?:[\[(（]\s*(?P<bracketed>{_ANY_MARK})\.?\s*[\])）]|(?P<bare>{_ANY_MARK})\.?)",
    re.IGNORECASE,
)
_BEFORE = expression(rf"(?P<mark>{_ANY_WORD})\.?[\s:：]*(?P<rest>.*\d.*)", re.IGNORECASE)

# Letters of a footnote, `2021 p)`, `2023/p`: those of agencies, where p is provisional and no
# forecast.
_AGENCY: dict[str, Status] = {
    "p": "preliminary",
    "e": "estimate",
    "f": "forecast",
    "r": "actual",
    "s": "estimate",
}

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


# Texts that are looked at before the forms below

_YEAR = r"(-?[0-9]{1,12})(?:\.0*)?|([0-9]{4})[年년]"
_HANZI = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HANZI_YEAR = expression(r"[〇零○一二三四五六七八九]{4}年")
_DATE = (
    r"(?P<year>\d{4})"
    r"(?:(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?"
    r"|年(?P<han_month>\d{1,2})月(?:(?P<han_day>\d{1,2})日)?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)

# A number that is neither a year, such as `2016.0`, nor a year and a month.
_DECIMAL = expression(
    r"-?(?!0*[0-9]{4}\.(?:0*|0[1-9]|1[0-2])$)[0-9]*\.[0-9]+"
    r"|\d{4}\.(?!0[1-9]$|1[0-2]$)\d*[1-9]\d*"
)

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
    head = _plain(text) or _marked(text) or _signed(text)
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
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell):
        return None
    # Most numbers of six digits are no months such as 201803.
    if isinstance(cell, int | float) and cell > LAST:
        return None
    if isinstance(cell, str) and cell.isdecimal() and len(cell) > len(str(LAST)):
        return None
    head = read_head(cell)
    if isinstance(head, Head) and FIRST <= head.period.year <= LAST:
        return head
    return None


def _plain(text: str) -> Head | None:
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


def _marked(text: str) -> Head | None:
    """Read the period of a text with a mark behind it, or a word before it."""
    if len(text) > LONGEST or not any(map(str.isdigit, text)):
        return None
    if match := _BEHIND.fullmatch(text):
        mark = match["bracketed"] or match["bare"]
    elif match := _BEFORE.fullmatch(text):
        mark = match["mark"]
    else:
        return None
    rest = match["rest"]
    head = _plain(rest.strip()) if _SURE.search(rest) else None
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
        head = _plain(text) or _marked(text)
        if head is not None:
            return head
    match = _SIGNED.fullmatch(text)
    if match is None:
        return None
    stars = match["stars"] or ""
    sign = match["sign"] or ""
    head = _plain(match["rest"]) or _marked(match["rest"])
    if head is None or head.sign:
        return None
    mark = head.mark
    if stars.startswith("*"):
        mark = YearMark("forecast")
    elif not sign.startswith(("(", "[")):
        status = _AGENCY.get(sign.strip("[]()/ ").casefold())
        mark = YearMark(status) if status else head.mark
    return head._replace(mark=mark, sign=(stars or sign).strip())


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
        _YEAR,
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


# Days, and labels of columns


def read_day(cell: object) -> tuple[date, date] | None:
    """Read the first and last day that a date, a month or a year can mean; None for all else."""
    text = cell.isoformat()[:10] if isinstance(cell, date) else label(cell)
    month = day = None
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        match = re.fullmatch(_DATE, text, re.ASCII)
        if match is None:
            return None
        month = match["month"] or match["han_month"]
        day = match["day"] or match["han_day"]
    try:
        first = date(int(text[:4]), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return first, first
    return first, Period(first.year, int(month or 12), 1).end


def says_status(texts: Iterable[str]) -> bool:
    """Return true if the labels of a column say which values are actual, and which are not.

    Labels of one or two letters are those of agencies, which say something else.
    """
    marks = [MARKS.get(text.casefold()) if len(text) > 2 else None for text in texts]
    if len(marks) < 2 or not all(marks):
        return False
    return any(mark is not None and mark.status == "actual" for mark in marks)


def parts_of(days: Iterable[date]) -> dict[date, Period] | None:
    """Find the months, quarters or halves that the dates of one series mean.

    They mean years where the series has one a year, and nothing where their steps differ.
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


# The names of months, January to December: a line for each language, or its short names.

_MONTH_NAMES = (
    # English
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    # French
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv févr mars avr mai juin juil août sept oct nov déc",
    # German
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jan feb mrz apr mai jun jul aug sep okt nov dez",
    # Dutch
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan feb mrt apr mei jun jul aug sep okt nov dec",
    # Spanish
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene feb mar abr may jun jul ago sep oct nov dic",
    # Portuguese
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan fev mar abr mai jun jul ago set out nov dez",
    # Italian
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    # Polish
    (
        "styczeń luty marzec kwiecień maj czerwiec "
        "lipiec sierpień wrzesień październik listopad grudzień"
    ),
    "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    # Russian
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв фев март апр май июн июл авг сен окт ноя дек",
    # Turkish
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
)
MONTHS = {name: month for names in _MONTH_NAMES for month, name in enumerate(names.split(), 1)}
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


# The forms of a year with a part or a day. An empty `day` is the first of the month; it marks the
# form as a date, which means its year.

_Y = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
_M = rf"(?P<month>{_alternatives(MONTHS)})\.?"
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
    rf"{_Y}(?P<day>)\.(?P<month>0[1-9]|1[0-2])",  # 2010.03, a year that ends in March
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
    (_YEAR, _year),
    (_DATE, _dated),
    (r"(?!(?:FY|CY)\s*\d{1,3}(?!\d)).*", _parsed),
    *((form, _composed) for form in _COMPOSED),
    (rf"(\d{{1,2}})([-./])(\d{{1,2}})\2{_Y}", _day_first),
    (r"(?:FY|CY)?\s*['’]?(\d\d|(?:1[6-9]|20|21)\d\d)\s*[-/–]\s*['’]?(\d\d|\d{4})", _two_years),
    (rf"{_Y}(?P<month>0[1-9]|1[0-3])", _year_and_month),
    (rf"({'|'.join(_ERAS)}|)\s*(\d{{1,3}}|元)\s*年?度?", _year_of_era),
)
_READ = tuple((expression(form, re.ASCII | re.IGNORECASE), read) for form, read in _FORM_READERS)
