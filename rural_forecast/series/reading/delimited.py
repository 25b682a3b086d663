"""CSV and TSV: text with one row a line, read by the csv module in its strict mode; any text as a table of cells."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.reading.faults import Faults, refuse
from rural_forecast.series.reading.grid import MOST_CELLS, Grid, at_line, check_lines, check_size, check_width
from rural_forecast.series.reading.table import Table, table_of_lines, width_of
from rural_forecast.text.cells import MOST_SHOWN, is_empty

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
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for line, cells in rows_of(text, name, delimiter):
            if is_blank(cells):
                continue
            if header and len(cells) != len(header):
                refuse(ragged_row(name, line, cells, len(header), delimiter), faults)
                continue
            header = header or cells
            rows.append(cells)
            lines.append(line)
            if len(rows) * len(cells) > MOST_CELLS:
                check_size(name, len(rows), len(cells))
    except QuoteError as error:
        if len(rows) < 2:
            raise
        refuse(error, faults)
    if not rows:
        raise InputError.of("empty", name=name, kind="csv")

    def place(row: int, column: int) -> Place:
        return at_line(name, lines[row + 1], column + 1)

    return Grid(name, header, rows[1:], place, delimiter=delimiter)


class QuoteError(InputError):
    """A quote is out of place, or what follows it is too long to be a cell."""


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a row holds nothing."""
    return not any(cells) or all(map(is_empty, cells))


def rows_of(
    text: str, name: str, delimiter: str, first_line: int = 1, *, space: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text, each with the number of its first line.

    `space`: whether cells may begin with some. Raises QuoteError for a quote out of place.
    """
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=space)
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        place = at_line(name, line)
        if "unexpected end of data" in str(error):
            raise QuoteError.of("quote_open", place=place) from None
        if "field larger" in str(error):
            raise QuoteError.of("cell_too_long", most=csv.field_size_limit(), place=place) from None
        place = at_line(name, first_line + reader.line_num - 1)
        raise QuoteError.of("quote_out_of_place", place=place) from None


class CommaInNumberError(InputError):
    """A row is wider than its header, most likely because a number holds an unquoted comma."""


def ragged_row(name: str, line: int, cells: list[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    because = ""
    if len(cells) > width and sum(cell.strip()[:1].isalpha() for cell in cells) > 1:
        because = "names"
    elif len(cells) > width and delimiter == ",":
        because = "commas"
    kind = CommaInNumberError if because == "commas" and width > 1 else InputError
    row = delimiter.join(cells[:MOST_SHOWN])
    problem = Problem("row_width", count=len(cells), width=width, row=row, delimiter=delimiter, because=because)
    return kind.of(problem, place=at_line(name, line))


def table_of_text(text: str, name: str, kind: str) -> Table:
    """The cells of a text with lines of any length, by the sign that fits its lines best, or else by its spaces.

    Raises InputError if a quote never closes, or a comma within a number makes a row wider than the names above it.
    """
    best: tuple[float, str, list[tuple[int, list[str]]]] = 0, "", []
    refusal: QuoteError | None = None
    for sign in ("\t",) if kind == "tsv" else (",", ";", "\t", "|"):
        try:
            rows = list(rows_of(text, name, sign, space=sign != "\t")) if sign in text else []
        except QuoteError as error:
            refusal = refusal or error
            continue
        counts = Counter(len(cells) for _, cells in rows if len(cells) > 1)
        if counts:
            usual, times = counts.most_common(1)[0]
            score = times * counts.total() / len(rows) * (1 + 0.02 * min(usual, 50))
            best = max(best, (score, sign, rows), key=lambda of_sign: of_sign[0])
    _, sign, rows = best
    if not rows and refusal is not None:
        raise refusal
    if sign == ",":
        _require_whole_numbers(name, rows)
    return table_of_lines(name, rows, delimiter=sign) if rows else _spaced(text, name)


def _require_whole_numbers(name: str, rows: Sequence[tuple[int, list[str]]]) -> None:
    """Refuse rows that commas within numbers make wider than the row of names above them."""
    header: list[str] = []
    for line, row in rows:
        width = width_of(row)
        if width <= len(header):
            continue
        if len(header) > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[len(header) : width]):
            raise ragged_row(name, line, row, len(header), ",")
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
    return table_of_lines(name, enumerate(rows, 1), delimiter=" ")
