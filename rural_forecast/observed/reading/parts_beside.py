"""Joins years down with their months or quarters, which are in another column or across.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.labels import distinct, labelled
from rural_forecast.observed.reading.names import (
    names_frequency,
    says_yearly,
    with_part,
    year_before_month,
)
from rural_forecast.observed.reading.table import PeriodTable, months_in
from rural_forecast.observed.reading.words import NUMBER
from rural_forecast.text.cells import label


def with_parts_beside(table: PeriodTable) -> PeriodTable:
    """Return the table with years, and months or quarters in another column, as one period."""
    grid = table.grid
    head_of = table.head_of[:, 0]
    heads = [table.heads[index] if index >= 0 else None for index in np.unique(head_of).tolist()]
    if not all(head and head.period.is_year and not head.dated for head in heads):
        return table
    if _is_said_to_be_yearly(table):
        return table
    years = {head.period for head in heads if head}
    most = 0
    is_sure = False
    composed = table
    distinguishing = [head_of]  # years, and labels next to them
    for column in range(grid.index.shape[1]):
        if column == table.period_column:
            continue
        codes = grid.index[table.rows, column]
        if not _may_hold_parts(table, column):
            if not (table.bits(column)[:50] & NUMBER).any():
                distinguishing.append(codes)
            continue
        pairs, pair_of = np.unique(np.stack([head_of, codes]), axis=1, return_inverse=True)
        parts = [_part(table, column, index, code) for index, code in pairs.T.tolist()]
        whole_parts = [part for part in parts if part is not None]
        if len(whole_parts) < len(parts):
            continue
        kinds = {(part.last, part.length) for part in whole_parts}
        is_one_kind = len(kinds) == 1 and kinds != {(12, 12)}  # first quarters, say
        count = len(set(whole_parts))
        if count > most and (is_one_kind or count > len(years)):
            most = count
            is_sure = is_one_kind
            composed = replace(
                table,
                heads=[Head(part) for part in whole_parts],
                head_of=pair_of.reshape(-1, 1),
                part_column=column,
                value_columns=table.value_columns[table.value_columns != column],
            )
    # Where years and labels distinguish all rows, a month next to them is no part of the year: in
    # the data of the USDA it is that of the estimate.
    if most and not is_sure and distinct(*distinguishing) == len(table.rows):
        return table
    return composed


def _is_said_to_be_yearly(table: PeriodTable) -> bool:
    """True if a column of SDMX says `A`, for annual: `JAN` in another one is a code."""
    for column, name in enumerate(table.names):
        if names_frequency(name):
            return all(map(says_yearly, table.grid.label(name, column, table.rows).texts))
    return False


def _may_hold_parts(table: PeriodTable, column: int) -> bool:
    """True if the first cells of a column are all parts of a year."""
    name = table.names[column]
    codes = np.unique(table.grid.index[table.rows[:20], column])
    cells = [table.grid.words.cells[code] for code in codes.tolist()]
    if not name and not any(cells):
        return False
    years = [year_before_month(label(cell).strip()) or 2000 for cell in cells]
    pairs = zip(years, cells, strict=True)
    return all(with_part(year, cell, name) is not None for year, cell in pairs)


def _part(table: PeriodTable, column: int, index: int, code: int) -> Period | None:
    head = table.heads[index]
    if head is None:
        return None
    return with_part(head.period.year, table.grid.words.cells[code], table.names[column])


def with_months_across(table: PeriodTable) -> PeriodTable:
    """Return the table with the months or quarters that its columns are named by."""
    parts: dict[int, Period] = {}
    for column, name in enumerate(table.names):
        part = with_part(2000, name)
        if part is not None and column not in (table.period_column, table.part_column):
            parts[column] = part
    within = {part for part in parts.values() if not part.is_year}
    whole = [column for column, part in parts.items() if part.is_year]
    months = {part.last for part in within if part.length == 1}
    if len(months) == 12 and whole:
        # The year is next to its months, as the BLS and the NSIDC have it.
        return replace(table, value_columns=np.array(whole, dtype=np.int64))
    others = set(table.value_columns.tolist()) - parts.keys()
    if whole or others or len(within) not in (4, 12) or len(within) != len(parts):
        return table
    heads, head_of = months_in(table.heads, table.head_of, [*parts.values()])
    measures = labelled("measure", [""] * len(parts))
    columns = np.array([*parts])
    return replace(table, value_columns=columns, heads=heads, head_of=head_of, measures=measures)
