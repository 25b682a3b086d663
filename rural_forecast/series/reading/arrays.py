"""A column of cells of any library (a list, an array of pyarrow, a series of narwhals), read as words or as numbers.

What its cells mean is decided elsewhere, once a word.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import Problem
from rural_forecast.series.reading.values import Notation, number_in
from rural_forecast.text.cells import is_empty

_NUMBER = r"^-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?$"


class Numbers(NamedTuple):
    """A column of values."""

    values: Any
    """Array of floats, NaN where the cell is not a finite number."""
    odd: dict[int, Any]
    """Cells that are not plain numbers, by row."""

    def cell(self, row: int) -> Any:
        """The cell of a row."""
        return self.odd[row] if row in self.odd else float(self.values[row])

    def at(self, rows: Any) -> Numbers:
        """The cells of these rows."""
        if not self.odd:
            return Numbers(self.values[rows], {})
        kept = np.arange(len(self.values))[rows].tolist()
        return Numbers(self.values[rows], {new: self.odd[old] for new, old in enumerate(kept) if old in self.odd})

    def then(self, later: Numbers) -> Numbers:
        """These and those of later rows."""
        shifted = {row + len(self.values): cell for row, cell in later.odd.items()}
        return Numbers(np.concatenate([self.values, later.values]), self.odd | shifted)


class Column:
    """A column as it came; it is read when somebody asks."""

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    @cached_property
    def words(self) -> Words:
        """Each different cell once, and which of them is in each row; -1 is None."""
        cells = self._cells
        if isinstance(cells, Words):
            return cells
        if isinstance(cells, list):
            return words_of_list(cells)
        return _words_of_arrow(cells) if hasattr(cells, "dictionary_encode") else _words_of_series(cells)

    @cached_property
    def filled(self) -> int:
        """How many cells hold something."""
        cells = self._cells
        if "words" in self.__dict__ or not hasattr(cells, "dictionary_encode"):
            return filled_words(self.words)
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_dictionary(cells.type):
            return filled_words(self.words)
        some = int(len(cells) - cells.null_count)
        if not pa.types.is_string(cells.type):
            return some
        return some - (pc.sum(pc.equal(pc.utf8_trim_whitespace(cells), "")).as_py() or 0)

    @property
    def first(self) -> list[Any]:
        """The first cells."""
        if isinstance(self._cells, list):
            return self._cells[:10]
        return [*self._cells[:10].to_pylist()] if hasattr(self._cells, "to_pylist") else []

    def numbers(self, notation: Notation) -> Numbers:
        """The cells as numbers."""
        cells = self._cells
        if hasattr(cells, "dictionary_encode"):
            fast = _numbers_of_arrow(cells, notation)
            if fast is not None:
                return fast
        elif hasattr(cells, "to_native") and cells.dtype.is_numeric() and not cells.dtype.is_decimal():
            import narwhals as nw

            missing = np.flatnonzero(cells.is_null().to_numpy()).tolist() if cells.null_count() else []
            values = np.array(cells.cast(nw.Float64).to_numpy(), dtype=np.float64)
            return _checked(values, dict.fromkeys(missing))
        words = self.words  # each different cell is read once; the last is no cell
        read = _numbers_of(enumerate([*words.words, None]), np.full(len(words.words) + 1, np.nan), notation)
        codes = np.where(words.codes < 0, len(words.words), words.codes)
        odd = np.flatnonzero(np.isin(codes, list(read.odd))).tolist() if read.odd else []
        return Numbers(
            read.values[codes], {row: read.odd[code] for row, code in zip(odd, codes[odd].tolist(), strict=True)}
        )


def filled_words(words: Words) -> int:
    """How many rows hold a word that is not empty."""
    empty = [code for code, word in enumerate(words.words) if is_empty(word)]
    return int((words.codes >= 0).sum()) - (int(np.isin(words.codes, empty).sum()) if empty else 0)


def key_of(cell: Any) -> Any:
    """What tells cells apart: 1, 1.0 and true are equal to Python; lists and objects have no hash."""
    if isinstance(cell, str):
        return cell
    return (type(cell), cell if isinstance(cell, Hashable) else repr(cell))


def words_of_list(cells: Sequence[Any]) -> Words:
    """Each different cell of a list once; None is none."""
    known: dict[Any, tuple[int, Any]] = {}
    codes = [-1 if cell is None else known.setdefault(key_of(cell), (len(known), cell))[0] for cell in cells]
    return Words(np.array(codes, dtype=np.int64), [cell for _, cell in known.values()])


def _words_of_arrow(column: Any) -> Words:
    import pyarrow as pa

    if pa.types.is_nested(column.type):
        return words_of_list(column.to_pylist())
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = _cells_of_arrow(encoded.indices.cast(pa.int64()), np.int64, -1)
    return Words(codes, encoded.dictionary.to_pylist())


def _cells_of_arrow(array: Any, kind: Any, missing: float) -> Any:
    """An array of pyarrow with another cell for null; its own `to_numpy` and `fill_null` import pandas."""
    part = slice(array.offset, array.offset + len(array))
    valid, cells = array.buffers()
    if not len(array):
        return np.empty(0, kind)
    made = np.frombuffer(cells, kind)[part].copy()
    if array.null_count:
        made[~np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")[part].astype(bool)] = missing
    return made


def _words_of_series(column: Any) -> Words:
    """A column of a frame, as narwhals sees it."""
    import narwhals as nw
    import pandas as pd

    whole = column.dtype.is_integer() and not column.null_count()
    if whole or column.dtype in (nw.String, nw.Categorical):
        codes, words = pd.factorize(np.asarray(column.to_numpy(), dtype=None if whole else object))
        return Words(np.asarray(codes, dtype=np.int64), words.tolist())
    texts = column.to_list()
    if column.dtype == nw.Unknown:  # periods of pandas, which are written as we read them
        texts = [cell if pd.isna(cell) is True else str(cell) for cell in texts]
    return words_of_list([None if pd.isna(cell) is True else cell for cell in texts])


def _numbers_of_arrow(column: Any, notation: Notation) -> Numbers | None:
    """A column of pyarrow as numbers; None where only Python can tell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        nulls = column.is_null().to_pylist() if column.null_count else []
        values = _cells_of_arrow(pc.cast(column, pa.float64(), safe=False), np.float64, np.nan)
        return _checked(values, {row: None for row, null in enumerate(nulls) if null})
    if not pa.types.is_string(kind) or notation != Notation():
        return None
    try:
        read = pc.cast(column, pa.float64())
    except pa.ArrowInvalid:  # Python tells what is wrong with the other cells
        plain = pc.fill_null(pc.match_substring_regex(column, _NUMBER), fill_value=False)
        read = pc.cast(pc.if_else(plain, column, None), pa.float64())
    values = _cells_of_arrow(read, np.float64, np.nan)
    odd = np.flatnonzero(~np.isfinite(values))
    cells = column.take(pa.array(odd)).to_pylist() if len(odd) else []
    return _numbers_of(zip(odd.tolist(), cells, strict=True), values, notation)


def _numbers_of(cells: Iterable[tuple[int, Any]], values: Any, notation: Notation) -> Numbers:
    """The numbers in some cells, put among the values of their rows."""
    odd = {}
    for row, cell in cells:
        value = number_in(cell, notation)
        if isinstance(value, Problem):
            odd[row] = cell
        values[row] = np.nan if isinstance(value, Problem) else value
    return Numbers(values, odd)


def _checked(values: Any, odd: dict[int, Any]) -> Numbers:
    """Numbers of a file that knows numbers; infinite ones are no values."""
    wrong = np.flatnonzero(~np.isfinite(values)).tolist()
    if wrong:
        odd = {row: odd[row] if row in odd else float(values[row]) for row in wrong}
        values = np.where(np.isfinite(values), values, np.nan)
    return Numbers(values, odd)
