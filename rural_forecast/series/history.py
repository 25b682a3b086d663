"""What a model may see of a series: one value a year, on one basis, without a missing year.

From the observations of a series `annual` takes the whole years, the preferred value of each, the years from the last
break on, a missing level that the next year's published growth gives (marked as derived), and of these the run after
the last gap. All that is left out stays at hand with the reason, and notes say what was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from rural_forecast.api.equality import Comparable
from rural_forecast.errors import InputError, UsageError
from rural_forecast.notes import Note
from rural_forecast.series import history_notes
from rural_forecast.series.basis import Basis, chain, derive
from rural_forecast.series.observation import Observation, Series, require_series
from rural_forecast.series.preference import Conflict, by_period, conflicts, preferred, require_source
from rural_forecast.series.selection import SetAside
from rural_forecast.series.whole_years import with_whole_years

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class History(Comparable):
    """The yearly values models see, oldest first, consecutive, one or more."""

    series: Series
    years: tuple[int, ...]
    values: NDArray[np.float64]
    """Shape (time,), in the unit of the series."""
    observations: tuple[Observation, ...]
    """The one that gave each value; `derived` where it is arithmetic on published numbers."""
    notes: tuple[Note, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    """In order of period."""
    conflicts: tuple[Conflict, ...] = ()
    """Of the values used as published."""
    basis: Basis = "levels"
    as_of: date | None = None

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
        """What was observed after the origin on the same basis: what a hindcast is held against."""
        return tuple(obs.observation for obs in self.set_aside if obs.why == "until")


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
    """The history of a series as models see it.

    Parameters
    ----------
    since, until : first and last year used; an `until` before a break uses the segment before that break, and nothing
        later than `until` has any part in the values (a growth published for the year after derives no level)
    prefer : source whose value is used where it gives one; `median` of the values of a year; or `rule`, the default, of
        `preference`
    allow_gaps : whether missing years in a user's file are accepted; nothing is filled, only the years after the last
        gap are used. The catalogue's gaps are known and always handled so.
    basis : `levels` as published, or `chained`: rebuilt backwards from the latest level with the published growth
    as_of : use only what had surely been published by this day

    Raises
    ------
    UsageError : a growth series, years or sources that are not there, nothing published by `as_of`, nothing to chain
    InputError : no value of a whole year, or a gap in a user's file
    """
    require_series(series)
    _refuse_growth(series)
    _check_request(series, since, until, prefer)
    levels = _known(series.observations, as_of)
    growth = _known(series.growth, as_of)
    chosen = _by_year(levels, series, prefer)
    if not chosen:
        raise _nothing(series, as_of)
    aside: list[SetAside] = []
    chosen, start, end = _segment(series, chosen, until, aside)
    rates = {
        year: obs
        for year, obs in _by_year(growth, series, prefer).items()
        if year <= max(chosen) and (start is None or year > start) and obs.value > -100
    }
    published = dict(chosen)
    chosen = chain(series, chosen, rates) if basis == "chained" else derive(chosen, rates)
    chosen = _from(series, chosen, since, aside)
    gap = [year for year in range(min(chosen), max(chosen)) if year not in chosen]
    if gap and series.file and not allow_gaps:
        raise InputError.of("gap_in_series", file=series.file, series=series.id, years=gap, code="gap")
    used = {year: obs for year, obs in chosen.items() if not gap or year > gap[-1]}
    aside.extend(SetAside(obs, "gap") for year, obs in chosen.items() if year not in used)
    as_published = {obs.period: obs for year, obs in used.items() if obs is published.get(year)}
    disagreeing = conflicts(levels, as_published)
    notes = (
        *series.reading_notes,
        *history_notes.of_doubts(series, used, levels),
        *history_notes.of_parts(series),
        *history_notes.of_publication(series, as_of),
        *history_notes.of_segment(series, start, end, used, aside, gap),
        *history_notes.of_values(tuple(used.values()), basis, published),
        *history_notes.of_growth(used, published, rates, basis),
        *history_notes.of_conflicts(disagreeing),
    )
    return History(
        series=series,
        years=tuple(used),
        values=np.array([obs.value for obs in used.values()], dtype=np.float64),
        observations=tuple(used.values()),
        notes=notes,
        set_aside=tuple(sorted(aside, key=lambda obs: obs.observation.period)),
        conflicts=disagreeing,
        basis=basis,
        as_of=as_of,
    )


def observed_years(series: Series, *, prefer: str | None = None, as_of: date | None = None) -> tuple[Observation, ...]:
    """The value of every whole year, across breaks and gaps, nothing derived, in order."""
    return tuple(_by_year(_known(series.observations, as_of), series, prefer).values())


def _refuse_growth(series: Series) -> None:
    if series.measure != "growth":
        return
    owner = series.id.removesuffix("_yoy") if series.id.endswith("_yoy") else (series.related or ("",))[0]
    raise UsageError.of("growth_to_forecast", series=series.id, owner=owner)


def _check_request(series: Series, since: int | None, until: int | None, prefer: str | None) -> None:
    if since is not None and until is not None and since > until:
        raise UsageError.of("since_after_until", since=since, until=until)
    if prefer is not None:
        require_source(series, prefer)


def _known(observations: Iterable[Observation], as_of: date | None) -> tuple[Observation, ...]:
    return tuple(
        obs
        for obs in observations
        if obs.status != "forecast"
        and (as_of is None or (obs.published_latest is not None and obs.published_latest <= as_of))
    )


def _by_year(observations: Iterable[Observation], series: Series, prefer: str | None) -> dict[int, Observation]:
    years = (obs for obs in observations if obs.period.is_year)
    values = preferred(years, series.sources, prefer)
    return {period.year: obs for period, obs in values.items()}


def _nothing(series: Series, as_of: date | None) -> InputError | UsageError:
    if as_of is not None and observed_years(series):
        first = min((obs.published_latest for obs in observed_years(series) if obs.published_latest), default=None)
        return UsageError.of("unpublished", series=series.id, day=as_of, first=first)
    periods = tuple(map(str, by_period(series.observations)))
    flow = series.measure == "flow"
    makes_years = flow and bool(series.file and periods) and with_whole_years(series) is not series
    return InputError.of("no_yearly_value", series=series.id, periods=periods, flow=flow, makes_years=makes_years)


def _segment(
    series: Series, chosen: dict[int, Observation], until: int | None, aside: list[SetAside]
) -> tuple[dict[int, Observation], int | None, int | None]:
    """The years on the basis of the last one asked for, with the breaks that begin and end that basis."""
    inside = {year: obs for year, obs in chosen.items() if until is None or year <= until}
    if not inside:
        raise UsageError.of("until_before_first", until=until, series=series.id, first=min(chosen))
    last = max(inside)
    start = max((year for year in series.breaks if year <= last), default=None)
    end = min((year for year in series.breaks if year > last), default=None)
    for year, obs in chosen.items():
        if year > last:
            aside.append(SetAside(obs, "until" if end is None or year < end else "new basis"))
        elif start is not None and year < start:
            aside.append(SetAside(obs, "break"))
    return {year: obs for year, obs in inside.items() if start is None or year >= start}, start, end


def _from(
    series: Series, chosen: dict[int, Observation], since: int | None, aside: list[SetAside]
) -> dict[int, Observation]:
    if since is None:
        return chosen
    kept = {year: obs for year, obs in chosen.items() if year >= since}
    if not kept:
        raise UsageError.of("since_after_last", since=since, series=series.id, last=max(chosen))
    aside.extend(SetAside(obs, "since") for year, obs in chosen.items() if year < since)
    return kept
