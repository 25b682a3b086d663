"""Reads the signs in the numbers of a table: the decimal mark, and what parts thousands."""

from __future__ import annotations

import numpy as np

from rural_forecast.errors import Place
from rural_forecast.observed.reading.amounts import IN_BRACKETS, Notation, notation_of
from rural_forecast.observed.reading.labels import Indices
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.words import are_plain


def notation_in(table: PeriodTable, columns: Indices, asked: str | None) -> Notation:
    """Read the signs in the numbers of a table.

    All values decide together, those that are not chosen as well: 1.234 alone may be either.
    """
    words = table.grid.words
    inside = table.grid.index[np.ix_(table.rows, columns)]
    used = np.flatnonzero(words.within(inside))
    unread = [words.cells[code] for code in used[np.isnan(words.numbers[used])].tolist()]
    may_be_plain = asked is None and table.grid.delimiter != ";"  # then commas may be decimal marks
    filled = [cell for cell in unread if cell is not None]
    if may_be_plain and are_plain(filled):
        has_points = any("." in cell for cell in filled)
        return Notation(".", ",", signed=has_points, shows=has_points)

    texts: dict[int, str] = {}
    codes: dict[str, int] = {}  # the first word of each number
    for code in used.tolist():
        cell = words.cells[code]
        # A whole number of a workbook shows as well as its text that larger ones have a sign.
        if isinstance(cell, float | int) and not isinstance(cell, bool) and cell == cell // 1:
            codes.setdefault(str(int(cell)), code)
        if not isinstance(cell, str):
            continue
        texts[code] = cell
        body = cell if cell.isdigit() else words.amount(code).body
        if body:
            codes.setdefault(body, code)

    def place_of(body: str) -> Place:
        row, column = np.argwhere(inside == codes[body])[0].tolist()
        return table.grid.place_of(int(table.rows[row]), int(columns[column]))

    notation = notation_of(codes, asked, table.grid.delimiter, place_of)
    lone = any(IN_BRACKETS.fullmatch(text.strip()) for text in texts.values())
    return notation._replace(lone=lone)
