"""Reference class: what thousands of real annual series did next when they looked like this one.

Small perceptrons, averaged, read the shape of the recent past and give quantiles and a point of the
log ratio of each of the next ten values to the last one. Of series that are not positive a learned
share of the mean change goes on.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import weights
from rural_forecast.forecasting.shape import LEARNED, MEMORY, Shape, describe
from rural_forecast.models.base import Array, Fit, Model, answer
from rural_forecast.models.learned import numbers
from rural_forecast.system.blas import one_blas_thread

QUANTILES = (0.005, 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, 0.995)
MIDDLE = QUANTILES.index(0.5)
# Rows of every matrix product: a series alone is padded to it, so that it gets the bits it has in a
# batch.
BLOCK = 64
FADING = 0.9  # share of a year's log growth that is left in the next, beyond the learned horizons
# Most by which a quantile may move away from the median in a later year, in logs, as a root of
# squares.
YEARLY = 0.5

SHOWING = 8  # values that show whether growth slows, or values alternate
HALVED = 0.5  # share of the rise after a single fall that is left out
# Points up to which slower growth counts in full, and from which on it counts nothing.
FEW = 5
MANY = 12
LITTLE = 0.03  # log change that counts as little


class Outlook(NamedTuple):
    """The reference class of positive series, on the scale of the log ratio to the last value."""

    point: Array  # shape (series, horizon)
    quantiles: Array  # shape (series, horizon, quantile), in rising order
    shape: Shape


def members(values: Array) -> dict[str, Array]:
    """Return filled log ratios of the other members over the learned years."""
    recent = values[:, -MEMORY:]
    points = {model.name: answer(model, recent, LEARNED).points for model in weights.FITTED}
    shares = {
        model.name: weights.kept_share(model, recent, points[model.name])
        for model in weights.FITTED
    }
    return weights.filled(recent, points, shares)


def outlook(values: Array, horizon: int, logs: Mapping[str, Array] | None = None) -> Outlook:
    """Forecast positive series of shape (series, time).

    `logs` are as from `members`, which makes them if they are left out.
    """
    logs = members(values) if logs is None else logs
    shape = describe(values[:, -MEMORY:], logs)
    raw = _network(shape.features) * shape.scale[:, None, None]
    quantiles = np.sort(raw[:, :, : len(QUANTILES)], axis=2)
    point = np.clip(raw[:, :, -1], -6.0, 6.0)
    turn = turned(values, point) - point
    point = point + turn
    quantiles = quantiles + turn[:, :, None]
    return Outlook(*_extend(point, quantiles, horizon), shape)


def _network(features: Array) -> Array:
    """Average the networks; shape (series, LEARNED, quantiles and point)."""
    count = len(features)
    nets, depth = numbers("net.size").astype(int).tolist()
    padded = np.zeros((-(-count // BLOCK), BLOCK, features.shape[1]))
    padded.reshape(-1, features.shape[1])[:count] = features
    outputs = len(QUANTILES) + 1
    result = np.zeros((len(padded), BLOCK, LEARNED * outputs))
    networks = [_layers(net, depth) for net in range(nets)]
    with one_blas_thread():
        for block, total in zip(padded, result, strict=True):
            for layers in networks:
                total += _through(layers, block)
    return np.asarray(result.reshape(-1, LEARNED, outputs)[:count] / nets)


def _through(layers: Sequence[tuple[Array, Array]], block: Array) -> Array:
    """Compute the outputs of a network for a block of series."""
    *inner, (last_weight, last_bias) = layers
    hidden = block
    for weight, bias in inner:
        hidden = hidden @ weight
        hidden += bias
        np.maximum(hidden, 0.0, out=hidden)
    return hidden @ last_weight + last_bias


def _layers(net: int, depth: int) -> list[tuple[Array, Array]]:
    """Return the weights and the biases of each layer of a network."""
    names = [f"net.{net}.{layer}" for layer in range(depth)]
    return [(numbers(f"{name}.weight"), numbers(f"{name}.bias")) for name in names]


def _extend(point: Array, quantiles: Array, horizon: int) -> tuple[Array, Array]:
    """Extend a path beyond the learned horizons.

    Growth fades, and the variance grows by at most `YEARLY` squared a year.
    """
    if horizon <= LEARNED:
        return point[:, :horizon], quantiles[:, :horizon]
    beyond = np.arange(1, horizon - LEARNED + 1)
    step = (point[:, -1] - point[:, -4])[:, None] / 3.0
    far = point[:, -1:] + step * np.cumsum(FADING**beyond)
    apart = quantiles[:, -1] - point[:, -1:]
    yearly = 1.0 / (LEARNED + apart**2 / YEARLY**2)
    spread = apart[:, None, :] * np.sqrt(1.0 + beyond[None, :, None] * yearly[:, None, :])
    return np.concatenate([point, far], axis=1), np.concatenate(
        [quantiles, far[:, :, None] + spread], axis=1
    )


def additive(values: Array, horizon: int) -> Array:
    """Forecast series with zeros or negative values: a part of the mean change goes on.

    Shape (series, horizon).
    """
    length = values.shape[1]
    last = values[:, -1:]
    if length == 1:
        return np.repeat(last, horizon, axis=1)
    kept = numbers("additive.kept")[length_class(length)]
    steps = np.concatenate([kept, np.repeat(kept[-1:], max(horizon - LEARNED, 0))])[:horizon]
    recent = values[:, -MEMORY:]
    with np.errstate(over="ignore"):
        change = recent[:, -1] / (recent.shape[1] - 1) - recent[:, 0] / (recent.shape[1] - 1)
        # The largest double in place of infinity.
        points: Array = np.nan_to_num(last + change[:, None] * steps)
    return np.where(values.min(axis=1, keepdims=True) < 0, points, np.maximum(points, 0.0))


LENGTH_EDGES = (2, 3, 4, 6, 9, 14, 22)  # least number of points of every length class but the first


def length_class(length: int) -> int:
    """Return the class of a length: 1, 2, 3, 4-5, 6-8, 9-13, 14-21, 22 and more."""
    return sum(length >= edge for edge in LENGTH_EDGES)


def fit(values: Array) -> Fit:
    """Read the shape of the past; nothing is fitted on the few points themselves."""
    positive = values.min(axis=1) > 0

    def path(horizon: int) -> Array:
        points = additive(values, horizon)
        if positive.any():
            chosen = values[positive]
            points[positive] = chosen[:, -1:] * np.exp(outlook(chosen, horizon).point)
        return points

    return Fit(path)


def turned(values: Array, path: Array) -> Array:
    """Apply three rules for a turn to log paths of shape (series, year).

    The histories, of shape (series, time), are positive.
    """
    count = values.shape[1]
    changes = np.diff(np.log(values[:, -SHOWING:]), axis=1)
    if count < 2:
        return path
    if count == 2:
        return _after_a_fall(changes, path)
    if count > 3:
        path = _between_two_levels(changes, path)
    return _slowing(count, changes, path)


def _after_a_fall(changes: Array, path: Array) -> Array:
    """Halve the rise after one fall of 5 to 20 %; more is made good, and less is no turn."""
    fall = -changes[:, 0]
    share = HALVED * np.clip(fall / 0.05, 0.0, 1.0) * np.clip(2.0 - 5.0 * fall, 0.0, 1.0)
    return np.where(path > 0, path * (1 - share[:, None]), path)


def _between_two_levels(changes: Array, path: Array) -> Array:
    """Move to the middle of two levels where values alternate; half of the way at four points."""
    uneven = np.hypot(np.abs(changes[:, 1:] + changes[:, :-1]).max(axis=1), 2 * LITTLE)
    size = np.abs(changes).mean(axis=1)
    alternates = np.clip(1.2 - 1.2 * uneven / np.maximum(size, LITTLE), 0.0, 1.0)
    alike = alternates * min((changes.shape[1] - 1) / 4, 1.0)
    return np.asarray(path + alike[:, None] * (-changes[:, -1:] / 2 - path))


def _slowing(count: int, changes: Array, path: Array) -> Array:
    """Grow less above the growth of the last year where a series that only rose has slowed."""
    last = changes[:, -1]
    slower = np.maximum(changes[:, -2] - changes[:, -1], 0.0)
    slows = slower / (slower + 0.2 * np.abs(changes[:, -2]) + LITTLE)
    least = np.maximum(changes.min(axis=1), 0.0)
    short = float(np.clip((MANY - count) / (MANY - FEW), 0.0, 1.0))
    weight = short * slows * least / (least + LITTLE)
    above = np.maximum(path - last[:, None] * np.arange(1.0, path.shape[1] + 1), 0.0)
    return np.asarray(path - weight[:, None] * above)


MODEL = Model(
    name="reference",
    title="Reference class",
    role="member",
    min_points=1,
    formula="y[n+h] = y[n] exp(s f_h(log changes / s, n, s, dot, theta, drift)), "
    "s the mean absolute log change, "
    "f the mean of small perceptrons trained on real annual series",
    assumes="the series goes on as real annual series of like shape went on",
    reference="Kahneman & Tversky 1977 (the outside view), DOI 10.21236/ADA047747; "
    "Montero-Manso & Hyndman 2021 (global models), DOI 10.1016/j.ijforecast.2021.03.004",
    fit=fit,
)
