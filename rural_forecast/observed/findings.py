"""Values that are most likely wrong, and the check of a series.

A finding is a `note` to know of, a `warning` to look at, or an `error`. A forecast names the worst
of them as warnings; `series check` lists all. The last part of the file is a kernel over the
values of many series at once, which batches use too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise, starmap
from math import exp, log
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from rural_forecast.errors import NOWHERE, Place, command, option
from rural_forecast.notes import Note, of_code
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import Conflict, conflicts, preferred
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int64]"
Flags: TypeAlias = "NDArray[np.bool_]"
Severity = Literal["note", "warning", "error"]

TOLERANCE_PCT = 1.5
"""Largest difference of a level and the one that the next year's growth implies, without a note."""
OF_VALUES = ("jump", "fall", "part", "more_findings", "conflict")
"""Codes of notes that are findings about values."""
OF_ONE_SERIES = (*OF_VALUES, "growth")
"""Codes of notes on a series; other notes are on its file or on the question."""
FEWEST_OF_LEAP = 7
"""Values that tell a leap from growth, at least."""
LEAST_LEAP = 0.2
"""Least leap, as a logarithm, off the median growth."""
LEAST_RATIO = exp(0.9 * LEAST_LEAP)
"""Greatest growth factor over the least, below which none is a leap, with a margin for rounding."""
CALM = 4.0
"""How much farther off it is than any other growth. Of 40,000 series of the training parts 1 to 2 %
have such a leap, of new technologies 4 to 6 %.
"""
MOST_NAMED = 3
"""Findings that have a note of their own in a forecast."""


class Leaps(NamedTuple):
    """The leaps of whole levels in many series."""

    series: Integers  # index of each series with one, in order
    position: Integers  # of the first value after it, in the series


class Finding(NamedTuple):
    """One thing to know of a series."""

    code: str
    period: Period | None  # None if it concerns the whole series
    text: str  # words that follow a period on a line: no capital letter, no full stop
    severity: Severity
    place: Place = NOWHERE  # in the file; empty if it concerns the whole series
    size: float = 0.0  # how far apart the numbers are, in percent

    @property
    def note(self) -> Note:
        """The finding as a warning of a forecast."""
        stop = "" if self.text.endswith("?") else "."
        return Note(self.code, self.text + stop, warning=True, subject=str(self.period or ""))


def doubts(
    series: Series, used: Mapping[int, Observation], observations: Iterable[Observation]
) -> Iterator[Note]:
    """Yield notes on values that are most likely wrong, by period.

    `used` holds the values of the years that a forecast uses; `observations` those of any period,
    of which the parts of these years are compared with them.
    """
    parts = (obs for obs in observations if not obs.period.is_year and obs.period.year in used)
    values = {Period(year): obs for year, obs in used.items()} | preferred(parts, series.sources)
    findings = in_order((*jumps_of(series, values), *parts_of(series, values)))
    for finding in findings[:MOST_NAMED]:
        yield finding.note
    named = {finding.period for finding in findings}
    for leap in leaps_of(series, values):
        if leap.period in named:
            continue
        year = leap.period.year if leap.period else 0
        advice = f"Add {option('breaks', year)} if so: growth alone crosses it."
        yield replace(leap.note, advice=advice)
    if len(findings) > MOST_NAMED:
        yield Note(
            "more_findings",
            f"{len(findings) - MOST_NAMED} more values need a look.",
            warning=True,
            advice=f"'{command('series check')}' lists them.",
        )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by period; those on the whole series come first."""
    return sorted(findings, key=lambda finding: finding.period or Period(0, 1, 1))


def jumps_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Find values that do not fit their neighbours, and falls of more than half."""
    by_year = {period.year: obs for period, obs in sorted(values.items()) if period.is_year}
    if series.measure == "growth" or len(by_year) < 2:
        return
    years = list(by_year)
    numbers = {year: float(obs.value) for year, obs in by_year.items()}
    if not any(starmap(_is_candidate, pairwise(numbers.values()))):
        return
    linked = [year - 1 in by_year and year not in series.breaks for year in years]
    odd = jumps(np.array(list(numbers.values())), np.array([0, len(years)]), np.array(linked))
    columns = (column.tolist() for column in odd)
    for position, kind, power, up in zip(*columns, strict=True):
        year = years[position]
        finding = jump(kind, power, up=up, year=year, values=numbers)
        yield finding._replace(place=by_year[year].place)


