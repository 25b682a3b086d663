"""The shared part of the adapters to statsmodels: one series at a time, warnings as data, intervals never empty.

statsmodels resets the warning filters when it is imported, so an adapter imports it first and enters `catch_warnings`
after.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from statistics import NormalDist
from typing import Any, NamedTuple, TypeVar

import numpy as np

from rural_forecast.models.base import HUGE, Answer, Array, Reason

SHORT = 8  # points below which an information criterion chooses wrongly (a stationary mean for a growing market)
FLOOR = 0.005  # least standard deviation one period ahead, as a share of the forecast or of the mean level
DIGITS = 10  # significant digits of an optimiser's input: the last depend on the unit, and it would make 1e-5 of them
TROUBLE = (ValueError, IndexError, ArithmeticError, np.linalg.LinAlgError)  # of series that statsmodels cannot fit
Form = TypeVar("Form")


class Opinion(NamedTuple):
    """Forecast of one series: points of shape (horizon,), bounds of shape (level, horizon)."""

    points: Array
    lower: Array
    upper: Array
    message: str = ""


def quantiles(levels: Iterable[int]) -> Array:
    """Normal half widths of central intervals, shape (level, 1)."""
    return np.array([NormalDist().inv_cdf(0.5 + level / 200.0) for level in levels]).reshape(-1, 1)


def best_of(candidates: Iterable[Form], fit: Callable[[Form], Any]) -> tuple[Any, Form, str] | None:
    """The result of least AICc among those that converge, or of all where none does; None where every one fails."""
    best: tuple[Any, Form, str] | None = None
    least: tuple[bool, float] | None = None
    for form in candidates:
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = fit(form)
                failed, criterion = not result.mle_retvals.get("converged", True), float(result.aicc)
        except TROUBLE:
            continue
        if least is None or (failed, criterion) < least:
            remarks = ["the fit did not converge"] * failed
            remarks += dict.fromkeys(" ".join(str(warning.message).split()) for warning in caught)
            best, least = (result, form, "; ".join(remarks)), (failed, criterion)
    return best


def widen(opinion: Opinion, never_below: bool, levels: tuple[int, ...]) -> Opinion:
    """Keep the median inside, the width above the floor, and above zero what never fell below. Values are near one."""
    periods = np.sqrt(np.arange(1.0, len(opinion.points) + 1))
    size = np.abs(opinion.points)
    half = quantiles(levels) * FLOOR * periods * np.where(size > 0, np.minimum(size, 1.0), 1.0)
    lower, upper = np.minimum(opinion.lower, opinion.points - half), np.maximum(opinion.upper, opinion.points + half)
    if never_below:
        lower = np.maximum(lower, 0.0)
    note = opinion.message
    if np.any(opinion.upper - opinion.lower < 2.0 * half):
        note += "; it saw almost no error, so its interval is widened to a floor"
    return opinion._replace(lower=lower, upper=upper, message=note)


def each_series(
    values: Array, horizon: int, levels: tuple[int, ...], forecast: Callable[[Array], Opinion | None]
) -> Answer:
    """Forecast each series in units of its mean absolute value; None from `forecast` becomes `Reason.FAILED`."""
    count = len(values)
    points = np.full((count, horizon), np.nan)
    lower = np.full((count, len(levels), horizon), np.nan)
    upper = lower.copy()
    reasons = np.zeros(count, dtype=np.int8)
    messages: dict[str, None] = {}
    for i, row in enumerate(values):
        largest = float(np.abs(row).max()) or 1.0
        scale = largest * (float((np.abs(row) / largest).mean()) or 1.0)
        near_one = np.array([float(f"{value:.{DIGITS}g}") for value in (row / scale).tolist()])
        if near_one.max() == near_one.min():
            reasons[i] = Reason.CONSTANT
            continue
        opinion = forecast(near_one)
        if opinion is None:
            reasons[i] = Reason.FAILED
            continue
        opinion = widen(opinion, bool(row.min() >= 0), levels)
        points[i] = opinion.points * scale
        lower[i], upper[i] = (np.clip(side * scale, -HUGE, HUGE) for side in (opinion.lower, opinion.upper))
        if opinion.message:
            messages[opinion.message] = None
    return Answer(points, reasons, lower, upper, "; ".join(messages))
