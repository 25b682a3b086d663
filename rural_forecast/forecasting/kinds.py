"""Kinds of markets that a person states: what is known of such markets moves the consensus.

`adoption` is a new product or technology that still spreads: a learned shift of the log path and new offsets of the
bounds, which fade out where growth is slow. `training/kinds.py` makes `kinds.json`.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from rural_forecast.forecasting.distribution import level_scores, tail_scores
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models.base import HUGE, TINY, Array, Band, Flags

FILE = Path(__file__).with_name("kinds.json")
GROWTH = (1.1, 1.4)  # growth a year below which a kind changes nothing, and from which on it counts in full
CENTRES = (1, 2.5, 5, 8.5)  # middle of each horizon class, between which factors are interpolated
LONGEST = 12  # points from which on the length of a history makes no difference
RECENT = 5  # changes that count as recent growth
SOFT = 0.3  # log growth beyond which inputs rise ever more slowly


@cache
def learned(kind: str) -> tuple[Array, Array]:
    """Shift of a kind, (basis, input), and factors on the root of an offset, (class, side, outer tail first)."""
    known = json.loads(FILE.read_text(encoding="utf-8"))[kind]
    return np.array(known["shift"]), np.array(known["tails"])


def applies(values: Array) -> Flags:
    """Which series of shape (series, time) a kind can be stated of: positive ones of two points or more."""
    return np.asarray((values.min(axis=1) > 0) & (values.shape[1] > 1))


def recent_growth(values: Array) -> Array:
    """Mean log growth over the last five changes at most, of positive series; shape (series,)."""
    changes = min(values.shape[1] - 1, RECENT)
    return np.asarray((np.log(values[:, -1]) - np.log(values[:, -1 - changes])) / max(changes, 1))


def strength(values: Array) -> Array:
    """How much a kind counts, 0 to 1, by recent growth of positive series; shape (series,)."""
    slow, fast = np.log(GROWTH)
    return np.asarray(np.clip((recent_growth(values) - slow) / (fast - slow), 0.0, 1.0))


def inputs(values: Array, path: Array) -> Array:
    """Inputs of the shift; `path` holds log ratios to the last value. Shape (series, horizon, input)."""
    logs = np.log(values)
    last = logs[:, -1] - logs[:, -2]
    before = logs[:, -2] - logs[:, -3] if values.shape[1] > 2 else last
    length, paces = np.log(min(values.shape[1], LONGEST) / 5), path / np.arange(1.0, path.shape[1] + 1)
    sides = (side if side.ndim == 2 else side[:, None] for side in (recent_growth(values), last - before, last, paces))
    growth, bend, change, pace = (SOFT * np.arcsinh(side / SOFT) for side in sides)
    columns = (1.0, growth, bend, change, length * growth, length, pace)
    return np.stack(np.broadcast_arrays(*columns), axis=2)


def basis(horizon: int) -> Array:
    """Shape (basis, horizon); flat after the learned years."""
    steps = np.minimum(np.arange(1.0, horizon + 1), LEARNED)
    return np.stack([np.sqrt(steps), steps])


def shifts(values: Array, path: Array, coefficients: Array) -> Array:
    """Shift of the log ratios of positive series by a kind, before it fades; shape (series, horizon)."""
    seen = inputs(values, path[:, :LEARNED])[:, np.minimum(np.arange(path.shape[1]), LEARNED - 1)]
    parts = zip(coefficients, basis(path.shape[1]), strict=True)
    return np.asarray(sum((seen * row).sum(axis=2) * part for row, part in parts))


def state(values: Array, forecast: Band, levels: tuple[int, ...], kinds: Sequence[str | None]) -> Band:
    """Point and bounds of a block whose series are of the stated kinds; None where none is stated."""
    point, lower, upper = (part.copy() for part in forecast)
    able = applies(values)
    for kind in sorted({kind for kind in kinds if kind}):
        rows = np.flatnonzero(able & np.array([other == kind for other in kinds]))
        band = point[rows], lower[rows], upper[rows]
        point[rows], lower[rows], upper[rows] = adjusted(values[rows], *band, levels, learned(kind))
    return point, lower, upper


@np.errstate(all="ignore")
def adjusted(
    values: Array, point: Array, lower: Array, upper: Array, levels: tuple[int, ...], numbers: tuple[Array, Array]
) -> Band:
    """Point and bounds of positive series by the numbers of a kind, as `learned` gives them."""
    (shift, tails), count, last = numbers, strength(values)[:, None], values[:, -1:]
    down, up = np.log(point[:, None] / lower), np.log(upper / point[:, None])
    path = np.log(point / last)
    moved = np.clip(last * np.exp(path + count * shifts(values, path, shift)), TINY, HUGE)
    scores, wanted = tail_scores()[::-1], level_scores(levels)
    steps = np.log(np.arange(1.0, point.shape[1] + 1))
    bounds = []
    for side, offsets in enumerate((down, up)):
        at_levels = [np.interp(wanted, scores, row) for row in tails[:, side, ::-1]]
        factor = np.stack([np.interp(steps, np.log(CENTRES), column) for column in zip(*at_levels, strict=True)])
        own = offsets ** (1 - count[:, None] / 2) * factor ** count[:, None]
        wider = np.maximum(own, offsets)  # a technology of its own may do more
        offsets = np.sqrt(own * wider) if side == 0 else wider
        offsets = np.maximum.accumulate(np.maximum.accumulate(offsets, axis=1), axis=2)
        bounds.append(np.clip(moved[:, None] * np.exp(-offsets if side == 0 else offsets), 0.0, HUGE))
    return moved, bounds[0], bounds[1]
