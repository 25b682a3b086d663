"""Tables out of texts: delimited by some sign, Markdown, HTML, and the JSON of statistical offices."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from io import StringIO
from typing import Any

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.grid import Grid, check_lines, check_size, check_width, is_empty
from rural_forecast.series.reading.table import Table, padded

_SIGNS = (",", ";", "\t", "|")
_MARKDOWN_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(?:\|\s*:?-{1,}:?\s*)+\|?\s*")


def text_tables(text: str, name: str, kind: str) -> list[Table]:
    """The tables of a text.

    Raises
    ------
    InputError : it is too large, or a quote never closes
    """
    check_lines(name, text)
    start = text.lstrip()[:2000].lower()
    if re.match(r"<(?:!doctype|html|table|\?xml|meta|head|body|style|div)", start):
        return _html_tables(text, name)
    lines = text.splitlines()
    if any(_MARKDOWN_RULE.fullmatch(line) and "|" in line for line in lines):
        return _markdown_tables(lines, name)
    return [_delimited(text, name, kind)]


def table_of(grid: Grid) -> Table:
    """The table of a grid, its header the first row."""

    def place(row: int, column: int) -> Place:
        return grid.place(row - 1, column)

    def percent(row: int, column: int) -> bool:
        return row > 0 and grid.percent(row - 1, column)

    return Table(grid.name, [list(grid.header), *map(list, grid.rows)], place, percent, grid.left_out)


def made(
    name: str, rows: Sequence[Sequence[Any]], lines: Sequence[int], *, delimiter: str = "", what: str = ""
) -> Table:
    """A table of rows with content, and the lines they stand on."""
    kept = [(line, row) for line, row in zip(lines, rows, strict=True) if not all(map(is_empty, row))]
    even = padded([row for _, row in kept])
    if even:
        check_width(name, len(even[0]))
        check_size(name, len(even), len(even[0]))
    gaps = frozenset(
        place for place in range(1, len(kept)) if kept[place][0] > kept[place - 1][0] + 1 + _breaks(kept[place - 1][1])
    )
    numbers = [line for line, _ in kept]

    def place(row: int, column: int) -> Place:
        line = numbers[row] if row < len(numbers) else 0
        return Place(f"{name}{what}:{line}" if not what else f"{name}{what}{line}", name, line, column + 1)

    return Table(name, even, place, gaps=gaps, delimiter=delimiter)


def _breaks(row: Sequence[Any]) -> int:
    """Lines that a row takes beyond the first."""
    return sum(cell.count("\n") for cell in row if isinstance(cell, str))


# Delimited


def _delimited(text: str, name: str, kind: str) -> Table:
    signs = ("\t",) if kind == "tsv" else _SIGNS
    best: tuple[float, str, list[list[str]], list[int]] | None = None
    broken: csv.Error | None = None
    for sign in signs:
        if sign not in text:
            continue
        try:
            rows, lines = _split(text, sign)
        except csv.Error as error:
            broken = broken or error
            continue
        counts = Counter(len(row) for row in rows if len(row) > 1)
        if not counts:
            continue
        fitting = sum(len(row) > 1 for row in rows) / max(len(rows), 1)
        usual, times = counts.most_common(1)[0]
        score = times * fitting * (1 + 0.02 * min(usual, 50))
        if best is None or score > best[0]:
            best = score, sign, rows, lines
    if best is not None:
        return made(name, best[2], best[3], delimiter=best[1])
    if broken is not None:
        raise InputError(f"{name}: {broken}", "Close every quote.")
    return _spaced(text, name)


def _split(text: str, sign: str) -> tuple[list[list[str]], list[int]]:
    rows, lines, before = [], [], 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True, skipinitialspace=sign != "\t")
    for cells in reader:
        rows.append(cells)
        lines.append(before + 1)
        before = reader.line_num
    return rows, lines


def _spaced(text: str, name: str) -> Table:
    """Columns apart by spaces; lines that begin with # are remarks."""
    rows: list[list[str]] = []
    for line in text.splitlines():
        bare = line.strip()
        wide = re.split(r"\s{2,}|\t", bare)
        rows.append([bare] if bare.startswith("#") else wide if len(wide) > 1 else bare.split())
    usual = Counter(len(row) for row in rows if row and not row[0].startswith("#")).most_common(1)
    for place, row in enumerate(rows):
        words = row[0].strip("# ").split() if row and row[0].startswith("#") else []
        if usual and len(words) == usual[0][0] > 1:
            rows[place] = words
    return made(name, rows, range(1, len(rows) + 1), delimiter=" ")


