"""`precedents`: real histories like a series; and the evidence for a forecast: what such series
did, and the models.
"""

import re
from collections.abc import Iterator, Sequence
from math import exp
from textwrap import shorten

import numpy as np

from rural_forecast.document.picture import MAIN, Band, Course, Label, Line, Picture
from rural_forecast.document.table import Cell, Column, Document, Span, Table, Tone
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.evidence import (
    SHARES,
    Like,
    TrackRecord,
    corpus_record,
    series_like,
    subject_record,
)
from rural_forecast.forecasting.precedents import (
    MOST,
    Precedent,
    Precedents,
    of_forecast,
    percents,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array
from rural_forecast.notes import Note, of_code
from rural_forecast.observed.observation import MARKET_KINDS
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import Headline, capital, counted, headline, without_empty_end
from rural_forecast.views import attribution, others, premises, recorded
from rural_forecast.views.about import about, documented, inputs, provenance, used
from rural_forecast.views.lines import of_series, write_of
from rural_forecast.views.names import title_of
from rural_forecast.views.table import (
    annual,
    growth_column,
    keyed,
    share_column,
    shown_growth,
    tabulated,
)

COLUMNS = keyed(
    "series_id rank:integer precedent source from_period:year to_period:year distance:number "
    "horizon:integer growth_pct:percent"
)
SHOWN = 8  # histories drawn
MOST_YEARS = 6  # of the table of weights
NOTHING_ALIKE = (
    "The corpus holds positive series of two points or more; of a series like this one it knows "
    "nothing."
)
_CLAUSE = r",| and | n\.e\.c\."
_LONGEST = 28
"""End of the first clause of what a history counts, and characters of it in a picture: its place is
more telling.
"""
_WHOLE_PERCENT = "+,.0f"
_OTHERS = 4  # tone of the lines of histories
_OTHERS_LABEL = 2  # tone of their names, which has to be read


def document(result: Precedents) -> Document:
    """Make the document of `precedents`."""
    forecast = result.forecast
    history = forecast.history
    sentences = []
    if result.nearest:
        first = f", those of {result.first} first" if result.first else ""
        windows = f"{result.windows:,} windows of real histories{first}"
        sentences = [f"From {windows}: {_sources(result)}."]
    return documented(
        "precedents",
        heading(result),
        Table(COLUMNS, tuple(_records(result))),
        [table(result), *others.markets(forecast)],
        [*of_code(forecast.notes, "led", "no_leader"), *history.notes],
        history.series,
        sentences=sentences,
        brief="-f markdown",
        observed=lambda: inputs(used(history)),
        figures=recorded.figures(forecast),
        provenance=provenance(
            history, kind=result.kind, target=forecast.target, windows=result.windows
        ),
    )


def _records(result: Precedents) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract: one a history and year after it."""
    series_id = result.forecast.history.series.id
    for rank, precedent in enumerate(result.nearest, 1):
        for horizon, growth in enumerate(percents(precedent.after), 1):
            yield (
                series_id,
                rank,
                precedent.name,
                precedent.source,
                precedent.from_year,
                precedent.to_year,
                precedent.distance,
                horizon,
                growth,
            )


def heading(result: Precedents) -> Headline:
    """Make the headline: how many histories grew faster than the forecast, or slower."""
    forecast = result.forecast
    count = len(result.nearest)
    title = title_of(forecast.history.series)
    if not count:
        return headline(title, "no history of this kind is long enough")
    own = np.log(forecast.best.values[-1] / forecast.history.last)
    faster = sum(sum(precedent.after) > own for precedent in result.nearest)
    if 2 * faster >= count:
        claim = f"{faster} of {count} similar histories grew faster"
    else:
        claim = f"{count - faster} of {count} similar histories grew slower"

    low, high = (percent(result.pace(share)[-1], _WHOLE_PERCENT) for share in (0.25, 0.75))
    half = f"Half of them grew {low} to {high} a year" if count > 1 else f"It grew {low} a year"
    pace = percent(_own_pace(result), _WHOLE_PERCENT)
    return headline(title, claim, f"{half}; the forecast grows {pace}.")


def _own_pace(result: Precedents) -> float:
    """Compute the growth a year of the forecast in percent, as that of histories is computed."""
    changes = np.diff(np.log([result.forecast.history.last, *result.forecast.best.values]))
    return percents([changes.mean()])[0]


def table(result: Precedents, title: str = "") -> Table:
    """Tabulate growth a year of the forecast and of each history, from the year it goes on from."""
    rows = [("this forecast", result.forecast.origin, _own_pace(result))]
    tones: list[Tone] = ["strong"]
    spans = [Span(_own_pace(result), sign="ours")]
    for precedent in result.nearest:
        pace = percents([np.mean(precedent.after)])[0]
        rows.append((precedent.name, precedent.to_year, pace))
        tones.append("plain")
        spans.append(Span(pace, sign="observed"))
    columns = (
        Column("precedent", "History"),
        Column("from", "From", "year"),
        growth_column("pace", "A year", 0),
    )
    return Table(
        columns,
        tuple(rows),
        f"{title}: {_sources(result)}" if title else "",
        tones=tuple(tones),
        spans=tuple(spans),
        span_unit=" %",
    )


def _sources(result: Precedents) -> str:
    """Name the sources of the histories, each once."""
    return ", ".join(dict.fromkeys(precedent.source for precedent in result.nearest))


def picture(result: Precedents) -> Picture:
    """Draw each history from the end of its window, set to 100, and the forecast with its range."""
    forecast = result.forecast
    nearest = result.nearest[:SHOWN]
    if not nearest or forecast.history.last <= 0:
        problem = "No history is like this series, so there is no picture."
        raise UsageError(problem, f"Leave {option('kind')} out.")
    steps = len(nearest[0].after)
    xs = tuple(float(step) for step in range(steps + 1))
    write = Amounts("", 0)
    lines = []
    labels = []
    for precedent in nearest:
        ys = tuple(100 * exp(min(sum(precedent.after[:step]), MOST)) for step in range(steps + 1))
        lines.append(Line("", xs, ys, _OTHERS, dots=False))
        pace = percent(percents([np.mean(precedent.after)])[0], _WHOLE_PERCENT)
        labels.append(Label(ys[-1], pace, _short_name(precedent), _OTHERS_LABEL))

    best = forecast.best
    index = forecast.headline
    level = forecast.levels[index]
    own, lower, upper = (
        (100.0, *(100 * values[:steps] / forecast.history.last).tolist())
        for values in (best.values, best.lower[index], best.upper[index])
    )
    lines.append(Line("forecast", xs, own, MAIN, "dashed"))
    own_pace = percent(_own_pace(result), _WHOLE_PERCENT)
    labels.append(Label(own[-1], own_pace, "our forecast", MAIN, strong=True))
    ahead = counted(steps, "year")
    return of_series(
        Course(
            tuple(lines),
            (Band("", xs, lower, upper, level),),
            labels=tuple(labels),
            origin=0.0,
        ),
        write,
        heading(result),
        forecast.history.series,
        about=(
            f"Last known year = 100, then {ahead}; at the end, growth a year. "
            f"Shaded: our {level} % range"
        ),
        source=attribution.line(
            (*attribution.of_forecasts(forecast), *(one.source for one in result.nearest))
        ),
        premise=" ".join(premises.of_forecast(forecast, write_of(forecast))),
        logarithmic=True,
    )


def _short_name(precedent: Precedent) -> str:
    """Name a history in a picture: the first words of what it counts, its place and year."""
    what, _, where = precedent.name.rpartition(", ")
    name = f"{where}, {precedent.to_year}"
    if not what:
        return name
    first = shorten(re.split(_CLAUSE, what)[0], _LONGEST, placeholder="")
    return f"{capital(without_empty_end(first))}, {name}"


def explained(document: Document, result: Forecast) -> Document:
    """Add its evidence to the document of a forecast.

    People get sections; machines get a sentence on the reference class among the notes.
    """
    history = result.history
    like = _reference_class(result)
    sections = [*document.sections, _weights(result), *others.markets(result)]
    if like:
        sections.append(_next(like, result))
    alike = of_forecast(result)
    if alike:
        title = "Real histories most like this one, and what they did next"
        sections.append(table(alike, title))
    sections += record_by_horizon(
        history.evidence, len(result.years), list(result.weights), result.limits.kind
    )

    note = Note("reference_class", _sentence(like) if like else NOTHING_ALIKE)
    return document._replace(
        sections=tuple(sections),
        notes=(note, *document.notes),
        about=about(history.series),
        brief="",
    )


def _reference_class(result: Forecast) -> Like | None:
    """Look up series of the corpus like this one; None without one whose growth it could have."""
    history = result.history
    like = series_like(history.evidence, len(result.years))
    most = whole_of_rate(history)
    if like is None or like.furthest is None or most is None:
        return like
    # A share near its bound cannot grow as fast as similar series did.
    fastest = 1 + (like.furthest.growth_pct or (0.0,))[-1] / 100
    return like if history.last * fastest**like.furthest.horizon <= most else None


def _weights(result: Forecast) -> Table:
    """Tabulate the weights of the members by year, the heaviest of the last year first."""
    years = result.years[:MOST_YEARS]
    columns = (Column("model", "Member"), *(share_column(str(year), str(year)) for year in years))
    ranked = sorted(result.weights.items(), key=lambda entry: -entry[1][-1])
    rows: list[tuple[Cell, ...]] = [(name, *weights[: len(years)]) for name, weights in ranked]
    return Table(columns, tuple(rows), title="Weights in the consensus")


def _sentence(like: Like) -> str:
    """Describe the reference class in one sentence, at the last horizon that it is known for."""
    step = like.furthest
    kind = f"{like.length}, {like.growth}, {like.dispersion}"
    if step is None or step.growth_pct is None:
        return (
            f"Series like this one ({kind}): fewer than twenty in the corpus, so no reference "
            "class is shown."
        )
    ahead = counted(step.horizon, "year")
    low, first, middle, third, high = map(percent, step.growth_pct)
    return (
        f"{step.series:,} series of the corpus were like this one ({kind}). Within {ahead} they "
        f"grew by {middle} a year in the middle; half of them between {first} and {third}, "
        f"eighty in a hundred between {low} and {high}."
    )


def _next(like: Like, result: Forecast) -> Table:
    """Tabulate the growth of similar series by horizon, beside that of the forecast."""
    origin = result.history.last
    rows = []
    for step in like.next:
        value = float(result.best.values[step.horizon - 1])
        ours = annual(origin, value, step.horizon) or shown_growth(origin, value)
        quantiles = step.growth_pct or (None,) * len(SHARES)
        rows.append((step.horizon, step.series, *quantiles, ours))
    columns = (
        Column("horizon", "Years ahead", "integer"),
        Column("series", "Series", "integer"),
        *(growth_column(f"q{share:g}", f"{100 * share:.0f} %") for share in SHARES),
        growth_column("ours", "Ours"),
    )
    kind = f"{like.length}, {like.growth}, {like.dispersion}"
    return Table(
        columns,
        tuple(rows),
        f"What series like this one did next, growth a year ({kind})",
    )


def record_by_horizon(
    values: Array, horizon: int, models: Sequence[str], subject: str | None = None
) -> list[Table]:
    """Tabulate how models fared on series of like length and growth; empty without a record.

    The consensus has each horizon, others the last one. With a subject, the record on series about
    it comes first; other models have none, as a subject moves the consensus alone.
    """
    steps = range(1, horizon + 1)
    tables = []
    title = "Record on similar series"
    if subject:
        about_it = [subject_record(values, subject, step) for step in steps]
        tables += _tabulated([record for record in about_it if record], subject_title(subject))
        title = f"{title} of every subject"
    asked = [("consensus", step) for step in steps]
    asked += [(model, horizon) for model in dict.fromkeys(models) if model != "consensus"]
    every = [corpus_record(values, model, step) for model, step in asked]
    return tables + _tabulated([record for record in every if record], title)


def subject_title(subject: str) -> str:
    """Name the record on series about a subject."""
    return f"Record on similar series: {MARKET_KINDS[subject]}"


def _tabulated(records: Sequence[TrackRecord], title: str) -> list[Table]:
    """Tabulate records; no table without one."""
    if not records:
        return []
    records_table = tabulated(
        records,
        Column("model", "Model"),
        Column("horizon", "Years ahead", "integer"),
        Column("windows", "Forecasts", "integer"),
        Column("smape", "sMAPE", "number", 1),
        Column("naive_smape", "Naive sMAPE", "number", 1),
        share_column("coverage_80", "Coverage 80 %"),
        share_column("coverage_95", "Coverage 95 %"),
        title=title,
    )
    tones: tuple[Tone, ...] = tuple(
        "strong" if record.model == "consensus" else "plain" for record in records
    )
    return [records_table._replace(tones=tones)]
