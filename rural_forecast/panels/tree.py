"""The tree of a panel, from ids in parts, a total row, or a table of parents; and values made to
add up on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.distribution import siblings
from rural_forecast.forecasting.panel import Panel
from rural_forecast.models.base import TINY, Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.names import is_total
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import counted, listed

SEPARATOR = " / "  # between the labels of an id that the reader makes of several columns
ROOT = "total"  # name of a whole that has no series
ROUNDING = 0.001  # part of a whole by which its parts may miss it without a note
# Part of a whole by which its parts may miss it in most years before the panel is refused.
GROSS = 0.2
ROUNDS = 20  # how often what zero bounds cut off is shared out again among the other parts
LOOSE = 0.2
LOOSER = 0.45
LOOSEST = 0.05
"""Correlation by which sums bound wholes: of long histories, what it loses by the inverse of the
points, and the least
(benchmarks/siblings.md)."""
Method = Literal["weighted", "top-down", "bottom-up"]


class Tree(NamedTuple):
    """Nodes in order of depth, each after its parent; children of one parent follow each other."""

    names: tuple[str, ...]
    parents: Integers  # place of the parent of each node; -1 for a whole
    series: Integers
    """place of the node's own series in the input; -1 where it is the sum of its parts."""
    edges: tuple[int, ...]  # where each depth begins, and the number of nodes

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
        inner = self.parents >= 0
        np.add.at(total, self.parents[inner], values[inner])
        return total

    def totals(self, values: Array) -> Array:
        """Values of shape (node, ...), each with those of all nodes below it added."""
        total = values.copy()
        for part, parents in self.up():
            np.add.at(total, parents, total[part])
        return total


def from_ids(ids: Sequence[str], separator: str = SEPARATOR) -> tuple[Tree, tuple[str, ...]]:
    """The tree of ids from a whole to a leaf, a part with the name of a total meaning all; and the
    ids outside it.
    """
    parents: dict[str, str] = {}
    own: dict[str, int] = {}
    whole = ROOT
    left = []
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
            raise InputError(
                f"{name} and {ids[own[key]]} are the same part of the whole.",
                "Remove one of the two.",
            )
        own[key] = place
    if len(own) < 2:
        raise InputError(
            "There is nothing to add up: the file has fewer than two series.",
            "Name a file of parts.",
        )
    if "" in own or list(parents.values()).count("") > 1:  # else the one root is the whole
        parents = {whole: "", **{key: parent or whole for key, parent in parents.items()}}
        own = {key or whole: place for key, place in own.items()}
    return _ordered(parents, own), tuple(left)


def from_parents(ids: Sequence[str], parents: Mapping[str, str]) -> tuple[Tree, tuple[str, ...]]:
    """The tree of a table of children and their parents, and the series that it does not name."""
    named = {*parents, *parents.values()} - {""}
    own = {name: place for place, name in enumerate(ids) if name in named}
    for name in sorted(named - {*parents.values()} - own.keys()):
        raise InputError(
            f"{name} has neither a series nor parts.", "Correct its name in the table of parents."
        )
    left = tuple(name for name in ids if name not in named)
    return _ordered({name: parents.get(name, "") for name in sorted(named)}, own), left


def _ordered(parents: Mapping[str, str], own: Mapping[str, int]) -> Tree:
    children: dict[str, list[str]] = {}
    for name, parent in parents.items():
        children.setdefault(parent, []).append(name)
    names: list[str] = []
    edges = [0]
    level = children.get("", [])
    while level:
        names += level
        edges.append(len(names))
        level = [child for name in level for child in children.get(name, ())]
    place = {name: at for at, name in enumerate(names)}
    if len(names) < len(parents):
        name = next(name for name in parents if name not in place)
        seen = set[str]()
        while name not in seen:  # up from below the circle
            seen.add(name)
            name = parents[name]
        raise InputError(f"{name} is a part of itself.", "Correct the table of parents.")
    above = [place.get(parents[name], -1) for name in names]
    series = [own.get(name, -1) for name in names]
    return Tree(
        tuple(names),
        np.array(above, dtype=np.int64),
        np.array(series, dtype=np.int64),
        tuple(edges),
    )


def read_parents(path: str | Path) -> dict[str, str]:
    """The parent of each child of a file with the columns `child` and `parent`."""
    grid = grids(read_bytes(str(path)), name_of(str(path)))[0]
    names = [text.casefold() for text in grid.texts(0)]
    if not {"child", "parent"} <= {*names}:
        raise InputError(
            f"{grid.name} has no columns child and parent.", "Name its two columns so."
        )
    parents: dict[str, str] = {}
    for row in range(1, len(grid.index)):
        child, parent = (grid.text(row, names.index(head)) for head in ("child", "parent"))
        if (not child and parent) or parents.setdefault(child, parent) != parent:
            what = f"{child} has two parents" if child else f"{parent} has a part without a name"
            raise InputError(f"{what}.", "Give each part one row.", place=grid.place_of(row, 0))
    if not parents:
        raise InputError(
            f"{grid.name} has no rows below its head.", "Give each part a row: child,parent."
        )
    return parents


