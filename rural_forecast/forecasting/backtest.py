"""Rolling origins: what each model would have said at every origin of a series, held against what happened.

A series of ten points gives a handful of forecasts, and that is no ranking: each score carries its count, and below
`ENOUGH` nothing is ranked. The learned numbers date from later than the origins, which every output says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Unpack

import numpy as np

from rural_forecast.api.arguments import checked
from rural_forecast.api.equality import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting import accuracy, registry
from rural_forecast.forecasting.asking import ModelForecast, ask, from_consensus
from rural_forecast.forecasting.bounds import bounded, require_possible
from rural_forecast.forecasting.bounds import notes as notes_on_bounds
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.limits import Limits, limits
from rural_forecast.forecasting.vintages import Vintage, said_then, vintages
from rural_forecast.models.base import Ceiling, Model
from rural_forecast.notes import Note
from rural_forecast.series.history import History, annual
from rural_forecast.series.observation import Series
from rural_forecast.series.published import PublishedForecast, published_forecasts
from rural_forecast.series.selection import Selection
from rural_forecast.text.wording import number

LEVELS = (80, 95)
SCORING_LEVELS = (50, 60, 70, 80, 90, 95, 98)
"""The levels from which CRPS is computed; 80 and 95 among them."""
ENOUGH = 8
"""Forecasts below which a score is no ranking."""
MOST_REFITS = 20
"""Origins, the latest ones, at which ARIMA and ETS are fitted anew: they cost a hundred times what a kernel does."""
FEWER_ORIGINS = "fewer_origins"
"""Code of the note that says so."""
FEWEST_POINTS = 3
"""Points of the first origin, where the series has more than that."""

DATED_LATER = Note("learned_later", {"origins": True})


class Trial(NamedTuple):
    """One forecast of one model at one origin for one horizon, and what happened."""

    model: str
    origin: int
    horizon: int
    forecast: float
    actual: float
    lower: tuple[float, ...]
    """One a scoring level."""
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
    horizon: int | None
    """None for all horizons together."""
    n: int
    """Trials that it rests on; below `ENOUGH` it is no ranking."""
    smape: float
    """Symmetric error in percent."""
    mase: float
    """Error over the mean absolute step of the history."""
    owa: float
    """Both, over those of the last value; below 1 is better than that."""
    msis_95: float
    """Width of the 95 % interval and what fell outside it, scaled as `mase`."""
    crps: float
    """Of the whole distribution, in the unit of the series."""
    coverage_80: float
    """Share of outcomes inside, 0 to 1."""
    coverage_95: float


class PublishedScore(NamedTuple):
    """A third party's forecast held against the outcome on the same definition, and ours as of its date."""

    forecast: PublishedForecast
    actual: float
    error_pct: float | None
    """None for a bound."""
    met: bool | None
    """Whether a bound was met; None for a point."""
    ours: float | None
    why_not: str
    """Why there is none of ours; empty when there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Backtest(Comparable):
    """All trials of a series and their scores."""

    history: History
    trials: tuple[Trial, ...]
    scores: tuple[Score, ...]
    """By model: all horizons together, then one by one."""
    published: tuple[PublishedScore, ...]
    vintages: tuple[Vintage, ...]
    """Years published twice or more: our forecast from before, the first published value, and the current one."""
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        return f"<Backtest of {self.history.series.id}: {len(self.trials)} forecasts>"


@checked
def backtest(
    series: Series,
    *,
    horizon: int = 3,
    models: Sequence[str] = (),
    opinions: bool = False,
    ceiling: Ceiling | None = None,
    floor: float | None = None,
    cumulative: bool = False,
    **selection: Unpack[Selection],
) -> Backtest:
    """Forecast from every origin that leaves at least one year to compare.

    Parameters
    ----------
    horizon : most years ahead
    models : only these and the consensus; left out, all our kernels
    opinions : whether ARIMA and ETS take part, at the last 20 origins
    ceiling, floor, cumulative : limits of every forecast, as in `forecast`
    selection : which points are used, see `Selection`

    Raises
    ------
    UsageError : fewer than two points, a horizon below 1, an unknown model, or data that contradict a limit
    """
    if horizon < 1:
        raise UsageError(
            f"The horizon {horizon} is not a number of years.", f"Give 1 or more, such as {option('horizon', 3)}."
        )
    history = annual(series, **selection)
    if len(history.years) < 2:
        raise UsageError(
            f"{series.id} has one point, and a backtest needs two or more.",
            "'rural-forecast project' answers with one.",
        )
    stated = limits(ceiling, floor, cumulative)
    require_possible(history, stated)
    _require_above_floor(history, floor)
    chosen = [registry.get(name) for name in models if name != "consensus"]
    if not models:
        chosen = [m for m in registry.MODELS if m.own_forecast is None or opinions]
    trials = tuple(_trials(history, horizon, [m.name for m in chosen], stated))
    return Backtest(
        history=history,
        trials=trials,
        scores=tuple(scores(trials)),
        published=tuple(_published(series, history, stated, selection)),
        vintages=vintages(series, stated, **selection),
        notes=(
            *notes_on_bounds(history, stated),
            *_silent(chosen if models else (), trials),
            *on_refits(history, [model.name for model in chosen]),
            DATED_LATER,
            *history.notes,
        ),
    )


def first_below(history: History, floor: float | None) -> int | None:
    """The place of the first value that a backtest forecasts from and that lies below a floor; None without one."""
    if floor is None:
        return None
    start = _first_origin(history)
    places = np.flatnonzero(history.values[start - 1 : -1] < floor)
    return start - 1 + int(places[0]) if len(places) else None


def _require_above_floor(history: History, floor: float | None) -> None:
    place = first_below(history, floor)
    if floor is not None and place is not None:
        value = f"its value of {history.years[place]}, {number(float(history.values[place]))}"
        problem = f"{value}, is below the floor of {number(floor)}, and a backtest forecasts from there"
        raise UsageError(
            f"{history.series.id}: {problem}.",
            "Lower the floor, or leave it out.",
        )


def _first_origin(history: History) -> int:
    """Points of the first origin."""
    return min(FEWEST_POINTS, len(history.years) - 1)


def _silent(asked: Sequence[Model], trials: Sequence[Trial]) -> Iterator[Note]:
    """Which models answer from no origin, so that nobody looks for their rows."""
    heard = {trial.model for trial in trials}
    names = tuple(one.name for one in asked if one.name not in heard)
    if names:
        yield Note("no_answer", {"models": names})


def on_refits(history: History, names: Sequence[str]) -> Iterator[Note]:
    """Say where the opinions are tested at fewer origins than the rest."""
    opinions = tuple(name for name in names if registry.get(name).role == "opinion")
    if opinions and len(history.years) - _first_origin(history) > MOST_REFITS:
        yield Note("fewer_origins", {"models": opinions, "origins": MOST_REFITS})


def _trials(history: History, most: int, names: Sequence[str], stated: Limits) -> Iterator[Trial]:
    length = len(history.years)
    for used in range(_first_origin(history), length):
        steps = min(most, length - used)
        block = history.values[None, :used]
        joint = consensus(block, steps, SCORING_LEVELS, stated.ceiling)
        told = [from_consensus(joint)]
        refits = length - used <= MOST_REFITS
        told += [
            ask(registry.get(name), block, steps, SCORING_LEVELS, joint, stated.ceiling)
            for name in names
            if refits or registry.get(name).role != "opinion"
        ]
        for given in told:
            if given.answers:
                past = replace(history, values=history.values[:used])
                yield from _scored(history, used, steps, bounded(given, past, stated))


def _scored(history: History, used: int, steps: int, given: ModelForecast) -> Iterator[Trial]:
    """Score one model's path from one origin."""
    steps = min(steps, len(given.values))
    past, actual = history.values[:used], history.values[used : used + steps]
    scale = np.asarray(accuracy.step_scale(past))
    place = SCORING_LEVELS.index(95)
    naive = np.full(steps, past[-1])
    smape, naive_smape = accuracy.smape(actual, given.values), accuracy.smape(actual, naive)
    mase, naive_mase = accuracy.mase(actual, given.values, scale), accuracy.mase(actual, naive, scale)
    msis = accuracy.msis(actual, given.lower[place], given.upper[place], scale, 95)
    crps = accuracy.crps(actual, given.values, given.lower, given.upper, SCORING_LEVELS)
    for step in range(steps):
        yield Trial(
            given.model,
            history.years[used - 1],
            step + 1,
            float(given.values[step]),
            float(actual[step]),
            tuple(given.lower[:, step].tolist()),
            tuple(given.upper[:, step].tolist()),
            *(float(term[step]) for term in (smape, mase, naive_smape, naive_mase, msis, crps)),
        )


