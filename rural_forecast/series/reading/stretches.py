"""Where a batch comes from: the tables of a file or folder piece by piece, their columns judged as for one series, and
the account of their cells."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from io import BytesIO
from itertools import chain
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, Place
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading import ReadOptions, blocks, ndjson_blocks
from rural_forecast.series.reading.account import Account, account_of
from rural_forecast.series.reading.arrays import Column, Numbers, filled_words
from rural_forecast.series.reading.blocks import Piece
from rural_forecast.series.reading.by_column import ByColumn
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.files import MOST_BYTES, format_of, name_of, status
from rural_forecast.series.reading.judge import Judge, Stretch, kept, number_of, written_in
from rural_forecast.series.reading.notation import require_clear
from rural_forecast.series.reading.number_forms import is_missing
from rural_forecast.series.reading.opened import Input, check_kind, grid_of, input_of
from rural_forecast.series.reading.options import check
from rural_forecast.series.reading.tally import ANOTHER_COLUMN, MISSING, REFUSED, USED, day_of, made
from rural_forecast.series.source_names import SUFFIXES, is_folder
from rural_forecast.text.cells import is_empty

STREAMED = ("csv", "tsv", "ndjson")


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


def open_source(path: str, options: ReadOptions) -> Source:
    """Open a file for reading in pieces, and judge its columns.

    `path`: a file, or a folder of Parquet files. Raises InputError if it is not there, no such file, or not in a plain
    layout. Raises UsageError for an unknown suffix, options that do not fit, or a missing extra.
    """
    check(options)
    suffix = os.path.splitext(path)[1].lower()  # noqa: PTH122 - pathlib raises for a name too long
    if is_folder(path) or (options.input_format or SUFFIXES.get(suffix)) == "parquet":
        return _parquet(path, options)
    size = status(path).st_size
    if size > MOST_BYTES:
        kind, name = format_of(path, options.input_format), name_of(path)
        check_kind(kind, name, options)
        if kind in STREAMED:
            return _text(path, kind, size, options)
    whole = input_of(path, options, None)
    if whole.kind in STREAMED:
        return _text(whole, whole.kind, len(whole.data), options)
    return _whole(whole, options)


def _parquet(path: str, options: ReadOptions) -> Source:
    from rural_forecast.series.reading import parquet

    check_kind("parquet", name_of(path), options)
    if not is_folder(path):
        status(path)
    (count, width), keys = parquet.size_of(path), parquet.keys(path)
    varying = {name: texts for name, texts in keys.items() if len(set(texts.values())) > 1}
    small = count <= parquet.most_rows(width)
    judge = Judge(name_of(path.rstrip("/")), options, lines=False, whole=small, keys=varying)
    source = _source(judge, lambda: parquet.pieces(path), count, small=small)
    for what, why in parquet.others(path):
        source.account.leave_out(what, why)
    return source


def _text(source: str | Input, kind: str, size: int, options: ReadOptions) -> Source:
    name = name_of(source) if isinstance(source, str) else source.name
    small = size <= MOST_BYTES
    judge = Judge(name, options, lines=True, whole=small)
    read = ndjson_blocks.ndjson if kind == "ndjson" else partial(blocks.delimited, kind=kind)

    def pieces() -> Iterator[Piece]:
        with open(source, "rb") if isinstance(source, str) else BytesIO(source.data) as stream:  # noqa: PTH123
            yield from read(blocks.blocks(stream, name, options.encoding, size=size, quotes=kind != "ndjson"), name)

    return _source(judge, pieces, size // 16, small=small)


def _source(judge: Judge, pieces: Callable[[], Iterator[Piece]], rows: int, *, small: bool) -> Source:
    def stretches() -> Iterator[Stretch]:
        judge.account.cells.clear()
        try:
            for piece in _joined([*pieces()]) if small else pieces():
                if len(piece.numbers):
                    stretch = judge.stretch(piece)
                    first = not judge.account.cells
                    count_piece(judge.account, piece, stretch.rows, stretch.columns, stretch.labels, first=first)
                    if small and stretch.written and judge.plain:
                        require_clear(stretch.written.values(), stretch.delimiter, str(stretch.grid.place(-1, 0)))
                    yield stretch
        except (UnicodeDecodeError, OverflowError) as error:
            raise InputError.of("damaged_file", name=judge.name, cause=str(error)) from None

    rest = stretches()
    first = next(rest, None)
    if first is None:
        raise InputError.of("header_only", name=judge.name)
    started = [chain([first], rest)]
    table = first.grid.place(-1, 0)
    return Source(judge.name, lambda: started.pop() if started else stretches(), rows, judge.account, small, table)


def _joined(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of a small input as one: files of a folder may differ in the types of their columns."""
    if len(pieces) < 2:
        return pieces
    parts = [ByColumn(piece.columns, piece.numbers) for piece in pieces]
    while len(parts) > 1:  # in pairs: each after all before it takes the square of their number
        parts = [reduce(ByColumn.then, parts[at : at + 2]) for at in range(0, len(parts), 2)]
    rows = parts[0]
    columns = [Column(rows.words(at)) for at in range(len(rows.columns))]
    faults = {line: error for piece in pieces for line, error in piece.faults.items()}
    return [pieces[0]._replace(header=pieces[-1].header, columns=columns, numbers=rows.numbers, faults=faults)]


