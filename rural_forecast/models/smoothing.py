"""Recursions and one-dimensional least squares that several models share.

Kernels here walk along time over rows of shape (series,), with elementwise operations alone: no matrix product and no
reduction whose order depends on the shape. So a series gives the same bits alone, in a batch and in any order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rural_forecast.models.base import Array

Objective = Callable[[Array], tuple[Array, Array]]
"""A squared error and its derivative at one value a series; both of shape (series,)."""

ALPHA_LOWER, ALPHA_UPPER = 0.0, 1.0
_STEPS = 18
_COLUMNS = 8192
"""About as many columns at once as a processor keeps near."""
_TIE, _NOISE = 1e-12, 1e-28
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


def ses_objective(rows: Array) -> Objective:
    """Squared one-step error of simple exponential smoothing from the first value, as a function of alpha.

    Parameters
    ----------
    rows : array of shape (time, series)
    """

    def objective(alpha: Array) -> tuple[Array, Array]:
        level = rows[0]
        error = slope = gradient = np.zeros(rows.shape[1])
        square = np.zeros(rows.shape[1])
        for row in rows[1:]:
            error = row - level
            square = square + error * error
            gradient = gradient - error * slope
            slope = slope + error - alpha * slope
            level = level + alpha * error
        return square, 2.0 * gradient

    return objective


def groups(starts: int, count: int) -> list[slice]:
    """Candidates that are tried side by side: few series leave room for many, with the same bits."""
    size = max(1, _COLUMNS // count)
    return [slice(k, min(k + size, starts)) for k in range(0, starts, size)]


def least_squares(make: Callable[[int], Objective], count: int, lower: float, upper: float, cells: int = 64) -> Array:
    """The value within bounds that makes a smooth squared error least, for each series.

    A grid finds the valley (on a tie the highest value, which leans on the newest data), then the root of the
    derivative is bracketed and refined by the method of Anderson and Bjorck (1973, DOI 10.1007/BF01951936): a root is
    exact to rounding where a comparison of squared errors is exact only to its square root.

    Parameters
    ----------
    make : gives the objective for all series repeated so many times, one copy after the other
    count : number of series

    Returns
    -------
    Array of shape (series,)
    """
    grid = np.linspace(upper, lower, cells + 1)
    squares = np.empty((len(grid), count))
    for part in groups(len(grid), count):
        times = part.stop - part.start
        squares[part] = make(times)(np.repeat(grid[part], count))[0].reshape(times, count)
    least = squares.min(axis=0)
    place = (squares <= least + (_TIE * least + _NOISE)).argmax(axis=0)
    objective = make(1)
    start = grid[place]
    _, slope = objective(start)
    falls = slope < 0  # the valley lies above
    other = grid[np.where(falls, np.maximum(place - 1, 0), np.minimum(place + 1, cells))]
    return _root(objective, start, slope, other)


def _root(objective: Objective, start: Array, slope: Array, other: Array) -> Array:
    """The zero of the derivative between two points; `start` where it keeps its sign, as at a bound."""
    a, fa = other, objective(other)[1]
    b, fb = start, slope
    crosses = fa * fb < 0
    for _ in range(_STEPS):
        gap = fb - fa
        c = np.where(gap != 0, b - fb * (b - a) / np.where(gap != 0, gap, 1.0), b)
        c = np.clip(c, np.minimum(a, b), np.maximum(a, b))
        _, fc = objective(c)
        same = fc * fb > 0
        ratio = 1.0 - fc / np.where(fb != 0, fb, 1.0)
        a, fa = np.where(same, a, b), np.where(same, fa * np.where(ratio > 0, ratio, 0.5), fb)
        b, fb = c, fc
    return np.where(crosses, b, start)
