"""Forecasts adjusted by what calibration measured on a panel: points moved, bounds widened.

`batch/calibration.py` measures; the numbers travel in a `Request`.
"""

import numpy as np

from rural_forecast.models.base import HUGE, Array, Band


def moved(
    block: Array, points: Array, lower: Array, upper: Array, level: int, shift: float
) -> Band:
    """Move points and bounds by `shift` half-widths of the level with this index.

    Half-widths are in logs where the history of a series is positive.
    """
    positive = (block.min(axis=1) > 0)[:, None]
    side = (upper if shift > 0 else lower)[:, level]
    with np.errstate(all="ignore"):
        factor = np.where(positive, (side / points) ** abs(shift), 1.0)
        step = np.where(positive, 0.0, (side - points) * abs(shift))
    least = np.where(block.min(axis=1) >= 0, 0.0, -np.inf)

    def in_range(values: Array) -> Array:
        # Series come last here, so that each has its own least value.
        return np.clip(values.swapaxes(0, -1), least, HUGE).swapaxes(0, -1)

    return (
        in_range(points * factor + step),
        in_range(lower * factor[:, None] + step[:, None]),
        in_range(upper * factor[:, None] + step[:, None]),
    )


def widened(
    block: Array, points: Array, lower: Array, upper: Array, factors: tuple[float, ...]
) -> tuple[Array, Array]:
    """Put bounds at `factors`, one a level, times their distance from the point.

    Bounds never cross those of a lower level.
    """
    factor = np.asarray(factors)[None, :, None]
    middle = points[:, None, :]
    least = block.min(axis=1)[:, None, None]
    with np.errstate(all="ignore"):
        below = np.where(
            least > 0, middle * (lower / middle) ** factor, middle - factor * (middle - lower)
        )
        above = np.where(
            least > 0, middle * (upper / middle) ** factor, middle + factor * (upper - middle)
        )
    below = np.where(least >= 0, np.maximum(below, 0.0), below)
    return (
        np.minimum.accumulate(below, axis=1),
        np.minimum(np.maximum.accumulate(above, axis=1), HUGE),
    )
