"""The forecast of one model, or of the consensus, for one series: shared by forecast, comparison and backtest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.api.equality import comparable
from rural_forecast.forecasting.consensus import Consensus
from rural_forecast.forecasting.intervals import intervals
from rural_forecast.forecasting.reference import Outlook
from rural_forecast.forecasting.shape import MEMORY
from rural_forecast.models.base import Answer, Array, Ceiling, Model, Reason, answer


@comparable
class ModelForecast(NamedTuple):
    """The path of one model up to its end; arrays are empty where it has none."""

    model: str
    values: Array
    """Shape (years,), from the first year on; a path may end before the target."""
    lower: Array
    """Shape (level, years)."""
    upper: Array
    """Shape (level, years)."""
    weight: float | None = None
    """Its weight in the consensus at the target; None for a model that is no member."""
    why: Reason = Reason.ANSWERS
    """Why it gives no year, or none after its last."""
    reason: str = ""
    """The same in words; empty where it gives every year."""
    message: str = ""
    """Warnings of the library that fitted it."""

    @property
    def answers(self) -> bool:
        """Whether there is a forecast of the first year at least."""
        return len(self.values) > 0

    @property
    def last(self) -> float:
        """The value of its last year."""
        return float(self.values[-1])

    def ends(self, place: int) -> tuple[float, float]:
        """The interval of its last year, at the level of a place."""
        return float(self.lower[place, -1]), float(self.upper[place, -1])

    def at_levels(self, known: Sequence[int], wanted: Sequence[int]) -> ModelForecast:
        """The same with the bounds of some of its levels."""
        places = [known.index(level) for level in wanted]
        return self._replace(lower=self.lower[places], upper=self.upper[places])

    def reaching(self, horizon: int) -> ModelForecast:
        """The same, or one without a forecast where the path ends before this year ahead."""
        if len(self.values) == horizon:
            return self
        return self._replace(values=self.values[:0], lower=self.lower[:, :0], upper=self.upper[:, :0])


def ask(
    model: Model, block: Array, horizon: int, levels: tuple[int, ...], joint: Consensus, ceiling: Ceiling | None
) -> ModelForecast:
    """One model's forecast of a block of one series, with its weight in the consensus."""
    weight = None
    if model.name in joint.members:
        weight = float(joint.weights[0, joint.members.index(model.name), -1])
    answered = ask_block(model, block, horizon, levels, ceiling, joint.view)
    reach = int(np.isfinite(answered.points[0]).sum())
    points, lower, upper = answered.points[0, :reach], answered.lower[0, :, :reach], answered.upper[0, :, :reach]
    why = Reason(int(answered.reasons[0]))
    return ModelForecast(model.name, points, lower, upper, weight, why, why.of(model), answered.message)


def ask_block(
    model: Model,
    block: Array,
    horizon: int,
    levels: tuple[int, ...],
    ceiling: Ceiling | None,
    view: Outlook | None = None,
) -> Answer:
    """One model's points of a block of any number of series, always with bounds; NaN from where a path ends.

    `view` is the reference class of the block where a consensus has computed it: it costs most of an interval's time.
    Models that may have a weight see the same points as the consensus, so that they forecast the same on their own.
    """
    if model.role != "opinion":
        block = block[:, -MEMORY:]
    answered = answer(model, block, horizon, levels, ceiling)
    if model.own_forecast or answered.lower.shape[1]:
        return answered
    lower, upper = intervals(block, answered.points, levels, model.name, view)
    return answered._replace(lower=lower, upper=upper)
