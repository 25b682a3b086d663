"""Text with cells parted by commas, semicolons, tabs, bars or spaces, lines of any length."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from itertools import islice, pairwise

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.formats.regular import LEAST, regular
from rural_forecast.observed.reading.grid import Grid, grid_of_lines
from rural_forecast.observed.reading.names import VALUES, names_period, normalised, role_of
from rural_forecast.observed.reading.options import at_line, check_size
from rural_forecast.observed.reading.periods import likely
from rural_forecast.text.cells import MOST_SHOWN, expression, shown
from rural_forecast.text.wording import counted

SAMPLE = 200_000  # characters that show which sign is between the cells
_MOST_ROWS_ABOVE = 20  # rows among which a header is looked for
_MOST_NAMES = 100  # cells of a header that are looked at

# Digits that a comma within a number cuts off.
_REST_OF_NUMBER = expression(r"[0-9]{1,3}(\.[0-9]+)?|")

NumberedRow = tuple[int, list[str]]  # the number of its first line, and its cells


def delimiter_of(text: str) -> str:
    """Find the sign between the cells of a text; a space where no sign is.

    It is the one that parts a header into names of roles. Without such a header it is the one that
    fits the lines best. Lines of data never outvote a header, as ids may hold any sign.
    """
    sample = text[:SAMPLE].rpartition("\n")[0] if len(text) > SAMPLE else text
    best = (0, 0.0)
    delimiter = " "
    for sign in (";", "\t", "|", ","):  # a comma may be within numbers, so it is last of equals
        rows = _rows_in(sample, sign)
        worth = (_names_in_header(rows), _score(rows))
        if worth[1] and worth > best:
            best = worth
            delimiter = sign
    return delimiter


def _rows_in(sample: str, sign: str) -> list[list[str]]:
    """Part a sample at a sign into the rows that hold something; none where that fails."""
    if sign not in sample:
        return []
    reader = csv.reader(StringIO(sample, newline=""), delimiter=sign, skipinitialspace=sign != "\t")
    try:
        return [cells for cells in reader if cells]
    except csv.Error:
        return []


def _score(rows: Sequence[Sequence[str]]) -> float:
    """Score a sign by the lines that it parts into the same number of cells.

    Of signs that do so for as many lines, the one that gives more cells is a little better.
    """
    counts = Counter(width for width in map(len, rows) if width > 1)
    if not counts:
        return 0.0
    usual, times = counts.most_common(1)[0]
    return times * counts.total() / len(rows) * (1 + 0.02 * min(usual, 50))


def _names_in_header(rows: Sequence[Sequence[str]]) -> int:
    """Count the names of roles, or the years, in the first rows that may be a header.

    One of them must be about periods, and the row below must go as far: a title may list years.
    """
    most = 0
    for cells, below in pairwise(rows[:_MOST_ROWS_ABOVE]):
        if not 2 <= len(cells) <= len(below):
            continue
        roles = [*filter(None, map(_role, cells[:_MOST_NAMES]))]
        if "period" in roles and len(roles) > max(most, 1):
            most = len(roles)
    return most


def _role(cell: str) -> str:
    name = cell.strip()
    if names_period(name) or likely(name) is not None:
        return "period"
    return "value" if normalised(name) in VALUES else role_of(name)


def delimited(text: str, name: str, sign: str, first_line: int = 1) -> Grid:
    """Read the cells of a text. Raises InputError if it is too wide, or a quote never closes."""
    if sign == " ":
        if text.count("\n") < 2:
            check_size(name, 1, max(map(text.count, ",;\t")))
        return grid_of_lines(name, enumerate(_spaced(text), first_line), delimiter=" ")

    header = text[: text.find("\n")]
    if len(text) > LEAST and ": " not in header:
        arrays = regular(text.encode(), sign)
        if arrays is not None:
            return Grid(
                name,
                *arrays,
                lambda row, column: at_line(name, row + first_line, column + 1),
                delimiter=sign,
            )
    rows: Iterable[NumberedRow] = rows_of(text, name, sign, first_line)
    if "TIME_PERIOD:" in header:
        rows = _with_labels_apart([*rows])
    grid = grid_of_lines(name, rows, delimiter=sign)
    return replace(grid, doubt=_split_number(grid)) if sign == "," else grid


def header_of(text: str, name: str, sign: str) -> str:
    """Give the lines of a text up to the end of its first row that holds something."""
    has_header = False
    for line, cells in rows_of(text, name, sign):
        if has_header:
            return "".join(islice(StringIO(text, newline=""), line - 1))
        has_header = any(map(str.strip, cells))
    return text


def _with_labels_apart(rows: list[NumberedRow]) -> list[NumberedRow]:
    """Part the cells of SDMX-CSV that hold a code and its label, each into two columns.

    Their head is `GEO: Area`, and a cell `DE: Germany`.
    """
    _, heads = rows[0]
    columns = {column for column, head in enumerate(heads) if ": " in head}
    columns = {column for column in columns if _holds_labels(rows[1:], column)}
    parted_rows: list[NumberedRow] = []
    for line, cells in rows:
        parted: list[str] = []
        for column, cell in enumerate(cells):
            code, _, label = cell.partition(": ")
            if column in columns:
                parted += [code, label]
            else:
                parted.append(code if cells is heads else cell)
        parted_rows.append((line, parted))
    return parted_rows


def _holds_labels(rows: Sequence[NumberedRow], column: int) -> bool:
    return any(": " in cells[column] for _, cells in rows if column < len(cells))


def rows_of(text: str, name: str, delimiter: str, first_line: int = 1) -> Iterator[NumberedRow]:
    """Read the rows of a text. Raises InputError for a quote out of place."""
    content = StringIO(text, newline="")
    is_tab = delimiter == "\t"
    reader = csv.reader(content, delimiter=delimiter, strict=True, skipinitialspace=not is_tab)
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        is_open = any(cause in str(error) for cause in ("unexpected end of data", "field larger"))
        if is_open:
            problem = "a quote opens in this row and never closes."
            repair = "Close it"
        else:
            problem = "a quote is out of place."
            repair = "Quote the whole cell"
            line = first_line + reader.line_num - 1
        hint = f'{repair}; write a quote within a cell twice ("").'
        raise InputError(problem, hint, place=at_line(name, line)) from None


def ragged_row(grid: Grid, row: int, cells: Sequence[str], width: int) -> InputError:
    """Refuse a row that is not as wide as its header."""
    quotes = '; a comma within a cell needs quotes ("1,234")' if grid.delimiter == "," else ""
    beginning = shown(grid.delimiter.join(cells[:MOST_SHOWN]))
    return InputError(
        f"the row has {counted(len(cells), 'cell')}, and the header has {width}: {beginning}.",
        f"Give each row one cell for each column{quotes}.",
        place=at_line(grid.file, grid.place_of(row, 0).line),
    )


def _split_number(grid: Grid) -> InputError | None:
    """Refuse a row that commas within numbers make wider than the row of names above it."""
    columns = np.arange(1, grid.index.shape[1] + 1)
    widths = (~grid.blank * columns).max(axis=1, initial=0)
    widest_above = np.maximum.accumulate(np.append(0, widths))[:-1]
    for row in np.flatnonzero((widths > widest_above) & (widest_above > 1)).tolist():
        header = int(widest_above[row])
        cells = grid.texts(row)
        if all(_REST_OF_NUMBER.fullmatch(cell) for cell in cells[header : widths[row]]):
            return ragged_row(grid, row, cells[: grid.widths[row]], header)
    return None


def _spaced(text: str) -> list[list[str]]:
    """Part lines by runs of spaces, or else by single ones.

    Lines that begin with # are remarks, but for one with a word for each column: their names.
    """
    rows = [_parted_by_spaces(line.strip()) for line in text.splitlines()]
    widths = [len(row) for row in rows if row and not row[0].startswith("#")]
    if not widths:
        return rows
    width, _ = Counter(widths).most_common(1)[0]
    for number, row in enumerate(rows):
        if row and row[0].startswith("#"):
            words = row[0].strip("# ").split()
            if len(words) == width > 1:
                rows[number] = words
    return rows


def _parted_by_spaces(line: str) -> list[str]:
    if line.startswith("#"):
        return [line]
    cells = re.split(r"\s{2,}|\t", line)
    return cells if len(cells) > 1 else line.split()
