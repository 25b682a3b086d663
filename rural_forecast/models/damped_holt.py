"""Holt's method with a trend that fades."""

from functools import partial

from rural_forecast.models.base import Model, Parameter
from rural_forecast.models.smoothing import ALPHA, BETA, HOLT, fit_trend

PHI = (0.8, 0.995)
fit = partial(fit_trend, bounds=(ALPHA, BETA, PHI))
MODEL = Model(
    name="damped_holt",
    title="Holt's damped trend",
    order=110,
    min_points=4,
    formula=(
        "y[n+h] = l[n] + (phi + ... + phi^h) b[n]; l[t] = l[t-1] + phi b[t-1] + alpha e[t], "
        "b[t] = phi b[t-1] + alpha beta e[t], e[t] the one-step error, l[1] = y[1], b[1] = "
        "(y[n] - y[1]) / (n - 1)"
    ),
    assumes="the newest trend goes on and fades",
    reference="Gardner & McKenzie 1985, DOI 10.1287/mnsc.31.10.1237",
    parameters=(
        *HOLT[:2],
        Parameter("phi", "share of the trend that is left after one period", "", *PHI),
        *HOLT[2:],
    ),
    fit=fit,
)
