"""The growth of a series: levels with the basis of each, published growth, and notes on both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note, of_code
from rural_forecast.series.basis import TOLERANCE_PCT, Basis
from rural_forecast.series.findings import OF_VALUES
from rural_forecast.series.history import annual, observed_years, on_publication
from rural_forecast.series.money.conversion import Conversion
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.whole_years import on_parts
from rural_forecast.text.wording import number, spans


class GrowthPoint(NamedTuple):
    """One series in one year."""

    year: int
    value: float | None
    """None where only growth is published."""
    growth_pct: float | None
    indexed: float | None
    """The level with the base year at 100; None on another basis than that year's."""
    value_derived: bool
    """Whether the level is our arithmetic on published numbers."""
    growth_derived: bool
    """Whether the growth is: that of the levels, where none is published."""

    @property
    def derived(self) -> bool:
        """Whether either is derived."""
        return self.value_derived or self.growth_derived


class KnownGrowth(NamedTuple):
    """What is known of one series in all years."""

    series: Series
    levels: Mapping[int, Observation]
    starts: Mapping[int, int]
    """First year of the basis each level is on."""
    published: Mapping[int, float]
    doubts: tuple[Note, ...] = ()
    """What the check finds wrong with the levels, on every basis."""

    @property
    def years(self) -> list[int]:
        """Every year of which a level or a growth is known."""
        return sorted({*self.levels, *self.published})

    def newest(self, year: int) -> int:
        """The first year of the basis that the last level up to a year is on."""
        return max((start for when, start in self.starts.items() if when <= year), default=0)

    def of_levels(self, year: int) -> float | None:
        """Growth of the levels, where both years are on one basis."""
        now, before = self.levels.get(year), self.levels.get(year - 1)
        if now is None or before is None or before.value <= 0 or self.starts[year] != self.starts[year - 1]:
            return None
        return _finite(100 * (now.value / before.value - 1))

    def point(self, year: int, base: int | None) -> GrowthPoint:
        """What is known of a year, with the level of the base year at 100."""
        level, at_base = self.levels.get(year), self.levels.get(base or 0)
        own, published = self.of_levels(year), self.published.get(year)
        indexed = None
        if level and at_base and at_base.value > 0 and self.starts[year] == self.starts[at_base.period.year]:
            indexed = _finite(100 * level.value / at_base.value)
        return GrowthPoint(
            year=year,
            value=None if level is None else level.value,
            growth_pct=own if published is None else published,
            indexed=indexed,
            value_derived=level is not None and level.derived,
            growth_derived=published is None and own is not None,
        )


def known_growth(series: Series, basis: Basis, choice: Mapping[str, Any]) -> KnownGrowth:
    """What is known of a series: the levels of every basis, one after the other, and all published growth.

    `choice`: `prefer` and `as_of`, as in `annual`. Raises UsageError or InputError if it has no value of a
    whole year, or its years cannot be used.
    """
    is_growth = series.measure == "growth"
    rates = observed_years(series if is_growth else replace(series, observations=series.growth), **choice)
    published = {obs.period.year: obs.value for obs in rates}
    if is_growth and not rates:
        raise UsageError(f"{series.id} has no value of a whole year.", "It holds parts of years only.")
    if is_growth:
        return KnownGrowth(series, {}, {}, published)
    levels: dict[int, Observation] = {}
    starts: dict[int, int] = {}
    until: int | None = None
    doubts: list[Note] = []
    first = min((obs.period.year for obs in observed_years(series, **choice)), default=0)
    while True:
        history = annual(series, until=until, allow_gaps=True, basis=basis if until is None else "levels", **choice)
        doubts += of_code(history.notes, *OF_VALUES)
        used = [*history.observations, *(obs.observation for obs in history.set_aside if obs.why == "gap")]
        start = max((year for year in series.breaks if year <= history.origin), default=first)
        levels |= {obs.period.year: obs for obs in used}
        starts |= {obs.period.year: start for obs in used}
        if start <= first:
            break
        until = start - 1
    return KnownGrowth(series, dict(sorted(levels.items())), starts, published, tuple(doubts))


def converted(entry: KnownGrowth, how: Conversion, years: set[int]) -> KnownGrowth:
    """Levels of the years that are needed; published growth is of the old unit and left out."""
    levels = {year: how.observation(level) for year, level in entry.levels.items() if year in years}
    return KnownGrowth(replace(entry.series, unit=how.unit), levels, entry.starts, {}, entry.doubts)


