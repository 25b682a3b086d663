"""Whole years out of halves, quarters and months: a flow is their sum, a stock the last, others their mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from rural_forecast.notes import Note
from rural_forecast.series.observation import Derivation, Measure, Observation, Qualifier, Series, Status, published_by
from rural_forecast.series.period import Period
from rural_forecast.series.preference import preferred
from rural_forecast.text.wording import are, shortened

YEAR = frozenset(range(1, 13))
How = Literal["sum", "end", "mean"]
HOW: Mapping[Measure, How] = {"flow": "sum", "stock": "end", "rate": "mean", "price": "mean", "growth": "mean"}
"""How a year follows from its parts, by the measure of the series."""


def cover(levels: Mapping[Period, Observation], year: int, months: frozenset[int] = YEAR) -> tuple[Observation, ...]:
    """Parts of a year that make up these months exactly, sound ones and the longest first; empty where none do."""
    own = (obs for period, obs in levels.items() if period.year == year and not period.is_year)
    inside = [obs for obs in own if months_of(obs.period) <= months]
    weak = ("preliminary", "estimate")
    inside.sort(key=lambda obs: (obs.qualifier in "<>" or obs.status in weak, -obs.period.length))
    return _exact(inside, months)


def derived(
    levels: Mapping[Period, Observation], years: Iterable[int], measure: Measure = "flow"
) -> Iterator[Observation]:
    """The value of each year whose parts are all known; of a stock, whose end is known."""
    for year in years:
        parts = cover(levels, year) if measure != "stock" else ()
        if measure == "stock":
            ends = (obs for period, obs in levels.items() if period.year == year and period.last == 12)
            parts = tuple(sorted(ends, key=lambda obs: obs.period.length)[:1])
        if parts:
            yield _year(year, parts, HOW[measure])


def with_whole_years(series: Series) -> Series:
    """The series with the years that only its parts give; the parts remain."""
    parts = [obs for obs in series.observations if not obs.period.is_year and obs.status != "forecast"]
    known = {obs.period.year for obs in series.observations if obs.period.is_year and obs.status != "forecast"}
    levels = preferred(parts, series.sources)
    years = [*derived(levels, sorted({obs.period.year for obs in parts} - known), series.measure)]
    ordered = sorted((*series.observations, *years), key=lambda obs: (obs.period, obs.status == "forecast"))
    return replace(series, observations=tuple(ordered)) if years else series


def is_made(obs: Observation) -> bool:
    """True for a value of a year that was made of its parts."""
    return obs.derivation is not None and obs.derivation.how in HOW.values()


def parts_in(series: Series) -> list[Observation]:
    """The parts of years that no whole year was made of."""
    made = {obs.period.year for obs in series.observations if is_made(obs)}
    return [
        obs
        for obs in series.observations
        if not obs.period.is_year and obs.status != "forecast" and obs.period.year not in made
    ]


def on_parts(series: Series) -> Iterator[Note]:
    """A note on parts of years in a file, which no annual model uses; the reader names those of a year under way."""
    under_way = open_parts(series)
    parts = list(dict.fromkeys(str(seen.period) for seen in parts_in(series) if seen.period not in under_way))
    if series.file and parts:
        what = "a part of a year" if len(parts) == 1 else "parts of a year"
        said = f"{shortened(parts)} {are(parts)} {what} and not used."
        yield Note("parts_of_year", said, warning=True, advice="'rural-forecast nowcast' uses such values.")


def open_parts(series: Series) -> list[Period]:
    """The parts of the year after the last whole one, which a nowcast uses; of a flow alone."""
    years = [obs.period.year for obs in series.observations if obs.period.is_year and obs.status != "forecast"]
    if not years or series.measure != "flow":
        return []
    return list(dict.fromkeys(obs.period for obs in parts_in(series) if obs.period.year > max(years)))


def _year(year: int, parts: Sequence[Observation], how: How) -> Observation:
    ordered = sorted(parts, key=lambda obs: obs.period)
    total = sum(obs.value for obs in parts)
    if how == "mean":
        total = sum(obs.value * obs.period.length for obs in parts) / 12
    statuses: set[Status] = {obs.status for obs in parts}
    status: Status = next((status for status in ("estimate", "preliminary") if status in statuses), "actual")
    qualifier: Qualifier = next((obs.qualifier for obs in parts if obs.qualifier != "="), "=")
    return Observation(
        Period(year), total, status, qualifier, source=parts[0].source, published_latest=published_by(parts),
        note=f"the {how} of {', '.join(str(obs.period) for obs in ordered)}",
        derived=True, derivation=Derivation(how), place=ordered[-1].place,
    )  # fmt: skip


def months_of(period: Period) -> frozenset[int]:
    """The months of a period."""
    first, last = period.months
    return frozenset(range(first, last + 1))


def _exact(inside: Sequence[Observation], months: frozenset[int]) -> tuple[Observation, ...]:
    """An exact cover, tried in order; the first month still open decides which parts may come next."""
    for obs in inside if months else ():
        own = months_of(obs.period)
        if min(months) in own and own <= months:
            rest = _exact(inside, months - own)
            if rest or own == months:
                return (obs, *rest)
    return ()
