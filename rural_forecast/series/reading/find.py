"""Finding the tables of figures in a sheet or a text: by their content, whatever stands above, below or between.

A table has years across (a row with at least two of them, over numbers) or years down (a column of periods beside
numbers). Lines above it are its title, rows without values between its rows are headings, what follows is footnotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from rural_forecast.series.reading.column_names import PERIOD_NAMES, normalised
from rural_forecast.series.reading.grid import is_empty, label
from rural_forecast.series.reading.number_forms import is_missing, is_number
from rural_forecast.series.reading.period_forms import PERIOD_WORDS, likely, runs
from rural_forecast.series.reading.periods import Head, parts_of
from rural_forecast.series.reading.table import Table

_TITLE_PAIR = re.compile(r"([^:：]{1,60})[:：]\s+(\S.*)")


class Panel(NamedTuple):
    """The series of one table, each known by its labels."""

    table: Table
    across: bool
    """Whether the years run across."""
    names: Sequence[str]
    """Heads of the columns, those of several rows joined from the top."""
    header: int
    """The row of the header; -1 for none."""
    rows: Sequence[int]
    """The rows of data."""
    periods: dict[Any, Head]
    """What the cells of the header, or of the period column, mean."""
    years: dict[int, Any]
    """Columns of years and their head, of years across."""
    period: int = -1
    """Column of the periods, of years down."""
    measures: Mapping[int, str] = {}
    """Of a table with each year several times: what each column measures."""
    added: Mapping[str, dict[int, str]] = {}
    """Labels that stand in rows of their own, by their name: the label of each row."""
    units: Mapping[int, str] = {}
    """Unit by column, from a row of units."""
    title: Sequence[str] = ()
    skipped: Sequence[tuple[int, str]] = ()
    """Rows that are not used, and why."""

    def head(self, row: int) -> Any:
        """The cell of a row's period, of years down."""
        return self.table.rows[row][self.period]

    def loose(self, row: int) -> Head | None:
        """The period of a row, of years down; None where it is none."""
        cell = self.head(row)
        return None if isinstance(cell, list | dict) else self.periods.get(cell)

    @property
    def is_yearly(self) -> bool:
        """Whether every period is a year, and no year has several dates."""
        heads = self.periods.values()
        days = {head.day for head in heads if head.day}
        return all(head.period.is_year for head in heads) and len({day.year for day in days}) == len(days)

    @property
    def where(self) -> str:
        """The place of the table, for people."""
        return str(self.table.place(max(self.header, 0), 0))


def panels(table: Table, period_column: str | None = None) -> list[Panel]:
    """The tables of figures in one sheet or text, in order."""
    rows = table.rows
    down = _down(table, period_column)
    if period_column is not None:
        return [down] if down is not None else []
    if down is not None and len(down.rows) > 0.8 * (len(rows) - down.rows[0]):
        heads = [row for row in range(down.rows[0]) if _is_year_header(table, row)]
    else:
        heads = [row for row in range(len(rows)) if _is_year_header(table, row)]
    if down is not None and (not heads or down.rows[0] < heads[0]):
        return [down]
    found = []
    for place, head in enumerate(heads):
        end = heads[place + 1] if place + 1 < len(heads) else len(rows)
        start = heads[place - 1] if place else -1
        if (panel := _across(table, head, start, end)) is not None:
            found.append(panel)
    if len(found) > 1:
        found = _titled(found)
    return found or ([down] if down is not None else [])


def _periods(cells: Iterable[Any]) -> dict[Any, Head]:
    """What the cells mean, those that are periods."""
    return {cell: head for cell in cells if not isinstance(cell, list | dict) and (head := likely(cell))}


def _dated(heads: dict[Any, Head]) -> dict[Any, Head]:
    """Heads whose dates are several a year as the months or quarters they stand for."""
    periods = parts_of(head.day for head in heads.values() if head.day) or {}
    return {
        cell: head._replace(period=periods[head.day], dated=False) if head.day in periods else head
        for cell, head in heads.items()
    }


# Years across


def _is_year_header(table: Table, row: int) -> bool:
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


def _across(table: Table, head: int, start: int, end: int) -> Panel | None:
    cells = table.rows[head]
    periods = _dated(_periods(cells))
    years = {column: cell for column, cell in enumerate(cells) if not is_empty(cell) and cell in periods}
    years = _filled_right(table, head, years, end)
    data, added, skipped, names_below = _data_rows(table, head, years, end)
    if not data:
        return None
    measures: Mapping[int, str] = {}
    names = [label(cell) for cell in cells]
    used_above = -1
    if _repeats(periods, years):
        measures, used = _measures(table, head, years, data, start)
        if used > head:
            skipped = [(row, why) for row, why in skipped if row != used]
            names = [name or label(cell) for name, cell in zip(names, table.rows[used], strict=True)]
        elif used >= 0:
            used_above = used
    for column, name in names_below.items():
        names[column] = name
    title = [
        label(cell)
        for row in range(start + 1, head)
        if row != used_above and row > _last_data(table, start, head)
        for cell in table.rows[row]
        if not is_empty(cell)
    ]
    return Panel(table, True, names, head, data, periods, years, -1, measures, added, {}, title, skipped)


