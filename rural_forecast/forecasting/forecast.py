"""The forecast of one series: from its whole years, or from the nowcast of the year under way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.nowcasting.running import start_of, start_of_total
from rural_forecast.forecasting.one_series import forecast_from
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.observed.findings import TOLERANCE_PCT
from rural_forecast.observed.history import Basis
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import DEFAULT, Question
from rural_forecast.text.numbers import in_unit, rounded


def forecast(series: Series, question: Question = DEFAULT) -> Forecast:
    """Forecast a series up to `year`, or for `horizon` years; without either, for two years.

    A flow with parts of the year after its last whole one starts from the nowcast of that year.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of: a path or id, a frame,
        values by year
    start : year of the first value, where the series is values alone
    year : last year to forecast, 100 years after the origin at most
    horizon : years after the origin, in place of `year`
    models : models that answer in place of the consensus, by name or of your own, see `OwnModel`
    kernels, opinions : True to have all our kernels, or ARIMA and ETS, answer as well
    levels : interval levels in whole percents, 30 to 99
    ceiling, floor, measure, kind, within, like : what is stated of it, see `MarketQuestion`
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError : the target is observed already, lies before the data or too far, a name or level is
        unknown, or the data contradict a limit, or a kind is stated and the consensus is not asked
    InputError : the data of the series are refused
    ModelError : no model that was asked for can answer
    TypeError : an argument is unknown or of another kind, or no series can be made of what is given

    >>> import rural_forecast as rf
    >>> result = rf.forecast({2014: 180, 2015: 353, 2016: 482}, year=2018, levels=[80])
    >>> result.years, result.best.values.shape, result.best.lower.shape
    ((2017, 2018), (2,), (1, 2))
    """
    start, notes = start_of(series, question)
    result = forecast_from(series, question, start, start_of_total(series, question))
    return replace(result, notes=(*notes, *result.notes)) if notes else result


def other_basis(result: Forecast) -> Forecast:
    """Add a note on what the other basis gives for the target, unless both agree."""
    history = result.history
    basis: Basis = "levels" if history.basis == "comparable" else "comparable"
    if basis == "levels" and not history.restated:
        return result
    question = replace(result.question, basis=basis, kernels=False, opinions=False)
    try:
        other = question.history_of(history.series)
    except UsageError:  # there is no published growth to chain with
        return result
    ours = history.evidence
    theirs = other.evidence
    if len(ours) == len(theirs) and np.allclose(ours, theirs, TOLERANCE_PCT / 100, 0):
        return result
    value = forecast(history.series, question).best.last
    if basis == "levels":
        head = "On the levels as published"
    else:
        head = "With published growth where it contradicts levels"
    amount = f"{rounded(value)}{in_unit(history.series.unit)}"
    note = Note(
        "other_basis",
        f"{head} the forecast for {result.target} is {amount}.",
        advice=f"See it with {option('basis', basis)}.",
    )
    return replace(result, notes=(*result.notes, note))
