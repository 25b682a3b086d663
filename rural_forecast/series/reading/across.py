"""Tables with periods across: a header of them, and a row to each series below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rural_forecast.series.period import Period
from rural_forecast.series.reading.amounts import is_number
from rural_forecast.series.reading.grid import Grid, Label, labelled
from rural_forecast.series.reading.headers import carried, counts_columns, sections_of, texts_in
from rural_forecast.series.reading.names import ID_NAMES, PERIOD_NAMES, VALUE_NAMES, normalised
from rural_forecast.series.reading.parts import in_row_below, mistyped, names_period, with_part
from rural_forecast.series.reading.periods import Head, likely, names_year, parts_of
from rural_forecast.series.reading.table import BELOW, HEADING, Places, Table
from rural_forecast.series.reading.words import BAD, BLANK, HEAD, MISSING, NUMBER, TEXT
from rural_forecast.text.patterns import expression

_LOOK = 60
"""Rows below a header, and columns of it, that show what they are."""
_NOTHING: Places = np.zeros(0, dtype=np.int64)


def header_rows(grid: Grid, end: int) -> list[int]:
    """The rows before one that are headers of periods."""
    bits = grid.bits[:end]
    heads = (bits & HEAD) != 0
    others = ((bits & NUMBER) != 0) & ~heads
    candidates = np.flatnonzero((heads.sum(axis=1) > 1) & (others.sum(axis=1) < 3))
    found = [
        row
        for row in candidates.tolist()
        if all(mistyped(grid.cell(row, at)) for at in np.flatnonzero(others[row]).tolist()) and _is_header(grid, row)
    ]
    return found or ([0] if len(bits) and (_is_index(grid) or _is_one_year(grid)) else [])


def _is_header(grid: Grid, row: int) -> bool:
    """True if a row is a header of periods: two of them or more, in order, and figures below that are none."""
    columns = np.flatnonzero(grid.bits[row] & HEAD)
    heads = [head for code in grid.index[row, columns].tolist() if (head := grid.words.head(code))]
    blocks = Counter(head.period for head in heads)
    steps = {(later.period.year > earlier.period.year) - (later.period.year < earlier.period.year)
             for earlier, later in pairwise(heads)} - {0}  # fmt: skip
    if len(blocks) < 2 or (len(blocks) == len(heads) and len(steps) != 1):
        return False
    below = grid.bits[row + 1 : row + _LOOK, columns[:_LOOK]]
    numbers = (below & NUMBER) != 0
    count, alike = int(numbers.sum()), int((numbers & ((below & HEAD) != 0)).sum())
    others = int(((below & (NUMBER | MISSING)) == 0).sum())
    return count > 0 and alike < 0.8 * count and count > 0.1 * others


def _is_index(grid: Grid) -> bool:
    """True if the first row is a label and 1, 2, 3: a running index of periods over figures."""
    first, *texts = (str(grid.cell(0, column)) for column in range(grid.index.shape[1]))
    numbered = len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
    return numbered and normalised(first) in ID_NAMES and bool((grid.bits[1:, 1:] & NUMBER).any())


def _is_one_year(grid: Grid) -> bool:
    """True if the first row names columns of labels and one period."""
    columns = np.flatnonzero(grid.bits[0] & HEAD)
    texts = set(map(normalised, grid.texts(0)))
    if len(columns) != 1 or texts & (PERIOD_NAMES | VALUE_NAMES) or not names_year(grid.cell(0, columns[0])):
        return False
    below, others = grid.bits[1:, columns[0]], (grid.bits[0] & (NUMBER | HEAD)) == NUMBER
    return not others.any() and bool((below & NUMBER).any()) and not (below & HEAD).any()


def across_tables(grid: Grid, heads: Sequence[int]) -> list[Table]:
    """The tables below headers of periods; side by side ones each with its own labels."""
    made: list[Table] = []
    for row, start, end in zip(heads, [-1, *heads], [*heads[1:], len(grid.index)], strict=False):
        tables = (_across(grid, row, start, end, columns) for columns in _blocks(grid, row, end))
        made.extend(table for table in tables if table is not None)
    return made or [table for table in [_with_years_in_heads(grid)] if table is not None]


def _blocks(grid: Grid, row: int, end: int) -> list[range]:
    """The columns of each table below a header: another begins where labels are next to its periods once more."""
    width = grid.index.shape[1]
    years = np.flatnonzero(grid.bits[row] & HEAD).tolist() or list(range(1, width))
    below = grid.bits[row + 1 : end]
    texts = ((below & TEXT) != 0).sum(axis=0)
    holds_text = (texts > 0) & (texts >= ((below & NUMBER) != 0).sum(axis=0))
    first = next((at for at in range(years[0]) if holds_text[at]), -1)
    starts = [0]
    if first >= 0:
        said = {
            at: {*grid.label("", at, slice(row + 1, end)).texts} - {""} for at in np.flatnonzero(holds_text).tolist()
        }
        for before, after in pairwise(years):
            again = (
                at
                for at in range(before + 1, after)
                if holds_text[at]
                and (grid.text(row, at) == grid.text(row, first) or 2 * len(said[at] & said[first]) > len(said[at]))
            )
            starts += [at for at in [next(again, -1)] if at >= 0]
    return [range(start, stop) for start, stop in pairwise([*starts, width])]


def _across(grid: Grid, row: int, start: int, end: int, columns: range) -> Table | None:
    """The table below a header of periods, None where no figures follow.

    `row`, `start`, `end`: row of the header, of the header before it, and of the one after it.
    """
    found = {at: head for at in columns if (head := grid.words.head(int(grid.index[row, at]))) is not None}
    if not found:  # a running index
        found = {at: Head(Period(int(str(grid.cell(row, at))))) for at in columns if grid.bits[row, at] & NUMBER}
    found = _dated(_filled_right(grid, row, found, end))
    years, names = sorted(found), grid.texts(row)
    if apart := _other_measures(grid, row, found, start):
        names = [f"{apart[at]} {name}" if at in apart else name for at, name in enumerate(names)]
        years = [at for at in years if at not in apart]
    labels = [at for at in columns if at not in years]
    rows = _rows(grid, row, years, labels, end)
    if not rows.data:
        return None
    measures, used = None, -1
    if len({found[at].period for at in years}) < len(years):
        measures, used = _measures(grid, row, years, rows.data, start)
    if used > row:
        names = [name or grid.text(used, at) for at, name in enumerate(names)]
    for at, name in rows.names.items():
        names[at] = name
    dense = [line for line in range(start + 1, row) if sum(map(is_number, texts_in(grid, [line]))) > 1]
    above = [line for line in range(1 + max([start, *dense]), row) if line != used]
    table = Table(
        grid, row, names, True, np.array(rows.data, dtype=np.int64), np.array(years, dtype=np.int64),
        [found[at] for at in years], _NOTHING, measures, sections=sections_of(grid, rows.headings, rows.data, labels),
        title=texts_in(grid, above, columns),
        skipped=[(line, why) for line, why in rows.skipped if line != used or used < row],
        labels=columns if len(columns) < grid.index.shape[1] else None, bottom=end,
    )  # fmt: skip
    return in_row_below(table)


def _dated(heads: dict[int, Head]) -> dict[int, Head]:
    """Heads whose dates are several a year as the months or quarters they mean."""
    periods = parts_of(head.day for head in heads.values() if head.day) or {}
    parts = {day: period for day, period in periods.items() if not period.is_year}
    return {
        at: head._replace(period=parts[head.day], dated=False) if head.day in parts else head
        for at, head in heads.items()
    }


def _filled_right(grid: Grid, row: int, heads: dict[int, Head], end: int) -> dict[int, Head]:
    """Years written over the first of their columns (merged cells) hold for the named columns after it as well."""
    below = next((line for line in range(row + 1, min(row + 4, end)) if (grid.bits[line] & NUMBER).any()), end)
    named = [line for line in range(row + 1, below) if any(grid.texts(line))]
    if below == end or named != [row + 1]:
        return heads
    filled, last = dict[int, Head](), None
    for at in range(grid.index.shape[1]):
        last = heads.get(at, last if grid.is_blank(row, at) and not grid.is_blank(row + 1, at) else None)
        if last is not None:
            filled[at] = last
    return filled


def _other_measures(grid: Grid, row: int, heads: dict[int, Head], start: int) -> dict[int, str]:
    """The names, in the row above, of columns whose periods are there again, where the others need none.

    Such as growth and share, right of the amounts of all years.
    """
    if row - 1 <= start or len({head.period for head in heads.values()}) == len(heads):
        return {}
    above = carried(grid.texts(row - 1))
    named = {at: above[at] for at in heads if above[at]}
    plain = [head.period for at, head in heads.items() if at not in named]
    whole = len(set(plain)) == len(plain) > 1 and {heads[at].period for at in named} <= {*plain}
    return named if whole else {}


def _measures(grid: Grid, row: int, years: Sequence[int], data: Sequence[int], start: int) -> tuple[Label | None, int]:
    """Name what the columns measure where each period is there several times: in the row below them, or above them."""
    for line in (*range(row + 1, min(row + 2, data[0])), *range(row - 1, max(start, row - 4), -1)):
        names = carried(grid.texts(line)) if line < row else grid.texts(line)
        texts = [names[at] for at in years]
        if all(texts) and len(set(texts)) > 1:
            return labelled("measure", texts), line
    return None, -1


class _Rows(NamedTuple):
    """The rows below a header."""

    data: list[int]
    headings: list[int]
    """Rows that label those below them."""
    skipped: list[tuple[int, str]]
    names: dict[int, str]
    """Heads of labels, in the row below the periods."""


def _rows(grid: Grid, head: int, years: Sequence[int], others: Sequence[int], end: int) -> _Rows:
    """The rows with values, those that label them, and those that are not used."""
    made = _Rows([], [], [], {})
    pending: list[int] = []
    labels = 0
    values = grid.bits[:, years]
    numbers = ((values & (NUMBER | BAD)) != 0).any(axis=1)
    known = ((values & MISSING) == 0).any(axis=1)
    filled = ((values & BLANK) == 0).any(axis=1)
    said = (grid.bits[:, others] & BLANK) == 0
    for row in range(head + 1, end):
        texts = np.flatnonzero(said[row])
        named = len(texts) > 0
        if named and counts_columns(grid, row):
            made.skipped.append((row, "numbers of the columns"))
        elif numbers[row] or (named and (_has_unread_digits(grid, row, years) if known[row] else filled[row])):
            if numbers[row]:
                made.headings.extend(pending)
                pending, labels = [], len(texts)
            made.data.append(row)
        elif known[row]:
            made.skipped.append((row, "no numbers in its years"))
        elif not named or (made.data and 1 < len(texts) == labels):
            made.skipped.append((row, "no values"))
        elif row == head + 1 and len(texts) == 1 and names_period(grid.text(head, others[texts[0]])):
            made.names[others[texts[0]]] = grid.text(row, others[texts[0]])
            made.skipped.append((row, "names of labels"))
        else:
            pending.append(row)
    while len(made.data) > 1 and not known[made.data[-1]]:
        made.skipped.append((made.data.pop(), "no values"))
    made.skipped.extend([*((row, HEADING) for row in made.headings), *((row, BELOW) for row in pending)])
    return made


def _has_unread_digits(grid: Grid, row: int, years: Sequence[int]) -> bool:
    """True if a row has cells with digits that are no periods."""
    texts = [grid.text(row, at) for at in years if not grid.bits[row, at] & (MISSING | HEAD)]
    return any(any(map(str.isdigit, text)) and not with_part(2000, text) for text in texts)


_YEARS = expression(r"(?<!\d)(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d|\d{4}))?(?!\d)")


def _with_years_in_heads(grid: Grid) -> Table | None:
    """The table whose heads are such as `Sales 2021`; None where there is none."""
    for row in range(min(len(grid.index), 20)):
        found = dict[int, Head]()
        said = dict[int, str]()
        for at, text in enumerate(grid.texts(row)):
            there = _YEARS.findall(text) if len(text) < 400 else []
            if whole := grid.words.head(int(grid.index[row, at])):  # 2024E, out of order
                found[at], said[at] = whole, ""
            elif len(there) == 1 and (head := likely(there[0])):
                found[at] = head
                said[at] = " ".join(part for each in text.split(there[0]) if (part := each.strip(" ;,_-/:")))
        years: dict[str, set[Period]] = {}
        for at, name in said.items():
            years.setdefault(name, set()).add(found[at].period)
        years = {name: periods for name, periods in years.items() if len(periods) > 1}
        if not years:
            continue
        columns, several = [at for at in found if said[at] in years], len(years) > 1
        rows = _rows(
            grid, row, columns, [at for at in range(grid.index.shape[1]) if at not in columns], len(grid.index)
        )
        if not rows.data:
            return None
        title = texts_in(grid, range(row))
        return Table(
            grid, row, grid.texts(row), True, np.array(rows.data, dtype=np.int64), np.array(columns, dtype=np.int64),
            [found[at] for at in columns], _NOTHING,
            labelled("measure", [said[at] for at in columns]) if several else None,
            title=title if several else [*title, *filter(None, years)],
            skipped=rows.skipped, bottom=len(grid.index),
        )  # fmt: skip
    return None
