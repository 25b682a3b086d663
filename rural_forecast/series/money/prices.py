"""Amounts in the prices of one year, by consumer prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.money import tables
from rural_forecast.series.money.conversion import Conversion
from rural_forecast.series.money.units import currency_of, require_current_prices
from rural_forecast.series.observation import Observation, Series

YEARS_AHEAD = 100
"""Years after the last known price that a stated inflation reaches."""


def deflator(
    unit: str,
    base: int,
    *,
    prices: str | Series | None = None,
    inflation: float | None = None,
    as_of: date | None = None,
) -> Conversion:
    """How amounts become amounts in the prices of a base year.

    `prices`: a country (code or name), or a series: a price index, or inflation in a unit of percent; left out, those
    of the country of the unit's currency. `inflation`: percent a year after the last known year; left out, such years
    are refused. `as_of`: use only prices of years that had ended by this day. Raises UsageError where no prices are
    known, or none for the base year, and for a unit that is no amount of money.
    """
    require_current_prices(unit)
    if unit or prices is None:
        currency = currency_of(unit).code
    level, of, source = _of_series(prices) if isinstance(prices, Series) else _of_country(prices or _country(currency))
    level = {year: value for year, value in level.items() if as_of is None or date(year, 12, 31) <= as_of}
    if not level:
        raise UsageError.of("no_prices_by_day", of=of, day=as_of)
    facts = {"of": of, "source": source, "base": base, "inflation": inflation, "last_known": max(level)}
    if inflation is not None:
        if not -50 < inflation < 1000:
            raise UsageError.of("inflation_out_of_range", inflation=inflation)
        last = max(level)
        level |= {last + ahead: level[last] * (1 + inflation / 100) ** ahead for ahead in range(1, YEARS_AHEAD + 1)}
    if base not in level:
        first, last = min(level), max(level)
        raise UsageError.of("no_base_prices", base=base, of=of, first=first, last=last, inflation=inflation)
    rates = {year: value / level[base] for year, value in level.items()}
    return Conversion(f"{unit} ({base} prices)".strip(), rates, None, "deflated", facts, nominal=unit)


def inflated(how: Conversion) -> Conversion:
    """The way back, from prices of the base year to those of each year."""
    return Conversion(how.nominal, {year: 1 / value for year, value in how.rates.items()}, None, "inflated", how.facts)


def deflated(series: Series, how: Conversion, since: int | None = None, until: int | None = None) -> Series:
    """The series in the prices of the base year; its notes say so.

    Growth and forecasts of others are in the prices of their day: growth is left out, and so are forecasts of years
    whose prices are not known, and values of such years before `since` and after `until`.

    Raises UsageError for a year without prices.
    """

    def needed(obs: Observation) -> bool:
        year = obs.period.year
        return year in how.rates or (obs.status != "forecast" and (since or year) <= year <= (until or year))

    kept = tuple(filter(needed, series.observations))
    left = sorted({obs.period.year for obs in series.observations} - {obs.period.year for obs in kept})
    real, note = how.of_series(replace(series, observations=kept))
    notes = [Note("deflated", dict(note.fields) | {"left_out": tuple(left), "growth": bool(series.growth)})]
    return replace(real, reading_notes=(*notes, *series.reading_notes))


def _country(currency: str) -> str:
    country = tables.rates()[currency].prices_of
    if not country:
        raise UsageError.of("no_country_of_currency", currency=currency)
    return country


def _of_country(country: str) -> tuple[dict[int, float], str, str]:
    known = tables.prices(country)
    return _level(known.inflation), known.name, "World Bank, FP.CPI.TOTL.ZG"


def _of_series(series: Series) -> tuple[dict[int, float], str, str]:
    values = {obs.period.year: obs.value for obs in observed_years(series)}
    if not values:
        raise UsageError.of("no_yearly_prices", series=series.id)
    if series.unit in ("percent", "%") or series.measure in ("rate", "growth"):
        return _level(values), series.title or series.id, series.file or series.id
    if bad := next((year for year, value in values.items() if value <= 0), None):
        raise UsageError.of("prices_not_positive", series=series.id, year=bad)
    return values, series.title or series.id, series.file or series.id


def _level(inflation: Mapping[int, float]) -> dict[int, float]:
    """A price level from inflation in percent, over the years after the last gap; the year before them is its first."""
    years = sorted(inflation)
    start = max((year for year in years if year - 1 not in inflation), default=0)
    level = {start - 1: 1.0}
    for year in range(start, years[-1] + 1):
        level[year] = level[year - 1] * (1 + inflation[year] / 100)
    return level
