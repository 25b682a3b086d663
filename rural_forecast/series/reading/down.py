"""Tables with periods down: a column of them, beside figures under a header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.headers import counts_columns, header_above, sections_of
from rural_forecast.series.reading.names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.parts import (
    is_open,
    months_across,
    names_period,
    next_to_years,
    with_calendar,
    with_part,
)
from rural_forecast.series.reading.periods import Head, read_head
from rural_forecast.series.reading.table import HEADING, NO_YEAR, Places, Table, distinct
from rural_forecast.series.reading.words import BLANK, HEAD, NUMBER, TEXT
from rural_forecast.text.cells import shown
from rural_forecast.text.patterns import expression

MOST_COLUMNS_OF_PERIODS = 400
"""Columns among which that of the periods is looked for."""
_RANGE = expression(r"\d{4}\s*[-–]\s*\d{4}")


class Run(NamedTuple):
    """A column of periods: the rows that have one, the periods by word, and its name."""

    column: int
    rows: Places
    heads: dict[int, Head]
    name: str

    @property
    def first(self) -> int:
        """The row of the first period."""
        return int(self.rows[0])

    def within(self, top: int, end: int) -> Run:
        """The column in a grid of some of the rows."""
        return self._replace(rows=self.rows[(self.rows >= top) & (self.rows < end)] - top)


def run_of(grid: Grid, wanted: str | None) -> Run | None:
    """The column that most surely holds the periods, or the one of a name; None where there is none."""
    names = PERIOD_NAMES if wanted is None else PERIOD_NAMES | {normalised(wanted)}
    width = min(grid.index.shape[1], MOST_COLUMNS_OF_PERIODS)
    runs = {column: run for column in range(width) if (run := _run(grid, column, names)) is not None}
    best: tuple[float, ...] = ()
    chosen = None
    for column, run in runs.items():
        if wanted is not None and normalised(run.name) != normalised(wanted):
            continue
        rank = 3 if normalised(run.name) in names else 2 if names_period(run.name) else 1
        if (
            rank == 1
            and column
            and not _steps([run.heads[code].period.year for code in grid.index[run.rows, column].tolist()])
        ):
            continue
        below = grid.index[run.first :]
        if len(run.rows) > 1 and distinct(below[:, column]) == 1:  # when something else was done, most likely
            rank = 0
        apart = 0
        if rank > 1 and len(runs) > 1:
            figures = ((grid.bits[run.first : run.first + 50] & NUMBER) != 0).any(axis=0)
            labels = [at for at in range(grid.index.shape[1]) if at not in runs and not figures[at]]
            apart = distinct(*(below[:, at] for at in (column, *labels)))
        worth = (min(rank, 2), apart, len(run.rows) if rank == 1 else rank, -column)
        if worth > best:
            best, chosen = worth, run
    return chosen


def _run(grid: Grid, column: int, names: Container[str]) -> Run | None:
    """The periods of a column; under one of some names a number of any size is a year, elsewhere only a likely one."""
    codes, bits = grid.index[:, column], grid.bits[:, column]
    texts = np.flatnonzero(bits[:40] & TEXT).tolist()
    named = next(
        (
            row
            for row in texts
            if normalised(grid.text(row, column)) in names and (grid.index[row] == codes[row]).sum() == 1
        ),
        -1,
    )
    years = named >= 0 and normalised(grid.text(named, column)) not in ("month", "quarter")
    heads: dict[int, Head] = {}
    for code in np.unique(codes[named + 1 :]).tolist():
        head = grid.words.head(code)
        if head is None and years and code and isinstance(found := read_head(grid.words.cells[code]), Head):
            head = found
        if head is not None:
            heads[code] = head
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
    return Run(column, rows, heads, grid.text(named, column) if named >= 0 else next(above, ""))


def _steps(years: Sequence[int]) -> bool:
    """True if the years of a column without a telling name are such: they repeat, or go up or down by little."""
    most = max(Counter(years).values())
    return 1 < most < len(years) or all(0 < abs(later - earlier) <= 5 for earlier, later in pairwise(years))


def down_pieces(grid: Grid, run: Run) -> list[tuple[Grid, Run]]:
    """A grid cut to one table each: side by side where the name of the periods comes again, else below each other."""
    first = run.first
    named = next((row for row in range(first - 1, max(first - 4, -1), -1) if grid.text(row, run.column)), -1)
    again = {
        at: other
        for at in np.flatnonzero(grid.index[named] == grid.index[named, run.column]).tolist()
        if named >= 0 and run.column < at < MOST_COLUMNS_OF_PERIODS and (other := _run(grid, at, PERIOD_NAMES))
    }  # fmt: skip
    if again:
        edges = [0, *again, grid.index.shape[1]]
        runs = [run, *(other._replace(column=0) for other in again.values())]
        beside = [
            (grid.cut(slice(0, None), slice(*edge)), own) for edge, own in zip(pairwise(edges), runs, strict=True)
        ]
        return [piece for part in beside for piece in down_pieces(*part)]
    dated = np.isin(np.arange(len(grid.index)), run.rows)
    numbers, texts = (grid.bits & NUMBER) != 0, (grid.bits & TEXT) != 0
    values = numbers[dated].any(axis=0)
    values[run.column] = False
    figures = dated | numbers[:, values].any(axis=1)
    heads = ~figures & texts[:, values].any(axis=1) & (((grid.bits & (TEXT | HEAD)) != 0).sum(axis=1) > 1)
    starts: dict[int, int] = {}
    for row in np.flatnonzero(heads).tolist():
        if first < row < run.rows[-1]:
            last = int(run.rows[run.rows < row][-1])
            starts.setdefault(last, int(np.flatnonzero(figures[:row])[-1]) + 1)
    if not starts:
        return [(grid, run)]
    edges = [0, *starts.values(), len(grid.index)]
    return [(grid.cut(slice(*edge), slice(0, None)), run.within(*edge)) for edge in pairwise(edges)]


def down_table(grid: Grid, run: Run) -> Table | None:
    """The table of a grid that holds one; None where no figures are next to the periods."""
    column, periods = run.column, [*run.heads.values()]
    place = {code: at for at, code in enumerate(run.heads)}
    of_row = np.full(len(grid.index), -1, dtype=np.int64)
    of_row[run.rows] = [place[code] for code in grid.index[run.rows, column].tolist()]
    numbers = (grid.bits & NUMBER) != 0
    values = [at for at in range(grid.index.shape[1]) if at != column and numbers[run.rows, at].any()]
    if not values:
        return None
    unread = (grid.bits[:, column] & (NUMBER | HEAD)) == NUMBER  # a number where a period must be
    figures, first = numbers[:, values].any(axis=1) | unread, run.first
    while first > 0 and not counts_columns(grid, first - 1) and figures[first - 1]:
        first -= 1  # before the first period: `1789-1849` sums many years, a mistyped year is refused
    header = header_above(grid, first, column, values)
    data, skipped, between = _undated_rows(grid, column, first, values, of_row >= 0)
    if header.row < 0:  # three years or more in steps of one, each with a number, need none
        years = [period.year for at in of_row[run.rows].tolist() if (period := periods[at].period).is_year]
        steps = {later - earlier for earlier, later in pairwise(years)}
        if data or len(years) < 3 or steps not in ({1}, {-1}) or grid.index.shape[1] > column + 2:
            return None
    rows = np.array(sorted({*run.rows.tolist(), *data}), dtype=np.int64)
    headings = [*header.headings, *between] if between or len(header.headings) > 1 else []
    doubt = _unlabelled(grid, min(headings), rows) if headings else None
    sections = sections_of(grid, headings, rows, range(grid.index.shape[1])) if headings and not doubt else ()
    table = Table(
        grid, header.row, header.names, False, rows, np.array(values, dtype=np.int64), periods, of_row[rows],
        sections=sections, units=header.units,
        title=[*header.title, *(grid.text(row, column) for row in header.headings if not sections)],
        skipped=[*skipped, *((row, HEADING) for row in headings)], period=column, doubt=doubt,
    )  # fmt: skip
    return months_across(next_to_years(with_calendar(table)))


def _undated_rows(
    grid: Grid, column: int, first: int, values: Sequence[int], dated: NDArray[np.bool_]
) -> tuple[list[int], list[tuple[int, str]], list[int]]:
    """Rows without a period: those that are refused where they are used, those that are skipped, and headings."""
    data, skipped, headings = list[int](), list[tuple[int, str]](), list[int]()
    last = int(np.flatnonzero(dated)[-1])
    for row in (np.flatnonzero(~dated[first:]) + first).tolist():
        text = grid.text(row, column)
        digits = any(sign.isdigit() for sign in text)
        if (grid.bits[row, values] & NUMBER).any():
            if text and (not digits or _RANGE.fullmatch(text) or is_open(text)):
                skipped.append((row, NO_YEAR))
            elif not counts_columns(grid, row):
                data.append(row)
        elif row == last + 1 and (grid.bits[row, column] & (NUMBER | HEAD)) == NUMBER:
            data.append(row)
        elif row > last:
            skipped.append((row, "not a row of figures"))
        elif digits:
            data.append(row)
        elif any(grid.texts(row)):
            headings.append(row)
    return data, skipped, headings


def _unlabelled(grid: Grid, heading: int, rows: Places) -> InputError | None:
    if heading < rows[0]:
        return None
    return InputError(
        f"{shown(next(filter(None, grid.texts(heading))))} is a line between the rows of a table, and may change what "
        "they are.",
        "Put it into a column of its own next to each of its rows, or keep one part of the table.",
        place=grid.place(heading, 0),
    )
