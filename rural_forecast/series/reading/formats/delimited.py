"""Text with cells apart by commas, semicolons, tabs, bars or spaces, lines of any length."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from io import StringIO
from itertools import islice

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.formats.regular import LEAST, regular
from rural_forecast.series.reading.grid import Grid, grid_of_lines
from rural_forecast.series.reading.options import at_line, check_size
from rural_forecast.text.cells import MOST_SHOWN, expression, shown
from rural_forecast.text.wording import counted

SAMPLE = 200_000  # characters that show which sign is between the cells
# Digits that a comma within a number cuts off.
_REST_OF_NUMBER = expression(r"[0-9]{1,3}(\.[0-9]+)?|")
Row = tuple[int, list[str]]  # the number of its first line, and its cells


def delimiter_of(text: str) -> str:
    """The sign that fits the lines of a text best; a space where no sign does."""
    sample = text[:SAMPLE].rpartition("\n")[0] if len(text) > SAMPLE else text
    best = 0.0
    found = " "
    for sign in (";", "\t", "|", ","):  # a comma may be within numbers, so it is last of equals
        reader = csv.reader(
            StringIO(sample, newline=""), delimiter=sign, skipinitialspace=sign != "\t"
        )
        try:
            widths = [len(cells) for cells in reader if cells] if sign in sample else []
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if counts:
            usual, times = counts.most_common(1)[0]
            score = times * counts.total() / len(widths) * (1 + 0.02 * min(usual, 50))
            if score > best:
                best = score
                found = sign
    return found


def delimited(text: str, name: str, sign: str, first_line: int = 1) -> Grid:
    """The cells of a text. Raises InputError if it is too wide, or a quote never closes."""
    if sign == " ":
        if text.count("\n") < 2:
            check_size(name, 1, max(map(text.count, ",;\t")))
        return grid_of_lines(name, enumerate(_spaced(text), first_line), delimiter=" ")
    if (
        len(text) > LEAST
        and ": " not in text[: text.find("\n")]
        and (made := regular(text.encode(), sign))
    ):
        return Grid(
            name,
            *made,
            lambda row, column: at_line(name, row + first_line, column + 1),
            delimiter=sign,
        )
    rows: Iterable[Row] = rows_of(text, name, sign, first_line)
    if "TIME_PERIOD:" in text[: text.find("\n")]:
        rows = _with_labels_apart([*rows])
    grid = grid_of_lines(name, rows, delimiter=sign)
    return replace(grid, doubt=_split_number(grid)) if sign == "," else grid


def header_of(text: str, name: str, sign: str) -> str:
    """The lines of a text up to the end of its first row that holds something."""
    found = False
    for line, cells in rows_of(text, name, sign):
        if found:
            return "".join(islice(StringIO(text, newline=""), line - 1))
        found = any(map(str.strip, cells))
    return text


def _with_labels_apart(rows: list[Row]) -> list[Row]:
    """SDMX-CSV with `GEO: Area` as head and `DE: Germany` as cell, each as two columns."""
    heads = rows[0][1]
    both = {at for _, cells in rows[1:] for at, cell in enumerate(cells) if ": " in cell}
    both &= {at for at, head in enumerate(heads) if ": " in head}
    made = []
    for line, cells in rows:
        parted: list[str] = []
        for at, cell in enumerate(cells):
            code, _, label = cell.partition(": ")
            parted += [code, label] if at in both else [code if cells is heads else cell]
        made.append((line, parted))
    return made


def rows_of(text: str, name: str, delimiter: str, first_line: int = 1) -> Iterator[Row]:
    """The rows of a text. Raises InputError for a quote out of place."""
    content = StringIO(text, newline="")
    is_tab = delimiter == "\t"
    reader = csv.reader(content, delimiter=delimiter, strict=True, skipinitialspace=not is_tab)
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        problem = "a quote opens in this row and never closes."
        hint = "Close it"
        if not any(cause in str(error) for cause in ("unexpected end of data", "field larger")):
            problem = "a quote is out of place."
            hint = "Quote the whole cell"
            line = first_line + reader.line_num - 1
        hint += '; write a quote within a cell twice ("").'
        raise InputError(problem, hint, place=at_line(name, line)) from None


def ragged_row(grid: Grid, row: int, cells: Sequence[str], width: int) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    quotes = '; a comma within a cell needs quotes ("1,234")' if grid.delimiter == "," else ""
    said = shown(grid.delimiter.join(cells[:MOST_SHOWN]))
    problem = f"the row has {counted(len(cells), 'cell')}, and the header has {width}: {said}."
    place = at_line(grid.file, grid.place_of(row, 0).line)
    return InputError(problem, f"Give each row one cell for each column{quotes}.", place=place)


def _split_number(grid: Grid) -> InputError | None:
    """The refusal of a row that commas within numbers make wider than the row of names above it."""
    widths = (~grid.blank * np.arange(1, grid.index.shape[1] + 1)).max(axis=1, initial=0)
    above = np.maximum.accumulate(np.append(0, widths))[:-1]
    for row in np.flatnonzero((widths > above) & (above > 1)).tolist():
        header = int(above[row])
        cells = grid.texts(row)
        if all(_REST_OF_NUMBER.fullmatch(cell) for cell in cells[header : widths[row]]):
            return ragged_row(grid, row, cells[: grid.widths[row]], header)
    return None


def _spaced(text: str) -> list[list[str]]:
    """Columns apart by spaces; lines that begin with # are remarks, but for one with a word for
    each column.
    """
    rows: list[list[str]] = []
    for line in map(str.strip, text.splitlines()):
        wide = re.split(r"\s{2,}|\t", line)
        rows.append([line] if line.startswith("#") else wide if len(wide) > 1 else line.split())
    usual = Counter(len(row) for row in rows if row and not row[0].startswith("#")).most_common(1)
    for at, row in enumerate(rows):
        words = row[0].strip("# ").split() if row and row[0].startswith("#") else []
        if usual and len(words) == usual[0][0] > 1:
            rows[at] = words
    return rows
