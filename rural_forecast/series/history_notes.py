"""What is to be known of a history, as notes; none where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rural_forecast.notes import Note, of_code
from rural_forecast.series.basis import TOLERANCE_PCT, implied_gap_pct
from rural_forecast.series.findings import of_values as of_values_used
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import Conflict, is_rounding
from rural_forecast.series.whole_years import parts_in

if TYPE_CHECKING:
    from rural_forecast.series.selection import SetAside

FINDINGS = ("jump", "fall", "part", "more_findings", "conflict")
"""Codes of notes on what the check finds wrong with levels."""
MOST_DOUBTS = 3
"""Findings with a note of their own."""
MOST_CONFLICTS = 4
"""Conflicts that are named one by one."""


def of_publication(series: Series, as_of: date | None) -> Iterator[Note]:
    """What `as_of` leaves out."""
    if as_of is not None:
        dates = [obs.published_latest for obs in (*series.observations, *series.growth) if obs.status != "forecast"]
        later = sum(day is not None and day > as_of for day in dates)
        yield Note("vintage", {"as_of": as_of, "later": later, "undated": dates.count(None)})


def of_parts(series: Series) -> Iterator[Note]:
    """Which values of a file are of parts of a year, which no annual model uses."""
    named = [part for note in of_code(series.reading_notes, "open_year") for part in note.fields["parts"]]
    parts = dict.fromkeys(str(seen.period) for seen in parts_in(series) if str(seen.period) not in named)
    if series.file and parts:
        yield Note("parts_of_year", {"parts": tuple(parts)}, warning=True)


def of_segment(
    series: Series,
    start: int | None,
    end: int | None,
    used: Mapping[int, Observation],
    aside: Iterable[SetAside],
    gap: Sequence[int],
) -> Iterator[Note]:
    """Which years are used, and why not all."""
    by_reason: dict[str, list[int]] = {}
    for obs in aside:
        by_reason.setdefault(obs.why, []).append(obs.observation.period.year)
    if before := by_reason.get("break"):
        yield Note("earlier_basis", {"start": start, "unused": tuple(before), "caveat": series.caveat})
    if after := by_reason.get("new basis"):
        yield Note("later_basis", {"end": end, "unused": tuple(after)})
    if gap:
        unused = tuple(by_reason.get("gap", ()))
        yield Note("gap", {"missing": tuple(gap), "first": min(used), "unused": unused})


def of_values(used: Sequence[Observation], basis: str, published: Mapping[int, Observation]) -> Iterator[Note]:
    """Which values are derived, preliminary, estimated or not exact."""
    exact = [obs for obs in used if obs.period.year in published]
    if basis == "chained":
        last, first = used[-1], used[0]
        own = [obs.period.year + 1 for obs in used if obs.derivation and obs.derivation.how == "growth of the levels"]
        before = published.get(first.period.year)
        yield Note(
            "chained",
            {
                "last": (last.value, last.period.year),
                "first": (first.value, first.period.year),
                "own": tuple(own),
                "published": before.value if before else None,
            },
        )
        exact = [obs for obs in exact if not obs.derived]
    else:
        ours = [obs for obs in used if obs.period.year not in published]
        if ours:
            values = tuple((obs.period.year, obs.value, _how(obs)) for obs in ours)
            yield Note("derived", {"values": values})
        for status in ("preliminary", "estimate"):
            flagged = [obs for obs in exact if obs.status == status]
            if flagged:
                years = tuple(obs.period.year for obs in flagged)
                how = tuple(obs.note for obs in flagged) if any(obs.derived for obs in flagged) else ()
                yield Note(status, {"years": years, "how": how})
    for mark in "~><":
        marked = tuple((obs.value, obs.period.year) for obs in exact if obs.qualifier == mark)
        if marked:
            yield Note("inexact", {"qualifier": mark, "values": marked})


def of_doubts(series: Series, used: Mapping[int, Observation], known: Iterable[Observation]) -> Iterator[Note]:
    """What the check finds most likely wrong with the values used."""
    doubts = of_values_used(series, used, known)
    yield from (obs.note.about(str(obs.period)) for obs in doubts[:MOST_DOUBTS])
    if len(doubts) > MOST_DOUBTS:
        yield Note("more_findings", {"count": len(doubts) - MOST_DOUBTS}, warning=True)


def of_growth(
    used: Mapping[int, Observation], published: Mapping[int, Observation], rates: Mapping[int, Observation], basis: str
) -> Iterator[Note]:
    """In which years the published growth does not fit the published levels."""
    gaps = {
        year: implied_gap_pct(published[year].value, rates[year].value, published[year - 1].value)
        for year in used
        if year in rates and year - 1 in used and year in published and year - 1 in published
        if published[year - 1].value > 0
    }
    wide = {year: gap for year, gap in gaps.items() if abs(gap) > TOLERANCE_PCT}
    if wide:
        worst = max(wide, key=lambda year: abs(wide[year]))
        level, growth_pct = published[worst].value, rates[worst].value
        fields = {
            "years": tuple(wide),
            "worst": worst,
            "growth_pct": growth_pct,
            "level": level,
            "implied": level / (1 + growth_pct / 100),
            "before": published[worst - 1].value,
            "chained": basis == "chained",
        }
        yield Note("growth", fields, warning=basis != "chained" and not _is_shipped(published.values()))


def of_conflicts(conflicts: Sequence[Conflict]) -> Iterator[Note]:
    """Between what values the sources differ, and which one is used."""
    if conflicts:
        named = conflicts if len(conflicts) <= MOST_CONFLICTS else [max(conflicts, key=lambda obs: obs.spread_pct)]
        values = tuple((str(obs.period), obs.low, obs.high, obs.spread_pct, obs.chosen.value) for obs in named)
        close = all(map(is_rounding, conflicts)) or _is_shipped(seen for obs in conflicts for seen in obs.values)
        years = tuple(obs.period.year for obs in conflicts)
        yield Note("conflict", {"years": years, "values": values}, warning=not close)


def _is_shipped(values: Iterable[Observation]) -> bool:
    """Whether values are of the catalogue that ships: its disagreements are known, and nothing a user can mend."""
    return not any(obs.place for obs in values)


def _how(obs: Observation) -> str:
    """How a value is derived, as arithmetic."""
    return obs.derivation.arithmetic if obs.derivation else obs.note
