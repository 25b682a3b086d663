"""Coverage of 80 % ranges of trees whose parts have a false break; `breaks.py` writes its table.

The trees are those of `trees.py`. A broken leaf has its levels before some year on another basis.
A middle or a total that is the sum of leaves is then on a new basis wherever one of its leaves is,
as in `panel`. Each node is forecast for itself, one to four years ahead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from trees import AHEAD, Forest, forests, windows

from rural_forecast.forecasting.answers import answers
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.observed.breaks import Bases
from rural_forecast.panels.nodes import nodes_of
from rural_forecast.panels.tree import SEPARATOR, from_ids, table

ORIGIN = 2000  # the last year of every window
NEW_BASIS = 0.6  # size of levels after a break, of those before
POINTS = (8, 15)
CASES = {
    "no break": (0.0, ()),
    "one leaf in five, 2 points after": (0.2, (2,)),
    "one leaf in two, 2 points after": (0.5, (2,)),
    "all leaves, 1 point after": (1.0, (1,)),
    "all leaves, 2 points after": (1.0, (2,)),
    "all leaves, 4 points after": (1.0, (4,)),
    "each leaf 2 or 5 points after": (1.0, (2, 5)),
    "each leaf 1 to 6 points after": (1.0, (1, 2, 3, 4, 5, 6)),
}
"""The share of leaves that have a break, and so many points after it, one of these by chance."""
LEVELS = ("totals", "middles", "leaves")  # by depth in the tree


def panel_of(leaves: np.ndarray, names: Sequence[str], breaks: Sequence[int]) -> Panel:
    """Make a panel of leaves, each so many points after a break, or 0 for none."""
    bases = {}
    lengths = []
    for values, name, after in zip(leaves, names, breaks, strict=True):
        if after:
            levels = np.concatenate([values[:-after] / NEW_BASIS, values[-after:]])
            by_year = dict(enumerate(levels.tolist(), ORIGIN - len(levels) + 1))
            bases[name] = Bases(by_year, (ORIGIN - after + 1,), {})
        lengths.append(after or len(values))
    ends = [values[-length:] for values, length in zip(leaves, lengths, strict=True)]
    return Panel(
        ids=names,
        offsets=np.concatenate([[0], np.cumsum(lengths)]),
        values=np.concatenate(ends),
        origins=np.full(len(names), ORIGIN),
        units=[""] * len(names),
        bases=bases,
    )


def coverage(forest: Forest, points: int, share: float, after: Sequence[int]) -> dict[str, float]:
    """Percent of the outcomes within 80 % ranges, by level of the tree; a mean over origins."""
    held = defaultdict(list)
    draw = np.random.default_rng(7)
    for window in windows(forest, points):
        leaves = window.amounts
        middles = window.labels[0]
        names = [f"m{label}{SEPARATOR}{row}" for row, label in enumerate(middles)]
        chosen = draw.random(len(leaves)) < share
        places = draw.choice(after, len(leaves)) if after else np.zeros(len(leaves), dtype=int)
        read = panel_of(leaves[:, :points], names, np.where(chosen, places, 0).tolist())

        tree, _ = from_ids(names)
        history, first = table(tree, read)
        answer = answers(nodes_of(tree, read, history, first, ""), Request(AHEAD, levels=(80,)))
        actual = np.zeros((len(tree.names), AHEAD))
        actual[tree.series >= 0] = leaves[tree.series[tree.series >= 0], points:]
        actual = tree.totals(actual)
        inside = (answer.lower[0, :, 0] <= actual) & (actual <= answer.upper[0, :, 0])
        edges = zip(LEVELS, tree.edges, tree.edges[1:], strict=False)
        for level, start, end in edges:
            held[level].append(100 * inside[start:end].mean())
    return {level: float(np.mean(shares)) for level, shares in held.items()}


def report(folder: Path) -> Iterator[str]:
    """Write the table."""
    every = [*forests(folder)]
    yield "\n## Sums of parts that have breaks\n"
    yield (
        f"{len(every)} trees, as in `trees.md`, with false breaks in their leaves: outcomes one to "
        "four years ahead within 80 % ranges, in percent. ± is one standard error over trees."
    )
    heads = [f"{level}, {points} points" for points in POINTS for level in LEVELS]
    yield f"\n| breaks | {' | '.join(heads)} |"
    yield f"| --- | {' | '.join('---:' for _ in heads)} |"
    for case, (share, after) in CASES.items():
        cells = []
        for points in POINTS:
            by_tree = [coverage(forest, points, share, after) for forest in every]
            for level in LEVELS:
                own = [shares[level] for shares in by_tree if level in shares]
                error = np.std(own, ddof=1) / len(own) ** 0.5
                cells.append(f"{np.mean(own):.0f} ± {error:.0f}")
        yield f"| {case} | {' | '.join(cells)} |"
