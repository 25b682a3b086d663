"""CSV, TSV and NDJSON of any size, block by block: rows by column, each with its line.

A file that other commands could read is one block, so that its columns are judged as they judge them. pyarrow reads a
block where it surely reads what the standard library would: regular quotes, a line a row, no other sign. Any other
block is read by the careful readers.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.arrays import Column
from rural_forecast.series.reading.delimited import delimiter_of, is_blank, ragged_row, rows_of
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.reading.grid import LONGEST_LINE, TooLargeError, at_line
from rural_forecast.series.reading.text import decode, require_encoding

BLOCK_BYTES = 4 * 1024 * 1024
"""What is read at once of a file that is larger than 64 MB."""


class Piece(NamedTuple):
    """Rows of a table."""

    header: Sequence[Any]
    columns: Sequence[Column]
    numbers: Any
    """Array of the lines, or rows, that refusals name."""
    faults: Mapping[int, InputError] = {}
    """What is wrong with whole rows, by line."""
    header_line: int = 1
    delimiter: str = ""


class Block(NamedTuple):
    """Whole lines of a text in UTF-8."""

    data: bytes
    line: int
    """The number of the first."""


def blocks(stream: BinaryIO, name: str, encoding: str | None, *, size: int, quotes: bool) -> Iterator[Block]:
    """The lines of a stream; the first has no byte order mark.

    Raises InputError for bytes that are no text, or a line of more than a million characters.
    """
    most = MOST_BYTES + 1 if size <= MOST_BYTES else BLOCK_BYTES
    if encoding:
        require_encoding(encoding)
    decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
    rest, line = b"", 1
    while True:
        read = stream.read(most)
        if decoder is not None:
            try:
                data = decoder.decode(read, not read).encode()
            except UnicodeError:
                stream.seek(0)
                decode(stream.read(MOST_BYTES), name, encoding)
                raise InputError.of("not_in_encoding", name=name, encoding=encoding) from None
        else:
            data = read
        if line == 1 and not rest:
            data = data.removeprefix(codecs.BOM_UTF8)
        rest += data
        if read and len(rest) < most:
            continue
        cut = _end(rest, quotes=quotes) if read else len(rest)
        if not cut:
            if len(rest) > 4 * LONGEST_LINE and rest.rfind(b"\n") < 0:
                raise TooLargeError.of("line_too_long", most=LONGEST_LINE, place=at_line(name, line))
            cut = rest.rfind(b"\n") + 1
        if cut:
            yield Block(rest[:cut], line)
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


def delimited(lines: Iterator[Block], name: str, kind: str) -> Iterator[Piece]:
    """The rows of CSV or TSV; a row of a wrong length is padded or cut, and a fault of its piece.

    Raises InputError for no header, a quote that never closes, or no text.
    """
    header: Sequence[str] = ()
    sign = ""
    for data, line in lines:
        if not header:
            if not data.strip():
                continue
            first = re.findall(rb"\A[\r\n]*([^\r\n]*)", data)[0]
            sign = delimiter_of(decode(first, name), name, kind)
        piece = _fast(data, line, sign, header) or _careful(data, line, name, sign, header)
        header = piece.header
        yield piece._replace(delimiter=sign)
    if not header:
        raise InputError.of("empty", name=name, kind="batch")


def _careful(data: bytes, line: int, name: str, sign: str, header: Sequence[str]) -> Piece:
    """A block by the standard library."""
    faults: dict[int, InputError] = {}
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    header_line = line
    for at, cells in rows_of(decode(data, name), name, sign, line):
        if is_blank(cells):
            continue
        if not header:
            header, header_line = cells, at
            continue
        if len(cells) != len(header):
            faults[at] = ragged_row(name, at, cells, len(header), sign)
            cells = [*cells, *[""] * len(header)][: len(header)]
        rows.append(cells)
        lines.append(at)
    columns = [Column([row[place] for row in rows]) for place in range(len(header))]
    return Piece(header, columns, np.array(lines, dtype=np.int64), faults, header_line)


def _fast(data: bytes, line: int, sign: str, header: Sequence[str]) -> Piece | None:
    """A block by pyarrow; None where it may read it in another way than the standard library."""
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        return None
    lying = starts_of(data)
    if lying is None or not len(lying[0]) or not _is_regular(data, sign):
        return None
    starts, lines = lying[0], lying[1] + line
    end = starts[1] if len(starts) > 1 else len(data)
    width = len(header) or 1 + data.count(sign.encode(), starts[0], end)
    names = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.py_buffer(data),
            csv.ReadOptions(column_names=names, block_size=1 << 22),
            csv.ParseOptions(delimiter=sign),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != len(starts):
        return None
    columns = [column.combine_chunks() for column in table.columns]
    header_line = int(lines[0])
    if not header:
        header = [column[0].as_py() for column in columns]
        columns, lines = [column.slice(1) for column in columns], lines[1:]
    return _without_blank_rows(header, columns, lines)._replace(header_line=header_line)


def starts_of(data: bytes) -> tuple[Any, Any] | None:
    """Where each line that is not empty begins, and its number from 0.

    None where lines end in several ways or there is a NUL.
    """
    if b"\0" in data or data.count(b"\r") != data.count(b"\r\n"):
        return None
    sent = np.frombuffer(data, np.uint8)
    begins = np.concatenate([[0], np.flatnonzero(sent == ord("\n")) + 1])
    begins = begins[begins < len(data)]
    first = sent[begins]
    lines = np.flatnonzero((first != ord("\n")) & (first != ord("\r")))
    return begins[lines], lines


def _is_regular(data: bytes, sign: str) -> bool:
    """Whether each quote opens or closes a whole cell."""
    if b'"' not in data:
        return True
    if b'""' in data:
        return False
    sent = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(sent == ord('"'))
    opening, closing = quotes[::2], quotes[1::2]
    limits = np.array([ord(sign), ord("\n"), ord("\r")], np.uint8)
    opens = np.isin(sent[np.maximum(opening, 1) - 1], limits[:2]) | (opening == 0)
    last = len(sent) - 1
    closes = np.isin(sent[np.minimum(closing + 1, last)], limits) | (closing == last)
    return len(opening) == len(closing) and bool(opens.all() and closes.all())


def _without_blank_rows(header: Sequence[str], columns: Sequence[Any], lines: Any) -> Piece:
    """The rows with content: a spreadsheet exports rows of empty cells."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = None
    for column in columns:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            break
    else:
        kept = np.flatnonzero(~np.asarray(blank))
        columns, lines = [column.take(pa.array(kept)) for column in columns], lines[kept]
    return Piece(header, [Column(column) for column in columns], lines)