def leaps_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Find the leap of a whole level amid calm growth, which nobody states to be a new basis."""
    by_year = {period.year: obs for period, obs in sorted(values.items()) if period.is_year}
    years = [*by_year]
    levels = np.array([obs.value for obs in by_year.values()], dtype=np.float64)
    if series.measure in ("growth", "rate") or len(years) < FEWEST_OF_LEAP:
        return
    if levels.min() <= 0 or years[-1] - years[0] >= len(years):
        return
    ratios = [now / before for before, now in pairwise(levels.tolist())]
    # No growth is farther off the median than the greatest is off the least.
    if max(ratios) < min(ratios) * LEAST_RATIO:
        return
    stated = np.array([year in series.breaks for year in years[1:]])
    position = int(_leap_positions(levels[None], stated)[0])
    if position:
        yield leap(years[position], position, levels)._replace(place=by_year[years[position]].place)


def leaps(values: Array, offsets: Integers) -> Leaps:
    """Find the leap of each of many series without a gap, as `leaps_of` does for one."""
    lengths = np.diff(offsets)
    every = []
    for length in np.unique(lengths[lengths >= FEWEST_OF_LEAP]).tolist():
        series = np.flatnonzero(lengths == length)
        levels = values[offsets[series][:, None] + np.arange(length)]
        is_positive = levels.min(axis=1) > 0
        positions = _leap_positions(levels[is_positive], np.zeros(length - 1, dtype=np.bool_))
        has_leap = positions > 0
        every.append(np.stack([series[is_positive][has_leap], positions[has_leap]]))
    pairs = np.concatenate([np.empty((2, 0), dtype=np.int64), *every], axis=1)
    order = np.argsort(pairs[0], kind="stable")
    return Leaps(pairs[0][order], pairs[1][order])


def _leap_positions(levels: Array, stated: Flags) -> Integers:
    """Find the position of the leap in each of some series of one length; 0 without one.

    `stated` says which growths go into a break that is known.
    """
    steps = np.diff(np.log(levels), axis=1)
    off = np.where(stated, 0.0, np.abs(steps - np.median(steps, axis=1, keepdims=True)))
    if (~stated).sum() < 2:
        return np.zeros(len(levels), dtype=np.int64)
    position = off.argmax(axis=1)
    second, greatest = np.sort(off, axis=1)[:, -2:].T
    is_leap = greatest > np.maximum(LEAST_LEAP, CALM * second)
    # The first growth of a market is often a leap.
    return np.where(is_leap & (position > 0), position + 1, 0)


def leap(year: int, position: int, levels: Array) -> Finding:
    """Describe the leap into a position of consecutive levels."""
    steps = np.diff(np.log(levels))
    growth = 100 * float(np.expm1(steps[position - 1]))
    usual = 100 * float(np.expm1(np.median(steps)))
    text = f"grows {growth:+.0f} % amid growth of about {usual:+.0f} % a year: a new basis?"
    return Finding("suspected_break", Period(year), text, "warning")


def jump(kind: int, power: int, *, up: bool, year: int, values: Mapping[int, float]) -> Finding:
    """Describe a jump that `jumps` found; `values` holds the neighbours that there are."""
    value = number(values[year])
    if kind == FALL:
        before = f"{number(values[year - 1])} ({year - 1})"
        text = f"{value} is less than half of {before}: a part of the year, or a new basis?"
        return Finding("fall", Period(year), text, "warning")

    if kind == UNIT:
        size = f"{10**power:,} times" if up else f"1/{10**power:,} of"
        text = f"from here on the values are about {size} those before: another unit?"
        return Finding("jump", Period(year), text, "error")

    neighbours = [near for near in (year - 1, year + 1) if near in values]
    around = " and ".join(f"{number(values[near])} ({near})" for near in neighbours)
    why = "a slip of the decimal point"
    if power != 1:
        why = f"another unit, or {why}"
    return Finding("jump", Period(year), f"{value} does not fit {around}: {why}?", "error")


def parts_of(series: Series, values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Find parts of a year that are larger than the year."""
    if series.measure != "flow":
        return
    for period, part in values.items():
        if period.is_year:
            continue
        year = values.get(Period(period.year))
        if year is None or year.value < 0:
            continue
        if part.value > year.value:
            whole = f"{number(year.value)} for the whole of {period.year}"
            text = f"{number(part.value)} is more than {whole}"
            yield Finding("part", period, text, "error", part.place)


