"""Tables with years down: a column of periods beside columns of values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from rural_forecast.series.reading.column_names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.panel import NO_YEAR, Panel, counts_columns, periods_in
from rural_forecast.series.reading.parts import below_years, label_columns, months_across, next_to_years
from rural_forecast.series.reading.period_forms import names_period
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.table import Table
from rural_forecast.series.reading.units import is_unit
from rural_forecast.text.cells import is_empty, label


def down(table: Table, wanted: str | None = None) -> Panel | None:
    """The panel next to the best column of periods, or the one of this name; None where there is none."""
    ranked: list[tuple[tuple[int, int, int, int], int, int]] = []
    table = below_years(table)
    rows = table.rows
    width = len(rows[0]) if rows else 0
    runs = {column: run for column in range(min(width, 400)) if (run := _run(rows, column)) is not None}
    for column, (first, count) in runs.items():
        name = _name_above(rows, first, column)
        if wanted is not None and normalised(name) != normalised(wanted):
            continue
        rank = 3 if normalised(name) in PERIOD_NAMES else 2 if names_period(name) else 1
        if rank == 1 and column and not _steps(rows, column, first):
            continue
        if len({label(cells[column]) for cells in rows[first:]}) == 1:  # when something else was done, most likely
            rank = 0
        apart = _distinct_rows(rows[first:], column, runs) if rank > 1 else 0
        ranked.append(((min(rank, 2), apart, count if rank == 1 else rank, -column), column, first))
    panel = _down_panel(table, *max(ranked)[1:]) if ranked else None
    melted = months_across(panel) if panel else None
    return down(melted) if melted else panel


def _distinct_rows(rows: Sequence[Sequence[Any]], column: int, runs: Collection[int]) -> int:
    """How many rows the labels and a column of periods, one of several, distinguish."""
    if len(runs) < 2:
        return 0
    texts = label_columns(rows, runs)
    return len({(label(cells[column]), *(label(cells[at]) for at in texts)) for cells in rows})


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
    most = max(Counter(years).values())
    return 1 < most < len(years) or all(0 < abs(later - earlier) <= 5 for earlier, later in pairwise(years))


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
    dated = [cells for cells in rows[first:] if not isinstance(cells[period], list | dict) and cells[period] in periods]
    columns = [at for at in range(len(rows[0])) if at != period and any(is_number(cells[at]) for cells in dated)]
    while first and not counts_columns(rows[first - 1]) and any(is_number(rows[first - 1][at]) for at in columns):
        first -= 1  # before the first period: `1789-1849` sums many years, a mistyped year is refused
    for row in range(first, len(rows)):
        cell = rows[row][period]
        if isinstance(cell, list | dict) or cell in periods:
            data.append(row)
            continue
        numbers = any(is_number(rows[row][at]) for at in columns)
        if numbers and not _is_no_year(cell):
            data.append(row)  # refused where it is used
        else:
            skipped.append((row, NO_YEAR if numbers else "not a row of figures"))
    if not columns:
        return None
    names, units, header, title_end = _header_above(table, first, period, columns)
    if header < 0 and not _may_lack_header(rows, data, period, periods):
        return None
    table, periods, part = next_to_years(table, data, period, names, periods)
    about = [*range(title_end), *(range(header + 1, first) if 0 <= header < first - 2 else ())]
    title = [label(cell) for row in about for cell in rows[row] if not is_empty(cell)]
    return Panel(table, False, names, header, data, periods, {}, period, part, {}, {}, units, title, skipped)


def _may_lack_header(rows: Sequence[Sequence[Any]], data: Sequence[int], period: int, periods: dict[Any, Head]) -> bool:
    """Whether rows without names above them are a year and a number each: three or more, the years in steps of one."""
    known = [loose.period for row in data if (loose := periods.get(rows[row][period])) is not None]
    years = [each.year for each in known if each.is_year]
    steps = {later - earlier for earlier, later in pairwise(years)}
    return len(known) == len(data) and len(years) > 2 and steps in ({1}, {-1}) and len(rows[0]) <= period + 2


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
    if (block := _attributes_above(rows, first, period, columns)) is not None:
        names = [label(cell) for cell in rows[block[0]]]
        attributes = {label(rows[row][period]): row for row in block}
        of = [row for name, row in attributes.items() if re.match(r"(?i)(?:units?|einheit|unité|dimension)\b", name)]
        named = {column: " ".join(label(rows[row][column]) for row in of) for column in columns if of}
        return names, named, block[0], block[0]
    units: dict[int, str] = {}
    stack: list[int] = []
    for row in range(first - 1, -1, -1):
        cells = rows[row]
        texts = [column for column in columns if not is_empty(cells[column])]
        lone = len(texts) == 1 and is_empty(cells[period]) and (stack or len(columns) > 1)
        if not texts or lone or (stack and row + 1 in table.gaps) or any(is_number(cells[at]) for at in columns):
            break
        named_above = row and any(not is_empty(rows[row - 1][column]) for column in columns)
        if named_above and not stack and not units and _is_units(cells, columns):
            units = {column: label(cells[column]).strip("()[] ") for column in columns}
            continue
        stack.insert(0, row)
        if len(stack) == 3 or all(not is_empty(cells[column]) for column in (*columns, period)):
            break
    stack = stack or [top for top in [_named_above(rows, first, columns)] if top >= 0]
    if not stack:
        return [""] * len(rows[0]), units, -1, first
    filled = [_spread(rows[row], last=row == stack[-1]) for row in stack]
    names = [" ".join(" ".join(dict.fromkeys(filter(None, parts))).split()) for parts in zip(*filled, strict=True)]
    if len(stack) > 1:
        names[period] = next((label(rows[row][period]) for row in stack if not is_empty(rows[row][period])), "")
    return names, units, stack[-1], stack[0]


def _attributes_above(
    rows: Sequence[Sequence[Any]], first: int, period: int, columns: Sequence[int]
) -> list[int] | None:
    """The rows above the figures that each say one thing of every column, such as `Unit`; None where there are none."""
    row = first - 1
    if row < 0 or (names_period(label(rows[row][period])) and not all(likely(rows[row][at]) for at in columns)):
        return None
    named: list[int] = []
    while row >= 0 and not is_empty(rows[row][period]):
        filled = sum(not is_empty(rows[row][at]) for at in columns)
        if 0 < filled < len(columns) / 2:
            break
        named = [row, *named] if filled else named
        row -= 1
    row = named[0] - 1 if named else -1
    while row >= 0 and all(not is_empty(rows[row][at]) and not is_number(rows[row][at]) for at in columns):
        row -= 1
    return list(range(row + 1, first)) if len(named) > 2 else None


def _named_above(rows: Sequence[Sequence[Any]], first: int, columns: Sequence[int]) -> int:
    """The topmost row that names every column, where lines about them follow it; -1 where there is none."""
    for row in range(max(first - 12, 0), first - 1):
        if all(not is_empty(rows[row][column]) and not is_number(rows[row][column]) for column in columns):
            return row
    return -1


def _spread(cells: Sequence[Any], *, last: bool) -> list[str]:
    """The heads of a row; those of an upper row hold for the empty cells after them as well."""
    heads, before = [], ""
    for cell in cells:
        text = label(cell)
        before = text or ("" if last else before)
        heads.append(before)
    return heads


def _is_units(cells: Sequence[Any], columns: Sequence[int]) -> bool:
    """Whether a row holds units: every head in brackets."""
    texts = [label(cells[column]) for column in columns]
    return any(texts) and all(re.fullmatch(r"[\[(].*[\])]|", text) or is_unit(text) for text in texts)
