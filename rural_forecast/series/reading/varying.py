"""What tells the rows of a panel apart, and how to ask for one of the series that are left."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.reading.codes import CODES, one_to_one
from rural_forecast.series.reading.column_names import OTHER_NAMES, normalised
from rural_forecast.series.reading.labels import Column
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.parts import with_part
from rural_forecast.series.reading.periods import Head


class StillVariesError(InputError):
    """Several series are left."""

    code = "choice_needed"


def varying(panel: Panel, columns: Sequence[Column], rows: Sequence[int]) -> list[Column]:
    """The fewest columns whose labels distinguish the series of some rows, in the order of the file."""
    kept: dict[Column, list[str]] = {}
    heads = [panel.loose(row) for row in rows] if not panel.across else []
    periods = [str(head.day or head.period) if head else "" for head in heads] or [""] * len(rows)
    once = bool(heads) and len(set(periods)) == len(rows)
    remarks = set() if panel.across else _remarks(panel, columns)
    for column in columns:
        texts = [column.of(row) for row in rows]
        if (
            column in remarks
            or len(set(texts)) < 2
            or (once and 2 * texts.count("") >= len(texts) and _is_last(panel, column.name))  # it remarks on few values
            or (heads and _follows_period(heads, periods, column.name, texts))
            or _is_of_period(panel, column)
        ):
            continue
        kept[column] = texts
    codes = {column: _is_code(column, texts) for column, texts in kept.items()}
    # Codes go before their labels, short labels before long ones, and the later of two columns before the earlier.
    worth = {column: (not codes[column], len("".join(texts)), -at) for at, (column, texts) in enumerate(kept.items())}
    for column in sorted(kept, key=worth.__getitem__):
        texts = kept.pop(column)
        others: list[Sequence[Hashable]] = [*kept.values()]
        if codes[column] and kept:
            others.append(list(zip(*kept.values(), strict=True)))
        if not any(_follows(texts, other) for other in others):
            kept[column] = texts
    return [column for column in columns if column in kept]


def _remarks(panel: Panel, columns: Sequence[Column]) -> set[Column]:
    """The columns of remarks on single values: without them, the others still give one value a series and period.

    Row hashes are sums over the columns, so that a column is left out by subtraction.
    """

    def hashed(texts: Iterable[object]) -> Any:
        return np.fromiter(map(hash, texts), dtype=np.int64, count=len(panel.rows))

    labels = {column: hashed((column.name, column.of(row)) for row in panel.rows) for column in columns}
    remarks: set[Column] = set()
    if len(labels) < 2:
        return remarks
    series = sum(labels.values())
    periods = hashed(panel.dates)
    while True:
        rest = {column: series - own for column, own in labels.items() if column not in remarks}
        free = {
            column: len(np.unique(others))
            for column, others in rest.items()
            if len(np.unique(others + periods)) == len(panel.rows)
        }
        column = min(reversed(free), key=free.__getitem__, default=None)
        if column is None or not 1 < free[column] < len(np.unique(series)):
            return remarks
        remarks.add(column)
        series = rest[column]


def _is_last(panel: Panel, name: str) -> bool:
    """Whether a column is to the right of all figures."""
    place = panel.names.index(name) if name in panel.names else 0
    return place > 1 and not any(is_number(cell) for row in panel.rows for cell in panel.table.rows[row][place:])


def _is_code(column: Column, texts: Sequence[str]) -> bool:
    """Whether a column holds codes or units, which go with its labels, by its name or by its texts."""
    return (
        CODES.search(column.name) is not None
        or normalised(column.name) in OTHER_NAMES["unit"]
        or all(re.fullmatch(r"[A-Z\d_.:/-]*", text, re.ASCII) for text in texts)
    )


def _follows(texts: Sequence[str], others: Sequence[Hashable]) -> bool:
    """Whether labels follow from those of other columns, such as a region from its country."""
    return len(set(zip(others, texts, strict=True))) == len(set(others))


def _follows_period(heads: Sequence[Head | None], periods: Sequence[str], name: str, texts: Sequence[str]) -> bool:
    """Whether a column is the code of the period, a part of it, or says how long it is."""
    if len(set(zip(periods, texts, strict=True))) > len(set(periods)):
        return False
    lengths = [head.period.length if head else 1 for head in heads]
    if len(set(lengths)) > 1 and one_to_one(texts, list(map(str, lengths))):
        return True
    years = [head.period.year if head else 1 for head in heads]
    return all(str(year) in text or with_part(year, text, name) for year, text in zip(years, texts, strict=True))


def _is_of_period(panel: Panel, column: Column) -> bool:
    """Whether the labels of all rows, several a period, say no more than their periods: `latest year`, say."""
    if panel.across:
        return False
    pairs = set(zip(panel.dates, map(column.of, panel.rows), strict=True))
    return 1 < len(set(panel.dates)) == len(pairs) < len(panel.rows) / 2


def ask(
    panel: Panel, columns: Sequence[Column], rows: Sequence[int], count: int, values: Sequence[str] = ()
) -> StillVariesError:
    """The refusal that names what varies, most useful first, and a row that chooses one series by it.

    `count`: number of series. `values`: columns of values that are left, or measures.
    """
    labels = {column: list(dict.fromkeys(map(column.of, rows))) for column in columns}
    ordered = sorted(columns, key=lambda column: -len(labels[column]))
    example = next((row for row in rows if all(column.of(row) for column in ordered)), rows[0])
    varies = [(column.name, labels[column], column.of(example)) for column in ordered]
    if values:
        return StillVariesError.of("several_values", table=panel.where, values=values, varies=varies)
    return StillVariesError.of("several_series", file=panel.table.file, count=count, varies=varies)
