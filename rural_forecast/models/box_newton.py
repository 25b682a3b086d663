"""Least squares within a box for a few parameters of many series at once.

Newton steps with exact second derivatives, damped where they would climb (Levenberg 1944; Marquardt 1963,
DOI 10.1137/0111030). Every operation is elementwise over series, so that a series gives the same bits alone and in a
batch. Parameters are of order one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.models.base import Array

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EQUAL = 1e-13
"""Squared errors closer than this count as equal, so that the last steps follow the gradient, not rounding."""

_LEVEL = 1e-13
"""A derivative this small, in units of the root of the squared error, is rounding, and leaves no bound."""


class Derivatives(NamedTuple):
    """A squared error with its derivatives at one point of each series; every array of shape (series,)."""

    square: Array
    gradient: list[Array]
    hessian: list[list[Array]]
    """Second derivatives; the lower triangle is used."""


Evaluate = Callable[[Sequence[Array]], Derivatives]
Bounds = Sequence[tuple[float, float]]


def descend(
    evaluate: Evaluate, start: Sequence[Array], bounds: Bounds, steps: int, tolerance: float
) -> tuple[list[Array], Array]:
    """Walk from `start` (one array of shape (series,) a parameter) into the valley below it.

    A series rests once an accepted step moves no parameter by more than `tolerance`, whatever the others still do.

    Returns
    -------
    The parameters, and the squared error of shape (series,); never above that of `start` but for rounding.
    """
    point = list(start)
    here = evaluate(point)
    damping = np.full_like(here.square, 1e-3)
    rests = np.zeros(here.square.shape, dtype=np.bool_)
    for _ in range(steps):
        move = _step(here, point, bounds, damping)
        trial = [np.clip(p + m, low, high) for p, m, (low, high) in zip(point, move, bounds, strict=True)]
        there = evaluate(trial)
        better = (there.square <= here.square * (1.0 + _EQUAL)) & ~rests
        damping = np.where(better, damping * 0.1, np.minimum(damping * 8.0, 1e8))
        far = np.zeros_like(here.square)
        for new, old in zip(trial, point, strict=True):
            far = np.maximum(far, np.abs(new - old))
        point = [np.where(better, new, old) for new, old in zip(trial, point, strict=True)]
        here = _choose(better, there, here)
        rests |= far <= tolerance
        if rests.all():
            break
    return point, here.square


def _choose(mask: NDArray[np.bool_], new: Derivatives, old: Derivatives) -> Derivatives:
    return Derivatives(
        np.where(mask, new.square, old.square),
        [np.where(mask, a, b) for a, b in zip(new.gradient, old.gradient, strict=True)],
        [
            [np.where(mask, a, b) for a, b in zip(row, other, strict=True)]
            for row, other in zip(new.hessian, old.hessian, strict=True)
        ],
    )


def _step(here: Derivatives, point: Sequence[Array], bounds: Bounds, damping: Array) -> list[Array]:
    """Solve (Hessian + damping) step = -gradient over the parameters that a bound does not hold."""
    size = len(point)
    noise = _LEVEL * np.sqrt(here.square)
    held = [
        ((p <= low) & (slope > -noise)) | ((p >= high) & (slope < noise))
        for p, slope, (low, high) in zip(point, here.gradient, bounds, strict=True)
    ]
    trace = np.zeros_like(here.square)
    for i in range(size):
        trace = trace + np.abs(here.hessian[i][i])
    floor = 1e-7 * trace + 1e-300
    matrix = [
        [np.where(held[i] | held[j], 0.0, here.hessian[i][j]) for j in range(i)]
        + [np.where(held[i], 1.0, here.hessian[i][i] + damping * (np.abs(here.hessian[i][i]) + floor))]
        for i in range(size)
    ]
    return _solve(matrix, [np.where(h, 0.0, -slope) for h, slope in zip(held, here.gradient, strict=True)], floor)


def _solve(lower: list[list[Array]], right: list[Array], floor: Array) -> list[Array]:
    """Solve a symmetric system by LDL'; a pivot that is not positive is turned round, so that the step descends."""
    size = len(right)
    factor = [[row[j] for j in range(i)] for i, row in enumerate(lower)]
    pivots: list[Array] = []
    for i in range(size):
        for j in range(i):
            entry = lower[i][j]
            for k in range(j):
                entry = entry - factor[i][k] * factor[j][k] * pivots[k]
            factor[i][j] = entry / pivots[j]
        pivot = lower[i][i]
        for k in range(i):
            pivot = pivot - factor[i][k] * factor[i][k] * pivots[k]
        pivots.append(np.maximum(np.abs(pivot), floor))
    solution: list[Array] = []
    for i in range(size):
        entry = right[i]
        for k in range(i):
            entry = entry - factor[i][k] * solution[k]
        solution.append(entry)
    solution = [entry / pivot for entry, pivot in zip(solution, pivots, strict=True)]
    for i in reversed(range(size)):
        for k in range(i + 1, size):
            solution[i] = solution[i] - factor[k][i] * solution[k]
    return solution
