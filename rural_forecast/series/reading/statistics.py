"""The JSON of statistical offices: a page of rows behind its description, and JSON-stat 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import TooLargeError, check_size
from rural_forecast.series.reading.json_rows import LONGEST_TEXT, load
from rural_forecast.series.reading.table import Table, padded


def json_tables(text: str, name: str) -> list[Table]:
    """The tables of a JSON text of one of these forms; none where it is in another.

    Raises
    ------
    InputError : it is too large, or no JSON
    """
    if len(text) > LONGEST_TEXT:
        raise TooLargeError(f"{name} is longer than {LONGEST_TEXT:,} characters", "Keep the series that is needed.")
    check_size(name, max(text.count("{"), text.count("[")))
    data = load(text, name)
    if isinstance(data, list) and len(data) == 2 and isinstance(data[0], dict) and isinstance(data[1], list):
        return _records(data[1], name)
    if isinstance(data, list):
        return _records(data, name)
    if isinstance(data, dict):
        found = [table for label, entry in _datasets(data) if (table := _dataset(entry, label, name)) is not None]
        if found:
            return found
        lists = [
            value
            for value in data.values()
            if isinstance(value, list) and value and all(isinstance(row, dict) for row in value)
        ]
        return _records(lists[0], name) if len(lists) == 1 else []
    return []


def _records(rows: Sequence[Any], name: str) -> list[Table]:
    """Rows given as objects; an object within, such as `{"id": ..., "value": ...}`, becomes columns."""
    if not rows or not all(isinstance(row, dict) for row in rows):
        return []
    flat = [dict(_flat(row)) for row in rows]
    keys = list(dict.fromkeys(key for row in flat for key in row))
    check_size(name, len(flat), len(keys))
    cells: list[list[Any]] = [keys, *[[row.get(key) for key in keys] for row in flat]]

    def place(row: int, column: int) -> Place:
        return Place(f"{name} row {row}" if row else name, name, row, column + 1)

    return [Table(name, padded(cells), place)]


def _flat(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, dict):
            for inner, text in value.items():
                if not isinstance(text, list | dict):
                    yield (key if inner in ("value", "name", "label") else f"{key} {inner}"), text
        elif not isinstance(value, list):
            yield key, value


# JSON-stat


def _datasets(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if "dimension" in data and "value" in data:
        yield str(data.get("label", "")), data
        return
    for key, entry in data.items():
        if isinstance(entry, dict) and "dimension" in entry and "value" in entry:
            yield str(entry.get("label", key)), entry
    link = data.get("link")
    if isinstance(link, dict) and isinstance(link.get("item"), list):
        for entry in link["item"]:
            if isinstance(entry, dict) and "dimension" in entry and "value" in entry:
                yield str(entry.get("label", "")), entry


def _dataset(data: Mapping[str, Any], label: str, name: str) -> Table | None:
    dimension = data["dimension"]
    if not isinstance(dimension, dict):
        return None
    ids = data.get("id", dimension.get("id"))
    sizes = data.get("size", dimension.get("size"))
    if not isinstance(ids, list) or not isinstance(sizes, list) or len(ids) != len(sizes):
        return None
    codes: list[list[str]] = []
    labels: list[Mapping[str, Any]] = []
    for key, size in zip(ids, sizes, strict=True):
        entry = dimension.get(key)
        category = entry.get("category") if isinstance(entry, dict) else None
        if not isinstance(category, dict):
            return None
        found = _codes(category)
        if len(found) != size:
            return None
        codes.append(found)
        known = category.get("label")
        labels.append(known if isinstance(known, dict) else {})
    total = 1
    for size in sizes:
        total *= size
    check_size(name, total, 2 * len(ids) + 2)
    rows = list(_cells(data, codes, labels))
    roles = data.get("role", dimension.get("role"))
    time = (roles.get("time") or [""])[0] if isinstance(roles, dict) else ""
    header: list[Any] = []
    for key in ids:
        entry = dimension[key]
        header += [
            "time" if key == time else str(key),
            f"{entry.get('label', key)} label" if key != time else "time label",
        ]
    source = data.get("source")

    def place(row: int, column: int) -> Place:
        return Place(f"{name} value {row}" if row else name, name, row, column + 1)

    about = {"title": label, "publisher": source if isinstance(source, str) else ""}
    return Table(name, padded([[*header, "value", "status"], *rows]), place, about=about)


def _codes(category: Mapping[str, Any]) -> list[str]:
    index = category.get("index")
    if isinstance(index, list):
        return [str(code) for code in index]
    if isinstance(index, dict):
        if not all(isinstance(place, int) for place in index.values()):
            return []
        return sorted(index, key=lambda code: index[code])
    labels = category.get("label")
    return list(labels) if isinstance(labels, dict) else []


def _cells(
    data: Mapping[str, Any], codes: Sequence[Sequence[str]], labels: Sequence[Mapping[str, Any]]
) -> Iterator[list[Any]]:
    values, status = data["value"], data.get("status")
    for place, keys in enumerate(product(*codes)):
        row: list[Any] = []
        for key, known in zip(keys, labels, strict=True):
            row += [key, known.get(key, key)]
        yield [*row, _at(values, place), _at(status, place) if status is not None else None]


def _at(values: Any, place: int) -> Any:
    if isinstance(values, list):
        return values[place] if place < len(values) else None
    if isinstance(values, dict):
        return values.get(str(place))
    return values
