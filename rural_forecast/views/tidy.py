"""`series read`: observations as the rows that every command reads, and the account of what became of every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.series.history import History
from rural_forecast.series.money.conversion import Conversion
from rural_forecast.series.observation import Observation, ReadingAccount, Series
from rural_forecast.text.wording import counted
from rural_forecast.views.about import about_series, remarks, title_of
from rural_forecast.views.table import Field, growth_column, tabulated, without


class _Row(NamedTuple):
    series: Series
    seen: Observation
    value: float | None
    growth: float | None = None


_ALWAYS: tuple[Field[_Row], ...] = (
    (Column("period", "Period"), lambda row: str(row.seen.period)),
    Column("value", "Value", "number"),
    (Column("status", "Status"), lambda row: _status(row.seen)),
    (Column("unit", "Unit"), lambda row: row.series.unit or None),
    (Column("source", "Source"), lambda row: row.seen.source or None),
    (Column("note", "Note"), lambda row: row.seen.note or None),
    (Column("series_id", "Series"), lambda row: row.series.id or "series"),
)
_WHERE_SAID: tuple[tuple[Column, Callable[[_Row], Cell]], ...] = (
    (growth_column(), lambda row: row.growth),
    (Column("measure", "Measure"), lambda row: row.series.measure if row.series.measure != "flow" else None),
    (Column("definition", "Definition"), lambda row: row.series.definition or None),
    (Column("author", "Author"), lambda row: row.seen.author if row.seen.author not in ("", row.seen.source) else None),
    (Column("qualifier", "Qualifier"), lambda row: row.seen.qualifier if row.seen.qualifier != "=" else None),
    (Column("published_on", "Published"), lambda row: _day(row.seen.published_latest)),
    (Column("doubtful", "Doubtful"), lambda row: "yes" if row.seen.doubtful else None),
    (Column("low", "Low", "number"), lambda row: row.seen.interval and row.seen.interval.lower),
    (Column("high", "High", "number"), lambda row: row.seen.interval and row.seen.interval.upper),
    (Column("level", "Level", "integer"), lambda row: row.seen.interval and row.seen.interval.level),
)
"""Columns that are there only if a row has something in them."""


def document(series: Sequence[Series]) -> Document:
    """One row an observation, and one a growth without a level."""
    table = rows = tabulated((row for part in series for row in _rows(part)), *_ALWAYS, *_WHERE_SAID)
    for index, (column, _) in enumerate(_WHERE_SAID, len(_ALWAYS)):
        if all(row[index] is None for row in rows.rows):
            table = without(table, column.key)
    return Document(
        command="series read",
        records=table,
        title=title_of(series[0]) if len(series) == 1 else f"{len(series):,} series",
        sections=(table,),
        notes=remarks(dict.fromkeys(note for part in series for note in part.reading_notes)),
        series=tuple(about_series(part) for part in series),
    )


def inputs(*series: Series) -> Table:
    """The rows of data that a result rests on; of two series with one name the later is named with its file."""
    by_name: dict[str, Series] = {}
    for each in series:
        own = by_name.setdefault(each.id, each)
        if own is not each and own.named != each.named:
            by_name[each.named] = replace(each, id=each.named)
    return without(document([*by_name.values()]).records, "definition")  # each series has it once


def observed(series: Series) -> Series:
    """A series without the forecasts of others."""
    return replace(series, observations=tuple(seen for seen in series.observations if seen.status != "forecast"))


def given(*money: Conversion) -> Iterator[Series]:
    """The rates and prices that were given as series, as far as they are observed."""
    yield from (replace(observed(how.given), growth=()) for how in money if how.given)


def used(history: History, *more: Observation) -> Series:
    """A series with the values that a forecast rests on, and no others."""
    return replace(history.series, observations=(*history.observations, *more), growth=())


def _rows(series: Series) -> Iterator[_Row]:
    growth = {(seen.period, seen.source): seen for seen in series.growth}
    for seen in series.observations:
        known = growth.pop((seen.period, seen.source), None)
        yield _Row(series, seen, seen.value, known.value if known else None)
    for seen in growth.values():
        yield _Row(series, seen, None, seen.value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _status(seen: Observation) -> str:
    return "target" if seen.target else "expert" if seen.interval else seen.status


MOST_LINES = 20
"""Skipped lines that are shown; the json format has up to 1,000."""


def account_record(account: ReadingAccount) -> dict[str, Any]:
    """An account as the provenance of a document has it."""
    names = ("table", "title", "unit", "cells", "used", "missing", "skipped", "published")
    known = {name: getattr(account, name) for name in names} | {"skipped": dict(account.skipped)}
    as_of = account.as_of.isoformat() if account.as_of else None
    return known | {"as_of": as_of, "lines": [line._asdict() for line in account.lines]}


def account_lines(account: ReadingAccount) -> Iterator[str]:
    """An account for people."""
    about = [f"title '{account.title}'" if account.title else "", f"unit {account.unit}" if account.unit else ""]
    yield f"table found at {', '.join(filter(None, (account.table, *about)))}"
    skipped = sum(account.skipped.values())
    yield f"cells: {account.cells:,} = {account.used:,} used + {account.missing:,} missing + {skipped:,} skipped"
    for why, count in sorted(account.skipped.items(), key=lambda entry: -entry[1]):
        yield f"skipped {counted(count, 'cell')}: {why}"
    if account.published:
        yield f"{counted(account.published, 'value')} read as published figures, not as history"
    for line in account.lines[:MOST_LINES]:
        yield f"skipped line {line.place}: {line.text} ({line.why})"
    if len(account.lines) > MOST_LINES:
        yield f"skipped {len(account.lines) - MOST_LINES:,} more lines"
