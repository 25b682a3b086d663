"""`precedents` as a document: a row a precedent and year; for people a row a precedent, next to the forecast."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from rural_forecast.document.table import Cell, Column, Document, Span, Table
from rural_forecast.forecasting.precedents import Precedents, percents
from rural_forecast.text.headline import Headline, headline
from rural_forecast.text.numbers import percent
from rural_forecast.views import markets
from rural_forecast.views.about import about_series, provenance, title_of
from rural_forecast.views.columns import growth_column
from rural_forecast.views.notes import remarks

COLUMNS = (
    Column("series_id"),
    Column("rank", kind="integer"),
    Column("precedent"),
    Column("source"),
    Column("from_period", kind="year"),
    Column("to_period", kind="year"),
    Column("distance", kind="number"),
    Column("horizon", kind="integer"),
    Column("growth_pct", kind="percent"),
)
LED = ("led", "no_leader")


def document(result: Precedents) -> Document:
    """Everything `precedents` says."""
    history = result.forecast.history
    series = history.series
    title, likely = heading(result)
    return Document(
        command="precedents",
        records=Table(COLUMNS, tuple(_records(result))),
        title=title,
        summary=(likely,),
        sections=(
            table(result),
            *markets.tables(result.forecast),
        ),
        figures=markets.figures(result.forecast),
        brief="-f markdown",
        notes=remarks([*(note for note in result.forecast.notes if note.code in LED), *history.notes]),
        series=(about_series(series),),
        provenance=provenance(history, kind=result.kind, target=result.forecast.target, windows=result.windows),
    )


def _records(result: Precedents) -> Iterable[tuple[Cell, ...]]:
    for rank, precedent in enumerate(result.nearest, 1):
        about = (precedent.name, precedent.source, precedent.from_year, precedent.to_year, precedent.distance)
        for horizon, growth in enumerate(percents(precedent.after), 1):
            yield (result.forecast.history.series.id, rank, *about, horizon, growth)


def heading(result: Precedents) -> Headline:
    """The headline: how many histories grew faster than the forecast; and how fast half of them grew."""
    title = title_of(result.forecast.history.series)
    if not result.nearest:
        return headline(title, "no history of this kind is long enough")
    low, high = (percent(result.pace(share)[-1], "+,.0f") for share in (0.25, 0.75))
    half = f"Half of them grew {low} to {high} a year" if len(result.nearest) > 1 else f"It grew {low} a year"
    ours = percent(_own_pace(result), "+,.0f")
    return headline(title, f"{faster(result, 'similar histories')}", f"{half}; the forecast grows {ours}.")


def _own_pace(result: Precedents) -> float:
    """Growth a year of the forecast, in percent."""
    changes = np.diff(np.log([result.forecast.history.last, *result.forecast.best.values]))
    return percents([changes.mean()])[0]


def table(result: Precedents, title: str = "") -> Table:
    """The growth a year of the forecast and of each history, from the year that each goes on from."""
    rows = [("this forecast", result.forecast.origin, _own_pace(result))]
    rows += [(one.name, one.to_year, percents([np.mean(one.after)])[0]) for one in result.nearest]
    columns = (
        Column("precedent", "History"),
        Column("from", "From", "year"),
        replace(growth_column("pace", "A year"), decimals=0),
    )
    sources = ", ".join(dict.fromkeys(precedent.source for precedent in result.nearest))
    return Table(
        columns,
        tuple(rows),
        title,
        f"{result.windows:,} stretches of real histories were compared. Sources: {sources}." if sources else "",
        tones=tuple("plain" if at else "strong" for at in range(len(rows))),
        spans=tuple(Span(pace, sign="observed" if at else "ours") for at, (*_, pace) in enumerate(rows)),
        span_unit=" %",
    )


def count_faster(result: Precedents) -> int:
    """Precedents that grew faster than the forecast."""
    own = np.log(result.forecast.best.values[-1] / result.forecast.history.values[-1])
    return sum(sum(one.after) > own for one in result.nearest)


def faster(result: Precedents, what: str = "") -> str:
    """How many precedents grew faster than the forecast, or slower where most did."""
    more, count = count_faster(result), len(result.nearest)
    of = f"of {count} {what}".rstrip()
    return f"{more} {of} grew faster" if 2 * more >= count else f"{count - more} {of} grew slower"
