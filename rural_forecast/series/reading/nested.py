"""JSON of any shape as tables: rows as objects, lists or keys, with what the objects around them say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rural_forecast.errors import InputError
from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.json_rows import document
from rural_forecast.series.reading.table import Table, table_of_records

DEEPEST = 30
"""Objects within each other; a table of figures has about eight."""
_LABELS = ("value", "name", "label")
Rows = dict[tuple[str, ...], list[dict[str, Any]]]
"""Rows by the names of the lists that they are in."""


def json_tables(text: str, name: str) -> list[Table]:
    """The tables of a JSON text: SDMX, JSON-stat, PX-Web, or rows somewhere within it.

    Raises InputError if it is too large, or no JSON.
    """
    data = document(text, name)
    if isinstance(data, dict):
        from rural_forecast.series.reading.sdmx import sdmx_json_tables
        from rural_forecast.series.reading.statistics import json_stat_tables

        if tables := sdmx_json_tables(data, name) or json_stat_tables(data, name):
            return tables
    rows: Rows = {}
    _walk(data, {}, (), rows, name)
    return [table_of_records(tables, name, "row") for tables in rows.values()]


def _walk(node: Any, about: Mapping[str, Any], path: tuple[str, ...], rows: Rows, name: str) -> None:
    """Take the rows of a value.

    `about`: what the objects around it say, by column. `path`: the names of the lists that it is in, and a star for
    each object named by its key.
    """
    if len(path) > DEEPEST:
        raise InputError.of("nested_too_deeply", name=name, form="JSON")
    if isinstance(node, list):
        if len(node) > 1 and all(isinstance(row, list) for row in node):
            _take((*path, "rows"), (dict(zip(map(str, node[0]), row, strict=False)) for row in node[1:]), about, rows)
        for entry in node:
            _walk(entry, about, path if isinstance(entry, dict) else (*path, "*"), rows, name)
    elif isinstance(node, dict):
        row = {**about, **dict(_flat(node))}
        if len(row) > len(about):
            _take(path, [row], {}, rows)
        inner = {key: value for key, value in node.items() if isinstance(value, dict | list)}
        named = list(_of_named_lists(inner))
        for zipped in (_of_px_web(node), _of_arrays(inner), named):
            _take((*path, "rows"), zipped, row, rows)
        for key, value in inner.items():
            if isinstance(value, dict):
                _walk_object(key, value, row, path, rows, name)
            elif not (named and value and isinstance(value[0], list)):
                _walk(value, row, (*path, key), rows, name)


def _walk_object(
    key: str, inner: Mapping[str, Any], row: Mapping[str, Any], path: tuple[str, ...], rows: Rows, name: str
) -> None:
    """Take the rows of an object in another one, whose key is a label."""
    label = {f"key {len(path)}": key}
    if inner and all(map(likely, inner)):
        pairs = ({"period": period, "value": cell} for period, cell in inner.items() if not isinstance(cell, dict))
        _take((*path, "periods"), pairs, {**row, **label}, rows)
        for period, cell in inner.items():
            _walk(cell, {**row, **label, "period": period}, (*path, "periods", "*"), rows, name)
    else:
        _walk(inner, {**row, **label}, (*path, "*"), rows, name)


def _take(
    path: tuple[str, ...],
    records: Iterator[dict[str, Any]] | Sequence[dict[str, Any]],
    about: Mapping[str, Any],
    rows: Rows,
) -> None:
    for row in records:
        rows.setdefault(path, []).append({**about, **row})


def _flat(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The plain values of an object, with those of objects such as `{"id": ..., "value": ...}` in it."""
    for key, value in node.items():
        if isinstance(value, dict):
            if not any(isinstance(text, list | dict) for text in value.values()) and not all(map(likely, value)):
                for inner, text in value.items():
                    yield (key if inner in _LABELS else f"{key} {inner}"), text
        elif not isinstance(value, list):
            yield key, value


def _of_px_web(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of PX-Web: heads in `columns`, cells in the `key` and the `values` of each row."""
    columns, data = node.get("columns"), node.get("data")
    if not isinstance(columns, list) or not isinstance(data, list):
        return
    heads = [str(column.get("text") or column.get("code")) for column in columns if isinstance(column, dict)]
    for row in data:
        if isinstance(row, dict) and isinstance(row.get("key"), list) and isinstance(row.get("values"), list):
            yield dict(zip(heads, [*row["key"], *row["values"]], strict=False))


def _of_arrays(inner: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of lists of one length, one of them of periods: `{"period": [...], "value": [...]}`."""
    plain = {
        key: value
        for key, value in inner.items()
        if isinstance(value, list) and len(value) > 1 and not any(isinstance(cell, list | dict) for cell in value)
    }
    times = [value for value in plain.values() if all(map(likely, value))]
    if times:
        columns = {key: value for key, value in plain.items() if len(value) == len(times[0])}
        for cells in zip(*columns.values(), strict=True) if len(columns) > 1 else ():
            yield dict(zip(columns, cells, strict=True))


def _of_named_lists(inner: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a list of lists whose heads are in a list next to it."""
    for value in inner.values():
        if isinstance(value, list) and value and all(isinstance(row, list) for row in value):
            named = (heads for heads in inner.values() if heads is not value and len(heads) == len(value[0]))
            heads = next((heads for heads in named if all(isinstance(head, str) for head in heads)), ())
            yield from (dict(zip(heads, row, strict=False)) for row in value if heads)
