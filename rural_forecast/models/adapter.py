"""The shared part of models that answer series by series.

Warnings become data, and no interval is empty.
"""

import warnings
from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import Any, NamedTuple, TypeVar

import numpy as np

from rural_forecast.models.base import HUGE, Answer, Array, Reason
from rural_forecast.system.blas import one_blas_thread

# Below it an information criterion chooses wrongly: a stationary mean for a growing market.
SHORT = 8
"""Points from which orders and forms are chosen by an information criterion."""
FLOOR = 0.005
"""Least standard deviation one period ahead, as a share of the forecast or of the mean level."""
# The last digits depend on the unit, and an optimiser would make differences of 1e-5 of them.
DIGITS = 10
"""Significant digits of an optimiser's input."""
TROUBLE = (ValueError, IndexError, ArithmeticError, np.linalg.LinAlgError)
"""Errors of statsmodels for series that it cannot fit."""
Form = TypeVar("Form")


class Opinion(NamedTuple):
    """The forecast of one series, or the reason why there is none."""

    points: Array | float = np.nan  # shape (horizon,)
    lower: Array | float = np.nan  # shape (level, horizon)
    upper: Array | float = np.nan
    message: str = ""
    reason: Reason = Reason.ANSWERS


def quantiles(levels: Iterable[int]) -> Array:
    """Compute the normal half widths of central intervals, shape (level, 1)."""
    widths = [NormalDist().inv_cdf(0.5 + level / 200.0) for level in levels]
    return np.array(widths).reshape(-1, 1)


def best_of(candidates: Iterable[Form], fit: Callable[[Form], Any]) -> tuple[Any, Form, str] | None:
    """Fit candidates and choose the result of least AICc, with its form and what went wrong.

    Those that converge come first; None if every one fails.
    """
    best = None
    least = (True, np.inf)
    for form in candidates:
        try:
            # After the import of statsmodels, which resets the filters.
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = fit(form)
                failed = not result.mle_retvals.get("converged", True)
                criterion = float(result.aicc)
        except TROUBLE:
            continue
        if best is None or (failed, criterion) < least:
            remarks = ["the fit did not converge"] if failed else []
            remarks += dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught)
            best = (result, form, "; ".join(remarks))
            least = (failed, criterion)
    return best


def one_by_one(
    values: Array, horizon: int, levels: tuple[int, ...], forecast: Callable[[Array], Opinion]
) -> Answer:
    """Ask a model about each series of a block."""
    count = len(values)
    points = np.empty((count, horizon))
    reasons = np.empty(count, dtype=np.int8)
    lower = np.empty((count, len(levels), horizon))
    upper = np.empty((count, len(levels), horizon))
    messages = dict[str, None]()  # each once, in order
    for index, row in enumerate(values):
        opinion = forecast(row)
        points[index] = opinion.points
        lower[index] = opinion.lower
        upper[index] = opinion.upper
        reasons[index] = opinion.reason
        if opinion.message:
            messages[opinion.message] = None
    return Answer(points, reasons, lower, upper, "; ".join(messages))


def each_series(
    values: Array,
    horizon: int,
    levels: tuple[int, ...],
    forecast: Callable[[Array], Opinion | None],
) -> Answer:
    """Forecast each series in units of its mean absolute value; None becomes `Reason.FAILED`."""

    def scaled(row: Array) -> Opinion:
        largest = float(np.abs(row).max()) or 1.0
        scale = largest * (float((np.abs(row) / largest).mean()) or 1.0)
        near_one = np.array([float(f"{value:.{DIGITS}g}") for value in (row / scale).tolist()])
        if near_one.max() == near_one.min():
            return Opinion(reason=Reason.CONSTANT)
        opinion = forecast(near_one)
        if opinion is None:
            return Opinion(reason=Reason.FAILED)

        points = opinion.points
        message = opinion.message
        half = quantiles(levels) * FLOOR * np.sqrt(np.arange(1.0, horizon + 1))
        half = half * np.where(points != 0, np.minimum(np.abs(points), 1.0), 1.0)
        if np.any(opinion.upper - opinion.lower < 2.0 * half):
            message += "; it saw almost no error, so its interval is widened to a floor"
        lower = np.minimum(opinion.lower, points - half)
        upper = np.maximum(opinion.upper, points + half)
        if row.min() >= 0:
            lower = np.maximum(lower, 0.0)
        lower, upper = (np.clip(side * scale, -HUGE, HUGE) for side in (lower, upper))
        return Opinion(points * scale, lower, upper, message)

    with one_blas_thread():
        return one_by_one(values, horizon, levels, scaled)
