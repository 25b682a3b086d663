"""Arguments side by side, and the one answer that they give together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.forecasting.distribution import (
    Chance,
    Scale,
    chance,
    grid,
    interpolated,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.observed.other_growth import OtherGrowth
from rural_forecast.record.arguments.argument import SCORES, Argument
from rural_forecast.sizing.result import Sizing


@dataclass(frozen=True, slots=True, eq=False)
class Triangulation(Comparable):
    """Arguments side by side, and one answer."""

    trend: Forecast
    year: int
    arguments: tuple[Argument, ...]
    together: Argument
    stated: Mapping[str, float]
    notes: tuple[Note, ...]
    leading: Forecast | None = None
    """the forecast that follows leading markets, where some are stated."""
    growth: OtherGrowth | None = None
    """that of another definition, where it is an argument."""
    sized: Sizing | None = None
    """the sizing of the drivers, where they are an argument."""

    def chance(self, target: float) -> Chance:
        """Return the chance of being at or above a value in the year, and of having been by then.

        It is on the joint paths of the trend, each carried to the answer: it ends at the same rank
        in the distribution of the answer, and moves towards it evenly on the way.

        Parameters
        ----------
        target : a value in the unit of the series
        """
        history = self.trend.history
        drawn = self.trend.paths()
        order = np.argsort(drawn[:, -1], kind="stable")
        ends = np.empty(len(drawn))
        ends[order] = self._quantiles_at(grid(len(drawn)))
        part = np.arange(1, drawn.shape[1] + 1) / drawn.shape[1]
        if min(drawn.min(), ends.min()) > 0:
            carried = drawn * (ends / drawn[:, -1])[:, None] ** part
        else:
            carried = drawn + (ends - drawn[:, -1])[:, None] * part
        carried[:, -1] = ends
        reached = chance(carried, history.values, history.first, self.trend.years, float(target))
        return reached.of_last_year()

    def _quantiles_at(self, scores: Array) -> Array:
        """Values of the answer at normal scores."""
        order = np.argsort(SCORES)
        values = self.together.quantiles[order]
        whole = whole_of_rate(self.trend.history)
        if whole is not None:
            return interpolated(scores, SCORES[order], values, "share", whole, 0.0)
        shape: Scale = "log" if values.min() > 0 else "linear"
        return interpolated(scores, SCORES[order], values, shape)

    @property
    def series(self) -> Series:
        """The series that is forecast."""
        return self.trend.history.series

    def __repr__(self) -> str:
        value = f"{self.together.value:,.4g} {self.series.unit}".rstrip()
        by = f"{len(self.arguments)} arguments"
        return f"<Triangulation of {self.series.id}: {value} in {self.year} by {by}>"
