"""Dynamic optimised theta: a theta line of fitted weight on a trend that is learned period by period."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Fit, Model, Parameter
from rural_forecast.models.smoothing import Objective, binary_scale, by_time, least_squares

ALPHA_LOWER, ALPHA_UPPER = 0.1, 0.99
WEIGHT_UPPER = 1.0 - 1e-10


class Trend(NamedTuple):
    """The least-squares line through the first t values, for t = 1..n: `at` it starts, `slope` it rises by a period."""

    at: Array
    slope: Array
    mean: Array


def _extend(trend: tuple[Array, Array, Array], value: Array, t: int) -> tuple[Array, Array, Array]:
    """The line through t values from the one through t - 1, without a look back."""
    _, slope, mean = trend
    slope = ((t - 2) * slope + 6.0 / t * (value - mean)) / (t + 1)
    mean = ((t - 1) * mean + value) / t
    return mean - (t + 1) / 2.0 * slope, slope, mean


def running_trend(rows: Array) -> Trend:
    """Lines through the first 1..n of rows of shape (time, series); each field of that shape."""
    lines = [(rows[0], np.zeros(rows.shape[1]), rows[0])]
    for t in range(2, len(rows) + 1):
        lines.append(_extend(lines[-1], rows[t - 1], t))
    return Trend(*(np.stack(part) for part in zip(*lines, strict=True)))


def _profile(rows: Array, trend: Trend, alpha: Array) -> tuple[Array, Array, Array]:
    """Best weight for a given alpha, with the squared error and its derivative with respect to alpha.

    Given alpha the one-step errors are r[t] - w c[t]: linear in the weight w = 1 - 1 / theta, which is so a closed
    form, cut to its bounds. At the best w the derivative of the whole is the partial one (envelope theorem).
    """
    rest = 1.0 - alpha
    level, level_slope = rows[0], np.zeros_like(alpha)
    power, power_slope = rest, -np.ones_like(alpha)  # (1 - alpha)^(t - 1)
    sums, sums_slope = 1.0 + rest, -np.ones_like(alpha)  # 1 + ... + (1 - alpha)^(t - 1)
    terms = []
    for t in range(1, len(rows)):
        error, error_slope = rows[t] - level, -level_slope
        pull = power * (trend.at[t - 1] - rows[0]) + sums * trend.slope[t - 1]
        pull_slope = power_slope * (trend.at[t - 1] - rows[0]) + sums_slope * trend.slope[t - 1]
        terms.append((error, error_slope, pull, pull_slope))
        level_slope = level_slope + error - alpha * level_slope
        level = level + alpha * error
        power, power_slope = power * rest, power_slope * rest - power
        sums, sums_slope = sums + power, sums_slope + power_slope
    across = along = np.zeros_like(alpha)
    for error, _, pull, _ in terms:
        across, along = across + error * pull, along + pull * pull
    weight = np.clip(np.where(along > 0, across / np.where(along > 0, along, 1.0), 0.0), 0.0, WEIGHT_UPPER)
    square = slope = np.zeros_like(alpha)
    for error, error_slope, pull, pull_slope in terms:
        left = error - weight * pull
        square, slope = square + left * left, slope + left * (error_slope - weight * pull_slope)
    return weight, square, 2.0 * slope


def _last_level(rows: Array, alpha: Array, start: Array) -> Array:
    level = start
    for row in rows:
        level = level + alpha * (row - level)
    return level


def path_given(values: Array, alpha: Array, weight: Array, start: Array, horizon: int) -> Array:
    """Points for stated alpha, weight 1 - 1 / theta and level before the first value, each of shape (series,)."""
    rows = by_time(values)
    length = len(rows)
    whole = running_trend(rows)
    line = (whole.at[-1], whole.slope[-1], whole.mean[-1])
    level = _last_level(rows, alpha, start)
    power = np.ones_like(alpha)
    sums = np.ones_like(alpha)
    for _ in range(length):
        power = power * (1.0 - alpha)
        sums = sums + power
    points = np.empty((len(values), horizon))
    for h in range(horizon):
        point = level + weight * (power * line[0] + sums * line[1])
        points[:, h] = point
        level = level + alpha * (point - level)
        line = _extend(line, point, length + h + 1)
        power = power * (1.0 - alpha)
        sums = sums + power
    return points


def fitted_given(values: Array, alpha: Array, weight: Array) -> Array:
    """One-step forecasts of shape (series, time) for stated alpha and weight; NaN for the first period."""
    rows = by_time(values)
    trend = running_trend(rows)
    level = rows[0] * (1.0 - weight)
    power, sums = np.ones_like(alpha), np.ones_like(alpha)
    fitted = np.full(values.shape, np.nan)
    for t in range(1, len(rows)):
        level = level + alpha * (rows[t - 1] - level)
        power = power * (1.0 - alpha)
        sums = sums + power
        fitted[:, t] = level + weight * (power * trend.at[t - 1] + sums * trend.slope[t - 1])
    return fitted


def fit(values: Array, ceiling: Ceiling | None = None) -> Fit:  # noqa: ARG001
    """Fit alpha and theta by least squared one-step error.

    The level starts at y[1] / theta, so that the first line passes through the first value. The authors fit it too;
    on yearly series of 5 to 12 points of the M4 training part that third parameter made forecasts worse (at 5 points
    sMAPE 16.8 against 16.0, at 12 points 14.7 against 14.3).

    >>> fit(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])).path(2).round(6).tolist()
    [[6.0, 7.0]]
    """
    scale = binary_scale(values)
    rows = by_time(values / scale[:, None])
    trend = running_trend(rows)

    def make(times: int) -> Objective:
        block, lines = np.tile(rows, times), Trend(*(np.tile(part, times) for part in trend))
        return lambda alpha: _profile(block, lines, alpha)[1:]

    alpha = least_squares(make, len(values), ALPHA_LOWER, ALPHA_UPPER)
    weight = _profile(rows, trend, alpha)[0]
    start = values[:, 0] * (1.0 - weight)
    return Fit(
        lambda horizon: path_given(values, alpha, weight, start, horizon),
        fitted_given(values, alpha, weight),
        {"alpha": alpha, "theta": 1.0 / (1.0 - weight), "start": start},
    )


MODEL = Model(
    name="dot",
    title="Dynamic optimised theta",
    role="member",
    min_points=4,
    formula="y[t+1] = l[t] + (1 - 1/theta) ((1-alpha)^t A[t] + (1 - (1-alpha)^(t+1)) / alpha B[t]), "
    "l[t] = alpha y[t] + (1-alpha) l[t-1], A[t] + B[t] s the OLS line of the first t values, l[0] = y[1] / theta",
    assumes="a level that wanders about a trend that is itself learned on the way",
    reference="Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, DOI 10.1016/j.ijforecast.2016.03.005",
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", ALPHA_LOWER, ALPHA_UPPER),
        Parameter("theta", "curvature of the theta line; 1 is exponential smoothing", "", 1.0, 1e11),
        Parameter("start", "level before the first value", "unit of the series"),
    ),
    fit=fit,
)