def conflicts_of(
    disagreeing: Iterable[Conflict], kind: str = "", *, named: bool = True
) -> Iterator[Finding]:
    """Describe conflicts between sources.

    `kind` is `growth: ` for conflicts about growth. `named`: with every value and its source, not
    only the range.
    """
    for conflict in disagreeing:
        # Growth is compared in points: next to a small one even rounding is large.
        close = conflict.is_rounding or (bool(kind) and conflict.width < 1)
        values = f"from {number(conflict.low)} to {number(conflict.high)}"
        if named:
            values = "; ".join(map(_with_source, conflict.values))
        chosen = conflict.chosen
        yield Finding(
            "conflict",
            conflict.period,
            f"{kind}{values}: spread {conflict.spread_pct:.2g} %, {number(chosen.value)} is used",
            "note" if close else "warning",
            chosen.place,
            conflict.spread_pct,
        )


def _with_source(obs: Observation) -> str:
    mark = obs.qualifier.removeprefix("=")
    return f"{mark}{number(obs.value)} ({obs.source or 'no source'})"


def growth_of(
    levels: Mapping[Period, Observation],
    rates: Mapping[Period, Observation],
    breaks: Collection[int] = (),
) -> Iterator[Finding]:
    """Find published growth that does not fit the published levels.

    Its size is how far the level of the year before, as growth implies it, is off.
    """
    for period, rate in rates.items():
        level = levels.get(period)
        base = levels.get(period.shifted(-1))
        if level is None or base is None:
            continue
        if base.derived or base.value <= 0 or rate.value <= -100:
            continue
        implied = level.value / (1 + rate.value / 100)
        gap = 100 * (implied / base.value - 1)
        if abs(gap) <= TOLERANCE_PCT:
            continue
        side = "above" if gap > 0 else "below"
        floor = "more than " if base.qualifier == ">" else ""
        text = (
            f"{number(level.value)} and the published growth of {rate.value:+g} % imply "
            f"{number(round(implied, 1))} for {base.period}, {abs(gap):.1f} % {side} "
            f"the {floor}{number(base.value)} published"
        )
        severity: Severity = "warning"
        if period.year in breaks:
            text += f"; the basis changes in {period.year}"
            severity = "note"
        yield Finding("growth", period, text, severity, level.place, abs(gap))


def in_one(
    findings: Iterable[Finding], lead: str, *, of_file: bool, advice: str = ""
) -> Iterator[Note]:
    """Sum up findings of one kind in a note: their years, and the widest of them.

    The note is a warning if the numbers are those of a user's file.
    """
    every = list(findings)
    if not every:
        return
    widest = max(every, key=lambda finding: finding.size)
    most = f", most in {widest.period}" if len(every) > 1 else ""
    years = spans(finding.period.year for finding in every if finding.period)
    yield Note(
        widest.code,
        f"{lead} in {years}{most}: {widest.text}.",
        warning=of_file and any(finding.severity != "note" for finding in every),
        advice=advice,
    )


# The check of a series


