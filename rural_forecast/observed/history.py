"""The values of a series that a model may see.

They are one a year, on one basis: from the last break and the last gap on. Earlier bases are
evidence by their growth, see `breaks`. Notes say which other values there are, and why they are not
used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict, get_args

import numpy as np

from rural_forecast.api import Comparable, require_choice
from rural_forecast.errors import InputError, UsageError, command, option
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases, Linked
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
    open_parts,
    preferred,
    require_source,
    with_whole_years,
)
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import are, counted, shortened, spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

Basis = Literal["comparable", "levels", "chained"]
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
    breaks: Sequence[int]


def selected(options: Mapping[str, Any]) -> Selection:
    """Select the options that choose points from those of a forecast."""
    chosen: Any = {name: options[name] for name in Selection.__annotations__ if name in options}
    return chosen  # type: ignore[no-any-return] # the names are those of the type


class Restated(NamedTuple):
    """A year whose published growth contradicts the levels, and so is on a new basis."""

    year: int
    published_pct: float
    levels_pct: float


class LeftOut(NamedTuple):
    """A yearly value that models do not see, and why."""

    observation: Observation
    why: Why
    """`break`: on an earlier basis, and at most evidence by its growth. `gap`: before one. `since`,
    `until`: not asked for. `new basis`: later, and on another basis than the last year used.
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
    basis: Basis = "comparable"
    as_of: date | None = None
    prefer: str | None = None  # the source whose values are used, or `median`; None for the rule
    bases: Bases | None = None
    """The levels of all bases, where growth on earlier ones is evidence; None where none is."""
    restated: tuple[Restated, ...] = ()
    """The years that are on a new basis as their published growth contradicts the levels."""

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
    def running(self) -> tuple[Period, ...]:
        """The known parts of the year after the origin, of a flow; none where it is known whole."""
        year = self.origin + 1
        return tuple(part for part in open_parts(self.series) if part.year == year)

    @property
    def comparable(self) -> History:
        """The years between all of which growth is known, on the scale of the latest basis.

        Past forecasts are scored on them: growth that is assumed is no outcome.
        """
        linked = self.linked
        start = linked.comparable_from
        if start >= self.first:
            return self
        values = linked.values[start - linked.first :]
        years = tuple(range(start, self.origin + 1))
        observations = tuple(
            Observation(Period(year), value, "estimate", derived=True)
            for year, value in zip(years, values.tolist(), strict=True)
        )
        return replace(self, years=years, values=values, observations=observations)

    def scale_of(self, year: int) -> float:
        """The level of a year as published over that of `comparable`."""
        if self.bases is None:
            return 1.0
        linked = self.linked
        level = self.bases.levels.get(year)
        value = float(linked.values[year - linked.first])
        return level / value if level and value else 1.0

    @property
    def on_earlier_bases(self) -> tuple[Observation, ...]:
        """The observations before a break whose growth is evidence, in order of period."""
        if self.bases is None:
            return ()
        published = {}
        for unused in self.left_out:
            if unused.why == "break":
                published[unused.observation.period.year] = unused.observation
        earlier = []
        for year, level in self.bases.used().items():
            if year < self.first:
                derived = Observation(Period(year), level, "estimate", derived=True)
                earlier.append(published.get(year, derived))
        return tuple(earlier)

    @property
    def first_years(self) -> tuple[int, ...]:
        """The first year of every basis but the first, as stated or as published growth shows."""
        restated = (year.year for year in self.restated)
        return tuple(sorted({*self.series.breaks, *restated}))

    @property
    def breaks_used(self) -> tuple[int, ...]:
        """The first years of bases among the values of which something is used."""
        if self.bases is None:
            return ()
        first = min(self.bases.used())
        return tuple(year for year in self.bases.breaks if year > first)

    @property
    def growth_into_bases(self) -> tuple[Observation, ...]:
        """Published growth into the first year of a basis, which says how levels compare."""
        if self.bases is None:
            return ()
        growth = _by_year(_observed(self.series.growth, self.as_of), self.series, self.prefer)
        return tuple(rate for year, rate in growth.items() if year in self.breaks_used)

    @property
    def linked(self) -> Linked:
        """The values that models see: those of earlier bases on the scale of the latest."""
        return self.linked_until(self.origin)

    def linked_until(self, year: int) -> Linked:
        """The values that models saw in a year, on the scale of its level."""
        if self.bases is None:
            return Linked(self.first, self.values[: year - self.first + 1])
        return self.bases.until(year).linked()

    @property
    def evidence(self) -> NDArray[np.float64]:
        """The values of `linked`; without an earlier basis, those of the years used."""
        return self.linked.values

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
    basis: Basis = "comparable",
    as_of: date | None = None,
    breaks: Sequence[int] = (),
) -> History:
    """Select the history of a series as models see it.

    Nothing later than `until` has any part in the values. `prefer`: a source, `median` or `rule`,
    see `preference`. `allow_gaps`: accept missing years in a user's file; only the years after the
    last gap are used, as always for the catalogue. `basis`: `comparable`, where a year whose
    published growth contradicts the levels is the first on a new basis; `levels` as published, or
    `chained`, rebuilt backwards with the published growth. `as_of`: use only what had surely been
    published by this day. `breaks`: more first years on a new basis.
    """
    if series.measure == "growth":
        raise _growth(series)
    require_order(since, until)
    require_choice("basis", basis, get_args(Basis))
    require_source(series, prefer)
    levels = _observed(series.observations, as_of)
    every = _by_year(levels, series, prefer)
    if not every:
        raise _nothing(series, as_of)
    last = max((year for year in every if until is None or year <= until), default=None)
    if last is None:
        hint = f"Use {option('until', min(every))} or later."
        raise UsageError(f"{until} is before the first year of {series.id}, {min(every)}.", hint)

    growth = _by_year(_observed(series.growth, as_of), series, prefer)
    series = with_breaks(series, breaks, every)
    as_share = None
    if until is not None and series.passed_whole is not None:
        series, as_share = _as_share(series, last)
    restated: tuple[Restated, ...] = ()
    if basis == "comparable":
        restated = tuple(_restated(every, growth, series.breaks))
    first_years = sorted({*series.breaks, *(year.year for year in restated)})

    # The basis of the last year used: from its first year on, and before the first of the next.
    start = max((year for year in first_years if year <= last), default=0)
    end = min((year for year in first_years if year > last), default=LAST_YEAR + 1)
    published = {year: obs for year, obs in every.items() if start <= year <= last}
    rates = {year: obs for year, obs in growth.items() if start < year <= last and obs.value > -100}
    chained = basis == "chained"
    rebuilt = _chain(series, published, rates) if chained else _derive(published, rates)
    used, gap = _after_gap(series, rebuilt, last, since=since, allow_gaps=allow_gaps)
    bases = None
    if start and (since is None or since < start):
        bases = _bases(every, growth, first_years, rebuilt, since)

    def why(year: int) -> Why:
        if year > last:
            return "until" if year < end else "new basis"
        if year < start:
            return "break"
        return "since" if since is not None and year < since else "gap"

    others = sorted((every | rebuilt).items())
    left_out = tuple(LeftOut(obs, why(year)) for year, obs in others if year not in used)
    as_published = {obs.period: obs for year, obs in used.items() if obs is published.get(year)}
    compared = dict(as_published)
    if bases is not None:
        compared |= {every[year].period: every[year] for year in bases.used() if year in every}
    disagreeing = conflicts(levels, compared)
    values = tuple(used.values())
    notes = (
        *series.reading_notes,
        *filter(None, [as_share]),
        *doubts(series, used, levels),
        *on_parts(series),
        *on_publication(series, as_of),
        *_on_restated(restated, last, of_file=bool(series.file)),
        *_on_years(series, start, end, used, left_out, gap, bases),
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
        bases=bases,
        restated=tuple(year for year in restated if year.year <= last),
    )


