"""Forecasts of a tree made to add up, in two passes.

Upwards, what a node's parts sum to is combined with the node's own forecast, each weighted by the inverse of its
variance; the variances come from the calibrated intervals, so they are known at three points, where residuals are not.
Downwards, what a node differs from the sum of its parts is shared out by their covariance with that sum. With
independent parts this is the weighted least squares of Wickramasuriya, Athanasopoulos and Hyndman (2019, DOI
10.1080/01621459.2018.1448825), exactly, in time that grows with the number of nodes. Parts of one whole err together,
more so in later years (`forecasting/distribution.siblings`): a sum is less sure than independent parts would make it.

Intervals of wholes of many parts are narrowed once points are many enough to show how calm a whole is: their widths
shrink by `GAIN * (1 - 1 / breadth) / points`, not at all at three points and in full from eight; breadth is the number
of equal parts that would be as diverse. Adding up buys coherence, not accuracy.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from rural_forecast.forecasting.distribution import siblings
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.panels.tree import Tree

Method = Literal["weighted", "top-down", "bottom-up"]
ROUNDS = 20
"""How often what zero bounds cut off is shared out again among the other parts."""
GAIN = 1.1
FEWEST, FULL = 3, 8
"""Points up to which nothing is narrowed, and from which on it counts in full."""


def factors(breadth: Array, points: Integers, gain: float = GAIN) -> Array:
    """Factors of the widths of intervals, shape (node,).

    >>> factors(np.array([1.0, 10.0, 10.0, 10.0]), np.array([3, 3, 8, 20])).round(2).tolist()
    [1.0, 1.0, 0.88, 0.95]
    """
    share = np.clip((points - FEWEST) / (FULL - FEWEST), 0.0, 1.0)
    factor: Array = 1 - share * gain * (1 - 1 / breadth) / np.maximum(points, FEWEST)
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


def reconcile(
    tree: Tree, base: Array, spread: Array, nonnegative: Flags, method: Method, correlation: Array | None = None
) -> Array:
    """Values of shape (node, year) that add up.

    `base`, `spread`: forecasts and their standard deviations, of shape (node, year). `nonnegative`: nodes that are
    never below zero, shape (node,). `correlation`: of the errors of two parts of one whole, shape (year,); as
    learned, where it is left out.
    """
    if correlation is None:
        correlation = np.array([siblings(year) for year in range(1, base.shape[1] + 1)])
    if method == "bottom-up":
        return tree.totals(np.where(tree.leaves[:, None], base, 0.0))
    if method == "top-down":
        return _shared(tree, base, base, np.maximum(base, 0.0), nonnegative)
    middle, deviation = base.copy(), spread.copy()
    weights = np.zeros_like(base)
    for part, parents in tree.up():
        own = deviation[part]
        totals, variances, deviations = (_sum(each, parents, base) for each in (middle[part], own**2, own))
        weights[part] = (1 - correlation) * own**2 + correlation * own * deviations[parents]
        at = np.unique(parents)
        below = (1 - correlation) * variances[at] + correlation * deviations[at] ** 2
        mine = deviation[at] ** 2
        share = np.divide(mine, mine + below, out=np.ones_like(mine), where=mine + below > 0)
        middle[at] += share * (totals[at] - middle[at])
        deviation[at] = np.sqrt(share * below)
    return _shared(tree, middle, middle, weights, nonnegative)


def _shared(tree: Tree, tops: Array, middle: Array, weights: Array, nonnegative: Flags) -> Array:
    """Every node's value shared out among its parts: their own middle, and the rest by weight."""
    values = tops.copy()
    for part, parents in reversed([*tree.up()]):
        shares, least = weights[part], np.where(nonnegative[part, None], 0.0, -np.inf)
        values[part] = np.maximum(middle[part], least)
        open_weights = np.where(_sum(shares, parents, values)[parents] > 0, shares, 1.0)
        for _ in range(ROUNDS):
            rest = (values - _sum(values[part], parents, values))[parents]
            whole = _sum(open_weights, parents, values)[parents]
            moved = values[part] + rest * np.divide(open_weights, whole, out=np.zeros_like(whole), where=whole > 0)
            values[part] = np.maximum(moved, least)
            if not (moved < least).any():
                break
            open_weights = np.where(moved < least, 0.0, open_weights)
        totals = _sum(values[part], parents, values)
        bounded = nonnegative[:, None] & (totals > 0)
        scale = np.divide(values, totals, out=np.ones_like(values), where=bounded)
        values[part] *= scale[parents]  # rounding, and what no part could take
    return values


def _sum(parts: Array, parents: Integers, like: Array) -> Array:
    total = np.zeros_like(like)
    np.add.at(total, parents, parts)
    return total
