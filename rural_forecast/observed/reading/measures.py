"""Measures of a table: the columns of values that a series may take its figures from.

Where periods run down, each column of numbers is a measure. Where they run across, a measure is one
column for each period. `docs/explanation/how-a-table-is-found.md` explains the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rural_forecast.observed.reading.columns import Columns, numbered
from rural_forecast.observed.reading.labels import Indices, distinct
from rural_forecast.observed.reading.names import likeness, normalised, same, single_spaced
from rural_forecast.observed.reading.table import PeriodTable, carried
from rural_forecast.observed.reading.words import NUMBER


@dataclass(frozen=True)
class Measure:
    """Columns of values that hold one measure: one column, or one for each period."""

    names: Sequence[str]  # its name, and what else is above its figures
    columns: Indices

    @property
    def name(self) -> str:
        """Its name, empty for none."""
        return self.names[0]

    @property
    def first(self) -> int:
        """Its first column in the grid."""
        return int(self.columns[0])

    def is_called(self, name: str) -> bool:
        """True if one of its names is the whole of a name."""
        return any(same(own, name) for own in self.names)

    def has_name_like(self, name: str) -> bool:
        """True if its name differs from another in case, spaces or signs alone."""
        return normalised(self.name) == normalised(name)

    def has_part(self, name: str) -> bool:
        """True if a name is a part of its name."""
        return likeness(self.name, name) > 0


def measures_of(table: PeriodTable, beside: Columns) -> list[Measure]:
    """List the measures of a table, that of the value first where it is known."""
    if table.measures is not None:
        codes = table.measures.codes
        texts = enumerate(table.measures.texts)
        return [Measure([text], table.value_columns[codes == code]) for code, text in texts]
    columns = [*beside.values]
    if beside.value >= 0:
        columns.insert(0, beside.value)
    # A name in any line above the figures chooses a column: publishers write codes there. In
    # rows of our own there is a header alone.
    first = 0 if table.roles or not len(table.rows) else int(table.rows[0])
    joined_above = _joined_above(table, first)
    measures: list[Measure] = []
    names = {column: single_spaced(table.names[column]) for column in columns}
    times = Counter(names.values())
    for column, name in names.items():
        texts_above = [table.grid.text(row, column) for row in range(first)]
        if times[name] > 1:
            texts_above.append(numbered(name, column))
        all_names = [name, *texts_above, *joined_above[column]]
        measures.append(Measure(all_names, np.array([column])))
    return measures


def _joined_above(table: PeriodTable, first: int) -> dict[int, list[str]]:
    """Join the lines above each name, from each line that is above figures down to the name.

    A head over several rows may begin above rows that look like a title.
    """
    columns = [*range(table.period_column + 1, len(table.names))]
    joined: dict[int, list[str]] = {column: [] for column in range(len(table.names))}
    if table.across or table.roles or table.header_row < 0:
        return joined
    lines: dict[int, str] = {column: table.names[column] for column in columns}
    for row in range(min(table.header_row, first) - 1, -1, -1):
        texts = carried([table.grid.text(row, column) for column in columns])
        for column, text in zip(columns, texts, strict=True):
            if text and text not in lines[column]:
                lines[column] = single_spaced(f"{text} {lines[column]}")
                joined[column].append(lines[column])
    return joined


def numeric_columns(table: PeriodTable) -> list[Measure]:
    """List each column that is mostly numbers as a measure, also one that is taken for labels."""
    measures: list[Measure] = []
    for column, name in enumerate(table.names):
        if column != table.period_column and table.is_numeric(column, 0.5):
            measures.append(Measure([name, numbered(name, column)], np.array([column])))
    return measures


def measures_named(measures: Sequence[Measure], name: str) -> list[Measure]:
    """Find the measures of a name, or else those of which it is a part."""
    for is_named in (Measure.is_called, Measure.has_name_like, Measure.has_part):
        named = [measure for measure in measures if is_named(measure, name)]
        if named:
            return named
    return []


def unique_names(measures: Sequence[Measure]) -> list[str]:
    """Name measures, each in another way."""
    names = [measure.name or f"column {measure.first + 1}" for measure in measures]
    times = Counter(names)
    for index, measure in enumerate(measures):
        if times[names[index]] > 1:
            names[index] = numbered(names[index], measure.first)
    return names


def has_numbers(table: PeriodTable, rows: Indices, measure: Measure) -> bool:
    """True if a measure has a number in one of some rows."""
    return bool((table.bits(measure.first)[rows] & NUMBER).any())


def varies(table: PeriodTable, rows: Indices, measure: Measure) -> bool:
    """True if a measure has different values in some rows, or these are few."""
    cells = table.grid.index[table.rows[rows], measure.first]
    return len(cells) <= 2 or distinct(cells[cells > 0]) > 1
