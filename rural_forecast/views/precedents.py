"""`precedents`: a row a precedent and year; for people a row a precedent, next to the forecast."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import exp
from textwrap import shorten
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Band, Course, Label, Line, Picture
from rural_forecast.document.table import Cell, Column, Document, Span, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.precedents import MOST, Precedents, percents
from rural_forecast.text.headline import Headline, headline
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import capital, counted
from rural_forecast.views import project
from rural_forecast.views.about import documented, provenance, title_of
from rural_forecast.views.drawing import CREDIT, of_series
from rural_forecast.views.table import growth_column, keyed

COLUMNS = keyed(
    "series_id rank:integer precedent source from_period:year to_period:year distance:number horizon:integer "
    "growth_pct:percent"
)
LED = ("led", "no_leader")
SHOWN = 8
_CLAUSE, _LONGEST = r",| and | n\.e\.c\.", 28
"""End of the first clause of what a history counts, and characters of it in a picture: its place is more telling."""


def document(result: Precedents) -> Document:
    """Everything `precedents` says."""
    forecast, history = result.forecast, result.forecast.history
    made = provenance(history, kind=result.kind, target=forecast.target, windows=result.windows)
    sections = [table(result), *project.markets(forecast)]
    notes = [*(note for note in forecast.notes if note.code in LED), *history.notes]
    said = [f"From {result.windows:,} windows of real histories: {_sources(result)}."] if result.nearest else []
    more: dict[str, Any] = {"said": said, "figures": project.figures(forecast), "provenance": made}
    head, records = heading(result), Table(COLUMNS, tuple(_records(result)))
    return documented("precedents", head, records, sections, notes, history.series, brief="-f markdown", **more)


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
    columns = Column("precedent", "History"), Column("from", "From", "year"), growth_column("pace", "A year", 0)
    return Table(
        columns,
        tuple(rows),
        title and f"{title}: {_sources(result)}",
        tones=tuple("plain" if at else "strong" for at in range(len(rows))),
        spans=tuple(Span(pace, sign="observed" if at else "ours") for at, (*_, pace) in enumerate(rows)),
        span_unit=" %",
    )


def _sources(result: Precedents) -> str:
    return ", ".join(dict.fromkeys(precedent.source for precedent in result.nearest))


def faster(result: Precedents, what: str = "") -> str:
    """How many precedents grew faster than the forecast, or slower where most did."""
    own = np.log(result.forecast.best.values[-1] / result.forecast.history.values[-1])
    more, count = sum(sum(one.after) > own for one in result.nearest), len(result.nearest)
    of = f"of {count} {what}".rstrip()
    return f"{more} {of} grew faster" if 2 * more >= count else f"{count - more} {of} grew slower"


def picture(result: Precedents) -> Picture:
    """Each history from the end of its window on, from 100 on, and the forecast with its range.

    Raises UsageError if no history is like the series.
    """
    forecast, nearest = result.forecast, result.nearest[:SHOWN]
    if not nearest or forecast.history.last <= 0:
        raise UsageError("No history is like this series, so there is no picture.", "Leave --kind out.")
    steps = len(nearest[0].after)
    xs, write = tuple(float(step) for step in range(steps + 1)), Amounts("", 0)
    lines, labels = [], []
    for precedent in nearest:
        ys = tuple(100 * exp(min(sum(precedent.after[:step]), MOST)) for step in range(steps + 1))
        lines.append(Line("", xs, ys, 4, dots=False))
        what, _, where = precedent.name.rpartition(", ")
        what = f"{capital(shorten(re.split(_CLAUSE, what)[0], _LONGEST, placeholder=''))}, " if what else ""
        labels.append(Label(ys[-1], write(ys[-1]), f"{what}{where}, {precedent.to_year}", 2))
    best, place = forecast.best, forecast.headline

    def indexed(values: np.ndarray) -> tuple[float, ...]:
        return (100.0, *(100 * values[:steps] / forecast.history.last).tolist())

    own, level = indexed(best.values), forecast.levels[place]
    band = Band("", xs, indexed(best.lower[place]), indexed(best.upper[place]), level)
    lines.append(Line("forecast", xs, own, MAIN, "dashed"))
    labels.append(Label(own[-1], write(own[-1]), "our forecast", MAIN, strong=True))
    return of_series(
        Course(tuple(lines), (band,), labels=tuple(labels), origin=0.0),
        write,
        heading(result),
        forecast.history.series,
        about=f"Last known year = 100, and {counted(steps, 'year')} on. Shaded: our {level} % range",
        source=f"Sources: {_sources(result)}. {CREDIT}",
        logarithmic=True,
    )
