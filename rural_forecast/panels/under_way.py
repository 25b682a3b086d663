"""The year under way of a tree: its nodes go on from nowcasts where parts of that year are known.

A whole without such parts moves by what the nowcasts below it change of their own forecasts. It
would else contradict them, and the difference would be taken from its other parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.nowcasting.running import with_starts
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.forecasting.start import Start
from rural_forecast.notes import Note
from rural_forecast.panels.tree import MOST_NAMED, Tree
from rural_forecast.text.wording import counted, shortened


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The nodes of a tree by how they begin the year under way."""

    nodes: Panel  # with the starts of all that have one
    started: tuple[str, ...] = ()  # go on from their own nowcast
    moved: tuple[str, ...] = ()  # wholes that move with the nowcasts below them
    unmoved: tuple[str, ...] = ()  # wholes that end too early for it
    sharing: tuple[str, ...] = ()  # share the nowcast of the whole above them
    unused: tuple[str, ...] = ()  # have parts of the year that give no nowcast

    def notes(self) -> Iterator[Note]:
        """Say where forecasts start, and what moves with them."""
        if self.unused:
            unused = shortened(self.unused, MOST_NAMED)
            text = f"Parts of a year after the last whole one are not used: {unused}."
            yield Note("parts_not_used", text, warning=True)
        if not self.started:
            return
        count = len(self.started)
        go = "goes" if count == 1 else "go"
        text = f"{counted(count, 'node')} {go} on from the nowcast of the year under way: "
        yield Note("running_year", f"{text}{shortened(self.started, MOST_NAMED)}.", warning=True)
        for names, one, many in (
            (self.moved, *_MOVED),
            (self.sharing, *_SHARING),
            (self.unmoved, *_UNMOVED),
        ):
            if names:
                what = one if len(names) == 1 else many
                yield Note("running_year", f"{shortened(names, MOST_NAMED)} {what}.", warning=True)


_MOVED = (
    "has no nowcast of its own, and moves by what the nowcasts below it change",
    "have no nowcast of their own, and move by what the nowcasts below them change",
)
_SHARING = (
    "has no nowcast of its own, and takes on what the nowcast above it changes",
    "have no nowcast of their own, and share what the nowcast above them changes",
)
_UNMOVED = (
    "ends too early to move with the nowcasts below it, and limits them and their siblings",
    "end too early to move with the nowcasts below them, and limit them and their siblings",
)


def under_way(tree: Tree, nodes: Panel, asked: Request) -> UnderWay:
    """Find the starts of all nodes, and of wholes whose parts have one."""
    if not nodes.running:
        return UnderWay(nodes)
    nodes = with_starts(nodes, asked)
    starts = dict(nodes.starts)
    unused = tuple(name for name in nodes.ids if name in nodes.running and name not in starts)
    if not starts:
        return UnderWay(replace(nodes, running={}), unused=unused)
    waiting = _wholes_above(tree, starts)
    moved: dict[str, Start] = {}
    unmoved: list[str] = []
    if waiting:
        moved, unmoved = _moved(tree, nodes, asked, waiting)
    return UnderWay(
        replace(nodes, starts={**starts, **moved}),
        started=tuple(starts),
        moved=tuple(moved),
        unmoved=tuple(unmoved),
        sharing=tuple(_below(tree, starts)),
        unused=unused,
    )


def _wholes_above(tree: Tree, starts: Mapping[str, Start]) -> list[int]:
    """Find the wholes without a start that have a node with one below them, the deepest first."""
    has_start = np.array([name in starts for name in tree.names])
    has_below = np.zeros(len(tree.names), dtype=bool)
    for part, parents in tree.up():
        np.logical_or.at(has_below, parents, (has_start | has_below)[part])
    waiting: list[int] = np.flatnonzero(has_below & ~has_start)[::-1].tolist()
    return waiting


def _below(tree: Tree, starts: Mapping[str, Start]) -> Iterator[str]:
    """Yield the nodes without a start, none of their parts with one, below a node with a start."""
    below_start = np.array([name in starts for name in tree.names])
    above_start = below_start.copy()
    for part, parents in reversed([*tree.up()]):
        below_start[part] |= below_start[parents]
    for part, parents in tree.up():
        np.logical_or.at(above_start, parents, above_start[part])
    for node in np.flatnonzero(below_start & ~above_start).tolist():
        yield tree.names[node]


def _moved(
    tree: Tree, nodes: Panel, asked: Request, waiting: Sequence[int]
) -> tuple[dict[str, Start], list[str]]:
    """Make the starts of wholes from those of their parts; return the wholes that have none too."""
    alone = replace(nodes, running={}, starts={})
    answers, refusals = answered(alone, asked._replace(year=None, horizon=1))
    if refusals:  # the forecast of all years is refused too, with its words
        return {}, []

    starts = dict(nodes.starts)
    moved: dict[str, Start] = {}
    unmoved: list[str] = []
    for node in waiting:
        name = tree.names[node]
        children = [tree.names[child] for child in np.flatnonzero(tree.parents == node).tolist()]
        ahead = {child: starts[child] for child in children if child in starts}
        year = int(nodes.origins[node]) + 1
        if not any(start.year >= year for start in ahead.values()):
            continue  # its own value of that year is known
        if any(start.year != year for start in ahead.values()):
            unmoved.append(name)
            continue
        _, _, history = nodes.series(node)
        least = sum(start.value for start in ahead.values()) if history.min() >= 0 else None
        start = _start_of_whole(answers, asked.levels, name, ahead, least)
        starts[name] = start  # for the whole above it
        moved[name] = start
    return moved, unmoved


def _start_of_whole(
    answers: Answers,
    levels: Sequence[int],
    name: str,
    ahead: Mapping[str, Start],
    least: float | None,
) -> Start:
    """Move the forecast of a whole by what the starts of its parts change of their own.

    `least` is the sum of these, below which the whole is not where its other parts are positive.
    """
    row_of = {node: row for row, node in enumerate(answers.panel.ids)}
    row = row_of[name]
    own = float(answers.points[row, 0, 0])
    value = own
    for child, start in ahead.items():
        value += start.value - float(answers.points[row_of[child], 0, 0])
    if least is not None:
        value = max(value, least)

    bounds: dict[int, tuple[float, float]] = {}
    for index, level in enumerate(levels):
        low = _moved_with(float(answers.lower[index, row, 0, 0]), own, value)
        high = _moved_with(float(answers.upper[index, row, 0, 0]), own, value)
        bounds[level] = (low, high)
    months = frozenset[int]().union(*(start.months for start in ahead.values()))
    year = next(start.year for start in ahead.values())
    return Start(year, value, bounds, months)


def _moved_with(bound: float, own: float, value: float) -> float:
    """Move a bound with its value: by a factor where all is positive, else by a difference."""
    if min(bound, own, value) > 0:
        return bound * value / own
    return bound + value - own
