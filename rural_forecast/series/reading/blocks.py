"""A file of any size as grids of whole lines or rows, each under the header of the first."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.choose import Choice, ids_of
from rural_forecast.series.reading.formats.delimited import delimited, delimiter_of, header_of
from rural_forecast.series.reading.formats.json_text import ndjson
from rural_forecast.series.reading.grid import Grid, Indices, PlaceOf, heads_in, months_in, ranked
from rural_forecast.series.reading.names import role_of, with_part
from rural_forecast.series.reading.options import LONGEST_LINE, long_line
from rural_forecast.series.reading.periods import FIRST, LAST
from rural_forecast.series.reading.schema import fits
from rural_forecast.series.reading.source import decode, require_encoding
from rural_forecast.series.reading.words import Words, chained
from rural_forecast.text.cells import shown

BLOCK_BYTES = 4 * 1024 * 1024  # bytes that are read at once of a file that is larger than 64 MB


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def text_blocks(source: str | _Stream, name: str, encoding: str | None) -> Iterator[Grid]:
    """The lines of CSV, TSV or NDJSON as grids."""
    sign = ""
    header = ""
    keys = list[Any]()
    top = None
    with open(source, "rb") if isinstance(source, str) else nullcontext(source) as stream:  # noqa: PTH123
        for data, line in _lines(stream, name, encoding):
            text = decode(data, name)
            if not text.strip():
                continue
            sign = sign or ("{" if text.lstrip().startswith("{") else delimiter_of(text))
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


def _below(top: PlaceOf, grid: Grid) -> Grid:
    place = grid.place_of
    return replace(grid, place_of=lambda row, column: place(row, column) if row else top(0, column))


def _lines(stream: _Stream, name: str, encoding: str | None) -> Iterator[tuple[bytes, int]]:
    """The lines of a stream in UTF-8, and the number of the first; the first has no byte order
    mark.
    """
    if encoding:
        require_encoding(encoding)
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    rest = b""
    line = 1
    quotes = True
    while True:
        read = data = stream.read(BLOCK_BYTES)
        if decoder is not None:
            try:
                data = decoder.decode(read, not read).encode()
            except UnicodeError:
                raise InputError(
                    f"{name} is not text in {encoding}.", "Name the encoding it was saved in."
                ) from None
        if line == 1 and not rest:
            data = data.removeprefix(codecs.BOM_UTF8)
            quotes = not data.lstrip().startswith(b"{")
        rest += data
        cut = rest.rfind(b"\n") + 1 if read else len(rest)
        while read and quotes and rest.count(b'"', 0, cut) % 2:  # not within quotes
            cut = rest.rfind(b"\n", 0, rest.rfind(b'"', 0, cut)) + 1
        if not cut and len(rest) > 4 * LONGEST_LINE and rest.rfind(b"\n") < 0:
            raise long_line(name, line)
        cut = cut or (rest.rfind(b"\n") + 1 if len(rest) > 2 * BLOCK_BYTES else 0)
        if cut:
            yield rest[:cut], line
            line += rest.count(b"\n", 0, cut)
            rest = rest[cut:]
        if not read:
            return


def again(choice: Choice, grid: Grid) -> Choice:
    """The same columns of a later block, all rows of it."""
    table = choice.table
    beside = choice.beside
    rows: Indices = np.arange(1, len(grid.index), dtype=np.int64)
    names = [*table.names, *grid.texts(0)[len(table.names) :]]
    roles = dict(beside.roles)
    heads = table.heads
    head_of = table.head_of
    if not table.across:
        odd = any(head and not FIRST <= head.period.year <= LAST for head in heads)
        heads, years = heads_in(
            grid, rows, table.period_column, any_year=odd or table.roles is not None
        )
        head_of = years[:, None]
        if table.measures is not None:
            parts = [
                part for at in table.value_columns.tolist() if (part := with_part(2000, names[at]))
            ]
            heads, head_of = months_in(heads, head_of, parts)
    for at in range(len(table.names), len(names)) if table.roles is not None else ():
        roles.setdefault(role_of(names[at]), at)  # a key of NDJSON that begins late
    later = replace(
        table,
        grid=grid,
        header_row=0,
        names=names,
        rows=rows,
        heads=heads,
        head_of=head_of,
        skipped=(),
        roles=table.roles and roles,
    )
    for role, at in roles.items():
        if not fits(role, later, at):
            problem = (
                f"column {shown(names[at])} holds another kind of text than in the rows before."
            )
            raise InputError(
                problem,
                "Write one kind of text in a column.",
                place=grid.place_of(int(rows[0]), at),
            )
    labels = [
        later.label(beside.places[label.name])
        for label in beside.labels
        if label.name in beside.places
    ]
    by = [label for label in labels if label.name in choice.id_columns]
    ids = choice.ids
    id_of = np.zeros(len(rows), dtype=np.int64)
    if by:
        first, id_of = ranked([label.codes for label in by], len(rows))
        ids = ids_of(by, first)
    beside = beside._replace(roles=roles, labels=labels)
    return choice._replace(
        table=later, rows=np.arange(len(rows)), ids=ids, id_of=id_of, beside=beside
    )


def upto(choice: Choice, cut: int) -> Choice:
    """The first rows of a choice, all their series whole."""
    if cut == len(choice.rows):
        return choice
    table = choice.table
    id_of = choice.id_of[:cut]
    grid = replace(table.grid, index=table.grid.index[: int(table.rows[choice.rows[cut - 1]]) + 1])
    head_of = table.head_of if table.across else table.head_of[:cut]
    skipped = [line for line in table.skipped if line[0] < len(grid.index)]
    short = replace(table, grid=grid, rows=table.rows[:cut], head_of=head_of, skipped=skipped)
    beside = choice.beside._replace(
        labels=[label._replace(codes=label.codes[:cut]) for label in choice.beside.labels]
    )
    ids = choice.ids[: int(id_of.max(initial=-1)) + 1]
    return choice._replace(table=short, rows=choice.rows[:cut], id_of=id_of, ids=ids, beside=beside)


def after(choice: Choice, cut: int, later: Grid) -> Grid:
    """The other rows of a choice, with their own words alone, and those of a later grid of the same
    header.
    """
    grid = choice.table.grid
    at = [0, *choice.table.rows[choice.rows[cut:]].tolist()]
    width = max(grid.index.shape[1], later.index.shape[1])
    rest, below = (
        np.pad(each, ((0, 0), (0, width - each.shape[1]))) for each in (grid.index[at], later.index)
    )
    there = np.unique(np.append(grid.index[at], 0))  # the first word is nothing
    cells = [grid.words.cells[code] for code in there.tolist()]
    above = np.searchsorted(there, rest).astype(np.int32)
    below = below + np.int32(len(cells))
    above_at = grid.place_of
    below_at = later.place_of  # not the grids, which would stay in memory
    widths = [each.widths or [each.index.shape[1]] * len(each.index) for each in (grid, later)]
    return replace(
        later,
        words=chained(
            [Words(cells, grid.words.numbers[there], grid.words.filled[there]), later.words]
        ),
        index=np.concatenate([below[:1], above[1:], below[1:]]),
        place_of=lambda row, column: (
            above_at(at[row], column) if row < len(at) else below_at(row - len(at) + 1, column)
        ),
        widths=[*(widths[0][row] for row in at), *widths[1][1:]]
        if grid.widths or later.widths
        else (),
    )
