"""`scenario` as a document: the rows of the contract; for people baseline, scenarios and difference side by side."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.scenarios.scenario import Outcome, Scenarios
from rural_forecast.series.observation import Series
from rural_forecast.text.wording import rounded
from rural_forecast.views import project
from rural_forecast.views.common import about_series, decimals, growth, interval_columns, percent, row_columns
from rural_forecast.views.notes import remarks

MOST_WIDE = 2
"""Scenarios whose difference is shown as an amount as well as in percent."""
_ASSUMED = {"override": "set by hand", "growth": "growth assumed", "": ""}


def document(result: Scenarios, *, history: bool = False) -> Document:
    """The whole answer of `scenario`; `history` adds actual and published rows to the machine rows."""
    baseline = project.document(result.baseline, history=history)
    series = result.baseline.history.series
    return Document(
        command="scenario",
        records=Table(
            row_columns(result.baseline.levels),
            (*baseline.records.rows, *(row for one in result.outcomes for row in _records(result, one, series))),
        ),
        title=f"Scenarios of {series.title or series.id}",
        subtitle=baseline.subtitle,
        summary=(
            baseline.summary[0].replace("Consensus", "Baseline", 1),
            *(_answer(result, one) for one in result.outcomes),
        ),
        sections=(_side_by_side(result), *(_course(result, one) for one in result.outcomes)),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=baseline.provenance,
    )


def _bounds(one: Outcome, step: int) -> Iterator[Cell]:
    for lower, upper in zip(one.path.lower[:, step].tolist(), one.path.upper[:, step].tolist(), strict=True):
        yield None if isnan(lower) else lower
        yield None if isnan(upper) else upper


def _records(result: Scenarios, one: Outcome, series: Series) -> Iterator[tuple[Cell, ...]]:
    previous = float(result.baseline.history.values[-1])
    for step, year in enumerate(result.baseline.years):
        value = float(one.path.values[step])
        head = (series.id, year, "scenario", one.scenario.name, value)
        yield (*head, *_bounds(one, step), growth(previous, value), series.unit)
        previous = value


def _answer(result: Scenarios, one: Outcome) -> str:
    value, base = float(one.path.values[-1]), float(result.baseline.best.values[-1])
    unit = result.baseline.history.series.unit
    apart = growth(base, value)
    against = f"{apart:+.1f} % against" if apart is not None else f"{rounded(value - base)} more than"
    levels = [cell for cell in _bounds(one, -1) if isinstance(cell, float)]
    level = result.baseline.levels[0]
    held = f" ({level} %: {rounded(levels[0])} to {rounded(levels[1])})" if levels else ""
    text = f"{one.scenario.name} for {result.baseline.target}: {rounded(value)} {unit}{held}, {against} the baseline."
    return text.replace("  ", " ")


def _side_by_side(result: Scenarios) -> Table:
    base = result.baseline
    digits = decimals(float(base.history.values[-1]))
    columns = [Column("period", "Year", "year"), Column("kind", ""), Column("baseline", "Baseline", "number", digits)]
    wide = len(result.outcomes) <= MOST_WIDE
    for one in result.outcomes:
        name = one.scenario.name
        columns.append(Column(name, name, "number", digits))
        if wide:
            columns.append(Column(f"{name}_difference", "Difference", "number", digits, sign=True, follows=True))
        columns.append(Column(f"{name}_pct", "", "percent", 1, sign=True))
    rows: list[tuple[Cell, ...]] = []
    tones: list[Tone] = []
    blank: tuple[Cell, ...] = (None,) * (len(columns) - 3)
    for year, value in zip(base.history.years, base.history.values.tolist(), strict=True):
        rows.append((year, "actual", value, *blank))
        tones.append("dim")
    for step, year in enumerate(base.years):
        value = float(base.best.values[step])
        cells: list[Cell] = []
        for one in result.outcomes:
            other = float(one.path.values[step])
            cells += [other, *((other - value,) if wide else ()), growth(value, other)]
        rows.append((year, "forecast", value, *cells))
        tones.append("strong" if year == base.target else "plain")
    return Table(tuple(columns), tuple(rows), title="Baseline and scenarios, with the difference", tones=tuple(tones))


def _course(result: Scenarios, one: Outcome) -> Table:
    base = result.baseline
    digits = decimals(float(base.history.values[-1]))
    columns = (
        Column("period", "Year", "year"),
        Column("value", "Value", "number", digits),
        *interval_columns(base.levels, digits),
        Column("growth_pct", "Growth", "percent", 1, sign=True),
        Column("assumed", ""),
    )
    rows = tuple(
        (*row[1:2], *row[4:-1], _assumed(one, year, step))
        for step, (year, row) in enumerate(zip(base.years, _records(result, one, base.history.series), strict=True))
    )
    return Table(columns, rows, title=one.scenario.name)


def _assumed(one: Outcome, year: int, step: int) -> str:
    shock = one.scenario.shock.get(year)
    parts = (_ASSUMED[one.path.assumed[step]], f"shock of {percent(shock, '+g')}" if shock is not None else "")
    return ", ".join(filter(None, parts))
