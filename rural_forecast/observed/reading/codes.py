"""Columns of codes: those that say again, in signs, what a column of labels says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.observed.reading.amounts import is_number
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, ranked
from rural_forecast.observed.reading.names import (
    CODES,
    COUNTS_ROWS,
    ID_NAMES,
    names_period,
    normalised,
    same,
    with_part,
)
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import Codes


def numbers_rows(table: PeriodTable, label: Labels, labels: Sequence[Labels]) -> bool:
    """Return true if a label is different in each row, and the others still tell rows apart.

    It says which row it is, and nothing of the series: the WHO numbers its values.
    """
    count = len(table.rows)
    if table.across or len(label.texts) < count or distinct(label.codes) < count:
        return False
    periods = table.period_codes
    others: list[Codes] = []
    for other in labels:
        follows_from_period = distinct(periods, other.codes) == distinct(periods)
        if other.name != label.name and not follows_from_period:
            others.append(other.codes)
    return distinct(periods, *others) == count > distinct(*others, np.zeros(count))


def code_columns(
    table: PeriodTable,
    numbers: Sequence[int],
    texts: Sequence[int],
    value: int,
    asked: str | None,
) -> list[int]:
    """Find the columns of numbers that hold no values: codes, the period again, or a constant."""
    names = table.names
    count = len(table.rows)
    rest = [column for column in numbers if column != value]
    words = {column: set(table.label(column).texts) - {""} for column in rest}
    named_code = {column for column in rest if CODES.search(names[column])}
    # Codes repeat from period to period, and values do not.
    periods = table.period_codes
    most = np.unique(periods[periods >= 0], return_counts=True)[1].max(initial=0)
    repeating = {column for column in rest if _is_code_like(words[column], 1.5 * most)}
    if value >= 0:
        unnamed = {column for column in rest if not names[column]}
        return [column for column in rest if column in unnamed | named_code | repeating]

    free = [column for column in numbers if asked is None or not same(asked, names[column])]
    codes: list[int] = []
    for column in free:
        # The year of an era, say: one of each period, and of all rows that have it.
        period_count = distinct(periods)
        label = table.label(column)
        follows_from_period = distinct(periods, label.codes) == period_count < count
        if follows_from_period and names_period(names[column]):
            codes.append(column)
            continue
        labels_of_code: list[int] = []
        if column in repeating or column in named_code:
            labels_of_code += texts
        if column in named_code:
            labels_of_code.append(table.period_column)
        if _is_code(table, column, labels_of_code, is_named=column in named_code):
            codes.append(column)

    left = [column for column in numbers if column not in codes]
    constant = [column for column in left if len(words[column]) < 2]
    if len(constant) < len(left) and texts and count > 2:
        codes += [column for column in constant if column in free and names[column]]
    # The membership of a country, say.
    yes_or_no = [column for column in left if words[column] <= {"0", "1"}]
    if texts and len(yes_or_no) < len(left):
        codes += [column for column in yes_or_no if column in free and column not in codes]
    # Where labels do not give one value a series and period, some numbers are labels.
    labels = [table.label(column).codes for column in (*texts, *codes)]
    if distinct(periods, *labels) < count:
        codes += [column for column in left if column not in codes and column in repeating]
    return codes


def _is_code_like(words: Collection[str], most: float) -> bool:
    return all(map(str.isalnum, words)) and len(words) <= most


def _is_code(
    table: PeriodTable, column: int, labels_of_code: Sequence[int], *, is_named: bool
) -> bool:
    """Return true for a column of codes, by its name or next to a column of their labels."""
    if counts_rows(table, column):
        return True
    if is_named and normalised(table.names[column]) in ID_NAMES:
        return True
    label = table.label(column)
    count = len(table.rows)
    if count > 2:
        for other in labels_of_code:
            if one_to_one(label.codes, table.label(other).codes):
                return True
    return says_period(table, label, np.arange(count))


def counts_rows(table: PeriodTable, column: int) -> bool:
    """Return true for a column that numbers the rows, one after the other."""
    if normalised(table.names[column]) not in COUNTS_ROWS:
        return False
    label = table.label(column)
    count = len(table.rows)
    if len(label.texts) != count:
        return False
    return any(
        label.all_texts == [str(number) for number in range(first, first + count)]
        for first in (0, 1)
    )


def says_period(table: PeriodTable, column: Labels, rows: Indices) -> bool:
    """Return true if a column holds the year of each row a second time, or a part of it."""
    heads = table.head_of[rows, 0]
    codes = column.codes[rows]
    first, _ = ranked((heads, codes), len(rows))
    for head_index, code in zip(heads[first].tolist(), codes[first].tolist(), strict=True):
        head = table.heads[head_index] if head_index >= 0 else None
        year = 1 if head is None else head.period.year
        text = column.texts[code]
        has_year = text[:4] == str(year) or (str(year) in text and not is_number(text))
        if not has_year and not with_part(year, text, column.name):
            return False
    return True


def one_to_one(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Return true if the labels of two columns correspond one to one."""
    return distinct(first) == distinct(second) == distinct(first, second)


def holds_numbers(label: Labels) -> bool:
    """Return true if all texts of a column are numbers."""
    return all(not text or is_number(text) for text in label.texts)
