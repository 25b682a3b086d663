"""JSON and NDJSON of any shape: an object is a row, and what the objects around it say are further columns of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.reading.formats.json_stat import json_stat_grids
from rural_forecast.series.reading.formats.regular import LEAST, regular_objects
from rural_forecast.series.reading.grid import Grid, grid_of_records
from rural_forecast.series.reading.limits import at_line, check_length, check_lines, check_size
from rural_forecast.series.reading.periods import likely
from rural_forecast.series.reading.words import UnusableCell
from rural_forecast.text.cells import expression, identity, shown

DEEPEST = 30  # objects within each other; a table of figures has about eight
SHAPES = 'Write a list of rows, [{"year": 2016, "value": 482}, ...], or an object {"2016": 482, ...}.'
_DOCUMENT = frozenset(["schema_version", "command", "series", "rows", "notes", "provenance"])  # of documents we write
_HALF = expression(r"\\u[dD][89a-fA-F]")
_LABELS = ("value", "name", "label")
_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
Row = Mapping[str, Any]
Path = tuple[str, ...]


def json_grids(text: str, name: str) -> list[Grid]:
    """The tables of a JSON text, or of one object a line."""
    is_ndjson = _is_ndjson(text)
    (check_lines if is_ndjson else check_length)(name, text)
    check_size(name, max(text.count("{"), text.count("[")))
    if is_ndjson:
        return [ndjson(text, name, faults=[])]
    data = _load(text, name)
    if isinstance(data, dict):
        rows = data.get("rows")
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            series = data["series"] if isinstance(data.get("series"), list) else ()
            entries = (entry for entry in series if isinstance(entry, dict) and isinstance(entry.get("id"), str))
            others = [(f"key {shown(key)}", "only its 'rows' are read") for key in data if key not in _DOCUMENT]
            return [_of_rows(rows, name, about={identity(entry["id"]): entry for entry in entries}, left_out=others)]
        if tables := json_stat_grids(data, name):
            return tables
        if "dataSets" in data or (isinstance(data.get("data"), dict) and "dataSets" in data["data"]):
            raise InputError(f"{name} is SDMX-JSON, which is not read.", "Download it as CSV.")
    elif not isinstance(data, list):
        raise InputError(f"{name} holds {_TYPES.get(type(data), 'a number')} instead of rows.", SHAPES)
    elif all(isinstance(row, dict) and not any(map(_holds_rows, row.values())) for row in data):
        return [_of_rows(data, name)]
    found: dict[Path, list[dict[str, Any]]] = {}
    for path, row in _rows_in(data, {}, ()):
        found.setdefault(path, []).append(row)
    return [_of_rows(rows, name) for rows in found.values()] or [_of_rows([], name)]


def _holds_rows(cell: Any) -> bool:
    return isinstance(cell, dict) or (isinstance(cell, list) and any(isinstance(row, dict | list) for row in cell))


def _of_rows(rows: list[dict[str, Any]], name: str, **others: Any) -> Grid:
    if not any(rows):
        raise InputError(f"{name} has no rows.", SHAPES)
    return grid_of_records(name, rows, **others)


def _is_ndjson(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    if not (first.startswith("{") and first.rstrip().endswith("}") and rest.strip()):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def ndjson(
    text: str, name: str, first_line: int = 1, keys: Sequence[str] = (), faults: list[InputError] | None = None
) -> Grid:
    """One object a line; `keys` come first, `faults` keeps lines that are no object, in place of an error."""
    if len(text) > LEAST and (made := regular_objects(text.encode())):
        grid = Grid(name, *made, lambda row, column: at_line(name, row - (row > 0) + first_line, column + 1))
        if not keys or [grid.cell(0, column) for column in range(grid.index.shape[1])] == keys:
            return grid
    rows: dict[int, dict[str, Any]] = {}
    for line, content in enumerate(text.split("\n"), first_line):
        try:
            if content.strip():
                rows[line] = _load(content, name, line)
        except InputError as error:
            if faults is None:
                raise
            faults.append(error)
    lines = [next(iter(rows), first_line), *rows]

    def place(row: int, column: int) -> Place:
        return at_line(name, lines[row], column + 1)

    return grid_of_records(name, [*rows.values()], place=place, keys=keys, faults=faults or ())


class _TwiceError(Problem, ValueError):
    """A key that an object holds twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _TwiceError(f"the key {shown(twice)} stands twice in one object.", "Leave one of the two.")
    return made


_LONGEST = 400  # digits of a whole number; a longer one stays text, and is refused where it is used
_NOT_FINITE = {"problem": "is not a finite number", "hint": "Leave the row out if the value is not known."}
_DECODER = json.JSONDecoder(
    parse_constant=partial(UnusableCell, **_NOT_FINITE),
    parse_int=lambda digits: int(digits) if len(digits) < _LONGEST else digits,
    object_pairs_hook=_unique,
)


