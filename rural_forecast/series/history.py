"""The values of a series that a model may see: one a year, on one basis, from the last break and
the last gap on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.findings import TOLERANCE_PCT, conflicts_of, doubts, growth_of, in_one
from rural_forecast.series.observation import (
    Derivation,
    Observation,
    Series,
    known_on,
    published_by,
)
from rural_forecast.series.period import LAST_YEAR, Period
from rural_forecast.series.preference import (
    Conflict,
    by_period,
    conflicts,
    on_parts,
    preferred,
    require_source,
    with_whole_years,
)
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import are, counted, shortened, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

Basis = Literal["levels", "chained"]
ByYear = Mapping[int, Observation]
Why = Literal["break", "gap", "since", "until", "new basis"]


class Selection(TypedDict, total=False):
    """Which points of a series are used; the arguments of `annual`."""

    since: int | None
    until: int | None
    prefer: str | None
    allow_gaps: bool
    as_of: date | None
    basis: Basis


def selected(options: Mapping[str, Any]) -> Selection:
    """The options that choose points, of those of a forecast."""
    chosen: Any = {name: options[name] for name in Selection.__annotations__ if name in options}
    return chosen  # type: ignore[no-any-return] # the names are those of the type


class LeftOut(NamedTuple):
    """A yearly value that models do not see, and why."""

    observation: Observation
    why: Why
    """break: on an earlier basis, gap: before one, since and until: not asked for, new basis: after
    `until`.
    """


@dataclass(frozen=True, slots=True, eq=False)
class History(Comparable):
    """The yearly values models see, oldest first, consecutive, one or more."""

    series: Series
    years: tuple[int, ...]
    values: NDArray[np.float64]  # shape (time,), in the unit of the series
    observations: tuple[Observation, ...]
    """that gave each value; `derived` by arithmetic on published numbers."""
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # in order of period
    conflicts: tuple[Conflict, ...] = ()  # of the values used as published
    basis: Basis = "levels"
    as_of: date | None = None
    prefer: str | None = None  # the source, or `median`, whose values are used; None for the rule

    def __repr__(self) -> str:
        return f"<History of {self.series.id}: {self.first} to {self.origin}>"

    @property
    def last(self) -> float:
        """The value of the last year used."""
        return float(self.values[-1])

    @property
    def first(self) -> int:
        """The first year used."""
        return self.years[0]

    @property
    def origin(self) -> int:
        """The last year used."""
        return self.years[-1]

    @property
    def later(self) -> tuple[Observation, ...]:
        """Observations after the origin on the same basis, which a hindcast is compared with."""
        return tuple(unused.observation for unused in self.left_out if unused.why == "until")


def annual(
    series: Series,
    *,
    since: int | None = None,
    until: int | None = None,
    prefer: str | None = None,
    allow_gaps: bool = False,
    basis: Basis = "levels",
    as_of: date | None = None,
) -> History:
    """The history of a series as models see it; nothing later than `until` has any part in the
    values.

    `prefer`: a source, `median` or `rule`, see `preference`. `allow_gaps`: accept missing years in
    a user's file; only the years after the last gap are used, as always for the catalogue. `basis`:
    `levels` as published, or `chained`, rebuilt backwards with the published growth. `as_of`: use
    only what had surely been published by this day.
    """
    if series.measure == "growth":
        owner = (
            series.id.removesuffix("_yoy")
            if series.id.endswith("_yoy")
            else (series.related or ("",))[0]
        )
        hint = (
            f"Forecast the level: rural-forecast project {owner}." if owner else "Forecast a level."
        )
        raise UsageError(f"{series.id} is growth: evidence, not something to forecast.", hint)
    require_order(since, until)
    require_source(series, prefer)
    levels = _known(series.observations, as_of)
    every = _by_year(levels, series, prefer)
    if not every:
        raise _nothing(series, as_of)
    last = max((year for year in every if until is None or year <= until), default=None)
    if last is None:
        hint = f"Use {option('until', min(every))} or later."
        raise UsageError(f"{until} is before the first year of {series.id}, {min(every)}.", hint)
    start = max((year for year in series.breaks if year <= last), default=0)
    end = min((year for year in series.breaks if year > last), default=LAST_YEAR + 1)
    published = {year: seen for year, seen in every.items() if start <= year <= last}
    growth = _by_year(_known(series.growth, as_of), series, prefer)
    rates = {
        year: seen for year, seen in growth.items() if start < year <= last and seen.value > -100
    }
    rebuilt = _chain(series, published, rates) if basis == "chained" else _derive(published, rates)
    kept = [year for year in rebuilt if since is None or year >= since]
    if not kept:
        hint = f"Use {option('since', last)} or earlier."
        raise UsageError(
            f"{since} is after the last year of {series.id} that can be used, {last}.", hint
        )
    gap = [year for year in range(min(kept), last) if year not in rebuilt]
    if gap and series.file and not allow_gaps:
        problem = (
            f"{series.file}: no value for {spans(gap)} in series {series.id or 'without a name'}."
        )
        use = (
            f"use the years from {gap[-1] + 1} on: {option('allow_gaps', True)}; nothing is filled."
        )
        raise InputError(problem, f"Add the missing years, or {use}", code="gap")
    used = {year: rebuilt[year] for year in kept if not gap or year > gap[-1]}

    def why(year: int) -> Why:
        if year > last:
            return "until" if year < end else "new basis"
        if year < start:
            return "break"
        return "since" if since is not None and year < since else "gap"

    left_out = [
        LeftOut(seen, why(year))
        for year, seen in sorted((every | rebuilt).items())
        if year not in used
    ]
    disagreeing = conflicts(
        levels, {seen.period: seen for year, seen in used.items() if seen is published.get(year)}
    )
    values = tuple(used.values())
    chained = basis == "chained"
    growth_used = {
        Period(year): rate for year, rate in rates.items() if {year, year - 1} <= used.keys()
    }
    notes = (
        *series.reading_notes,
        *doubts(series, used, levels),
        *on_parts(series),
        *on_publication(series, as_of),
        *_on_years(series, start, end, used, left_out, gap),
        *_on_values(values, published, chained=chained),
        *in_one(
            growth_of({Period(year): seen for year, seen in published.items()}, growth_used),
            f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} %",
            of_file=any(seen.place for seen in published.values()) and not chained,
            advice="" if chained else f"{option('basis', 'chained')} follows the growth.",
        ),
        *in_one(
            # Ids of the catalogue's sources say little.
            conflicts_of(disagreeing, named=bool(series.file)),
            "Sources differ",
            of_file=any(seen.place for seen in series.observations),
        ),
    )
    return History(
        series,
        tuple(used),
        np.array([seen.value for seen in values], dtype=np.float64),
        values,
        notes,
        tuple(left_out),
        disagreeing,
        basis,
        as_of,
        prefer=None if prefer == "rule" else prefer,
    )


def observed_years(
    series: Series, *, prefer: str | None = None, as_of: date | None = None
) -> tuple[Observation, ...]:
    """The value of every whole year, across breaks and gaps, nothing derived, in order."""
    return tuple(_by_year(_known(series.observations, as_of), series, prefer).values())


def require_order(since: int | None, until: int | None) -> None:
    """Refuse a first year after the last one."""
    if since is not None and until is not None and since > until:
        raise UsageError(
            f"The first year, {since}, is after the last one, {until}.", "Swap the two."
        )


def _known(observations: Iterable[Observation], as_of: date | None) -> tuple[Observation, ...]:
    return tuple(
        seen for seen in observations if seen.status != "forecast" and known_on(as_of, seen)
    )


def _by_year(
    observations: Iterable[Observation], series: Series, prefer: str | None
) -> dict[int, Observation]:
    years = (seen for seen in observations if seen.period.is_year)
    return {period.year: seen for period, seen in preferred(years, series.sources, prefer).items()}


def _nothing(series: Series, as_of: date | None) -> InputError | UsageError:
    years = observed_years(series)
    if as_of is not None and years:
        first = min(
            (seen.published_latest for seen in years if seen.published_latest), default=None
        )
        dated = (
            f"The first dated yearly value is of {first}."
            if first
            else "None of its yearly values is dated."
        )
        return UsageError(
            f"No yearly value of {series.id} had surely been published by {as_of}.", dated
        )
    periods = tuple(map(str, by_period(series.observations)))
    hint = "Forecasts need one year or more."
    if periods and series.measure == "flow":
        hint += " 'rural-forecast nowcast' sums parts to years and estimates the year under way."
        if series.file and with_whole_years(series) is not series:
            hint += f" Or say what a year is: {option('measure', 'flow')}, a sum; stock, the last; rate, a mean."
    has = f"it has {shortened(periods)}" if periods else "it has no value that is not a forecast"
    return InputError(f"{series.id} has no value of a whole year; {has}.", hint)


def on_publication(series: Series, as_of: date | None) -> Iterator[Note]:
    """A note on what a vintage leaves out."""
    if as_of is not None:
        dates = [
            seen.published_latest
            for seen in (*series.observations, *series.growth)
            if seen.status != "forecast"
        ]
        later = counted(sum(day is not None and day > as_of for day in dates), "later value")
        undated = f", and {dates.count(None):,} undated" if None in dates else ""
        said = f"Only what had surely been published by {as_of} is used: {later} left out{undated}."
        yield Note("vintage", said)


def _on_years(
    series: Series,
    start: int,
    end: int,
    used: Mapping[int, Observation],
    left_out: Iterable[LeftOut],
    gap: list[int],
) -> Iterator[Note]:
    by_reason: dict[Why, list[int]] = {}
    for one in left_out:
        by_reason.setdefault(one.why, []).append(one.observation.period.year)
    if before := by_reason.get("break"):
        caveat = f" ({series.caveat})" if series.caveat else ""
        unused = f"{spans(before)} {are(before)} on the earlier one and not used{caveat}"
        yield Note("earlier_basis", f"{start} is the first year on a new basis: {unused}.")
    if after := by_reason.get("new basis"):
        unused = f"{spans(after)} cannot be compared with the years used here"
        yield Note("later_basis", f"The basis changes in {end}: {unused}.")
    if gap:
        before = by_reason.get("gap", [])
        unused = f"{spans(before)} {are(before)} not used, and nothing is filled"
        yield Note(
            "gap", f"No value for {spans(gap)}: only the run from {min(used)} on is used; {unused}."
        )


def _on_values(used: Sequence[Observation], published: ByYear, *, chained: bool) -> Iterator[Note]:
    if chained:
        yield _on_chained(used, published)
        exact = [seen for seen in used if seen.period.year in published and not seen.derived]
    else:
        exact = [seen for seen in used if seen.period.year in published]
        ours = [seen for seen in used if seen.period.year not in published]
        how = (seen.derivation.arithmetic if seen.derivation else seen.note for seen in ours)
        values = "; ".join(
            f"{seen.period} = {number(seen.value)} ({by})"
            for seen, by in zip(ours, how, strict=True)
        )
        if ours:
            yield Note("derived", f"Derived from the next year's published growth: {values}.")
        for status, of in (("preliminary", "preliminary"), ("estimate", "estimated")):
            if flagged := [seen for seen in exact if seen.status == status]:
                how_made = "; ".join(seen.note for seen in flagged if seen.derived and seen.note)
                years = spans(seen.period.year for seen in flagged)
                yield Note(
                    status, f"{years} {are(flagged)} {of}{f' ({how_made})' if how_made else ''}."
                )
    for mark, what in (("~", "rounded"), (">", "a floor"), ("<", "an upper figure")):
        if marked := [seen.period.year for seen in exact if seen.qualifier == mark]:
            yield Note("inexact", f"{spans(marked)} {are(marked)} {what}, used as if exact.")


def _on_chained(used: Sequence[Observation], published: ByYear) -> Note:
    last = used[-1]
    first = used[0]
    own = [
        seen.period.year + 1
        for seen in used
        if seen.derivation and seen.derivation.how == "growth of the levels"
    ]
    kept = f" (that of the levels in {spans(own)}, where none is published)" if own else ""
    before = published.get(first.period.year)
    as_published = f", published as {number(before.value)}" if before else ""
    how = f"Levels are rebuilt backwards from {number(last.value)} ({last.period}) with the published growth{kept}"
    return Note(
        "chained", f"{how}: {number(round(first.value, 2))} in {first.period}{as_published}."
    )


# Levels that published growth gives


def _derive(chosen: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Add the missing levels that the next year's level and published growth give."""
    levels = dict(chosen)
    for year in range(max(chosen) - 1, min([*chosen, *rates]) - 2, -1):
        if year not in levels and year + 1 in levels and year + 1 in rates:
            levels[year] = _back(levels[year + 1], rates[year + 1], "derived")
    return dict(sorted(levels.items()))


