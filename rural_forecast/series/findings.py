"""What is most likely wrong with single values: out of line with their neighbours, or a part larger than its year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from rural_forecast.errors import NOWHERE, Place
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import preferred

Severity = Literal["note", "warning", "error"]
Code = Literal[
    "reading",
    "break",
    "gap",
    "conflict",
    "growth",
    "floor",
    "slip",
    "jump",
    "fall",
    "part",
    "definition",
    "empty",
    "unreadable",
]


class Finding(NamedTuple):
    """One thing to know of a series."""

    code: Code
    period: Period | None
    """None where it concerns the whole series."""
    note: Note
    severity: Severity
    place: Place = NOWHERE
    """Where in the file; empty where it concerns the whole series."""


def of_values(series: Series, used: Mapping[int, Observation], known: Iterable[Observation]) -> tuple[Finding, ...]:
    """What is most likely wrong with the values of the years that a forecast uses, by period.

    `known`: the observations of the series as far as they may be known, for the parts of these years.
    """
    parts = (obs for obs in known if not obs.period.is_year and obs.period.year in used)
    values = {Period(year): obs for year, obs in used.items()} | preferred(parts, series.sources)
    findings = (*jumps_of(series, values), *parts_of(series, values))
    return tuple(sorted(findings, key=lambda obs: obs.period or Period(0, 1, 1)))


def jumps_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Values that do not fit their neighbours, and falls of more than half."""
    if series.measure == "growth":
        return
    import numpy as np  # the lists of the catalogue do without

    from rural_forecast.series.jumps import FALL, jumps

    years = {period.year: obs for period, obs in sorted(values.items()) if period.is_year}
    if len(years) < 2:
        return
    known = list(years)
    numbers = {year: float(obs.value) for year, obs in years.items()}
    linked = [year - 1 in years and year not in series.breaks for year in known]
    odd = jumps(np.array(list(numbers.values())), np.array([0, len(known)]), np.array(linked))
    for at, kind, power, up in zip(*(column.tolist() for column in odd), strict=True):
        year = known[at]
        note = jump_note(kind, power, up=up, year=year, values=numbers)
        severity: Severity = "warning" if kind == FALL else "error"
        yield Finding("fall" if kind == FALL else "jump", years[year].period, note, severity, years[year].place)


def jump_note(kind: int, power: int, *, up: bool, year: int, values: Mapping[int, float]) -> Note:
    """A jump of `jumps` as a note; `values` holds the neighbours that there are."""
    from rural_forecast.series.jumps import FALL, UNIT

    if kind == FALL:
        return Note("fall", {"value": values[year], "before": values[year - 1], "year": year - 1}, warning=True)
    around = tuple((values[near], near) for near in (year - 1, year + 1) if near in values)
    fields = {"value": values[year], "around": around, "power": power, "lasting": kind == UNIT, "up": up}
    return Note("jump", fields, warning=True)


def parts_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """A part of a year that is larger than the year."""
    if series.measure != "flow":
        return
    for period, obs in values.items():
        year = values.get(Period(period.year))
        if year and not period.is_year and year.value >= 0 and obs.value > year.value:
            fields = {"value": obs.value, "whole": year.value, "year": period.year}
            yield Finding("part", period, Note("part", fields, warning=True), "error", obs.place)
