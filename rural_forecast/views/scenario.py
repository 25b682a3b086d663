"""`scenario` as a document: the rows of the contract; for people baseline, scenarios and difference side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Label, Line, Picture
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.scenarios.scenario import Outcome, ScenarioPath, Scenarios
from rural_forecast.text.headline import Headline, Writer, headline, odds
from rural_forecast.text.wording import capital, written
from rural_forecast.views import project, ranges
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.answer import in_sentences, in_tables
from rural_forecast.views.columns import (
    bounds,
    growth_column,
    interval_columns,
    path_rows,
    row_columns,
    shown_growth,
    steps,
    value_column,
)
from rural_forecast.views.drawing import (
    band,
    last_value,
    observed,
    of_series,
    path,
    tone,
    write_of,
)
from rural_forecast.views.notes import remarks

_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}


def document(result: Scenarios, *, history: bool = False) -> Document:
    """The whole answer of `scenario`; `history` adds actual and published rows to the machine rows."""
    baseline = project.document(result.baseline, history=history, brief=True)
    series = result.baseline.history.series
    title, likely = heading(result)
    return Document(
        command="scenario",
        records=Table(
            row_columns(result.baseline.levels),
            (*baseline.records.rows, *(row for outcome in result.outcomes for row in _rows(result, outcome))),
        ),
        title=title,
        about=baseline.about,
        summary=(likely,),
        sections=(
            _one(result) if len(result.outcomes) == 1 else _several(result),
            *(_course(result, outcome) for outcome in result.outcomes),
        ),
        brief="-f markdown",
        inputs=baseline.inputs,
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=project.made_by(result.baseline, scenarios=_stated(result)),
    )


def _stated(result: Scenarios) -> dict[str, dict[str, Any]]:
    """The assumptions of each scenario, by its name."""
    keys = ("growth", "ceiling", "shock", "override", "range_level", "reason")
    return {
        scenario.name: {
            key: dict(value) if isinstance(value, Mapping) else value
            for key in keys
            if (value := getattr(scenario, key)) not in (None, "", {})
        }
        for scenario in (outcome.scenario for outcome in result.outcomes)
    }


def heading(result: Scenarios, write: Writer | None = None) -> Headline:
    """The headline: what the scenario comes to, or between what several lie, and what the forecast is.

    `write` as for a forecast.
    """
    base = result.baseline
    write, place = write or in_sentences(base), base.headline
    title, year, level = title_of(base.history.series), base.target, base.levels[base.headline]
    if len(result.outcomes) > 1:
        ends = sorted(float(outcome.path.values[-1]) for outcome in result.outcomes)
        low, high = base.best.ends(place)
        theirs = f"The forecast is {write.full(base.best.last)}, {odds(level, write(low), write(high))}."
        return headline(title, f"{write(ends[0])} to {write.full(ends[-1])} in {year}, by scenario", theirs)
    (outcome,) = result.outcomes
    low, high = (float(side[place, -1]) for side in (outcome.path.lower, outcome.path.upper))
    value = float(outcome.path.values[-1])
    likely = "" if isnan(low) else f"{capital(odds(level, write(low), write.full(high)))}; "
    claim = f"about {write.full(value)} in {year} under {outcome.scenario.name.replace('_', ' ')}"
    return headline(title, claim, capital(f"{likely}the forecast is {write(base.best.last)}."))


def _one(result: Scenarios) -> Table:
    """A scenario year by year, next to the forecast."""
    base, (outcome,) = result.baseline, result.outcomes
    write, places = in_tables(base), ranges.shown_levels(base.levels)
    rows = []
    for step, (year, value, ends) in enumerate(steps(base.years, outcome.path)):
        ours = float(base.best.values[step])
        shown = tuple(ends[end] for place in places for end in (2 * place, 2 * place + 1))
        tone: Tone = "strong" if year == base.target else "plain"
        rows.append(ranges.Row(year, value, shown, "ours", (ours,), (shown_growth(ours, value),), tone))
    forecast = replace(ranges.amount_column(write, "Forecast", "baseline"), decimals=write.places, factor=write.factor)
    return ranges.table(
        rows,
        Column("period", "Year", "year"),
        ranges.amount_column(write, "Scenario"),
        [base.levels[place] for place in places],
        write,
        before=(forecast,),
        behind=(replace(growth_column("change", "Change"), decimals=1),),
    )


def _several(result: Scenarios) -> Table:
    """The last year of each scenario, next to the forecast."""
    base = result.baseline
    write, places = in_tables(base), ranges.shown_levels(base.levels)
    paths: list[tuple[str, ModelForecast | ScenarioPath]] = [("forecast", base.best)]
    paths += [(outcome.scenario.name, outcome.path) for outcome in result.outcomes]
    rows = []
    for name, given in paths:
        value, change = float(given.values[-1]), shown_growth(base.best.last, float(given.values[-1]))
        sides = ([float(side[place, -1]) for place in places] for side in (given.lower, given.upper))
        ends = bounds(*sides) if not isnan(float(given.lower[0, -1])) else ()
        ours = given is base.best
        rows.append(ranges.Row(name, value, ends, "ours" if ours else "other", behind=() if ours else (change,)))
    return ranges.table(
        rows,
        Column("scenario", "Scenario"),
        ranges.amount_column(write, str(base.target)),
        [base.levels[place] for place in places],
        write,
        behind=(replace(growth_column("change", "Change"), decimals=1),),
    )


def _rows(result: Scenarios, outcome: Outcome) -> Iterator[tuple[Cell, ...]]:
    history, path = result.baseline.history, steps(result.baseline.years, outcome.path)
    return path_rows(history.series, "scenario", outcome.scenario.name, path, history.last)


def _course(result: Scenarios, outcome: Outcome) -> Table:
    """A scenario with all its intervals and what is assumed of each year."""
    write = in_tables(result.baseline)
    amounts_shown = (value_column(write), *interval_columns(result.baseline.levels, write), growth_column())
    columns = (Column("period", "Year", "year"), *amounts_shown, Column("assumed", ""))
    years = enumerate(zip(result.baseline.years, _rows(result, outcome), strict=True))
    rows = tuple((row[1], *row[4:-1], _assumed(outcome, year, step)) for step, (year, row) in years)
    return Table(columns, rows, title=outcome.scenario.name)


def _assumed(outcome: Outcome, year: int, step: int) -> str:
    shock = outcome.scenario.shock.get(year)
    parts = (_ASSUMED[outcome.path.assumed[step]], f"shock of {written(shock)} %" if shock is not None else "")
    return ", ".join(filter(None, parts))


def picture(result: Scenarios) -> Picture:
    """The first scenario has the accent and its range; the forecast and other scenarios are context."""
    base, (first, *others) = result.baseline, result.outcomes
    series, write = base.history.series, write_of(base)
    lines = [observed(base.history)]
    ends = [(_named(first), MAIN, first.path.values.tolist())]
    ends += [("forecast", tone(1), base.best.values.tolist())]
    ends += [(_named(one), tone(at), one.path.values.tolist()) for at, one in enumerate(others, 2)]
    lines += [Line(name, *path(base, values), ink, "dashed") for name, ink, values in reversed(ends)]
    place = base.headline
    ranged = not np.isnan(first.path.lower).any()
    labels = [Label(values[-1], write(values[-1]), name, ink, strong=ink == MAIN) for name, ink, values in ends]
    interval = (band(base, place, "", MAIN, first.path),) if ranged else ()
    plot = Course(tuple(lines), interval, tuple(last_value(base.history, write)), tuple(labels), base.origin)
    head = heading(result, write)
    return of_series(plot, write, head.text, series, subtitle=head.subtitle)


def _named(outcome: Outcome) -> str:
    return outcome.scenario.name.replace("_", " ")
