"""The argument of leading markets, beside the record of the trend alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.leaders import ahead_of, leaders_of, weights
from rural_forecast.forecasting.past_record import (
    ENOUGH,
    LONGEST,
    PastRecord,
    Trial,
    record_of,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.observed.observation import Series
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.question import CONSENSUS, Question
from rural_forecast.record.arguments.argument import (
    LEADING,
    Argument,
    quantiles_of_result,
    with_record,
)
from rural_forecast.text.wording import counted, listed, short


def trials_of(series: Series, trend: Forecast, question: Question) -> tuple[Trial, ...]:
    """Redo earlier forecasts, up to the years ahead of a trend."""
    if len(trend.history.comparable.years) < 2:
        return ()
    tested = backtest(
        series,
        question.of(
            BacktestQuestion,
            horizon=min(len(trend.years), LONGEST),
            models=(CONSENSUS,),
            opinions=False,
        ),
    )
    return tested.trials


def led_trials(trials: Iterable[Trial], following: Forecast) -> list[Trial]:
    """Select the forecasts that had a leader at their origin."""
    history = following.history.comparable
    leaders = leaders_of(following.limits.like)
    led = []
    for trial in trials:
        past = replace(history, values=history.values[: trial.origin - history.first + 1])
        whole = whole_of_rate(past)
        if ahead_of(past.values, trial.origin, 1, leaders, whole, following.limits.kind):
            led.append(trial)
    return led


def of_leaders(following: Forecast, led: Sequence[Trial], alone: Sequence[Trial]) -> Argument:
    """Make the argument of leading markets, with the record of the trend on the same forecasts.

    It counts by the share of leaders in it where one of them contains the series, or where it erred
    more than the trend on the past of the series.
    """
    same = {(trial.origin, trial.horizon) for trial in led}
    record = record_of(led)
    against = record_of(trial for trial in alone if (trial.origin, trial.horizon) in same)
    share = float(weights(len(following.leads), len(following.years))[-1])
    there = listed(f"{lead.name} (there in {lead.crossed:.0f})" for lead in following.leads)
    doubt = _containing(following) or _worse(record, against)
    argument = Argument(
        LEADING,
        quantiles_of_result(following),
        following.history.series.definition,
        there,
        against=against,
        leaders=share,
        counts=share if doubt else 1.0,
        doubt=doubt,
    )
    return with_record(argument, record)


def _containing(following: Forecast) -> str:
    """Say which leaders contain the series; empty for none."""
    series = following.history.series
    totals = {series.within} if series.within else set()
    if following.limits.within is not None:
        totals.add(following.limits.within.series.id)
    names = [lead.name for lead in following.leads if lead.name in totals]
    if not names:
        return ""
    verb = "contains" if len(names) == 1 else "contain"
    return f"{listed(names)} {verb} {short(series.title or series.id)}"


def _worse(led: PastRecord | None, alone: PastRecord | None) -> str:
    """Say by how much leaders erred more than the trend; empty where they did not, or where there
    are too few forecasts to say so.
    """
    if led is None or alone is None or led.n < ENOUGH or not led.smape > alone.smape:
        return ""
    errors = f"sMAPE {led.smape:.1f} %, the trend {alone.smape:.1f} %"
    return f"they erred more than the trend on {counted(led.n, 'earlier forecast')} ({errors})"