def check(series: Series, *, allow_gaps: bool = False) -> tuple[Finding, ...]:
    """Find all that is doubtful, by period; findings on the whole series come first.

    Missing years are a note if `allow_gaps`, else a warning.
    """
    mistyped = of_code(series.reading_notes, "mistyped_year")
    findings = [
        Finding("reading", None, str(note).removesuffix("."), "warning") for note in mistyped
    ]
    values = preferred(series.observations, series.sources)
    if not values:
        empty = Finding("empty", None, "has no value that is not a forecast", "warning")
        return (*findings, empty)

    rates = preferred(series.growth, series.sources)
    findings += _breaks(series)
    findings += _gaps(series, values, allowed=allow_gaps)
    findings += conflicts_of(conflicts(series.observations, values))
    findings += conflicts_of(conflicts(series.growth, rates), "growth: ")
    findings += growth_of(values, rates, series.breaks)
    findings += _marked(values)
    findings += jumps_of(series, values)
    findings += parts_of(series, values)
    named = {finding.period for finding in findings if finding.code in ("jump", "fall", "growth")}
    findings += [leap for leap in leaps_of(series, values) if leap.period not in named]
    return tuple(in_order(findings))


def _breaks(series: Series) -> Iterator[Finding]:
    caveat = f" ({series.caveat})" if series.caveat else ""
    for year in series.breaks:
        text = f"{year} is the first year on a new basis: growth alone crosses it{caveat}"
        yield Finding("break", Period(year), text, "note")


def _marked(values: Mapping[Period, Observation]) -> Iterator[Finding]:
    """Find values that their source or the catalogue marks as bounds or as doubtful."""
    bounds = {">": "a floor (more than)", "<": "an upper figure (up to)"}
    for period, obs in values.items():
        if obs.qualifier in bounds:
            text = f"{number(obs.value)} is {bounds[obs.qualifier]}, not a point"
            yield Finding("floor", period, text, "note", obs.place)
        if obs.doubtful:
            text = f"{number(obs.value)}: {obs.note or 'marked as doubtful'}"
            yield Finding("slip", period, text, "note", obs.place)


def _gaps(
    series: Series, values: Mapping[Period, Observation], *, allowed: bool
) -> Iterator[Finding]:
    """Find missing years: those that published growth gives, and the others."""
    if series.measure == "growth":
        return
    years = {period.year for period in values if period.is_year}
    if not years:
        yield Finding("gap", None, "has no value of a whole year", "warning")
        return

    rates = [obs for obs in series.growth if obs.period.is_year and obs.status != "forecast"]
    with_growth = {obs.period.year for obs in rates}
    lost = []
    for year in range(min(years), max(years)):
        if year in years:
            continue
        following = year + 1
        if following in years & with_growth and following not in series.breaks:
            text = f"no value for {year}; the growth of {following} gives it"
            yield Finding("gap", Period(year), text, "note")
        else:
            lost.append(year)
    if lost:
        text = f"no value for {spans(lost)}; only the years after the last gap can be used"
        after = values[Period(min(year for year in years if year > lost[0]))]
        yield Finding("gap", Period(lost[0]), text, "note" if allowed else "warning", after.place)


# The kernel that finds values out of line

NEAR = (0.7, 1.4)
"""A value this many times ten, a hundred or a thousand of its neighbours looks like a slip."""
LEAST = log(3)
"""Distance from each neighbour, as a logarithm, from which a value can be such a slip."""

# Kinds of jumps
SLIP = 1  # one value is out by a power of ten
UNIT = 2  # all values from one on are
FALL = 3  # a value is less than half of the one before


class Jumps(NamedTuple):
    """Points that do not fit their neighbours, in order."""

    position: Integers  # in the flat array
    kind: Integers
    power: Integers  # the power of ten, up or down; 0 for a fall
    up: Flags  # True if the value is higher than the one before