def _whole(source: Input, options: ReadOptions) -> Source:
    """JSON or a workbook, which is read as a whole."""
    grid = grid_of(source, options)
    columns = recognise(grid, options)
    account = account_of(grid, columns)
    cells = [Column([row[at] for row in grid.rows]) for at in range(len(grid.header))]
    rows = ByColumn(kept(cells, columns, options), np.arange(len(grid.rows)))
    careful = source.kind == "excel" or bool(grid.about)
    percent = grid.percent
    whole = Stretch(
        grid._replace(percent=lambda row, column: percent(number_of(rows, row), column)),
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
    return Source(source.name, stretches, count, account, small=True, table=grid.place(-1, 0))


def count_piece(
    account: Account, piece: Piece, rows: ByColumn, columns: Columns, labels: Sequence[int] = (), *, first: bool
) -> None:
    """Count the cells of a piece of a batch, and its header where it is the first; `labels` make the id."""
    used, values = columns.places().union(labels), columns.of_values()
    for at, column in enumerate(piece.columns):
        if at in values:
            there, missing = _numbers(rows.columns[at])
            account.cells[MISSING] += missing
        else:
            there = column.filled
        there += first and not is_empty(piece.header[at])
        account.cells[USED if at in used else ANOTHER_COLUMN] += there


def count_refused(account: Account, rows: ByColumn, columns: Columns, labels: Sequence[int] = ()) -> None:
    """Count the used cells of some rows as those of series that are refused."""
    values = columns.of_values()
    there = sum(
        _numbers(rows.columns[at])[0] if at in values else filled_words(rows.words(at))
        for at in columns.places()
        if at >= 0
    )
    there += max(len(labels) - 1, 0) * len(rows)  # the id is made of them, and counts as one
    account.cells[USED] -= there
    account.cells[REFUSED] += there


def _numbers(column: object) -> tuple[int, int]:
    """How many values a column of a batch has, and how many are missing."""
    assert isinstance(column, Numbers)
    missing = sum(map(is_missing, column.odd.values()))
    return len(column.values) - missing, missing


def of_batch(account: Account, table: Place, units: Collection[str] = ()) -> ReadingAccount:
    """The account of a batch, once its stretches are read; `units`: those of its series."""
    if account.reading is not None:
        return account.reading
    unit = next(iter(units)) if len(units) == 1 else ""
    return replace(made(+account.cells, table), published=account.forecasts, as_of=day_of(account.notes()), unit=unit)
