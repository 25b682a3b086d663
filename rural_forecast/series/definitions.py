"""Other definitions of the same market: shown next to a series, never joined to it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rural_forecast.notes import Note
from rural_forecast.series.catalogue import VARIABLE, Catalogue, load
from rural_forecast.series.findings import Finding
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import prefer
from rural_forecast.text.headline import short
from rural_forecast.text.wording import are, listed, number, spans

ROUNDING = 0.01
"""Values that differ by more than this part of their size are two figures, however roughly they are written."""
DIGITS = 3
"""Digits that a value needs before it says whose it is, where nothing else relates two series."""

Figures = Mapping[Period, tuple[float, ...]]


class Elsewhere(NamedTuple):
    """A value that the catalogue has under another definition."""

    period: Period
    series: Series
    """The series that has it."""
    note: Note
    """Whose value it is, and how the definitions differ."""


def other_definitions(series: Series, year: int, as_of: date | None = None) -> Iterator[Note]:
    """A note for each related series that measures the same: its value in `year`, or in the nearest year both have.

    Years in which both have the same values are named instead. Only the catalogue knows relations; a file's series has
    none.
    """
    ours = _by_year(series, as_of) if series.related else {}
    for name in series.related:
        other = load().get(name)
        if other.measure != series.measure or other.unit != series.unit:
            continue
        theirs = _by_year(other, as_of)
        common = sorted(ours.keys() & theirs.keys(), key=lambda candidate: (abs(candidate - year), candidate))
        if common and all(ours[shared_year] == theirs[shared_year] for shared_year in common):
            same = listed(f"{number(ours[shared])} ({shared})" for shared in sorted(common))
            yield Note("shared_values", f"{same} {are(common)} in {other.id} ({other.title}) too.")
        elif common:
            there, here = theirs[common[0]], ours[common[0]]
            times = f"{there / here:.2f} times as much" if here > 0 else f"{number(there)} in place of {number(here)}"
            yield Note(
                "related_series",
                f"Another definition, {short(other.title)}, gives {times} for {common[0]}.",
                advice=f"See: rural-forecast project {other.label}",
            )


def elsewhere(series: Series, values: Iterable[tuple[Period, float]]) -> Iterator[Elsewhere]:
    """Those of the values that the catalogue has for the same period under another definition than that of `series`.

    A series of a file is compared where its years are those of a series of the catalogue. Values that the series has
    itself are its own, and so are those of a series with the same years, unless the catalogue says that it is another
    definition.
    """
    values = [pair for pair in values if pair[1]]
    if not values or series.measure != "flow":
        return
    catalogue = load()
    figures = catalogue.figures(series.measure)
    own = _own(series, catalogue, figures)
    if own is None:
        return
    of_file = own != series.id
    years = _years(series) if of_file else figures[own]
    related = catalogue.related(own)
    for period, value in values:
        if _is_among(value, figures[own].get(period, ())) or (
            not of_file and _is_among(value, [obs.value for obs in series.observations if obs.period == period])
        ):
            continue
        for name in sorted(figures, key=lambda name: name not in related):
            if name == own or catalogue.unit(name) != catalogue.unit(own):
                continue
            if not _is_among(value, figures[name].get(period, ()), 1 if name in related else DIGITS):
                continue
            common = _common(years, figures[name])
            same = bool(common) and all(same_figure(here, there) for there, here in common)
            if not same or (name in related and not of_file):
                yield _found(series, catalogue.get(name), period, value)
                break


def mixed(series: Series) -> Iterator[Finding]:
    """Where the years of a file are those of one series of the catalogue and then those of a related one."""
    years = _by_year(series)
    if not series.file or series.measure != "flow" or len(years) < 3:
        return
    shared: dict[str, dict[int, float]] = {}
    for year, value in years.items():
        for name, unit, published in _of_years(os.environ.get(VARIABLE, "")).get(year, ()):
            near = abs(value - published) <= ROUNDING * abs(published)
            if near and series.unit in ("", unit) and same_figure(value, published, DIGITS - 1):
                shared.setdefault(name, {})[year] = value
    if len(shared) < 2:
        return
    most = max(shared, key=lambda name: len(shared[name]))
    for name in load().related(most) & shared.keys():
        more = {year: value for year, value in shared[name].items() if year not in shared[most]}
        if more and len(more) + len(shared[most]) > 2:
            (first, of), (second, other) = sorted([(more, name), (shared[most], most)], key=lambda pair: min(pair[0]))
            text = f"{_whose(first, of)}, {_whose(second, other)}: two definitions of one market"
            yield Finding("definition", Period(min(second)), text, "warning")
            return


def _whose(values: Mapping[int, float], name: str) -> str:
    return f"{listed(map(number, values.values()))} for {spans(values)} as in {name}"


@lru_cache(maxsize=4)
def _of_years(_folders: str) -> Mapping[int, list[tuple[str, str, float]]]:
    """Series, unit and value by year, of all flows; the folders of the catalogue are the key of the cache."""
    catalogue, by_year = load(), dict[int, list[tuple[str, str, float]]]()
    for name, values in catalogue.figures("flow").items():
        for period, published in values.items():
            if period.is_year:
                by_year.setdefault(period.year, []).extend((name, catalogue.unit(name), value) for value in published)
    return by_year


def _found(series: Series, other: Series, period: Period, value: float) -> Elsewhere:
    """The value next to that of the other series, with the latest year in which the two differ."""
    ours, theirs = _by_year(series), _by_year(other)
    year = max(
        (year for year in ours.keys() & theirs.keys() if not same_figure(ours[year], theirs[year])), default=None
    )
    published = prefer([seen for seen in other.observations if seen.period == period], other.sources).value
    text = (
        f"{number(value)} for {period} is on another definition: {other.id} ({other.title}) has {number(published)}"
        f"{f' {other.unit}' if other.unit else ''} for it"
    )
    if year is not None:
        text += f", and {number(theirs[year])} for {year}, where this series has {number(ours[year])}"
    return Elsewhere(period, other, Note("elsewhere", text, warning=True))


def _own(series: Series, catalogue: Catalogue, figures: Mapping[str, Figures]) -> str | None:
    """The series of the catalogue whose definition this is: itself, or the one with the most of the file's years."""
    if not series.file and series.id in catalogue.ids():
        return series.id
    years = _years(series)
    best, most = None, 0
    for name, values in figures.items():
        if series.unit and catalogue.unit(name) != series.unit:
            continue
        common = _common(years, values)
        if len(common) > most and all(same_figure(here, there, DIGITS - 1) for there, here in common):
            best, most = name, len(common)
    return best


