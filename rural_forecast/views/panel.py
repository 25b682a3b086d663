"""`panel`: a row a node and year; for people the whole and its parts, adding up as printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rural_forecast.document.picture import Part, Picture, Ranges, Stack
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.models.base import Integers
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import observed_parts
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text import wording as words
from rural_forecast.text.cells import expression
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
from rural_forecast.views import chances
from rural_forecast.views.about import documented, given, inputs, money_options, used
from rural_forecast.views.lines import of_series
from rural_forecast.views.rows import range_row
from rural_forecast.views.table import (
    RangedRow,
    annual,
    growth,
    growth_column,
    keyed,
    ranged,
    row_columns,
    value_column,
)

MOST = 25  # nodes of a table for people
EARLIER = 15  # years of history drawn
_MOST_DIGITS = 5  # of the whole, where its smallest part would have two
_INTERVALS = (
    "An interval is the node's own, moved with its value: bounds of parts do not add up to those "
    "of the whole."
)
_REST = expression(
    r"(?i)(?:all |the |\d+ )?"
    r"(?:others?|rest|remainder|remaining|residual|misc(?:ellaneous)?|unallocated|"
    r"sonstiges?|übrige|andere|autres?|otr[ao]s|altr[io]|outr[ao]s)(?:\W.*)?"
    r"|not elsewhere .*|其他.*|其它.*|その他.*|기타.*"
)
"""Names of a rest, such as `Other services`."""
_METHODS = {
    "weighted": "Each node's own forecast counts by its interval",
    "top-down": "The whole is split by the forecasts of its parts",
    "bottom-up": "The leaves are added up",
}


@dataclass(frozen=True, slots=True)
class _DrawnParts:
    """Parts of a whole that are drawn as one: a node, or several smaller ones."""

    name: str
    nodes: list[int]


def document(result: PanelForecast, *, targets: Sequence[float] = ()) -> Document:
    """Make the document of `panel`; with `targets`, the rows are those of their chances."""
    wanted = tuple(dict.fromkeys(targets))
    shown = list[int]()
    left = 0
    for root in _roots(result):
        parts = _parts(result, root)
        shown += [root, *parts[:MOST]]
        left += len(parts[MOST:])
    columns = (*row_columns(result.levels), *keyed("parent base_value:number"))
    rows = Table(columns, tuple(_records(result)))
    figures = _figures(result)
    if wanted:
        reached = [*_reached(result, wanted)]
        rows = Table(chances.COLUMNS, tuple(_chances(reached)))
        targeted = [chances.described(chance, series_id=name) for name, chance in reached]
        figures = {**figures, "targets": targeted}
    root = _roots(result)[0]
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
        points=(f"{_METHODS[result.method]}. {_INTERVALS}",),
        inputs=_inputs(result),
        figures=figures,
        provenance=_provenance(result),
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


def _provenance(result: PanelForecast) -> Mapping[str, Any]:
    """Describe what gives the same numbers again."""
    options: dict[str, Any] = {
        "method": result.method,
        "model": result.model,
        "target": result.years[-1],
        "levels": [*result.levels],
        **money_options(result.money, result.years),
    }
    if result.leading:
        options["like"] = [market.series.named for market in result.leading.markets]
    if result.kind:
        options["kind"] = result.kind
    if result.breaks:
        options["breaks"] = [*result.breaks]
    stated: dict[str, dict[str, str]] = {}
    for column, by_node in (("market_kind", result.kinds), ("within", result.within)):
        for name, text in by_node.items():
            stated.setdefault(name, {})[column] = text
    return {
        "version": __version__,
        "nodes": len(result.tree.names),
        "seed": None,
        "options": options,
        **({"stated": stated} if stated else {}),
    }


def _figures(result: PanelForecast) -> Mapping[str, Any]:
    """Describe how leading markets were weighed, for the json format; empty without them."""
    leading = result.leading
    if leading is None:
        return {}
    return {
        "leaders": {
            "scale": leading.scale,
            "origins": leading.origins,
            "forecasts": leading.n,
            "errors": {f"{scale:g}": error for scale, error in leading.errors.items()},
            "followed": {name: list(leaders) for name, leaders in leading.followed.items()},
        }
    }


def _inputs(result: PanelForecast) -> Table:
    """List the values of the nodes that a file gives, then those of leading markets, and rates."""
    keys = ["period", "value", "unit", "series_id"]
    if result.bases or any(series.growth for series in result.running.values()):
        keys += ["growth_pct", "breaks"]
    columns = tuple(map(Column, keys))
    rows = list[tuple[Cell, ...]]()
    of_file = np.flatnonzero(result.tree.series >= 0)
    nodes, steps = np.nonzero(np.isfinite(result.history[of_file]))
    values = result.history[of_file][nodes, steps].tolist()
    years = (result.first + steps).tolist()
    for node, year, value in zip(of_file[nodes].tolist(), years, values, strict=True):
        name = result.tree.names[node]
        cells = (str(year), value, result.unit or None, name, *_of_bases(result, name, year))
        rows.append(cells[: len(columns)])
    names_of_file = {result.tree.names[node] for node in of_file.tolist()}
    for name in sorted(names_of_file & result.bases.keys()):
        node = result.tree.names.index(name)
        first = result.first + int(np.isfinite(result.history[node]).argmax())
        for year, value in result.bases[name].used().items():
            if year < first:
                more = _of_bases(result, name, year)
                rows.append((str(year), value, result.unit or None, name, *more))

    for name in sorted(names_of_file & result.running.keys()):
        rows += _rows_of_parts(result.running[name], name, result.unit, len(columns))

    others = inputs(*(_renamed(result, series) for series in _other_series(result)))
    index_of = {column.key: index for index, column in enumerate(others.columns)}
    for row in others.rows:
        rows.append(tuple(row[index_of[key]] if key in index_of else None for key in keys))
    return Table(columns, tuple(rows))


def _rows_of_parts(series: Series, name: str, unit: str, width: int) -> Iterator[tuple[Cell, ...]]:
    """Yield the parts of years that the nowcast of a node rests on."""
    growth = {rate.period: rate.value for rate in series.growth}
    for level in observed_parts(series.observations):
        rate = growth.get(level.period)
        cells = (str(level.period), level.value, unit or None, name, rate, None)
        yield cells[:width]


def _of_bases(result: PanelForecast, name: str, year: int) -> tuple[Cell, Cell]:
    """Growth published into a year, where it is the first on a basis, and the breaks of a node."""
    bases = result.bases.get(name)
    if bases is None:
        return None, None
    factor = bases.growth.get(year)
    growth = None if factor is None else 100 * (factor - 1)
    return growth, " ".join(map(str, bases.breaks))


def _other_series(result: PanelForecast) -> Iterator[Series]:
    """Yield the leading markets and the rates that the numbers rest on."""
    if result.leading:
        yield from map(used, result.leading.markets)
    yield from given(*result.money)


def _renamed(result: PanelForecast, series: Series) -> Series:
    """Name a series with its file if a node has its name."""
    return replace(series, id=series.named) if series.id in result.tree.names else series


def _records(result: PanelForecast) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract, with the parent of each node and its own forecast."""
    names = (*result.tree.names, "")  # the parent of a root is -1
    parents = result.tree.parents.tolist()
    last = result.last.tolist()
    # Lower and upper bound of each level in a row: (level, side) becomes the last axis.
    bounds = np.stack([result.lower, result.upper], axis=1)
    bounds = bounds.reshape(-1, *result.values.shape).transpose(1, 2, 0)
    paths = zip(result.values.tolist(), result.base.tolist(), bounds.tolist(), strict=True)
    for node, (values, base, bounds_of_node) in enumerate(paths):
        before = last[node]
        for year, value, own, ends in zip(result.years, values, base, bounds_of_node, strict=True):
            yield (
                names[node],
                year,
                "forecast",
                result.model,
                value,
                *ends,
                growth(before, value),
                result.unit,
                names[parents[node]],
                own,
            )
            before = value


