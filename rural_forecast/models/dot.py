"""Dynamic optimised theta: a theta line of fitted weight, on a trend learned period by period."""

from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.smoothing import (
    CELLS,
    binary_scale,
    by_time,
    posterior_mean,
    ses_levels,
    squared_changes,
)

ALPHA = (0.1, 0.99)
WEIGHT_UPPER = 1.0 - 1e-10
_SHRINKAGE = 0.03
"""Share of the squared changes by which the weight is shrunk towards 1, a line that goes on."""
_NOISE = 1e-26
"""Squares of pulls that are no more than rounding, for values near one."""
_NUMBERS = 60_000
"""Numbers at once that fit a processor's cache."""


class Trend(NamedTuple):
    """The least-squares line through the first t values, for t = 1..n."""

    start: Array  # the line one period before the first value
    slope: Array  # its rise by a period
    mean: Array  # of the t values


def _extend(trend: tuple[Array, Array, Array], value: Array, t: int) -> tuple[Array, Array, Array]:
    """Extend the line through t - 1 values by one value, without the earlier ones."""
    _, slope, mean = trend
    slope = ((t - 2) * slope + 6.0 / t * (value - mean)) / (t + 1)
    mean = ((t - 1) * mean + value) / t
    return mean - (t + 1) / 2.0 * slope, slope, mean


def running_trend(rows: Array) -> Trend:
    """Fit lines through the first 1..n rows; all fields have their shape, (time, series)."""
    lines = [(rows[0], np.zeros(rows.shape[1]), rows[0])]
    for t in range(2, len(rows) + 1):
        lines.append(_extend(lines[-1], rows[t - 1], t))
    return Trend(*(np.stack(part) for part in zip(*lines, strict=True)))


def squares(rows: Array, trend: Trend, alphas: Array) -> Array:
    """Compute squared one-step errors at alphas of shape (cell, 1); shape (cell, series).

    The weight is the best for each alpha.
    """
    # Given alpha the errors are r[t] - w c[t], linear in the weight w = 1 - 1 / theta: the best one
    # is a closed form. `step` is a buffer that is used again and again: this is the inner loop.
    power, sums = _powers(alphas, len(rows) - 1)
    pull = power * (trend.start[:-1] - rows[0])[:, None, :]
    step = sums * trend.slope[:-1, None, :]
    pull += step
    errors = np.empty_like(pull)
    level = np.zeros(pull.shape[1:]) + rows[0]
    for row, error in zip(rows[1:], errors, strict=True):
        np.subtract(row, level, out=error)
        np.multiply(alphas, error, out=step[0])
        level += step[0]
    np.multiply(errors, pull, out=step)
    across = step.sum(axis=0)
    np.multiply(pull, pull, out=step)
    pull *= _weight(across, step.sum(axis=0), rows)
    errors -= pull
    np.multiply(errors, errors, out=errors)
    return np.asarray(errors.sum(axis=0))


def _powers(alphas: Array, count: int) -> tuple[Array, Array]:
    """(1 - alpha)^k and 1 + ... + (1 - alpha)^k for k = 1..count along a new first axis."""
    shape = alphas.shape
    power = np.multiply.accumulate(np.broadcast_to(1.0 - alphas, (count, *shape)), axis=0)
    sums = np.add.accumulate(np.concatenate([np.ones((1, *shape)), power]), axis=0)[1:]
    return power, sums


def _weight(across: Array, along: Array, rows: Array) -> Array:
    """The best weight, shrunk towards 1.

    Pulls that are small next to the changes show little of it.
    """
    shrinkage = _SHRINKAGE * squared_changes(rows) + _NOISE
    return np.clip((across + shrinkage) / (along + shrinkage), 0.0, WEIGHT_UPPER)


def path_given(
    rows: Array, trend: Trend, alpha: Array, weight: Array, start: Array, horizon: int
) -> Array:
    """Compute points of shape (series, horizon); the line learns from each as from a value.

    `weight` is 1 - 1 / theta.
    """
    level = start
    line = (trend.start[-1], trend.slope[-1], trend.mean[-1])
    for row in rows:
        level = level + alpha * (row - level)
    power, sums = (terms[-1] for terms in _powers(alpha, len(rows)))
    points = np.empty((len(alpha), horizon))
    for h in range(horizon):
        point = level + weight * (power * line[0] + sums * line[1])
        points[:, h] = point
        level = level + alpha * (point - level)
        line = _extend(line, point, len(rows) + h + 1)
        power = power * (1.0 - alpha)
        sums = sums + power
    return points


def fit(values: Array) -> Fit:
    """Take alpha as its posterior mean, and theta as the best for that alpha.

    The best has the least squared one-step error.
    """
    # The authors fit the start too: that was worse on yearly series of 5 to 12 points of the M4
    # training part.
    scale = binary_scale(values)
    rows = by_time(values / scale[:, None])
    trend = running_trend(rows)

    def squares_of(part: slice, alphas: Array) -> Array:
        lines = Trend(*(line[:, part] for line in trend))
        return squares(rows[:, part], lines, alphas)

    width = max(1, _NUMBERS // (CELLS * len(rows)))
    alpha = posterior_mean(squares_of, rows, *ALPHA, width)
    power, sums = _powers(alpha, len(rows) - 1)
    pull = power * (trend.start[:-1] - rows[0]) + sums * trend.slope[:-1]
    errors = rows[1:] - ses_levels(rows, alpha)[:-1]
    # Sums in their order, whatever the shape: a plain one changes its order for one series.
    across = np.add.accumulate(errors * pull, axis=0)[-1]
    along = np.add.accumulate(pull * pull, axis=0)[-1]
    weight = _weight(across, along, rows)
    start = rows[0] * (1.0 - weight)
    return Fit(
        lambda horizon: path_given(rows, trend, alpha, weight, start, horizon) * scale[:, None],
        {"alpha": alpha, "theta": 1.0 / (1.0 - weight), "start": start * scale},
    )


MODEL = Model(
    name="dot",
    title="Dynamic optimised theta",
    role="member",
    order=90,
    reassigned_to="theta",
    min_points=4,
    formula=(
        "y[t+1] = l[t] + (1 - 1/theta) ((1-alpha)^t A[t] + (1 - (1-alpha)^(t+1)) / alpha "
        "B[t]), l[t] = alpha y[t] + (1-alpha) l[t-1], A[t] + B[t] s the OLS line of the first "
        "t values, l[0] = y[1] / theta; alpha its posterior mean"
    ),
    assumes="a level that wanders about a trend that is itself learned on the way",
    reference=(
        "Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, DOI "
        "10.1016/j.ijforecast.2016.02.005"
    ),
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", *ALPHA),
        Parameter(
            "theta", "curvature of the theta line; 1 is exponential smoothing", "", 1.0, 1e11
        ),
        Parameter("start", "level before the first value", "unit of the series"),
    ),
    fit=fit,
)
