"""`precedents`: real histories like a series; and the evidence for a forecast: what such series
did, and the models.
"""

import re
from collections.abc import Sequence
from math import exp
from textwrap import shorten
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Band, Course, Label, Line, Picture
from rural_forecast.document.table import Cell, Column, Document, Span, Table
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.evidence import SHARES, Like, corpus_record, series_like
from rural_forecast.forecasting.precedents import MOST, Precedents, of_forecast, percents
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array
from rural_forecast.notes import Note, of_code
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import Headline, capital, counted, headline
from rural_forecast.views import project
from rural_forecast.views.about import about, documented, provenance, title_of
from rural_forecast.views.chart import CREDIT, of_series
from rural_forecast.views.table import (
    annual,
    growth_column,
    keyed,
    share_column,
    shown_growth,
    tabulated,
)

COLUMNS = keyed(
    "series_id rank:integer precedent source from_period:year to_period:year distance:number horizon:integer "
    "growth_pct:percent"
)
SHOWN = 8
MOST_YEARS = 6
NOTHING_ALIKE = "The corpus holds positive series of two points or more; of a series like this one it knows nothing."
_CLAUSE = r",| and | n\.e\.c\."
_LONGEST = 28
"""End of the first clause of what a history counts, and characters of it in a picture: its place is
more telling.
"""


def document(result: Precedents) -> Document:
    """Everything `precedents` says."""
    forecast, history, rows = result.forecast, result.forecast.history, []
    for rank, one in enumerate(result.nearest, 1):
        own = (
            history.series.id,
            rank,
            one.name,
            one.source,
            one.from_year,
            one.to_year,
            one.distance,
        )
        rows += [(*own, horizon, growth) for horizon, growth in enumerate(percents(one.after), 1)]
    made = provenance(history, kind=result.kind, target=forecast.target, windows=result.windows)
    sections = [table(result), *project.markets(forecast)]
    notes = [*of_code(forecast.notes, "led", "no_leader"), *history.notes]
    said = (
        [f"From {result.windows:,} windows of real histories: {_sources(result)}."]
        if result.nearest
        else []
    )
    more: dict[str, Any] = {"said": said, "figures": project.figures(forecast), "provenance": made}
    records = Table(COLUMNS, tuple(rows))
    return documented(
        "precedents",
        heading(result),
        records,
        sections,
        notes,
        history.series,
        brief="-f markdown",
        **more,
    )


def heading(result: Precedents) -> Headline:
    """The headline: how many histories grew faster than the forecast; and how fast half of them
    grew.
    """
    forecast = result.forecast
    count = len(result.nearest)
    title = title_of(forecast.history.series)
    if not count:
        return headline(title, "no history of this kind is long enough")
    own = np.log(forecast.best.values[-1] / forecast.history.last)
    more = sum(sum(one.after) > own for one in result.nearest)
    grew = f"{more} of {count}" if 2 * more >= count else f"{count - more} of {count}"
    claim = f"{grew} similar histories grew {'faster' if 2 * more >= count else 'slower'}"
    low, high = (percent(result.pace(share)[-1], "+,.0f") for share in (0.25, 0.75))
    half = f"Half of them grew {low} to {high} a year" if count > 1 else f"It grew {low} a year"
    return headline(
        title, claim, f"{half}; the forecast grows {percent(_own_pace(result), '+,.0f')}."
    )


def _own_pace(result: Precedents) -> float:
    changes = np.diff(np.log([result.forecast.history.last, *result.forecast.best.values]))
    return percents([changes.mean()])[0]


def table(result: Precedents, title: str = "") -> Table:
    """The growth a year of the forecast and of each history, from the year that each goes on from."""
    rows = [("this forecast", result.forecast.origin, _own_pace(result))]
    rows += [(one.name, one.to_year, percents([np.mean(one.after)])[0]) for one in result.nearest]
    columns = (
        Column("precedent", "History"),
        Column("from", "From", "year"),
        growth_column("pace", "A year", 0),
    )
    return Table(
        columns,
        tuple(rows),
        title and f"{title}: {_sources(result)}",
        tones=tuple("plain" if at else "strong" for at in range(len(rows))),
        spans=tuple(
            Span(pace, sign="observed" if at else "ours") for at, (*_, pace) in enumerate(rows)
        ),
        span_unit=" %",
    )


def _sources(result: Precedents) -> str:
    return ", ".join(dict.fromkeys(precedent.source for precedent in result.nearest))


