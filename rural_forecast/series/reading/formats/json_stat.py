"""JSON-stat 1 and 2, cubes of statistical offices: a list of values and the dimensions that order them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.grid import Grid, at_record, grid_of
from rural_forecast.series.reading.limits import check_size

Part = Mapping[str, Any]  # an object of the text


def json_stat_grids(data: Part, name: str) -> list[Grid]:
    """The tables of a JSON-stat text; none where it is something else."""
    link = data.get("link")
    items = link.get("item") if isinstance(link, dict) else None
    entries = [("", data), *data.items(), *(("", entry) for entry in (items if isinstance(items, list) else ()))]
    try:
        return [
            _cube(entry, str(entry.get("label", key)), name)
            for key, entry in entries
            if isinstance(entry, dict) and "dimension" in entry and "value" in entry
        ]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        problem = "is JSON-stat whose dimensions, sizes and values do not fit each other."
        raise InputError(problem, "Download it anew, or as CSV.", code="damaged", place=Place(name, name)) from None


def _cube(data: Part, title: str, name: str) -> Grid:
    dimension = data["dimension"]
    ids, sizes = (data[key] if key in data else dimension[key] for key in ("id", "size"))
    values, status, count = data["value"], data.get("status"), prod(sizes)
    codes = [_codes(dimension[key]["category"]) for key in ids]
    if list(map(len, codes)) != sizes or not isinstance(values, list | dict) or len(values) > count:
        raise ValueError
    check_size(name, count, 2 * len(ids) + 2)
    times = (data.get("role", dimension.get("role")) or {}).get("time") or []
    keys: list[str] = []
    columns: list[list[Any]] = []  # of each dimension: its codes, with labels where they say more
    for key, known in zip(ids, codes, strict=True):
        labels = [dimension[key]["category"].get("label", {}).get(code, code) for code in known]
        keys.append("time" if key in times else key)
        columns.append([(code,) for code in known])
        if labels != known:
            keys.append(f"{'time' if key in times else dimension[key].get('label', key)} label")
            columns[-1] = list(zip(known, labels, strict=True))
    rows = [
        [*chain.from_iterable(labels_of), _at(values, at), _at(status, at)]
        for at, labels_of in enumerate(product(*columns))
    ]
    source = data.get("source")
    about = {"title": title, "publisher": source if isinstance(source, str) else "", "unit": data.get("unit", "")}
    return grid_of(name, [[*keys, "value", "status"], *rows], at_record(name, "value"), about={"": about})


def _codes(category: Part) -> list[str]:
    index = category.get("index")
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise ValueError
        return sorted(index, key=lambda code: int(index[code]))
    return [str(code) for code in index] if isinstance(index, list) else list(category["label"])


def _at(values: Any, at: int) -> Any:
    if isinstance(values, list):
        return values[at] if at < len(values) else None
    return values.get(str(at)) if isinstance(values, dict) else values
