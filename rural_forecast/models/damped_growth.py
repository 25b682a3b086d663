"""The growth of the last two periods, in percent, fading by a fixed share each period."""

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter

PHI = 0.7  # fixed: a handful of points does not show how fast growth fades


def fit(values: Array) -> Fit:
    """Carry the mean of the last two log changes on, damped by `PHI` from the second step."""
    logs = np.log(values)
    growth = np.diff(logs, axis=1)[:, -2:].mean(axis=1)

    def path(horizon: int) -> Array:
        steps = np.cumsum(PHI ** np.arange(horizon))
        return np.asarray(np.exp(logs[:, -1:] + growth[:, None] * steps))

    return Fit(path, {"growth": np.expm1(growth), "phi": np.full(len(values), PHI)})


MODEL = Model(
    name="damped_growth",
    title="Damped growth",
    role="member",
    order=35,
    reassigned_to="theta_log",
    min_points=2,
    formula=(
        "log y[n+h] = log y[n] + (1 + phi + ... + phi^(h-1)) g, g = (log y[n] - log y[n-2]) / "
        "2, phi = 0.7"
    ),
    assumes=(
        "recent growth goes on in percent but fades: each period has 0.7 of the growth of the "
        "one before"
    ),
    reference=(
        "Pegels 1969 (multiplicative trend), DOI 10.1287/mnsc.15.5.311; Taylor 2003 (damped), "
        "DOI 10.1016/S0169-2070(03)00003-7"
    ),
    parameters=(
        Parameter("growth", "mean growth rate of the last two periods", "share per period", -1.0),
        Parameter("phi", "share of growth that is left after one period, fixed", "", PHI, PHI),
    ),
    positive=True,
    fit=fit,
)
