"""Data in memory as the grid of a table: a frame of pandas, polars or pyarrow, or values with their years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.grid import Grid, coded, coded_numbers, stacked
from rural_forecast.series.reading.names import PERIOD_NAMES, normalised

Columns = Sequence[tuple[str, Any]]
"""Each a name and cells: an array of numbers, or a list."""
FRAME, DATA = "the frame", "the data"
"""Names for messages of data that have no file."""


class Opened(NamedTuple):
    """A frame with its columns, a period or a label in the index of pandas among them."""

    columns: Columns
    rows: int
    library: Any
    """The library of the frame, for narwhals."""


def opened(frame: object) -> Opened:
    """Open a frame.

    Raises TypeError if it is no frame, or one that is not computed yet. Raises InputError if two of its columns
    have one name.
    """
    import narwhals as nw

    try:
        table = nw.from_native(_with_index(frame), eager_only=True)
    except TypeError:
        lazy = " Call its collect() first." if hasattr(frame, "collect") else ""
        raise TypeError(
            f"A DataFrame of pandas or polars or a pyarrow Table is wanted, not a {kind_of(frame)}.{lazy}"
        ) from None
    except nw.exceptions.DuplicateError:
        raise InputError("the frame: two columns have one name.", "Rename or drop one of them.") from None
    columns = [(str(name), _cells(table[:, at])) for at, name in enumerate(table.columns)]
    return Opened(columns, len(table), table.implementation)


def _cells(column: Any) -> Any:
    """The cells of a column: an array of its floats or whole numbers, or a list."""
    import narwhals as nw

    plain = column.dtype in (nw.Float64, nw.Float32, nw.Int64, nw.Int32) and not column.null_count()
    return column.to_numpy() if plain else column.to_list()


def kind_of(value: object) -> str:
    """The type of a value with the library that it is of.

    >>> kind_of([1]), kind_of(np.zeros(1))
    ('list', 'numpy.ndarray')
    """
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    return kind.__name__ if library in ("builtins", "rural_forecast") else f"{library}.{kind.__name__}"


def _with_index(frame: Any) -> Any:
    """A frame of pandas with those levels of its index as columns that hold periods or labels."""
    index = getattr(frame, "index", None)
    if index is None or not hasattr(index, "names") or not hasattr(frame, "columns"):
        return frame
    frame = frame.rename(columns=str) if not all(isinstance(name, str) for name in frame.columns) else frame
    has_period = any(normalised(name) in PERIOD_NAMES for name in frame.columns)
    told = [place for place in range(index.nlevels) if _tells(index.get_level_values(place), has_period=has_period)]
    for at, place in enumerate(told):
        level = index.get_level_values(place)
        name = str(level.name) if level.name is not None else ("id" if _are_labels(level) else "year")
        if name not in frame.columns:
            values = list(level) if _are_labels(level) else [_period(value) for value in level]
            frame = frame.copy() if at == 0 else frame
            frame.insert(at, name, values)
    return frame


def _tells(level: Any, *, has_period: bool) -> bool:
    return len(level) > 0 and (_are_labels(level) or (not has_period and are_periods(level)))


def _are_labels(level: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in level)


def are_periods(level: Iterable[Any]) -> bool:
    """True if all are years, dates or periods; a running index is none of them."""
    return all(
        isinstance(value, date)
        or type(value).__name__ in ("Period", "Timestamp")
        or (isinstance(value, str) and value[:4].isdigit())
        or (isinstance(value, int | np.integer) and not isinstance(value, bool) and 1000 <= value <= 9999)
        for value in level
    )


def _period(value: object) -> object:
    return str(value) if type(value).__name__ == "Period" else value


def grid_of(columns: Columns, name: str = FRAME) -> Grid:
    """The grid of columns, each a name and cells; its first row has the names."""

    def place(row: int, column: int) -> Place:
        return Place(f"{name} row {row}" if row else name, name, row, column + 1)

    if not columns:
        raise InputError(f"{name} has no columns.", "Give one row to each period.")
    cells = [
        coded_numbers(column, ~np.isnan(column))
        if isinstance(column, np.ndarray) and column.dtype.kind in "if"
        else coded([_cell(cell) for cell in column])
        for _, column in columns
    ]
    return Grid(name, *stacked([head for head, _ in columns], cells), place)


def _cell(cell: object) -> object:
    """A cell of a frame as one of a file: NaN, NA and NaT are nothing, and a period of pandas is its name."""
    if (isinstance(cell, float) and cell != cell) or type(cell).__name__ in ("NAType", "NaTType"):
        return None
    return _period(cell)
