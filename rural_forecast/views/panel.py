"""`panel`: a row a node and year; for people the whole and its parts, adding up as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rural_forecast.document.picture import Part, Picture, Ranges, Stack
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.models.base import Integers
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import (
    OF_OBSERVED,
    Amounts,
    adding_up,
    digits,
    percent,
    range_amounts,
    significant,
)
from rural_forecast.text.style import MOST_PARTS
from rural_forecast.text.wording import Headline, capital, counted, short
from rural_forecast.version import __version__
from rural_forecast.views.about import documented, given, inputs, money_options, used
from rural_forecast.views.chart import of_series, range_row
from rural_forecast.views.table import (
    Row,
    annual,
    growth,
    growth_column,
    keyed,
    ranged,
    row_columns,
    value_column,
)

MOST = 25  # nodes of a table for people
_INTERVALS = "An interval is the node's own, moved with its value: bounds of parts do not add up to those of the whole."
_METHODS = {
    "weighted": "Each node's own forecast counts by its interval",
    "top-down": "The whole is split by the forecasts of its parts",
    "bottom-up": "The leaves are added up",
}


def document(result: PanelForecast) -> Document:
    """Everything `panel` says."""
    roots = np.flatnonzero(result.tree.parents < 0).tolist()
    shown = [node for root in roots for node in (root, *_parts(result, root)[:MOST])]
    left = sum(len(_parts(result, root)[MOST:]) for root in roots)
    options = {
        "method": result.method,
        "model": result.model,
        "target": result.years[-1],
        "levels": [*result.levels],
    }
    options |= money_options(result.money, result.years)
    figures: dict[str, Any] = {}
    if led := result.leading:
        options["like"] = [market.series.named for market in led.markets]
        errors = {f"{scale:g}": error for scale, error in led.errors.items()}
        followed = {name: list(leaders) for name, leaders in led.followed.items()}
        about = {"scale": led.scale, "origins": led.origins, "forecasts": led.n}
        figures["leaders"] = {**about, "errors": errors, "followed": followed}
    return documented(
        "panel",
        heading(result),
        Table(
            (*row_columns(result.levels), *keyed("parent base_value:number")),
            tuple(_records(result)),
        ),
        [_screen(result, shown)],
        result.notes,
        said=[f"{counted(left, 'more part')} in other formats."] if left > 0 else (),
        brief="-f markdown",
        points=(f"{_METHODS[result.method]}. {_INTERVALS}",),
        inputs=_inputs(result),
        figures=figures,
        provenance={
            "version": __version__,
            "nodes": len(result.tree.names),
            "seed": None,
            "options": options,
        },
    )


def _inputs(result: PanelForecast) -> Table:
    columns = Column("period"), Column("value"), Column("unit"), Column("series_id")
    of_file = np.flatnonzero(result.tree.series >= 0)
    nodes, steps = np.nonzero(np.isfinite(result.history[of_file]))
    values = result.history[of_file][nodes, steps].tolist()
    names = map(result.tree.names.__getitem__, of_file[nodes])
    rows = zip(map(str, (result.first + steps).tolist()), values, names, strict=True)
    ours = tuple((year, value, result.unit or None, name) for year, value, name in rows)
    theirs = (*map(used, result.leading.markets if result.leading else ()), *given(*result.money))
    both = inputs(
        *(replace(each, id=each.named) if each.id in result.tree.names else each for each in theirs)
    )
    places = [[column.key for column in both.columns].index(column.key) for column in columns]
    return Table(columns, (*ours, *(tuple(row[place] for place in places) for row in both.rows)))


def _records(result: PanelForecast) -> Iterator[tuple[Cell, ...]]:
    names = (*result.tree.names, "")
    parents = result.tree.parents.tolist()
    last = result.last.tolist()
    bounds = (
        np.stack([result.lower, result.upper], axis=1)
        .reshape(-1, *result.values.shape)
        .transpose(1, 2, 0)
    )
    sides = zip(result.values.tolist(), result.base.tolist(), bounds.tolist(), strict=True)
    for node, (values, base, ends) in enumerate(sides):
        before = last[node]
        for year, value, own, both in zip(result.years, values, base, ends, strict=True):
            about = (
                names[node],
                year,
                "forecast",
                result.model,
                value,
                *both,
                growth(before, value),
                result.unit,
            )
            yield (*about, names[parents[node]], own)
            before = value


def _parts(result: PanelForecast, root: int) -> list[int]:
    parts = np.flatnonzero(result.tree.parents == root)
    order: list[int] = parts[np.argsort(-np.abs(result.values[parts, -1]), kind="stable")].tolist()
    return order


def _ends(result: PanelForecast, node: int) -> list[tuple[float, float]]:
    return list(
        zip(result.lower[:, node, -1].tolist(), result.upper[:, node, -1].tolist(), strict=True)
    )


def _amounts(result: PanelForecast, root: int) -> Amounts:
    ends = _ends(result, root)[result.headline]
    return range_amounts(result.unit, float(result.values[root, -1]), *ends, digits=OF_OBSERVED)


def heading(result: PanelForecast, write: Amounts | None = None) -> Headline:
    """The headline: the part that brings most of the growth, or what the whole comes to; `write` as
    for a forecast.
    """
    root = int(np.flatnonzero(result.tree.parents < 0)[0])
    year = result.years[-1]
    place = result.headline
    name = result.tree.names[root]
    value = float(result.values[root, -1])
    level = result.levels[place]
    write, parts, (low, high) = (
        write or _amounts(result, root),
        _parts(result, root),
        _ends(result, root)[place],
    )
    gain = value - float(result.last[root])
    if not parts or gain <= 0:
        return words.about(name, year, value, level, (low, high), write)
    gains = result.values[parts, -1] - result.last[parts]
    most = int(np.argmax(gains))
    brings = f"brings {percent(100 * float(gains[most]) / gain, '.0f')} of the growth to {year}"
    likely = f", {words.odds(level, write(low), write(high))}" if high > low else ""
    text = f"{capital(short(_name(result, parts[most])))} {brings}"
    return Headline(text, f"{capital(name)} comes to about {write.full(value)}{likely}.")


def _name(result: PanelForecast, node: int) -> str:
    name = result.tree.names[node]
    parent = int(result.tree.parents[node])
    own = name.removeprefix(result.tree.names[parent]) if parent >= 0 else name
    return own.lstrip(" /|:>-_.") or name


def _screen(result: PanelForecast, nodes: Sequence[int]) -> Table:
    """Each node in the last year, with its share of the growth of its whole; all parts of a whole
    add up as printed.
    """
    last = result.last.tolist()
    values = result.values[:, -1].tolist()
    smallest = min((abs(values[node]) for node in nodes if values[node]), default=1.0)
    write = _amounts(result, nodes[0])
    printed = {node: values[node] for node in nodes}
    rows = []
    places = min(
        max(write.places or 0, significant(smallest / write.factor, 2)), (write.places or 0) + 3
    )
    write = write._replace(places=places)
    for root in (node for node in nodes if result.tree.parents[node] < 0):
        if len(parts := _parts(result, root)) in range(1, MOST + 1):
            rounded = adding_up([printed[part] for part in parts], 10.0**-places * write.factor)
            printed |= dict(zip(parts, rounded, strict=True)) | {root: sum(rounded)}
    for node in nodes:
        parent = int(result.tree.parents[node])
        gain = values[parent] - last[parent] if parent >= 0 else 0.0
        share = 100 * (values[node] - last[node]) / gain if gain > 0 else None
        behind = annual(last[node], values[node], len(result.years)), share
        tone: Tone = "strong" if parent < 0 else "plain"
        name = _name(result, node)
        ends = _ends(result, node)
        depth = int(parent >= 0)
        rows.append(Row(name, printed[node], ends, behind=behind, tone=tone, depth=depth))
    value_of = value_column(write, str(result.years[-1]))
    more = growth_column("pace", "A year", None), Column("share", "Of growth", "percent", 0)
    return ranged(rows, Column("series_id", "Part"), value_of, result.levels, write, behind=more)


EARLIER = 15  # years of history drawn
_MOST_DIGITS = 5  # of the whole, where its smallest part would have two
Groups = Sequence[tuple[str, list[int]]]  # parts of a whole, each a node or several smaller ones


def picture(result: PanelForecast) -> Picture:
    """The parts of the first whole over years, at most five and all others as one, with the range
    of the whole.
    """
    root = int(np.flatnonzero(result.tree.parents < 0)[0])
    order = sorted(_parts(result, root), key=lambda node: -result.values[node, -1])
    groups = [(short(_name(result, node)), [node]) for node in order[:MOST_PARTS]]
    left = order[MOST_PARTS:]
    groups += (
        [(f"{len(left)} others" if left[1:] else short(_name(result, left[0])), left)]
        if left
        else []
    )
    ends = _ends(result, root)[result.headline]
    write = digits(result.unit, float(result.last[root]), float(result.values[root, -1]), ends)
    heads = (str(result.years[-1]), f"{result.levels[result.headline]} % range")
    past = result.history[order]
    known = np.flatnonzero(np.isfinite(past).all(axis=0))[-EARLIER:]
    plot: Stack | Ranges
    if len(known) and past[:, known].min() >= 0 and result.values[order].min() >= 0:
        plot = _stack(result, root, groups, write, heads, known)
    else:
        level = result.levels[result.headline]
        rows = []
        for part, nodes in [(capital(short(_name(result, root))), [root]), *groups]:
            bounds = [(level, *_ends(result, nodes[0])[result.headline])] if len(nodes) == 1 else []
            value = float(result.values[nodes, -1].sum())
            rows.append(range_row(part, value, bounds, write, answer=nodes == [root]))
        plot = Ranges(tuple(rows), heads)
    return of_series(plot, write, heading(result, write))


def _stack(
    result: PanelForecast,
    root: int,
    groups: Groups,
    write: Amounts,
    heads: tuple[str, str],
    known: Integers,
) -> Stack:
    sums = [float(result.values[nodes, -1].sum()) / write.factor for _, nodes in groups]
    smallest = min((abs(end) for end in sums if end), default=1.0)
    total = abs(sum(sums)) or 1.0
    places = max(
        min(significant(smallest, 2), significant(total, _MOST_DIGITS - 1)), write.places or 0
    )
    fine = write._replace(places=places)
    plain = write._replace(places=places, unit="", factor=1.0)
    printed = adding_up(sums, 10.0**-places)

    def texts(node: int, value: float, *, alone: bool = True) -> tuple[str, str]:
        low, high = _ends(result, node)[result.headline]
        return plain(value), f"{fine(low)} to {fine(high)}" if alone else ""

    drawn = []
    for (part, nodes), value in zip(groups, printed, strict=True):
        ys = np.concatenate(
            [result.history[nodes][:, known].sum(axis=0), result.values[nodes].sum(axis=0)]
        )
        alone = len(nodes) == 1
        drawn.append(
            Part(part, tuple(ys.tolist()), texts(nodes[0], value, alone=alone), rest=not alone)
        )
    whole = tuple(map(sum, zip(*(part.ys for part in drawn), strict=True)))
    all_of = Part(capital(short(_name(result, root))), whole, texts(root, sum(printed)))
    xs = (*(result.first + known).tolist(), *result.years)
    ends = _ends(result, root)[result.headline]
    return Stack(xs, tuple(drawn), all_of, ends, heads, float(result.years[0] - 1))
