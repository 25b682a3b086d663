"""A table as it is in a file: raw cells in rows, each with its place for messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from rural_forecast.errors import Place
from rural_forecast.notes import Note
from rural_forecast.series.reading.addresses import cell_name
from rural_forecast.series.reading.grid import Grid, at_line, check_size, check_width
from rural_forecast.text.cells import is_empty


class Written(NamedTuple):
    """Cells of a whole file, from which the signs in the numbers of its parts are known."""

    values: Callable[[], Iterable[Any]]
    """Those of the columns of values."""
    every: Callable[[], Iterable[Any]]


class Table(NamedTuple):
    """The cells of one sheet or text, rows of equal length, rows without content left away."""

    name: str
    """Such as `book.xlsx!Sheet1`; a text has no sheet."""
    rows: Sequence[Sequence[Any]]
    place: Callable[[int, int], Place]
    """File and line or cell of (row, column), both counted from 0."""
    percent: Callable[[int, int], bool] = lambda _row, _column: False
    """Whether the number at (row, column) is a fraction that a spreadsheet shows in percent."""
    left_out: Sequence[tuple[str, str]] = ()
    """What of the file is not in this table, each with the reason."""
    gaps: frozenset[int] = frozenset()
    """Rows that follow an empty row."""
    delimiter: str = ""
    """The sign between the cells of a text."""
    about: Mapping[str, str] = {}
    """Title, unit and source where the format states them."""
    written: Written | None = None
    """The file that the table is a part of."""
    notes: Sequence[Note] = ()
    """What was found out about the bytes, such as their encoding."""

    @property
    def file(self) -> str:
        """The file's name."""
        return self.name.partition("!")[0]

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for texts."""
        return self.name.partition("!")[2]


def padded(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows of equal length, without columns at the right that hold nothing."""
    width = max((width_of(row) for row in rows), default=0)
    return [[*row[:width], *[None] * (width - len(row))] for row in rows]


def width_of(row: Sequence[Any]) -> int:
    """Number of cells up to the last with content."""
    return next((place + 1 for place in range(len(row) - 1, -1, -1) if not is_empty(row[place])), 0)


def table_of_lines(name: str, rows: Iterable[tuple[int, Sequence[Any]]], *, delimiter: str = "") -> Table:
    """A table of the rows with content, each given with its line."""
    kept = [(line, row) for line, row in rows if not all(map(is_empty, row))]
    even = padded([row for _, row in kept])
    if even:
        check_width(name, len(even[0]))
        check_size(name, len(even), len(even[0]))
    numbers = [line for line, _ in kept]
    heights = [1 + sum(cell.count("\n") for cell in row if isinstance(cell, str)) for _, row in kept]
    gaps = frozenset(at for at in range(1, len(kept)) if numbers[at] > numbers[at - 1] + heights[at - 1])

    def place(row: int, column: int) -> Place:
        return at_line(name, numbers[row] if row < len(numbers) else 0, column + 1)

    return Table(name, even, place, gaps=gaps, delimiter=delimiter)


def table_of_sheet(
    file: str, sheet: str, rows: Iterable[tuple[int, Sequence[Any]]], left: int, percent: Collection[tuple[int, int]]
) -> Table:
    """A table of the rows of a sheet with content, each given with its number from 0.

    `left`: the number of their first column. `percent`: cells (row, column) that are shown in percent.
    """
    kept = [(line, row) for line, row in rows if not all(map(is_empty, row))]
    even, lines, name = padded([row for _, row in kept]), [line for line, _ in kept], f"{file}!{sheet}"
    check_width(name, len(even[0]) if even else 0)

    def place(row: int, column: int) -> Place:
        line = lines[row] if row < len(lines) else 0
        return Place(f"{name}!{cell_name(line, left + column)}", file, line + 1, left + column + 1)

    def in_percent(row: int, column: int) -> bool:
        return (lines[row], left + column) in percent

    gaps = frozenset(at for at in range(1, len(lines)) if lines[at] > lines[at - 1] + 1)
    return Table(name, even, place, in_percent, gaps=gaps)


def table_of_records(rows: Sequence[Mapping[str, Any]], name: str, what: str, title: str = "") -> Table:
    """The table of rows given by the names of their cells; `what` a row is called in messages."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    check_size(name, len(rows), len(keys))

    def place(row: int, column: int) -> Place:
        return Place(f"{name} {what} {row}" if row else name, name, row, column + 1)

    return Table(name, padded([keys, *([row.get(key) for key in keys] for row in rows)]), place, about={"title": title})


def table_of_grid(grid: Grid) -> Table:
    """The table of a grid, its header the first row."""

    def place(row: int, column: int) -> Place:
        return grid.place(row - 1, column)

    def percent(row: int, column: int) -> bool:
        return row > 0 and grid.percent(row - 1, column)

    return Table(grid.name, [list(grid.header), *map(list, grid.rows)], place, percent, grid.left_out)
