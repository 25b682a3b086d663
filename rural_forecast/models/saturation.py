"""What the curves that rise to a stated ceiling share."""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Codes, Reason


def middle(ceiling: Ceiling | None) -> float:
    """The geometric middle of a stated range: half of the possible factors lie on each side of it.

    >>> middle((100.0, 400.0))
    200.0
    """
    assert ceiling is not None, "`answer` asks a curve only where a ceiling is stated"
    return float(ceiling[0] * np.sqrt(ceiling[1] / ceiling[0]))


def screen(values: Array, top: float, every: bool) -> Codes:
    """Reasons of shape (series,): values not positive, or the last (`every`: any) value not below `top`."""
    reasons = np.zeros(len(values), dtype=np.int8)
    reached = values.max(axis=1) if every else values[:, -1]
    reasons[reached >= top] = Reason.ABOVE_CEILING
    reasons[values.min(axis=1) <= 0] = Reason.NOT_POSITIVE
    return reasons
