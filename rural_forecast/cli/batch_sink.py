"""Where the rows of a batch go: workers encode them, the parent process writes them in order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Block, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.render import formats
from rural_forecast.render.columns import cells
from rural_forecast.render.format import Stream
from rural_forecast.views.common import row_columns

MOST_SHOWN = 1_048_575
"""Rows of a worksheet, and more than anybody reads in a table."""


class Encode(NamedTuple):
    """Encodes rows for the stream of a format; picklable, for workers."""

    format: str
    levels: tuple[int, ...]

    def __call__(self, rows: Rows) -> Any:
        """Bytes, a table of pyarrow, or plain rows."""
        data = tuple(data for _, data in rows.columns(self.levels))
        encode = formats.BY_NAME[self.format].encode
        if encode is None:
            return list(zip(*map(cells, data), strict=True))
        return encode(Block(row_columns(self.levels), data))


class _Whole:
    """A format that is rendered whole."""

    def __init__(self, path: Path, form: str, levels: tuple[int, ...], terminal: Mapping[str, Any]) -> None:
        self._path = path
        self._format = form
        self._levels = levels
        self._terminal = terminal
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
        self._rows.clear()

    def finish(self, notes: tuple[Remark, ...], provenance: Mapping[str, Any]) -> None:
        table = Table(row_columns(self._levels), tuple(self._rows))
        document = Document("batch", table, notes=notes, provenance=provenance)
        payload = formats.render(document, self._format, **self._terminal)
        self._path.write_bytes(payload.encode() if isinstance(payload, str) else payload)

    def close(self) -> None:
        """Nothing is open."""


def open_sink(path: Path, form: str, levels: tuple[int, ...], terminal: Mapping[str, Any]) -> Stream:
    """The file of a batch in a format."""
    stream = formats.BY_NAME[form].stream
    return stream(path, row_columns(levels)) if stream else _Whole(path, form, levels, terminal)
