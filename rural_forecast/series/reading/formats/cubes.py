"""The cubes of statistical offices: JSON-stat 1 and 2, SDMX-JSON 1 and 2, PC-Axis (`.px`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import Grid, at_record, grid_of, grid_of_records
from rural_forecast.series.reading.limits import DamagedError, check_size
from rural_forecast.text.patterns import expression

Part = Mapping[str, Any]
"""An object of the text."""


@contextmanager
def _fitting(name: str, form: str) -> Iterator[None]:
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        problem = f"is {form} whose dimensions, sizes and values do not fit each other."
        raise DamagedError(problem, "Download it anew, or as CSV.", place=Place(name, name)) from None


def json_stat_grids(data: Part, name: str) -> list[Grid]:
    """The tables of a JSON-stat text; none where it is something else."""
    with _fitting(name, "JSON-stat"):
        link = data.get("link")
        items = link.get("item") if isinstance(link, dict) else None
        entries = [("", data), *data.items(), *(("", entry) for entry in (items if isinstance(items, list) else ()))]
        sets = [
            (key, entry)
            for key, entry in entries
            if isinstance(entry, dict) and "dimension" in entry and "value" in entry
        ]
        return [_cube(entry, str(entry.get("label", key)), name) for key, entry in sets]


def _cube(data: Part, title: str, name: str) -> Grid:
    dimension = data["dimension"]
    ids, sizes = (data[key] if key in data else dimension[key] for key in ("id", "size"))
    values, status, count = data["value"], data.get("status"), prod(sizes)
    codes = [_codes(dimension[key]["category"]) for key in ids]
    if list(map(len, codes)) != sizes or not isinstance(values, list | dict) or len(values) > count:
        raise ValueError
    check_size(name, count, 2 * len(ids) + 2)
    roles = data.get("role", dimension.get("role")) or {}
    keys: list[str] = []
    columns: list[list[Any]] = []  # of each dimension: its codes, with labels where they say more
    for key, known in zip(ids, codes, strict=True):
        is_time = key in (roles.get("time") or [])
        labels = [dimension[key]["category"].get("label", {}).get(code, code) for code in known]
        keys.append("time" if is_time else key)
        columns.append([(code,) for code in known])
        if labels != known:
            keys.append(f"{'time' if is_time else dimension[key].get('label', key)} label")
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


# PC-Axis

_KEYWORD = expression(
    r"""([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(("[^"]*"(?:\s*,\s*"[^"]*")*)\))?\s*=\s*((?:"[^"]*"|[^";])*);""", re.ASCII
)
"""A keyword, its language, the variables it is about, and what it says."""


def px_grid(text: str, name: str) -> Grid:
    """The table of a PC-Axis text, in its main language. Raises DamagedError if its parts do not fit each other."""
    check_size(name, text.count(" ") // 2)
    keywords = {(key, about.strip('"')): said for key, language, about, said in _KEYWORD.findall(text) if not language}

    def said(keyword: str, about: str = "") -> list[str]:
        """The quoted texts of a keyword; a text may go on in the next line."""
        return re.findall(r'"([^"]*)"', re.sub(r'"\s*\n\s*"', "", keywords.get((keyword, about), "")))

    names = said("STUB") + said("HEADING")
    dimension: dict[str, Any] = {}
    for variable in names:
        labels = said("VALUES", variable)
        codes = said("CODES", variable) or labels
        dimension[variable] = {"category": {"index": codes, "label": dict(zip(codes, labels, strict=False))}}
    sizes = [len(entry["category"]["index"]) for entry in dimension.values()]
    cells = [cell.strip('"') for cell in re.findall(r'"[^"]*"|[^\s,]+', keywords.get(("DATA", ""), ""))]
    with _fitting(name, "PC-Axis"):
        if len(cells) != prod(sizes) or any(keyword == "KEYS" for keyword, _ in keywords):
            raise ValueError
        cube = {"dimension": dimension, "id": names, "size": sizes, "value": cells}
        time = [variable for variable in names if ("TIMEVAL", variable) in keywords]
        about = {"role": {"time": time}, "unit": "".join(said("UNITS")), "source": "".join(said("SOURCE"))}
        return _cube(cube | about, "".join(said("TITLE")), name)


# SDMX-JSON


def sdmx_json_grids(message: Part, name: str) -> list[Grid]:
    """The tables of an SDMX-JSON data message of version 1 or 2; none where it is something else."""
    data = message.get("data", message)
    if not isinstance(data, dict) or not isinstance(data.get("dataSets"), list):
        return []
    structures = data.get("structures") or [data.get("structure", message.get("structure"))]
    tables = []
    with _fitting(name, "SDMX-JSON"):
        for dataset in data["dataSets"]:
            structure = structures[dataset.get("structure", 0)]
            about = {"": {"title": _text(structure.get("name"))}}
            tables.append(grid_of_records(name, list(_observed(dataset, structure)), "observation", about=about))
    return tables


def _observed(dataset: Part, structure: Part) -> Iterator[dict[str, Any]]:
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
            for pattern, said in groups:
                fits = all(wanted in ("", own) for wanted, own in zip(pattern, whole_key, strict=False))
                row |= said if fits else {}
            row |= {measure["id"]: cell for measure, cell in zip(measures, cells, strict=False)}
            yield row | _said(attributes.get("observation", ()), cells[len(measures) :])


def _of_key(parts: Sequence[Part], key: str) -> dict[str, Any]:
    indexes = [int(place) for place in key.split(":") if key]
    if len(indexes) != len(parts) or any(index < 0 for index in indexes):
        raise ValueError
    return _said(parts, indexes)


def _said(parts: Sequence[Part], places: Sequence[Any]) -> dict[str, Any]:
    """Codes and labels of dimensions or attributes; a text in place of a number is the value itself."""
    if len(places) > len(parts):
        raise ValueError
    said: dict[str, Any] = {}
    for part, place in zip(parts, places, strict=False):
        value = place if place is None or isinstance(place, str) else (part.get("values") or [])[place]
        if isinstance(value, dict):
            said[part["id"]] = code = value.get("id", value.get("value"))
            if part["id"] != "TIME_PERIOD" and (label := _text(value.get("name"))) and label != code:
                said[_text(part.get("name")) or f"{part['id']} label"] = label
        elif value is not None:
            said[part["id"]] = value
    return said


def _text(text: Any) -> str:
    return str(next(iter(text.values()), "")) if isinstance(text, dict) else str(text or "")
