"""The mean yearly change of the past, carried on from the last value."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter


def mean_change(values: Array) -> Array:
    """Compute (last - first) / (n - 1) of each series; shape (series,)."""
    return np.asarray((values[:, -1] - values[:, 0]) / (values.shape[1] - 1))


def fit(values: Array) -> Fit:
    """Draw the line through the first and the last value."""
    slope = mean_change(values)
    last = values[:, -1:].copy()
    return Fit(
        lambda horizon: last + slope[:, None] * np.arange(1.0, horizon + 1), {"drift": slope}
    )


MODEL = Model(
    name="drift",
    title="Random walk with drift",
    role="member",
    order=20,
    reassigned_to="damped_drift",
    min_points=2,
    formula="y[n+h] = y[n] + h d, d = (y[n] - y[1]) / (n - 1)",
    assumes="the mean change of the past goes on, by the same amount each period",
    reference=(
        "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021, section 5.2"
    ),
    parameters=(Parameter("drift", "mean change", "unit of the series per period"),),
    fit=fit,
)
