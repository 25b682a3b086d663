"""Tables of values with their ranges, which every command shows: a name, what it comes to, its range, and more.

A terminal draws the same beside the rows. Forecasts of a column have one step, that of the first; what was observed or
published keeps three digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from rural_forecast.document.table import Cell, Column, Sign, Span, Table, Tone
from rural_forecast.forecasting.question import DEFAULT_LEVELS, headline
from rural_forecast.text.numbers import Amounts, observed_places
from rural_forecast.views.columns import growth_column, interval_columns

CLOSE = 5
"""Percent below which growth has a decimal."""


def shown_levels(levels: Sequence[int]) -> list[int]:
    """Places of the levels that a table shows: that of headlines, or all that were asked for."""
    return [headline(levels)] if tuple(levels) == DEFAULT_LEVELS else list(range(len(levels)))


class Row(NamedTuple):
    """One row; cells of further columns are before the value or behind the range, where missing ones are empty."""

    name: Cell
    value: float | None
    ends: tuple[Cell, ...] = ()
    """Lower and upper bound at each level of the table, or nothing."""
    sign: Sign = "ours"
    before: tuple[Cell, ...] = ()
    behind: tuple[Cell, ...] = ()
    tone: Tone = "plain"
    depth: int = 0
    """How far its name is indented."""
    also: float | None = None
    """Another value drawn in this row."""
    beside: Sign = "other"


def table(
    rows: Iterable[Row],
    name: Column,
    value: Column,
    levels: Sequence[int],
    write: Amounts,
    *,
    before: Sequence[Column] = (),
    behind: Sequence[Column] = (),
    title: str = "",
    most: float | None = None,
) -> Table:
    """A table of rows with one value column; `most`: the physical bound of what is drawn."""
    rows = tuple(rows)
    blank: tuple[Cell, ...] = (None,) * (2 * len(levels))
    cells = tuple(
        (
            row.name,
            *row.before,
            row.value,
            *(row.ends or blank),
            *row.behind,
            *(None,) * (len(behind) - len(row.behind)),
        )
        for row in rows
    )
    seen = [row.sign in ("observed", "published") for row in rows]
    each = tuple(
        observed_places(row.value / write.factor) if known and row.value is not None else write.places or 0
        for row, known in zip(rows, seen, strict=True)
    )
    value = replace(value, decimals=write.places, factor=write.factor, each=each if any(seen) else ())
    name = replace(name, depths=tuple(row.depth for row in rows)) if any(row.depth for row in rows) else name
    columns = (name, *before, value, *interval_columns(levels, write), *behind)
    return Table(
        columns,
        cells,
        title,
        tones=tuple(row.tone for row in rows),
        spans=tuple(_spans(rows, headline(levels) if levels else 0, write.factor)),
        span_most=most,
    )


def _spans(rows: Iterable[Row], shown: int, factor: float) -> Iterable[Span | None]:
    for row in rows:
        drawn = (row.value, *(row.ends[2 * shown :][:2] or (None, None)), row.also)
        value, low, high, also = (end / factor if isinstance(end, float | int) else None for end in drawn)
        yield None if value is None else Span(value, low, high, row.sign, also, row.beside)


def amount_column(write: Amounts, title: str = "", key: str = "value") -> Column:
    """A column of amounts, headed by its unit or by a title."""
    return Column(key, title or write.shown_unit or "Value", "number")


def pace_column(rates: Iterable[Cell], key: str = "growth_pct", title: str = "Growth") -> Column:
    """Growth in whole percents, with a decimal where all of it is small."""
    largest = max((abs(rate) for rate in rates if isinstance(rate, float)), default=0.0)
    return replace(growth_column(key, title), decimals=int(largest < CLOSE))
