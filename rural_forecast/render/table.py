"""table: what a person reads on a terminal: the headline and its range, rows with bars beside them, and notes.

Where a table is wider than the terminal its headings and text columns wrap; where that does not help its columns move
closer, and then it continues below: every part repeats the columns that name a row. A last column of remarks that would
become too narrow to read goes under its rows. Bars take the columns that are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import gt
from typing import Any, NamedTuple

from rural_forecast.document.table import Document, Table
from rural_forecast.notes import ALWAYS, Note
from rural_forecast.render import spans
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.wrapping import UNLIMITED, Pen, cell_len, padded, widest_piece, wrap
from rural_forecast.text.wording import counted

NARROWEST = 20
UNKNOWN_WIDTH = 80
REMARK_INDENT = "  "
_INKS = {"plain": "", "strong": "1", "dim": "2", "heading": "1;36", "accent": "36", "warning": "33"}
WIDE_GAP, NARROW_GAP = 2, 1
_LONGEST_WHOLE_WORD = 44
"""A word up to this is not folded while the table can continue below: ids must stay whole to be copied."""
_FEWEST, _FEWEST_FIRST = 12, 16
"""A text column is not made narrower than this for the sake of its neighbours; the first one names the row."""
_MARK = 2
"""A text without a heading up to this is the mark of the value before it, not a remark."""
_FOLDED = 8
"""A text column is not made narrower than this for the sake of numbers."""
_WIDEST_VALUE = 14
"""Columns that the names of rows leave for a value."""
_READABLE = 24
"""A remark that would be narrower than this goes under its row."""
_SCREEN = 18
"""Lines from which a screen has no blank ones."""


def render(document: Document, *, width: int | None = None, color: int = 0, unicode: bool = True, **_: Any) -> str:
    """Write the headline, tables, warnings and notes; of a brief document one table and one note.

    `width`: columns of the terminal, or None to wrap nothing; less than 20 counts as 20.
    """
    pen = Pen(UNLIMITED if width is None else max(width, NARROWEST), color, unicode)
    brief, tables = bool(document.brief), people_tables(document)
    hidden, tables = (tables[document.shown :], tables[: document.shown]) if brief else ([], tables)
    notes = sorted(dict.fromkeys(remaining_notes(document)), key=lambda note: not note.grave)
    kept = [note for note in notes if note.grave or note.code in ALWAYS]
    others = [note for note in notes if note not in kept]
    shown = others[: all(note.grave for note in kept)] if brief else others
    more = [f"{name[:1].lower()}{name[1:]}" for table in hidden if (name := table.title.partition(",")[0])]
    more += [counted(len(others) - len(shown), "more note")] if len(others) > len(shown) else []
    options = [f"{document.brief} ({', '.join(more)})"] if more else []
    options += document.more if brief else ()

    head = pen.lines(document.title, _INKS["strong"])
    head += [line for text in document.summary for line in pen.lines(text)] + _about(document, pen)
    titled = len(tables) > 1 or not brief
    parts = [head, *(part for table in tables for part in _section(table, pen, titled=titled))]
    parts.append([line for text in document.points if not brief for line in pen.lines(text)])
    foot = [line for note in (*kept, *shown) for line in _note(note, pen)]
    foot += pen.lines(f"More: {', '.join(options)}", _INKS["dim"], hang="      ") if options else []
    parts = [lines for lines in (*parts, [*foot, *pen.lines(document.last, _INKS["dim"])]) if lines]
    close = brief and sum(map(len, parts)) + len(parts) - 1 > _SCREEN
    return ("\n" if close else "\n\n").join("\n".join(lines) for lines in parts) + "\n"


def _about(document: Document, pen: Pen) -> list[str]:
    """The definition, on a screen cut to one line with the course of the series at its end."""
    about, course = document.subtitle, pen.text(document.course)
    if not document.brief:
        return pen.lines(about, _INKS["dim"])
    width = min(pen.width, UNKNOWN_WIDTH) if pen.width == UNLIMITED else pen.width
    about = pen.cut(about, max(width - cell_len(course) - 2, _READABLE)) if about else ""
    free = width - cell_len(about) - cell_len(course)
    line = f"{about}{' ' * free}{course}" if about and free > 1 else about or course
    return [pen.ink(line.rstrip(), _INKS["dim"])] if line else []


def _note(note: Note, pen: Pen) -> list[str]:
    lead, ink = ("warning:", "warning") if note.grave else ("note:", "plain")
    return pen.lines(str(note), hang=" " * (len(lead) + 1), lead=f"{pen.ink(lead, _INKS[ink])} ")


def _section(table: Table, pen: Pen, *, titled: bool) -> list[list[str]]:
    """A section's lines; a table that continues below gives a part for each block."""
    columns = read_columns(table, unicode=pen.unicode)
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=pen.text(table.title))
    pieces = [_block(block, table, pen) for block in blocks(columns, pen.width)]
    pieces[0][:0] = pen.lines(table.title, _INKS["heading"]) if titled else ()
    return pieces