def _finite(value: float) -> float | None:
    """A value, or None where no number holds it."""
    return value if isfinite(value) else None


def notes_of(
    known: Sequence[KnownGrowth], shown: Sequence[int], base: int | None, as_of: date | None
) -> Iterator[Note]:
    """What to know of the series that are shown."""
    yield from dict.fromkeys(note for entry in known for note in entry.series.reading_notes)
    yield from _definitions(known)
    if levels := _years(known, shown, "value_derived"):
        how = "the next year's published growth, or from other published numbers"
        yield Note("derived_levels", f"Levels derived from {how} (marked *): {levels}.")
    if rates := _years(known, shown, "growth_derived"):
        yield Note("computed_growth", f"Growth computed from the levels, as none is published (marked *): {rates}.")
    for entry in known:
        yield from _of_breaks(entry, shown, base)
        yield from _of_disagreement(entry, shown)
        if entry.series.measure == "rate":
            text = f"{entry.series.label} is a share: its growth is relative, not in percentage points."
            yield Note("relative_growth", text)
        notes = (*entry.doubts, *on_parts(entry.series), *on_publication(entry.series, as_of))
        yield from (note.about(entry.series.label) for note in notes)


def _years(known: Sequence[KnownGrowth], shown: Sequence[int], derived: str) -> str:
    """The shown years in which the level or the growth of each series is derived; empty where none is."""
    by_series = (
        (entry.series.label, [year for year in shown if getattr(entry.point(year, None), derived)]) for entry in known
    )
    return "; ".join(f"{name} {spans(years)}" for name, years in by_series if years)


def _of_breaks(entry: KnownGrowth, shown: Sequence[int], base: int | None) -> Iterator[Note]:
    caveat = f" ({entry.series.caveat})" if entry.series.caveat else ""
    for year in entry.series.breaks:
        if shown[0] <= year <= shown[-1]:
            published = f"; the growth of {year} is as published" if year in entry.published else ""
            text = f"{year} is the first year of {entry.series.label} on a new basis: nothing is computed across it"
            before = base is not None and base < year and base in entry.levels
            advice = f"{option('base', year)} indexes the new basis." if before else ""
            yield Note("basis_change", f"{text}{caveat}{published}.", advice=advice)


def _of_disagreement(entry: KnownGrowth, shown: Sequence[int]) -> Iterator[Note]:
    apart = {}
    for year in shown:
        levels = entry.of_levels(year)
        if year in entry.published and levels is not None and abs(levels - entry.published[year]) > TOLERANCE_PCT:
            apart[year] = levels
    if apart:
        worst = max(apart, key=lambda year: abs(apart[year] - entry.published[year]))
        yield Note(
            "growth_of_levels",
            f"Published growth of {entry.series.label} and growth of its levels differ by more than {TOLERANCE_PCT:g} "
            f"points in {spans(apart)}, most in {worst}: {entry.published[worst]:+.1f} % published, "
            f"{apart[worst]:+.1f} % by the levels. The index follows the levels.",
            warning=any(level.place for level in entry.levels.values()),
        )


def _definitions(known: Sequence[KnownGrowth]) -> Iterator[Note]:
    """Series that are definitions of one market, with how far apart they are."""
    for entry, other in _related(known):
        year, apart = max(entry.levels.keys() & other.levels.keys(), default=0), ""
        if year and entry.series.unit == other.series.unit and entry.levels[year].value > 0:
            ours, theirs = entry.levels[year].value, other.levels[year].value
            amounts = f"{number(ours)} and {number(theirs)} {entry.series.unit} in {year}"
            apart = f": {amounts}, {theirs / ours:.2f} times as much"
        text = (
            f"{entry.series.label} and {other.series.label} are two definitions of one market and never joined{apart}."
        )
        yield Note("definitions", text)


def _related(known: Sequence[KnownGrowth]) -> Iterator[tuple[KnownGrowth, KnownGrowth]]:
    """Pairs of which one names the other, in the order of the series."""
    places = {entry.series.id: place for place, entry in enumerate(known)}
    pairs = {
        (min(place, places[name]), max(place, places[name]))
        for place, entry in enumerate(known)
        for name in entry.series.related
        if name in places and places[name] != place
    }
    for first, second in sorted(pairs):
        yield known[first], known[second]
