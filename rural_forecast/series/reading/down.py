"""Tables with periods down: a column of them, beside figures under a header; years and their parts
as one period.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import (
    HEADING,
    NO_YEAR,
    Grid,
    Indices,
    Labels,
    PeriodTable,
    carried,
    distinct,
    heads_in,
    labelled,
    months_in,
    sections_of,
)
from rural_forecast.series.reading.names import (
    PERIOD_NAMES,
    is_open,
    names_period,
    normalised,
    with_part,
)
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.units import is_unit, with_scale
from rural_forecast.series.reading.words import BLANK, HEAD, NUMBER, TEXT
from rural_forecast.text.cells import expression, shown

MOST_COLUMNS_OF_PERIODS = 400  # columns among which that of the periods is looked for
_RANGE = expression(r"\d{4}\s*[-–]\s*\d{4}")
_UNIT = expression(r"(?i)(?:units?|einheit|unité|dimension|单位)\b")


_Header = tuple[int, Sequence[str], Mapping[int, str], Sequence[str], Sequence[int]]


class _Run(NamedTuple):
    column: int
    rows: Indices  # those that have one
    name: str
    any_year: bool  # true if a number of any size is a year

    @property
    def first(self) -> int:
        return int(self.rows[0])


def run_of(grid: Grid, wanted: str | None) -> _Run | None:
    """The column that most surely holds the periods, or the one of a name; None where there is
    none.
    """
    names = PERIOD_NAMES if wanted is None else PERIOD_NAMES | {normalised(wanted)}
    width = min(grid.index.shape[1], MOST_COLUMNS_OF_PERIODS)
    runs = {
        column: run for column in range(width) if (run := _run(grid, column, names)) is not None
    }
    worths: dict[int, tuple[float, ...]] = {}
    for column, run in runs.items():
        name = normalised(run.name)
        below = grid.index[run.first :]
        rank = 3 if name in names else 2 if names_period(run.name) else 1
        if rank == 1 and column:  # years are such: they repeat, or go up or down by little
            heads, of = heads_in(grid, run.rows, column, any_year=run.any_year)
            years = [head.period.year for at in of.tolist() if (head := heads[at])]
            repeat = 1 < max(Counter(years).values()) < len(years)
            if not repeat and not all(
                0 < abs(later - earlier) <= 5 for earlier, later in pairwise(years)
            ):
                continue
        if wanted is not None and name != normalised(wanted):
            continue
        # When something else was done, most likely.
        if len(run.rows) > 1 and distinct(below[:, column]) == 1:
            rank = 0
        apart = 0
        if rank > 1 and len(runs) > 1:
            figures = ((grid.bits[run.first : run.first + 50] & NUMBER) != 0).any(axis=0)
            labels = [at for at in range(grid.index.shape[1]) if at not in runs and not figures[at]]
            apart = distinct(*(below[:, at] for at in (column, *labels)))
        worths[column] = min(rank, 2), apart, len(run.rows) if rank == 1 else rank, -column
    return runs[max(worths, key=worths.__getitem__)] if worths else None


def _run(grid: Grid, column: int, names: Container[str]) -> _Run | None:
    """The periods of a column; under one of some names a number of any size is a year, elsewhere
    only a likely one.
    """
    codes = grid.index[:, column]
    bits = grid.bits[:, column]
    texts = {
        row: normalised(grid.text(row, column)) for row in np.flatnonzero(bits[:40] & TEXT).tolist()
    }
    of_periods = (
        row
        for row, name in texts.items()
        if name in names and (grid.index[row] == codes[row]).sum() == 1
    )
    named = next(of_periods, -1)
    years = named >= 0 and texts[named] not in ("month", "quarter")
    rows = np.arange(named + 1, len(codes))
    rows = rows[heads_in(grid, rows, column, any_year=years)[1] >= 0]
    dated = np.isin(np.arange(len(codes)), rows)
    blank = (bits & BLANK) != 0
    # One that a text above mentions.
    while len(rows) > 1 and (~blank[rows[0] + 1 : rows[1]]).sum() > 2:
        rows = rows[1:]
    if len(rows) < (1 if named >= 0 and len(rows) and rows[0] == named + 1 else 2):
        return None
    first = int(rows[0])
    rest = codes[first:][~blank[first:] & ~dated[first:]]
    if len(rest) > len(rows) and sum(
        with_part(2000, grid.words.cells[code]) is None for code in rest
    ) > len(rows):
        return None
    above = (
        text for row in range(first - 1, max(first - 4, -1), -1) if (text := grid.text(row, column))
    )
    return _Run(column, rows, grid.text(named, column) if named >= 0 else next(above, ""), years)


def down_pieces(grid: Grid, run: _Run) -> list[tuple[Grid, _Run]]:
    """A grid cut to one table each: side by side where the name of the periods comes again, else
    below each other.
    """
    first = run.first
    named = next(
        (row for row in range(first - 1, max(first - 4, -1), -1) if grid.text(row, run.column)), -1
    )
    again = {
        at: other
        for at in np.flatnonzero(grid.index[named] == grid.index[named, run.column]).tolist()
        if named >= 0
        and run.column < at < MOST_COLUMNS_OF_PERIODS
        and (other := _run(grid, at, PERIOD_NAMES))
    }
    if again:
        edges = pairwise([0, *again, grid.index.shape[1]])
        runs = [run, *(other._replace(column=0) for other in again.values())]
        beside = (
            (grid.cut(slice(0, None), slice(*edge)), own)
            for edge, own in zip(edges, runs, strict=True)
        )
        return [piece for part in beside for piece in down_pieces(*part)]
    dated = np.isin(np.arange(len(grid.index)), run.rows)
    numbers = (grid.bits & NUMBER) != 0
    texts = (grid.bits & TEXT) != 0
    values = numbers[dated].any(axis=0)
    values[run.column] = False
    figures = dated | numbers[:, values].any(axis=1)
    heads = (
        ~figures
        & texts[:, values].any(axis=1)
        & (((grid.bits & (TEXT | HEAD)) != 0).sum(axis=1) > 1)
    )
    starts: dict[int, int] = {}  # by the last period before
    for row in (row for row in np.flatnonzero(heads).tolist() if first < row < run.rows[-1]):
        starts.setdefault(
            int(run.rows[run.rows < row][-1]), int(np.flatnonzero(figures[:row])[-1]) + 1
        )
    below = [*pairwise([0, *starts.values(), len(grid.index)])]
    grids = [grid.cut(slice(*edge), slice(0, None)) for edge in below] if starts else [grid]
    rows = [run.rows[(run.rows >= top) & (run.rows < end)] - top for top, end in below]
    return [(piece, run._replace(rows=own)) for piece, own in zip(grids, rows, strict=True)]


def down_table(grid: Grid, run: _Run) -> PeriodTable | None:
    """The table of a grid that holds one; None where no figures are next to the periods."""
    column = run.column
    dated = np.isin(np.arange(len(grid.index)), run.rows)
    numbers = (grid.bits & NUMBER) != 0
    values = [
        at for at in range(grid.index.shape[1]) if at != column and numbers[run.rows, at].any()
    ]
    if not values:
        return None
    unread = (grid.bits[:, column] & (NUMBER | HEAD)) == NUMBER  # a number where a period must be
    figures = numbers[:, values].any(axis=1) | unread
    first = run.first
    while first > 0 and not grid.counts_columns(first - 1) and figures[first - 1]:
        # Before the first period: `1789-1849` sums many years, a mistyped year is refused.
        first -= 1
    header, names, units, title, above = _header_above(grid, first, column, values)
    data, skipped, between = _undated_rows(grid, column, first, values, dated)
    rows = np.array(sorted({*run.rows.tolist(), *data}), dtype=np.int64)
    heads, head_of = heads_in(grid, rows, column, any_year=run.any_year)
    head_of[~dated[rows]] = -1
    if header < 0:  # three years or more in steps of one, each with a number, need none
        years = [
            head.period.year
            for at in head_of.tolist()
            if at >= 0 and (head := heads[at]) and head.period.is_year
        ]
        steps = {later - earlier for earlier, later in pairwise(years)}
        if data or len(years) < 3 or steps not in ({1}, {-1}) or grid.index.shape[1] > column + 2:
            return None
    headings = [*above, *between] if between or len(above) > 1 else []
    sections = list[Labels]()
    doubt = None
    if headings and min(headings) >= rows[0]:
        line = shown(next(filter(None, grid.texts(min(headings)))))
        problem = f"{line} is a line between the rows of a table, and may change what they are."
        hint = "Put it into a column of its own next to each of its rows, or keep one part of the table."
        doubt = InputError(problem, hint, place=grid.place_of(min(headings), 0))
    elif headings:
        sections = sections_of(grid, headings, rows, range(grid.index.shape[1]))
    table = PeriodTable(
        grid,
        header,
        names,
        rows,
        np.array(values, dtype=np.int64),
        heads,
        head_of[:, None],
        column,
        sections=sections,
        units=units,
        title=[*title, *(grid.text(row, column) for row in above if not sections)],
        skipped=[*skipped, *((row, HEADING) for row in headings)],
        doubt=doubt,
    )
    return _months_across(_next_to_years(table.with_common_years()))


def _header_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> _Header:
    """The row, the names, the units, the title, and lines between the names and the figures."""
    bits = grid.bits
    while first > 0 and grid.counts_columns(first - 1):
        first -= 1
    if block := _attributes_above(grid, first, period, columns):
        of = [row for row in block if _UNIT.match(grid.text(row, period))]
        said = {
            column: reduce(with_scale, (grid.text(row, column) for row in of))
            for column in columns
            if of
        }
        return block[0], grid.texts(block[0]), said, grid.texts_in(range(block[0])), []
    units = dict[int, str]()
    stack = list[int]()
    headings = list[int]()
    for row in range(first - 1, -1, -1):
        filled = (bits[row, columns] & BLANK) == 0
        texts = int(filled.sum())
        begins = not stack and not units
        if not texts and begins and ((bits[row] & BLANK) == 0).sum() == 1:
            headings.insert(0, row)  # one text alone, right above the figures
            continue
        lone = texts == 1 and bits[row, period] & BLANK and (stack or len(columns) > 1)
        above = (bits[row - 1, columns] & BLANK) == 0 if row else filled & False
        if lone and not stack and row > 0:  # unless it names a column that the row above leaves out
            lone = above.sum() < 2 or (above & filled).any()
        numbers = ((bits[row, columns] & (NUMBER | HEAD)) == NUMBER).any()
        if not texts or lone or (stack and row + 1 in grid.gaps) or numbers:
            break
        said = {column: grid.text(row, column) for column in columns}
        of_units = all(
            re.fullmatch(r"[\[(].*[\])]|", text) or is_unit(text) for text in said.values()
        )
        if begins and above.any() and of_units:
            units = {column: text.strip("()[] ") for column, text in said.items()}
            continue
        stack.insert(0, row)
        unlike = len(set(said.values())) == len(columns)
        if len(stack) == 3 or (unlike and filled.all() and not bits[row, period] & BLANK):
            break
    if not stack:
        return -1, [""] * bits.shape[1], units, grid.texts_in(range(first)), []
    spread = [*(carried(grid.texts(row)) for row in stack[:-1]), grid.texts(stack[-1])]
    names = [
        " ".join(" ".join(dict.fromkeys(parts)).split()) for parts in zip(*spread, strict=True)
    ]
    if len(stack) > 1:
        names[period] = next((text for row in stack if (text := grid.text(row, period))), "")
    about = [
        *range(stack[0]),
        *(range(stack[-1] + 1, first) if stack[-1] < first - 2 and not headings else ()),
    ]
    return stack[-1], names, units, grid.texts_in(about), headings


def _attributes_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> list[int]:
    """The rows above the figures that each say one thing of every column, such as `Unit`."""
    row = first - 1
    bits = grid.bits
    if row < 0 or (names_period(grid.text(row, period)) and not (bits[row, columns] & HEAD).all()):
        return []
    named: list[int] = []
    while row >= 0 and not bits[row, period] & BLANK:
        filled = int(((bits[row, columns] & BLANK) == 0).sum())
        if 0 < filled < len(columns) / 2:
            break
        named = [row, *named] if filled else named
        row -= 1
    row = named[0] - 1 if named else -1
    while row >= 0 and (bits[row, columns] & TEXT).all():
        row -= 1
    return list(range(row + 1, first)) if len(named) > 2 else []


def _undated_rows(
    grid: Grid, column: int, first: int, values: Sequence[int], dated: NDArray[np.bool_]
) -> tuple[list[int], list[tuple[int, str]], list[int]]:
    """Rows without a period: those that are refused where they are used, those that are skipped,
    and headings.
    """
    data = list[int]()
    skipped = list[tuple[int, str]]()
    headings = list[int]()
    last = int(np.flatnonzero(dated)[-1])
    for row in (np.flatnonzero(~dated[first:]) + first).tolist():
        text = grid.text(row, column)
        digits = any(map(str.isdigit, text))
        if (grid.bits[row, values] & NUMBER).any():
            if text and (not digits or _RANGE.fullmatch(text) or is_open(text)):
                skipped.append((row, NO_YEAR))
            elif not grid.counts_columns(row):
                data.append(row)
        elif (digits and row < last) or (
            row == last + 1 and (grid.bits[row, column] & (NUMBER | HEAD)) == NUMBER
        ):
            data.append(row)
        elif row > last:
            skipped.append((row, "not a row of figures"))
        elif any(grid.texts(row)):
            headings.append(row)
    return data, skipped, headings


def _next_to_years(table: PeriodTable) -> PeriodTable:
    """The table with years and the months or quarters in a column next to them as one period."""
    grid = table.grid
    head_of = table.head_of[:, 0]
    heads = [table.heads[at] if at >= 0 else None for at in np.unique(head_of).tolist()]
    if not all(head and head.period.is_year and not head.dated for head in heads):
        return table
    years = len({head.period for head in heads if head})
    others = [head_of]
    best = 0
    found = table
    sure = False
    for column in (at for at in range(grid.index.shape[1]) if at != table.period_column):
        name = table.names[column]
        codes = grid.index[table.rows, column]
        first = [grid.words.cells[code] for code in np.unique(codes[:20]).tolist()]
        if not (name or any(first)) or any(with_part(2000, cell, name) is None for cell in first):
            others += [] if (table.bits(column)[:50] & NUMBER).any() else [codes]
            continue
        pairs, of_row = np.unique(np.stack([head_of, codes]), axis=1, return_inverse=True)
        cells = ((table.heads[at], grid.words.cells[code]) for at, code in pairs.T.tolist())
        parts = [with_part(head.period.year, cell, name) if head else None for head, cell in cells]
        kinds = {part and (part.last, part.length) for part in parts}
        one = len(kinds) == 1 and kinds != {(12, 12)}  # first quarters, say
        count = len(set(parts))
        if None not in parts and (one or count > years) and count > best:
            best = count
            sure = one
            columns = table.value_columns[table.value_columns != column]
            composed = [Head(part) for part in parts if part]
            found = replace(
                table,
                heads=composed,
                head_of=of_row.reshape(-1, 1),
                part_column=column,
                value_columns=columns,
            )
    # a month next to years that are distinct is no part of them
    return table if best and not sure and distinct(*others) == len(table.rows) else found


def _months_across(table: PeriodTable) -> PeriodTable:
    columns = [
        at for at in range(len(table.names)) if at not in (table.period_column, table.part_column)
    ]
    named = {at: part for at in columns if (part := with_part(2000, table.names[at]))}
    parts = {part for part in named.values() if not part.is_year}
    whole = [at for at, part in named.items() if part.is_year]
    if len({part.last for part in parts if part.length == 1}) == 12 and whole:
        # The year is next to its months.
        return replace(table, value_columns=np.array(whole, dtype=np.int64))
    others = set(table.value_columns.tolist()) - named.keys()
    if whole or len(parts) not in (4, 12) or len(named) != len(parts) or others:
        return table
    heads, head_of = months_in(table.heads, table.head_of, [named[at] for at in sorted(named)])
    measures = labelled("measure", [""] * len(named))
    return replace(
        table,
        value_columns=np.array(sorted(named)),
        heads=heads,
        head_of=head_of,
        measures=measures,
    )
