"""Tables with periods across: a header of them, and a row to each series below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.period import Period
from rural_forecast.series.reading.amounts import is_number
from rural_forecast.series.reading.grid import Grid, Label, labelled
from rural_forecast.series.reading.headers import carried, counts_columns, sections_of, texts_in
from rural_forecast.series.reading.names import ID_NAMES, PERIOD_NAMES, VALUE_NAMES, normalised
from rural_forecast.series.reading.parts import mistyped, names_period, with_part
from rural_forecast.series.reading.periods import Head, likely
from rural_forecast.series.reading.table import BELOW, HEADING, Places, Table
from rural_forecast.series.reading.words import BAD, BLANK, HEAD, MISSING, NUMBER, TEXT
from rural_forecast.text.patterns import expression

_LOOK = 60
"""Rows below a header, and columns of it, that show what they are."""
_NOTHING: Places = np.zeros(0, dtype=np.int64)
_YEARS = expression(r"(?<!\d)(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d|\d{4}))?(?!\d)")


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
    steps = {np.sign(later.period.year - earlier.period.year) for earlier, later in pairwise(heads)} - {0}
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
    heads = (grid.bits[0] & HEAD) != 0
    texts = set(map(normalised, grid.texts(0)))
    if heads.sum() != 1 or texts & (PERIOD_NAMES | VALUE_NAMES) or (grid.bits[0, ~heads] & NUMBER).any():
        return False
    below = grid.bits[1:, heads]
    return bool((below & NUMBER).any()) and not (below & HEAD).any()


def across_pieces(grid: Grid, heads: Sequence[int]) -> list[tuple[Grid, int]]:
    """A grid cut to one header of periods each, and the row of this header."""
    dense = ((grid.bits & NUMBER) != 0).sum(axis=1) > 1
    starts = [int(before + 1 + np.flatnonzero([True, *dense[before + 1 : row]])[-1]) for before, row in pairwise(heads)]
    edges = [0, *starts, len(grid.index)] if heads else []
    pieces: list[tuple[Grid, int]] = []
    for row, (top, end) in zip(heads, pairwise(edges), strict=True):
        piece = grid.cut(slice(top, end), slice(0, None)) if starts else grid
        columns = [0, *_labels_again(piece, row - top), grid.index.shape[1]]
        whole = len(columns) == 2
        pieces += [
            (piece if whole else piece.cut(slice(0, None), slice(*edge)), row - top) for edge in pairwise(columns)
        ]
    return pieces


def _labels_again(grid: Grid, row: int) -> list[int]:
    """The columns where labels are next to periods once more: those of another table."""
    years = np.flatnonzero(grid.bits[row] & HEAD).tolist()
    below = grid.bits[row + 1 :]
    texts = ((below & TEXT) != 0).sum(axis=0)
    holds_text = (texts > 0) & (texts >= ((below & NUMBER) != 0).sum(axis=0))
    first = next((at for at in range(min(years, default=0)) if holds_text[at]), -1)
    if first < 0:
        return []
    said = {at: {*grid.label("", at, slice(row + 1, None)).texts} - {""} for at in np.flatnonzero(holds_text).tolist()}
    again = [
        at
        for at, texts in said.items()
        if at > years[0] and (grid.text(row, at) == grid.text(row, first) or 2 * len(texts & said[first]) > len(texts))
    ]
    between = ([at for at in again if before < at < after][:1] for before, after in pairwise(years))
    return [at for found in between for at in found]


def across_table(grid: Grid, row: int) -> Table | None:
    """The table below a header of periods, None where no figures follow."""
    width = grid.index.shape[1]
    found = {at: head for at in range(width) if (head := grid.words.head(int(grid.index[row, at]))) is not None}
    if not found:  # a running index
        found = {at: Head(Period(int(str(grid.cell(row, at))))) for at in range(width) if grid.bits[row, at] & NUMBER}
    found = _filled_right(grid, row, found)
    names = grid.texts(row)
    apart = _other_measures(grid, row, found)
    names = [f"{apart[at]} {name}" if at in apart else name for at, name in enumerate(names)]
    years = sorted(found.keys() - apart.keys())
    rows = _rows(grid, row, years)
    if not rows.data:
        return None
    heads, measures, used = [found[at] for at in years], None, -1
    if len({(head.period, head.day) for head in heads}) < len(years):
        measures, used = _measures(grid, row, years, rows.data)
    if measures is not None:  # or the parts of the years
        parts = [with_part(head.period.year, text) for head, text in zip(heads, measures.of, strict=True)]
        if all(parts):
            heads, measures = [Head(part) for part in parts if part], None
    if used > row:
        names = [name or grid.text(used, at) for at, name in enumerate(names)]
    names = [rows.names.get(at, name) for at, name in enumerate(names)]
    others = [at for at in range(width) if at not in years]
    dense = [line for line in range(row) if sum(map(is_number, texts_in(grid, [line]))) > 1]
    above = range(max(dense, default=-1) + 1, row)
    return Table(
        grid, row, names, True, np.array(rows.data, dtype=np.int64), np.array(years, dtype=np.int64), heads,
        _NOTHING, measures, sections=sections_of(grid, rows.headings, rows.data, others),
        title=texts_in(grid, [line for line in above if line != used]),
        skipped=[(line, why) for line, why in rows.skipped if line != used or used < row],
        doubt=None if measures else _twice(grid, row, years, heads),
    )  # fmt: skip


def _twice(grid: Grid, row: int, years: Sequence[int], heads: Sequence[Head]) -> InputError | None:
    """The refusal of a period that is in the header several times."""
    first: dict[object, int] = {}
    for at, head in zip(years, heads, strict=True):
        before = first.setdefault((head.period, head.day), at)
        if before != at:
            problem = f"{head.period} is in the header a second time; the first is at {grid.place(row, before)}."
            hint = "Keep the columns of one measure, or write its name above each."
            return InputError(problem, hint, place=grid.place(row, at))
    return None


def _filled_right(grid: Grid, row: int, heads: dict[int, Head]) -> dict[int, Head]:
    """Years written over the first of their columns (merged cells) hold for the named columns after it as well."""
    below = next(
        (line for line in range(row + 1, min(row + 4, len(grid.index))) if (grid.bits[line] & NUMBER).any()), -1
    )
    if [line for line in range(row + 1, below) if any(grid.texts(line))] != [row + 1]:
        return heads
    filled, last = dict[int, Head](), None
    for at in range(grid.index.shape[1]):
        last = heads.get(at, last if grid.is_blank(row, at) and not grid.is_blank(row + 1, at) else None)
        if last is not None:
            filled[at] = last
    return filled


def _other_measures(grid: Grid, row: int, heads: dict[int, Head]) -> dict[int, str]:
    """The names, in the row above, of columns whose periods are there again, such as growth right of the amounts."""
    if row < 1 or len({(head.period, head.day) for head in heads.values()}) == len(heads):
        return {}
    above = carried(grid.texts(row - 1))
    named = {at: above[at] for at in heads if above[at]}
    plain = [head.period for at, head in heads.items() if at not in named]
    whole = len(set(plain)) == len(plain) > 1 and {heads[at].period for at in named} <= {*plain}
    return named if whole else {}


def _measures(grid: Grid, row: int, years: Sequence[int], data: Sequence[int]) -> tuple[Label | None, int]:
    for line in (*range(row + 1, min(row + 2, data[0])), *range(row - 1, max(-1, row - 4), -1)):
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


def _rows(grid: Grid, head: int, years: Sequence[int]) -> _Rows:
    """The rows with values, those that label them, and those that are not used."""
    made = _Rows([], [], [], {})
    pending: list[int] = []
    labels = 0
    others = [at for at in range(grid.index.shape[1]) if at not in years]
    values = grid.bits[:, years]
    numbers = ((values & (NUMBER | BAD)) != 0).any(axis=1)
    known = ((values & MISSING) == 0).any(axis=1)
    filled = ((values & BLANK) == 0).any(axis=1)
    said = (grid.bits[:, others] & BLANK) == 0
    for row in range(head + 1, len(grid.index)):
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


def with_years_in_heads(grid: Grid) -> Table | None:
    """The table whose heads are such as `Sales 2021`; None where there is none."""
    for row in range(min(len(grid.index), 20)):
        found: dict[int, tuple[str, Head]] = {}
        for at, text in enumerate(grid.texts(row)):
            there = _YEARS.findall(text) if len(text) < 400 else []
            if whole := grid.words.head(int(grid.index[row, at])):  # 2024E, out of order
                found[at] = "", whole
            elif len(there) == 1 and (head := likely(there[0])):
                found[at] = " ".join(part for each in text.split(there[0]) if (part := each.strip(" ;,_-/:"))), head
        count = Counter(name for name, _ in {(name, head.period) for name, head in found.values()})
        columns = [at for at, (name, _) in found.items() if count[name] > 1]
        if not columns:
            continue
        rows, said = _rows(grid, row, columns), [found[at][0] for at in columns]
        if not rows.data:
            return None
        table = Table(
            grid, row, grid.texts(row), True, np.array(rows.data, dtype=np.int64), np.array(columns, dtype=np.int64),
            [found[at][1] for at in columns], _NOTHING, title=texts_in(grid, range(row)), skipped=rows.skipped,
            )  # fmt: skip
        if len(set(said)) > 1:
            return replace(table, measures=labelled("measure", said))
        return replace(table, title=[*table.title, *filter(None, set(said))])
    return None
