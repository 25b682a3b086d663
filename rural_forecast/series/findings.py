"""Values that are most likely wrong, and the check: a `note` to know of, a `warning` to look at, or
an `error`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import log
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from rural_forecast.errors import NOWHERE, Place
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import Conflict, conflicts, preferred
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Severity = Literal["note", "warning", "error"]
# Largest difference of a level and the one that the next year's growth implies, without a note.
TOLERANCE_PCT = 1.5
# Codes of notes that are findings about values.
OF_VALUES = ("jump", "fall", "part", "more_findings", "conflict")
MOST_NAMED = 3  # findings with a note of their own


class Finding(NamedTuple):
    """One thing to know of a series."""

    code: str
    period: Period | None  # None where it concerns the whole series
    text: str  # words that follow a period on a line: no capital letter, no full stop
    severity: Severity
    place: Place = NOWHERE  # where in the file; empty where it concerns the whole series
    size: float = 0.0  # how far apart the numbers are, in percent

    @property
    def note(self) -> Note:
        """The finding as a warning of a forecast."""
        text = self.text + ("" if self.text.endswith("?") else ".")
        return Note(self.code, text, warning=True, subject=str(self.period or ""))


def doubts(
    series: Series, used: Mapping[int, Observation], known: Iterable[Observation]
) -> Iterator[Note]:
    """Yield notes on values that are most likely wrong, of the years that a forecast uses, by
    period.
    """
    parts = (seen for seen in known if not seen.period.is_year and seen.period.year in used)
    values = {Period(year): seen for year, seen in used.items()} | preferred(parts, series.sources)
    found = in_order((*jumps_of(series, values), *parts_of(series, values)))
    yield from (finding.note for finding in found[:MOST_NAMED])
    if len(found) > MOST_NAMED:
        more = f"{len(found) - MOST_NAMED} more values need a look."
        yield Note(
            "more_findings", more, warning=True, advice="'rural-forecast series check' lists them."
        )


def in_order(found: Iterable[Finding]) -> list[Finding]:
    """Findings by period; those on the whole series first."""
    return sorted(found, key=lambda finding: finding.period or Period(0, 1, 1))


def jumps_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Values that do not fit their neighbours, and falls of more than half."""
    years = {period.year: seen for period, seen in sorted(values.items()) if period.is_year}
    if series.measure == "growth" or len(years) < 2:
        return
    numbers = {year: float(seen.value) for year, seen in years.items()}
    linked = [year - 1 in years and year not in series.breaks for year in years]
    odd = jumps(np.array(list(numbers.values())), np.array([0, len(years)]), np.array(linked))
    for at, kind, power, up in zip(*(column.tolist() for column in odd), strict=True):
        year = list(years)[at]
        yield jump(kind, power, up=up, year=year, values=numbers)._replace(place=years[year].place)


def jump(kind: int, power: int, *, up: bool, year: int, values: Mapping[int, float]) -> Finding:
    """A jump of `jumps` as a finding; `values` holds the neighbours that there are."""
    value = number(values[year])
    if kind == FALL:
        before = f"{number(values[year - 1])} ({year - 1})"
        text = f"{value} is less than half of {before}: a part of the year, or a new basis?"
        return Finding("fall", Period(year), text, "warning")
    if kind == UNIT:
        size = f"{10**power:,} times" if up else f"1/{10**power:,} of"
        text = f"from here on the values are about {size} those before: another unit?"
    else:
        around = " and ".join(
            f"{number(values[near])} ({near})" for near in (year - 1, year + 1) if near in values
        )
        why = (
            "a slip of the decimal point"
            if power == 1
            else "another unit, or a slip of the decimal point"
        )
        text = f"{value} does not fit {around}: {why}?"
    return Finding("jump", Period(year), text, "error")


def parts_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """A part of a year that is larger than the year."""
    if series.measure != "flow":
        return
    for period, seen in values.items():
        year = values.get(Period(period.year))
        if year and not period.is_year and year.value >= 0 and seen.value > year.value:
            text = f"{number(seen.value)} is more than {number(year.value)} for the whole of {period.year}"
            yield Finding("part", period, text, "error", seen.place)


