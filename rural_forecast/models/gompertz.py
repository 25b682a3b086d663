"""Gompertz growth to a stated ceiling: the growth rate itself fades by a constant share."""

import numpy as np

from rural_forecast.models.base import Model, Parameter
from rural_forecast.models.logistic import fit_line

fit = fit_line(
    lambda y, top: np.log(np.log(top / y)), lambda line, top: top * np.exp(-np.exp(line)), -1.0
)
MODEL = Model(
    name="gompertz",
    title="Gompertz curve",
    role="curve",
    order=130,
    intervals_of="holt",
    min_points=3,
    formula=(
        "y[t] = K exp(-exp(-r (t - m))); log(log(K / y)) fitted by OLS, K the geometric middle "
        "of the ceiling"
    ),
    assumes=(
        "growth that fades from the start: the steepest year comes at 37 % of the ceiling, "
        "with a long tail"
    ),
    reference=(
        "Gompertz 1825, DOI 10.1098/rstl.1825.0026; Meade & Islam 2006, DOI "
        "10.1016/j.ijforecast.2006.01.005"
    ),
    parameters=(
        Parameter("ceiling", "level of saturation, stated", "unit of the series", 0.0),
        Parameter("rate", "share by which log(K / y) shrinks", "per period"),
        Parameter(
            "midpoint", "when growth is steepest, at 37 % of the ceiling", "periods after the first"
        ),
    ),
    positive=True,
    fit=fit,
)
