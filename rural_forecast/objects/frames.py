"""Rows as pandas frames: those of machine formats, and those of the Nixtla tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.document.table import Document, Kind

if TYPE_CHECKING:
    import pandas as pd

_TYPES: dict[Kind, str] = {
    "text": "str",
    "year": "int64",
    "integer": "Int64",
    "number": "float64",
    "percent": "float64",
    "boolean": "boolean",
}


def frame_of_rows(document: Document) -> pd.DataFrame:
    """The rows of a document as a frame whose types do not depend on the data."""
    import pandas as pd

    rows = document.records
    columns = zip(*rows.rows, strict=True) if rows.rows else ((),) * len(rows.columns)
    pairs = zip(rows.columns, columns, strict=True)
    return pd.DataFrame({column.key: pd.Series(list(cells), dtype=_TYPES[column.kind]) for column, cells in pairs})
