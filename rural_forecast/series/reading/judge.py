"""What the columns of a batch hold, judged piece after piece as those of one series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account, account_of, leave_columns_out
from rural_forecast.series.reading.arrays import Column, Numbers
from rural_forecast.series.reading.blocks import Piece
from rural_forecast.series.reading.by_column import ByColumn, joint_words, label_places
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.contents import fits
from rural_forecast.series.reading.grid import Grid, at_line, filled
from rural_forecast.series.reading.options import stated_notation
from rural_forecast.series.reading.table import Written
from rural_forecast.text.cells import label

_BY_CONTENT = ("measure", "flag", "doubtful", "unit")
"""Roles of columns whose cells must fit as well as their name."""


class Stretch(NamedTuple):
    """Rows of an input by column, and what its columns hold."""

    grid: Grid
    rows: ByColumn
    """Those of the grid."""
    columns: Columns
    faults: Mapping[int, InputError] = {}
    """What is wrong with whole rows, by line."""
    at: Callable[[int, int], Place] = lambda _number, _column: Place("", "")
    """The place of a cell by the number of its row, which is -1 for the header, and its column."""
    delimiter: str = ""
    written: Written | None = None
    """What the numbers of the whole input look like, where it is one stretch."""
    labels: Sequence[int] = ()
    """Columns whose texts together are the ids: those that are found by their content, or of the names of folders."""
    careful: bool = False
    """Whether cells mean more than arrays can say, such as percent shown by a spreadsheet."""

    def on(self, rows: ByColumn) -> Stretch:
        """Other rows of the same columns."""
        grid = self.grid._replace(rows=rows, place=lambda row, column: self.at(number_of(rows, row), column))
        return self._replace(grid=grid, rows=rows)


def number_of(rows: ByColumn, row: int) -> int:
    """The line, or whatever the source counts, of a row; -1 for the header."""
    return int(rows.numbers[row]) if row >= 0 else -1


class Judge:
    """Says what the columns of an input hold, piece after piece."""

    def __init__(
        self,
        name: str,
        options: ReadOptions,
        *,
        lines: bool,
        whole: bool = False,
        keys: Mapping[str, object] | None = None,
    ) -> None:
        self.name, self._options, self._lines = name, options, lines
        self._whole = whole
        """Whether the input is one piece."""
        self._keys = keys or {}
        self._columns: Columns | None = None
        self._header_line = 1
        self._header: list[object] = []
        self._met: set[int] = set()
        self.account = Account(name)

    @property
    def plain(self) -> bool:
        """Whether the user says nothing of the signs in numbers."""
        return not (self._options.decimal_comma or self._options.thousands)

    def stretch(self, piece: Piece) -> Stretch:
        """A piece, its columns judged.

        Raises InputError or UsageError if no column or several could hold the period or the value, or if a column that
        had a role in the pieces before holds something else in this one.
        """
        if self._columns is None:
            self._header_line = piece.header_line
        missing = self._header[len(piece.header) :]  # keys of NDJSON that were met later, in a second reading
        self._header = [*piece.header, *missing]
        nothing = Column(Words(np.full(len(piece.numbers), -1), []))
        piece = piece._replace(columns=[*piece.columns, *(nothing for _ in missing)])
        rows = ByColumn(piece.columns, piece.numbers)
        empty = Grid(self.name, self._header, rows, self._place)
        grid = Stretch(empty, rows, Columns(), at=self._place).on(rows).grid
        first = self._columns is None
        columns = recognise(grid, self._options) if self._columns is None else self._later(grid, self._columns)
        self._columns = columns
        cells = kept(piece.columns, columns, self._options)
        joint = [at for at, head in enumerate(grid.header) if head in self._keys and at not in columns.places()]
        if first and self._whole and not self._keys and not columns.years:
            value = cells[columns.value]
            assert isinstance(value, Numbers)
            joint = [*label_places(grid, rows, columns, value, self._options)]
        unread = [None if at in joint else column for at, column in enumerate(piece.columns)]
        others = grid._replace(rows=ByColumn(unread, piece.numbers))
        if first:
            self.account = account_of(others, columns)
        else:
            leave_columns_out(self.account, others, columns)
        without_role = {*range(len(piece.columns))} - columns.places()
        self._met.update(at for at in without_role if _holds(grid, at))
        joint = [*([columns.id] if joint and columns.id >= 0 else []), *joint]
        if joint:
            columns = columns._replace(id=len(cells))
            cells.append(joint_words(rows, joint))
            grid = grid._replace(header=[*grid.header, "series_id"])
        written = written_in(piece.columns, columns)
        judged = Stretch(grid, rows, columns, piece.faults, self._place, piece.delimiter, written, joint)
        return judged.on(ByColumn(cells, piece.numbers))

    def _place(self, number: int, column: int) -> Place:
        name = self.name
        if self._lines:
            return at_line(name, number if number >= 0 else self._header_line, column + 1)
        return Place(f"{name} row {number}" if number >= 0 else name, name, max(number, 0), column + 1)

    def _later(self, grid: Grid, columns: Columns) -> Columns:
        for role in _BY_CONTENT:
            at = getattr(columns, role)
            if at >= 0 and _holds(grid, at) and not fits(role, grid.column(at)):
                head = label(grid.header[at])
                raise InputError.of("column_changes", column=head, role=role, place=grid.place(0, at))
        with suppress(InputError):
            now = recognise(grid, self._options)
            fresh = {
                role: at
                for role, at in now._asdict().items()
                if role != "years" and at >= 0 > getattr(columns, role) and at not in self._met
            }
            columns = columns._replace(**fresh)
        return columns


def written_in(cells: Sequence[Column], columns: Columns) -> Written:
    """What the numbers in these columns look like, each different cell once."""

    def words(places: Iterable[int]) -> Iterator[Any]:
        return chain.from_iterable(cells[place].words.words for place in places)

    return Written(lambda: words(columns.of_values()), lambda: words(range(len(cells))))


def kept(cells: Sequence[Column], columns: Columns, options: ReadOptions) -> list[Column | Words | Numbers | None]:
    """Values as numbers and the other columns with a role as words; None for those without one."""
    notation = stated_notation(options)
    places, values = columns.places(), columns.of_values()
    return [
        column.numbers(notation) if at in values else column.words if at in places else None
        for at, column in enumerate(cells)
    ]


def _holds(grid: Grid, place: int) -> bool:
    return next(filled(grid.column(place)), None) is not None
