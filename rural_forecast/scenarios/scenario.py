"""Scenarios: a forecast with the assumptions of a person in its place, computed on its joint paths.

Up to the first year that is stated, a scenario is the baseline. From there each sampled path goes on by itself: by its
own growth, or by the stated one, which is drawn where it is a range; shocks and ceilings are applied to every path.
Ranges of one kind move together, as a low and a high case do; those of two kinds, and the paths, are independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Unpack

import numpy as np

from rural_forecast.api import Comparable, checked, comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.distribution import DRAWS, grid
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.limits import saturated, whole
from rural_forecast.forecasting.question import DEFAULT_HORIZON, DEFAULT_LEVELS, Question
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import HUGE, Array
from rural_forecast.notes import Note
from rural_forecast.scenarios.assumptions import Assumed, Scenario, check, check_against
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.history import annual, selected
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.sizing.distributions import RANGE_LEVEL
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import spans

SEED = 1
KINDS = ("growth", "shock", "override", "ceiling")


@comparable
class ScenarioPath(NamedTuple):
    """The years of a scenario."""

    values: Array
    """Shape (horizon,)."""
    lower: Array
    """Shape (level, horizon); NaN in a year that one number fixes."""
    upper: Array
    assumed: tuple[str, ...]
    """For each year `growth`, `override`, or empty where each path has its own growth."""


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

    def __repr__(self) -> str:
        names = ", ".join(outcome.scenario.name for outcome in self.outcomes)
        return f"<Scenarios of {self.baseline.history.series.id}: {names}>"


@checked
def scenario(
    series: Series,
    *scenarios: Scenario,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[str] = (),
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> Scenarios:
    """Compare scenarios with the forecast of a series.

    Parameters
    ----------
    scenarios : one or more, of different names
    year : last year; left out, two years after the origin, or the last year that a scenario names
    horizon : years after the origin, in place of `year`
    models : models that answer in place of the consensus; the first that does is the baseline
    levels, question : as in `forecast`

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
        raise UsageError("No scenario is given.", f"State one, such as {option('growth', 5)}.")
    names = [assumed.name for assumed in scenarios]
    for assumed in scenarios:
        check(assumed)
        if names.count(assumed.name) > 1:
            raise assumed.refuse("", "there are two scenarios of this name.", "Give each its own.")
    if year is None and horizon is None:
        years = [last for assumed in scenarios for last in assumed.years]
        year = max([annual(series, **selected(question)).origin + DEFAULT_HORIZON, *years])
    result = forecast(series, year=year, horizon=horizon, models=models, levels=levels, **question)
    baseline = _baseline(result)
    outcomes = [Outcome(assumed, _follow(assumed, baseline)) for assumed in scenarios]
    return Scenarios(result, tuple(outcomes), (*_notes(result, outcomes), *result.notes))


class _Baseline(NamedTuple):
    result: Forecast
    drawn: Array
    """Its joint paths, shape (draw, year)."""
    positive: bool
    """True if history and forecast are positive throughout, so that growth in percent has a meaning."""
    least: float
    """The limits that no path passes."""
    most: float


