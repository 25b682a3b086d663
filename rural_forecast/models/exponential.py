"""A straight line through the logarithms by ordinary least squares."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.linear import line


def fit(values: Array) -> Fit:
    """Fit a line to log y.

    The path is exp of it, the median if errors on the log scale are symmetric.
    """
    intercept, slope, path = line(np.log(values))
    parameters = {"start": np.exp(intercept), "growth": np.expm1(slope)}
    return Fit(lambda horizon: np.exp(path(horizon)), parameters)


MODEL = Model(
    name="exponential",
    title="Exponential trend",
    order=60,
    min_points=2,
    formula="log y[t] = a + b t, a and b by ordinary least squares; y = exp(a + b t)",
    assumes=(
        "growth by the same percentage each period, and departures from the curve that do not last"
    ),
    reference=(
        "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021, section 7.7"
    ),
    parameters=(
        Parameter("start", "the curve at the first period", "unit of the series", 0.0),
        Parameter("growth", "growth rate", "share per period", -1.0),
    ),
    spreadsheet="GROWTH, LOGEST",
    positive=True,
    fit=fit,
)
