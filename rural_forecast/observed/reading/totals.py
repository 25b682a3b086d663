"""Totals that a table holds beside the series that was chosen in it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.labels import Labels, ids_of
from rural_forecast.observed.reading.names import is_total
from rural_forecast.observed.reading.varying import varying


def totals_beside(choice: Choice) -> tuple[str, ...]:
    """Name the series of the same table that differ from the one of a choice by a label, or by the
    name of a column, that says that it is a sum.
    """
    return tuple(dict.fromkeys([*_by_label(choice), *_by_column(choice)]))


def _by_label(choice: Choice) -> Iterator[str]:
    """Yield the ids of the rows whose labels are those of the choice, but for that of a sum."""
    of_sums = [label for label in choice.beside.labels if any(map(is_total, label.texts))]
    if not of_sums:
        return
    table = choice.table
    every = np.arange(len(table.rows))
    columns = varying(table, choice.beside, every)
    for label in of_sums:
        own = _text_of(label, choice)
        if own is None or is_total(own) or label not in columns:
            continue
        others = [column for column in columns if column is not label]
        left = np.ones(len(every), dtype=bool)
        for column in others:
            if _text_of(column, choice) is not None:
                left &= column.codes == column.codes[choice.rows[0]]
        for code, text in enumerate(label.texts):
            rows = every[left & (label.codes == code)]
            if is_total(text) and len(rows):
                yield ids_of(columns, rows[:1])[0]


def _text_of(label: Labels, choice: Choice) -> str | None:
    """The one text of a label in the rows of a choice; None where it has several."""
    codes = label.codes[choice.rows]
    return str(label.texts[codes[0]]) if len(codes) and (codes == codes[0]).all() else None


def _by_column(choice: Choice) -> Iterator[str]:
    """Yield the names of columns of sums, where the choice is of another column."""
    table = choice.table
    if table.across or len(choice.value_columns) != 1:
        return
    own = int(choice.value_columns[0])
    if is_total(table.names[own]):
        return
    taken = {own, *(table.roles or {}).values()}
    above = ""
    for column, name in enumerate(table.names):
        if column in taken or not is_total(name) or not table.is_numeric(column, 0.5):
            continue
        above = above or _rows_named(choice)
        yield f"{above} / {name}" if above else name


def _rows_named(choice: Choice) -> str:
    """Name the rows of a choice among those of the table; empty where there are no others."""
    every = np.arange(len(choice.table.rows))
    columns = varying(choice.table, choice.beside, every)
    fixed = [column for column in columns if _text_of(column, choice) is not None]
    return ids_of(fixed, choice.rows[:1])[0] if fixed else ""
