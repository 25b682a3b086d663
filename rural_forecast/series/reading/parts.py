"""Quarters and months that a table names apart from their year: next to it, below it, or across."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.panel import Panel, periods_in
from rural_forecast.series.reading.period_forms import month_of
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.table import Table
from rural_forecast.text.cells import is_empty, label

_NAMES = {
    "M": r"(?:months?|mon|mm|monat|mois|mes|月份?)$",
    "Q": r"(?:quarters?|qtr|quartal|trimestre|季度?)$",
    "H": r"(?:half|halves|half.?year|semester)$",
    "P": r"period$",
}
"""Names of columns of parts next to a column of years, by the letter of the part."""
_WHOLE = re.compile(r"(?i)M13|Q05|S03|A01|annual|year|total|year total|full year|jahr|全年|年度|合计")
"""What a column of parts calls the year as a whole; the codes are those of the Bureau of Labor Statistics."""


def with_part(year: int, cell: object, name: str = "") -> str | None:
    """A year and the cell of a column of months, quarters or halves as one period; None where the cell is neither.

    >>> with_part(2019, 3, "Month"), with_part(2019, "Q2"), with_part(2019, "M13", "Period"), with_part(2019, "North")
    ('2019M3', '2019Q2', '2019', None)
    """
    text = label(cell).strip()
    kind = next((kind for kind, names in _NAMES.items() if re.match(names, name.strip(), re.IGNORECASE)), "")
    if (kind and not text) or _WHOLE.fullmatch(text):
        return str(year)
    if match := re.fullmatch(r"([MQSH])(?:ALF)?0?(\d\d?)", text):
        text = f"{year}{match[1].replace('S', 'H')}{match[2]}"
    elif month := month_of(text):
        text = f"{year}M{month}"
    elif text.isdecimal():
        text = f"{year}{kind}{text}" if kind else ""
    else:
        text = f"{text} {year}"
    head = likely(text)
    return text if head is not None and head.period.year == year and not head.period.is_year else None


def below_years(table: Table) -> Table:
    """The table with a year in each row of its parts, where only the first of them has it.

    That is a year, and quarters in the rows below it, in the same column or in the next one.
    """
    rows = list(table.rows)
    width = len(rows[0]) if rows else 0
    for column in range(min(width, 3)):
        year, changed, years = 0, 0, 0
        for at, cells in enumerate(table.rows):
            cell = cells[column]
            if (head := likely(cell)) is not None:
                year, years = (head.period.year, years + 1) if head.period.is_year else (0, years)
                continue
            beside = cells[column + 1] if column + 1 < width else None
            text = with_part(year, cell) if year and isinstance(cell, str) and not is_empty(cell) else None
            if text is None and year and is_empty(cell) and isinstance(beside, str) and with_part(year, beside):
                text = str(year)
            if text is not None:
                rows[at] = [*cells[:column], text, *cells[column + 1 :]]
                changed += 1
            elif not is_empty(cell):
                year = 0
        if years > 1 and changed >= years:
            return table._replace(rows=rows)
        rows = list(table.rows)
    return table


def next_to_years(
    table: Table, data: Sequence[int], period: int, names: Sequence[str], periods: dict[Any, Head]
) -> tuple[Table, dict[Any, Head], int]:
    """The table with years and the months or quarters next to them as one period, and the column of these."""
    rows = list(table.rows)
    years = {row: head.period for row in data if (head := periods.get(rows[row][period])) and not head.dated}
    if len(years) < len(data) or not all(year.is_year for year in years.values()):
        return table, periods, -1
    parts: dict[int, list[str | None]] = {}
    for column, name in enumerate(names):
        if column == period or all(is_empty(rows[row][column]) for row in data):
            continue
        periods_of_rows = (with_part(years[row].year, rows[row][column], name) for row in data)
        texts = list(takewhile(lambda text: text is not None, periods_of_rows))
        if len(texts) == len(data) and len(set(texts)) > len(set(years.values())):
            parts[column] = texts
    labels = label_columns([rows[row] for row in data], {period, *parts}) if parts else ()
    keys = {(years[row], *(label(rows[row][at]) for at in labels)) for row in data}
    if not parts or len(keys) == len(data):  # a month next to years that are distinct is no part of them
        return table, periods, -1
    part = max(parts, key=lambda column: len(set(parts[column])))
    for row, text in zip(data, parts[part], strict=True):
        rows[row] = [*rows[row][:period], text, *rows[row][period + 1 :]]
    return table._replace(rows=rows), periods_in(parts[part]), part


def label_columns(rows: Sequence[Sequence[Any]], others: Collection[int]) -> list[int]:
    """The columns of texts, as far as the first rows tell, but some others."""
    width = len(rows[0]) if rows else 0
    return [at for at in range(width) if at not in others and not any(is_number(cells[at]) for cells in rows[:50])]


def months_across(panel: Panel) -> Table | None:
    """A table of one row a month or quarter, of a panel with years down and these across; None for any other.

    Where the year is in a column of its own as well, the panel stays as it is.
    """
    rows = panel.table.rows
    named = {at: text for at, name in enumerate(panel.names) if at != panel.period and (text := with_part(2000, name))}
    parts = set(named.values())
    if panel.across or "2000" in parts or len(parts) not in (4, 12) or len(named) not in (4, 12):
        return None
    rest = [at for at in range(len(panel.names)) if at not in named]
    if any(
        label(rows[row][at]).replace(".", "").isdecimal() for at in rest if at != panel.period for row in panel.rows
    ):
        return None
    cells = [
        (row, at, with_part(head.period.year, panel.names[at]))
        for row in panel.rows
        if (head := panel.loose(row)) is not None and head.period.is_year
        for at in named
    ]
    made: list[list[Any]] = [[panel.names[at] or "period" for at in rest] + ["value"]]
    made += [
        [text if other == panel.period else rows[row][other] for other in rest] + [rows[row][at]]
        for row, at, text in cells
    ]
    table = panel.table
    places = [(panel.header, panel.period), *((row, at) for row, at, _ in cells)]
    value = len(rest)

    def source(row: int, column: int) -> tuple[int, int]:
        line, at = places[row]
        return max(line, 0), at if column == value else rest[column]

    return table._replace(
        rows=made,
        place=lambda row, column: table.place(*source(row, column)),
        percent=lambda row, column: table.percent(*source(row, column)),
        gaps=frozenset(),
        about={**table.about, "title": table.about.get("title") or " ".join(panel.title[-1:])},
    )


def in_row_below(panel: Panel) -> Panel:
    """A panel with years across and parts in the row below them, as one of periods; any other as it is."""
    if not panel.measures:
        return panel
    years, periods = {}, dict(panel.periods)
    for column, cell in panel.years.items():
        text = with_part(panel.periods[cell].period.year, panel.measures[column])
        head = likely(text)
        if text is None or head is None:
            return panel
        years[column], periods[text] = text, head
    return replace(panel, years=years, periods=periods, measures={})
