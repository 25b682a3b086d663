"""An argument: its answer for a year, its range, and how it fared before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.distribution import (
    level_scores,
)
from rural_forecast.forecasting.nowcasting.nowcast import Nowcast
from rural_forecast.forecasting.past_record import (
    PastRecord,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.sizing.montecarlo import Estimate
from rural_forecast.text.numbers import number

LEVELS = (50, 80, 95)
# Median, lower, upper.
SCORES = np.concatenate([[0.0], -level_scores(LEVELS), level_scores(LEVELS)])
TREND = "trend"
NOWCAST = "nowcast"
LEADING = "leading markets"
DEFINITION = "definition"
DRIVERS = "drivers"


class Argument(NamedTuple):
    """The answer of one argument for the target year; one that misses what was seen weighs nothing
    unless stated.
    """

    name: str
    """`trend`, `nowcast`, `leading markets`, `definition`, `drivers`, or the author of a figure."""
    quantiles: Array  # the median, then the lower and the upper bounds at `LEVELS`
    definition: str
    why: str
    weight: float = 0.0
    held: int | None = None  # of `n` earlier 80 % ranges; None without a record
    n: int = 0
    misses: str = ""  # the last observed value, in words, where its range misses it
    other: str = ""  # the definition that it is on, where it is another one: it weighs nothing
    is_point: bool = (
        False  # its author stated no range: that of `quantiles` is as wide as the trend
    )
    is_stated: bool = False  # somebody stated its weight
    record: PastRecord | None = None  # of forecasts of ours, behind `held`
    against: PastRecord | None = None  # of the trend on the same forecasts
    leaders: float | None = None  # share of leading markets in it; the rest of it is the trend
    counts: float = 1.0  # as so much of an argument, where no weight is stated
    doubt: str = ""  # the reason why it counts as less than one

    @property
    def value(self) -> float:
        """The median."""
        return float(self.quantiles[0])

    def ends(self, level: int = 80) -> tuple[float, float]:
        """The range of one of `LEVELS`."""
        lower = 1 + LEVELS.index(level)
        return float(self.quantiles[lower]), float(self.quantiles[lower + len(LEVELS)])


def quantiles_of_result(result: Forecast | Estimate | Nowcast) -> Array:
    """The quantiles of an answer, in the order of `SCORES`."""
    if isinstance(result, Forecast):
        best = result.best
        return np.concatenate([best.values[-1:], best.lower[:, -1], best.upper[:, -1]])
    return np.array([result.value, *result.lower, *result.upper])


def with_record(argument: Argument, record: PastRecord | None) -> Argument:
    """Add how earlier forecasts of an argument fared."""
    if record is None:
        return argument
    return argument._replace(held=record.held, n=record.n, record=record)


def observed_outside(low: float, high: float, observed: float, year: int) -> str:
    """The observed value in words where a range misses it; nothing where it holds."""
    return "" if low <= observed <= high else f"{number(observed)}, observed in {year}"
