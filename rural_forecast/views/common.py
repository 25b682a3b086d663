"""What several views share: the columns of the row contract, growth, provenance, and what a series is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from textwrap import shorten
from typing import TYPE_CHECKING, Any, TypeVar

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.series.history import History
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import Amounts, decimals
from rural_forecast.version import __version__

if TYPE_CHECKING:
    from rural_forecast.forecasting.asking import ModelForecast

T = TypeVar("T")
Field = tuple[Column, Callable[[T], Cell]]
"""A column with its cell of an item."""
ROUNDED = Amounts("")
"""Four significant digits."""
BRIEF = 76
"""Characters of a definition and its unit that share a line of a narrow terminal."""


def title_of(series: Series) -> str:
    """What people call a series: its title, or its id as words."""
    return series.title or series.id.replace("_", " ")


def row_columns(levels: Sequence[int]) -> tuple[Column, ...]:
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


def interval_columns(levels: Sequence[int], write: Amounts | None = None) -> list[Column]:
    """A lower and an upper column a level; people read the two as one range."""
    places, factor = (write.places, write.factor) if write else (None, 1.0)
    return [
        column
        for level in levels
        for column in (
            Column(f"lower_{level}", f"{level} % interval", "number", places, factor=factor),
            Column(f"upper_{level}", "", "number", places, ends_range=True, factor=factor),
        )
    ]


def actual_rows(series: Series, observations: Iterable[Observation], levels: int) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for what was observed, in order of years."""
    before: float | None = None
    for one in observations:
        blank: tuple[Cell, ...] = (None,) * (2 * levels)
        yield (series.id, one.period.year, "actual", "", one.value, *blank, growth(before, one.value), series.unit)
        before = one.value


def path_rows(
    series: Series, kind: str, model: str, path: Iterable[tuple[int, float, Sequence[Cell]]], before: float
) -> Iterator[tuple[Cell, ...]]:
    """The rows of the contract for a path: years with their values and bounds, after the last value observed."""
    for year, value, ends in path:
        yield (series.id, year, kind, model, value, *ends, growth(before, value), series.unit)
        before = value


def value_column(write: Amounts, key: str = "value", title: str = "Value", **more: Any) -> Column:
    """A column of amounts, whose title has the unit where people see a larger one than that of the data."""
    unit = f", {write.unit}" if write.factor != 1 else ""
    return Column(key, f"{title}{unit}", "number", write.places, factor=write.factor, **more)


def growth_column(key: str = "growth_pct", title: str = "Growth", **more: Any) -> Column:
    """A column of signed percentages."""
    return Column(key, title, "percent", 1, sign=True, **more)


def in_tables(write: Amounts, values: Iterable[float]) -> Amounts:
    """With as many decimals as the smallest of the values needs to show two digits."""
    sizes = [abs(value) / write.factor for value in values if value]
    if write.places is None or min(sizes, default=1.0) < 10 ** (1 - write.places):
        return write._replace(places=max(decimals(sizes), write.places or 0))
    return write


def growth(before: float | None, now: float | None) -> float | None:
    """Growth in percent, or None where it has no meaning or no number holds it."""
    if before is None or now is None or before <= 0:
        return None
    rate = 100 * (now / before - 1)
    return rate if isfinite(rate) else None


def shown_growth(before: float | None, now: float | None) -> float | None:
    """Growth for people, who see none across zero."""
    return None if now is not None and now < 0 else growth(before, now)


def published(figure: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """What a third party published, its qualifier before the number."""
    return f"{'' if figure.qualifier == '=' else figure.qualifier}{write._replace(places=None)(figure.value)}"


def ranged(figure: PublishedForecast, write: Amounts) -> str:
    """What a third party published, and the range given with it."""
    if figure.interval is None:
        return published(figure, write)
    low, high, level = figure.interval
    return f"{published(figure, write)} ({write(low)} to {write(high)}, {level} %)"


def subtitle(series: Series, *, brief: bool = False) -> str:
    """Definition, unit and publisher in one line; `brief` has one line of the definition and the unit alone."""
    if brief:
        definition = shorten(
            series.definition.partition("; ")[0].rstrip("."), BRIEF - len(series.unit), placeholder=" …"
        )
        return " · ".join(filter(None, (definition, series.unit)))
    parts = [series.definition, f"Unit: {series.unit}" if series.unit else "", series.publisher]
    return " · ".join(part.rstrip(".") for part in parts if part)


def bounds(lower: Iterable[float], upper: Iterable[float]) -> tuple[Cell, ...]:
    """Lower and upper bound of every level, as a row has them."""
    return tuple(bound for pair in zip(lower, upper, strict=True) for bound in pair)


def tabulated(items: Iterable[T], *fields: Field[T], title: str = "", caption: str = "") -> Table:
    """A table with a row for each item, declared as columns with what they show of it."""
    rows = tuple(tuple(cell(item) for _, cell in fields) for item in items)
    return Table(tuple(column for column, _ in fields), rows, title, caption)


def interval_fields(levels: Sequence[int], write: Amounts, ends: Callable[[T], Sequence[Cell]]) -> list[Field[T]]:
    """The columns of intervals with the bounds of an item, an empty sequence where it has none."""

    def bound(place: int) -> Callable[[T], Cell]:
        return lambda item: ends(item)[place] if ends(item) else None

    return [(column, bound(place)) for place, column in enumerate(interval_columns(levels, write))]


def last_bounds(given: ModelForecast) -> tuple[Cell, ...]:
    """The bounds of every level at the end of a path."""
    return bounds(given.lower[:, -1].tolist(), given.upper[:, -1].tolist()) if given.answers else ()


def last_value(given: ModelForecast) -> float | None:
    """The end of a path."""
    return float(given.values[-1]) if given.answers else None


def without(table: Table, *keys: str) -> Table:
    """A table without some columns."""
    kept = [place for place, column in enumerate(table.columns) if column.key not in keys]
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
