"""Dates: the days that one can mean, and the parts of years that those of a series mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from rural_forecast.observed.period import Period
from rural_forecast.text.cells import label

DATE = (
    r"(?P<year>\d{4})"
    r"(?:(?P<sign>[-/.])(?P<month>\d{1,2})(?:(?P=sign)(?P<day>\d{1,2}))?"
    r"|年(?P<han_month>\d{1,2})月(?:(?P<han_day>\d{1,2})日)?)"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)


def read_day(cell: object) -> tuple[date, date] | None:
    """Read the first and last day that a date, a month or a year can mean; None for all else."""
    text = cell.isoformat()[:10] if isinstance(cell, date) else label(cell)
    month = day = None
    if not re.fullmatch(r"\d{4}", text, re.ASCII):
        match = re.fullmatch(DATE, text, re.ASCII)
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
