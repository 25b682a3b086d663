"""Tables out of Markdown and HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import groupby, pairwise

from rural_forecast.errors import InputError
from rural_forecast.series.reading.amounts import is_number
from rural_forecast.series.reading.grid import Grid, grid_of_lines
from rural_forecast.series.reading.options import check_size
from rural_forecast.text.cells import expression

_RULE = expression(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*")
_HTML = frozenset(
    [
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
    ]
)
_BEFORE = ("$", "€", "£", "¥", "(", "$(", "US$")
_BEHIND = (")", "%", ")%")  # signs in cells of their own next to their number
Cell = tuple[str, int, int]  # a text, how many columns it is wide, and how many rows high


def markdown_grids(text: str, name: str) -> list[Grid]:
    """The tables of Markdown, each with the line above it; none where no line is a rule below a
    head.
    """
    numbered = [*enumerate(text.splitlines(), 1)]
    if not any("|" in line and _RULE.fullmatch(line) for _, line in numbered):
        return []
    tables: list[Grid] = []
    above: list[tuple[int, list[str]]] = []
    for in_table, lines in groupby(numbered, lambda pair: "|" in pair[1]):
        if not in_table:
            above = [(number, [line.strip("# *")]) for number, line in lines if line.strip()][
                -1:
            ] or above
            continue
        rows = []
        for number, line in lines:
            if not _RULE.fullmatch(line):
                cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
                plain = (
                    re.sub(r"\*\*|__|`|<br\s*/?>", " ", cell.replace("\\|", "|")) for cell in cells
                )
                rows.append((number, [" ".join(cell.split()) for cell in plain]))
        if len(rows) > 1:
            tables.append(grid_of_lines(name, above + rows, delimiter="|"))
            above = []
    return tables


def html_grids(text: str, name: str) -> list[Grid]:
    """The tables of a page with two rows or more; other XML, and what is too long, is refused."""
    first = re.search(r"<([a-zA-Z][\w.-]*:?[\w.-]*)", text[:20_000])
    if first is not None and first[1].lower() not in _HTML:
        raise InputError(
            f"{name} is XML, which is not read.",
            "Download it as CSV or JSON; save a workbook as .xlsx.",
        )
    check_size(name, 1, length=len(text))
    page = _Page(name)
    page.feed(text)
    page.close()
    grids = []
    for title, lines in page.tables:
        rows = _expanded([cells for _, cells in lines])
        if sum(len(row) > 1 for row in rows) > 1:
            numbered = zip((line for line, _ in lines), rows, strict=True)
            grids.append(
                grid_of_lines(name, [*([(lines[0][0] - 1, [title])] if title else []), *numbered])
            )
    return grids


def _expanded(rows: Sequence[Sequence[Cell]]) -> list[list[str | None]]:
    """The texts of rows, each in its column; the places to the right of a wide cell stay empty.

    Rows of figures repeat the labels of cells that reach down into them; other rows leave their
    places empty.
    """
    made = list[list[str | None]]()
    wide = set[tuple[int, int]]()  # first column and width
    # By column: the first row that a cell does not reach down to, and its text.
    above = dict[int, tuple[int, str]]()
    for number, cells in enumerate(rows):
        row = list[str | None]()
        figures = any(is_number(text) for text, _, _ in cells)
        for text, across, down in (*cells, ("", 0, 0)):
            while (reaching := above.get(len(row), (0, "")))[0] > number:
                row.append(reaching[1] if figures and not is_number(reaching[1]) else None)
            wide |= {(len(row), across)} if across > 1 else set()
            for cell in [text, *[None] * (across - 1)][:across]:
                if down > 1:
                    above[len(row)] = number + down, cell or ""
                row.append(cell)
        _join(row)
        made.append(row)
    for start, width in sorted(wide):
        parts = [[cell for cell in row[start : start + width] if cell] for row in made]
        if all(len(kept) < 2 for kept in parts):
            for row, kept in zip(made, parts, strict=True):
                row[start : start + width] = [*kept, *[None] * width][
                    : len(row[start : start + width])
                ]
    return made


def _join(row: list[str | None]) -> None:
    """Put signs in cells of their own to their number, as annual reports have them, below the head
    of both.
    """
    filled = [place for place, cell in enumerate(row) if cell]
    for place, after in pairwise(filled):
        if row[place] in _BEFORE:
            row[after], row[place] = f"{row[place]}{row[after]}", None
    for before, place in pairwise([place for place in filled if row[place]]):
        if row[place] in _BEHIND:
            row[before], row[place] = f"{row[before]}{row[place]}", None


class _Page(HTMLParser):
    """The tables of a page, each with the text above it as its title, and the line and the cells of
    its rows.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.tables: list[tuple[str, list[tuple[int, list[Cell]]]]] = []
        self._name = name
        self._open: list[list[tuple[int, list[Cell]]]] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._text: list[str] = []
        self._silent = self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self._close_cell()
            self._open.append([])
            self.tables.append((" ".join(" ".join(self._text[-3:]).split()), self._open[-1]))
        elif tag in ("tr", "td", "th") and self._open:
            self._close_cell()
            if tag == "tr" or not self._open[-1]:
                self._open[-1].append((self.getpos()[0], []))
            if tag != "tr":
                said = dict(attrs)
                self._cell = []
                self._span = (_count(said.get("colspan")), _count(said.get("rowspan")))
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
        if self._cell is not None and not self._silent:
            self._cell.append(data)
        elif data.strip() and not self._open and not self._silent:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self._open:
            self._cells += self._span[0] * self._span[1]
            check_size(self._name, self._cells // 1000, 1000)
            self._open[-1][-1][1].append((" ".join("".join(self._cell).split()), *self._span))
        self._cell = None


def _count(text: str | None) -> int:
    return min(max(int(text), 1), 500) if text and text.isdecimal() and len(text) < 6 else 1
