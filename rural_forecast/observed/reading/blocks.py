"""Reads a file of any size block by block: grids of whole lines, each under the first header.

The first block decides which columns hold what. `again` makes the same choice in a later block.
A series may go on in the next block: `upto` and `after` cut a block at the last whole series.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.observed.reading.asking import MOST_NAMED
from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.formats.delimited import delimited, delimiter_of, header_of
from rural_forecast.observed.reading.formats.json_text import ndjson
from rural_forecast.observed.reading.grid import Grid, PlaceOf
from rural_forecast.observed.reading.head import FIRST, LAST, Head
from rural_forecast.observed.reading.labels import Indices, ids_of, ranked
from rural_forecast.observed.reading.matching import parted
from rural_forecast.observed.reading.names import role_of, same, with_part
from rural_forecast.observed.reading.options import LONGEST_LINE, long_line
from rural_forecast.observed.reading.schema import fits
from rural_forecast.observed.reading.source import decode, require_encoding
from rural_forecast.observed.reading.table import PeriodTable, heads_in, months_in
from rural_forecast.observed.reading.words import Words, chained
from rural_forecast.text.cells import quoted, shown

BLOCK_BYTES = 4 * 1024 * 1024  # bytes that are read at once of a file that is larger than 64 MB


class _Bytes(Protocol):
    def read(self, size: int, /) -> bytes: ...


def text_blocks(source: str | _Bytes, name: str, encoding: str | None) -> Iterator[Grid]:
    """Read the lines of CSV, TSV or NDJSON as grids."""
    sign = ""
    header = ""
    keys: list[Any] = []
    top: PlaceOf | None = None
    with open(source, "rb") if isinstance(source, str) else nullcontext(source) as stream:
        for data, line in _lines(stream, name, encoding):
            text = decode(data, name)
            if not text.strip():
                continue
            if not sign:
                sign = "{" if text.lstrip().startswith("{") else delimiter_of(text)
            if sign == "{":
                grid = ndjson(text, name, line, keys)
                keys = [grid.cell(0, column) for column in range(grid.index.shape[1])]
            else:
                grid = delimited(header + text, name, sign, line - header.count("\n"))
                header = header or header_of(text, name, sign)
            top = top or grid.place_of
            if len(grid.index) > 1:
                yield _below(top, grid)
    if not sign:
        raise InputError(f"{name} is empty.", "Write a header such as series_id,year,value.")


class RowsWhere:
    """The blocks of a file with the rows alone whose labels conditions `COLUMN=VALUE` name.

    A later block may have a label that fits a part of a name better than those of the first, so
    labels are named whole.
    """

    def __init__(self, blocks: Iterator[Grid], conditions: Sequence[str]) -> None:
        self.blocks = blocks
        self.conditions = conditions
        self.cells_left_out = 0
        self._has_rows = False

    def __iter__(self) -> Iterator[Grid]:
        """Yield each block that has such rows. Raises UsageError if none has."""
        name = ""
        for block in self.blocks:
            name = block.file
            kept = self._kept(block)
            rows = [0, *kept.tolist()]
            self.cells_left_out += int((~block.blank).sum())
            block = _of_rows(block, rows)
            self.cells_left_out -= int((~block.blank).sum())
            if len(kept):
                self._has_rows = True
                yield block
        if not self._has_rows and name:
            problem = f"{name} has no rows with {quoted(self.conditions)} ({option('where')})."
            hint = "In a file that is read block by block, write labels in full."
            raise UsageError(problem, hint, code="unknown_name")

    def _kept(self, block: Grid) -> Indices:
        """The rows of a block, below its header, for which all conditions hold."""
        rows = np.arange(1, len(block.index))
        names = block.texts(0)
        for condition in self.conditions:
            name, wanted = parted(condition, names)
            columns = [column for column, other in enumerate(names) if same(other, name)]
            if not columns:
                problem = f"{block.file} has no column {shown(name.strip())} ({option('where')})."
                hint = f"Its columns are {quoted([*filter(None, names)], MOST_NAMED)}."
                raise UsageError(problem, hint, code="unknown_name")
            holds = np.zeros(len(rows), dtype=np.bool_)
            for column in columns:
                label = block.label(name, column, rows)
                is_wanted = np.array([same(text, wanted) for text in label.texts], dtype=np.bool_)
                holds |= is_wanted[label.codes]
            rows = rows[holds]
        return rows


def _of_rows(grid: Grid, rows: Sequence[int]) -> Grid:
    """Make a grid of some rows, whose places are still those of the file."""
    place_in_block = grid.place_of

    def place_of(row: int, column: int) -> Place:
        return place_in_block(rows[row] if row < len(rows) else rows[-1] + 1, column)

    return replace(
        grid,
        index=grid.index[rows],
        place_of=place_of,
        widths=[grid.widths[row] for row in rows] if grid.widths else (),
        gaps=frozenset(),
        percent=(),
    )


def _below(top: PlaceOf, grid: Grid) -> Grid:
    """Give the header of a block the place that it has in the file."""
    place_in_block = grid.place_of

    def place_of(row: int, column: int) -> Place:
        return place_in_block(row, column) if row else top(0, column)

    return replace(grid, place_of=place_of)


def _lines(stream: _Bytes, name: str, encoding: str | None) -> Iterator[tuple[bytes, int]]:
    """Read a stream as blocks of whole lines in UTF-8, each with the number of its first line.

    The first has no byte order mark.
    """
    if encoding:
        require_encoding(encoding)
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    rest = b""
    line = 1
    has_quotes = True
    while True:
        read = stream.read(BLOCK_BYTES)
        data = read
        if decoder is not None:
            try:
                data = decoder.decode(read, not read).encode()
            except UnicodeError:
                problem = f"{name} is not text in {encoding}."
                raise InputError(problem, "Name the encoding it was saved in.") from None
        if line == 1 and not rest:
            data = data.removeprefix(codecs.BOM_UTF8)
            has_quotes = not data.lstrip().startswith(b"{")  # a line of NDJSON has no line breaks
        rest += data
        cut = _end_of_lines(rest, name, line, has_quotes=has_quotes) if read else len(rest)
        if cut:
            yield rest[:cut], line
            line += rest.count(b"\n", 0, cut)
            rest = rest[cut:]
        if not read:
            return


def _end_of_lines(data: bytes, name: str, line: int, *, has_quotes: bool) -> int:
    """Find the end of the last line that is whole; 0 if there is none yet."""
    end = data.rfind(b"\n") + 1
    while has_quotes and data.count(b'"', 0, end) % 2:  # a line break within quotes
        end = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
    if end:
        return end
    if len(data) > 4 * LONGEST_LINE and b"\n" not in data:
        raise long_line(name, line)
    # A quote that is never closed must not gather the whole file.
    return data.rfind(b"\n") + 1 if len(data) > 2 * BLOCK_BYTES else 0


def again(choice: Choice, grid: Grid) -> Choice:
    """Choose the same columns in a later block, and all rows of it."""
    table = choice.table
    beside = choice.beside
    later = _later_table(choice, grid)
    roles = dict(beside.roles)
    if table.roles is not None:
        for column in range(len(table.names), len(later.names)):
            roles.setdefault(role_of(later.names[column]), column)  # a key of NDJSON begins late
        later = replace(later, roles=roles)
    _require_same_kinds(later, roles)
    with_column = [label.name for label in beside.labels if label.name in beside.places]
    labels = [later.label(beside.places[name]) for name in with_column]
    id_labels = [label for label in labels if label.name in choice.id_columns]
    ids = choice.ids
    id_of = np.zeros(len(later.rows), dtype=np.int64)
    if id_labels:
        first, id_of = ranked([label.codes for label in id_labels], len(later.rows))
        ids = ids_of(id_labels, first)
    return replace(
        choice,
        table=later,
        rows=np.arange(len(later.rows)),
        ids=ids,
        id_of=id_of,
        beside=beside._replace(roles=roles, labels=labels),
    )


def _later_table(choice: Choice, grid: Grid) -> PeriodTable:
    """Make the table of a later block, whose first row is the header."""
    table = choice.table
    rows: Indices = np.arange(1, len(grid.index), dtype=np.int64)
    names = [*table.names, *grid.texts(0)[len(table.names) :]]
    heads: Sequence[Head | None] = table.heads
    head_of = table.head_of
    if not table.across:
        # A year that is unlikely by itself was read because of the name of its column.
        is_named = table.roles is not None or any(map(_is_unlikely, table.heads))
        heads, row_head_of = heads_in(grid, rows, table.period_column, any_year=is_named)
        head_of = row_head_of[:, None]
        if table.measures is not None:  # months across
            months = (with_part(2000, names[column]) for column in table.value_columns.tolist())
            heads, head_of = months_in(heads, head_of, [*filter(None, months)])
    return replace(
        table,
        grid=grid,
        header_row=0,
        names=names,
        rows=rows,
        heads=heads,
        head_of=head_of,
        skipped=(),
    )


def _is_unlikely(head: Head | None) -> bool:
    return head is not None and not FIRST <= head.period.year <= LAST


def _require_same_kinds(table: PeriodTable, roles: Mapping[str, int]) -> None:
    """Refuse a block in which a column holds another kind of text than in those before."""
    for role, column in roles.items():
        if not fits(role, table, column):
            name = shown(table.names[column])
            problem = f"column {name} holds another kind of text than in the rows before."
            first = table.grid.place_of(int(table.rows[0]), column)
            raise InputError(problem, "Write one kind of text in a column.", place=first)


def upto(choice: Choice, cut: int) -> Choice:
    """Keep the first rows of a choice, all their series whole."""
    if cut == len(choice.rows):
        return choice
    table = choice.table
    id_of = choice.id_of[:cut]
    rows_of_table = int(choice.rows[cut - 1]) + 1  # a choice may leave some of them out
    end = int(table.rows[rows_of_table - 1]) + 1
    short = replace(
        table,
        grid=replace(table.grid, index=table.grid.index[:end]),
        rows=table.rows[:rows_of_table],
        head_of=table.head_of if table.across else table.head_of[:rows_of_table],
        skipped=[line for line in table.skipped if line.row < end],
    )
    labels = [label._replace(codes=label.codes[:rows_of_table]) for label in choice.beside.labels]
    return replace(
        choice,
        table=short,
        rows=choice.rows[:cut],
        id_of=id_of,
        ids=choice.ids[: int(id_of.max(initial=-1)) + 1],
        beside=choice.beside._replace(labels=labels),
    )


def after(choice: Choice, cut: int, later: Grid) -> Grid:
    """Put the other rows of a choice above those of a later grid of the same header.

    Of the words of the choice only those of these rows are kept, or memory would grow with the
    file.
    """
    grid = choice.table.grid
    rows = [0, *choice.table.rows[choice.rows[cut:]].tolist()]
    index = grid.index[rows]
    used = np.unique(np.append(index, 0))  # the first word is nothing
    cells = [grid.words.cells[code] for code in used.tolist()]
    words = Words(cells, grid.words.numbers[used], grid.words.filled[used])

    width = max(index.shape[1], later.index.shape[1])
    above = np.searchsorted(used, _widened(index, width)).astype(np.int32)
    below = _widened(later.index, width) + np.int32(len(cells))

    place_above = grid.place_of
    place_below = later.place_of  # not the grids, which would stay in memory

    def place_of(row: int, column: int) -> Place:
        if row < len(rows):
            return place_above(rows[row], column)
        return place_below(row - len(rows) + 1, column)

    widths: list[int] = []
    if grid.widths or later.widths:
        widths_above = _widths(grid)
        widths = [*(widths_above[row] for row in rows), *_widths(later)[1:]]
    return replace(
        later,
        words=chained([words, later.words]),
        index=np.concatenate([below[:1], above[1:], below[1:]]),
        place_of=place_of,
        widths=widths,
    )


def _widened(index: Any, width: int) -> Any:
    return np.pad(index, ((0, 0), (0, width - index.shape[1])))


def _widths(grid: Grid) -> Sequence[int]:
    """Return the cells of each row; a frame or a sheet has all of them in every row."""
    return grid.widths or [grid.index.shape[1]] * len(grid.index)
