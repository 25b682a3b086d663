"""Where the rows of a batch go: workers encode them, the parent process writes them in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from rural_forecast.document.table import Block, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.panel import Refusal
from rural_forecast.forecasting.batch.rows import KINDS, Rows
from rural_forecast.render import formats
from rural_forecast.render.formats import Stream
from rural_forecast.render.formats.separated import field, guarding
from rural_forecast.render.records import cells
from rural_forecast.system.output import pour
from rural_forecast.views.columns import row_columns

MOST_NAMED = 10
"""Refused series that are named on standard error."""
HEADER = "series_id,line,reason"
"""Of the list of refused series; since 2.0 a column of codes follows."""
MOST_SHOWN = 1_048_575
"""Rows of a worksheet, and more than anybody reads in a table."""


class Encode(NamedTuple):
    """Encodes rows for the stream of a format; picklable, for workers."""

    format: str
    levels: tuple[int, ...]
    guarded: bool = True
    """True if texts are kept from being formulas."""

    keeping: bool = False
    """True if the rows go into a record too, which has the values that they rest on."""
    history: bool = False
    """True if those values are asked for."""

    def __call__(self, rows: Rows) -> Any:
        """Bytes, a table of pyarrow, or plain rows; with a record `Kept`."""
        if not self.keeping:
            return self._encoded(rows)
        actual = rows.period[rows.kind.codes == KINDS.index("actual")]
        asked = rows if self.history else rows.where(rows.kind.codes == KINDS.index("forecast"))
        return Kept(self._encoded(asked), self._replace(format="json")._encoded(rows), int(actual.max(initial=0)))

    def _encoded(self, rows: Rows) -> Any:
        data = tuple(data for _, data in rows.columns(self.levels))
        encode = formats.BY_NAME[self.format].encode
        if encode is None:
            return list(zip(*map(cells, data), strict=True))
        with guarding(self.guarded):  # in a worker process too
            return encode(Block(row_columns(self.levels), data))


class Kept(NamedTuple):
    """Rows for the output and for the record, and the last year of the history."""

    payload: Any
    record: Any
    origin: int


class _Whole(Stream):
    """A format that is rendered whole."""

    def __init__(self, path: Path, form: str, levels: tuple[int, ...], terminal: Mapping[str, Any]) -> None:
        self._path = path
        self._format = form
        self._levels = levels
        self._terminal = terminal
        self._rows: list[Any] = []

    def write(self, payload: list[Any]) -> None:
        """Keep rows. Raises UsageError if they are more than the format holds."""
        self._rows += payload
        if len(self._rows) > MOST_SHOWN:
            raise UsageError(
                f"{self._format} holds at most {MOST_SHOWN:,} rows, and there are more.",
                "Use --format csv, ndjson or parquet.",
            )

    def finish(self, about: Document) -> None:
        document = replace(about, records=Table(row_columns(self._levels), tuple(self._rows)))
        payload = formats.render(document, self._format, **self._terminal)
        self._path.write_bytes(payload.encode() if isinstance(payload, str) else payload)


class Piped(Stream):
    """Rows go to standard output as they come; the head of the format waits for the first of them."""

    def __init__(self, form: str, levels: tuple[int, ...]) -> None:
        head = formats.render(Document("batch", Table(row_columns(levels), ())), form)
        self._head = head.encode() if isinstance(head, str) else head
        self._started = False

    def write(self, payload: bytes) -> None:
        """Pass rows on."""
        pour([payload] if self._started else [self._head, payload])
        self._started = True

    def finish(self, about: Document) -> None:  # noqa: ARG002 - as every stream
        """Write the head if no rows came."""
        if not self._started:
            self.write(b"")


PIPED = ("csv", "tsv", "ndjson")
"""Formats whose rows need nothing before or behind them but a head."""


class BatchSink:
    """The sink of a batch: rows to a stream, refused series to a list next to it."""

    def __init__(self, stream: Stream, beside: Path | None, record: Stream | None = None) -> None:
        self._stream, self._beside, self._record = stream, beside, record
        self.origin = 0
        self._list: TextIO | None = None
        self.first: list[Refusal] = []

    def write(self, payload: Any) -> None:
        """Pass rows on."""
        if self._record is not None:
            payload, kept, origin = payload
            self._record.write(kept)
            self.origin = max(self.origin, origin)
        self._stream.write(payload)

    def refuse(self, refusal: Refusal) -> None:
        """List a series; the first ones are kept as well."""
        if len(self.first) < MOST_NAMED:
            self.first.append(refusal)
        if self._beside is not None:
            line = f"{field(refusal.series_id)},{refusal.line or ''},{field(refusal.reason)},{refusal.error.code}\n"
            self._opened(self._beside).write(line)

    def _opened(self, beside: Path) -> TextIO:
        if self._list is None:
            self._list = beside.open("w", encoding="utf-8", newline="")
            self._list.write(f"{HEADER},code\n")
        return self._list

    def finish(self, about: Document, *, empty_list: bool) -> None:
        """End the streams; `empty_list` writes a list without series."""
        self._stream.finish(about)
        if self._record is not None:
            self._record.finish(about)
        if empty_list and self._beside is not None:
            self._opened(self._beside)

    def close(self) -> None:
        """Close all of them."""
        self._stream.close()
        if self._record is not None:
            self._record.close()
        if self._list is not None:
            self._list.close()


def open_sink(path: Path, form: str, levels: tuple[int, ...], terminal: Mapping[str, Any]) -> Stream:
    """The file of a batch in a format."""
    stream = formats.BY_NAME[form].stream
    return stream(path, row_columns(levels)) if stream else _Whole(path, form, levels, terminal)