def _chain(series: Series, chosen: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Rebuild the levels backwards from the latest one; where no growth is published the levels'
    own is kept.
    """
    use = f"Use {option('basis', 'levels')}."
    last = max(chosen)
    if not rates:
        raise UsageError(
            f"No growth of {series.id} is published up to {last}, so its levels cannot be chained.",
            use,
        )
    levels = _derive(chosen, rates)
    chained = dict(levels)
    year = max(levels)
    while (before := levels.get(year - 1)) is not None:
        if year in rates:
            chained[year - 1] = _back(chained[year], rates[year], "chained")
        elif levels[year].value == 0:
            raise UsageError(
                f"{series.id} is 0 in {year}, where its levels cannot be chained.", use
            )
        else:
            value = chained[year].value * before.value / levels[year].value
            note = f"chained: the growth of the levels, as none is published for {year}"
            how = Derivation("growth of the levels")
            chained[year - 1] = replace(
                before, value=value, derived=True, derivation=how, note=note
            )
        year -= 1
    return chained


def _back(level: Observation, rate: Observation, how: str) -> Observation:
    arithmetic = f"{level.value:,.6g} / {1 + rate.value / 100:.6g}"
    return Observation(
        Period(level.period.year - 1),
        level.value / (1 + rate.value / 100),
        "estimate",
        level.qualifier,
        rate.source,
        note=f"{how}: {arithmetic}, the growth published for {level.period}",
        published_latest=published_by((level, rate)),
        derived=True,
        derivation=Derivation("published growth", arithmetic),
    )
