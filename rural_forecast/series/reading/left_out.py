"""Which columns of a grid are not read, and why."""

from __future__ import annotations

from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.column_names import normalised
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.contents import is_text
from rural_forecast.series.reading.grid import Grid, filled, is_empty, label, shown
from rural_forecast.series.reading.heads import mistyped, problem

_DERIVED = ("lower_", "upper_", "growth_pct", "parent", "base_value")
"""Columns of the rows this program writes that follow from others."""


def account_of(grid: Grid, columns: Columns) -> Account:
    """What of a grid is not read: columns, and what its format left out."""
    account = Account(grid.short)
    leave_columns_out(account, grid, columns)
    for what, why in grid.left_out:
        account.leave_out(what, why)
    return account


def leave_columns_out(account: Account, grid: Grid, columns: Columns) -> None:
    """Name the columns with content that are not read, labels of a series excepted."""
    wide = bool(columns.years)
    used = columns.places() - ({columns.growth_pct} if wide else set())
    for place, head in enumerate(grid.header):
        if place in used or (columns.kind >= 0 and normalised(head).startswith(_DERIVED)):
            continue
        cells = grid.column(place)
        text = is_text(cells)
        if (text and _is_label(grid, place, columns)) or next(filled(cells), None) is None:
            continue
        why = "not a column that is used" if text else "not the value column"
        if wide:
            why = "growth of no year" if place == columns.growth_pct else problem(head) if label(head) else "not a year"
        account.leave_out(_what(grid, place), why, mistyped=wide and mistyped(head))


def _is_label(grid: Grid, place: int, columns: Columns) -> bool:
    """Whether a text column only repeats one text, in a long form one for each series."""
    rows, by = grid.rows, -1 if columns.years else columns.id
    if hasattr(rows, "one_text_each"):  # they are held by column
        return bool(rows.one_text_each(place, by))
    by_series: dict[str, set[str]] = {}
    for row in rows:
        by_series.setdefault("" if by < 0 else label(row[by]), set()).add(label(row[place]))
    return len(rows) > len(by_series) and all(len(texts) == 1 for texts in by_series.values())


def _what(grid: Grid, place: int) -> str:
    head, rows = grid.header[place], grid.rows
    if label(head):
        return f"column {shown(head)}"
    if hasattr(rows, "first"):
        first = rows.first(place)
    else:
        first = next((row for row, cells in enumerate(rows) if not is_empty(cells[place])), -1)
    return f"column {place + 1} without a name at {grid.place(first, place)}"
