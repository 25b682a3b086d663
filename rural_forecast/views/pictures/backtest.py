"""`backtest` as a picture: the forecasts of the consensus from every origin, and what happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan

from rural_forecast.document.picture import MAIN, PLAIN, Band, Bar, Columns, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.backtest import SCORING_LEVELS, Backtest, Trial
from rural_forecast.text.numbers import amounts, percent
from rural_forecast.text.wording import counted
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import name_of
from rural_forecast.views.backtest import held, rank
from rural_forecast.views.pictures.course import observed, of_series
from rural_forecast.views.pictures.fan import mark

LEVEL = 80
_COMPARED = {"consensus": MAIN, "naive": PLAIN}
"""Tones of the models whose errors are drawn."""


def picture(result: Backtest) -> Picture:
    """The observed values, a path from every origin, and the interval one year ahead."""
    series, last = result.history.series, result.history.last
    trials = [trial for trial in result.trials if trial.model == "consensus"]
    origins = len({trial.origin for trial in trials})
    counts = f"{counted(len(trials), 'forecast')} from {counted(origins, 'origin')}"
    claim = "; ".join(filter(None, (_error(result, counts), rank(result), held(result))))
    write, bands = amounts(series.unit, result.history.values.tolist()), tuple(_bands(trials))
    lines = (observed(result.history), *_paths(result, trials))
    marks = tuple(mark(score.forecast, write) for score in result.published)
    plot = Course(lines, bands, marks, (Label(last, write(last), "observed", PLAIN, strong=True),))
    name = f"Backtest of {title_of(series)}"
    shaded = f" Shaded: its {LEVEL} % interval one year ahead." if bands else ""
    about = f"Dashed: the consensus from each origin on.{shaded}"
    drawn = of_series(plot, write, claim, series, title=name, subtitle=about)
    errors = _errors(result)
    if errors is None:
        return drawn
    paths = replace(drawn, title="Forecasts and what happened", claim="", unit=write.unit, source="")
    return replace(drawn, plot=Panels((paths, errors), per_row=1), unit="")


def _error(result: Backtest, counts: str) -> str:
    """The mean error; where values change sign or are zero, a percentage means nothing."""
    score = next((score for score in result.scores if score.model == "consensus" and score.horizon is None), None)
    if score is None or isnan(score.smape) or result.history.values.min() <= 0:
        return counts
    return f"The consensus erred by {score.smape:.1f} % on average (sMAPE) in {counts}"


def _errors(result: Backtest) -> Picture | None:
    """Mean error by horizon, next to that of the last value; None where one horizon is all there is."""
    scores = {(score.model, score.horizon): score for score in result.scores if score.horizon and score.n}
    horizons = sorted({horizon for model, horizon in scores if model == "consensus" and horizon})
    if len(horizons) < 2 or result.history.values.min() <= 0:
        return None
    models = [model for model in _COMPARED if all((model, horizon) in scores for horizon in horizons)]
    groups = tuple(
        (
            f"{counted(horizon, 'year')} ahead ({counted(scores['consensus', horizon].n, 'forecast')})",
            tuple(
                Bar(scores[model, horizon].smape, percent(scores[model, horizon].smape, ".1f"), _COMPARED[model])
                for model in models
            ),
        )
        for horizon in horizons
    )
    keys = tuple((name_of(model), _COMPARED[model]) for model in models)
    return Picture(Columns(groups, key=keys), title="Mean error (sMAPE) by horizon", unit="percent")


def _paths(result: Backtest, trials: list[Trial]) -> Iterator[Line]:
    known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    for origin in sorted({trial.origin for trial in trials}):
        path = sorted((trial for trial in trials if trial.origin == origin), key=lambda trial: trial.horizon)
        xs = (origin, *(trial.period for trial in path))
        ys = (known[origin], *(trial.forecast for trial in path))
        yield Line("consensus from each origin", xs, ys, MAIN, "dashed")


def _bands(trials: list[Trial]) -> Iterator[Band]:
    """The interval one year ahead, over the years for which there was one."""
    first = sorted((trial for trial in trials if trial.horizon == 1), key=lambda trial: trial.origin)
    place = SCORING_LEVELS.index(LEVEL)
    if len(first) > 1:
        xs, lower, upper = zip(
            *((trial.period, trial.lower[place], trial.upper[place]) for trial in first), strict=True
        )
        yield Band(f"{LEVEL} %, one year ahead", xs, lower, upper, LEVEL)
