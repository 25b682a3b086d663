"""What is doubtful about a series: gaps, conflicts, slips, levels that do not fit the published growth.

A `note` is a property to know of (a break, a floor, a conflict within rounding); a `warning` needs a look; an `error`
is most likely wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log
from typing import Literal, NamedTuple

from rural_forecast.series.basis import TOLERANCE_PCT, implied_gap_pct
from rural_forecast.series.definitions import mixed
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period, conflicts, prefer
from rural_forecast.series.wording import number, spans

Severity = Literal["note", "warning", "error"]
Code = Literal["reading", "break", "gap", "conflict", "growth", "floor", "slip", "jump", "part", "definition", "empty"]

ROUNDING_PCT = 1.0
"""Conflicts within this spread are a note: sources that round."""
NEAR = (0.7, 1.4)
"""A value this many times ten, a hundred or a thousand of its neighbours, up or down, looks like a slip."""

LEAST = log(3)
"""How far a value stands off each of its neighbours, as a logarithm, before it can be such a slip."""


class Finding(NamedTuple):
    """One thing to know of a series."""

    code: Code
    period: Period | None
    """None where it concerns the whole series."""
    text: str
    severity: Severity


class GrowthCheck(NamedTuple):
    """A level and its published growth, held against the level a year before."""

    period: Period
    level: float
    growth_pct: float
    base: Observation
    implied: float
    """The base that level and growth imply."""
    gap_pct: float
    """How far the implied base lies above the published one, in percent."""
    across_break: bool


def check(series: Series, *, allow_gaps: bool = False) -> tuple[Finding, ...]:
    """Everything doubtful, by period; what concerns the whole series comes first. Gaps that are allowed are a note."""
    values = {period: prefer(given, series.sources) for period, given in by_period(series.observations).items()}
    if not values:
        empty = Finding("empty", None, "has no value that is not a forecast", "warning")
        return (*_reading(series), empty)
    found = [
        *_reading(series),
        *_breaks(series),
        *_gaps(series, values, allowed=allow_gaps),
        *_conflicts(series),
        *_growth(series),
        *_single(values),
        *_jumps(series, values),
        *_parts(series, values),
        *_definitions(series),
    ]
    return tuple(sorted(found, key=lambda one: one.period or Period(0, 1, 1)))


def growth_checks(series: Series) -> tuple[GrowthCheck, ...]:
    """Every level with a published growth and a published level a year before, by period.

    A base that is itself derived from the growth would agree by arithmetic alone, so derived bases are passed over.
    """
    values = {period: prefer(given, series.sources) for period, given in by_period(series.observations).items()}
    found = []
    for period, given in by_period(series.growth).items():
        growth = prefer(given, series.sources).value
        base = values.get(period.shifted(-1))
        if period not in values or base is None or base.derived or base.value <= 0 or growth <= -100:
            continue
        level = values[period].value
        found.append(
            GrowthCheck(
                period=period,
                level=level,
                growth_pct=growth,
                base=base,
                implied=level / (1 + growth / 100),
                gap_pct=implied_gap_pct(level, growth, base.value),
                across_break=period.year in series.breaks,
            )
        )
    return tuple(found)


def _reading(series: Series) -> Iterator[Finding]:
    """Heads left out that most likely are years of the series; the notes of the reader name whatever else is."""
    for note in series.reading_notes:
        if note.code == "mistyped_year":
            yield Finding("reading", None, note.rstrip("."), "warning")


def _breaks(series: Series) -> Iterator[Finding]:
    for year in series.breaks:
        text = f"{year} is the first year on a new basis; nothing is computed across it"
        yield Finding("break", Period(year), f"{text} ({series.caveat})" if series.caveat else text, "note")


def _gaps(series: Series, values: Mapping[Period, Observation], *, allowed: bool) -> Iterator[Finding]:
    if series.measure == "growth":
        return
    years = {period.year for period in values if period.is_year}
    if not years:
        yield Finding("gap", None, "has no value of a whole year", "warning")
        return
    growth = {period.year for period in by_period(series.growth) if period.is_year}
    missing = [year for year in range(min(years), max(years)) if year not in years]
    derivable = [year for year in missing if year + 1 in years & growth and year + 1 not in series.breaks]
    lost = [year for year in missing if year not in derivable]
    for year in derivable:
        text = f"no value for {year}; the growth published for {year + 1} gives it"
        yield Finding("gap", Period(year), text, "note")
    if lost:
        text = f"no value for {spans(lost)}; models use the years after the last gap"
        yield Finding("gap", Period(lost[0]), text, "note" if allowed else "warning")


def _conflicts(series: Series) -> Iterator[Finding]:
    for kind, observations in (("", series.observations), ("growth: ", series.growth)):
        for one in conflicts(observations, series.sources):
            points = [seen.value for seen in one.values if not seen.doubtful]
            width = max(points) - min(points)
            size = abs(one.chosen.value)
            close = width <= size * ROUNDING_PCT / 100 or (bool(kind) and width < 1)
            given = "; ".join(
                f"{'' if seen.qualifier == '=' else seen.qualifier}{number(seen.value)} ({seen.source or 'no source'})"
                for seen in one.values
            )
            text = f"{kind}{given}: spread {one.spread_pct:.2g} %, {number(one.chosen.value)} is used"
            yield Finding("conflict", one.period, text, "note" if close else "warning")


def _growth(series: Series) -> Iterator[Finding]:
    for one in growth_checks(series):
        if abs(one.gap_pct) <= TOLERANCE_PCT:
            continue
        base = f"{'more than ' if one.base.qualifier == '>' else ''}{number(one.base.value)}"
        side = "above" if one.gap_pct > 0 else "below"
        text = (
            f"{number(one.level)} and the published growth of {one.growth_pct:+g} % imply "
            f"{number(round(one.implied, 1))} for {one.period.shifted(-1)}, {abs(one.gap_pct):.1f} % {side} the {base} "
            "published"
        )
        if one.across_break:
            yield Finding("growth", one.period, f"{text}; the basis changes in {one.period.year}", "note")
        else:
            yield Finding("growth", one.period, text, "warning")


def _single(values: Mapping[Period, Observation]) -> Iterator[Finding]:
    for period, one in values.items():
        if one.qualifier in "<>":
            what = "a floor (more than)" if one.qualifier == ">" else "an upper figure (up to)"
            yield Finding("floor", period, f"{number(one.value)} is {what}, not a point", "note")
        if one.doubtful:
            yield Finding("slip", period, f"{number(one.value)}: {one.note or 'marked as doubtful'}", "note")


def _jumps(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """A value about ten, a hundred or a thousand times, or a part of, what its neighbours would have it.

    At an end it is said when all else is calm, and so is a factor between all values before a year and all from it on.
    Steps are differences of logarithms, for a ratio of two values may be more or less than a number holds.
    """
    if series.measure == "growth":
        return
    years = {period.year: one for period, one in values.items() if period.is_year and one.value > 0}
    steps = {
        year: log(one.value) - log(years[year - 1].value)
        for year, one in years.items()
        if year - 1 in years and year not in series.breaks
    }
    for year, one in years.items():
        before, after = steps.get(year), steps.get(year + 1)
        if before is not None and after is not None:
            spike = min(before, -after) > LEAST or min(-before, after) > LEAST
            power = _power((before - after) / 2) if spike else 0
            if not spike and _power(before) > 1 and year - 1 in steps and _calm(steps, year):
                size = f"{10 ** _power(before):,} times" if before > 0 else f"1/{10 ** _power(before):,} of"
                text = f"from here on the values are about {size} those before: another unit?"
                yield Finding("jump", one.period, text, "error")
        elif before is not None or after is not None:
            power = _power(before or after or 0.0) if _calm(steps, year, year + 1) else 0
        else:
            power = 0
        if power:
            around = " and ".join(f"{number(years[y].value)} ({y})" for y in (year - 1, year + 1) if y in years)
            why = "a slip of the decimal point" if power == 1 else "another unit, or a slip of the decimal point"
            yield Finding("jump", one.period, f"{number(one.value)} stands beside {around}: {why}?", "error")


def _power(step: float) -> int:
    """The power of ten that a ratio, or its inverse, is near; 0 for none."""
    power = round(abs(step) / log(10))
    low, high = (log(bound) for bound in NEAR)
    return power if low <= abs(step) - power * log(10) <= high else 0


def _calm(steps: Mapping[int, float], *aside: int) -> bool:
    """Whether two or more other steps are there, and none of them doubles or halves."""
    others = [step for year, step in steps.items() if year not in aside]
    return len(others) > 1 and all(abs(step) < log(2) for step in others)


def _parts(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """A part of a year that is larger than the year."""
    if series.measure != "flow":
        return
    for period, one in values.items():
        year = values.get(Period(period.year))
        if year and not period.is_year and year.value >= 0 and one.value > year.value:
            text = f"{number(one.value)} is more than {number(year.value)} for the whole of {period.year}"
            yield Finding("part", period, text, "error")


def _definitions(series: Series) -> Iterator[Finding]:
    """Years of one definition of a market followed by years of another."""
    found = mixed(series)
    if found is not None:
        yield Finding("definition", Period(min(found.second)), found.sentence, "warning")