def table(tree: Tree, panel: Panel) -> tuple[Array, int]:
    """Values of shape (node, year), NaN where unknown, and the first year; a sum is known where all
    its parts are.
    """
    first = int((panel.origins - panel.lengths).min()) + 1
    values = np.full((len(tree.names), int(panel.origins.max()) - first + 1), np.nan)
    node_of = np.full(len(panel.ids), -1)
    node_of[tree.series[tree.series >= 0]] = np.flatnonzero(tree.series >= 0)
    nodes = np.repeat(node_of, panel.lengths)
    placed = nodes >= 0
    values[nodes[placed], panel.years[placed] - first] = panel.values[placed]
    for part, parents in tree.up():
        sums = np.zeros_like(values)
        with np.errstate(over="ignore"):
            np.add.at(sums, parents, values[part])
        at = np.unique(parents)
        if (infinite := at[np.isinf(sums[at]).any(axis=1)]).size:
            problem = f"The parts of {tree.names[infinite[0]]} add up to more than a number holds."
            raise InputError(problem, "Write the series in a larger unit.")
        at = at[tree.series[at] < 0]
        values[at] = sums[at]
        if (empty := at[np.isnan(values[at]).all(axis=1)]).size:
            problem = f"The parts of {tree.names[empty[0]]} have no year in common."
            raise InputError(problem, "Give them values of the same years, or leave one out.")
    return values, first


def notes(tree: Tree, known: Array, first: int, origins: Integers) -> Iterator[Note]:
    """Notes on the histories, the first year of which is `first`. Raises InputError if parts do not
    fit their whole.
    """

    def some(nodes: Integers) -> str:
        """The names of nodes, of many the first five."""
        more = f" of {len(nodes):,}" if len(nodes) > 5 else ""
        return listed(tree.names[node] for node in nodes[:5].tolist()) + more

    origin = int(origins.max())
    begins = np.isfinite(known).argmax(axis=1)
    wholes, (missed, gap) = (
        np.flatnonzero(~tree.leaves & (tree.series >= 0)),
        _misfits(tree, known, first),
    )
    if len(wholes):
        agree = "" if missed else ", and the parts add up"
        yield Note("wholes_given", f"Read as a whole, not as one more part: {some(wholes)}{agree}.")
    if missed:
        text = f"{counted(missed, 'whole')} missed by the sum of the parts in the history, most of all {gap}."
        yield Note("does_not_add_up", f"{text} Forecasts add up all the same.", warning=True)
    parts = np.flatnonzero(tree.parents >= 0)
    alike = parts[np.bincount(tree.parents[parts], minlength=len(begins))[tree.parents[parts]] > 2]
    own = known[alike]
    total = tree.sums(known)[tree.parents[alike]]
    both = np.isfinite(total) & (own != 0)
    same = np.abs(total - 2 * own) <= ROUNDING * np.abs(own)
    if len(twice := alike[(both.sum(axis=1) > 1) & (same | ~both).all(axis=1)]):
        text = f"The sum of the other parts of its whole in every year, so counted twice: {some(twice)}."
        yield Note("counted_twice", text, warning=True, advice="Call it Total, or leave it out.")
    if len(roots := np.flatnonzero(tree.parents < 0)) > 1:
        text = (
            f"The tree has wholes that do not add up to one: {some(roots)}. A name may be misspelt."
        )
        yield Note("several_wholes", text, warning=True)
    earliest = np.full(len(begins), known.shape[1])
    np.minimum.at(earliest, tree.parents[parts], begins[parts])
    if len(late := np.flatnonzero((tree.series < 0) & (begins > earliest))):
        text = f"Known from a later year than some parts, the first from {first + begins[late[0]]}: {some(late)}."
        yield Note("starts_late", text, warning=True)
    if len(early := np.flatnonzero(origins < origin)):
        text = f"Forecast from an end before {origin}, the first from {origins[early[0]]}: {some(early)}."
        yield Note("ends_early", text, warning=True)


def _misfits(tree: Tree, values: Array, first: int) -> tuple[int, str]:
    """How many wholes the sum of their parts misses, and the worst gap; refuses what is no whole at
    all.
    """
    inner = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    own = values[inner]
    sums = tree.sums(values)[inner]
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.nan_to_num(np.abs(sums - own) / np.maximum(np.abs(own), np.abs(sums)))
    known = np.isfinite(sums) & np.isfinite(own)
    gross = ((off > GROSS).sum(axis=1) > known.sum(axis=1) / 2) & known.any(axis=1)
    missed = int((off > ROUNDING).any(axis=1).sum())
    if not missed:
        return 0, ""
    row = int(np.where(gross, np.inf, off.max(axis=1)).argmax())
    at = int(off[row].argmax())
    name = tree.names[inner[row]]
    gap = f"{number(float(own[row, at]))} in {first + at}, and its parts come to {number(float(sums[row, at]))}"
    if gross.any():
        raise InputError(
            f"The parts of {name} are not its parts: it is {gap}.", "Correct the file."
        )
    return missed, f"{name}: {gap}"


