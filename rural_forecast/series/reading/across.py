"""Tables with periods across: a header of them, and a row to each series below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from rural_forecast.series.period import Period
from rural_forecast.series.reading.grid import BAD, BLANK, HEAD, MISSING, NUMBER, TEXT, Grid, Label, labelled
from rural_forecast.series.reading.headers import counts_columns
from rural_forecast.series.reading.names import ID_NAMES, PERIOD_NAMES, VALUE_NAMES, normalised
from rural_forecast.series.reading.periods import Head, mistyped, names_period, names_year, parts_of, with_part
from rural_forecast.series.reading.table import BELOW, HEADING, Table
from rural_forecast.text.patterns import expression

_TITLE_PAIR = expression(r"([^:：]{1,60})[:：]\s+(\S.*)")
_LOOK = 60
"""Rows below a header, and columns of it, that show what they are."""


def header_rows(grid: Grid, end: int) -> list[int]:
    """The rows before one that are headers of periods."""
    bits = grid.bits[:end]
    heads, numbers = (bits & HEAD) != 0, (bits & NUMBER) != 0
    others = numbers & ~heads
    candidates = np.flatnonzero((heads.sum(axis=1) > 1) & (others.sum(axis=1) < 3))
    found = [
        row
        for row in candidates.tolist()
        if all(mistyped(grid.cell(row, at)) for at in np.flatnonzero(others[row]).tolist()) and _is_header(grid, row)
    ]
    if not found and len(bits) and (_is_index(grid) or _is_one_year(grid)):
        found = [0]
    return found


def _is_header(grid: Grid, row: int) -> bool:
    """True if a row is a header of periods: two of them or more, in order, and figures below that are none."""
    columns = np.flatnonzero(grid.bits[row] & HEAD)
    heads = [grid.words.head(code) for code in grid.index[row, columns].tolist()]
    years = [head.period.year for head in heads if head]
    blocks = Counter(head.period for head in heads if head)
    if len(blocks) < 2 or (len(blocks) == len(years) and not _runs(years)):
        return False
    below = grid.bits[row + 1 : row + _LOOK, columns[:_LOOK]]
    numbers = (below & NUMBER) != 0
    alike = int((numbers & ((below & HEAD) != 0)).sum())
    others = int(((below & (NUMBER | MISSING)) == 0).sum())
    count = int(numbers.sum())
    return count > 0 and alike < 0.8 * count and count > 0.1 * others


def _runs(years: Sequence[int]) -> bool:
    """True if years go up or down all along, repeats of blocks aside."""
    steps = {(later > earlier) - (later < earlier) for earlier, later in pairwise(years)} - {0}
    return len(steps) == 1


def _is_index(grid: Grid) -> bool:
    """True if the first row is a label and 1, 2, 3: a running index of periods over figures."""
    cells = [grid.cell(0, column) for column in range(grid.index.shape[1])]
    texts = [str(cell) for cell in cells[1:]]
    return (
        len(texts) > 1
        and normalised(grid.text(0, 0)) in ID_NAMES
        and texts == [str(number) for number in range(1, len(texts) + 1)]
        and bool((grid.bits[1:, 1:] & NUMBER).any())
    )


def _is_one_year(grid: Grid) -> bool:
    """True if the first row names columns of labels and one period."""
    columns = np.flatnonzero(grid.bits[0] & HEAD)
    texts = [normalised(grid.text(0, column)) for column in range(grid.index.shape[1])]
    if len(columns) != 1 or PERIOD_NAMES.intersection(texts) or VALUE_NAMES.intersection(texts):
        return False
    below = grid.bits[1:, columns[0]]
    return (
        names_year(grid.cell(0, columns[0]))
        and not ((grid.bits[0] & (NUMBER | HEAD)) == NUMBER).any()
        and bool(((below & NUMBER) != 0).any())
        and not ((below & HEAD) != 0).any()
    )


def across_tables(grid: Grid, heads: Sequence[int]) -> list[Table]:
    """The tables below headers of periods; side by side ones each with its own labels."""
    made: list[Table] = []
    for row, start, end in zip(heads, [-1, *heads], [*heads[1:], len(grid.index)], strict=False):
        tables = (_across(grid, row, start, end, columns) for columns in _blocks(grid, row, end))
        made.extend(table for table in tables if table is not None)
    if not made and (parted := _with_years_in_heads(grid)) is not None:
        return [parted]
    return _titled(made) if len(made) > 1 else made


def _blocks(grid: Grid, row: int, end: int) -> list[range]:
    """The columns of each table below a header: another begins where labels are next to its periods once more."""
    bits, width = grid.bits, grid.index.shape[1]
    years = np.flatnonzero(bits[row] & HEAD).tolist() or list(range(1, width))
    first = [at for at in range(years[0]) if ((bits[row + 1 : end, at] & TEXT) != 0).any()]
    starts = [0]
    for before, after in pairwise(years):
        between = range(before + 1, after)
        labels = [at for at in between if ((bits[row + 1 : end, at] & TEXT) != 0).any()]
        if not labels or not first:
            continue
        known = {grid.text(line, first[0]) for line in range(row + 1, end)} - {""}
        for at in labels:
            texts = {grid.text(line, at) for line in range(row + 1, end)} - {""}
            alike = grid.text(row, at) == grid.text(row, first[0])
            if alike or 2 * len(texts & known) > len(texts):
                starts.append(at)
                break
    return [range(start, stop) for start, stop in pairwise([*starts, width])]


def _across(grid: Grid, row: int, start: int, end: int, columns: range) -> Table | None:
    """The table below a header of periods, None where no figures follow.

    `row`, `start`, `end`: row of the header, of the header before it, and of the one after it.
    """
    found = {at: head for at in columns if (head := grid.words.head(int(grid.index[row, at]))) is not None}
    if not found:  # a running index
        found = {at: Head(Period(int(str(grid.cell(row, at))))) for at in columns if grid.bits[row, at] & NUMBER}
    found = _dated(_filled_right(grid, row, found, end))
    years = sorted(found)
    names = grid.texts(row)
    data, sections, skipped, below = _data_rows(grid, row, years, [at for at in columns if at not in found], end)
    if not data:
        return None
    measures, used = None, -1
    if len({head.period for head in found.values()}) < len(found):
        measures, used = _measures(grid, row, years, data, start)
        if used > row:
            skipped = [(line, why) for line, why in skipped if line != used]
            names = [name or grid.text(used, at) for at, name in enumerate(names)]
    for at, name in below.items():
        names[at] = name
    figures = (grid.bits[: row + 1] & NUMBER) != 0
    dense = [line for line in range(start + 1, row) if figures[line].sum() > 1]
    above = [line for line in range(1 + max([start, *dense]), row) if line != used]
    title = [text for line in above for text in grid.texts(line)[columns.start : columns.stop] if text]
    labels = tuple(labelled(name, [texts.get(line, "") for line in data]) for name, texts in sections.items())
    table = Table(
        grid, row, names, True, np.array(data, dtype=np.int64), np.array(years, dtype=np.int64),
        [found[at] for at in years], np.zeros(0, dtype=np.int64), measures, sections=labels, title=title,
        skipped=skipped, labels=columns if len(columns) < grid.index.shape[1] else None, bottom=end,
    )  # fmt: skip
    return _in_row_below(table)


def _dated(heads: dict[int, Head]) -> dict[int, Head]:
    """Heads whose dates are several a year as the months or quarters they mean."""
    periods = parts_of(head.day for head in heads.values() if head.day) or {}
    return {
        at: head._replace(period=periods[head.day], dated=False)
        if head.day in periods and not periods[head.day].is_year
        else head
        for at, head in heads.items()
    }


def _filled_right(grid: Grid, row: int, heads: dict[int, Head], end: int) -> dict[int, Head]:
    """Years written over the first of their columns (merged cells) hold for the columns after it as well."""
    columns = sorted(heads)
    steps = {later - earlier for earlier, later in pairwise(columns)}
    below = next((line for line in range(row + 1, min(row + 3, end)) if (grid.bits[line] & NUMBER).any()), end)
    if below != row + 2 or len(steps) != 1 or steps == {1}:
        return heads
    step = steps.pop()
    filled = {}
    for column in columns:
        for at in range(column, min(column + step, grid.index.shape[1])):
            if at == column or (grid.is_blank(row, at) and not grid.is_blank(row + 1, at)):
                filled[at] = heads[column]
    return filled


def _measures(grid: Grid, row: int, years: Sequence[int], data: Sequence[int], start: int) -> tuple[Label | None, int]:
    """Name what the columns measure where each period is there several times: in the row below them, or above them."""
    for line in (*range(row + 1, min(row + 2, data[0])), *range(row - 1, max(start, row - 4), -1)):
        texts, last = [], ""
        for at, text in enumerate(grid.texts(line)):
            last = text or (last if line < row else "")
            if at in years:
                texts.append(last)
        if all(texts) and len(set(texts)) > 1:
            return labelled("measure", texts), line
    return None, -1


def _data_rows(
    grid: Grid, head: int, years: Sequence[int], others: Sequence[int], end: int
) -> tuple[list[int], dict[str, dict[int, str]], list[tuple[int, str]], dict[int, str]]:
    """Rows with values; labels in rows of their own; rows that are not used; heads of labels below the periods."""
    data: list[int] = []
    added: dict[str, dict[int, str]] = {}
    current: dict[str, str] = {}
    skipped: list[tuple[int, str]] = []
    names: dict[int, str] = {}
    pending: list[int] = []
    labels = 0
    values, rest = grid.bits[:, years], grid.bits[:, others]
    numbers = ((values & (NUMBER | BAD)) != 0).any(axis=1)
    known = ((values & MISSING) == 0).any(axis=1)
    filled = ((values & BLANK) == 0).any(axis=1)
    texts_of = (rest & BLANK) == 0
    for row in range(head + 1, end):
        texts = np.flatnonzero(texts_of[row])
        unread = known[row] and not numbers[row] and len(texts) > 0 and _has_unread_digits(grid, row, years)
        if len(texts) and counts_columns(grid, row):
            skipped.append((row, "numbers of the columns"))
        elif numbers[row] or unread or (len(texts) and filled[row] and not known[row]):
            if numbers[row]:
                for heading in pending:
                    _take_heading(grid, heading, others, current)
                    skipped.append((heading, HEADING))
                pending, labels = [], len(texts)
            data.append(row)
            for name, text in current.items():
                added.setdefault(name, {})[row] = text
        elif known[row]:
            skipped.append((row, "no numbers in its years"))
        elif not len(texts) or (data and 1 < len(texts) == labels):
            skipped.append((row, "no values"))
        elif row == head + 1 and len(texts) == 1 and names_period(grid.text(head, others[texts[0]])):
            names[others[texts[0]]] = grid.text(row, others[texts[0]])
            skipped.append((row, "names of labels"))
        else:
            pending.append(row)
    skipped += [(row, BELOW) for row in pending]
    while len(data) > 1 and not known[data[-1]]:
        skipped.append((data.pop(), "no values"))
    return data, added, skipped, names


def _has_unread_digits(grid: Grid, row: int, years: Sequence[int]) -> bool:
    """True if a row has cells with digits that are no periods."""
    texts = [grid.text(row, at) for at in years if not grid.bits[row, at] & (MISSING | HEAD)]
    return any(any(map(str.isdigit, text)) and not with_part(2000, text) for text in texts)


def _take_heading(grid: Grid, row: int, others: Sequence[int], current: dict[str, str]) -> None:
    texts = list(dict.fromkeys(text for at in others if (text := grid.text(row, at))))
    text = next((text for text in texts if not text.isdigit()), texts[0])
    match = _TITLE_PAIR.fullmatch(text)
    name, value = (match[1].strip(), match[2].strip()) if match else ("section", text)
    current[name] = value


def _in_row_below(table: Table) -> Table:
    """A table with years across and their parts in the row below, as one of periods; any other as it is."""
    if table.measures is None:
        return table
    heads = []
    for head, text in zip(table.heads, table.measures.of, strict=True):
        part = with_part(head.period.year, text) if head else None
        if part is None:
            return table
        heads.append(Head(part))
    return replace(table, heads=heads, measures=None)


_WITH_YEAR = expression(
    r"((?:(?!(?<!\d)(?:19|20)\d\d(?!\d)).){0,200})(?<!\d)((?:19|20)\d\d)(?!\d)(\D{0,200})", re.DOTALL
)
"""A head that holds one year, with what it says before and after it."""


def _with_years_in_heads(grid: Grid) -> Table | None:
    """The table whose heads are such as `Sales 2021`; None where there is none."""
    for row in range(min(len(grid.index), 20)):
        parts = {at: match for at, text in enumerate(grid.texts(row)) if (match := _WITH_YEAR.fullmatch(text))}
        years: dict[str, set[str]] = {}
        said: dict[int, str] = {}
        for at, match in parts.items():
            said[at] = " ".join(filter(None, (text.strip(" ;,_-/:") for text in (match[1], match[3]))))
            years.setdefault(said[at], set()).add(match[2])
        if not parts or not all(len(known) > 1 for known in years.values()):
            continue
        columns = sorted(parts)
        others = [at for at in range(grid.index.shape[1]) if at not in parts]
        data, _, skipped, _ = _data_rows(grid, row, columns, others, len(grid.index))
        if not data:
            return None
        measures = labelled("measure", [said[at] for at in columns]) if len(years) > 1 else None
        title = [text for line in range(row) for text in grid.texts(line) if text]
        title += [name for name in years if name and measures is None]
        return Table(
            grid, row, grid.texts(row), True, np.array(data, dtype=np.int64), np.array(columns, dtype=np.int64),
            [Head(Period(int(parts[at][2]))) for at in columns], np.zeros(0, dtype=np.int64), measures,
            title=title, skipped=skipped, bottom=len(grid.index),
        )  # fmt: skip
    return None


def _titled(tables: Sequence[Table]) -> list[Table]:
    """Tables of one grid carry their title as a label, so that it can be chosen by."""
    named = []
    for number, table in enumerate(tables, 1):
        above = tables[number - 2] if number > 1 and tables[number - 2].header < table.header else None
        ends = []
        if above is not None:
            ends = [above.grid.text(row, 0) for row, why in reversed(above.skipped) if why == BELOW]
        title = next(filter(None, (*ends, *table.title[-1:])), f"table {number}")
        label = labelled("table", [title] * len(table.rows))
        named.append(replace(table, sections=(*table.sections, label)))
    return named
