"""The cubes of statistical offices: JSON-stat 1 and 2, SDMX-JSON 1 and 2, PC-Axis (`.px`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import DamagedError, Grid, check_size, grid_of, grid_of_records
from rural_forecast.text.patterns import expression

_DOWNLOAD = "Download it anew, or as CSV."


def json_stat_grids(data: Mapping[str, Any], name: str) -> list[Grid]:
    """The tables of a JSON-stat text; none where it is something else.

    Raises DamagedError if the parts of a dataset do not fit each other.
    """
    return [_dataset(entry, label, name) for label, entry in _datasets(data)]


def _datasets(data: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if _is_dataset(data):
        yield str(data.get("label", "")), data
        return
    for key, entry in data.items():
        if _is_dataset(entry):
            yield str(entry.get("label", key)), entry
    link = data.get("link")
    items = link.get("item") if isinstance(link, dict) else None
    for entry in items if isinstance(items, list) else ():
        if _is_dataset(entry):
            yield str(entry.get("label", "")), entry


def _is_dataset(entry: object) -> bool:
    return isinstance(entry, dict) and "dimension" in entry and "value" in entry


def _dataset(data: Mapping[str, Any], label: str, name: str, form: str = "JSON-stat") -> Grid:
    """The table of a dataset: code and label of each dimension, value and status.

    Raises DamagedError if its parts do not fit each other.
    """
    try:
        return _cube(data, label, name)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise DamagedError(
            f"is {form} whose dimensions, sizes and values do not fit each other.", _DOWNLOAD, place=Place(name, name)
        ) from None


def _cube(data: Mapping[str, Any], title: str, name: str) -> Grid:
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
    for key, category, known in zip(ids, categories, codes, strict=True):
        labels = [category.get("label", {}).get(code, code) for code in known]
        keys.append("time" if key in time else key)
        columns.append([(code,) for code in known])
        if labels != known:
            keys.append("time label" if key in time else f"{dimension[key].get('label', key)} label")
            columns[-1] = list(zip(known, labels, strict=True))
    values, status = data["value"], data.get("status")
    rows = [
        [*chain.from_iterable(labels_of), _at(values, place), _at(status, place)]
        for place, labels_of in enumerate(product(*columns))
    ]
    if len(values) > len(rows):
        raise ValueError

    def place(row: int, column: int) -> Place:
        return Place(f"{name} value {row}" if row else name, name, row, column + 1)

    source = data.get("source")
    about = {"title": title, "publisher": source if isinstance(source, str) else "", "unit": data.get("unit", "")}
    return grid_of(name, [[*keys, "value", "status"], *rows], place, about={"": about})


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


# PC-Axis

_KEYWORD = expression(
    r"""([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(("[^"]*"(?:\s*,\s*"[^"]*")*)\))?\s*=\s*((?:"[^"]*"|[^";])*);""", re.ASCII
)
"""A keyword, its language, the variables it is about, and what it says."""


def is_px(text: str) -> bool:
    """True if a text is PC-Axis."""
    return text.lstrip().startswith(("CHARSET=", "AXIS-VERSION=")) and "DATA=" in text


def px_grid(text: str, name: str) -> Grid:
    """The table of a PC-Axis text, in its main language. Raises DamagedError if its parts do not fit each other."""
    check_size(name, text.count(" ") // 2)
    keywords: dict[tuple[str, str], str] = {}
    for keyword, language, about, value in _KEYWORD.findall(text):
        if not language:
            keywords[keyword, about.strip('"')] = value
    names = _quoted(keywords.get(("STUB", ""), "")) + _quoted(keywords.get(("HEADING", ""), ""))
    dimension: dict[str, Any] = {}
    for variable in names:
        labels = _quoted(keywords.get(("VALUES", variable), ""))
        codes = _quoted(keywords.get(("CODES", variable), "")) or labels
        dimension[variable] = {"category": {"index": codes, "label": dict(zip(codes, labels, strict=False))}}
    cells = re.findall(r'"[^"]*"|[^\s,]+', keywords.get(("DATA", ""), ""))
    cube: dict[str, Any] = {
        "dimension": dimension,
        "id": names,
        "size": [len(entry["category"]["index"]) for entry in dimension.values()],
        "role": {"time": [variable for variable in names if ("TIMEVAL", variable) in keywords]},
        "value": [cell.strip('"') for cell in cells],
        "unit": "".join(_quoted(keywords.get(("UNITS", ""), ""))),
        "source": "".join(_quoted(keywords.get(("SOURCE", ""), ""))),
    }
    complete = len(cells) == prod(cube["size"]) and not any(keyword == "KEYS" for keyword, _ in keywords)
    return _dataset(cube if complete else {}, "".join(_quoted(keywords.get(("TITLE", ""), ""))), name, "PC-Axis")


def _quoted(text: str) -> list[str]:
    """The texts of a list of quoted ones; a text may go on in the next line."""
    return re.findall(r'"([^"]*)"', re.sub(r'"\s*\n\s*"', "", text))


# SDMX-JSON


def sdmx_json_grids(message: Mapping[str, Any], name: str) -> list[Grid]:
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
            rows = list(_observed(dataset, structure))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise DamagedError(
                f"{name}: an observation does not fit the structure of its message.", _DOWNLOAD
            ) from None
        tables.append(grid_of_records(rows, name, "observation", about={"": {"title": _text(structure.get("name"))}}))
    return tables


def _observed(dataset: Mapping[str, Any], structure: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
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
    """Split a key such as `0:3` into its dimensions."""
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
