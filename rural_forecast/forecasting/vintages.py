"""Our forecasts from what was known on a day in the past: of years published again later, and of years that third
parties forecast.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, Unpack

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.series.history import History, Selection
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import by_period, prefer
from rural_forecast.series.published import PublishedForecast, published_forecasts


class Vintage(NamedTuple):
    """One year, as first published and as it is now."""

    period: int
    as_of: date
    """The day before the year's first figure can have been out."""
    ours: float | None
    origin: int | None
    first: Observation
    now: Observation
    why_not: str = ""
    """Why there is none of ours; empty when there is."""


class PublishedScore(NamedTuple):
    """A third party's forecast, the outcome on the same definition, and our forecast as of its date."""

    forecast: PublishedForecast
    actual: float
    error_pct: float | None
    """None for a bound."""
    met: bool | None
    """True if a bound was met; None for a point."""
    ours: float | None
    why_not: str = ""


def vintages(series: Series, stated: Limits = NONE, **selection: Unpack[Selection]) -> tuple[Vintage, ...]:
    """Every year with two or more dated values, in order; under `as_of`, by the values known on that day."""
    as_of, years = selection.get("as_of"), []
    seen = [value for value in series.observations if value.status != "forecast" and value.period.is_year]
    if as_of is not None:
        seen = [value for value in seen if _published(value) <= as_of]
    for period, values in by_period(seen).items():
        dated = sorted((value for value in values if value.published_latest), key=_published)
        if len(set(map(_published, dated))) < 2:
            continue
        day = (dated[0].published_earliest or _published(dated[0])) - timedelta(days=1)
        ours, origin, why_not = _forecast_then(series, period.year, day, stated, selection)
        now = prefer(values, series.sources, selection.get("prefer"))
        years.append(Vintage(period.year, day, ours, origin, dated[0], now, why_not))
    return tuple(years)


def published_scores(
    series: Series, history: History, stated: Limits, **selection: Unpack[Selection]
) -> Iterator[PublishedScore]:
    """Forecasts of others (not targets) whose outcome is known on the same definition."""
    known = dict(zip(history.years, history.values.tolist(), strict=True))
    known |= {unused.observation.period.year: unused.observation.value for unused in history.left_out}
    for theirs in published_forecasts(series, as_of=history.as_of):
        actual = known.get(theirs.period.year) if theirs.period.is_year and not theirs.target else None
        if actual is None:
            continue
        error, met = None, None
        if theirs.qualifier not in "=~":
            met = (actual >= theirs.value) == (theirs.qualifier == ">")
        elif actual:
            error = 100 * (theirs.value / actual - 1)
        ours, _, why_not = _forecast_then(series, theirs.period.year, theirs.published_latest, stated, selection)
        yield PublishedScore(theirs, actual, error, met, ours, why_not)


def _published(value: Observation) -> date:
    return value.published_latest or date.max


def _forecast_then(
    series: Series, year: int, day: date | None, stated: Limits, selection: Selection
) -> tuple[float | None, int | None, str]:
    """Our forecast of a year on a day, the last year known then, and why there is no forecast."""
    if day is None:
        return None, None, "Its date is not known"
    known: Selection = {**selection, "until": None, "as_of": day}
    try:
        then = forecast(series, year=year, **stated.question, **known)
    except RuralForecastError as error:
        return None, None, str(error).rstrip(".")
    return then.best.last, then.origin, ""
