"""Rows of a grid held by column, as arrays: what a file of millions of rows needs, and a frame has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.series.reading.arrays import Column, Numbers, key_of, words_of_list
from rural_forecast.series.reading.grid import is_empty, label


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
        return _Distinct(self, place)

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


class _Distinct:
    """The first cells of a column, and then each different one: who looks for what is no text need not see all."""

    def __init__(self, rows: ByColumn, place: int) -> None:
        self._rows, self._place = rows, place

    def __iter__(self) -> Iterator[Any]:
        column = self._rows.columns[self._place]
        if isinstance(column, Column):
            yield from column.first
        codes, words = self._rows.words(self._place)
        yield from words
        if len(codes) and codes.min() < 0:
            yield None


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
