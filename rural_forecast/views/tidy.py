"""`series read`: observations as the rows that every command reads, and the account of what became of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.wording import counted
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.columns import without
from rural_forecast.views.notes import remarks

_ALWAYS = (
    Column("period", "Period"),
    Column("value", "Value", "number"),
    Column("status", "Status"),
    Column("unit", "Unit"),
    Column("source", "Source"),
    Column("note", "Note"),
    Column("series_id", "Series"),
)
_WHERE_SAID = (
    Column("growth_pct", "Growth", "percent", 1, sign=True),
    Column("measure", "Measure"),
    Column("definition", "Definition"),
    Column("author", "Author"),
    Column("qualifier", "Qualifier"),
    Column("published_on", "Published"),
    Column("doubtful", "Doubtful"),
    Column("interrupt", "Interrupt"),
    Column("low", "Low", "number"),
    Column("high", "High", "number"),
    Column("level", "Level", "integer"),
)
"""Columns that are there only if a row has something in them."""


def document(series: Sequence[Series]) -> Document:
    """One row an observation, and one a growth without a level."""
    rows = [row for part in series for row in _rows(part)]
    table = Table((*_ALWAYS, *_WHERE_SAID), tuple(rows))
    for index, column in enumerate(_WHERE_SAID, len(_ALWAYS)):
        if all(row[index] is None for row in rows):
            table = without(table, column.key)
    return Document(
        command="series read",
        records=table,
        title=title_of(series[0]) if len(series) == 1 else f"{len(series):,} series",
        sections=(table,),
        notes=remarks(dict.fromkeys(note for part in series for note in part.reading_notes)),
        series=tuple(about_series(part) for part in series),
    )


def _rows(series: Series) -> Iterator[tuple[Cell, ...]]:
    growth = {(seen.period, seen.source): seen for seen in series.growth}
    for seen in series.observations:
        known = growth.pop((seen.period, seen.source), None)
        yield _row(series, seen, seen.value, known.value if known else None)
    for seen in growth.values():
        yield _row(series, seen, None, seen.value)


def _row(series: Series, seen: Observation, value: float | None, growth: float | None) -> tuple[Cell, ...]:
    author = seen.author if seen.author != seen.source else ""
    day = seen.published_latest
    return (
        str(seen.period),
        value,
        "target" if seen.target else "expert" if seen.interval else seen.status,
        series.unit or None,
        seen.source or None,
        seen.note or None,
        series.id or "series",
        growth,
        series.measure if series.measure != "flow" else None,
        series.definition or None,
        author or None,
        seen.qualifier if seen.qualifier != "=" else None,
        day.isoformat() if day else None,
        "yes" if seen.doubtful else None,
        "yes" if seen.interrupt else None,
        *(seen.interval or (None, None, None)),
    )


MOST_LINES = 20
"""Skipped lines that are shown; the json format has up to 1,000."""


def account_record(account: ReadingAccount) -> dict[str, Any]:
    """An account as the provenance of a document has it."""
    return {
        "table": account.table,
        "title": account.title,
        "unit": account.unit,
        "cells": account.cells,
        "used": account.used,
        "missing": account.missing,
        "skipped": dict(account.skipped),
        "published": account.published,
        "as_of": account.as_of.isoformat() if account.as_of else None,
        "lines": [line._asdict() for line in account.lines],
    }


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
