"""The tree of a panel: which series are parts of which, from ids in parts, a total row, or a table of parents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.names import is_total
from rural_forecast.series.reading.source import name_of, read_bytes

SEPARATOR = " / "
"""Between the labels of an id that the reader makes of several columns."""
ROOT = "total"
"""Name of a whole that has no series."""


class Tree(NamedTuple):
    """Nodes in order of depth, each after its parent; children of one parent follow each other."""

    names: tuple[str, ...]
    parents: Integers
    """Place of the parent of each node; -1 for a whole."""
    series: Integers
    """Place of the node's own series in the input; -1 where it is the sum of its parts."""
    edges: tuple[int, ...]
    """Where each depth begins, and the number of nodes."""

    @property
    def leaves(self) -> Flags:
        """True for nodes without parts, shape (node,)."""
        leaves: Flags = np.bincount(self.parents[self.parents >= 0], minlength=len(self.names)) == 0
        return leaves

    def up(self) -> Iterable[tuple[slice, Integers]]:
        """Nodes of every depth but the first with their parents, the deepest first."""
        for start, end in zip(self.edges[-2:0:-1], self.edges[:1:-1], strict=True):
            yield slice(start, end), self.parents[start:end]

    def sums(self, values: Array) -> Array:
        """Values of shape (node, ...) added to the parent of each node."""
        total = np.zeros_like(values)
        for part, parents in self.up():
            np.add.at(total, parents, values[part])
        return total

    def totals(self, values: Array) -> Array:
        """Values of shape (node, ...), each with those of all nodes below it added."""
        total = values.copy()
        for part, parents in self.up():
            np.add.at(total, parents, total[part])
        return total


def from_ids(ids: Sequence[str], separator: str = SEPARATOR) -> tuple[Tree, tuple[str, ...]]:
    """The tree of ids whose parts lead from a whole to a leaf, and the ids that have no place in it.

    A part with the name of a total means all: `North / Total` is the node `North`, and `Total` the whole. One root that
    all ids share is the whole.

    >>> tree, _ = from_ids(["North / A", "North / B", "South / A"])
    >>> tree.names, tree.parents.tolist()
    (('total', 'North', 'South', 'North / A', 'North / B', 'South / A'), [-1, 0, 0, 1, 1, 2])
    """
    parents: dict[str, str] = {}
    own: dict[str, int] = {}
    whole, left = ROOT, []
    for place, name in enumerate(ids):
        path = name.split(separator)
        while path and is_total(path[-1]):
            path.pop()
        if any(map(is_total, path)):
            left.append(name)
            continue
        if not path:
            whole = name.split(separator)[-1]
        for depth in range(1, len(path) + 1):
            parents.setdefault(separator.join(path[:depth]), separator.join(path[: depth - 1]))
        key = separator.join(path)
        if key in own:
            raise InputError(f"{name} and {ids[own[key]]} are the same part of the whole.", "Remove one of the two.")
        own[key] = place
    if len(own) < 2:
        raise InputError("There is nothing to add up: the file has fewer than two series.", "Name a file of parts.")
    if "" not in own and len([parent for parent in parents.values() if not parent]) == 1:
        return _ordered(parents, own), tuple(left)  # one root is the whole
    renamed = {key: parent or whole for key, parent in parents.items()}
    return _ordered({whole: "", **renamed}, {key or whole: place for key, place in own.items()}), tuple(left)


def from_parents(ids: Sequence[str], parents: Mapping[str, str]) -> tuple[Tree, tuple[str, ...]]:
    """The tree of a table of children and their parents, and the series that it does not name.

    Raises InputError if a leaf has no series, or the table goes in a circle.
    """
    named = {*parents, *parents.values()} - {""}
    own = {name: place for place, name in enumerate(ids) if name in named}
    inner = {*parents.values()}
    for name in named - inner - own.keys():
        raise InputError(f"{name} has neither a series nor parts.", "Correct its name in the table of parents.")
    whole = {name: parents.get(name, "") for name in sorted(named)}
    return _ordered(whole, own), tuple(name for name in ids if name not in named)


def _ordered(parents: Mapping[str, str], own: Mapping[str, int]) -> Tree:
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent, []).append(name)
    names: list[str] = []
    edges, level = [0], children.get("", [])
    while level:
        names += level
        edges.append(len(names))
        level = [child for name in level for child in children.get(name, ())]
    if len(names) < len(parents):
        seen = {*names}
        name = next(name for name in parents if name not in seen)
        while name not in seen:  # up from below the circle
            seen.add(name)
            name = parents[name]
        raise InputError(f"{name} is a part of itself.", "Correct the table of parents.")
    place = {name: at for at, name in enumerate(names)}
    return Tree(
        tuple(names),
        np.array([place.get(parents[name], -1) for name in names], dtype=np.int64),
        np.array([own.get(name, -1) for name in names], dtype=np.int64),
        tuple(edges),
    )


HEADS = ("child", "parent")


def read_parents(path: str | Path) -> dict[str, str]:
    """The parent of each child.

    Raises InputError if there is no such file, it lacks a column or rows, a row has no child, or a child two parents.
    Raises UsageError if the file is of no known format.
    """
    name = name_of(str(path))
    grid = grids(read_bytes(str(path)), name)[0]
    names = [text.casefold() for text in grid.texts(0)]
    if not {*HEADS} <= {*names}:
        raise InputError(f"{grid.name} has no columns child and parent.", "Name its two columns so.")
    parents: dict[str, str] = {}
    for row in range(1, len(grid.index)):
        child, parent = (grid.text(row, names.index(head)) for head in HEADS)
        if not child and parent:
            raise InputError(f"{parent} has a part without a name.", "Name the child.", place=grid.place(row, 0))
        if parents.setdefault(child, parent) != parent:
            raise InputError(f"{child} has two parents.", "Keep one of them.", place=grid.place(row, 0))
    if not parents:
        raise InputError(f"{grid.name} has no rows below its head.", "Give each part a row: child,parent.")
    return parents
