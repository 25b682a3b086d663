"""Facts around a result: its series in words and as rows, the account of a file, notes, and
provenance; and `documented`, which puts them into the document of a command.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from rural_forecast.document.table import Cell, Document, Live, Table
from rural_forecast.forecasting.start import Start
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Observation, ReadingAccount, Series
from rural_forecast.observed.preference import PublishedForecast
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import Headline, counted
from rural_forecast.version import __version__
from rural_forecast.views.table import keyed

if TYPE_CHECKING:
    from rural_forecast.observed.money.conversion import Conversion

ROUNDED = Amounts("")
_MOST_OF_CLAUSE = 90  # characters, about a line
MOST_LINES = 20  # skipped lines that are shown; the json format has up to 1,000
GRAVEST_FIRST = (
    "sides_differ",
    "assumptions",
    "leaders_doubted",
    "past_whole",
    "growth_forecast",
    "gap",
    "restated_basis",
    "earlier_basis",
    "related_series",
    "other_basis",
    "conflict",
    "growth",
    "estimate",
    "preliminary",
    "inexact",
)
"""Codes of notes in the order in which people should read them; others follow."""
_ALWAYS = keyed("period value:number status unit source note series_id")
_IF_KNOWN = keyed(
    "growth_pct:percent measure definition author qualifier published_on doubtful "
    "low:number high:number level:integer breaks"
)
"""Columns of a series as rows: those that it always has, and those that hold something."""
_SHORT = {"cagr": "CAGR", "arima": "ARIMA", "ets": "ETS", "dot": "DOT"}


def short_name(model: str) -> str:
    """Name a model in a narrow table."""
    return _SHORT.get(model, model.replace("_", " ").capitalize())


def clause(series: Series) -> str:
    """Give the first clause of the definition, in about a line."""
    return first_clause(series.definition)


def first_clause(definition: str) -> str:
    """Give the first clause of a definition, in about a line."""
    first = re.split(r"; |\. |\s*\(", definition)[0].rstrip(".")
    while len(first) > _MOST_OF_CLAUSE:
        cut = re.match(r"(.*)(?:,| by | from | with | for )", first)
        if cut is None:
            break
        first = cut[1]
    return shorten(first, _MOST_OF_CLAUSE, placeholder=" …")


def about(series: Series, sources: Iterable[str] = (), *, brief: bool = False) -> tuple[str, ...]:
    """Give definition, unit and publishers; `brief` gives the first clause of the definition."""
    if brief:
        return (clause(series),)
    unit = f"Unit: {series.unit}" if series.unit else ""
    publishers = dict.fromkeys(filter(None, (series.publisher, *sources)))
    parts = (series.definition, unit, "; ".join(publishers))
    return tuple(part.rstrip(".") for part in parts)


def observations(several: Iterable[Series]) -> Table:
    """Write series as the rows that every command reads.

    A row is an observation, with the growth that its source published, or a growth without a level.
    """
    rows: list[tuple[Cell, ...]] = []
    for series in several:
        growth = {(rate.period, rate.source): rate for rate in series.growth}
        for observed in series.observations:
            rate = growth.pop((observed.period, observed.source), None)
            rows.append(_row(series, observed, observed.value, rate.value if rate else None))
        rows += [_row(series, rate, None, rate.value) for rate in growth.values()]

    whole = Table((*_ALWAYS, *_IF_KNOWN), tuple(rows))
    empty = []
    for index, column in enumerate(_IF_KNOWN, len(_ALWAYS)):
        if all(cell is None for cell in whole.cells(index)):
            empty.append(column.key)
    return whole.without(*empty)


def _row(
    series: Series, observed: Observation, value: float | None, growth: float | None
) -> tuple[Cell, ...]:
    """Write an observation as a row; what is the default of the reader is left empty."""
    published = observed.published_latest
    return (
        str(observed.period),
        value,
        _status(observed),
        series.unit or None,
        observed.source or None,
        observed.note or None,
        series.id or "series",
        growth,
        series.measure if series.measure != "flow" else None,
        series.definition or None,
        observed.author if observed.author not in ("", observed.source) else None,
        observed.qualifier if observed.qualifier != "=" else None,
        published.isoformat() if published else None,
        "yes" if observed.doubtful else None,
        *(observed.interval or (None, None, None)),
        " ".join(map(str, series.breaks)) or None,
    )


def _status(observed: Observation) -> str:
    """Give the status that makes the same observation again when it is read."""
    if observed.target:
        return "target"
    return "expert" if observed.interval else observed.status


def inputs(*several: Series) -> Table:
    """Write the rows of data that a result rests on.

    Of two series with one name, the later one is named with its file.
    """
    by_name: dict[str, Series] = {}
    for series in several:
        first = by_name.setdefault(series.id, series)
        if first is not series and first.named != series.named:
            by_name[series.named] = replace(series, id=series.named)
    return observations(by_name.values()).without("definition")  # each series has it once


def observed(series: Series) -> Series:
    """Give a series without the forecasts of others."""
    return replace(
        series,
        observations=tuple(
            observed for observed in series.observations if observed.status != "forecast"
        ),
    )


def given(*money: Conversion) -> Iterator[Series]:
    """Yield the rates and prices that were given as series, as far as they are observed."""
    for conversion in money:
        if conversion.given:
            yield replace(observed(conversion.given), growth=())


def used(history: History, *more: Observation, start: Start | None = None) -> Series:
    """Give a series with the values that a forecast rests on, and no others.

    `start` is the nowcast that it goes on from, which rests on parts of years.
    """
    parts = start.parts if start else ()
    return replace(
        history.series,
        observations=(*history.on_earlier_bases, *history.observations, *parts, *more),
        growth=(*history.growth_into_bases, *(start.growth if start else ())),
        breaks=history.breaks_used,
    )


def account_record(account: ReadingAccount) -> dict[str, Any]:
    """Write the account of a file as the provenance of a document has it."""
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
    """Write the account of a file for people."""
    facts = (
        account.table,
        f"title '{account.title}'" if account.title else "",
        f"unit {account.unit}" if account.unit else "",
    )
    yield f"table found at {', '.join(filter(None, facts))}"

    skipped = sum(account.skipped.values())
    yield (
        f"cells: {account.cells:,} = {account.used:,} used + {account.missing:,} missing "
        f"+ {skipped:,} skipped"
    )
    for why, count in sorted(account.skipped.items(), key=lambda entry: -entry[1]):
        yield f"skipped {counted(count, 'cell')}: {why}"
    if account.published:
        yield f"{counted(account.published, 'value')} read as published figures, not as history"

    for line in account.lines[:MOST_LINES]:
        yield f"skipped line {line.place}: {line.text} ({line.why})"
    if len(account.lines) > MOST_LINES:
        yield f"skipped {len(account.lines) - MOST_LINES:,} more lines"


def published(figure: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """Write a published figure with its qualifier and the range given with it.

    `ROUNDED`, which knows nothing of a result, leaves the range out.
    """
    qualifier = "" if figure.qualifier == "=" else figure.qualifier
    text = f"{qualifier}{write.given(figure.value)}"
    if figure.interval is None or write is ROUNDED:
        return text
    low, high, level = figure.interval
    return f"{text} ({write.given(low)} to {write.given(high)}, {level} %)"


def money_options(money: Iterable[Conversion], years: Iterable[int]) -> dict[str, Any]:
    """Collect the options that convert amounts of these years again."""
    options: dict[str, Any] = {}
    for conversion in money:
        options |= conversion.options(years)
    return options


def provenance(history: History, start: Start | None = None, **options: Any) -> Mapping[str, Any]:
    """Describe what gives the same numbers again: data, options and version."""
    observations = (*history.on_earlier_bases, *history.observations)
    parts = start.parts if start else ()
    return {
        "version": __version__,
        "data_digest": digest(
            [
                *(f"{year.period.year},{float(year.value)!r}" for year in observations),
                *(f"{part.period},{float(part.value)!r}" for part in parts),
            ]
        ),
        "first_year": history.years[0],
        "origin": history.years[-1],
        "points": len(history.years),
        "seed": None,
        "options": options,
        **fetched(history.series),
    }


def fetched(series: Series) -> dict[str, Any]:
    """Describe where and when a series was fetched; nothing of one that was not."""
    return {"addresses": [series.origin.record()]} if series.origin else {}


def digest(lines: Iterable[str]) -> str:
    """Compute the fingerprint of data, by which two runs are compared."""
    text = "\n".join(lines)
    return f"sha256:{sha256(text.encode()).hexdigest()}"


def remarks(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Give the notes of a document, each once, the gravest first."""
    # Codes that have no rank find their own at the end of the list.
    return tuple(
        sorted(dict.fromkeys(notes), key=lambda note: [*GRAVEST_FIRST, note.code].index(note.code))
    )