def with_breaks(series: Series, breaks: Iterable[int], every: ByYear | None = None) -> Series:
    """Add the first years on a new basis that are stated; `every` has the values by year.

    Raises UsageError for one without values on both sides.
    """
    stated = {*breaks} - {*series.breaks}
    if not stated:
        return series
    if every is None:
        every = {obs.period.year: obs for obs in observed_years(series)}
    if not every:
        raise _nothing(series, None)
    outside = sorted(year for year in stated if not min(every) < year <= max(every))
    if outside:
        years = f"{min(every)} to {max(every)}"
        raise UsageError(
            f"{series.id} has no values on both sides of a break in {outside[0]}.",
            f"Its years are {years}; name the first year on the new basis.",
        )
    return replace(series, breaks=tuple(sorted({*series.breaks, *stated})))


def broken_at(every: Sequence[Series], breaks: Sequence[int]) -> tuple[Series, ...]:
    """Add first years on a new basis to each series that has values on both sides.

    Raises UsageError for one that no series has.
    """
    changed = tuple(broken(series, breaks) for series in every)
    used = {year for series in changed for year in series.breaks}
    for year in breaks:
        if year not in used and every:
            return tuple(with_breaks(series, [year]) for series in every)
    return changed


def _as_share(series: Series, last: int) -> tuple[Series, Note | None]:
    """Read a share of a whole as a rate by its values up to a year, where later ones pass it."""
    whole = series.passed_whole or 0.0
    levels = [obs for obs in series.observations if obs.status != "forecast"]
    if any(obs.period.year <= last and not 0 <= obs.value <= whole for obs in levels):
        return series, None
    text = (
        f"Read by name and unit as a share of a whole, a rate that ends at {whole:g}: "
        f"no value up to {last} passes it."
    )
    advice = f"Add {option('measure', 'flow')} if not."
    note = Note("read_as_rate", text, warning=True, advice=advice)
    return replace(series, measure="rate"), note