def _block(block: Block, table: Table, pen: Pen) -> list[str]:
    titles, dim = [column.title for column in block.columns], _INKS["dim"]
    heads = block.row(titles, low=True) if any(titles) else []
    beside = iter(_beside(block, table, pen))
    if heads:
        heads[-1] = f"{padded(heads[-1], block.width)}  {next(beside, '')}".rstrip()
    lines = [pen.ink(line, dim) for line in heads]
    for number, tone in enumerate(table.row_tones):
        row = block.row([column.cells[number] for column in block.columns])
        if block.remarks and block.remarks.cells[number]:
            room = pen.width - len(REMARK_INDENT)
            row += [REMARK_INDENT + line for line in wrap(block.remarks.cells[number], room)]
        inked = [pen.ink(line, _INKS[tone]) for line in row]
        if bar := next(beside, ""):
            span = table.spans[number]
            accent = "accent" if span and span.sign == "ours" else tone
            inked[0] += f"{' ' * (block.width - cell_len(row[0]))}  {pen.ink(bar, _INKS[accent])}"
        lines += inked
    return lines if table.rows else [*lines, pen.ink("no rows", dim)]


def _beside(block: Block, table: Table, pen: Pen) -> list[str]:
    """The axis and the bar of each row, where there is room for them."""
    room = (UNKNOWN_WIDTH if pen.width == UNLIMITED else pen.width) - block.width - WIDE_GAP
    room = min(room, spans.MOST)
    if not spans.can_be_drawn(table.spans) or room < spans.FEWEST or len(block.columns) < len(read_columns(table)):
        return []
    axis = spans.axis(table.spans, table.span_most)
    return [
        spans.heading(axis, room, pen, table.span_unit),
        *(spans.drawn(span, axis, room, pen) for span in table.spans),
    ]


class Block(NamedTuple):
    """Columns next to each other with their widths, and the spaces between two of them."""

    columns: list[ReadColumn]
    widths: list[int]
    gap: int = WIDE_GAP
    remarks: ReadColumn | None = None
    """Text under its row, over the whole width."""

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total(self.widths, self.gap)

    def row(self, texts: Sequence[str], *, low: bool = False) -> list[str]:
        """Lines of one row: cells wrapped to their columns, at the top or (`low`, headings) at the bottom."""
        wrapped = [wrap(text, width) if text else [] for text, width in zip(texts, self.widths, strict=True)]
        height = max(1, *map(len, wrapped))
        cells = []
        for parts, column, width in zip(wrapped, self.columns, self.widths, strict=True):
            blank = [""] * (height - len(parts))
            lines = (*blank, *parts) if low else (*parts, *blank)
            cells.append([padded(text, width, to_right=column.right) for text in lines])
        return [(" " * self.gap).join(line).rstrip() for line in zip(*cells, strict=True)]


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
    if _total(natural) <= width:
        yield Block(list(columns), natural)
    elif remarks and width - _total([*natural[:-1], 0]) < min(_READABLE, natural[-1]):
        *others, block = blocks(columns[:-1], width)
        yield from others
        yield block._replace(remarks=last)
    elif gap := next((gap for gap in (WIDE_GAP, NARROW_GAP) if _total(least, gap) <= width), None):
        yield _shrunk(measured, width, gap)
    else:
        yield from (_shrunk(part, width) for part in _parts(measured, width))


def _measure(column: ReadColumn, fewest: int) -> _Measured:
    natural, title = max(map(cell_len, (column.title, *column.cells))), widest_piece(column.title)
    if column.numeric:
        least = max([title, *map(cell_len, column.cells)])
        return _Measured(column, natural, least, least)
    words = max(map(widest_piece, column.cells), default=0)
    least = min(natural, max(title, fewest, min(words, _LONGEST_WHOLE_WORD)))
    return _Measured(column, natural, least, min(least, _FOLDED))


def _total(widths: Sequence[int], gap: int = WIDE_GAP) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _parts(measured: list[_Measured], width: int) -> Iterator[list[_Measured]]:
    """Split where the columns do not fit at their least width; every part repeats those that name its rows."""
    names = _names([item.column for item in measured])
    if _total([*(measured[place].folded for place in names), _WIDEST_VALUE]) > width:
        names = names[:1]
    part, labels = list[int](), [measured[place] for place in names]
    for place, item in enumerate(measured):
        if place in names:
            continue
        wide = _total([each.least for each in (*labels, *(measured[at] for at in part), item)])
        if part and item.column.title and wide > width:  # one without a title marks the one before it
            yield [*labels, *(measured[at] for at in part)]
            part = []
        part.append(place)
    yield [*labels, *(measured[at] for at in part)]


def _names(columns: list[ReadColumn]) -> list[int]:
    """Places of the columns before the first value that tell its rows apart."""
    names, rows = list[int](), [""] * len(columns[0].cells)
    for place in takewhile(lambda place: not columns[place].measured, range(len(columns))):
        if len(set(rows)) < len(rows) and len(set(columns[place].cells)) > 1:
            names.append(place)
            rows = [f"{row}\n{cell}" for row, cell in zip(rows, columns[place].cells, strict=True)]
    return names or [0]


def _shrunk(part: list[_Measured], width: int, gap: int = WIDE_GAP) -> Block:
    """Take columns from the widest until the part fits; below the least widths only where nothing else helps."""
    widths = [item.natural for item in part]
    for floors in zip(*((item.least, item.folded, min(item.least, 4)) for item in part), strict=True):
        while _total(widths, gap) > width and any(map(gt, widths, floors)):
            widths[max(range(len(part)), key=lambda at: (widths[at] > floors[at], widths[at]))] -= 1
    return Block([item.column for item in part], widths, gap)
