"""JSON and NDJSON of any shape: rows as objects, lists or keys, with what the objects around them say.

`formats.cubes` has the shapes of statistical offices.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.reading.formats.cubes import json_stat_grids, sdmx_json_grids
from rural_forecast.series.reading.formats.regular import LEAST, regular_objects
from rural_forecast.series.reading.grid import (
    Grid,
    TooLargeError,
    at_line,
    check_lines,
    check_size,
    grid_of,
    grid_of_records,
)
from rural_forecast.series.reading.periods import Head, likely, read_head
from rural_forecast.text.cells import identity, shown
from rural_forecast.text.patterns import expression

LONGEST_TEXT = 16_000_000
"""Of one JSON document, which takes up to sixty times its length while it is read."""
DEEPEST = 30
"""Objects within each other; a table of figures has about eight."""
SHAPES = 'Write a list of rows, [{"year": 2016, "value": 482}, ...], or an object {"2016": 482, ...}.'
_DOCUMENT = frozenset(["schema_version", "command", "series", "rows", "notes", "provenance"])
"""Keys of the documents this program writes."""
_CONSTANT = expression(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)')
_HALF = expression(r"\\u[dD][89a-fA-F]")
_LABELS = ("value", "name", "label")
_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
Rows = dict[tuple[str, ...], list[dict[str, Any]]]
"""Rows by the names of the lists that they are in."""


class _OddError(Problem, ValueError):
    """A fault that the JSON decoder lets through: a number that is not finite, or a key that an object holds twice."""


class _ConstantError(_OddError):
    """A number that is not finite."""


def json_grids(text: str, name: str) -> list[Grid]:
    """The tables of a JSON text, or of one object a line.

    Raises InputError if it is too large, no JSON, or holds no rows.
    """
    if is_ndjson(text):
        return [ndjson(text, name)]
    data = document(text, name)
    if isinstance(data, dict):
        if isinstance(data.get("rows"), list) and all(isinstance(row, dict) for row in data["rows"]):
            others = [(f"key {shown(key)}", "only its 'rows' are read") for key in data if key not in _DOCUMENT]
            return [_of_rows(data["rows"], name, about=_about(data.get("series")), left_out=others)]
        if tables := sdmx_json_grids(data, name) or json_stat_grids(data, name):
            return tables
        if made := _keyed(data, name):
            return [made]
    elif isinstance(data, list):
        if all(isinstance(row, dict) and not any(map(_holds_rows, row.values())) for row in data):
            return [_of_rows(data, name)]
    else:
        raise InputError(f"{name} holds {_TYPES.get(type(data), 'a number')} instead of rows.", SHAPES)
    rows: Rows = {}
    _walk(data, {}, (), rows, name)
    if not rows:
        raise InputError(f"{name} has no rows.", SHAPES)
    return [grid_of_records(records, name, "row") for records in rows.values()]


def _holds_rows(cell: Any) -> bool:
    """True if a value is an object, or a list of such: rows within rows."""
    return isinstance(cell, dict) or (isinstance(cell, list) and any(isinstance(row, dict | list) for row in cell))


def is_ndjson(text: str) -> bool:
    """True if a text has one object a line."""
    first, _, rest = text.lstrip().partition("\n")
    if not (first.startswith("{") and first.rstrip().endswith("}") and rest.strip()):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def ndjson(text: str, name: str) -> Grid:
    """One object a line; lines that are none are faults of the grid."""
    check_lines(name, text)
    check_size(name, max(text.count("{"), text.count("[")))
    if len(text) > LEAST and (made := regular_objects(text.encode())):
        return Grid(name, *made, lambda row, column: at_line(name, row or 1, column + 1))
    faults: list[InputError] = []
    rows = dict(objects(text, name, faults=faults))
    lines = [0, *rows]

    def place(row: int, column: int) -> Place:
        return at_line(name, lines[row] or lines[1], column + 1)

    return grid_of_records([*rows.values()], name, "row", place=place, faults=faults)


def objects(
    text: str, name: str, line: int = 1, faults: list[InputError] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a text, one a line, with their lines; `line` is the number of the first.

    `faults`: keeps the lines that are no object, in place of an error for the first. Raises InputError.
    """
    for number, content in enumerate(text.split("\n"), line):
        if content.strip():
            try:
                yield number, _object(content, name, number)
            except InputError as error:
                if faults is None:
                    raise
                faults.append(error)


