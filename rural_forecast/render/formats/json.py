"""json: one object with records, series, notes and provenance; ndjson: one record a line."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from json import JSONEncoder
from typing import Any

from rural_forecast.document.table import Column, Document
from rural_forecast.errors import not_finite
from rural_forecast.render.formats import Format
from rural_forecast.render.records import Layout, Writer, of_table
from rural_forecast.render.records import text as joined
from rural_forecast.text.cells import INVISIBLE, NO_CHARACTERS, encodable

# A character that a terminal obeys, or a reader of lines splits at, though JSON allows it raw
# within strings.
_UNSAFE = re.compile(f"[\x7f-\x9f\u2028\u2029{INVISIBLE}{NO_CHARACTERS}]")
SCHEMA_VERSION = 3


def about(document: Document, **more: object) -> dict[str, object]:
    """Collect what goes with the records: the command, its series, `more`, notes and provenance."""
    notes = [
        {"code": note.code, "text": str(note), "warning": note.warning} for note in document.notes
    ]
    head = {
        "schema_version": SCHEMA_VERSION,
        "command": document.command,
        "series": document.series,
    }
    inputs = {} if document.inputs is None else {"inputs": ()}
    return {**head, **more, **inputs, "notes": notes, "provenance": document.provenance}


def encode(value: object, indent: int | None = None) -> str:
    """Write one value as text.

    Raises RuralForecastError if a number is not finite, which is a defect of ours.
    """
    try:
        text = _encoder(indent).encode(value)
    except ValueError as error:
        raise not_finite("A number of the result is not finite.") from error
    if text.isascii() and "\x7f" not in text:
        return text
    return encodable(_UNSAFE.sub(lambda sign: json.dumps(sign[0])[1:-1], text))


def _other(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value.isoformat()


@cache
def _encoder(indent: int | None) -> JSONEncoder:
    return JSONEncoder(
        ensure_ascii=False, allow_nan=False, indent=indent, default=_other, check_circular=False
    )


def _layout(colon: str, comma: str, start: str, end: str) -> Callable[[tuple[Column, ...]], Layout]:
    """Make a layout of the signs between a key and its cell, between cells, and at the ends."""

    def layout(columns: tuple[Column, ...]) -> Layout:
        before = []
        for index, column in enumerate(columns):
            opening = comma if index else start
            before.append(opening + encode(column.key) + colon)
        return Layout(before, end, encode, "null")

    return layout


_SPACED = _layout(": ", ", ", ",\n    {", "}")


def _around(document: Document) -> list[str]:
    """Write the text before the records and after them.

    Inputs are one a line, so that a change is one line of a diff.
    """
    figures = {"figures": document.figures} if document.figures else {}
    whole = encode(about(document, rows=(), **figures), indent=2)
    if document.inputs is not None and document.inputs.rows:
        inputs = joined(of_table(document.inputs), _SPACED(document.inputs.columns))
        whole = whole.replace('\n  "inputs": []', f'\n  "inputs": [{inputs[1:]}\n  ]', 1)
    return whole.split('\n  "rows": []', 1)


_NDJSON = Writer(_layout(":", ",", "{", "}\n"))


def _head(document: Document) -> str:
    before, _ = _around(document)
    return before + '\n  "rows": ['


def _tail(document: Document, has_rows: bool) -> str:
    _, after = _around(document)
    close = "\n  ]" if has_rows else "]"
    return close + after + "\n"


_JSON = Writer(_SPACED, _head, _tail, between=len(","))
FORMATS = (
    Format(
        "json",
        order=2,
        suffixes=(".json",),
        has_notes=True,
        has_provenance=True,
        errors_as_json=True,
        **_JSON.traits,
    ),
    Format(
        "ndjson",
        order=3,
        suffixes=(".ndjson", ".jsonl"),
        errors_as_json=True,
        **_NDJSON.traits,
    ),
)
