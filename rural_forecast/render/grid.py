"""Which columns of a table are next to each other on a terminal, and how wide each is.

Nothing is ever cut. Where a table is wider than the terminal its headings and its text columns wrap; where that is not
enough its columns move closer, and then the table continues below. Every part repeats the columns that name a row, and
a column that only explains the one before it stays with it. A last column of remarks (text without a heading) that
would become too narrow to read goes under its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rural_forecast.render.columns import ReadColumn
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


class Block(NamedTuple):
    """Columns next to each other with their widths, and the spaces between two of them."""

    columns: list[ReadColumn]
    widths: list[int]
    gap: int
    remarks: ReadColumn | None = None
    """Text under its row, over the whole width."""

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total(self.widths, self.gap)


class _Measured(NamedTuple):
    column: ReadColumn
    natural: int
    least: int
    folded: int
    """The least width at which it can still be read."""


def blocks(columns: Sequence[ReadColumn], width: int) -> Iterator[Block]:
    """Columns next to each other, widths chosen; one block where all fit."""
    measured = [_measure(column, _FEWEST if place else _FEWEST_FIRST) for place, column in enumerate(columns)]
    natural, least, last = [item.natural for item in measured], [item.least for item in measured], columns[-1]
    remarks = len(columns) > 1 and not last.numeric and not last.title and natural[-1] > _MARK
    if _total(natural, WIDE_GAP) <= width:
        yield Block(list(columns), natural, WIDE_GAP)
    elif remarks and width - _total([*natural[:-1], 0], WIDE_GAP) < min(_READABLE, natural[-1]):
        *others, block = blocks(columns[:-1], width)
        yield from others
        yield block._replace(remarks=last)
    elif gap := next((gap for gap in (WIDE_GAP, NARROW_GAP) if _total(least, gap) <= width), None):
        yield _shrunk(measured, width, gap)
    else:
        yield from (_shrunk(part, width, WIDE_GAP) for part in _parts(measured, width))


def _measure(column: ReadColumn, fewest: int) -> _Measured:
    natural = max(map(cell_len, (column.title, *column.cells)))
    title = widest_piece(column.title)
    if column.numeric:
        least = max([title, *map(cell_len, column.cells)])
        return _Measured(column, natural, least, least)
    words = max(map(widest_piece, column.cells), default=0)
    least = min(natural, max(title, fewest, min(words, _LONGEST_WHOLE_WORD)))
    return _Measured(column, natural, least, min(least, _FOLDED))


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
    part = set(labels)
    for unit in filter(None, (set(unit) - labels for unit in units)):
        if part > labels and _total([measured[place].least for place in part | unit], WIDE_GAP) > width:
            yield [measured[place] for place in sorted(part)]
            part = set(labels)
        part |= unit
    yield [measured[place] for place in sorted(part)]


def _labels(measured: list[_Measured], units: list[list[int]], width: int) -> set[int]:
    """Places of the columns that say which row it is: the first ones by which rows differ, and those marked as labels.

    Their texts may fold; where even so they would leave no room for the widest of the others, fewer are repeated.
    """
    naming = _naming([item.column for item in measured])
    for labels in (naming | {place for place, item in enumerate(measured) if item.column.label}, naming):
        others = [[measured[place].least for place in unit if place not in labels] for unit in units]
        widest = max((_total(widths, WIDE_GAP) for widths in others if widths), default=0)
        if _total([*(measured[place].folded for place in labels), widest], WIDE_GAP) <= width:
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
    for floors in zip(*((item.least, item.folded, min(item.least, 4)) for item in part), strict=True):
        while _total(widths, gap) > width:
            place = max(range(len(part)), key=lambda at: (widths[at] > floors[at], widths[at]))
            if widths[place] <= floors[place]:
                break
            widths[place] -= 1
    return Block([item.column for item in part], widths, gap)
