"""parquet: the records with true types; the file's metadata holds what json has next to its rows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from rural_forecast.document.table import Block, Cell, Column, Document, Words
from rural_forecast.errors import not_finite
from rural_forecast.render.formats import Format
from rural_forecast.render.formats.json import about, encode
from rural_forecast.render.records import of_table
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable

METADATA_KEY = b"rural_forecast"
_need = partial(need, extra="parquet", purpose="The format parquet")


def _render(document: Document, **_: Any) -> bytes:
    sink = _need("pyarrow").BufferOutputStream()
    table = _table(of_table(document.records)).replace_schema_metadata({METADATA_KEY: _about(document)})
    _need("pyarrow.parquet").write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _about(document: Document) -> bytes:
    return encode(about(document)).encode()


def _table(block: Block) -> Any:
    """The records as a table of pyarrow."""
    arrays = [_array(column, data) for column, data in zip(block.columns, block.data, strict=True)]
    return _need("pyarrow").table(arrays, names=[column.key for column in block.columns])


def _array(column: Column, data: Any) -> Any:
    arrow = _need("pyarrow")
    if isinstance(data, Words):
        words = arrow.array(map(encodable, data.words), arrow.string())
        return words.take(arrow.array(data.codes, mask=data.codes < 0))
    if not isinstance(data, tuple):
        return arrow.array(data, _type(column), mask=data != data)
    is_text = any(isinstance(cell, str) for cell in data)
    kind = arrow.string() if is_text else _type(column)
    return arrow.array([_value(cell, column, as_text=kind == arrow.string()) for cell in data], kind)


def _type(column: Column) -> Any:
    arrow = _need("pyarrow")
    types = {"text": arrow.string(), "boolean": arrow.bool_(), "integer": arrow.int64(), "year": arrow.int64()}
    return types.get(column.kind, arrow.float64())


def _value(cell: Cell, column: Column, *, as_text: bool) -> Cell:
    if isinstance(cell, float) and cell - cell != 0:
        raise not_finite(f"Column {column.key} holds {cell}, which is not a finite number.")
    return encodable(str(cell)) if as_text and cell is not None else cell


class _ParquetStream:
    """The file of a batch, a row group for each piece."""

    def __init__(self, path: Path, columns: tuple[Column, ...]) -> None:
        schema = _need("pyarrow").schema([(column.key, _type(column)) for column in columns])
        texts = [column.key for column in columns if column.kind == "text"]
        self._writer: Any = _need("pyarrow.parquet").ParquetWriter(path, schema, use_dictionary=texts)

    def write(self, payload: Any) -> None:
        if payload.num_rows:
            self._writer.write_table(payload)

    def finish(self, about: Document) -> None:
        self._writer.add_key_value_metadata({METADATA_KEY: _about(about)})

    def close(self) -> None:
        self._writer.close()


FORMATS = (
    Format(
        "parquet",
        7,
        (".parquet", ".pq"),
        {"Document": _render},
        "parquet",
        for_files=True,
        has_provenance=True,
        encode=_table,
        stream=_ParquetStream,
    ),
)
