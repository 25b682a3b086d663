"""The tree of a panel, and values made to add up on it.

A tree is read from ids in parts, where the name of a total means all, or from a table of parents.
`reconcile` makes values add up, and `nested` fits bounds to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.distribution import siblings
from rural_forecast.forecasting.panel import Panel
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.names import is_total
from rural_forecast.observed.reading.source import name_of, read_bytes
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import counted, shortened

SEPARATOR = " / "  # between the labels of an id that the reader makes of several columns
ROOT = "total"  # name of a whole that has no series
ROUNDING = 0.001  # part of a whole by which its parts may miss it without a note
MOST_NAMED = 5  # nodes that a sentence names
ENOUGH_SUMS = 3  # years in which a part is the sum of the others, before it is read as the whole
FEWEST_SUMS = 2  # years in which the parts of a whole add up, before their sums go on for it
GROSS = 0.2
"""Part of a whole by which its parts may miss it in most years before the panel is refused."""
ROUNDS = 20  # how often what zero bounds cut off is shared out again among the other parts
Method = Literal["weighted", "top-down", "bottom-up"]


class Tree(NamedTuple):
    """Nodes in order of depth, each after its parent; children of one parent follow each other."""

    names: tuple[str, ...]
    parents: Integers  # index of the parent of each node; -1 for a whole
    series: Integers
    """index of the node's own series in the input; -1 where it is the sum of its parts."""
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
    """The tree of ids that name their way from a whole to a leaf, and the ids outside it.

    Labels at the end that mean a total are left out: the id is that of what is above them. A total
    on the way to a leaf, beside other labels, leaves the id out: the leaf is counted below them.
    """
    parents: dict[str, str] = {}
    own: dict[str, int] = {}
    whole = ROOT
    left = []
    paths = [tuple(name.split(separator)) for name in ids]
    levels = _named_levels(paths)
    for row, name in enumerate(ids):
        path = [*paths[row]]
        while path and is_total(path[-1]) and tuple(path) not in levels:
            path.pop()
        ways = (tuple(path[:depth]) for depth in range(1, len(path) + 1))
        if any(is_total(way[-1]) and way not in levels for way in ways):
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
        own[key] = row
    if len(own) < 2:
        raise InputError(
            "There is nothing to add up: the file has fewer than two series.",
            "Name a file of parts.",
        )

    # One root without a series above it is the whole itself; others need a root of their own.
    if "" in own or list(parents.values()).count("") > 1:
        below = {key: parent or whole for key, parent in parents.items()}
        parents = {whole: "", **below}
        own = {key or whole: row for key, row in own.items()}
    return _ordered(parents, own), tuple(left)


