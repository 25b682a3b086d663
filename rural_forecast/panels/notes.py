"""What to know of the histories of a panel: wholes, sums that miss, and nodes that start late or end early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.panels import history
from rural_forecast.panels.history import Misfit
from rural_forecast.panels.tree import Tree


def of_nodes(
    tree: Tree, known: Array, years: Sequence[int], origins: Integers, misfits: Sequence[Misfit]
) -> Iterator[Note]:
    """The notes, in the order in which they are shown; `years` are those of the history."""
    wholes = np.flatnonzero(~tree.leaves & (tree.series >= 0))
    if len(wholes):
        yield Note("wholes_given", {"count": len(wholes), "node": tree.names[wholes[0]], "missed": len(misfits)})
    if misfits:
        worst = misfits[0]
        fields = {
            "count": len(misfits),
            "node": tree.names[worst.node],
            "year": worst.year,
            "whole": worst.whole,
            "parts": worst.parts,
        }
        yield Note("does_not_add_up", fields, warning=True)
    twice = history.sums_of_siblings(tree, known)
    if len(twice):
        node = int(twice[0])
        fields = {"count": len(twice), "node": tree.names[node], "whole": tree.names[tree.parents[node]]}
        yield Note("counted_twice", fields, warning=True)
    roots = np.flatnonzero(tree.parents < 0)
    if len(roots) > 1:
        fields = {"count": len(roots), "names": tuple(tree.names[root] for root in roots[:5].tolist())}
        yield Note("several_wholes", fields, warning=True)
    late = history.starting_late(tree, known)
    if len(late):
        node, first = int(late[0]), years[0] + int(np.isfinite(known[late[0]]).argmax())
        yield Note("starts_late", {"count": len(late), "node": tree.names[node], "first": first}, warning=True)
    origin = int(origins.max())
    early = np.flatnonzero(origins < origin)
    if len(early):
        fields = {
            "count": len(early),
            "node": tree.names[early[0]],
            "last": int(origins[early[0]]),
            "origin": origin,
        }
        yield Note("ends_early", fields, warning=True)
