"""Tables out of texts, whose cells stand between some sign or apart by spaces."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO

from rural_forecast.errors import InputError, Place
from rural_forecast.series.reading.delimited import ragged_row
from rural_forecast.series.reading.grid import Grid, check_lines
from rural_forecast.series.reading.table import Table, made, width_of

_SIGNS = (",", ";", "\t", "|")
_REST_OF_NUMBER = re.compile(r"[0-9]{1,3}(\.[0-9]+)?|")
"""What a comma within a number leaves in a cell of its own."""


def text_tables(text: str, name: str, kind: str) -> list[Table]:
    """The tables of a text.

    Raises
    ------
    InputError : it is too large, a quote never closes, or it is XML that is not valid
    """
    from rural_forecast.series.reading.markup import MARKDOWN_RULE, html_tables, is_xml, markdown_tables

    if text.lstrip()[:1] == "<":
        if not is_xml(text):
            return html_tables(text, name)
        from rural_forecast.series.reading.xml_tables import xml_tables

        return xml_tables(text, name)
    check_lines(name, text)
    from rural_forecast.series.reading.statistics import is_px, px_table

    if is_px(text):
        return [px_table(text, name)]
    lines = text.splitlines()
    if any("|" in line and MARKDOWN_RULE.fullmatch(line) for line in lines):
        return markdown_tables(lines, name)
    return [_delimited(text, name, kind)]


def table_of(grid: Grid) -> Table:
    """The table of a grid, its header the first row."""

    def place(row: int, column: int) -> Place:
        return grid.place(row - 1, column)

    def percent(row: int, column: int) -> bool:
        return row > 0 and grid.percent(row - 1, column)

    return Table(grid.name, [list(grid.header), *map(list, grid.rows)], place, percent, grid.left_out)


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
        if best[1] == ",":
            _require_whole_numbers(name, best[2], best[3])
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


def _require_whole_numbers(name: str, rows: list[list[str]], lines: list[int]) -> None:
    """Refuse rows that commas within numbers make wider than the row of names above them."""
    header: list[str] = []
    for row, line in zip(rows, lines, strict=True):
        width = width_of(row)
        if width <= len(header):
            continue
        if len(header) > 1 and all(_REST_OF_NUMBER.fullmatch(cell.strip()) for cell in row[len(header) : width]):
            raise ragged_row(Place(f"{name}:{line}", name, line), row, len(header), ",")
        header = row[:width]


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