def _load(text: str, name: str, line: int = 0) -> Any:
    """The content of a document, or the object in a line. Raises InputError if a line holds another value."""
    place = at_line(name, line) if line else Place(name, name)
    try:
        loaded = _DECODER.decode(text)
        if _HALF.search(text):
            json.dumps(loaded, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        cause = error.msg[:1].lower() + error.msg[1:]
        problem = f"not valid JSON, {cause} (column {error.colno})."
        hint = "Repair it there; python -m json.tool FILE shows the same place."
        place = at_line(name, (line or 1) + error.lineno - 1, error.colno)
    except _TwiceError as error:
        problem, hint = error.problem, error.hint
    except UnicodeEncodeError:
        problem, hint = "a text holds half of a character (a lone surrogate).", "Write it whole."
    except RecursionError:
        problem, hint = "the JSON is nested too deeply to be a table of figures.", SHAPES
    else:
        if not line or isinstance(loaded, dict):
            return loaded
        kind = _TYPES.get(type(loaded), "a number")
        problem, hint = f"{kind} where a row must be: {shown(loaded)}.", SHAPES
    raise InputError(problem, hint, place=place)


def _rows_in(node: Any, about: Row, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The rows of a value by the names of the lists around them; `about`: what the objects around it say, by column."""
    if len(path) > DEEPEST:
        raise InputError("the JSON is nested too deeply to be a table of figures.", SHAPES)
    if isinstance(node, list):
        if len(node) > 1 and all(isinstance(row, list) for row in node):
            yield from _at((*path, "rows"), _under(map(str, node[0]), node[1:]), about)
        for entry in node:
            yield from _rows_in(entry, about, path if isinstance(entry, dict) else (*path, "*"))
    elif isinstance(node, dict) and path[-1:] in ((), ("*",)) and node and all(map(likely, node)):
        values = ({"period": period, "value": cell} for period, cell in node.items() if not isinstance(cell, dict))
        yield from _at((*path, "periods"), values, about)
        for period, cell in node.items():
            yield from _rows_in(cell, {**about, "period": period}, (*path, "periods", "*"))
    elif isinstance(node, dict):
        row = {**about, **dict(_flat(node))}
        if len(row) > len(about):
            yield path, row
        lists = {key: value for key, value in node.items() if isinstance(value, list)}
        named = [*_of_named_lists(lists)]
        yield from _at((*path, "rows"), chain(_of_arrays(lists), named), row)
        for key, value in node.items():
            if isinstance(value, dict):
                said = {**row, f"key {len(path)}" if path else "series": key}
                yield from _rows_in(value, said, (*path, "*"))
            elif key in lists and not (named and value and isinstance(value[0], list)):
                yield from _rows_in(value, row, (*path, key))


def _at(path: Path, rows: Iterable[Row], about: Row) -> Iterator[tuple[Path, dict[str, Any]]]:
    return ((path, {**about, **row}) for row in rows)


def _under(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[Row]:
    names = [*heads]
    return (dict(zip(names, row, strict=False)) for row in rows)


def _flat(node: Row) -> Iterator[tuple[str, Any]]:
    """The plain values of an object, with those of objects such as `{"id": ..., "value": ...}` in it."""
    for key, value in node.items():
        if isinstance(value, dict):
            if not any(isinstance(text, list | dict) for text in value.values()) and not all(map(likely, value)):
                for inner, text in value.items():
                    yield (key if inner in _LABELS else f"{key} {inner}"), text
        elif not isinstance(value, list):
            yield key, value


def _of_arrays(lists: Mapping[str, list[Any]]) -> Iterator[Row]:
    """The rows of lists of one length, one of them of periods: `{"period": [...], "value": [...]}`."""
    plain = {key: cells for key, cells in lists.items() if len(cells) > 1 and not _holds_rows(cells)}
    times = next((cells for cells in plain.values() if all(map(likely, cells))), ())
    columns = {key: cells for key, cells in plain.items() if len(cells) == len(times)}
    return _under(columns, zip(*columns.values(), strict=True)) if len(columns) > 1 else iter(())


def _of_named_lists(lists: Mapping[str, list[Any]]) -> Iterator[Row]:
    """The rows of a list of lists whose heads are in a list next to it; PX-Web parts each in `key` and `values`."""

    def cells(row: Any) -> Any:
        key, values = (row.get("key"), row.get("values")) if isinstance(row, dict) else (None, None)
        return [*key, *values] if isinstance(key, list) and isinstance(values, list) else row

    def head(of: Any) -> str:
        text = (of.get("text") or of.get("code")) if isinstance(of, dict) else of
        return text if isinstance(text, str) else ""

    for value in lists.values():
        rows = [*map(cells, value)]
        if rows and all(isinstance(row, list) for row in rows):
            named = ([*map(head, heads)] for heads in lists.values() if heads is not value)
            if heads := next((heads for heads in named if len(heads) == len(rows[0]) and all(heads)), None):
                yield from _under(heads, rows)
