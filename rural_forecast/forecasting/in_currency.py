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

from rural_forecast.forecasting.result import Forecast, ModelForecast, Voice
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

    def path(one: ModelForecast) -> ModelForecast:
        return of_model(one, result.years, how)

    def of_other(other: PublishedForecast) -> PublishedForecast:
        year = other.period.year
        return other._replace(value=how.value(other.value, year), interval=how.interval(other.interval, year))

    def of_voice(voice: Voice) -> Voice:
        return voice._replace(forecasts={year: of_other(other) for year, other in voice.forecasts.items()})

    pool = result.pool
    return replace(
        result,
        history=replace(
            history,
            series=replace(history.series, unit=how.unit),
            values=np.array([observation.value for observation in observations]),
            observations=observations,
            left_out=tuple(one._replace(observation=how.observation(one.observation)) for one in history.left_out),
        ),
        main=tuple(map(path, result.main)),
        others=tuple(map(path, result.others)),
        wide=path(result.wide),
        published=tuple(map(of_other, result.published)),
        pool=pool and pool._replace(ours=path(pool.ours), voices=tuple(map(of_voice, pool.voices))),
        exchange=how,
        notes=(how.note((*history.years, *result.years), "forecast", history.series.unit), *result.notes),
    )


def of_model(forecast: ModelForecast, years: Sequence[int], how: Exchange) -> ModelForecast:
    """The forecast of a model."""
    if not forecast.answers:
        return forecast
    reach = years[: len(forecast.values)]
    return forecast.of(*converted(forecast.values, forecast.lower, forecast.upper, reach, how))


def converted(
    values: Array, lower: Array, upper: Array, years: Sequence[int], how: Exchange
) -> tuple[Array, Array, Array]:
    """Medians of shape (..., year) and bounds of shape (level, ..., year) in the new unit."""
    rates = np.array([how.rate(year) for year in years])
    return values / rates, lower / rates, upper / rates
