"""Reads tables with periods across: a header of them, and the rows below it.

`pieces_across` cuts a grid to one header each, and `table_below` reads the table of one: its
periods, the measures that these are of, and the rows by what they are.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.amounts import is_flag
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.labels import Indices, labelled
from rural_forecast.observed.reading.names import names_period, with_part
from rural_forecast.observed.reading.table import (
    BELOW,
    HEADING,
    PeriodTable,
    SkippedRow,
    carried,
    sections_of,
)
from rural_forecast.observed.reading.words import BAD, BLANK, HEAD, MISSING, NUMBER, TEXT

_MOST_ROWS_TO_FIGURES = 8  # rows below a header among which the first figures are looked for


@dataclass(frozen=True)
class Header:
    """A row of periods, as it is understood so far."""

    row: int
    names: Sequence[str]  # of all columns of the grid
    heads: Mapping[int, Head]  # the period of each column of values, from left to right
    measures: Mapping[int, str] = field(default_factory=dict)
    """the measure of each column of values; empty where all hold the same."""
    row_of_measures: int = -1
    doubt: InputError | None = None


@dataclass(frozen=True)
class Body:
    """The rows below a header, by what they are."""

    rows: Sequence[int]  # with values
    headings: Sequence[int]  # with a label of the rows below them
    skipped: Sequence[SkippedRow]
    label_names: Mapping[int, str]  # names of columns of labels that are below the header


def pieces_across(
    grid: Grid, headers: Mapping[int, InputError | None]
) -> Iterator[tuple[Grid, int, InputError | None]]:
    """Cut a grid to one header each, and name its row there, and the doubt about it.

    Annual reports, such as those of Morningstar, have tables below each other. The title of one is
    between its header and the figures of the table before it.
    """
    has_figures = ((grid.bits & NUMBER) != 0).sum(axis=1) > 1
    tops = [0]
    for before, row in pairwise(headers):
        figures = np.flatnonzero([True, *has_figures[before + 1 : row]])
        tops.append(before + 1 + int(figures[-1]))
    for header, (top, end) in zip(headers, pairwise([*tops, len(grid.index)]), strict=False):
        is_alone = len(tops) == 1
        rows = grid if is_alone else grid.cut(slice(top, end), slice(0, None))
        row = header - top
        edges = [0, *_columns_of_next_tables(rows, row), grid.index.shape[1]]
        for left, right in pairwise(edges):
            is_only_one = len(edges) == 2
            piece = rows if is_only_one else rows.cut(slice(0, None), slice(left, right))
            yield piece, row, headers[header]


def _columns_of_next_tables(grid: Grid, row: int) -> list[int]:
    """Find the columns where labels stand next to periods once more: those of another table.

    Labels are those of rows of figures. Below them is a legend of the flags beside the figures,
    which would repeat these flags.
    """
    years = np.flatnonzero(grid.bits[row] & HEAD).tolist()
    if not years:
        return []
    is_figure = (grid.bits[row + 1 :, years] & NUMBER) != 0
    body = np.flatnonzero(is_figure.any(axis=1)) + row + 1
    below = grid.bits[body]
    texts = ((below & TEXT) != 0).sum(axis=0)
    numbers = ((below & NUMBER) != 0).sum(axis=0)
    columns = np.flatnonzero((texts > 0) & (texts >= numbers)).tolist()
    if not columns or columns[0] >= years[0]:
        return []
    first = columns[0]
    first_labels = _labels_in(grid, body, first)
    again: list[int] = []
    for column in columns:
        labels = _labels_in(grid, body, column)
        is_same_name = grid.text(row, column) == grid.text(row, first)
        are_same_labels = 2 * len(labels & first_labels) > len(labels)
        are_flags = all(map(is_flag, labels)) and not are_same_labels
        if column > years[0] and (is_same_name or are_same_labels) and not are_flags:
            again.append(column)
    # Right of the last year it begins no table, as no years follow.
    begins: list[int] = []
    for before, after in pairwise(years):
        between = [column for column in again if before < column < after]
        begins += [column for column in between if _labels_figures(grid, body, column, after)][:1]
    return begins


def _labels_figures(grid: Grid, rows: Indices, column: int, next_year: int) -> bool:
    """True if most rows with a figure in a year have a text in a column, and different ones.

    Remarks are on few figures, or say the same of many.
    """
    figures = rows[grid.bits[rows, next_year] & NUMBER != 0]
    texts = figures[grid.bits[figures, column] & TEXT != 0]
    different = len(_labels_in(grid, texts, column))
    is_on_most = 2 * len(texts) > len(figures)
    return is_on_most and 2 * different > len(texts)


def _labels_in(grid: Grid, rows: Indices, column: int) -> set[str]:
    return {*grid.label("", column, rows).texts} - {""}


def table_below(grid: Grid, row: int, doubt: InputError | None) -> PeriodTable | None:
    """Read the table below a row of periods; None without values below it."""
    heads: dict[int, Head] = {}
    for column, code in enumerate(grid.index[row].tolist()):
        head = grid.words.head(code)
        if head is not None:
            heads[column] = head
    heads = _filled_right(grid, row, heads)
    measures_again = _measures_of_years_again(grid, row, heads)
    names = grid.texts(row)
    for column, measure in measures_again.items():
        names[column] = f"{measure} {names[column]}"
    own = {column: heads[column] for column in sorted(heads.keys() - measures_again.keys())}
    body = body_below(grid, row, [*own])
    if not body.rows:
        return None
    header = _with_measures(grid, Header(row, names, own), body.rows[0])
    return table_of(grid, replace(header, doubt=doubt or header.doubt), body)


def _with_measures(grid: Grid, header: Header, first: int) -> Header:
    """Find the names of measures, where a period is there several times; else it is in doubt.

    `first` is the first row of values. The names are in the row below the periods (estimates and
    their errors, of the Census), or in one of three rows above them. Halves, quarters or months
    there are parts of the years.
    """
    doubt = _twice(grid, header)
    if doubt is None:
        return header
    line = _line_of_measures(grid, header, first)
    if line is None:
        return replace(header, doubt=doubt)
    row, measures = line
    if row > header.row:
        names = [name or text for name, text in zip(header.names, grid.texts(row), strict=True)]
        header = replace(header, names=names)
    parts = _parts_of_years(header.heads, measures)
    if parts is None:
        return replace(header, measures=measures, row_of_measures=row)
    header = replace(header, heads=parts, row_of_measures=row)
    return replace(header, doubt=_twice(grid, header))


def _line_of_measures(grid: Grid, header: Header, first: int) -> tuple[int, dict[int, str]] | None:
    """Find the row next to a header that names the measure of every column of values."""
    below = range(header.row + 1, min(header.row + 2, first))
    above = range(header.row - 1, max(-1, header.row - 4), -1)
    for row in (*below, *above):
        texts = grid.texts(row) if row > header.row else carried(grid.texts(row))
        measures = {column: texts[column] for column in header.heads}
        if all(measures.values()) and len(set(measures.values())) > 1:
            return row, measures
    return None


def _parts_of_years(heads: Mapping[int, Head], texts: Mapping[int, str]) -> dict[int, Head] | None:
    """Combine years with the halves, quarters or months in texts; None if one is none."""
    parts: dict[int, Head] = {}
    for column, head in heads.items():
        part = with_part(head.period.year, texts[column])
        if part is None:
            return None
        parts[column] = Head(part)
    return parts


def table_of(grid: Grid, header: Header, body: Body) -> PeriodTable:
    """Put a header and the rows below it together."""
    row = header.row
    columns = [*header.heads]
    header = replace(header, names=_with_names_above(grid, header))
    names = [body.label_names.get(column, name) for column, name in enumerate(header.names)]
    title = _title_above(grid, row, header.row_of_measures)
    measures = [header.measures.get(column, "") for column in columns]
    if len(set(measures)) == 1:
        title += filter(None, measures[:1])
        measures = [""] * len(columns)
    others = [column for column in range(grid.index.shape[1]) if column not in header.heads]
    return PeriodTable(
        grid,
        row,
        names,
        np.array(body.rows, dtype=np.int64),
        np.array(columns, dtype=np.int64),
        [*header.heads.values()],
        np.arange(len(columns))[None, :],
        measures=labelled("measure", measures),
        sections=sections_of(grid, body.headings, body.rows, others),
        title=title,
        skipped=[line for line in body.skipped if line.row != header.row_of_measures],
        doubt=header.doubt,
    )


def _with_names_above(grid: Grid, header: Header) -> list[str]:
    """Name the columns of labels that a header leaves out by the row above that names its periods.

    The office of Turkey writes `Education | Years`, and the years below.
    """
    names = [*header.names]
    above = header.row - 1
    if above < 0:
        return names
    first = min(header.heads)
    if not any(names_period(grid.text(above, column)) for column in header.heads):
        return names
    for column in range(first):
        names[column] = names[column] or grid.text(above, column)
    return names


def _title_above(grid: Grid, row: int, row_of_measures: int) -> list[str]:
    """Collect the texts above a header, without the names of measures."""
    return grid.texts_in(line for line in range(row) if line != row_of_measures)


def _twice(grid: Grid, header: Header) -> InputError | None:
    """Refuse a period that is in a header several times."""
    columns: dict[object, int] = {}
    for column, head in header.heads.items():
        first = columns.setdefault((head.period, head.day), column)
        if first != column:
            problem = (
                f"{head.period} is in the header a second time; "
                f"the first is at {grid.place_of(header.row, first)}."
            )
            hint = "Keep the columns of one measure, or write its name above each."
            return InputError(problem, hint, place=grid.place_of(header.row, column))
    return None


def _filled_right(grid: Grid, row: int, heads: dict[int, Head]) -> dict[int, Head]:
    """Let a year over merged cells hold for the named columns after it as well.

    The names of these columns are in the row below, the only one above the figures: `2021`, empty
    over `Oil`, `Gas`. Headings of the rows below are left of the years.
    """
    if not heads:
        return heads
    first_head = min(heads)
    lines = range(row + 1, min(row + _MOST_ROWS_TO_FIGURES, len(grid.index)))
    first = next((line for line in lines if (grid.bits[line] & NUMBER).any()), -1)
    named = [line for line in range(row + 1, first) if any(grid.texts(line)[first_head:])]
    if named != [row + 1]:
        return heads
    filled: dict[int, Head] = {}
    last: Head | None = None
    for column in range(grid.index.shape[1]):
        goes_on = not grid.text(row, column) and bool(grid.text(row + 1, column))
        last = heads.get(column, last if goes_on else None)
        if last is not None:
            filled[column] = last
    return filled


def _measures_of_years_again(grid: Grid, row: int, heads: Mapping[int, Head]) -> dict[int, str]:
    """Find the columns whose periods are there again under the name of another measure.

    The review of BP has growth and share right of the amounts: `Growth | 2022`, `Share | 2022`. The
    amounts have no name above them, have each period once, and all of those that come again.
    """
    periods = {(head.period, head.day) for head in heads.values()}
    if row < 1 or len(periods) == len(heads):
        return {}
    above = carried(grid.texts(row - 1))
    named = {column: above[column] for column in heads if above[column]}
    amounts = [head.period for column, head in heads.items() if column not in named]
    is_each_once = len(set(amounts)) == len(amounts) > 1
    again: set[Period] = {heads[column].period for column in named}
    return named if is_each_once and again <= {*amounts} else {}


def body_below(grid: Grid, header: int, value_columns: Sequence[int]) -> Body:
    """Sort the rows below a header: with values, headings, not used, with names of labels."""
    others = [column for column in range(grid.index.shape[1]) if column not in value_columns]
    values = grid.bits[:, value_columns]
    has_label = (grid.bits[:, others] & BLANK) == 0
    # A broken number is meant as one, and refused where it is used.
    has_number = ((values & (NUMBER | BAD)) != 0).any(axis=1)
    has_value = ((values & MISSING) == 0).any(axis=1)  # or a text
    has_content = ((values & BLANK) == 0).any(axis=1)  # or a mark of a missing value
    rows: list[int] = []
    headings: list[int] = []
    undecided: list[int] = []  # headings, if rows follow
    skipped: list[SkippedRow] = []
    label_names: dict[int, str] = {}
    labels_of_row = 0  # labels of the last row of numbers

    for row in range(header + 1, len(grid.index)):
        labels = np.flatnonzero(has_label[row])
        is_unread = bool(has_content[row])
        if len(labels) and has_value[row] and not has_number[row]:
            is_unread = _has_unread_figure(grid, row, value_columns)

        if len(labels) and grid.counts_columns(row):
            skipped.append(SkippedRow(row, "numbers of the columns"))
        elif has_number[row]:
            headings += undecided
            undecided = []
            labels_of_row = len(labels)
            rows.append(row)
        elif len(labels) and is_unread:
            rows.append(row)  # missing values, or figures that are refused where they are used
        elif has_value[row]:
            skipped.append(SkippedRow(row, "no numbers in its years"))
        elif not len(labels) or (rows and 1 < len(labels) == labels_of_row):
            # A row with as many labels as others have is data of which all cells are empty.
            skipped.append(SkippedRow(row, "no values"))
        elif _is_row_of_label_name(grid, header, row, [others[label] for label in labels]):
            column = others[labels[0]]
            label_names[column] = grid.text(row, column)
            skipped.append(SkippedRow(row, "names of labels"))
        else:
            undecided.append(row)

    # Footnotes may have marks of missing values next to them: Eurostat explains `:` below a table.
    while len(rows) > 1 and not has_value[rows[-1]]:
        skipped.append(SkippedRow(rows.pop(), "no values"))
    skipped += [SkippedRow(row, HEADING) for row in headings]
    skipped += [SkippedRow(row, BELOW) for row in undecided]
    return Body(rows, headings, skipped, label_names)


def _has_unread_figure(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """True if a text in a column of values has digits, and names no half, quarter or month."""
    for column in columns:
        if grid.bits[row, column] & (MISSING | HEAD):
            continue
        text = grid.text(row, column)
        if any(map(str.isdigit, text)) and not with_part(2000, text):
            return True
    return False


def _is_row_of_label_name(grid: Grid, header: int, row: int, columns: Sequence[int]) -> bool:
    """True if the row below a header has one text, where the header names its periods.

    Workbooks of Eurostat and the OECD have `TIME` there, and `GEO` below it.
    """
    is_next = row == header + 1
    return is_next and len(columns) == 1 and names_period(grid.text(header, columns[0]))
