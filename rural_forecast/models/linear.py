"""A straight line by ordinary least squares."""

from collections.abc import Callable

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.smoothing import by_time, total


def ols(values: Array) -> tuple[Array, Array]:
    """Fit the least-squares line: its value at the first period and its slope, shape (series,)."""
    rows = by_time(values)
    centre = (values.shape[1] - 1) / 2.0
    weights = np.arange(len(rows)) - centre
    spread = float(np.square(weights).sum()) or 1.0  # zero for a single value
    mean = total(rows) / len(rows)
    slope = total(weights[:, None] * (rows - mean)) / spread
    return mean - centre * slope, slope


def line(values: Array) -> tuple[Array, Array, Callable[[int], Array]]:
    """Fit that line; gives its intercept, its slope and its path after the last period."""
    intercept, slope = ols(values)
    length = values.shape[1]

    def path(horizon: int) -> Array:
        periods = np.arange(float(length), float(length + horizon))
        return intercept[:, None] + slope[:, None] * periods

    return intercept, slope, path


def fit(values: Array) -> Fit:
    """Fit the line and carry it on; it need not pass through the last value."""
    intercept, slope, path = line(values)
    return Fit(path, {"intercept": intercept, "slope": slope})


MODEL = Model(
    name="linear",
    title="Linear trend",
    order=50,
    min_points=2,
    formula="y[t] = a + b t, a and b by ordinary least squares",
    assumes="growth by the same amount each period, and departures from the line that do not last",
    reference=(
        "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 2021, section 7.4"
    ),
    parameters=(
        Parameter("intercept", "the line at the first period", "unit of the series"),
        Parameter("slope", "change", "unit of the series per period"),
    ),
    spreadsheet="FORECAST.LINEAR, TREND",
    fit=fit,
)
