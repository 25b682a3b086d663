"""Columns of labels as codes: the distinct texts of a column, and which of them each row has.

A file may have a million rows, and few distinct labels. So what choosing a series asks, such as
which columns distinguish rows and how many combinations there are, is asked of arrays of codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.observed.reading.words import Codes

Indices = NDArray[np.int64]

MOST_MARKS = 8  # times the rows: above that, marks for all possible codes take more than a sort


class Labels(NamedTuple):
    """A column of labels: the code of each row, and the distinct texts that codes stand for."""

    name: str
    codes: Codes
    texts: Sequence[str]

    @property
    def all_texts(self) -> list[str]:
        """The label of each row."""
        return [self.texts[code] for code in self.codes.tolist()]

    def of_rows(self, rows: Any) -> Labels:
        """The labels of some rows, without the texts that none of these rows has."""
        used, codes = np.unique(self.codes[rows], return_inverse=True)
        texts = [self.texts[code] for code in used.tolist()]
        return Labels(self.name, codes.astype(np.int32), texts)


def labelled(name: str, texts: Iterable[str]) -> Labels:
    """Make a column of labels from the text of each row."""
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(text, len(numbers)) for text in texts]
    return Labels(name, np.array(codes, dtype=np.int32), [*numbers])


def together(columns: Iterable[NDArray[Any]], count: int) -> Indices:
    """Give each of `count` rows one code for the combination of its codes in several columns."""
    combined = np.zeros(count, dtype=np.int64)
    for codes in columns:
        if (codes == codes[:1]).all():  # distinguishes no rows
            continue
        # A code may be -1, for none.
        combined = combined * (int(codes.max(initial=-1)) + 2) + codes + 1
        # Without new numbers after each column, products over many columns would overflow.
        combined = _numbered(combined)
    return combined


def _numbered(codes: Indices) -> Indices:
    """Number codes of at least 0 by size, without gaps."""
    largest = int(codes.max(initial=-1))
    if largest > MOST_MARKS * len(codes):
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)
    # Marks take one pass over the rows, where a sort takes many.
    marks = np.zeros(largest + 1, dtype=np.int64)
    marks[codes] = 1
    numbers: Indices = np.cumsum(marks) - 1
    return numbers[codes]


def ranked(columns: Iterable[NDArray[Any]], count: int) -> tuple[Indices, Indices]:
    """Number the combinations of codes in order of appearance.

    Returns the first row of each combination, and the number of the combination of each row.
    """
    _, first, codes = np.unique(together(columns, count), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.sort(first), rank[codes]


def distinct(*columns: NDArray[Any]) -> int:
    """Count the different combinations of codes."""
    numbers = together(columns, len(columns[0]))
    return int(numbers.max(initial=-1)) + 1


def ids_of(columns: Sequence[Labels], rows: Indices) -> list[str]:
    """Join the labels of some rows to ids."""
    parts = [label._replace(codes=label.codes[rows]).all_texts for label in columns]
    if len(parts) == 1:
        return parts[0]
    return [" / ".join(filter(None, labels)) for labels in zip(*parts, strict=True)]
