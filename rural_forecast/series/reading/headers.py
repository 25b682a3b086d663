"""Rows that say what others are: the header above the rows of a table with years down, and headings between rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from rural_forecast.series.reading.grid import Grid, Label, labelled
from rural_forecast.series.reading.parts import names_period
from rural_forecast.series.reading.table import Places
from rural_forecast.series.reading.units import is_unit, with_scale
from rural_forecast.series.reading.words import BLANK, HEAD, NUMBER, TEXT
from rural_forecast.text.patterns import expression

_PAIR = expression(r"([^:：]{1,60})[:：]\s+(\S.*)")
_UNIT = expression(r"(?i)(?:units?|einheit|unité|dimension|单位)\b")


class Header(NamedTuple):
    """The rows above the figures."""

    row: int
    names: Sequence[str]
    units: Mapping[int, str]
    title: Sequence[str]
    headings: Sequence[int] = ()
    """Rows between the names and the figures that name neither columns nor units."""


def counts_columns(grid: Grid, row: int) -> bool:
    """True for a row that does nothing but number the columns: 1, 2, 3 or (1), (2), (3)."""
    number = 0
    for text in filter(None, map(grid.words.text, grid.index[row].tolist())):
        number += 1
        if text.strip("()[]") != str(number):
            return False
    return number > 1


def sections_of(
    grid: Grid, headings: Sequence[int], rows: Sequence[int] | Places, columns: Sequence[int]
) -> tuple[Label, ...]:
    """Headings as labels of the rows below them: `Region: North` by its name, any other as `section`."""
    said: dict[str, dict[int, str]] = {}
    for row in sorted(headings):
        texts = [text for at in columns if (text := grid.text(row, at))]
        text = next((text for text in texts if not text.isdigit()), texts[0])
        pair = _PAIR.fullmatch(text)
        name, value = (pair[1].strip(), pair[2].strip()) if pair else ("section", text)
        said.setdefault(name, {})[row] = value
    made = []
    for name, values in said.items():
        last = np.searchsorted([*values], rows, side="right").tolist()
        made.append(labelled(name, [["", *values.values()][at] for at in last]))
    return tuple(made)


def header_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> Header:
    """The header above a row of figures. `columns`: those of values."""
    bits = grid.bits
    while first > 0 and counts_columns(grid, first - 1):
        first -= 1
    if block := _attributes_above(grid, first, period, columns):
        of = [row for row in block if _UNIT.match(grid.text(row, period))]
        said = {column: reduce(with_scale, (grid.text(row, column) for row in of)) for column in columns if of}
        return Header(block[0], grid.texts(block[0]), said, texts_in(grid, range(block[0])))
    units: dict[int, str] = {}
    stack: list[int] = []
    headings: list[int] = []
    for row in range(first - 1, -1, -1):
        filled = (bits[row, columns] & BLANK) == 0
        texts = int(filled.sum())
        begins = not stack and not units
        if not texts and begins and ((bits[row] & BLANK) == 0).sum() == 1:
            headings.insert(0, row)  # one text alone, right above the figures
            continue
        lone = texts == 1 and bits[row, period] & BLANK and (stack or len(columns) > 1)
        if lone and not stack and row > 0:  # unless it names a column that the row above leaves out
            above = bits[row - 1, columns] & BLANK == 0
            lone = above.sum() < 2 or (above & filled).any()
        numbers = ((bits[row, columns] & (NUMBER | HEAD)) == NUMBER).any()
        if not texts or lone or (stack and row + 1 in grid.gaps) or numbers:
            break
        if row > 0 and begins and not (bits[row - 1, columns] & BLANK).all() and _is_units(grid, row, columns):
            units = {column: grid.text(row, column).strip("()[] ") for column in columns}
            continue
        stack.insert(0, row)
        unlike = len({grid.text(row, column) for column in columns}) == len(columns)
        if len(stack) == 3 or (unlike and filled.all() and not bits[row, period] & BLANK):
            break
    if not stack:
        return Header(-1, [""] * bits.shape[1], units, texts_in(grid, range(first)))
    spread = [*(carried(grid.texts(row)) for row in stack[:-1]), grid.texts(stack[-1])]
    names = [" ".join(" ".join(dict.fromkeys(filter(None, parts))).split()) for parts in zip(*spread, strict=True)]
    if len(stack) > 1:
        names[period] = next((text for row in stack if (text := grid.text(row, period))), "")
    about = [*range(stack[0]), *(range(stack[-1] + 1, first) if stack[-1] < first - 2 and not headings else ())]
    return Header(stack[-1], names, units, texts_in(grid, about), headings)


def texts_in(grid: Grid, rows: Iterable[int]) -> list[str]:
    """The texts of some rows, one after the other."""
    found: list[str] = []
    for text in (text for row in rows for text in grid.texts(row) if text):
        if found and grid.delimiter == "," and found[-1][-1].isdigit() and re.match(r"\d{3}(?!\d)", text):
            found[-1] += f",{text}"  # a number that was split at its commas
        else:
            found.append(text)
    return found


def carried(texts: Sequence[str]) -> list[str]:
    """The texts of an upper row of heads, which hold for the empty cells after them as well."""
    heads, last = list[str](), ""
    for text in texts:
        last = text or last
        heads.append(last)
    return heads


def _attributes_above(grid: Grid, first: int, period: int, columns: Sequence[int]) -> list[int]:
    """The rows above the figures that each say one thing of every column, such as `Unit`."""
    row, bits = first - 1, grid.bits
    if row < 0 or (names_period(grid.text(row, period)) and not (bits[row, columns] & HEAD).all()):
        return []
    named: list[int] = []
    while row >= 0 and not bits[row, period] & BLANK:
        filled = int(((bits[row, columns] & BLANK) == 0).sum())
        if 0 < filled < len(columns) / 2:
            break
        named = [row, *named] if filled else named
        row -= 1
    row = named[0] - 1 if named else -1
    while row >= 0 and (bits[row, columns] & TEXT).all():
        row -= 1
    return list(range(row + 1, first)) if len(named) > 2 else []


def _is_units(grid: Grid, row: int, columns: Sequence[int]) -> bool:
    texts = [grid.text(row, column) for column in columns]
    return any(texts) and all(re.fullmatch(r"[\[(].*[\])]|", text) or is_unit(text) for text in texts)
