"""`scenario` as a document: the rows of the contract; for people baseline, scenarios and difference side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.picture import Course, Label, Line, Panels, Picture
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.result import Forecast
from rural_forecast.scenarios.scenario import Outcome, ScenarioPath, Scenarios
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import written
from rural_forecast.views import project
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.answer import amounts_of, answer
from rural_forecast.views.columns import (
    growth_column,
    in_tables,
    interval_columns,
    path_rows,
    row_columns,
    shown_growth,
    steps,
    value_column,
)
from rural_forecast.views.notes import remarks
from rural_forecast.views.pictures.course import band, earlier, observed, of_series, path, tone

MOST_WIDE = 2
"""Scenarios whose difference is shown as an amount as well as in percent."""
_ASSUMED = {"override": "value stated", "growth": "growth stated", "": ""}


def document(result: Scenarios, *, history: bool = False) -> Document:
    """The whole answer of `scenario`; `history` adds actual and published rows to the machine rows."""
    baseline = project.document(result.baseline, history=history)
    series = result.baseline.history.series
    return Document(
        command="scenario",
        records=Table(
            row_columns(result.baseline.levels),
            (*baseline.records.rows, *(row for outcome in result.outcomes for row in _rows(result, outcome))),
        ),
        title=f"Scenarios of {title_of(series)}",
        about=baseline.about,
        summary=(
            f"Baseline: {answer(result.baseline)}",
            *(_answer(result, outcome, amounts_of(result.baseline)) for outcome in result.outcomes),
        ),
        sections=(_side_by_side(result), *(_course(result, outcome) for outcome in result.outcomes)),
        inputs=baseline.inputs,
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=project.made_by(result.baseline, scenarios=_stated(result)),
    )


def _stated(result: Scenarios) -> dict[str, dict[str, Any]]:
    """What each scenario assumes, by its name."""
    keys = ("growth", "ceiling", "shock", "override", "range_level", "reason")
    return {
        scenario.name: {
            key: dict(value) if isinstance(value, Mapping) else value
            for key in keys
            if (value := getattr(scenario, key)) not in (None, "", {})
        }
        for scenario in (outcome.scenario for outcome in result.outcomes)
    }


def _answer(result: Scenarios, outcome: Outcome, write: Amounts) -> str:
    value, base = float(outcome.path.values[-1]), result.baseline.best.last
    apart = shown_growth(base, value)
    against = f"{percent(apart)} against" if apart is not None else f"{write(value - base)} more than"
    place = result.baseline.headline
    low, high = (float(side[place, -1]) for side in (outcome.path.lower, outcome.path.upper))
    level = result.baseline.levels[place]
    likely = "" if isnan(low) else f" ({level} % interval: {write(low)} to {write(high)})"
    return f"{outcome.scenario.name}: {write.full(value)} in {result.baseline.target}{likely}, {against} the baseline."


def _side_by_side(result: Scenarios) -> Table:
    base, wide = result.baseline, len(result.outcomes) <= MOST_WIDE
    write = in_tables(amounts_of(base), base.history.values.tolist())
    columns = [Column("period", "Year", "year"), Column("kind", ""), value_column(write, "baseline", "Baseline")]
    for outcome in result.outcomes:
        name = outcome.scenario.name
        columns.append(value_column(write, name, name))
        if wide:
            columns.append(value_column(write, f"{name}_difference", "Difference", sign=True, follows=True))
        columns.append(growth_column(f"{name}_pct", ""))
    blank: tuple[Cell, ...] = (None,) * (len(columns) - 3)
    known = zip(base.history.years, base.history.values.tolist(), strict=True)
    rows: list[tuple[Cell, ...]] = [(year, "actual", value, *blank) for year, value in known]
    tones: list[Tone] = ["dim"] * len(rows)
    for step, year in enumerate(base.years):
        value = float(base.best.values[step])
        cells: list[Cell] = []
        for outcome in result.outcomes:
            other = float(outcome.path.values[step])
            cells += [other, *((other - value,) if wide else ()), shown_growth(value, other)]
        rows.append((year, "forecast", value, *cells))
        tones.append("strong" if year == base.target else "plain")
    return Table(tuple(columns), tuple(rows), title="Baseline and scenarios, with the difference", tones=tuple(tones))


def _rows(result: Scenarios, outcome: Outcome) -> Iterator[tuple[Cell, ...]]:
    history, path = result.baseline.history, steps(result.baseline.years, outcome.path)
    return path_rows(history.series, "scenario", outcome.scenario.name, path, history.last)


def _course(result: Scenarios, outcome: Outcome) -> Table:
    write = amounts_of(result.baseline)
    amounts_shown = (value_column(write), *interval_columns(result.baseline.levels, write), growth_column())
    columns = (Column("period", "Year", "year"), *amounts_shown, Column("assumed", ""))
    years = enumerate(zip(result.baseline.years, _rows(result, outcome), strict=True))
    rows = tuple((row[1], *row[4:-1], _assumed(outcome, year, step)) for step, (year, row) in years)
    return Table(columns, rows, title=outcome.scenario.name)


def _assumed(outcome: Outcome, year: int, step: int) -> str:
    shock = outcome.scenario.shock.get(year)
    parts = (_ASSUMED[outcome.path.assumed[step]], f"shock of {written(shock)} %" if shock is not None else "")
    return ", ".join(filter(None, parts))


MOST_TOGETHER = 2
"""Scenarios in one drawing; more get panels."""


class _Drawn(NamedTuple):
    """The baseline or a scenario."""

    name: str
    values: list[float]
    ranged: ScenarioPath | None = None
    """The path with its intervals, of a scenario that rests on ranges."""

    @property
    def end(self) -> float:
        return self.values[-1]


def picture(result: Scenarios) -> Picture:
    """History, baseline and scenarios: together where they are few, else a panel for each on one axis."""
    base = result.baseline
    series, write = base.history.series, amounts_of(base)
    baseline = _Drawn("baseline", base.best.values.tolist())
    scenarios = [
        _Drawn(
            outcome.scenario.name.replace("_", " "),
            outcome.path.values.tolist(),
            outcome.path if outcome.scenario.ranged else None,
        )
        for outcome in result.outcomes
    ]
    claim = _claim(base.target, baseline, scenarios, write)
    plot: Course | Panels
    if len(result.outcomes) > MOST_TOGETHER:
        values = [value for drawn in (baseline, *scenarios) for value in drawn.values]
        room = max(values), min(values)
        plot = Panels(
            tuple(
                Picture(
                    _drawing(base, [baseline, drawn], also=room),
                    title=f"{drawn.name}: {write(drawn.end)}",
                    amounts=write,
                )
                for drawn in scenarios
            )
        )
    else:
        plot = _drawing(base, [baseline, *scenarios])
    name = f"Scenarios of {title_of(series)}"
    reasoned = (outcome.scenario for outcome in result.outcomes if outcome.scenario.reason)
    reasons = (f"{scenario.name.replace('_', ' ')}: {scenario.reason}" for scenario in reasoned)
    return of_series(plot, write, claim, series, title=name, subtitle="; ".join(reasons))


def _claim(year: int, baseline: _Drawn, scenarios: Sequence[_Drawn], write: Amounts) -> str:
    """Set the scenarios against the baseline."""
    low, high = (pick(scenarios, key=lambda drawn: drawn.end) for pick in (min, max))
    there = f"{year} comes to {write.full(low.end)} in '{low.name}'"
    if len(scenarios) > 1:
        there = f"Scenarios for {year} lie between {write(low.end)} ({low.name}) and "
        there += f"{write.full(high.end)} ({high.name})"
    return f"{there}, against {write(baseline.end)} in the baseline"


def _drawing(base: Forecast, drawn: Sequence[_Drawn], also: tuple[float, ...] = ()) -> Course:
    """The history, and the baseline and scenarios with their ends; a panel, with `also`, has names in its title."""
    write, place, interval = amounts_of(base), base.headline, f"{base.levels[base.headline]} % interval"
    lines, labels = [*earlier(base), observed(base.history)], []
    bands = [band(base, place, f"{interval} of the baseline")]
    for rank, path_of in enumerate(drawn):
        name = "scenario" if also and rank else path_of.name
        lines.append(Line(name, *path(base, path_of.values), tone(rank), "dashed"))
        named = "" if also else path_of.name
        labels.append(Label(path_of.end, write(path_of.end), named, tone(rank), strong=not rank))
        if path_of.ranged and not np.isnan(path_of.ranged.lower).any():
            bands.append(band(base, place, f"{interval} of {path_of.name}", tone(rank), path_of.ranged))
    return Course(tuple(lines), tuple(bands), labels=tuple(labels), origin=base.origin, also=also)
