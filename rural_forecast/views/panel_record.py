"""The record of a panel: what gives its numbers again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import observed_parts
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.version import __version__
from rural_forecast.views.about import given, inputs, money_options, used
from rural_forecast.views.table import growth


def provenance_of(result: PanelForecast) -> Mapping[str, Any]:
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


def figures_of(result: PanelForecast) -> Mapping[str, Any]:
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


def inputs_of(result: PanelForecast) -> Table:
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
        if year > result.completed.get(name, year):
            continue
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


def rows_of_nodes(result: PanelForecast) -> Iterator[tuple[Cell, ...]]:
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