def broken(series: Series, breaks: Collection[int]) -> Series:
    """Add those of some first years on a new basis that have values on both sides."""
    years = [obs.period.year for obs in series.observations if obs.status != "forecast"]
    inside = {year for year in breaks if years and min(years) < year <= max(years)}
    return replace(series, breaks=tuple(sorted({*series.breaks, *inside})))


def _restated(every: ByYear, growth: ByYear, breaks: Collection[int]) -> Iterator[Restated]:
    """Find the years whose published growth contradicts the levels by more than rounding."""
    for year, rate in growth.items():
        now = every.get(year)
        before = every.get(year - 1)
        if now is None or before is None or year in breaks or rate.value <= -100:
            continue
        if now.value <= 0 or before.value <= 0:
            continue
        factor = 1 + rate.value / 100
        off = abs(now.value / factor / before.value - 1)
        roundings = rounding(now.value) + rounding(before.value)
        roundings += min(_half_unit(rate.value), 0.5) / 100 / factor
        if off > max(TOLERANCE_PCT / 100, roundings):
            of_levels = 100 * (now.value / before.value - 1)
            yield Restated(year, rate.value, of_levels)


def _bases(
    every: ByYear,
    growth: ByYear,
    first_years: Sequence[int],
    latest: ByYear,
    since: int | None,
) -> Bases | None:
    """The levels of all bases up to the latest; None where earlier ones say nothing."""
    begins = [year for year in first_years if year <= max(latest)]
    levels = {year: obs.value for year, obs in latest.items()}
    for begin, end in zip([0, *begins[:-1]], begins, strict=True):
        published = {year: obs for year, obs in every.items() if begin <= year < end}
        if published:
            inside = (year for year in growth if begin < year < end)
            rates = {year: growth[year] for year in inside if growth[year].value > -100}
            levels |= {year: obs.value for year, obs in _derive(published, rates).items()}
    if since is not None:
        levels = {year: level for year, level in levels.items() if year >= since}
    into = {}
    for year in begins:
        if year in growth and growth[year].value > -100:
            into[year] = 1 + growth[year].value / 100
    bases = Bases(dict(sorted(levels.items())), tuple(begins), into)
    return bases if bases.linked().links else None


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
    bases: Bases | None,
) -> Iterator[Note]:
    """Yield notes on years that are left out; those before `since` go without saying."""
    linked = bases.linked() if bases else None
    by_reason: dict[Why, list[int]] = {}
    for unused in left_out:
        by_reason.setdefault(unused.why, []).append(unused.observation.period.year)

    earlier = by_reason.get("break")
    # A year that is restated has a sentence of its own.
    if earlier and start in series.breaks:
        caveat = f" ({series.caveat})" if series.caveat else ""
        yield Note("earlier_basis", f"{_on_earlier(start, earlier, linked)}{caveat}.")

    later = by_reason.get("new basis")
    if later:
        text = f"{spans(later)} cannot be compared with the years used here"
        yield Note("later_basis", f"The basis changes in {end}: {text}.")

    if gap:
        before = by_reason.get("gap", [])
        text = f"{spans(before)} {are(before)} not used, and nothing is filled"
        run = f"only the run from {min(used)} on is used"
        yield Note("gap", f"No value for {spans(gap)}: {run}; {text}.")


