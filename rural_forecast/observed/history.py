"""The values of a series that a model may see.

They are one a year, on one basis: from the last break and the last gap on. Earlier bases are
evidence by their growth, see `breaks`. Notes say which other values there are, and why they are not
used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from rural_forecast.api import Comparable, require_choice
from rural_forecast.errors import InputError, UsageError, command, option
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases, Linked
from rural_forecast.observed.findings import conflicts_of, doubts, in_one
from rural_forecast.observed.history_notes import (
    on_growth,
    on_publication,
    on_restated,
    on_values,
    on_years,
)
from rural_forecast.observed.levels import (
    Restated,
    bases_of,
    chained_levels,
    restated_years,
    with_derived_levels,
)
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import LAST_YEAR, Period
from rural_forecast.observed.preference import (
    RULE,
    Conflict,
    conflicts,
    on_parts,
    open_parts,
    require_source,
)
from rural_forecast.observed.stated_breaks import with_breaks
from rural_forecast.observed.yearly import (
    ByYear,
    LeftOut,
    Why,
    actual_observations,
    by_year,
    no_years,
)
from rural_forecast.text.wording import spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

Basis = Literal["comparable", "levels", "chained"]


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
        growth = by_year(
            actual_observations(self.series.growth, self.as_of), self.series, self.prefer
        )
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
    levels = actual_observations(series.observations, as_of)
    every = by_year(levels, series, prefer)
    if not every:
        raise no_years(series, as_of)
    last = max((year for year in every if until is None or year <= until), default=None)
    if last is None:
        hint = f"Use {option('until', min(every))} or later."
        raise UsageError(f"{until} is before the first year of {series.id}, {min(every)}.", hint)

    growth = by_year(actual_observations(series.growth, as_of), series, prefer)
    series = with_breaks(series, breaks, every)
    as_share = None
    if until is not None and series.passed_whole is not None:
        series, as_share = _as_share(series, last)
    restated: tuple[Restated, ...] = ()
    if basis == "comparable":
        restated = tuple(restated_years(every, growth, series.breaks))
    first_years = sorted({*series.breaks, *(year.year for year in restated)})

    # The basis of the last year used: from its first year on, and before the first of the next.
    start = max((year for year in first_years if year <= last), default=0)
    end = min((year for year in first_years if year > last), default=LAST_YEAR + 1)
    published = {year: obs for year, obs in every.items() if start <= year <= last}
    rates = {year: obs for year, obs in growth.items() if start < year <= last and obs.value > -100}
    chained = basis == "chained"
    rebuilt = (
        chained_levels(series, published, rates)
        if chained
        else with_derived_levels(published, rates)
    )
    used, gap = _after_gap(series, rebuilt, last, since=since, allow_gaps=allow_gaps)
    bases = None
    if start and (since is None or since < start):
        bases = bases_of(every, growth, first_years, rebuilt, since)

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
        *on_restated(restated, last, of_file=bool(series.file)),
        *on_years(series, start, end, used, left_out, gap, bases),
        *on_values(values, published, chained=chained),
        *on_growth(used, published, rates, chained=chained),
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


def require_order(since: int | None, until: int | None) -> None:
    """Refuse a first year after the last one."""
    if since is not None and until is not None and since > until:
        problem = f"The first year, {since}, is after the last one, {until}."
        raise UsageError(problem, "Swap the two.")