def _last_data(table: Table, start: int, head: int) -> int:
    """The last row of figures of the table above, after which titles of this one begin."""
    for row in range(head - 1, start, -1):
        if sum(map(is_number, table.rows[row])) > 1:
            return row
    return -1


def _repeats(periods: dict[Any, Head], years: dict[int, Any]) -> bool:
    known = [periods[cell].period for cell in years.values()]
    return len(set(known)) < len(known)


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
    below = head + 1
    if below < data[0]:
        texts = {column: label(table.rows[below][column]) for column in years}
        if all(texts.values()) and len(set(texts.values())) > 1:
            return texts, below
    for row in range(head - 1, max(start, head - 4), -1):
        texts, last = {}, ""
        for column in range(len(table.rows[row])):
            last = label(table.rows[row][column]) or last
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
        if any(map(is_number, values)):
            for heading in pending:
                _take_heading(table, heading, current, skipped)
            pending = []
            data.append(row)
            labels = sum(column not in years and not is_empty(cell) for column, cell in enumerate(cells))
            for name, text in current.items():
                added.setdefault(name, {})[row] = text
            continue
        texts = [column for column, cell in enumerate(cells) if column not in years and not is_empty(cell)]
        if any(not is_missing(cell) for cell in values):
            skipped.append((row, "no numbers in its years"))
        elif not texts:
            skipped.append((row, "no values"))
        elif any(not is_empty(cell) for cell in values):
            data.append(row)  # a series whose values are all missing
            for name, text in current.items():
                added.setdefault(name, {})[row] = text
        elif (
            row == head + 1
            and len(texts) == 1
            and PERIOD_WORDS.search(label(table.rows[head][texts[0]]).replace("_", " "))
        ):
            names[texts[0]] = label(cells[texts[0]])
            skipped.append((row, "names of labels"))
        elif data and len(texts) > 1 and len(texts) == labels:
            skipped.append((row, "no values"))
        else:
            pending.append(row)
    skipped += [(row, "below the table, or without values") for row in pending]
    while data and all(is_missing(table.rows[data[-1]][column]) for column in years) and len(data) > 1:
        skipped.append((data.pop(), "no values"))
    return data, added, skipped, names


def _take_heading(table: Table, row: int, current: dict[str, str], skipped: list[tuple[int, str]]) -> None:
    texts = list(dict.fromkeys(label(cell) for cell in table.rows[row] if not is_empty(cell)))
    text = next((text for text in texts if not is_number(text)), texts[0])
    match = _TITLE_PAIR.fullmatch(text)
    name, said = (match[1].strip(), match[2].strip()) if match else ("section", text)
    current[name] = said
    skipped.append((row, "a heading"))


def _titled(found: list[Panel]) -> list[Panel]:
    """Tables one below the other carry their title as a label, so that it can be chosen by."""
    named = []
    for place, panel in enumerate(found, 1):
        title = panel.title[-1] if panel.title else ""
        last = next(
            (
                name
                for row, why in reversed(found[place - 2].skipped)
                if place > 1 and why.startswith("below") and (name := label(panel.table.rows[row][0]))
            ),
            "",
        )
        named.append(
            panel._replace(added={**panel.added, "table": dict.fromkeys(panel.rows, last or title or f"table {place}")})
        )
    return named


# Years down


def _down(table: Table, wanted: str | None = None) -> Panel | None:
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
        rank = 3 if normalised(name) in PERIOD_NAMES else 2 if PERIOD_WORDS.search(name.replace("_", " ")) else 1
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
    periods = _periods(cells[period] for cells in rows[first:])
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
    about = [*range(title_end), *(range(header + 1, first) if 0 <= header < first - 2 else ())]
    title = [label(cell) for row in about for cell in rows[row] if not is_empty(cell)]
    return Panel(table, False, names, header, data, periods, {}, period, {}, {}, units, title, skipped)


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
        if (
            not is_empty(cells[period])
            and all(not is_empty(cells[column]) for column in columns)
            and row + 1 != first - bool(units)
        ):
            break
        if all(not is_empty(cells[column]) for column in columns) and not is_empty(cells[period]):
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
