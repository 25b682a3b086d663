"""The record of the past: forecasts redone from earlier years, against what happened.

Every view that says how often ranges held, or which method was closer, takes it from here.
Forecasts of one year from several origins share its outcome, so a record names the years that it
rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import accuracy
from rural_forecast.models.base import Array
from rural_forecast.question.question import CONSENSUS
from rural_forecast.text.wording import counted, in_words

LEVEL = 80  # the level of the ranges that a record counts
# The levels from which CRPS is computed; 80 and 95 among them.
SCORING_LEVELS = (50, 60, 70, 80, 90, 95, 98)
ENOUGH = 8  # forecasts, or years that they rest on, below which a score is no ranking
LONGEST = 6  # years ahead up to which the record of an answer goes

# Simple methods; a record names the one that was clearly closer.
SIMPLE = ("naive", "drift", "linear", "cagr")
CLEARLY = 0.9  # share of our error below which that of a simple method is clearly less


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

    @property
    def held(self) -> bool:
        """True if the outcome lies inside the 80 % interval."""
        return self.is_inside(LEVEL)

    def is_inside(self, level: int) -> bool:
        """Return True if the outcome lies inside the interval at one of the scoring levels."""
        index = SCORING_LEVELS.index(level)
        return self.lower[index] <= self.actual <= self.upper[index]


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


class PastRecord(NamedTuple):
    """How forecasts of a series fared on its own past, from one year ahead to `horizon`."""

    horizon: int
    first: int  # the earliest origin
    n: int
    held: int  # outcomes inside the 80 % interval, of `n`
    years: int  # distinct years whose outcome they are judged by
    smape: float  # NaN where it has no meaning
    crps: float
    closest: Score | None = None  # the simple method that was closest on the same forecasts

    @property
    def is_enough(self) -> bool:
        """True if it rests on enough years to be said to a client."""
        return self.years >= ENOUGH

    @property
    def closer(self) -> Score | None:
        """The simple method that was clearly closer."""
        clearly = self.closest is not None and self.closest.smape < CLEARLY * self.smape
        return self.closest if clearly else None

    @property
    def basis(self) -> str:
        """The horizons and the years that it rests on, in words."""
        return f"{ahead(self.horizon)}, in {counted(self.years, 'year')}"


def in_percent(values: Array) -> bool:
    """Return True if errors are in percent, which have no meaning for values of zero or less."""
    return bool(values.min() > 0)


def ahead(horizon: int) -> str:
    """Write the horizons from one year to the last one."""
    if horizon == 1:
        return "one year ahead"
    return f"one to {in_words(horizon)} years ahead"


def record_of(trials: Iterable[Trial], model: str = CONSENSUS) -> PastRecord | None:
    """Sum up the forecasts of a model, and those of simple methods on the same years.

    None where there is no forecast to judge.
    """
    trials = list(trials)
    ours = [trial for trial in trials if trial.model == model]
    if not ours:
        return None
    by_model = {score.model: score for score in scores(trials) if score.horizon is None}
    own = by_model[model]
    simple = [by_model[name] for name in SIMPLE if name in by_model and name != model]
    # Errors over fewer forecasts than ours would not compare.
    fair = [score for score in simple if score.n == own.n and not isnan(score.smape)]
    return PastRecord(
        horizon=max(trial.horizon for trial in ours),
        first=min(trial.origin for trial in ours),
        n=len(ours),
        held=sum(trial.held for trial in ours),
        years=len({trial.period for trial in ours}),
        smape=own.smape,
        crps=own.crps,
        closest=min(fair, key=lambda score: score.smape, default=None),
    )


def scores(trials: Iterable[Trial]) -> Iterator[Score]:
    """Average the trials by model: all horizons together first, then one by one."""
    by_model: dict[str, list[Trial]] = {}
    for trial in trials:
        by_model.setdefault(trial.model, []).append(trial)
    for model, group in by_model.items():
        group.sort(key=lambda trial: trial.horizon)
        yield _score(model, None, group)
        for horizon in dict.fromkeys(trial.horizon for trial in group):
            same_horizon = [trial for trial in group if trial.horizon == horizon]
            yield _score(model, horizon, same_horizon)


def _score(model: str, horizon: int | None, trials: Sequence[Trial]) -> Score:
    terms = [
        [trial.smape for trial in trials],
        [trial.mase for trial in trials],
        [trial.naive_smape for trial in trials],
        [trial.naive_mase for trial in trials],
        [trial.msis_95 for trial in trials],
        [trial.crps for trial in trials],
    ]
    means = accuracy.average(np.array(terms), axis=1)
    smape, mase, naive_smape, naive_mase, msis_95, crps = means.tolist()
    owa = accuracy.owa(*map(np.asarray, (smape, mase, naive_smape, naive_mase)))
    return Score(
        model=model,
        horizon=horizon,
        n=len(trials),
        smape=smape,
        mase=mase,
        owa=float(owa),
        msis_95=msis_95,
        crps=crps,
        coverage_80=_coverage(trials, 80),
        coverage_95=_coverage(trials, 95),
    )


def _coverage(trials: Sequence[Trial], level: int) -> float:
    return sum(trial.is_inside(level) for trial in trials) / len(trials)
