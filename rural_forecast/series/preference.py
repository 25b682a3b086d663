"""The value of a period that is used: chosen among several by a stated rule, or made of the parts
of a year.

The rule, in this order: doubtful values last; actual, preliminary, estimate; `=` before other
qualifiers; the publisher's own page, then republished, then copies; more significant digits; the
later date; the source id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.series.observation import (
    Derivation,
    Interval,
    Measure,
    Observation,
    Publication,
    Qualifier,
    Series,
    known_on,
    published_by,
)
from rural_forecast.series.period import Period
from rural_forecast.text.wording import are, shortened

RULE = "rule"
MEDIAN = "median"  # ways to choose other than the name of a source
ROUNDING_PCT = 1.0  # conflicts within this spread come from sources that round
UNNAMED = "author not named"
YEAR = frozenset(range(1, 13))
HOW: Mapping[Measure, Literal["sum", "end", "mean"]] = {
    "flow": "sum",
    "stock": "end",
    "rate": "mean",
    "price": "mean",
    "growth": "mean",
}
"""How a year follows from its parts, by the measure of the series."""
_STATUS = ("actual", "preliminary", "estimate")  # the best first
_REACH = {"own": 0, "republished": 1, "copy": 2}


class Conflict(NamedTuple):
    """Different values of one period, and the one that is used."""

    period: Period
    chosen: Observation
    values: tuple[Observation, ...]  # all values of the period that are no forecasts
    low: float
    high: float

    @property
    def width(self) -> float:
        """How far the values lie apart that are not marked as doubtful."""
        points = [seen.value for seen in self.values if not seen.doubtful]
        return max(points) - min(points) if points else 0.0

    @property
    def spread_pct(self) -> float:
        """How far the highest lies above the lowest, in percent of the chosen value (infinite where
        that is 0).
        """
        size = abs(self.chosen.value)
        return 100 * (self.high - self.low) / size if size else float("inf")

    @property
    def is_rounding(self) -> bool:
        """True if the values differ by rounding alone."""
        return self.width <= abs(self.chosen.value) * ROUNDING_PCT / 100


def prefer(
    observations: Iterable[Observation],
    sources: Mapping[str, Publication],
    choice: str | None = None,
) -> Observation:
    """The value of a period that is used: that of the source `choice`, the `median` of sound ones,
    or by the `rule`.
    """
    candidates = [obs for obs in observations if obs.status != "forecast"]
    if choice == MEDIAN:
        return _median(candidates, sources)
    named = [
        obs for obs in candidates if choice not in (None, RULE) and _is_from(obs, choice, sources)
    ]
    return _first(named or candidates, sources)


def by_period(observations: Iterable[Observation]) -> dict[Period, list[Observation]]:
    """Observations that are no forecasts, by period in order."""
    periods: dict[Period, list[Observation]] = {}
    for obs in observations:
        if obs.status != "forecast":
            periods.setdefault(obs.period, []).append(obs)
    return dict(sorted(periods.items()))


def preferred(
    observations: Iterable[Observation],
    sources: Mapping[str, Publication],
    choice: str | None = None,
) -> dict[Period, Observation]:
    """The value of each period that is used, by period."""
    return {
        period: prefer(values, sources, choice)
        for period, values in by_period(observations).items()
    }


def conflicts(
    observations: Iterable[Observation], chosen: Mapping[Period, Observation]
) -> tuple[Conflict, ...]:
    """The conflicts about periods of which a value is `chosen`, by period."""
    return tuple(
        Conflict(period, chosen[period], tuple(values), min(numbers), max(numbers))
        for period, values in by_period(obs for obs in observations if obs.period in chosen).items()
        if len(numbers := {obs.value for obs in values}) > 1
    )


def require_source(series: Series, source: str | None) -> None:
    """Check that a source asked for by name gives a value of this series. Raises UsageError if it
    gives none.
    """
    if source in (None, RULE, MEDIAN):
        return
    observations = [
        obs for obs in (*series.observations, *series.growth) if obs.status != "forecast"
    ]
    if not any(_is_from(obs, source, series.sources) for obs in observations):
        sources = sorted({obs.source for obs in observations if obs.source})
        named = (
            f"Name one of its sources, {shortened(sources)}, or"
            if sources
            else "It names no source; use"
        )
        raise UsageError(
            f"No value of {series.id} is from '{source}'.", f"{named} {RULE} or {MEDIAN}."
        )


def _is_from(observation: Observation, name: str, sources: Mapping[str, Publication]) -> bool:
    known = sources.get(observation.source)
    names = {observation.source.casefold(), known.publisher.casefold() if known else ""}
    return name.strip().casefold() in names - {""}


def _first(observations: Iterable[Observation], sources: Mapping[str, Publication]) -> Observation:
    def rank(obs: Observation) -> tuple[object, ...]:
        known = sources.get(obs.source)
        latest = obs.published_latest or date.min
        status = _STATUS.index(obs.status)
        reach = _REACH.get(known.reach, 0) if known else 0
        # trailing zeros of a whole number carry no information
        digits = len(Decimal(repr(float(obs.value))).normalize().as_tuple().digits)
        return (
            obs.doubtful,
            status,
            obs.qualifier != "=",
            reach,
            -digits,
            -latest.toordinal(),
            obs.source,
        )

    return min(observations, key=rank)


def _median(candidates: Sequence[Observation], sources: Mapping[str, Publication]) -> Observation:
    sound = [obs for obs in candidates if not obs.doubtful] or candidates
    best = min((obs.status for obs in sound), key=_STATUS.index)
    votes = [obs for obs in sound if obs.status == best]
    votes = [obs for obs in votes if obs.qualifier in ("=", "~")] or votes
    if len({obs.value for obs in votes}) == 1:
        return _first(votes, sources)
    ordered = sorted(obs.value for obs in votes)
    low = ordered[(len(ordered) - 1) // 2]
    high = ordered[len(ordered) // 2]
    middle = low if low == high else (low + high) / 2
    exact = any(obs.qualifier == "=" and obs.value == middle for obs in votes)
    return Observation(
        votes[0].period,
        middle,
        best,
        "=" if exact else "~",
        source="median",
        note=f"median of {', '.join(f'{obs.value:,.10g} ({obs.source})' for obs in votes)}",
        published_latest=published_by(votes),
        derived=True,
        derivation=Derivation("median"),
    )


# Whole years out of halves, quarters and months: a flow is their sum, a stock the last, others
# their mean


def cover(
    levels: Mapping[Period, Observation], year: int, months: frozenset[int] = YEAR
) -> tuple[Observation, ...]:
    """Parts of a year that make up these months exactly, sound ones and the longest first; empty
    where none do.
    """
    own = (obs for period, obs in levels.items() if period.year == year and not period.is_year)
    inside = [obs for obs in own if months_of(obs.period) <= months]
    weak = ("preliminary", "estimate")
    inside.sort(key=lambda obs: (obs.qualifier in "<>" or obs.status in weak, -obs.period.length))

    def exact(left: frozenset[int]) -> tuple[Observation, ...]:
        # tried in order; the first month still open decides which parts may come next
        for obs in inside if left else ():
            own = months_of(obs.period)
            if min(left) in own and own <= left:
                rest = exact(left - own)
                if rest or own == left:
                    return (obs, *rest)
        return ()

    return exact(months)


def months_of(period: Period) -> frozenset[int]:
    """The months of a period."""
    first, last = period.months
    return frozenset(range(first, last + 1))


def derived(
    levels: Mapping[Period, Observation], years: Iterable[int], measure: Measure = "flow"
) -> Iterator[Observation]:
    """The value of each year whose parts are all known; of a stock, whose end is known."""
    how = HOW[measure]
    for year in years:
        if how == "end":
            ends = (
                obs for period, obs in levels.items() if period.year == year and period.last == 12
            )
            parts = tuple(sorted(ends, key=lambda obs: obs.period.length)[:1])
        else:
            parts = cover(levels, year)
        if not parts:
            continue
        ordered = sorted(parts, key=lambda obs: obs.period)
        total = sum(obs.value for obs in parts)
        if how == "mean":
            total = sum(obs.value * obs.period.length for obs in parts) / 12
        yield Observation(
            Period(year),
            total,
            max((obs.status for obs in parts), key=_STATUS.index),
            next((obs.qualifier for obs in parts if obs.qualifier != "="), "="),
            parts[0].source,
            f"the {how} of {', '.join(str(obs.period) for obs in ordered)}",
            published_latest=published_by(parts),
            derived=True,
            derivation=Derivation(how),
            place=ordered[-1].place,
        )


def with_whole_years(series: Series) -> Series:
    """The series with the years that only its parts give; the parts remain."""
    levels = preferred(series.observations, series.sources)
    known = {period.year for period in levels if period.is_year}
    years = [*derived(levels, sorted({period.year for period in levels} - known), series.measure)]
    ordered = sorted(
        (*series.observations, *years), key=lambda obs: (obs.period, obs.status == "forecast")
    )
    return replace(series, observations=tuple(ordered)) if years else series


def is_made(obs: Observation) -> bool:
    """True for a value of a year that was made of its parts."""
    return obs.derivation is not None and obs.derivation.how in HOW.values()


def parts_in(series: Series) -> list[Observation]:
    """The parts of years that no whole year was made of."""
    made = {obs.period.year for obs in series.observations if is_made(obs)}
    parts = (
        obs for obs in series.observations if not obs.period.is_year and obs.status != "forecast"
    )
    return [obs for obs in parts if obs.period.year not in made]


def open_parts(series: Series) -> list[Period]:
    """The parts of the year after the last whole one, which a nowcast uses; of a flow alone."""
    years = [
        obs.period.year
        for obs in series.observations
        if obs.period.is_year and obs.status != "forecast"
    ]
    parts = parts_in(series) if years and series.measure == "flow" else ()
    return list(dict.fromkeys(obs.period for obs in parts if obs.period.year > max(years)))


def on_parts(series: Series) -> Iterator[Note]:
    """A note on parts of years in a file, which no annual model uses; the reader names those of a
    year under way.
    """
    under_way = open_parts(series) if series.file else []
    parts = list(
        dict.fromkeys(str(seen.period) for seen in parts_in(series) if seen.period not in under_way)
    )
    if series.file and parts:
        what = "a part of a year" if len(parts) == 1 else "parts of a year"
        said = f"{shortened(parts)} {are(parts)} {what} and not used."
        yield Note(
            "parts_of_year", said, warning=True, advice="'rural-forecast nowcast' uses such values."
        )


# The forecasts of third parties


class PublishedForecast(NamedTuple):
    """A forecast of a third party, or a target of the one who plans to reach it."""

    period: Period
    value: float
    qualifier: Qualifier
    author: str  # `author not named` where nobody is
    dated: str  # when it was made, as far as known; else the date of its first source, else empty
    sources: tuple[str, ...]
    """ids of the sources that quote it, by the date each was surely published."""
    target: bool
    note: str
    published_latest: date | None
    """day on which it had surely been published; None where no source is dated."""
    interval: Interval | None = None


def published_forecasts(
    series: Series, *, as_of: date | None = None
) -> tuple[PublishedForecast, ...]:
    """The distinct forecasts and targets, by period and author; `as_of`: those that were surely
    published by then.
    """
    groups: dict[tuple[Period, str, float, str, str, bool], list[Observation]] = {}
    for obs in series.observations:
        if obs.status == "forecast":
            # in the catalogue a source quotes; in a user's file the source column is the best name
            # there is
            author = (
                obs.author or (obs.source if obs.source not in series.sources else "") or UNNAMED
            )
            groups.setdefault(
                (obs.period, author, obs.value, obs.qualifier, obs.made, obs.target), []
            ).append(obs)
    forecasts = []
    for (period, author, *_), rows in groups.items():
        rows.sort(key=lambda obs: (obs.published_latest or date.max, obs.source))
        first = rows[0]
        if not known_on(as_of, first):
            continue
        source = series.sources.get(first.source)
        dated = first.made or (source.dated if source else "") or _day_of(first)
        sources = tuple(obs.source for obs in rows if obs.source)
        forecasts.append(
            PublishedForecast(
                period,
                first.value,
                first.qualifier,
                author,
                dated,
                sources,
                first.target,
                first.note,
                first.published_latest,
                first.interval,
            )
        )
    return tuple(sorted(forecasts, key=lambda obs: (obs.period, obs.author, obs.value, obs.dated)))


def _day_of(obs: Observation) -> str:
    """The day, month or year of publication: a file that says 2016-11 gives the first and last day
    of it.
    """
    first = obs.published_earliest
    last = obs.published_latest
    if first is None or last is None or first == last:
        return last.isoformat() if last else ""
    months = 12 * (last.year - first.year) + last.month - first.month
    return last.isoformat()[: {0: 7, 11: 4}.get(months, 10)]
