"""table: what a person reads on a terminal. One accent, thin rules, numbers under each other, nothing cut.

With a width, prose wraps and a table too wide continues below; without one (a pipe or a file) lines are as long as
they need to be. Escapes are written only when colour is wanted, and no text from data can bring any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.render.grid import Block, blocks
from rural_forecast.render.reading import people_tables, prose, read_columns, remaining_notes
from rural_forecast.render.wrapping import cell_len, padded, wrap
from rural_forecast.text.wording import counted

if TYPE_CHECKING:
    from rural_forecast.document.table import Document, Table

MEASURE = 100
"""Widest line of prose: longer ones are hard to read on a wide terminal."""
NARROWEST = 20
REMARK_INDENT = "  "

_INKS = {"strong": "1", "dim": "2", "accent": "36", "heading": "1;36"}


class _Page(NamedTuple):
    """How a page is written."""

    width: int | None
    color: bool
    unicode: bool

    @property
    def measure(self) -> int | None:
        return None if self.width is None else min(self.width, MEASURE)

    def ink(self, text: str, name: str = "plain") -> str:
        return f"\x1b[{_INKS[name]}m{text}\x1b[0m" if self.color and name in _INKS and text.strip() else text

    def lines(self, text: str, name: str = "plain", hang: str = "", lead: str = "") -> Iterator[str]:
        """Prose wrapped to the measure; `lead` starts the first line, `hang` all others."""
        room = None if self.measure is None else self.measure - cell_len(hang)
        for number, line in enumerate(wrap(prose(text, unicode=self.unicode), room)):
            yield (hang if number else lead) + self.ink(line, name)


def render(document: Document, *, width: int | None = None, color: bool = False, unicode: bool = True) -> str:
    """Write title, summary, tables and notes; parts are separated by a blank line.

    `width`: columns of the terminal, or None to wrap nothing; less than 20 counts as 20. Raises RuralForecastError if a
    number is not finite, which is a defect of ours.
    """
    page = _Page(None if width is None else max(width, NARROWEST), color, unicode)
    parts = [_head(document, page), [line for text in document.summary if text for line in page.lines(text)]]
    for table, keys in people_tables(document):
        if table in document.after[:1]:
            parts.append(_points(document, page))
        parts += _section(table, page, keys=keys, titled=not document.brief)
    if not document.after:
        parts.append(_points(document, page))
    if not document.brief and (notes := remaining_notes(document)):
        parts.append([page.ink("Notes", "heading"), *_bullets(notes, page)])
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(document: Document, page: _Page) -> list[str]:
    title = page.lines(document.title, "strong") if document.title else ()
    subtitle = page.lines(document.subtitle, "dim") if document.subtitle else ()
    return [*title, *subtitle]


def _bullets(texts: Iterable[str], page: _Page) -> list[str]:
    lead = "• " if page.unicode else "* "
    return [line for text in texts for line in page.lines(text, hang="  ", lead=lead)]


def _points(document: Document, page: _Page) -> list[str]:
    """The points, and in a brief document how many notes there are."""
    points = list(document.points)
    if document.brief and (notes := remaining_notes(document)):
        more = f"{counted(len(notes), 'more note')}: {document.brief}"
        points[-1:] = [f"{points[-1]} ({more})"] if points else [more]
    return _bullets(points, page)


def _section(table: Table, page: _Page, *, keys: bool, titled: bool) -> Iterator[list[str]]:
    """A section's lines; a table that continues below gives a part for each block."""
    columns = read_columns(table, unicode=page.unicode, keys=keys)
    title = list(page.lines(table.title, "heading")) if table.title and titled else []
    if not titled and not columns[0].title:
        columns[0] = columns[0]._replace(title=prose(table.title, unicode=page.unicode))
    pieces = [_block(block, table, page) for block in blocks(columns, page.width)]
    pieces[0] = title + pieces[0]
    pieces[-1] += page.lines(table.caption, "dim") if table.caption else ()
    yield from pieces


def _block(block: Block, table: Table, page: _Page) -> list[str]:
    titles = [column.title for column, _ in block.places]
    lines = [page.ink(line, "dim") for line in _row(titles, block, low=True)] if any(titles) else []
    lines.append(page.ink(("─" if page.unicode else "-") * block.width, "dim"))
    for number in range(len(table.rows)):
        tone = table.tones[number] if table.tones else "plain"
        cells = [column.cells[number] for column, _ in block.places]
        lines += [page.ink(line, tone) for line in _row(cells, block)]
        if block.remarks and block.remarks.cells[number]:
            room = None if page.width is None else page.width - len(REMARK_INDENT)
            lines += [page.ink(REMARK_INDENT + line, tone) for line in wrap(block.remarks.cells[number], room)]
    if not table.rows:
        lines.append(page.ink("no rows", "dim"))
    return lines


def _row(texts: list[str], block: Block, *, low: bool = False) -> list[str]:
    """Lines of one row: cells wrapped to their columns, at the top or (`low`, headings) at the bottom."""
    wrapped = [wrap(text, width) if text else [] for text, (_, width) in zip(texts, block.places, strict=True)]
    height = max(1, *map(len, wrapped))
    lines = []
    for level in range(height):
        cells = []
        for parts, (column, width) in zip(wrapped, block.places, strict=True):
            at = level - (height - len(parts)) if low else level
            text = parts[at] if 0 <= at < len(parts) else ""
            cells.append(padded(text, width, to_right=column.right))
        lines.append((" " * block.gap).join(cells).rstrip())
    return lines
