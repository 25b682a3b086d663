"""What is said of the growth of several series: where numbers are ours, breaks, and numbers that disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rural_forecast.notes import Note, about
from rural_forecast.series.basis import TOLERANCE_PCT
from rural_forecast.series.history_notes import of_parts, of_publication
from rural_forecast.series.known_growth import KnownGrowth
from rural_forecast.text.wording import number, spans


def notes_of(known: Sequence[KnownGrowth], shown: Sequence[int], base: int | None, as_of: date | None) -> Iterator[str]:
    """What to know of the series that are shown, one sentence each."""
    yield from dict.fromkeys(note for one in known for note in one.series.reading_notes)
    yield from _definitions(known)
    yield from _gathered(
        "Levels derived from the next year's published growth, or from other published numbers",
        {
            one.series.label: [year for year in shown if year in one.levels and one.levels[year].derived]
            for one in known
        },
    )
    yield from _gathered(
        "Growth computed from the levels, as none is published",
        {one.series.label: [year for year in shown if one.growth(year)[1]] for one in known},
    )
    for one in known:
        yield from _of_breaks(one, shown, base)
        yield from _of_disagreement(one, shown)
        if one.series.measure == "rate":
            yield f"{one.series.label} is a share: its growth is relative, not in percentage points."
        said = (*one.doubts, *of_parts(one.series), *of_publication(one.series, as_of))
        yield from (about(one.series.label, note) for note in said)


def _gathered(what: str, years: Mapping[str, list[int]]) -> Iterator[str]:
    said = "; ".join(f"{name} {spans(found)}" for name, found in years.items() if found)
    if said:
        yield f"{what} (marked *): {said}."


def _of_breaks(one: KnownGrowth, shown: Sequence[int], base: int | None) -> Iterator[str]:
    for year in one.series.breaks:
        if shown[0] <= year <= shown[-1]:
            caveat = f" ({one.series.caveat})" if one.series.caveat else ""
            said = (
                f"{year} is the first year of {one.series.label} on a new basis: nothing is computed across it{caveat}"
            )
            if year in one.published:
                said += f"; the growth of {year} is as published"
            apart = base is not None and base < year and base in one.levels
            yield f"{said}; --base {year} indexes the new basis." if apart else f"{said}."


def _of_disagreement(one: KnownGrowth, shown: Sequence[int]) -> Iterator[str]:
    apart = {}
    for year in shown:
        levels = one.of_levels(year)
        if year in one.published and levels is not None and abs(levels - one.published[year]) > TOLERANCE_PCT:
            apart[year] = levels
    if apart:
        worst = max(apart, key=lambda year: abs(apart[year] - one.published[year]))
        yield Note(
            f"Published growth of {one.series.label} and growth of its levels differ by more than "
            f"{TOLERANCE_PCT:g} points in {spans(apart)}, most in {worst}: {one.published[worst]:+.1f} % "
            f"published, {apart[worst]:+.1f} % by the levels. The index follows the levels.",
            code="growth",
            warning=any(level.place for level in one.levels.values()),
        )


def _definitions(known: Sequence[KnownGrowth]) -> Iterator[str]:
    """Series that are definitions of one market, with how far apart they are."""
    for one, other in _related(known):
        names = f"{one.series.label} and {other.series.label}"
        common = sorted(one.levels.keys() & other.levels.keys())
        said = f"{names} are two definitions of one market and never joined"
        if common and one.series.unit == other.series.unit and one.levels[common[-1]].value > 0:
            ours, theirs = (side.levels[common[-1]].value for side in (one, other))
            said += f": {number(ours)} and {number(theirs)} {one.series.unit} in {common[-1]}"
            said += f", {theirs / ours:.2f} times as much"
        yield f"{said}."


def _related(known: Sequence[KnownGrowth]) -> Iterator[tuple[KnownGrowth, KnownGrowth]]:
    """Pairs of which one names the other, in the order of the series."""
    places = {one.series.id: place for place, one in enumerate(known)}
    pairs = {
        (min(place, places[name]), max(place, places[name]))
        for place, one in enumerate(known)
        for name in one.series.related
        if name in places and places[name] != place
    }
    for first, second in sorted(pairs):
        yield known[first], known[second]
