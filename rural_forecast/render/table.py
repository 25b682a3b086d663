"""table: what a person reads on a terminal: the headline and its range, rows with bars, and notes.

Where a table is wider than the terminal, these steps follow each other until it fits (see `blocks`
and `_shrunk`):

1. A last column of remarks that would become too narrow to read goes under its rows.
2. Headings and text columns wrap.
3. Columns move closer.
4. The table continues below: every part repeats the columns that name a row.

Bars, all on one axis, take the columns that are left.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product, takewhile
from math import floor, isclose, log10
from operator import gt
from typing import Any, NamedTuple

from rural_forecast.document.table import Document, Span, Table
from rural_forecast.notes import ALWAYS, Note
from rural_forecast.render.columns import ReadColumn, people_tables, read_columns, remaining_notes
from rural_forecast.render.scale import Scale, log_marks
from rural_forecast.render.wrapping import (
    MEASURE,
    UNLIMITED,
    Pen,
    cell_len,
    padded,
    widest_piece,
    wrap,
)
from rural_forecast.text.numbers import tick_texts
from rural_forecast.text.style import LOG_FROM
from rural_forecast.text.wording import counted

NARROWEST = 20  # columns of a terminal; a narrower one wraps our lines
REMARK_INDENT = "  "
# Spaces between two columns.
WIDE_GAP = 2
NARROW_GAP = 1
_INKS = {"plain": "", "strong": "1", "dim": "2", "heading": "1;36", "accent": "36", "warning": "33"}

# Widths of columns. A word up to the first is not folded while the table can continue below, so
# that ids can be copied.
_LONGEST_WHOLE_WORD = 44
# A text column is not made narrower for its neighbours; the first one names the row.
_FEWEST = 12
_FEWEST_FIRST = 16
_FEWEST_AT_LAST = 4  # where nothing else helps
_MARK = 2  # a text without a heading up to this is the mark of the value before it, not a remark
_WIDEST_VALUE = 14  # columns that the names of rows leave for a value
_SENTENCE = 40  # columns from which a text is a sentence, which no narrow column holds well
_READABLE = 24  # a remark that would be narrower than this goes under its row

_SCREEN = 18  # lines from which a brief document has no blank ones, to fit a screen

# Bars beside rows.
_FEWEST_OF_BARS = 12
_ENOUGH_OF_BARS = 20  # where names of rows are wrapped, bars have so many columns
_FEWEST_OF_NAMES = 28
_MOST_OF_BARS = 48
_SIGNS = {"observed": "●", "ours": "◆", "published": "◇", "other": "│"}
_LEAST = (
    1e-290  # no bars for values below, or above its inverse: their ratios leave what floats hold
)

# Their axis: halves that are easy to read, over a power of ten. Those with decimals are for axes
# that start at zero: from another start, ticks would have more digits.
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8)
# Share of the largest value below which the smallest one lets the axis start at zero.
_FROM_ZERO = 0.3


class ColumnBlock(NamedTuple):
    """Columns next to each other with their widths, spaces between two, and remarks under rows."""

    columns: list[ReadColumn]
    widths: list[int]
    gap: int = WIDE_GAP
    remarks: ReadColumn | None = None

    @property
    def width(self) -> int:
        """Columns of the terminal that the block takes."""
        return _total(self.widths, self.gap)

    def row(self, texts: Sequence[str], *, low: bool = False) -> list[str]:
        """Write the lines of one row, cells wrapped to their columns.

        Cells with fewer lines are at the top or, as in a row of headings, `low`.
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
    """Write the headline, tables and notes; of a brief document one table and one note."""
    pen = Pen(UNLIMITED if width is None else max(width, NARROWEST), color, unicode)
    brief = bool(document.brief)
    tables = people_tables(document)
    hidden: list[Table] = []
    if brief:
        hidden = tables[document.shown :]
        tables = tables[: document.shown]
    notes, left_out = _chosen_notes(document)

    paragraphs = [_head(document, pen)]
    titled = len(tables) > 1 or not brief
    for table in tables:
        paragraphs += _section(table, pen, titled=titled)
    if not brief:
        paragraphs.append([line for text in document.points for line in pen.lines(text)])
    foot: list[str] = []
    for note in notes:
        foot += _note(note, pen)
    options = _further_options(document, hidden, left_out)
    if options:
        foot += pen.lines(f"More: {', '.join(options)}", _INKS["dim"], hang="      ")
    foot += pen.lines(document.last, _INKS["dim"])
    paragraphs.append(foot)

    paragraphs = [lines for lines in paragraphs if lines]
    lines_with_blanks = sum(map(len, paragraphs)) + len(paragraphs) - 1
    close = brief and lines_with_blanks > _SCREEN
    blank = "\n" if close else "\n\n"
    return blank.join("\n".join(lines) for lines in paragraphs) + "\n"


