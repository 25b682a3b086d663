"""The values of a series that a model may see.

They are one a year, on one basis: from the last break and the last gap on. Notes say which others
there are, and why they are not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import InputError, UsageError, command, option
from rural_forecast.notes import Note
from rural_forecast.observed.findings import TOLERANCE_PCT, conflicts_of, doubts, growth_of, in_one
from rural_forecast.observed.observation import (
    Derivation,
    Observation,
    Series,
    known_on,
    published_by,
)
from rural_forecast.observed.period import LAST_YEAR, Period
from rural_forecast.observed.preference import (
    RULE,
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
_OWN_GROWTH = Derivation("growth of the levels")


class Selection(TypedDict, total=False):
    """The choice of points that are used; the arguments of `annual`."""

    since: int | None
    until: int | None
    prefer: str | None
    allow_gaps: bool
    as_of: date | None
    basis: Basis


def selected(options: Mapping[str, Any]) -> Selection:
    """Select the options that choose points from those of a forecast."""
    chosen: Any = {name: options[name] for name in Selection.__annotations__ if name in options}
    return chosen  # type: ignore[no-any-return] # the names are those of the type


class LeftOut(NamedTuple):
    """A yearly value that models do not see, and why."""

    observation: Observation
    why: Why
    """`break`: on an earlier basis. `gap`: before one. `since`, `until`: not asked for. `new
    basis`: later, and on another basis than the last year used.
    """


@dataclass(frozen=True, slots=True, eq=False)
class History(Comparable):
    """The yearly values models see, oldest first, consecutive, one or more."""

    series: Series
    years: tuple[int, ...]
    values: NDArray[np.float64]  # shape (time,), in the unit of the series
    observations: tuple[Observation, ...]
    """The observation of each value; `derived` by arithmetic on published numbers."""
    notes: tuple[Note, ...] = ()
    left_out: tuple[LeftOut, ...] = ()  # in order of period
    conflicts: tuple[Conflict, ...] = ()  # of the values used as published
    basis: Basis = "levels"
    as_of: date | None = None
    prefer: str | None = None  # the source whose values are used, or `median`; None for the rule

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
    """Select the history of a series as models see it.

    Nothing later than `until` has any part in the values. `prefer`: a source, `median` or `rule`,
    see `preference`. `allow_gaps`: accept missing years in a user's file; only the years after the
    last gap are used, as always for the catalogue. `basis`: `levels` as published, or `chained`,
    rebuilt backwards with the published growth. `as_of`: use only what had surely been published by
    this day.
    """
    if series.measure == "growth":
        raise _growth(series)
    require_order(since, until)
    require_source(series, prefer)
    levels = _observed(series.observations, as_of)
    every = _by_year(levels, series, prefer)
    if not every:
        raise _nothing(series, as_of)
    last = max((year for year in every if until is None or year <= until), default=None)
    if last is None:
        hint = f"Use {option('until', min(every))} or later."
        raise UsageError(f"{until} is before the first year of {series.id}, {min(every)}.", hint)

    # The basis of the last year used: from its first year on, and before the first of the next.
    start = max((year for year in series.breaks if year <= last), default=0)
    end = min((year for year in series.breaks if year > last), default=LAST_YEAR + 1)
    published = {year: obs for year, obs in every.items() if start <= year <= last}
    growth = _by_year(_observed(series.growth, as_of), series, prefer)
    rates = {year: obs for year, obs in growth.items() if start < year <= last and obs.value > -100}
    chained = basis == "chained"
    rebuilt = _chain(series, published, rates) if chained else _derive(published, rates)
    used, gap = _after_gap(series, rebuilt, last, since=since, allow_gaps=allow_gaps)

    def why(year: int) -> Why:
        if year > last:
            return "until" if year < end else "new basis"
        if year < start:
            return "break"
        return "since" if since is not None and year < since else "gap"

    others = sorted((every | rebuilt).items())
    left_out = tuple(LeftOut(obs, why(year)) for year, obs in others if year not in used)
    as_published = {obs.period: obs for year, obs in used.items() if obs is published.get(year)}
    disagreeing = conflicts(levels, as_published)
    values = tuple(used.values())
    notes = (
        *series.reading_notes,
        *doubts(series, used, levels),
        *on_parts(series),
        *on_publication(series, as_of),
        *_on_years(series, start, end, used, left_out, gap),
        *_on_values(values, published, chained=chained),
        *_on_growth(used, published, rates, chained=chained),
        *in_one(
            # Ids of the catalogue's sources say little.
            conflicts_of(disagreeing, named=bool(series.file)),
            "Sources differ",
            of_file=any(obs.place for obs in series.observations),
        ),
    )
    return History(
        series,
        tuple(used),
        np.array([obs.value for obs in values], dtype=np.float64),
        values,
        notes,
        left_out,
        disagreeing,
        basis,
        as_of,
        prefer=None if prefer == RULE else prefer,
    )


def _growth(series: Series) -> UsageError:
    """The error for a series of growth, which names the series whose growth it is."""
    hint = "Forecast a level."
    level = ""
    if series.id.endswith("_yoy"):
        level = series.id.removesuffix("_yoy")
    elif series.related:
        level = series.related[0]
    if level:
        hint = f"Forecast the level: {command('project', level)}."
    return UsageError(f"{series.id} is growth: evidence, not something to forecast.", hint)


def _after_gap(
    series: Series,
    levels: ByYear,
    last: int,
    *,
    since: int | None,
    allow_gaps: bool,
) -> tuple[dict[int, Observation], list[int]]:
    """Select the levels from `since` and the last gap on, and list the years that are missing."""
    kept = [year for year in levels if since is None or year >= since]
    if not kept:
        problem = f"{since} is after the last year of {series.id} that can be used, {last}."
        raise UsageError(problem, f"Use {option('since', last)} or earlier.")

    gap = [year for year in range(min(kept), last) if year not in levels]
    if not gap:
        return {year: levels[year] for year in kept}, gap
    after = gap[-1] + 1
    if series.file and not allow_gaps:
        name = series.id or "without a name"
        raise InputError(
            f"{series.file}: no value for {spans(gap)} in series {name}.",
            f"Add the missing years, or use the years from {after} on: "
            f"{option('allow_gaps', True)}; nothing is filled.",
            code="gap",
        )
    return {year: levels[year] for year in kept if year >= after}, gap


def observed_years(
    series: Series, *, prefer: str | None = None, as_of: date | None = None
) -> tuple[Observation, ...]:
    """Select the value of every whole year, across breaks and gaps, nothing derived, in order."""
    return tuple(_by_year(_observed(series.observations, as_of), series, prefer).values())


def require_order(since: int | None, until: int | None) -> None:
    """Refuse a first year after the last one."""
    if since is not None and until is not None and since > until:
        problem = f"The first year, {since}, is after the last one, {until}."
        raise UsageError(problem, "Swap the two.")


def _observed(observations: Iterable[Observation], as_of: date | None) -> tuple[Observation, ...]:
    """Select the observations that are no forecasts, and had been published by a day."""
    return tuple(obs for obs in observations if obs.status != "forecast" and known_on(as_of, obs))


def _by_year(
    observations: Iterable[Observation], series: Series, prefer: str | None
) -> dict[int, Observation]:
    """The value of each whole year that is used."""
    years = (obs for obs in observations if obs.period.is_year)
    return {period.year: obs for period, obs in preferred(years, series.sources, prefer).items()}


def _nothing(series: Series, as_of: date | None) -> InputError | UsageError:
    """The error for a series without a value of a whole year, or without one by a day."""
    years = observed_years(series)
    if as_of is not None and years:
        first = min((obs.published_latest for obs in years if obs.published_latest), default=None)
        hint = "None of its yearly values is dated."
        if first:
            hint = f"The first dated yearly value is of {first}."
        problem = f"No yearly value of {series.id} had surely been published by {as_of}."
        return UsageError(problem, hint)

    periods = tuple(map(str, by_period(series.observations)))
    has = f"it has {shortened(periods)}" if periods else "it has no value that is not a forecast"
    hint = "Forecasts need one year or more."
    if periods and series.measure == "flow":
        hint += f" '{command('nowcast')}' sums parts to years and estimates the year under way."
        if series.file and with_whole_years(series) is not series:
            flow = option("measure", "flow")
            hint += f" Or say what a year is: {flow}, a sum; stock, the last; rate, a mean."
    return InputError(f"{series.id} has no value of a whole year; {has}.", hint)


def on_publication(series: Series, as_of: date | None) -> Iterator[Note]:
    """Yield a note on what a vintage leaves out."""
    if as_of is None:
        return
    observations = (*series.observations, *series.growth)
    dates = [obs.published_latest for obs in observations if obs.status != "forecast"]
    later = counted(sum(day is not None and day > as_of for day in dates), "later value")
    undated = f", and {dates.count(None):,} undated" if None in dates else ""
    yield Note(
        "vintage",
        f"Only what had surely been published by {as_of} is used: {later} left out{undated}.",
    )


def _on_years(
    series: Series,
    start: int,
    end: int,
    used: ByYear,
    left_out: Iterable[LeftOut],
    gap: list[int],
) -> Iterator[Note]:
    """Yield notes on years that are left out; those before `since` go without saying."""
    by_reason: dict[Why, list[int]] = {}
    for unused in left_out:
        by_reason.setdefault(unused.why, []).append(unused.observation.period.year)

    earlier = by_reason.get("break")
    if earlier:
        caveat = f" ({series.caveat})" if series.caveat else ""
        text = f"{spans(earlier)} {are(earlier)} on the earlier one and not used{caveat}"
        yield Note("earlier_basis", f"{start} is the first year on a new basis: {text}.")

    later = by_reason.get("new basis")
    if later:
        text = f"{spans(later)} cannot be compared with the years used here"
        yield Note("later_basis", f"The basis changes in {end}: {text}.")

    if gap:
        before = by_reason.get("gap", [])
        text = f"{spans(before)} {are(before)} not used, and nothing is filled"
        run = f"only the run from {min(used)} on is used"
        yield Note("gap", f"No value for {spans(gap)}: {run}; {text}.")


def _on_values(used: Sequence[Observation], published: ByYear, *, chained: bool) -> Iterator[Note]:
    """Yield notes on values that are not exact figures as published."""
    exact = [obs for obs in used if obs.period.year in published]
    if chained:
        yield _on_chained(used, published)
        exact = [obs for obs in exact if not obs.derived]
    else:
        ours = [obs for obs in used if obs.period.year not in published]
        if ours:
            values = "; ".join(map(_with_arithmetic, ours))
            yield Note("derived", f"Derived from the next year's published growth: {values}.")
        for status, word in (("preliminary", "preliminary"), ("estimate", "estimated")):
            flagged = [obs for obs in exact if obs.status == status]
            if not flagged:
                continue
            years = spans(obs.period.year for obs in flagged)
            how = "; ".join(obs.note for obs in flagged if obs.derived and obs.note)
            how = f" ({how})" if how else ""
            yield Note(status, f"{years} {are(flagged)} {word}{how}.")

    for mark, word in (("~", "rounded"), (">", "a floor"), ("<", "an upper figure")):
        marked = [obs.period.year for obs in exact if obs.qualifier == mark]
        if marked:
            yield Note("inexact", f"{spans(marked)} {are(marked)} {word}, used as if exact.")


def _with_arithmetic(obs: Observation) -> str:
    how = obs.derivation.arithmetic if obs.derivation else obs.note
    return f"{obs.period} = {number(obs.value)} ({how})"


def _on_growth(used: ByYear, published: ByYear, rates: ByYear, *, chained: bool) -> Iterator[Note]:
    """Yield a note on published growth that the published levels contradict."""
    levels = {Period(year): obs for year, obs in published.items()}
    inside = {Period(year): rate for year, rate in rates.items() if {year, year - 1} <= used.keys()}
    yield from in_one(
        growth_of(levels, inside),
        f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} %",
        of_file=any(obs.place for obs in published.values()) and not chained,
        advice="" if chained else f"{option('basis', 'chained')} follows the growth.",
    )


def _on_chained(used: Sequence[Observation], published: ByYear) -> Note:
    first = used[0]
    last = used[-1]
    own = [obs.period.year + 1 for obs in used if obs.derivation == _OWN_GROWTH]
    kept = f" (that of the levels in {spans(own)}, where none is published)" if own else ""
    start = f"{number(round(first.value, 2))} in {first.period}"
    before = published.get(first.period.year)
    if before:
        start += f", published as {number(before.value)}"
    return Note(
        "chained",
        f"Levels are rebuilt backwards from {number(last.value)} ({last.period}) "
        f"with the published growth{kept}: {start}.",
    )


# Levels that published growth gives


def _derive(published: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Add the missing levels that the next year's level and published growth give."""
    levels = dict(published)
    first = min([*published, *rates]) - 1
    # Backwards, as a level that was added can give the one before it.
    for year in range(max(published) - 1, first - 1, -1):
        if year not in levels and year + 1 in levels and year + 1 in rates:
            levels[year] = _before(levels[year + 1], rates[year + 1], "derived")
    return dict(sorted(levels.items()))


