"""The consensus of the named members: one point, its interval, and the weight of every member.

First form: the median of the members that answer, the interval from their rolling one-step errors with a floor. The
seam is `consensus`; what is inside may be replaced without a change elsewhere.
"""

from __future__ import annotations

from typing import NamedTuple

from rural_forecast.models.base import Array, Ceiling, Codes


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
    raise AssertionError