def _chosen_notes(document: Document) -> tuple[list[Note], int]:
    """Choose the notes that are shown, warnings first; count those that are left out.

    A brief document shows all warnings and one other note, but none of these where a note that is
    always shown is there already.
    """
    notes = sorted(dict.fromkeys(remaining_notes(document)), key=lambda note: not note.grave)
    needed = [note for note in notes if note.grave or note.code in ALWAYS]
    others = [note for note in notes if note not in needed]
    if not document.brief:
        return needed + others, 0
    only_warnings = all(note.grave for note in needed)
    shown = others[:1] if only_warnings else []
    return needed + shown, len(others) - len(shown)


def _head(document: Document, pen: Pen) -> list[str]:
    lines = pen.lines(document.title, _INKS["strong"])
    for text in document.summary:
        lines += pen.lines(text)
    return lines + _about(document, pen)


def _note(note: Note, pen: Pen) -> list[str]:
    lead = "warning: " if note.grave else "note: "
    ink = "warning" if note.grave else "plain"
    return pen.lines(str(note), hang=" " * len(lead), lead=pen.ink(lead[:-1], _INKS[ink]) + " ")


def _further_options(document: Document, hidden: list[Table], left_out: int) -> list[str]:
    """List the options of a brief document that show more, the first with what it shows."""
    if not document.brief:
        return []
    more = []
    for table in hidden:
        name = table.title.partition(",")[0]
        if name:
            more.append(f"{name[:1].lower()}{name[1:]}")
    if left_out:
        more.append(counted(left_out, "more note"))
    options = [f"{document.brief} ({', '.join(more)})"] if more else []
    return [*options, *document.more]


def _about(document: Document, pen: Pen) -> list[str]:
    """Write the definition; a brief document has it on one line with the course of the series."""
    about = " · ".join(filter(None, document.about))
    if not document.brief:
        return pen.lines(about, _INKS["dim"])

    course = pen.text(document.course)
    if about:
        about = pen.cut(about, max(pen.screen - cell_len(course) - 2, _READABLE))
    free = pen.screen - cell_len(about) - cell_len(course)
    line = about or course
    if about and free > 1:
        line = f"{about}{' ' * free}{course}"
    return [pen.ink(line.rstrip(), _INKS["dim"])] if line else []


def _section(table: Table, pen: Pen, *, titled: bool) -> list[list[str]]:
    """Write a table, in parts if it is too wide; bars are beside one that is whole."""
    columns = read_columns(table, unicode=pen.unicode)
    if _is_prose(columns, pen.screen):
        title = pen.lines(table.title, _INKS["heading"]) if titled else []
        return [[*title, *_paragraphs(columns, pen)]]
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=pen.text(table.title))
    parts = list(blocks(columns, pen.width))
    if table.spans and len(parts) == 1:
        parts = [_with_room_for_bars(parts[0], pen.screen)]
    drawn: list[str] = []
    if len(parts[0].columns) == len(columns):
        drawn = bars(table, pen.screen - parts[0].width - WIDE_GAP, pen)
    sections = [_lines(part, table, pen, drawn) for part in parts]
    if titled:
        sections[0] = [*pen.lines(table.title, _INKS["heading"]), *sections[0]]
    return sections


def _is_prose(columns: Sequence[ReadColumn], width: int) -> bool:
    """Check that a table is too wide for several columns that hold sentences.

    A column without a title has remarks, which are below their rows already.
    """
    if not all(column.title for column in columns):
        return False
    natural = [_measured(column, first=not index).natural for index, column in enumerate(columns)]
    sentences = 0
    for column, wide in zip(columns[1:], natural[1:], strict=True):
        sentences += not column.numeric and wide > _SENTENCE
    return sentences > 1 and _total(natural) > width


def _paragraphs(columns: Sequence[ReadColumn], pen: Pen) -> list[str]:
    """Write a paragraph a row: its name, and below it each cell behind the title of its column."""
    names, *others = columns
    room = max(cell_len(column.title) for column in others) + WIDE_GAP
    hang = " " * (len(REMARK_INDENT) + room)
    width = min(pen.screen, MEASURE)
    lines = []
    for number, name in enumerate(names.cells):
        lines.append(pen.ink(name, _INKS["strong"]))
        for column in others:
            cell = column.cells[number]
            if not cell:
                continue
            lead = REMARK_INDENT + pen.ink(padded(column.title, room), _INKS["dim"])
            for index, line in enumerate(wrap(cell, width - len(hang))):
                lines.append((hang if index else lead) + line)
    return lines


