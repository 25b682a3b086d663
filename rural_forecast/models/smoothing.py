"""Recursions and one-dimensional least squares that several models share.

Kernels here walk along time over rows of shape (series,), with elementwise operations alone: no matrix product and no
reduction whose order depends on the shape. So a series gives the same bits alone, in a batch and in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from rural_forecast.models.base import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHA_LOWER, ALPHA_UPPER = 0.0, 1.0
_STEPS = 18
_SETTLED = 1e-14
"""A step this short ends the search of a series: parameters are of order one."""
_COLUMNS = 8192
"""About as many columns at once as a processor keeps near."""
TIE, NOISE = 1e-12, 1e-28
"""Squared errors closer than this are equal: relative, and absolute for values near one."""
_LEVEL = 1e-13
"""A derivative this small, in units of the root of the squared error, is rounding: the grid point is stationary."""


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


def ses_errors(rows: Array, alpha: Array) -> tuple[Array, Array]:
    """One-step errors of simple exponential smoothing, and the derivative by alpha of the level each is measured from.

    Parameters as in `ses_levels`; both results of shape (time - 1, series).
    """
    rest = 1.0 - alpha
    level, step = rows[0].copy(), np.empty_like(alpha)
    errors, bends = np.empty_like(rows[1:]), np.zeros_like(rows)
    for row, error, bend, later in zip(rows[1:], errors, bends[:-1], bends[1:], strict=True):
        np.subtract(row, level, out=error)
        np.multiply(alpha, error, out=step)
        level += step
        np.multiply(bend, rest, out=later)
        later += error
    return errors, bends[:-1]


class Problem(Protocol):
    """Squared errors of many series as functions of one parameter each."""

    @property
    def width(self) -> int:
        """How many series are best tried on a grid at once."""

    def take(self, chosen: slice | NDArray[np.intp]) -> Problem:
        """The same for some of the series."""

    def squares(self, at: Array) -> Array:
        """Squared errors, shape (cell, series), at values of shape (cell, 1) with more than one cell."""

    def slope(self, at: Array) -> Array:
        """Half the derivative of the squared error at one value a series, shape (series,)."""


class Smoothing(NamedTuple):
    """One-step errors of simple exponential smoothing from the first value, as functions of alpha."""

    rows: Array
    """Shape (time, series)."""

    @property
    def width(self) -> int:
        """As in `Problem`."""
        return max(1, _COLUMNS // 65)

    def take(self, chosen: slice | NDArray[np.intp]) -> Smoothing:
        """As in `Problem`."""
        return Smoothing(self.rows[:, chosen])

    def squares(self, at: Array) -> Array:
        """As in `Problem`."""
        square: Array = np.zeros(np.broadcast_shapes(at.shape, self.rows.shape[1:]))
        level = square + self.rows[0]
        error = np.empty_like(level)
        for row in self.rows[1:]:
            np.subtract(row, level, out=error)
            step = at * error
            level += step
            np.multiply(error, error, out=error)
            square += error
        return square

    def slope(self, at: Array) -> Array:
        """As in `Problem`."""
        errors, bends = ses_errors(self.rows, at)
        errors *= bends
        gradient: Array = -np.add.accumulate(errors, axis=0)[-1]
        return gradient


def groups(starts: int, count: int) -> list[slice]:
    """Candidates that are tried side by side: few series leave room for many, with the same bits."""
    size = max(1, _COLUMNS // count)
    return [slice(k, min(k + size, starts)) for k in range(0, starts, size)]


def least_squares(problem: Problem, count: int, lower: float, upper: float, cells: int = 64) -> Array:
    """The value within bounds that makes a smooth squared error least, for each series.

    A grid finds the valley (on a tie the highest value, which leans on the newest data), then the root of the
    derivative is bracketed and refined by the method of Anderson and Bjorck (1973, DOI 10.1007/BF01951936): a root is
    exact to rounding where a comparison of squared errors is exact only to its square root.

    Parameters
    ----------
    count : number of series

    Returns
    -------
    Array of shape (series,)
    """
    grid = np.linspace(upper, lower, cells + 1)
    place, lowest = np.empty(count, dtype=np.intp), np.empty(count)
    for first in range(0, count, problem.width):
        part = slice(first, min(first + problem.width, count))
        squares = problem.take(part).squares(grid[:, None])
        least = squares.min(axis=0)
        lowest[part] = least
        place[part] = (squares <= least + (TIE * least + NOISE)).argmax(axis=0)
    start = grid[place]
    slope = problem.slope(start)
    falls = slope < 0  # the valley lies above
    other = grid[np.where(falls, np.maximum(place - 1, 0), np.minimum(place + 1, cells))]
    return _root(problem, start, slope, other, _LEVEL * np.sqrt(lowest))


def _root(problem: Problem, start: Array, slope: Array, other: Array, level: Array) -> Array:
    """The zero of the derivative between two points; `start` where its sign is kept, as at a bound, or is rounding.

    `level` is the derivative, of shape (series,), up to which it is rounding.

    Series whose search has settled are left out of what follows, whatever the others still do.
    """
    result = start.copy()
    a, fa, b, fb = other, problem.slope(other), start, slope
    active = np.flatnonzero((fa * fb < 0) & (np.abs(fb) > level))
    if len(active) < len(start):
        problem = problem.take(active)
        a, fa, b, fb = a[active], fa[active], b[active], fb[active]
    for _ in range(_STEPS):
        if not len(active):
            break
        gap = fb - fa
        c = np.where(gap != 0, b - fb * (b - a) / np.where(gap != 0, gap, 1.0), b)
        c = np.clip(c, np.minimum(a, b), np.maximum(a, b))
        fc = problem.slope(c)
        same = fc * fb > 0
        ratio = 1.0 - fc / np.where(fb != 0, fb, 1.0)
        a, fa = np.where(same, a, b), np.where(same, fa * np.where(ratio > 0, ratio, 0.5), fb)
        moves = (np.abs(c - b) > _SETTLED) & (fc != 0)
        b, fb = c, fc
        result[active] = b
        if not moves.all():
            active, problem = active[moves], problem.take(np.flatnonzero(moves))
            a, fa, b, fb = a[moves], fa[moves], b[moves], fb[moves]
    return result
