"""Scenarios: a forecast with the assumptions of a person in its place, computed on its joint paths.

Up to the first year that is stated, a scenario is the baseline. From there each sampled path goes on by itself: by its
own growth, or by the stated one, which is drawn where it is a range; shocks and ceilings are applied to every path.
Ranges of one kind move together, as a low and a high case do; those of two kinds, and the paths, are independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, Unpack

import numpy as np

from rural_forecast.api import Comparable, comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.distribution import DRAWS, grid
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.limits import saturated, whole
from rural_forecast.forecasting.question import DEFAULT_HORIZON, DEFAULT_LEVELS, Question
from rural_forecast.forecasting.result import Forecast, converted, in_currency
from rural_forecast.models.base import HUGE, Array
from rural_forecast.notes import Note
from rural_forecast.scenarios.assumptions import Assumed, Scenario, check, check_against, ends_of
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.history import annual, selected
from rural_forecast.series.money import Exchange
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.sizing.distributions import Grid, from_range
from rural_forecast.sizing.toml import RANGE_LEVEL, TableError
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans, written

SEED = 1


@comparable
class ScenarioPath(NamedTuple):
    """The years of a scenario."""

    values: Array  # shape (horizon,)
    lower: Array  # shape (level, horizon); NaN in a year that one number fixes
    upper: Array
    assumed: tuple[str, ...]  # for each year `growth`, `override`, or empty where each path has its own growth


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
    drawn = result.paths(DRAWS, SEED)
    outcomes = [Outcome(assumed, _follow(assumed, result, drawn)) for assumed in scenarios]
    return Scenarios(result, tuple(outcomes), (*_notes(result, outcomes), *result.notes))


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def _follow(scenario: Scenario, result: Forecast, drawn: Array) -> ScenarioPath:
    """The path of a scenario, from the joint paths of its baseline, shape (draw, year)."""
    history, best, years, limits, full = result.history, result.best, result.years, result.limits, whole(result.history)
    positive = bool(np.all(history.values > 0) and np.all(best.values > 0))  # so growth in percent has a meaning
    check_against(scenario, result, positive=positive)
    least = 0.0 if np.all(history.values >= 0) else -HUGE
    least = max(least, -HUGE if limits.floor is None else limits.floor, history.last if limits.cumulative else -HUGE)
    most = min(HUGE if full is None else full, limits.top)
    random = np.random.default_rng(SEED)
    scores = {kind: random.permutation(grid(DRAWS)) for kind in ("growth", "shock", "override", "ceiling")}
    draws = partial(_draws, scenario, scores, full)
    top: Array | float = most
    limit = scenario.ceiling[1] if scenario.ceiling else HUGE
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
            factors = positive & (origin > 0) & (now > 0)  # a difference where one is not positive
            level = np.where(factors, anchor * (now / np.where(factors, origin, 1.0)), anchor + now - origin)
            if scenario.ceiling:
                level = below(top, anchor, np.log(level / anchor), history.last)
            level = np.maximum(level, earlier) if limits.cumulative else level
        if shock is not None:
            level = level * draws("shock", shock)
        if stated:
            floor = float(np.median(earlier)) if limits.cumulative else least
            _require_within(scenario, year, float(np.median(level)), floor, min(most, limit))
        level = np.clip(level, least, top)
        if stated:
            anchor, origin = level, now
        values[step], lower[:, step], upper[:, step] = (
            np.quantile(level, tail, method="hazen") for tail in (0.5, 1 - tails, tails)
        )
        if np.ptp(level) == 0 and np.ptp(now) > 0:
            lower[:, step] = upper[:, step] = np.nan
    return ScenarioPath(values, lower, upper, tuple(map(scenario.assumes, years)))


def _draws(
    scenario: Scenario, scores: Mapping[str, Array], most: float | None, kind: str, assumed: Assumed
) -> Array | float:
    """A number, or a range at the scores of its kind; percentages are factors. `most`: of a share."""
    if not isinstance(assumed, tuple):
        return assumed if kind == "override" else 1 + assumed / 100
    low, high = assumed if kind == "override" else (1 + end / 100 for end in assumed)
    try:
        distribution = from_range(low, high, most if kind == "override" else None, scenario.range_level or RANGE_LEVEL)
    except TableError as error:
        raise scenario.refuse(kind, f"{written(assumed)}: {error}", error.hint) from None
    return distribution.draws(Grid(np.empty(0), scores[kind]))


def below(ceiling: Array | float, level: Array, growth: Array, reference: float) -> Array:
    """A level grown by the log growth `growth`, slowed as the ceiling nears.

    The growth is that of a market at `reference`; above it the rate falls with the room that is left, by the logistic
    equation solved over that growth, so that the ceiling is never passed (Verhulst, 1838, "Notice sur la loi que la
    population suit dans son accroissement"). Decline is not changed.
    """
    rate = growth / (1 - np.minimum(reference, level) / ceiling)
    share = level / ceiling
    slowed = np.where(level < ceiling, level / (share + (1 - share) * np.exp(-rate)), level)
    return np.where(growth > 0, slowed, level * np.exp(growth))


def _require_within(scenario: Scenario, year: int, level: float, least: float, most: float) -> None:
    if not (least <= level <= most and abs(level) < HUGE):
        limit = f"below {least:,.4g}" if level < least else f"above {most:,.6g}"
        key = scenario.assumes(year) or "shock"
        raise scenario.refuse(key, f"takes {year} to {level:,.4g}, {limit}, the limit of the series.")


@in_currency.register
def _converted(result: Scenarios, how: Exchange) -> Scenarios:
    baseline = in_currency(result.baseline, how)
    outcomes = (
        Outcome(scenario, ScenarioPath(*converted(*path[:3], baseline.years, how), path.assumed))
        for scenario, path in result.outcomes
    )
    return replace(result, baseline=baseline, outcomes=tuple(outcomes), notes=(baseline.notes[0], *result.notes))


def _notes(result: Forecast, outcomes: Sequence[Outcome]) -> Iterator[Note]:
    scenarios = [outcome.scenario for outcome in outcomes]
    for one in scenarios:
        yield Note("assumptions", _assumptions(one, result.history.series.unit))
        if beyond := [year for year in one.years if year > result.target]:
            text = f"{one.name} assumes values for {spans(beyond)}, after {result.target}; they have no effect."
            yield Note("after_target", text)
        exact = [(Period(year), value) for year, value in one.override.items() if not isinstance(value, tuple)]
        for other in elsewhere(result.history.series, exact):
            text = f"The override of {one.name} mixes definitions: {str(other.note).rstrip('.')}."
            yield Note("other_definition", text, warning=True)
    ranges = (
        one for one in scenarios for kind, _, value in one.stated if isinstance(value, tuple) and kind != "ceiling"
    )
    if file := next((one.file for one in ranges if one.file and one.range_level is None), None):
        yield file.note_on_ranges()
    if any(np.isnan(outcome.path.lower).any() for outcome in outcomes):
        yield Note("no_interval", "A year that stated numbers fix has no interval; the years after it have theirs.")


def _assumptions(scenario: Scenario, unit: str) -> str:
    """State the assumptions and their reason in two sentences."""
    parts = []
    for kind, what in (("growth", "growth"), ("ceiling", "a ceiling"), ("shock", "a shock"), ("override", "a value")):
        relative, texts = kind in ("growth", "shock"), []
        for year, value in ((year, value) for one, year, value in scenario.stated if one == kind):
            low, high = (f"{end:+g}" if relative else number(end) for end in ends_of(value))
            amount = f"{low if low == high else f'{low} to {high}'} {'%' if relative else unit}".rstrip()
            texts.append(f"{amount} in {year}" if year else amount)
        parts += [f"{what} of {', '.join(texts)}"] if texts else []
    reason = scenario.reason.strip().rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason is given."
    return f"{scenario.name} assumes {', '.join(parts) or 'nothing'}. {why}"
