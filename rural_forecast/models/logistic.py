"""Logistic growth to a stated ceiling: fast while small, slower the less is left.

log(y / (K - y)) is fitted by a line for the given K: on that scale the curve is linear, and the fit closed.

>>> curve = 100.0 / (1.0 + np.exp(2.0 - np.arange(5.0)))
>>> fit(curve[None, :3], (100.0, 100.0)).path(2).round(6).tolist() == [curve[3:].round(6).tolist()]
True
"""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Model, Parameter
from rural_forecast.models.saturation import fit_line

fit = fit_line(lambda y, top: np.log(y / (top - y)), lambda line, top: top / (1.0 + np.exp(-line)), 1.0)
MODEL = Model(
    name="logistic",
    title="Logistic curve",
    role="curve",
    order=120,
    intervals_of="holt",
    min_points=3,
    formula="y[t] = K / (1 + exp(-r (t - m))); log(y / (K - y)) fitted by OLS, K the geometric middle of the ceiling",
    assumes="growth in proportion to what is there and to what is left below the ceiling; symmetric about half of it",
    reference="Verhulst 1838; Meade & Islam 2006, DOI 10.1016/j.ijforecast.2006.01.005",
    parameters=(
        Parameter("ceiling", "level of saturation, stated", "unit of the series", 0.0),
        Parameter("rate", "growth rate while small", "share per period"),
        Parameter("midpoint", "when half of the ceiling is reached", "periods after the first"),
    ),
    positive=True,
    needs_ceiling=True,
    fit=fit,
)