def _with_room_for_bars(block: ColumnBlock, width: int) -> ColumnBlock:
    """Wrap long names of rows where bars would have no room beside them otherwise."""
    room = width - block.width - WIDE_GAP
    missing = _ENOUGH_OF_BARS - room
    if room >= _FEWEST_OF_BARS:
        return block
    narrower = block.widths[0] - missing
    if block.columns[0].numeric or narrower < _FEWEST_OF_NAMES:
        return block
    return block._replace(widths=[narrower, *block.widths[1:]])


def _lines(block: ColumnBlock, table: Table, pen: Pen, drawn: list[str]) -> list[str]:
    """Write the head and the rows of a block with what is drawn beside them, the axis first."""
    lines = _head_lines(block, drawn[0] if drawn else "", pen)
    bar_of = dict(enumerate(drawn[1:]))
    for number, tone in enumerate(table.row_tones):
        row = block.row([column.cells[number] for column in block.columns])
        remark = block.remarks.cells[number] if block.remarks else ""
        if remark:
            room = pen.width - len(REMARK_INDENT)
            row += [REMARK_INDENT + line for line in wrap(remark, room)]
        inked = [pen.ink(line, _INKS[tone]) for line in row]
        bar = bar_of.get(number)
        if bar:
            span = table.spans[number]
            ink = "accent" if span and span.sign == "ours" else tone
            space = " " * (block.width - cell_len(row[0]) + WIDE_GAP)
            inked[0] += space + pen.ink(bar, _INKS[ink])
        lines += inked
    return lines if table.rows else [*lines, pen.ink("no rows", _INKS["dim"])]


def _head_lines(block: ColumnBlock, axis: str, pen: Pen) -> list[str]:
    """Write the titles of columns, and behind the last line of them the axis of the bars."""
    titles = [column.title for column in block.columns]
    if not any(titles):
        return []
    lines = block.row(titles, low=True)
    lines[-1] = f"{padded(lines[-1], block.width)}  {axis}".rstrip()
    return [pen.ink(line, _INKS["dim"]) for line in lines]


def bars(table: Table, room: int, pen: Pen) -> list[str]:
    """Draw the axis, and the range and values of each row, in characters.

    There is nothing where there is no room for them.
    """
    drawn: list[float] = []
    for span in table.spans:
        if span:
            values = (span.value, span.low, span.high, span.other)
            drawn += [value for value in values if value is not None]
    room = min(room, _MOST_OF_BARS)
    if room < _FEWEST_OF_BARS or not _LEAST < max(map(abs, drawn), default=0.0) < 1 / _LEAST:
        return []
    axis = axis_of(drawn, table.span_most)
    head = _axis_line(axis, table.span_unit, room, pen)
    return [head, *(pen.drawn(_bar(span, axis, room)) for span in table.spans)]


def _axis_line(axis: Scale, unit: str, room: int, pen: Pen) -> str:
    """Write the ends of the axis, and its middle where it touches neither."""
    left, *middle, right = (pen.text(f"{text}{unit}") for text in axis.texts)
    if axis.logarithmic:
        right = f"{right} log"
    line = f"{left}{right:>{max(room - len(left), len(right) + 1)}}"
    for text in middle:
        start = (room - len(text)) // 2
        end = start + len(text)
        if not line[start - 2 : end + 2].strip():
            line = line[:start] + text + line[end:]
    return line if len(line) <= room else ""


def _bar(span: Span | None, axis: Scale, room: int) -> str:
    """Draw the range of a row, and on it the other value and the value."""
    if not span:
        return ""

    def column(value: float) -> int:
        return min(max(round(axis.share(value) * (room - 1)), 0), room - 1)

    cells = [" "] * room
    if span.low is not None and span.high is not None:
        first = column(span.low)
        last = column(span.high)
        cells[first : last + 1] = "━" * (last + 1 - first)
    if span.other is not None:
        cells[column(span.other)] = _SIGNS[span.other_sign]
    if span.value is not None:
        cells[column(span.value)] = _SIGNS[span.sign]
    return "".join(cells).rstrip()


def axis_of(drawn: Sequence[float], most: float | None = None) -> Scale:
    """Choose a round axis with three ticks that holds everything.

    It is logarithmic where the smallest values would all be on zero otherwise.
    """
    low = min(drawn)
    high = max(drawn)
    if low > 0 and high / low > LOG_FROM:
        return _logarithmic_axis(low, high)
    if low >= 0 and low < _FROM_ZERO * high:
        low = 0.0
    width = (high - low) or abs(high) or 1.0
    end = low + width
    power = floor(log10(width)) - 1
    # Rounding: the axis may end where the highest value is.
    needed = high * (1 - 1e-12 if high > 0 else 1 + 1e-12)
    for exponent, nice in product(range(power, power + 3), _NICE):
        base = 10.0**exponent
        step = nice * base
        start = floor(low / base + 1e-9) * base
        is_round = not start or nice % 1 == 0
        if is_round and start + 2 * step >= needed:
            low = float(f"{start:.12g}")
            end = float(f"{start + 2 * step:.12g}")
            if most is not None:
                end = min(end, max(most, high))
            break
    ticks = (low, (low + end) / 2, end)
    return Scale(low, end, ticks, tuple(tick_texts(ticks)), logarithmic=False)


