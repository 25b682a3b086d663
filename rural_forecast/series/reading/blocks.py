"""A file of any size as grids of whole lines or rows, each under the header of the first."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.choose import Choice, ids_of
from rural_forecast.series.reading.decode import decode, require_encoding
from rural_forecast.series.reading.formats.delimited import delimiter_of, is_blank, rows_of
from rural_forecast.series.reading.formats.json_text import SHAPES, objects
from rural_forecast.series.reading.formats.regular import regular, regular_objects
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.limits import LONGEST_LINE, at_line, long_line
from rural_forecast.series.reading.names import role_of
from rural_forecast.series.reading.periods import FIRST, LAST
from rural_forecast.series.reading.schema import fits
from rural_forecast.series.reading.table import Places, heads_in, ranked
from rural_forecast.series.reading.words import Codes, Words, chained, coded
from rural_forecast.text.cells import shown

BLOCK_BYTES = 4 * 1024 * 1024
"""Bytes that are read at once of a file that is larger than 64 MB."""


class Stream(Protocol):
    """A file, a pipe, or bytes."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""


def text_blocks(source: str | Stream, name: str, encoding: str | None) -> Iterator[Grid]:
    """The lines of CSV, TSV or NDJSON as grids."""
    sign, top, header = "", b"", list[Any]()
    opened: AbstractContextManager[Stream] = open(source, "rb") if isinstance(source, str) else nullcontext(source)  # noqa: PTH123, SIM115
    with opened as stream:
        for data, line in _lines(stream, name, encoding):
            text = decode(data, name)
            if not sign:
                sign = "{" if text.lstrip().startswith("{") else delimiter_of(text)
                top = data.partition(b"\n")[0] + b"\n"
            if sign == "{":
                grid = _alike(regular_objects(data), name, line - 1, "", header) or _objects(text, name, line, header)
            else:
                made = regular(top + data if header else data, sign)
                grid = _alike(made, name, line - bool(header), sign, header) or _rows(text, name, line, sign, header)
            if len(grid.index) > 1:
                yield grid
    if not header:
        raise InputError(f"{name} is empty.", SHAPES if sign == "{" else "Write a header such as series_id,year,value.")


def _alike(made: tuple[Words, Codes] | None, name: str, before: int, delimiter: str, header: list[Any]) -> Grid | None:
    """The grid of a text that arrays could read, its second row in the line after `before`; None for another header."""
    if made is None:
        return None

    def place(row: int, column: int) -> Place:
        return at_line(name, before + row if row else 1, column + 1)

    grid = Grid(name, *made, place, delimiter=delimiter)
    names = [grid.cell(0, column) for column in range(grid.index.shape[1])]
    header += [] if header else names
    return grid if names == header else None


def _objects(text: str, name: str, line: int, header: list[Any]) -> Grid:
    """One object a line; `header` gets the keys that are new."""
    rows = dict(objects(text, name, line))
    header += [key for key in dict.fromkeys(key for row in rows.values() for key in row) if key not in header]
    return _grid(name, header, [row.get(key) for row in rows.values() for key in header], [*rows], (), "")


def _rows(text: str, name: str, line: int, sign: str, header: list[Any]) -> Grid:
    """The rows of delimited text under their header, which is the first where there is none yet."""
    flat, lines, widths = list[Any](), list[int](), list[int]()
    for at, cells in rows_of(text, name, sign, line):  # no list of rows is kept, which would cost more than reading
        if not (cells and cells[0]) and is_blank(cells):
            continue
        if not header:
            header += cells
            continue
        widths.append(len(cells))
        lines.append(at)
        flat += cells if len(cells) == len(header) else [*cells, *[None] * len(header)][: len(header)]
    return _grid(name, header, flat, lines, widths, sign)


def _grid(
    name: str, header: Sequence[Any], flat: list[Any], lines: Sequence[int], widths: Sequence[int], delimiter: str
) -> Grid:
    """Rows under their header; those of another width were padded or cut, which `widths` shows."""
    words, codes = coded([*header, *flat])
    numbers = [1, *lines]

    def place(row: int, column: int) -> Place:
        return at_line(name, numbers[row], column + 1)

    index = codes.reshape(len(numbers), len(header))
    known = (len(header), *widths) if delimiter and set(widths) != {len(header)} else ()
    return Grid(name, words, index, place, widths=known, delimiter=delimiter)


