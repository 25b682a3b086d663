"""Which columns of a table are next to each other on a terminal, and how wide each is.

Nothing is ever cut. Where a table is wider than the terminal its headings and its text columns wrap; where that is not
enough its columns move closer, and then the table continues below. Every part repeats the columns that name a row, and
a column that only explains the one before it stays with it. A last column of remarks (text without a heading) that
would become too narrow to read goes under its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rural_forecast.render.reading import ReadColumn
from rural_forecast.render.wrapping import cell_len, widest_piece

WIDE_GAP, NARROW_GAP = 2, 1
_LONGEST_WHOLE_WORD = 44
"""A word up to this is not folded while the table can continue below: ids must stay whole to be copied."""
_FEWEST, _FEWEST_FIRST = 12, 16
"""A text column is not made narrower than this for the sake of its neighbours; the first one names the row."""
_MARK = 2
"""A text without a heading up to this is the mark of the value before it, not a remark."""
_FOLDED = 8
"""A text column is not made narrower than this for the sake of numbers."""
_READABLE = 24
"""A remark that would be narrower than this goes under its row."""


class Placed(NamedTuple):
    """A column and its width on the terminal."""

    column: ReadColumn
    width: int


class Block(NamedTuple):
    """Columns next to each other, and the spaces between two of them."""

    places: list[Placed]
    gap: int
    remarks: ReadColumn | None = None
    """Text under its row, over the whole width."""

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total([place.width for place in self.places], self.gap)


class _Measured(NamedTuple):
    column: ReadColumn
    natural: int
    least: int

    @property
    def folded(self) -> int:
        """The least width at which it can still be read."""
        return self.least if self.column.numeric else min(self.least, _FOLDED)


def blocks(columns: Sequence[ReadColumn], width: int) -> Iterator[Block]:
    """Columns next to each other, widths chosen; one block where all fit."""
    measured = [_measure(column, _FEWEST if place else _FEWEST_FIRST) for place, column in enumerate(columns)]
    natural = [item.natural for item in measured]
    last = columns[-1]
    if _total(natural, WIDE_GAP) <= width:
        yield Block([Placed(item.column, item.natural) for item in measured], WIDE_GAP)
    elif not (len(columns) == 1 or last.numeric or last.title or natural[-1] <= _MARK) and width - _total(
        natural[:-1], WIDE_GAP
    ) - WIDE_GAP < min(_READABLE, natural[-1]):
        *others, block = blocks(columns[:-1], width)
        yield from others
        yield block._replace(remarks=last)
    else:
        least = [item.least for item in measured]
        gap = next((gap for gap in (WIDE_GAP, NARROW_GAP) if _total(least, gap) <= width), None)
        parts = _parts(measured, width) if gap is None else [measured]
        yield from (_shrunk(part, width, gap or WIDE_GAP) for part in parts)


def _measure(column: ReadColumn, fewest: int) -> _Measured:
    natural = max(map(cell_len, (column.title, *column.cells)))
    title = widest_piece(column.title)
    if column.numeric:
        return _Measured(column, natural, max([title, *map(cell_len, column.cells)]))
    words = max(map(widest_piece, column.cells), default=0)
    return _Measured(column, natural, min(natural, max(title, fewest, min(words, _LONGEST_WHOLE_WORD))))


def _total(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _parts(measured: list[_Measured], width: int) -> Iterator[list[_Measured]]:
    """Split where the columns do not fit at their least width; every part has the labels, in their places."""
    units: list[list[int]] = []  # places of columns that stay together
    for place, item in enumerate(measured):
        if units and item.column.follows:
            units[-1].append(place)
        else:
            units.append([place])
    labels = _labels(measured, units, width)
    part: list[int] = []
    for unit in filter(None, ([place for place in unit if place not in labels] for unit in units)):
        if part and _total([measured[place].least for place in {*labels, *part, *unit}], WIDE_GAP) > width:
            yield [measured[place] for place in sorted({*labels, *part})]
            part = []
        part += unit
    yield [measured[place] for place in sorted({*labels, *part})]


def _labels(measured: list[_Measured], units: list[list[int]], width: int) -> set[int]:
    """Places of the columns that say which row it is: the first ones by which rows differ, and those marked as labels.

    Their texts may fold; where even so they would leave no room for the widest of the others, fewer are repeated.
    """
    naming = _naming([item.column for item in measured])
    for labels in (naming | {place for place, item in enumerate(measured) if item.column.label}, naming):
        others = [[measured[place].least for place in unit if place not in labels] for unit in units]
        widest = max((_total(widths, WIDE_GAP) for widths in others if widths), default=0)
        if _total([measured[place].folded for place in labels], WIDE_GAP) + WIDE_GAP + widest <= width:
            return labels
    return {min(naming)}


def _naming(columns: Sequence[ReadColumn]) -> set[int]:
    """The first columns by which rows differ, without those that add nothing; the first one where none does."""
    rows: list[tuple[str, ...]] = [()] * len(columns[0].cells)
    naming: set[int] = set()
    for place, column in enumerate(columns):
        if column.measured or len(set(rows)) >= len(rows):
            break
        longer = [(*row, cell) for row, cell in zip(rows, column.cells, strict=True)]
        if len(set(longer)) > len(set(rows)):
            rows = longer
            naming.add(place)
    return naming or {0}


def _shrunk(part: list[_Measured], width: int, gap: int) -> Block:
    """Take columns from the widest until the part fits; below the least widths only where nothing else helps."""
    widths = [item.natural for item in part]
    for floors in ([(item.least, item.folded, min(item.least, 4))[step] for item in part] for step in range(3)):
        while _total(widths, gap) > width:
            place = max(range(len(part)), key=lambda at: (widths[at] > floors[at], widths[at]))
            if widths[place] <= floors[place]:
                break
            widths[place] -= 1
    return Block([Placed(item.column, size) for item, size in zip(part, widths, strict=True)], gap)
