"""table: what a person reads on a terminal: the headline and its range, rows with bars beside them,
and notes.

Where a table is wider than the terminal its headings and text columns wrap; where that does not
help its columns move closer, and then it continues below: every part repeats the columns that name
a row. A last column of remarks that would become too narrow to read goes under its rows. Bars, all
on one axis, take the columns that are left.
"""

from collections.abc import Iterator, Sequence
from itertools import product, takewhile
from math import ceil, floor, log10
from operator import gt
from typing import Any, NamedTuple

from rural_forecast.document.table import Document, Table
from rural_forecast.notes import ALWAYS
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.scale import Scale
from rural_forecast.render.wrapping import UNLIMITED, Pen, cell_len, padded, widest_piece, wrap
from rural_forecast.text.numbers import tick_texts
from rural_forecast.text.style import LOG_FROM
from rural_forecast.text.wording import counted

NARROWEST = 20
REMARK_INDENT = "  "
WIDE_GAP = 2
NARROW_GAP = 1
_INKS = {"plain": "", "strong": "1", "dim": "2", "heading": "1;36", "accent": "36", "warning": "33"}
# One up to this is not folded while the table can continue below, so that ids can be copied.
_LONGEST_WHOLE_WORD = 44
# A text column is not made narrower for its neighbours; the first one names the row.
_FEWEST = 12
_FEWEST_FIRST = 16
_MARK = 2  # a text without a heading up to this is the mark of the value before it, not a remark
_WIDEST_VALUE = 14  # columns that the names of rows leave for a value
_READABLE = 24  # a remark that would be narrower than this goes under its row
_SCREEN = 18  # lines from which a screen has no blank ones
_FEWEST_OF_BARS = 12
_MOST_OF_BARS = 48
# Steps of an axis; those with decimals only from zero on.
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8)
# Share of the largest value below which the smallest one lets the axis start at zero.
_FROM_ZERO = 0.3
_LEAST = 1e-290
_SIGNS = {"observed": "●", "ours": "◆", "published": "◇", "other": "│"}


class ColumnBlock(NamedTuple):
    """Columns next to each other with their widths, the spaces between two of them, and remarks
    under the rows.
    """

    columns: list[ReadColumn]
    widths: list[int]
    gap: int = WIDE_GAP
    remarks: ReadColumn | None = None

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total(self.widths, self.gap)

    def row(self, texts: Sequence[str], *, low: bool = False) -> list[str]:
        """Lines of one row: cells wrapped to their columns, at the top or (`low`, headings) at the
        bottom.
        """
        wrapped = [
            wrap(text, width) if text else []
            for text, width in zip(texts, self.widths, strict=True)
        ]
        height = max(1, *map(len, wrapped))
        cells = []
        for parts, column, width in zip(wrapped, self.columns, self.widths, strict=True):
            blank = [""] * (height - len(parts))
            lines = (*blank, *parts) if low else (*parts, *blank)
            cells.append([padded(text, width, to_right=column.right) for text in lines])
        return [(" " * self.gap).join(line).rstrip() for line in zip(*cells, strict=True)]


def render(
    document: Document, *, width: int | None = None, color: int = 0, unicode: bool = True, **_: Any
) -> str:
    """Write the headline, tables, warnings and notes; of a brief document one table and one note."""
    pen = Pen(UNLIMITED if width is None else max(width, NARROWEST), color, unicode)
    brief = bool(document.brief)
    tables = people_tables(document)
    hidden, tables = (tables[document.shown :], tables[: document.shown]) if brief else ([], tables)
    notes = sorted(dict.fromkeys(remaining_notes(document)), key=lambda note: not note.grave)
    kept = [note for note in notes if note.grave or note.code in ALWAYS]
    others = [note for note in notes if note not in kept]
    shown = others[: all(note.grave for note in kept)] if brief else others
    more = [
        f"{name[:1].lower()}{name[1:]}"
        for table in hidden
        if (name := table.title.partition(",")[0])
    ]
    more += [counted(len(others) - len(shown), "more note")] if len(others) > len(shown) else []
    options = [f"{document.brief} ({', '.join(more)})"] if more else []
    options += document.more if brief else ()

    head = pen.lines(document.title, _INKS["strong"])
    head += [line for text in document.summary for line in pen.lines(text)] + _about(document, pen)
    titled = len(tables) > 1 or not brief
    parts = [head, *(part for table in tables for part in _section(table, pen, titled=titled))]
    parts.append([line for text in document.points if not brief for line in pen.lines(text)])
    foot = []
    for note in (*kept, *shown):
        lead, ink = ("warning: ", "warning") if note.grave else ("note: ", "plain")
        foot += pen.lines(
            str(note), hang=" " * len(lead), lead=pen.ink(lead[:-1], _INKS[ink]) + " "
        )
    foot += pen.lines(f"More: {', '.join(options)}", _INKS["dim"], hang="      ") if options else []
    parts = [lines for lines in (*parts, [*foot, *pen.lines(document.last, _INKS["dim"])]) if lines]
    close = brief and sum(map(len, parts)) + len(parts) - 1 > _SCREEN
    return ("\n" if close else "\n\n").join("\n".join(lines) for lines in parts) + "\n"


