"""Finding the tables of figures in a sheet or a text: by their content, whatever stands above, below or between.

A table has years across (a row with at least two of them, over numbers) or years down (a column of periods beside
numbers). Lines above it are its title, rows without values between its rows are headings, what follows is footnotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rural_forecast.errors import Place
from rural_forecast.notes import Note
from rural_forecast.series.reading.across import across, is_year_header
from rural_forecast.series.reading.down import down
from rural_forecast.series.reading.grid import check_size
from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.panel import BELOW, Panel
from rural_forecast.series.reading.table import Table, padded
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import is_empty, label

_YEAR = re.compile(r"\D*((?:19|20)\d\d)\D*")


def joined(tables: Sequence[Table]) -> list[Table]:
    """One table in place of sheets that are named by different years and have the same heads; none elsewhere."""
    years = [match[1] if (match := _YEAR.fullmatch(table.sheet)) else table.sheet for table in tables]
    named = [
        (table, year, head)
        for table, year in zip(tables, years, strict=True)
        if year and likely(year) and (head := _head(table)) >= 0
    ]
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
    notes = (*first.notes, Note("sheets_of_years", fields, warning=True))
    return [Table(first.file, padded(rows), place, percent, first.left_out, notes=notes)]


def _head(table: Table) -> int:
    """The row of names above the first row of figures; -1 where there is none."""
    for row, cells in enumerate(table.rows):
        if any(map(is_number, cells)):
            names = table.rows[row - 1] if row else ()
            return row - 1 if sum(not is_empty(name) for name in names) > 1 else -1
    return -1


_WITH_YEAR = re.compile(r"((?:(?!(?<!\d)(?:19|20)\d\d(?!\d)).)*)(?<!\d)((?:19|20)\d\d)(?!\d)(\D*)", re.DOTALL)
"""A head that holds one year, with what it says before and after it."""


def panels(table: Table, period_column: str | None = None) -> list[Panel]:
    """The tables of figures in one sheet or text, in order."""
    rows = table.rows
    found_down = down(table, period_column)
    if period_column is not None:
        return [found_down] if found_down is not None else []
    covers = found_down is not None and len(found_down.rows) > 0.8 * (len(rows) - found_down.rows[0])
    last = found_down.rows[0] if found_down is not None and covers else len(rows)
    heads = [row for row in range(last) if is_year_header(table, row)]
    if found_down is not None and (not heads or found_down.rows[0] < heads[0]):
        return [found_down]
    bounds = zip(heads, [-1, *heads], [*heads[1:], len(rows)], strict=False)
    panels_across = [panel for bound in bounds if (panel := across(table, *bound)) is not None]
    if len(panels_across) > 1:
        panels_across = _titled(panels_across)
    if not panels_across and found_down is None and (parted := _parted(table)):
        return panels(parted)
    return panels_across or ([found_down] if found_down is not None else [])


def _parted(table: Table) -> Table | None:
    """The table with heads such as `Sales 2021` in two rows; None where it has none."""
    for at in range(min(len(table.rows), 20)):
        cells = table.rows[at]
        parts = {column: match for column, cell in enumerate(cells) if (match := _WITH_YEAR.fullmatch(label(cell)))}
        years: dict[str, set[str]] = {}
        above: list[str | None] = [None] * len(cells)
        for column, match in parts.items():
            above[column] = " ".join(filter(None, (text.strip(" ;,_-/:") for text in (match[1], match[3]))))
            years.setdefault(above[column] or "", set()).add(match[2])
        if parts and all(len(known) > 1 for known in years.values()):
            heads = [parts[column][2] if column in parts else cell for column, cell in enumerate(cells)]
            return _with_row(table, at, above, heads)
    return None


def _with_row(table: Table, at: int, above: Sequence[Any], heads: Sequence[Any]) -> Table:
    """The table with two rows in place of one."""
    return table._replace(
        rows=[*table.rows[:at], above, heads, *table.rows[at + 1 :]],
        place=lambda row, column: table.place(row - (row > at), column),
        percent=lambda row, column: table.percent(row - (row > at), column),
        gaps=frozenset(row + (row > at) for row in table.gaps),
    )


def _titled(panels_below: list[Panel]) -> list[Panel]:
    """Tables one below the other carry their title as a label, so that it can be chosen by."""
    named = []
    for number, panel in enumerate(panels_below, 1):
        above = panels_below[number - 2] if number > 1 else panel
        ends = (label(above.table.rows[row][0]) for row, why in reversed(above.skipped) if why == BELOW)
        titles = (*(ends if number > 1 else ()), *panel.title[-1:])
        title = next(filter(None, titles), f"table {number}")
        named.append(replace(panel, added={**panel.added, "table": dict.fromkeys(panel.rows, title)}))
    return named
