"""Columns as grids: frames of pandas, polars or pyarrow, and values in memory with their years."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import Grid, at_record
from rural_forecast.series.reading.names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.words import NUMBER, Codes, Words, chained, coded

Columns = Sequence[tuple[str, Any]]  # each a name and cells: an array of numbers, or a list
FRAME = "the frame"
DATA = "the data"  # names for messages of data that have no file


class Made(Sequence[Any]):
    """Nothing, and cells that are made when they are asked for."""

    def __init__(self, count: int, make: Callable[[Sequence[int]], list[Any]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count + 1

    def __getitem__(self, at: Any) -> Any:
        return self._make([at - 1])[0] if at else None

    def taken(self, places: Sequence[int]) -> list[Any]:
        """The cells of rising places."""
        blanks = bisect_right(places, 0)
        return [None] * blanks + self._make([place - 1 for place in places[blanks:]])


def coded_numbers(array: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[Words, Codes]:
    """The distinct numbers of an array, and the number of each; they are nothing where they are not
    valid.
    """
    there, codes = np.unique(array, return_inverse=True)
    numbers = there.astype(np.float64)
    exact = np.isfinite(numbers) & (np.abs(numbers) < 2**53 if array.dtype.kind in "iu" else True)
    filled = np.array([0] + [NUMBER] * len(there), dtype=np.uint8)
    numbers = np.append(np.nan, np.where(exact, numbers, np.nan))
    words = Words(Made(len(there), lambda at: there[at].tolist()), numbers, filled)
    return words, np.where(valid, codes + 1, 0).astype(np.int32)


def stacked(names: Sequence[str], columns: Iterable[tuple[Words, Codes]]) -> tuple[Words, Codes]:
    """Columns side by side, each under its name where there are names; the first word of each is
    nothing.
    """
    parts = [Words([None, *names])]
    index: list[Codes] = []
    before = 1 + len(names)
    for words, codes in columns:
        head = [len(index) + 1] if names else []
        index.append(
            np.concatenate([head, np.where(codes == 0, 0, codes + before)]).astype(np.int32)
        )
        parts.append(words)
        before += len(words.cells)
    return chained(parts), np.stack(index, axis=1)


def grid_of(columns: Columns, name: str = FRAME) -> Grid:
    """The grid of columns; its first row has their names. Raises InputError if there is none."""
    if not columns:
        raise InputError(f"{name} has no columns.", "Give one row to each period.")
    cells = (
        coded_numbers(column, ~np.isnan(column))
        if isinstance(column, np.ndarray) and column.dtype.kind in "if"
        else coded([_cell(cell) for cell in column])
        for _, column in columns
    )
    return Grid(name, *stacked([head for head, _ in columns], cells), at_record(name))


def _cell(cell: Any) -> object:
    """A cell of a frame as one of a file: NaN, NA and NaT are nothing, and a period of pandas is
    its name.
    """
    kind = type(cell).__name__
    if (isinstance(cell, float) and cell != cell) or kind in ("NAType", "NaTType"):
        return None
    return str(cell) if kind == "Period" else cell


def opened(frame: object) -> tuple[Columns, Any]:
    """The columns of a frame, a period or a label in the index of pandas among them, and its
    library, for narwhals.
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
    plain = (nw.Float64, nw.Float32, nw.Int64, nw.Int32)
    columns = [table[:, at] for at in range(len(table.columns))]
    cells = [
        one.to_numpy() if one.dtype in plain and not one.null_count() else one.to_list()
        for one in columns
    ]
    return [*zip(map(str, table.columns), cells, strict=True)], table.implementation


def _with_index(frame: Any) -> Any:
    """A frame of pandas with those levels of its index as columns that hold labels or, without
    another, periods.
    """
    index = getattr(frame, "index", None)
    if index is None or not hasattr(index, "names") or not hasattr(frame, "columns"):
        return frame
    has_period = any(normalised(str(name)) in PERIOD_NAMES for name in frame.columns)
    frame = frame.rename(columns=str)
    levels = map(index.get_level_values, range(index.nlevels)) if len(frame) else ()
    for at, level in enumerate(levels):
        labels = all(isinstance(value, str) for value in level)
        if labels or (not has_period and are_periods(level)):
            name = str(level.name) if level.name is not None else "id" if labels else "year"
            if name not in frame.columns:
                frame.insert(min(at, frame.shape[1]), name, [_cell(value) for value in level])
    return frame


def are_periods(level: Iterable[Any]) -> bool:
    """True if all are years, dates or periods; a running index is none of them."""
    return all(
        isinstance(value, date)
        or type(value).__name__ in ("Period", "Timestamp")
        or (isinstance(value, str) and value[:4].isdigit())
        or (
            isinstance(value, int | np.integer)
            and not isinstance(value, bool)
            and 1000 <= value <= 9999
        )
        for value in level
    )


def kind_of(value: object) -> str:
    """The type of a value with the library that it is of."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    return (
        kind.__name__ if library in ("builtins", "rural_forecast") else f"{library}.{kind.__name__}"
    )
