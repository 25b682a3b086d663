"""Results in another currency, or inflated: made in their own terms, then converted year by year.

A forecast of converted values would mix the market's growth with the exchange rate's, so it is the result that is
converted. Its interval covers the exchange rate only where a range of it is stated. Each kind of result registers its
conversion next to its class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np

from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.classes import level_scores
from rural_forecast.forecasting.result import Forecast, Pool
from rural_forecast.forecasting.spread import SPREAD_LEVELS
from rural_forecast.models.base import Array
from rural_forecast.series.money.conversion import Conversion
from rural_forecast.series.published import PublishedForecast


@singledispatch
def in_currency(result: Any, how: Conversion) -> Any:
    """The result with every amount converted; weights and scores stay. A forecast gets a note on the rates.

    Raises UsageError for a year before the first rate.
    """
    raise TypeError(f"A {type(result).__name__} has no conversion, such as {how.unit}.")


@in_currency.register
def _forecast(result: Forecast, how: Conversion) -> Forecast:
    history = result.history
    observations = tuple(map(how.observation, history.observations))
    return replace(
        result,
        history=replace(
            history,
            series=replace(history.series, unit=how.unit),
            values=np.array([observation.value for observation in observations]),
            observations=observations,
            set_aside=tuple(
                unused._replace(observation=how.observation(unused.observation)) for unused in history.set_aside
            ),
        ),
        main=tuple(of_model(path, result.years, result.levels, how) for path in result.main),
        others=tuple(of_model(path, result.years, result.levels, how) for path in result.others),
        wide=of_model(result.wide, result.years, SPREAD_LEVELS, how),
        published=tuple(_of_other(other, how) for other in result.published),
        pool=result.pool and _of_pool(result.pool, result.levels, how),
        notes=(how.note((*history.years, *result.years), "forecast", history.series.unit), *result.notes),
    )


def _of_other(other: PublishedForecast, how: Conversion) -> PublishedForecast:
    year = other.period.year
    return other._replace(value=how.value(other.value, year), interval=how.interval(other.interval, year))


def _of_pool(pool: Pool, levels: Sequence[int], how: Conversion) -> Pool:
    voices = (
        voice._replace(forecasts={year: _of_other(other, how) for year, other in voice.forecasts.items()})
        for voice in pool.voices
    )
    return pool._replace(main=of_model(pool.main, pool.years, levels, how), voices=tuple(voices))


def of_model(forecast: ModelForecast, years: Sequence[int], levels: Sequence[int], how: Conversion) -> ModelForecast:
    """The forecast of a model, with bounds at these levels."""
    if not forecast.answers:
        return forecast
    amounts = forecast.values, forecast.lower, forecast.upper
    values, lower, upper = converted(*amounts, years[: len(forecast.values)], levels, how)
    return forecast._replace(values=values, lower=lower, upper=upper)


def converted(
    values: Array, lower: Array, upper: Array, years: Sequence[int], levels: Sequence[int], how: Conversion
) -> tuple[Array, Array, Array]:
    """Medians of shape (..., year) and bounds of shape (level, ..., year) in the new unit.

    Where the rate is a range, its errors and those of the amount count as independent: distances from the median add up
    as squares, those of positive amounts in logarithms.
    """
    rates = np.array([how.rate(year) for year in years])
    scores = level_scores(levels).reshape(-1, *(1,) * values.ndim)
    reach = scores * np.array([how.uncertainty(year) for year in years])
    if reach.any():
        ratio = (lower >= 0) & (values > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            below, above = (np.hypot(np.log(bound / values), reach) for bound in (lower, upper))
            low = values - np.hypot(values - lower, values * np.expm1(reach))
            high = values + np.hypot(upper - values, values * np.expm1(reach))
            lower = np.where(ratio, values * np.exp(-below), low)
            upper = np.where(ratio, values * np.exp(above), high)
    return values / rates, lower / rates, upper / rates
