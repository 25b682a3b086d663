"""table: what a person reads on a terminal: the headline and its range, rows with bars beside them, and notes.

Where a table is wider than the terminal its headings and text columns wrap; where that does not help its columns move
closer, and then it continues below: every part repeats the columns that name a row. A last column of remarks that would
become too narrow to read goes under its rows. Bars take the columns that are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import gt
from typing import Any, NamedTuple

from rural_forecast.document.table import Document, Remark, Table
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
_READABLE = 24
"""A remark that would be narrower than this goes under its row."""
_SCREEN = 18
"""Lines from which a screen has no blank ones."""


def render(document: Document, *, width: int | None = None, color: int = 0, unicode: bool = True, **_: Any) -> str:
    """Write the headline, what it is of, tables, warnings and notes; of a brief document one table and one note.

    `width`: columns of the terminal, or None to wrap nothing; less than 20 counts as 20.
    """
    pen = Pen(UNLIMITED if width is None else max(width, NARROWEST), color, unicode)
    head = pen.lines(document.title, _INKS["strong"])
    head += [line for text in document.summary for line in pen.lines(text)] + _about(document, pen)
    tables = people_tables(document)[: document.shown if document.brief else None]
    titled = len(tables) > 1 or not document.brief
    parts = [head, *(part for table in tables for part in _section(table, pen, titled=titled))]
    if not document.brief:
        parts.append([line for text in document.points for line in pen.lines(text)])
    notes = [line for note in _shown(document) for line in _note(note, pen)]
    parts.append([*notes, *_more(document, pen), *pen.lines(document.last, _INKS["dim"])])
    parts = [lines for lines in parts if lines]
    close = document.brief and sum(map(len, parts)) + len(parts) - 1 > _SCREEN
    return ("\n" if close else "\n\n").join("\n".join(lines) for lines in parts) + "\n"


def _about(document: Document, pen: Pen) -> list[str]:
    """The definition, on a screen cut to one line with the course of the series at its end."""
    about, course = document.subtitle, pen.text(document.course)
    if not document.brief:
        return pen.lines(about, _INKS["dim"])
    width = min(pen.width, UNKNOWN_WIDTH) if pen.width == UNLIMITED else pen.width
    if about:
        about = pen.cut(about, max(width - cell_len(course) - 2, _READABLE))
    free = width - cell_len(about) - cell_len(course)
    line = f"{about}{' ' * free}{course}" if about and free > 1 else about or course
    return [pen.ink(line.rstrip(), _INKS["dim"])] if line else []


def _shown(document: Document) -> list[Remark]:
    """All notes; of a brief document warnings, those that are always shown, or one more."""
    notes = list(dict.fromkeys(remaining_notes(document)))
    notes.sort(key=lambda note: not note.grave)
    kept = [note for note in notes if note.grave or note.stress]
    others = [note for note in notes if note not in kept]
    if not document.brief:
        return kept + others
    return kept + others[: all(note.grave for note in kept)]


def _note(note: Remark, pen: Pen) -> list[str]:
    lead, ink = ("warning:", "warning") if note.grave else ("note:", "plain")
    return pen.lines(note, hang=" " * (len(lead) + 1), lead=f"{pen.ink(lead, _INKS[ink])} ")


def _more(document: Document, pen: Pen) -> list[str]:
    """How to see what a brief document leaves out."""
    if not document.brief:
        return []
    left = len(dict.fromkeys(remaining_notes(document))) - len(_shown(document))
    titles = [table.title.partition(",")[0] for table in people_tables(document)[document.shown :] if table.title]
    hidden = [title[:1].lower() + title[1:] for title in titles]
    hidden += [counted(left, "more note")] if left else []
    rest = [f"{document.brief} ({', '.join(hidden)})"] if hidden else []
    more = ", ".join([*rest, *document.more])
    return pen.lines(f"More: {more}", _INKS["dim"], hang="      ") if more else []


def _section(table: Table, pen: Pen, *, titled: bool) -> list[list[str]]:
    """A section's lines; a table that continues below gives a part for each block."""
    columns = read_columns(table, unicode=pen.unicode)
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=pen.text(table.title))
    pieces = [_block(block, table, pen) for block in blocks(columns, pen.width)]
    pieces[0][:0] = pen.lines(table.title, _INKS["heading"]) if titled else ()
    if titled or cell_len(table.caption) <= pen.width:
        pieces[-1] += pen.lines(table.caption, _INKS["dim"])
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
        if part > labels and _total([measured[place].least for place in part | unit]) > width:
            yield [measured[place] for place in sorted(part)]
            part = set(labels)
        part |= unit
    yield [measured[place] for place in sorted(part)]


def _labels(measured: list[_Measured], units: list[list[int]], width: int) -> set[int]:
    """Places of the columns that every part repeats: the first by which rows differ, and those marked as labels."""
    columns = [item.column for item in measured]
    labels = set[int]()
    rows: list[tuple[str, ...]] = [()] * len(columns[0].cells)
    for place, column in enumerate(columns):
        longer = [(*row, cell) for row, cell in zip(rows, column.cells, strict=True)]
        if column.measured or len(set(rows)) == len(rows):
            break
        if len(set(longer)) > len(set(rows)):
            labels, rows = labels | {place}, longer
    labels = labels or {0}
    for repeated in (labels | {place for place, column in enumerate(columns) if column.label}, labels):
        others = [[measured[place].least for place in unit if place not in repeated] for unit in units]
        widest = max(map(_total, filter(None, others)), default=0)
        if _total([*(measured[place].folded for place in repeated), widest]) <= width:  # their texts may fold
            return repeated
    return {min(labels)}


def _shrunk(part: list[_Measured], width: int, gap: int = WIDE_GAP) -> Block:
    """Take columns from the widest until the part fits; below the least widths only where nothing else helps."""
    widths = [item.natural for item in part]
    for floors in zip(*((item.least, item.folded, min(item.least, 4)) for item in part), strict=True):
        while _total(widths, gap) > width and any(map(gt, widths, floors)):
            widths[max(range(len(part)), key=lambda at: (widths[at] > floors[at], widths[at]))] -= 1
    return Block([item.column for item in part], widths, gap)
