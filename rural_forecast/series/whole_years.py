"""Whole years out of their parts: halves, quarters and months.

A flow is their sum, a stock the last of them, a rate, a price or a growth their mean by length. A series that does not
say which of these it is keeps its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from rural_forecast.series.observation import Derivation, Measure, Observation, Series, Status
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period
from rural_forecast.series.preference import prefer as preferred

YEAR = frozenset(range(1, 13))
How = Literal["sum", "end", "mean"]
HOW: Mapping[Measure, How] = {"flow": "sum", "stock": "end", "rate": "mean", "price": "mean", "growth": "mean"}
"""What a year is of its parts, by the measure of the series."""


def is_weak(one: Observation) -> bool:
    """Whether a value is preliminary, an estimate or a bound."""
    return one.qualifier in "<>" or one.status in ("preliminary", "estimate")


def cover(levels: Mapping[Period, Observation], year: int, months: frozenset[int] = YEAR) -> tuple[Observation, ...]:
    """Parts of a year that make up these months exactly, the longest first; empty where none do."""
    inside = [
        one
        for period, one in levels.items()
        if period.year == year and not period.is_year and _months(period) <= months
    ]
    inside.sort(key=lambda one: (is_weak(one), -one.period.length))
    return _exact(inside, months)


def derived(
    levels: Mapping[Period, Observation], years: Iterable[int], measure: Measure = "flow"
) -> Iterator[Observation]:
    """The value of each year whose parts are all known; of a stock, whose end is known."""
    for year in years:
        parts = _last(levels, year) if measure == "stock" else cover(levels, year)
        if parts:
            yield _year(year, parts, HOW[measure])


def with_whole_years(series: Series) -> Series:
    """The series with the years that only its parts give; the parts remain."""
    parts = [one for one in series.observations if not one.period.is_year and one.status != "forecast"]
    known = {one.period.year for one in series.observations if one.period.is_year and one.status != "forecast"}
    levels = {period: preferred(given, series.sources) for period, given in by_period(parts).items()}
    found = [*derived(levels, sorted({one.period.year for one in parts} - known), series.measure)]
    ordered = sorted((*series.observations, *found), key=lambda one: (one.period, one.status == "forecast"))
    return replace(series, observations=tuple(ordered)) if found else series


def is_made(one: Observation) -> bool:
    """Whether a value of a year was made of its parts."""
    return one.derivation is not None and one.derivation.how in HOW.values()


def parts_in(series: Series) -> list[Observation]:
    """The parts of years that no whole year was made of."""
    made = {one.period.year for one in series.observations if is_made(one)}
    return [
        one
        for one in series.observations
        if not one.period.is_year and one.status != "forecast" and one.period.year not in made
    ]


def _year(year: int, parts: Sequence[Observation], how: How) -> Observation:
    ordered = sorted(parts, key=lambda one: one.period)
    names = ", ".join(str(one.period) for one in ordered)
    total = sum(one.value for one in parts)
    if how == "mean":
        total = sum(one.value * one.period.length for one in parts) / 12
    dates = [one.published_latest for one in parts]
    statuses: set[Status] = {one.status for one in parts}
    return Observation(
        Period(year),
        total,
        next((status for status in ("estimate", "preliminary") if status in statuses), "actual"),
        next((one.qualifier for one in parts if one.qualifier != "="), "="),
        source=parts[0].source,
        note=f"the {how} of {names}",
        published_latest=None if None in dates else max(day for day in dates if day is not None),
        derived=True,
        derivation=Derivation(how),
        place=ordered[-1].place,
    )


def _last(levels: Mapping[Period, Observation], year: int) -> tuple[Observation, ...]:
    ends = [one for period, one in levels.items() if period.year == year and period.last == 12]
    return (min(ends, key=lambda one: one.period.length),) if ends else ()


def _months(period: Period) -> frozenset[int]:
    first, last = period.months
    return frozenset(range(first, last + 1))


def _exact(inside: Sequence[Observation], months: frozenset[int]) -> tuple[Observation, ...]:
    """An exact cover, tried in order; the first month still open decides which parts may come next."""
    if not months:
        return ()
    for one in inside:
        own = _months(one.period)
        if min(months) in own and own <= months:
            rest = _exact(inside, months - own)
            if rest or own == months:
                return (one, *rest)
    return ()