def _roots(result: PanelForecast) -> list[int]:
    """List the nodes that are part of no other."""
    roots: list[int] = np.flatnonzero(result.tree.parents < 0).tolist()
    return roots


def _parts(result: PanelForecast, root: int) -> list[int]:
    """List the parts of a node, the largest of the last year first."""
    parts = np.flatnonzero(result.tree.parents == root)
    order = np.argsort(-np.abs(result.values[parts, -1]), kind="stable")
    ordered: list[int] = parts[order].tolist()
    return ordered


def _ends(result: PanelForecast, node: int) -> list[tuple[float, float]]:
    """Give the intervals of a node in the last year."""
    lower = result.lower[:, node, -1].tolist()
    upper = result.upper[:, node, -1].tolist()
    return list(zip(lower, upper, strict=True))


def _amounts(result: PanelForecast, root: int) -> Amounts:
    """Choose how amounts are written, as those that were observed: parts have to add up."""
    ends = _ends(result, root)[result.headline]
    return range_amounts(result.unit, float(result.values[root, -1]), *ends, digits=OF_OBSERVED)


def heading(
    result: PanelForecast, write: Amounts | None = None, targets: Sequence[float] = ()
) -> Headline:
    """Make the headline: the part that brings most of the growth, or what the whole comes to.

    With a target, it is its chance in the whole.

    A picture gives its own way to `write` amounts.
    """
    root = _roots(result)[0]
    year = result.years[-1]
    name = result.tree.names[root]
    value = float(result.values[root, -1])
    level = result.levels[result.headline]
    low, high = _ends(result, root)[result.headline]
    write = write or _amounts(result, root)
    if targets:
        head = words.about(name, year, value, level, (low, high), write)
        return chances.heading(capital(name), result.chance(targets[0], root), write, head.range)
    parts = _parts(result, root)
    gain = value - float(result.last[root])
    if not parts or gain <= 0:
        return words.about(name, year, value, level, (low, high), write)

    gains = {part: float(result.values[part, -1] - result.last[part]) for part in parts}
    # A rest of small parts is no finding, unless there is nothing else.
    named = [part for part in parts if not _REST.fullmatch(_name(result, part).strip())]
    most = max(named or parts, key=lambda part: gains[part])
    share = percent(100 * gains[most] / gain, ".0f")
    alike = [part for part in named or parts if percent(100 * gains[part] / gain, ".0f") == share]
    if len(alike) > 2:  # no part stands out
        return words.about(name, year, value, level, (low, high), write)
    apiece = " each" if len(alike) == 2 else ""
    likely = f", {words.odds(level, *write.bounds(low, high))}" if high > low else ""
    # Without verbs, as a name may be one thing or several: `Users`, `Texas`.
    return words.headline(
        words.listed([_name(result, part) for part in alike]),
        f"{share}{apiece} of the growth to {year}",
        f"{capital(name)}: about {write.full(value)}{likely}.",
    )


