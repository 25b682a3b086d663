"""The shape of the recent past of positive series: the inputs of the reference network and of the
weights.

All is made of log ratios to the last value, in units of the scale; a feature that a history is too
short for is zero.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

import numpy as np

from rural_forecast.models.base import Array, Integers

WINDOW = 18  # log changes that the network sees one by one
MEMORY = 60  # points of history that are used at most
LEARNED = 10  # horizons that are learned one by one
SHOWN = (0, 2, 5, 9)  # horizons, less one, at which the network sees the forecasts of other members
SEEN = ("dot", "theta", "drift")  # members whose forecasts the network sees
# Log of the mean absolute log change to which that of short series is shrunk.
TYPICAL = float(np.log(0.08))
SMALLEST = 2e-3  # least mean absolute log change: a series that never moved may move
# The same for the sum of all, as a root of squares: intervals do not jump with a change near zero.
UNKNOWN = 0.025
# First features of the pace that are traits too: of the last change, last three, all bends, last
# three.
SIZES = 4
# Places of traits: log of length, size of changes, recent growth, all bends.
LENGTH = 0
SIZE = 1
PACE = 9
BENDS = -2
LOG_LENGTH = 2.3  # log of the length, ten points, at which the trait of the length is 0

FITTED = (3, 5, 8, 12, 18)  # last changes over which a line is fitted to the logs
# Share of a year's change that is left in the next, on the path that the last two changes begin.
DAMPING = 0.8
# Log of a single year's leap that counts in full, and more per change.
SPIKE = float(np.log(3.0))
SPIKE_CHANGES = 5.0
MOST_LOG = 700.0  # the exponential of more is beyond what a double holds
# Share of a lone value after zeros that counts as the year before, as after a fivefold year.
STARTED = 0.2
# Size below which a change counts as none, in units of the scale; added as a root of squares.
_LEAST = 0.15
# Share of a change that is found in the next, where the changes show nothing of it.
_TYPICAL_DECAY = 0.4
_PULL = 0.4  # how much the typical decay counts, in squares of the scale


Group = TypeVar("Group")


class Shape(NamedTuple):
    """The recent past of each series."""

    features: Array  # shape (series, feature)
    scale: Array
    """shape (series,): mean absolute log change, shrunk towards the typical one, weight half a
    change.
    """
    traits: Array  # shape (series, trait): the numbers that weights and interval factors depend on


def describe(values: Array, logs: Mapping[str, Array]) -> Shape:
    """Describe positive series of shape (series, time), with at most `MEMORY` columns.

    `logs` are as from `filled`.
    """
    count, length = values.shape
    changes = np.diff(np.log(values), axis=1)
    recent = changes[:, -WINDOW:]
    window = recent.shape[1]
    floor = np.hypot(SMALLEST, UNKNOWN / max(window, 1))
    if window:
        sizes = np.log(np.hypot(np.abs(recent).mean(axis=1), floor))
    else:
        sizes = np.full(count, TYPICAL)
    log_scale = (window * sizes + 0.5 * TYPICAL) / (window + 0.5)
    scale = np.exp(log_scale)
    unit = 1.0 / scale[:, None]

    steps = np.zeros((count, WINDOW))
    mask = np.zeros((count, WINDOW))
    steps[:, WINDOW - window :] = recent * unit
    mask[:, WINDOW - window :] = 1.0
    whole = np.abs(changes).mean(axis=1) if window else scale
    growth = changes.mean(axis=1) if window else np.zeros(count)
    paces = pace(recent * unit)
    features = [
        np.arcsinh(steps),
        mask,
        np.full((count, 1), np.log(length) - 2.5),
        ((log_scale + 2.5) / 1.2)[:, None],
        np.clip(np.log(np.hypot(whole, floor) / scale), -3, 3)[:, None],
        np.arcsinh(growth / scale)[:, None],
        *(np.arcsinh(logs[name][:, SHOWN] * unit) * 0.7 for name in SEEN),
        paces,
    ]
    own = steps[:, WINDOW - window :] if window else np.zeros((count, 1))
    fast = changes[:, -5:].mean(axis=1) if window else np.zeros(count)
    apart = (logs["drift"][:, 2] - logs["dot"][:, 2]) * unit[:, 0]
    traits = _traits(length, log_scale, own, fast, apart, paces)
    return Shape(np.concatenate(features, axis=1), scale, traits)


def _traits(
    length: int, log_scale: Array, own: Array, fast: Array, apart: Array, paces: Array
) -> Array:
    """Return the numbers that weights and interval factors depend on; shape (series, trait).

    Their places are `LENGTH`, `SIZE`, `PACE` and `BENDS`. `own` are the changes in units of the
    scale, `fast` is recent log growth, and `apart` the distance of drift and dynamic theta.
    """
    mean = own.mean(axis=1)
    half = max(own.shape[1] // 2, 1)
    dispersion = np.abs(own - mean[:, None]).mean(axis=1)
    bend = own[:, -half:].mean(axis=1) - own[:, :half].mean(axis=1)
    surprise = np.abs(own[:, -1] - mean)
    traits = [
        np.clip(np.full(len(own), np.log(length) - LOG_LENGTH), -np.inf, 1.5),
        np.clip((log_scale + 2.7) / 1.2, -2, 2),
        np.clip(mean, -1.5, 1.5),
        np.clip(dispersion, 0, 1.5),
        np.clip(bend, -2, 2),
        np.clip(surprise, 0, 3),
        np.clip(apart, -3, 3),
        np.clip(np.abs(apart), 0, 3),
        np.clip((fast - 0.08) * 5, 0, 2),
        np.tanh(fast / 0.04),
        np.tanh(fast / 0.2),
        *paces.T[:SIZES],
    ]
    return np.stack(traits, axis=1)


def from_beginning(values: Array) -> tuple[Array, Integers]:
    """Return values, and the number of zeros to leave out before each market began.

    These are the zeros before values that are all positive.
    """
    first = np.argmax(values != 0, axis=1)
    later = np.arange(values.shape[1]) >= first[:, None]
    first = np.where((first > 0) & (np.where(later, values, np.inf).min(axis=1) > 0), first, 0)
    lone = (first > 0) & (first == values.shape[1] - 1)
    if lone.any():
        values = values.copy()
        values[lone, -2] = STARTED * values[lone, -1]
    return values, first - lone


def grouped(keys: Integers, of_rows: Callable[[Integers], Group]) -> Group:
    """Make a named tuple of arrays of a block from those of each group of its series."""
    # `np.unique` would load `numpy.ma`.
    groups = [np.flatnonzero(keys == key) for key in sorted(set(keys.tolist()))]
    parts = [of_rows(rows) for rows in groups]
    if len(parts) == 1:
        return parts[0]
    order = np.argsort(np.concatenate(groups), kind="stable")
    first: Any = parts[0]
    joined = {}
    for name, value in first._asdict().items():
        if isinstance(value, np.ndarray):
            joined[name] = np.concatenate([getattr(part, name) for part in parts])[order]
    result: Group = first._replace(**joined)
    return result


def without_spikes(values: Array) -> Array:
    """Return values in which a year that leaps and falls back, or the reverse, counts less.

    It counts the less the farther it is.
    """
    if values.shape[1] < 4 or values.min() <= 0:
        return values
    logs = np.log(values)
    changes = np.diff(logs, axis=1)
    typical = _median(np.sort(np.abs(changes), axis=1)[:, :-2])
    into = changes[:, :-1]
    back = -changes[:, 1:]
    least = np.where(into * back > 0, np.minimum(np.abs(into), np.abs(back)), 0.0)
    excess = np.maximum(least - SPIKE - SPIKE_CHANGES * typical[:, None], 0.0)
    if not excess.any():
        return values
    moves = -np.sign(into) * np.minimum(2.0 * excess, least)
    values = values.copy()
    values[:, 1:-1] *= np.exp(np.clip(moves, -MOST_LOG, MOST_LOG))
    return values


def log_ratios(values: Array, points: Array) -> Array:
    """Return log(points / last value), clipped to 6 either way; NaN stays."""
    with np.errstate(all="ignore"):
        return np.clip(np.log(points / values[:, -1:]), -6.0, 6.0)


def pace(changes: Array) -> Array:
    """Compute features of shape (series, feature) from changes of shape (series, time).

    Changes are in units of the scale; there may be none.
    """
    count, length = changes.shape
    if not length:
        changes = np.zeros((count, 1))
    levels = np.concatenate([np.zeros((count, 1)), np.cumsum(changes, axis=1)], axis=1)
    levels = levels - levels[:, -1:]
    return np.stack(
        [*_sizes(changes), *_paths(changes), *_lines(changes, levels), *_course(changes, levels)],
        axis=1,
    )


def _sizes(changes: Array) -> Iterator[Array]:
    """Compute the sizes of changes and bends; the first ones are traits too, see `SIZES`."""
    for last in (-1, -3):
        yield _log_size(changes[:, last:])
    if changes.shape[1] > 1:
        bends = np.diff(changes, axis=1)
        yield _log_size(bends)
        yield _log_size(bends[:, -3:])
        yield np.arcsinh(bends[:, -1])
    else:
        for _ in range(3):
            yield np.zeros(len(changes))


def _log_size(rows: Array) -> Array:
    return np.asarray(np.log(np.hypot(np.abs(rows).mean(axis=1), _LEAST)))


def _paths(changes: Array) -> Iterator[Array]:
    """Follow the last changes for some years, each a share of the one before.

    The share is a fitted one, and then `DAMPING`.
    """
    last = changes[:, -1]
    recent = changes[:, -6:]
    mean = changes[:, -2:].mean(axis=1)
    squares = (recent[:, :-1] ** 2).sum(axis=1) + _PULL
    share = ((recent[:, 1:] * recent[:, :-1]).sum(axis=1) + _TYPICAL_DECAY * _PULL) / squares
    share = 1.0 / (1.0 + np.exp(4.0 * (0.5 - share)))
    for years in (1, 3, 6, 10):
        yield np.arcsinh(last * (share[:, None] ** np.arange(years)).sum(axis=1)) * 0.7
    for years in (3, 10):
        yield np.arcsinh(mean * (DAMPING ** np.arange(years)).sum()) * 0.7


def _slope(rows: Array) -> Array:
    """Fit a line to each row."""
    steps = np.arange(rows.shape[1]) - (rows.shape[1] - 1) / 2.0
    return np.asarray((rows * steps).sum(axis=1) / max((steps**2).sum(), 0.5))


def _lines(changes: Array, levels: Array) -> Iterator[Array]:
    """Fit lines to the last levels, for slope and end, and to the last changes."""
    for years in FITTED:
        part = levels[:, -years - 1 :]
        slope = _slope(part)
        yield np.arcsinh(slope)
        yield np.arcsinh(-part.mean(axis=1) - slope * (part.shape[1] - 1) / 2.0)
    for factor, years in ((2.0, 5), (4.0, 10)):
        yield np.arcsinh(factor * _slope(changes[:, -years:]))


def _median(rows: Array) -> Array:
    # That of NumPy imports masked arrays, a tenth of a start.
    count = rows.shape[1]
    ordered = np.sort(rows, axis=1)
    return np.asarray((ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2)


def _course(changes: Array, levels: Array) -> Iterator[Array]:
    """Describe the course: direction, extremes, correlation, large changes, smoothed level."""
    for years in (0, -4):
        yield np.tanh(2.0 * changes[:, years:]).mean(axis=1)
    yield np.arcsinh(_median(changes))
    for extreme in (levels.max(axis=1), levels.min(axis=1)):
        yield np.arcsinh(extreme) * 0.7
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
