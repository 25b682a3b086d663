"""`scenario`: assumptions of a person beside the forecast, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Label, Picture
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.scenarios.scenario import Outcome, Scenario, Scenarios
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, in_unit
from rural_forecast.text.wording import Headline, capital, listed, written
from rural_forecast.views import chart, project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.project import in_sentences, in_tables
from rural_forecast.views.table import RangedRow

_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}
CHANGE = table.growth_column("change", "Change")
MOST_NAMED = 2  # further scenarios of a headline


def document(result: Scenarios, *, history: bool = False) -> Document:
    """Make the document of `scenario`; `history` adds actual and published rows of the contract."""
    base = result.baseline
    baseline = project.document(base, history=history, brief=True)
    several = len(result.outcomes) > 1
    first = _last_year(result) if several else _course(result, result.outcomes[0])
    stated = {outcome.scenario.name: _stated(outcome.scenario) for outcome in result.outcomes}
    return documented(
        "scenario",
        heading(result),
        Table(table.row_columns(base.levels), (*baseline.records.rows, *_records(result))),
        [first, *(_course(result, outcome, whole=True) for outcome in result.outcomes)],
        result.notes,
        base.history.series,
        about=baseline.about,
        brief="-f markdown",
        inputs=baseline.inputs,
        provenance=project.made_by(base, scenarios=stated),
    )


def _records(result: Scenarios) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract of each scenario."""
    base = result.baseline
    for outcome in result.outcomes:
        yield from table.path_rows(
            base.history.series,
            "scenario",
            outcome.scenario.name,
            base.years,
            outcome.path,
            base.history.last,
        )


def _stated(scenario: Scenario) -> dict[str, Any]:
    """Give what a scenario states, as a file of scenarios has it."""
    stated = {}
    for key in ("growth", "ceiling", "shock", "override", "range_level", "reason"):
        value = getattr(scenario, key)
        if isinstance(value, Mapping):
            value = dict(value)
        if value not in (None, "", {}):
            stated[key] = value
    return stated


def heading(result: Scenarios, write: Amounts | None = None) -> Headline:
    """Make the headline: what the first scenario comes to, then others and the forecast.

    A picture gives its own way to `write` amounts.
    """
    base = result.baseline
    write = write or in_sentences(base)
    index = base.headline
    outcome, *others = result.outcomes
    last = float(outcome.path.values[-1])
    claim = f"about {write.full(last)} in {base.target} under {_name(outcome)}"

    answers = [
        f"{_name(other)} gives {write(float(other.path.values[-1]))}"
        for other in others[:MOST_NAMED]
    ]
    answers.append(f"the forecast is {write(base.best.last)}")
    low = float(outcome.path.lower[index, -1])
    high = float(outcome.path.upper[index, -1])
    likely = ""
    if not isnan(low):
        least, most = write.of_range(last, low, high).bounds(low, high)
        likely = f"{words.odds(base.levels[index], least, most)}{in_unit(write.unit)}; "
    range_ = capital(f"{likely}{listed(answers)}.")
    return words.headline(title_of(base.history.series), claim, range_)


def _name(outcome: Outcome) -> str:
    """Name a scenario in a sentence."""
    return outcome.scenario.name.replace("_", " ")


def _course(result: Scenarios, outcome: Outcome, *, whole: bool = False) -> Table:
    """Tabulate a scenario year by year, next to the forecast.

    `whole` adds all its ranges, and what is assumed of each year.
    """
    base = result.baseline
    write = in_tables(base)
    rows = []
    for step, (year, value, ends) in enumerate(table.steps(base.years, outcome.path)):
        forecast = float(base.best.values[step])
        behind: tuple[Cell, ...] = (table.shown_growth(forecast, value),)
        if whole:
            behind = (*behind, _assumptions(outcome, step, year))
        row = RangedRow(
            year,
            value,
            ends,
            before=(forecast,),
            behind=behind,
            tone="strong" if year == base.target else "plain",
        )
        rows.append(row)
    return table.ranged(
        rows,
        Column("period", "Year", "year"),
        table.value_column(write, "Scenario"),
        base.levels,
        write,
        before=(table.value_column(write, "Forecast", "baseline"),),
        behind=(CHANGE, Column("assumed", "")) if whole else (CHANGE,),
        every=whole,
        title=outcome.scenario.name if whole else "",
    )


def _assumptions(outcome: Outcome, step: int, year: int) -> str:
    """Say what is assumed of a year."""
    assumptions = [_ASSUMED[outcome.path.assumed[step]]]
    shock = outcome.scenario.shock.get(year)
    if shock is not None:
        assumptions.append(f"shock of {written(shock)} %")
    return ", ".join(filter(None, assumptions))


def _last_year(result: Scenarios) -> Table:
    """Tabulate the forecast and each scenario in the last year."""
    base = result.baseline
    write = in_tables(base)
    *_, forecast = table.steps(base.years, base.best)
    rows = [RangedRow("forecast", forecast.value, forecast.ends)]
    for outcome in result.outcomes:
        *_, last = table.steps(base.years, outcome.path)
        change = table.shown_growth(forecast.value, last.value)
        rows.append(
            RangedRow(outcome.scenario.name, last.value, last.ends, "other", behind=(change,))
        )
    return table.ranged(
        rows,
        Column("scenario", "Scenario"),
        table.value_column(write, str(base.target)),
        base.levels,
        write,
        behind=(CHANGE,),
    )


def picture(result: Scenarios) -> Picture:
    """Draw the first scenario with the accent and its range; others are context."""
    base = result.baseline
    first, *others = result.outcomes
    write = chart.write_of(base)
    paths = [
        (_name(first), first.path.values),
        ("forecast", base.best.values),
        *((_name(other), other.path.values) for other in others),
    ]
    lines = []
    labels = []
    for rank, (name, path) in enumerate(paths):
        values = path.tolist()
        tone = MAIN + rank
        lines.append(chart.ahead(base, values, name, tone))
        labels.append(Label(values[-1], write(values[-1]), name, tone, strong=tone == MAIN))

    bands = []
    lower = first.path.lower[base.headline]
    upper = first.path.upper[base.headline]
    if not np.isnan(lower).any():
        bands.append(chart.band(base, base.levels[base.headline], lower, upper))
    plot = Course(
        lines=(chart.observed(base.history), *reversed(lines)),
        bands=tuple(bands),
        marks=tuple(chart.last_value(base.history, write)),
        labels=tuple(labels),
        origin=base.origin,
    )
    return chart.of_series(plot, write, heading(result, write), base.history.series)
