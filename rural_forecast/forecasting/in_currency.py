"""Results in another currency: made in their own, then converted year by year.

A forecast of converted values would mix the market's growth with the exchange rate's, so it is the result that is
converted. Its interval does not cover the exchange rate. Each kind of result registers its
conversion next to its class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np

from rural_forecast.forecasting.result import Forecast, ModelForecast, Pool
from rural_forecast.models.base import Array
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.published import PublishedForecast


@singledispatch
def in_currency(result: Any, how: Exchange) -> Any:
    """The result with every amount converted; weights and scores stay. A forecast gets a note on the rates."""
    raise TypeError(f"A {type(result).__name__} has no conversion, such as {how.unit}.")


@in_currency.register
def _forecast(result: Forecast, how: Exchange) -> Forecast:
    history = result.history
    observations = tuple(map(how.observation, history.observations))
    shown = replace(
        history,
        series=replace(history.series, unit=how.unit),
        values=np.array([observation.value for observation in observations]),
        observations=observations,
        left_out=tuple(unused._replace(observation=how.observation(unused.observation)) for unused in history.left_out),
    )
    return replace(
        result,
        history=shown,
        main=tuple(of_model(path, result.years, how) for path in result.main),
        others=tuple(of_model(path, result.years, how) for path in result.others),
        wide=of_model(result.wide, result.years, how),
        published=tuple(_of_other(other, how) for other in result.published),
        pool=result.pool and _of_pool(result.pool, result.years, how),
        exchange=how,
        notes=(how.note((*history.years, *result.years), "forecast", history.series.unit), *result.notes),
    )


def _of_other(other: PublishedForecast, how: Exchange) -> PublishedForecast:
    year = other.period.year
    return other._replace(value=how.value(other.value, year), interval=how.interval(other.interval, year))


def _of_pool(pool: Pool, years: Sequence[int], how: Exchange) -> Pool:
    voices = (
        voice._replace(forecasts={year: _of_other(other, how) for year, other in voice.forecasts.items()})
        for voice in pool.voices
    )
    return pool._replace(ours=of_model(pool.ours, years, how), voices=tuple(voices))


def of_model(forecast: ModelForecast, years: Sequence[int], how: Exchange) -> ModelForecast:
    """The forecast of a model."""
    if not forecast.answers:
        return forecast
    amounts = forecast.values, forecast.lower, forecast.upper
    values, lower, upper = converted(*amounts, years[: len(forecast.values)], how)
    return forecast._replace(values=values, lower=lower, upper=upper)


def converted(
    values: Array, lower: Array, upper: Array, years: Sequence[int], how: Exchange
) -> tuple[Array, Array, Array]:
    """Medians of shape (..., year) and bounds of shape (level, ..., year) in the new unit."""
    rates = np.array([how.rate(year) for year in years])
    return values / rates, lower / rates, upper / rates
