"""Gompertz growth to a stated ceiling: the growth rate itself fades by a constant share."""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Fit, Model, Parameter
from rural_forecast.models.linear import ols
from rural_forecast.models.saturation import middle, screen


def fit(values: Array, ceiling: Ceiling | None = None) -> Fit:
    """Fit log(log(K / y)) by a line for the given K: on that scale the curve is linear, and the fit closed.

    >>> curve = 100.0 * np.exp(-2.0 * np.exp(-0.3 * np.arange(5.0)))
    >>> fit(curve[None, :3], (100.0, 100.0)).path(2).round(6).tolist() == [curve[3:].round(6).tolist()]
    True
    """
    top = middle(ceiling)
    length = values.shape[1]
    with np.errstate(all="ignore"):
        intercept, slope = ols(np.log(np.log(top / values)))

    def curve(start: int, stop: int) -> Array:
        return top * np.exp(-np.exp(intercept[:, None] + slope[:, None] * np.arange(float(start), float(stop))))

    midpoint = np.where(slope == 0, np.nan, -intercept / np.where(slope == 0, 1.0, slope))  # a level path has none
    return Fit(
        lambda horizon: curve(length, length + horizon),
        curve(0, length),
        {"ceiling": np.full(len(values), top), "rate": -slope, "midpoint": midpoint},
        screen(values, top, every=True),
    )


MODEL = Model(
    name="gompertz",
    title="Gompertz curve",
    role="curve",
    min_points=3,
    formula="y[t] = K exp(-exp(-r (t - m))); log(log(K / y)) fitted by OLS, K the geometric middle of the ceiling",
    assumes="growth that fades from the start: the steepest year comes at 37 % of the ceiling, with a long tail",
    reference="Gompertz 1825, DOI 10.1098/rstl.1825.0026; Meade & Islam 2006, DOI 10.1016/j.ijforecast.2006.01.005",
    parameters=(
        Parameter("ceiling", "level of saturation, stated", "unit of the series", 0.0),
        Parameter("rate", "share by which log(K / y) shrinks", "per period"),
        Parameter("midpoint", "when growth is steepest, at 37 % of the ceiling", "periods after the first"),
    ),
    positive=True,
    needs_ceiling=True,
    fit=fit,
)
