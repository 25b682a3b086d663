"""The value of a period that is used.

It is chosen among several by a stated rule, or made of the parts of a year. The last part of the
file gathers the forecasts of third parties.

The rule, in this order: doubtful values last, and those that their file passes over; actual,
preliminary, estimate; `=` before other qualifiers; the publisher's own page, then republished, then
copies; more significant digits; the later date; the source id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from rural_forecast.errors import UsageError, command
from rural_forecast.notes import Note
from rural_forecast.observed.observation import (
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
from rural_forecast.observed.period import Period
from rural_forecast.text.wording import are, shortened

# Ways to choose, other than the name of a source
RULE = "rule"
MEDIAN = "median"

ROUNDING_PCT = 1.0
"""Spread up to which a conflict comes from sources that round."""
UNNAMED = "author not named"
YEAR = frozenset(range(1, 13))
"""The months of a year."""
HOW: Mapping[Measure, Literal["sum", "end", "mean"]] = {
    "flow": "sum",
    "stock": "end",
    "rate": "mean",
    "price": "mean",
    "growth": "mean",
}
"""How a year follows from its parts, by the measure of the series."""
_STATUS = ("actual", "preliminary", "estimate")
"""From the best to the least."""
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
        """The distance of the values that are not marked as doubtful."""
        points = [obs.value for obs in self.values if not obs.doubtful]
        return max(points) - min(points) if points else 0.0

    @property
    def spread_pct(self) -> float:
        """The distance of all values in percent of the chosen one; infinite if that is 0."""
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
    """Choose the value of a period that is used.

    `choice` is the name of a source, `median` (of sound values) or `rule`. The rule chooses, too,
    where the source gives no value.
    """
    candidates = [obs for obs in observations if obs.status != "forecast"]
    if choice == MEDIAN:
        return _median(candidates, sources)
    if choice not in (None, RULE):
        named = [obs for obs in candidates if _is_from(obs, choice, sources)]
        candidates = named or candidates
    return _first(candidates, sources)


def by_period(observations: Iterable[Observation]) -> dict[Period, list[Observation]]:
    """Group observations that are no forecasts by period, in order."""
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
    """Choose the value of each period that is used, in order of period."""
    chosen = {}
    for period, values in by_period(observations).items():
        # Almost every period has one value, and a choice is slow.
        chosen[period] = values[0] if len(values) == 1 else prefer(values, sources, choice)
    return chosen


def conflicts(
    observations: Iterable[Observation], chosen: Mapping[Period, Observation]
) -> tuple[Conflict, ...]:
    """Find the conflicts about periods of which a value is `chosen`, in order of period."""
    relevant = (obs for obs in observations if obs.period in chosen)
    result = []
    for period, values in by_period(relevant).items():
        numbers = {obs.value for obs in values}
        if len(numbers) > 1:
            conflict = Conflict(period, chosen[period], tuple(values), min(numbers), max(numbers))
            result.append(conflict)
    return tuple(result)


def require_source(series: Series, source: str | None) -> None:
    """Check that a series has a value of the source asked for. Raises UsageError if not."""
    if source in (None, RULE, MEDIAN):
        return
    every = (*series.observations, *series.growth)
    observations = [obs for obs in every if obs.status != "forecast"]
    if any(_is_from(obs, source, series.sources) for obs in observations):
        return
    sources = sorted({obs.source for obs in observations if obs.source})
    hint = f"It names no source; use {RULE} or {MEDIAN}."
    if sources:
        hint = f"Name one of its sources, {shortened(sources)}, or {RULE} or {MEDIAN}."
    raise UsageError(f"No value of {series.id} is from '{source}'.", hint)


def _is_from(observation: Observation, name: str, sources: Mapping[str, Publication]) -> bool:
    """True if a name is that of the source of an observation, or of its publisher."""
    names = {observation.source.casefold()}
    publication = sources.get(observation.source)
    if publication:
        names.add(publication.publisher.casefold())
    return name.strip().casefold() in names - {""}


def _first(observations: Iterable[Observation], sources: Mapping[str, Publication]) -> Observation:
    """Choose by the rule; see the head of this file."""

    def rank(obs: Observation) -> tuple[object, ...]:
        publication = sources.get(obs.source)
        latest = obs.published_latest or date.min
        # Trailing zeros of a whole number carry no information.
        digits = len(Decimal(repr(float(obs.value))).normalize().as_tuple().digits)
        return (
            obs.doubtful,
            obs.passed_over,
            _STATUS.index(obs.status),
            obs.qualifier != "=",
            _REACH.get(publication.reach, 0) if publication else 0,
            -digits,
            -latest.toordinal(),
            obs.source,
        )

    return min(observations, key=rank)


def _median(candidates: Sequence[Observation], sources: Mapping[str, Publication]) -> Observation:
    """The median of sound values of the best status; that of two values is their mean."""
    sound = [obs for obs in candidates if not obs.doubtful] or candidates
    status = min((obs.status for obs in sound), key=_STATUS.index)
    votes = [obs for obs in sound if obs.status == status]
    # A floor or an upper figure is no value, and votes only where there is nothing else.
    votes = [obs for obs in votes if obs.qualifier in ("=", "~")] or votes
    if len({obs.value for obs in votes}) == 1:
        return _first(votes, sources)

    ordered = sorted(obs.value for obs in votes)
    low = ordered[(len(ordered) - 1) // 2]
    high = ordered[len(ordered) // 2]
    middle = low if low == high else (low + high) / 2
    is_exact = any(obs.qualifier == "=" and obs.value == middle for obs in votes)
    written = ", ".join(f"{obs.value:,.10g} ({obs.source})" for obs in votes)
    return Observation(
        votes[0].period,
        middle,
        status,
        "=" if is_exact else "~",
        source="median",
        note=f"median of {written}",
        published_latest=published_by(votes),
        derived=True,
        derivation=Derivation("median"),
    )


# Whole years out of halves, quarters and months: a flow is their sum, a stock the last of them,
# others their mean


def cover(
    levels: Mapping[Period, Observation], year: int, months: frozenset[int] = YEAR
) -> tuple[Observation, ...]:
    """Find parts of a year that make up these months exactly; empty if none do.

    Sound parts come before others, and long ones before short ones.
    """
    parts = []
    for period, obs in levels.items():
        if period.year == year and not period.is_year and months_of(period) <= months:
            parts.append(obs)

    def rank(obs: Observation) -> tuple[bool, int]:
        is_weak = obs.qualifier in "<>" or obs.status in ("preliminary", "estimate")
        return is_weak, -obs.period.length

    parts.sort(key=rank)

    def exact(left: frozenset[int]) -> tuple[Observation, ...]:
        if not left:
            return ()
        for obs in parts:
            own = months_of(obs.period)
            # Only a part with the first month still open can come next: each cover is tried once.
            if min(left) not in own or not own <= left:
                continue
            if own == left:
                return (obs,)
            rest = exact(left - own)
            if rest:
                return (obs, *rest)
        return ()

    return exact(months)


def months_of(period: Period) -> frozenset[int]:
    """List the months of a period."""
    first, last = period.months
    return frozenset(range(first, last + 1))


def derived(
    levels: Mapping[Period, Observation], years: Iterable[int], measure: Measure = "flow"
) -> Iterator[Observation]:
    """Yield the value of each year whose parts are all known; of a stock, whose end is known."""
    how = HOW[measure]
    for year in years:
        parts = _end(levels, year) if how == "end" else cover(levels, year)
        if not parts:
            continue
        if how == "mean":
            total = sum(obs.value * obs.period.length for obs in parts) / 12
        else:
            total = sum(obs.value for obs in parts)
        ordered = sorted(parts, key=lambda obs: obs.period)
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


def _end(levels: Mapping[Period, Observation], year: int) -> tuple[Observation, ...]:
    """The shortest part that ends with the year, as its stock is counted closest to the end."""
    ends = [obs for period, obs in levels.items() if period.year == year and period.last == 12]
    return (min(ends, key=lambda obs: obs.period.length),) if ends else ()


def with_whole_years(series: Series) -> Series:
    """Add the years that only parts give; the parts remain."""
    levels = preferred(series.observations, series.sources)
    whole = {period.year for period in levels if period.is_year}
    others = sorted({period.year for period in levels} - whole)
    years = list(derived(levels, others, series.measure))
    if not years:
        return series
    observations = sorted(
        (*series.observations, *years), key=lambda obs: (obs.period, obs.status == "forecast")
    )
    return replace(series, observations=tuple(observations))


def is_made(obs: Observation) -> bool:
    """Check that a value of a year was made of its parts."""
    return obs.derivation is not None and obs.derivation.how in HOW.values()


def parts_in(series: Series) -> list[Observation]:
    """Select the parts of years that no whole year was made of."""
    whole = {obs.period.year for obs in series.observations if is_made(obs)}
    return [obs for obs in observed_parts(series.observations) if obs.period.year not in whole]


def observed_parts(rows: Iterable[Observation]) -> Iterator[Observation]:
    """Select the observed parts of years."""
    return (row for row in rows if row.status != "forecast" and not row.period.is_year)


def open_parts(series: Series) -> list[Period]:
    """List the parts of a flow after its last whole year, which a nowcast uses."""
    observed = [obs for obs in series.observations if obs.status != "forecast"]
    years = [obs.period.year for obs in observed if obs.period.is_year]
    if not years or series.measure != "flow":
        return []
    last = max(years)
    return list(dict.fromkeys(obs.period for obs in parts_in(series) if obs.period.year > last))


def on_parts(series: Series) -> Iterator[Note]:
    """Yield a note on parts of years in a file, which no annual model uses.

    The reader names those of a year under way.
    """
    if not series.file:
        return
    under_way = open_parts(series)
    unused = (obs.period for obs in parts_in(series) if obs.period not in under_way)
    parts = list(dict.fromkeys(map(str, unused)))
    if parts:
        what = "a part of a year" if len(parts) == 1 else "parts of a year"
        yield Note(
            "parts_of_year",
            f"{shortened(parts)} {are(parts)} {what} and not used.",
            warning=True,
            advice=f"'{command('nowcast')}' uses such values.",
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
    """Ids of the sources that quote it, by the date each was surely published."""
    target: bool
    note: str
    published_latest: date | None
    """Day on which it had surely been published; None if no source is dated."""
    interval: Interval | None = None


def published_forecasts(
    series: Series, *, as_of: date | None = None
) -> tuple[PublishedForecast, ...]:
    """List the distinct forecasts and targets, by period and author.

    `as_of`: only those that had surely been published by then.
    """
    groups: dict[tuple[object, ...], list[Observation]] = {}
    for obs in series.observations:
        if obs.status == "forecast":
            key = (
                obs.period,
                _author(obs, series),
                obs.value,
                obs.qualifier,
                obs.made,
                obs.target,
            )
            groups.setdefault(key, []).append(obs)

    forecasts = []
    for rows in groups.values():
        rows.sort(key=lambda obs: (obs.published_latest or date.max, obs.source))
        first = rows[0]
        if not known_on(as_of, first):
            continue
        publication = series.sources.get(first.source)
        dated = first.made or (publication.dated if publication else "") or _day_of(first)
        forecast = PublishedForecast(
            period=first.period,
            value=first.value,
            qualifier=first.qualifier,
            author=_author(first, series),
            dated=dated,
            sources=tuple(obs.source for obs in rows if obs.source),
            target=first.target,
            note=first.note,
            published_latest=first.published_latest,
            interval=first.interval,
        )
        forecasts.append(forecast)
    return tuple(sorted(forecasts, key=lambda obs: (obs.period, obs.author, obs.value, obs.dated)))


def _author(obs: Observation, series: Series) -> str:
    """The author of a forecast.

    In the catalogue a source only quotes it; in a user's file the source column is the best name
    there is.
    """
    if obs.author:
        return obs.author
    return (obs.source if obs.source not in series.sources else "") or UNNAMED


def _day_of(obs: Observation) -> str:
    """The day, month or year of publication.

    A file that says 2016-11 gives the first and last day of it.
    """
    first = obs.published_earliest
    last = obs.published_latest
    if last is None:
        return ""
    if first is None or first == last:
        return last.isoformat()
    months = 12 * (last.year - first.year) + last.month - first.month
    length = {0: len("2016-11"), 11: len("2016")}.get(months, len("2016-11-30"))
    return last.isoformat()[:length]