# Markdown and HTML


def _markdown_tables(lines: Sequence[str], name: str) -> list[Table]:
    found: list[Table] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    before: list[tuple[int, str]] = []
    for number, line in enumerate([*lines, ""], 1):
        if "|" in line and line.strip():
            if not _MARKDOWN_RULE.fullmatch(line):
                cells = re.split(r"(?<!\\)\|", line.strip().removeprefix("|").removesuffix("|"))
                rows.append([_plain(cell) for cell in cells])
                numbers.append(number)
            continue
        if len(rows) > 1:
            head = before[-1:]
            found.append(
                made(name, [[text] for _, text in head] + rows, [at for at, _ in head] + numbers, delimiter="|")
            )
            before = []
        rows, numbers = [], []
        if line.strip():
            before.append((number, line.strip("# *")))
    return found


def _plain(cell: str) -> str:
    text = re.sub(r"\*\*|__|`|<br\s*/?>", " ", cell.replace("\\|", "|"))
    return " ".join(text.split())


class _Tables(HTMLParser):
    """The cells of the tables of a page, those over several rows or columns repeated in the first alone."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[list[str | None]], list[int], str]] = []
        self._open: list[int] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._down: dict[int, dict[tuple[int, int], None]] = {}
        self._text: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "style"):
            self._silent += 1
        elif tag == "table":
            self.tables.append(([], [], " ".join(" ".join(self._text[-3:]).split())))
            self._open.append(len(self.tables) - 1)
            self._down[self._open[-1]] = {}
        elif tag == "tr" and self._open:
            rows, lines, _ = self.tables[self._open[-1]]
            rows.append([])
            lines.append(self.getpos()[0])
            self._fill()
        elif tag in ("td", "th") and self._open and self.tables[self._open[-1]][0]:
            self._close_cell()
            self._cell = []
            self._span = (_count(said.get("colspan")), _count(said.get("rowspan")))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._silent = max(self._silent - 1, 0)
        elif tag in ("td", "th", "tr"):
            self._close_cell()
        elif tag == "table" and self._open:
            self._close_cell()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._cell is not None:
            self._cell.append(data)
        elif data.strip() and not self._open:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._cell is None or not self._open:
            return
        table = self._open[-1]
        row = self.tables[table][0][-1]
        text = " ".join("".join(self._cell).split())
        across, down = self._span
        for place in range(across):
            for below in range(1, down):
                self._down[table][(len(self.tables[table][0]) - 1 + below, len(row))] = None
            row.append(text if place == 0 else None)
        self._cell = None
        self._fill()

    def _fill(self) -> None:
        """Leave the places free that cells of rows above reach into."""
        table = self._open[-1]
        row = self.tables[table][0][-1]
        while (len(self.tables[table][0]) - 1, len(row)) in self._down[table]:
            row.append(None)


def _count(text: str | None) -> int:
    return min(max(int(text), 1), 500) if text and text.isdigit() else 1


def _html_tables(text: str, name: str) -> list[Table]:
    page = _Tables()
    page.feed(text)
    page.close()
    found = []
    for rows, lines, title in page.tables:
        if sum(len(row) > 1 for row in rows) > 1:
            above: list[list[str | None]] = [[title]] if title else []
            table = made(name, above + rows, [lines[0] - 1] * len(above) + list(lines))
            found.append(table)
    return found


Reader = Callable[[str, str], "list[Table]"]
