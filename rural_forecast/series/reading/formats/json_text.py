"""JSON and NDJSON of any shape: an object is a row, and what the objects around it say are further
columns of it.

JSON-stat, of statistical offices, is a cube: a list of values and the dimensions that order them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, product
from math import prod
from typing import Any

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.formats.regular import LEAST, regular_objects
from rural_forecast.series.reading.grid import Grid, at_record, grid_of, grid_of_records
from rural_forecast.series.reading.options import at_line, check_lines, check_size
from rural_forecast.series.reading.periods import likely
from rural_forecast.series.reading.words import UnusableCell
from rural_forecast.text.cells import expression, identity, shown

DEEPEST = 30  # objects within each other; a table of figures has about eight
SHAPES = (
    'Write a list of rows, [{"year": 2016, "value": 482}, ...], or an object {"2016": 482, ...}.'
)
# Of documents we write.
_DOCUMENT = frozenset(["schema_version", "command", "series", "rows", "notes", "provenance"])
_HALF = expression(r"\\u[dD][89a-fA-F]")
_LABELS = ("value", "name", "label")
_TYPES = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}
Row = Mapping[str, Any]
Path = tuple[str, ...]


def json_grids(text: str, name: str) -> list[Grid]:
    """The tables of a JSON text, or of one object a line."""
    is_ndjson = _is_ndjson(text)
    if is_ndjson:
        check_lines(name, text)
    check_size(name, max(text.count("{"), text.count("[")), length=0 if is_ndjson else len(text))
    if is_ndjson:
        return [ndjson(text, name, faults=[])]
    data = _load(text, name)
    if isinstance(data, dict):
        rows = data.get("rows")
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            series = data["series"] if isinstance(data.get("series"), list) else ()
            entries = (
                entry
                for entry in series
                if isinstance(entry, dict) and isinstance(entry.get("id"), str)
            )
            others = [
                (f"key {shown(key)}", "only its 'rows' are read")
                for key in data
                if key not in _DOCUMENT
            ]
            return [
                _of_rows(
                    rows,
                    name,
                    about={identity(entry["id"]): entry for entry in entries},
                    left_out=others,
                )
            ]
        if tables := _cubes(data, name):
            return tables
        if "dataSets" in data or (
            isinstance(data.get("data"), dict) and "dataSets" in data["data"]
        ):
            raise InputError(f"{name} is SDMX-JSON, which is not read.", "Download it as CSV.")
    elif not isinstance(data, list):
        raise InputError(
            f"{name} holds {_TYPES.get(type(data), 'a number')} instead of rows.", SHAPES
        )
    elif all(isinstance(row, dict) and not any(map(_holds_rows, row.values())) for row in data):
        return [_of_rows(data, name)]
    found: dict[Path, list[dict[str, Any]]] = defaultdict(list)
    _collect(found, data, {}, ())
    return [_of_rows(rows, name) for rows in filter(None, found.values())] or [_of_rows([], name)]


def _of_rows(rows: list[dict[str, Any]], name: str, **others: Any) -> Grid:
    if not any(rows):
        raise InputError(f"{name} has no rows.", SHAPES)
    return grid_of_records(name, rows, **others)


# One object a line


def _is_ndjson(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    if not (first.startswith("{") and first.rstrip().endswith("}") and rest.strip()):
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def ndjson(
    text: str,
    name: str,
    first_line: int = 1,
    keys: Sequence[str] = (),
    faults: list[InputError] | None = None,
) -> Grid:
    """One object a line; `keys` come first, `faults` keeps lines that are no object, in place of an
    error.
    """
    if len(text) > LEAST and (made := regular_objects(text.encode())):
        grid = Grid(
            name, *made, lambda row, column: at_line(name, row - (row > 0) + first_line, column + 1)
        )
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


# A document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InputError(
            f"the key {shown(twice)} stands twice in one object.", "Leave one of the two."
        )
    return made


_LONGEST = 400  # digits of a whole number; a longer one stays text, and is refused where it is used
_NOT_FINITE = {
    "problem": "is not a finite number",
    "hint": "Leave the row out if the value is not known.",
}
_DECODER = json.JSONDecoder(
    parse_constant=partial(UnusableCell, **_NOT_FINITE),
    parse_int=lambda digits: int(digits) if len(digits) < _LONGEST else digits,
    object_pairs_hook=_unique,
)


def _load(text: str, name: str, line: int = 0) -> Any:
    """The content of a document, or the object in a line. Raises InputError if a line holds another
    value.
    """
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
    except InputError as error:
        problem = error.problem
        hint = error.hint
    except UnicodeEncodeError:
        problem = "a text holds half of a character (a lone surrogate)."
        hint = "Write it whole."
    except RecursionError:
        problem = "the JSON is nested too deeply to be a table of figures."
        hint = SHAPES
    else:
        if not line or isinstance(loaded, dict):
            return loaded
        kind = _TYPES.get(type(loaded), "a number")
        problem = f"{kind} where a row must be: {shown(loaded)}."
        hint = SHAPES
    raise InputError(problem, hint, place=place)


def _collect(found: dict[Path, list[dict[str, Any]]], node: Any, about: Row, path: Path) -> None:
    """Find the rows of a value, by the names of the lists around them; `about`: what the objects
    around it say.
    """
    if len(path) > DEEPEST:
        raise InputError("the JSON is nested too deeply to be a table of figures.", SHAPES)
    if isinstance(node, list):
        if len(node) > 1 and all(isinstance(row, list) for row in node):
            found[(*path, "rows")] += [
                {**about, **row} for row in _under(map(str, node[0]), node[1:])
            ]
        for entry in node:
            _collect(found, entry, about, path if isinstance(entry, dict) else (*path, "*"))
    elif isinstance(node, dict) and path[-1:] in ((), ("*",)) and node and all(map(likely, node)):
        values = [(period, cell) for period, cell in node.items() if not isinstance(cell, dict)]
        found[(*path, "periods")] += [
            {**about, "period": period, "value": cell} for period, cell in values
        ]
        for period, cell in node.items():
            _collect(found, cell, {**about, "period": period}, (*path, "periods", "*"))
    elif isinstance(node, dict):
        row = {**about, **dict(_flat(node))}
        if len(row) > len(about):
            found[path].append(row)
        lists = {key: value for key, value in node.items() if isinstance(value, list)}
        named = [*_of_named_lists(lists)]
        found[(*path, "rows")] += [{**row, **each} for each in chain(_of_arrays(lists), named)]
        for key, value in node.items():
            if isinstance(value, dict):
                _collect(
                    found,
                    value,
                    {**row, f"key {len(path)}" if path else "series": key},
                    (*path, "*"),
                )
            elif key in lists and not (named and value and isinstance(value[0], list)):
                _collect(found, value, row, (*path, key))


def _holds_rows(cell: Any) -> bool:
    return isinstance(cell, dict) or (
        isinstance(cell, list) and any(isinstance(row, dict | list) for row in cell)
    )


def _under(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[Row]:
    names = [*heads]
    return (dict(zip(names, row, strict=False)) for row in rows)


def _flat(node: Row) -> Iterator[tuple[str, Any]]:
    """The plain values of an object, with those of objects such as `{"id": ..., "value": ...}` in
    it.
    """
    for key, value in node.items():
        if isinstance(value, dict):
            if not any(isinstance(text, list | dict) for text in value.values()) and not all(
                map(likely, value)
            ):
                for inner, text in value.items():
                    yield (key if inner in _LABELS else f"{key} {inner}"), text
        elif not isinstance(value, list):
            yield key, value


def _of_arrays(lists: Mapping[str, list[Any]]) -> Iterator[Row]:
    """The rows of lists of one length, one of them of periods: `{"period": [...], "value": [...]}`."""
    plain = {
        key: cells for key, cells in lists.items() if len(cells) > 1 and not _holds_rows(cells)
    }
    times = next((cells for cells in plain.values() if all(map(likely, cells))), ())
    columns = {key: cells for key, cells in plain.items() if len(cells) == len(times)}
    return _under(columns, zip(*columns.values(), strict=True)) if len(columns) > 1 else iter(())


def _of_named_lists(lists: Mapping[str, list[Any]]) -> Iterator[Row]:
    """The rows of a list of lists whose heads are in a list next to it; PX-Web parts each in `key`
    and `values`.
    """

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
            if heads := next(
                (heads for heads in named if len(heads) == len(rows[0]) and all(heads)), None
            ):
                yield from _under(heads, rows)


# JSON-stat 1 and 2


def _cubes(data: Row, name: str) -> list[Grid]:
    link = data.get("link")
    items = link.get("item") if isinstance(link, dict) else None
    entries = [
        ("", data),
        *data.items(),
        *(("", entry) for entry in (items if isinstance(items, list) else ())),
    ]
    try:
        return [
            _cube(entry, str(entry.get("label", key)), name)
            for key, entry in entries
            if isinstance(entry, dict) and "dimension" in entry and "value" in entry
        ]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        problem = "is JSON-stat whose dimensions, sizes and values do not fit each other."
        raise InputError(
            problem, "Download it anew, or as CSV.", code="damaged", place=Place(name, name)
        ) from None


def _cube(data: Row, title: str, name: str) -> Grid:
    dimension = data["dimension"]
    ids, sizes = (data[key] if key in data else dimension[key] for key in ("id", "size"))
    values = data["value"]
    status = data.get("status")
    count = prod(sizes)
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
        [*chain.from_iterable(labels_of), _entry(values, at), _entry(status, at)]
        for at, labels_of in enumerate(product(*columns))
    ]
    source = data.get("source")
    about = {
        "title": title,
        "publisher": source if isinstance(source, str) else "",
        "unit": data.get("unit", ""),
    }
    return grid_of(
        name, [[*keys, "value", "status"], *rows], at_record(name, "value"), about={"": about}
    )


def _codes(category: Row) -> list[str]:
    index = category.get("index")
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise ValueError
        return sorted(index, key=lambda code: int(index[code]))
    return [str(code) for code in index] if isinstance(index, list) else list(category["label"])


def _entry(values: Any, at: int) -> Any:
    if isinstance(values, list):
        return values[at] if at < len(values) else None
    return values.get(str(at)) if isinstance(values, dict) else values
