"""What the head of a column, or a cell of periods, means: a period, and whether a mark makes its values forecasts.

An analyst's sheet marks expectations: `2024E`, `2024F`, `2024 est.`, `2024年（预测）`. They are published forecasts,
never history. `2023A` is an actual value. The flags of statistical agencies are another matter, see `flags`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from rural_forecast.errors import Problem
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR
from rural_forecast.series.reading.periods import FIRST, LAST, Head, Mark, read_period
from rural_forecast.series.reading.values import DIGITS
from rural_forecast.text.cells import label

_FORECASTS = (
    *("e", "f", "p", "est", "estimate", "estimated", "exp", "expected", "fc", "fcst", "forecast", "forecasted"),
    *("proj", "projected", "projection", "outlook", "budget", "guidance"),
    *("预测", "预计", "预期", "预估", "估计", "估算"),
)
_TARGETS = ("target", "plan", "planned", "goal", "目标", "规划", "计划")
_PRELIMINARY = ("pe", "prelim", "preliminary", "provisional", "provisional estimate", "初步", "快报")
_ESTIMATES = ("re", "ae", "1st re", "2nd re", "3rd re", "revised estimate", "revised estimates", "advance estimate")
"""Those of India's accounts: of years that are over."""
_ACTUAL = ("a", "act", "actual", "实际")
_WIDE = str.maketrans("ＡＥＦＰ", "AEFP")
_LONGEST = 40
"""Characters of a head that can be a period with its mark; longer texts are prose."""
_DIGITS = str.maketrans("OoQDlI|ZSB", "0000111258")
"""Letters that are taken for digits, by people and by text recognition."""
_YEAR_LIKE = r"(?:FY|CY)?\s*([12lI|Z][0-9OoQDlI|ZSB]{3})(?:\W*\w{0,2}\W*|\W*\w{0,2}\s*[\[(（].*[\])）])"
_DECIMAL = re.compile(r"-?(?!0*[0-9]{4}\.(?:0*|0[1-9]|1[0-2])$)[0-9]*\.[0-9]+|\d{4}\.(?!0[1-9]$|1[0-2]$)\d*[1-9]\d*")
"""A number that is neither a year, such as `2016.0`, nor a year and a month."""
_SURE = r"(?<![0-9])[0-9]{4}(?![0-9])|^FY|年"
_SIGNED = (
    r"(.*?\d年?)(?:\s*(\*+|[†‡¹²³⁴⁵⁶⁷⁸⁹]+)|"
    r"\s*([\[(](?:[a-z]|\d)[\])]|(?:\s|(?<=\d{4}))(?:[a-z\d]/|\d\)))|(?:\s*\.){2,})"
)


MARKS = {
    name: mark
    for names, mark in (
        (_FORECASTS, Mark("forecast")),
        (_TARGETS, Mark("forecast", target=True)),
        (_PRELIMINARY, Mark("preliminary")),
        (_ESTIMATES, Mark("estimate")),
        (_ACTUAL, Mark("actual")),
    )
    for name in names
}
_ANY_MARK, _ANY_WORD = (
    "|".join(sorted((mark for mark in MARKS if len(mark) >= least), key=len, reverse=True)) for least in (1, 2)
)


def read_head(cell: object) -> Head | Problem:
    """The period in a cell in any form, with what its mark says; or what is wrong with the cell.

    >>> read_head("2024E").mark, read_head("2024年（预测）").period.year, read_head("2023A").mark.status
    (Mark(status='forecast', target=False), 2024, 'actual')
    """
    head = _unmarked(cell)
    return (_marked(cell) or head) if isinstance(cell, str) and isinstance(head, Problem) else head


def _unmarked(cell: object) -> Head | Problem:
    """The period in a cell without a word that marks it, in a plain form or that of a publisher."""
    head = read_period(cell)
    if not isinstance(head, str):
        return head
    from rural_forecast.series.reading.period_forms import other_form

    return other_form(head) or _signed(head) or Problem("not_a_period", text=head)


def is_head(cell: object) -> bool:
    """Whether a cell holds a period, with a mark or without."""
    return isinstance(read_head(cell), Head)


