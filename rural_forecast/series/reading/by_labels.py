"""Label columns that identify the series of a long table, found column by column.

The search decides this row by row, for any table. Here only what is beyond doubt counts: every other column holds
texts, and every column that varies is needed to identify a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.series.reading.arrays import Numbers
from rural_forecast.series.reading.by_column import ByColumn, by_label
from rural_forecast.series.reading.column_names import normalised
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.contents import is_text
from rural_forecast.series.reading.grid import Grid, identity, label
from rural_forecast.series.reading.labels import VALUES, is_remark
from rural_forecast.series.reading.options import ReadOptions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

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
