"""The JSON of statistical offices: a page of rows behind its description, and JSON-stat 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import DamagedError, TooLargeError, check_size
from rural_forecast.series.reading.json_rows import LONGEST_TEXT, load
from rural_forecast.series.reading.table import Table, of_records, padded


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
        from rural_forecast.series.reading.sdmx import sdmx_json_tables

        if found := sdmx_json_tables(data, name):
            return found
        if found := [_dataset(entry, label, name) for label, entry in _datasets(data)]:
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
    return [of_records([dict(_flat(row)) for row in rows], name, "row")]


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


def _dataset(data: Mapping[str, Any], label: str, name: str) -> Table:
    """The table of a dataset: code and label of each dimension, value and status.

    Raises
    ------
    DamagedError : its parts do not fit each other
    """
    try:
        return _table(data, label, name)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        problem = "is JSON-stat whose dimensions, sizes and values do not fit each other"
        raise DamagedError.at(Place(name, name), problem, "Download it anew, or as CSV.") from None


def _table(data: Mapping[str, Any], title: str, name: str) -> Table:
    dimension = data["dimension"]
    ids: list[str] = data["id"] if "id" in data else dimension["id"]
    sizes: list[int] = data["size"] if "size" in data else dimension["size"]
    categories = [dimension[key]["category"] for key in ids]
    codes = [_codes(category) for category in categories]
    if list(map(len, codes)) != sizes or not isinstance(data["value"], list | dict):
        raise ValueError
    check_size(name, prod(sizes), 2 * len(ids) + 2)
    roles = data.get("role", dimension.get("role")) or {}
    time = roles.get("time") or []
    keys: list[str] = []
    columns: list[list[Any]] = []  # of each dimension: its codes, then its labels where they say more
    for key, category, found in zip(ids, categories, codes, strict=True):
        labels = [category.get("label", {}).get(code, code) for code in found]
        keys.append("time" if key in time else key)
        columns.append([(code,) for code in found])
        if labels != found:
            keys.append("time label" if key in time else f"{dimension[key].get('label', key)} label")
            columns[-1] = list(zip(found, labels, strict=True))
    values, status = data["value"], data.get("status")
    rows = [
        [*chain.from_iterable(said), _at(values, place), _at(status, place)]
        for place, said in enumerate(product(*columns))
    ]
    if len(values) > len(rows):
        raise ValueError

    def place(row: int, column: int) -> Place:
        return Place(f"{name} value {row}" if row else name, name, row, column + 1)

    source = data.get("source")
    about = {"title": title, "publisher": source if isinstance(source, str) else ""}
    return Table(name, padded([[*keys, "value", "status"], *rows]), place, about=about)


def _codes(category: Mapping[str, Any]) -> list[str]:
    index = category.get("index")
    if isinstance(index, list):
        return [str(code) for code in index]
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise ValueError
        return sorted(index, key=lambda code: int(index[code]))
    return list(category["label"])


def _at(values: Any, place: int) -> Any:
    if isinstance(values, list):
        return values[place] if place < len(values) else None
    if isinstance(values, dict):
        return values.get(str(place))
    return values
