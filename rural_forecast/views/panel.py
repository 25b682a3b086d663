"""`panel`: every node of a tree in a table, its headline and its picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from rural_forecast.document.picture import Picture, Ranges, Stack
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.distribution import Chance
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
from rural_forecast.text.wording import Headline, capital, counted
from rural_forecast.views import chances
from rural_forecast.views.about import documented
from rural_forecast.views.lines import of_series
from rural_forecast.views.names import subject_of
from rural_forecast.views.panel_nodes import ends_of, name_of, parts_of, roots_of, share_of_growth
from rural_forecast.views.panel_parts import _REST, EARLIER, ranges_of, stack_of
from rural_forecast.views.panel_record import figures_of, inputs_of, provenance_of, rows_of_nodes
from rural_forecast.views.table import (
    RangedRow,
    annual,
    growth_column,
    keyed,
    ranged,
    row_columns,
    value_column,
)

MOST = 25  # nodes of a table for people
_INTERVALS = (
    "An interval is the node's own, moved with its value: bounds of parts do not add up to those "
    "of the whole."
)
_METHODS = {
    "weighted": "Each node's own forecast counts by its interval",
    "top-down": "The whole is split by the forecasts of its parts",
    "bottom-up": "The leaves are added up",
}


def document(result: PanelForecast, *, targets: Sequence[float] = ()) -> Document:
    """Make the document of `panel`; with `targets`, the rows are those of their chances."""
    wanted = tuple(dict.fromkeys(targets))
    shown = list[int]()
    left = 0
    for root in roots_of(result):
        parts = parts_of(result, root)
        shown += [root, *parts[:MOST]]
        left += len(parts[MOST:])
    columns = (*row_columns(result.levels), *keyed("parent base_value:number"))
    rows = Table(columns, tuple(rows_of_nodes(result)))
    figures = figures_of(result)
    if wanted:
        reached = [*_reached(result, wanted)]
        rows = Table(chances.COLUMNS, tuple(_chances(reached)))
        targeted = [chances.described(chance, series_id=name) for name, chance in reached]
        figures = {**figures, "targets": targeted}
    root = roots_of(result)[0]
    sentences = []
    for target in wanted:
        write = _amounts(result, root)
        sentences.append(
            chances.sentence(result.chance(target, root), write, result.tree.names[root])
        )
    if left > 0:
        sentences.append(f"{counted(left, 'more part')} in other formats.")
    return documented(
        "panel",
        heading(result, targets=wanted),
        rows,
        [_screen(result, shown)],
        result.notes,
        sentences=sentences,
        brief="-f markdown",
        about=(*filter(None, (subject_of(result.measured, result.unit),)),),
        points=(f"{_METHODS[result.method]}. {_INTERVALS}",),
        inputs=inputs_of(result),
        figures=figures,
        provenance=provenance_of(result),
    )


def _chances(reached: Iterable[tuple[str, Chance]]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of chances, by node."""
    for name, chance in reached:
        yield from chances.records(name, [chance])


def _reached(result: PanelForecast, targets: Sequence[float]) -> Iterator[tuple[str, Chance]]:
    """Yield the chances of targets of each node, with its name."""
    for node, name in enumerate(result.tree.names):
        for target in targets:
            yield name, result.chance(target, node)


def _amounts(result: PanelForecast, root: int) -> Amounts:
    """Choose how amounts are written, as those that were observed: parts have to add up."""
    ends = ends_of(result, root)[result.headline]
    return range_amounts(result.unit, float(result.values[root, -1]), *ends, digits=OF_OBSERVED)


