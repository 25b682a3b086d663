"""Where the rows of a batch go: the encoding that workers do, and the sinks that the parent fills in order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.document.table import Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.render import blocks, formats
from rural_forecast.render.json_format import SCHEMA_VERSION
from rural_forecast.render.json_text import encode, encoder
from rural_forecast.render.parquet import METADATA_KEY
from rural_forecast.views.batch import block
from rural_forecast.views.common import row_columns

MOST_SHOWN = 1_048_575
"""Rows of a worksheet, and more than anybody reads in a table."""
DELIMITERS = {"csv": ",", "tsv": "\t"}


class Encode(NamedTuple):
    """Rows to what the sink of a format takes; workers do it, so it is picklable."""

    format: str
    levels: tuple[int, ...]

    def __call__(self, rows: Rows) -> Any:
        """Bytes of text, a table of pyarrow, or plain rows for formats that people read."""
        made = block(rows, self.levels)
        if self.format in DELIMITERS:
            return blocks.csv_rows(made, DELIMITERS[self.format])
        if self.format == "ndjson":
            return blocks.ndjson_rows(made)
        if self.format == "json":
            return blocks.json_rows(made)
        if self.format == "parquet":
            return blocks.arrow_table(made)
        return blocks.rows(made)


class TextSink:
    """Text formats, appended piece by piece."""

    def __init__(self, path: Path, form: str, columns: tuple[Column, ...]) -> None:
        self._format = form
        self._columns = columns
        self._file = path.open("wb")
        self._rows = False

    def write(self, payload: bytes) -> None:
        """Append rows."""
        self._rows = self._rows or bool(payload)
        self._file.write(payload)

    def restart(self) -> None:
        """Empty the file but for what comes before the rows."""
        self._file.seek(0)
        self._file.truncate()
        self._rows = False
        if self._format in DELIMITERS:
            self._file.write(blocks.csv_header(self._columns, DELIMITERS[self._format]))
        elif self._format == "json":
            start = f'{{\n  "schema_version": {SCHEMA_VERSION},\n  "command": "batch",\n  "series": [],\n  "rows": [\n'
            self._file.write(start.encode())

    def finish(self, notes: tuple[str, ...], provenance: Mapping[str, Any]) -> None:
        """Write what comes after the rows."""
        if self._format == "json":
            if self._rows:
                self._file.seek(-2, 2)  # the comma and line end after the last row
                self._file.truncate()
            flat = encoder()
            end = f'\n  ],\n  "notes": {encode(flat, notes)},\n  "provenance": {encode(flat, provenance)}\n}}\n'
            self._file.write(end.encode() if self._rows else end.lstrip("\n").encode())

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class ParquetSink:
    """A Parquet file, a row group for each piece."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        from rural_forecast.system.extras import need

        self._arrow = need("pyarrow", "parquet", "The format parquet")
        self._parquet = need("pyarrow.parquet", "parquet", "The format parquet")
        self._path = path
        kinds = {"text": self._arrow.string(), "year": self._arrow.int64()}
        self._schema = self._arrow.schema(
            [(column.key, kinds.get(column.kind, self._arrow.float64())) for column in columns]
        )
        self._writer: Any = None

    def write(self, payload: Any) -> None:
        """Append a table."""
        if payload.num_rows:
            self._writer.write_table(payload)

    def restart(self) -> None:
        """Start the file anew."""
        self.close()
        texts = [field.name for field in self._schema if field.type == self._arrow.string()]
        self._writer = self._parquet.ParquetWriter(self._path, self._schema, use_dictionary=texts)

    def finish(self, notes: tuple[str, ...], provenance: Mapping[str, Any]) -> None:
        """Write the end of the file, with what `json` says beside its rows."""
        flat = encoder()
        about = {"schema_version": SCHEMA_VERSION, "command": "batch", "series": [], "notes": notes}
        self._writer.add_key_value_metadata({METADATA_KEY: encode(flat, about | {"provenance": provenance})})

    def close(self) -> None:
        """Let go of the file."""
        if self._writer is not None:
            self._writer.close()


class ShownSink:
    """Formats that are made whole from a document: table, markdown and xlsx."""

    def __init__(self, path: Path, form: str, levels: tuple[int, ...], rendering: Mapping[str, Any]) -> None:
        self._path = path
        self._format = form
        self._levels = levels
        self._rendering = rendering
        self._rows: list[Any] = []

    def write(self, payload: list[Any]) -> None:
        """Keep rows.

        Raises
        ------
        UsageError : there are more than the format holds
        """
        self._rows += payload
        if len(self._rows) > MOST_SHOWN:
            raise UsageError(
                f"{self._format} holds at most {MOST_SHOWN:,} rows, and there are more.",
                "Use --format csv, ndjson or parquet.",
            )

    def restart(self) -> None:
        """Forget all rows."""
        self._rows.clear()

    def finish(self, notes: tuple[str, ...], provenance: Mapping[str, Any]) -> None:
        """Render the document."""
        document = Document(
            "batch", Table(row_columns(self._levels), tuple(self._rows)), notes=notes, provenance=provenance
        )
        payload = formats.render(document, self._format, **self._rendering)
        self._path.write_bytes(payload.encode() if isinstance(payload, str) else payload)

    def close(self) -> None:
        """Nothing is open."""


BatchSink = TextSink | ParquetSink | ShownSink


def open_sink(path: Path, form: str, levels: tuple[int, ...], rendering: Mapping[str, Any]) -> BatchSink:
    """The sink of a format; `rendering` is how people's formats are laid out."""
    if form == "parquet":
        return ParquetSink(path, row_columns(levels))
    if form in (*DELIMITERS, "ndjson", "json"):
        return TextSink(path, form, row_columns(levels))
    return ShownSink(path, form, levels, rendering)
