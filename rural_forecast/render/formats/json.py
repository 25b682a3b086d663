"""json: one object with records, series, notes and provenance; ndjson: the records alone, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.render.formats import Format
from rural_forecast.render.records import Layout, Writer

if TYPE_CHECKING:
    from rural_forecast.document.table import Column, Document


def _around(document: Document) -> list[str]:
    """The text before the records and after them."""
    from rural_forecast.render.json_text import about, encode

    figures = {"figures": document.figures} if document.figures else {}
    return encode(about(document, rows=(), **figures), indent=2).split('\n  "rows": []', 1)


def _layout(columns: tuple[Column, ...], colon: str, comma: str, start: str, end: str) -> Layout:
    from rural_forecast.render.json_text import encode

    before = [(comma if at else start) + encode(column.key) + colon for at, column in enumerate(columns)]
    return Layout(before, end, encode, "null")


FORMATS = (
    Format.of_text(
        "json",
        2,
        (".json",),
        Writer(
            lambda columns: _layout(columns, ": ", ", ", ",\n    {", "}"),
            lambda document: _around(document)[0] + '\n  "rows": [',
            lambda document, rows: ("\n  ]" if rows else "]") + _around(document)[1] + "\n",
            between=1,
        ),
        has_notes=True,
        has_provenance=True,
        errors_as_json=True,
    ),
    Format.of_text(
        "ndjson",
        3,
        (".ndjson", ".jsonl"),
        Writer(lambda columns: _layout(columns, ":", ",", "{", "}\n")),
        errors_as_json=True,
    ),
)
