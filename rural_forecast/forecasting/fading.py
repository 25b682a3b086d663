"""How a member loses its weight before its path ends, year by year and without a jump, and which member gets it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rural_forecast.forecasting.shape import LEARNED, log_ratios
from rural_forecast.models.base import HUGE, Array, Model
from rural_forecast.models.discovery import FOUND

FULL, GONE = 0.9, 0.4
"""Shares of the last value: a falling line has its full weight above the first and none below the second.

On histories of the M4 training part this is as accurate as leaving out lines that cross zero within ten years; with
0.25 and 0.02, those that had fallen by a fifth scored sMAPE 29.4 against 29.0.
"""
LEFT_OF_ZEROS = 0.05
"""The same as `FULL` for a history with zeros, as a share of its largest value; its paths may reach zero."""
FAR, FARTHEST = 500.0, 600.0
"""Log ratios to the last value between which a path that explodes or vanishes fades."""
ROOM = 3.0
"""Log distance from the largest number over which a path fades."""
_LARGE = 1e200


def _successors(model: Model) -> int:
    """How many members get the weight of this one in turn, if each of them loses it."""
    later = (other for other in FOUND if other.name == model.reassigned_to)
    return sum(1 + _successors(other) for other in later)


SIMPLE = tuple(
    sorted((model for model in FOUND if model.role == "member"), key=lambda model: (_successors(model), -model.order))
)
"""All members but the reference, each after the one that gets its weight."""


def filled(values: Array, points: Mapping[str, Array], kept: Mapping[str, Array]) -> dict[str, Array]:
    """Log ratios of the members to the last value over the learned years; where one fades, its heir's come in.

    `points`: each of shape (series, at least `LEARNED`). `kept`: from `kept`, same shapes.
    """
    result: dict[str, Array] = {}
    for model in SIMPLE:
        share = kept[model.name][:, LEARNED - 1 : LEARNED]
        own = np.where(share > 0, log_ratios(values, points[model.name][:, :LEARNED]), 0.0)
        result[model.name] = share * own + (1.0 - share) * (result[model.reassigned_to] if model.reassigned_to else 0.0)
    return result


def handed_over(weights: Array, names: tuple[str, ...], kept: Array) -> Array:
    """Weights with what each member loses given to its heir, or to all in proportion where it has none.

    `weights`, `kept`: shape (series, member, horizon).
    """
    for model in reversed(SIMPLE):
        if model.reassigned_to:
            place = names.index(model.name)
            weights[:, names.index(model.reassigned_to)] += weights[:, place] * (1.0 - kept[:, place])
    weights = weights * kept
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def kept(model: Model, values: Array, points: Array) -> Array:
    """Share of its weight that a member keeps in each year, from its points; shape (series, horizon), never rising.

    Each year is judged by the path up to it, so that a longer horizon changes no year. 0 where there is no point.
    """
    there = np.isfinite(points)
    share = there.astype(np.float64)
    if not model.positive:
        least = values.min(axis=1)
        positive, touches = (least > 0)[:, None], (least == 0)[:, None]
        if positive.any() or touches.any():
            lowest = np.minimum.accumulate(np.where(there, points, 0.0), axis=1)
            last = np.where(positive, values[:, -1:], 1.0)
            with np.errstate(over="ignore"):
                falling = _smooth((lowest / last - GONE) / (FULL - GONE))
            room = LEFT_OF_ZEROS * values.max(axis=1, keepdims=True)
            sinking = _smooth(lowest / np.where(touches & (room > 0), room, 1.0))
            share *= np.where(positive, falling, np.where(touches & (room > 0), sinking, 1.0))
    return np.minimum.accumulate(share * _in_range(values, points, there), axis=1)


def _in_range(values: Array, points: Array, there: Array) -> Array:
    """1 for a path within the range of numbers, fading as it leaves it."""
    sizes = np.where(there, np.abs(points), 1.0)
    last = np.abs(values[:, -1:])
    usual = (sizes < _LARGE) & ((sizes > last / _LARGE) | (last == 0) | (values.min(axis=1, keepdims=True) <= 0))
    if usual.all():
        return np.ones_like(points)
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(sizes)
        ratio = np.abs(log - np.log(last))
        share = np.minimum((np.log(HUGE) - log) / ROOM, (FARTHEST - ratio) / (FARTHEST - FAR))
    return np.where(usual | np.isnan(points), 1.0, _smooth(share))


def _smooth(share: Array) -> Array:
    """0 up to 0, 1 from 1 on, without an edge in between."""
    inside = np.clip(share, 0.0, 1.0)
    return inside * inside * (3.0 - 2.0 * inside)
