"""Results in another currency: every amount of them, at the rate of its year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

import numpy as np

from rural_forecast.forecasting.limits import Limits
from rural_forecast.forecasting.result import Forecast, ModelForecast, Voice
from rural_forecast.models.base import Array, Band
from rural_forecast.observed.history import History
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.preference import PublishedForecast


@singledispatch
def in_currency(result: Any, exchange: Exchange) -> Any:
    """Convert every amount of a result to another currency.

    The forecast itself is made before: that of converted values would mix growth with the rate.
    """
    raise TypeError(f"A {type(result).__name__} has no conversion, such as {exchange.unit}.")


@in_currency.register
def _forecast(result: Forecast, exchange: Exchange) -> Forecast:
    def path(forecast: ModelForecast) -> ModelForecast:
        return of_model(forecast, result.years, exchange)

    history = _converted_history(result.history, exchange)
    years = (*history.years, *result.years)
    note = exchange.note(years, "forecast", result.history.series.unit)
    subject = result.subject
    if subject is not None:
        subject = subject._replace(without=path(subject.without))
    pool = result.pool
    if pool is not None:
        voices = tuple(_converted_voice(voice, exchange) for voice in pool.voices)
        pool = pool._replace(ours=path(pool.ours), voices=voices)
    return replace(
        result,
        history=history,
        main=tuple(map(path, result.main)),
        others=tuple(map(path, result.others)),
        wide=path(result.wide),
        total=result.total and path(result.total),
        published=tuple(_converted_figure(figure, exchange) for figure in result.published),
        pool=pool,
        limits=_converted_limits(result, exchange),
        subject=subject,
        exchange=exchange,
        notes=(note, *result.notes),
    )


def _converted_limits(result: Forecast, exchange: Exchange) -> Limits:
    """Convert a stated floor and ceiling: at the rates that cut no path of any year."""

    def converted_over_years(amount: float) -> list[float]:
        return [exchange.value(amount, year) for year in result.years]

    limits = result.limits
    if limits.floor is not None:
        limits = limits._replace(floor=min(converted_over_years(limits.floor)))
    if limits.ceiling is not None:
        low, high = map(converted_over_years, limits.ceiling)
        limits = limits._replace(ceiling=(min(low), max(high)))
    return limits


def _converted_history(history: History, exchange: Exchange) -> History:
    observations = tuple(map(exchange.observation, history.observations))
    left_out = [
        unused._replace(observation=exchange.observation(unused.observation))
        for unused in history.left_out
    ]
    bases = history.bases
    if bases is not None:
        levels = {year: exchange.value(level, year) for year, level in bases.used().items()}
        bases = replace(bases, levels=levels)
    return replace(
        history,
        bases=bases,
        series=replace(history.series, unit=exchange.unit),
        values=np.array([observation.value for observation in observations]),
        observations=observations,
        left_out=tuple(left_out),
    )


def _converted_figure(figure: PublishedForecast, exchange: Exchange) -> PublishedForecast:
    year = figure.period.year
    return figure._replace(
        value=exchange.value(figure.value, year),
        interval=exchange.interval(figure.interval, year),
    )


def _converted_voice(voice: Voice, exchange: Exchange) -> Voice:
    forecasts = {
        year: _converted_figure(figure, exchange) for year, figure in voice.forecasts.items()
    }
    return voice._replace(forecasts=forecasts)


def of_model(path: ModelForecast, years: Sequence[int], exchange: Exchange) -> ModelForecast:
    """Convert the forecast of a model to another currency."""
    values, lower, upper = converted(
        path.values, path.lower, path.upper, years[: len(path.values)], exchange
    )
    return replace(path, values=values, lower=lower, upper=upper)


def converted(
    values: Array, lower: Array, upper: Array, years: Sequence[int], exchange: Exchange
) -> Band:
    """Convert medians of shape (..., year) and bounds of shape (level, ..., year)."""
    rates = np.array([exchange.rate(year) for year in years])
    return values / rates, lower / rates, upper / rates
