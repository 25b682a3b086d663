"""Corrections of the path of the reference class by a few values.

The networks see changes in units of a typical change, and learn what the mean series does: at few points it returns to
common growth. Three classes of histories do so less; each rule holds in most domains that were left out of training
(docs/model-card.md). All are smooth in every value.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array

RECENT = 8
"""Values that show whether growth slows, or values alternate."""
HALVED = 0.5
"""Share of the rise after a single fall that is left out."""
FEW, MANY = 5, 12
"""Points up to which slower growth counts in full, and from which on it counts nothing."""
LITTLE = 0.03
"""Log change that counts as little."""


def turned(values: Array, path: Array) -> Array:
    """Log paths of shape (series, year) of positive histories of shape (series, time)."""
    count, changes = values.shape[1], np.diff(np.log(values[:, -RECENT:]), axis=1)
    if count == 2:
        return _after_a_fall(-changes[:, 0], path)
    if count < 2:
        return path
    if count > 3:
        path = _alternating(changes, path)
    return _slowed(changes, path, float(np.clip((MANY - count) / (MANY - FEW), 0.0, 1.0)))


def _after_a_fall(fall: Array, path: Array) -> Array:
    """Half the rise after one fall of 5 to 20 %; more is made good, and less is no turn."""
    share = HALVED * np.clip(fall / 0.05, 0.0, 1.0) * np.clip(2.0 - 5.0 * fall, 0.0, 1.0)
    return np.where(path > 0, path * (1 - share[:, None]), path)


def _slowed(changes: Array, path: Array, share: float) -> Array:
    """Less growth above that of the last year where a series that only rose has slowed."""
    last, slower = changes[:, -1], np.maximum(changes[:, -2] - changes[:, -1], 0.0)
    slows = slower / (slower + 0.2 * np.abs(changes[:, -2]) + LITTLE)
    least = np.maximum(changes.min(axis=1), 0.0)
    weight = share * slows * least / (least + LITTLE)
    above = np.maximum(path - last[:, None] * np.arange(1.0, path.shape[1] + 1), 0.0)
    return np.asarray(path - weight[:, None] * above)


def _alternating(changes: Array, path: Array) -> Array:
    """The middle between two levels where values alternate between them, half of the way at four points."""
    uneven = np.hypot(np.abs(changes[:, 1:] + changes[:, :-1]).max(axis=1), 2 * LITTLE)
    size = np.abs(changes).mean(axis=1)
    alike = np.clip(1.2 - 1.2 * uneven / np.maximum(size, LITTLE), 0.0, 1.0) * min((changes.shape[1] - 1) / 4, 1.0)
    return np.asarray(path + alike[:, None] * (-changes[:, -1:] / 2 - path))


def within_reach(values: Array, points: Array) -> Array:
    """Points of shape (series, year) of series with zeros or negative values, on the side of zero that they know.

    No year goes farther beyond the other side than the history has been there: a series that was a little below zero
    once does not fall there in full.
    """
    years = np.arange(2.0, points.shape[1] + 2)
    lowest, highest = np.minimum(values.min(axis=1), 0.0), np.maximum(values.max(axis=1), 0.0)
    with np.errstate(over="ignore"):
        return np.asarray(np.clip(points, lowest[:, None] * years, highest[:, None] * years))