def _about(document: Document, pen: Pen) -> list[str]:
    """The definition, on a screen cut to one line with the course of the series at its end."""
    about = " · ".join(filter(None, document.about))
    course = pen.text(document.course)
    if not document.brief:
        return pen.lines(about, _INKS["dim"])
    about = pen.cut(about, max(pen.screen - cell_len(course) - 2, _READABLE)) if about else ""
    free = pen.screen - cell_len(about) - cell_len(course)
    line = f"{about}{' ' * free}{course}" if about and free > 1 else about or course
    return [pen.ink(line.rstrip(), _INKS["dim"])] if line else []


def _section(table: Table, pen: Pen, *, titled: bool) -> list[list[str]]:
    columns = read_columns(table, unicode=pen.unicode)
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=pen.text(table.title))
    parts = [*blocks(columns, pen.width)]
    whole = len(parts[0].columns) == len(columns)
    beside = bars(table, pen.screen - parts[0].width - WIDE_GAP, pen) if whole else []
    pieces = [_lines(part, table, pen, iter(beside)) for part in parts]
    pieces[0][:0] = pen.lines(table.title, _INKS["heading"]) if titled else ()
    return pieces


def _lines(block: ColumnBlock, table: Table, pen: Pen, beside: Iterator[str]) -> list[str]:
    titles = [column.title for column in block.columns]
    dim = _INKS["dim"]
    heads = block.row(titles, low=True) if any(titles) else []
    axis = next(beside, "")
    if heads:
        heads[-1] = f"{padded(heads[-1], block.width)}  {axis}".rstrip()
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


def bars(table: Table, room: int, pen: Pen) -> list[str]:
    """The axis, and the range and values of each row in characters; nothing where there is no room
    for them.
    """
    known = [
        value
        for span in table.spans
        if span
        for value in (span.value, span.low, span.high, span.other)
    ]
    drawn = [value for value in known if value is not None]
    room = min(room, _MOST_OF_BARS)
    if room < _FEWEST_OF_BARS or not _LEAST < max(map(abs, drawn), default=0.0) < 1 / _LEAST:
        return []
    axis = axis_of(drawn, table.span_most)

    def place(value: float) -> int:
        return min(max(round(axis.share(value) * (room - 1)), 0), room - 1)

    left, *middle, right = (pen.text(f"{text}{table.span_unit}") for text in axis.texts)
    right = f"{right} log" if axis.logarithmic else right
    head = f"{left}{right:>{max(room - len(left), len(right) + 1)}}"
    for text in middle:
        start = (room - len(text)) // 2
        if not head[start - 2 : start + len(text) + 2].strip():
            head = head[:start] + text + head[start + len(text) :]
    lines = [head if len(head) <= room else ""]
    for span in table.spans:
        cells = [" "] * room
        if span and span.low is not None and span.high is not None:
            first = place(span.low)
            last = place(span.high)
            cells[first : last + 1] = "━" * (last + 1 - first)
        for value, sign in ((span.other, span.other_sign), (span.value, span.sign)) if span else ():
            if value is not None:
                cells[place(value)] = _SIGNS[sign]
        lines.append(pen.drawn("".join(cells).rstrip()))
    return lines


