"""Columns of a frame of any library that narwhals knows (pandas, polars, pyarrow), and forecasts as such a frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.layout import OTHERS, Cells, Layout, number_in
from rural_forecast.forecasting.batch.panel import CareNeededError, Integers
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.models.base import Array
from rural_forecast.series.reading.values import Notation


def opened(frame: object) -> Any:
    """The frame as narwhals sees it.

    Raises
    ------
    TypeError : it is no frame, or one that is not computed yet
    InputError : two of its columns have one name
    """
    import narwhals as nw

    try:
        return nw.from_native(frame, eager_only=True)
    except TypeError:
        lazy = " Call its collect() first." if hasattr(frame, "collect") else ""
        raise TypeError(
            f"A DataFrame of pandas or polars or a pyarrow Table is wanted, not a {type(frame).__name__}.{lazy}"
        ) from None
    except nw.exceptions.DuplicateError:
        raise InputError("the frame: two columns have one name.", "Rename or drop one of them.") from None


def cells(table: Any, found: Layout) -> Cells:
    """The columns that have a role.

    Raises
    ------
    CareNeededError : published growth, which only the careful readers use
    """
    columns = {role: table[:, place] for role, place in found.places.items()}
    growth = columns.get("growth_pct")
    if growth is not None and growth.null_count() < len(growth):
        raise CareNeededError("published growth")
    faults: dict[int, str] = {}
    return Cells(
        np.arange(len(table)),
        _values(columns["value"], found.titles["value"], faults),
        _periods(columns["period"]),
        _words(columns["id"]) if "id" in columns else None,
        {role: _words(columns[role]) for role in OTHERS if role in columns},
        faults,
    )


def _values(column: Any, title: str, faults: dict[int, str]) -> Array:
    import narwhals as nw

    if column.dtype.is_numeric():
        return np.asarray(column.cast(nw.Float64).to_numpy(), dtype=np.float64)
    numbered = enumerate(_objects(column).tolist())
    return np.array([number_in(cell, title, row, Notation(), faults) for row, cell in numbered], dtype=np.float64)


def _periods(column: Any) -> Words | Integers:
    import narwhals as nw

    if column.dtype.is_integer() and column.null_count() == 0:
        return np.asarray(column.to_numpy(), dtype=np.int64)
    if column.dtype == nw.Unknown:  # periods of pandas, which are written as we read them
        return _encoded(np.array([str(cell) for cell in column.to_list()], dtype=object))
    return _words(column)


def _words(column: Any) -> Words:
    return _encoded(_objects(column))


def _objects(column: Any) -> Any:
    """The cells as Python objects, None for what is missing."""
    import narwhals as nw
    import pandas as pd

    if column.dtype in (nw.String, nw.Categorical):
        cells = np.asarray(column.to_numpy(), dtype=object).copy()
    else:
        cells = np.empty(len(column), dtype=object)
        cells[:] = column.to_list()  # NumPy's own dates would lose their type
    cells[pd.isna(cells)] = None
    return cells


def _encoded(cells: Any) -> Words:
    import pandas as pd

    codes, words = pd.factorize(cells)
    return Words(np.asarray(codes, dtype=np.int64), words.tolist())


def frame_of(parts: Sequence[Rows], asked: Request, table: Any) -> Any:
    """Rows as a frame of the library of `table`; types do not depend on the data, and what is not known is null."""
    import narwhals as nw

    data: dict[str, Any] = {}
    types: dict[str, Any] = {}
    for pieces in zip(*(rows.columns(asked.levels) for rows in parts), strict=True):
        name = pieces[0][0]
        arrays = [
            np.array([*one.words, ""], dtype=object)[one.codes] if isinstance(one, Words) else one for _, one in pieces
        ]
        joined = np.concatenate(arrays)
        data[name] = joined.tolist() if joined.dtype == object else joined
        types[name] = {"O": nw.String, "i": nw.Int64, "f": nw.Float64}[joined.dtype.kind]
    made = nw.from_dict(data, types, backend=table.implementation)
    numbers = [name for name, kind in types.items() if kind is nw.Float64]
    return made.with_columns(nw.col(*numbers).fill_nan(None)).to_native()
