"""Finding the tables of a grid by their content, whatever is around and between them.

A table has periods across (a row of at least two of them, over figures) or periods down (a column of them beside
figures). A grid with several is cut to one each. Lines above a table are its title, what follows is footnotes. A line
between its rows is structure: a heading labels the rows below it, and anything else raises a doubt.
"""

from __future__ import annotations

from dataclasses import replace

from rural_forecast.errors import InputError
from rural_forecast.series.reading.across import across_pieces, across_table, header_rows, with_years_in_heads
from rural_forecast.series.reading.down import down_pieces, down_table, run_of
from rural_forecast.series.reading.grid import Grid, labelled
from rural_forecast.series.reading.table import Table

Piece = tuple[Grid, Table | None]
"""A part of a grid, and its table."""


def pieces_of(grid: Grid, period_column: str | None = None) -> list[Piece]:
    """A grid cut to pieces with one table each at most, in order."""
    run = run_of(grid, period_column)
    down: list[Piece] = [(piece, down_table(piece, own)) for piece, own in down_pieces(grid, run)] if run else []
    if period_column is None:
        first = run.first if run else len(grid.index)
        covers = run is not None and len(run.rows) > 0.8 * (len(grid.index) - first)
        heads = header_rows(grid, first if covers else len(grid.index))
        if (heads and first > heads[0]) or not _any(down):
            across: list[Piece] = [(piece, across_table(piece, row)) for piece, row in across_pieces(grid, heads)]
            across = across if _any(across) else [(grid, with_years_in_heads(grid))]
            down = across if _any(across) else down
    tables = _titled([table for _, table in down if table])
    doubted = iter([replace(table, doubt=table.doubt or _unlike_header(table)) for table in tables])
    return [(piece, next(doubted) if table else None) for piece, table in down] or [(grid, None)]


def _any(pieces: list[Piece]) -> bool:
    return any(table for _, table in pieces)


def _unlike_header(table: Table) -> InputError | None:
    """The refusal of a header that has lost a name, or got one too many: the others may be those of other columns."""
    grid, row, names = table.grid, table.header, table.names
    if row < 0:
        return None
    last = int(table.columns.max())
    if not table.across and not names[last] and any(names[at] for at in table.columns.tolist()):
        problem, at = f"column {last + 1} has figures and no name", last
    elif grid.widths and (at := grid.widths[row] - 1) < grid.index.shape[1] and not grid.is_blank(row, at):
        cells = max(grid.widths[each] for each in table.rows.tolist())
        if at < cells:
            return None
        problem = f"the header has {at + 1} names, and no row has more than {cells} cells"
    else:
        return None
    return InputError(f"{problem}.", "Give each column one name.", place=grid.place(row, at))


def _titled(tables: list[Table]) -> list[Table]:
    if len(tables) < 2:
        return tables
    made = []
    for number, table in enumerate(tables, 1):
        title = next(iter(reversed(table.title)), f"table {number}")
        made.append(replace(table, sections=(*table.sections, labelled("table", [title] * len(table.rows)))))
    return made
