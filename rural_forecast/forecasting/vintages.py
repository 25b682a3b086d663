"""The forecast of a year just before it was first published, against that figure and the present one.

Only years with two dated values or more have vintages.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple, Unpack

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import by_period, prefer
from rural_forecast.series.selection import Selection


class Vintage(NamedTuple):
    """One year, as first published and as it is now."""

    period: int
    as_of: date
    """The day before the year's first figure can have been out."""
    ours: float | None
    """Our forecast on that day; None where there is none."""
    origin: int | None
    """The last year that was known on that day."""
    first: Observation
    now: Observation
    """The value that is used today."""
    why_not: str
    """Why there is none of ours; empty when there is."""


def vintages(series: Series, stated: Limits = NONE, **selection: Unpack[Selection]) -> tuple[Vintage, ...]:
    """Every year with two or more dated values, in order.

    Parameters
    ----------
    stated : limits of every forecast
    selection : which points are used, see `Selection`; under `as_of`, the values known on that day in place of today.
        `until` plays no part: all that was known on a vintage's day is used
    """
    as_of = selection.get("as_of")
    seen = [one for one in series.observations if one.status != "forecast" and one.period.is_year]
    if as_of is not None:
        seen = [one for one in seen if one.published_latest is not None and one.published_latest <= as_of]
    return tuple(_told(series, seen, stated, selection))


def _told(series: Series, seen: list[Observation], stated: Limits, selection: Selection) -> Iterator[Vintage]:
    for period, group in by_period(seen).items():
        dated = sorted((one for one in group if one.published_latest), key=_published)
        if len({one.published_latest for one in dated}) < 2:
            continue
        day = (dated[0].published_earliest or _published(dated[0])) - timedelta(days=1)
        ours, origin, why_not = said_then(series, period.year, day, stated, **selection)
        now = prefer(group, series.sources, source=selection.get("prefer"), reconcile=selection.get("reconcile"))
        yield Vintage(period.year, day, ours, origin, dated[0], now, why_not)


def _published(one: Observation) -> date:
    return one.published_latest or date.max


def said_then(
    series: Series, year: int, day: date, stated: Limits = NONE, **selection: Unpack[Selection]
) -> tuple[float | None, int | None, str]:
    """Our forecast of a year on a day, the last year known then, and the reason where there is no forecast."""
    then_known: Selection = {**selection, "until": None, "as_of": day}
    try:
        then = forecast(series, year=year, **stated._asdict(), **then_known)
    except RuralForecastError as error:
        return None, None, error.message.rstrip(".")
    return float(then.best.values[-1]), then.origin, ""
