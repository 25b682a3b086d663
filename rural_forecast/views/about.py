"""Facts around a result: the series in words and for the json format, notes, and the origin of the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from textwrap import shorten
from typing import Any

from rural_forecast.document.table import Document, Table
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.headline import Headline
from rural_forecast.text.numbers import Amounts
from rural_forecast.version import __version__

ROUNDED = Amounts("")
_MOST_OF_CLAUSE = 90


def title_of(series: Series) -> str:
    """The name of a series for people; the title of a file is that of all its series."""
    own = series.id.casefold() in series.title.casefold() or series.id == PurePath(series.file).stem
    if series.file and series.title and not own:
        return f"{series.title}: {series.id}"
    return series.title or series.id.replace("_", " ")


def clause(series: Series) -> str:
    """The first clause of the definition, in about a line."""
    first = re.split(r"; |\. |\s*\(", series.definition)[0].rstrip(".")
    while len(first) > _MOST_OF_CLAUSE and (cut := re.match(r"(.*)(?:,| by | from | with | for )", first)):
        first = cut[1]
    return shorten(first, _MOST_OF_CLAUSE, placeholder=" …")


def about(series: Series, *, brief: bool = False) -> tuple[str, ...]:
    """Definition, unit and publisher; `brief` is the first part of the definition."""
    if brief:
        return (clause(series),)
    parts = series.definition, f"Unit: {series.unit}" if series.unit else "", series.publisher
    return tuple(part.rstrip(".") for part in parts)


def about_series(series: Series) -> Mapping[str, Any]:
    """A series for the json format."""
    names = ("id", "title", "definition", "measure", "unit", "publisher", "breaks", "caveat")
    known = {name: getattr(series, name) for name in names} | {"breaks": list(series.breaks)}
    return known | {
        "sources": [
            {name: getattr(source, name) for name in ("id", "publisher", "title")}
            | {"date": source.dated, "url": source.url}
            for source in series.sources.values()
        ]
    }


def published(figure: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """A published figure, its qualifier before the number, and the range given with it."""
    text = f"{'' if figure.qualifier == '=' else figure.qualifier}{write._replace(places=None)(figure.value)}"
    if figure.interval is None or write is ROUNDED:
        return text
    low, high, level = figure.interval
    return f"{text} ({write(low)} to {write(high)}, {level} %)"


def within(value: float, middle: float, levels: Sequence[int], lower: Iterable[float], upper: Iterable[float]) -> str:
    """The narrowest of our intervals that holds a published figure, in words."""
    for level, low, high in zip(levels, lower, upper, strict=True):
        if low <= value <= high:
            return f"inside our {level} % interval"
    return f"{'above' if value > middle else 'below'} our {levels[-1]} % interval"


def provenance(history: History, **options: Any) -> Mapping[str, Any]:
    """The origin of a result: what gives the same numbers again."""
    values = zip(history.years, history.values.tolist(), strict=True)
    return {
        "version": __version__,
        "data_digest": digest(f"{year},{value!r}" for year, value in values),
        "first_year": history.years[0],
        "origin": history.years[-1],
        "points": len(history.years),
        "seed": None,
        "options": options,
    }


def digest(lines: Iterable[str]) -> str:
    """The fingerprint of data, by which two runs are compared."""
    return f"sha256:{sha256(chr(10).join(lines).encode()).hexdigest()}"


GRAVEST_FIRST = (
    "sides_differ", "assumptions", "past_whole", "growth_forecast", "gap", "earlier_basis", "related_series",
    "other_basis", "conflict", "growth", "estimate", "preliminary", "inexact",
)  # fmt: skip
"""Codes of notes in the order in which people should read them; others follow."""


def remarks(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes of a document, each once, the gravest first."""
    ranks = {code: rank for rank, code in enumerate(GRAVEST_FIRST)}
    return tuple(sorted(dict.fromkeys(notes), key=lambda note: ranks.get(note.code, len(ranks))))


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
    known, summary = tuple(map(about_series, series)), (head.range, *said)
    fields = {"summary": summary, "sections": tuple(sections), "notes": remarks(notes), "series": known}
    return Document(command, records, head.text, **(fields | more))
