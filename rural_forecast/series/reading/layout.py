"""Finding the tables of a grid by their content, whatever is around and between them; those with
periods across.

Lines above a table are its title, what follows is footnotes. A line between its rows is structure:
a heading labels the rows below it, and anything else raises a doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.amounts import is_number
from rural_forecast.series.reading.down import down_pieces, down_table, run_of
from rural_forecast.series.reading.grid import (
    BELOW,
    HEADING,
    Grid,
    PeriodTable,
    carried,
    labelled,
    sections_of,
)
from rural_forecast.series.reading.names import mistyped, names_period, with_part
from rural_forecast.series.reading.periods import Head, likely
from rural_forecast.series.reading.words import BAD, BLANK, HEAD, MISSING, NUMBER, TEXT
from rural_forecast.text.cells import expression

_LOOK = 60  # rows below a header, and columns of it, that show what they are
_YEARS = expression(r"(?<!\d)(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d|\d{4}))?(?!\d)")


def tables_in(grid: Grid, period_column: str | None = None) -> list[PeriodTable]:
    """The tables of a grid, in order, each with its own part of it."""
    run = run_of(grid, period_column)
    tables = [
        table for part in (down_pieces(grid, run) if run else ()) if (table := down_table(*part))
    ]
    if period_column is None:
        first = run.first if run else len(grid.index)
        covers = run is not None and len(run.rows) > 0.8 * (len(grid.index) - first)
        heads = _header_rows(grid, first if covers else len(grid.index))
        if (heads and first > heads[0]) or not tables:
            across = [table for part in _pieces_across(grid, heads) if (table := _across(*part))]
            tables = across or [*filter(None, [_with_years_in_heads(grid)])] or tables
    for at, table in enumerate(tables):
        sections = table.sections
        if len(tables) > 1:
            title = table.title[-1] if table.title else f"table {at + 1}"
            sections = [*sections, labelled("table", [title] * len(table.rows))]
        tables[at] = replace(table, sections=sections, doubt=table.doubt or _unlike_header(table))
    return tables


def _unlike_header(table: PeriodTable) -> InputError | None:
    """The refusal of a header that has lost a name, or got one too many: the others may be those of
    other columns.
    """
    grid = table.grid
    row = table.header_row
    names = table.names
    last = int(table.value_columns.max())
    at = grid.widths[row] - 1 if grid.widths and row >= 0 else grid.index.shape[1]
    if (
        row >= 0
        and not table.across
        and not names[last]
        and any(names[at] for at in table.value_columns.tolist())
    ):
        problem = f"column {last + 1} has figures and no name"
        at = last
    elif at < grid.index.shape[1] and grid.text(row, at):
        cells = max(grid.widths[each] for each in table.rows.tolist())
        if at < cells:
            return None
        problem = f"the header has {at + 1} names, and no row has more than {cells} cells"
    else:
        return None
    return InputError(f"{problem}.", "Give each column one name.", place=grid.place_of(row, at))


def _header_rows(grid: Grid, end: int) -> list[int]:
    heads = (grid.bits[:end] & HEAD) != 0
    others = ((grid.bits[:end] & NUMBER) != 0) & ~heads
    return [
        row
        for row in np.flatnonzero((heads.sum(axis=1) > 1) & (others.sum(axis=1) < 3)).tolist()
        if all(mistyped(grid.cell(row, at)) for at in np.flatnonzero(others[row]).tolist())
        and _is_header(grid, row)
    ]


def _is_header(grid: Grid, row: int) -> bool:
    """True if a row is a header of periods: two of them or more, in order, and figures below that
    are none.
    """
    columns = np.flatnonzero(grid.bits[row] & HEAD)
    heads = [head for code in grid.index[row, columns].tolist() if (head := grid.words.head(code))]
    blocks = {head.period for head in heads}
    steps = {
        np.sign(later.period.year - earlier.period.year) for earlier, later in pairwise(heads)
    } - {0}
    if len(blocks) < 2 or (len(blocks) == len(heads) and len(steps) != 1):
        return False
    below = grid.bits[row + 1 : row + _LOOK, columns[:_LOOK]]
    numbers = (below & NUMBER) != 0
    count = int(numbers.sum())
    alike = int((numbers & ((below & HEAD) != 0)).sum())
    return (
        count > 0
        and alike < 0.8 * count
        and count > 0.1 * ((below & (NUMBER | MISSING)) == 0).sum()
    )


def _pieces_across(grid: Grid, heads: Sequence[int]) -> Iterator[tuple[Grid, int]]:
    """A grid cut to one header of periods each, and the row of this header."""
    dense = ((grid.bits & NUMBER) != 0).sum(axis=1) > 1
    starts = [
        int(before + 1 + np.flatnonzero([True, *dense[before + 1 : row]])[-1])
        for before, row in pairwise(heads)
    ]
    for row, (top, end) in zip(heads, pairwise([0, *starts, len(grid.index)]), strict=False):
        piece = grid.cut(slice(top, end), slice(0, None)) if starts else grid
        edges = [0, *_labels_again(piece, row - top), grid.index.shape[1]]
        for edge in pairwise(edges):
            yield piece if len(edges) == 2 else piece.cut(slice(0, None), slice(*edge)), row - top


def _labels_again(grid: Grid, row: int) -> list[int]:
    """The columns where labels are next to periods once more: those of another table."""
    years = np.flatnonzero(grid.bits[row] & HEAD).tolist()
    below = grid.bits[row + 1 :]
    texts = ((below & TEXT) != 0).sum(axis=0)
    wordy = np.flatnonzero((texts > 0) & (texts >= ((below & NUMBER) != 0).sum(axis=0))).tolist()
    if not years or not wordy or wordy[0] >= years[0]:
        return []
    said = {at: {*grid.label("", at, slice(row + 1, None)).texts} - {""} for at in wordy}
    first = wordy[0]
    again = [
        at
        for at, texts in said.items()
        if at > years[0]
        and (
            grid.text(row, at) == grid.text(row, first) or 2 * len(texts & said[first]) > len(texts)
        )
    ]
    between = (
        next((at for at in again if before < at < after), None) for before, after in pairwise(years)
    )
    return [at for at in between if at is not None]


def _across(
    grid: Grid, row: int, said: Mapping[int, tuple[str, Head]] | None = None
) -> PeriodTable | None:
    """The table below a row with periods; `said`: what its cells measure, and their periods, where
    they hold both.
    """
    width = grid.index.shape[1]
    apart = dict[int, str]()
    found = {
        at: head
        for at in range(width)
        if (head := grid.words.head(int(grid.index[row, at]))) is not None
    }
    if said:
        found = {at: head for at, (_, head) in said.items()}
    else:
        found = _filled_right(grid, row, found)
        apart = _other_measures(grid, row, found)
    years = sorted(found.keys() - apart.keys())
    data, headings, skipped, named = _rows(grid, row, years)
    if not data:
        return None
    names = [
        named.get(at, f"{apart[at]} {name}" if at in apart else name)
        for at, name in enumerate(grid.texts(row))
    ]
    heads = [found[at] for at in years]
    measures = [said[at][0] if said else "" for at in years]
    used = -1
    doubt = None if said else _twice(grid, row, years, heads)
    for line in (
        (*range(row + 1, min(row + 2, data[0])), *range(row - 1, max(-1, row - 4), -1))
        if doubt
        else ()
    ):
        above = carried(grid.texts(line)) if line < row else grid.texts(line)
        texts = [above[at] for at in years]
        if all(texts) and len(set(texts)) > 1:
            measures = texts
            used = line
            doubt = None
            parts = [
                with_part(head.period.year, text) for head, text in zip(heads, texts, strict=True)
            ]
            if all(parts):  # of the years
                heads = [Head(part) for part in parts if part]
                measures = [""] * len(years)
                doubt = _twice(grid, row, years, heads)
            break
    if used > row:
        names = [name or grid.text(used, at) for at, name in enumerate(names)]
        skipped = [(line, why) for line, why in skipped if line != used]
    dense = [line for line in range(row) if sum(map(is_number, grid.texts_in([line]))) > 1]
    title = grid.texts_in(line for line in range(max(dense, default=-1) + 1, row) if line != used)
    if len(set(measures)) == 1:
        title = [*title, *filter(None, measures[:1])]
        measures = [""] * len(years)
    return PeriodTable(
        grid,
        row,
        names,
        np.array(data, dtype=np.int64),
        np.array(years, dtype=np.int64),
        heads,
        np.arange(len(years))[None, :],
        measures=labelled("measure", measures),
        doubt=doubt,
        sections=sections_of(grid, headings, data, [at for at in range(width) if at not in years]),
        title=title,
        skipped=skipped,
    )


def _twice(grid: Grid, row: int, years: Sequence[int], heads: Sequence[Head]) -> InputError | None:
    """The refusal of a period that is in the header several times."""
    first: dict[object, int] = {}
    for at, head in zip(years, heads, strict=True):
        before = first.setdefault((head.period, head.day), at)
        if before != at:
            problem = f"{head.period} is in the header a second time; the first is at {grid.place_of(row, before)}."
            hint = "Keep the columns of one measure, or write its name above each."
            return InputError(problem, hint, place=grid.place_of(row, at))
    return None


def _filled_right(grid: Grid, row: int, heads: dict[int, Head]) -> dict[int, Head]:
    """Years written over the first of their columns (merged cells) hold for the named columns after
    it as well.
    """
    lines = range(row + 1, min(row + 4, len(grid.index)))
    below = next((line for line in lines if (grid.bits[line] & NUMBER).any()), -1)
    if [line for line in range(row + 1, below) if any(grid.texts(line))] != [row + 1]:
        return heads
    filled = dict[int, Head]()
    last = None
    for at in range(grid.index.shape[1]):
        last = heads.get(at, last if not grid.text(row, at) and grid.text(row + 1, at) else None)
        if last is not None:
            filled[at] = last
    return filled


def _other_measures(grid: Grid, row: int, heads: Mapping[int, Head]) -> dict[int, str]:
    """The names, in the row above, of columns whose periods are there again, such as growth right
    of the amounts.
    """
    if row < 1 or len({(head.period, head.day) for head in heads.values()}) == len(heads):
        return {}
    above = carried(grid.texts(row - 1))
    named = {at: above[at] for at in heads if above[at]}
    plain = [head.period for at, head in heads.items() if at not in named]
    whole = len(set(plain)) == len(plain) > 1 and {heads[at].period for at in named} <= {*plain}
    return named if whole else {}


def _rows(
    grid: Grid, head: int, years: Sequence[int]
) -> tuple[list[int], list[int], list[tuple[int, str]], dict[int, str]]:
    """The rows below a header: with values, with labels of others, not used; and heads of labels in
    one of them.
    """
    data = list[int]()
    headings = list[int]()
    skipped = list[tuple[int, str]]()
    names = dict[int, str]()
    pending = list[int]()
    labels = 0
    others = [at for at in range(grid.index.shape[1]) if at not in years]
    values = grid.bits[:, years]
    said = (grid.bits[:, others] & BLANK) == 0
    numbers = ((values & (NUMBER | BAD)) != 0).any(axis=1)
    known = ((values & MISSING) == 0).any(axis=1)
    unread = ((values & BLANK) == 0).any(axis=1)
    for row in range(head + 1, len(grid.index)):
        texts = np.flatnonzero(said[row])
        if len(texts) and known[row] and not numbers[row]:  # digits that are no periods
            cells = [
                grid.text(row, at) for at in years if not grid.bits[row, at] & (MISSING | HEAD)
            ]
            unread[row] = any(
                any(map(str.isdigit, text)) and not with_part(2000, text) for text in cells
            )
        if len(texts) and grid.counts_columns(row):
            skipped.append((row, "numbers of the columns"))
        elif numbers[row] or (len(texts) and unread[row]):
            if numbers[row]:
                headings += pending
                pending = []
                labels = len(texts)
            data.append(row)
        elif known[row]:
            skipped.append((row, "no numbers in its years"))
        elif not len(texts) or (data and 1 < len(texts) == labels):
            skipped.append((row, "no values"))
        elif (
            row == head + 1 and len(texts) == 1 and names_period(grid.text(head, others[texts[0]]))
        ):
            names[others[texts[0]]] = grid.text(row, others[texts[0]])
            skipped.append((row, "names of labels"))
        else:
            pending.append(row)
    while len(data) > 1 and not known[data[-1]]:
        skipped.append((data.pop(), "no values"))
    return (
        data,
        headings,
        [*skipped, *((row, HEADING) for row in headings), *((row, BELOW) for row in pending)],
        names,
    )


def _with_years_in_heads(grid: Grid) -> PeriodTable | None:
    """The table whose heads are such as `Sales 2021`; None where there is none."""
    for row in range(min(len(grid.index), 20)):
        found: dict[int, tuple[str, Head]] = {}
        for at, text in enumerate(grid.texts(row)):
            there = _YEARS.findall(text) if len(text) < 400 else []
            if whole := grid.words.head(int(grid.index[row, at])):  # 2024E, out of order
                found[at] = "", whole
            elif len(there) == 1 and (head := likely(there[0])):
                found[at] = (
                    " ".join(
                        part for each in text.split(there[0]) if (part := each.strip(" ;,_-/:"))
                    ),
                    head,
                )
        count = Counter(name for name, _ in {(name, head.period) for name, head in found.values()})
        if said := {at: (name, head) for at, (name, head) in found.items() if count[name] > 1}:
            return _across(grid, row, said)
    return None