def _logarithmic_axis(low: float, high: float) -> Scale:
    """Choose an axis between 1, 2 and 5 times powers of ten, and its middle if that is one too."""
    rounded = log_marks(low, high)
    low = rounded[0]
    high = rounded[-1]
    middle = next((mark for mark in rounded if isclose(mark * mark, low * high)), None)
    ticks = (low, high) if middle is None else (low, middle, high)
    return Scale(low, high, ticks, tuple(tick_texts(ticks, logarithmic=True)), logarithmic=True)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A column with the width that it has by itself, and the least one that is readable."""

    column: ReadColumn
    natural: int
    least: int


def blocks(columns: Sequence[ReadColumn], width: int) -> Iterator[ColumnBlock]:
    """Put columns next to each other and choose their widths; there is one block where all fit."""
    measured = [_measured(column, first=not index) for index, column in enumerate(columns)]
    natural = [item.natural for item in measured]
    if _total(natural) <= width:
        yield ColumnBlock(list(columns), natural)
        return

    last = columns[-1]
    has_remarks = len(columns) > 1 and not last.numeric and not last.title and natural[-1] > _MARK
    room_for_remarks = width - _total([*natural[:-1], 0])
    if has_remarks and room_for_remarks < min(_READABLE, natural[-1]):
        *others, block = blocks(columns[:-1], width)
        yield from others
        yield block._replace(remarks=last)
        return

    least = [item.least for item in measured]
    for gap in (WIDE_GAP, NARROW_GAP):
        if _total(least, gap) <= width:
            yield _shrunk(measured, width, gap)
            return
    for part in _parts(measured, width):
        yield _shrunk(part, width)


def _measured(column: ReadColumn, *, first: bool) -> _Measured:
    """Measure a column: numbers are never wrapped, headings and texts between words."""
    natural = max(map(cell_len, (column.title, *column.cells)))
    title = widest_piece(column.title)
    if column.numeric:
        cells = max(map(cell_len, column.cells), default=0)
        return _Measured(column, natural, max(title, cells))
    word = max(map(widest_piece, column.cells), default=0)
    fewest = _FEWEST_FIRST if first else _FEWEST
    least = max(title, fewest, min(word, _LONGEST_WHOLE_WORD))
    return _Measured(column, natural, min(natural, least))


def _total(widths: Sequence[int], gap: int = WIDE_GAP) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _parts(measured: list[_Measured], width: int) -> Iterator[list[_Measured]]:
    """Split a table where the columns do not fit; every part repeats those that name its rows."""
    names = _names_of_rows(measured)
    if _total([*(min(item.least, _FEWEST) for item in names), _WIDEST_VALUE]) > width:
        names = names[:1]
    part: list[_Measured] = []
    for item in measured:
        if any(item is name for name in names):
            continue
        wide = _total([column.least for column in (*names, *part, item)])
        # A column without a title marks the one before it, and stays with it.
        if part and item.column.title and wide > width:
            yield [*names, *part]
            part = []
        part.append(item)
    yield [*names, *part]


def _names_of_rows(measured: list[_Measured]) -> list[_Measured]:
    """Choose the columns before the first value that distinguish rows, as few as needed."""
    names: list[_Measured] = []
    rows = [""] * len(measured[0].column.cells)
    for item in takewhile(lambda item: not item.column.measured, measured):
        if len(set(rows)) < len(rows) and len(set(item.column.cells)) > 1:
            names.append(item)
            rows = [f"{row}\n{cell}" for row, cell in zip(rows, item.column.cells, strict=True)]
    return names or measured[:1]


def _shrunk(part: list[_Measured], width: int, gap: int = WIDE_GAP) -> ColumnBlock:
    """Take from the widest column until the part fits.

    Columns get narrower than is readable only where nothing else helps.
    """
    widths = [item.natural for item in part]
    least = [item.least for item in part]
    least_of_all = [min(item.least, _FEWEST_AT_LAST) for item in part]
    for floors in (least, least_of_all):
        while _total(widths, gap) > width and any(map(gt, widths, floors)):
            widest = max(
                range(len(part)),
                key=lambda index: (widths[index] > floors[index], widths[index]),
            )
            widths[widest] -= 1
    return ColumnBlock([item.column for item in part], widths, gap)
