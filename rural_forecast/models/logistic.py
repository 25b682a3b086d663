"""Logistic growth to a stated ceiling.

It shares its fit with every curve that a transformation makes a straight line.
"""

from collections.abc import Callable

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Codes, Fit, Model, Parameter, Reason
from rural_forecast.models.linear import line


def middle(ceiling: Ceiling) -> float:
    """Compute the geometric middle of a range: half of the factors lie on each side of it."""
    return float(ceiling[0] * np.sqrt(ceiling[1] / ceiling[0]))


def fit_line(
    straighten: Callable[[Array, float], Array], bend: Callable[[Array, float], Array], sign: float
) -> Callable[[Array, Ceiling], Fit]:
    """Make the fit of a curve that `straighten` makes a line: least squares on that scale."""

    def fit(values: Array, ceiling: Ceiling) -> Fit:
        top = middle(ceiling)
        with np.errstate(all="ignore"):
            intercept, slope, path = line(straighten(values, top))
        level = slope == 0  # such a path has no midpoint
        midpoint = np.where(level, np.nan, -intercept / np.where(level, 1.0, slope))
        return Fit(
            lambda horizon: bend(path(horizon), top),
            {"ceiling": np.full(len(values), top), "rate": sign * slope, "midpoint": midpoint},
            screen(values, top, every=True),
        )

    return fit


def screen(values: Array, top: float, every: bool) -> Codes:
    """Give the reasons to abstain, of shape (series,).

    They are values that are not positive, and a last value (`every`: any) that is not below `top`.
    """
    reasons = np.zeros(len(values), dtype=np.int8)
    reached = values.max(axis=1) if every else values[:, -1]
    reasons[reached >= top] = Reason.ABOVE_CEILING
    reasons[values.min(axis=1) <= 0] = Reason.NOT_POSITIVE
    return reasons


fit = fit_line(
    lambda y, top: np.log(y / (top - y)), lambda line, top: top / (1.0 + np.exp(-line)), 1.0
)
MODEL = Model(
    name="logistic",
    title="Logistic curve",
    role="curve",
    order=120,
    intervals_of="holt",
    min_points=3,
    formula=(
        "y[t] = K / (1 + exp(-r (t - m))); log(y / (K - y)) fitted by OLS, K the geometric "
        "middle of the ceiling"
    ),
    assumes=(
        "growth in proportion to what is there and to what is left below the ceiling; "
        "symmetric about half of it"
    ),
    reference="Verhulst 1838; Meade & Islam 2006, DOI 10.1016/j.ijforecast.2006.01.005",
    parameters=(
        Parameter("ceiling", "level of saturation, stated", "unit of the series", 0.0),
        Parameter("rate", "growth rate while small", "share per period"),
        Parameter("midpoint", "when half of the ceiling is reached", "periods after the first"),
    ),
    positive=True,
    fit=fit,
)
