"""Where a batch comes from: the tables of a file or folder piece by piece, their columns judged as for one series."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading import ReadOptions, blocks, ndjson_blocks
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.arrays import Column, Numbers
from rural_forecast.series.reading.assemble import account_of
from rural_forecast.series.reading.blocks import Piece
from rural_forecast.series.reading.by_column import ByColumn, by_label
from rural_forecast.series.reading.columns import Columns, fits, recognise
from rural_forecast.series.reading.files import MOST_BYTES, format_of, name_of, status
from rural_forecast.series.reading.grid import Grid, filled, shown
from rural_forecast.series.reading.left_out import left_out
from rural_forecast.series.reading.notation import require_clear
from rural_forecast.series.reading.opened import Input, check_kind, grid_of, input_of
from rural_forecast.series.reading.options import check, stated_notation
from rural_forecast.series.reading.table import Written
from rural_forecast.series.reading.tally import count_piece
from rural_forecast.series.source_names import SUFFIXES

STREAMED = ("csv", "tsv", "ndjson")
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
    careful: bool = False
    """Whether cells mean more than arrays can say, such as percent shown by a spreadsheet."""

    def on(self, rows: ByColumn) -> Stretch:
        """Other rows of the same columns."""
        grid = self.grid._replace(rows=rows, place=lambda row, column: self.at(_number(rows, row), column))
        return self._replace(grid=grid, rows=rows)


class Source(NamedTuple):
    """An input that can be read piece by piece, as often as needed."""

    name: str
    stretches: Callable[[], Iterator[Stretch]]
    """Starts reading from the beginning; a stretch may end within a series."""
    rows: int
    """About how many there are."""
    account: Account
    """What is left out, once the stretches are read."""
    small: bool
    """Whether all of it can be searched."""
    table: Place = Place("", "")
    """Of the header."""


def _number(rows: ByColumn, row: int) -> int:
    return int(rows.numbers[row]) if row >= 0 else -1


class Judge:
    """Says what the columns of an input hold, piece after piece."""

    def __init__(
        self, name: str, options: ReadOptions, *, lines: bool, keys: Mapping[str, object] | None = None
    ) -> None:
        self.name, self._options, self._lines = name, options, lines
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

        Raises
        ------
        InputError, UsageError : no or several columns could hold the period or the value; or a column that had a role
            in the pieces before holds something else in this one
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
        if self._columns is None:
            self._columns = recognise(grid, self._options)
            self.account = account_of(grid, self._columns)
        else:
            self._columns = self._later(grid, self._columns)
            for left in left_out(grid, self._columns):
                self.account.leave_out(left.what, left.why, mistyped=left.mistyped)
        self._met.update(at for at in range(len(grid.header)) if at in self._doubtful(grid) and _holds(grid, at))
        columns = self._columns
        kept = _kept(piece.columns, columns, self._options)
        joint = [at for at, head in enumerate(grid.header) if head in self._keys and at not in columns.places()]
        if joint:
            parts = [rows.words(at) for at in (*([columns.id] if columns.id >= 0 else []), *joint)]
            columns = columns._replace(id=len(kept))
            kept.append(_joint(parts))
            grid = grid._replace(header=[*grid.header, "series_id"])
        written = written_in(piece.columns, columns)
        found = Stretch(grid, rows, columns, piece.faults, self._place, piece.delimiter, written)
        return found.on(ByColumn(kept, piece.numbers))

    def _place(self, number: int, column: int) -> Place:
        name = self.name
        if self._lines:
            line = number if number >= 0 else self._header_line
            return Place(f"{name}:{line}", name, line, column + 1)
        return Place(f"{name} row {number}" if number >= 0 else name, name, max(number, 0), column + 1)

    def _doubtful(self, grid: Grid) -> set[int]:
        """The columns without a role."""
        assert self._columns is not None
        return set(range(len(grid.header))) - self._columns.places()

    def _later(self, grid: Grid, columns: Columns) -> Columns:
        for role in _BY_CONTENT:
            at = getattr(columns, role)
            if at >= 0 and _holds(grid, at) and not fits(role, grid.column(at)):
                raise InputError.at(
                    grid.place(0, at),
                    f"from here on column {shown(grid.header[at])} holds something else than the {role} of the rows "
                    "before",
                    "Rename the column, or split the file there.",
                )
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


def _kept(cells: Sequence[Column], columns: Columns, options: ReadOptions) -> list[Column | Words | Numbers | None]:
    """Values as numbers and the other columns with a role as words; None for those without one."""
    notation = stated_notation(options)
    places, values = columns.places(), columns.of_values()
    return [
        column.numbers(notation) if at in values else column.words if at in places else None
        for at, column in enumerate(cells)
    ]


def _holds(grid: Grid, place: int) -> bool:
    return next(filled(grid.column(place)), None) is not None


def _joint(parts: list[Words]) -> Words:
    """Labels of several columns as one id."""
    plain = [by_label(part) for part in parts]
    codes = np.zeros(len(plain[0].codes), dtype=np.int64)
    for part in plain:
        codes = codes * max(1, len(part.words)) + part.codes
    _, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    words = [" / ".join(text for part in plain if (text := part.words[part.codes[row]])) for row in first.tolist()]
    return Words(codes, words)


def open_source(path: str, options: ReadOptions) -> Source:
    """Open a file for reading in pieces, and judge its columns.

    Parameters
    ----------
    path : a file, or a folder of Parquet files

    Raises
    ------
    InputError : it is not there, no such file, or not in a plain layout
    UsageError : an unknown suffix, options that do not fit, or an extra is missing
    """
    check(options)
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - pathlib raises for a name too long
    if os.path.isdir(path) or (options.input_format or SUFFIXES.get(suffix)) == "parquet":  # noqa: PTH112
        return _parquet(path, options)
    size = status(path).st_size
    if size > MOST_BYTES:
        kind, name = format_of(path, options.input_format), name_of(path)
        check_kind(kind, name, options)
        if kind in STREAMED:
            return _text(path, kind, size, options)
    given = input_of(path, options, None)
    if given.kind in STREAMED:
        return _text(given, given.kind, len(given.data), options)
    return _whole(given, options)


def _parquet(path: str, options: ReadOptions) -> Source:
    from rural_forecast.series.reading import parquet_files

    check_kind("parquet", name_of(path), options)
    if not os.path.isdir(path):  # noqa: PTH112
        status(path)
    count, keys = parquet_files.rows_of(path), parquet_files.keys(path)
    varying = {name: texts for name, texts in keys.items() if len(set(texts.values())) > 1}
    judge = Judge(name_of(path.rstrip("/")), options, lines=False, keys=varying)

    found = _source(judge, lambda: parquet_files.pieces(path), count, small=count <= parquet_files.PIECE_ROWS)
    for what, why in parquet_files.others(path):
        found.account.leave_out(what, why)
    return found


def _text(given: str | Input, kind: str, size: int, options: ReadOptions) -> Source:
    name = name_of(given) if isinstance(given, str) else given.name
    judge = Judge(name, options, lines=True)
    read = ndjson_blocks.ndjson if kind == "ndjson" else partial(blocks.delimited, kind=kind)

    def pieces() -> Iterator[Piece]:
        with open(given, "rb") if isinstance(given, str) else BytesIO(given.data) as stream:  # noqa: PTH123
            yield from read(blocks.blocks(stream, name, options.encoding, size=size, quotes=kind != "ndjson"), name)

    return _source(judge, pieces, size // 16, small=size <= MOST_BYTES)


def _source(judge: Judge, pieces: Callable[[], Iterator[Piece]], rows: int, *, small: bool) -> Source:
    def stretches() -> Iterator[Stretch]:
        judge.account.cells.clear()
        try:
            for piece in pieces():
                if len(piece.numbers):
                    stretch = judge.stretch(piece)
                    count_piece(judge.account, piece, stretch.rows, stretch.columns, first=not judge.account.cells)
                    if small and stretch.written and judge.plain:
                        require_clear(stretch.written.values(), stretch.delimiter, str(stretch.grid.place(-1, 0)))
                    yield stretch
        except (UnicodeDecodeError, OverflowError) as error:
            raise InputError(f"{judge.name} is damaged: {error}", "Write it anew.") from None

    rest = stretches()
    first = next(rest, None)
    if first is None:
        raise InputError(f"{judge.name} has a header and no rows", "Write one row to each year below it.")
    started = [chain([first], rest)]
    table = first.grid.place(-1, 0)
    return Source(judge.name, lambda: started.pop() if started else stretches(), rows, judge.account, small, table)


def _whole(given: Input, options: ReadOptions) -> Source:
    """JSON or a workbook, which is read as a whole."""
    grid = grid_of(given, options)
    columns = recognise(grid, options)
    account = account_of(grid, columns)
    cells = [Column([row[at] for row in grid.rows]) for at in range(len(grid.header))]
    rows = ByColumn(_kept(cells, columns, options), np.arange(len(grid.rows)))
    careful = given.kind == "excel" or bool(grid.about)
    percent = grid.percent
    whole = Stretch(
        grid._replace(percent=lambda row, column: percent(_number(rows, row), column)),
        rows,
        columns,
        at=grid.place,
        written=written_in(cells, columns),
        careful=careful,
    ).on(rows)
    piece = Piece(grid.header, cells, rows.numbers)

    def stretches() -> Iterator[Stretch]:
        account.cells.clear()
        count_piece(account, piece, whole.rows, columns, first=True)
        yield whole

    count = len(rows) * len(columns.of_values())
    return Source(given.name, stretches, count, account, small=True, table=grid.place(-1, 0))
