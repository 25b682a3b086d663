"""Workbooks with one sheet a year: their rows as one table, with the year of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.notes import Note
from rural_forecast.series.reading.grid import check_size, is_empty, label
from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.table import Table, padded
from rural_forecast.series.source_names import without_folders

_YEAR = re.compile(r"\D*((?:19|20)\d\d)\D*")


def joined(tables: Sequence[Table]) -> list[Table]:
    """One table in place of sheets that are named by different years and have the same heads; none elsewhere."""
    named = [(table, year, head) for table in tables if (year := _year(table.sheet)) and (head := _head(table)) >= 0]
    heads = {tuple(map(label, table.rows[head])) for table, _, head in named}
    if len(named) < 2 or len(heads) > 1 or len({year for _, year, _ in named}) < len(named):
        return []
    rows: list[list[Any]] = []
    places: list[tuple[Table, int]] = []
    for table, year, head in named:
        for row, cells in enumerate(table.rows):
            title = "year" if row == head and table is named[0][0] else None
            rows.append([*cells, year if row > head and any(map(is_number, cells)) else title])
            places.append((table, row))
    check_size(tables[0].file, len(rows), len(rows[0]))

    def place(row: int, column: int) -> Place:
        table, line = places[row]
        return table.place(line, min(column, len(table.rows[line]) - 1))

    def percent(row: int, column: int) -> bool:
        table, line = places[row]
        return table.percent(line, column)

    first, last = named[0][0], named[-1][0]
    fields = {"file": without_folders(first.file), "sheets": (first.sheet, last.sheet), "count": len(named)}
    said = (*first.said, Note("sheets_of_years", fields, warning=True))
    return [Table(first.file, padded(rows), place, percent, first.left_out, said=said)]


def _year(sheet: str) -> str:
    """The year that the name of a sheet is, or holds; empty for none."""
    match = _YEAR.fullmatch(sheet)
    return match[1] if match else sheet if likely(sheet) else ""


def _head(table: Table) -> int:
    """The row of names above the first row of figures; -1 where there is none."""
    for row, cells in enumerate(table.rows):
        if any(map(is_number, cells)):
            names = table.rows[row - 1] if row else ()
            return row - 1 if sum(not is_empty(name) for name in names) > 1 else -1
    return -1