def heading(
    result: PanelForecast, write: Amounts | None = None, targets: Sequence[float] = ()
) -> Headline:
    """Make the headline: the part that brings most of the growth, or what the whole comes to.

    With a target, it is its chance in the whole.

    A picture gives its own way to `write` amounts.
    """
    root = roots_of(result)[0]
    year = result.years[-1]
    name = result.tree.names[root]
    value = float(result.values[root, -1])
    level = result.levels[result.headline]
    low, high = ends_of(result, root)[result.headline]
    write = write or _amounts(result, root)
    if targets:
        head = words.about(name, year, value, level, (low, high), write)
        return chances.heading(capital(name), result.chance(targets[0], root), write, head.range)
    parts = parts_of(result, root)
    gain = value - float(result.last[root])
    if not parts or gain <= 0:
        return words.about(name, year, value, level, (low, high), write)

    gains = {part: float(result.values[part, -1] - result.last[part]) for part in parts}
    # A rest of small parts is no finding, unless there is nothing else.
    named = [part for part in parts if not _REST.fullmatch(name_of(result, part).strip())]
    most = max(named or parts, key=lambda part: gains[part])
    share = percent(100 * gains[most] / gain, ".0f")
    alike = [part for part in named or parts if percent(100 * gains[part] / gain, ".0f") == share]
    if len(alike) > 2:  # no part stands out
        return words.about(name, year, value, level, (low, high), write)
    apiece = " each" if len(alike) == 2 else ""
    likely = f", {words.odds(level, *write.bounds(low, high))}" if high > low else ""
    # Without verbs, as a name may be one thing or several: `Users`, `Texas`.
    return words.headline(
        words.listed([name_of(result, part) for part in alike]),
        f"{share}{apiece} of the growth to {year}",
        f"{capital(name)}: about {write.full(value)}{likely}.",
    )


def _screen(result: PanelForecast, nodes: Sequence[int]) -> Table:
    """Tabulate each node in the last year, with its growth and its share of that of its whole."""
    write = _fine_amounts(result, nodes)
    printed = _printed(result, nodes, write)
    rows = []
    for node in nodes:
        parent = int(result.tree.parents[node])
        value = float(result.values[node, -1])
        pace = annual(float(result.last[node]), value, len(result.years))
        row = RangedRow(
            name_of(result, node),
            printed[node],
            ends_of(result, node),
            behind=(pace, share_of_growth(result, node)),
            tone="strong" if parent < 0 else "plain",
            depth=1 if parent >= 0 else 0,
        )
        rows.append(row)
    exact = tuple(float(result.values[node, -1]) for node in nodes)
    return ranged(
        rows,
        Column("series_id", "Part"),
        value_column(write, str(result.years[-1]))._replace(exact=exact),
        result.levels,
        write,
        behind=(growth_column("pace", "A year", None), Column("share", "Of growth", "percent", 0)),
        adds_up=True,
    )


def _fine_amounts(result: PanelForecast, nodes: Sequence[int]) -> Amounts:
    """Write amounts so that the smallest node has two digits, with at most three more decimals."""
    write = _amounts(result, nodes[0])
    sizes = [abs(float(result.values[node, -1])) for node in nodes]
    smallest = min(filter(None, sizes), default=1.0)
    fewest = write.places or 0
    places = max(fewest, significant(smallest / write.factor, 2))
    return write._replace(places=min(places, fewest + 3))


def _printed(result: PanelForecast, nodes: Sequence[int], write: Amounts) -> dict[int, float]:
    """Round the values of the last year so that all parts of a whole add up to it."""
    printed = {node: float(result.values[node, -1]) for node in nodes}
    step = 10.0 ** -(write.places or 0) * write.factor
    for root in nodes:
        if result.tree.parents[root] >= 0:
            continue
        parts = parts_of(result, root)
        if 1 <= len(parts) <= MOST:
            rounded = adding_up([printed[part] for part in parts], step)
            printed |= dict(zip(parts, rounded, strict=True))
            printed[root] = sum(rounded)
    return printed


def picture(result: PanelForecast, *, targets: Sequence[float] = ()) -> Picture:
    """Draw the parts of the first whole over years, with the range of the whole.

    Where a value is below zero or no year is known of all, the last year is drawn alone.
    """
    root = roots_of(result)[0]
    parts = parts_of(result, root)
    ends = ends_of(result, root)[result.headline]
    write = digits(
        result.unit,
        float(result.last[root]),
        float(result.values[root, -1]),
        ends,
        significant_digits=OF_OBSERVED,
    )
    past = result.history[parts]
    complete = np.flatnonzero(np.isfinite(past).all(axis=0))[-EARLIER:]
    plot: Stack | Ranges
    if len(complete) and past[:, complete].min() >= 0 and result.values[parts].min() >= 0:
        plot = stack_of(result, root, write, complete)
    else:
        plot = ranges_of(result, root, write)
    head = heading(result, write, targets)
    return of_series(plot, write, head, about=subject_of(result.measured, result.unit))
