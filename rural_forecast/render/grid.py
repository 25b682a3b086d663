"""Which columns of a table stand beside each other on a terminal, and how wide each is.

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
    """Columns that stand beside each other, and the spaces between two of them."""

    places: list[Placed]
    gap: int
    remarks: ReadColumn | None = None
    """Text that stands under its row, over the whole width."""

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total([place.width for place in self.places], self.gap)


class _Measured(NamedTuple):
    column: ReadColumn
    natural: int
    least: int


def blocks(columns: Sequence[ReadColumn], width: int | None) -> Iterator[Block]:
    """Columns beside each other, widths chosen; one block where all fit or where `width` is None."""
    measured = [_measure(column, first=number == 0) for number, column in enumerate(columns)]
    if width is None or _total([item.natural for item in measured], WIDE_GAP) <= width:
        yield Block([Placed(item.column, item.natural) for item in measured], WIDE_GAP)
        return
    if _has_narrow_remarks(measured, width):
        *inner, last = columns
        *others, block = blocks(inner, width)
        yield from others
        yield block._replace(remarks=last)
        return
    for gap in (WIDE_GAP, NARROW_GAP):
        if _total([item.least for item in measured], gap) <= width:
            yield _shrunk(measured, width, gap)
            return
    for group in _groups(measured, width):
        yield _shrunk(group, width, WIDE_GAP)


def _has_narrow_remarks(measured: list[_Measured], width: int) -> bool:
    *others, last = measured
    if not others or last.column.numeric or last.column.title or last.natural <= _MARK:
        return False
    room = width - _total([item.natural for item in others], WIDE_GAP) - WIDE_GAP
    return room < min(_READABLE, last.natural)


def _measure(column: ReadColumn, *, first: bool) -> _Measured:
    natural = max(map(cell_len, (column.title, *column.cells)))
    title = widest_piece(column.title)
    if column.numeric:
        return _Measured(column, natural, max([title, *map(cell_len, column.cells)]))
    words = max(map(widest_piece, column.cells), default=0)
    fewest = _FEWEST_FIRST if first else _FEWEST
    return _Measured(column, natural, min(natural, max(title, fewest, min(words, _LONGEST_WHOLE_WORD))))


def _total(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _groups(measured: list[_Measured], width: int) -> Iterator[list[_Measured]]:
    """Split where the columns do not fit any more at their least width; every group has the labels, in their places."""
    units = _units(measured)
    labels = _labels(measured, units, width)
    group: list[int] = []
    for unit in filter(None, ([place for place in unit if place not in labels] for unit in units)):
        if group and _total([measured[place].least for place in {*labels, *group, *unit}], WIDE_GAP) > width:
            yield [measured[place] for place in sorted({*labels, *group})]
            group = []
        group += unit
    yield [measured[place] for place in sorted({*labels, *group})]


def _units(measured: list[_Measured]) -> list[list[int]]:
    """Places of the columns, those that must stay beside each other together."""
    units: list[list[int]] = []
    for place, item in enumerate(measured):
        if units and item.column.follows:
            units[-1].append(place)
        else:
            units.append([place])
    return units


def _labels(measured: list[_Measured], units: list[list[int]], width: int) -> set[int]:
    """Places of the columns that say which row it is: the first ones by which rows differ, and those marked as labels.

    Their texts may fold; where even so they would leave no room for the widest of the others, fewer are repeated.
    """
    marked = [place for place, item in enumerate(measured) if item.column.label]
    for found in (_naming(measured) | {*marked}, _naming(measured)):
        others = [[measured[place].least for place in unit if place not in found] for unit in units]
        widest = max((_total(widths, WIDE_GAP) for widths in others if widths), default=0)
        if _total([_folded(measured[place]) for place in found], WIDE_GAP) + WIDE_GAP + widest <= width:
            return found
    return {min(found)}


def _naming(measured: list[_Measured]) -> set[int]:
    """The first columns by which rows differ, without those that add nothing; the first one where none does."""
    rows: list[tuple[str, ...]] = [()] * len(measured[0].column.cells)
    found: set[int] = set()
    kinds = 1
    for place, item in enumerate(measured):
        if item.column.measured or kinds >= len(rows):
            break
        longer = [(*row, cell) for row, cell in zip(rows, item.column.cells, strict=True)]
        if len(set(longer)) > kinds:
            rows, kinds = longer, len(set(longer))
            found.add(place)
    return found or {0}


def _folded(item: _Measured) -> int:
    """The least width at which a column can still be read."""
    return item.least if item.column.numeric else min(item.least, _FOLDED)


def _shrunk(group: list[_Measured], width: int, gap: int) -> Block:
    """Take columns from the widest until the group fits; below the least widths only where nothing else helps."""
    widths = [item.natural for item in group]
    for floors in (
        [item.least for item in group],
        [_folded(item) for item in group],
        [min(item.least, 4) for item in group],
    ):
        while _total(widths, gap) > width:
            place = max(range(len(group)), key=lambda at: (widths[at] > floors[at], widths[at]))
            if widths[place] <= floors[place]:
                break
            widths[place] -= 1
    return Block([Placed(item.column, size) for item, size in zip(group, widths, strict=True)], gap)
