"""`panel` as a document: a row a node and year; for people the whole, its parts, and the nodes that moved most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite

import numpy as np

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.numbers import Amounts, amounts, percent
from rural_forecast.text.wording import counted, named
from rural_forecast.version import __version__
from rural_forecast.views.answer import annual, between
from rural_forecast.views.columns import growth, growth_column, interval_columns, row_columns, value_column
from rural_forecast.views.notes import remarks

TITLE = "Parts that add up"
MOST = 25
"""Nodes of a table for people."""
MOST_DRAWN = 6
"""Parts in the chart of a workbook, next to the whole."""
_INTERVALS = "An interval is the node's own, moved with its value: bounds of parts do not add up to those of the whole."
_METHODS = {
    "weighted": "Each node's own forecast counts by its interval",
    "top-down": "The whole is split by the forecasts of its parts",
    "bottom-up": "The leaves are added up",
}


def document(result: PanelForecast) -> Document:
    """Everything `panel` says."""
    columns = (*row_columns(result.levels), Column("parent"), Column("base_value", kind="number"))
    roots = np.flatnonzero(result.tree.parents < 0).tolist()
    write = _amounts(result, roots[0])
    shown = [*roots, *_largest(result, np.flatnonzero(np.isin(result.tree.parents, roots)))]
    left = int((result.tree.edges[2] if len(result.tree.edges) > 2 else len(shown)) - len(shown))
    caption = f"The largest parts; {counted(left, 'more part')} in the machine formats." if left > 0 else ""
    leaves = int(result.tree.leaves.sum())
    inner = len(result.tree.names) - leaves
    return Document(
        command="panel",
        records=Table(columns, tuple(_records(result))),
        title=TITLE,
        about=(f"{leaves:,} of {counted(leaves + inner, 'node')} are leaves; all add up in every year",),
        summary=tuple(claim(result, root) for root in roots[:3]),
        sections=(
            _table(result, shown, write, "The whole and its parts", caption),
            *_moved(result, write),
            *_misfits(result, write),
        ),
        points=(f"{_METHODS[result.method]}. {_INTERVALS}",),
        over_years=_over_years(result, shown[: MOST_DRAWN + 1]),
        notes=remarks(result.notes),
        provenance={
            "version": __version__,
            "nodes": len(result.tree.names),
            "seed": None,
            "options": {"method": result.method, "target": result.years[-1], "levels": list(result.levels)},
        },
    )


def _records(result: PanelForecast) -> Iterator[tuple[Cell, ...]]:
    names, parents = (*result.tree.names, ""), result.tree.parents.tolist()
    values, base, last = result.values.tolist(), result.base.tolist(), result.last.tolist()
    bounds = np.stack([result.lower, result.upper], axis=1).reshape(-1, *result.values.shape).transpose(1, 2, 0)
    for node, ends in enumerate(bounds.tolist()):
        before = last[node]
        for step, year in enumerate(result.years):
            value = values[node][step]
            about = (names[node], year, "forecast", result.model, value, *ends[step], growth(before, value))
            yield (*about, result.unit, names[parents[node]], base[node][step])
            before = value


def _amounts(result: PanelForecast, root: int) -> Amounts:
    ends = float(result.lower[result.headline, root, -1]), float(result.upper[result.headline, root, -1])
    return amounts(result.unit, result.values[root].tolist(), ends)


def _over_years(result: PanelForecast, nodes: Sequence[int]) -> Table:
    """The history and forecast of some nodes, by year."""
    origin = result.years[0] - 1
    values = np.concatenate([result.history[nodes], result.values[nodes]], axis=1).T.tolist()
    named = (Column(f"node_{place}", result.tree.names[node], "number") for place, node in enumerate(nodes))
    rows = (
        (year, "forecast" if year > origin else "actual", *(value if isfinite(value) else None for value in row))
        for year, row in zip(range(result.first, result.years[-1] + 1), values, strict=True)
    )
    return Table((Column("period", "Year", "year"), Column("kind"), *named), tuple(rows))


def claim(result: PanelForecast, root: int) -> str:
    """What a whole comes to, on its own and as the sum of all leaves below it."""
    write, name = _amounts(result, root), named(result.tree.names[root])
    value, own = float(result.values[root, -1]), float(result.base[root, -1])
    leaves = float(result.tree.totals(np.where(result.tree.leaves, result.base[:, -1], 0.0))[root])
    low, high = float(result.lower[result.headline, root, -1]), float(result.upper[result.headline, root, -1])
    return (
        f"{name} comes to {write.full(value)} in {result.years[-1]}; "
        f"{between(result.levels[result.headline], write(low), write(high))}. On its own it would be {write(own)}, "
        f"the sum of its leaves {write(leaves)}."
    )


def _largest(result: PanelForecast, nodes: np.ndarray) -> list[int]:
    order = np.argsort(-np.abs(result.values[nodes, -1]), kind="stable")
    largest: list[int] = nodes[order][:MOST].tolist()
    return largest


def _table(result: PanelForecast, nodes: Sequence[int], write: Amounts, title: str, caption: str = "") -> Table:
    """Value, interval, growth, share of the growth of its parent, and how far reconciling moved each node."""
    steps, write = len(result.years), write._replace(places=None)
    columns = (
        Column("series_id", "Node"),
        value_column(write, title=str(result.years[-1])),
        *interval_columns((result.levels[result.headline],), write),
        growth_column("pace", "A year"),
        Column("share", "Share of growth", "percent", 0),
        value_column(write, "base_value", "On its own"),
        growth_column("moved", "Moved"),
    )
    rows: list[tuple[Cell, ...]] = []
    for node in nodes:
        value, base, last = (float(part[node]) for part in (result.values[:, -1], result.base[:, -1], result.last))
        parent = int(result.tree.parents[node])
        gain = float(result.values[parent, -1] - result.last[parent]) if parent >= 0 else 0.0
        share = 100 * (value - last) / gain if gain > 0 else None
        ends = float(result.lower[result.headline, node, -1]), float(result.upper[result.headline, node, -1])
        rows.append(
            (result.tree.names[node], value, *ends, annual(last, value, steps), share, base, growth(base, value))
        )
    return Table(columns, tuple(rows), title=title, caption=caption)


def _misfits(result: PanelForecast, write: Amounts) -> Iterator[Table]:
    """Wholes whose history is not the sum of their parts."""
    write = write._replace(places=None)
    sides = value_column(write, "whole", "Whole"), value_column(write, "parts", "Sum of its parts")
    columns = (Column("series_id", "Node"), Column("period", "Year", "year"), *sides, growth_column("gap", "Gap"))
    names, gaps = result.tree.names, result.misfits[:MOST]
    rows = tuple((names[gap.node], gap.year, gap.whole, gap.parts, growth(gap.whole, gap.parts)) for gap in gaps)
    left = len(result.misfits) - len(rows)
    caption = (
        f"The largest gaps, each in its worst year; {counted(left, 'more whole')} miss their parts." if left else ""
    )
    if rows:
        yield Table(columns, rows, title="History that does not add up", caption=caption)


def _moved(result: PanelForecast, write: Amounts) -> Iterator[Table]:
    """The nodes that reconciling moved most."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moves = np.nan_to_num(np.abs(result.values[:, -1] / result.base[:, -1] - 1), posinf=0.0)
    nodes = np.argsort(-moves, kind="stable")[:5].tolist()
    nodes = [node for node in nodes if moves[node] > 5e-4]
    if nodes:
        half = percent(100 * float(np.median(moves)), ".1f")
        yield _table(result, nodes, write, "Moved most", f"Half of the nodes moved by {half} or less.")
