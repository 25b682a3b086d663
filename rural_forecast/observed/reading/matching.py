"""Matches what a user types with the labels of a table and the names of its measures.

A text that is a whole label, or a whole piece of one, counts more than one that is a part of it.
Case and spaces never count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import UsageError, option
from rural_forecast.observed.reading.labels import Indices, Labels
from rural_forecast.observed.reading.names import likeness, same
from rural_forecast.text.cells import shown

WHOLE = 2  # the least likeness of a text that is a whole label, or a whole piece of one


@dataclass(frozen=True)
class Match:
    """How well rows and measures hold the parts of a text."""

    parts: Sequence[str]
    score: Indices  # of (rows, measures); 0 where a part is missing
    likeness: NDArray[np.int16]  # of (columns of labels, rows): of the part that is most alike


def match_of(
    columns: Sequence[Labels],
    rows: Indices,
    measures: Sequence[Sequence[str]],
    parts: Sequence[str],
) -> Match:
    """Rate how well each row with each measure, given by its names, holds all parts of a text.

    A row that holds a part as a whole label is rated one higher for each such label.
    """
    like = np.zeros((len(columns), len(parts), len(rows)), dtype=np.int16)
    for column_index, column in enumerate(columns):
        for part_index, part in enumerate(parts):
            degrees = _likenesses(column, part)
            like[column_index, part_index] = degrees[column.codes[rows]]
    of_measures = np.zeros((len(parts), len(measures)), dtype=np.int16)
    for part_index, part in enumerate(parts):
        for measure_index, names in enumerate(measures):
            degrees_of_names = (likeness(name, part) for name in names)
            of_measures[part_index, measure_index] = max(degrees_of_names, default=0)
    of_labels = like.max(axis=0, initial=0)
    best = np.maximum(of_labels[:, :, None], of_measures[:, None, :])
    whole = (like >= WHOLE).any(axis=1).sum(axis=0)
    score = np.where((best > 0).all(axis=0), best.sum(axis=0) + whole[:, None], 0)
    return Match(parts, score, like.max(axis=1))


def _likenesses(column: Labels, part: str) -> NDArray[np.int_]:
    """Rate how like each text of a column is to a part of a text."""
    folded = part.casefold()  # a quick look, as there may be a million texts
    degrees = [likeness(text, part) if folded in text.casefold() else 0 for text in column.texts]
    return np.array(degrees, dtype=int)


def parted(condition: str, names: Iterable[str]) -> tuple[str, str]:
    """Part `COLUMN=VALUE` into its column, one of some names if it has one, and its value."""
    name, sign, wanted = condition.partition("=")
    if not sign or not name.strip():
        problem = f"{option('where')} {shown(condition)} is not COLUMN=VALUE."
        example = ["Country=Kenya"]
        raise UsageError(problem, f"Write it as {option('where', example)}.")
    exact = [name for name in names if condition.startswith(f"{name}=")]
    if exact:
        name = max(exact, key=len)  # which may have a = in it
        wanted = condition[len(name) + 1 :]
    return name, wanted


def columns_called(columns: Sequence[Labels], name: str) -> list[Labels]:
    """Find the columns of a name, in any case, and those of the labels of its codes."""
    named = [column for column in columns if column.name == name.strip()]
    named = named or [column for column in columns if same(column.name, name)]
    return named + [column for column in columns if same(column.name, f"{name} label")]


def as_written(wanted: str, texts: Iterable[str]) -> str:
    """Give the one text that differs from the wanted one in case or spaces alone, or that one."""
    alike = {text for text in texts if same(text, wanted)}
    return alike.pop() if len(alike) == 1 else wanted


def texts_of(columns: Iterable[Labels], rows: Indices) -> list[str]:
    """List the different texts that some rows have in each column."""
    return [text for column in columns for text in column.of_rows(rows).texts]