def _on_earlier(start: int, earlier: list[int], linked: Linked | None) -> str:
    """Say what the years before a break count for."""
    begins = f"{start} is the first year on a new basis"
    if linked is None:
        return f"{begins}: {spans(earlier)} {are(earlier)} on the earlier one and not used"
    growing = [year for year in earlier if year >= linked.first]
    unused = [year for year in earlier if year < linked.first]
    text = f"{begins}: of {spans(growing)}, on the earlier one, growth alone counts"
    if linked.filled:
        missing = counted(len(linked.filled), "missing year")
        years = f"{growing[0]} to {growing[-1]} ({missing} filled)"
        text = f"{begins}: of {years} growth alone counts"
    link = linked.links[0]
    if link.growth_pct is not None:
        when = f"into {link.year}"
        if link.year - link.before > 1:
            when = f"a year from {link.before} to {link.year}"
        how = "as published" if link.published else "as the years around it grew"
        text += f", and {_points(link.growth_pct)} {when}, {how}"
    if unused:
        text += f"; {spans(unused)} {are(unused)} not used"
    return text


def _points(pct: float) -> str:
    return f"{pct:+.1f} %".replace("-", "−")


def _on_restated(restated: Sequence[Restated], last: int, *, of_file: bool) -> Iterator[Note]:
    """Say which years are on a new basis, as published growth contradicts levels."""
    years = [year for year in restated if year.year <= last]
    if not years:
        return
    latest = years[-1]
    numbers = (
        f"growth of {latest.published_pct:.3g} % is published, "
        f"levels give {latest.levels_pct:.2g} %"
    )
    text = f"{latest.year} is on a new basis: {numbers}."
    if len(years) > 1:
        others = spans(year.year for year in years[:-1])
        text = f"{latest.year} is on a new basis, as {others} were: {numbers}."
    advice = f"{option('basis', 'levels')} follows the levels." if of_file else ""
    yield Note("restated_basis", text, warning=of_file, advice=advice)


def rounding(value: float) -> float:
    """The share of its size by which a figure may differ from what was rounded to it.

    Zeros at the end of a whole number need not come from rounding: it is half a percent at most.
    """
    return min(_half_unit(value) / abs(value), 0.005) if value else 0.0


def _half_unit(value: float) -> float:
    """Half of the unit of the last digit."""
    exponent = int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
    half: float = 10.0**exponent / 2
    return half


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