def _name(result: PanelForecast, node: int) -> str:
    """Name a node without the name of its parent, which it may begin with."""
    name = result.tree.names[node]
    parent = int(result.tree.parents[node])
    own = name.removeprefix(result.tree.names[parent]) if parent >= 0 else name
    return own.lstrip(" /|:>-_.") or name


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
            _name(result, node),
            printed[node],
            _ends(result, node),
            behind=(pace, _share_of_growth(result, node)),
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
        parts = _parts(result, root)
        if 1 <= len(parts) <= MOST:
            rounded = adding_up([printed[part] for part in parts], step)
            printed |= dict(zip(parts, rounded, strict=True))
            printed[root] = sum(rounded)
    return printed


def _share_of_growth(result: PanelForecast, node: int) -> float | None:
    """Compute the share of the growth of its whole that a part brings, in percent."""
    parent = int(result.tree.parents[node])
    if parent < 0:
        return None
    whole = float(result.values[parent, -1]) - float(result.last[parent])
    if not whole > 0:
        return None
    return 100 * (float(result.values[node, -1]) - float(result.last[node])) / whole


def picture(result: PanelForecast, *, targets: Sequence[float] = ()) -> Picture:
    """Draw the parts of the first whole over years, with the range of the whole.

    Where a value is below zero or no year is known of all, the last year is drawn alone.
    """
    root = _roots(result)[0]
    parts = _parts(result, root)
    ends = _ends(result, root)[result.headline]
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
        plot = _stack(result, root, write, complete)
    else:
        plot = _ranges(result, root, write)
    return of_series(plot, write, heading(result, write, targets))