def _baseline(result: Forecast) -> _Baseline:
    history, limits, top = result.history, result.limits, whole(result.history)
    return _Baseline(
        result,
        result.paths(DRAWS, SEED),
        positive=bool(np.all(history.values > 0) and np.all(result.best.values > 0)),
        least=max(
            0.0 if np.all(history.values >= 0) else -HUGE,
            -HUGE if limits.floor is None else limits.floor,
            history.last if limits.cumulative else -HUGE,
        ),
        most=min(HUGE if top is None else top, limits.top),
    )


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def _follow(scenario: Scenario, baseline: _Baseline) -> ScenarioPath:
    """The path of a scenario. Raises UsageError or InputError if an assumption is impossible or passes a limit."""
    result, drawn, positive, least, most = baseline
    check_against(scenario, result, positive=positive)
    history, best, years, cumulative = result.history, result.best, result.years, result.limits.cumulative
    random = np.random.default_rng(SEED)
    scores = {kind: random.permutation(grid(DRAWS)) for kind in KINDS}

    def draws(kind: str, assumed: Assumed) -> Array | float:
        return scenario.draws(kind, assumed, scores[kind], whole(history))

    top: Array | float = most
    if scenario.ceiling:
        rank = np.empty(DRAWS)
        rank[np.argsort(scores["ceiling"])] = (np.arange(DRAWS) + 0.5) / DRAWS
        top = np.minimum(saturated(scenario.ceiling, history.last, rank), most)  # a level of its own for each path
    values, lower, upper = best.values.copy(), best.lower.copy(), best.upper.copy()
    tails = 0.5 + np.array(result.levels) / 200
    level = anchor = origin = np.full(DRAWS, history.last)
    started = bool(scenario.ceiling)
    for step, year in enumerate(years):
        now, earlier = drawn[:, step], level
        rate, shock = scenario.growth_of(year), scenario.shock.get(year) or None
        stated = year in scenario.override or rate is not None or shock is not None
        started = started or stated
        if not started:
            level = anchor = origin = now
            continue
        if year in scenario.override:
            level = np.broadcast_to(draws("override", scenario.override[year]), (DRAWS,))
        elif rate is not None:
            level = level * draws("growth", rate)
        else:
            level = _grown(anchor, origin, now, positive)
            if scenario.ceiling:
                level = below(top, anchor, np.log(level / anchor), history.last)
            level = np.maximum(level, earlier) if cumulative else level
        if shock is not None:
            level = level * draws("shock", shock)
        if stated:
            _refuse(scenario, year, float(np.median(level)), float(np.median(earlier)), baseline)
        level = np.clip(level, least, top)
        if stated:
            anchor, origin = level, now
        values[step], lower[:, step], upper[:, step] = (
            np.quantile(level, tail, method="hazen") for tail in (0.5, 1 - tails, tails)
        )
        if np.ptp(level) == 0 and np.ptp(now) > 0:
            lower[:, step] = upper[:, step] = np.nan
    return ScenarioPath(values, lower, upper, tuple(map(scenario.assumes, years)))


def _grown(anchor: Array, origin: Array, now: Array, positive: bool) -> Array:
    """Levels that grow as paths did since `origin`: by a factor, or a difference where one is not positive."""
    factors = positive & (origin > 0) & (now > 0)
    grown: Array = np.where(factors, anchor * (now / np.where(factors, origin, 1.0)), anchor + now - origin)
    return grown


def below(ceiling: Array | float, level: Array, growth: Array, reference: float) -> Array:
    """A level grown by the log growth `growth`, slowed as the ceiling nears.

    The growth is that of a market at `reference`; above it the rate falls with the room that is left, by the logistic
    equation solved over that growth, so that the ceiling is never passed (Verhulst, 1838, "Notice sur la loi que la
    population suit dans son accroissement"). Decline is not changed.

    >>> below(np.array([1e9, 200.0]), np.array([100.0, 100.0]), np.array([0.1, 0.1]), 100.0).round(2).tolist()
    [110.52, 109.97]
    """
    rate = growth / (1 - np.minimum(reference, level) / ceiling)
    share = level / ceiling
    slowed = np.where(level < ceiling, level / (share + (1 - share) * np.exp(-rate)), level)
    return np.where(growth > 0, slowed, level * np.exp(growth))