def _by_year(series: Series, as_of: date | None = None) -> dict[int, float]:
    return {seen.period.year: seen.value for seen in observed_years(series, as_of=as_of)}


def _years(series: Series) -> Figures:
    return {Period(year): (value,) for year, value in _by_year(series).items()}


def _common(ours: Figures, theirs: Figures) -> list[tuple[float, float]]:
    """Their value and ours in each year of both; of several the nearest two."""
    return [
        min(
            ((there, here) for there in theirs[period] for here in ours[period]),
            key=lambda pair: abs(pair[0] - pair[1]),
        )
        for period in ours.keys() & theirs.keys()
        if period.is_year
    ]


def _is_among(value: float, published: Iterable[float], digits: int = 1) -> bool:
    return any(same_figure(value, figure, digits) for figure in published)


def same_figure(value: float, other: float, digits: int = 1) -> bool:
    """True if two values are one figure, rounded to different places.

    `digits`: significant digits that both need.

    >>> same_figure(538, 537.62), same_figure(540, 537.62), same_figure(530, 537.62), same_figure(540, 537.62, 3)
    (True, True, False, False)
    """
    places = [Decimal(repr(float(side))).normalize().as_tuple() for side in (value, other)]
    if min(len(place.digits) for place in places) < digits:
        return False
    half = max(10.0 ** int(place.exponent) for place in places) / 2
    return abs(value - other) <= min(half * (1 + 1e-9), ROUNDING * max(abs(value), abs(other)))
