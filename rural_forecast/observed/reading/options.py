"""How a user asks for a file to be read; how much is read of one; the names of places in files."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime
from io import StringIO
from typing import NamedTuple, get_args

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.observed.observation import Measure
from rural_forecast.text.cells import expression, label

MEASURES: tuple[str, ...] = get_args(Measure)

# The most that is read at once; `batch` streams CSV, TSV, NDJSON and Parquet of any size. A table
# of figures is far smaller.
MOST_BYTES = 64 * 1024**2
MOST_ROWS = 500_000
MOST_COLUMNS = 10_000
MOST_CELLS = 5_000_000
LONGEST_LINE = 1_000_000
# Of a JSON document or a page, which takes up to sixty times its length while it is read.
LONGEST_TEXT = 16_000_000

_RANGE = expression(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})?"
    r"(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7})?)?",
    re.ASCII,
)


class ReadOptions(NamedTuple):
    """Facts that the file does not state. None means 'recognise it', or that the file has none.

    Parameters
    ----------
    encoding : name of a text encoding; without it UTF-8, or what fits the bytes
    period_column, value_column, id_column : names of columns that are not recognised
    sheet : name of a sheet, its cells, or both: `Data`, `A3:D20`, `Data!B2`
    decimal : the decimal mark, `,` or `.`; the other one parts the thousands
    allow_gaps : True to accept missing years; nothing is filled
    series_id : the series to read; the values of others are not looked at
    unit : unit of series whose file gives none
    where : conditions `COLUMN=VALUE` on the labels of the rows that are read
    as_of : a `date`: periods that are not over by this day are published figures; without it none
        is
    actuals_until : the last year of history; later values are published figures
    measure : `flow`, `stock`, `rate`, `growth` or `price`, whatever the file says
    breaks : first years on a new basis, of each series with values on both sides
    until : the last year that is asked for: rows after it whose period is unreadable are left out

    Raises
    ------
    UsageError : when a file is read with them: an unknown measure or decimal mark, or conditions
        that are no list

    >>> ReadOptions(sheet="Data", where=("region=rural",)).sheet
    'Data'
    """

    encoding: str | None = None
    period_column: str | None = None
    value_column: str | None = None
    id_column: str | None = None
    sheet: str | None = None
    decimal: str | None = None
    allow_gaps: bool = False
    series_id: str | None = None
    unit: str | None = None
    where: tuple[str, ...] = ()
    as_of: date | None = None
    actuals_until: int | None = None
    measure: str | None = None
    breaks: tuple[int, ...] = ()
    until: int | None = None

    def dated(self) -> ReadOptions:
        """These options, with today as the day by which years must be over where none is stated."""
        return self if self.as_of else self._replace(as_of=datetime.now(UTC).date())


def check(options: ReadOptions) -> None:
    """Raise UsageError for an unknown measure or decimal mark, or conditions that are no list."""
    where: object = options.where
    if isinstance(where, str):
        raise UsageError(
            f"where is a list of conditions, not {where!r}.", f"Write where=[{where!r}]."
        )
    _check_choice("measure", options.measure, MEASURES)
    _check_choice("decimal mark", options.decimal, (",", "."))


def _check_choice(name: str, value: str | None, choices: Collection[str]) -> None:
    if value is not None and value not in choices:
        raise UsageError(f"'{value}' is not a {name}.", f"Use one of {' '.join(choices)}.")


def parse_sheet(text: str | None, sheets: Collection[str]) -> tuple[str | None, slice, slice]:
    """Read the name of a sheet, its cells, or both: `Data`, `B2:D9`, `Data!B2` (from there on).

    The cells are given as rows and columns.
    """
    name, _, cells = (text or "").rpartition("!")
    match = _RANGE.fullmatch(cells.strip())
    is_sheet = text is None or text.casefold() in map(str.casefold, sheets)
    # `ABC` alone is the name of a sheet, and no column.
    if is_sheet or not match or not (name or match["top"] or match["right"]):
        return text, slice(0, None), slice(0, None)
    top = int(match["top"] or 1) - 1
    bottom = int(match["bottom"]) if match["bottom"] else None
    left = column_number(match["left"])
    right = column_number(match["right"]) + 1 if match["right"] else None
    is_upside_down = bottom is not None and bottom <= top
    is_backwards = right is not None and right <= left
    if top < 0 or is_upside_down or is_backwards:
        raise UsageError(
            f"{label(cells)!r} is not a range of cells.", f"Write {option('sheet', 'B2:D9')}, say."
        )
    return name.strip("'") or None, slice(top, bottom), slice(left, right)


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does; row and column are counted from 0."""
    letters = ""
    column = column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def column_number(letters: str) -> int:
    """Number a column of A to XFD, from 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def at_line(name: str, line: int, column: int = 0) -> Place:
    """Give the place of a line of a text, or a cell in it, each counted from 1."""
    return Place(f"{name}:{line}", name, line, column)


def too_large(name: str, most: str) -> InputError:
    """Refuse what has more than it may, such as `500,000 rows`."""
    return InputError(
        f"{name} has more than {most}, too much to be read at once.",
        "Keep the series that is needed; "
        "'batch' reads CSV, TSV, NDJSON and Parquet of any size, one row a value.",
        code="too_large",
    )


def check_size(name: str, rows: int, width: int = 1, *, length: int = 0) -> None:
    """Raise InputError for more rows, columns, cells or characters than are read at once."""
    sizes = (
        (length, LONGEST_TEXT, "characters"),
        (width, MOST_COLUMNS, "columns"),
        (rows, MOST_ROWS, "rows"),
        (rows * width, MOST_CELLS, "cells"),
    )
    for count, most, unit in sizes:
        if count > most:
            raise too_large(name, f"{most:,} {unit}")


def check_lines(name: str, text: str) -> None:
    """Raise InputError for more lines than are read at once, or one that is too long."""
    check_size(name, max(text.count("\n"), text.count("\r")))
    if len(text) <= LONGEST_LINE:
        return
    for number, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise long_line(name, number)


def long_line(name: str, line: int) -> InputError:
    """Refuse a line that is too long."""
    return InputError(
        f"the line is longer than {LONGEST_LINE:,} characters.",
        "A quote may never close.",
        place=at_line(name, line),
        code="too_large",
    )
