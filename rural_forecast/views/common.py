"""What several views share: the columns of the row contract, growth, provenance, and what a series is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import floor, isfinite, log10
from typing import Any

from rural_forecast.document.table import Column, Table
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.wording import rounded
from rural_forecast.version import __version__


def row_columns(levels: tuple[int, ...]) -> tuple[Column, ...]:
    """Columns of the rows of `project`, `batch`, `nowcast` and `scenario`."""
    return (
        Column("series_id", "Series"),
        Column("period", "Year", "year"),
        Column("kind", "Kind"),
        Column("model", "Model"),
        Column("value", "Value", "number"),
        *interval_columns(levels),
        Column("growth_pct", "Growth", "percent", 1, sign=True),
        Column("unit", "Unit"),
    )


def interval_columns(levels: tuple[int, ...], digits: int | None = None) -> list[Column]:
    """A lower and an upper column a level; people read the two as one range."""
    return [
        column
        for level in levels
        for column in (
            Column(f"lower_{level}", f"{level} % interval", "number", digits),
            Column(f"upper_{level}", "", "number", digits, ends_range=True),
        )
    ]


def decimals(value: float) -> int:
    """Digits after the point that give a number of this size four significant ones, at most six."""
    return min(6, max(0, 3 - floor(log10(abs(value))))) if value else 0


def growth(before: float | None, now: float | None) -> float | None:
    """Growth in percent, or None where it has no meaning or no number holds it."""
    if before is None or now is None or before <= 0:
        return None
    rate = 100 * (now / before - 1)
    return rate if isfinite(rate) else None


def percent(value: float, form: str = "+.1f") -> str:
    """A percentage as text, with the typographic minus sign.

    >>> percent(-4.13), percent(2, "+g")
    ('−4.1 %', '+2 %')
    """
    return f"{value:{form}} %".replace("-", "−")


def published(said: PublishedForecast) -> str:
    """What a third party published, its qualifier before the number."""
    return f"{'' if said.qualifier == '=' else said.qualifier}{rounded(said.value)}"


def subtitle(series: Series) -> str:
    """Definition, unit and publisher in one line."""
    parts = [series.definition, f"Unit: {series.unit}" if series.unit else "", series.publisher]
    return " · ".join(part.rstrip(".") for part in parts if part)


def without(table: Table, key: str) -> Table:
    """A table without a column."""
    kept = [place for place, column in enumerate(table.columns) if column.key != key]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[place] for place in kept), rows=rows)


def about_series(series: Series) -> Mapping[str, Any]:
    """What a series is, for the json format."""
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
    """What is needed to get the same numbers again."""
    from hashlib import sha256

    canonical = "\n".join(
        f"{year},{value!r}" for year, value in zip(history.years, history.values.tolist(), strict=True)
    )
    return {
        "version": __version__,
        "data_digest": f"sha256:{sha256(canonical.encode()).hexdigest()}",
        "first_year": history.years[0],
        "origin": history.years[-1],
        "points": len(history.years),
        "seed": None,
        "options": options,
    }
