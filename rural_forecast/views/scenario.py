"""`scenario`: assumptions of a person beside the forecast, year by year."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Label, Picture
from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import Headline, capital, listed, written
from rural_forecast.views import chart, project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.project import in_sentences, in_tables

_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}
CHANGE = table.growth_column("change", "Change")
MOST_NAMED = 2  # further scenarios of a headline


def document(result: Scenarios, *, history: bool = False) -> Document:
    """The whole answer of `scenario`; `history` adds actual and published rows to the machine rows."""
    base = result.baseline
    baseline = project.document(result.baseline, history=history, brief=True)
    series = base.history.series
    rows = [*baseline.records.rows]
    stated = {}
    keys = ("growth", "ceiling", "shock", "override", "range_level", "reason")
    for scenario, path in result.outcomes:
        rows += table.path_rows(
            series, "scenario", scenario.name, base.years, path, base.history.last
        )
        values = {key: getattr(scenario, key) for key in keys}
        plain = {
            key: dict(value) if isinstance(value, Mapping) else value
            for key, value in values.items()
        }
        stated[scenario.name] = {
            key: value for key, value in plain.items() if value not in (None, "", {})
        }
    first = _several(result) if len(result.outcomes) > 1 else _course(result, result.outcomes[0])
    return documented(
        "scenario",
        heading(result),
        Table(table.row_columns(base.levels), tuple(rows)),
        [first, *(_course(result, outcome, whole=True) for outcome in result.outcomes)],
        result.notes,
        series,
        about=baseline.about,
        brief="-f markdown",
        inputs=baseline.inputs,
        provenance=project.made_by(base, scenarios=stated),
    )


def heading(result: Scenarios, write: Amounts | None = None) -> Headline:
    """The headline: what the first scenario comes to; what others and the forecast do. `write` as
    for a forecast.
    """
    base = result.baseline
    write = write or in_sentences(base)
    place = base.headline
    title = title_of(base.history.series)
    year = base.target
    level = base.levels[place]
    outcome, *others = result.outcomes
    low, high = (float(side[place, -1]) for side in (outcome.path.lower, outcome.path.upper))
    likely = "" if isnan(low) else f"{words.odds(level, write(low), write.full(high))}; "
    claim = f"about {write.full(float(outcome.path.values[-1]))} in {year} under {_name(outcome)}"
    rest = [
        f"{_name(other)} gives {write(float(other.path.values[-1]))}"
        for other in others[:MOST_NAMED]
    ]
    return words.headline(
        title,
        claim,
        capital(f"{likely}{listed([*rest, f'the forecast is {write(base.best.last)}'])}."),
    )


def _name(outcome: Outcome) -> str:
    return outcome.scenario.name.replace("_", " ")


def _course(result: Scenarios, outcome: Outcome, *, whole: bool = False) -> Table:
    """A scenario year by year, next to the forecast; `whole`: with all its ranges, and what is
    assumed of each year.
    """
    base, rows, (scenario, path) = result.baseline, [], outcome
    write = in_tables(base)
    column = (Column("assumed", ""),)
    for step, (year, value, ends) in enumerate(table.steps(base.years, path)):
        ours = float(base.best.values[step])
        shock = scenario.shock.get(year)
        kinds = (
            _ASSUMED[path.assumed[step]],
            f"shock of {written(shock)} %" if shock is not None else "",
        )
        said = (
            table.shown_growth(ours, value),
            *([", ".join(filter(None, kinds))] if whole else []),
        )
        tone: Tone = "strong" if year == base.target else "plain"
        rows.append(table.Row(year, value, ends, "ours", (ours,), said, tone))
    return table.ranged(
        rows,
        Column("period", "Year", "year"),
        table.value_column(write, "Scenario"),
        base.levels,
        write,
        before=(table.value_column(write, "Forecast", "baseline"),),
        behind=(CHANGE, *(column if whole else ())),
        every=whole,
        title=scenario.name if whole else "",
    )


def _several(result: Scenarios) -> Table:
    base = result.baseline
    write = in_tables(result.baseline)
    *_, (_, ours, ends) = table.steps(base.years, base.best)
    rows = [table.Row("forecast", ours, ends)]
    for scenario, path in result.outcomes:
        *_, (_, value, ends) = table.steps(base.years, path)
        rows.append(
            table.Row(
                scenario.name, value, ends, "other", behind=(table.shown_growth(ours, value),)
            )
        )
    name = Column("scenario", "Scenario")
    value_of = table.value_column(write, str(base.target))
    return table.ranged(rows, name, value_of, base.levels, write, behind=(CHANGE,))


def picture(result: Scenarios) -> Picture:
    """The first scenario has the accent and its range; the forecast and other scenarios are
    context.
    """
    base, (first, *others) = result.baseline, result.outcomes
    write = chart.write_of(base)
    lines = []
    labels = []
    ends = [(_name(first), first.path.values.tolist()), ("forecast", base.best.values.tolist())]
    for at, (name, values) in enumerate(
        [*ends, *((_name(one), one.path.values.tolist()) for one in others)]
    ):
        tone = MAIN + at
        lines.append(chart.ahead(base, values, name, tone))
        labels.append(Label(values[-1], write(values[-1]), name, tone, strong=tone == MAIN))
    lower, upper = (side[base.headline] for side in (first.path.lower, first.path.upper))
    bands = (
        ()
        if np.isnan(lower).any()
        else (chart.band(base, base.levels[base.headline], lower, upper),)
    )
    drawn = (chart.observed(base.history), *reversed(lines))
    plot = Course(
        drawn, bands, tuple(chart.last_value(base.history, write)), tuple(labels), base.origin
    )
    return chart.of_series(plot, write, heading(result, write), base.history.series)