def _object(text: str, name: str, line: int) -> dict[str, Any]:
    row = load(text, name, line, single=True)
    if not isinstance(row, dict):
        kind = _TYPES.get(type(row), "a number")
        raise InputError(f"{kind} where a row must be: {shown(row)}.", SHAPES, place=at_line(name, line))
    return row


def document(text: str, name: str) -> Any:
    """Decode a JSON text of bounded size. Raises InputError if it is no JSON, or too large."""
    if len(text) > LONGEST_TEXT:
        raise TooLargeError(
            f"{name} is longer than {LONGEST_TEXT:,} characters.",
            "Keep the series that is needed; 'batch' reads NDJSON, one row a line, of any size.",
        )
    check_size(name, max(text.count("{"), text.count("[")))
    return load(text, name)


def load(text: str, name: str, line: int = 1, *, single: bool = False) -> Any:
    """Decode one JSON text whose first line is `line`; `single` where it is all of that line."""
    place = at_line(name, line) if single else Place(name, name)
    try:
        loaded = json.loads(text, parse_constant=_constant, parse_int=_integer, object_pairs_hook=_unique)
        if _HALF.search(text):
            json.dumps(loaded, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        cause, at = error.msg[:1].lower() + error.msg[1:], line + error.lineno - 1
        raise InputError(
            f"not valid JSON, {cause} (column {error.colno}).",
            "Repair it there; python -m json.tool FILE shows the same place.",
            place=at_line(name, at, error.colno),
        ) from None
    except _OddError as error:
        if isinstance(error, _ConstantError):
            constant = next((match for match in _CONSTANT.finditer(text) if match[1]), None)
            place = at_line(name, line + (text.count("\n", 0, constant.start()) if constant else 0))
        raise InputError(error.problem, error.hint, place=place) from None
    except UnicodeEncodeError:
        raise InputError(
            "a text holds half of a character (a lone surrogate).", "Write it whole.", place=place
        ) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to be a table of figures.", SHAPES, place=place) from None
    return loaded


def _constant(literal: str) -> float:
    raise _ConstantError(f"{literal} is not a finite number.", "Leave the row out if the value is not known.")


def _integer(digits: str) -> int | str:
    """A whole number; one too long to be a figure stays text, and is refused where it is used."""
    return int(digits) if len(digits) < 400 else digits


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        met: set[str] = set()
        twice = next(key for key, _ in pairs if key in met or met.add(key))  # type: ignore[func-returns-value]
        raise _OddError(f"the key {shown(twice)} stands twice in one object.", "Leave one of the two.")
    return made


def _of_rows(rows: Sequence[Mapping[str, Any]], name: str, **others: Any) -> Grid:
    """Rows given as objects: the columns are their keys, in order of appearance; a missing key is an empty cell."""
    if not rows or not any(rows):
        raise InputError(f"{name} has no rows.", SHAPES)
    return grid_of_records(rows, name, "row", **others)


def _keyed(data: Mapping[str, Any], name: str) -> Grid | None:
    """An object of year and value, or of series and such objects; None for any other."""
    if not data:
        raise InputError(f"{name} has no rows.", SHAPES)
    if all(isinstance(inner, dict) and all(map(_is_period, inner)) for inner in data.values()):
        empty = next((series for series, inner in data.items() if not inner), None)
        if empty is not None:
            raise InputError(f"{name}: the series {shown(empty)} has no values.", "Leave it out.")
        rows = [[series, key, value] for series, inner in data.items() for key, value in inner.items()]
        header = ["series_id", "period", "value"]
    elif all(map(_is_period, data)) and not any(isinstance(value, dict) for value in data.values()):
        rows = [[key, value] for key, value in data.items()]
        header = ["period", "value"]
    else:
        return None

    def place(row: int, _column: int) -> Place:
        return Place(f"{name} key " + ".".join(map(shown, rows[max(row - 1, 0)][:-1])), name)

    return grid_of(name, [header, *rows], place)


def _is_period(key: str) -> bool:
    return isinstance(read_head(key), Head)


def _about(series: object) -> dict[str, Mapping[str, Any]]:
    """The metadata of each series in a document, by id."""
    if not isinstance(series, list):
        return {}
    return {
        identity(entry["id"]): entry for entry in series if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }


def _walk(node: Any, about: Mapping[str, Any], path: tuple[str, ...], rows: Rows, name: str) -> None:
    """Take the rows of a value.

    `about`: what the objects around it say, by column. `path`: the names of the lists that it is in, and a star for
    each object named by its key.
    """
    if len(path) > DEEPEST:
        raise InputError(f"{name}: the JSON is nested too deeply to be a table of figures.", "Download it as CSV.")
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