def axis_of(drawn: Sequence[float], most: float | None = None) -> Scale:
    """A round axis with three ticks that holds everything; logarithmic where the smallest would all
    be on zero.
    """
    low = min(drawn)
    high = max(drawn)
    if low > 0 and high / low > LOG_FROM:
        low, high = (10.0 ** round_(log10(end)) for round_, end in ((floor, low), (ceil, high)))
        middle = (low * high) ** 0.5
        ticks = (low, middle, high) if log10(middle).is_integer() else (low, high)
        return Scale(low, high, ticks, tuple(tick_texts(ticks)), logarithmic=True)
    if low >= 0 and low < _FROM_ZERO * high:
        low = 0.0
    width = (high - low) or abs(high) or 1.0
    power = floor(log10(width)) - 1
    end = low + width
    for exponent, nice in product(range(power, power + 3), _NICE):
        step = nice * 10.0**exponent
        base = 10.0**exponent
        start = floor(low / base + 1e-9) * base
        if start + 2 * step >= high * (1 - 1e-12 if high > 0 else 1 + 1e-12) and (
            not start or nice % 1 == 0
        ):
            low = float(f"{start:.12g}")
            end = float(f"{start + 2 * step:.12g}")
            end = end if most is None else min(end, max(most, high))
            break
    ticks = low, (low + end) / 2, end
    return Scale(low, end, ticks, tuple(tick_texts(ticks)), logarithmic=False)


class _Measured(NamedTuple):
    column: ReadColumn
    natural: int
    least: int


def blocks(columns: Sequence[ReadColumn], width: int) -> Iterator[ColumnBlock]:
    """Columns next to each other, widths chosen; one block where all fit."""
    measured = []
    for place, column in enumerate(columns):
        needed = max(map(cell_len, (column.title, *column.cells)))
        title = widest_piece(column.title)
        words = max(map(cell_len if column.numeric else widest_piece, column.cells), default=0)
        few = _FEWEST if place else _FEWEST_FIRST
        low = (
            max(title, words)
            if column.numeric
            else min(needed, max(title, few, min(words, _LONGEST_WHOLE_WORD)))
        )
        measured.append(_Measured(column, needed, low))
    natural = [item.natural for item in measured]
    least = [item.least for item in measured]
    last = columns[-1]
    remarks = len(columns) > 1 and not last.numeric and not last.title and natural[-1] > _MARK
    if _total(natural) <= width:
        yield ColumnBlock(list(columns), natural)
    elif remarks and width - _total([*natural[:-1], 0]) < min(_READABLE, natural[-1]):
        *others, block = blocks(columns[:-1], width)
        yield from others
        yield block._replace(remarks=last)
    elif gap := next((gap for gap in (WIDE_GAP, NARROW_GAP) if _total(least, gap) <= width), None):
        yield _shrunk(measured, width, gap)
    else:
        yield from (_shrunk(part, width) for part in _parts(measured, width))


def _total(widths: Sequence[int], gap: int = WIDE_GAP) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _parts(measured: list[_Measured], width: int) -> Iterator[list[_Measured]]:
    """Split where the columns do not fit; every part repeats those before the first value that tell
    its rows apart.
    """
    names = list[_Measured]()
    rows = [""] * len(measured[0].column.cells)
    for item in takewhile(lambda item: not item.column.measured, measured):
        if len(set(rows)) < len(rows) and len(set(item.column.cells)) > 1:
            names.append(item)
            rows = [f"{row}\n{cell}" for row, cell in zip(rows, item.column.cells, strict=True)]
    names = names or measured[:1]
    if _total([*(min(item.least, _FEWEST) for item in names), _WIDEST_VALUE]) > width:
        names = names[:1]
    part = list[_Measured]()
    for item in measured:
        if any(item is name for name in names):
            continue
        wide = _total([each.least for each in (*names, *part, item)])
        # One without a title marks the one before it.
        if part and item.column.title and wide > width:
            yield [*names, *part]
            part = []
        part.append(item)
    yield [*names, *part]


def _shrunk(part: list[_Measured], width: int, gap: int = WIDE_GAP) -> ColumnBlock:
    """Take columns from the widest until the part fits; below the least widths only where nothing
    else helps.
    """
    widths = [item.natural for item in part]
    for floors in ([item.least for item in part], [min(item.least, 4) for item in part]):
        while _total(widths, gap) > width and any(map(gt, widths, floors)):
            widths[max(range(len(part)), key=lambda at: (widths[at] > floors[at], widths[at]))] -= 1
    return ColumnBlock([item.column for item in part], widths, gap)
