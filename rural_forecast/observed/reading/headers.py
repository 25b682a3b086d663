"""Finds the rows of a grid that are headers of periods, which run across.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.observed.reading.amounts import is_number
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.names import mistyped, names_period
from rural_forecast.observed.reading.words import HEAD, NUMBER
from rural_forecast.text.cells import shown

_SAMPLE = 60  # rows below a header, and columns of it, that show if it is one


def header_rows(grid: Grid, end: int) -> dict[int, InputError | None]:
    """Find the rows above `end` that are headers of periods, each with the doubt about it."""
    heads = (grid.bits[:end] & HEAD) != 0
    numbers = ((grid.bits[:end] & NUMBER) != 0) & ~heads
    # A mistyped year such as 20211 is a number: the account names it, and a third is no accident.
    likely_rows = np.flatnonzero((heads.sum(axis=1) > 1) & (numbers.sum(axis=1) < 3))
    rows: dict[int, InputError | None] = {}
    above = -1
    for row in likely_rows.tolist():
        columns = np.flatnonzero(numbers[row]).tolist()
        if not all(mistyped(grid.cell(row, column)) for column in columns):
            continue
        if not _is_header(grid, row):
            continue
        doubt = None
        if above >= 0 and _may_be_figures(grid, above, row):
            if not _are_numbers(grid, above):
                continue
            is_apart = _follows_empty_row(grid, row)
            has_same_steps = _steps(grid, row) == _steps(grid, above)
            if not is_apart and not has_same_steps:
                continue
            if not (is_apart and has_same_steps):
                doubt = _figures_or_header(grid, above, row)
        rows[row] = doubt
        above = row
    return rows


def _may_be_figures(grid: Grid, header: int, row: int) -> bool:
    """True if a row of numbers that may be years has a label of its own below a header.

    A town has 1,991 people, then 1,998. Another header has the name of the one above it, or one
    that says period; or it has other columns, or the same periods once more.
    """
    columns = np.flatnonzero(grid.bits[row] & HEAD)
    are_numbers = bool((grid.bits[row, columns] & NUMBER).all())
    are_same_columns = bool((grid.bits[header, columns] & HEAD).all())
    if not are_numbers or not are_same_columns:
        return False
    if (grid.index[row, columns] == grid.index[header, columns]).all():
        return False
    texts = [text for text in grid.texts(row) if text and not is_number(text)]
    names_above = grid.texts(header)
    return bool(texts) and not any(text in names_above or names_period(text) for text in texts)


def _are_numbers(grid: Grid, header: int) -> bool:
    """True if a header has no period such as a date, which no number below it could be."""
    kinds = grid.bits[header]
    return bool((kinds[kinds & HEAD != 0] & NUMBER).all())


def _follows_empty_row(grid: Grid, row: int) -> bool:
    """True if an empty row is between a row and the figures or the header above it."""
    is_figures = (grid.bits[:row] & (NUMBER | HEAD)).any(axis=1)
    last = int(np.flatnonzero(is_figures)[-1])
    return any(line in grid.gaps for line in range(last + 1, row + 1))


def _steps(grid: Grid, row: int) -> set[int]:
    """Collect the different steps from one period of a row to the next, in years."""
    heads = [grid.words.head(code) for code in grid.index[row].tolist()]
    years = [head.period.year for head in heads if head is not None]
    return {later - earlier for earlier, later in pairwise(years)}


def _figures_or_header(grid: Grid, header: int, row: int) -> InputError:
    name = shown(next(filter(None, grid.texts(row))))
    first = grid.place_of(header, 0)
    problem = f"{name} may be a row of figures below the header at {first}, or another header."
    hint = (
        "If it is a header, give it the name that the first one has; "
        "if not, move the row below the others."
    )
    return InputError(problem, hint, place=grid.place_of(row, 0))


def _is_header(grid: Grid, row: int) -> bool:
    """True if the periods of a row are in order, and the figures below them are no years."""
    columns = np.flatnonzero(grid.bits[row] & HEAD)
    heads = [grid.words.head(code) for code in grid.index[row, columns].tolist()]
    periods = [head.period for head in heads if head is not None]
    different = len(set(periods))
    steps = {np.sign(later.year - earlier.year) for earlier, later in pairwise(periods)} - {0}
    if different < 2:
        return False
    # Periods that come again are those of several measures, and start anew with each.
    if different == len(periods) and len(steps) != 1:
        return False
    below = grid.bits[row + 1 : row + _SAMPLE, columns[:_SAMPLE]]
    numbers = (below & NUMBER) != 0
    years = numbers & ((below & HEAD) != 0)
    count = int(numbers.sum())
    return count > 0 and int(years.sum()) < 0.8 * count