def _chain(series: Series, published: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Rebuild the levels backwards from the latest one with the published growth.

    The growth of the levels is kept where none is published.
    """
    hint = f"Use {option('basis', 'levels')}."
    if not rates:
        raise UsageError(
            f"No growth of {series.id} is published up to {max(published)}, "
            "so its levels cannot be chained.",
            hint,
        )
    levels = _derive(published, rates)
    chained = dict(levels)
    year = max(levels)
    while year - 1 in levels:
        before = levels[year - 1]
        if year in rates:
            chained[year - 1] = _before(chained[year], rates[year], "chained")
        elif levels[year].value == 0:
            problem = f"{series.id} is 0 in {year}, where its levels cannot be chained."
            raise UsageError(problem, hint)
        else:
            chained[year - 1] = replace(
                before,
                value=chained[year].value * before.value / levels[year].value,
                derived=True,
                derivation=_OWN_GROWTH,
                note=f"chained: the growth of the levels, as none is published for {year}",
            )
        year -= 1
    return chained


def _before(level: Observation, rate: Observation, how: str) -> Observation:
    """The level of the year before, as the growth of a year gives it."""
    factor = 1 + rate.value / 100
    arithmetic = f"{level.value:,.6g} / {factor:.6g}"
    return Observation(
        Period(level.period.year - 1),
        level.value / factor,
        "estimate",
        level.qualifier,
        rate.source,
        note=f"{how}: {arithmetic}, the growth published for {level.period}",
        published_latest=published_by((level, rate)),
        derived=True,
        derivation=Derivation("published growth", arithmetic),
    )
