"""The recursion behind Holt and damped Holt, its derivatives, and its fit.

    m[t] = l[t-1] + phi b[t-1]        the forecast made before period t
    e[t] = y[t] - m[t]
    l[t] = m[t] + alpha e[t]
    b[t] = phi b[t-1] + alpha beta e[t]

beta is the share of a level change that passes into the trend (beta* in Hyndman et al. 2008; alpha beta is what an ETS
state space calls beta). The state starts at the first value: l[1] = y[1], b[1] = (y[n] - y[1]) / (n - 1). Fitting the
start too made forecasts worse on yearly series of 4 to 12 points of the M4 training part (damped, 8 points: sMAPE 15.8
against 15.1), as did the first change alone (15.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from rural_forecast.models.base import Array
from rural_forecast.models.box_newton import Bounds, Derivatives, descend
from rural_forecast.models.drift import mean_change
from rural_forecast.models.smoothing import NOISE, TIE, binary_scale, by_time, groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHA = (0.0, 1.0)
BETA = (0.0, 1.0)
_ALPHAS = ((0.01, 0.06, 0.16), (0.3, 0.45, 0.6), (0.75, 0.88, 0.99))
_BETAS = ((0.02, 0.15, 0.4), (0.65, 0.95))
_BETAS_ALONE = ((0.01, 0.1, 0.25), (0.4, 0.55, 0.7), (0.85, 0.95, 0.99))
"""Where phi is given there is time for more of them."""


def walk(
    values: Array, alpha: Array, beta: Array, phi: Array, level: Array, trend: Array
) -> tuple[Array, Array, Array]:
    """Run the recursion over all of `values` (series, time) from a state before the first of them.

    Returns
    -------
    One-step forecasts of shape (series, time), then level and trend after the last period, each of shape (series,)
    """
    fitted = np.empty(values.shape)
    for t, row in enumerate(by_time(values)):
        damped = phi * trend
        mean = level + damped
        error = row - mean
        level, trend = mean + alpha * error, damped + alpha * beta * error
        fitted[:, t] = mean
    return fitted, level, trend


def extend(level: Array, trend: Array, phi: Array, horizon: int) -> Array:
    """Points of shape (series, horizon): the level plus the trend, damped by phi from the first step."""
    points = np.empty((len(level), horizon))
    change = trend
    for h in range(horizon):
        change = change * phi
        level = level + change
        points[:, h] = level
    return points


def squared_error(rows: Array, alpha: Array, beta: Array, phi: Array, trend: Array) -> Array:
    """Squared one-step error from the second period on; rows of shape (time, series), the rest (series,)."""
    level = rows[0]
    square = np.zeros(rows.shape[1])
    gain = alpha * beta
    for row in rows[1:]:
        damped = phi * trend
        mean = level + damped
        error = row - mean
        square = square + error * error
        level, trend = mean + alpha * error, damped + gain * error
    return square


def derivatives(rows: Array, start: Array, point: Sequence[Array], phi: Array | None) -> Derivatives:
    """The squared error at alpha, beta and (where `phi` is not given) phi, with first and second derivatives."""
    alpha, beta = point[0], point[1]
    fade = point[2] if phi is None else phi
    size = len(point)
    zero = np.zeros_like(alpha)
    pairs = [(i, j) for i in range(size) for j in range(i + 1)]
    gain, gains = alpha * beta, (beta, alpha)  # and its derivatives; phi does not enter
    lag = alpha - 1.0
    level, trend = rows[0], start
    level_1, trend_1 = [zero] * size, [zero] * size
    level_2, trend_2 = dict.fromkeys(pairs, zero), dict.fromkeys(pairs, zero)
    square, gradient, hessian = zero, [zero] * size, dict.fromkeys(pairs, zero)
    for row in rows[1:]:
        damped = fade * trend
        damped_1 = [fade * b for b in trend_1]
        if phi is None:
            damped_1[2] = damped_1[2] + trend
        error = row - level - damped
        error_1 = [-(a + b) for a, b in zip(level_1, damped_1, strict=True)]
        square = square + error * error
        gradient = [g + error * e for g, e in zip(gradient, error_1, strict=True)]
        for i, j in pairs:
            damped_2 = fade * trend_2[i, j]
            if i == 2:
                damped_2 = damped_2 + (2.0 * trend_1[2] if j == 2 else trend_1[j])
            error_2 = -(level_2[i, j] + damped_2)
            hessian[i, j] = hessian[i, j] + error_1[i] * error_1[j] + error * error_2
            damped_2 = damped_2 + gain * error_2
            for a, b in ((i, j), (j, i)):
                if a < 2:
                    damped_2 = damped_2 + gains[a] * error_1[b]
            trend_2[i, j] = damped_2 + error if (i, j) == (1, 0) else damped_2
            level_2[i, j] = lag * error_2
            if j == 0:
                level_2[i, j] = level_2[i, j] + (2.0 * error_1[0] if i == 0 else error_1[i])
        level_1 = [lag * e for e in error_1]
        level_1[0] = level_1[0] + error
        trend_1 = [d + gain * e for d, e in zip(damped_1, error_1, strict=True)]
        for i in (0, 1):
            trend_1[i] = trend_1[i] + gains[i] * error
        level, trend = level + damped + alpha * error, damped + gain * error
    return Derivatives(square, gradient, [[hessian[i, j] for j in range(i + 1)] for i in range(size)])


def fit_parameters(values: Array, fades: Sequence[float], bounds: Bounds) -> tuple[list[Array], Array]:
    """Least squared one-step error over alpha, beta and, where `bounds` has a third entry, phi.

    There are several valleys, many of them along an edge. So the lowest grid point of each region (bands of alpha,
    beta and `fades`) starts a short walk, the best few walk on, and the best of these walks down to rounding.

    Returns
    -------
    The parameters in the order of `bounds`, each of shape (series,), and the squared error
    """
    scale = binary_scale(values)
    rows = by_time(values / scale[:, None])
    trend = mean_change(values) / scale
    points = _lowest_by_region(rows, trend, fades)[: len(bounds)]
    given = fades[0] if len(bounds) == 2 else None
    for keep, steps, tolerance in ((3, 6, 1e-3), (1, 6, 1e-4), (1, 16, 1e-12)):
        points, square = _walk_all(rows, trend, points, bounds, given, steps, tolerance)
        order = _lowest(square, keep)
        points = [np.take_along_axis(axis, order, axis=0) for axis in points]
        square = np.take_along_axis(square, order, axis=0)
    return [axis[0] for axis in points], square[0] * scale * scale


def _lowest(square: Array, keep: int) -> NDArray[np.intp]:
    """Places of the lowest along the first axis, in rising order; of equals the first, whatever rounding says."""
    left = square.copy()
    order = np.empty((min(keep, len(square)), square.shape[1]), dtype=np.intp)
    for chosen in order:
        least = np.fmin.reduce(left, axis=0)
        chosen[:] = (left <= least + (TIE * least + NOISE)).argmax(axis=0)
        np.put_along_axis(left, chosen[None], np.inf, axis=0)
    return order


def _walk_all(
    rows: Array, trend: Array, points: list[Array], bounds: Bounds, given: float | None, steps: int, tolerance: float
) -> tuple[list[Array], Array]:
    """Walk downhill from points of shape (start, series) each; returns where they end and the squared error there."""
    starts, count = points[0].shape
    ends: list[list[Array]] = []
    for part in groups(starts, count):
        group = [axis[part].ravel() for axis in points]
        times = len(group[0]) // count
        phi = None if given is None else np.full(len(group[0]), given)
        evaluate = partial(derivatives, np.tile(rows, times), np.tile(trend, times), phi=phi)
        end, square = descend(evaluate, group, bounds, steps, tolerance)
        ends.append([axis.reshape(times, count) for axis in (*end, square)])
    *walked, squares = [np.concatenate(axis) for axis in zip(*ends, strict=True)]
    return walked, squares


def _lowest_by_region(rows: Array, trend: Array, fades: Sequence[float]) -> list[Array]:
    """The lowest grid point of each region: alpha, beta and phi, each of shape (region, series)."""
    count = rows.shape[1]
    chosen: list[Array] = []
    middle = len(fades) // 2
    fade_bands = (fades[:middle], fades[middle:]) if middle else (fades,)
    for band in product(_ALPHAS, _BETAS if middle else _BETAS_ALONE, fade_bands):
        grid = np.array(list(product(*band)))
        best, place = np.full(count, np.inf), np.zeros(count, dtype=np.intp)
        for part in groups(len(grid), count):
            alpha, beta, phi = np.repeat(grid[part].T, count, axis=1)
            times = len(grid[part])
            squares = squared_error(np.tile(rows, times), alpha, beta, phi, np.tile(trend, times)).reshape(times, count)
            first = squares.argmin(axis=0)
            lowest = np.take_along_axis(squares, first[None], axis=0)[0]
            place = np.where(lowest < best, first + part.start, place)
            best = np.minimum(best, lowest)
        chosen.append(grid[place])
    return list(np.stack(chosen).transpose(2, 0, 1))
