"""SDMX in JSON, and in CSV whose heads and cells hold codes and labels together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import DamagedError
from rural_forecast.series.reading.table import Table, table_of_records

_BOTH = re.compile(r"([^:\s]+): ?(\S.*)")


def sdmx_json_tables(message: Mapping[str, Any], name: str) -> list[Table]:
    """The tables of an SDMX-JSON data message of version 1 or 2; none where it is something else.

    Raises DamagedError if an observation has a key that its structure does not describe.
    """
    data = message.get("data", message)
    if not isinstance(data, dict) or not isinstance(data.get("dataSets"), list):
        return []
    structures = data.get("structures") or [data.get("structure", message.get("structure"))]
    tables = []
    for dataset in data["dataSets"]:
        try:
            structure = structures[dataset.get("structure", 0)]
            rows = list(_rows(dataset, structure))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise DamagedError.of("sdmx_parts", name=name) from None
        tables.append(table_of_records(rows, name, "observation", _text(structure.get("name"))))
    return tables


def _rows(dataset: Mapping[str, Any], structure: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """One row for each observation: codes and labels of its dimensions and attributes, and its value."""
    dimensions, attributes = structure["dimensions"], structure.get("attributes") or {}
    measures = (structure.get("measures") or {}).get("observation") or [{"id": "OBS_VALUE"}]
    of_all = dimensions.get("dataSet", dimensions.get("dataset", ()))
    whole = _said(of_all, [0] * len(of_all)) | _said(attributes.get("dataSet", ()), dataset.get("attributes") or ())
    groups = [
        (key.split(":"), _said(attributes.get("dimensionGroup", ()), places))
        for key, places in (dataset.get("dimensionGroupAttributes") or {}).items()
    ]
    series = dataset.get("series") or {"": {"observations": dataset.get("observations") or {}}}
    for key, entry in series.items():
        about = whole | _of_key(dimensions.get("series", ()), key)
        about |= _said(attributes.get("series", ()), entry.get("attributes") or ())
        for place, cells in entry["observations"].items():
            row = about | _of_key(dimensions["observation"], place)
            whole_key = f"{key}:{place}".strip(":").split(":")
            for pattern, about_group in groups:
                if all(wanted in ("", own) for wanted, own in zip(pattern, whole_key, strict=False)):
                    row |= about_group
            row |= {measure["id"]: cell for measure, cell in zip(measures, cells, strict=False)}
            yield row | _said(attributes.get("observation", ()), cells[len(measures) :])


def _of_key(parts: Sequence[Mapping[str, Any]], key: str) -> dict[str, Any]:
    """What the dimensions of a key such as `0:3` are."""
    indexes = [int(place) for place in key.split(":") if key]
    if len(indexes) != len(parts) or any(index < 0 for index in indexes):
        raise ValueError
    return _said(parts, indexes)


def _said(parts: Sequence[Mapping[str, Any]], places: Sequence[Any]) -> dict[str, Any]:
    if len(places) > len(parts):
        raise ValueError
    return {cell: text for part, place in zip(parts, places, strict=False) for cell, text in _cells(part, place)}


def _cells(part: Mapping[str, Any], place: Any) -> Iterator[tuple[str, Any]]:
    """The code and the label of a dimension or attribute; a text in place of a number is the value itself."""
    values = part.get("values") or []
    if place is None:
        return
    if isinstance(place, str):
        yield part["id"], place
        return
    value = values[place]
    if not isinstance(value, dict):
        yield part["id"], value
        return
    code = value.get("id", value.get("value"))
    yield part["id"], code
    if part["id"] != "TIME_PERIOD" and (label := _text(value.get("name"))) and label != code:
        yield _text(part.get("name")) or f"{part['id']} label", label


def _text(text: Any) -> str:
    """A text, or one in some language."""
    return str(next(iter(text.values()), "")) if isinstance(text, dict) else str(text or "")


def without_labels_in_codes(table: Table) -> Table:
    """SDMX-CSV with `GEO: Area` as head and `DE: Germany` as cell, each as two columns; another table as it is."""
    if not any(_pair(head)[0] == "TIME_PERIOD" and _pair(head)[1] for head in next(iter(table.rows), ())):
        return table
    columns: list[Sequence[Any]] = []
    places: list[int] = []
    for place, column in enumerate(zip(*table.rows, strict=True)):
        pairs = list(map(_pair, column))
        both = pairs[0][1] is not None and any(label is not None for _, label in pairs[1:])
        columns.append([code for code, _ in pairs] if both else [pairs[0][0], *column[1:]])
        if both:
            columns.append([label for _, label in pairs])
        places += [place] * (1 + both)

    def place_of(row: int, column: int) -> Place:
        return table.place(row, places[column])

    return table._replace(rows=list(map(list, zip(*columns, strict=True))), place=place_of)


def _pair(cell: Any) -> tuple[Any, str | None]:
    match = _BOTH.fullmatch(cell) if isinstance(cell, str) else None
    return (match[1], match[2]) if match else (cell, None)