def _refuse(scenario: Scenario, year: int, level: float, earlier: float, baseline: _Baseline) -> None:
    limits, key = baseline.result.limits, scenario.assumes(year) or "shock"
    least = earlier if limits.cumulative else baseline.least
    most = min(baseline.most, scenario.ceiling[1] if scenario.ceiling else HUGE)
    if not abs(level) < HUGE:
        raise scenario.refuse(key, f"takes {year} beyond all numbers.")
    if not least <= level <= most:
        limit = f"below {least:,.4g}" if level < least else f"above {most:,.6g}"
        why = "; a cumulative total never falls" if limits.cumulative and level < least else ""
        raise scenario.refuse(key, f"takes {year} to {level:,.4g}, {limit}, the limit of the series{why}.")


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
    scenarios = [outcome.scenario for outcome in outcomes]
    for outcome in outcomes:
        assumed = outcome.scenario
        yield Note("assumptions", _assumptions(assumed, result.history.series.unit))
        yield from _on_overrides(result, outcome)
        if assumed.ranged:
            level = assumed.range_level or RANGE_LEVEL
            text = f"The ranges of {assumed.name} hold with {level} %; those of one kind move together."
            yield Note("ranges", text)
        if beyond := [year for year in assumed.years if year > result.target]:
            text = f"{assumed.name} assumes values for {spans(beyond)}, after {result.target}; they have no effect."
            yield Note("after_target", text)
    unsaid = [one for one in scenarios if one.file is not None and one.ranged and one.range_level is None]
    if unsaid and (file := unsaid[0].file):
        text = f"Ranges hold with {RANGE_LEVEL} %; release 2 took them for 90 %."
        advice = f"Write range_level = {RANGE_LEVEL}, or 90, at the top of {file.name}."
        yield Note("range_level", text, warning=True, advice=advice)
    if any(np.isnan(outcome.path.lower).any() for outcome in outcomes):
        yield Note("no_interval", "A year that stated numbers fix has no interval; the years after it have theirs.")
    if any(one.ceiling for one in scenarios):
        text = "Under a ceiling each path slows as the room below its own ceiling shrinks, by the logistic equation."
        yield Note("slowing", text)


def _assumptions(scenario: Scenario, unit: str) -> str:
    def percent(value: Assumed) -> str:
        return f"{value[0]:+g} to {value[1]:+g} %" if isinstance(value, tuple) else f"{value:+g} %"

    def amount(value: Assumed) -> str:
        low, high = value if isinstance(value, tuple) else (value, value)
        return f"{number(low)}{'' if low == high else f' to {number(high)}'} {unit}".rstrip()

    parts = [f"growth of {percent(rate)} in {year or 'every year'}" for year, rate in scenario.growth_by_year.items()]
    parts = [part.removeprefix("growth of ") if place else part for place, part in enumerate(parts)]
    parts += [f"a ceiling of {amount(scenario.ceiling)}"] if scenario.ceiling else []
    parts += [f"a shock of {percent(change)} in {year}" for year, change in scenario.shock.items()]
    parts += [f"{year} set to {amount(value)}" for year, value in scenario.override.items()]
    reason = scenario.reason.strip().rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason is given."
    return f"{scenario.name} assumes {', '.join(parts) or 'nothing'}. {why}"


def _on_overrides(result: Forecast, outcome: Outcome) -> Iterator[Note]:
    """Every value set by hand with the baseline, and those that the catalogue has under another definition."""
    best, series, name = result.best, result.history.series, outcome.scenario.name
    values = {
        year: value if not isinstance(value, tuple) else float(f"{outcome.path.values[result.years.index(year)]:.4g}")
        for year, value in outcome.scenario.override.items()
        if year <= result.target
    }
    for year, value in values.items():
        step = result.years.index(year)
        lower, upper = float(best.lower[0, step]), float(best.upper[0, step])
        place = "inside" if lower <= value <= upper else "above" if value > upper else "below"
        interval = f"its {result.levels[0]} % interval ({rounded(lower)} to {rounded(upper)})"
        ours = rounded(float(best.values[step]))
        text = f"{f'{number(value)} {series.unit}'.rstrip()} in place of the baseline's {ours}, {place} {interval}"
        yield Note("set_by_hand", f"{name} sets {year} by hand: {text}.")
    for other in elsewhere(series, [(Period(year), value) for year, value in values.items()]):
        yield Note(
            "other_definition",
            f"The override of {name} mixes definitions: {str(other.note).rstrip('.')}.",
            warning=True,
        )
