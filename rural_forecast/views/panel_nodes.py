"""Nodes of a panel: its wholes, the parts of a whole, and what each says of itself."""

from __future__ import annotations

import numpy as np

from rural_forecast.panels.panel import PanelForecast


def roots_of(result: PanelForecast) -> list[int]:
    """List the nodes that are part of no other."""
    roots: list[int] = np.flatnonzero(result.tree.parents < 0).tolist()
    return roots


def parts_of(result: PanelForecast, root: int) -> list[int]:
    """List the parts of a node, the largest of the last year first."""
    parts = np.flatnonzero(result.tree.parents == root)
    order = np.argsort(-np.abs(result.values[parts, -1]), kind="stable")
    ordered: list[int] = parts[order].tolist()
    return ordered


def ends_of(result: PanelForecast, node: int) -> list[tuple[float, float]]:
    """Give the intervals of a node in the last year."""
    lower = result.lower[:, node, -1].tolist()
    upper = result.upper[:, node, -1].tolist()
    return list(zip(lower, upper, strict=True))


def name_of(result: PanelForecast, node: int) -> str:
    """Name a node without the name of its parent, which it may begin with."""
    name = result.tree.names[node]
    parent = int(result.tree.parents[node])
    own = name.removeprefix(result.tree.names[parent]) if parent >= 0 else name
    return own.lstrip(" /|:>-_.") or name


def share_of_growth(result: PanelForecast, node: int) -> float | None:
    """Compute the share of the growth of its whole that a part brings, in percent."""
    parent = int(result.tree.parents[node])
    if parent < 0:
        return None
    whole = float(result.values[parent, -1]) - float(result.last[parent])
    if not whole > 0:
        return None
    return 100 * (float(result.values[node, -1]) - float(result.last[node])) / whole
