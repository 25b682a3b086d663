"""Holt's linear method: a level and a trend, both smoothed."""

from functools import partial

from rural_forecast.models.base import Model
from rural_forecast.models.smoothing import ALPHA, BETA, HOLT, fit_trend

fit = partial(fit_trend, bounds=(ALPHA, BETA))
MODEL = Model(
    name="holt",
    title="Holt's linear trend",
    order=100,
    min_points=4,
    formula=(
        "y[n+h] = l[n] + h b[n]; l[t] = l[t-1] + b[t-1] + alpha e[t], b[t] = b[t-1] + alpha "
        "beta e[t], e[t] the one-step error, l[1] = y[1], b[1] = (y[n] - y[1]) / (n - 1)"
    ),
    assumes="the newest trend goes on for ever, by the same amount each period",
    reference="Holt 1957, reprinted 2004, DOI 10.1016/j.ijforecast.2003.09.015",
    parameters=HOLT,
    spreadsheet="FORECAST.ETS with seasonality 1 (the same method, fitted its own way)",
    fit=fit,
)