def _heads(result: PanelForecast) -> tuple[str, ...]:
    """Head the amounts beside a picture."""
    heads = (str(result.years[-1]), f"{result.levels[result.headline]} % range")
    root = _roots(result)[0]
    grows = result.values[root, -1] > result.last[root]
    return (*heads, "of growth") if grows and _parts(result, root) else heads


def _growth_text(result: PanelForecast, nodes: Sequence[int]) -> tuple[str, ...]:
    """Write the share of the growth of the whole that some parts bring; of none without growth."""
    shares = [_share_of_growth(result, node) for node in nodes]
    defined = [share for share in shares if share is not None]
    return (percent(sum(defined), ".0f"),) if len(defined) == len(shares) else ("",)


def _groups(result: PanelForecast, root: int) -> list[_DrawnParts]:
    """Group the parts of a whole for a picture: the largest by themselves, all others as one."""
    order = sorted(_parts(result, root), key=lambda node: -result.values[node, -1])
    groups = [_DrawnParts(short(_name(result, node)), [node]) for node in order[:MOST_PARTS]]
    left = order[MOST_PARTS:]
    if len(left) == 1:
        groups.append(_DrawnParts(short(_name(result, left[0])), left))
    elif left:
        groups.append(_DrawnParts(f"{len(left)} others", left))
    return groups


def _ranges(result: PanelForecast, root: int, write: Amounts) -> Ranges:
    """Draw the whole and its parts in the last year; several parts as one have no range."""
    level = result.levels[result.headline]
    whole = _DrawnParts(capital(short(_name(result, root))), [root])
    rows = []
    for group in (whole, *_groups(result, root)):
        bounds = []
        if len(group.nodes) == 1:
            bounds.append((level, *_ends(result, group.nodes[0])[result.headline]))
        value = float(result.values[group.nodes, -1].sum())
        share = _growth_text(result, group.nodes)
        rows.append(range_row(group.name, value, bounds, write, *share, answer=group is whole))
    return Ranges(tuple(rows), _heads(result))


def _stack(result: PanelForecast, root: int, write: Amounts, complete: Integers) -> Stack:
    """Draw the parts on top of each other, over the years of history in which all are known."""
    groups = _groups(result, root)
    sums = [float(result.values[group.nodes, -1].sum()) / write.factor for group in groups]
    places = _places_of_parts(sums, write)
    fine = write._replace(places=places)
    printed = adding_up(sums, 10.0**-places)

    parts = []
    for group, value in zip(groups, printed, strict=True):
        before = result.history[group.nodes][:, complete].sum(axis=0)
        after = result.values[group.nodes].sum(axis=0)
        ys = tuple(np.concatenate([before, after]).tolist())
        alone = len(group.nodes) == 1
        span = _span(result, group.nodes[0], fine) if alone else ""
        texts = (_scaled(value, fine), span, *_growth_text(result, group.nodes))
        parts.append(Part(group.name, ys, texts, rest=not alone))
    whole = Part(
        capital(short(_name(result, root))),
        tuple(map(sum, zip(*(part.ys for part in parts), strict=True))),
        (_scaled(sum(printed), fine), _span(result, root, fine), ""),
    )
    return Stack(
        xs=(*(result.first + complete).tolist(), *result.years),
        parts=tuple(parts),
        whole=whole,
        bounds=_ends(result, root)[result.headline],
        heads=_heads(result),
        origin=float(result.years[0] - 1),
    )


def _places_of_parts(sums: Sequence[float], write: Amounts) -> int:
    """Choose decimals that give the smallest part two digits, and the whole no more than five."""
    smallest = min((abs(end) for end in sums if end), default=1.0)
    total = abs(sum(sums)) or 1.0
    places = min(significant(smallest, 2), significant(total, _MOST_DIGITS - 1))
    return max(places, write.places or 0)


def _span(result: PanelForecast, node: int, write: Amounts) -> str:
    """Write the range of a node in the last year."""
    low, high = _ends(result, node)[result.headline]
    value = float(result.values[node, -1])
    return " to ".join(write.of_range(value, low, high).bounds(low, high))


def _scaled(value: float, write: Amounts) -> str:
    """Write a value that is in the unit of the picture already."""
    return write._replace(unit="", factor=1.0)(value)
