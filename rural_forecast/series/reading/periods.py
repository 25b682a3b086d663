"""Periods as the cells of a file give them: years, named parts of a year, and dates.

>>> read_period("2017H1")
(Period(year=2017, last=6, length=6), False)
>>> read_period("2016-12-31")
(Period(year=2016, last=12, length=12), True)
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.series.reading.grid import Fault, is_empty, label
from rural_forecast.series.reading.values import FULL_WIDTH

_YEAR = re.compile(r"(-?\d{1,12})(?:\.0*)?[年년]?", re.ASCII)
# Rarer forms are compiled when one is first met, to keep the start short.
_DATE = (
    r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?|年(\d{1,2})月(?:(\d{1,2})日)?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_SHORT_FISCAL = r"(?i:FY|CY)\s*\d{1,3}(?!\d).*"
_FOUR_DIGITS = r"(?i:FY|CY)?\s*\d{4}"

_DECIMAL = r"\d{4}\.\d"
_TWO_NUMBERS = r"\d{4}[-/.]\d\d"
_NONE = "is not a period"
_NEVER = "is a day that never was"


class NotAPeriodError(ValueError):
    """A cell that is not a period: what is wrong with it, and what to do.

    Where neither is given, `text` explains it, once somebody asks: most cells of a header are no periods.
    """

    def __init__(self, problem: str = "", hint: str = "", *, text: str = "") -> None:
        super().__init__(problem)
        self._said = problem, hint
        self._text = text

    @property
    def problem(self) -> str:
        """What is wrong with the cell."""
        return self._said[0] or self._explained()[0]

    @property
    def hint(self) -> str:
        """What to do."""
        return self._said[1] or self._explained()[1]

    def _explained(self) -> tuple[str, str]:
        from rural_forecast.series.reading.period_advice import explain

        return explain(self._text)


def read_period(cell: object) -> tuple[Period, bool]:
    """The period in a cell, and whether the cell is a date, which stands for its year.

    Raises
    ------
    NotAPeriodError : the cell is empty, no period, a day that never was, or a year outside 1 to 9999
    """
    if isinstance(cell, str):
        return _text_period(cell.strip())
    if isinstance(cell, date):
        return Period(cell.year), True
    if isinstance(cell, bool):
        raise NotAPeriodError("is true or false where a period must be")
    if isinstance(cell, int):
        return _year(cell), False
    if isinstance(cell, float):
        if not cell.is_integer():
            raise NotAPeriodError(_NONE)
        return _year(int(cell)), False
    if isinstance(cell, Fault):
        raise NotAPeriodError(cell.problem, cell.hint)
    raise NotAPeriodError("is empty where a period must be" if is_empty(cell) else _NONE)


def is_period(cell: object) -> bool:
    """Whether a cell holds a period."""
    try:
        read_period(cell)
    except NotAPeriodError:
        return False
    return True


def names_year(cell: object) -> bool:
    """Whether a header cell names a period beyond doubt: four digits of year, or a date.

    >>> names_year("2016"), names_year(2016.0), names_year("2017H1"), names_year("12"), names_year("value")
    (True, True, True, False, False)
    """
    return (isinstance(cell, date) or re.match(_FOUR_DIGITS, label(cell), re.ASCII) is not None) and is_period(cell)


def read_day(cell: object) -> tuple[date, date]:
    """First and last day that a date, a month or a year can mean.

    >>> read_day("2017-02")
    (datetime.date(2017, 2, 1), datetime.date(2017, 2, 28))

    Raises
    ------
    ValueError : it is none of these
    """
    if isinstance(cell, date):
        day = date(cell.year, cell.month, cell.day)
        return day, day
    text = label(cell)
    match = re.fullmatch(_DATE, text, re.ASCII)
    if match:
        year, month = int(match[1]), int(match[3] or match[5])
        day_text = match[4] or match[6]
        if day_text:
            day = date(year, month, int(day_text))
            return day, day
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    if re.fullmatch(r"\d{4}", text, re.ASCII):
        return date(int(text), 1, 1), date(int(text), 12, 31)
    raise ValueError(text)


def _year(year: int) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAPeriodError(f"is a year outside {FIRST_YEAR} to {LAST_YEAR}", text=str(year))
    return Period(year)


def _text_period(text: str) -> tuple[Period, bool]:
    if not text.isascii():
        text = text.translate(FULL_WIDTH)
    if match := _YEAR.fullmatch(text):
        return _year(int(match[1])), False
    if not text:
        raise NotAPeriodError("is empty where a period must be")
    # 2014.5 may be May, October whose zero was lost, or the middle of the year
    if re.fullmatch(_DATE, text, re.ASCII) and not re.fullmatch(_DECIMAL, text, re.ASCII):
        try:
            first, _ = read_day(text)
        except ValueError:
            raise NotAPeriodError("" if re.fullmatch(_TWO_NUMBERS, text) else _NEVER, text=text) from None
        return Period(first.year), True
    if re.fullmatch(_SHORT_FISCAL, text, re.ASCII):
        raise NotAPeriodError("is a year without its century", "Write it in full: FY2017.")
    try:
        return parse(text), False
    except ValueError:
        raise NotAPeriodError(text=text) from None
