"""What is to be known of the growth of several series: where numbers are ours, breaks, and numbers that disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from rural_forecast.notes import Note
from rural_forecast.series.basis import TOLERANCE_PCT
from rural_forecast.series.history_notes import of_parts, of_publication
from rural_forecast.series.known_growth import KnownGrowth


def notes_of(
    known: Sequence[KnownGrowth], shown: Sequence[int], base: int | None, as_of: date | None
) -> Iterator[Note]:
    """What to know of the series that are shown."""
    yield from dict.fromkeys(note for entry in known for note in entry.series.reading_notes)
    yield from _definitions(known)
    if levels := _years(known, shown, lambda entry, year: year in entry.levels and entry.levels[year].derived):
        yield Note("derived_levels", {"years": levels})
    if rates := _years(known, shown, lambda entry, year: entry.growth(year)[1]):
        yield Note("computed_growth", {"years": rates})
    for entry in known:
        yield from _of_breaks(entry, shown, base)
        yield from _of_disagreement(entry, shown)
        if entry.series.measure == "rate":
            yield Note("relative_growth", {"name": entry.series.label})
        notes = (*entry.doubts, *of_parts(entry.series), *of_publication(entry.series, as_of))
        yield from (note.about(entry.series.label) for note in notes)


def _years(
    known: Sequence[KnownGrowth], shown: Sequence[int], wanted: Callable[[KnownGrowth, int], bool]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The shown years in which each series is as wanted, for series that have any."""
    found = ((entry.series.label, tuple(year for year in shown if wanted(entry, year))) for entry in known)
    return tuple((name, years) for name, years in found if years)


def _of_breaks(entry: KnownGrowth, shown: Sequence[int], base: int | None) -> Iterator[Note]:
    for year in entry.series.breaks:
        if shown[0] <= year <= shown[-1]:
            fields = {
                "year": year,
                "name": entry.series.label,
                "caveat": entry.series.caveat,
                "published": year in entry.published,
                "base": base is not None and base < year and base in entry.levels,
            }
            yield Note("basis_change", fields)


def _of_disagreement(entry: KnownGrowth, shown: Sequence[int]) -> Iterator[Note]:
    apart = {}
    for year in shown:
        levels = entry.of_levels(year)
        if year in entry.published and levels is not None and abs(levels - entry.published[year]) > TOLERANCE_PCT:
            apart[year] = levels
    if apart:
        worst = max(apart, key=lambda year: abs(apart[year] - entry.published[year]))
        fields = {
            "name": entry.series.label,
            "years": tuple(apart),
            "worst": worst,
            "published": entry.published[worst],
            "computed": apart[worst],
        }
        yield Note("growth_of_levels", fields, warning=any(level.place for level in entry.levels.values()))


def _definitions(known: Sequence[KnownGrowth]) -> Iterator[Note]:
    """Series that are definitions of one market, with how far apart they are."""
    for entry, other in _related(known):
        year = max(entry.levels.keys() & other.levels.keys(), default=0)
        ours, theirs = (side.levels[year].value if year else None for side in (entry, other))
        comparable = entry.series.unit == other.series.unit and ours is not None and ours > 0
        fields = {
            "first": entry.series.label,
            "second": other.series.label,
            "year": year,
            "ours": ours if comparable else None,
            "theirs": theirs,
            "unit": entry.series.unit,
        }
        yield Note("definitions", fields)


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
