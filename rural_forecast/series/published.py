"""Forecasts of third parties: one row a distinct forecast, however many sources quote it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rural_forecast.series.observation import Interval, Observation, Qualifier, Series
from rural_forecast.series.period import Period

UNNAMED = "author not named"


class PublishedForecast(NamedTuple):
    """A forecast of a third party, or a target of the one who plans to reach it."""

    period: Period
    value: float
    qualifier: Qualifier
    author: str  # `author not named` where nobody is
    dated: str  # when it was made, as far as known; else the date of its first source, else empty
    sources: tuple[str, ...]  # ids of the sources that quote it, by the date each was surely published
    target: bool
    note: str
    published_latest: date | None  # day on which it had surely been published; None where no source is dated
    interval: Interval | None = None


def published_forecasts(series: Series, *, as_of: date | None = None) -> tuple[PublishedForecast, ...]:
    """The distinct forecasts and targets, by period and author; `as_of`: those that were surely published by then."""
    groups: dict[tuple[Period, str, float, str, str, bool], list[Observation]] = {}
    for obs in series.observations:
        if obs.status == "forecast":
            key = (obs.period, _author(obs, series), obs.value, obs.qualifier, obs.made, obs.target)
            groups.setdefault(key, []).append(obs)
    forecasts = []
    for rows in groups.values():
        rows.sort(key=lambda obs: (obs.published_latest or date.max, obs.source))
        first = rows[0]
        if as_of and (first.published_latest is None or first.published_latest > as_of):
            continue
        source = series.sources.get(first.source)
        dated = first.made or (source.dated if source else "") or _published(first)
        sources = tuple(obs.source for obs in rows if obs.source)
        forecasts.append(
            PublishedForecast(
                first.period, first.value, first.qualifier, _author(first, series), dated, sources, first.target,
                first.note, first.published_latest, first.interval,
            )
        )  # fmt: skip
    return tuple(sorted(forecasts, key=lambda obs: (obs.period, obs.author, obs.value, obs.dated)))


def _published(observation: Observation) -> str:
    """The day, month or year of publication: a file that says 2016-11 gives the first and last day of it."""
    first, last = observation.published_earliest, observation.published_latest
    if first is None or last is None or first == last:
        return last.isoformat() if last else ""
    months = 12 * (last.year - first.year) + last.month - first.month
    return last.isoformat()[: {0: 7, 11: 4}.get(months, 10)]


def _author(observation: Observation, series: Series) -> str:
    """In the catalogue a source quotes; in a user's file the source column is the best name there is."""
    if observation.author or observation.source in series.sources:
        return observation.author or UNNAMED
    return observation.source or UNNAMED
