"""Finds tables with periods down: a column of them beside figures, under a header.

`find_periods` names the column, `down_pieces` cuts a grid to one table each, and `down_table` reads
one: its rows, the header above them, and years with their months or quarters as one period.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, labelled
from rural_forecast.observed.reading.names import (
    PERIOD_NAMES,
    is_open,
    names_frequency,
    names_period,
    normalised,
    says_yearly,
    spans_no_year,
    with_part,
)
from rural_forecast.observed.reading.periods import Head
from rural_forecast.observed.reading.table import (
    HEADING,
    NO_YEAR,
    PeriodTable,
    SkippedRow,
    carried,
    heads_in,
    months_in,
    sections_of,
)
from rural_forecast.observed.reading.units import is_unit, with_scale
from rural_forecast.observed.reading.words import BLANK, HEAD, NUMBER, TEXT, Codes
from rural_forecast.text.cells import expression, shown

MOST_COLUMNS_OF_PERIODS = 400  # columns among which that of the periods is looked for
_MOST_ROWS_ABOVE = 40  # rows among which the name of a column of periods is looked for
_MOST_ROWS_OF_NAMES = 3
_LARGEST_STEP = 5  # years between one period and the next in a column that has no name
_RANGE = expression(r"\d{4}\s*[-–]\s*\d{4}")
_UNIT = expression(r"(?i)(?:units?|einheit|unité|dimension|单位)\b")
_BRACKETED_OR_EMPTY = expression(r"[\[(].*[\])]|")


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


@dataclass(frozen=True)
class _HeaderAbove:
    """The rows above the figures of a table."""

    row: int  # the last one of names; -1 for none
    names: Sequence[str]  # of all columns of the grid
    units: Mapping[int, str]
    title: Sequence[str]
    headings: Sequence[int]  # rows between the names and the figures with one text each


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
        periods = _periods_in(grid, column, names)
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
    if 1 < max(Counter(years).values()) < len(years):
        return True
    return all(0 < abs(later - earlier) <= _LARGEST_STEP for earlier, later in pairwise(years))


def _columns_of_labels(grid: Grid, first: int, candidates: Container[int]) -> list[int]:
    has_figures = ((grid.bits[first : first + 50] & NUMBER) != 0).any(axis=0)
    columns = range(grid.index.shape[1])
    return [column for column in columns if column not in candidates and not has_figures[column]]


def _periods_in(grid: Grid, column: int, names: Container[str]) -> PeriodColumn | None:
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

    # A year that is far above the others is one that a text above the table mentions.
    while len(rows) > 1 and (~blank[rows[0] + 1 : rows[1]]).sum() > 2:
        rows = rows[1:]
    is_right_below = has_name and len(rows) > 0 and rows[0] == named + 1
    if len(rows) < (1 if is_right_below else 2):
        return None
    first = int(rows[0])

    # Months and quarters may stand between years; more of anything else makes it another column.
    others = codes[first:][~blank[first:] & ~has_period[first:]]
    if len(others) > len(rows) and _has_more(grid, others, most=len(rows)):
        return None

    name = grid.text(named, column) if has_name else _text_above(grid, first, column)[1]
    return PeriodColumn(column, rows, name, any_year)


def _has_more(grid: Grid, codes: Codes, most: int) -> bool:
    """True if more than so many cells are no parts of years; most files need a look at few."""
    no_parts = 0
    for code in codes.tolist():
        no_parts += with_part(2000, grid.words.cells[code]) is None
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


def _text_above(grid: Grid, first: int, column: int) -> tuple[int, str]:
    """Find the nearest text in the three rows above the first period, and its row, -1 for none."""
    for row in range(first - 1, max(first - 4, -1), -1):
        text = grid.text(row, column)
        if text:
            return row, text
    return -1, ""


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
    row, _ = _text_above(grid, periods.first, periods.column)
    if row < 0:
        return []
    again: list[PeriodColumn] = []
    for column in np.flatnonzero(grid.index[row] == grid.index[row, periods.column]).tolist():
        if periods.column < column < MOST_COLUMNS_OF_PERIODS:
            other = _periods_in(grid, column, PERIOD_NAMES)
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
        other = _periods_in(grid, column, PERIOD_NAMES) if is_apart else None
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
    texts = (grid.bits & TEXT) != 0
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
    first = _first_row(grid, periods.first, has_figures)
    header = _header_above(grid, first, column, values)
    undated, skipped, between = _undated_rows(grid, column, first, values, has_period)
    rows = np.array(sorted({*periods.rows.tolist(), *undated}), dtype=np.int64)
    heads, head_of = heads_in(grid, rows, column, any_year=periods.any_year)
    head_of[~has_period[rows]] = -1
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
    return _with_months_across(_with_parts_beside(table.with_common_years()))


def _first_row(grid: Grid, first: int, has_figures: NDArray[np.bool_]) -> int:
    """Find the first row of figures, which may be above the first period.

    `1789-1849`, in the tables of the OMB, sums many years and is left out; a year that is mistyped
    is refused.
    """
    while first > 0 and has_figures[first - 1] and not grid.counts_columns(first - 1):
        first -= 1
    return first


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


def _header_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> _HeaderAbove:
    """Read the rows above the first row of figures, from the figures up."""
    while first > 0 and grid.counts_columns(first - 1):
        first -= 1
    attributes = _attributes_above(grid, first, period, columns)
    if attributes:
        return _header_of_attributes(grid, attributes, period, columns)
    rows, units, headings = _rows_of_names(grid, first, period, columns)
    if not rows:
        names = [""] * grid.index.shape[1]
        return _HeaderAbove(-1, names, units, grid.texts_in(range(first)), [])
    last = rows[-1]
    title = [*range(rows[0])]
    if last < first - 2 and not headings:  # lines between names and figures
        title += range(last + 1, first)
    names = _joined_names(grid, rows, period)
    return _HeaderAbove(last, names, units, grid.texts_in(title), headings)


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

        # A header goes on above an empty row up to the name of its periods.
        is_named = any(grid.text(line, period) for line in rows)
        goes_on = not is_named and names_period(grid.text(row, period))
        is_after_gap = bool(rows) and row + 1 in grid.gaps and not goes_on
        has_figures = ((bits[row, columns] & (NUMBER | HEAD)) == NUMBER).any()
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


def _joined_names(grid: Grid, rows: Sequence[int], period: int) -> list[str]:
    """Join the names of each column from the top; upper names hold for the columns after them."""
    upper = [carried(grid.texts(row)) for row in rows[:-1]]
    names: list[str] = []
    for parts in zip(*upper, grid.texts(rows[-1]), strict=True):
        once = dict.fromkeys(parts)
        names.append(" ".join(" ".join(once).split()))
    if len(rows) > 1:
        # The name of the periods is in one of the rows, without what is carried from other columns.
        names[period] = next(filter(None, (grid.text(row, period) for row in rows)), "")
    return names


def _header_of_attributes(
    grid: Grid, rows: Sequence[int], period: int, columns: Sequence[int]
) -> _HeaderAbove:
    """Read rows that each say one thing of every column: the first names it, others its unit."""
    rows_of_units = [row for row in rows if _UNIT.match(grid.text(row, period))]
    units: dict[int, str] = {}
    if rows_of_units:
        for column in columns:  # of the Bundesbank `Einheit` EUR, `Dimension` Milliarden
            texts = (grid.text(row, column) for row in rows_of_units)
            units[column] = reduce(with_scale, texts)
    first = rows[0]
    return _HeaderAbove(first, grid.texts(first), units, grid.texts_in(range(first)), [])


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
            if not grid.counts_columns(row):
                data.append(row)
        elif (has_digits and row < last) or (is_number and row == last + 1):
            data.append(row)  # most likely a mistyped year; further down it is a footnote
        elif row > last:
            skipped.append(SkippedRow(row, "not a row of figures"))
        elif any(grid.texts(row)):
            headings.append(row)
    return data, skipped, headings


def _with_parts_beside(table: PeriodTable) -> PeriodTable:
    """Return the table with years, and months or quarters in another column, as one period."""
    grid = table.grid
    head_of = table.head_of[:, 0]
    heads = [table.heads[index] if index >= 0 else None for index in np.unique(head_of).tolist()]
    if not all(head and head.period.is_year and not head.dated for head in heads):
        return table
    if _is_said_to_be_yearly(table):
        return table
    years = {head.period for head in heads if head}
    most = 0
    is_sure = False
    composed = table
    distinguishing = [head_of]  # years, and labels next to them
    for column in range(grid.index.shape[1]):
        if column == table.period_column:
            continue
        codes = grid.index[table.rows, column]
        if not _may_hold_parts(table, column):
            if not (table.bits(column)[:50] & NUMBER).any():
                distinguishing.append(codes)
            continue
        pairs, pair_of = np.unique(np.stack([head_of, codes]), axis=1, return_inverse=True)
        parts = [_part(table, column, index, code) for index, code in pairs.T.tolist()]
        whole_parts = [part for part in parts if part is not None]
        if len(whole_parts) < len(parts):
            continue
        kinds = {(part.last, part.length) for part in whole_parts}
        is_one_kind = len(kinds) == 1 and kinds != {(12, 12)}  # first quarters, say
        count = len(set(whole_parts))
        if count > most and (is_one_kind or count > len(years)):
            most = count
            is_sure = is_one_kind
            composed = replace(
                table,
                heads=[Head(part) for part in whole_parts],
                head_of=pair_of.reshape(-1, 1),
                part_column=column,
                value_columns=table.value_columns[table.value_columns != column],
            )
    # Where years and labels distinguish all rows, a month next to them is no part of the year: in
    # the data of the USDA it is that of the estimate.
    if most and not is_sure and distinct(*distinguishing) == len(table.rows):
        return table
    return composed


def _is_said_to_be_yearly(table: PeriodTable) -> bool:
    """True if a column of SDMX says `A`, for annual: `JAN` in another one is a code."""
    for column, name in enumerate(table.names):
        if names_frequency(name):
            return all(map(says_yearly, table.grid.label(name, column, table.rows).texts))
    return False


def _may_hold_parts(table: PeriodTable, column: int) -> bool:
    """True if the first cells of a column are all parts of a year."""
    name = table.names[column]
    codes = np.unique(table.grid.index[table.rows[:20], column])
    cells = [table.grid.words.cells[code] for code in codes.tolist()]
    if not name and not any(cells):
        return False
    return all(with_part(2000, cell, name) is not None for cell in cells)


def _part(table: PeriodTable, column: int, index: int, code: int) -> Period | None:
    head = table.heads[index]
    if head is None:
        return None
    return with_part(head.period.year, table.grid.words.cells[code], table.names[column])


def _with_months_across(table: PeriodTable) -> PeriodTable:
    """Return the table with the months or quarters that its columns are named by."""
    parts: dict[int, Period] = {}
    for column, name in enumerate(table.names):
        part = with_part(2000, name)
        if part is not None and column not in (table.period_column, table.part_column):
            parts[column] = part
    within = {part for part in parts.values() if not part.is_year}
    whole = [column for column, part in parts.items() if part.is_year]
    months = {part.last for part in within if part.length == 1}
    if len(months) == 12 and whole:
        # The year is next to its months, as the BLS and the NSIDC have it.
        return replace(table, value_columns=np.array(whole, dtype=np.int64))
    others = set(table.value_columns.tolist()) - parts.keys()
    if whole or others or len(within) not in (4, 12) or len(within) != len(parts):
        return table
    heads, head_of = months_in(table.heads, table.head_of, [*parts.values()])
    measures = labelled("measure", [""] * len(parts))
    columns = np.array([*parts])
    return replace(table, value_columns=columns, heads=heads, head_of=head_of, measures=measures)
