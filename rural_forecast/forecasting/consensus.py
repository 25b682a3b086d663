"""The consensus of the named members: one point, its interval, and the weight of every member.

On positive series the point is the weighted geometric mean of the members: weights come from a softmax of a few traits
of the series (length, size and dispersion of its growth, bend, how far dot and drift disagree) and of the horizon.
Its coefficients were learned from references that never saw the domain they were judged on (docs/model-card.md); the
few points of the series itself are never used to choose. A member without a path leaves its weight to the next like
it; one whose path would cross zero does so year by year, before it would. Series with zeros or negative values are
averaged with fixed weights. No year depends on how many years are asked for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.intervals import HUGE, intervals
from rural_forecast.forecasting.limits import eased
from rural_forecast.models import fading, reference
from rural_forecast.models.base import Answer, Array, Ceiling, Codes, answer
from rural_forecast.models.learned import numbers
from rural_forecast.models.reference import Outlook, outlook
from rural_forecast.models.registry import MODELS
from rural_forecast.models.shape import LEARNED, MEMORY, filled, log_ratios

WEIGHED = ("reference", "dot", "theta", "theta_log", "drift", "damped_drift")
"""Members that earn a weight, in the order of the learned coefficients."""
FIXED = {"reference": 0.5, "dot": 0.25, "damped_drift": 0.25}
"""Weights on series with zeros or negative values."""
HEIRS = (("drift", "damped_drift"), ("damped_drift", "theta"), ("dot", "theta"), ("theta", "theta_log"))
"""Who gets the weight that a member loses, in this order, as in the learning; that of `theta_log` goes to all."""
CURVES_SHARE = 0.5
"""What the growth curves get together once a ceiling is stated: whoever states one knows what the past cannot show."""
TINY = float(np.finfo(np.float64).tiny)


class Consensus(NamedTuple):
    """Forecasts of a block of equal-length series."""

    point: Array
    """Shape (series, horizon): the median forecast."""
    lower: Array
    """Shape (series, level, horizon)."""
    upper: Array
    members: tuple[str, ...]
    weights: Array
    """Shape (series, member, horizon); sums to 1 over members, 0 where one has no point."""
    points: Array
    """Shape (series, member, horizon): what each member says, NaN where it has no point."""
    reasons: Codes
    """Shape (series, member): why a path ends within the horizon."""
    view: Outlook | None = None
    """The reference class of the block, for whoever needs it again; None unless all series are positive."""


def consensus(values: Array, horizon: int, levels: tuple[int, ...], ceiling: Ceiling | None = None) -> Consensus:
    """Combine the members on a block of shape (series, time); `levels` are whole percents from 50 to 99.

    The last `MEMORY` points are used: what lies before says nothing more of the years to come, and so a batch of long
    series falls into few groups of equal length.
    """
    values = values[:, -MEMORY:]
    positive = values.min(axis=1) > 0
    if positive.all() or not positive.any():
        return _alike(values, horizon, levels, ceiling)
    parts = [(rows, _alike(values[rows], horizon, levels, ceiling)) for rows in (positive, ~positive)]
    count = len(values)

    def joined(*pieces: np.ndarray) -> np.ndarray:
        whole = np.empty((count, *pieces[0].shape[1:]), dtype=pieces[0].dtype)
        for (rows, _), piece in zip(parts, pieces, strict=True):
            whole[rows] = piece
        return whole

    (_, one), (_, other) = parts
    return Consensus(
        point=joined(one.point, other.point),
        lower=joined(one.lower, other.lower),
        upper=joined(one.upper, other.upper),
        members=one.members,
        weights=joined(one.weights, other.weights),
        points=joined(one.points, other.points),
        reasons=joined(one.reasons, other.reasons),
    )


def _alike(values: Array, horizon: int, levels: tuple[int, ...], ceiling: Ceiling | None) -> Consensus:
    """All series positive, or none."""
    positive = bool(values[:1].min() > 0)
    far = max(horizon, LEARNED)
    models = [model for model in MODELS if model.name in WEIGHED or (model.role == "curve" and ceiling is not None)]
    given = {
        model.name: answer(model, values, far, ceiling=ceiling)
        for model in models
        if model.name != reference.MODEL.name
    }
    kept = {model.name: fading.kept(model, values, given[model.name].points) for model in models if model.name in given}
    view = _outlook(values, horizon, given, kept) if positive else None
    given[reference.MODEL.name] = _reference(values, horizon, view)
    kept[reference.MODEL.name] = np.ones((len(values), horizon))
    names = tuple(model.name for model in models)
    points = np.stack([given[name].points[:, :horizon] for name in names], axis=1)
    if ceiling is not None:  # the curves know it; the mean of what lies below it does as well
        unaware = [place for place, name in enumerate(names) if name in WEIGHED]
        points[:, unaware] = eased(points[:, unaware], values[:, -1:, None], ceiling[1])
    ended = np.isnan(points[:, :, -1])
    reasons = np.where(ended, np.stack([given[name].reasons for name in names], axis=1), np.int8(0))
    shares = np.stack([kept[name][:, :horizon] for name in names], axis=1)
    weights = _handed_over(_weights(view, names, horizon, len(values)), names, shares)
    weights /= weights.sum(axis=1, keepdims=True)
    point = _mean(values, points, weights, positive)
    lower, upper = intervals(values, point, levels, "consensus", view)
    return Consensus(point, lower, upper, names, weights, points, reasons, view)


def _outlook(values: Array, horizon: int, given: dict[str, Answer], kept: dict[str, Array]) -> Outlook:
    """The reference class, from what the members have said already."""
    logs = {model.name: log_ratios(values, given[model.name].points[:, :LEARNED]) for model in reference.INPUTS}
    return outlook(values, horizon, filled(logs, kept))


def _reference(values: Array, horizon: int, view: Outlook | None) -> Answer:
    if view is None:
        points = reference.additive(values, horizon)
    else:
        with np.errstate(over="ignore"):
            points = np.clip(values[:, -1:] * np.exp(view.point), TINY, HUGE)
    return Answer(points, np.zeros(len(values), dtype=np.int8))


def _handed_over(weights: Array, names: tuple[str, ...], kept: Array) -> Array:
    """Weights with what each member loses given to its heir; before they are made to sum to 1.

    Parameters
    ----------
    weights, kept : shape (series, member, horizon)
    """
    for name, heir in HEIRS:
        place = names.index(name)
        weights[:, names.index(heir)] += weights[:, place] * (1.0 - kept[:, place])
    return weights * kept


def _mean(values: Array, points: Array, weights: Array, positive: bool) -> Array:
    if not positive:
        with np.errstate(over="ignore"):
            total: Array = np.clip((weights * np.where(weights > 0, points, 0.0)).sum(axis=1), -HUGE, HUGE)
        return total
    last = values[:, -1:]
    with np.errstate(over="ignore", divide="ignore"):
        logs = np.log(points / last[:, None, :])
        mean = (weights * np.where(weights > 0, logs, 0.0)).sum(axis=1)
        point: Array = np.clip(last * np.exp(mean), TINY, HUGE)
    return point


def _weights(view: Outlook | None, names: tuple[str, ...], horizon: int, count: int) -> Array:
    """Shape (series, member, horizon), before anyone steps aside."""
    weights = np.zeros((count, len(names), horizon))
    if view is None:
        for name, share in FIXED.items():
            weights[:, names.index(name)] = share
    else:
        learned = learned_weights(view.shape.traits, horizon)
        for place, name in enumerate(WEIGHED):
            weights[:, names.index(name)] = learned[:, place]
    curves = [place for place, name in enumerate(names) if name not in WEIGHED]
    if curves:
        weights *= 1 - CURVES_SHARE
        weights[:, curves] = CURVES_SHARE / len(curves)
    return weights


def learned_weights(traits: Array, horizon: int) -> Array:
    """Weights of the weighed members; shape (series, member, horizon), the last learned horizon carried on."""
    return shares_of(numbers("weights"), traits, horizon)


def shares_of(coefficients: Array, traits: Array, horizon: int) -> Array:
    """Softmax of coefficients of shape (input, member) on one, the traits, the horizon, and horizon times length.

    Written as a sum over inputs, not as a matrix product, so that one series gets the bits it has in a batch.
    """
    steps = np.log(np.minimum(np.arange(1.0, horizon + 1), LEARNED)) - 1.3
    scores = coefficients[0][None, :, None] + coefficients[-2][None, :, None] * steps
    scores = scores + (coefficients[-1][None, :, None] * steps) * traits[:, :1, None]
    for place in range(traits.shape[1]):
        scores = scores + coefficients[1 + place][None, :, None] * traits[:, place, None, None]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Array = scores / scores.sum(axis=1, keepdims=True)
    return shares
