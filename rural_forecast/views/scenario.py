"""`scenario`: assumptions of a person beside the forecast, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Label, Picture
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.text import headline as words
from rural_forecast.text.headline import Headline, Writer
from rural_forecast.text.wording import capital, listed, written
from rural_forecast.views import drawing, project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.answer import in_sentences, in_tables

_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}
CHANGE = table.growth_column("change", "Change")
MOST_NAMED = 2  # further scenarios of a headline


def document(result: Scenarios, *, history: bool = False) -> Document:
    """The whole answer of `scenario`; `history` adds actual and published rows to the machine rows."""
    baseline = project.document(result.baseline, history=history, brief=True)
    rows = (row for outcome in result.outcomes for row in _rows(result, outcome))
    first = _several(result) if len(result.outcomes) > 1 else _course(result, result.outcomes[0])
    return documented(
        "scenario",
        heading(result),
        Table(table.row_columns(result.baseline.levels), (*baseline.records.rows, *rows)),
        [first, *(_course(result, outcome, whole=True) for outcome in result.outcomes)],
        result.notes,
        result.baseline.history.series,
        about=baseline.about,
        brief="-f markdown",
        inputs=baseline.inputs,
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
    """The headline: what the first scenario comes to; what others and the forecast do. `write` as for a forecast."""
    base = result.baseline
    write, place = write or in_sentences(base), base.headline
    title, year, level = title_of(base.history.series), base.target, base.levels[place]
    outcome, *others = result.outcomes
    low, high = (float(side[place, -1]) for side in (outcome.path.lower, outcome.path.upper))
    likely = "" if isnan(low) else f"{words.odds(level, write(low), write.full(high))}; "
    claim = f"about {write.full(float(outcome.path.values[-1]))} in {year} under {_name(outcome)}"
    rest = [f"{_name(other)} gives {write(float(other.path.values[-1]))}" for other in others[:MOST_NAMED]]
    return words.headline(
        title, claim, capital(f"{likely}{listed([*rest, f'the forecast is {write(base.best.last)}'])}.")
    )


def _name(outcome: Outcome) -> str:
    return outcome.scenario.name.replace("_", " ")


def _rows(result: Scenarios, outcome: Outcome) -> Iterator[tuple[Cell, ...]]:
    base = result.baseline
    name, last = outcome.scenario.name, base.history.last
    return table.path_rows(base.history.series, "scenario", name, base.years, outcome.path, last)


def _course(result: Scenarios, outcome: Outcome, *, whole: bool = False) -> Table:
    """A scenario year by year, next to the forecast; `whole`: with all its ranges, and what is assumed of each year."""
    base, rows = result.baseline, []
    write = in_tables(base)
    for step, (year, value, ends) in enumerate(table.steps(base.years, outcome.path)):
        ours = float(base.best.values[step])
        said = (table.shown_growth(ours, value), *((_assumed(outcome, year, step),) if whole else ()))
        tone: Tone = "strong" if year == base.target else "plain"
        rows.append(table.Row(year, value, ends, "ours", (ours,), said, tone))
    return table.ranged(
        rows,
        Column("period", "Year", "year"),
        table.value_column(write, "Scenario"),
        base.levels,
        write,
        before=(table.value_column(write, "Forecast", "baseline"),),
        behind=(CHANGE, *((Column("assumed", ""),) if whole else ())),
        every=whole,
        title=outcome.scenario.name if whole else "",
    )


def _assumed(outcome: Outcome, year: int, step: int) -> str:
    shock = outcome.scenario.shock.get(year)
    parts = (_ASSUMED[outcome.path.assumed[step]], f"shock of {written(shock)} %" if shock is not None else "")
    return ", ".join(filter(None, parts))


def _several(result: Scenarios) -> Table:
    """The last year of each scenario, next to the forecast."""
    base = result.baseline
    write = in_tables(base)
    *_, (_, ours, ends) = table.steps(base.years, base.best)
    rows = [table.Row("forecast", ours, ends)]
    for outcome in result.outcomes:
        *_, (_, value, ends) = table.steps(base.years, outcome.path)
        rows.append(table.Row(outcome.scenario.name, value, ends, "other", behind=(table.shown_growth(ours, value),)))
    name, value_of = Column("scenario", "Scenario"), table.value_column(write, str(base.target))
    return table.ranged(rows, name, value_of, base.levels, write, behind=(CHANGE,))


def picture(result: Scenarios) -> Picture:
    """The first scenario has the accent and its range; the forecast and other scenarios are context."""
    base, (first, *others) = result.baseline, result.outcomes
    series, write = base.history.series, drawing.write_of(base)
    ends = [(_name(first), first.path.values.tolist()), ("forecast", base.best.values.tolist())]
    ends += [(_name(one), one.path.values.tolist()) for one in others]
    lines = [drawing.ahead(base, values, name, drawing.tone(at)) for at, (name, values) in enumerate(ends)]
    labels = [
        Label(values[-1], write(values[-1]), name, drawing.tone(at), strong=drawing.tone(at) == MAIN)
        for at, (name, values) in enumerate(ends)
    ]
    bands = () if np.isnan(first.path.lower).any() else (drawing.band(base, base.headline, other=first.path),)
    drawn = (drawing.observed(base.history), *reversed(lines))
    plot = Course(drawn, bands, tuple(drawing.last_value(base.history, write)), tuple(labels), base.origin)
    return drawing.of_series(plot, write, heading(result, write), series)
