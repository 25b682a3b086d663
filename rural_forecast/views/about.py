"""A series and a published figure in words and for the json format, and the provenance of a result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import Amounts
from rural_forecast.version import __version__

ROUNDED = Amounts("")
"""Four significant digits."""


def title_of(series: Series) -> str:
    """The name of a series for people: its title, or its id as words. A title of a file is that of all its series."""
    own = series.id.casefold() in series.title.casefold() or series.id == PurePath(series.file).stem
    if series.file and series.title and not own:
        return f"{series.title}: {series.id}"
    return series.title or series.id.replace("_", " ")


def named(series: Series) -> str:
    """The source that gives a series again: its id, or `FILE::SERIES`."""
    return f"{series.file}::{series.id}" if series.file else series.id


def published(figure: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """A published figure, its qualifier before the number."""
    return f"{'' if figure.qualifier == '=' else figure.qualifier}{write._replace(places=None)(figure.value)}"


def ranged(figure: PublishedForecast, write: Amounts) -> str:
    """A published figure, and the range given with it."""
    if figure.interval is None:
        return published(figure, write)
    low, high, level = figure.interval
    return f"{published(figure, write)} ({write(low)} to {write(high)}, {level} %)"


def within(value: float, middle: float, levels: Sequence[int], lower: Iterable[float], upper: Iterable[float]) -> str:
    """The narrowest of our intervals that holds a published figure, in words."""
    for level, low, high in zip(levels, lower, upper, strict=True):
        if low <= value <= high:
            return f"inside our {level} % interval"
    return f"{'above' if value > middle else 'below'} our {levels[-1]} % interval"


def about(series: Series, *, brief: bool = False) -> tuple[str, ...]:
    """Definition, unit and publisher; `brief` is the first part of the definition."""
    if brief:
        return (series.definition.partition("; ")[0].rstrip("."),)
    parts = series.definition, f"Unit: {series.unit}" if series.unit else "", series.publisher
    return tuple(part.rstrip(".") for part in parts)


def about_series(series: Series) -> Mapping[str, Any]:
    """A series for the json format."""
    return {
        "id": series.id,
        "title": series.title,
        "definition": series.definition,
        "measure": series.measure,
        "unit": series.unit,
        "publisher": series.publisher,
        "breaks": list(series.breaks),
        "caveat": series.caveat,
        "sources": [
            {
                "id": source.id,
                "publisher": source.publisher,
                "title": source.title,
                "date": source.dated,
                "url": source.url,
            }
            for source in series.sources.values()
        ],
    }


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
