"""A part of a total: its forecast never passes that of the total, and implies a share.

Each path of the part is cut at the path of the same rank of the total, by its own forecast. It is a bound and evidence,
not a model: share times total forecasts no better than the part itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.forecasting.distribution import DRAWS, Spread, scores, siblings
from rural_forecast.models.base import Array


class Total(NamedTuple):
    """The forecast of the total of a part; arrays as those of a model's forecast."""

    values: Array
    lower: Array
    upper: Array

    def cut(self, values: Array, lower: Array, upper: Array) -> tuple[Array, Array, Array]:
        """The forecast of the part below it, for as many years as there are."""
        reach = len(values)
        return (
            np.minimum(values, self.values[:reach]),
            np.minimum(lower, self.lower[:, :reach]),
            np.minimum(upper, self.upper[:, :reach]),
        )


@comparable
class Shares(NamedTuple):
    """The share of a total that the forecasts of both imply, as a fraction."""

    total: str
    """The id of the total."""
    title: str
    """Its name for people."""
    value: Array
    """The median of each year of the forecast; shape (years,)."""
    lower: Array
    """The lower bounds of its 80 % range."""
    upper: Array
    past: tuple[float, float] | None
    """The least and the greatest share of the years used; None where they have none in common."""
    binds: bool
    """True if the total bounds the forecast."""

    @property
    def leaves(self) -> bool:
        """True if the share of the last year is outside its past range."""
        return self.past is not None and not self.past[0] <= self.value[-1] <= self.past[1]


def implied(part: Spread, total: Spread, name: str) -> tuple[Array, Array, Array]:
    """Median and 80 % range of the share of each year, on paths of both whose errors correlate as those of siblings."""
    horizon = part.quantiles.shape[1]
    ours, other = (scores(horizon, DRAWS, place, int.from_bytes(name.encode(), "big")) for place in (1, 2))
    alike = np.array([siblings(step) for step in range(1, horizon + 1)])
    whole = total.at(alike * ours + np.sqrt(1 - alike**2) * other)
    share = np.minimum(part.at(ours) / whole, 1.0)
    lower, value, upper = np.quantile(share, (0.1, 0.5, 0.9), axis=0)
    return value, lower, upper
