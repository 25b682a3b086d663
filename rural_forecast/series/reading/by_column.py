"""Rows of a grid held by column, as arrays: what a file of millions of rows needs, and a frame has.

Label columns that identify the series of a long table are found column by column as well. The search decides this row
by row, for any table. Here only what is beyond doubt counts: every other column holds texts, and every column that
varies is needed to identify a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.series.reading.arrays import Column, Numbers, key_of, words_of_list
from rural_forecast.series.reading.column_names import normalised
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.contents import is_text
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.labels import VALUES, is_remark
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.text.cells import identity, is_empty, label

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]


class ByColumn(Sequence[list[Any]]):
    """Rows by column; `numbers` are their lines, or whatever the source counts."""

    def __init__(self, columns: Sequence[Column | Words | Numbers | None], numbers: Any) -> None:
        self.columns = columns
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, row: Any) -> Any:
        """The cells of a row."""
        return [self._cell(column, int(row)) for column in self.columns]

    def _cell(self, column: Column | Words | Numbers | None, row: int) -> Any:
        if isinstance(column, Numbers):
            return column.cell(row)
        if column is None:
            return None
        codes, words = column if isinstance(column, Words) else column.words
        return words[codes[row]] if codes[row] >= 0 else None

    def words(self, place: int) -> Words:
        """A column as words."""
        column = self.columns[place]
        if isinstance(column, Words):
            return column
        if isinstance(column, Column):
            return column.words
        cells = [] if column is None else [column.cell(row) for row in range(len(self))]
        return words_of_list(cells) if cells else Words(np.full(len(self), -1), [])

    def distinct(self, place: int) -> Iterable[Any]:
        """The different cells of a column; some of them again."""
        column = self.columns[place]
        if isinstance(column, Column):
            yield from column.first  # who looks for what is no text need not see all
        codes, words = self.words(place)
        yield from words
        if len(codes) and codes.min() < 0:
            yield None

    def one_text_each(self, place: int, by: int) -> bool:
        """Whether a column repeats one text for each text of another, or for all rows without one (-1)."""
        codes = by_label(self.words(place)).codes
        if by < 0:
            return len(self) > 1 and len(np.unique(codes)) == 1
        groups = by_label(self.words(by)).codes
        count = len(np.unique(groups))
        return len(self) > count == len(np.unique(groups * (codes.max(initial=0) + 2) + codes))

    def first(self, place: int) -> int:
        """The first row with content in a column; -1 for none."""
        codes, words = self.words(place)
        empty = np.array([*map(is_empty, words), True])
        rows = np.flatnonzero(~empty[codes])
        return int(rows[0]) if len(rows) else -1

    def at(self, rows: Any) -> ByColumn:
        """Some of the rows."""
        columns = [
            column.at(rows) if isinstance(column, Numbers) else column and Words(column.codes[rows], column.words)
            for column in (held.words if isinstance(held, Column) else held for held in self.columns)
        ]
        return ByColumn(columns, self.numbers[rows])

    def compact(self) -> ByColumn:
        """The rows without words that are in none of them."""
        columns: list[Words | Numbers | None] = []
        for place, column in enumerate(self.columns):
            if column is None or isinstance(column, Numbers):
                columns.append(column)
                continue
            codes, words = self.words(place)
            there = np.unique(codes[codes >= 0])
            table = np.full(len(words) + 1, -1)
            table[there] = np.arange(len(there))
            columns.append(Words(table[codes], [words[code] for code in there.tolist()]))
        return ByColumn(columns, self.numbers)

    def then(self, later: ByColumn) -> ByColumn:
        """These rows and later ones, which may have more columns."""
        mine = [*self.columns, *[None] * (len(later.columns) - len(self.columns))]
        columns: list[Words | Numbers | None] = []
        for own, other, place in zip(mine, later.columns, range(len(mine)), strict=True):
            if isinstance(own, Numbers) and isinstance(other, Numbers):
                columns.append(own.then(other))
            elif own is None and other is None:
                columns.append(None)
            else:
                before = Words(np.full(len(self), -1), []) if own is None else self.words(place)
                columns.append(_joined(before, later.words(place)))
        return ByColumn(columns, np.concatenate([self.numbers, later.numbers]))


def table_of(words: Words, values: Iterable[Any], nothing: Any, kind: Any) -> Any:
    """What each row holds, given what each word means, and no word."""
    return np.array([*values, nothing], dtype=kind)[words.codes]


def by_label(words: Words, called: Callable[[Any], str] = label) -> Words:
    """Each different text once, codes in order of first appearance; no text is an empty one.

    `called`: the text of a cell.
    """
    labels = [*map(called, words.words)]
    codes = words.codes
    if labels == list(words.words) and "" not in labels and (not len(codes) or codes.min() >= 0):
        return Words(codes, labels)
    known: dict[str, int] = {}
    _, first = np.unique(codes, return_index=True)
    order = codes[np.sort(first)].tolist()
    table = np.zeros(len(labels) + 1, dtype=np.int64)
    for code in order:
        table[code] = known.setdefault(labels[code] if code >= 0 else "", len(known))
    return Words(table[codes], list(known))


def _joined(first: Words, second: Words) -> Words:
    known = {key_of(word): code for code, word in enumerate(first.words)}
    words = list(first.words)
    table = np.empty(len(second.words) + 1, dtype=np.int64)
    table[-1] = -1
    for code, word in enumerate(second.words):
        place = known.get(key_of(word))
        if place is None:
            place = len(words)
            words.append(word)
        table[code] = place
    return Words(np.concatenate([first.codes, table[second.codes]]), words)


_UNDERSTOOD = ("period", "value", "unit")


def label_places(grid: Grid, rows: ByColumn, columns: Columns, value: Numbers, options: ReadOptions) -> tuple[int, ...]:
    """The columns whose texts together are the id of a series; none where only the search can say."""
    others = {place for role, place in columns._asdict().items() if role not in _UNDERSTOOD and role != "years"}
    if others != {-1} or value.odd or options.series_id is not None or not len(rows):
        return ()
    if columns.unit >= 0 and len(set(map(label, rows.words(columns.unit).words))) > 1:
        return ()
    periods = rows.words(columns.period)
    if periods.codes.min() < 0 or not all(re.fullmatch(r"\d{4}", label(word), re.ASCII) for word in periods.words):
        return ()
    years = by_label(periods).codes
    texts: dict[int, Codes] = {}
    for place in sorted({*range(len(grid.header))} - columns.places()):
        words = by_label(rows.words(place), _text)
        if not words.words or words.words == [""]:
            continue
        head = label(grid.header[place])
        if not head or "\\" in head or "" in words.words or not is_text(grid.column(place)):
            return ()
        if is_remark(head) or normalised(head) in VALUES:
            return ()
        if len(words.words) > 1:
            texts[place] = words.codes
    return (*texts,) if _all_needed([*texts.values()], years) else ()


def _text(cell: object) -> str:
    return " ".join(identity(cell).split())


def _all_needed(labels: Sequence[Codes], years: Codes) -> bool:
    """Whether a series and a year have one row, and no longer would without any one of the labels.

    A label that follows from the others, or from the year, or that varies within a series is for the search.
    """
    series = _joint(labels)
    if not labels or _count([series, years]) < len(years) or _count([years]) == len(years):
        return False
    for at, own in enumerate(labels):
        rest = [*labels[:at], *labels[at + 1 :]]
        if rest and (_count(rest) == _count([series]) or _count([*rest, years]) == len(years)):
            return False
        if _count([own, years]) == _count([years]):
            return False
    return True


def _joint(columns: Sequence[Codes]) -> Codes:
    """One code a row for the codes of several columns."""
    joint: Codes = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for codes in columns:
        joint = np.unique(joint * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1]
    return joint


def _count(columns: Sequence[Codes]) -> int:
    return int(_joint(columns).max(initial=-1)) + 1


def joint_words(rows: ByColumn, places: Sequence[int]) -> Words:
    """Labels of several columns as one id."""
    parts = [by_label(rows.words(place), _text) for place in places]
    codes = _joint([part.codes for part in parts])
    first = np.unique(codes, return_index=True)[1]
    words = [" / ".join(text for part in parts if (text := part.words[part.codes[row]])) for row in first.tolist()]
    return Words(codes, words)
