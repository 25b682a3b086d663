"""The record of simple methods on a series itself: whether one of them has been closer than the consensus so far."""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import ENOUGH, rolling_scores
from rural_forecast.forecasting.forecast import answers
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.text.wording import counted

SIMPLE = ("naive", "drift", "linear", "cagr")
CLEARLY, APART = 0.9, 0.05
"""Share of the error of the consensus below which a method was clearly better, and how far apart they then lie."""
LONGEST = 6
"""Years ahead that are scored, at most."""
CODE = "simpler_closer"


def with_record(result: Forecast) -> Forecast:
    """The forecast with a note on the simple method that has clearly been closer so far, and now lies elsewhere.

    Every view of a forecast makes it here, so that all have the same numbers.
    """
    history, horizon = result.history, min(len(result.years), LONGEST)
    if result.best.model != "consensus" or len(history.years) < ENOUGH or history.values.min() <= 0:
        return result
    models = [registry.get(name) for name in SIMPLE]
    known = {score.model: score for score in rolling_scores(history, horizon, models, result.limits)}
    ours = known["consensus"]
    fair = [known[name] for name in SIMPLE if name in known and known[name].n == ours.n]
    best = min(fair, key=lambda score: score.smape, default=ours)
    if ours.n < ENOUGH or not best.smape < CLEARLY * ours.smape:
        return result
    _, _, (path,) = answers(history, len(result.years), result.levels, result.limits, [registry.get(best.model)])
    if len(path.values) < len(result.years) or abs(path.last - result.best.last) <= APART * result.best.last:
        return result
    text = (
        f"A simpler method, {registry.get(best.model).title.lower()}, has been closer so far: off by "
        f"{best.smape:.1f} % on average, the forecast by {ours.smape:.1f} %, in {ours.n} forecasts "
        f"up to {counted(horizon, 'year')} ahead."
    )
    return replace(result, notes=(Note(CODE, text), *result.notes))
