"""Finds columns that repeat the values beside them, as their growth on the year before.

Sheets of analysts have them: `Sales` and `YoY`. The numbers decide, not the name: a column is such
growth if all of its cells are, within what was rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import Problem
from rural_forecast.observed.reading.amounts import Amount
from rural_forecast.observed.reading.labels import distinct
from rural_forecast.observed.reading.notations import notation_in
from rural_forecast.observed.reading.table import PeriodTable

_FEWEST = 2  # rates that agree, as one alone may by chance
_MOST_COLUMNS = 12  # as each is compared with each
_LARGEST_ROUNDING = 0.01  # one point of growth, beyond which many numbers would agree


class _Rounded(NamedTuple):
    value: float
    step: float  # the unit of its last digit


def growth_columns(table: PeriodTable, columns: Sequence[int], decimal: str | None) -> list[int]:
    """Find the columns of numbers that are the growth of another one, of one series a year."""
    count = len(table.rows)
    is_one_series = distinct(table.period_codes) == count and table.is_yearly
    if table.across or not is_one_series or not 2 <= len(columns) <= _MOST_COLUMNS:
        return []
    figures = _figures(table, columns, decimal)
    years = _years(table)
    growths: list[int] = []
    for column in columns:
        bases = [base for base in columns if base != column and base not in growths]
        if any(_is_growth(figures[column], figures[base], years) for base in bases):
            growths.append(column)
    return growths


def _years(table: PeriodTable) -> list[int | None]:
    heads = [table.heads[index] if index >= 0 else None for index in table.head_of[:, 0].tolist()]
    return [head.period.year if head else None for head in heads]


def _figures(
    table: PeriodTable, columns: Sequence[int], decimal: str | None
) -> dict[int, list[_Rounded | None]]:
    """Read the numbers of some columns, one a row; None where there is none."""
    grid = table.grid
    indices = np.array(columns)
    notation = notation_in(table, indices, decimal)
    codes = grid.index[np.ix_(table.rows, indices)]
    values, odd = grid.words.values(codes.ravel(), notation)
    figures: dict[int, list[_Rounded | None]] = {}
    for position, column in enumerate(columns):
        figures[column] = []
        for code in codes[:, position].tolist():
            beside = odd.get(code)
            is_number = np.isfinite(values[code]) and not isinstance(beside, Problem)
            body = beside.body if isinstance(beside, Amount) else None
            text = body if isinstance(body, str) else str(grid.words.cells[code])
            figure = _Rounded(float(values[code]), _step(text, notation.decimal))
            figures[column].append(figure if is_number else None)
    return figures


def _step(text: str, decimal: str) -> float:
    """Find the unit of the last digit of a number as it is written."""
    _, _, behind = text.partition(decimal)
    return 10.0 ** -sum(map(str.isdecimal, behind))


def _is_growth(
    rates: Sequence[_Rounded | None],
    levels: Sequence[_Rounded | None],
    years: Sequence[int | None],
) -> bool:
    """Return true if all rates are the growth of levels, in percent or as fractions."""
    by_year = {year: row for row, year in enumerate(years) if year is not None}
    compared: list[tuple[_Rounded, _Rounded, _Rounded]] = []
    for before, year in pairwise(sorted(by_year)):
        rate = rates[by_year[year]]
        level = levels[by_year[year]]
        earlier = levels[by_year[before]]
        if rate is None:
            continue
        if level is None or earlier is None or earlier.value <= 0 or year != before + 1:
            return False
        compared.append((rate, level, earlier))
    if len(compared) < _FEWEST:
        return False
    return any(all(_agrees(*one, scale) for one in compared) for scale in (100.0, 1.0))


def _agrees(rate: _Rounded, level: _Rounded, earlier: _Rounded, scale: float) -> bool:
    """Compare a rate with the growth of two levels, which may have been rounded after it."""
    ratio = level.value / earlier.value
    of_rate = rate.step / 2
    of_levels = scale * (level.step + abs(ratio) * earlier.step) / earlier.value / 2
    most = scale * _LARGEST_ROUNDING
    if of_rate > most:
        return False
    slack = of_rate + of_levels if of_levels <= most else of_rate
    return abs(rate.value - scale * (ratio - 1)) <= slack * (1 + 1e-9)
