"""Facts around a result: its series in words and as rows, the account of a file, notes, and
provenance.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath
from textwrap import shorten
from typing import Any

from rural_forecast.document.table import Cell, Document, Table
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.money import Conversion
from rural_forecast.series.observation import Observation, ReadingAccount, Series
from rural_forecast.series.preference import PublishedForecast
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import Headline, counted
from rural_forecast.version import __version__
from rural_forecast.views.table import keyed

ROUNDED = Amounts("")
_MOST_OF_CLAUSE = 90
MOST_LINES = 20  # skipped lines that are shown; the json format has up to 1,000
GRAVEST_FIRST = (
    "sides_differ",
    "assumptions",
    "past_whole",
    "growth_forecast",
    "gap",
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
    "growth_pct:percent measure definition author qualifier published_on doubtful low:number high:number level:integer"
)


_SHORT = {"cagr": "CAGR", "arima": "ARIMA", "ets": "ETS", "dot": "DOT"}


def short_name(model: str) -> str:
    """The name of a model in a narrow table."""
    return _SHORT.get(model, model.replace("_", " ").capitalize())


def title_of(series: Series) -> str:
    """The name of a series for people; the title of a file is that of all its series."""
    own = series.id.casefold() in series.title.casefold() or series.id == PurePath(series.file).stem
    if series.file and series.title and not own:
        return f"{series.title}: {series.id}"
    return series.title or series.id.replace("_", " ")


def clause(series: Series) -> str:
    """The first clause of the definition, in about a line."""
    first = re.split(r"; |\. |\s*\(", series.definition)[0].rstrip(".")
    while len(first) > _MOST_OF_CLAUSE and (
        cut := re.match(r"(.*)(?:,| by | from | with | for )", first)
    ):
        first = cut[1]
    return shorten(first, _MOST_OF_CLAUSE, placeholder=" …")


def about(series: Series, *, brief: bool = False) -> tuple[str, ...]:
    """Definition, unit and publisher; `brief` is the first part of the definition."""
    if brief:
        return (clause(series),)
    parts = series.definition, f"Unit: {series.unit}" if series.unit else "", series.publisher
    return tuple(part.rstrip(".") for part in parts)


def observations(series: Iterable[Series]) -> Table:
    """The rows that every command reads: one an observation, and one a growth without a level."""
    rows: list[tuple[Cell, ...]] = []
    for each in series:
        growth = {(seen.period, seen.source): seen for seen in each.growth}
        for seen in each.observations:
            known = growth.pop((seen.period, seen.source), None)
            rows.append(_row(each, seen, seen.value, known.value if known else None))
        rows += [_row(each, seen, None, seen.value) for seen in growth.values()]
    whole = Table((*_ALWAYS, *_IF_KNOWN), tuple(rows))
    empty = (
        of for at, of in enumerate(_IF_KNOWN, len(_ALWAYS)) if all(row[at] is None for row in rows)
    )
    return whole.without(*(column.key for column in empty))


def _row(
    series: Series, seen: Observation, value: float | None, growth: float | None
) -> tuple[Cell, ...]:
    status = "target" if seen.target else "expert" if seen.interval else seen.status
    return (
        *(str(seen.period), value, status),
        *(text or None for text in (series.unit, seen.source, seen.note)),
        series.id or "series",
        growth,
        series.measure if series.measure != "flow" else None,
        series.definition or None,
        seen.author if seen.author not in ("", seen.source) else None,
        seen.qualifier if seen.qualifier != "=" else None,
        seen.published_latest.isoformat() if seen.published_latest else None,
        "yes" if seen.doubtful else None,
        *(seen.interval or (None, None, None)),
    )


def inputs(*series: Series) -> Table:
    """The rows of data that a result rests on; of two series with one name the later is named with
    its file.
    """
    by_name: dict[str, Series] = {}
    for each in series:
        own = by_name.setdefault(each.id, each)
        if own is not each and own.named != each.named:
            by_name[each.named] = replace(each, id=each.named)
    return observations(by_name.values()).without("definition")  # each series has it once


def observed(series: Series) -> Series:
    """A series without the forecasts of others."""
    return replace(
        series,
        observations=tuple(seen for seen in series.observations if seen.status != "forecast"),
    )


def given(*money: Conversion) -> Iterator[Series]:
    """The rates and prices that were given as series, as far as they are observed."""
    yield from (replace(observed(how.given), growth=()) for how in money if how.given)


def used(history: History, *more: Observation) -> Series:
    """A series with the values that a forecast rests on, and no others."""
    return replace(history.series, observations=(*history.observations, *more), growth=())


def account_record(account: ReadingAccount) -> dict[str, Any]:
    """An account as the provenance of a document has it."""
    names = ("table", "title", "unit", "cells", "used", "missing", "skipped", "published")
    known = {name: getattr(account, name) for name in names} | {"skipped": dict(account.skipped)}
    as_of = account.as_of.isoformat() if account.as_of else None
    return known | {"as_of": as_of, "lines": [line._asdict() for line in account.lines]}


def account_lines(account: ReadingAccount) -> Iterator[str]:
    """An account for people."""
    about = [
        f"title '{account.title}'" if account.title else "",
        f"unit {account.unit}" if account.unit else "",
    ]
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


def published(figure: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """A published figure, its qualifier before the number, and the range given with it."""
    text = f"{'' if figure.qualifier == '=' else figure.qualifier}{write._replace(places=None)(figure.value)}"
    if figure.interval is None or write is ROUNDED:
        return text
    low, high, level = figure.interval
    return f"{text} ({write(low)} to {write(high)}, {level} %)"


def money_options(money: Iterable[Conversion], years: Iterable[int]) -> dict[str, Any]:
    """The options that convert amounts of these years again."""
    return {name: value for how in money for name, value in how.options(years).items()}


def provenance(history: History, **options: Any) -> Mapping[str, Any]:
    """The origin of a result: what gives the same numbers again."""
    values = history.values.tolist()
    return {
        "version": __version__,
        "data_digest": digest(
            f"{year},{value!r}" for year, value in zip(history.years, values, strict=True)
        ),
        "first_year": history.years[0],
        "origin": history.years[-1],
        "points": len(history.years),
        "seed": None,
        "options": options,
    }


def digest(lines: Iterable[str]) -> str:
    """The fingerprint of data, by which two runs are compared."""
    return f"sha256:{sha256(chr(10).join(lines).encode()).hexdigest()}"


def remarks(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes of a document, each once, the gravest first."""
    return tuple(
        sorted(dict.fromkeys(notes), key=lambda note: [*GRAVEST_FIRST, note.code].index(note.code))
    )


def documented(
    command: str,
    head: Headline,
    records: Table,
    sections: Iterable[Table],
    notes: Iterable[Note],
    *series: Series,
    said: Iterable[str] = (),
    **more: Any,
) -> Document:
    """The document of a command: `said` follows the range of the headline, `more` are other fields."""
    known = []
    for each in series:
        names = ("id", "title", "definition", "measure", "unit", "publisher", "breaks", "caveat")
        sources = [
            {
                "id": of.id,
                "publisher": of.publisher,
                "title": of.title,
                "date": of.dated,
                "url": of.url,
            }
            for of in each.sources.values()
        ]
        known.append(
            {name: getattr(each, name) for name in names}
            | {"breaks": [*each.breaks], "sources": sources}
        )
    fields = {
        "summary": (head.range, *said),
        "sections": tuple(sections),
        "notes": remarks(notes),
        "series": (*known,),
    }
    return Document(command, records, head.text, **(fields | more))
