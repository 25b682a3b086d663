"""Columns of pyarrow to columns of NumPy: numbers as they are, texts as words and codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.forecasting.batch.layout import OTHERS, Cells, number_in
from rural_forecast.forecasting.batch.panel import CareNeededError, Integers
from rural_forecast.models.base import Array
from rural_forecast.series.reading.values import Notation


def cells(columns: Mapping[str, Any], titles: Mapping[str, str], rows: Integers, notation: Notation) -> Cells:
    """The columns of a piece, by role.

    Parameters
    ----------
    columns : arrays of pyarrow, one a role
    rows : the row of the input of each entry

    Raises
    ------
    CareNeededError : published growth, which only the careful readers use
    """
    faults: dict[int, str] = {}
    growth = columns.get("growth_pct")
    if growth is not None and growth.null_count < len(growth):
        raise CareNeededError("published growth")
    return Cells(
        rows,
        _values(columns["value"], titles["value"], rows, notation, faults),
        _periods(columns["period"]),
        _words(columns["id"]) if "id" in columns else None,
        {role: _words(columns[role]) for role in OTHERS if role in columns},
        faults,
    )


def _values(column: Any, title: str, rows: Integers, notation: Notation, faults: dict[int, str]) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        numbers = pc.cast(column, pa.float64(), safe=False)
        return np.asarray(numbers.fill_null(float("nan")).to_numpy(zero_copy_only=False), dtype=np.float64)
    numbered = zip(rows.tolist(), column.to_pylist(), strict=True)
    return np.array([number_in(cell, title, row, notation, faults) for row, cell in numbered], dtype=np.float64)


def _periods(column: Any) -> Words | Integers:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_integer(kind):
        years = pc.cast(column, pa.int64())
        return np.asarray(years.fill_null(0).to_numpy(zero_copy_only=False), dtype=np.int64)
    return _words(column)


def _words(column: Any) -> Words:
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = (
            column.dictionary_decode() if hasattr(column, "dictionary_decode") else column.cast(column.type.value_type)
        )
    encoded = column.dictionary_encode()
    if hasattr(encoded, "combine_chunks"):
        encoded = encoded.combine_chunks()
    if hasattr(encoded, "chunks"):
        encoded = encoded.chunk(0)
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return Words(np.asarray(codes, dtype=np.int64), encoded.dictionary.to_pylist())
