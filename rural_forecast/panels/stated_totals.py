"""Totals that a file states of nodes, besides the tree: no part lies above its own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rural_forecast.forecasting.answers import paths_of_totals
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.models.base import Array, Integers
from rural_forecast.panels.nodes import node_by_id
from rural_forecast.panels.tree import (
    Tree,
)


def caps_of_totals(nodes: Panel, asked: Request, shape: tuple[int, ...]) -> Array:
    """The most of each node that is a part of a total that is stated, infinite for others.

    Shape (1 + 2 x levels, node, year): of the value, the lower and the upper bounds.
    """
    caps = np.full((1 + 2 * len(asked.levels), *shape), np.inf)
    for node, path in paths_of_totals(nodes, asked):
        of_total = np.concatenate([path.values[None], path.lower, path.upper])
        caps[:, node] = of_total[:, -shape[-1] :]
    return caps


def stated_totals(tree: Tree, read: Panel) -> tuple[Integers, Integers]:
    """Nodes with a total that is stated, and these totals, where both are in the tree."""
    node_of = node_by_id(tree, read)
    pairs = []
    for part, total in read.within.items():
        if part in node_of and total in node_of:
            pairs.append((node_of[part], node_of[total]))
    parts, totals = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return parts, totals


def below_totals(
    parts: Integers, totals: Integers, most: Array, reconciled: Callable[[Array], Array]
) -> Array:
    """Reconciled values in which no part is above its stated total.

    Lowering a part moves all others, its total too; one round a pair settles a chain of them.
    """
    values = reconciled(most)
    for _ in range(len(parts)):
        if (values[parts] <= values[totals]).all():
            break
        most[parts] = np.minimum(values[totals], most[parts])
        values = reconciled(most)
    return values
