"""CSV, TSV and NDJSON by the standard library: slower, forgiving of single cells, and exact about lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.layout import OTHERS, Cells, Layout, layout, number_in, sample_grid, understood
from rural_forecast.forecasting.batch.panel import CareNeededError, Raw
from rural_forecast.forecasting.batch.source import PIECE_ROWS, Source
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.column_names import is_known
from rural_forecast.series.reading.delimited import RAGGED, delimiter_of
from rural_forecast.series.reading.files import MOST_BYTES, name_of, reading
from rural_forecast.series.reading.grid import is_empty, shown
from rural_forecast.series.reading.text import decode
from rural_forecast.series.reading.values import Notation

SAMPLE = 50
"""Rows looked at to recognise the columns."""


class Line(NamedTuple):
    """One row of the input and the line on which it starts."""

    number: int
    cells: Sequence[Any]


def open_text(path: str, kind: str, options: ReadOptions) -> Source:
    """Open a CSV, TSV or NDJSON file.

    Raises
    ------
    InputError : no text in its encoding, no header, no rows, no columns that fit
    CareNeededError : the years stand across
    """
    name = name_of(path)
    header, lines = read(path, kind, options)
    first = list(islice(lines, SAMPLE + 1))
    whole, first = len(first) <= SAMPLE, first[:SAMPLE]
    if not first:
        raise InputError(f"{name} has a header and no rows", "Write one row to each year below it.")
    found = layout(
        sample_grid(name, header, [line.cells for line in first if len(line.cells) == len(header)], "line"),
        options,
        whole=whole,
    )
    size = Path(path).stat().st_size
    average = max(1.0, sum(sum(len(str(cell)) + 1 for cell in line.cells) for line in first) / len(first))

    def pieces() -> Iterator[Raw]:
        found.account.recount()
        header, lines = read(path, kind, options, partial(late_key, found.account))
        while piece := list(islice(lines, PIECE_ROWS)):
            yield understood(_cells(piece, len(header), found, options), found)

    return Source(name, pieces, int(size / average), list, found.account)


def late_key(account: Account, key: str) -> None:
    """Take note of a key that is in none of the first rows of NDJSON.

    Raises
    ------
    CareNeededError : it would have been read
    """
    if is_known(key):
        raise CareNeededError(f"the key {shown(key)} in later rows only")
    account.leave_out(f"column {shown(key)}", "not a column that is used")


def read(
    path: str, kind: str, options: ReadOptions, late: Callable[[str], None] = lambda _: None
) -> tuple[list[Any], Iterator[Line]]:
    """Header and rows; the header of NDJSON is made of the keys of its first rows.

    Parameters
    ----------
    late : is told each key of NDJSON that is not in the header
    """
    if kind == "ndjson":
        keys: dict[str, None] = {}
        for line in islice(_objects(path, options, None), SAMPLE):
            keys |= dict.fromkeys(line.cells[0])
        if not keys:
            raise InputError(f"{name_of(path)} is empty", 'Write one row a line, {"year": 2016, "value": 482}.')
        return list(keys), _objects(path, options, list(keys), late)
    return _delimited(path, kind, options)


def _objects(
    path: str, options: ReadOptions, keys: list[str] | None, late: Callable[[str], None] = lambda _: None
) -> Iterator[Line]:
    name = name_of(path)
    known = set(keys or ())
    for number_, text in enumerate(_text_lines(path, options), 1):
        if text.isspace() or not text:
            continue
        try:
            row = json.loads(text, parse_constant=lambda literal: literal)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InputError(f"{name}:{number_}: not a JSON object: {shown(text)}", "Write one object a line.")
        for key in row.keys() - known if keys is not None else ():
            late(key)
            known.add(key)
        yield Line(number_, [row] if keys is None else [row.get(key) for key in keys])


def _delimited(path: str, kind: str, options: ReadOptions) -> tuple[list[str], Iterator[Line]]:
    name = name_of(path)
    stream = _text_lines(path, options)
    first = first_line(path, options)
    decode(first.encode(options.encoding or "utf-8"), name, options.encoding)  # refuses what is no text, and says why
    if first.lstrip()[:1] in ("{", "["):
        raise InputError(f"{name} looks like JSON, not like CSV", f"Add {option('input_format', 'ndjson')}.")
    reader = csv.reader(stream, delimiter=delimiter_of(first, kind), strict=True)

    def rows() -> Iterator[Line]:
        before = 0
        try:
            for cells in reader:
                start, before = before + 1, reader.line_num
                if any(cells) and not all(map(is_empty, cells)):
                    yield Line(start, cells)
        except csv.Error as error:
            raise InputError(
                f"{name}:{reader.line_num}: a quote is out of place: {error}", "Quote the whole cell."
            ) from None

    found = rows()
    header = next(found, None)
    if header is None:
        raise InputError(f"{name} is empty", "Write a header such as series_id,year,value, and one row to each year.")
    return list(header.cells), found


def first_line(path: str, options: ReadOptions) -> str:
    """The first line that is not empty: the header."""
    return next((line for line in _text_lines(path, options) if line.strip()), "")


def _text_lines(path: str, options: ReadOptions) -> Iterator[str]:
    """Lines with their ends, decoded; never a replaced character."""
    encoding = options.encoding or "utf-8-sig"
    try:
        with reading(path), Path(path).open(encoding=encoding, newline="") as stream:
            yield from stream
    except (UnicodeError, LookupError):
        with Path(path).open("rb") as bytes_:
            start = bytes_.read(MOST_BYTES)
            cut = bool(bytes_.read(1))
        decode(start[: start.rfind(b"\n") + 1] if cut else start, name_of(path), options.encoding)  # tells where
        raise InputError(
            f"{name_of(path)} is not text in the encoding {encoding}", f"Name its {option('encoding')}."
        ) from None


def _cells(piece: list[Line], width: int, found: Layout, options: ReadOptions) -> Cells:
    """The columns of a piece; what is wrong with a cell is kept by its line."""
    faults: dict[int, str] = {}
    places = found.places
    notation = Notation(options.decimal_comma, options.thousands)
    values = np.empty(len(piece))
    for index, line in enumerate(piece):
        values[index] = np.nan
        if len(line.cells) != width:
            faults[line.number] = f"the row has {len(line.cells)} cells, and the header has {width}. {RAGGED}"
            piece[index] = Line(line.number, [*line.cells, *[""] * (width - len(line.cells))])
            continue
        values[index] = number_in(line.cells[places["value"]], found.titles["value"], line.number, notation, faults)
    if "growth_pct" in places and any(not is_empty(line.cells[places["growth_pct"]]) for line in piece):
        raise CareNeededError("published growth")
    columns = {role: _words([line.cells[place] for line in piece]) for role, place in places.items() if role != "value"}
    return Cells(
        np.array([line.number for line in piece], dtype=np.int64),
        values,
        columns["period"],
        columns.get("id"),
        {role: columns[role] for role in OTHERS if role in columns},
        faults,
    )


def _words(cells: list[Any]) -> Words:
    known: dict[Any, int] = {}
    codes = [known.setdefault(cell if cell.__hash__ else str(cell), len(known)) for cell in cells]
    return Words(np.array(codes, dtype=np.int64), list(known))