def _lines(stream: Stream, name: str, encoding: str | None) -> Iterator[tuple[bytes, int]]:
    """The lines of a stream in UTF-8, and the number of the first; the first has no byte order mark."""
    if encoding:
        require_encoding(encoding)
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    rest, line, quotes = b"", 1, True
    while True:
        read = stream.read(BLOCK_BYTES)
        if decoder is not None:
            try:
                data = decoder.decode(read, not read).encode()
            except UnicodeError:
                raise InputError(
                    f"{name} is not text in the encoding {encoding}.", "Name the encoding it was saved in."
                ) from None
        else:
            data = read
        if line == 1 and not rest:
            data = data.removeprefix(codecs.BOM_UTF8)
            quotes = not data.lstrip().startswith(b"{")
        rest += data
        cut = _end(rest, quotes=quotes) if read else len(rest)
        if not cut and len(rest) > 4 * LONGEST_LINE and rest.rfind(b"\n") < 0:
            raise long_line(name, line)
        cut = cut or (rest.rfind(b"\n") + 1 if len(rest) > 2 * BLOCK_BYTES else 0)
        if cut:
            yield rest[:cut], line
            line += rest.count(b"\n", 0, cut)
            rest = rest[cut:]
        if not read:
            return


def _end(data: bytes, *, quotes: bool) -> int:
    """Where the last whole row ends: after a line end that is not within quotes; 0 for nowhere."""
    end = data.rfind(b"\n") + 1
    while quotes and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, data.rfind(b'"', 0, end)) + 1
    return end


def again(choice: Choice, grid: Grid) -> Choice:
    """The same columns of a later block, all rows of it."""
    table = choice.table
    rows: Places = np.arange(1, len(grid.index), dtype=np.int64)
    heads, head_of = table.heads, np.zeros(0, dtype=np.int64)
    if not table.across:
        ours = table.roles is not None
        odd = any(head and not FIRST <= head.period.year <= LAST for head in table.heads)
        heads, head_of = heads_in(grid, rows, table.period, any_year=ours or odd)
    names = [*table.names, *grid.texts(0)[len(table.names) :]]
    roles = dict(choice.known.roles)
    if table.roles is not None:
        for at in range(len(table.names), len(names)):  # a key of NDJSON that begins late
            roles.setdefault(role_of(names[at]), at)
    later = replace(
        table,
        names=names,
        roles=None if table.roles is None else roles,
        labels=table.labels if table.roles is None else range(len(names)),
        grid=grid,
        header=0,
        rows=rows,
        heads=heads,
        head_of=head_of,
        bottom=len(grid.index),
        skipped=(),
    )
    for role, at in roles.items():
        if not fits(role, later, at):
            raise InputError(
                f"column {shown(names[at])} holds another kind of text than in the rows before.",
                "Write one kind of text in a column.",
                place=grid.place(int(rows[0]), at),
            )
    places = choice.known.places
    labels = [later.label(places[label.name]) for label in choice.known.labels if label.name in places]
    by = [label for label in labels if label.name in choice.by]
    ids, id_of = list(choice.ids), np.zeros(len(rows), dtype=np.int64)
    if by:
        first, id_of = ranked([label.codes for label in by], len(rows))
        ids = ids_of(by, first)
    return choice._replace(
        table=later,
        rows=np.arange(len(rows)),
        ids=ids,
        id_of=id_of,
        known=choice.known._replace(roles=roles, labels=labels),
        without_value=frozenset(),
    )


def taken(grid: Grid, rows: Places) -> Grid:
    """The header of a grid and some of its rows, with the words of these alone."""
    index = grid.index[np.concatenate([[0], rows])]
    there, codes = np.unique(index, return_inverse=True)
    cells = [grid.words.cells[code] for code in there.tolist()]
    at = [0, *rows.tolist()]
    place = grid.place
    return replace(
        grid,
        words=Words(cells, grid.words.numbers[there], grid.words.filled[there]),
        index=codes.reshape(index.shape).astype(np.int32),
        place=lambda row, column: place(at[row], column),
        widths=[grid.widths[row] for row in at] if grid.widths else (),
    )


def then(first: Grid, later: Grid) -> Grid:
    """The rows of a grid, and those of a later one of the same header."""
    count, more = len(first.index), len(first.words.cells)
    width = max(first.index.shape[1], later.index.shape[1])
    above = np.zeros((count, width), dtype=np.int32)
    above[:, : first.index.shape[1]] = first.index
    above[0, : later.index.shape[1]] = later.index[0] + more
    words = chained([first.words, later.words])
    places: tuple[Callable[[int, int], Place], ...] = (first.place, later.place)
    return replace(
        later,
        words=words,
        index=np.concatenate([above, later.index[1:] + np.int32(more)]),
        place=lambda row, column: places[0](row, column) if row < count else places[1](row - count + 1, column),
        widths=[*first.widths, *later.widths[1:]] if first.widths else (),
    )
