"""Holt's method with a trend that fades."""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.drift import mean_change
from rural_forecast.models.trend_smoothing import ALPHA, BETA, extend, fit_parameters, walk

PHI = (0.8, 0.995)


def path_given(values: Array, alpha: Array, beta: Array, phi: Array, level: Array, trend: Array, horizon: int) -> Array:
    """Points of shape (series, horizon) for stated parameters and a state before the first value, each (series,)."""
    _, level, trend = walk(values, alpha, beta, phi, level, trend)
    return extend(level, trend, phi, horizon)


def fit(values: Array) -> Fit:
    """Fit alpha, beta and phi by least squared one-step error.

    >>> fit(np.array([[7.0, 7.0, 7.0, 7.0, 7.0]])).path(2).round(9).tolist()
    [[7.0, 7.0]]
    """
    alpha, beta, phi = fit_parameters(values, (ALPHA, BETA, PHI))
    steps, level, trend = walk(values[:, 1:], alpha, beta, phi, values[:, 0], mean_change(values))
    fitted = np.concatenate([np.full((len(values), 1), np.nan), steps], axis=1)
    return Fit(
        lambda horizon: extend(level, trend, phi, horizon),
        fitted,
        {"alpha": alpha, "beta": beta, "phi": phi, "level": level, "trend": trend},
    )


MODEL = Model(
    name="damped_holt",
    title="Holt's damped trend",
    role="opinion",
    order=110,
    min_points=4,
    formula="y[n+h] = l[n] + (phi + ... + phi^h) b[n]; l[t] = l[t-1] + phi b[t-1] + alpha e[t], b[t] = phi b[t-1] + "
    "alpha beta e[t], e[t] the one-step error, l[1] = y[1], b[1] = (y[n] - y[1]) / (n - 1)",
    assumes="the newest trend goes on and fades",
    reference="Gardner & McKenzie 1985, DOI 10.1287/mnsc.31.10.1237",
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", *ALPHA),
        Parameter("beta", "share of a change of the level that enters the trend", "", *BETA),
        Parameter("phi", "share of the trend that is left after one period", "", *PHI),
        Parameter("level", "level at the last period", "unit of the series"),
        Parameter("trend", "trend at the last period", "unit of the series per period"),
    ),
    fit=fit,
)
