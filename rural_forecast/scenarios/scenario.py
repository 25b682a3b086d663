"""Scenarios: a forecast with the assumptions of a person, computed on its joint paths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.distribution import DRAWS, Chance, chance
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.observed.definitions import elsewhere
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period
from rural_forecast.question.question import DEFAULT_HORIZON, Question
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.scenarios.assumptions import (
    Assumed,
    Scenario,
    check,
    has_ranges_without_level,
    in_words,
)
from rural_forecast.scenarios.following import SEED, ScenarioPath, follow
from rural_forecast.text.wording import spans

DEFAULT = ScenarioQuestion()


class Outcome(NamedTuple):
    """One scenario and its path."""

    scenario: Scenario
    path: ScenarioPath


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios(Comparable):
    """A baseline and its scenarios."""

    baseline: Forecast
    outcomes: tuple[Outcome, ...]
    notes: tuple[Note, ...]

    def chance(self, target: float, outcome: Outcome | None = None) -> Chance:
        """Return the chance of a value in the forecast, or in a scenario, on its joint paths.

        Parameters
        ----------
        target : a value in the unit of the series
        outcome : one of `outcomes`; the forecast if left out
        """
        if outcome is None:
            return self.baseline.chance(target)
        base = self.baseline
        history = base.history
        return chance(outcome.path.drawn, history.values, history.first, base.years, float(target))

    def __repr__(self) -> str:
        names = ", ".join(outcome.scenario.name for outcome in self.outcomes)
        return f"<Scenarios of {self.baseline.history.series.id}: {names}>"


def scenario(
    series: Series, *scenarios: Scenario, question: ScenarioQuestion = DEFAULT
) -> Scenarios:
    """Compare scenarios with the forecast of a series.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    scenarios : one or more, of different names
    year : last year; left out, two years after the origin, or the last year that a scenario names
    horizon : years after the origin, in place of `year`
    models : models that answer in place of the consensus; the first that does is the baseline
    levels, ceiling, floor, measure, kind, within, like : as in `forecast`
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError, InputError : an assumption is impossible for this series; the message names its
        place
    ModelError : no model can answer

    >>> import rural_forecast as rf
    >>> series = rf.read("rural_online_shopping_turnover")
    >>> plan = Scenario("plan", override={2018: 700}, reason="the plan of the board")
    >>> result = rf.scenario(series, plan)
    >>> result.outcomes[0].path.values.tolist()[-1]
    700.0
    """
    if not scenarios:
        raise UsageError("No scenario is given.", f"State one, such as {option('growth', 5)}.")
    names = [one.name for one in scenarios]
    for one in scenarios:
        check(one)
        if names.count(one.name) > 1:
            raise one.refuse("", "there are two scenarios of this name.", "Give each its own.")
    asked = question.of(Question)
    if asked.year is None and asked.horizon is None:
        years = [last for one in scenarios for last in one.years]
        asked = asked.to(max([question.history_of(series).origin + DEFAULT_HORIZON, *years]))
    result = forecast(series, asked)
    drawn = result.paths(DRAWS, SEED)
    outcomes = []
    for one in scenarios:
        applied = _after_known_parts(one, result)
        outcomes.append(Outcome(applied, follow(applied, result, drawn)))
    return Scenarios(result, tuple(outcomes), (*_notes(result, outcomes), *result.notes))


def _after_known_parts(scenario: Scenario, result: Forecast) -> Scenario:
    """Growth of every year begins after a year under way: its known parts say more of that one."""
    running = result.running
    if running is None or scenario.growth is None or isinstance(scenario.growth, Mapping):
        return scenario
    years = [year for year in result.years if year > running.year]
    if not years:
        raise scenario.refuse(
            "growth",
            f"{running.year} is the nowcast from its known parts, and no later year is asked for.",
            f"State growth for {running.year} itself, or ask for a later year.",
        )
    growth = {year: scenario.growth for year in years if year not in scenario.override}
    return replace(scenario, growth=growth)


@in_currency.register
def _converted(result: Scenarios, how: Exchange) -> Scenarios:
    baseline = in_currency(result.baseline, how)
    outcomes = []
    for scenario, path in result.outcomes:
        bounds = converted(path.values, path.lower, path.upper, baseline.years, how)
        rates = np.array([how.rate(year) for year in baseline.years])
        outcomes.append(Outcome(scenario, ScenarioPath(*bounds, path.assumed, path.drawn / rates)))
    return replace(
        result,
        baseline=baseline,
        outcomes=tuple(outcomes),
        notes=(baseline.notes[0], *result.notes),
    )


def _notes(result: Forecast, outcomes: Sequence[Outcome]) -> Iterator[Note]:
    """Notes on each scenario in turn, then on all of them."""
    for outcome in outcomes:
        yield from _notes_on(outcome.scenario, result)
    for outcome in outcomes:
        file = outcome.scenario.file
        if file and has_ranges_without_level(outcome.scenario):
            yield file.note_on_ranges()
            break
    if any(np.isnan(outcome.path.lower).any() for outcome in outcomes):
        yield Note(
            "no_interval",
            "A year that stated numbers fix has no interval; the years after it have theirs.",
        )


def _notes_on(scenario: Scenario, result: Forecast) -> Iterator[Note]:
    series = result.history.series
    years_by_value: dict[tuple[str, Assumed], list[int]] = {}
    for kind, year, value in scenario.stated:
        years = years_by_value.setdefault((kind, value), [])
        if year is not None:
            years.append(year)
    assumptions = []
    for (kind, value), years in years_by_value.items():
        assumptions.append(in_words(kind, years, value, series.unit))
    reason = scenario.reason.strip().rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason is given."
    listed = ", ".join(assumptions) or "nothing"
    yield Note("assumptions", f"{scenario.name} assumes {listed}. {why}")

    if result.total is not None and scenario.growth is not None:
        total = result.limits.within
        name = "its total" if total is None else total.series.title or total.series.id
        yield Note("within", f"No path of {scenario.name} lies above {name}, by its own forecast.")
    beyond = [year for year in scenario.years if year > result.target]
    if beyond:
        yield Note(
            "after_target",
            f"{scenario.name} assumes values for {spans(beyond)}, which have no effect.",
        )
    numbers = []
    for year, value in scenario.override.items():
        if not isinstance(value, tuple):
            numbers.append((Period(year), value))
    for other in elsewhere(series, numbers):
        definition = str(other.note).rstrip(".")
        text = f"The override of {scenario.name} mixes definitions: {definition}."
        yield Note("other_definition", text, warning=True)
