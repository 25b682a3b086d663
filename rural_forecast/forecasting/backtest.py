"""Models tried on one series: rolling origins scored against what happened, and all of them for one
target year.

A series of ten points gives a handful of forecasts, too few to rank models: each score carries its
count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any, NamedTuple, Unpack

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import Place, RuralForecastError, UsageError
from rural_forecast.forecasting import accuracy, registry
from rural_forecast.forecasting.answers import of_history
from rural_forecast.forecasting.forecast import LEARNED_LATER, bounds, forecast
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.forecasting.panel import CONSENSUS, Request
from rural_forecast.forecasting.question import DEFAULT_LEVELS, Question, check_horizon, limits_of
from rural_forecast.forecasting.registry import Asked, resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast, in_currency, of_model
from rural_forecast.models.base import Model
from rural_forecast.notes import Note, of_code
from rural_forecast.series.history import History, Selection, annual, selected
from rural_forecast.series.money import Exchange
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import (
    PublishedForecast,
    by_period,
    prefer,
    published_forecasts,
)
from rural_forecast.text.wording import listed

LEVELS = (80, 95)
# The levels from which CRPS is computed; 80 and 95 among them.
SCORING_LEVELS = (50, 60, 70, 80, 90, 95, 98)
ENOUGH = 8  # forecasts below which a score is no ranking
# Latest origins at which ARIMA and ETS are fitted: they cost a hundred times what a kernel does.
MOST_REFITS = 20
FEWEST_POINTS = 3  # points of the first origin, where the series has more than that

SIMPLE = ("naive", "drift", "linear", "cagr")
# Share of our error below which one is clearly better, and how far apart forecasts lie.
CLEARLY = 0.9
APART = 0.05
LONGEST = 6  # years ahead of which simple methods are scored, at most
SIMPLER = "simpler_closer"  # the code of the note on a simple method

DATED_LATER = Note(
    "learned_later", "The models were trained on data from after these forecast dates."
)


class Trial(NamedTuple):
    """One forecast of one model at one origin for one horizon, and what happened."""

    model: str
    origin: int
    horizon: int
    forecast: float
    actual: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    smape: float
    mase: float
    naive_smape: float
    naive_mase: float
    msis_95: float
    crps: float

    @property
    def period(self) -> int:
        """The year forecast."""
        return self.origin + self.horizon


class Score(NamedTuple):
    """Averages over the trials of one model; NaN where undefined."""

    model: str
    horizon: int | None  # None for all horizons together
    n: int  # trials that it rests on; below `ENOUGH` it is no ranking
    smape: float  # symmetric error in percent
    mase: float  # error over the mean absolute step of the history
    owa: float  # both, over those of the last value; below 1 is better than that
    msis_95: float
    """width of the 95 % interval and distance of outcomes outside it, scaled as `mase`."""
    crps: float  # of the whole distribution, in the unit of the series
    coverage_80: float  # share of outcomes inside, 0 to 1
    coverage_95: float


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

    def __repr__(self) -> str:
        return f"<Backtest of {self.history.series.id}: {len(self.trials)} forecasts>"


class Line(NamedTuple):
    """One model."""

    given: ModelForecast
    status: str
    """`consensus`, `member`, `curve` or `opinion`; `aside` where it gives no forecast of the target
    year.
    """
    score: Score | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Comparable):
    """Every model for one target year."""

    forecast: Forecast
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    tested: Backtest | None = None

    def __repr__(self) -> str:
        asked = f"the consensus and {len(self.lines) - 1} models for {self.forecast.target}"
        return f"<Comparison of {self.forecast.history.series.id}: {asked}>"


@in_currency.register
def _converted(result: Comparison, how: Exchange) -> Comparison:
    shown = in_currency(result.forecast, how)
    lines = tuple(
        line._replace(given=of_model(line.given, shown.years, how)) for line in result.lines
    )
    return replace(result, forecast=shown, lines=lines, notes=(shown.notes[0], *result.notes))


def compare(
    series: Series,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[Asked] = (),
    opinions: bool = True,
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> Comparison:
    """Ask every model about a series; other arguments are those of `forecast`.

    Parameters
    ----------
    models : models of your own, next to ours; they have no weight in the consensus
    opinions : ask ARIMA and ETS too, which takes a second

    Raises
    ------
    UsageError : as `forecast` does
    """
    models = resolved(models)
    asked: Any = {
        "year": year,
        "horizon": horizon,
        "levels": levels,
        "opinions": opinions,
        **question,
    }
    result = with_record(
        forecast(series, models=("consensus", *models) if models else (), kernels=True, **asked)
    )
    tested: Backtest | None = None
    notes = (DATED_LATER, *(note for note in result.notes if note != LEARNED_LATER))
    if len(result.history.years) > 1:
        without = floor_above(result.history, result.limits)
        question |= {"floor": None} if without else {}
        tested = backtest(
            series, horizon=min(len(result.years), 6), models=models, opinions=opinions, **question
        )
        notes = (*notes, *without, *of_code(tested.notes, "fewer_origins"))
    totals = (
        {score.model: score for score in tested.scores if score.horizon is None} if tested else {}
    )
    roles = {"consensus": "consensus"} | {
        path.model: registry.role(path.model) for path in result.others
    }
    lines = []
    for path in (*result.main, *result.others):
        given = path.through(len(result.years))
        status = roles.get(path.model, "opinion") if given.answers else "aside"
        lines.append(Line(given, status, totals.get(path.model)))
    return Comparison(result, tuple(lines), notes, tested)


def backtest(
    series: Series,
    *,
    horizon: int = 3,
    models: Sequence[Asked] = (),
    opinions: bool = False,
    **question: Unpack[Question],
) -> Backtest:
    """Forecast from every origin that leaves at least one year to compare.

    Parameters
    ----------
    horizon : most years ahead
    models : only these and the consensus; all our kernels without a name; models that are not ours
    take part anyway opinions : whether ARIMA and ETS take part, at the last 20 origins question :
    as in `forecast`: limits bind every forecast, a kind where it applies

    Raises
    ------
    UsageError : fewer than two points, a horizon below 1, an unknown model, or data that contradict
    a limit
    """
    check_horizon(horizon, None)
    models = resolved(models)
    selection = selected(question)
    history = annual(series, **selection)
    if len(history.years) < 2:
        problem = f"{series.id} has one point, and a backtest needs two or more."
        raise UsageError(problem, "Use project, which needs one.")
    stated = limits_of(question, history)
    for note in floor_above(history, stated):
        raise UsageError(note.text, "Lower the floor, or leave it out.", place=Place(series.id))
    tested = [registry.get(name) for name in models if name != "consensus"]
    if all(isinstance(model, Model) for model in models):
        tested += [model for model in registry.MODELS if model.own_forecast is None or opinions]
    trials = tuple(_trials(history, horizon, tested, stated))
    answering = {trial.model for trial in trials}
    notes = [*bounds(history, stated)]
    named = (model.name for model in tested if model in models or model.name in models)
    if silent := [name for name in named if name not in answering]:
        notes.append(Note("no_answer", f"No answer from any of these origins: {listed(silent)}."))
    late = len(history.years) > FEWEST_POINTS + MOST_REFITS
    if refitted := [model.name for model in tested if model.role == "opinion" and late]:
        text = f"Tested at the last {MOST_REFITS} origins alone, as the others are at all: {listed(refitted)}."
        notes.append(Note("fewer_origins", text))
    return Backtest(
        history=history,
        trials=trials,
        scores=tuple(scores(trials)),
        published=tuple(published_scores(series, history, stated, **selection)),
        vintages=vintages(series, stated, **selection),
        notes=(*notes, DATED_LATER, *history.notes),
    )


def floor_above(history: History, stated: Limits) -> list[Note]:
    """A note on a floor that lies above a value which a backtest forecasts from."""
    start = min(FEWEST_POINTS, len(history.years) - 1) - 1
    below = np.flatnonzero(
        history.values[start:-1] < (-np.inf if stated.floor is None else stated.floor)
    ).tolist()
    text = "A backtest forecasts from {}, whose value is below the floor, and works without a floor alone."
    return [
        Note("backtest_without_floor", text.format(history.years[start + place]))
        for place in below[:1]
    ]


def _trials(
    history: History, longest: int, models: Sequence[Model], stated: Limits
) -> Iterator[Trial]:
    asked = Request(horizon=longest, year=history.origin, levels=SCORING_LEVELS, limits=stated)
    points = len(history.years)
    first = min(FEWEST_POINTS, points - 1)
    late = max(first, points - MOST_REFITS)
    kernels = [model for model in models if model.role != "opinion"]
    for lengths, some in ((range(first, late), kernels), (range(late, points), models)):
        if lengths:
            made = of_history(history, asked._replace(models=(CONSENSUS, *some)), lengths)
            for place, used in enumerate(lengths):
                for slot in range(1 + len(some)):
                    yield from _scored(history, used, made.path(slot, place))


def with_record(result: Forecast) -> Forecast:
    """The forecast with a note on the simple method that has clearly been closer so far, and now
    lies elsewhere.
    """
    history = result.history
    horizon = min(len(result.years), LONGEST)
    if result.best.model != "consensus" or len(history.years) < ENOUGH or history.values.min() <= 0:
        return result
    stated = (
        result.limits._replace(floor=None) if floor_above(history, result.limits) else result.limits
    )
    trials = _trials(history, horizon, [registry.get(name) for name in SIMPLE], stated)
    known = {score.model: score for score in scores(trials) if score.horizon is None}
    ours = known["consensus"]
    fair = [known[name] for name in SIMPLE if name in known and known[name].n == ours.n]
    best = min(fair, key=lambda score: score.smape, default=ours)
    if ours.n < ENOUGH or not best.smape < CLEARLY * ours.smape:
        return result
    model = registry.get(best.model)
    asked = Request(
        len(result.years), levels=result.levels, models=(CONSENSUS, model), limits=result.limits
    )
    path = of_history(history, asked).path(1)
    if (
        len(path.values) < len(result.years)
        or abs(path.last - result.best.last) <= APART * result.best.last
    ):
        return result
    text = f"{model.title} has been closer so far: mean error {best.smape:.1f} %, ours {ours.smape:.1f} %."
    return replace(result, notes=(Note(SIMPLER, text), *result.notes))


def _scored(history: History, used: int, path: ModelForecast) -> Iterator[Trial]:
    steps = len(path.values)
    past = history.values[:used]
    actual = history.values[used : used + steps]
    scale = accuracy.step_scale(past)
    at_95 = SCORING_LEVELS.index(95)
    naive = np.full(steps, past[-1])
    errors = (
        (accuracy.smape(actual, each), accuracy.mase(actual, each, scale))
        for each in (path.values, naive)
    )
    msis = accuracy.msis(actual, path.lower[at_95], path.upper[at_95], scale, 95)
    crps = accuracy.crps(actual, path.values, path.lower, path.upper, SCORING_LEVELS)
    columns = (path.values, actual, path.lower.T, path.upper.T, *chain(*errors), msis, crps)
    for step, (point, came, lower, upper, *scored) in enumerate(
        zip(*(side.tolist() for side in columns), strict=True)
    ):
        yield Trial(
            path.model,
            history.years[used - 1],
            step + 1,
            point,
            came,
            tuple(lower),
            tuple(upper),
            *scored,
        )


def scores(trials: Iterable[Trial]) -> Iterator[Score]:
    """Averages by model: all horizons together first, then one by one."""
    by_model: dict[str, list[Trial]] = {}
    for trial in trials:
        by_model.setdefault(trial.model, []).append(trial)
    for model, group in by_model.items():
        group.sort(key=lambda trial: trial.horizon)
        for horizon in (None, *dict.fromkeys(trial.horizon for trial in group)):
            some = [trial for trial in group if horizon in (None, trial.horizon)]
            means = accuracy.average(
                np.array([*zip(*(trial[-6:] for trial in some), strict=True)]), axis=1
            )
            smape, mase, *naive, msis, crps = means.tolist()
            owa = float(accuracy.owa(*map(np.asarray, (smape, mase, *naive))))
            places = map(SCORING_LEVELS.index, LEVELS)
            held = (
                [trial.lower[at] <= trial.actual <= trial.upper[at] for trial in some]
                for at in places
            )
            inside = (sum(each) / len(some) for each in held)
            yield Score(model, horizon, len(some), smape, mase, owa, msis, crps, *inside)


def vintages(
    series: Series, stated: Limits = NONE, **selection: Unpack[Selection]
) -> tuple[Vintage, ...]:
    """Every year with two or more dated values, in order; under `as_of`, by the values known on
    that day.
    """
    as_of = selection.get("as_of")
    years = []
    seen = [
        value
        for value in series.observations
        if value.status != "forecast" and value.period.is_year
    ]
    if as_of is not None:
        seen = [value for value in seen if (value.published_latest or date.max) <= as_of]
    for period, values in by_period(seen).items():
        dated = sorted(
            (day, at) for at, value in enumerate(values) if (day := value.published_latest)
        )
        if len({day for day, _ in dated}) < 2:
            continue
        first = values[dated[0][1]]
        day = (first.published_earliest or dated[0][0]) - timedelta(days=1)
        ours, origin, why_not = _forecast_then(series, period.year, day, stated, selection)
        now = prefer(values, series.sources, selection.get("prefer"))
        years.append(Vintage(period.year, day, ours, origin, first, now, why_not))
    return tuple(years)


def published_scores(
    series: Series, history: History, stated: Limits, **selection: Unpack[Selection]
) -> Iterator[PublishedScore]:
    """Forecasts of others (not targets) whose outcome is known on the same definition."""
    known = dict(zip(history.years, history.values.tolist(), strict=True))
    known |= {
        unused.observation.period.year: unused.observation.value for unused in history.left_out
    }
    for theirs in published_forecasts(series, as_of=history.as_of):
        actual = (
            known.get(theirs.period.year) if theirs.period.is_year and not theirs.target else None
        )
        if actual is None:
            continue
        error = None
        met = None
        if theirs.qualifier not in "=~":
            met = (actual >= theirs.value) == (theirs.qualifier == ">")
        elif actual:
            error = 100 * (theirs.value / actual - 1)
        ours, _, why_not = _forecast_then(
            series, theirs.period.year, theirs.published_latest, stated, selection
        )
        yield PublishedScore(theirs, actual, error, met, ours, why_not)


def _forecast_then(
    series: Series, year: int, day: date | None, stated: Limits, selection: Selection
) -> tuple[float | None, int | None, str]:
    """Our forecast of a year on a day, the last year known then, and why there is no forecast."""
    if day is None:
        return None, None, "Its date is not known"
    known: Selection = {**selection, "until": None, "as_of": day}
    others: Any = {**stated._asdict(), "like": [other.series for other in stated.like]}
    others["within"] = stated.within and stated.within.series
    try:
        then = forecast(series, year=year, **others, **known)
    except RuralForecastError as error:
        return None, None, str(error).rstrip(".")
    return then.best.last, then.origin, ""