def conflicts_of(
    found: Iterable[Conflict], kind: str = "", *, named: bool = True
) -> Iterator[Finding]:
    """Values of one period that differ between sources, which are `named`; `kind`: `growth: ` for
    growth.
    """
    for conflict in found:
        close = conflict.is_rounding or (kind and conflict.width < 1)
        values = f"from {number(conflict.low)} to {number(conflict.high)}"
        if named:
            values = "; ".join(
                f"{seen.qualifier.removeprefix('=')}{number(seen.value)} ({seen.source or 'no source'})"
                for seen in conflict.values
            )
        text = f"{kind}{values}: spread {conflict.spread_pct:.2g} %, {number(conflict.chosen.value)} is used"
        severity: Severity = "note" if close else "warning"
        yield Finding(
            "conflict", conflict.period, text, severity, conflict.chosen.place, conflict.spread_pct
        )


def growth_of(
    levels: Mapping[Period, Observation],
    rates: Mapping[Period, Observation],
    breaks: Collection[int] = (),
) -> Iterator[Finding]:
    """Published growth that does not fit the published levels, by how far the base that it implies
    is off.
    """
    for period, rate in rates.items():
        level = levels.get(period)
        base = levels.get(period.shifted(-1))
        if level is None or base is None or base.derived or base.value <= 0 or rate.value <= -100:
            continue
        implied = level.value / (1 + rate.value / 100)
        gap = 100 * (implied / base.value - 1)
        is_break = period.year in breaks
        if abs(gap) > TOLERANCE_PCT:
            text = (
                f"{number(level.value)} and the published growth of {rate.value:+g} % imply "
                f"{number(round(implied, 1))} for {base.period}, {abs(gap):.1f} % {'above' if gap > 0 else 'below'} "
                f"the {'more than ' if base.qualifier == '>' else ''}{number(base.value)} published"
                f"{f'; the basis changes in {period.year}' if is_break else ''}"
            )
            yield Finding(
                "growth", period, text, "note" if is_break else "warning", level.place, abs(gap)
            )


def in_one(
    found: Iterable[Finding], lead: str, *, of_file: bool, advice: str = ""
) -> Iterator[Note]:
    """One note on findings of one kind: their years, and the widest of them; a warning on a file's
    own numbers.
    """
    if every := [*found]:
        worst = max(every, key=lambda finding: finding.size)
        most = f", most in {worst.period}" if len(every) > 1 else ""
        years = spans(finding.period.year for finding in every if finding.period)
        warning = of_file and any(finding.severity != "note" for finding in every)
        yield Note(
            worst.code, f"{lead} in {years}{most}: {worst.text}.", warning=warning, advice=advice
        )


# The check of a series


def check(series: Series, *, allow_gaps: bool = False) -> tuple[Finding, ...]:
    """Find all that is doubtful, by period; findings on the whole series first. Gaps that are
    allowed are a note.
    """
    mistyped = (
        str(note).removesuffix(".") for note in series.reading_notes if note.code == "mistyped_year"
    )
    found = [Finding("reading", None, text, "warning") for text in mistyped]
    values = preferred(series.observations, series.sources)
    if not values:
        return (*found, Finding("empty", None, "has no value that is not a forecast", "warning"))
    caveat = f" ({series.caveat})" if series.caveat else ""
    for year in series.breaks:
        text = f"{year} is the first year on a new basis; nothing is computed across it{caveat}"
        found.append(Finding("break", Period(year), text, "note"))
    rates = preferred(series.growth, series.sources)
    found += _gaps(series, values, allowed=allow_gaps)
    found += conflicts_of(conflicts(series.observations, values))
    found += conflicts_of(conflicts(series.growth, rates), "growth: ")
    found += growth_of(values, rates, series.breaks)
    for period, seen in values.items():
        if seen.qualifier in "<>":
            bound = "a floor (more than)" if seen.qualifier == ">" else "an upper figure (up to)"
            found.append(
                Finding(
                    "floor",
                    period,
                    f"{number(seen.value)} is {bound}, not a point",
                    "note",
                    seen.place,
                )
            )
        if seen.doubtful:
            text = f"{number(seen.value)}: {seen.note or 'marked as doubtful'}"
            found.append(Finding("slip", period, text, "note", seen.place))
    return tuple(in_order((*found, *jumps_of(series, values), *parts_of(series, values))))


