"""Forecasts of a tree made to add up, in two passes.

Upwards, what a node's parts sum to is combined with the node's own forecast, each weighted by the inverse of its
variance; the variances come from the calibrated intervals, so they are known at three points, where residuals are not.
Downwards, what a node differs from the sum of its parts is shared out by their covariance with that sum. With
independent parts this is the weighted least squares of Wickramasuriya, Athanasopoulos and Hyndman (2019, DOI
10.1080/01621459.2018.1448825), exactly, in time that grows with the number of nodes. Parts of one whole err together,
more so in later years (`forecasting/distribution.siblings`): a sum is less sure than independent parts would make it.

The interval of a whole is no wider than that of the sum of its leaves would be if their errors correlated at `loose`:
parts cancel out, which a whole of a few points cannot show. This is less than they do correlate, for at few points the
intervals of leaves have margins that they seldom need. Adding up buys coherence, not accuracy.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from rural_forecast.forecasting.distribution import siblings
from rural_forecast.models.base import TINY, Array, Flags, Integers
from rural_forecast.panels.tree import Tree

Method = Literal["weighted", "top-down", "bottom-up"]
ROUNDS = 20  # how often what zero bounds cut off is shared out again among the other parts
LOOSE, LOOSER, LOOSEST = 0.2, 0.45, 0.05
"""Correlation by which sums bound wholes: of long histories, what it loses by the inverse of the points, and the least
(benchmarks/siblings.md)."""


def narrowed(
    tree: Tree, base: Array, lower: Array, upper: Array, weighed: int, points: Array | Integers
) -> tuple[Array, Array]:
    """Bounds of shape (level, node, year) of wholes, no wider than the sum of their leaves; none is narrower later.

    `weighed`: place of the level that says how wide a node is. `points`: of the history of each node.
    """
    correlation = np.maximum(LOOSE - LOOSER / points, LOOSEST)[:, None]
    width = upper[weighed] - lower[weighed]
    width = width / np.maximum(width.max(axis=0), TINY)
    leaves = np.where(tree.leaves[:, None], width, 0.0)
    sums = correlation * tree.totals(leaves) ** 2 + (1 - correlation) * tree.totals(leaves**2)
    bounded = (sums < width**2) & ~tree.leaves[:, None]
    factor = np.sqrt(np.divide(sums, width**2, out=np.ones_like(width), where=bounded))
    positive = ((base > 0) & (lower.min(axis=0) > 0)).all(axis=1)[:, None]  # and so they move in logs
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = (np.where(positive, np.log(side / base), side - base) * factor for side in (lower, upper))
        low, high = np.minimum.accumulate(low, axis=2), np.maximum.accumulate(high, axis=2)
        lower, upper = (np.where(positive, base * np.exp(offset), base + offset) for offset in (low, high))
    return lower, upper


def reconcile(
    tree: Tree,
    base: Array,
    spread: Array,
    nonnegative: Flags,
    method: Method,
    most: Array | float = np.inf,
) -> Array:
    """Values of shape (node, year) that add up.

    `base`, `spread`, `most`: forecasts, their standard deviations and upper bounds, of that shape. `nonnegative`:
    nodes that are never below zero, shape (node,).
    """
    correlation = np.array([siblings(year) for year in range(1, base.shape[1] + 1)])
    least = np.where(nonnegative[:, None], 0.0, -np.inf)
    most = np.broadcast_to(np.asarray(most), base.shape).copy()
    for part, parents in tree.up():  # nor is a whole more than the most of its parts
        at = np.unique(parents)
        most[at] = np.minimum(most[at], _sum(most[part], parents, base)[at])
    middle, weights = base.copy(), np.maximum(base, 0.0)
    if method == "bottom-up":
        middle = tree.totals(np.where(tree.leaves[:, None], base, 0.0))
    elif method == "weighted":
        deviation, weights = spread.copy(), np.zeros_like(base)
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
    return _shared(tree, middle, weights, least, most)


def _shared(tree: Tree, middle: Array, weights: Array, least: Array, most: Array) -> Array:
    """Every node's value shared out among its parts: their own middle, and the rest by weight, within bounds."""
    values = np.minimum(middle, most)
    for part, parents in reversed([*tree.up()]):
        lowest, highest = least[part], most[part]
        values[part] = np.clip(values[part], lowest, highest)
        for _ in range(ROUNDS):
            rest = (values - _sum(values[part], parents, values))[parents]
            room = np.where(rest > 0, values[part] < highest, values[part] > lowest)
            shares = np.where(room, weights[part], 0.0)
            shares = np.where(_sum(shares, parents, values)[parents] > 0, shares, room)
            whole = _sum(shares, parents, values)[parents]
            moved = values[part] + rest * np.divide(shares, whole, out=np.zeros_like(whole), where=whole > 0)
            values[part] = np.clip(moved, lowest, highest)
            if (values[part] == moved).all():
                break
        totals = _sum(values[part], parents, values)
        bounded = (least == 0) & (totals > 0)
        scale = np.divide(values, totals, out=np.ones_like(values), where=bounded)
        values[part] = np.minimum(values[part] * scale[parents], highest)  # rounding, and what no part could take
    return values


def nested(tree: Tree, nonnegative: Flags, bounds: Array) -> Array:
    """Bounds of shape (level, node, year), those of a part at most those of its whole, where no part is negative."""
    bounds = bounds.copy()
    for part, parents in reversed([*tree.up()]):
        below = np.ones(len(tree.names), dtype=bool)
        np.logical_and.at(below, parents, nonnegative[part])
        least = np.minimum(bounds[:, part], bounds[:, parents])
        bounds[:, part] = np.where(below[parents, None], least, bounds[:, part])
    return bounds


def _sum(parts: Array, parents: Integers, like: Array) -> Array:
    total = np.zeros_like(like)
    np.add.at(total, parents, parts)
    return total
