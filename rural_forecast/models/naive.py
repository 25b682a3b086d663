"""The last value, unchanged: the yardstick of all others."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model


def fit(values: Array) -> Fit:
    """Remember the last value."""
    last = values[:, -1:].copy()
    return Fit(lambda horizon: np.repeat(last, horizon, axis=1))


MODEL = Model(
    name="naive",
    title="Last value",
    order=10,
    min_points=1,
    formula="y[n+h] = y[n]",
    assumes="nothing is known of the direction: a random walk",
    reference=(
        "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021, section 5.2"
    ),
    fit=fit,
)
