"""Scenarios: what a person assumes in place of the consensus, and its difference from the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api.arguments import checked_as
from rural_forecast.api.equality import Comparable
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.bounds import whole
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.question import DEFAULT_HORIZON
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import HUGE
from rural_forecast.notes import Note
from rural_forecast.scenarios.assumptions import Scenario, check
from rural_forecast.scenarios.sampling import DRAWS, follow_ranges
from rural_forecast.scenarios.scenario_path import Baseline, ScenarioPath, check_against
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.history import annual
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.series.selection import selected


class Outcome(NamedTuple):
    """One scenario and its path."""

    scenario: Scenario
    path: ScenarioPath
    left_out: int = 0
    """Percent of the draws of its ranges that pass a limit, and that no interval counts."""


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios(Comparable):
    """A baseline and its scenarios."""

    baseline: Forecast
    outcomes: tuple[Outcome, ...]
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        names = ", ".join(outcome.scenario.name for outcome in self.outcomes)
        return f"<Scenarios of {self.baseline.history.series.id}: {names}>"


@checked_as(forecast)
def scenario(
    series: Series, *scenarios: Scenario, year: int | None = None, horizon: int | None = None, **options: Any
) -> Scenarios:
    """Compare scenarios with the forecast of a series.

    Parameters
    ----------
    scenarios : one or more, of different names
    year : last year; left out, two years after the origin, or the last year that a scenario names
    horizon : years after the origin, in place of `year`
    options : those of `forecast`; with `models`, the first that answers is the baseline

    Raises
    ------
    UsageError, InputError : an assumption is impossible for this series; the message names its place
    ModelError : no model can answer

    >>> import rural_forecast as rf
    >>> series = rf.read("rural_online_shopping_turnover")
    >>> result = scenario(series, Scenario("plan", override={2018: 700}, reason="the plan of the board"))
    >>> result.outcomes[0].path.values.tolist()[-1]
    700.0
    """
    if not scenarios:
        raise UsageError.of("no_scenario")
    names = [assumed.name for assumed in scenarios]
    for assumed in scenarios:
        check(assumed)
        if names.count(assumed.name) > 1:
            raise assumed.refuse("", "scenario_twice")
    if year is None and horizon is None:
        years = [last for assumed in scenarios for last in assumed.years]
        year = max([annual(series, **selected(options)).origin + DEFAULT_HORIZON, *years])
    result = forecast(series, year=year, horizon=horizon, **options)
    history, best, limits, top = result.history, result.best, result.limits, whole(result.history)
    baseline = Baseline(
        origin=result.origin,
        last=history.last,
        values=best.values,
        lower=best.lower,
        upper=best.upper,
        positive=bool(np.all(history.values > 0) and np.all(best.values > 0)),
        least=max(
            0.0 if np.all(history.values >= 0) else -HUGE,
            -HUGE if limits.floor is None else limits.floor,
            history.last if limits.cumulative else -HUGE,
        ),
        most=min(HUGE if top is None else top, limits.top),
        limits=limits,
        whole=top,
    )
    wide = baseline._replace(lower=result.wide.lower, upper=result.wide.upper)
    outcomes = []
    for assumed in scenarios:
        check_against(assumed, baseline)
        outcomes.append(Outcome(assumed, *follow_ranges(assumed, baseline, wide, result.levels)))
    return Scenarios(result, tuple(outcomes), (*_notes(result, outcomes), *result.notes))


@in_currency.register
def _converted(result: Scenarios, how: Exchange) -> Scenarios:
    baseline = in_currency(result.baseline, how)
    outcomes = []
    for outcome in result.outcomes:
        amounts = outcome.path.values, outcome.path.lower, outcome.path.upper
        values, lower, upper = converted(*amounts, baseline.years, how)
        outcomes.append(outcome._replace(path=outcome.path._replace(values=values, lower=lower, upper=upper)))
    notes = (baseline.notes[0], *result.notes)
    return replace(result, baseline=baseline, outcomes=tuple(outcomes), notes=notes)


def _notes(result: Forecast, outcomes: Sequence[Outcome]) -> Iterator[Note]:
    for outcome in outcomes:
        assumed = outcome.scenario
        fields = {
            "name": assumed.name,
            "growth": tuple(assumed.growth_by_year.items()),
            "ceiling": tuple(assumed.ceiling or ()),
            "shock": tuple(assumed.shock.items()),
            "override": tuple(assumed.override.items()),
            "unit": result.history.series.unit,
            "reason": assumed.reason,
        }
        yield Note("assumptions", fields)
        yield from _on_overrides(result, outcome)
        if assumed.ranged:
            yield Note("ranges", {"name": assumed.name, "draws": DRAWS, "left_out": outcome.left_out})
        beyond = tuple(year for year in assumed.years if year > result.target)
        if beyond:
            yield Note("after_target", {"name": assumed.name, "years": beyond, "target": result.target})
    bare = (
        kind
        for outcome in outcomes
        for kind, lower in zip(outcome.path.assumed, outcome.path.lower[0], strict=True)
        if kind and np.isnan(lower)
    )
    kinds = tuple(dict.fromkeys(bare))
    if kinds:
        yield Note("no_interval", {"kinds": kinds})
    if any(outcome.scenario.ceiling for outcome in outcomes):
        yield Note("slowing")


def _on_overrides(result: Forecast, outcome: Outcome) -> Iterator[Note]:
    """Every value set by hand with the baseline, and those that the catalogue has under another definition."""
    best, series, assumed = result.best, result.history.series, outcome.scenario
    values = {
        year: value if not isinstance(value, tuple) else float(f"{outcome.path.values[result.years.index(year)]:.4g}")
        for year, value in assumed.override.items()
        if year <= result.target
    }
    for year, value in values.items():
        step = result.years.index(year)
        fields = {
            "name": assumed.name,
            "year": year,
            "value": value,
            "unit": series.unit,
            "baseline": float(best.values[step]),
            "level": result.levels[0],
            "bounds": (float(best.lower[0, step]), float(best.upper[0, step])),
        }
        yield Note("set_by_hand", fields)
    for other in elsewhere(series, [(Period(year), value) for year, value in values.items()]):
        yield Note("other_definition", {"what": other.note, "override": assumed.name}, warning=True)
