"""JSON and NDJSON of any shape as grids.

An object is a row, and what the objects around it say are further columns of it. JSON-stat, of
statistical offices, is a cube: a list of values and the dimensions that order them.
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
from rural_forecast.observed.reading.formats.regular import LEAST, regular_objects
from rural_forecast.observed.reading.grid import Grid, at_record, grid_of, grid_of_records
from rural_forecast.observed.reading.options import at_line, check_lines, check_size
from rural_forecast.observed.reading.periods import likely
from rural_forecast.observed.reading.words import UnusableCell
from rural_forecast.text.cells import expression, identity, shown

DEEPEST = 30  # objects within each other; a table of figures has about eight
SHAPES = (
    'Write a list of rows, [{"year": 2016, "value": 482}, ...], or an object {"2016": 482, ...}.'
)

# The keys of documents we write.
_DOCUMENT = frozenset(["schema_version", "command", "series", "rows", "notes", "provenance"])
_TYPES = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "null",
}
# Keys of a value within an object of it, which has the name of the object: `{"id": ..., "value":
# ...}`.
_LABELS = ("value", "name", "label")

JsonRow = Mapping[str, Any]
Path = tuple[str, ...]  # the keys of the objects and lists around a row
RowsByPath = dict[Path, list[JsonRow]]


def json_grids(text: str, name: str) -> list[Grid]:
    """Read the tables of a JSON text, or of one object a line."""
    if _is_ndjson(text):
        check_lines(name, text)
        check_size(name, max(text.count("{"), text.count("[")))
        return [ndjson(text, name, faults=[])]
    check_size(name, max(text.count("{"), text.count("[")), length=len(text))
    data = _load(text, name)
    if isinstance(data, dict):
        if isinstance(data.get("rows"), list) and all(
            isinstance(row, dict) for row in data["rows"]
        ):
            return [_own_document(data, name)]
        cubes = _cubes(data, name)
        if cubes:
            return cubes
        if _is_sdmx(data):
            raise InputError(f"{name} is SDMX-JSON, which is not read.", "Download it as CSV.")
    elif not isinstance(data, list):
        kind = _TYPES.get(type(data), "a number")
        raise InputError(f"{name} holds {kind} instead of rows.", SHAPES)
    elif all(_is_plain_row(row) for row in data):
        return [_of_rows(data, name)]

    rows_by_path: RowsByPath = defaultdict(list)
    _collect(rows_by_path, data, {}, ())
    grids = [_of_rows(rows, name) for rows in rows_by_path.values() if rows]
    return grids or [_of_rows([], name)]


def _of_rows(rows: Sequence[JsonRow], name: str, **others: Any) -> Grid:
    if not any(rows):
        raise InputError(f"{name} has no rows.", SHAPES)
    return grid_of_records(name, rows, **others)


def _own_document(data: Mapping[str, Any], name: str) -> Grid:
    """Read the rows of a document such as we write, with what it says of each series."""
    entries = data["series"] if isinstance(data.get("series"), list) else ()
    about: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            about[identity(entry["id"])] = entry
    left_out = [
        (f"key {shown(key)}", "only its 'rows' are read") for key in data if key not in _DOCUMENT
    ]
    return _of_rows(data["rows"], name, about=about, left_out=left_out)


def _is_sdmx(data: Mapping[str, Any]) -> bool:
    inner = data.get("data")
    return "dataSets" in data or (isinstance(inner, dict) and "dataSets" in inner)


def _is_plain_row(row: Any) -> bool:
    return isinstance(row, dict) and not any(map(_holds_rows, row.values()))


# One object a line


def _is_ndjson(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    if not first.startswith("{") or not first.rstrip().endswith("}") or not rest.strip():
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
    """Read one object a line, with the columns `keys` first.

    `faults` collects the errors of lines that are no object; without it, the first is raised.
    """
    if len(text) > LEAST:
        grid = _regular_grid(text, name, first_line)
        if grid is not None:
            names = [grid.cell(0, column) for column in range(grid.index.shape[1])]
            if not keys or names == keys:
                return grid
    rows: dict[int, JsonRow] = {}
    for line, content in enumerate(text.split("\n"), first_line):
        if not content.strip():
            continue
        try:
            rows[line] = _load(content, name, line)
        except InputError as error:
            if faults is None:
                raise
            faults.append(error)
    # The row of names above the first object has its line.
    lines = [next(iter(rows), first_line), *rows]

    def place_of(row: int, column: int) -> Place:
        return at_line(name, lines[row], column + 1)

    return grid_of_records(name, [*rows.values()], place_of, keys, faults=faults or ())


def _regular_grid(text: str, name: str, first_line: int) -> Grid | None:
    arrays = regular_objects(text.encode())
    if arrays is None:
        return None

    def place_of(row: int, column: int) -> Place:
        line = first_line + max(row - 1, 0)
        return at_line(name, line, column + 1)

    return Grid(name, *arrays, place_of)


# A document

_HALF_CHARACTER = expression(r"\\u[dD][89a-fA-F]")
# Digits of a whole number; a longer one stays text, and is refused where it is used.
_LONGEST_INTEGER = 400


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise InputError(
            f"the key {shown(twice)} stands twice in one object.", "Leave one of the two."
        )
    return entries


_DECODER = json.JSONDecoder(
    parse_constant=partial(
        UnusableCell,
        problem="is not a finite number",
        hint="Leave the row out if the value is not known.",
    ),
    parse_int=lambda digits: int(digits) if len(digits) < _LONGEST_INTEGER else digits,
    object_pairs_hook=_unique,
)


def _load(text: str, name: str, line: int = 0) -> Any:
    """Decode a document, or the object in a line. Raises InputError for another value in a line."""
    where = at_line(name, line) if line else Place(name, name)
    try:
        loaded = _DECODER.decode(text)
        if _HALF_CHARACTER.search(text):
            json.dumps(loaded, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        cause = error.msg[:1].lower() + error.msg[1:]
        problem = f"not valid JSON, {cause} (column {error.colno})."
        hint = "Repair it there; python -m json.tool FILE shows the same place."
        where = at_line(name, (line or 1) + error.lineno - 1, error.colno)
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
    raise InputError(problem, hint, place=where)


def _collect(rows_by_path: RowsByPath, node: Any, about: JsonRow, path: Path) -> None:
    """Collect the rows of a value, by the keys around them.

    `about`: what the objects around it say.
    """
    if len(path) > DEEPEST:
        raise InputError("the JSON is nested too deeply to be a table of figures.", SHAPES)
    if isinstance(node, list):
        _collect_list(rows_by_path, node, about, path)
    elif isinstance(node, dict):
        # An object in a list, or the document, may have a value for each period.
        may_be_series = not path or path[-1] == "*"
        if may_be_series and node and all(map(likely, node)):
            _collect_periods(rows_by_path, node, about, path)
        else:
            _collect_object(rows_by_path, node, about, path)


def _collect_list(rows_by_path: RowsByPath, node: list[Any], about: JsonRow, path: Path) -> None:
    if len(node) > 1 and all(isinstance(row, list) for row in node):
        heads = map(str, node[0])
        rows_by_path[(*path, "rows")] += [{**about, **row} for row in _under(heads, node[1:])]
    for entry in node:
        _collect(rows_by_path, entry, about, path if isinstance(entry, dict) else (*path, "*"))


def _collect_periods(
    rows_by_path: RowsByPath, node: Mapping[str, Any], about: JsonRow, path: Path
) -> None:
    """Collect `{"2015": 10, "2016": 12}`, also with an object for each period."""
    rows = rows_by_path[(*path, "periods")]
    for period, cell in node.items():
        if not isinstance(cell, dict):
            rows.append({**about, "period": period, "value": cell})
    for period, cell in node.items():
        _collect(rows_by_path, cell, {**about, "period": period}, (*path, "periods", "*"))


def _collect_object(
    rows_by_path: RowsByPath, node: Mapping[str, Any], about: JsonRow, path: Path
) -> None:
    row = {**about, **dict(_flat(node))}
    if len(row) > len(about):
        rows_by_path[path].append(row)
    lists = {key: value for key, value in node.items() if isinstance(value, list)}
    of_named_lists = [*_of_named_lists(lists)]
    rows_by_path[(*path, "rows")] += [
        {**row, **inner} for inner in chain(_of_arrays(lists), of_named_lists)
    ]
    for key, value in node.items():
        if isinstance(value, dict):
            column = f"key {len(path)}" if path else "series"
            _collect(rows_by_path, value, {**row, column: key}, (*path, "*"))
        elif key in lists:
            is_read = of_named_lists and value and isinstance(value[0], list)
            if not is_read:
                _collect(rows_by_path, value, row, (*path, key))


def _holds_rows(cell: Any) -> bool:
    if isinstance(cell, list):
        return any(isinstance(row, dict | list) for row in cell)
    return isinstance(cell, dict)


def _under(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[JsonRow]:
    names = [*heads]
    return (dict(zip(names, row, strict=False)) for row in rows)


def _flat(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """List the plain values of an object, also those of objects in it that hold nothing else."""
    for key, value in node.items():
        if isinstance(value, dict):
            is_nested = any(isinstance(inner, list | dict) for inner in value.values())
            if not is_nested and not all(map(likely, value)):
                for inner_key, inner in value.items():
                    yield (key if inner_key in _LABELS else f"{key} {inner_key}"), inner
        elif not isinstance(value, list):
            yield key, value


def _of_arrays(lists: Mapping[str, list[Any]]) -> Iterator[JsonRow]:
    """Read the rows of lists of one length, one of periods: `{"period": [...], "value": [...]}`."""
    plain = {
        key: cells for key, cells in lists.items() if len(cells) > 1 and not _holds_rows(cells)
    }
    periods = next((cells for cells in plain.values() if all(map(likely, cells))), ())
    columns = {key: cells for key, cells in plain.items() if len(cells) == len(periods)}
    if len(columns) < 2:
        return iter(())
    return _under(columns, zip(*columns.values(), strict=True))


def _of_named_lists(lists: Mapping[str, list[Any]]) -> Iterator[JsonRow]:
    """Read the rows of a list of lists whose heads are in a list next to it."""
    for value in lists.values():
        rows = [_row_of_px(row) for row in value]
        if not rows or not all(isinstance(row, list) for row in rows):
            continue
        for other in lists.values():
            heads = [_head_of_px(head) for head in other]
            has_a_head_each = heads and len(heads) == len(rows[0]) and all(heads)
            if other is not value and has_a_head_each:
                yield from _under(heads, rows)
                break


def _row_of_px(row: Any) -> Any:
    """Join the two parts of a row of PX-Web, `key` and `values`; any other is as it is."""
    if isinstance(row, dict):
        key = row.get("key")
        values = row.get("values")
        if isinstance(key, list) and isinstance(values, list):
            return [*key, *values]
    return row


def _head_of_px(head: Any) -> str:
    """Find the name of a column in a text, or in an object with its `text` or `code`."""
    name = (head.get("text") or head.get("code")) if isinstance(head, dict) else head
    return name if isinstance(name, str) else ""


# JSON-stat 1 and 2


def _cubes(data: Mapping[str, Any], name: str) -> list[Grid]:
    """Read the data sets of a JSON-stat document: itself, a key of it, or an item of a list."""
    link = data.get("link")
    items = link.get("item") if isinstance(link, dict) else None
    entries: list[tuple[str, Any]] = [("", data), *data.items()]
    if isinstance(items, list):
        entries += [("", item) for item in items]
    cubes = [(key, entry) for key, entry in entries if _is_cube(entry)]
    try:
        return [_cube(cube, str(cube.get("label", key)), name) for key, cube in cubes]
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        problem = "is JSON-stat whose dimensions, sizes and values do not fit each other."
        raise InputError(
            problem, "Download it anew, or as CSV.", code="damaged", place=Place(name, name)
        ) from None


def _is_cube(entry: Any) -> bool:
    return isinstance(entry, dict) and "dimension" in entry and "value" in entry


def _cube(data: Mapping[str, Any], title: str, name: str) -> Grid:
    """Write a cube as rows: a code and a label of each dimension, the value, and its status."""
    dimension = data["dimension"]
    # Version 1 has these in the dimensions.
    ids = data["id"] if "id" in data else dimension["id"]
    sizes = data["size"] if "size" in data else dimension["size"]
    values = data["value"]
    count = prod(sizes)
    codes_of = [_codes(dimension[key]["category"]) for key in ids]
    if list(map(len, codes_of)) != sizes:
        raise ValueError
    if not isinstance(values, list | dict) or len(values) > count:
        raise ValueError
    check_size(name, count, 2 * len(ids) + 2)

    role = data.get("role", dimension.get("role")) or {}
    times = role.get("time") or []
    heads: list[str] = []
    cells_of: list[list[Any]] = []  # for each dimension, the cells of each of its codes
    for key, codes in zip(ids, codes_of, strict=True):
        label_of = dimension[key]["category"].get("label", {})
        labels = [label_of.get(code, code) for code in codes]
        heads.append("time" if key in times else key)
        if labels == codes:
            cells_of.append([(code,) for code in codes])
        else:
            title_of_labels = "time" if key in times else dimension[key].get("label", key)
            heads.append(f"{title_of_labels} label")
            cells_of.append(list(zip(codes, labels, strict=True)))
    status = data.get("status")
    rows = [
        [*chain.from_iterable(cells), _entry(values, number), _entry(status, number)]
        for number, cells in enumerate(product(*cells_of))
    ]
    source = data.get("source")
    about = {
        "title": title,
        "publisher": source if isinstance(source, str) else "",
        "unit": data.get("unit", ""),
    }
    return grid_of(
        name, [[*heads, "value", "status"], *rows], at_record(name, "value"), about={"": about}
    )


def _codes(category: Mapping[str, Any]) -> list[str]:
    index = category.get("index")
    if isinstance(index, dict):
        if sorted(index.values()) != list(range(len(index))):
            raise ValueError
        return sorted(index, key=lambda code: int(index[code]))
    if isinstance(index, list):
        return [str(code) for code in index]
    return list(category["label"])


def _entry(values: Any, number: int) -> Any:
    """Find an entry of a list, of an object by its number, or of one value for all."""
    if isinstance(values, list):
        return values[number] if number < len(values) else None
    return values.get(str(number)) if isinstance(values, dict) else values
