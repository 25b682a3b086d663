"""The check of a series: gaps, conflicts, slips, falls, levels that do not fit the published growth.

A `note` is a property to know of (a break, a floor, a conflict within rounding); a `warning` needs a look; an `error`
is most likely wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rural_forecast.series.basis import disagreements
from rural_forecast.series.findings import Finding, Severity, in_order, jumps_of, parts_of
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import conflicts, is_rounding, preferred
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans


def check(series: Series, *, allow_gaps: bool = False) -> tuple[Finding, ...]:
    """Find all that is doubtful, by period; findings on the whole series first. Gaps that are allowed are a note."""
    values = preferred(series.observations, series.sources)
    if not values:
        return (*_reading(series), Finding("empty", None, "has no value that is not a forecast", "warning"))
    return tuple(
        in_order(
            (
                *_reading(series),
                *_breaks(series),
                *_gaps(series, values, allowed=allow_gaps),
                *_conflicts(series),
                *_growth(series, values),
                *_single(values),
                *jumps_of(series, values),
                *parts_of(series, values),
            )
        )
    )


def _reading(series: Series) -> Iterator[Finding]:
    for note in series.reading_notes:
        if note.code == "mistyped_year":
            yield Finding("reading", None, str(note).removesuffix("."), "warning")


def _breaks(series: Series) -> Iterator[Finding]:
    caveat = f" ({series.caveat})" if series.caveat else ""
    for year in series.breaks:
        text = f"{year} is the first year on a new basis; nothing is computed across it{caveat}"
        yield Finding("break", Period(year), text, "note")


def _gaps(series: Series, values: Mapping[Period, Observation], *, allowed: bool) -> Iterator[Finding]:
    if series.measure == "growth":
        return
    years = {period.year for period in values if period.is_year}
    if not years:
        yield Finding("gap", None, "has no value of a whole year", "warning")
        return
    growth = {seen.period.year for seen in series.growth if seen.period.is_year and seen.status != "forecast"}
    missing = [year for year in range(min(years), max(years)) if year not in years]
    derivable = [year for year in missing if year + 1 in years & growth and year + 1 not in series.breaks]
    lost = [year for year in missing if year not in derivable]
    for year in derivable:
        text = f"no value for {year}; the growth published for {year + 1} gives it"
        yield Finding("gap", Period(year), text, "note")
    if lost:
        text = f"no value for {spans(lost)}; only the years after the last gap can be used"
        after = values[Period(min(year for year in years if year > lost[0]))]
        yield Finding("gap", Period(lost[0]), text, "note" if allowed else "warning", after.place)


def _conflicts(series: Series) -> Iterator[Finding]:
    for kind, observations in (("", series.observations), ("growth: ", series.growth)):
        for conflict in conflicts(observations, preferred(observations, series.sources)):
            close = is_rounding(conflict) or (kind and conflict.width < 1)
            values = "; ".join(
                f"{seen.qualifier.removeprefix('=')}{number(seen.value)} ({seen.source or 'no source'})"
                for seen in conflict.values
            )
            used = f"spread {conflict.spread_pct:.2g} %, {number(conflict.chosen.value)} is used"
            severity: Severity = "note" if close else "warning"
            yield Finding("conflict", conflict.period, f"{kind}{values}: {used}", severity, conflict.chosen.place)


def _growth(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    rates = preferred(series.growth, series.sources)
    for period, gap in disagreements(values, rates).items():
        level, before, growth = values[period], period.shifted(-1), rates[period].value
        implied, base = number(round(level.value / (1 + growth / 100), 1)), values[before]
        text = (
            f"{number(level.value)} and the published growth of {growth:+g} % imply {implied} for {before}, "
            f"{abs(gap):.1f} % {'above' if gap > 0 else 'below'} the {'more than ' if base.qualifier == '>' else ''}"
            f"{number(base.value)} published"
        )
        if period.year in series.breaks:
            yield Finding("growth", period, f"{text}; the basis changes in {period.year}", "note", level.place)
        else:
            yield Finding("growth", period, text, "warning", level.place)


def _single(values: Mapping[Period, Observation]) -> Iterator[Finding]:
    for period, seen in values.items():
        if seen.qualifier in "<>":
            bound = "a floor (more than)" if seen.qualifier == ">" else "an upper figure (up to)"
            yield Finding("floor", period, f"{number(seen.value)} is {bound}, not a point", "note", seen.place)
        if seen.doubtful:
            text = f"{number(seen.value)}: {seen.note or 'marked as doubtful'}"
            yield Finding("slip", period, text, "note", seen.place)
