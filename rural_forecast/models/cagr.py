"""Compound annual growth: the constant rate between the first and the last value."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter


def fit(values: Array) -> Fit:
    """Compound the growth rate of the whole history."""
    last = values[:, -1].copy()
    rate = np.log(last / values[:, 0]) / (values.shape[1] - 1)

    def path(horizon: int) -> Array:
        return np.asarray(last[:, None] * np.exp(rate[:, None] * np.arange(1.0, horizon + 1)))

    return Fit(path, {"growth": np.expm1(rate)})


MODEL = Model(
    name="cagr",
    title="Compound annual growth",
    order=40,
    min_points=2,
    formula="y[n+h] = y[n] (1 + g)^h, g = (y[n] / y[1])^(1 / (n - 1)) - 1",
    assumes="the market grows by the same percentage each period; from few points it overshoots",
    reference=(
        "ISO/IEC 26300-2:2015 (OpenDocument formulas), function RRI; the usual practice of "
        "market reports"
    ),
    parameters=(Parameter("growth", "growth rate", "share per period", -1.0),),
    spreadsheet="RRI",
    positive=True,
    fit=fit,
)