def narrowed(
    tree: Tree, base: Array, lower: Array, upper: Array, weighed: int, points: Array | Integers
) -> tuple[Array, Array]:
    """Bounds of shape (level, node, year) of wholes, no wider than the sum of their leaves; none is
    narrower later.

    That sum is taken as if errors correlated at least as `LOOSE` says: parts cancel out, which a
    whole of a few points cannot show. `weighed`: place of the level that says how wide a node is.
    `points`: of the history of each node.
    """
    correlation = np.maximum(LOOSE - LOOSER / points, LOOSEST)[:, None]
    width = upper[weighed] - lower[weighed]
    width = width / np.maximum(width.max(axis=0), TINY)
    leaves = np.where(tree.leaves[:, None], width, 0.0)
    sums = correlation * tree.totals(leaves) ** 2 + (1 - correlation) * tree.totals(leaves**2)
    bounded = (sums < width**2) & ~tree.leaves[:, None]
    factor = np.sqrt(np.divide(sums, width**2, out=np.ones_like(width), where=bounded))
    # And so they move in logs.
    positive = ((base > 0) & (lower.min(axis=0) > 0)).all(axis=1)[:, None]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        low, high = (
            np.where(positive, np.log(side / base), side - base) * factor for side in (lower, upper)
        )
        low = np.minimum.accumulate(low, axis=2)
        high = np.maximum.accumulate(high, axis=2)
        lower, upper = (
            np.where(positive, base * np.exp(offset), base + offset) for offset in (low, high)
        )
    return lower, upper


def reconcile(
    tree: Tree,
    base: Array,
    spread: Array,
    nonnegative: Flags,
    method: Method,
    most: Array | float = np.inf,
) -> Array:
    """Values of shape (node, year) that add up, in two passes.

    Upwards, the sum of a node's parts is combined with its own forecast, each weighted by the
    inverse of its variance. Downwards, what a node differs from that sum is shared out by the
    covariance of its parts with it. With independent parts this is the weighted least squares of
    Wickramasuriya, Athanasopoulos and Hyndman (2019, DOI 10.1080/01621459.2018.1448825); parts of
    one whole err together (`siblings`), more so in later years.

    `base`, `spread`, `most`: forecasts, their standard deviations and upper bounds, of that shape.
    `nonnegative`: nodes that are never below zero, shape (node,).
    """
    correlation = np.array([siblings(year) for year in range(1, base.shape[1] + 1)])
    least = np.where(nonnegative[:, None], 0.0, -np.inf)
    most = np.broadcast_to(np.asarray(most), base.shape).copy()
    for part, parents in tree.up():  # nor is a whole more than the most of its parts
        at = np.unique(parents)
        most[at] = np.minimum(most[at], _sum(most[part], parents, base)[at])
    middle = base.copy()
    weights = np.maximum(base, 0.0)
    if method == "bottom-up":
        middle = tree.totals(np.where(tree.leaves[:, None], base, 0.0))
    elif method == "weighted":
        deviation = spread.copy()
        weights = np.zeros_like(base)
        for part, parents in tree.up():
            own = deviation[part]
            totals, variances, deviations = (
                _sum(each, parents, base) for each in (middle[part], own**2, own)
            )
            weights[part] = (1 - correlation) * own**2 + correlation * own * deviations[parents]
            at = np.unique(parents)
            below = (1 - correlation) * variances[at] + correlation * deviations[at] ** 2
            mine = deviation[at] ** 2
            share = np.divide(mine, mine + below, out=np.ones_like(mine), where=mine + below > 0)
            middle[at] += share * (totals[at] - middle[at])
            deviation[at] = np.sqrt(share * below)
    return _shared(tree, middle, weights, least, most)


def _shared(tree: Tree, middle: Array, weights: Array, least: Array, most: Array) -> Array:
    """Every node's value shared out among its parts: their own middle, and the rest by weight,
    within bounds.
    """
    values = np.minimum(middle, most)
    for part, parents in reversed([*tree.up()]):
        lowest = least[part]
        highest = most[part]
        values[part] = np.clip(values[part], lowest, highest)
        for _ in range(ROUNDS):
            rest = (values - _sum(values[part], parents, values))[parents]
            room = np.where(rest > 0, values[part] < highest, values[part] > lowest)
            shares = np.where(room, weights[part], 0.0)
            shares = np.where(_sum(shares, parents, values)[parents] > 0, shares, room)
            whole = _sum(shares, parents, values)[parents]
            moved = values[part] + rest * np.divide(
                shares, whole, out=np.zeros_like(whole), where=whole > 0
            )
            values[part] = np.clip(moved, lowest, highest)
            if (values[part] == moved).all():
                break
        totals = _sum(values[part], parents, values)
        bounded = (least == 0) & (totals > 0)
        scale = np.divide(values, totals, out=np.ones_like(values), where=bounded)
        # Rounding, and what no part could take.
        values[part] = np.minimum(values[part] * scale[parents], highest)
    return values


def nested(tree: Tree, nonnegative: Flags, bounds: Array) -> Array:
    """Bounds of shape (level, node, year), those of a part at most those of its whole, where no
    part is negative.
    """
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
