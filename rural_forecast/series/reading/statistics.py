"""The formats of cubes: JSON-stat 1 and 2, and PC-Axis (`.px`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.series.reading.grid import DamagedError, check_size
from rural_forecast.series.reading.table import Table, padded


def json_stat_tables(data: Mapping[str, Any], name: str) -> list[Table]:
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


def _dataset(data: Mapping[str, Any], label: str, name: str, form: str = "JSON-stat") -> Table:
    """The table of a dataset: code and label of each dimension, value and status.

    Raises DamagedError if its parts do not fit each other.
    """
    try:
        return _table(data, label, name)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise DamagedError.of("cube_parts", form=form, place=Place(name, name)) from None


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


# PC-Axis

_KEYWORD = re.compile(
    r"""([A-Z][A-Z0-9-]*)(\[[^\]]*\])?(?:\(("[^"]*"(?:\s*,\s*"[^"]*")*)\))?\s*=\s*((?:"[^"]*"|[^";])*);""", re.ASCII
)
"""A keyword, its language, the variables it is about, and what it says."""


def is_px(text: str) -> bool:
    """Whether a text is PC-Axis."""
    return text.lstrip().startswith(("CHARSET=", "AXIS-VERSION=")) and "DATA=" in text


def px_table(text: str, name: str) -> Table:
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
