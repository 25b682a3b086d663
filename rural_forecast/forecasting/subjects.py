"""The reference class by subject.

Each subject has learned numbers: they shift the path of the consensus on the log scale, and scale
the offsets of its bounds. A series without a subject is forecast by the consensus alone.
`training/subjects.py` makes `subjects.json`; `benchmarks/subjects.md` has the accuracy on domains
that were left out. The subject `adoption` has a recipe of its own, in `kinds.py`.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import kinds
from rural_forecast.forecasting.distribution import level_scores
from rural_forecast.forecasting.kinds import LONGEST, recent_growth
from rural_forecast.forecasting.shape import LEARNED
from rural_forecast.models.base import HUGE, TINY, Array, Band
from rural_forecast.observed.observation import MARKET_KINDS

FILE = Path(__file__).with_name("subjects.json")
LEVELS = (50, 80, 95, 99)  # those of the tails, innermost first
ADOPTION = "adoption"
SHIPPED = tuple(subject for subject in MARKET_KINDS if subject != ADOPTION)
# Most that the log of a factor of an offset may be, either way.
MOST = 1.5
# Share of the log of a factor below 1 that is applied: a domain of its own may be less regular than
# those of its subject before it.
NARROWING = 0.4
# Least log growth, beyond that of the domains learned from, over which a subject fades out.
FADING = 0.1
LEAST_OFFSET = 1e-6
SHORTEST = 3  # points of the shortest windows learned from; two count as three


class TailNumbers(NamedTuple):
    """The learned numbers of one side, by level: what a factor depends on."""

    centres: Array  # shape (level,): mean log offset in units of the root of the years ahead
    coefficients: Array  # shape (level, input)


class SubjectNumbers(NamedTuple):
    """The learned numbers of a subject."""

    shift: Array  # shape (basis, input), as for kinds
    lower: TailNumbers
    upper: TailNumbers
    growth: tuple[float, float]
    """Slowest and fastest recent log growth of the domains learned from."""


@cache
def learned(subject: str) -> SubjectNumbers:
    """Read the learned numbers of a subject."""
    numbers = json.loads(FILE.read_text(encoding="utf-8"))[subject]
    slowest, fastest = numbers["growth"]
    return SubjectNumbers(
        np.array(numbers["shift"]),
        _tail(numbers["lower"]),
        _tail(numbers["upper"]),
        (slowest, fastest),
    )


def _tail(numbers: dict[str, list[float]]) -> TailNumbers:
    return TailNumbers(np.array(numbers["centres"]), np.array(numbers["coefficients"]))


def moved_by_subjects(
    values: Array, forecast: Band, levels: tuple[int, ...], subjects: Sequence[str | None]
) -> Band:
    """Return the point and bounds of a block, changed for the series with a subject."""
    point, lower, upper = (side.copy() for side in forecast)
    able = kinds.applies(values)
    for subject in sorted({subject for subject in subjects if subject}):
        rows = np.flatnonzero(able & np.array([other == subject for other in subjects]))
        if not len(rows):
            continue
        band = point[rows], lower[rows], upper[rows]
        if subject == ADOPTION:
            moved = kinds.adjusted(values[rows], *band, levels, kinds.learned(subject))
        else:
            moved = adjusted(values[rows], *band, levels, learned(subject))
        point[rows], lower[rows], upper[rows] = moved
    return point, lower, upper


def strength(values: Array, numbers: SubjectNumbers) -> Array:
    """Weigh a subject from 0 to 1 by how far the growth of positive series is like that of its
    domains; shape (series,).
    """
    slowest, fastest = numbers.growth
    growth = recent_growth(values)
    beyond = np.maximum(slowest - growth, growth - fastest)
    return np.asarray(np.clip(1.0 - beyond / max(FADING, (fastest - slowest) / 2), 0.0, 1.0))


@np.errstate(all="ignore")
def adjusted(
    values: Array,
    point: Array,
    lower: Array,
    upper: Array,
    levels: tuple[int, ...],
    numbers: SubjectNumbers,
) -> Band:
    """Change the point and bounds of positive series by the numbers of a subject."""
    weight = strength(values, numbers)
    last = values[:, -1:]
    path = np.log(point / last)
    shift = weight[:, None] * kinds.shifts(values, path, numbers.shift)
    moved = np.clip(last * np.exp(path + shift), TINY, HUGE)

    below = np.log(point[:, None] / lower)
    below = _rising(below * factors(below, values, weight, levels, numbers.lower))
    above = np.log(upper / point[:, None])
    above = _rising(above * factors(above, values, weight, levels, numbers.upper))
    return (
        moved,
        np.clip(moved[:, None] * np.exp(-below), 0.0, HUGE),
        np.clip(moved[:, None] * np.exp(above), 0.0, HUGE),
    )


def factors(
    offsets: Array, values: Array, weight: Array, levels: tuple[int, ...], numbers: TailNumbers
) -> Array:
    """Compute the factors of offsets of shape (series, level, horizon).

    They stay what they are in the last learned year.
    """
    learned_at = level_scores(LEVELS)
    wanted = level_scores(levels)
    centres = np.interp(wanted, learned_at, numbers.centres)
    by_input = [np.interp(wanted, learned_at, column) for column in numbers.coefficients.T]
    logs = np.zeros(offsets[:, :, :LEARNED].shape)
    columns = inputs(offsets[:, :, :LEARNED], centres[:, None], values)
    for column, coefficients in zip(columns, by_input, strict=True):
        logs = logs + column * coefficients[:, None]
    logs = np.clip(logs, -MOST, MOST)
    logs = np.where(logs < 0, NARROWING * logs, logs) * weight[:, None, None]
    year = np.minimum(np.arange(offsets.shape[2]), LEARNED - 1)
    return np.asarray(np.exp(logs[:, :, year]))


def inputs(offsets: Array, centres: Array | float, values: Array) -> tuple[Array, ...]:
    """Compute the inputs of factors, for offsets of shape (series, ..., horizon).

    `centres` has a shape that broadcasts to that of a series.
    """
    years = np.log(np.arange(1.0, offsets.shape[-1] + 1))
    size = np.log(np.maximum(offsets, LEAST_OFFSET)) - years / 2 - centres
    length = np.log(min(max(values.shape[1], SHORTEST), LONGEST) / 5)
    growth = kinds.softened(recent_growth(values))
    growth = growth.reshape(-1, *[1] * (offsets.ndim - 1))
    return np.ones(1), size, years - 1.2, np.array([length]), length * size, 3 * growth


def _rising(offsets: Array) -> Array:
    """Let offsets fall neither with the level nor with the horizon."""
    return np.maximum.accumulate(np.maximum.accumulate(offsets, axis=1), axis=2)
