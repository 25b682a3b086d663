"""CSV and TSV: text with one row a line, read by the csv module in its strict mode."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from typing import NamedTuple

from rural_forecast.errors import InputError, Place, option
from rural_forecast.series.reading.faults import Faults, refuse
from rural_forecast.series.reading.grid import (
    MOST_CELLS,
    MOST_SHOWN,
    Grid,
    check_lines,
    check_size,
    check_width,
    is_empty,
    shown,
)

RAGGED = 'Give each row one cell for each column; a comma within a cell needs quotes ("1,234").'


def delimiter_of(first_line: str, kind: str = "csv") -> str:
    """The sign between cells: in CSV a comma, or the semicolon or tab of a first line without any comma."""
    return "\t" if kind == "tsv" else next((sign for sign in (",", ";", "\t") if sign in first_line), ",")


def read_delimited(text: str, name: str, kind: str = "csv", faults: Faults | None = None) -> Grid:
    """Read CSV or TSV.

    Parameters
    ----------
    faults : keeps rows that are refused, in place of an error for the first

    Raises
    ------
    InputError : an empty file, a quote that never closes, a row with more or fewer cells than the header
    """
    first = text.lstrip("\r\n")
    first = first[: min((end for end in (first.find("\n"), first.find("\r")) if end >= 0), default=len(first))]
    if not text.strip():
        raise InputError(f"{name} is empty", "Write a header such as year,value, and one row to each year.")
    if kind == "csv" and first.lstrip()[:1] in ("{", "["):
        raise InputError(f"{name} looks like JSON, not like CSV", f"Add {option('input_format', 'json')} (or ndjson).")
    delimiter = delimiter_of(first, kind)
    check_width(name, first.count(delimiter) + 1)
    check_lines(name, text)

    def keep(error: InputError, _cells: list[str], _width: int) -> None:
        refuse(error, faults)

    rows = read_rows(text, name, delimiter, keep, broken=lambda error: refuse(error, faults))
    if not rows.header:
        raise InputError(f"{name} is empty", "Write a header such as year,value, and one row to each year.")

    def place(row: int, column: int) -> Place:
        line = rows.lines[row] if row >= 0 else rows.header_line
        return Place(f"{name}:{line}", name, line, column + 1)

    return Grid(name, rows.header, rows.rows, place)


class Rows(NamedTuple):
    """The rows of a text and their lines."""

    header: Sequence[str]
    header_line: int
    rows: list[list[str]]
    lines: list[int]


def read_rows(
    text: str,
    name: str,
    delimiter: str,
    ragged: Callable[[InputError, list[str], int], list[str] | None],
    header: Sequence[str] = (),
    first_line: int = 1,
    broken: Callable[[InputError], None] | None = None,
) -> Rows:
    """Read the rows of a text with content; the first is the header where none is given.

    Parameters
    ----------
    ragged : takes a row of a wrong length, and gives the row to keep in its place
    broken : takes the error of a quote out of place behind some rows, which ends the text

    Raises
    ------
    InputError : a quote out of place
    """
    rows: list[list[str]] = []
    lines: list[int] = []
    header_line = first_line
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = first_line - 1
    try:
        for row in reader:
            start, before = before + 1, reader.line_num + first_line - 1
            if not any(row) or all(map(is_empty, row)):
                continue
            cells: list[str] | None = row
            if not header:
                header, header_line = row, start
                continue
            if len(row) != len(header):
                place = Place(f"{name}:{start}", name, start)
                cells = ragged(ragged_row(place, row, len(header), delimiter), row, len(header))
            if cells is not None:
                rows.append(cells)
                lines.append(start)
                if broken is not None and len(rows) * len(cells) > MOST_CELLS:
                    check_size(name, len(rows), len(cells))
    except csv.Error as problem:
        error = _broken(str(problem), name, before + 1, reader.line_num + first_line - 1)
        if broken is None or not rows:
            raise error from None
        broken(error)
    return Rows(header, header_line, rows, lines)


class CommaInNumberError(InputError):
    """A row is wider than its header, most likely because a number holds an unquoted comma."""


def ragged_row(place: Place, cells: list[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    count = f"{len(cells):,} cell{'s' if len(cells) != 1 else ''}"
    kind: type[InputError] = InputError
    hint = RAGGED if delimiter == "," else "Give each row one cell for each column."
    if len(cells) > width and sum(map(_is_name, cells)) > 1:
        hint = f"If this row holds the names of the columns, take out the lines above it. {hint}"
    elif len(cells) > width and delimiter == ",":
        hint = (
            'Put a cell with a comma between quotes ("1,234"); then '
            f"{option('thousands', ',')} or {option('decimal_comma', True)} reads it."
        )
        kind = CommaInNumberError if width > 1 else InputError
    row = shown(delimiter.join(cells[:MOST_SHOWN]))
    return kind.at(place, f"the row has {count}, and the header has {width}: {row}", hint)


def _is_name(cell: str) -> bool:
    return cell.strip()[:1].isalpha()


def _broken(problem: str, name: str, start: int, end: int) -> InputError:
    if "unexpected end of data" in problem:
        return InputError.at(
            Place(f"{name}:{start}", name, start),
            "a quote opens in this row and never closes",
            'Close it, or write a quote within a cell twice ("").',
        )
    if "field larger" in problem:
        return InputError.at(
            Place(f"{name}:{start}", name, start),
            f"a cell of this row is longer than {csv.field_size_limit():,} characters",
            "A quote that opens there may never close; figures and notes are shorter.",
        )
    hint = 'Quote the whole cell, and write a quote within it twice ("").'
    return InputError.at(Place(f"{name}:{end}", name, end), "a quote is out of place", hint)
