"""A grid: the cells of one sheet or text, whatever its format, as words with places.

`index` has the word of each cell. Words are the distinct cells, each read once as a period, a
number or a label; so the questions about a grid are questions to arrays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.observed.reading.labels import Labels, labelled
from rural_forecast.observed.reading.options import at_line, check_size
from rural_forecast.observed.reading.words import HEAD, NUMBER, Codes, Words, coded
from rural_forecast.text.cells import is_empty

PlaceOf = Callable[[int, int], Place]
_MANY_COLUMNS = 10  # figures do not go up by one over so many columns


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text, without empty rows and columns at the ends."""

    name: str  # such as `book.xlsx!Sheet1`; a text has no sheet
    words: Words
    index: Codes  # the word of each cell, shape (rows, columns)
    place_of: PlaceOf  # file and line or cell of (row, column), both counted from 0
    percent: Collection[tuple[int, int]] = ()
    """cells whose number is a fraction that a spreadsheet shows in percent."""
    gaps: frozenset[int] = frozenset()  # rows that follow an empty row
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """title, unit, ... by series id; of all by ''."""
    left_out: Sequence[tuple[str, str]] = ()
    """parts of the file that are not in this grid, each with the reason."""
    notes: tuple[Note, ...] = ()  # findings on the bytes, such as their encoding
    delimiter: str = ""
    widths: Sequence[int] = ()  # cells of each row of a text, where they count
    faults: Sequence[InputError] = ()  # lines that could not be read
    doubt: InputError | None = None
    """why the grid is refused, unless its columns are known by our names."""

    @property
    def file(self) -> str:
        """The file's name."""
        return self.name.removesuffix(f"!{self.sheet}")

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for texts."""
        return self.name.rpartition("/")[2].partition("!")[2]

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """The cells that hold nothing."""
        unsure = np.flatnonzero(self.words.filled == 0).tolist()
        nothing = [code for code in unsure if is_empty(self.words.cells[code])]
        # One word is nothing in almost all grids, and comparing with it is much faster.
        return self.index == nothing[0] if len(nothing) == 1 else np.isin(self.index, nothing)

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """The kind of each cell."""
        return self.words.bits(self.index)

    def cell(self, row: int, column: int) -> Any:
        """Return a cell as its file has it."""
        return self.words.cells[self.index[row, column]]

    def text(self, row: int, column: int) -> str:
        """Return a cell as a label."""
        return self.words.text(self.index[row, column])

    def texts(self, row: int) -> list[str]:
        """Return the cells of a row as labels."""
        return [self.words.text(code) for code in self.index[row].tolist()]

    def texts_in(self, rows: Iterable[int]) -> list[str]:
        """Return the texts of some rows, one after the other."""
        joined: list[str] = []
        for row in rows:
            for text in filter(None, self.texts(row)):
                if joined and self._goes_on(joined[-1], text):
                    joined[-1] += f",{text}"
                else:
                    joined.append(text)
        return joined

    def _goes_on(self, before: str, text: str) -> bool:
        """True for cells that a text split at the commas of a number, as in `x 1,000,000`.

        Titles of a CSV file are often not quoted.
        """
        if self.delimiter != "," or not before[-1].isdigit():
            return False
        return re.match(r"\d{3}(?!\d)", text) is not None

    def counts_columns(self, row: int) -> bool:
        """True for a row that only numbers the columns, as tables of INEGI do: (1), (2), (3)."""
        number = 0
        for text in filter(None, map(self.words.text, self.index[row].tolist())):
            number += 1
            if text.strip("()[]") != str(number):
                return False
        return number > 1

    def counts_up(self, row: int) -> bool:
        """True for a row whose numbers go up by one over many columns: ages, as names of these."""
        codes = self.index[row][(self.bits[row] & (NUMBER | HEAD)) == NUMBER]
        texts = [self.words.text(code) for code in codes.tolist()]
        if len(texts) < _MANY_COLUMNS or not all(map(str.isdecimal, texts)):
            return False
        first = int(texts[0])
        return [*map(int, texts)] == [*range(first, first + len(texts))]

    def label(self, name: str, column: int, rows: Any) -> Labels:
        """Return the cells of a column in some rows as labels."""
        cells = self.index[rows, column]
        if (cells == cells[:1]).all():  # a constant column, which needs no sort
            return Labels(
                name, np.zeros(len(cells), np.int32), self.words.texts(cells[:1].tolist())
            )
        used, codes = np.unique(cells, return_inverse=True)
        # Different cells may be one label, such as those that differ in their spaces.
        labels = labelled(name, self.words.texts(used.tolist()))
        return labels._replace(codes=labels.codes[codes])

    def cut(self, rows: slice, columns: slice) -> Grid:
        """Make a grid of some rows and columns, whose places are still those of the file."""
        top = rows.start or 0
        left = columns.start or 0
        has_all_columns = self.index[0, columns].size == self.index.shape[1]
        return replace(
            self,
            index=self.index[rows, columns],
            place_of=lambda row, column: self.place_of(row + top, column + left),
            percent={(row - top, column - left) for row, column in self.percent},
            gaps=frozenset(row - top for row in self.gaps),
            widths=self.widths[rows] if has_all_columns else (),
        )


def grid_of(name: str, rows: Iterable[Sequence[Any]], place_of: PlaceOf, **others: Any) -> Grid:
    """Make a grid of rows of any length. Raises InputError if they are too many or too wide."""
    flat: list[Any] = []
    counts: list[int] = []
    for row in rows:  # none is kept, which would cost more than reading
        count = len(row)
        while count and is_empty(row[count - 1]):
            count -= 1
        counts.append(count)
        flat += row[:count]
    width = max(counts, default=0)
    check_size(name, len(counts), width)
    words, codes = coded(flat)
    index = np.zeros((len(counts), width), dtype=np.int32)  # the first word is nothing
    index[np.arange(width) < np.array(counts, dtype=np.int64)[:, None]] = codes
    return Grid(name, words, index, place_of, **others)


def grid_of_lines(
    name: str,
    rows: Iterable[tuple[int, Sequence[Any]]],
    place_of: PlaceOf | None = None,
    percent: Collection[tuple[int, int]] = (),
    **others: Any,
) -> Grid:
    """Make a grid of those rows that hold something, each given with its line.

    Without `place_of` they are lines of a text.
    """
    lines: list[int] = []
    widths: list[int] = []
    gaps: set[int] = set()

    def filled() -> Iterator[Sequence[Any]]:
        before: Sequence[Any] = ()
        for line, row in rows:
            if all(map(is_empty, row)):
                continue
            empty = line - lines[-1] - 1 if lines else 0
            if empty and (place_of or empty > _line_breaks(before)):
                gaps.add(len(lines))
            lines.append(line)
            widths.append(len(row))
            before = row
            yield row

    place_of_line: PlaceOf = place_of or (lambda line, column: at_line(name, line, column + 1))

    def place_of_row(row: int, column: int) -> Place:
        return place_of_line(lines[row] if row < len(lines) else 0, column)

    grid = grid_of(name, filled(), place_of_row, **others)
    row_of = {line: row for row, line in enumerate(lines)} if percent else {}
    in_percent = {(row_of[line], column) for line, column in percent if line in row_of}
    return replace(
        grid, gaps=frozenset(gaps), widths=() if place_of else widths, percent=in_percent
    )


def _line_breaks(row: Sequence[Any]) -> int:
    """Count the lines that a row of a text has in addition to its first."""
    return sum(str(cell).count("\n") for cell in row)


def grid_of_records(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    place_of: PlaceOf | None = None,
    keys: Sequence[str] = (),
    **others: Any,
) -> Grid:
    """Make the grid of rows given by the names of their cells, `keys` first."""
    names = list(dict.fromkeys(chain(keys, *rows)))
    check_size(name, len(rows), len(names))
    cells = ([row.get(key) for key in names] for row in rows)
    return grid_of(name, chain([names], cells), place_of or at_record(name), **others)


def at_record(name: str, what: str = "row", before: int = 0) -> PlaceOf:
    """Name the places of records below a row of names.

    `before` counts the records of the file that are above them.
    """

    def place_of(row: int, column: int) -> Place:
        line = row + before if row > 0 else 0
        return Place(f"{name} {what} {line}" if line else name, name, line, column + 1)

    return place_of
