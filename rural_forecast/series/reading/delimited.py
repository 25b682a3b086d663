"""CSV and TSV: text with one row a line, read by the csv module in its strict mode; any text as a table of cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from io import StringIO
from typing import NamedTuple

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.reading.faults import Faults, refuse
from rural_forecast.series.reading.grid import (
    MOST_CELLS,
    MOST_SHOWN,
    Grid,
    check_lines,
    check_size,
    check_width,
    is_empty,
)
from rural_forecast.series.reading.table import Table, table_of_lines, width_of

_REST_OF_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]+)?|")
"""What a comma within a number leaves in a cell of its own."""


def delimiter_of(first_line: str, name: str, kind: str = "csv") -> str:
    """The sign between cells: in CSV a comma, or the semicolon or tab of a first line without any comma.

    Raises InputError if the line begins as JSON, or is too wide.
    """
    if kind == "csv" and first_line.lstrip()[:1] in ("{", "["):
        raise InputError.of("json_as_csv", name=name)
    sign = "\t" if kind == "tsv" else next((sign for sign in (",", ";", "\t") if sign in first_line), ",")
    check_width(name, first_line.count(sign) + 1)
    return sign


def read_delimited(text: str, name: str, kind: str = "csv", faults: Faults | None = None) -> Grid:
    """Read CSV or TSV.

    `faults`: keeps rows that are refused, in place of an error for the first. Raises InputError for an empty file, a
    quote that never closes, a row with more or fewer cells than the header.
    """
    delimiter = delimiter_of(re.findall(r"\A[\r\n]*([^\r\n]*)", text)[0], name, kind)
    check_lines(name, text)

    def keep(error: InputError, _cells: list[str], _width: int) -> None:
        refuse(error, faults)

    rows = read_rows(text, name, delimiter, keep, broken=lambda error: refuse(error, faults))
    if not rows.header:
        raise InputError.of("empty", name=name, kind="csv")

    def place(row: int, column: int) -> Place:
        line = rows.lines[row] if row >= 0 else rows.header_line
        return Place(f"{name}:{line}", name, line, column + 1)

    return Grid(name, rows.header, rows.rows, place, delimiter=delimiter)


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

    `ragged`: takes a row of a wrong length, and gives the row to keep in its place. `broken`: takes the error of a
    quote out of place behind some rows, which ends the text. Raises InputError for a quote out of place.
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
                cells = ragged(_ragged_row(place, row, len(header), delimiter), row, len(header))
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


def _ragged_row(place: Place, cells: list[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    because = ""
    if len(cells) > width and sum(cell.strip()[:1].isalpha() for cell in cells) > 1:
        because = "names"
    elif len(cells) > width and delimiter == ",":
        because = "commas"
    kind = CommaInNumberError if because == "commas" and width > 1 else InputError
    row = delimiter.join(cells[:MOST_SHOWN])
    problem = Problem("row_width", count=len(cells), width=width, row=row, delimiter=delimiter, because=because)
    return kind.of(problem, place=place)


def _broken(problem: str, name: str, start: int, end: int) -> InputError:
    """The refusal of a text by the csv module, by what the module says."""
    place = Place(f"{name}:{start}", name, start)
    if "unexpected end of data" in problem:
        return InputError.of("quote_open", place=place)
    if "field larger" in problem:
        return InputError.of("cell_too_long", most=csv.field_size_limit(), place=place)
    return InputError.of("quote_out_of_place", place=Place(f"{name}:{end}", name, end))


def table_of_text(text: str, name: str, kind: str) -> Table:
    """The cells of a text with lines of any length, by the sign that fits its lines best, or else by its spaces.

    Raises InputError if a quote never closes, or a comma within a number makes a row wider than the names above it.
    """
    best: tuple[float, str, list[list[str]], list[int]] | None = None
    broken: csv.Error | None = None
    for sign in ("\t",) if kind == "tsv" else (",", ";", "\t", "|"):
        if sign not in text:
            continue
        try:
            rows, lines = _split(text, sign)
        except csv.Error as error:
            broken = broken or error
            continue
        counts = Counter(len(row) for row in rows if len(row) > 1)
        if not counts:
            continue
        fitting = sum(len(row) > 1 for row in rows) / max(len(rows), 1)
        usual, times = counts.most_common(1)[0]
        score = times * fitting * (1 + 0.02 * min(usual, 50))
        if best is None or score > best[0]:
            best = score, sign, rows, lines
    if best is not None:
        if best[1] == ",":
            _require_whole_numbers(name, best[2], best[3])
        return table_of_lines(name, best[2], best[3], delimiter=best[1])
    if broken is not None:
        raise InputError.of("quotes_unclear", name=name, cause=str(broken))
    return _spaced(text, name)


def _split(text: str, sign: str) -> tuple[list[list[str]], list[int]]:
    rows, lines, before = [], [], 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True, skipinitialspace=sign != "\t")
    for cells in reader:
        rows.append(cells)
        lines.append(before + 1)
        before = reader.line_num
    return rows, lines


def _require_whole_numbers(name: str, rows: list[list[str]], lines: list[int]) -> None:
    """Refuse rows that commas within numbers make wider than the row of names above them."""
    header: list[str] = []
    for row, line in zip(rows, lines, strict=True):
        width = width_of(row)
        if width <= len(header):
            continue
        if len(header) > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[len(header) : width]):
            raise _ragged_row(Place(f"{name}:{line}", name, line), row, len(header), ",")
        header = row[:width]


def _spaced(text: str, name: str) -> Table:
    """Columns apart by spaces; lines that begin with # are remarks."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        bare = line.strip()
        wide = re.split(r"\s{2,}|\t", bare)
        rows.append([bare] if bare.startswith("#") else wide if len(wide) > 1 else bare.split())
    usual = Counter(len(row) for row in rows if row and not row[0].startswith("#")).most_common(1)
    for place, row in enumerate(rows):
        words = row[0].strip("# ").split() if row and row[0].startswith("#") else []
        if usual and len(words) == usual[0][0] > 1:
            rows[place] = words
    return table_of_lines(name, rows, range(1, len(rows) + 1), delimiter=" ")
