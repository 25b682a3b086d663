"""Recursions and fits that several models share.

Kernels walk along time over rows of shape (series,), with elementwise operations alone: no matrix
product and no reduction whose order depends on the shape. So a series gives the same bits alone, in
a batch and in any order. The state of Holt starts at the first value and the mean change: fitting
the start too made forecasts worse on yearly series of 4 to 12 points of the M4 training part (8
points: sMAPE 15.8 against 15.1).
"""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np

from rural_forecast.models.base import Array, Fit, Integers, Parameter
from rural_forecast.models.drift import mean_change

RIDGE = 0.02
"""Share of the squared changes added to every squared error: a perfect fit is not certain."""
CELLS = 33
"""Weights that are tried for each series."""
_COLUMNS = 8192
"""Columns at once that fit a processor's cache."""
# Squared errors closer than this are equal: relative, and absolute for values near one.
TIE = 1e-12
NOISE = 1e-28

ALPHA = (0.0, 1.0)
BETA = (0.0, 1.0)
HOLT = (
    Parameter("alpha", "weight of the newest value in the level", "", *ALPHA),
    Parameter("beta", "share of a change of the level that enters the trend", "", *BETA),
    Parameter("level", "level at the last period", "unit of the series"),
    Parameter("trend", "trend at the last period", "unit of the series per period"),
)
_GRID = (16, 16, 4)
"""Cells of the first grid along alpha, beta and phi."""
# The squared error has several valleys, many of them along an edge.
_STARTS = 4
"""Lowest points of the grid that are refined."""
_ROUNDS = 40
"""The most steps of a refinement."""
_SETTLED = 2.0**-20
"""A step this short, in cells of the grid, ends the refinement."""


def by_time(values: Array) -> Array:
    """Copy values to shape (time, series): each period is one contiguous row."""
    return np.array(values.T, order="C", copy=True)


def total(rows: Array) -> Array:
    """Sum over the first axis in its order."""
    result = np.zeros(rows.shape[1:])
    for row in rows:
        result = result + row
    return result


def binary_scale(values: Array) -> Array:
    """Find a power of two near the largest absolute value of each series; shape (series,).

    Dividing by it is exact.
    """
    largest = np.abs(values).max(axis=1)
    _, exponent = np.frexp(np.where(largest > 0, largest, 1.0))
    return np.asarray(np.ldexp(1.0, exponent - 1), dtype=np.float64)


def ses_levels(rows: Array, alpha: Array) -> Array:
    """Compute the levels of simple exponential smoothing, shape (time, series).

    They start at the first value; `alpha` has one weight a series.
    """
    levels = np.empty_like(rows)
    levels[0] = rows[0]
    for t in range(1, len(rows)):
        levels[t] = levels[t - 1] + alpha * (rows[t] - levels[t - 1])
    return levels


def ses_squares(rows: Array, alpha: Array) -> Array:
    """Compute the squared one-step error of simple exponential smoothing, shape (cell, series).

    `alpha` has shape (cell, 1).
    """
    square: Array = np.zeros(np.broadcast_shapes(alpha.shape, rows.shape[1:]))
    level = square + rows[0]
    error = np.empty_like(level)
    for row in rows[1:]:
        np.subtract(row, level, out=error)
        level += alpha * error
        np.multiply(error, error, out=error)
        square += error
    return square


def posterior_mean(
    squares: Callable[[slice, Array], Array],
    rows: Array,
    lower: float,
    upper: float,
    width: int = _COLUMNS // CELLS,
) -> Array:
    """Compute the posterior mean of a smoothing weight within bounds, for each series.

    `squares` gives the squared errors of a part of the series at a column of weights; `rows` has
    shape (time, series), of which `width` series are done at once.
    """
    # The likelihood is S^(-m/2) for a squared error S of m errors. The prior rises with the square
    # of the weight, so that a short climb leans on the newest value. Unlike the mode, the mean
    # never jumps as a value changes a little.
    grid = np.linspace(upper, lower, CELLS)[:, None]
    count = rows.shape[1]
    weights = np.empty(count)
    floor = RIDGE * squared_changes(rows) + NOISE
    for first in range(0, count, width):
        part = slice(first, min(first + width, count))
        square = squares(part, grid) + floor[part]
        shares = grid * grid * np.exp(-0.5 * (len(rows) - 1) * np.log(square / square.min(axis=0)))
        shares[[0, -1]] *= 0.5  # the trapezoidal rule
        weights[part] = total(shares * grid) / total(shares)
    return weights


def squared_changes(rows: Array) -> Array:
    """Sum the squared changes of rows of shape (time, series); shape (series,)."""
    return total(np.square(rows[1:] - rows[:-1]))