def _named_levels(paths: Sequence[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """The ways to labels that mean a total, and are names of what they hold.

    Such a label has parts below it, and no other label beside it: `all / north`, `all / south`.
    """
    beside: dict[tuple[str, ...], set[str]] = {}
    for path in paths:
        for depth, label in enumerate(path):
            beside.setdefault(path[:depth], set()).add(label)
    named = set()
    for above, labels in beside.items():
        (label, *others) = labels
        if not others and is_total(label) and (*above, label) in beside:
            named.add((*above, label))
    return named


def from_parents(ids: Sequence[str], parents: Mapping[str, str]) -> tuple[Tree, tuple[str, ...]]:
    """The tree of a table of children and their parents, and the series that it does not name."""
    named = {*parents, *parents.values()} - {""}
    own = {name: row for row, name in enumerate(ids) if name in named}
    for name in sorted(named - {*parents.values()} - own.keys()):
        raise InputError(
            f"{name} has neither a series nor parts.", "Correct its name in the table of parents."
        )
    left = tuple(name for name in ids if name not in named)
    return _ordered({name: parents.get(name, "") for name in sorted(named)}, own), left


def below_its_sum(tree: Tree, panel: Panel) -> Tree:
    """The tree with its whole in place, where that is one of the parts by name alone: Finland.

    Such a part has no parts of its own, and is the sum of all others in `ENOUGH_SUMS` years or
    more.
    """
    if len(tree.edges) < 3 or tree.edges[1] > 1 or tree.series[0] >= 0:
        return tree
    history, _ = table(tree, panel)
    sums = _counted_twice(tree, history, ENOUGH_SUMS)
    sums = sums[(tree.parents[sums] == 0) & tree.leaves[sums]]
    if len(sums) != 1:
        return tree
    name = tree.names[sums[0]]
    parents = {}
    for node, parent in zip(tree.names[1:], tree.parents[1:].tolist(), strict=True):
        parents[node] = tree.names[parent] if parent else name
    parents[name] = ""
    own = dict(zip(tree.names, tree.series.tolist(), strict=True))
    return _ordered(parents, {node: row for node, row in own.items() if row >= 0})


def _ordered(parents: Mapping[str, str], own: Mapping[str, int]) -> Tree:
    """The tree of nodes by their parents, and by the rows of their own series.

    Raises InputError if a node is a part of itself.
    """
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

    index = {name: node for node, name in enumerate(names)}
    if len(names) < len(parents):
        name = next(name for name in parents if name not in index)
        # It may be below the circle: the first node met twice on the way up is in it.
        passed = set[str]()
        while name not in passed:
            passed.add(name)
            name = parents[name]
        raise InputError(f"{name} is a part of itself.", "Correct the table of parents.")
    above = [index.get(parents[name], -1) for name in names]
    series = [own.get(name, -1) for name in names]
    return Tree(
        names=tuple(names),
        parents=np.array(above, dtype=np.int64),
        series=np.array(series, dtype=np.int64),
        edges=tuple(edges),
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
        child = grid.text(row, names.index("child"))
        parent = grid.text(row, names.index("parent"))
        if (not child and parent) or parents.setdefault(child, parent) != parent:
            problem = f"{parent} has a part without a name."
            if child:
                problem = f"{child} has two parents."
            raise InputError(problem, "Give each part one row.", place=grid.place_of(row, 0))
    if not parents:
        raise InputError(
            f"{grid.name} has no rows below its head.", "Give each part a row: child,parent."
        )
    return parents


def table(tree: Tree, panel: Panel) -> tuple[Array, int]:
    """Values of shape (node, year), NaN where unknown, and the first year.

    A whole without a series has the sum of its parts, which is known where all of them are. A whole
    that ends before its parts has it in the years after its own, if they added up before: forecast
    from its own end, it contradicts what they show (`benchmarks/trees_under_way.md`).
    """
    first = int((panel.origins - panel.lengths).min()) + 1
    values = np.full((len(tree.names), int(panel.origins.max()) - first + 1), np.nan)
    node_of = np.full(len(panel.ids), -1)
    node_of[tree.series[tree.series >= 0]] = np.flatnonzero(tree.series >= 0)
    nodes = np.repeat(node_of, panel.lengths)
    in_tree = nodes >= 0
    values[nodes[in_tree], panel.years[in_tree] - first] = panel.values[in_tree]

    for part, parents in tree.up():
        sums = np.zeros_like(values)
        with np.errstate(over="ignore"):
            np.add.at(sums, parents, values[part])
        wholes = np.unique(parents)
        infinite = wholes[np.isinf(sums[wholes]).any(axis=1)]
        if infinite.size:
            raise InputError(
                f"The parts of {tree.names[infinite[0]]} add up to more than a number holds.",
                "Write the series in a larger unit.",
            )
        summed = wholes[tree.series[wholes] < 0]
        values[summed] = sums[summed]
        empty = summed[np.isnan(values[summed]).all(axis=1)]
        if empty.size:
            raise InputError(
                f"The parts of {tree.names[empty[0]]} have no year in common.",
                "Give them values of the same years, or leave one out.",
            )
        given = wholes[tree.series[wholes] >= 0]
        for whole in given.tolist():
            name = panel.ids[tree.series[whole]]
            if name not in panel.running and name not in panel.bases:
                later = _years_to_complete(values[whole], sums[whole])
                values[whole, later] = sums[whole, later]
    return values, first


def _years_to_complete(own: Array, sums: Array) -> slice:
    """Find the years after the last of a whole that the sums of its parts give, as indices."""
    both = np.isfinite(own) & np.isfinite(sums)
    end = len(own) - int(np.isfinite(own)[::-1].argmax())
    off = np.abs(sums[both] - own[both])
    adds_up = both.sum() >= FEWEST_SUMS and bool((off <= ROUNDING * np.abs(own[both])).all())
    unknown = np.isnan(sums[end:])
    count = int(unknown.argmax()) if unknown.any() else len(unknown)
    return slice(end, end + count if adds_up else end)


def completed(tree: Tree, panel: Panel, origins: Integers) -> dict[str, int]:
    """The last year that is given of each whole with later ones, which are sums of its parts.

    `origins` are the last years of the nodes.
    """
    given = np.flatnonzero(tree.series >= 0)
    ends = panel.origins[tree.series[given]]
    is_completed = origins[given] > ends
    names = [tree.names[node] for node in given[is_completed]]
    return dict(zip(names, ends[is_completed].tolist(), strict=True))


def notes(
    tree: Tree, history: Array, first: int, origins: Integers, completed: Mapping[str, int]
) -> Iterator[Note]:
    """Notes on the histories of the nodes, the first year of which is `first`.

    Raises InputError if parts do not fit their whole.
    """
    wholes = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    missed, gap = _misfits(tree, history, first)
    if len(wholes):
        add_up = "" if missed else ", and the parts add up"
        text = f"Read as a whole, not as one more part: {_some(tree, wholes)}{add_up}."
        yield Note("wholes_given", text)
    if missed:
        yield Note(
            "does_not_add_up",
            f"{counted(missed, 'whole')} missed by the sum of the parts in the history, "
            f"most of all {gap}. Forecasts add up all the same.",
            warning=True,
        )

    twice = _counted_twice(tree, history)
    if len(twice):
        yield Note(
            "counted_twice",
            "The sum of the other parts of its whole in every year, so counted twice: "
            f"{_some(tree, twice)}.",
            warning=True,
            advice="Call it Total, or leave it out.",
        )
    roots = np.flatnonzero(tree.parents < 0)
    if len(roots) > 1:
        text = f"The tree has wholes that do not add up to one: {_some(tree, roots)}."
        yield Note("several_wholes", f"{text} A name may be misspelt.", warning=True)
    if completed:
        has, its = ("has", "its") if len(completed) == 1 else ("have", "their")
        names = shortened([*completed], MOST_NAMED)
        yield Note(
            "completed",
            f"{names} {has} no value after {min(completed.values())}: "
            f"later years are the sums of {its} parts.",
            warning=True,
        )
    yield from _notes_on_years(tree, history, first, origins)


def _notes_on_years(tree: Tree, history: Array, first: int, origins: Integers) -> Iterator[Note]:
    begins = np.isfinite(history).argmax(axis=1)
    parts = np.flatnonzero(tree.parents >= 0)
    earliest_part = np.full(len(begins), history.shape[1])
    np.minimum.at(earliest_part, tree.parents[parts], begins[parts])
    late = np.flatnonzero((tree.series < 0) & (begins > earliest_part))
    if len(late):
        yield Note(
            "starts_late",
            "Known from a later year than some parts, the first from "
            f"{first + begins[late[0]]}: {_some(tree, late)}.",
            warning=True,
        )
    origin = int(origins.max())
    early = np.flatnonzero(origins < origin)
    if len(early):
        yield Note(
            "ends_early",
            f"Forecast from an end before {origin}, the first from "
            f"{origins[early[0]]}: {_some(tree, early)}.",
            warning=True,
        )


def _some(tree: Tree, nodes: Integers) -> str:
    """The names of nodes, of many the first."""
    return shortened([tree.names[node] for node in nodes.tolist()], MOST_NAMED)


def _counted_twice(tree: Tree, history: Array, least: int = FEWEST_SUMS) -> Integers:
    """Nodes that are the sum of two or more others of their whole, in every year of both.

    Those are so many years at `least`.
    """
    parts = np.flatnonzero(tree.parents >= 0)
    parents = tree.parents[parts]
    siblings_and_own = np.bincount(parents, minlength=len(tree.names))[parents]
    candidates = parts[siblings_and_own > 2]
    own = history[candidates]
    total = tree.sums(history)[tree.parents[candidates]]
    both = np.isfinite(total) & (own != 0)
    same = np.abs(total - 2 * own) <= ROUNDING * np.abs(own)
    twice: Integers = candidates[(both.sum(axis=1) >= least) & (same | ~both).all(axis=1)]
    return twice


def _misfits(tree: Tree, values: Array, first: int) -> tuple[int, str]:
    """How many wholes the sum of their parts misses, and the worst gap.

    Raises InputError for a whole that most years miss by more than `GROSS`.
    """
    wholes = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    own = values[wholes]
    sums = tree.sums(values)[wholes]
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.nan_to_num(np.abs(sums - own) / np.maximum(np.abs(own), np.abs(sums)))
    both = np.isfinite(sums) & np.isfinite(own)
    gross = ((off > GROSS).sum(axis=1) > both.sum(axis=1) / 2) & both.any(axis=1)
    missed = int((off > ROUNDING).any(axis=1).sum())
    if not missed:
        return 0, ""

    row = int(np.where(gross, np.inf, off.max(axis=1)).argmax())
    column = int(off[row].argmax())
    name = tree.names[wholes[row]]
    whole = number(float(own[row, column]))
    parts = number(float(sums[row, column]))
    gap = f"{whole} in {first + column}, and its parts come to {parts}"
    if gross.any():
        raise InputError(
            f"The parts of {name} are not its parts: it is {gap}.", "Correct the file."
        )
    return missed, f"{name}: {gap}"


def reconcile(
    tree: Tree,
    base: Array,
    spread: Array,
    nonnegative: Flags,
    method: Method,
    most: Array | float = np.inf,
) -> Array:
    """Make values of shape (node, year) add up, in two passes.

    Upwards, the sum of a node's parts is combined with its own forecast, each weighted by the
    inverse of its variance. The whole at the top keeps its own forecast: it is the answer to one
    question, here and where it is forecast alone, and its parts make it no more accurate
    (`benchmarks/siblings.md`). Downwards, what a node differs from that sum is shared out by the
    covariance of its parts with it. With independent parts this is the weighted least squares of
    Wickramasuriya, Athanasopoulos and Hyndman (2019, DOI 10.1080/01621459.2018.1448825) where the
    whole is certain; parts of one whole err together (`siblings`), more so in later years.

    Parameters
    ----------
    base, spread, most : forecasts, their standard deviations and upper bounds, of that shape
    nonnegative : nodes that are never below zero, shape (node,)
    """
    least = np.where(nonnegative[:, None], 0.0, -np.inf)
    most = np.broadcast_to(np.asarray(most), base.shape).copy()
    for part, parents in tree.up():  # nor is a whole more than the most of its parts
        wholes = np.unique(parents)
        most[wholes] = np.minimum(most[wholes], _sum(most[part], parents, base)[wholes])

    if method == "weighted":
        middle, weights = _combined_upwards(tree, base, spread)
    elif method == "bottom-up":
        middle = tree.totals(np.where(tree.leaves[:, None], base, 0.0))
        weights = np.maximum(base, 0.0)
    else:
        middle = base
        weights = np.maximum(base, 0.0)
    return _shared(tree, middle, weights, least, most)


def _combined_upwards(tree: Tree, base: Array, spread: Array) -> tuple[Array, Array]:
    """Each node combined with the sum of its parts, and the weights by which it is shared out."""
    correlation = np.array([siblings(year) for year in range(1, base.shape[1] + 1)])
    middle = base.copy()
    deviation = spread.copy()
    weights = np.zeros_like(base)
    for part, parents in tree.up():
        of_part = deviation[part]
        totals = _sum(middle[part], parents, base)
        variances = _sum(of_part**2, parents, base)
        deviations = _sum(of_part, parents, base)
        together = correlation * of_part * deviations[parents]
        weights[part] = (1 - correlation) * of_part**2 + together

        wholes = np.unique(parents)
        wholes = wholes[tree.parents[wholes] >= 0]
        below = (1 - correlation) * variances[wholes] + correlation * deviations[wholes] ** 2
        own = deviation[wholes] ** 2
        share = np.divide(own, own + below, out=np.ones_like(own), where=own + below > 0)
        middle[wholes] += share * (totals[wholes] - middle[wholes])
        deviation[wholes] = np.sqrt(share * below)
    return middle, weights


def _shared(tree: Tree, middle: Array, weights: Array, least: Array, most: Array) -> Array:
    """Every node's value shared out among its parts.

    A part gets its own middle, and of the rest a share by its weight, within bounds.
    """
    values = np.minimum(middle, most)
    for part, parents in reversed([*tree.up()]):
        lowest = least[part]
        highest = most[part]
        values[part] = np.clip(values[part], lowest, highest)
        # Sharing out the rest takes some parts to a bound, which leaves another rest.
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

        # Scaled for rounding, and for the rest that no part could take.
        totals = _sum(values[part], parents, values)
        bounded = (least == 0) & (totals > 0)
        scale = np.divide(values, totals, out=np.ones_like(values), where=bounded)
        values[part] = np.minimum(values[part] * scale[parents], highest)
    return values


def nested(tree: Tree, nonnegative: Flags, bounds: Array) -> Array:
    """Limit the bounds of a part to those of its whole, where no part is negative.

    `bounds`: shape (level, node, year).
    """
    bounds = bounds.copy()
    for part, parents in reversed([*tree.up()]):
        below = np.ones(len(tree.names), dtype=bool)
        np.logical_and.at(below, parents, nonnegative[part])
        least = np.minimum(bounds[:, part], bounds[:, parents])
        bounds[:, part] = np.where(below[parents, None], least, bounds[:, part])
    return bounds


def _sum(parts: Array, parents: Integers, like: Array) -> Array:
    """Parts added to their parents, in an array of the shape of `like`."""
    total = np.zeros_like(like)
    np.add.at(total, parents, parts)
    return total
