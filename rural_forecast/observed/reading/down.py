"""Reads tables with periods down: a column of them beside figures, under a header.

`down_pieces` cuts a grid to one table each, and `down_table` reads one: its rows, the header above
them, and years with their months or quarters as one period.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.header_above import header_above
from rural_forecast.observed.reading.labels import Indices, Labels
from rural_forecast.observed.reading.names import PERIOD_NAMES, is_open, spans_no_year
from rural_forecast.observed.reading.parts_beside import with_months_across, with_parts_beside
from rural_forecast.observed.reading.period_column import (
    MOST_COLUMNS_OF_PERIODS,
    PeriodColumn,
    periods_in,
    text_above,
)
from rural_forecast.observed.reading.table import (
    HEADING,
    NO_YEAR,
    PeriodTable,
    SkippedRow,
    heads_in,
    sections_of,
)
from rural_forecast.observed.reading.words import BLANK, HEAD, MISSING, NUMBER, TEXT
from rural_forecast.text.cells import expression, shown

_RANGE = expression(r"\d{4}\s*[-–]\s*\d{4}")


def down_pieces(grid: Grid, periods: PeriodColumn) -> list[tuple[Grid, PeriodColumn]]:
    """Cut a grid to one table each, with the column of its periods.

    Tables are side by side where the name of the periods comes again, else below each other.
    """
    beside = _periods_again(grid, periods)
    if not beside:
        beside = _nameless_periods(grid, periods)
        if beside:
            periods = beside[0]
            beside = beside[1:]
    if not beside:
        return _pieces_below_each_other(grid, periods)
    pieces: list[tuple[Grid, PeriodColumn]] = []
    edges = pairwise([0, *(again.column for again in beside), grid.index.shape[1]])
    columns = [periods, *(replace(again, column=0) for again in beside)]
    for (left, right), column in zip(edges, columns, strict=True):
        pieces += down_pieces(grid.cut(slice(0, None), slice(left, right)), column)
    return pieces


def _periods_again(grid: Grid, periods: PeriodColumn) -> list[PeriodColumn]:
    """Find the columns right of the periods that have the same name, and periods of their own."""
    row, _ = text_above(grid, periods.first, periods.column)
    if row < 0:
        return []
    again: list[PeriodColumn] = []
    for column in np.flatnonzero(grid.index[row] == grid.index[row, periods.column]).tolist():
        if periods.column < column < MOST_COLUMNS_OF_PERIODS:
            other = periods_in(grid, column, PERIOD_NAMES)
            if other is not None:
                again.append(other)
    return again


def _nameless_periods(grid: Grid, periods: PeriodColumn) -> list[PeriodColumn]:
    """Find the columns of periods without a name, where several begin tables side by side.

    Each is right of an empty column or the first one, holds nothing but periods below the names,
    and has figures of its own right of it: years, and quarters next to them, of the BEA.
    """
    columns: list[PeriodColumn] = []
    for column in range(min(grid.index.shape[1] - 1, MOST_COLUMNS_OF_PERIODS)):
        is_apart = column == 0 or (grid.bits[:, column - 1] & BLANK).all()
        other = periods_in(grid, column, PERIOD_NAMES) if is_apart else None
        if other is None or grid.text(max(other.first - 1, 0), column):
            continue
        figures_beside = grid.bits[other.rows, column + 1] & (NUMBER | HEAD)
        if len(other.rows) > 2 and bool((figures_beside == NUMBER).any()):
            columns.append(other)
    is_among = any(other.column == periods.column for other in columns)
    return columns if is_among and len(columns) > 1 else []


def _pieces_below_each_other(grid: Grid, periods: PeriodColumn) -> list[tuple[Grid, PeriodColumn]]:
    """Cut a grid where a row of names is between rows of figures.

    The title of a table is between its names and the figures of the table before it.
    """
    has_period = np.isin(np.arange(len(grid.index)), periods.rows)
    numbers = (grid.bits & NUMBER) != 0
    texts = (grid.bits & (TEXT | MISSING)) == TEXT
    values = numbers[has_period].any(axis=0)
    values[periods.column] = False
    has_figures = has_period | numbers[:, values].any(axis=1)
    names_values = ~has_figures & texts[:, values].any(axis=1)
    filled = ((grid.bits & (TEXT | HEAD)) != 0).sum(axis=1)

    tops: dict[int, int] = {}  # by the last period before: several rows of names are one header
    for row in np.flatnonzero(names_values & (filled > 1)).tolist():
        if periods.first < row < periods.rows[-1]:
            before = int(periods.rows[periods.rows < row][-1])
            tops.setdefault(before, int(np.flatnonzero(has_figures[:row])[-1]) + 1)
    if not tops:
        return [(grid, periods)]

    pieces: list[tuple[Grid, PeriodColumn]] = []
    for top, end in pairwise([0, *tops.values(), len(grid.index)]):
        rows = periods.rows[(periods.rows >= top) & (periods.rows < end)] - top
        piece = grid.cut(slice(top, end), slice(0, None))
        pieces.append((piece, replace(periods, rows=rows)))
    return pieces


def down_table(grid: Grid, periods: PeriodColumn) -> PeriodTable | None:
    """Read the table of a grid that holds one; None where no figures are next to the periods."""
    column = periods.column
    has_period = np.isin(np.arange(len(grid.index)), periods.rows)
    numbers = (grid.bits & NUMBER) != 0
    has_numbers = numbers[periods.rows].any(axis=0)
    values = [other for other in np.flatnonzero(has_numbers).tolist() if other != column]
    if not values:
        return None
    # A number where a period must be is a mistyped one.
    is_mistyped = (grid.bits[:, column] & (NUMBER | HEAD)) == NUMBER
    has_figures = numbers[:, values].any(axis=1) | is_mistyped
    first = _first_row(grid, periods, has_figures)
    header = header_above(grid, first, column, values)
    undated, skipped, between = _undated_rows(grid, column, first, values, has_period)
    rows = np.array(sorted({*periods.rows.tolist(), *undated}), dtype=np.int64)
    heads, head_of = heads_in(grid, rows, column, any_year=periods.any_year)
    if undated and not between and _are_blocks(grid, rows, column, values, head_of):
        # Merged cells: a period on the first row of its block holds for the others.
        head_of = head_of[np.maximum.accumulate(np.where(head_of < 0, 0, np.arange(len(rows))))]
        undated = []
    if header.row < 0:
        has_one_column = grid.index.shape[1] <= column + 2
        if undated or not has_one_column or not _are_years_in_steps_of_one(heads, head_of):
            return None

    # One line alone right above the figures is a title. Several label the rows below them, as in
    # the tables of the ABS.
    headings: list[int] = []
    if between or len(header.headings) > 1:
        headings = [*header.headings, *between]
    sections: list[Labels] = []
    doubt = None
    if headings and min(headings) >= rows[0]:
        # The rows above the first heading have no label, and may be of another kind.
        doubt = _line_between(grid, min(headings))
    elif headings:
        sections = sections_of(grid, headings, rows, range(grid.index.shape[1]))
    title = [*header.title]
    if not sections:
        title += [grid.text(row, column) for row in header.headings]
    table = PeriodTable(
        grid,
        header.row,
        header.names,
        rows,
        np.array(values, dtype=np.int64),
        heads,
        head_of[:, None],
        column,
        sections=sections,
        units=header.units,
        title=title,
        skipped=[*skipped, *(SkippedRow(row, HEADING) for row in headings)],
        doubt=doubt,
    )
    return with_months_across(with_parts_beside(table.with_common_years()))


def _first_row(grid: Grid, periods: PeriodColumn, has_figures: NDArray[np.bool_]) -> int:
    """Find the first row of figures, which may be above the first period.

    `1789-1849`, in the tables of the OMB, sums many years and is left out; a year that is mistyped
    is refused.
    """
    first = periods.first
    while first > 0 and has_figures[first - 1] and not grid.counts_columns(first - 1):
        if not grid.text(first - 1, periods.column) and grid.counts_up(first - 1):
            break
        first -= 1
    return first


def _are_blocks(
    grid: Grid, rows: Indices, column: int, values: Sequence[int], head_of: Indices
) -> bool:
    """True if rows are blocks of the same labels, each with its period on its first row alone.

    A row that is one too many, or a period that is missing, makes a block unlike the others.
    """
    if (head_of < 0).sum() < 1 or head_of[0] < 0:
        return False
    if any(grid.text(row, column) for row in rows[head_of < 0].tolist()):
        return False
    dated = head_of[head_of >= 0]
    if len(np.unique(dated)) < len(dated):
        return False
    starts = np.flatnonzero(head_of >= 0)
    lengths = np.diff([*starts.tolist(), len(rows)])
    if len(starts) < 2 or len(np.unique(lengths)) > 1:
        return False
    beside = [other for other in range(grid.index.shape[1]) if other not in (column, *values)]
    labels = [grid.label("", other, rows).codes.reshape(len(starts), -1) for other in beside]
    return bool(labels) and all((codes == codes[0]).all() for codes in labels)


def _are_years_in_steps_of_one(heads: Sequence[Head | None], head_of: Indices) -> bool:
    """True for three years or more, one after the other: such a table needs no header."""
    years: list[int] = []
    for index in head_of.tolist():
        head = heads[index] if index >= 0 else None
        if head is not None and head.period.is_year:
            years.append(head.period.year)
    steps = {later - earlier for earlier, later in pairwise(years)}
    return len(years) >= 3 and steps in ({1}, {-1})


def _line_between(grid: Grid, row: int) -> InputError:
    line = shown(next(filter(None, grid.texts(row))))
    problem = f"{line} is a line between the rows of a table, and may change what they are."
    hint = (
        "Put it into a column of its own next to each of its rows, or keep one part of the table."
    )
    return InputError(problem, hint, place=grid.place_of(row, 0))


def _undated_rows(
    grid: Grid, column: int, first: int, values: Sequence[int], has_period: NDArray[np.bool_]
) -> tuple[list[int], list[SkippedRow], list[int]]:
    """Sort the rows without a period: refused where they are used, skipped, and headings."""
    data: list[int] = []
    skipped: list[SkippedRow] = []
    headings: list[int] = []
    last = int(np.flatnonzero(has_period)[-1])
    for row in (np.flatnonzero(~has_period[first:]) + first).tolist():
        text = grid.text(row, column)
        has_digits = any(map(str.isdigit, text))
        has_figures = (grid.bits[row, values] & NUMBER).any()
        is_number = (grid.bits[row, column] & (NUMBER | HEAD)) == NUMBER
        names_no_year = not has_digits or _RANGE.fullmatch(text) or is_open(text)
        if row > last:
            names_no_year = names_no_year or spans_no_year(text)
        if has_figures and text and names_no_year:  # a total, or a part of a year
            skipped.append(SkippedRow(row, NO_YEAR))
        elif has_figures:
            data.append(row)
        elif (has_digits and row < last) or (is_number and row == last + 1):
            data.append(row)  # most likely a mistyped year; further down it is a footnote
        elif row > last:
            skipped.append(SkippedRow(row, "not a row of figures"))
        elif ((grid.bits[row] & MISSING) != 0).all():
            skipped.append(SkippedRow(row, "no values"))  # dots between years far apart
        elif any(grid.texts(row)):
            headings.append(row)
    return data, skipped, headings
