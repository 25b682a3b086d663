"""Dynamic optimised theta: a theta line of fitted weight on a trend that is learned period by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.models.base import Array, Fit, Model, Parameter
from rural_forecast.models.smoothing import binary_scale, by_time, posterior_mean, ses_levels, squared_changes

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHA_LOWER, ALPHA_UPPER = 0.1, 0.99
WEIGHT_UPPER = 1.0 - 1e-10
_DRAWN = 0.03
"""Share of the squared changes by which the weight is drawn to 1, a line that goes on in full."""
_NOISE = 1e-26
"""Squares of pulls that are no more than rounding, for values near one."""
_CELLS = 60_000
"""About as many numbers at once as a processor keeps near."""


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


class Profile(NamedTuple):
    """One-step errors as functions of alpha alone, the weight at its best.

    Given alpha they are r[t] - w c[t]: linear in the weight w = 1 - 1 / theta, which is so a closed form, cut to its
    bounds.
    """

    rows: Array
    """Shape (time, series)."""
    at: Array
    """Where the lines through the first 1..n-1 values start, less the first value; shape (time - 1, series)."""
    rise: Array
    """Their slopes."""

    size: Array
    """Sum of the squared changes, shape (series,)."""

    @property
    def width(self) -> int:
        """As in `smoothing.Problem`."""
        return max(1, _CELLS // (33 * len(self.rows)))

    def take(self, chosen: slice | NDArray[np.intp]) -> Profile:
        """As in `smoothing.Problem`."""
        return Profile(self.rows[:, chosen], self.at[:, chosen], self.rise[:, chosen], self.size[chosen])

    def squares(self, at: Array) -> Array:
        """As in `smoothing.Problem`."""
        power, sums = _powers(at, len(self.at))
        pull = power * self.at[:, None, :]
        step = sums * self.rise[:, None, :]
        pull += step
        errors = np.empty_like(pull)
        level = np.zeros(pull.shape[1:]) + self.rows[0]
        for row, error in zip(self.rows[1:], errors, strict=True):
            np.subtract(row, level, out=error)
            np.multiply(at, error, out=step[0])
            level += step[0]
        np.multiply(errors, pull, out=step)
        across = step.sum(axis=0)
        np.multiply(pull, pull, out=step)
        pull *= _weight(across, step.sum(axis=0), self.size)
        errors -= pull
        np.multiply(errors, errors, out=errors)
        result: Array = errors.sum(axis=0)
        return result

    def weight(self, at: Array) -> Array:
        """The best weight for one alpha a series, shape (series,)."""
        power, sums = _powers(at, len(self.at))
        pull = power * self.at + sums * self.rise
        levels = ses_levels(self.rows, at)
        return _weight(_running((self.rows[1:] - levels[:-1]) * pull), _running(pull * pull), self.size)


def profile(rows: Array, trend: Trend) -> Profile:
    """The problem of fitting rows of shape (time, series) with their running lines."""
    return Profile(rows, trend.at[:-1] - rows[0], trend.slope[:-1], squared_changes(rows))


def _powers(at: Array, count: int) -> tuple[Array, Array]:
    """(1 - alpha)^k and 1 + ... + (1 - alpha)^k for k = 1..count along a new first axis."""
    power = np.multiply.accumulate(np.broadcast_to(1.0 - at, (count, *at.shape)), axis=0)
    sums = np.add.accumulate(np.concatenate([np.ones((1, *at.shape)), power]), axis=0)[1:]
    return power, sums


def _running(terms: Array) -> Array:
    """Sum over the first axis in its order, whatever the shape (a plain sum changes its order for one series)."""
    result: Array = np.add.accumulate(terms, axis=0)[-1]
    return result


def _weight(across: Array, along: Array, size: Array) -> Array:
    """The best weight, drawn to 1 where the pulls are small next to the changes, and so show little of it."""
    drawn = _DRAWN * size + _NOISE
    return np.clip((across + drawn) / (along + drawn), 0.0, WEIGHT_UPPER)


def _last_level(rows: Array, alpha: Array, start: Array) -> Array:
    level = start
    for row in rows:
        level = level + alpha * (row - level)
    return level


def path_given(values: Array, alpha: Array, weight: Array, start: Array, horizon: int) -> Array:
    """Points for stated alpha, weight 1 - 1 / theta and level before the first value, each of shape (series,)."""
    rows = by_time(values)
    whole = running_trend(rows)
    line = (whole.at[-1], whole.slope[-1], whole.mean[-1])
    return _path(_last_level(rows, alpha, start), line, len(rows), alpha, weight, horizon)


def _path(
    level: Array, line: tuple[Array, Array, Array], length: int, alpha: Array, weight: Array, horizon: int
) -> Array:
    """Carry the last level and line on: each forecast is taken for a value, and the line learns from it."""
    rest = 1.0 - alpha
    power, sums = (terms[-1] for terms in _powers(alpha, length))
    points = np.empty((len(alpha), horizon))
    for h in range(horizon):
        point = level + weight * (power * line[0] + sums * line[1])
        points[:, h] = point
        level = level + alpha * (point - level)
        line = _extend(line, point, length + h + 1)
        power = power * rest
        sums = sums + power
    return points


def _fitted(rows: Array, trend: Trend, alpha: Array, weight: Array) -> tuple[Array, Array]:
    """One-step forecasts of shape (series, time), and the level after the last value."""
    power, sums = _powers(alpha, len(rows) - 1)
    steps = weight * (power * trend.at[:-1] + sums * trend.slope[:-1])
    level = rows[0] * (1.0 - weight)
    fitted = np.full(rows.shape, np.nan)
    for t, row in enumerate(rows[:-1]):
        level = level + alpha * (row - level)
        fitted[t + 1] = level
    fitted[1:] += steps
    return fitted.T, level + alpha * (rows[-1] - level)


def fit(values: Array) -> Fit:
    """Take alpha as its posterior mean, and theta as the best by squared one-step error for that alpha.

    The level starts at y[1] / theta, so that the first line passes through the first value. The authors fit it too;
    on yearly series of 5 to 12 points of the M4 training part that third parameter made forecasts worse (at 5 points
    sMAPE 16.8 against 16.0, at 12 points 14.7 against 14.3).

    >>> fit(np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])).path(2).round(6).tolist()
    [[6.0, 7.0]]
    """
    scale = binary_scale(values)
    rows = by_time(values / scale[:, None])
    trend = running_trend(rows)
    problem = profile(rows, trend)
    alpha = posterior_mean(problem, rows, ALPHA_LOWER, ALPHA_UPPER)
    weight = problem.weight(alpha)
    fitted, level = _fitted(rows, trend, alpha, weight)
    line = (trend.at[-1], trend.slope[-1], trend.mean[-1])
    return Fit(
        lambda horizon: _path(level, line, len(rows), alpha, weight, horizon) * scale[:, None],
        fitted * scale[:, None],
        {"alpha": alpha, "theta": 1.0 / (1.0 - weight), "start": values[:, 0] * (1.0 - weight)},
    )


MODEL = Model(
    name="dot",
    title="Dynamic optimised theta",
    role="member",
    order=90,
    heir="theta",
    min_points=4,
    formula="y[t+1] = l[t] + (1 - 1/theta) ((1-alpha)^t A[t] + (1 - (1-alpha)^(t+1)) / alpha B[t]), "
    "l[t] = alpha y[t] + (1-alpha) l[t-1], A[t] + B[t] s the OLS line of the first t values, l[0] = y[1] / theta; "
    "alpha its posterior mean",
    assumes="a level that wanders about a trend that is itself learned on the way",
    reference="Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler 2016, DOI 10.1016/j.ijforecast.2016.02.005",
    parameters=(
        Parameter("alpha", "weight of the newest value in the level", "", ALPHA_LOWER, ALPHA_UPPER),
        Parameter("theta", "curvature of the theta line; 1 is exponential smoothing", "", 1.0, 1e11),
        Parameter("start", "level before the first value", "unit of the series"),
    ),
    fit=fit,
)
