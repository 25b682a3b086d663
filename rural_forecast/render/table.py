"""table: what a person reads on a terminal. One accent, thin rules, numbers under each other, nothing cut.

With a width, prose wraps and a table too wide continues below; without one (a pipe or a file) lines are as long as
they need to be. Escapes are written only when colour is wanted, and no text from data can bring any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rural_forecast.render.columns import people_tables, read_columns, remaining_notes
from rural_forecast.render.grid import Block, blocks
from rural_forecast.render.terminal_pen import UNLIMITED, Pen
from rural_forecast.render.wrapping import padded, wrap
from rural_forecast.text.wording import counted

if TYPE_CHECKING:
    from rural_forecast.document.table import Document, Table

NARROWEST = 20
REMARK_INDENT = "  "
_INKS = {"plain": "", "strong": "1", "dim": "2", "heading": "1;36"}


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
