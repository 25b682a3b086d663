"""The path of a scenario, on the joint paths of its baseline.

Up to the first year that is stated, a scenario is the baseline. From there each sampled path goes
on by itself: by its own growth, or by the stated one, which is drawn where it is a range; shocks
and ceilings are applied to every path. Ranges of one kind move together, as a low and a high case
do; those of two kinds, and the paths, are independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import inf
from typing import NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.forecasting.distribution import DRAWS, grid
from rural_forecast.forecasting.limits import saturated
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import HUGE, Array
from rural_forecast.scenarios.assumptions import Assumed, Scenario, check_against, ends_of
from rural_forecast.sizing.distributions import QuantileGrid, from_range
from rural_forecast.sizing.toml import RANGE_LEVEL, TableError
from rural_forecast.text.wording import written

SEED = 1


@comparable
class ScenarioPath(NamedTuple):
    """The years of a scenario."""

    values: Array  # shape (horizon,)
    lower: Array  # shape (level, horizon); NaN in a year that one number fixes
    upper: Array
    assumed: tuple[str, ...]
    """for each year `growth`, `override`, or empty where each path has its own growth."""
    drawn: Array  # its sampled paths, shape (draw, horizon)


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def follow(scenario: Scenario, result: Forecast, drawn: Array) -> ScenarioPath:
    """The path of a scenario, from the joint paths of its baseline, shape (draw, year)."""
    history = result.history
    best = result.best
    limits = result.limits
    # Growth in percent, and a ceiling, have a meaning for positive series alone.
    positive = bool(np.all(history.values > 0) and np.all(best.values > 0))
    check_against(scenario, result, positive=positive)

    least, most = _range_of(result)
    limit = scenario.ceiling[1] if scenario.ceiling else HUGE
    scores = _scores()
    draws = partial(_draws, scenario, scores, whole_of_rate(history))
    top: Array | float = most
    if scenario.ceiling:
        top = np.minimum(_ceilings(scenario.ceiling, scores["ceiling"], history.last), most)

    values = best.values.copy()
    lower = best.lower.copy()
    upper = best.upper.copy()
    tails = 0.5 + np.array(result.levels) / 200
    # Paths go on from the level of the last stated year, `anchor`, as the baseline does from the
    # level that it had then, `origin`.
    level = np.full(DRAWS, history.last)
    anchor = level
    origin = level
    started = bool(scenario.ceiling)
    followed = drawn.copy()
    of_total = _paths_of_total(result, scenario)
    for step, year in enumerate(result.years):
        now = drawn[:, step]
        earlier = level
        rate = scenario.growth_of(year)
        shock = scenario.shock.get(year) or None
        stated = year in scenario.override or rate is not None or shock is not None
        started = started or stated
        if not started:
            level = now
            anchor = now
            origin = now
            continue

        if year in scenario.override:
            level = np.broadcast_to(draws("override", scenario.override[year]), (DRAWS,))
        elif rate is not None:
            level = level * draws("growth", rate)
        else:
            level = _as_baseline(anchor, origin, now, positive=positive)
            if scenario.ceiling:
                level = below(top, anchor, np.log(level / anchor), history.last)
            if limits.cumulative:
                level = np.maximum(level, earlier)
        if shock is not None:
            level = level * draws("shock", shock)
        if stated:
            floor = float(np.median(earlier)) if limits.cumulative else least
            _require_within(scenario, year, float(np.median(level)), floor, min(most, limit))
        level = np.clip(level, least, top)
        level = np.minimum(level, of_total[:, step])
        followed[:, step] = level
        if stated:
            anchor = level
            origin = now

        values[step] = np.quantile(level, 0.5, method="hazen")
        lower[:, step] = np.quantile(level, 1 - tails, method="hazen")
        upper[:, step] = np.quantile(level, tails, method="hazen")
        if np.ptp(level) == 0 and np.ptp(now) > 0:  # one number fixes the year
            lower[:, step] = np.nan
            upper[:, step] = np.nan
    assumed = tuple(map(scenario.assumes, result.years))
    return ScenarioPath(values, lower, upper, assumed, followed)


def _paths_of_total(result: Forecast, scenario: Scenario) -> Array:
    """The most that each path can be, infinite without a total; shape (draw, year)."""
    of_total = result.paths_of_total(DRAWS, SEED)
    if of_total is None:
        return np.full((DRAWS, len(result.years)), inf)
    # A value that a person states is kept, whatever its total is forecast to be.
    stated = [year in scenario.override for year in result.years]
    return np.where(stated, inf, of_total)


def _range_of(result: Forecast) -> tuple[float, float]:
    """The least and the most that a level of the series can be."""
    history = result.history
    limits = result.limits
    least = 0.0 if np.all(history.values >= 0) else -HUGE
    if limits.floor is not None:
        least = max(least, limits.floor)
    if limits.cumulative:
        least = max(least, history.last)
    full = whole_of_rate(history)
    return least, min(HUGE if full is None else full, limits.top)


def _scores() -> dict[str, Array]:
    """Normal scores of the draws, in an order of its own for each kind of range."""
    random = np.random.default_rng(SEED)
    kinds = ("growth", "shock", "override", "ceiling")
    return {kind: random.permutation(grid(DRAWS)) for kind in kinds}


def _ceilings(ceiling: tuple[float, float], scores: Array, last: float) -> Array:
    """A level for each path at which it saturates, between the bounds of a ceiling."""
    rank = np.empty(DRAWS)
    rank[np.argsort(scores)] = (np.arange(DRAWS) + 0.5) / DRAWS
    return saturated(ceiling, last, rank)


def _as_baseline(anchor: Array, origin: Array, now: Array, *, positive: bool) -> Array:
    """A level that goes on from `anchor` as the baseline does from `origin` to `now`.

    It does so by a factor, and by a difference on paths where one of the two is not positive.
    """
    factors = positive & (origin > 0) & (now > 0)
    grown = anchor * (now / np.where(factors, origin, 1.0))
    return np.where(factors, grown, anchor + now - origin)


def _draws(
    scenario: Scenario, scores: Mapping[str, Array], most: float | None, kind: str, stated: Assumed
) -> Array | float:
    """A number, or a range at the scores of its kind; percentages are factors.

    `most`: of a share.
    """
    low, high = ends_of(stated)
    if kind != "override":
        low = 1 + low / 100
        high = 1 + high / 100
        most = None
    if not isinstance(stated, tuple):
        return low
    try:
        distribution = from_range(low, high, most, scenario.range_level or RANGE_LEVEL)
    except TableError as error:
        raise scenario.refuse(kind, f"{written(stated)}: {error}", error.hint) from None
    return distribution.draws(QuantileGrid(np.empty(0), scores[kind]))


def _require_within(scenario: Scenario, year: int, level: float, least: float, most: float) -> None:
    if not (least <= level <= most and abs(level) < HUGE):
        limit = f"below {least:,.4g}" if level < least else f"above {most:,.6g}"
        key = scenario.assumes(year) or "shock"
        raise scenario.refuse(
            key, f"takes {year} to {level:,.4g}, {limit}, the limit of the series."
        )


def below(ceiling: Array | float, level: Array, growth: Array, reference: float) -> Array:
    """A level grown by the log growth `growth`, slowed as the ceiling nears.

    This is the logistic equation (Verhulst, 1838). The growth is that of a market at `reference`;
    above it the rate falls with the room that is left.
    """
    rate = growth / (1 - np.minimum(reference, level) / ceiling)
    share = level / ceiling
    slowed = np.where(level < ceiling, level / (share + (1 - share) * np.exp(-rate)), level)
    return np.where(growth > 0, slowed, level * np.exp(growth))
