"""The mean change of the past, fading by a fixed share each period."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.drift import mean_change

PHI = 0.85  # fixed: a handful of points does not show how fast growth fades


def fit(values: Array) -> Fit:
    """Carry the mean change on, damped by `PHI` from the first step."""
    slope = mean_change(values)
    last = values[:, -1].copy()

    def path(horizon: int) -> Array:
        steps = np.cumsum(PHI ** np.arange(1.0, horizon + 1))
        return np.asarray(last[:, None] + slope[:, None] * steps)

    return Fit(path, {"drift": slope, "phi": np.full(len(values), PHI)})


MODEL = Model(
    name="damped_drift",
    title="Damped drift",
    role="member",
    order=30,
    reassigned_to="theta",
    min_points=2,
    formula="y[n+h] = y[n] + (phi + ... + phi^h) d, d = (y[n] - y[1]) / (n - 1), phi = 0.85",
    assumes="growth goes on but fades: each period adds 0.85 of what the one before added",
    reference="Gardner & McKenzie 2011, Why the damped trend works, DOI 10.1057/jors.2010.37",
    parameters=(
        Parameter("drift", "mean change", "unit of the series per period"),
        Parameter("phi", "share of growth that is left after one period, fixed", "", PHI, PHI),
    ),
    fit=fit,
)
