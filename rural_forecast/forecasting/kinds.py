"""The subject `adoption`: what is known of a technology that three points do not show.

It is a new product or technology that still spreads. Its learned numbers shift the path of the
consensus on the log scale and replace the offsets of the bounds. Both fade out where growth is
slow. `training/kinds.py` makes `kinds.json`; `benchmarks/accuracy/kinds.md` has the accuracy on
markets that were held out.
"""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.distribution import level_scores, tail_scores
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models.base import HUGE, TINY, Array, Band, Flags

FILE = Path(__file__).with_name("kinds.json")
# Yearly growth below which a kind changes nothing, and from which on it counts in full.
GROWTH = (1.1, 1.4)
# The middle of each class of horizons, between which factors are interpolated.
CENTRES = (1, 2.5, 5, 8.5)
LONGEST = 12  # points from which on the length of a history makes no difference
RECENT = 5  # changes that count as recent growth
SOFT = 0.3  # log growth beyond which inputs rise ever more slowly


class KindNumbers(NamedTuple):
    """The learned numbers of a kind."""

    shift: Array  # shape (basis, input)
    tails: Array
    """Shape (horizon class, side, tail), outer tail first: factors on the root of an offset."""


@cache
def learned(kind: str) -> KindNumbers:
    """Read the learned numbers of a kind."""
    numbers = json.loads(FILE.read_text(encoding="utf-8"))[kind]
    return KindNumbers(np.array(numbers["shift"]), np.array(numbers["tails"]))


def applies(values: Array) -> Flags:
    """Find the series of shape (series, time) that a kind can change.

    These are positive, and have two points or more.
    """
    return np.asarray((values.min(axis=1) > 0) & (values.shape[1] > 1))


def recent_growth(values: Array) -> Array:
    """Average the log growth of positive series over their last five changes; shape (series,)."""
    changes = min(values.shape[1] - 1, RECENT)
    return np.asarray((np.log(values[:, -1]) - np.log(values[:, -1 - changes])) / max(changes, 1))


def strength(values: Array) -> Array:
    """Weigh a kind from 0 to 1 by the recent growth of positive series; shape (series,)."""
    slow, fast = np.log(GROWTH)
    return np.asarray(np.clip((recent_growth(values) - slow) / (fast - slow), 0.0, 1.0))


def inputs(values: Array, path: Array) -> Array:
    """Compute the inputs of the shift; shape (series, horizon, input).

    `path` holds the log ratios of the forecast to the last value.
    """
    logs = np.log(values)
    last = logs[:, -1] - logs[:, -2]
    before = logs[:, -2] - logs[:, -3] if values.shape[1] > 2 else last
    length = np.log(min(values.shape[1], LONGEST) / 5)
    pace = softened(path / np.arange(1.0, path.shape[1] + 1))
    growth = softened(recent_growth(values)[:, None])
    bend = softened((last - before)[:, None])
    change = softened(last[:, None])
    columns = (1.0, growth, bend, change, length * growth, length, pace)
    return np.stack(np.broadcast_arrays(*columns), axis=2)


def softened(log_growth: Array) -> Array:
    """Let large log growth count ever less."""
    return np.asarray(SOFT * np.arcsinh(log_growth / SOFT))


def basis(horizon: int) -> Array:
    """Return the functions of the years ahead that a shift is made of; shape (basis, horizon).

    They are flat after the learned years.
    """
    steps = np.minimum(np.arange(1.0, horizon + 1), LEARNED)
    return np.stack([np.sqrt(steps), steps])


def shifts(values: Array, path: Array, coefficients: Array) -> Array:
    """Compute the shift of log ratios by a kind, before it fades; shape (series, horizon)."""
    horizon = path.shape[1]
    learned_year = np.minimum(np.arange(horizon), LEARNED - 1)
    by_year = inputs(values, path[:, :LEARNED])[:, learned_year]
    parts = zip(coefficients, basis(horizon), strict=True)
    return np.asarray(sum((by_year * row).sum(axis=2) * steps for row, steps in parts))


@np.errstate(all="ignore")
def adjusted(
    values: Array,
    point: Array,
    lower: Array,
    upper: Array,
    levels: tuple[int, ...],
    numbers: KindNumbers,
) -> Band:
    """Change the point and bounds of positive series by the numbers of a kind."""
    weight = strength(values)[:, None]
    last = values[:, -1:]
    path = np.log(point / last)
    shift = weight * shifts(values, path, numbers.shift)
    moved = np.clip(last * np.exp(path + shift), TINY, HUGE)

    below = np.log(point[:, None] / lower)
    own_below = _offsets_of_kind(below, numbers.tails[:, 0], weight, levels)
    # A technology of its own may do more than those before it: upwards an interval only widens,
    # downwards it goes half of the way.
    below = _rising(np.sqrt(own_below * np.maximum(own_below, below)))

    above = np.log(upper / point[:, None])
    own_above = _offsets_of_kind(above, numbers.tails[:, 1], weight, levels)
    above = _rising(np.maximum(own_above, above))

    return (
        moved,
        np.clip(moved[:, None] * np.exp(-below), 0.0, HUGE),
        np.clip(moved[:, None] * np.exp(above), 0.0, HUGE),
    )


def _offsets_of_kind(offsets: Array, tails: Array, weight: Array, levels: tuple[int, ...]) -> Array:
    """Scale offsets of shape (series, level, horizon) by the tails of one side."""
    scores = tail_scores()[::-1]
    wanted = level_scores(levels)
    steps = np.log(np.arange(1.0, offsets.shape[2] + 1))
    at_centres = np.stack([np.interp(wanted, scores, row) for row in tails[:, ::-1]])
    # Within the innermost tail, offsets are in proportion to their scores.
    at_centres = at_centres * np.sqrt(np.minimum(wanted / scores[0], 1.0))
    factor = np.stack([np.interp(steps, np.log(CENTRES), column) for column in at_centres.T])
    return np.asarray(offsets ** (1 - weight[:, None] / 2) * factor ** weight[:, None])


def _rising(offsets: Array) -> Array:
    """Let offsets fall neither with the level nor with the horizon."""
    return np.maximum.accumulate(np.maximum.accumulate(offsets, axis=1), axis=2)