def head_names_year(cell: object) -> bool:
    """Whether a header cell names a period beyond doubt: four digits of year, or a date, with a mark or without.

    >>> [head_names_year(cell) for cell in ("2016", 2016.0, "2017H1", "2024E", "12", "value")]
    [True, True, True, True, False, False]
    """
    if isinstance(cell, str) and _marked(cell) is not None:
        return True
    sure = isinstance(cell, date) or re.search(_SURE, label(cell).translate(DIGITS)) is not None
    return sure and isinstance(_unmarked(cell), Head)


def likely(cell: object) -> Head | None:
    """The period in a cell where only the content says that it is one: no bare number but a likely year.

    >>> likely("2010 [YR2010]").period.year, likely("96/97").period.year, likely("value"), likely(12)
    (2010, 1996, None, None)
    """
    if isinstance(cell, bool) or not isinstance(cell, str | int | float | date):
        return None
    return _likely(cell)


@lru_cache(8192)
def _likely(cell: str | float | date) -> Head | None:
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell.strip()):
        return None
    head = read_head(cell)
    return head if isinstance(head, Head) and FIRST <= head.period.year <= LAST else None


def likely_year(cell: object) -> int | None:
    """The year that a text which is no period most likely means.

    >>> likely_year("2O24"), likely_year("2024 (bn CNY)"), likely_year("2023 growth"), likely_year("CAGR 2020-2023")
    (2024, 2024, None, None)
    """
    match = re.fullmatch(_YEAR_LIKE, label(cell)[:_LONGEST])
    if match is None or sum(sign.isdigit() for sign in match[1]) < 2:
        return None
    year = int(match[1].translate(_DIGITS))
    return year if 1800 <= year < 2200 else None


def mistyped(cell: object) -> bool:
    """Whether a head is no period, but most likely meant as a year."""
    return not is_head(cell) and (likely_year(cell) is not None or _outside(label(cell)))


def problem(cell: object) -> str:
    """Why the head of a column is no year, in a few words.

    >>> problem("2O24"), problem("20245"), problem("CAGR")
    ('not a year; 2024 with a letter in place of a digit?', 'a year outside 1 to 9999', 'not a year')
    """
    text = label(cell)
    if _outside(text):
        return f"a year outside {FIRST_YEAR} to {LAST_YEAR}"
    likely = likely_year(cell)
    if likely is None:
        return "not a year"
    return f"not a year; {likely}{'' if str(likely) in text else ' with a letter in place of a digit'}?"


def _outside(text: str) -> bool:
    """Whether a text is a whole number that is no year."""
    return re.fullmatch(r"-?\d+", text, re.ASCII) is not None and not FIRST_YEAR <= int(text[:12]) <= LAST_YEAR


def _marked(text: str) -> Head | None:
    """The period of a text with a mark behind it or a word before it; None where it is none."""
    text = text.strip()
    if len(text) > _LONGEST or not any(sign.isdigit() for sign in text):
        return None
    text = text.translate(_WIDE).translate(DIGITS)
    behind = re.fullmatch(rf"(.*[\d年])[\s_-]*[\[(（]?\s*({_ANY_MARK})\.?\s*[\])）]?", text, re.IGNORECASE)
    before = None if behind else re.fullmatch(rf"({_ANY_WORD})\.?[\s:：]*(.*\d.*)", text, re.IGNORECASE)
    if behind is not None:
        rest, mark = behind.groups()
    elif before is not None:
        mark, rest = before.groups()
    else:
        return None
    if not re.search(_SURE, rest):
        return None
    head = _unmarked(rest)
    return head._replace(mark=MARKS[mark.casefold()]) if isinstance(head, Head) else None


def _signed(text: str) -> Head | None:
    """A period with a sign behind it that does not say what it means: stars are a forecast, others only a note."""
    match = re.fullmatch(_SIGNED, text, re.ASCII | re.IGNORECASE)
    if match is None or (match[3] or "").strip("[]() ").casefold() in MARKS:
        return None
    inner = read_head(match[1])
    if isinstance(inner, Problem) or inner.sign or not FIRST_YEAR <= inner.period.year <= LAST_YEAR:
        return None
    sign = match[2] or match[3] or ""
    return inner._replace(mark=Mark("forecast") if sign.startswith("*") else inner.mark, sign=sign.strip())
