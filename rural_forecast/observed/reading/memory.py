"""Columns as grids: frames of pandas, polars or pyarrow, and values in memory with their years."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.grid import Grid, at_record
from rural_forecast.observed.reading.names import PERIOD_NAMES, normalised
from rural_forecast.observed.reading.words import NUMBER, Codes, Words, chained, coded

# Each column has a name and cells: an array of numbers, or a list.
NamedColumns = Sequence[tuple[str, Any]]

# Names for messages of data that have no file.
FRAME = "the frame"
DATA = "the data"


class LazyCells(Sequence[Any]):
    """An empty cell, and cells that are made when they are asked for."""

    def __init__(self, count: int, make: Callable[[Sequence[int]], list[Any]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count + 1

    def __getitem__(self, index: Any) -> Any:
        return self._make([index - 1])[0] if index else None

    def take(self, indices: Sequence[int]) -> list[Any]:
        """Make the cells of rising indices."""
        blanks = bisect_right(indices, 0)
        return [None] * blanks + self._make([index - 1 for index in indices[blanks:]])


def coded_numbers(array: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[Words, Codes]:
    """Find the distinct numbers of an array, and the code of each; empty where it is not valid."""
    distinct, codes = np.unique(array, return_inverse=True)
    numbers = distinct.astype(np.float64)
    is_exact = np.isfinite(numbers)
    if array.dtype.kind in "iu":
        # Larger integers have no float of their own.
        is_exact &= np.abs(numbers) < 2**53
    numbers = np.append(np.nan, np.where(is_exact, numbers, np.nan))
    filled = np.array([0] + [NUMBER] * len(distinct), dtype=np.uint8)
    cells = LazyCells(len(distinct), lambda indices: distinct[indices].tolist())
    return Words(cells, numbers, filled), np.where(valid, codes + 1, 0).astype(np.int32)


def stacked(names: Sequence[str], columns: Iterable[tuple[Words, Codes]]) -> tuple[Words, Codes]:
    """Put columns side by side, each under its name where there are names.

    The first word of each column is an empty cell, and so is that of the whole.
    """
    parts = [Words([None, *names])]
    index: list[Codes] = []
    count = 1 + len(names)
    for words, codes in columns:
        name = [len(index) + 1] if names else []
        shifted = np.where(codes == 0, 0, codes + count)
        index.append(np.concatenate([name, shifted]).astype(np.int32))
        parts.append(words)
        count += len(words.cells)
    return chained(parts), np.stack(index, axis=1)


def grid_of(columns: NamedColumns, name: str = FRAME) -> Grid:
    """Make the grid of columns; its first row has their names. Raises InputError for none."""
    if not columns:
        raise InputError(f"{name} has no columns.", "Give one row to each period.")
    words = (_coded(cells) for _, cells in columns)
    return Grid(name, *stacked([head for head, _ in columns], words), at_record(name))


def _coded(cells: Any) -> tuple[Words, Codes]:
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "if":
        return coded_numbers(cells, ~np.isnan(cells))
    return coded([_cell(cell) for cell in cells])


def _cell(cell: Any) -> object:
    """Give a cell of a frame as one of a file.

    NaN, NA and NaT are empty cells, and a period of pandas is its name.
    """
    kind = type(cell).__name__
    is_nan = isinstance(cell, float) and cell != cell
    if is_nan or kind in ("NAType", "NaTType"):
        return None
    return str(cell) if kind == "Period" else cell


def opened(frame: object) -> tuple[NamedColumns, Any]:
    """Open a frame: its columns, and its library for narwhals.

    A period or a label in the index of pandas is a column as well.
    """
    import narwhals as nw

    try:
        table = nw.from_native(_with_index(frame), eager_only=True)
    except TypeError:
        lazy = " Call its collect() first." if hasattr(frame, "collect") else ""
        wanted = "A DataFrame of pandas or polars or a pyarrow Table is wanted"
        raise TypeError(f"{wanted}, not a {kind_of(frame)}.{lazy}") from None
    except nw.exceptions.DuplicateError:
        raise InputError(
            "the frame: two columns have one name.", "Rename or drop one of them."
        ) from None

    numeric = (nw.Float64, nw.Float32, nw.Int64, nw.Int32)
    columns: list[tuple[str, Any]] = []
    for rank, name in enumerate(table.columns):
        column = table[:, rank]
        is_array = column.dtype in numeric and not column.null_count()
        columns.append((str(name), column.to_numpy() if is_array else column.to_list()))
    return columns, table.implementation


def _with_index(frame: Any) -> Any:
    """Add those levels of the index of a frame of pandas that hold labels or periods.

    Periods are taken from it only where no column has them by its name.
    """
    index = getattr(frame, "index", None)
    if index is None or not hasattr(index, "names") or not hasattr(frame, "columns"):
        return frame
    has_period = any(normalised(str(name)) in PERIOD_NAMES for name in frame.columns)
    frame = frame.rename(columns=str)
    if not len(frame):
        return frame
    for rank in range(index.nlevels):
        level = index.get_level_values(rank)
        holds_labels = all(isinstance(value, str) for value in level)
        if not holds_labels and (has_period or not are_periods(level)):
            continue
        name = "id" if holds_labels else "year"
        if level.name is not None:
            name = str(level.name)
        if name not in frame.columns:
            frame.insert(min(rank, frame.shape[1]), name, [_cell(value) for value in level])
    return frame


def are_periods(level: Iterable[Any]) -> bool:
    """Return true if all are years, dates or periods; a running index is none of them."""
    return all(map(_is_period, level))


def _is_period(value: Any) -> bool:
    if isinstance(value, date) or type(value).__name__ in ("Period", "Timestamp"):
        return True
    if isinstance(value, str):
        return value[:4].isdigit()
    is_integer = isinstance(value, int | np.integer) and not isinstance(value, bool)
    return is_integer and 1000 <= value <= 9999


def kind_of(value: object) -> str:
    """Name the type of a value, with the library that it is of."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if library in ("builtins", "rural_forecast"):
        return kind.__name__
    return f"{library}.{kind.__name__}"
