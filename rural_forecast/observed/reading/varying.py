"""Labels that vary among rows: those that a choice is made by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.observed.reading.codes import (
    holds_numbers,
    numbers_rows,
    one_to_one,
    says_period,
)
from rural_forecast.observed.reading.columns import Columns
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, together
from rural_forecast.observed.reading.names import (
    CODES,
    NO,
    OTHER_NAMES,
    YES,
    names_period,
    normalised,
)
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import NUMBER


def varying(table: PeriodTable, columns: Columns, rows: Indices) -> list[Labels]:
    """Find the fewest columns whose labels distinguish the series of some rows.

    They are given in the order of the file.
    """
    remarks = set() if table.across else _remarks(table, columns.labels)
    kept: dict[str, Labels] = {}
    for label in columns.labels:
        if label.name in remarks or distinct(label.codes[rows]) < 2:
            continue
        if numbers_rows(table, label, columns.labels):
            continue
        column = columns.places.get(label.name, 0)
        if table.across or not _says_no_more(table, label, column, rows):
            kept[label.name] = label

    ranks = {name: _rank(label, rows) for name, label in kept.items()}
    later_first = list(reversed(kept))  # of equals, as the sort keeps their order
    for name in sorted(later_first, key=ranks.__getitem__):
        label = kept.pop(name)
        others = [other.codes[rows] for other in kept.values()]
        if ranks[name].is_code and kept:
            others.append(together(others, len(rows)))  # type: ignore[arg-type]
        own = label.codes[rows]
        if not any(distinct(other, own) == distinct(other) for other in others):
            kept[name] = label
    return [label for label in columns.labels if label.name in kept]


class _Rank(NamedTuple):
    """The order in which columns are left out where others say the same: false goes first."""

    is_no_code: bool
    is_no_decimal: bool
    length: int  # of all labels together

    @property
    def is_code(self) -> bool:
        """True for codes, which say no more than their labels."""
        return not self.is_no_code


def _rank(label: Labels, rows: Indices) -> _Rank:
    of_rows = label.of_rows(rows)
    is_code = (
        holds_numbers(of_rows)
        or CODES.search(label.name) is not None
        or normalised(label.name) in OTHER_NAMES["unit"]
        or all(re.fullmatch(r"[A-Z\d_.:/-]*", text, re.ASCII) for text in of_rows.texts)
    )
    is_decimal = holds_numbers(label) and any("." in text for text in label.texts)
    return _Rank(not is_code, not is_decimal, sum(map(len, of_rows.all_texts)))


def _says_no_more(table: PeriodTable, label: Labels, column: int, rows: Indices) -> bool:
    """Return true if a column remarks on few values, or follows from the periods of its rows."""
    codes = label.codes[rows]
    periods = table.period_codes[rows]
    if _remarks_on_few(table, label, column, rows):
        return True
    # The code of the period, a part of it, or how long it is.
    if distinct(periods, codes) == distinct(periods):
        # The last one is that of rows without a period, whose index is -1.
        lengths = np.array([head.period.length if head else 1 for head in table.heads] + [1])
        lengths = lengths[table.head_of[rows, 0]]
        says_length = distinct(lengths) > 1 and one_to_one(codes, lengths)
        if names_period(label.name) and distinct(periods) < len(rows):  # the year of an era, say
            return True
        if says_length or says_period(table, label, rows):
            return True
    # One label a period over all rows, and several rows a period or only yes and no: `latest year`.
    period_count = distinct(table.period_codes)
    pairs = distinct(table.period_codes, label.codes)
    if not 1 < period_count == pairs:
        return False
    return pairs < len(table.rows) / 2 or {*map(normalised, label.texts)} <= YES | NO


def _remarks_on_few(table: PeriodTable, label: Labels, column: int, rows: Indices) -> bool:
    """Return true for a column to the right of all figures, with a label on few of them."""
    codes = label.codes[rows]
    blanks = (codes == label.texts.index("")).sum() if "" in label.texts else 0
    is_one_series = distinct(table.period_codes[rows]) == len(rows)
    if not is_one_series or len(rows) > 2 * blanks or column <= 1:
        return False
    behind = range(column, table.grid.index.shape[1])
    return not any((table.bits(other) & NUMBER).any() for other in behind)


def _remarks(table: PeriodTable, columns: Sequence[Labels]) -> set[str]:
    """Find the columns of remarks on single values.

    Without them, the others still give one value a series and period.
    """
    count = len(table.rows)
    remarks = set[str]()
    codes_of = {column.name: column.codes for column in columns}
    if len(codes_of) < 2 or distinct(table.period_codes, *codes_of.values()) < count:
        return remarks
    series = distinct(*codes_of.values())
    while True:
        # How many series are left without each column that may go.
        series_without: dict[str, int] = {}
        for name in codes_of:
            others = [codes for other, codes in codes_of.items() if other != name]
            if distinct(table.period_codes, *others) == count:
                series_without[name] = distinct(*others) if others else 1
        name = min(reversed(series_without), key=series_without.__getitem__, default="")
        if not name or not 1 < series_without[name] < series:
            return remarks
        remarks.add(name)
        series = series_without[name]
        del codes_of[name]
