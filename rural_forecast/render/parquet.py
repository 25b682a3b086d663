"""parquet: the records with true types; what the json format says beside its rows is in the file's metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.errors import not_finite
from rural_forecast.render.json_format import SCHEMA_VERSION
from rural_forecast.render.json_text import encode, encoder
from rural_forecast.render.plain_text import encodable
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.table import Cell, Column, Document

METADATA_KEY = b"rural_forecast"


def render(document: Document) -> bytes:
    """Write the records.

    Raises
    ------
    UsageError : pyarrow is not installed
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    arrow, writer = (
        need("pyarrow", "parquet", "The format parquet"),
        need("pyarrow.parquet", "parquet", "The format parquet"),
    )
    table = document.records
    arrays, fields = [], []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        kind = _type(arrow, column, cells)
        arrays.append(arrow.array([_value(cell, column, as_text=kind == arrow.string()) for cell in cells], kind))
        fields.append(arrow.field(column.key, kind))
    about = {
        "schema_version": SCHEMA_VERSION,
        "command": document.command,
        "series": document.series,
        "notes": document.notes,
        "provenance": document.provenance,
    }
    schema = arrow.schema(fields, metadata={METADATA_KEY: encode(encoder(), about).encode()})
    sink = arrow.BufferOutputStream()
    writer.write_table(arrow.Table.from_arrays(arrays, schema=schema), sink)
    return bytes(sink.getvalue().to_pybytes())


def _type(arrow: Any, column: Column, cells: list[Cell]) -> Any:
    """The type a column's kind means; text where any cell is text."""
    if column.kind == "text" or any(isinstance(cell, str) for cell in cells):
        return arrow.string()
    if column.kind == "boolean":
        return arrow.bool_()
    return arrow.int64() if column.kind in ("integer", "year") else arrow.float64()


def _value(cell: Cell, column: Column, *, as_text: bool) -> Cell:
    if isinstance(cell, float) and cell - cell != 0:
        raise not_finite(f"Column {column.key} holds {cell}, which is not a finite number.")
    if as_text and cell is not None:
        return encodable(str(cell))
    return cell
