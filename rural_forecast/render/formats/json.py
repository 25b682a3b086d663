"""json: one object with records, series, notes and provenance; ndjson: the records alone, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.columns import Layout, TextStream, encoded, of_table, text
from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rural_forecast.document.table import Column, Document, Remark


def _json(document: Document, **_: Any) -> str:
    rows = text(of_table(document.records), _member(document.records.columns))
    body = f"\n{rows[:-2]}\n  " if rows else ""
    tail = _tail(document.notes, document.provenance, document.figures, indent=2)
    return _head(document.command, document.series) + body + tail


def _head(command: str, series: object) -> str:
    from rural_forecast.render.json_text import SCHEMA_VERSION, encode

    values = {"schema_version": SCHEMA_VERSION, "command": command, "series": series}
    return encode(values, indent=2).removesuffix("\n}") + ',\n  "rows": ['


def _tail(
    notes: Iterable[Remark], provenance: object, figures: Mapping[str, Any] | None = None, indent: int | None = None
) -> str:
    from rural_forecast.render.json_text import encode, noted

    values = ({"figures": figures} if figures else {}) | {"notes": noted(notes), "provenance": provenance}
    members = (f'  "{key}": ' + encode(value, indent).replace("\n", "\n  ") for key, value in values.items())
    return "],\n" + ",\n".join(members) + "\n}\n"


def _member(columns: tuple[Column, ...]) -> Layout:
    return _layout(columns, ": ", ", ", ",\n", "    ")


def _line(columns: tuple[Column, ...]) -> Layout:
    return _layout(columns, ":", ",", "\n")


def _layout(columns: tuple[Column, ...], colon: str, comma: str, end: str, indent: str = "") -> Layout:
    from rural_forecast.render.json_text import encode

    before = [(comma if at else indent + "{") + encode(column.key) + colon for at, column in enumerate(columns)]
    return Layout(before, "}" + end, encode, "null")


class _JsonStream(TextStream):
    """The document of a batch."""

    _rows = False

    def write(self, payload: bytes) -> None:
        self._rows = self._rows or bool(payload)
        super().write(payload)

    def restart(self) -> None:
        self._rows = False
        super().restart()

    def finish(self, notes: tuple[Remark, ...], provenance: Mapping[str, Any]) -> None:
        if self._rows:
            self._file.seek(-2, 2)  # the comma and line end after the last row
        self._file.write((("\n  " if self._rows else "  ") + _tail(notes, provenance)).encode())


FORMATS = (
    Format(
        "json",
        2,
        (".json",),
        _json,
        has_notes=True,
        has_provenance=True,
        errors_as_json=True,
        encode=lambda block: encoded(block, _member(block.columns)),
        stream=lambda path, _: _JsonStream(path, _head("batch", ()) + "\n"),
    ),
    Format(
        "ndjson",
        3,
        (".ndjson", ".jsonl"),
        lambda document, **_: text(of_table(document.records), _line(document.records.columns)),
        errors_as_json=True,
        encode=lambda block: encoded(block, _line(block.columns)),
        stream=lambda path, _: TextStream(path, ""),
    ),
)
