"""A grid: the header and rows every file format is brought to before anything is made of them.

A cell keeps the type its file gave it (text, number, date), so that a reader never guesses; a cell that cannot be
used, such as a spreadsheet's `#N/A`, is kept as a `UnusableCell` and refused only where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, Place
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import is_empty

MOST_COLUMNS = 10_000
MOST_ROWS = 500_000
MOST_CELLS = 5_000_000
LONGEST_LINE = 1_000_000
"""A table of figures is far smaller; what is larger costs memory that nobody meant to spend. `batch` streams."""


class TooLargeError(InputError):
    """A file that is refused for its size, before anything more is done with it."""

    code = "too_large"


class DamagedError(InputError):
    """A file of a known form whose parts contradict each other."""

    code = "damaged"


class UnusableCell(NamedTuple):
    """A cell that holds no usable value: what people see in it, and the reason of the problem with it."""

    shown: str
    reason: str

    def __str__(self) -> str:
        return self.shown


class Grid(NamedTuple):
    """Header and rows of one table; every row has as many cells as the header."""

    name: str
    """What the table is called in messages: the file as it was named, with its sheet."""
    header: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    place: Callable[[int, int], Place]
    """File and line or cell of (row, column), both counted from 0; row -1 is the header."""
    about: Mapping[str, Mapping[str, Any]] = {}
    """What the file says of its series apart from the rows (title, definition, unit), by series id."""
    in_sheet: bool = False
    """Whether it is cells of a sheet, so that a range can name others where the first row is no header."""
    percent: Callable[[int, int], bool] = lambda _row, _column: False
    """Whether the number at (row, column) is a fraction that a spreadsheet shows in percent."""
    left_out: Sequence[tuple[str, str]] = ()
    """What of the file is not in this table, such as hidden sheets, each with the reason."""
    heads: Mapping[Any, Any] = {}
    """What periods in other than plain forms mean, as `Head`, by cell."""
    workbook: str = ""
    """The file as it was named where `name` has a sheet as well."""
    delimiter: str = ""
    """The sign between the cells of a text."""

    @property
    def file(self) -> str:
        """The file as it was named."""
        return self.workbook or self.name

    def column(self, place: int) -> Iterable[Any]:
        """The cells of a column in any order; rows that are held by column do not repeat all of them."""
        if hasattr(self.rows, "distinct"):
            cells: Iterable[Any] = self.rows.distinct(place)
            return cells
        return [row[place] for row in self.rows if len(row) > place]

    @property
    def short(self) -> str:
        """The file without its folders, as results name it."""
        return without_folders(self.file)


def at_line(name: str, line: int, column: int = 0) -> Place:
    """The place of a line of a text, or a cell in it, each counted from 1."""
    return Place(f"{name}:{line}", name, line, column)


def filled(cells: Iterable[Any]) -> Iterator[Any]:
    """The cells that hold something; a frame has NaN, NA or NaT for nothing."""
    for cell in cells:
        nothing = isinstance(cell, float) and cell != cell
        if not (nothing or is_empty(cell) or type(cell).__name__ in ("NAType", "NaTType")):
            yield cell


def check_size(name: str, rows: int, width: int = 1) -> None:
    """Refuse a table that is too large to be read at once.

    Raises InputError if it has more than 500,000 rows or 5 million cells.
    """
    if rows > MOST_ROWS or rows * width > MOST_CELLS:
        most, of = (MOST_ROWS, "rows") if rows > MOST_ROWS else (MOST_CELLS, "cells")
        raise TooLargeError.of("table_too_large", name=name, most=most, of=of)


def check_lines(name: str, text: str) -> None:
    """Refuse a text with too many lines, or too long ones, before any memory goes into it.

    Raises InputError for more than 500,000 lines, or one of more than a million characters.
    """
    check_size(name, max(text.count("\n"), text.count("\r")))
    if len(text) <= LONGEST_LINE:
        return
    from io import StringIO

    for number, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise TooLargeError.of("line_too_long", most=LONGEST_LINE, place=at_line(name, number))


def check_width(name: str, width: int) -> None:
    """Refuse a table that is too wide to be a table of figures.

    Raises InputError if it has more than 10,000 columns.
    """
    if width > MOST_COLUMNS:
        raise TooLargeError.of("table_too_wide", name=name, most=MOST_COLUMNS)
