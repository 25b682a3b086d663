"""The consensus of the named members: one point, its interval, and the weight of every member.

On positive series the point is the weighted geometric mean of the members; errors on the few points
of the series never choose. Other series have fixed weights.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import weights as weighting
from rural_forecast.forecasting.intervals import intervals
from rural_forecast.forecasting.limits import eased, saturated
from rural_forecast.forecasting.reference import MODEL as REFERENCE
from rural_forecast.forecasting.reference import Outlook, additive, outlook
from rural_forecast.forecasting.registry import MODELS
from rural_forecast.forecasting.shape import (
    LEARNED,
    MEMORY,
    from_beginning,
    grouped,
    without_spikes,
)
from rural_forecast.forecasting.subjects import moved_by_subjects
from rural_forecast.models.base import HUGE, TINY, Array, Ceiling, Flags, Integers, Model, answer

# Weights on series with zeros or negative values.
FIXED = {"reference": 0.5, "dot": 0.25, "damped_drift": 0.25}
# Of all growth curves together once a ceiling is stated: knowledge that the past cannot show.
CURVES_SHARE = 0.5


class Consensus(NamedTuple):
    """Forecasts of a block of equal-length series."""

    point: Array  # shape (series, horizon): the median forecast
    lower: Array  # shape (series, level, horizon)
    upper: Array
    members: tuple[str, ...]
    weights: Array
    """shape (series, member, horizon); sums to 1 over members, 0 where one has no point."""
    points: Array
    """shape (series, member, horizon): the forecast of each member, NaN where it has no point."""
    view: Outlook | None = None
    """the reference class of the block, for reuse; None unless all series are positive."""


def consensus(
    values: Array,
    horizon: int,
    levels: tuple[int, ...],
    ceiling: Ceiling | None = None,
    kinds: Sequence[str | None] = (),
) -> Consensus:
    """Combine the members on a block of shape (series, time)."""
    values = values[:, -MEMORY:]
    values, begun = from_beginning(values)
    # Series that begin in one year, and are positive or not, go through the same steps.
    key = 2 * begun + (values.min(axis=1) > 0)

    def of_group(rows: Integers) -> Consensus:
        kinds_of_group = [kinds[row] for row in rows.tolist()] if kinds else ()
        own = values[rows, begun[rows[0]] :]
        return _of_group(own, horizon, levels, ceiling, kinds_of_group)

    joint = grouped(key, of_group)
    # The view of the first group is none of the block.
    return joint if (key == key[0]).all() else joint._replace(view=None)


def _of_group(
    values: Array,
    horizon: int,
    levels: tuple[int, ...],
    ceiling: Ceiling | None,
    kinds: Sequence[str | None],
) -> Consensus:
    """Combine the members on series that begin together and are all positive, or all not."""
    steady = without_spikes(values)
    joint = _alike(steady, horizon, levels, ceiling)
    leapt = (steady != values).any(axis=1)
    if leapt.any():
        _widen(joint, leapt, _alike(values[leapt], horizon, levels, ceiling))
    if not any(kinds):
        return joint
    band = joint.point, joint.lower, joint.upper
    point, lower, upper = moved_by_subjects(values, band, levels, kinds)
    return joint._replace(point=point, lower=lower, upper=upper)


def _widen(joint: Consensus, leapt: Flags, other: Consensus) -> None:
    """Put the intervals of series with a leap between those without it and with it, in place."""
    point = joint.point[leapt, None]
    with np.errstate(divide="ignore", over="ignore"):
        down = np.log(point / joint.lower[leapt]) * np.log(other.point[:, None] / other.lower)
        up = np.log(joint.upper[leapt] / point) * np.log(other.upper / other.point[:, None])
        joint.lower[leapt] = point * np.exp(-np.sqrt(down))
        joint.upper[leapt] = np.minimum(point * np.exp(np.sqrt(up)), HUGE)


def _alike(
    values: Array, horizon: int, levels: tuple[int, ...], ceiling: Ceiling | None
) -> Consensus:
    positive = bool(values[:1].min() > 0)
    # The reference class sees the members over all learned years, whatever is asked for.
    far = max(horizon, LEARNED)
    models = _asked(ceiling)
    paths: dict[str, Array] = {}
    shares: dict[str, Array] = {}
    for model in models:
        if model is not REFERENCE:
            paths[model.name] = answer(model, values, far, ceiling=ceiling).points
            shares[model.name] = weighting.kept_share(model, values, paths[model.name])
    view = None
    if positive:
        view = outlook(values, horizon, weighting.filled(values, paths, shares))
        with np.errstate(over="ignore"):
            paths[REFERENCE.name] = np.clip(values[:, -1:] * np.exp(view.point), TINY, HUGE)
    else:
        paths[REFERENCE.name] = additive(values, horizon)
    shares[REFERENCE.name] = np.ones((len(values), horizon))

    names = tuple(model.name for model in models)
    points = np.stack([paths[name][:, :horizon] for name in names], axis=1)
    if ceiling is not None:  # the curves know it; the mean of what lies below it does as well
        unaware = [row for row, model in enumerate(models) if model.role == "member"]
        last = values[:, -1:, None]
        points[:, unaware] = eased(points[:, unaware], last, saturated(ceiling, last))
    kept = np.stack([shares[name][:, :horizon] for name in names], axis=1)
    weights = _weights(view, models, kept)
    point = _mean(values, points, weights, positive)
    lower, upper = intervals(values, point, levels, "consensus", view)
    return Consensus(point, lower, upper, names, weights, points, view)


def _asked(ceiling: Ceiling | None) -> list[Model]:
    """Return the members, and with a stated ceiling the growth curves too, in display order."""
    roles = ("member",) if ceiling is None else ("member", "curve")
    return [model for model in MODELS if model.role in roles]


@np.errstate(over="ignore", divide="ignore", invalid="ignore")
def _mean(values: Array, points: Array, weights: Array, positive: bool) -> Array:
    """Average the members: a geometric mean for positive series; shape (series, horizon)."""
    last = values[:, -1:]
    terms = np.log(points / last[:, None, :]) if positive else points
    mean = (weights * np.where(weights > 0, terms, 0.0)).sum(axis=1)
    if positive:
        return np.asarray(np.clip(last * np.exp(mean), TINY, HUGE))
    # Each year may go beyond zero by as much as the history did.
    years = np.arange(2.0, mean.shape[1] + 2)
    lowest = np.minimum(values.min(axis=1), 0.0)
    highest = np.maximum(values.max(axis=1), 0.0)
    return np.asarray(
        np.clip(np.clip(mean, -HUGE, HUGE), lowest[:, None] * years, highest[:, None] * years)
    )


def _weights(view: Outlook | None, models: list[Model], kept: Array) -> Array:
    """Return weights of shape (series, member, horizon).

    A member keeps a share of its weight in each year; the rest goes to its successor.
    """
    names = [model.name for model in models]
    weights = np.zeros(kept.shape)
    if view is None:
        rows = [names.index(name) for name in FIXED]
        weights[:, rows] = np.array(list(FIXED.values()))[:, None]
    else:
        rows = [names.index(name) for name in weighting.WEIGHED]
        weights[:, rows] = weighting.shares(view.shape.traits)[:, :, None]
    curves = [row for row, model in enumerate(models) if model.role == "curve"]
    if curves:
        weights *= 1 - CURVES_SHARE
        weights[:, curves] = CURVES_SHARE / len(curves)
    # A successor loses its own weight after it got that of others.
    for model in reversed(weighting.FITTED):
        if model.reassigned_to:
            row = names.index(model.name)
            successor = names.index(model.reassigned_to)
            weights[:, successor] += weights[:, row] * (1.0 - kept[:, row])
    weights = weights * kept
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
