"""Pace and roughness of the recent past: further inputs of the reference network, all smooth in every value.

Changes are logs in units of the scale of the series. What a short history cannot show is zero.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rural_forecast.models.base import Array

FITTED = (3, 5, 8, 12, 18)
"""Last changes over which a line is fitted to the logs."""
DAMPING = 0.8
"""Share of a year's change that is left in the next, on the path that the last two changes begin."""
_LEAST = 0.15
"""Size below which a change counts as none, in units of the scale; added as a root of squares."""
_TYPICAL_DECAY = 0.4
"""Share of a change that is found in the next, where the changes show nothing of it."""
_PULL = 0.4
"""How much the typical decay counts, in squares of the scale."""


def pace(changes: Array) -> Array:
    """Features of shape (series, feature) from changes of shape (series, time), in units of the scale, none or more."""
    count, known = changes.shape
    if known == 0:
        changes = np.zeros((count, 1))
    return np.stack([*_sizes(changes), *_paths(changes), *_lines(changes), *_course(changes)], axis=1)


def _log_size(sizes: Array) -> Array:
    return np.asarray(np.log(np.hypot(sizes, _LEAST)))


def _sizes(changes: Array) -> Iterator[Array]:
    """Logs of the size of recent changes, and of the changes between them."""
    none = np.zeros(len(changes))
    bends = np.diff(changes, axis=1)
    yield _log_size(changes[:, -1])
    yield _log_size(np.abs(changes[:, -3:]).mean(axis=1))
    yield _log_size(np.abs(bends).mean(axis=1)) if bends.size else none
    yield _log_size(np.abs(bends[:, -3:]).mean(axis=1)) if bends.size else none
    yield np.arcsinh(bends[:, -1]) if bends.size else none


def _paths(changes: Array) -> Iterator[Array]:
    """Where the last changes lead in 1, 3, 6 and 10 years, each a share of the one before: a fitted one, and 0.8."""
    last, recent = changes[:, -1], changes[:, -6:]
    mean = changes[:, -2:].mean(axis=1)
    squares = (recent[:, :-1] ** 2).sum(axis=1) + _PULL
    share = ((recent[:, 1:] * recent[:, :-1]).sum(axis=1) + _TYPICAL_DECAY * _PULL) / squares
    share = 1.0 / (1.0 + np.exp(4.0 * (0.5 - share)))
    for years in (1, 3, 6, 10):
        yield np.arcsinh(last * (share[:, None] ** np.arange(years)).sum(axis=1)) * 0.7
    for years in (3, 10):
        yield np.arcsinh(mean * (DAMPING ** np.arange(years)).sum()) * 0.7


def _levels(changes: Array) -> Array:
    """Levels less the last one, oldest first."""
    levels: Array = np.concatenate([np.zeros((len(changes), 1)), np.cumsum(changes, axis=1)], axis=1)
    levels -= levels[:, -1:]
    return levels


def _slope(rows: Array) -> Array:
    """Slope of the least-squares line through each row, 0 for a single value."""
    steps = np.arange(rows.shape[1]) - (rows.shape[1] - 1) / 2.0
    slope: Array = (rows * steps).sum(axis=1) / max((steps**2).sum(), 0.5)
    return slope


def _lines(changes: Array) -> Iterator[Array]:
    """Slope and last residual of lines through the last levels, and slopes of the changes themselves."""
    levels = _levels(changes)
    for years in FITTED:
        part = levels[:, -years - 1 :]
        slope = _slope(part)
        yield np.arcsinh(slope)
        yield np.arcsinh(-part.mean(axis=1) - slope * (part.shape[1] - 1) / 2.0)
    yield np.arcsinh(2.0 * _slope(changes[:, -5:]))
    yield np.arcsinh(4.0 * _slope(changes[:, -10:]))


def _median(rows: Array) -> Array:
    """Median of each row; that of NumPy imports masked arrays, a tenth of a start."""
    count, ordered = rows.shape[1], np.sort(rows, axis=1)
    return np.asarray((ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2)


def _course(changes: Array) -> Iterator[Array]:
    """Rises and falls, the largest change, and the last level next to the highest, the lowest and a smoothed one."""
    levels = _levels(changes)
    yield np.tanh(2.0 * changes).mean(axis=1)
    yield np.tanh(2.0 * changes[:, -4:]).mean(axis=1)
    yield np.arcsinh(_median(changes))
    yield np.arcsinh(levels.max(axis=1)) * 0.7
    yield np.arcsinh(levels.min(axis=1)) * 0.7
    apart = changes - changes.mean(axis=1, keepdims=True)
    yield (apart[:, 1:] * apart[:, :-1]).sum(axis=1) / ((apart**2).sum(axis=1) + _PULL)
    weight = changes**4 + 1e-3
    age = np.arange(changes.shape[1])[::-1]
    yield (weight * age).sum(axis=1) / weight.sum(axis=1) / 6.0
    yield np.arcsinh((weight * changes).sum(axis=1) / weight.sum(axis=1))
    smoothed = levels[:, 0]
    for level in levels[:, 1:].T:
        smoothed = smoothed + 0.3 * (level - smoothed)
    yield np.arcsinh(-smoothed)
