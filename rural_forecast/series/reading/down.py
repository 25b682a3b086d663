"""Tables with years down: a column of periods beside columns of values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from rural_forecast.series.reading.column_names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.grid import is_empty, label
from rural_forecast.series.reading.heads import likely, with_part
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.panel import Panel, periods_in
from rural_forecast.series.reading.period_forms import names_period
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.table import Table


def down(table: Table, wanted: str | None = None) -> Panel | None:
    """The panel next to the best column of periods, or the one of this name; None where there is none."""
    best: tuple[tuple[int, int, int], int, int] | None = None
    rows = table.rows
    width = len(rows[0]) if rows else 0
    for column in range(min(width, 400)):
        found = _run(rows, column)
        if found is None:
            continue
        first, count = found
        name = _name_above(rows, first, column)
        if wanted is not None and normalised(name) != normalised(wanted):
            continue
        rank = 3 if normalised(name) in PERIOD_NAMES else 2 if names_period(name) else 1
        if rank == 1 and column and not _steps(rows, column, first):
            continue
        key = (rank, count if rank == 1 else 0, -column)
        if best is None or key > best[0]:
            best = key, column, first
        if rank == 3:
            break
    return _down_panel(table, best[1], best[2]) if best else None


def _run(rows: Sequence[Sequence[Any]], column: int) -> tuple[int, int] | None:
    """The first row of a column of periods and how many there are; None where the column is none."""
    first, count, others = -1, 0, 0
    for row, cells in enumerate(rows):
        cell = cells[column]
        if likely(cell) is not None:
            if first < 0 or (count < 2 and others > 2):
                first, count, others = row, 0, 0
            count += 1
        elif first >= 0 and not is_empty(cell):
            others += 1
    if first < 0 or count < 2 or others > count:
        return None
    return first, count


def _steps(rows: Sequence[Sequence[Any]], column: int, first: int) -> bool:
    """Whether the years of a column without a telling name are such: they repeat, or go up or down by little."""
    years = [loose.period.year for cells in rows[first:] if (loose := likely(cells[column]))]
    return max(Counter(years).values()) > 1 or all(0 < abs(later - earlier) <= 5 for earlier, later in pairwise(years))


def _name_above(rows: Sequence[Sequence[Any]], first: int, column: int) -> str:
    for row in range(first - 1, max(first - 4, -1), -1):
        if name := label(rows[row][column]):
            return name
    return ""


def _down_panel(table: Table, period: int, first: int) -> Panel | None:
    rows = table.rows
    periods = periods_in(cells[period] for cells in rows[first:])
    data: list[int] = []
    skipped: list[tuple[int, str]] = []
    while first and _has_numbers(rows[first - 1], period):
        first -= 1  # before the first period: `1789-1849` sums many years, a mistyped year is refused
    for row in range(first, len(rows)):
        cell = rows[row][period]
        if isinstance(cell, list | dict) or cell in periods:
            data.append(row)
            continue
        numbers = _has_numbers(rows[row], period)
        if numbers and not _is_no_year(cell):
            data.append(row)  # refused where it is used
        else:
            skipped.append((row, "its period is no year" if numbers else "not a row of figures"))
    columns = [
        column
        for column in range(len(rows[0]))
        if column != period and any(is_number(rows[row][column]) for row in data)
    ]
    if not columns:
        return None
    names, units, header, title_end = _header_above(table, first, period, columns)
    if header < 0 and not _may_lack_header(rows, data, period, periods):
        return None
    table, periods, part = _with_parts(table, data, period, names, periods)
    about = [*range(title_end), *(range(header + 1, first) if 0 <= header < first - 2 else ())]
    title = [label(cell) for row in about for cell in rows[row] if not is_empty(cell)]
    return Panel(table, False, names, header, data, periods, {}, period, part, {}, {}, units, title, skipped)


def _with_parts(
    table: Table, data: Sequence[int], period: int, names: Sequence[str], periods: dict[Any, Head]
) -> tuple[Table, dict[Any, Head], int]:
    """The table with years and the months or quarters next to them as one period, and the column of these."""
    rows = list(table.rows)
    years = {row: head.period for row in data if (head := periods.get(rows[row][period])) and not head.dated}
    if len(years) < len(data) or not all(year.is_year for year in years.values()):
        return table, periods, -1
    for column, name in enumerate(names):
        texts = [with_part(years[row].year, rows[row][column], name) for row in data] if column != period else [None]
        if None not in texts:
            for row, text in zip(data, texts, strict=True):
                rows[row] = [*rows[row][:period], text, *rows[row][period + 1 :]]
            return table._replace(rows=rows), periods_in(texts), column
    return table, periods, -1


def _may_lack_header(rows: Sequence[Sequence[Any]], data: Sequence[int], period: int, periods: dict[Any, Head]) -> bool:
    """Whether rows without names above them are a year and a number each: three or more, the years in steps of one."""
    found = [loose.period for row in data if (loose := periods.get(rows[row][period])) is not None]
    known = [one.year for one in found if one.is_year]
    steps = {later - earlier for earlier, later in pairwise(known)}
    return len(found) == len(data) and len(known) > 2 and steps in ({1}, {-1}) and len(rows[0]) <= period + 2


def _has_numbers(cells: Sequence[Any], period: int) -> bool:
    return any(is_number(cell) for column, cell in enumerate(cells) if column != period)


def _is_no_year(cell: Any) -> bool:
    """Whether the label of a row says beyond doubt that it is no year: `Total`, `TQ`, `1789-1849`."""
    if not isinstance(cell, str) or not cell.strip():
        return False
    text = cell.strip()
    return not any(sign.isdigit() for sign in text) or re.fullmatch(r"\d{4}\s*[-–]\s*\d{4}", text) is not None


def _header_above(
    table: Table, first: int, period: int, columns: Sequence[int]
) -> tuple[list[str], dict[int, str], int, int]:
    """Heads of the columns, units, the row of the header, and where the lines above it end."""
    rows = table.rows
    units: dict[int, str] = {}
    stack: list[int] = []
    row = first - 1
    while row >= 0 and len(stack) < 3:
        cells = rows[row]
        texts = [column for column in columns if not is_empty(cells[column])]
        if (
            not texts
            or (stack and (row + 1 in table.gaps or (len(texts) < 2 and is_empty(cells[period]))))
            or any(is_number(cells[column]) for column in columns)
        ):
            break
        if len(columns) > 1 and len(texts) == 1 and is_empty(cells[period]):
            break
        if (
            not stack
            and not units
            and row
            and _is_units(cells, columns)
            and any(not is_empty(rows[row - 1][column]) for column in columns)
        ):
            units = {column: label(cells[column]).strip("()[] ") for column in columns}
            row -= 1
            continue
        stack.append(row)
        if all(not is_empty(cells[column]) for column in (*columns, period)):
            break
        row -= 1
    width = len(rows[0])
    if not stack and (top := _named_above(rows, first, columns)) >= 0:
        stack = [top]
    if not stack:
        return [""] * width, units, -1, first
    stack.reverse()
    names = []
    filled = [_spread(rows[row], last=place == len(stack) - 1) for place, row in enumerate(stack)]
    for column in range(width):
        parts = dict.fromkeys(part for part in (cells[column] for cells in filled) if part)
        names.append(" ".join(" ".join(parts).split()))
    if period >= 0 and len(stack) > 1:
        names[period] = next((label(rows[row][period]) for row in stack if not is_empty(rows[row][period])), "")
    return names, units, stack[-1], stack[0]


def _named_above(rows: Sequence[Sequence[Any]], first: int, columns: Sequence[int]) -> int:
    """The topmost row that names every column, where lines about them follow it; -1 where there is none."""
    for row in range(max(first - 12, 0), first - 1):
        if all(not is_empty(rows[row][column]) and not is_number(rows[row][column]) for column in columns):
            return row
    return -1


def _spread(cells: Sequence[Any], *, last: bool) -> list[str]:
    """The heads of a row; those of an upper row hold for the empty cells after them as well."""
    found, before = [], ""
    for cell in cells:
        text = label(cell)
        before = text or ("" if last else before)
        found.append(before)
    return found


def _is_units(cells: Sequence[Any], columns: Sequence[int]) -> bool:
    """Whether a row holds units: every head in brackets."""
    texts = [label(cells[column]) for column in columns]
    return all(re.fullmatch(r"[\[(].*[\])]|", text) for text in texts) and any(texts)