def jumps(values: Array, offsets: Integers, linked: Flags | None = None) -> Jumps:
    """Find points that do not fit, of one or many series.

    Series i is `values[offsets[i]:offsets[i + 1]]`. `linked` is True for a point that follows the
    one before by a year, on the same basis; all do if it is left out.
    """
    # A quick look, which few series of a batch pass.
    before = values[:-1]
    now = values[1:]
    with np.errstate(over="ignore"):
        candidate = np.asarray(_is_candidate(before, now))
    candidate[offsets[1:-1] - 1] = False  # from one series to the next
    positions = np.flatnonzero(candidate)
    if not len(positions):
        return Jumps(positions, positions, positions, np.empty(0, dtype=np.bool_))

    # The series with a candidate, one after the other; `position` is that of each of their points.
    chosen = np.unique(np.searchsorted(offsets, positions + 1, side="right") - 1)
    lengths = np.diff(offsets)[chosen]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    position = np.repeat(offsets[chosen] - starts[:-1], lengths) + np.arange(starts[-1])
    follows = np.ones(len(position), dtype=np.bool_) if linked is None else linked[position]
    follows[starts[:-1]] = False
    odd = _examined(values[position], starts, follows)
    return odd._replace(position=position[odd.position])


def _is_candidate(before: Array | float, now: Array | float) -> Flags | bool:
    """True for steps, one or many, that `_examined` may find odd: a little wider than its rules."""
    return (before > 0) & ((now > 2.9 * before) | (now < 0.5 * before))


def _examined(values: Array, offsets: Integers, follows: Flags) -> Jumps:
    """Find the jumps of series that have a candidate each; see `jumps`.

    A step is the logarithm of a value over the one before. Arrays are rolled by one to have a
    neighbour in the same position; `follows` is False where a series begins, so that no step leads
    from one series to the next.
    """
    lengths = np.diff(offsets)
    positive = values > 0
    has_step = follows & positive & np.roll(positive, 1)
    logarithms = np.log(np.where(positive, values, 1.0))
    step = np.where(has_step, logarithms - np.roll(logarithms, 1), 0.0)
    has_next = np.roll(has_step, -1)
    step_next = np.roll(step, -1)
    wild = has_step & (abs(step) >= log(2))

    def in_series(flags: Flags) -> Integers:
        """The number of points of the same series that have a flag."""
        return np.repeat(np.add.reduceat(flags.astype(np.int64), offsets[:-1]), lengths)

    # At an end of a series only one step judges a value: all others must be calm.
    others = in_series(has_step) - 1 > 1
    calm = others & (in_series(wild) == wild)
    calm_next = others & (in_series(wild) == np.roll(wild, -1))

    both = has_step & has_next
    spike = both & ((np.minimum(step, -step_next) > LEAST) | (np.minimum(-step, step_next) > LEAST))
    power = np.where(spike, _power((step - step_next) / 2), 0)
    power = np.where(has_step & ~has_next & calm, _power(step), power)
    power = np.where(~has_step & has_next & calm_next, _power(step_next), power)
    slip = power > 0

    # Ten times as much may be growth: another unit is a hundred times or more.
    step_power = _power(step)
    unit = both & ~spike & (step_power > 1) & np.roll(has_step, 1) & calm

    previous = np.roll(values, 1)
    fall = follows & (previous > 0) & (values < 0.5 * previous) & (in_series(values < 0) == 0)
    fall &= ~(slip | unit | np.roll(slip, 1))  # back from a slip is no fall

    kind = np.select([slip, unit, fall], [SLIP, UNIT, FALL], 0)
    position = np.flatnonzero(kind)
    return Jumps(
        position,
        kind[position],
        np.where(unit, step_power, power)[position],
        (step > 0)[position],
    )


def _power(step: Array) -> Integers:
    """Find the powers of ten that ratios, or their inverses, are near; 0 for none."""
    power = np.rint(abs(step) / log(10))
    low, high = (log(bound) for bound in NEAR)
    off = abs(step) - power * log(10)
    return np.where((low <= off) & (off <= high), power, 0).astype(np.int64)
