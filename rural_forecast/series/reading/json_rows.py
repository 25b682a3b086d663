"""JSON and NDJSON: rows as objects, years as keys, or the document that `project --format json` writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.reading.faults import Faults, refuse
from rural_forecast.series.reading.grid import Grid, TooLargeError, at_line, check_lines, check_size, check_width
from rural_forecast.series.reading.heads import is_head
from rural_forecast.text.cells import identity, shown

LONGEST_TEXT = 16_000_000
"""Of one JSON document, which takes up to sixty times its length while it is read."""
_DOCUMENT = frozenset(["schema_version", "command", "series", "rows", "notes", "provenance"])
"""Keys of the documents this program writes."""
_CONSTANT = re.compile(r'"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)')
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class _OddError(Problem, ValueError):
    """What the JSON decoder lets through: a number that is not finite, or a key that an object holds twice."""


def _constant(literal: str) -> float:
    raise _OddError("not_finite", number=literal)


def _integer(digits: str) -> int | str:
    """A whole number; one too long to be a figure stays text, and is refused where it is used."""
    return int(digits) if len(digits) < 400 else digits


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        met: set[str] = set()
        twice = next(key for key, _ in pairs if key in met or met.add(key))  # type: ignore[func-returns-value]
        raise _OddError("key_twice", key=twice)
    return made


def _is_object(line: str) -> bool:
    """Whether a line is a whole JSON object."""
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def load(text: str, name: str, line: int = 1, *, single: bool = False) -> Any:
    """Decode one JSON text whose first line is `line`; `single` where it is all of that line."""
    place = at_line(name, line) if single else Place(name, name)
    try:
        loaded = json.loads(text, parse_constant=_constant, parse_int=_integer, object_pairs_hook=_unique)
        if _HALF.search(text):
            json.dumps(loaded, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        reason = "ndjson_as_json" if not single and _is_object(text.lstrip().partition("\n")[0]) else "no_json"
        cause, at = error.msg[:1].lower() + error.msg[1:], line + error.lineno - 1
        raise InputError.of(reason, cause=cause, column=error.colno, place=at_line(name, at, error.colno)) from None
    except _OddError as error:
        if "number" in error.fields:
            constant = next((match for match in _CONSTANT.finditer(text) if match[1]), None)
            place = at_line(name, line + (text.count("\n", 0, constant.start()) if constant else 0))
        raise InputError.of(error, place=place) from None
    except UnicodeEncodeError:
        raise InputError.of("half_character", place=place) from None
    except RecursionError:
        raise InputError.of("no_json_so_deep", place=place) from None
    return loaded


def document(text: str, name: str) -> Any:
    """What a JSON text of bounded size holds. Raises InputError if it is no JSON, or too large."""
    if len(text) > LONGEST_TEXT:
        raise TooLargeError.of("json_too_long", name=name, most=LONGEST_TEXT)
    check_size(name, max(text.count("{"), text.count("[")))
    return load(text, name)


def read_json(text: str, name: str) -> Grid:
    """Read a list of rows, an object of years, an object of such objects, or a document with `rows`.

    Raises InputError if it is not JSON, or none of these shapes.
    """
    if not text.strip():
        raise InputError.of("empty", name=name, kind="json")
    data = document(text, name)
    if isinstance(data, list):
        return _rows(data, name)
    if isinstance(data, dict):
        if isinstance(data.get("rows"), list):
            rows = data["rows"]
            about = _about(data.get("series"))
            others = [(f"key {shown(key)}", "only its 'rows' are read") for key in data if key not in _DOCUMENT]
            return _rows(rows, name)._replace(about=about, left_out=others)
        return _keyed(data, name)
    raise InputError.of("not_rows", name=name, found=type(data))


def read_ndjson(text: str, name: str, faults: Faults | None = None) -> Grid:
    """Read one object a line.

    `faults`: keeps lines that are refused, in place of an error for the first. Raises InputError if a line is not a
    JSON object.
    """
    check_lines(name, text)
    check_size(name, max(text.count("{"), text.count("[")))
    rows = dict(objects(text, name, faults=faults))
    if not rows:
        raise InputError.of("empty", name=name, kind="ndjson")
    return _rows([*rows.values()], name, [*rows])


def objects(text: str, name: str, line: int = 1, faults: Faults | None = None) -> Iterator[tuple[int, Any]]:
    """The objects of a text, one a line, with their lines; `line` is the number of the first.

    Raises InputError if a line is not a JSON object.
    """
    for number, content in enumerate(text.split("\n"), line):
        if content.strip():
            try:
                row = load(content, name, number, single=True)
            except InputError as error:
                refuse(error, faults)
                continue
            if isinstance(row, dict):
                yield number, row
            else:
                refuse(InputError.of("not_a_row", row=row, place=at_line(name, number)), faults)


def _rows(rows: Sequence[Any], name: str, lines: Sequence[int] = ()) -> Grid:
    """Rows given as objects: the columns are their keys, in order of appearance; a missing key is an empty cell.

    `lines`: those of a text that has a row on each.
    """

    def place_of(row: int, _column: int) -> Place:
        at = max(row, 0)
        return at_line(name, lines[at]) if lines else Place(f"{name} row {at + 1}", name, at + 1)

    if not rows:
        raise InputError.of("no_rows", name=name)
    keys: dict[str, None] = {}
    for at, row in enumerate(rows):
        if not isinstance(row, dict):
            raise InputError.of("not_a_row", row=row, place=place_of(at, 0))
        if row.keys() != keys.keys():
            keys |= dict.fromkeys(row)
            check_width(name, len(keys))
    check_size(name, len(rows), len(keys))
    if not keys:
        raise InputError.of("empty_object", place=place_of(0, 0))
    header = list(keys)
    return Grid(name, header, [[row.get(key) for key in header] for row in rows], place_of)


def _keyed(data: Mapping[str, Any], name: str) -> Grid:
    """An object of year and value, or of series and such objects."""
    if not data:
        raise InputError.of("no_rows", name=name)
    if all(isinstance(inner, dict) and all(map(is_head, inner)) for inner in data.values()):
        rows = [[series, key, value] for series, inner in data.items() for key, value in inner.items()]
        empty = next((series for series, inner in data.items() if not inner), None)
        if empty is not None:
            raise InputError.of("key_without_values", name=name, series=empty)
        header = ["series_id", "period", "value"]
    else:
        odd = next((key for key in data if not is_head(key)), None)
        if odd is not None:
            raise InputError.of("key_no_period", name=name, key=odd, keys=tuple(data))
        rows = [[key, value] for key, value in data.items()]
        header = ["period", "value"]

    def place_of(row: int, _column: int) -> Place:
        return Place(f"{name} key " + ".".join(map(shown, rows[max(row, 0)][:-1])), name)

    return Grid(name, header, rows, place_of)


def _about(series: object) -> dict[str, Mapping[str, Any]]:
    """What a document says of its series, by id."""
    if not isinstance(series, list):
        return {}
    return {
        identity(entry["id"]): entry for entry in series if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    }
