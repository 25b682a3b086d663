"""Recursions and the fit of one parameter that several models share.

Kernels here walk along time over rows of shape (series,), with elementwise operations alone: no matrix product and no
reduction whose order depends on the shape. So a series gives the same bits alone, in a batch and in any order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rural_forecast.models.base import Array

ALPHA_LOWER, ALPHA_UPPER = 0.0, 1.0
RIDGE = 0.02
"""Share of the squared changes that is added to every squared error, so that a perfect fit is not taken for certain."""
CELLS = 33
"""Weights that are tried for each series."""
_COLUMNS = 8192
"""Columns at once that fit a processor's cache."""
TIE, NOISE = 1e-12, 1e-28
"""Squared errors closer than this are equal: relative, and absolute for values near one."""


def by_time(values: Array) -> Array:
    """A copy of shape (time, series): each period one contiguous row."""
    return np.array(values.T, order="C", copy=True)


def total(rows: Array) -> Array:
    """Sum over the first axis in its order."""
    result = np.zeros(rows.shape[1:])
    for row in rows:
        result = result + row
    return result


def binary_scale(values: Array) -> Array:
    """A power of two near the largest absolute value of each series; shape (series,).

    Dividing by it is exact, so that squares of tiny or huge units neither vanish nor overflow.
    """
    largest = np.abs(values).max(axis=1)
    _, exponent = np.frexp(np.where(largest > 0, largest, 1.0))
    return np.asarray(np.ldexp(1.0, exponent - 1), dtype=np.float64)


def ses_levels(rows: Array, alpha: Array) -> Array:
    """Levels of simple exponential smoothing that starts at the first value.

    Parameters
    ----------
    rows : array of shape (time, series)
    alpha : array of shape (series,)

    Returns
    -------
    Array of shape (time, series); row t is the one-step forecast made after period t.
    """
    levels = np.empty_like(rows)
    levels[0] = rows[0]
    for t in range(1, len(rows)):
        levels[t] = levels[t - 1] + alpha * (rows[t] - levels[t - 1])
    return levels


def ses_squares(rows: Array, alpha: Array) -> Array:
    """Squared one-step error of simple exponential smoothing from the first value.

    Parameters
    ----------
    rows : shape (time, series)
    alpha : shape (cell, 1)

    Returns
    -------
    Array of shape (cell, series)
    """
    square: Array = np.zeros(np.broadcast_shapes(alpha.shape, rows.shape[1:]))
    level = square + rows[0]
    error = np.empty_like(level)
    for row in rows[1:]:
        np.subtract(row, level, out=error)
        step = alpha * error
        level += step
        np.multiply(error, error, out=error)
        square += error
    return square


def groups(starts: int, count: int) -> list[slice]:
    """Candidates that are tried at once: few series leave room for many, with the same bits."""
    size = max(1, _COLUMNS // count)
    return [slice(k, min(k + size, starts)) for k in range(0, starts, size)]


def posterior_mean(
    squares: Callable[[slice, Array], Array], rows: Array, lower: float, upper: float, width: int = _COLUMNS // CELLS
) -> Array:
    """The posterior mean of a smoothing weight within bounds, for each series; shape (series,).

    The likelihood is that of normal errors of unknown variance, S^(-m/2) for a squared error S of m errors; the prior
    rises with the square of the weight, so that the few points of a short climb lean on the newest value. Unlike the
    value of least squared error the mean never jumps from one valley to another when a value changes a little.

    Parameters
    ----------
    squares : squared errors of the series of a slice, shape (cell, series), at weights of shape (cell, 1)
    rows : the series, shape (time, series)
    width : how many series are tried at once
    """
    grid = np.linspace(upper, lower, CELLS)[:, None]
    count = rows.shape[1]
    weights = np.empty(count)
    floor = RIDGE * squared_changes(rows) + NOISE
    for first in range(0, count, width):
        part = slice(first, min(first + width, count))
        square = squares(part, grid) + floor[part]
        shares = grid * grid * np.exp(-0.5 * (len(rows) - 1) * np.log(square / square.min(axis=0)))
        shares[[0, -1]] *= 0.5
        weights[part] = total(shares * grid) / total(shares)
    return weights


def squared_changes(rows: Array) -> Array:
    """Sum of the squared changes of rows of shape (time, series); shape (series,)."""
    return total(np.square(rows[1:] - rows[:-1]))
