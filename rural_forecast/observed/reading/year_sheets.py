"""Sheets named by years, with the same heads: one table, whose periods are the names of the sheets.

No sheet of them has a year in it, so that none is a table of periods by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from rural_forecast.errors import Place
from rural_forecast.observed.reading.grid import Grid, grid_of
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.periods import read_head
from rural_forecast.observed.reading.words import NUMBER

_PERIOD = "period"


def joined_by_year(sheets: Sequence[Grid]) -> Grid | None:
    """Join the sheets named by years into one grid; None for fewer than two, or other heads."""
    of_years: list[tuple[Grid, int]] = []  # with the row of heads
    periods = set[object]()
    for grid in sheets:
        head = read_head(grid.sheet)
        if isinstance(head, Head):
            of_years.append((grid, _row_of_heads(grid)))
            periods.add(head.period)
    if len(of_years) < 2 or len(periods) < len(of_years):
        return None
    heads = {tuple(grid.texts(row)) if row >= 0 else () for grid, row in of_years}
    if len(heads) > 1 or not all(heads):
        return None

    places: list[tuple[Grid, int]] = [of_years[0]]  # of each row of the joined grid
    for grid, header in of_years:
        places += [(grid, row) for row in range(header + 1, len(grid.index))]

    def place_of(row: int, column: int) -> Place:
        grid, row_there = places[row]
        return grid.place_of(row_there, max(column - 1, 0))

    percent: list[tuple[int, int]] = []
    for row, (grid, row_there) in enumerate(places):
        percent += [(row, column + 1) for line, column in grid.percent if line == row_there]
    first = sheets[0]
    return grid_of(first.file, _rows(places), place_of, percent=percent, notes=first.notes)


def _row_of_heads(grid: Grid) -> int:
    """Find the row right above the first figures; -1 for none."""
    has_figures = ((grid.bits & NUMBER) != 0).any(axis=1)
    return int(np.argmax(has_figures)) - 1 if has_figures.any() else -1


def _rows(places: Sequence[tuple[Grid, int]]) -> Iterator[list[Any]]:
    for number, (grid, row) in enumerate(places):
        period = grid.sheet if number else _PERIOD
        yield [period, *(grid.cell(row, column) for column in range(grid.index.shape[1]))]
