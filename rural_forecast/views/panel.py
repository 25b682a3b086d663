"""`panel` as a document: a row a node and year; for people the whole, its parts, and the nodes that moved most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rural_forecast.document.picture import MAIN, Part, Picture, Ranges, Row, Stack
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.headline import Headline, Writer, headline, odds, short
from rural_forecast.text.numbers import OF_OBSERVED, Amounts, percent, range_amounts, significant
from rural_forecast.text.style import MOST_PARTS, Digits, adding_up, digits
from rural_forecast.text.wording import capital, counted
from rural_forecast.version import __version__
from rural_forecast.views import ranges
from rural_forecast.views.answer import annual
from rural_forecast.views.columns import growth, growth_column, row_columns, value_column
from rural_forecast.views.drawing import CREDIT, SUPPLIED
from rural_forecast.views.notes import remarks

MOST = 25
"""Nodes of a table for people."""
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
    write = range_amounts(result.unit, *_end(result, roots[0]), digits=OF_OBSERVED)
    shown = [*roots, *_largest(result, np.flatnonzero(np.isin(result.tree.parents, roots)))]
    left = int((result.tree.edges[2] if len(result.tree.edges) > 2 else len(shown)) - len(shown))
    title, likely = heading(result)
    more = f"{counted(left, 'more part')} in other formats. " if left > 0 else ""
    return Document(
        command="panel",
        records=Table(columns, tuple(_records(result))),
        title=title,
        summary=(f"{likely} {more}".rstrip(),),
        sections=(_screen(result, shown), *_moved(result, write), *_misfits(result, write)),
        brief="-f markdown",
        points=(f"{_METHODS[result.method]}. {_INTERVALS}",),
        inputs=_inputs(result),
        notes=remarks(result.notes),
        provenance={
            "version": __version__,
            "nodes": len(result.tree.names),
            "seed": None,
            "options": {"method": result.method, "target": result.years[-1], "levels": list(result.levels)},
        },
    )


def _inputs(result: PanelForecast) -> Table:
    """The values of the nodes that the file has."""
    columns = Column("period"), Column("value"), Column("unit"), Column("series_id")
    of_file = np.flatnonzero(result.tree.series >= 0)
    nodes, steps = np.nonzero(np.isfinite(result.history[of_file]))
    values, names = result.history[of_file][nodes, steps].tolist(), map(result.tree.names.__getitem__, of_file[nodes])
    rows = zip(map(str, (result.first + steps).tolist()), values, names, strict=True)
    return Table(columns, tuple((year, value, result.unit or None, name) for year, value, name in rows))


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


def _end(result: PanelForecast, node: int) -> tuple[float, float, float]:
    """The last year of a node, with its range."""
    sides = result.values[node], result.lower[result.headline, node], result.upper[result.headline, node]
    value, low, high = (float(side[-1]) for side in sides)
    return value, low, high


def heading(result: PanelForecast, write: Writer | None = None) -> Headline:
    """The headline: the part that brings most of the growth, or what the whole comes to; `write` as for a forecast."""
    root, year, place = int(np.flatnonzero(result.tree.parents < 0)[0]), result.years[-1], result.headline
    name, (value, low, high) = result.tree.names[root], _end(result, root)
    write = write or range_amounts(result.unit, value, low, high, digits=OF_OBSERVED)
    about = f"about {write.full(value)}"
    likely = f", {odds(result.levels[place], write(low), write(high))}" if high > low else ""
    parts = np.flatnonzero(result.tree.parents == root)
    gains, gain = result.values[parts, -1] - result.last[parts], value - float(result.last[root])
    if not len(parts) or gain <= 0:
        return headline(name, f"{about} in {year}", f"{capital(likely[2:])}." if likely else "")
    most = int(np.argmax(gains))
    brings = f"brings {percent(100 * float(gains[most]) / gain, '.0f')} of the growth to {year}"
    return Headline(
        f"{capital(short(_name(result, int(parts[most]))))} {brings}", f"{capital(name)} comes to {about}{likely}."
    )


def _name(result: PanelForecast, node: int) -> str:
    """The name of a node without that of its whole."""
    name, parent = result.tree.names[node], int(result.tree.parents[node])
    own = name.removeprefix(result.tree.names[parent]) if parent >= 0 else name
    return own.lstrip(" /|:>-_.") or name


def _screen(result: PanelForecast, nodes: Sequence[int]) -> Table:
    """Each node in the last year, with its share of the growth of the whole that it is a part of."""
    smallest = min((abs(value) for value in result.values[nodes, -1].tolist() if value), default=1.0)
    write = range_amounts(result.unit, *_end(result, nodes[0]), digits=OF_OBSERVED)
    places = min(max(write.places or 0, significant(smallest / write.factor, 2)), (write.places or 0) + 3)
    write = write._replace(places=places)
    shown, rows, ordered = ranges.shown_levels(result.levels), [], _in_order(result, nodes)
    printed = _printed(result, ordered, write)
    for node in ordered:
        parent, value, last = int(result.tree.parents[node]), float(result.values[node, -1]), float(result.last[node])
        gain = float(result.values[parent, -1] - result.last[parent]) if parent >= 0 else 0.0
        share = 100 * (value - last) / gain if gain > 0 else None
        ends = tuple(float(side[at, node, -1]) for at in shown for side in (result.lower, result.upper))
        tone: Tone = "strong" if parent < 0 else "plain"
        behind = annual(last, value, len(result.years)), share
        rows.append(
            ranges.Row(_name(result, node), printed[node], ends, behind=behind, tone=tone, depth=int(parent >= 0))
        )
    return ranges.table(
        rows,
        Column("series_id", "Part"),
        ranges.amount_column(write, str(result.years[-1])),
        [result.levels[at] for at in shown],
        write,
        behind=(
            ranges.pace_column([row.behind[0] for row in rows], "pace", "A year"),
            Column("share", "Of growth", "percent", 0),
        ),
    )


def _printed(result: PanelForecast, nodes: Sequence[int], write: Amounts) -> dict[int, float]:
    """Round each node in the last year for print: where all parts of a whole are, they add up to it as printed."""
    printed = {node: float(result.values[node, -1]) for node in nodes}
    step = 10.0 ** -(write.places or 0) * write.factor
    for root in (node for node in nodes if result.tree.parents[node] < 0):
        parts = [node for node in nodes if result.tree.parents[node] == root]
        if parts and len(parts) == int((result.tree.parents == root).sum()):
            rounded = adding_up([printed[part] for part in parts], step)
            printed |= dict(zip(parts, rounded, strict=True)) | {root: sum(rounded)}
    return printed


def _in_order(result: PanelForecast, nodes: Sequence[int]) -> list[int]:
    """Each whole with its parts below it, the largest first."""
    parents = result.tree.parents
    roots = [node for node in nodes if parents[node] < 0]
    return [node for root in roots for node in (root, *(part for part in nodes if parents[part] == root))]


def _largest(result: PanelForecast, nodes: np.ndarray) -> list[int]:
    order = np.argsort(-np.abs(result.values[nodes, -1]), kind="stable")
    largest: list[int] = nodes[order][:MOST].tolist()
    return largest


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
        sides = value_column(write, title=str(result.years[-1])), value_column(write, "base_value", "On its own")
        ends = ((float(side[node, -1]) for side in (result.values, result.base)) for node in nodes)
        rows = ((result.tree.names[node], *pair) for node, pair in zip(nodes, ends, strict=True))
        half = f"Half of the nodes moved by {percent(100 * float(np.median(moves)), '.1f')} or less."
        yield Table((Column("series_id", "Part"), *sides), tuple(rows), "Moved most to add up", half)


EARLIER = 15
"""Years of history drawn."""
_MOST_DIGITS = 5
"""Of the whole, where its smallest part would have two."""


def picture(result: PanelForecast) -> Picture:
    """The parts of the first whole: at most five each, all others as one."""
    tree = result.tree
    root = int(np.flatnonzero(tree.parents < 0)[0])
    parts = np.flatnonzero(tree.parents == root)
    order = parts[np.argsort(-result.values[parts, -1], kind="stable")]
    own = min(len(order), MOST_PARTS)
    groups = [(short(_own_name(tree.names[node])), order[place : place + 1]) for place, node in enumerate(order[:own])]
    groups += [("other", order[own:])] if len(order) > own else []
    place = result.headline
    value, low, high = (float(side[root, -1]) for side in (result.values, result.lower[place], result.upper[place]))
    write = digits(result.unit, float(result.last[root]), value, (low, high))
    name = capital(short(_own_name(tree.names[root])))
    head = heading(result, write)
    plot = _stack(result, root, groups, name, write)
    return Picture(
        plot=plot or _rows(result, root, groups, name, write),
        title=head.text,
        subtitle=head.subtitle,
        about="" if own == len(order) else f"{len(order) - own} smaller parts are drawn as one",
        unit=write.unit,
        amounts=write,
        source=f"Source: {SUPPLIED}. {CREDIT}",
        alternative=f"{'Stacked areas' if plot else 'Ranges'} of {len(order)} parts. {head.text}. {head.subtitle}.",
    )


def _own_name(name: str) -> str:
    return name.rpartition(" / ")[2] or "All"


def _stack(
    result: PanelForecast, root: int, groups: Sequence[tuple[str, np.ndarray]], name: str, write: Digits
) -> Stack | None:
    """The parts over the years; None where they cannot be on top of each other."""
    parts = np.concatenate([nodes for _, nodes in groups])
    past = result.history[parts]
    known = np.flatnonzero(np.isfinite(past).all(axis=0))[-EARLIER:]
    if not len(known) or past[:, known].min() < 0 or result.values[parts].min() < 0:
        return None
    xs = (*(result.first + known).tolist(), *result.years)
    place = result.headline
    ends = [float(result.values[nodes, -1].sum()) / write.factor for _, nodes in groups]
    step = _step(ends, write)
    fine = write._replace(step=step)
    texts = [Digits("", 1.0, step)(end) for end in adding_up(ends, step)]
    drawn = []
    for (part, nodes), text in zip(groups, texts, strict=True):
        ys = np.concatenate([result.history[nodes][:, known].sum(axis=0), result.values[nodes].sum(axis=0)])
        low, high = (float(side[place, nodes[0], -1]) for side in (result.lower, result.upper))
        span = f"{fine(low)} to {fine(high)}" if len(nodes) == 1 else ""
        drawn.append(Part(part, tuple(ys.tolist()), (text, span), rest=len(nodes) > 1))
    drawn.sort(key=lambda part: part.rest)
    low, high = (float(side[place, root, -1]) for side in (result.lower, result.upper))
    total = Digits("", 1.0, step)(sum(adding_up(ends, step)))
    whole = tuple(sum(values) for values in zip(*(part.ys for part in drawn), strict=True))
    heads = (str(result.years[-1]), f"{result.levels[place]} % range")
    all_of = Part(name, whole, (total, f"{fine(low)} to {fine(high)}"))
    return Stack(xs, tuple(drawn), all_of, (low, high), heads, float(result.years[0] - 1))


def _step(ends: Sequence[float], write: Digits) -> float:
    """Two digits of the smallest part, as far as the whole stays readable."""
    smallest = min((abs(end) for end in ends if end), default=1.0)
    fine = 10.0 ** (np.floor(np.log10(smallest)) - 1)
    most = 10.0 ** (np.floor(np.log10(abs(sum(ends)) or 1.0)) - _MOST_DIGITS + 2)
    return float(min(max(fine, most), write.step or 1.0))


def _rows(
    result: PanelForecast, root: int, groups: Sequence[tuple[str, np.ndarray]], name: str, write: Digits
) -> Ranges:
    """A row a part, where parts cannot be stacked."""
    place, level = result.headline, result.levels[result.headline]
    rows: list[Row] = []
    for part, nodes in [(name, np.array([root])), *groups]:
        value = float(result.values[nodes, -1].sum())
        low, high = (float(side[place, nodes[0], -1]) for side in (result.lower, result.upper))
        bounds = ((level, low, high),) if len(nodes) == 1 else ()
        span = f"{write(low)} to {write(high)}" if bounds else ""
        first = not rows
        rows.append(Row(part, value, bounds, (write(value), span), tone=MAIN if first else 0, strong=first))
    return Ranges(tuple(rows), (str(result.years[-1]), f"{level} % range"))
