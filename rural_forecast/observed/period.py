"""Periods of time as market data name them: a year, a half, a quarter, a month, or several months.

>>> str(parse("FY2017")), parse("2017M01-M08").months, parse("2017H1") < parse("2017")
('2017', (1, 8), True)
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from rural_forecast.errors import Problem
from rural_forecast.text.cells import expression, shown

FIRST_YEAR = 1
LAST_YEAR = 9999

FORMS = "Write 2016, FY2017, 2017H1, 2017Q1, 2017M08 or 2017M01-M08."
_PATTERN = expression(
    r"(?:FY|CY)?\s*(\d{1,4})(?:[-\s]?(?:(H[12]|Q[1-4])|M(\d{1,2})(?:-M?(\d{1,2}))?))?",
    re.ASCII | re.IGNORECASE,
)
_LENGTHS = {"H": 6, "Q": 3}


class PeriodError(Problem, ValueError):
    """A text that is no period."""


class Period(NamedTuple):
    """A span of whole months within one year, ordered by its end and then by its length."""

    # The order of the fields is the order of periods.
    year: int
    last: int = 12  # last month, 1 to 12
    length: int = 12  # number of months, 1 to 12

    @property
    def months(self) -> tuple[int, int]:
        """First and last month."""
        return self.last - self.length + 1, self.last

    @property
    def is_year(self) -> bool:
        """True for twelve months."""
        return self.length == 12

    @property
    def end(self) -> date:
        """Last day."""
        return date(self.year, self.last, monthrange(self.year, self.last)[1])

    def contains(self, other: Period) -> bool:
        """True if every month of `other` lies in this period."""
        first, last = self.months
        inner_first, inner_last = other.months
        return self.year == other.year and first <= inner_first and inner_last <= last

    def shifted(self, years: int) -> Period:
        """The same months `years` later."""
        return self._replace(year=self.year + years)

    def __str__(self) -> str:
        first, last = self.months
        if self.length == 12:
            return f"{self.year}"
        for letter, length in _LENGTHS.items():
            if self.length == length and last % length == 0:
                return f"{self.year}{letter}{last // length}"
        if self.length == 1:
            return f"{self.year}M{last:02d}"
        return f"{self.year}M{first:02d}-M{last:02d}"


def parse(text: str) -> Period:
    """Read `2016`, `FY2017`, `2017H1`, `2017Q1`, `2017M08` or `2017M01-M08`."""
    match = _PATTERN.fullmatch(text.strip())
    if not match:
        raise PeriodError(f"{shown(text)} is not a period.", FORMS)
    year = int(match[1])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        hint = f"Years go from {FIRST_YEAR} to {LAST_YEAR}."
        raise PeriodError(f"{shown(text)} has the year {year}.", hint)

    part = match[2]
    if part:
        length = _LENGTHS[part[0].upper()]
        return Period(year, length * int(part[1]), length)

    if not match[3]:
        return Period(year)
    first = int(match[3])
    last = int(match[4] or match[3])
    if not 1 <= first <= last <= 12:
        hint = "They go from M01 to M12, the first before the last."
        raise PeriodError(f"{shown(text)} has no such months.", hint)
    return Period(year, last, last - first + 1)