def scores(trials: Iterable[Trial]) -> Iterator[Score]:
    """Averages by model: all horizons together first, then one by one."""
    groups: dict[str, dict[int, list[Trial]]] = {}
    for trial in trials:
        groups.setdefault(trial.model, {}).setdefault(trial.horizon, []).append(trial)
    for model, by_horizon in groups.items():
        yield _average(model, None, [trial for group in by_horizon.values() for trial in group])
        for horizon, group in sorted(by_horizon.items()):
            yield _average(model, horizon, group)


def _average(model: str, horizon: int | None, group: Sequence[Trial]) -> Score:
    def mean(values: Iterable[float]) -> float:
        return float(accuracy.average(np.array(list(values))))

    def held(level: int) -> float:
        place = SCORING_LEVELS.index(level)
        return mean(float(trial.lower[place] <= trial.actual <= trial.upper[place]) for trial in group)

    smape, mase = mean(t.smape for t in group), mean(t.mase for t in group)
    against = np.array([mean(t.naive_smape for t in group), mean(t.naive_mase for t in group)])
    return Score(
        model=model,
        horizon=horizon,
        n=len(group),
        smape=smape,
        mase=mase,
        owa=float(accuracy.owa(np.array(smape), np.array(mase), against[0], against[1])),
        msis_95=mean(t.msis_95 for t in group),
        crps=mean(t.crps for t in group),
        coverage_80=held(80),
        coverage_95=held(95),
    )


def _published(series: Series, history: History, stated: Limits, selection: Selection) -> Iterator[PublishedScore]:
    """Forecasts of others (not targets) whose outcome is known on the same definition."""
    known = dict(zip(history.years, history.values.tolist(), strict=True))
    known |= {one.observation.period.year: one.observation.value for one in history.set_aside}
    for said in published_forecasts(series, as_of=history.as_of):
        actual = known.get(said.period.year) if said.period.is_year and not said.target else None
        if actual is None:
            continue
        error = 100 * (said.value / actual - 1) if actual and said.qualifier in "=~" else None
        met = None if said.qualifier in "=~" else (actual >= said.value) == (said.qualifier == ">")
        ours, why_not = _ours(series, said, stated, selection)
        yield PublishedScore(said, actual, error, met, ours, why_not)


def _ours(series: Series, said: PublishedForecast, stated: Limits, selection: Selection) -> tuple[float | None, str]:
    """What we would have said of the same year from what had surely been published by then."""
    if said.published_latest is None:
        return None, "its date is not known"
    ours, _, why_not = said_then(series, said.period.year, said.published_latest, stated, **selection)
    return ours, why_not
