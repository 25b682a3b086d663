"""The theta method on the logarithms: half of the long growth rate instead of half of the trend."""

import numpy as np

from rural_forecast.models import theta
from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.smoothing import ALPHA


def fit(values: Array) -> Fit:
    """Fit theta to log y.

    The path is exp of its path, without a correction for bias: a median stays a median.
    """
    logs = theta.fit(np.log(values))
    parameters = {
        "alpha": logs.parameters["alpha"],
        "growth": np.expm1(logs.parameters["slope"]),
        "level": np.exp(logs.parameters["level"]),
    }
    return Fit(lambda horizon: np.exp(logs.path(horizon)), parameters)


MODEL = Model(
    name="theta_log",
    title="Theta on logarithms",
    role="member",
    order=80,
    min_points=3,
    formula="theta of log y; y = exp(path), the median, not corrected to a mean",
    assumes="a level that wanders by percentages, and half of the long growth rate",
    reference=(
        "Assimakopoulos & Nikolopoulos 2000, DOI 10.1016/S0169-2070(00)00066-2; the logarithm "
        "is Box-Cox with lambda 0: Box & Cox 1964, DOI 10.1111/j.2517-6161.1964.tb00553.x"
    ),
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", *ALPHA),
        Parameter(
            "growth", "least-squares growth rate, of which half is used", "share per period", -1.0
        ),
        Parameter("level", "smoothed level at the last period", "unit of the series", 0.0),
    ),
    positive=True,
    fit=fit,
)
