"""Reads dates as whole years, months or quarters, by the other dates of their series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import cast

from rural_forecast.errors import InputError, Problem
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.days import parts_of
from rural_forecast.observed.reading.draft import Draft, Point
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.second_values import claim
from rural_forecast.observed.reading.values import Values
from rural_forecast.text.cells import shown

DAYS_APART = 20  # days between the ends of two fiscal years that end in the same week, and more


def with_dates(values: Values, draft: Draft) -> list[Point]:
    """Read dates as months or quarters, where there are several a year, or else as years."""
    points = draft.points
    days = [point.head.day for point in points if point.head.day]
    if not days:
        return points
    dated_heads = [point.head for point in points if point.head.day]
    # 2001-02 is February alone, and a year that spans two among others that do.
    are_split = len(points) > 1 and all(head.kind == "split" for head in dated_heads)
    periods = None if are_split else parts_of(days)
    numbered = next((point for point in points if point.head.kind == "numbered"), None)
    has_several_a_year = len(set(days)) > len({day.year for day in days})
    if numbered and has_several_a_year and max(day.month for day in days) <= 4:
        hint = "Write 2021Q1 for a quarter, 2021M01 for a month."
        cause = Problem("may be a quarter or a month", hint)
        raise values.refused(numbered.value_index, cause, period=True)
    if periods and all(period.is_year for period in periods.values()):
        points = _at_one_date(values, points)
    dated: list[Point] = []
    for point in points:
        day = point.head.day
        if day:
            period = periods[day] if periods else point.observed.period
            point = point._replace(observed=replace(point.observed, period=period))
            claim(values, point, draft, period)
        dated.append(point)
    return dated


def _at_one_date(values: Values, points: list[Point]) -> list[Point]:
    """Leave out a last date at another time of the year, which is no whole year.

    Such a date before the last one is refused.
    """
    day_of_year: dict[int, int] = {}
    for point in points:
        if point.head.day:
            day_of_year[point.value_index] = point.head.day.timetuple().tm_yday
    usual = Counter(day_of_year.values()).most_common(1)[0][0]
    odd = [point for point in points if _is_apart(day_of_year.get(point.value_index), usual)]
    if not odd or len(day_of_year) < 3:
        return points
    with_day = [point for point in points if point.head.day]
    last = max(with_day, key=lambda point: cast(date, point.head.day))
    if odd == [last]:
        text = f"{last.head.day} is no whole year next to the other dates, and is left out"
        values.note("part_of_year", text)
        return [point for point in points if point is not last]
    cause = Problem(
        "is at another time of the year than other dates",
        "Write whole years, or parts: 2017H1.",
    )
    raise values.refused(odd[0].value_index, cause, period=True)


def note_periods(values: Values, points: Sequence[Point]) -> None:
    """Note how periods were read that are not plain years.

    Raises InputError where only some span several years.
    """
    heads = [point.head for point in points]
    common = Counter(head.span for head in heads).most_common(1)[0][0]
    other = next((point for point in points if point.head.span != common), None)
    if other:
        problem = "the period alone spans several years."
        raise InputError(problem, "Leave it out.", place=other.observed.place)
    split = next((head.period.year for head in heads if head.kind == "split"), 0)
    if split and all(head.kind == "split" for head in heads if head.dated):
        example = f"{split}/{(split + 1) % 100:02d} is {split}"
        values.note_by_example(
            "split_years", f"a year that spans two is dated by the first: {example}"
        )
    era = next((head for head in heads if head.kind == "era"), None)
    if era:
        example = f"{era.sign} is {era.period.year}"
        values.note_by_example("era_years", f"years are counted as those of an era: {example}")
    _note_one_part(values, points)
    if common > 1:
        dated = f"each period spans {common} years and is dated by the middle one"
        overlap = "the periods overlap, so their changes are smoothed"
        values.note("year_spans", f"{dated}, such as {heads[0].period.year}; {overlap}")


def _note_one_part(values: Values, points: Sequence[Point]) -> None:
    """Note that each year has the same part alone, as a column beside the years says.

    Such a column may also be a code, such as `JAN` for estimates of 1 January.
    """
    column = values.table.part_column
    parts = {(point.observed.period.last, point.observed.period.length) for point in points}
    if column < 0 or len(parts) > 1 or len(points) < 2:
        return
    name = values.table.names[column]
    said_by = f"column {shown(name)}" if name else f"column {column + 1}"
    example = points[0].observed.period
    if not example.is_year:
        text = f"each value is of one part of its year, such as {example}, as {said_by} says"
        values.note_by_example("one_part_of_years", text)


def undated_after_until(values: Values, indices: Sequence[int]) -> set[int]:
    """Find values without a period that are surely after the last year that is asked for.

    In rows by period each is later than the one before it, whatever its own period is.
    """
    head_of = values.melt.head_of
    until = values.options.until
    undated = {index for index in indices if head_of[index] < 0}
    if until is None or not undated:
        return set()
    heads = {index: values.melt.heads[head_of[index]] for index in indices if index not in undated}
    dated = [head for head in heads.values() if head is not None]
    starts = [head.day or head.period.end for head in dated]
    steps = {later > earlier for earlier, later in pairwise(starts)}
    if len(steps) != 1:  # in no order, or of one period alone
        return set()
    after: set[int] = set()
    is_after = False
    for index in indices if steps == {True} else reversed(indices):
        head = heads.get(index)
        if head is None:
            after |= {index} if is_after else set()
        else:
            is_after = _ends(head) >= Period(until).end
    return after


def _ends(head: Head) -> date:
    """The last day of a period; of a date, that of its month, as there may be one a month."""
    if head.day is None:
        return head.period.end
    return Period(head.day.year, head.day.month, 1).end


def _is_apart(day: int | None, usual: int) -> bool:
    """True if a day of the year is more than some days from the usual one, in either direction."""
    if day is None:
        return False
    return min(abs(day - usual), 366 - abs(day - usual)) > DAYS_APART
