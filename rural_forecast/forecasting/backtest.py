"""Models tried on one series: rolling origins scored against what happened, and all models for one
target year.

A series of ten points gives a handful of forecasts, too few to rank models: each score carries its
count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import Place, RuralForecastError, UsageError
from rural_forecast.forecasting import accuracy, registry
from rural_forecast.forecasting.answers import of_history
from rural_forecast.forecasting.asked import limits_of
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.forecasting.one_series import bounds
from rural_forecast.forecasting.panel import Request
from rural_forecast.forecasting.past_record import (
    ENOUGH,
    LONGEST,
    SCORING_LEVELS,
    SIMPLE,
    PastRecord,
    Score,
    Trial,
    in_percent,
    record_of,
    scores,
)
from rural_forecast.forecasting.registry import resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.models.base import Model
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import NO_KIND, Observation, Series
from rural_forecast.observed.preference import (
    PublishedForecast,
    by_period,
    prefer,
    published_forecasts,
)
from rural_forecast.observed.subjects import subject_of
from rural_forecast.question.question import CONSENSUS, DEFAULT, Question, Window
from rural_forecast.text.wording import listed

if TYPE_CHECKING:  # `project` needs none of them
    from rural_forecast.question.backtest import BacktestQuestion

LEVELS = (80, 95)
# Latest origins at which ARIMA and ETS are fitted: they cost a hundred times what a kernel does.
MOST_REFITS = 20
FEWEST_POINTS = 3  # points of the first origin, where the series has more than that

APART = 0.05  # share of our forecast by which that of a simple method lies elsewhere
SIMPLER = "simpler_closer"  # the code of the note on a simple method

DATED_LATER = Note(
    "learned_later", "The models were trained on data from after these forecast dates."
)


class Vintage(NamedTuple):
    """One year, as first published and as it is now."""

    period: int
    as_of: date  # the day before the year's first figure can have been out
    ours: float | None
    origin: int | None
    first: Observation
    now: Observation
    why_not: str = ""  # why there is none of ours; empty when there is


class PublishedScore(NamedTuple):
    """A third party's forecast, the outcome on the same definition, and our forecast as of its
    date.
    """

    forecast: PublishedForecast
    actual: float
    error_pct: float | None  # None for a bound
    met: bool | None  # true if a bound was met; None for a point
    ours: float | None
    why_not: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Backtest(Comparable):
    """All trials of a series and their scores."""

    history: History
    trials: tuple[Trial, ...]
    scores: tuple[Score, ...]  # by model: all horizons together, then one by one
    published: tuple[PublishedScore, ...]
    vintages: tuple[Vintage, ...]
    """Years published twice or more: our forecast from before, the first published value, and the
    current one.
    """
    notes: tuple[Note, ...]
    subject: str | None = None  # one of `MARKET_KINDS`, which the consensus was forecast with

    def __repr__(self) -> str:
        return f"<Backtest of {self.history.series.id}: {len(self.trials)} forecasts>"


def backtest(series: Series, question: BacktestQuestion) -> Backtest:
    """Forecast from every origin that leaves at least one year to compare.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    horizon : most years ahead
    models : only these and the consensus; all our kernels without a name; models that are not ours
        take part anyway
    opinions : whether ARIMA and ETS take part, at the last 20 origins
    ceiling : range in which the market saturates, its ends in the unit of the series; as all limits
        it binds every forecast
    floor, measure, within, like : as in `forecast`
    kind : subject of the market, as in `forecast`, where it applies
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError : fewer than two points, a horizon below 1, an unknown model, or data that contradict
        a limit

    >>> import rural_forecast as rf
    >>> result = rf.backtest({year: 100 + 10 * (year - 2010) for year in range(2010, 2018)})
    >>> best = min(score.smape for score in result.scores if score.model == "consensus")
    >>> 0 <= best < 200
    True
    """
    models = resolved(question.models)
    window = question.of(Window)
    history = window.history_of(series)
    if len(history.comparable.years) < 2:
        problem = f"{series.id} has one point, and a backtest needs two or more."
        raise UsageError(problem, "Use project, which needs one.")
    stated = limits_of(question, history)
    for note in floor_above(history, stated):
        raise UsageError(note.text, "Lower the floor, or leave it out.", place=Place(series.id))
    tested = [registry.get(name) for name in models if name != CONSENSUS]
    if all(isinstance(model, Model) for model in models):
        tested += [
            model for model in registry.MODELS if model.own_forecast is None or question.opinions
        ]
    trials = tuple(_trials(history, question.horizon, tested, stated))
    return Backtest(
        history=history,
        trials=trials,
        scores=tuple(scores(trials)),
        published=tuple(published_scores(series, history, stated, window)),
        vintages=vintages(series, stated, window),
        notes=(
            *bounds(history, stated),
            *_silent(trials, tested, models),
            *_tested_late(history, tested),
            DATED_LATER,
            *history.notes,
        ),
        subject=stated.kind,
    )


def _silent(
    trials: Sequence[Trial], tested: Sequence[Model], models: Sequence[str | Model]
) -> Iterator[Note]:
    """Say which of the models asked for gave no forecast."""
    answering = {trial.model for trial in trials}
    named = [model.name for model in tested if model in models or model.name in models]
    silent = [name for name in named if name not in answering]
    if silent:
        yield Note("no_answer", f"No answer from any of these origins: {listed(silent)}.")


def _tested_late(history: History, tested: Sequence[Model]) -> Iterator[Note]:
    """Say which models were tested at the last origins alone."""
    if len(history.comparable.years) <= FEWEST_POINTS + MOST_REFITS:
        return
    refitted = [model.name for model in tested if model.role == "opinion"]
    if refitted:
        yield Note(
            "fewer_origins",
            f"Tested at the last {MOST_REFITS} origins alone, as the others are at all: "
            f"{listed(refitted)}.",
        )


def floor_above(history: History, limits: Limits) -> list[Note]:
    """Make a note on a floor that lies above a value which a backtest forecasts from."""
    if limits.floor is None:
        return []
    history = history.comparable
    first = min(FEWEST_POINTS, len(history.years) - 1) - 1
    below = np.flatnonzero(history.values[first:-1] < limits.floor)
    if not len(below):
        return []
    year = history.years[first + int(below[0])]
    text = (
        f"A backtest forecasts from {year}, whose value is below the floor, "
        "and works without a floor alone."
    )
    return [Note("backtest_without_floor", text)]


def _trials(
    history: History, longest: int, models: Sequence[Model], limits: Limits
) -> Iterator[Trial]:
    """Forecast from every origin; opinions take part at the last ones."""
    asked = Request(horizon=longest, year=history.origin, levels=SCORING_LEVELS, limits=limits)
    history = history.comparable
    points = len(history.years)
    first = min(FEWEST_POINTS, points - 1)
    late = max(first, points - MOST_REFITS)
    kernels = [model for model in models if model.role != "opinion"]
    for lengths, chosen in ((range(first, late), kernels), (range(late, points), models)):
        if not lengths:
            continue
        answers = of_history(history, asked._replace(models=(CONSENSUS, *chosen)), lengths)
        for index, length in enumerate(lengths):
            for slot in range(1 + len(chosen)):
                yield from _scored(history, length, answers.path(slot, index))


def with_record(result: Forecast) -> Forecast:
    """Add the record of the past, and a note on a simple method that was clearly closer and now
    lies elsewhere.
    """
    history = result.history
    if result.best.model != CONSENSUS:
        return result
    if len(history.comparable.years) < ENOUGH:
        return result
    record = _record(result)
    if record is None:
        return result
    result = replace(result, past_record=record)
    score = record.closer
    if score is None or record.n < ENOUGH or not in_percent(history.comparable.values):
        return result
    model = registry.get(score.model)
    request = Request(
        len(result.years), levels=result.levels, models=(CONSENSUS, model), limits=result.limits
    )
    path = of_history(history, request).path(1)
    if len(path.values) < len(result.years):
        return result
    if abs(path.last - result.best.last) <= APART * result.best.last:
        return result
    text = (
        f"{model.title} has been closer so far: "
        f"sMAPE {score.smape:.1f} %, ours {record.smape:.1f} %, {record.basis}."
    )
    return replace(result, notes=(Note(SIMPLER, text), *result.notes))


def _record(result: Forecast) -> PastRecord | None:
    """Score our forecasts and those of simple methods up to the years ahead that are asked for."""
    history = result.history
    limits = result.limits
    if floor_above(history, limits):
        limits = limits._replace(floor=None)
    horizon = min(len(result.years), LONGEST)
    models = [registry.get(name) for name in SIMPLE]
    return record_of(_trials(history, horizon, models, limits))


def _scored(history: History, used: int, path: ModelForecast) -> Iterator[Trial]:
    """Score the path that was forecast from the first `used` points.

    What it shows is on the basis of the last of them.
    """
    basis = history.scale_of(history.years[used - 1])
    past = history.values[:used]
    actual = history.values[used : used + len(path.values)]
    scale = accuracy.step_scale(past)
    naive = np.full(len(path.values), past[-1])
    at_95 = SCORING_LEVELS.index(95)
    smape = accuracy.smape(actual, path.values)
    mase = accuracy.mase(actual, path.values, scale)
    naive_smape = accuracy.smape(actual, naive)
    naive_mase = accuracy.mase(actual, naive, scale)
    msis = accuracy.msis(actual, path.lower[at_95], path.upper[at_95], scale, 95)
    crps = accuracy.crps(actual, path.values, path.lower, path.upper, SCORING_LEVELS)
    for step in range(len(path.values)):
        yield Trial(
            model=path.model,
            origin=history.years[used - 1],
            horizon=step + 1,
            forecast=basis * float(path.values[step]),
            actual=basis * float(actual[step]),
            lower=tuple((basis * path.lower[:, step]).tolist()),
            upper=tuple((basis * path.upper[:, step]).tolist()),
            smape=float(smape[step]),
            mase=float(mase[step]),
            naive_smape=float(naive_smape[step]),
            naive_mase=float(naive_mase[step]),
            msis_95=float(msis[step]),
            crps=float(crps[step]),
        )


def vintages(
    series: Series, limits: Limits = NONE, window: Window = DEFAULT
) -> tuple[Vintage, ...]:
    """Compare every year with two or more dated values with our forecast from before.

    Under `as_of` only values known on that day count.
    """
    compared = []
    for period, values in by_period(_values_of_years(series, window.as_of)).items():
        dated = [value for value in values if value.published_latest]
        if len({value.published_latest for value in dated}) < 2:
            continue
        first = min(dated, key=lambda value: value.published_latest or date.max)
        published = first.published_earliest or first.published_latest or date.max
        day_before = published - timedelta(days=1)
        ours, origin, why_not = _forecast_then(series, period.year, day_before, limits, window)
        now = prefer(values, series.sources, window.prefer)
        compared.append(Vintage(period.year, day_before, ours, origin, first, now, why_not))
    return tuple(compared)


def _values_of_years(series: Series, as_of: date | None) -> list[Observation]:
    """Return the observed values of whole years, those known on a day if it is given."""
    values = []
    for value in series.observations:
        if value.status == "forecast" or not value.period.is_year:
            continue
        if as_of is None or (value.published_latest or date.max) <= as_of:
            values.append(value)
    return values


def published_scores(
    series: Series, history: History, limits: Limits, window: Window
) -> Iterator[PublishedScore]:
    """Score the forecasts of others (not targets) whose outcome is known on one definition."""
    outcomes = dict(zip(history.years, history.values.tolist(), strict=True))
    for unused in history.left_out:
        outcomes[unused.observation.period.year] = unused.observation.value
    for theirs in published_forecasts(series, as_of=history.as_of):
        if theirs.target or not theirs.period.is_year:
            continue
        actual = outcomes.get(theirs.period.year)
        if actual is None:
            continue
        error = None
        met = None
        if theirs.qualifier not in "=~":
            met = (actual >= theirs.value) == (theirs.qualifier == ">")
        elif actual:
            error = 100 * (theirs.value / actual - 1)
        ours, _, why_not = _forecast_then(
            series, theirs.period.year, theirs.published_latest, limits, window
        )
        yield PublishedScore(theirs, actual, error, met, ours, why_not)


def _kind_then(series: Series, limits: Limits) -> str | None:
    """Return the subject to state of a shorter past, where what the series says may not apply."""
    own = series.market_kind or subject_of(series)
    return None if limits.kind == own else limits.kind or NO_KIND


def _forecast_then(
    series: Series, year: int, day: date | None, limits: Limits, window: Window
) -> tuple[float | None, int | None, str]:
    """Forecast a year as of a day.

    Returns our forecast, the last year known on that day, and why there is no forecast.
    """
    if day is None:
        return None, None, "Its date is not known"
    as_of_day = window.of(
        Question,
        year=year,
        until=None,
        as_of=day,
        ceiling=limits.ceiling,
        floor=limits.floor,
        measure=limits.measure,
        kind=_kind_then(series, limits),
        within=limits.within.series if limits.within else None,
        like=[market.series for market in limits.like],
    )
    try:
        then = forecast(series, as_of_day)
    except RuralForecastError as error:
        return None, None, str(error).rstrip(".")
    return then.best.last, then.origin, ""
