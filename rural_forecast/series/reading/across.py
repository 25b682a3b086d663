"""Tables with years across: a header of years, and a row to each series below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.number_forms import is_missing, is_number
from rural_forecast.series.reading.panel import BELOW, Panel, counts_columns, periods_in
from rural_forecast.series.reading.parts import in_row_below, with_part
from rural_forecast.series.reading.period_forms import names_period, runs
from rural_forecast.series.reading.periods import Head, parts_of
from rural_forecast.series.reading.table import Table
from rural_forecast.text.cells import is_empty, label

_TITLE_PAIR = re.compile(r"([^:：]{1,60})[:：]\s+(\S.*)")


def is_year_header(table: Table, row: int) -> bool:
    """Whether a row is a header of years: two of them or more, no other number, and figures below that are no years."""
    cells = table.rows[row]
    years: list[tuple[int, Head]] = []
    for column, cell in enumerate(cells):
        if is_empty(cell):
            continue
        if (loose := likely(cell)) is not None:
            years.append((column, loose))
        elif is_number(cell):
            return False
    if len(years) < 2:
        return False
    first_column = [loose.period.year for _, loose in years]
    blocks = Counter(loose.period for _, loose in years)
    if len(blocks) < 2 or (len(blocks) == len(years) and not runs(first_column)):
        return False
    numbers = others = alike = 0
    for below in table.rows[row + 1 : row + 60]:
        for column, _ in years[:60]:
            cell = below[column]
            if is_number(cell):
                numbers += 1
                alike += likely(cell) is not None
            elif not is_missing(cell):
                others += 1
    return numbers > 0 and alike < 0.8 * numbers and numbers > 0.1 * others


def across(table: Table, head: int, start: int, end: int) -> Panel | None:
    """The panel below a header of years, None where no figures follow.

    `head`, `start`, `end`: row of the header, of the header before it, and of the one after it.
    """
    cells = table.rows[head]
    periods = _dated(periods_in(cells))
    years = {column: cell for column, cell in enumerate(cells) if not is_empty(cell) and cell in periods}
    years = _filled_right(table, head, years, end)
    data, added, skipped, names_below = _data_rows(table, head, years, end)
    if not data:
        return None
    measures: Mapping[int, str] = {}
    names = [label(cell) for cell in cells]
    used_above = -1
    if len({periods[cell].period for cell in years.values()}) < len(years):
        measures, used = _measures(table, head, years, data, start)
        if used > head:
            skipped = [(row, why) for row, why in skipped if row != used]
            names = [name or label(cell) for name, cell in zip(names, table.rows[used], strict=True)]
        elif used >= 0:
            used_above = used
    for column, name in names_below.items():
        names[column] = name
    top = 1 + max([start, *(row for row in range(start + 1, head) if sum(map(is_number, table.rows[row])) > 1)])
    above = (row for row in range(top, head) if row != used_above)  # after the figures of the table before
    title = [label(cell) for row in above for cell in table.rows[row] if not is_empty(cell)]
    panel = Panel(table, True, names, head, data, periods, years, -1, -1, measures, added, {}, title, skipped)
    return in_row_below(panel)


def _filled_right(table: Table, head: int, years: dict[int, Any], end: int) -> dict[int, Any]:
    """Years written over the first of their columns (merged cells) hold for the columns after it as well."""
    cells = table.rows[head]
    columns = sorted(years)
    steps = {later - earlier for earlier, later in pairwise(columns)}
    below = next((row for row in range(head + 1, min(head + 3, end)) if any(map(is_number, table.rows[row]))), end)
    names = table.rows[head + 1] if below == head + 2 else None
    if names is None or len(steps) != 1 or steps == {1}:
        return years
    step = steps.pop()
    filled = {}
    for column in columns:
        for place in range(column, min(column + step, len(cells))):
            if place == column or (is_empty(cells[place]) and not is_empty(names[place])):
                filled[place] = years[column]
    return filled


def _measures(
    table: Table, head: int, years: dict[int, Any], data: Sequence[int], start: int
) -> tuple[dict[int, str], int]:
    """What the columns measure where each year stands several times: in the row below the years, or above them."""
    for row in (*range(head + 1, min(head + 2, data[0])), *range(head - 1, max(start, head - 4), -1)):
        texts, last = {}, ""
        for column, cell in enumerate(table.rows[row]):
            last = label(cell) or (last if row < head else "")
            if column in years:
                texts[column] = last
        if all(texts.values()) and len(set(texts.values())) > 1:
            return texts, row
    return {}, -1


def _data_rows(
    table: Table, head: int, years: dict[int, Any], end: int
) -> tuple[list[int], dict[str, dict[int, str]], list[tuple[int, str]], dict[int, str]]:
    """Rows with values; labels in rows of their own; rows that are not used; heads of labels below the years."""
    data: list[int] = []
    added: dict[str, dict[int, str]] = {}
    current: dict[str, str] = {}
    skipped: list[tuple[int, str]] = []
    names: dict[int, str] = {}
    pending: list[int] = []
    labels = 0
    for row in range(head + 1, end):
        cells = table.rows[row]
        values = [cells[column] for column in years]
        texts = [column for column, cell in enumerate(cells) if column not in years and not is_empty(cell)]
        known = [cell for cell in values if not is_missing(cell)]
        numbers = any(map(is_number, known))
        unread = not numbers and texts and any(map(_has_unread_digits, known))  # refused where it is chosen
        all_missing = texts and not known and not all(map(is_empty, values))
        if texts and counts_columns(cells):
            skipped.append((row, "numbers of the columns"))
        elif numbers or unread or all_missing:
            if numbers:
                for heading in pending:
                    _take_heading(table, heading, current, skipped)
                pending, labels = [], len(texts)
            data.append(row)
            for name, text in current.items():
                added.setdefault(name, {})[row] = text
        elif known:
            skipped.append((row, "no numbers in its years"))
        elif not texts or (data and 1 < len(texts) == labels):
            skipped.append((row, "no values"))
        elif row == head + 1 and len(texts) == 1 and names_period(label(table.rows[head][texts[0]])):
            names[texts[0]] = label(cells[texts[0]])
            skipped.append((row, "names of labels"))
        else:
            pending.append(row)
    skipped += [(row, BELOW) for row in pending]
    while len(data) > 1 and all(is_missing(table.rows[data[-1]][column]) for column in years):
        skipped.append((data.pop(), "no values"))
    return data, added, skipped, names


def _has_unread_digits(cell: Any) -> bool:
    """Whether a cell has digits and is no period."""
    return any(map(str.isdigit, label(cell))) and not (likely(cell) or with_part(2000, cell))


def _take_heading(table: Table, row: int, current: dict[str, str], skipped: list[tuple[int, str]]) -> None:
    texts = list(dict.fromkeys(label(cell) for cell in table.rows[row] if not is_empty(cell)))
    text = next((text for text in texts if not is_number(text)), texts[0])
    match = _TITLE_PAIR.fullmatch(text)
    name, value = (match[1].strip(), match[2].strip()) if match else ("section", text)
    current[name] = value
    skipped.append((row, "a heading"))


def _dated(heads: dict[Any, Head]) -> dict[Any, Head]:
    """Heads whose dates are several a year as the months or quarters they mean."""
    periods = parts_of(head.day for head in heads.values() if head.day) or {}
    return {
        cell: head._replace(period=periods[head.day], dated=False) if head.day in periods else head
        for cell, head in heads.items()
    }
