"""Text with cells apart by commas, semicolons, tabs, bars or spaces, lines of any length."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import StringIO

from rural_forecast.errors import InputError
from rural_forecast.series.reading.formats.regular import LEAST, regular
from rural_forecast.series.reading.grid import Grid, at_line, check_width, grid_of_lines
from rural_forecast.text.cells import MOST_SHOWN, is_empty, shown
from rural_forecast.text.patterns import expression

SAMPLE = 200_000
"""Characters that show which sign is between the cells."""
_REST_OF_NUMBER = expression(r"[0-9]{1,3}(\.[0-9]+)?|")
"""The digits that a comma within a number leaves in a cell of their own."""
_BOTH = expression(r"([^:\s]+): ?(\S.*)")


def delimiter_of(text: str) -> str:
    """The sign that fits the lines of a text best; a space where no sign does.

    >>> delimiter_of("Sales, in EUR\\nyear;value\\n2019;1,5\\n2020;2,5\\n"), delimiter_of("2019 1.5\\n2020 2.5\\n")
    (';', ' ')
    """
    sample = text[:SAMPLE].rpartition("\n")[0] if len(text) > SAMPLE else text
    best = 0.0, " "
    for sign in (";", "\t", "|", ","):  # a comma may be within numbers, so it is last of equals
        rows = []
        if sign in sample:
            reader = csv.reader(StringIO(sample, newline=""), delimiter=sign, skipinitialspace=sign != "\t")
            try:
                rows = [cells for cells in reader if cells]
            except csv.Error:
                continue
        counts = Counter(len(cells) for cells in rows if len(cells) > 1)
        if counts:
            usual, times = counts.most_common(1)[0]
            score = times * counts.total() / len(rows) * (1 + 0.02 * min(usual, 50))
            best = max(best, (score, sign), key=lambda of_sign: of_sign[0])
    return best[1]


def delimited(text: str, name: str) -> Grid:
    """The cells of a text.

    Raises InputError if it is too wide, or a quote never closes.
    """
    sign = delimiter_of(text)
    if sign == " ":
        if "," in text or ";" in text or "\t" in text:
            check_width(name, max(map(text.count, ",;\t")) if text.count("\n") < 2 else 1)
        return _spaced(text, name)
    if len(text) > LEAST and ": " not in text[: text.find("\n")] and (made := regular(text.encode(), sign)):
        return Grid(name, *made, lambda row, column: at_line(name, row + 1, column + 1), delimiter=sign)
    rows = [(line, cells) for line, cells in rows_of(text, name, sign) if (cells and cells[0]) or not is_blank(cells)]
    doubt = _split_number(name, rows) if sign == "," else None
    return grid_of_lines(name, _without_labels_in_codes(rows), delimiter=sign, doubt=doubt)


def _without_labels_in_codes(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """SDMX-CSV with `GEO: Area` as head and `DE: Germany` as cell, each as two columns; other rows as they are."""
    heads = [_pair(head) for head in rows[0][1]] if rows else []
    if not any(code == "TIME_PERIOD" and label for code, label in heads):
        return rows
    both = [
        bool(label) and any(_pair(cells[at])[1] for _, cells in rows[1:] if at < len(cells))
        for at, (_, label) in enumerate(heads)
    ]
    made = []
    for line, cells in rows:
        parted = [_pair(cell) if at < len(both) and both[at] else (cell, None) for at, cell in enumerate(cells)]
        if line == rows[0][0]:
            parted = [(code, label if both[at] else None) for at, (code, label) in enumerate(heads)]
        made.append(
            (line, [text for at, pair in enumerate(parted) for text in pair[: 1 + (at < len(both) and both[at])]])
        )
    return [(line, [text or "" for text in cells]) for line, cells in made]


def _pair(cell: str) -> tuple[str, str | None]:
    match = _BOTH.fullmatch(cell)
    return (match[1], match[2]) if match else (cell, None)


class QuoteError(InputError):
    """A quote is out of place, or what follows it is too long to be a cell."""


def is_blank(cells: Sequence[str]) -> bool:
    """True if a row holds nothing."""
    return not "".join(cells).strip()


def rows_of(text: str, name: str, delimiter: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """The rows of a text, each with the number of its first line. Raises QuoteError for a quote out of place."""
    reader = csv.reader(
        StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = first_line + reader.line_num
    except csv.Error as error:
        place = at_line(name, line)
        if "unexpected end of data" in str(error):
            raise QuoteError(
                "a quote opens in this row and never closes.",
                'Close it, or write a quote within a cell twice ("").',
                place=place,
            ) from None
        if "field larger" in str(error):
            raise QuoteError(
                f"a cell of this row is longer than {csv.field_size_limit():,} characters.",
                "A quote that opens there may never close; figures and notes are shorter.",
                place=place,
            ) from None
        raise QuoteError(
            "a quote is out of place.",
            'Quote the whole cell, and write a quote within it twice ("").',
            place=at_line(name, first_line + reader.line_num - 1),
        ) from None


def ragged_row(name: str, line: int, cells: Sequence[str], width: int, delimiter: str) -> InputError:
    """The refusal of a row that is not as wide as its header."""
    hint = "Give each row one cell for each column"
    hint += '; a comma within a cell needs quotes ("1,234").' if delimiter == "," else "."
    count = f"{len(cells):,} cell{'s' if len(cells) != 1 else ''}"
    row = shown(delimiter.join(cells[:MOST_SHOWN]))
    message = f"the row has {count}, and the header has {width}: {row}."
    return InputError(message, hint, place=at_line(name, line))


def _split_number(name: str, rows: Sequence[tuple[int, list[str]]]) -> InputError | None:
    """The refusal of a row that commas within numbers make wider than the row of names above it."""
    header: list[str] = []
    for line, row in rows:
        width = len(row)
        if width <= len(header):
            continue
        while width and is_empty(row[width - 1]):
            width -= 1
        if width <= len(header):
            continue
        if len(header) > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[len(header) : width]):
            return ragged_row(name, line, row, len(header), ",")
        header = row[:width]
    return None


def _spaced(text: str, name: str) -> Grid:
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
    return grid_of_lines(name, enumerate(rows, 1), delimiter=" ")
