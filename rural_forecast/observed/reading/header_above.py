"""Reads the rows above a table with periods down: names, units, the title, and headings.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.names import names_period
from rural_forecast.observed.reading.table import carried
from rural_forecast.observed.reading.units import is_unit, with_scale
from rural_forecast.observed.reading.words import BLANK, HEAD, NUMBER, TEXT
from rural_forecast.text.cells import expression

_MOST_ROWS_OF_NAMES = 3
_UNIT = expression(r"(?i)(?:units?|einheit|unité|dimension|单位)\b")
_BRACKETED_OR_EMPTY = expression(r"[\[(].*[\])]|")


@dataclass(frozen=True)
class HeaderAbove:
    """The rows above the figures of a table."""

    row: int  # the last one of names; -1 for none
    names: Sequence[str]  # of all columns of the grid
    units: Mapping[int, str]
    title: Sequence[str]
    headings: Sequence[int]  # rows between the names and the figures with one text each


def header_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> HeaderAbove:
    """Read the rows above the first row of figures, from the figures up."""
    attributes = _attributes_above(grid, first, period, columns)
    if attributes:
        return _header_of_attributes(grid, attributes, period, columns)
    rows, units, headings = _rows_of_names(grid, first, period, columns)
    if not rows:
        names = [""] * grid.index.shape[1]
        return HeaderAbove(-1, names, units, grid.texts_in(range(first)), [])
    last = rows[-1]
    title = [*range(rows[0])]
    if last < first - 2 and not headings:  # lines between names and figures
        title += range(last + 1, first)
    names = _joined_names(grid, rows)
    return HeaderAbove(last, names, units, grid.texts_in(title), headings)


def _rows_of_names(
    grid: Grid, first: int, period: int, columns: Sequence[int]
) -> tuple[list[int], dict[int, str], list[int]]:
    """Find the rows of names above the figures, the units below these, and lines below both."""
    bits = grid.bits
    rows: list[int] = []
    units: dict[int, str] = {}
    headings: list[int] = []
    for row in range(first - 1, -1, -1):
        if grid.counts_columns(row):
            continue
        filled = (bits[row, columns] & BLANK) == 0
        names_periods = not bits[row, period] & BLANK
        is_nearest = not rows and not units
        if is_nearest and not filled.any() and ((bits[row] & BLANK) == 0).sum() == 1:
            headings.insert(0, row)  # one text alone, right above the figures
            continue

        # A header goes on above an empty row up to the name of its periods, and up to the names of
        # the columns that the rows below leave out.
        is_named = any(grid.text(line, period) for line in rows)
        goes_on = not is_named and names_period(grid.text(row, period))
        goes_on = goes_on or _names_all_others(grid, row, rows, columns)
        is_after_gap = bool(rows) and row + 1 in grid.gaps and not goes_on
        has_figures = ((bits[row, columns] & (NUMBER | HEAD)) == NUMBER).any()
        has_figures = has_figures and (names_periods or not grid.counts_up(row))
        if not filled.any() or is_after_gap or has_figures:
            break
        may_be_title = filled.sum() == 1 and not names_periods
        if may_be_title and _is_title(grid, row, columns, bool(rows)):
            break

        texts = {column: grid.text(row, column) for column in columns}
        has_names_above = row > 0 and bool(((bits[row - 1, columns] & BLANK) == 0).any())
        if is_nearest and has_names_above and all(map(_may_be_unit, texts.values())):
            units = {column: text.strip("()[] ") for column, text in texts.items()}
            continue
        rows.insert(0, row)
        are_different = len(set(texts.values())) == len(columns)
        is_complete = are_different and filled.all() and names_periods
        if len(rows) == _MOST_ROWS_OF_NAMES or is_complete:
            break
    return rows, units, headings


def _names_all_others(grid: Grid, row: int, rows: Sequence[int], columns: Sequence[int]) -> bool:
    """True if a row names every column that rows below it leave without a name."""
    nameless = [column for column in columns if _is_nameless(grid, rows, column)]
    return bool(nameless) and all(grid.text(row, column) for column in nameless)


def _is_nameless(grid: Grid, rows: Sequence[int], column: int) -> bool:
    """True if none of some rows has a text in a column."""
    return not any(grid.text(row, column) for row in rows)


def _is_title(grid: Grid, row: int, columns: Sequence[int], has_names_below: bool) -> bool:
    """True if the one text above columns of values names none of them.

    Without names below it may name a column that the row above leaves out: names over several rows,
    which the office of Turkey writes, end in cells of different rows.
    """
    if has_names_below or (row == 0 and len(columns) > 1):
        return True
    if len(columns) == 1:
        return False
    filled = (grid.bits[row, columns] & BLANK) == 0
    above = (grid.bits[row - 1, columns] & BLANK) == 0
    return bool(above.sum() < 2 or (above & filled).any())


def _may_be_unit(text: str) -> bool:
    return _BRACKETED_OR_EMPTY.fullmatch(text) is not None or is_unit(text)


def _joined_names(grid: Grid, rows: Sequence[int]) -> list[str]:
    """Join the names of each column from the top; upper names hold for the columns after them."""
    upper = [carried(grid.texts(row)) for row in rows[:-1]]
    names: list[str] = []
    for parts in zip(*upper, grid.texts(rows[-1]), strict=True):
        once = dict.fromkeys(parts)
        names.append(" ".join(" ".join(once).split()))
    return names


def _header_of_attributes(
    grid: Grid, rows: Sequence[int], period: int, columns: Sequence[int]
) -> HeaderAbove:
    """Read rows that each say one thing of every column: the first names it, others its unit."""
    rows_of_units = [row for row in rows if _UNIT.match(grid.text(row, period))]
    units: dict[int, str] = {}
    if rows_of_units:
        for column in columns:  # of the Bundesbank `Einheit` EUR, `Dimension` Milliarden
            texts = (grid.text(row, column) for row in rows_of_units)
            units[column] = reduce(with_scale, texts)
    first = rows[0]
    return HeaderAbove(first, grid.texts(first), units, grid.texts_in(range(first)), [])


def _attributes_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> list[int]:
    """Find the rows above the figures that each say one thing of every column, such as `Unit`.

    Databases of series export them: those of the ABS, the ONS, the Bundesbank and CEIC.
    """
    row = first - 1
    bits = grid.bits
    if row < 0:
        return []
    # A name of periods makes the row a header, unless it gives a date of each column.
    gives_dates = (bits[row, columns] & HEAD).all()
    if names_period(grid.text(row, period)) and not gives_dates:
        return []
    rows: list[int] = []
    while row >= 0 and not bits[row, period] & BLANK:
        filled = int(((bits[row, columns] & BLANK) == 0).sum())
        if 0 < filled < len(columns) / 2:
            break
        if filled:  # a remark may be there for no column
            rows.insert(0, row)
        row -= 1
    if len(rows) <= 2:  # names, and units below them
        return []
    top = rows[0]
    # A row of names may have no text above the periods.
    while top > 0 and (bits[top - 1, columns] & TEXT).all():
        top -= 1
    return list(range(top, first))
