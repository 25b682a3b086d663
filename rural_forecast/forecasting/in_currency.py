"""A forecast shown in another currency: made in yuan, then converted year by year.

A forecast of converted values would mix the market's growth with the exchange rate's, so it is the forecast that is
converted. Its interval says nothing of where the exchange rate goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.forecasting.compare import Comparison
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.series.currency import Conversion
from rural_forecast.series.history import History
from rural_forecast.series.observation import Observation


def in_currency(result: Forecast, how: Conversion) -> Forecast:
    """The forecast with every amount converted, and a note that says how.

    Raises
    ------
    UsageError : a year before the first rate
    """
    history = _history(result.history, how)
    before = result.history.series.unit
    note = how.note((*history.years, *result.years), "forecast", before)
    return replace(
        result,
        history=history,
        main=tuple(_given(one, result.years, how) for one in result.main),
        others=tuple(_given(one, result.years, how) for one in result.others),
        published=tuple(one._replace(value=how.value(one.value, one.period.year)) for one in result.published),
        notes=(note, *result.notes),
    )


def compared_in_currency(result: Comparison, how: Conversion) -> Comparison:
    """The comparison with every amount converted; weights and backtest errors stay as they are.

    Raises
    ------
    UsageError : a year before the first rate
    """
    told = in_currency(result.forecast, how)
    lines = tuple(line._replace(given=_given(line.given, told.years, how)) for line in result.lines)
    return replace(result, forecast=told, lines=lines, notes=(told.notes[0], *result.notes))


def _history(history: History, how: Conversion) -> History:
    observations = tuple(_observation(one, how) for one in history.observations)
    return replace(
        history,
        series=replace(history.series, unit=how.unit),
        values=np.array([one.value for one in observations]),
        observations=observations,
        set_aside=tuple(one._replace(observation=_observation(one.observation, how)) for one in history.set_aside),
    )


def _observation(one: Observation, how: Conversion) -> Observation:
    return replace(one, value=how.value(one.value, one.period.year))


def _given(one: ModelForecast, years: Sequence[int], how: Conversion) -> ModelForecast:
    if not one.answers:
        return one
    rates = np.array([how.rate(year) for year in years[: len(one.values)]])
    return one._replace(values=one.values / rates, lower=one.lower / rates, upper=one.upper / rates)
