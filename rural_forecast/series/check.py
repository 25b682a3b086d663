"""What is doubtful about a series: gaps, conflicts, slips, falls, levels that do not fit the published growth.

A `note` is a property to know of (a break, a floor, a conflict within rounding); a `warning` needs a look; an `error`
is most likely wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rural_forecast.notes import Note
from rural_forecast.series.basis import TOLERANCE_PCT, implied_gap_pct
from rural_forecast.series.definitions import mixed
from rural_forecast.series.findings import Finding, Severity, jumps_of, parts_of
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import conflicts, is_rounding, preferred


def check(series: Series, *, allow_gaps: bool = False) -> tuple[Finding, ...]:
    """Everything doubtful, by period; what concerns the whole series comes first. Gaps that are allowed are a note."""
    values = preferred(series.observations, series.sources)
    if not values:
        empty = Finding("empty", None, Note("no_value"), "warning")
        return (*_reading(series), empty)
    findings = [
        *_reading(series),
        *_breaks(series),
        *_gaps(series, values, allowed=allow_gaps),
        *_conflicts(series),
        *_growth(series, values),
        *_single(values),
        *jumps_of(series, values),
        *parts_of(series, values),
        *mixed(series),
    ]
    return tuple(sorted(findings, key=lambda finding: finding.period or Period(0, 1, 1)))


def _reading(series: Series) -> Iterator[Finding]:
    """Heads left out that most likely are years of the series; the notes of the reader name whatever else is."""
    for note in series.reading_notes:
        if note.code == "mistyped_year":
            yield Finding("reading", None, note, "warning")


def _breaks(series: Series) -> Iterator[Finding]:
    for year in series.breaks:
        note = Note("new_basis", {"year": year, "caveat": series.caveat})
        yield Finding("break", Period(year), note, "note")


def _gaps(series: Series, values: Mapping[Period, Observation], *, allowed: bool) -> Iterator[Finding]:
    if series.measure == "growth":
        return
    years = {period.year for period in values if period.is_year}
    if not years:
        yield Finding("gap", None, Note("no_whole_year"), "warning")
        return
    growth = {obs.period.year for obs in series.growth if obs.period.is_year and obs.status != "forecast"}
    missing = [year for year in range(min(years), max(years)) if year not in years]
    derivable = [year for year in missing if year + 1 in years & growth and year + 1 not in series.breaks]
    lost = [year for year in missing if year not in derivable]
    for year in derivable:
        yield Finding("gap", Period(year), Note("derivable_year", {"year": year}), "note")
    if lost:
        note = Note("missing_years", {"years": tuple(lost)})
        after = values[Period(min(year for year in years if year > lost[0]))]
        yield Finding("gap", Period(lost[0]), note, "note" if allowed else "warning", after.place)


def _conflicts(series: Series) -> Iterator[Finding]:
    for growth, observations in ((False, series.observations), (True, series.growth)):
        for conflict in conflicts(observations, preferred(observations, series.sources)):
            close = is_rounding(conflict) or (growth and conflict.width < 1)
            fields = {
                "values": tuple((seen.qualifier, seen.value, seen.source) for seen in conflict.values),
                "spread_pct": conflict.spread_pct,
                "used": conflict.chosen.value,
                "growth": growth,
            }
            note = Note("differing_values", fields)
            yield Finding("conflict", conflict.period, note, "note" if close else "warning", conflict.chosen.place)


def _growth(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Levels that do not fit their published growth and the level a year before.

    A base that is itself derived from the growth would agree by arithmetic alone, so derived bases are passed over.
    """
    for period, rate in preferred(series.growth, series.sources).items():
        growth, base = rate.value, values.get(period.shifted(-1))
        if period not in values or base is None or base.derived or base.value <= 0 or growth <= -100:
            continue
        level, across_break = values[period].value, period.year in series.breaks
        gap_pct = implied_gap_pct(level, growth, base.value)
        if abs(gap_pct) <= TOLERANCE_PCT:
            continue
        fields = {
            "level": level,
            "growth_pct": growth,
            "implied": level / (1 + growth / 100),
            "period": str(period.shifted(-1)),
            "gap_pct": gap_pct,
            "base": base.value,
            "least": base.qualifier == ">",
            "new": period.year if across_break else 0,
        }
        severity: Severity = "note" if across_break else "warning"
        yield Finding("growth", period, Note("growth_against_level", fields), severity, values[period].place)


def _single(values: Mapping[Period, Observation]) -> Iterator[Finding]:
    for period, obs in values.items():
        if obs.qualifier in "<>":
            note = Note("bound", {"value": obs.value, "least": obs.qualifier == ">"})
            yield Finding("floor", period, note, "note", obs.place)
        if obs.doubtful:
            note = Note("doubtful", {"value": obs.value, "why": obs.note})
            yield Finding("slip", period, note, "note", obs.place)
