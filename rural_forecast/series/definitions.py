"""Other definitions of the same market: shown next to a series, never joined to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from rural_forecast.notes import Note
from rural_forecast.series.catalogue import load
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period, prefer
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import are, listed, short

ROUNDING = 0.01  # part of their size by which two values differ that are two figures
# Digits that a value needs before it says whose it is, where nothing else relates two series.
DIGITS = 3
Figures = Mapping[Period, tuple[float, ...]]


class Elsewhere(NamedTuple):
    """A value that the catalogue has under another definition: that of which series, and how they
    differ.
    """

    period: Period
    series: Series
    note: Note


def other_definitions(series: Series, year: int, as_of: date | None = None) -> Iterator[Note]:
    """A note for each related series that measures the same: its value in `year` or nearby, or all
    that both have.
    """
    ours = _by_year(series, as_of) if series.related else {}
    for other in map(load().get, series.related):
        theirs = (
            _by_year(other, as_of)
            if (other.measure, other.unit) == (series.measure, series.unit)
            else {}
        )
        common = sorted(
            ours.keys() & theirs.keys(), key=lambda candidate: (abs(candidate - year), candidate)
        )
        if common and all(ours[shared] == theirs[shared] for shared in common):
            same = listed(f"{number(ours[shared])} ({shared})" for shared in sorted(common))
            yield Note("shared_values", f"{same} {are(common)} in {other.id} ({other.title}) too.")
        elif common:
            there = theirs[common[0]]
            here = ours[common[0]]
            times = (
                f"{there / here:.2f} times as much"
                if here > 0
                else f"{number(there)} in place of {number(here)}"
            )
            yield Note(
                "related_series",
                f"Another definition, {short(other.title)}, gives {times} for {common[0]}.",
                advice=f"See: rural-forecast project {other.label}",
            )


def elsewhere(series: Series, values: Iterable[tuple[Period, float]]) -> Iterator[Elsewhere]:
    """Those of the values that the catalogue has for the same period under another definition than
    that of `series`.
    """
    values = [pair for pair in values if pair[1]] if series.measure == "flow" else []
    own = _own(series) if values else None
    if own is None:
        return
    of_file = own.id != series.id
    figures = _figures(own)
    years = (
        {Period(year): (value,) for year, value in _by_year(series).items()} if of_file else figures
    )
    related = {*own.related, *(other.id for other in load().every() if own.id in other.related)}
    every = [other for other in load().every() if other.measure == "flow"]
    alike = [other for other in every if other.id != own.id and other.unit == own.unit]
    alike.sort(key=lambda other: other.id not in related)
    for period, value in values:
        known = [
            seen.value for seen in series.observations if seen.period == period and not of_file
        ]
        if any(same_figure(value, figure) for figure in (*figures.get(period, ()), *known)):
            continue
        for other in alike:
            theirs = _figures(other)
            digits = 1 if other.id in related else DIGITS
            if not any(same_figure(value, figure, digits) for figure in theirs.get(period, ())):
                continue
            common = _common(years, theirs)
            same = bool(common) and all(same_figure(here, there) for there, here in common)
            if not same or (other.id in related and not of_file):
                yield Elsewhere(period, other, _apart(series, other, period, value))
                break


def _apart(series: Series, other: Series, period: Period, value: float) -> Note:
    ours = _by_year(series)
    theirs = _by_year(other)
    apart = [
        year for year in ours.keys() & theirs.keys() if not same_figure(ours[year], theirs[year])
    ]
    published = prefer(
        [seen for seen in other.observations if seen.period == period], other.sources
    ).value
    amount = f"{number(published)} {other.unit}".rstrip()
    text = f"{number(value)} for {period} is on another definition: {other.id} ({other.title}) has {amount} for it"
    if apart:
        year = max(apart)
        text += (
            f", and {number(theirs[year])} for {year}, where this series has {number(ours[year])}"
        )
    return Note("elsewhere", text, warning=True)


def _own(series: Series) -> Series | None:
    """The series of the catalogue whose definition this is: itself, or the one with the most of the
    file's years.
    """
    if not series.file and series.id in load().names():
        return load().get(series.id)
    years: Figures = {Period(year): (value,) for year, value in _by_year(series).items()}
    best = None
    most = 0
    for other in load().every():
        fits = other.measure == "flow" and series.unit in ("", other.unit)
        common = _common(years, _figures(other)) if fits else []
        if len(common) > most and all(
            same_figure(here, there, DIGITS - 1) for there, here in common
        ):
            best = other
            most = len(common)
    return best


def _figures(series: Series) -> Figures:
    return {
        period: tuple(seen.value for seen in known)
        for period, known in by_period(series.observations).items()
    }


def _by_year(series: Series, as_of: date | None = None) -> dict[int, float]:
    return {seen.period.year: seen.value for seen in observed_years(series, as_of=as_of)}


def _common(ours: Figures, theirs: Figures) -> list[tuple[float, float]]:
    """Their value and ours in each year of both; of several the nearest two."""
    years = [period for period in ours.keys() & theirs.keys() if period.is_year]
    pairs = ([(there, here) for there in theirs[year] for here in ours[year]] for year in years)
    return [min(of_year, key=lambda pair: abs(pair[0] - pair[1])) for of_year in pairs]


def same_figure(value: float, other: float, digits: int = 1) -> bool:
    """True if two values are one figure, rounded to different places; `digits`: significant ones
    that both need.

    >>> same_figure(538, 537.62), same_figure(540, 537.62), same_figure(530, 537.62), same_figure(540, 537.62, 3)
    (True, True, False, False)
    """
    places = [Decimal(repr(float(side))).normalize().as_tuple() for side in (value, other)]
    if min(len(place.digits) for place in places) < digits:
        return False
    half = max(10.0 ** int(place.exponent) for place in places) / 2
    return abs(value - other) <= min(half * (1 + 1e-9), ROUNDING * max(abs(value), abs(other)))
