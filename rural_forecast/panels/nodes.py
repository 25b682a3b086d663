"""The nodes of a tree as series of a panel: a whole without a series has the sums of its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from rural_forecast.forecasting.panel import Panel
from rural_forecast.models.base import Array, Integers
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.preference import open_parts, preferred
from rural_forecast.panels.tree import (
    Tree,
)


def nodes_of(tree: Tree, read: Panel, history: Array, first: int, unit: str) -> Panel:
    """The nodes of a tree as series of a panel, each up to its own last year."""
    present = np.isfinite(history)
    ends = present[:, ::-1].argmax(axis=1)
    origins: Integers = (first + history.shape[1] - 1 - ends).astype(np.int64)
    within = {}
    bases = {}
    kinds = {}
    subjects = {}
    for name, node in node_by_id(tree, read).items():
        if name in read.kinds:
            kinds[tree.names[node]] = read.kinds[name]
        if name in read.subjects:
            subjects[tree.names[node]] = read.subjects[name]
        if name in read.within:
            within[tree.names[node]] = read.within[name]
        if name in read.bases:
            bases[tree.names[node]] = read.bases[name]
    return Panel(
        tree.names,
        np.concatenate([[0], np.cumsum(present.sum(axis=1))]),
        history[present],
        origins,
        [unit] * len(tree.names),
        kinds=kinds | _common_kinds(tree, kinds),
        subjects=subjects | _common_kinds(tree, subjects | kinds),
        within=within,
        totals=read.with_totals().totals,
        bases=bases | _summed(tree, _levels(tree, history, first), bases),
        running=_running(tree, read),
    )


def _running(tree: Tree, read: Panel) -> dict[str, Series]:
    """The series of nodes of which parts of the next year are known: of the file, and their sums.

    A whole without a series has the periods of its parts where all of them have the same ones of
    the year under way. Otherwise `under_way` moves it with their nowcasts, so that no period is
    lost.
    """
    of_node: dict[str, Series] = {}
    for name, node in node_by_id(tree, read).items():
        if name in read.running:
            of_node[tree.names[node]] = read.running[name]
    if not of_node:
        return of_node
    for part, parents in tree.up():
        for parent in np.unique(parents).tolist():
            if tree.series[parent] >= 0:
                continue
            children = part.start + np.flatnonzero(parents == parent)
            names = [tree.names[child] for child in children]
            if not all(name in of_node for name in names):
                continue
            if len({frozenset(open_parts(of_node[name])) for name in names}) == 1:
                name = tree.names[parent]
                of_node[name] = _sum_of_series(name, [of_node[child] for child in names])
    return of_node


def _sum_of_series(name: str, parts: Sequence[Series]) -> Series:
    """The sum of series in the periods that all of them have."""
    by_period = [preferred(part.observations, part.sources) for part in parts]
    common = set.intersection(*({*levels} for levels in by_period))
    sums = []
    for period in sorted(common):
        value = sum(levels[period].value for levels in by_period)
        sums.append(Observation(period, value, derived=True))
    return Series(name, unit=parts[0].unit, observations=tuple(sums), file=parts[0].file)


def _levels(tree: Tree, history: Array, first: int) -> dict[str, Bases]:
    """The levels of each node, as those of a node without a break."""
    of_node = {}
    for name, row in zip(tree.names, history, strict=True):
        observed = np.flatnonzero(np.isfinite(row)).tolist()
        of_node[name] = Bases({first + year: float(row[year]) for year in observed}, (), {})
    return of_node


def _summed(
    tree: Tree, levels: Mapping[str, Bases], bases: Mapping[str, Bases]
) -> dict[str, Bases]:
    """The bases of wholes that are sums of parts of which some have breaks.

    A whole is on a new basis wherever one of its parts is: between two breaks of any of them, all
    levels of each part are on one basis, and add up.
    """
    of_node: dict[str, Bases] = {}
    for name, names in _sums(tree) if bases else ():
        parts = [bases.get(child) or of_node.get(child) or levels[child] for child in names]
        summed = _sum_of(parts)
        if summed.breaks:
            of_node[name] = summed
    return of_node


def _common_kinds(tree: Tree, kinds: Mapping[str, str]) -> dict[str, str]:
    """The kinds of wholes that are sums of parts, where all parts are of one kind."""
    of_node: dict[str, str] = {}
    for name, names in _sums(tree) if kinds else ():
        of_children = {kinds.get(child) or of_node.get(child, "") for child in names}
        if len(of_children) == 1 and "" not in of_children:
            of_node[name] = of_children.pop()
    return of_node


def _sums(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """Yield the wholes that have no series of their own, with their parts, from the leaves up."""
    for part, parents in tree.up():
        for parent in np.unique(parents).tolist():
            if tree.series[parent] < 0:
                children = part.start + np.flatnonzero(parents == parent)
                yield tree.names[parent], [tree.names[child] for child in children]


def _sum_of(parts: Sequence[Bases]) -> Bases:
    """The sum of parts in the years that all have, on a new basis wherever one of them is."""
    common = set.intersection(*({*part.levels} for part in parts))
    levels = {year: sum(part.levels[year] for part in parts) for year in sorted(common)}
    breaks = set[int]().union(*(part.breaks for part in parts))
    inside = [year for year in sorted(breaks) if common and min(common) < year <= max(common)]
    return Bases(levels, tuple(inside), {})


def node_by_id(tree: Tree, read: Panel) -> dict[str, int]:
    """The node of each series, by its id."""
    return {read.ids[row]: node for node, row in enumerate(tree.series.tolist()) if row >= 0}
