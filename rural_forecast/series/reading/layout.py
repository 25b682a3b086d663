"""Finding the tables of a grid by their content, whatever is around and between them.

A table has periods across (a row of at least two of them, over figures) or periods down (a column of them beside
figures). Lines above it are its title, what follows is footnotes. A line between its rows is structure: a second header
starts another table, a heading labels the rows below it, and anything else raises a doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.period import Period
from rural_forecast.series.reading.across import across_tables, header_rows
from rural_forecast.series.reading.grid import Grid, grid_of, labelled
from rural_forecast.series.reading.headers import counts_columns, header_above, sections_of, texts_in
from rural_forecast.series.reading.limits import check_size
from rural_forecast.series.reading.names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.parts import (
    below_years,
    is_open,
    months_across,
    names_period,
    next_to_years,
    with_calendar,
    with_part,
)
from rural_forecast.series.reading.periods import Head, likely, read_head
from rural_forecast.series.reading.table import BELOW, HEADING, NO_YEAR, Places, Table, distinct
from rural_forecast.series.reading.words import BLANK, HEAD, NUMBER, TEXT
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import shown
from rural_forecast.text.patterns import expression

MOST_COLUMNS_OF_PERIODS = 400
"""Columns among which that of the periods is looked for."""
_MIDDLE = expression(r"\s*((?:1[6-9]|20)\d\d)\.50*")
_RANGE = expression(r"\d{4}\s*[-–]\s*\d{4}")


def tables_in(grid: Grid, period_column: str | None = None) -> list[Table]:
    """The tables of figures of a grid, in order.

    `period_column`: the name of the column of periods, where a person gives it.
    """
    column = _period_column(grid, period_column)
    down = [table for block in _side_by_side(grid, *column) for table in _down(grid, *block)] if column else []
    if period_column is not None:
        return _titled(down)
    first = column[1] if column else len(grid.index)
    covers = column is not None and len(column[2]) > 0.8 * (len(grid.index) - first)
    heads = header_rows(grid, first if covers else len(grid.index))
    above = not heads or first < heads[0]
    found = (down if above else []) or across_tables(grid, heads) or down
    return [replace(table, doubt=table.doubt or _unlike_header(table)) for table in _titled(found)]


def _unlike_header(table: Table) -> InputError | None:
    """The refusal of a header that has lost a name, or got one too many: the others may be those of other columns."""
    grid, row, names = table.grid, table.header, table.names
    if row < 0 or table.roles is not None:
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


def _period_column(grid: Grid, wanted: str | None) -> tuple[int, int, Places, dict[int, Head]] | None:
    """The column of periods, its first row, the rows that have one, and the periods by word."""
    names = PERIOD_NAMES if wanted is None else PERIOD_NAMES | {normalised(wanted)}
    width = min(grid.index.shape[1], MOST_COLUMNS_OF_PERIODS)
    runs = {column: run for column in range(width) if (run := _run(grid, column, names)) is not None}
    best: tuple[float, ...] = ()
    chosen = None
    for column, (first, rows, heads, name) in runs.items():
        if wanted is not None and normalised(name) != normalised(wanted):
            continue
        rank = 3 if normalised(name) in names else 2 if names_period(name) else 1
        if rank == 1 and column and not _steps([heads[code].period.year for code in grid.index[rows, column].tolist()]):
            continue
        below = grid.index[first:]
        if len(rows) > 1 and distinct(below[:, column]) == 1:  # when something else was done, most likely
            rank = 0
        apart = 0
        if rank > 1 and len(runs) > 1:
            figures = ((grid.bits[first : first + 50] & NUMBER) != 0).any(axis=0)
            labels = [at for at in range(grid.index.shape[1]) if at not in runs and not figures[at]]
            apart = distinct(*(below[:, at] for at in (column, *labels)))
        worth = (min(rank, 2), apart, len(rows) if rank == 1 else rank, -column)
        if worth > best:
            best, chosen = worth, (column, first, rows, heads)
    return chosen


def _run(grid: Grid, column: int, names: Container[str]) -> tuple[int, Places, dict[int, Head], str] | None:
    """The first period of a column, the rows that have one, the periods by word, and its name; None where it has none.

    Under one of some names a number of any size is a year; elsewhere only a likely one.
    """
    codes, bits = grid.index[:, column], grid.bits[:, column]
    named = -1
    for row in np.flatnonzero(bits[:40] & TEXT).tolist():
        if normalised(grid.text(row, column)) in names and (grid.index[row] == codes[row]).sum() == 1:
            named = row
            break
    years = named >= 0 and normalised(grid.text(named, column)) not in ("month", "quarter")
    heads: dict[int, Head] = {}
    for code in np.unique(codes[named + 1 :]).tolist():
        head = grid.words.head(code)
        if head is None and years and code and isinstance(found := read_head(grid.words.cells[code]), Head):
            head = found
        if head is not None:
            heads[code] = head
    if years and not heads:  # the middle of each year
        there = [code for code in np.unique(codes[named + 1 :]).tolist() if code]
        middles = [match for code in there if (match := _MIDDLE.fullmatch(str(grid.words.cells[code])))]
        if len(middles) == len(there):
            heads = {code: Head(Period(int(match[1]))) for code, match in zip(there, middles, strict=True)}
    dated = np.isin(codes, np.fromiter(heads, dtype=np.int32))
    rows = np.flatnonzero(dated)
    rows = rows[rows > named]
    blank = (bits & BLANK) != 0
    while len(rows) > 1 and (~blank[rows[0] + 1 : rows[1]]).sum() > 2:  # one that a text above mentions
        rows = rows[1:]
    if len(rows) < (1 if named >= 0 and len(rows) and rows[0] == named + 1 else 2):
        return None
    first = int(rows[0])
    rest = codes[first:][~blank[first:] & ~dated[first:]]
    if len(rest) > len(rows) and sum(with_part(2000, grid.words.cells[code]) is None for code in rest) > len(rows):
        return None
    above = (text for row in range(first - 1, max(first - 4, -1), -1) if (text := grid.text(row, column)))
    return first, rows, heads, grid.text(named, column) if named >= 0 else next(above, "")


def _steps(years: Sequence[int]) -> bool:
    """True if the years of a column without a telling name are such: they repeat, or go up or down by little."""
    most = max(Counter(years).values())
    return 1 < most < len(years) or all(0 < abs(later - earlier) <= 5 for earlier, later in pairwise(years))


_Block = tuple[int, int, Places, dict[int, Head], range]
"""A column of periods, its first row, the rows that have one, the periods by word, and the columns of its tables."""


def _side_by_side(grid: Grid, column: int, first: int, rows: Places, heads: dict[int, Head]) -> list[_Block]:
    """The tables of each column of periods: another begins where the name of the first is there again in its row."""
    width = grid.index.shape[1]
    named = next((row for row in range(first - 1, max(first - 4, -1), -1) if grid.text(row, column)), -1)
    again = [
        at for at in range(column + 1, min(width, MOST_COLUMNS_OF_PERIODS))
        if named >= 0 and grid.index[named, at] == grid.index[named, column] and _run(grid, at, PERIOD_NAMES)
    ]  # fmt: skip
    blocks: list[_Block] = []
    for start, stop in pairwise([column, *again, width]):
        run = _run(grid, start, PERIOD_NAMES) if start > column else None
        found = run[:3] if run else (first, rows, heads)
        blocks.append((start, *found, range(start if blocks else 0, stop)))
    return blocks


def _down(grid: Grid, column: int, first: int, rows: Places, heads: dict[int, Head], columns: range) -> list[Table]:
    """The tables next to a column of periods, from one header to the next."""
    bits, periods = grid.bits, [*heads.values()]
    place = {code: at for at, code in enumerate(heads)}
    of_row = np.full(len(bits), -1, dtype=np.int64)
    of_row[rows] = [place[code] for code in grid.index[rows, column].tolist()]
    part = below_years(grid, column, of_row, periods)
    dated, numbers = of_row >= 0, (bits & NUMBER) != 0
    values = numbers[dated].any(axis=0)
    values[[at for at in range(len(values)) if at in (column, part) or at not in columns]] = False
    if not values.any():
        return []
    texts = ((bits & (TEXT | HEAD)) != 0).sum(axis=1)
    named = ((bits[:, values] & TEXT) != 0).any(axis=1)
    second = np.flatnonzero(~dated & ~numbers[:, values].any(axis=1) & named & (texts > 1)).tolist()
    last = int(np.flatnonzero(dated)[-1])
    starts = [row for row in second if first < row < last and not _repeats(grid, row, first)]
    made = [
        _one_down(grid, column, part, top, end, of_row, periods, columns)
        for top, end in pairwise([0, *starts, len(bits)])
        if dated[top:end].any()
    ]
    return [table for table in made if table is not None]


def _repeats(grid: Grid, row: int, first: int) -> bool:
    """True if a row between the figures is the header once more, as on each page of a printout."""
    return any((grid.index[row] == grid.index[above]).all() for above in range(max(first - 5, 0), first))


def _one_down(
    grid: Grid, column: int, part: int, top: int, end: int, of_row: Places, periods: list[Head], columns: range
) -> Table | None:
    """The table of the rows from `top` to `end`, its header among them."""
    dated = of_row >= 0
    inside = np.flatnonzero(dated[top:end]) + top
    first, last = int(inside[0]), int(inside[-1])
    numbers = (grid.bits & NUMBER) != 0
    values = [at for at in columns if at not in (column, part) and numbers[inside, at].any()]
    if not values:
        return None
    unread = (grid.bits[:, column] & (NUMBER | HEAD)) == NUMBER  # a number where a period must be
    figures = numbers[:, values].any(axis=1) | unread
    while first > top and not counts_columns(grid, first - 1) and figures[first - 1]:
        first -= 1  # before the first period: `1789-1849` sums many years, a mistyped year is refused
    header = header_above(grid, first, column, values, top)
    data, skipped, between = _undated_rows(grid, column, first, last, end, values, dated)
    if header.row < 0:  # three years or more in steps of one, each with a number, need none
        known = [periods[at].period for at in of_row[inside].tolist()]
        years = [each.year for each in known if each.is_year]
        steps = {later - earlier for earlier, later in pairwise(years)}
        if data or len(years) < 3 or steps not in ({1}, {-1}) or grid.index.shape[1] > column + 2:
            return None
    rows = np.array(sorted({*inside.tolist(), *data}), dtype=np.int64)
    headings = [*header.headings, *between] if between or len(header.headings) > 1 else []
    doubt = _unlabelled(grid, min(headings), rows) if headings else None
    sections = sections_of(grid, headings, rows, columns) if headings and not doubt else ()
    skipped += [(row, HEADING) for row in headings]
    alone = len(columns) == grid.index.shape[1]
    title = header.title if alone else texts_in(grid, range(top, header.row), columns)
    table = Table(
        grid, header.row, header.names, False, rows, np.array(values, dtype=np.int64), periods, of_row[rows],
        sections=sections, units=header.units,
        title=[*title, *(grid.text(row, column) for row in header.headings if not sections)],
        skipped=skipped, period=column, part=part, labels=None if alone else columns, doubt=doubt, bottom=end,
    )  # fmt: skip
    return months_across(next_to_years(with_calendar(table)))


def _undated_rows(
    grid: Grid, column: int, first: int, last: int, end: int, values: Sequence[int], dated: NDArray[np.bool_]
) -> tuple[list[int], list[tuple[int, str]], list[int]]:
    """Rows without a period: those that are refused where they are used, those that are skipped, and headings."""
    data, skipped, headings = list[int](), list[tuple[int, str]](), list[int]()
    for row in (np.flatnonzero(~dated[first:end]) + first).tolist():
        text = grid.text(row, column)
        if (grid.bits[row, values] & NUMBER).any():
            if text and (not any(sign.isdigit() for sign in text) or _RANGE.fullmatch(text) or is_open(text)):
                skipped.append((row, NO_YEAR))
            elif not counts_columns(grid, row):
                data.append(row)
        elif row == last + 1 and (grid.bits[row, column] & (NUMBER | HEAD)) == NUMBER:
            data.append(row)
        elif row > last:
            skipped.append((row, "not a row of figures"))
        elif any(sign.isdigit() for sign in text) and not _repeats(grid, row, first):
            data.append(row)
        elif _repeats(grid, row, first) or not any(grid.texts(row)):
            skipped.append((row, "the header again"))
        else:
            headings.append(row)
    return data, skipped, headings


def _unlabelled(grid: Grid, heading: int, rows: Places) -> InputError | None:
    """The refusal of headings of which the first is below some rows."""
    if heading < rows[0]:
        return None
    return InputError(
        f"{shown(next(filter(None, grid.texts(heading))))} is a line between the rows of a table, and may change what "
        "they are.",
        "Put it into a column of its own next to each of its rows, or keep one part of the table.",
        place=grid.place(heading, 0),
    )


def _titled(tables: list[Table]) -> list[Table]:
    """Several tables of one grid carry their title as a label, so that it can be chosen by."""
    made = []
    for number, table in enumerate(tables, 1):
        above = tables[number - 2] if number > 1 and tables[number - 2].header < table.header else None
        ends = [above.grid.text(row, 0) for row, why in reversed(above.skipped) if why == BELOW] if above else []
        title = next(filter(None, (*ends, *reversed(table.title))), f"table {number}")
        label = labelled("table", [title] * len(table.rows))
        made.append(replace(table, sections=(*table.sections, label)))
    return made if len(made) > 1 else tables


_YEAR = expression(r"\D*((?:19|20)\d\d)\D*")


def joined(grids: Sequence[Grid]) -> list[Grid]:
    """One grid in place of sheets that are named by different years and have the same heads; none elsewhere."""
    years = [match[1] if (match := _YEAR.fullmatch(grid.sheet)) else grid.sheet for grid in grids]
    named = [
        (grid, year, head)
        for grid, year in zip(grids, years, strict=True)
        if year and likely(year) and (head := _head(grid)) >= 0
    ]
    heads = {tuple(grid.texts(head)) for grid, _, head in named}
    if len(named) < 2 or len(heads) > 1 or len({year for _, year, _ in named}) < len(named):
        return []
    first, last = named[0][0], named[-1][0]
    rows: list[list[object]] = []
    places: list[tuple[Grid, int]] = []
    percent: set[tuple[int, int]] = set()
    for grid, year, head in named:
        figures = ((grid.bits & NUMBER) != 0).any(axis=1)
        percent |= {(line + len(rows) - (0 if grid is first else head + 1), column) for line, column in grid.percent}
        for row in range(0 if grid is first else head + 1, len(grid.index)):
            last_cell = "year" if row == head else year if row > head and figures[row] else None
            rows.append([*(grid.cell(row, column) for column in range(grid.index.shape[1])), last_cell])
            places.append((grid, row))
    check_size(first.file, len(rows), len(rows[0]))

    def place(row: int, column: int) -> Place:
        grid, line = places[row]
        return grid.place(line, min(column, grid.index.shape[1] - 1))

    said = f"The year of each row of {without_folders(first.file)} is the name of its sheet: {len(named)} sheets, "
    note = Note("sheets_of_years", f"{said}{shown(first.sheet)} to {shown(last.sheet)}.", warning=True)
    others = {"left_out": first.left_out, "notes": (*first.notes, note)}
    return [grid_of(first.file, rows, place, percent=percent, **others)]


def _head(grid: Grid) -> int:
    """The row of names above the first row of figures; -1 where there is none."""
    rows = np.flatnonzero(((grid.bits & NUMBER) != 0).any(axis=1))
    if not len(rows) or not rows[0]:
        return -1
    return int(rows[0]) - 1 if ((grid.bits[rows[0] - 1] & BLANK) == 0).sum() > 1 else -1
