"""The history of every node of a tree: its own, or the sum of its parts; whether the two agree; and notes on both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.panels.tree import Tree
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import counted, listed

ROUNDING = 0.001
"""Part of a whole by which its parts may miss it without a note."""
GROSS = 0.2
"""Part of a whole by which its parts may miss it in most years before the panel is refused."""


def table(tree: Tree, panel: Panel) -> tuple[Array, int]:
    """Values of shape (node, year), NaN where unknown, and the first year; a sum is known where all its parts are.

    Raises InputError if the parts of a node have no year in common, or are not what it is the sum of.
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
        np.add.at(sums, parents, values[part])
        at = np.unique(parents[tree.series[parents] < 0])
        values[at] = sums[at]
        empty = at[np.isnan(values[at]).all(axis=1)]
        if len(empty):
            raise _apart(tree, values, first, int(empty[0]))
    return values, first


def _apart(tree: Tree, values: Array, first: int, node: int) -> InputError:
    """The refusal of a sum whose parts share no year, with the leaf that ends first and the one that begins last."""
    known = np.isfinite(values)
    begins, ends = first + known.argmax(axis=1), first + values.shape[1] - 1 - known[:, ::-1].argmax(axis=1)

    def leaf(least: Integers) -> int:
        below = node
        while len(parts := np.flatnonzero(tree.parents == below)):
            below = int(parts[least[parts].argmin()])
        return below

    early, late = leaf(ends), leaf(-begins)
    apart = f"{tree.names[early]} ends in {ends[early]}, and {tree.names[late]} begins in {begins[late]}"
    problem = f"The parts of {tree.names[node]} have no year in common: {apart}."
    return InputError(problem, "Give them values of the same years, or leave one out.")


class Misfit(NamedTuple):
    """A whole whose history is not the sum of its parts, in the year in which it misses it most."""

    node: int
    year: int
    whole: float
    parts: float


def misfits(tree: Tree, values: Array, first: int) -> tuple[Misfit, ...]:
    """Wholes whose history is not the sum of their parts, the one that misses it most first.

    Raises InputError where a whole is far from that sum in most years.
    """
    inner = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    own, sums = values[inner], tree.sums(values)[inner]
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.nan_to_num(np.abs(sums - own) / np.maximum(np.abs(own), np.abs(sums)))
    known = np.isfinite(sums) & np.isfinite(own)
    worst, most = off.argmax(axis=1), off.max(axis=1)
    found = [
        Misfit(int(inner[row]), first + int(year), float(own[row, year]), float(sums[row, year]))
        for row, year in enumerate(worst.tolist())
    ]
    gross = ((off > GROSS).sum(axis=1) > known.sum(axis=1) / 2) & known.any(axis=1)
    if gross.any():
        one = found[int(gross.argmax())]
        sides = f"in {one.year} they come to {number(one.parts)}, and it is {number(one.whole)}"
        problem = f"The parts of {tree.names[one.node]} are not its parts: {sides}."
        raise InputError(problem, "Correct the file, or say what the parts are.")
    return tuple(found[row] for row in np.argsort(-most, kind="stable").tolist() if most[row] > ROUNDING)


def sums_of_siblings(tree: Tree, values: Array) -> Integers:
    """Nodes that are the sum of their siblings in every year, of two or more: totals by another name."""
    count = np.bincount(tree.parents[tree.parents >= 0], minlength=len(tree.names))
    nodes = np.flatnonzero((tree.parents >= 0) & (count[tree.parents] > 2))
    own, total = values[nodes], tree.sums(values)[tree.parents[nodes]]
    known = np.isfinite(total) & (own != 0)
    same = np.abs(total - 2 * own) <= ROUNDING * np.abs(own)
    totals: Integers = nodes[(known.sum(axis=1) > 1) & (same | ~known).all(axis=1)]
    return totals


def starting_late(tree: Tree, values: Array) -> Integers:
    """Sums whose history begins after that of one of their parts, as another part begins later."""
    first = np.isfinite(values).argmax(axis=1)
    parts = np.flatnonzero(tree.parents >= 0)
    earliest = np.full(len(first), values.shape[1])
    np.minimum.at(earliest, tree.parents[parts], first[parts])
    late: Integers = np.flatnonzero((tree.series < 0) & (first > earliest))
    return late


def panel_of(tree: Tree, values: Array, first: int, unit: str) -> Panel:
    """The nodes as series."""
    known = np.isfinite(values)
    lengths = known.sum(axis=1)
    last = first + values.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return Panel(tree.names, offsets, values[known], last.astype(np.int64), [unit] * len(tree.names))


def notes(
    tree: Tree, known: Array, years: Sequence[int], origins: Integers, misfits: Sequence[Misfit]
) -> Iterator[Note]:
    """Notes on the histories, in the order in which they are shown; `years` are those of the history."""
    names = tree.names
    wholes = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    if len(wholes):
        node, count = names[wholes[0]], len(wholes)
        which, them = (f"{node} is", "it") if count == 1 else (f"{count:,} series, first {node}, are", "them")
        agree = "" if misfits else f", and the parts add up to {them}"
        yield Note("wholes_given", f"{which} read as the whole of others, not as one more part{agree}.")
    if misfits:
        worst = misfits[0]
        gap = f"{number(worst.whole)} in {worst.year}, and its parts come to {number(worst.parts)}"
        text = f"{_several(len(misfits), 'whole')} not the sum of the parts in the history, most of all "
        text += f"{names[worst.node]}: {gap}. Forecasts add up all the same."
        yield Note("does_not_add_up", text, warning=True)
    twice = sums_of_siblings(tree, known)
    if len(twice):
        node, whole = names[twice[0]], names[tree.parents[twice[0]]]
        others = f", as {len(twice) - 1:,} others are" if len(twice) > 1 else ""
        text = f"{node} is the sum of the other parts of {whole} in every year{others}, so the whole counts "
        yield Note("counted_twice", f"{text}them twice.", warning=True, advice="Call it Total, or leave it out.")
    roots = np.flatnonzero(tree.parents < 0)
    if len(roots) > 1:
        some = listed(names[root] for root in roots[:5].tolist()) + (" and more" if len(roots) > 5 else "")
        text = f"The tree has {len(roots):,} wholes that do not add up to one: {some}. A name may be misspelt."
        yield Note("several_wholes", text, warning=True)
    late = starting_late(tree, known)
    if len(late):
        begins = years[0] + int(np.isfinite(known[late[0]]).argmax())
        text = f"{_several(len(late), 'sum')} known from a later year than some parts, as another part starts later: "
        yield Note("starts_late", f"{text}first {names[late[0]]}, in {begins}.", warning=True)
    origin = int(origins.max())
    early = np.flatnonzero(origins < origin)
    if len(early):
        text = f"{_several(len(early), 'node')} forecast from an end before {origin}, first {names[early[0]]} from "
        yield Note("ends_early", f"{text}{origins[early[0]]}.", warning=True)


def _several(count: int, what: str) -> str:
    return f"{counted(count, what)} {'is' if count == 1 else 'are'}"
