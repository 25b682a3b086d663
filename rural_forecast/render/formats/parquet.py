"""parquet: the records with true types; metadata holds what json has beside its rows."""

from functools import partial
from pathlib import Path
from typing import Any

from rural_forecast.document.table import Block, CodedTexts, Column, Document
from rural_forecast.render.formats import Format
from rural_forecast.render.formats.json import about, encode
from rural_forecast.render.records import of_table
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable

METADATA_KEY = b"rural_forecast"
ROW_GROUP = 262_144  # rows, of a file that is written as they come
_need = partial(need, extra="parquet", purpose="The format parquet")


def _render(document: Document, **_: Any) -> bytes:
    sink = _need("pyarrow").BufferOutputStream()
    metadata = {METADATA_KEY: encode(about(document)).encode()}
    table = _table(of_table(document.records)).replace_schema_metadata(metadata)
    _need("pyarrow.parquet").write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _table(block: Block) -> Any:
    arrays = [_array(column, data) for column, data in zip(block.columns, block.data, strict=True)]
    return _need("pyarrow").table(arrays, names=[column.key for column in block.columns])


def _array(column: Column, data: Any) -> Any:
    arrow = _need("pyarrow")
    if isinstance(data, CodedTexts):
        words = arrow.array(map(encodable, data.words), arrow.string())
        return words.take(arrow.array(data.codes, mask=data.codes < 0))
    if not isinstance(data, tuple):
        return arrow.array(data, _type(column), mask=data != data)  # NaN equals nothing
    kind = arrow.string() if any(isinstance(cell, str) for cell in data) else _type(column)
    if kind == arrow.string():
        data = [cell if cell is None else encodable(str(cell)) for cell in data]
    return arrow.array(data, kind)


def _type(column: Column) -> Any:
    arrow = _need("pyarrow")
    types = {
        "text": arrow.string(),
        "boolean": arrow.bool_(),
        "integer": arrow.int64(),
        "year": arrow.int64(),
    }
    return types.get(column.kind, arrow.float64())


class _ParquetStream:
    """A file of records as parquet, whose row groups do not depend on the pieces that come."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        schema = _need("pyarrow").schema([(column.key, _type(column)) for column in columns])
        texts = [column.key for column in columns if column.kind == "text"]
        self._writer: Any = _need("pyarrow.parquet").ParquetWriter(
            path, schema, use_dictionary=texts
        )
        self._waiting: Any = schema.empty_table()

    def write(self, payload: Any) -> None:
        if not payload.num_rows:
            return
        waiting = _need("pyarrow").concat_tables([self._waiting, payload])
        while waiting.num_rows >= ROW_GROUP:
            self._write_group(waiting.slice(0, ROW_GROUP))
            waiting = waiting.slice(ROW_GROUP)
        self._waiting = waiting

    def _write_group(self, rows: Any) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=ROW_GROUP)

    def finish(self, document: Document) -> None:
        if self._waiting.num_rows:
            self._write_group(self._waiting)
        self._writer.add_key_value_metadata({METADATA_KEY: encode(about(document)).encode()})

    def close(self) -> None:
        self._writer.close()


_TRAITS: dict[str, Any] = {
    "renderers": {"Document": _render},
    "encode": _table,
    "stream": _ParquetStream,
}
FORMATS = (
    Format(
        "parquet",
        order=7,
        suffixes=(".parquet", ".pq"),
        extra="parquet",
        for_files=True,
        has_provenance=True,
        **_TRAITS,
    ),
)
