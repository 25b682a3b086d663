"""The theta method: simple exponential smoothing carried on with half of the linear trend."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.linear import ols
from rural_forecast.models.smoothing import (
    ALPHA,
    binary_scale,
    by_time,
    posterior_mean,
    ses_levels,
    ses_squares,
    total,
)


def fit(values: Array, alpha: Array | None = None) -> Fit:
    """Fit the trend, and the smoothing weight if none is given: its posterior mean."""
    if alpha is None:
        scaled = by_time(values / binary_scale(values)[:, None])

        def squares(part: slice, alphas: Array) -> Array:
            return ses_squares(scaled[:, part], alphas)

        alpha = posterior_mean(squares, scaled, *ALPHA)
    _, slope = ols(values)
    level = ses_levels(by_time(values), alpha)[-1]
    # (1 - (1 - alpha)^n) / alpha for n values, as a sum that needs no division.
    decay = np.broadcast_to(1.0 - alpha, (values.shape[1] - 1, len(alpha)))
    power = np.multiply.accumulate(decay, axis=0)
    lag = total(np.concatenate([np.ones((1, len(alpha))), power]))

    def path(horizon: int) -> Array:
        periods = np.arange(float(horizon)) + lag[:, None]
        return np.asarray(level[:, None] + 0.5 * slope[:, None] * periods)

    return Fit(path, {"alpha": alpha, "slope": slope, "level": level})


MODEL = Model(
    name="theta",
    title="Theta",
    role="member",
    order=70,
    reassigned_to="theta_log",
    min_points=3,
    formula=(
        "y[n+h] = l[n] + (b / 2) (h - 1 + (1 - (1 - alpha)^n) / alpha), l from exponential "
        "smoothing, b from OLS, alpha its posterior mean"
    ),
    assumes="a level that wanders, and half of the long trend",
    reference=(
        "Assimakopoulos & Nikolopoulos 2000, DOI 10.1016/S0169-2070(00)00066-2; Hyndman & "
        "Billah 2003, DOI 10.1016/S0169-2070(01)00143-1"
    ),
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", *ALPHA),
        Parameter(
            "slope", "least-squares trend, of which half is used", "unit of the series per period"
        ),
        Parameter("level", "smoothed level at the last period", "unit of the series"),
    ),
    fit=fit,
)
