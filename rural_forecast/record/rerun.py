"""The command of an answer, run again with all that the answer follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from rural_forecast.errors import InputError, RuralForecastError
from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.batch.build import panel_of
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.nowcasting.nowcast import nowcast
from rural_forecast.forecasting.nowcasting.parts import YearPart
from rural_forecast.forecasting.panel import request
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import (
    NO_KIND,
    Series,
)
from rural_forecast.panels.panel import panel
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import CONSENSUS, Question, headline
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.record.asked import question_of
from rural_forecast.record.kept import DRIVERS, Record
from rural_forecast.record.state import LEVEL, TYPED, Again, RerunAnswer, State
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.sizing.model import FromSeries
from rural_forecast.sizing.model import read as read_model
from rural_forecast.sizing.simulation import DEFAULT_DRAWS
from rural_forecast.sizing.size import size
from rural_forecast.sizing.toml import TomlFile
from rural_forecast.text.cells import shown


def _series(state: State, name: str) -> Series:
    """The known values alone, on the bases that were chosen."""
    series = state.series[name]
    levels = tuple(replace(row, derived=False, derivation=None) for row in series.observations)
    # Growth is known for the first years of a basis alone.
    return replace(series, observations=levels, market_kind=NO_KIND, within="", total=None)


def _since(state: State, name: str) -> int | None:
    """The first year used, where parts of earlier ones would add up to years that were not."""
    has_parts = any(not row.period.is_year for row in state.series[name].observations)
    return state.question.since if has_parts else None


def project_again(state: State, name: str, target: int, levels: Sequence[int]) -> Forecast:
    """The forecast of a series, led by its pool where one was asked for."""
    question = state.asked(Question, target, levels=levels, since=_since(state, name))
    result = forecast(_series(state, name), question)
    weights = state.question.pool
    return result if weights is None else pooled(result, weights)


def _project(state: State, name: str, target: int) -> Again:
    result = project_again(state, name, target, (LEVEL,))
    best = result.best
    unit = state.series[name].unit
    return Again(result.years, best.values, best.lower[0], best.upper[0], unit)


def _batch(state: State, name: str, target: int) -> Again:
    """Forecast the series as a panel of one, with its total, by the factors that were measured."""
    own = state.series[name]
    kind = own.market_kind or NO_KIND
    series = [replace(_series(state, name), market_kind=kind, within=own.within)]
    if own.within:
        series.append(replace(state.other(own.within), id=own.within))
    panel = panel_of([annual(one, allow_gaps=True) for one in series]).with_totals()
    # The factors are those of the levels that were asked for.
    levels = state.question.levels if state.question.factors else (LEVEL,)
    asked = request(state.asked(BatchQuestion, target, levels=levels, all_models=False))
    asked = asked._replace(
        factors=tuple(state.question.factors), shift=state.question.shift, lead=state.question.lead
    )
    answered_by, refusals = answered(panel, asked)
    for refusal in refusals:
        if refusal.series_id == name:
            raise refusal.error
    path = answered_by.path(0, answered_by.panel.ids.index(name))
    level = levels.index(LEVEL) if LEVEL in levels else headline(levels)
    origin = target - len(path.values)
    if len(path.values):
        origin = int(answered_by.panel.origins[answered_by.panel.ids.index(name)])
    years = range(origin + 1, origin + 1 + len(path.values))
    return Again(years, path.values, path.lower[level], path.upper[level], own.unit)


def _scenario(state: State, name: str, target: int) -> Again:
    title, assumptions = next(iter((state.question.scenarios or {}).items()), ("", {}))
    own = Scenario(title, **_assumed(title, assumptions))
    asked = state.asked(ScenarioQuestion, target, since=_since(state, name))
    result = scenario(_series(state, name), own, question=asked)
    path = result.outcomes[0].path
    unit = state.series[name].unit
    return Again(result.baseline.years, path.values, path.lower[0], path.upper[0], unit)


def _assumed(title: str, assumptions: Any) -> dict[str, Any]:
    """The fields of a scenario. Raises InputError for what is none, or no number."""
    names = {field.name for field in fields(Scenario)} - {"name", "file"}
    if not isinstance(assumptions, Mapping) or not assumptions.keys() <= names:
        raise InputError(f"The scenario {shown(title)} of the record is none.", "Keep it again.")
    values = {}
    for key, value in assumptions.items():
        values[key] = value if key in ("reason", "range_level") else _number_or_range(value)
    return values


def _number_or_range(value: Any) -> Any:
    """A number, a range or either by year, as a scenario has it."""
    if isinstance(value, Mapping) and all(year.isdigit() for year in value):
        return {int(year): _number_or_range(stated) for year, stated in value.items()}
    ends = value if isinstance(value, list) and len(value) == 2 else [value]
    if all(isinstance(end, int | float) for end in ends):
        return tuple(ends) if len(ends) == 2 else value
    raise InputError(f"{value!r} is no number or range.", "Keep it again.", value=value)


def _nowcast(state: State, name: str, target: int) -> Again:
    series = state.series[name]
    grown = {row.period: row.value for row in series.growth if row.source == TYPED}
    parts = [row for row in series.observations if row.source == TYPED]
    typed = [YearPart(part.period, part.value, grown.get(part.period)) for part in parts]
    published = replace(
        series,
        observations=tuple(row for row in series.observations if row.source != TYPED),
        growth=tuple(row for row in series.growth if row.source != TYPED),
    )
    # A nowcast rests on what was published, and chooses among it once more.
    question = state.question
    asked = state.asked(
        NowcastQuestion,
        target,
        partial=typed,
        since=question.since,
        prefer=question.prefer,
        basis=question.basis,
        breaks=question.breaks,
        allow_gaps=False,
    )
    result = nowcast(published, asked)
    return Again((target,), (result.value,), result.lower, result.upper, result.series.unit)


def _panel(state: State, name: str, target: int) -> Again:
    import pandas as pd

    values = []
    for key, series in state.series.items():
        growth = {rate.period: rate.value for rate in series.growth}
        breaks = " ".join(map(str, series.breaks)) or None
        for level in series.observations:
            period = str(level.period)
            stated = (series.market_kind or NO_KIND, series.within or None)
            values.append((key, period, level.value, growth.get(level.period), breaks, *stated))
    columns = ["series_id", "period", "value", "growth_pct", "breaks", "market_kind", "within"]
    frame = pd.DataFrame(values, columns=columns)
    result = panel(
        frame.dropna(axis="columns", how="all"),
        year=target,
        levels=(LEVEL,),
        model=state.question.model,
        method=state.question.method,  # type: ignore[arg-type] # it is checked there
        kind=state.question.kind,
        parents=state.parents or None,
        like=[state.other(market) for market in state.question.like],
    )
    if name not in result.tree.names:
        raise InputError(f"{name} is no node any more.", "Keep the answer again.")
    node = result.tree.names.index(name)
    unit = next(iter(state.series.values())).unit
    own = result.values[node]  # noqa: PD011 - an array of ours
    return Again(result.years, own, result.lower[0][node], result.upper[0][node], unit)


def _size(state: State, _: str, target: int) -> Again:
    def now(value: Any) -> Any:
        """A driver with the values of its series that are known now."""
        if not isinstance(value, FromSeries):
            return value
        series = state.series.get(value.series.id, value.series)
        return value._replace(
            series=replace(
                value.series,
                observations=series.observations,
                growth=series.growth,
                breaks=series.breaks,
            )
        )

    question = state.question
    model = read_model(TomlFile.read((question.sizing or "").encode(), "the model", Path()))
    drivers = tuple(driver._replace(value=now(driver.value)) for driver in model.drivers)
    sized = size(
        model._replace(drivers=drivers, top_down=now(model.top_down)),
        year=max([target, *question.years]),
        levels=(LEVEL,),
        draws=question.draws or DEFAULT_DRAWS,
        seed=1 if question.seed is None else question.seed,
        real=question.real,
        inflation=state.inflation,
    )
    estimates = sized.main.estimates
    return Again(
        sized.years,
        [estimate.value for estimate in estimates],
        [estimate.lower[0] for estimate in estimates],
        [estimate.upper[0] for estimate in estimates],
        sized.main.unit,
    )


_COMMANDS = {
    "project": _project,
    "batch": _batch,
    "scenario": _scenario,
    "nowcast": _nowcast,
    "panel": _panel,
    "size": _size,
}


def run(state: State, name: str, target: int) -> RerunAnswer:
    """Run the command of an answer again, for a series and year.

    Raises InputError if that cannot be done any more.
    """
    try:
        again = _COMMANDS[state.command](state, name, target)
        exchange = state.exchange(again.unit)
    except RuralForecastError as error:
        raise _cannot_be_run(str(error)) from error
    if target not in again.years:
        raise _cannot_be_run(f"There is no forecast of {target}.")
    return again.answer(target, exchange)


def _cannot_be_run(why: str) -> InputError:
    return InputError(f"A step of the revision cannot be run: {why}", "Keep the answer again.")


def leading_author(record: Record) -> str:
    """The author of the leading forecasts of a record."""
    question = question_of(record)
    if record.command == "nowcast":
        return "combined"
    if record.command == "size":
        return DRIVERS
    if record.command == "scenario":
        return next(iter(question.scenarios or [""]))
    if record.command == "panel":
        return question.model
    if question.pool is not None:
        return "pool"
    first = next(iter(question.models), CONSENSUS)
    return str(first)