def extend(level: Array, trend: Array, phi: Array, horizon: int) -> Array:
    """Compute points of shape (series, horizon).

    Each is the level plus the trend, which is damped by phi from the first step.
    """
    points = np.empty((len(level), horizon))
    for h in range(horizon):
        trend = trend * phi
        level = level + trend
        points[:, h] = level
    return points


def walk(
    rows: Array, alpha: Array, beta: Array, phi: Array, level: Array, trend: Array
) -> tuple[Array, Array, Array]:
    """Run Holt's recursion over rows of shape (time, series).

    Returns the squared error, the last level and the last trend.
    """
    square = np.zeros(alpha.shape)
    gain = alpha * beta
    for row in rows:
        damped = phi * trend
        mean = level + damped
        error = row - mean
        square = square + error * error
        level = mean + alpha * error
        trend = damped + gain * error
    return square, level, trend


def fit_trend(values: Array, bounds: Sequence[tuple[float, float]]) -> Fit:
    """Fit Holt's parameters by least squared one-step error.

    `bounds` are those of alpha and beta; a third entry is that of phi, which else is 1.
    """
    alpha, beta, *damping = fit_parameters(values, bounds)
    parameters = {"alpha": alpha, "beta": beta}
    phi = np.ones(len(values))
    if damping:
        (phi,) = damping
        parameters["phi"] = phi
    rows = by_time(values[:, 1:])
    _, level, trend = walk(rows, alpha, beta, phi, values[:, 0], mean_change(values))
    parameters |= {"level": level, "trend": trend}
    return Fit(lambda horizon: extend(level, trend, phi, horizon), parameters)


def fit_parameters(values: Array, bounds: Sequence[tuple[float, float]]) -> list[Array]:
    """Find the parameters of least squared one-step error, each of shape (series,).

    A grid within `bounds` finds the lowest points. Around each of them steps move downhill, and
    halve where the centre is lowest.
    """
    scale = binary_scale(values)
    rows = by_time(values / scale[:, None])
    trend = mean_change(values) / scale
    cells = np.array(_GRID[: len(bounds)])
    low, high = np.array(bounds).T

    axes = [np.linspace(*ends, count + 1) for ends, count in zip(bounds, cells, strict=True)]
    grid = np.array(list(product(*axes)))
    points = np.repeat(grid[:, :, None], len(values), axis=2)
    series = np.arange(len(values))
    lowest = _lowest(_squares(rows, trend, points), _STARTS)

    # The starts of a series are refined side by side, as if each were a series of its own.
    starts = np.concatenate([points[index, :, series].T for index in lowest], axis=1)
    wide_rows = np.tile(rows, _STARTS)
    wide_trend = np.tile(trend, _STARTS)
    ends = _refined(wide_rows, wide_trend, starts, (high - low) / cells, low, high)
    refined = np.stack(np.split(ends, _STARTS, axis=1))
    (best,) = _lowest(_squares(rows, trend, refined), 1)
    return [*refined[best, :, series].T]


def _refined(
    rows: Array, trend: Array, centre: Array, cell: Array, low: Array, high: Array
) -> Array:
    """Move downhill from `centre` of shape (parameter, series), first by half a cell."""
    # The centre comes first: of equals it is chosen, and the step is halved.
    pattern = np.array(sorted(product((0.0, -1.0, 1.0), repeat=len(cell)), key=np.count_nonzero))
    step = np.full(centre.shape[1], 0.5)
    for _ in range(_ROUNDS):
        moves = pattern[:, :, None] * cell[None, :, None] * step
        around = np.clip(centre + moves, low[None, :, None], high[None, :, None])
        (best,) = _lowest(_squares(rows, trend, around), 1)
        centre = around[best, :, np.arange(len(step))].T
        step = np.where(best == 0, 0.5 * step, step)
        if (step < _SETTLED).all():
            break
    return centre


def _squares(rows: Array, trend: Array, points: Array) -> Array:
    """Squared errors of shape (point, series) at points of shape (point, parameter, series)."""
    # Few series leave room for many points at once, with the same bits.
    squares = []
    size = max(1, _COLUMNS // rows.shape[1])
    for start in range(0, len(points), size):
        alpha, beta, *damping = np.moveaxis(points[start : start + size], 1, 0)
        phi = damping[0] if damping else np.ones_like(alpha)
        square, _, _ = walk(rows[1:], alpha, beta, phi, rows[0], trend)
        squares.append(square)
    return np.concatenate(squares)


def _lowest(square: Array, keep: int) -> list[Integers]:
    """Indices of the lowest along the first axis, from the lowest on.

    Of equals, up to rounding, the first is taken.
    """
    left = square.copy()
    indices = []
    for _ in range(keep):
        least = left.min(axis=0)
        index = (left <= least + (TIE * least + NOISE)).argmax(axis=0)
        np.put_along_axis(left, index[None], np.inf, axis=0)
        indices.append(index)
    return indices