def picture(result: Precedents) -> Picture:
    """Each history from the end of its window on, from 100 on, and the forecast with its range."""
    forecast = result.forecast
    nearest = result.nearest[:SHOWN]
    if not nearest or forecast.history.last <= 0:
        raise UsageError(
            "No history is like this series, so there is no picture.", "Leave --kind out."
        )
    steps = len(nearest[0].after)
    xs = tuple(float(step) for step in range(steps + 1))
    write = Amounts("", 0)
    lines = []
    labels = []
    for precedent in nearest:
        ys = tuple(100 * exp(min(sum(precedent.after[:step]), MOST)) for step in range(steps + 1))
        lines.append(Line("", xs, ys, 4, dots=False))
        what, _, where = precedent.name.rpartition(", ")
        what = (
            f"{capital(shorten(re.split(_CLAUSE, what)[0], _LONGEST, placeholder=''))}, "
            if what
            else ""
        )
        labels.append(Label(ys[-1], write(ys[-1]), f"{what}{where}, {precedent.to_year}", 2))
    best = forecast.best
    place = forecast.headline
    own, lower, upper = (
        (100.0, *(100 * values[:steps] / forecast.history.last).tolist())
        for values in (best.values, best.lower[place], best.upper[place])
    )
    level = forecast.levels[place]
    lines.append(Line("forecast", xs, own, MAIN, "dashed"))
    labels.append(Label(own[-1], write(own[-1]), "our forecast", MAIN, strong=True))
    return of_series(
        Course(
            tuple(lines), (Band("", xs, lower, upper, level),), labels=tuple(labels), origin=0.0
        ),
        write,
        heading(result),
        forecast.history.series,
        about=f"Last known year = 100, and {counted(steps, 'year')} on. Shaded: our {level} % range",
        source=f"Sources: {_sources(result)}. {CREDIT}",
        logarithmic=True,
    )


def explained(document: Document, result: Forecast) -> Document:
    """The document of a forecast with its evidence: sections for people, a sentence in the notes
    for machines.
    """
    history = result.history
    horizon = len(result.years)
    like = series_like(history.values, horizon)
    most = whole_of_rate(history)
    # A share near its bound cannot grow as fast as similar series did.
    if like and like.furthest and most is not None:
        fastest = 1 + (like.furthest.growth_pct or (0.0,))[-1] / 100
        like = like if history.last * fastest**like.furthest.horizon <= most else None
    years = result.years[:MOST_YEARS]
    columns = (Column("model", "Member"), *(share_column(str(year), str(year)) for year in years))
    ranked = sorted(result.weights.items(), key=lambda entry: -entry[1][-1])
    weights: list[tuple[Cell, ...]] = [(name, *of[: len(years)]) for name, of in ranked]
    alike = of_forecast(result, kind=result.limits.kind)
    added = (
        Table(columns, tuple(weights), title="Weights in the consensus"),
        *project.markets(result),
        *((_next(like, result),) if like else ()),
        *(
            (table(alike, "Real histories most like this one, and what they did next"),)
            if alike
            else ()
        ),
        *record_by_horizon(history.values, horizon, list(result.weights)),
    )
    notes = (Note("reference_class", _sentence(like) if like else NOTHING_ALIKE), *document.notes)
    return document._replace(
        sections=(*document.sections, *added), notes=notes, about=about(history.series), brief=""
    )


def _sentence(like: Like) -> str:
    """The reference class in one sentence, at the last horizon it is known for."""
    step = like.furthest
    kind = f"{like.length}, {like.growth}, {like.dispersion}"
    if step is None or step.growth_pct is None:
        return f"Series like this one ({kind}): fewer than twenty in the corpus, so no reference class is shown."
    ahead, (low, first, middle, third, high) = (
        counted(step.horizon, "year"),
        map(percent, step.growth_pct),
    )
    return (
        f"{step.series:,} series of the corpus were like this one ({kind}). Within {ahead} they grew by "
        f"{middle} a year in the middle; half of them between {first} and {third}, "
        f"eighty in a hundred between {low} and {high}."
    )


def _next(like: Like, result: Forecast) -> Table:
    origin = result.history.last
    rows = []
    for step in like.next:
        value = float(result.best.values[step.horizon - 1])
        ours = annual(origin, value, step.horizon) or shown_growth(origin, value)
        rows.append((step.horizon, step.series, *(step.growth_pct or (None,) * len(SHARES)), ours))
    shares = (growth_column(f"q{share:g}", f"{100 * share:.0f} %") for share in SHARES)
    about = Column("horizon", "Years ahead", "integer"), Column("series", "Series", "integer")
    title = f"What series like this one did next, growth a year ({like.length}, {like.growth}, {like.dispersion})"
    return Table((*about, *shares, growth_column("ours", "Ours")), tuple(rows), title)


def record_by_horizon(values: Array, horizon: int, models: Sequence[str]) -> list[Table]:
    """How the models fared on series of like length and growth, others than the consensus at the
    last horizon.
    """
    asked = [("consensus", step) for step in range(1, horizon + 1)]
    asked += [(model, horizon) for model in dict.fromkeys(models) if model != "consensus"]
    records = [record for model, step in asked if (record := corpus_record(values, model, step))]
    made = tabulated(
        records,
        Column("model", "Model"),
        Column("horizon", "Years ahead", "integer"),
        Column("windows", "Forecasts", "integer"),
        Column("smape", "sMAPE", "number", 1),
        Column("naive_smape", "Naive sMAPE", "number", 1),
        share_column("coverage_80", "Coverage 80 %"),
        share_column("coverage_95", "Coverage 95 %"),
        title="Record on similar series",
    )
    made = made._replace(
        tones=tuple("strong" if record.model == "consensus" else "plain" for record in records)
    )
    return [made] if records else []
