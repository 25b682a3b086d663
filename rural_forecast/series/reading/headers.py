"""The header above the rows of a table with years down: names in one row or several, units, lines about the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rural_forecast.series.reading.grid import BLANK, HEAD, NUMBER, TEXT, Grid
from rural_forecast.series.reading.periods import names_period
from rural_forecast.series.reading.units import is_unit


class Header(NamedTuple):
    """The rows above the figures."""

    row: int
    """The lowest row of names; -1 for none."""
    names: Sequence[str]
    units: Mapping[int, str]
    title: Sequence[str]
    headings: Sequence[int] = ()
    """Rows between the names and the figures that name neither columns nor units."""


def counts_columns(grid: Grid, row: int) -> bool:
    """True for a row that does nothing but number the columns: 1, 2, 3 or (1), (2), (3)."""
    number = 0
    for text in filter(None, map(grid.words.text, grid.index[row])):
        number += 1
        if text.strip("()[]") != str(number):
            return False
    return number > 1


def header_above(grid: Grid, first: int, period: int, columns: Sequence[int], top: int) -> Header:
    """The header above a row of figures.

    `columns`: those of values. `top`: the row before which other tables end.
    """
    bits = grid.bits
    while first > top and counts_columns(grid, first - 1):
        first -= 1
    if (block := _attributes_above(grid, first, period, columns, top)) is not None:
        of = [
            row for row in block if re.match(r"(?i)(?:units?|einheit|unité|dimension|单位)\b", grid.text(row, period))
        ]
        said = {column: " ".join(grid.text(row, column) for row in of) for column in columns if of}
        return Header(block[0], grid.texts(block[0]), said, _texts(grid, range(top, block[0])))
    units: dict[int, str] = {}
    stack: list[int] = []
    headings: list[int] = []
    for row in range(first - 1, top - 1, -1):
        texts = [column for column in columns if not bits[row, column] & BLANK]
        if not texts and not stack and not units and bits[row].tolist().count(BLANK | 16) == bits.shape[1] - 1:
            headings.insert(0, row)  # one text alone, right above the figures
            continue
        lone = len(texts) == 1 and bits[row, period] & BLANK and (stack or len(columns) > 1)
        numbers = any((bits[row, at] & (NUMBER | HEAD)) == NUMBER for at in columns)
        if not texts or lone or (stack and row + 1 in grid.gaps) or numbers:
            break
        above = row > top and any(not bits[row - 1, column] & BLANK for column in columns)
        if above and not stack and not units and _is_units(grid, row, columns):
            units = {column: grid.text(row, column).strip("()[] ") for column in columns}
            continue
        stack.insert(0, row)
        if len(stack) == 3 or all(not bits[row, column] & BLANK for column in (*columns, period)):
            break
    if not stack:
        named = _named_above(grid, first, columns, top)
        stack, headings = ([named], []) if named >= 0 else ([], headings)
    if not stack:
        return Header(-1, [""] * bits.shape[1], units, _texts(grid, range(top, first)))
    filled = [_spread(grid.texts(row), last=row == stack[-1]) for row in stack]
    names = [" ".join(" ".join(dict.fromkeys(filter(None, parts))).split()) for parts in zip(*filled, strict=True)]
    if len(stack) > 1:
        names[period] = next((text for row in stack if (text := grid.text(row, period))), "")
    about = [*range(top, stack[0]), *(range(stack[-1] + 1, first) if stack[-1] < first - 2 and not headings else ())]
    return Header(stack[-1], names, units, _texts(grid, about), headings)


def _texts(grid: Grid, rows: Sequence[int]) -> list[str]:
    return [text for row in rows for text in grid.texts(row) if text]


def _attributes_above(grid: Grid, first: int, period: int, columns: Sequence[int], top: int) -> list[int] | None:
    """The rows above the figures that each say one thing of every column, such as `Unit`; None where there are none."""
    row, bits = first - 1, grid.bits
    if row < top or (names_period(grid.text(row, period)) and not all(bits[row, at] & HEAD for at in columns)):
        return None
    named: list[int] = []
    while row >= top and not bits[row, period] & BLANK:
        filled = sum(not bits[row, at] & BLANK for at in columns)
        if 0 < filled < len(columns) / 2:
            break
        named = [row, *named] if filled else named
        row -= 1
    row = named[0] - 1 if named else -1
    while row >= top and all(bits[row, at] & TEXT for at in columns):
        row -= 1
    return list(range(row + 1, first)) if len(named) > 2 else None


def _named_above(grid: Grid, first: int, columns: Sequence[int], top: int) -> int:
    """The topmost row that names every column, where lines about them follow it; -1 where there is none."""
    for row in range(max(first - 12, top), first - 1):
        if all(grid.bits[row, column] & (TEXT | HEAD) for column in columns):
            return row
    return -1


def _spread(texts: Sequence[str], *, last: bool) -> list[str]:
    """The heads of a row; those of an upper row hold for the empty cells after them as well."""
    heads, before = [], ""
    for text in texts:
        before = text or ("" if last else before)
        heads.append(before)
    return heads


def _is_units(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    """True if a row holds units: every head in brackets, or beyond doubt a unit."""
    texts = [grid.text(row, column) for column in columns]
    return any(texts) and all(re.fullmatch(r"[\[(].*[\])]|", text) or is_unit(text) for text in texts)
