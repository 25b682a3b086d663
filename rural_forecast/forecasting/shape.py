"""The shape of the recent past of positive series: the inputs of the reference network and of the weights.

Nothing here depends on the unit: all is made of log ratios to the last value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.pace import pace
from rural_forecast.models.base import Array

WINDOW = 18
"""Log changes that the network sees one by one."""
MEMORY = 60
"""Points of history that are used at most."""
LEARNED = 10
"""Horizons that are learned one by one."""
SHOWN = (0, 2, 5, 9)
"""Horizons, less one, at which the network sees the forecasts of other members."""
SEEN = ("dot", "theta", "drift")
"""Members whose forecasts the network sees."""
TYPICAL = float(np.log(0.08))
"""Log of the mean absolute log change of a typical annual series, to which that of short ones is shrunk."""
SMALLEST = 2e-3
"""Least mean absolute log change: a series that never moved may move."""
UNKNOWN = 0.025
"""The same for the sum of all changes: two equal values show less than twenty do. It is added as a root of squares, so
that intervals neither vanish nor jump with a change near zero."""
SIZES = 4
"""First features of the pace that are traits too: sizes of the last change, of the last three, of all bends and of
the last three."""
LENGTH, SIZE, PACE, BENDS = 0, 1, 9, -2
"""Places of the log of the length, the sizes of changes, recent growth and the sizes of all bends among the traits."""

LOG_LENGTH = 2.3
"""Log of the length, ten points, at which the trait of the length is 0."""


class Shape(NamedTuple):
    """The recent past of each series."""

    features: Array
    """Shape (series, feature)."""
    scale: Array
    """Shape (series,): mean absolute log change, shrunk towards the typical one, weight half a change."""
    traits: Array
    """Shape (series, trait): the numbers that weights and interval factors depend on."""


def describe(values: Array, logs: Mapping[str, Array]) -> Shape:
    """Shape of positive series.

    `values`: shape (series, time), positive; at most `MEMORY` columns. `logs`: `filled` log ratios of the members, each
    of shape (series, `LEARNED`).
    """
    count, length = values.shape
    changes = np.diff(np.log(values), axis=1)
    recent = changes[:, -WINDOW:]
    known = recent.shape[1]
    floor = np.hypot(SMALLEST, UNKNOWN / max(known, 1))
    sizes = np.log(np.hypot(np.abs(recent).mean(axis=1), floor)) if known else np.full(count, TYPICAL)
    log_scale = (known * sizes + 0.5 * TYPICAL) / (known + 0.5)
    scale = np.exp(log_scale)
    unit = 1.0 / scale[:, None]
    steps = np.zeros((count, WINDOW))
    steps[:, WINDOW - known :] = recent * unit
    mask = np.zeros((count, WINDOW))
    mask[:, WINDOW - known :] = 1.0
    whole = np.abs(changes).mean(axis=1) if known else scale
    growth = changes.mean(axis=1) if known else np.zeros(count)
    paces = pace(recent * unit)
    seen = [np.arcsinh(logs[name][:, SHOWN] * unit) * 0.7 for name in SEEN]
    features = np.concatenate(
        [
            np.arcsinh(steps),
            mask,
            np.full((count, 1), np.log(length) - 2.5),
            ((log_scale + 2.5) / 1.2)[:, None],
            np.clip(np.log(np.hypot(whole, floor) / scale), -3, 3)[:, None],
            np.arcsinh(growth / scale)[:, None],
            *seen,
            paces,
        ],
        axis=1,
    )
    fast = changes[:, -5:].mean(axis=1) if known else np.zeros(count)
    traits = _traits(steps, known, length, log_scale, logs, unit, fast)
    return Shape(features, scale, np.concatenate([traits, paces[:, :SIZES]], axis=1))


def _traits(
    steps: Array, known: int, length: int, log_scale: Array, logs: Mapping[str, Array], unit: Array, fast: Array
) -> Array:
    """Shape (series, trait): length, size, growth, its dispersion, bend, surprise, discord, speed; bounded."""
    count = len(steps)
    own = steps[:, WINDOW - known :] if known else np.zeros((count, 1))
    growth = own.mean(axis=1)
    dispersion = np.abs(own - growth[:, None]).mean(axis=1)
    half = max(known // 2, 1)
    bend = own[:, -half:].mean(axis=1) - own[:, :half].mean(axis=1)
    surprise = own[:, -1] - growth
    apart = (logs["drift"][:, 2] - logs["dot"][:, 2]) * unit[:, 0]
    return np.stack(
        [
            np.full(count, min(np.log(length) - LOG_LENGTH, 1.5)),
            np.clip((log_scale + 2.7) / 1.2, -2, 2),
            np.clip(growth, -1.5, 1.5),
            np.clip(dispersion, 0, 1.5),
            np.clip(bend, -2, 2),
            np.clip(np.abs(surprise), 0, 3),
            np.clip(apart, -3, 3),
            np.clip(np.abs(apart), 0, 3),
            np.clip((fast - 0.08) * 5, 0, 2),
            np.tanh(fast / 0.04),
            np.tanh(fast / 0.2),
        ],
        axis=1,
    )


def log_ratios(values: Array, points: Array) -> Array:
    """log(points / last value), clipped to 6 either way; NaN stays. Shape of `points`."""
    with np.errstate(all="ignore"):
        return np.clip(np.log(points / values[:, -1:]), -6.0, 6.0)