def _gaps(
    series: Series, values: Mapping[Period, Observation], *, allowed: bool
) -> Iterator[Finding]:
    if series.measure == "growth":
        return
    years = {period.year for period in values if period.is_year}
    if not years:
        yield Finding("gap", None, "has no value of a whole year", "warning")
        return
    growth = {
        seen.period.year
        for seen in series.growth
        if seen.period.is_year and seen.status != "forecast"
    }
    missing = [year for year in range(min(years), max(years)) if year not in years]
    derivable = [
        year for year in missing if year + 1 in years & growth and year + 1 not in series.breaks
    ]
    for year in derivable:
        yield Finding(
            "gap", Period(year), f"no value for {year}; the growth of {year + 1} gives it", "note"
        )
    if lost := [year for year in missing if year not in derivable]:
        text = f"no value for {spans(lost)}; only the years after the last gap can be used"
        after = values[Period(min(year for year in years if year > lost[0]))]
        yield Finding("gap", Period(lost[0]), text, "note" if allowed else "warning", after.place)


# The kernel that finds values out of line

# A value this many times ten, a hundred or a thousand of its neighbours looks like a slip.
NEAR = (0.7, 1.4)
# How far a value lies off each of its neighbours, as a logarithm, before it can be such a slip.
LEAST = log(3)
# Out by a power of ten; all from one on; less than half of the one before.
SLIP = 1
UNIT = 2
FALL = 3


class Jumps(NamedTuple):
    """Points that do not fit their neighbours, in order."""

    position: Integers  # in the flat array
    kind: Integers
    power: Integers  # the power of ten, up or down; 0 for a fall
    up: Flags  # True if the value is higher than the one before


def jumps(values: Array, offsets: Integers, linked: Flags | None = None) -> Jumps:
    """The points that do not fit, of series i in `values[offsets[i]:offsets[i + 1]]`, one or many.

    `linked`: True for a point that follows the one before by a year, on the same basis; all do
    where left out.
    """
    before = values[:-1]
    now = values[1:]
    with np.errstate(over="ignore"):
        candidate = (before > 0) & ((now > 2.9 * before) | (now < 0.5 * before))
    candidate[offsets[1:-1] - 1] = False
    places = np.flatnonzero(candidate)
    if not len(places):
        return Jumps(places, places, places, np.empty(0, dtype=np.bool_))
    chosen = np.unique(np.searchsorted(offsets, places + 1, side="right") - 1)
    lengths = np.diff(offsets)[chosen]
    part = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(offsets[chosen] - part[:-1], lengths) + np.arange(part[-1])
    follows = np.ones(len(at), dtype=np.bool_) if linked is None else linked[at]
    follows[part[:-1]] = False
    odd = _examined(values[at], part, follows)
    return odd._replace(position=at[odd.position])


def _examined(values: Array, offsets: Integers, follows: Flags) -> Jumps:
    """As `jumps`, for series that have a candidate each."""
    lengths = np.diff(offsets)
    positive = values > 0
    known = follows & positive & np.roll(positive, 1)
    logarithms = np.log(np.where(positive, values, 1.0))
    step = np.where(known, logarithms - np.roll(logarithms, 1), 0.0)
    known_next = np.roll(known, -1)
    step_next = np.roll(step, -1)
    wild = known & (abs(step) >= log(2))

    def in_series(flags: Flags) -> Integers:
        return np.repeat(np.add.reduceat(flags.astype(np.int64), offsets[:-1]), lengths)

    others = in_series(known) - 1 > 1
    calm = others & (in_series(wild) == wild)
    calm_next = others & (in_series(wild) == np.roll(wild, -1))
    both = known & known_next
    spike = both & ((np.minimum(step, -step_next) > LEAST) | (np.minimum(-step, step_next) > LEAST))
    power = np.where(spike, _power((step - step_next) / 2), 0)
    power = np.where(known & ~known_next & calm, _power(step), power)
    power = np.where(~known & known_next & calm_next, _power(step_next), power)
    slip = power > 0
    step_power = _power(step)
    unit = both & ~spike & (step_power > 1) & np.roll(known, 1) & calm
    previous = np.roll(values, 1)
    fall = follows & (previous > 0) & (values < 0.5 * previous) & (in_series(values < 0) == 0)
    fall &= ~(slip | unit | np.roll(slip, 1))
    kind = np.where(slip, SLIP, np.where(unit, UNIT, np.where(fall, FALL, 0)))
    at = np.flatnonzero(kind)
    return Jumps(at, kind[at], np.where(unit, step_power, power)[at], (step > 0)[at])


def _power(step: Array) -> Integers:
    """The powers of ten that ratios, or their inverses, are near; 0 for none."""
    power = np.rint(abs(step) / log(10))
    low, high = (log(bound) for bound in NEAR)
    off = abs(step) - power * log(10)
    return np.where((low <= off) & (off <= high), power, 0).astype(np.int64)
