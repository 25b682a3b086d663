"""How a file is to be read, as a user may say it; how much is read of one, and how places in it are
named.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from io import StringIO
from typing import NamedTuple, get_args

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.series.observation import Measure
from rural_forecast.text.cells import expression, label

MEASURES: tuple[str, ...] = get_args(Measure)
# The most that is read at once; `batch` streams CSV, TSV, NDJSON and Parquet of any size.
MOST_BYTES = 64 * 1024**2
# A table of figures is far smaller.
MOST_ROWS = 500_000
MOST_COLUMNS = 10_000
MOST_CELLS = 5_000_000
LONGEST_LINE = 1_000_000
# Of a JSON document or a page, which takes up to sixty times its length while it is read.
LONGEST_TEXT = 16_000_000
_RANGE = expression(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})?(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7})?)?",
    re.ASCII,
)


class ReadOptions(NamedTuple):
    """Facts that the file does not state. None means 'recognise it', or that the file has none."""

    encoding: str | None = None  # name of a text encoding; without it UTF-8, or what fits the bytes
    period_column: str | None = None
    value_column: str | None = None
    id_column: str | None = None
    sheet: str | None = None  # name of a sheet, its cells, or both: `Data`, `A3:D20`, `Data!B2`
    decimal: str | None = None  # the decimal mark, `,` or `.`; the other one parts the thousands
    allow_gaps: bool = False  # accept missing years. Nothing is filled
    series_id: str | None = None  # read this series alone; the values of others are not looked at
    unit: str | None = None  # unit of series whose file gives none
    where: tuple[str, ...] = ()  # conditions `COLUMN=VALUE` on the labels of the rows that are read
    as_of: date | None = None
    """years that are not over by this day are published figures; without it none is."""
    actuals_until: int | None = None  # the last year of history; later values are published figures
    measure: str | None = None  # flow, stock, rate, growth or price, whatever the file says

    def dated(self) -> ReadOptions:
        """These options, with today as the day by which years must be over where none is stated."""
        return self if self.as_of else self._replace(as_of=datetime.now(UTC).date())


def check(options: ReadOptions) -> None:
    """Raise UsageError for a measure or a decimal mark that there is not, or conditions that are no
    list.
    """
    where: object = options.where
    if isinstance(where, str):
        raise UsageError(
            f"where is a list of conditions, not {where!r}.", f"Write where=[{where!r}]."
        )
    asked = (("measure", options.measure, MEASURES), ("decimal mark", options.decimal, (",", ".")))
    for what, given, known in asked:
        if given is not None and given not in known:
            raise UsageError(f"'{given}' is not a {what}.", f"Use one of {' '.join(known)}.")


def parse_sheet(text: str | None, sheets: Collection[str]) -> tuple[str | None, slice, slice]:
    """Read the name of a sheet, its cells, or both as rows and columns: `Data`, `B2:D9`, `Data!B2`
    (from there on).
    """
    name, _, cells = (text or "").rpartition("!")
    match = _RANGE.fullmatch(cells.strip())
    named = text is None or text.casefold() in map(str.casefold, sheets)
    if named or not match or not (name or match["top"] or match["right"]):
        return text, slice(0, None), slice(0, None)
    top = int(match["top"] or 1) - 1
    bottom = int(match["bottom"]) if match["bottom"] else None
    left = column_number(match["left"])
    right = column_number(match["right"]) + 1 if match["right"] else None
    if top < 0 or (bottom is not None and bottom <= top) or (right is not None and right <= left):
        raise UsageError(
            f"{label(cells)!r} is not a range of cells.", f"Write {option('sheet', 'B2:D9')}, say."
        )
    return name.strip("'") or None, slice(top, bottom), slice(left, right)


def cell_name(row: int, column: int) -> str:
    """The spreadsheet's name of a cell counted from 0."""
    letters = ""
    column = column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def column_number(letters: str) -> int:
    """The column of A to XFD, counted from 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def at_line(name: str, line: int, column: int = 0) -> Place:
    """The place of a line of a text, or a cell in it, each counted from 1."""
    return Place(f"{name}:{line}", name, line, column)


def too_large(name: str, most: str) -> InputError:
    """The refusal of something that has more than it may, such as `500,000 rows`."""
    hint = "Keep the series that is needed; 'batch' reads CSV, TSV, NDJSON and Parquet of any size, one row a value."
    return InputError(
        f"{name} has more than {most}, too much to be read at once.", hint, code="too_large"
    )


def check_size(name: str, rows: int, width: int = 1, *, length: int = 0) -> None:
    """Raise InputError for more than 10,000 columns, 500,000 rows, 5 million cells or 16 million
    characters.
    """
    sizes = (
        (length, LONGEST_TEXT, "characters"),
        (width, MOST_COLUMNS, "columns"),
        (rows, MOST_ROWS, "rows"),
        (rows * width, MOST_CELLS, "cells"),
    )
    for count, most, of in sizes:
        if count > most:
            raise too_large(name, f"{most:,} {of}")


def check_lines(name: str, text: str) -> None:
    """Raise InputError for more than 500,000 lines, or one of more than a million characters."""
    check_size(name, max(text.count("\n"), text.count("\r")))
    lines = StringIO(text, newline="") if len(text) > LONGEST_LINE else ()
    if long := next(
        (number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0
    ):
        raise long_line(name, long)


def long_line(name: str, line: int) -> InputError:
    """The refusal of a line that is too long."""
    problem = f"the line is longer than {LONGEST_LINE:,} characters."
    hint = "A quote may never close."
    return InputError(problem, hint, place=at_line(name, line), code="too_large")
