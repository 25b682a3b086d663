"""How much surer than a series a whole is: intervals of wholes of many parts are narrowed where points are few.

The engine's intervals hold what they promise on single series. A whole moves less than its parts, which three points
cannot show, so its own interval holds 85 to 100 % at a nominal 80. Over forecast origins of five real panels
(`training/siblings.py`) the widths of wholes shrink by `GAIN * (1 - 1 / breadth) / points`; breadth is the number of
equal parts that would be as diverse.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array, Integers
from rural_forecast.panels.tree import Tree

GAIN = 1.1
FEWEST = 3
"""Points below which nothing was measured."""


def factors(breadth: Array, points: Integers, gain: float = GAIN) -> Array:
    """Factors of the widths of intervals, shape (node,).

    >>> factors(np.array([1.0, 10.0, 10.0]), np.array([3, 3, 20])).round(2).tolist()
    [1.0, 0.67, 0.95]
    """
    factor: Array = 1 - gain * (1 - 1 / breadth) / np.maximum(points, FEWEST)
    return factor


def breadths(tree: Tree, last: Array) -> Array:
    """How many equal leaves would be as diverse as those of each node, by their last values; at least 1."""
    amounts = np.where(tree.leaves, np.abs(last), 0.0)
    amounts /= amounts.max() or 1.0
    totals, squares = tree.totals(amounts), tree.totals(amounts**2)
    breadth: Array = np.divide(totals**2, squares, out=np.ones_like(totals), where=squares > 0)
    return np.maximum(breadth, 1.0)


def narrowed(base: Array, lower: Array, upper: Array, factor: Array) -> tuple[Array, Array]:
    """Bounds of shape (level, node, year) closer to `base`, in logarithms where all is positive."""
    factor = factor[:, None]
    positive = (base > 0) & (lower.min(axis=0) > 0)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lower, upper = (
            np.where(positive, base * (side / base) ** factor, base + (side - base) * factor) for side in (lower, upper)
        )
    return lower, upper
