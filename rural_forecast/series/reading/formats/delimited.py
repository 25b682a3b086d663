"""Text with cells apart by commas, semicolons, tabs, bars or spaces, lines of any length."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.formats.regular import LEAST, regular
from rural_forecast.series.reading.grid import Grid, grid_of_lines
from rural_forecast.series.reading.limits import at_line, check_size
from rural_forecast.text.cells import MOST_SHOWN, shown
from rural_forecast.text.patterns import expression
from rural_forecast.text.wording import counted

SAMPLE = 200_000
"""Characters that show which sign is between the cells."""
_REST_OF_NUMBER = expression(r"[0-9]{1,3}(\.[0-9]+)?|")
"""The digits that a comma within a number leaves in a cell of their own."""
_BOTH = expression(r"([^:\s]+): ?(\S.*)")


def delimiter_of(text: str) -> str:
    """The sign that fits the lines of a text best; a space where no sign does."""
    sample = text[:SAMPLE].rpartition("\n")[0] if len(text) > SAMPLE else text
    best, found = 0.0, " "
    for sign in (";", "\t", "|", ","):  # a comma may be within numbers, so it is last of equals
        reader = csv.reader(StringIO(sample, newline=""), delimiter=sign, skipinitialspace=sign != "\t")
        try:
            widths = [len(cells) for cells in reader if cells] if sign in sample else []
        except csv.Error:
            continue
        counts = Counter(width for width in widths if width > 1)
        if counts:
            usual, times = counts.most_common(1)[0]
            score = times * counts.total() / len(widths) * (1 + 0.02 * min(usual, 50))
            if score > best:
                best, found = score, sign
    return found


def delimited(text: str, name: str) -> Grid:
    """The cells of a text. Raises InputError if it is too wide, or a quote never closes."""
    sign = delimiter_of(text)
    if sign == " ":
        if text.count("\n") < 2:
            check_size(name, 1, max(map(text.count, ",;\t")))
        return _spaced(text, name)
    if len(text) > LEAST and ": " not in text[: text.find("\n")] and (made := regular(text.encode(), sign)):
        return Grid(name, *made, lambda row, column: at_line(name, row + 1, column + 1), delimiter=sign)
    rows = [(line, cells) for line, cells in rows_of(text, name, sign) if not is_blank(cells)]
    doubt = _split_number(name, rows) if sign == "," else None
    return grid_of_lines(name, _without_labels_in_codes(rows), delimiter=sign, doubt=doubt)


def is_blank(cells: Sequence[str]) -> bool:
    """True if a row holds nothing."""
    return not (cells and cells[0]) and not "".join(cells).strip()


def _without_labels_in_codes(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """SDMX-CSV with `GEO: Area` as head and `DE: Germany` as cell, each as two columns; other rows as they are."""
    if not rows or not any(cell.startswith("TIME_PERIOD:") for cell in rows[0][1]):
        return rows
    heads = rows[0][1]
    pairs = [(line, [_BOTH.fullmatch(cell) for cell in cells[: len(heads)]], cells) for line, cells in rows]
    both = [
        at
        for at in range(len(heads))
        if pairs[0][1][at] and any(at < len(found) and found[at] for _, found, _ in pairs[1:])
    ]
    made = []
    for line, found, cells in pairs:
        parted: list[str] = []
        for at, cell in enumerate(cells):
            match = found[at] if at < len(found) and (at in both or line == rows[0][0]) else None
            code, text = match.groups() if match else (cell, "")
            parted += [code, text] if at in both else [code]
        made.append((line, parted))
    return made


def rows_of(text: str, name: str, delimiter: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text, each with the number of its first line. Raises InputError for a quote out of place."""
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        problem, hint = "a quote is out of place.", "Quote the whole cell"
        if "unexpected end of data" in str(error):
            problem, hint = "a quote opens in this row and never closes.", "Close it"
        elif "field larger" in str(error):
            problem = f"a cell of this row is longer than {csv.field_size_limit():,} characters."
            hint = "Close the quote that opens there"
        else:
            line = first_line + reader.line_num - 1
        hint += '; write a quote within a cell twice ("").'
        raise InputError(problem, hint, place=at_line(name, line)) from None


def ragged_row(place: Place, cells: Sequence[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    quotes = '; a comma within a cell needs quotes ("1,234")' if delimiter == "," else ""
    row = shown(delimiter.join(cells[:MOST_SHOWN]))
    problem = f"the row has {counted(len(cells), 'cell')}, and the header has {width}: {row}."
    return InputError(problem, f"Give each row one cell for each column{quotes}.", place=place)


def _split_number(name: str, rows: Sequence[tuple[int, list[str]]]) -> InputError | None:
    """The refusal of a row that commas within numbers make wider than the row of names above it."""
    header = 0
    for line, row in rows:
        width = len(row)
        while width > header and not row[width - 1].strip():
            width -= 1
        if width > header:
            if header > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[header:width]):
                return ragged_row(at_line(name, line), row, header, ",")
            header = width
    return None


def _spaced(text: str, name: str) -> Grid:
    """Columns apart by spaces; lines that begin with # are remarks, but for one with a word for each column."""
    rows: list[list[str]] = []
    for line in map(str.strip, text.splitlines()):
        wide = re.split(r"\s{2,}|\t", line)
        rows.append([line] if line.startswith("#") else wide if len(wide) > 1 else line.split())
    usual = Counter(len(row) for row in rows if row and not row[0].startswith("#")).most_common(1)
    for at, row in enumerate(rows):
        words = row[0].strip("# ").split() if row and row[0].startswith("#") else []
        if usual and len(words) == usual[0][0] > 1:
            rows[at] = words
    return grid_of_lines(name, enumerate(rows, 1), delimiter=" ")