class DocumentFields(TypedDict, total=False):
    """Fields of a `Document` that only some commands fill; it explains them."""

    about: tuple[str, ...]
    course: str
    points: tuple[str, ...]
    live: Live | None
    drawn: Table | None
    shown: int
    brief: str
    more: tuple[str, ...]
    figures: Mapping[str, Any]
    inputs: Table | None
    observed: Callable[[], Table] | None
    provenance: Mapping[str, Any]


def documented(
    command: str,
    head: Headline,
    records: Table,
    sections: Iterable[Table],
    notes: Iterable[Note],
    *series: Series,
    sentences: Iterable[str] = (),
    **fields: Unpack[DocumentFields],
) -> Document:
    """Make the document of a command; `sentences` follow the range of the headline."""
    return Document(
        command,
        records,
        head.text,
        summary=(head.range, *sentences),
        sections=tuple(sections),
        notes=remarks(notes),
        series=tuple(map(_series_record, series)),
        **fields,
    )


def _series_record(series: Series) -> dict[str, Any]:
    """Describe a series and its sources for the json format."""
    sources = []
    for source in series.sources.values():
        record = {
            "id": source.id,
            "publisher": source.publisher,
            "title": source.title,
            "date": source.dated,
            "url": source.url,
        }
        sources.append(record)
    return {
        "id": series.id,
        "title": series.title,
        "definition": series.definition,
        "measure": series.measure,
        "unit": series.unit,
        "publisher": series.publisher,
        "breaks": [*series.breaks],
        "caveat": series.caveat,
        "sources": sources,
    }
