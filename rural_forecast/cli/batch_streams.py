"""Where the rows of a batch go: workers encode them, the parent process writes them in order."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.document.table import Block, Cell, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.answers import Answers
from rural_forecast.forecasting.batch.rows import assemble
from rural_forecast.render import formats
from rural_forecast.render.formats import RecordStream
from rural_forecast.render.formats.separated import guarding
from rural_forecast.render.records import cells
from rural_forecast.system.output import pour
from rural_forecast.views import batch
from rural_forecast.views.table import row_columns

MOST_SHOWN = 1_048_575  # rows of a worksheet, and more than anybody reads in a table
PIPED = ("csv", "tsv", "ndjson")  # formats whose rows need nothing before or behind them but a head


class Encode(NamedTuple):
    """Encodes rows for the stream of a format; picklable, for workers."""

    format: str
    levels: tuple[int, ...]
    guarded: bool = True  # True if texts are kept from being formulas
    keeping: bool = False
    """True if the rows go into a record too, which has the values that they rest on."""
    brief: bool = False  # True if people see one row a series first

    def __call__(self, answers: Answers) -> tuple[list[Any], int]:
        """Encode the rows for the output, and for the record if there is one.

        Returns them with the last year of the history.
        """
        encoded = [self._encoded(answers, self.format, history=self.brief)]
        if self.brief and self.format == "table":
            encoded[0] = list(_without_earlier_values(encoded[0]))
        if self.keeping:
            encoded.append(self._encoded(answers, "json", history=True))
        return encoded, int(answers.panel.origins.max(initial=0))

    def _encoded(self, answers: Answers, form: str, *, history: bool) -> Any:
        """The rows in a format: bytes, a table of pyarrow, or plain rows."""
        columns = tuple(assemble(answers, history=history).values())
        encode = formats.BY_NAME[form].encode
        if encode is None:
            return list(zip(*map(cells, columns), strict=True))
        with guarding(self.guarded):  # in a worker process too
            return encode(Block(row_columns(self.levels), columns))


def _without_earlier_values(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Leave out the values of each series before the last one."""
    columns = [column.key for column in row_columns(())]
    series = columns.index("series_id")
    kind = columns.index("kind")
    last: tuple[Cell, ...] | None = None
    for row in rows:
        if row[kind] == "actual":
            last = row
            continue
        if last is not None and last[series] == row[series]:
            yield last
        last = None
        yield row


class _Whole(RecordStream):
    """A format that is rendered whole."""

    def __init__(
        self,
        path: Path,
        form: str,
        levels: tuple[int, ...],
        terminal: Mapping[str, Any],
        *,
        brief: bool = False,
    ) -> None:
        self._path = path
        self._format = form
        self._levels = levels
        self._terminal = terminal
        self._brief = brief
        self._rows: list[Any] = []

    def write(self, payload: list[Any]) -> None:
        """Keep rows. Raises UsageError if they are more than the format holds."""
        self._rows += payload
        if len(self._rows) > MOST_SHOWN:
            problem = f"{self._format} holds at most {MOST_SHOWN:,} rows, and there are more."
            raise UsageError(problem, "Use --format csv, ndjson or parquet.")

    def finish(self, about: Document) -> None:
        rows = tuple(self._rows)
        if self._brief:
            document = batch.document(rows, self._levels, about)
        else:
            document = about._replace(records=Table(row_columns(self._levels), rows))
        payload = formats.render(document, self._format, **self._terminal)
        self._path.write_bytes(payload.encode() if isinstance(payload, str) else payload)


class Piped(RecordStream):
    """Rows that go to standard output as they come; the head waits for the first of them."""

    def __init__(self, form: str, levels: tuple[int, ...]) -> None:
        head = formats.render(Document("batch", Table(row_columns(levels), ())), form)
        self._head = [head.encode() if isinstance(head, str) else head]

    def write(self, payload: bytes) -> None:
        """Pass rows on."""
        pour([*self._head, payload])
        self._head = []

    def finish(self, about: Document) -> None:  # noqa: ARG002 - as every stream
        """Write the head if no rows came."""
        if self._head:
            self.write(b"")


def open_stream(
    path: Path,
    form: str,
    levels: tuple[int, ...],
    terminal: Mapping[str, Any],
    *,
    brief: bool = False,
) -> RecordStream:
    """The file of a batch in a format; a `brief` one has a row a series, for people."""
    stream = formats.BY_NAME[form].stream
    if stream:
        return stream(path, row_columns(levels))
    return _Whole(path, form, levels, terminal, brief=brief)
