"""Finds the tables of a grid by what they hold, whatever is around and between them.

A table has periods on one of its two sides. `down` reads those with a column of periods, `across`
those with a row of periods, the header, and this module decides between the two. Lines above a
table are its title, and what follows it is footnotes. A line between its rows is structure: a
heading labels the rows below it, and any other line raises a doubt.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.across import pieces_across, table_below
from rural_forecast.observed.reading.down import down_pieces, down_table
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.headers import header_rows
from rural_forecast.observed.reading.period_column import PeriodColumn, find_periods
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import BLANK
from rural_forecast.observed.reading.years_in_heads import table_with_years_in_heads


def tables_in(grid: Grid, named_column: str | None = None) -> list[PeriodTable]:
    """Find the tables of a grid, in order, each with its own part of it.

    `named_column` is the name that a user gives of the column of periods.
    """
    periods = find_periods(grid, named_column)
    tables = [] if periods is None else _tables_down(grid, periods)
    if named_column is None:
        tables = _tables_across(grid, periods, tables) or tables
    if len(tables) > 1:
        tables = [table.named(title) for table, title in zip(tables, _titles(tables), strict=True)]
    return [replace(table, doubt=table.doubt or _unlike_header(table)) for table in tables]


def _titles(tables: Sequence[PeriodTable]) -> list[str]:
    """Title each of several tables in another way, for a user to choose it by."""
    titles = [table.title[-1] if table.title else "table" for table in tables]
    times = Counter(titles)
    for index, title in enumerate(titles):
        if times[title] > 1 or not tables[index].title:
            titles[index] = f"{title} {index + 1}"
    return titles


def _tables_down(grid: Grid, periods: PeriodColumn) -> list[PeriodTable]:
    tables = [down_table(piece, column) for piece, column in down_pieces(grid, periods)]
    return [table for table in tables if table is not None]


def _tables_across(
    grid: Grid, periods: PeriodColumn | None, tables: Sequence[PeriodTable]
) -> list[PeriodTable]:
    """Find the tables with periods across that go before those with a column of `periods`."""
    rows = len(grid.index)
    first = rows if periods is None else periods.first
    # Figures below a header may look like years, and are never another header: 2019 | 2020.5.
    is_long = periods is not None and len(periods.rows) > 0.8 * (rows - first)
    headers = header_rows(grid, first if is_long else rows)
    is_above = bool(headers) and min(headers) < first
    if tables and not is_above:
        return []
    across = [table_below(piece, row, doubt) for piece, row, doubt in pieces_across(grid, headers)]
    tables_across = [table for table in across if table is not None]
    if tables_across:
        return tables_across
    table = table_with_years_in_heads(grid)
    return [] if table is None else [table]


def _unlike_header(table: PeriodTable) -> InputError | None:
    """Refuse a header that lost a name or got one too many.

    All names right of it may then be those of other columns, and a file with one damaged cell is
    never read silently.
    """
    grid = table.grid
    row = table.header_row
    if row < 0:
        return None
    names = table.names
    last = int(table.value_columns.max())
    others_named = any(names[column] for column in table.value_columns.tolist())
    # Right of an empty column are sums that somebody added, and no head can have moved.
    is_apart = bool((grid.bits[:, last - 1] & BLANK).all())
    if not table.across and not names[last] and others_named and not is_apart:
        problem = f"column {last + 1} has figures and no name."
        return InputError(problem, "Give each column one name.", place=grid.place_of(row, last))
    end = grid.widths[row] - 1 if grid.widths else grid.index.shape[1]
    if end >= grid.index.shape[1] or not grid.text(row, end):
        return None
    cells = max(grid.widths[row] for row in table.rows.tolist())
    if end < cells:
        return None
    problem = f"the header has {end + 1} names, and no row has more than {cells} cells."
    return InputError(problem, "Give each column one name.", place=grid.place_of(row, end))
