"""Finds the column of a grid that holds the periods of its rows.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.labels import Indices, distinct
from rural_forecast.observed.reading.names import PERIOD_NAMES, names_period, normalised, with_part
from rural_forecast.observed.reading.table import heads_in
from rural_forecast.observed.reading.words import BLANK, NUMBER, TEXT, Codes
from rural_forecast.text.cells import is_empty

MOST_COLUMNS_OF_PERIODS = 400  # columns among which that of the periods is looked for
_MOST_ROWS_ABOVE = 40  # rows among which the name of a column of periods is looked for
_LARGEST_GAP = 10  # years between those of rows that repeat them, such as of a census
_LARGEST_STEP = 5  # years between one period and the next in a column that has no name


@dataclass(frozen=True)
class PeriodColumn:
    """A column that may hold the periods of rows."""

    column: int
    rows: Indices  # those that have one
    name: str
    any_year: bool  # true if its name says that a number of any size is a year

    @property
    def first(self) -> int:
        """The first row that has a period."""
        return int(self.rows[0])


def find_periods(grid: Grid, named_column: str | None) -> PeriodColumn | None:
    """Find the column that most surely holds the periods, or the one with the name that is given.

    Of several columns of years the one counts that distinguishes the rows: in the data of the USDA
    the market year, not the calendar year.
    """
    names = PERIOD_NAMES
    if named_column is not None:
        names = PERIOD_NAMES | {normalised(named_column)}
    candidates: dict[int, PeriodColumn] = {}
    for column in range(min(grid.index.shape[1], MOST_COLUMNS_OF_PERIODS)):
        periods = periods_in(grid, column, names)
        if periods is not None:
            candidates[column] = periods

    worths: dict[int, tuple[float, ...]] = {}
    for column, periods in candidates.items():
        rank = _rank(periods.name, names)
        if rank == 1 and column and not _are_like_years(grid, periods):
            continue
        if named_column is not None and normalised(periods.name) != normalised(named_column):
            continue
        below = grid.index[periods.first :]
        # One date in all rows is most likely that of something else: `last updated`.
        if len(periods.rows) > 1 and distinct(below[:, column]) == 1:
            rank = 0
        distinguished = 0
        if rank > 1 and len(candidates) > 1:
            labels = _columns_of_labels(grid, periods.first, candidates)
            distinguished = distinct(*(below[:, label] for label in (column, *labels)))
        strength = len(periods.rows) if rank == 1 else rank
        worths[column] = min(rank, 2), distinguished, strength, -column
    return candidates[max(worths, key=worths.__getitem__)] if worths else None


def _rank(name: str, names: Container[str]) -> int:
    """3 for a name of ours, 2 for one that says period in any language, 1 for any other."""
    if normalised(name) in names:
        return 3
    return 2 if names_period(name) else 1


def _are_like_years(grid: Grid, periods: PeriodColumn) -> bool:
    """True if the numbers of a column repeat, or go up or down by little, as years do.

    A column without a name needs this proof, unless it is the first.
    """
    heads, head_of = heads_in(grid, periods.rows, periods.column, any_year=periods.any_year)
    row_heads = [heads[index] for index in head_of.tolist()]
    years = [head.period.year for head in row_heads if head is not None]
    steps = [later - earlier for earlier, later in pairwise(sorted({*years}))]
    # Figures such as 1,190 to 2,010 may repeat as well, and are further apart.
    if 1 < max(Counter(years).values()) < len(years) and max(steps, default=0) <= _LARGEST_GAP:
        return True
    return all(0 < abs(later - earlier) <= _LARGEST_STEP for earlier, later in pairwise(years))


def _columns_of_labels(grid: Grid, first: int, candidates: Container[int]) -> list[int]:
    has_figures = ((grid.bits[first : first + 50] & NUMBER) != 0).any(axis=0)
    columns = range(grid.index.shape[1])
    return [column for column in columns if column not in candidates and not has_figures[column]]


def periods_in(grid: Grid, column: int, names: Container[str]) -> PeriodColumn | None:
    """Read the periods of a column; None where it surely holds something else.

    Under one of some names a number of any size is a year, elsewhere only a likely one.
    """
    codes = grid.index[:, column]
    blank = (grid.bits[:, column] & BLANK) != 0
    named = _row_of_name(grid, column, names)
    has_name = named >= 0
    any_year = has_name and normalised(grid.text(named, column)) not in ("month", "quarter")
    rows = np.arange(named + 1, len(codes))
    rows = rows[heads_in(grid, rows, column, any_year=any_year)[1] >= 0]
    has_period = np.isin(np.arange(len(codes)), rows)

    # A year that is far above the others, with more than their parts between, is that of a title.
    while len(rows) > 1 and _has_more(grid, codes[rows[0] + 1 : rows[1]], most=2):
        rows = rows[1:]
    is_right_below = has_name and len(rows) > 0 and rows[0] == named + 1
    if len(rows) < (1 if is_right_below else 2):
        return None
    first = int(rows[0])

    # Months and quarters may stand between years; more of anything else makes it another column.
    others = codes[first:][~blank[first:] & ~has_period[first:]]
    if len(others) > len(rows) and _has_more(grid, others, most=len(rows)):
        return None

    name = grid.text(named, column) if has_name else text_above(grid, first, column)[1]
    return PeriodColumn(column, rows, name, any_year)


def _has_more(grid: Grid, codes: Codes, most: int) -> bool:
    """True if more than so many cells are no parts of years; most files need a look at few."""
    no_parts = 0
    for code in codes.tolist():
        cell = grid.words.cells[code]
        no_parts += not is_empty(cell) and with_part(2000, cell) is None
        if no_parts > most:
            return True
    return False


def _row_of_name(grid: Grid, column: int, names: Container[str]) -> int:
    """Find the first row with one of some names of periods, once in it; -1 for none."""
    codes = grid.index[:, column]
    for row in np.flatnonzero(grid.bits[:_MOST_ROWS_ABOVE, column] & TEXT).tolist():
        is_name = normalised(grid.text(row, column)) in names
        if is_name and (grid.index[row] == codes[row]).sum() == 1:
            return row
    return -1


def text_above(grid: Grid, first: int, column: int) -> tuple[int, str]:
    """Find the nearest text in the three rows above the first period, and its row, -1 for none."""
    for row in range(first - 1, max(first - 4, -1), -1):
        text = grid.text(row, column)
        if text:
            return row, text
    return -1, ""
