"""Tables out of Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import groupby, pairwise
from typing import NamedTuple

from rural_forecast.observed.reading.amounts import is_number
from rural_forecast.observed.reading.grid import Grid, grid_of_lines
from rural_forecast.observed.reading.options import check_size
from rural_forecast.text.cells import expression

_RULE = expression(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*")
_HTML = frozenset(
    (
        "html",
        "head",
        "body",
        "meta",
        "title",
        "style",
        "script",
        "link",
        "table",
        "div",
        "p",
        "h1",
        "h2",
    )
)
MOST_SPAN = 500  # columns or rows of a cell that are read

# Signs in cells of their own next to their number.
_BEFORE = ("$", "€", "£", "¥", "(", "$(", "US$")
_BEHIND = (")", "%", ")%")


# Markdown


def markdown_grids(text: str, name: str) -> list[Grid]:
    """Read the tables of Markdown, each with the line above it.

    None where no line is a rule below a head.
    """
    numbered = [*enumerate(text.splitlines(), 1)]
    if not any("|" in line and _RULE.fullmatch(line) for _, line in numbered):
        return []
    tables: list[Grid] = []
    above: list[tuple[int, list[str]]] = []
    for in_table, lines in groupby(numbered, lambda pair: "|" in pair[1]):
        if not in_table:
            filled = [(number, [line.strip("# *")]) for number, line in lines if line.strip()]
            above = filled[-1:] or above
            continue
        rows = [(number, _cells_in(line)) for number, line in lines if not _RULE.fullmatch(line)]
        if len(rows) > 1:
            tables.append(grid_of_lines(name, above + rows, delimiter="|"))
            above = []
    return tables


def _cells_in(line: str) -> list[str]:
    cells: list[str] = []
    for cell in re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|")):
        plain = re.sub(r"\*\*|__|`|<br\s*/?>", " ", cell.replace("\\|", "|"))
        cells.append(" ".join(plain.split()))
    return cells


# HTML


class HtmlCell(NamedTuple):
    """A cell of a page."""

    text: str
    across: int  # columns
    down: int  # rows


class HtmlRow(NamedTuple):
    """A row of a page."""

    line: int
    cells: list[HtmlCell]


class HtmlTable(NamedTuple):
    """A table of a page."""

    title: str  # the text above it
    rows: list[HtmlRow]


def outermost(text: str) -> str:
    """Name the outermost element of a text with tags; empty for none."""
    without_comments = re.sub(r"(?s)<!--.*?-->", "", text[:20_000])
    first = re.search(r"<([a-zA-Z_][\w.-]*:?[\w.-]*)", without_comments)
    return first[1] if first else ""


def is_xml(text: str) -> bool:
    """Check that a text with tags is no page."""
    return outermost(text).lower() not in {"", *_HTML}


def html_grids(text: str, name: str) -> list[Grid]:
    """Read the tables of a page with two rows or more."""
    check_size(name, 1, length=len(text))
    page = _TableParser(name)
    page.feed(text)
    page.close()
    grids = []
    for table in page.tables:
        rows = _expanded([row.cells for row in table.rows])
        if sum(len(row) > 1 for row in rows) < 2:
            continue
        lines: list[tuple[int, Sequence[str | None]]] = []
        if table.title:
            lines.append((table.rows[0].line - 1, [table.title]))
        lines += zip((row.line for row in table.rows), rows, strict=True)
        grids.append(grid_of_lines(name, lines))
    return grids


def _expanded(rows: Sequence[Sequence[HtmlCell]]) -> list[list[str | None]]:
    """Put the texts of rows into their columns; the places right of a wide cell stay empty.

    Rows of figures repeat the labels of cells that reach down into them; other rows leave their
    places empty.
    """
    expanded = list[list[str | None]]()
    wide = set[tuple[int, int]]()  # first column and width
    # By column: the first row that a cell does not reach down to, and its text.
    above = dict[int, tuple[int, str]]()
    for number, cells in enumerate(rows):
        row = list[str | None]()
        has_figures = any(is_number(cell.text) for cell in cells)
        for cell in cells:
            row += _reaching_down(above, number, len(row), repeated=has_figures)
            if cell.across > 1:
                wide.add((len(row), cell.across))
            for text in (cell.text, *[None] * (cell.across - 1)):
                if cell.down > 1:
                    above[len(row)] = number + cell.down, text or ""
                row.append(text)
        row += _reaching_down(above, number, len(row), repeated=has_figures)
        _join_signs(row)
        expanded.append(row)
    for first, width in sorted(wide):
        _move_left(expanded, first, width)
    return expanded


def _reaching_down(
    above: dict[int, tuple[int, str]], number: int, column: int, *, repeated: bool
) -> Iterator[str | None]:
    """Give the cells of a row, from a column on, that are taken by cells above it."""
    while column in above:
        end, text = above[column]
        if end <= number:
            return
        yield text if repeated and not is_number(text) else None
        column += 1


def _move_left(rows: Sequence[list[str | None]], first: int, width: int) -> None:
    """Move texts to the first column below a wide cell, where no row has two of them there."""
    end = first + width
    texts_of = [[text for text in row[first:end] if text] for row in rows]
    if any(len(texts) > 1 for texts in texts_of):
        return
    for row, texts in zip(rows, texts_of, strict=True):
        count = len(row[first:end])
        row[first:end] = [*texts, *[None] * width][:count]


def _join_signs(row: list[str | None]) -> None:
    """Join signs in cells of their own to their number, below the head of both.

    Annual reports have them.
    """
    filled = [column for column, text in enumerate(row) if text]
    for column, following in pairwise(filled):
        if row[column] in _BEFORE:
            row[following] = f"{row[column]}{row[following]}"
            row[column] = None
    left = [column for column in filled if row[column]]
    for previous, column in pairwise(left):
        if row[column] in _BEHIND:
            row[previous] = f"{row[previous]}{row[column]}"
            row[column] = None


class _TableParser(HTMLParser):
    """Collects the tables of a page, also those within another."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.tables: list[HtmlTable] = []
        self._name = name
        self._open: list[HtmlTable] = []  # from the outermost to the innermost
        self._cell: list[str] | None = None  # the texts of the open one
        self._across = 1
        self._down = 1
        self._text: list[str] = []  # outside of tables
        self._silent = 0  # elements that are open and whose text nobody sees
        self._cell_count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._close_cell()
            title = " ".join(" ".join(self._text[-3:]).split())
            self._open.append(HtmlTable(title, []))
            self.tables.append(self._open[-1])
        elif tag in ("tr", "td", "th") and self._open:
            self._close_cell()
            rows = self._open[-1].rows
            if tag == "tr" or not rows:
                rows.append(HtmlRow(self.getpos()[0], []))
            if tag != "tr":
                attributes = dict(attrs)
                self._cell = []
                self._across = _span(attributes.get("colspan"))
                self._down = _span(attributes.get("rowspan"))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th", "tr", "table"):
            self._close_cell()
            if tag == "table" and self._open:
                self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif data.strip() and not self._open:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._open:
            self._cell_count += self._across * self._down
            check_size(self._name, self._cell_count // 1000, 1000)
            text = " ".join("".join(self._cell).split())
            cells = self._open[-1].rows[-1].cells
            cells.append(HtmlCell(text, self._across, self._down))
        self._cell = None


def _span(text: str | None) -> int:
    if not text or not text.isdecimal() or len(text) > 5:
        return 1
    return min(max(int(text), 1), MOST_SPAN)
