"""The consensus of the named members: one point, its interval, and the weight of every member.

First form: the median of the members that answer. The seam is `consensus`; what is inside may be replaced without a
change elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.intervals import intervals
from rural_forecast.models.base import Array, Ceiling, Codes, answer
from rural_forecast.models.registry import MODELS


class Consensus(NamedTuple):
    """Forecasts of a block of equal-length series."""

    point: Array
    """Shape (series, horizon): the median forecast."""
    lower: Array
    """Shape (series, level, horizon)."""
    upper: Array
    members: tuple[str, ...]
    weights: Array
    """Shape (series, member, horizon); sums to 1 over members, 0 for one that steps aside."""
    points: Array
    """Shape (series, member, horizon): what each member says, NaN for one that steps aside."""
    reasons: Codes
    """Shape (series, member)."""


def consensus(values: Array, horizon: int, levels: tuple[int, ...], ceiling: Ceiling | None = None) -> Consensus:
    """Combine the members on a block of shape (series, time); `levels` are whole percents from 50 to 99."""
    models = [model for model in MODELS if model.role == "member" or (model.role == "curve" and ceiling is not None)]
    answers = [answer(model, values, horizon, ceiling=ceiling) for model in models]
    points = np.stack([given.points for given in answers], axis=1)
    reasons = np.stack([given.reasons for given in answers], axis=1)
    answering = reasons == 0
    weights = np.where(answering, 1.0, 0.0) / np.maximum(answering.sum(axis=1, keepdims=True), 1)
    point = np.nanmedian(points, axis=1)
    lower, upper = intervals(values, point, levels)
    return Consensus(
        point=point,
        lower=lower,
        upper=upper,
        members=tuple(model.name for model in models),
        weights=np.repeat(weights[:, :, None], horizon, axis=2),
        points=points,
        reasons=reasons,
    )
