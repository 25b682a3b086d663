"""table: what a person reads on a terminal. One accent, thin rules, numbers under each other, nothing cut.

With a width, prose wraps. Where a table is wider than the terminal its headings and text columns wrap; where that does
not help its columns move closer, and then it continues below: every part repeats the columns that name a row, and a
column that only explains the one before it stays with it. A last column of remarks (text without a heading) that would
become too narrow to read goes under its rows. Without a width (a pipe or a file) lines are as long as they need to be.
Escapes are written only when colour is wanted, and no text from data can bring any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.document.table import Document, Table
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.wrapping import UNLIMITED, Pen, cell_len, padded, widest_piece, wrap
from rural_forecast.text.wording import counted

NARROWEST = 20
REMARK_INDENT = "  "
_INKS = {"plain": "", "strong": "1", "dim": "2", "heading": "1;36"}
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


def render(document: Document, *, width: int | None = None, color: bool = False, unicode: bool = True) -> str:
    """Write title, summary, tables and notes; parts are separated by a blank line.

    `width`: columns of the terminal, or None to wrap nothing; less than 20 counts as 20. Raises RuralForecastError if a
    number is not finite, which is a defect of ours.
    """
    pen = Pen(UNLIMITED if width is None else max(width, NARROWEST), color, unicode)
    head = [*pen.lines(document.title, _INKS["strong"]), *pen.lines(document.subtitle, _INKS["dim"])]
    parts = [head, [line for text in document.summary for line in pen.lines(text)]]
    for table in people_tables(document):
        if table in document.after[:1]:
            parts.append(_points(document, pen))
        parts += _section(table, pen, titled=not document.brief)
    if not document.after:
        parts.append(_points(document, pen))
    if not document.brief and (notes := remaining_notes(document)):
        parts.append([pen.ink("Notes", _INKS["heading"]), *_bullets(notes, pen)])
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _bullets(texts: Iterable[str], pen: Pen) -> list[str]:
    lead = "• " if pen.unicode else "* "
    return [line for text in texts for line in pen.lines(text, hang="  ", lead=lead)]


def _points(document: Document, pen: Pen) -> list[str]:
    """The points, and in a brief document how many notes there are."""
    points = list(document.points)
    if document.brief and (notes := remaining_notes(document)):
        more = f"{counted(len(notes), 'more note')}: {document.brief}"
        points[-1:] = [f"{points[-1]} ({more})"] if points else [more]
    return _bullets(points, pen)


def _section(table: Table, pen: Pen, *, titled: bool) -> list[list[str]]:
    """A section's lines; a table that continues below gives a part for each block."""
    columns = read_columns(table, unicode=pen.unicode)
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=pen.text(table.title))
    pieces = [_block(block, table, pen) for block in blocks(columns, pen.width)]
    pieces[0][:0] = pen.lines(table.title, _INKS["heading"]) if titled else ()
    pieces[-1] += pen.lines(table.caption, _INKS["dim"])
    return pieces


def _block(block: Block, table: Table, pen: Pen) -> list[str]:
    titles, dim = [column.title for column in block.columns], _INKS["dim"]
    lines = [pen.ink(line, dim) for line in _row(titles, block, low=True)] if any(titles) else []
    lines.append(pen.ink(pen.sign("line") * block.width, dim))
    for number, tone in enumerate(table.row_tones):
        row = _row([column.cells[number] for column in block.columns], block)
        if block.remarks and block.remarks.cells[number]:
            room = pen.width - len(REMARK_INDENT)
            row += [REMARK_INDENT + line for line in wrap(block.remarks.cells[number], room)]
        lines += [pen.ink(line, _INKS[tone]) for line in row]
    return lines if table.rows else [*lines, pen.ink("no rows", dim)]


def _row(texts: list[str], block: Block, *, low: bool = False) -> list[str]:
    """Lines of one row: cells wrapped to their columns, at the top or (`low`, headings) at the bottom."""
    wrapped = [wrap(text, width) if text else [] for text, width in zip(texts, block.widths, strict=True)]
    height = max(1, *map(len, wrapped))
    cells = []
    for parts, column, width in zip(wrapped, block.columns, block.widths, strict=True):
        blank = [""] * (height - len(parts))
        column_of = (*blank, *parts) if low else (*parts, *blank)
        cells.append([padded(text, width, to_right=column.right) for text in column_of])
    return [(" " * block.gap).join(line).rstrip() for line in zip(*cells, strict=True)]


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
