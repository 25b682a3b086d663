"""Runs a command again from the values and options of a record, for one series and year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.pool import pooled
from rural_forecast.nowcasting.nowcast import nowcast
from rural_forecast.nowcasting.parts import Part
from rural_forecast.panels.panel import panel
from rural_forecast.record.states import TYPED, State
from rural_forecast.scenarios.assumptions import Scenario
from rural_forecast.scenarios.scenario import scenario
from rural_forecast.series.observation import Series
from rural_forecast.sizing.model import FromSeries, MarketModel
from rural_forecast.sizing.model import read as read_model
from rural_forecast.sizing.size import size
from rural_forecast.sizing.toml import TomlFile


class Answer(NamedTuple):
    """The answer for the year, and the forecasts up to it."""

    value: float
    lower: float | None
    """None where a statement fixes the year."""
    upper: float | None
    path: Mapping[int, float]


class _Path(NamedTuple):
    """The path of a command, in the currency of the data."""

    years: Sequence[int]
    values: Iterable[float]
    lower: Iterable[float]
    upper: Iterable[float]
    unit: str


def run(state: State, name: str, target: int, level: int) -> Answer:
    """The answer for a series and year. Raises whatever the command does, and TypeError or the like for odd options."""
    made = _COMMANDS[state.command](state, name, target, level)
    how = state.exchange(made.unit)
    rates = [how.rate(year) if how else 1.0 for year in made.years]
    sides = made.values, made.lower, made.upper
    values, lower, upper = (dict(zip(made.years, map(_over, side, rates), strict=True)) for side in sides)
    known = not isnan(lower[target])
    return Answer(values[target], lower[target] if known else None, upper[target] if known else None, values)


def _over(value: float, rate: float) -> float:
    return float(value) / rate


def _series(state: State, name: str) -> Series:
    """The known values alone, on the basis that was chosen."""
    series = state.known[name]
    seen = tuple(replace(each, derived=False, derivation=None) for each in series.observations)
    return replace(series, observations=seen, growth=(), breaks=(), market_kind="", within="")


def _asked(state: State) -> dict[str, Any]:
    """The options of a forecast."""
    options = state.options
    asked = {key: options[key] for key in ("floor", "measure", "kind") if options.get(key) is not None}
    asked |= {"models": options["models"]} if options.get("models") else {}
    asked |= {"ceiling": tuple(options["ceiling"])} if options.get("ceiling") else {}
    asked |= {"like": [state.other(each) for each in options["like"]]} if options.get("like") else {}
    return asked | ({"within": state.other(options["within"])} if options.get("within") else {})


def _project(state: State, name: str, target: int, level: int) -> _Path:
    made = forecast(_series(state, name), year=target, levels=(level,), **_asked(state))
    made = made if state.options.get("pool") is None else pooled(made, state.options["pool"])
    best = made.best
    return _Path(made.years, best.values, best.lower[0], best.upper[0], state.known[name].unit)


def _scenario(state: State, name: str, target: int, level: int) -> _Path:
    title, stated = next(iter(state.options["scenarios"].items()))
    assumed = Scenario(title, **{key: _assumed(value) for key, value in stated.items()})
    made = scenario(_series(state, name), assumed, year=target, levels=(level,), **_asked(state))
    path = made.outcomes[0].path
    return _Path(made.baseline.years, path.values, path.lower[0], path.upper[0], state.known[name].unit)


def _assumed(value: Any) -> Any:
    """Read a number or a range by year as json has it."""
    if isinstance(value, Mapping):
        return {int(year): _assumed(each) for year, each in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _nowcast(state: State, name: str, target: int, level: int) -> _Path:
    series, options = state.known[name], state.options
    asked = {key: options[key] for key in ("same_definition", "basis") if key in options}
    grown = {each.period: each.value for each in series.growth if each.source == TYPED}
    parts = (each for each in series.observations if each.source == TYPED)
    typed = [Part(each.period, each.value, grown.get(each.period)) for each in parts]
    both = series.observations, series.growth
    seen, growth = (tuple(each for each in rows if each.source != TYPED) for rows in both)
    series = replace(series, observations=seen, growth=growth)
    made = nowcast(series, year=target, levels=(level,), partial=typed, **asked)
    return _Path((target,), (made.value,), made.lower, made.upper, made.series.unit)


def _panel(state: State, name: str, target: int, level: int) -> _Path:
    import pandas as pd

    seen = [(key, each) for key, series in state.known.items() for each in series.observations]
    rows = {"series_id": [key for key, _ in seen], "year": [each.period.year for _, each in seen]}
    frame = pd.DataFrame(rows | {"value": [each.value for _, each in seen]})
    asked = {key: state.options[key] for key in ("model", "method") if key in state.options}
    asked["like"] = [state.other(each) for each in state.options.get("like", ())]
    made = panel(frame, year=target, levels=(level,), parents=state.parents or None, **asked)
    unit = next(iter(state.known.values())).unit
    values, lower, upper = (side[made.tree.names.index(name)] for side in (made.values, made.lower[0], made.upper[0]))  # noqa: PD011
    return _Path(made.years, values, lower, upper, unit)


def _size(state: State, _: str, target: int, level: int) -> _Path:
    file = TomlFile.read(state.options["sizing"].encode(), "the model", Path())
    model = _with(read_model(file), state.known)
    asked = {key: state.options[key] for key in ("draws", "seed", "real") if key in state.options}
    asked["inflation"] = state.money("inflation")
    last = max([target, *state.options.get("years", ())])
    sized = size(model, year=last, levels=(level,), **asked)
    made = sized.main.estimates
    sides = ([each.value for each in made], [each.lower[0] for each in made], [each.upper[0] for each in made])
    return _Path(sized.years, *sides, sized.main.unit)


def _with(model: MarketModel, known: Mapping[str, Series]) -> MarketModel:
    """A model with other values of its series."""

    def of(value: FromSeries) -> FromSeries:
        now = known.get(value.series.id, value.series)
        series = replace(value.series, observations=now.observations, growth=now.growth)
        return value._replace(series=series)

    drivers = (
        each._replace(value=of(each.value)) if isinstance(each.value, FromSeries) else each for each in model.drivers
    )
    above = model.top_down and model.top_down._replace(value=of(model.top_down.value))
    return model._replace(drivers=tuple(drivers), top_down=above)


_COMMANDS: Mapping[str, Callable[[State, str, int, int], _Path]] = {
    **dict.fromkeys(("project", "batch"), _project),
    "scenario": _scenario,
    "nowcast": _nowcast,
    "panel": _panel,
    "size": _size,
}
