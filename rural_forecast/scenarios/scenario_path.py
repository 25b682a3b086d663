"""The path of a scenario: the consensus growth, with what a person assumes in its place.

A year that is assumed (its growth or its value) has no interval. From the last such year on the uncertainty starts
anew: the interval h years after it is as wide, in proportion, as that of the baseline h years after the origin.
"""

from __future__ import annotations

from math import exp, inf, isfinite, isinf, log
from typing import NamedTuple

import numpy as np

from rural_forecast.api.equality import comparable
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.models.base import HUGE, Array, Ceiling
from rural_forecast.models.saturation import middle
from rural_forecast.scenarios.assumptions import Scenario, ends, point


class Baseline(NamedTuple):
    """The forecast without the scenario."""

    origin: int
    last: float
    values: Array
    """Shape (horizon,)."""
    lower: Array
    """Shape (level, horizon)."""
    upper: Array
    positive: bool
    """Whether history and baseline are positive throughout, so that growth in percent has a meaning."""
    least: float = -HUGE
    """Nothing falls below it: a stated floor, or 0 where the history has no negative value."""
    most: float = HUGE
    """Nothing passes it: the whole, for a share, or a stated ceiling."""
    limits: Limits = NONE
    """Stated limits of every path."""
    whole: float | None = None
    """The value that a share cannot pass."""


@comparable
class ScenarioPath(NamedTuple):
    """The years of a scenario."""

    values: Array
    """Shape (horizon,)."""
    lower: Array
    """Shape (level, horizon); NaN in a year that is assumed."""
    upper: Array
    assumed: tuple[str, ...]
    """For each year `growth`, `override`, or empty where the consensus growth holds."""


def check_against(scenario: Scenario, baseline: Baseline) -> None:
    """Refuse assumptions that a series cannot have.

    Raises UsageError or InputError if a year is observed already, all are after the baseline, or a value is impossible
    for the series.
    """
    origin, target, whole = baseline.origin, baseline.origin + len(baseline.values), baseline.whole
    first = min(scenario.years, default=target)
    if first <= origin:
        kind = [kind for kind, year, _ in scenario.stated if year == first][-1]
        raise scenario.refuse(kind, "assumed_before_origin", year=first, origin=origin, before=first - 1)
    if first > target and not scenario.ceiling and None not in scenario.growth_by_year:
        raise scenario.refuse("", "assumed_after_target", target=target, year=first)
    if not baseline.positive and (scenario.growth is not None or scenario.shock or scenario.ceiling):
        key = "growth" if scenario.growth is not None else "shock" if scenario.shock else "ceiling"
        raise scenario.refuse(key, "not_positive_throughout")
    for year, value in scenario.override.items():
        low, high = ends(value)
        if baseline.positive and low <= 0:
            raise scenario.refuse("override", "override_not_positive", stated=low, year=year)
        if whole is not None and low < 0:
            raise scenario.refuse("override", "override_below_zero", stated=low, year=year)
        if whole is not None and high > whole:
            raise scenario.refuse("override", "override_above_whole", stated=high, year=year, whole=whole)
    if scenario.ceiling and whole is not None and scenario.ceiling[1] > whole:
        raise scenario.refuse("ceiling", "ceiling_above_whole", stated=scenario.ceiling[1], whole=whole)
    if scenario.ceiling and scenario.ceiling[0] <= baseline.last:
        low, last = scenario.ceiling[0], baseline.last
        raise scenario.refuse("ceiling", "ceiling_below_last", stated=low, last=last, origin=origin)


def room_step(level: float, growth: float, ceiling: float, reference: float) -> float:
    """The level a year on, growing by the log growth `growth` slowed as the ceiling nears.

    The growth is that of a market at `reference`; above it the rate falls with the room that is left, by the logistic
    equation solved over the year, so that the ceiling is never passed (Verhulst, 1838, "Notice sur la loi que la
    population suit dans son accroissement"). Decline is not changed.

    >>> round(room_step(100, 0.1, 1e9, 100), 2), round(room_step(100, 0.1, 200, 100), 2)
    (110.52, 109.97)
    """
    if growth <= 0:
        return level * exp(growth)
    if level >= ceiling:
        return level
    rate = growth / (1 - min(reference, level) / ceiling)
    share = level / ceiling
    return level / (share + (1 - share) * exp(-rate))


def follow(scenario: Scenario, baseline: Baseline) -> ScenarioPath:
    """The path of a scenario without ranges.

    Raises UsageError or InputError if an assumption passes the scenario's ceiling, the whole, a stated limit, or all
    numbers.
    """
    levels, horizon = baseline.lower.shape
    values = np.empty(horizon)
    bounds = np.full((2, levels, horizon), np.nan)
    assumed = []
    level, anchor = baseline.last, 0
    running, least = np.full((2, levels), level), _least_after(baseline, level)
    for step in range(horizon):
        earlier = level
        year = baseline.origin + step + 1
        rate = scenario.growth_of(year)
        change = 1 + point(scenario.shock.get(year, 0.0)) / 100
        if year in scenario.override:
            level = point(scenario.override[year])
        elif rate is not None:
            level *= 1 + point(rate) / 100
        else:
            if scenario.ceiling:
                running = _below(scenario.ceiling, baseline, running, step, step - anchor) * change
                running = np.minimum(running, np.array(scenario.ceiling)[:, None])  # a shock may lift them past it
            level = _next(scenario, baseline, level, step)
            level = max(level, earlier) if baseline.limits.cumulative else level
        level *= change
        _refuse(scenario, level, year, baseline, earlier)
        values[step] = level
        assumed.append("override" if year in scenario.override else "growth" if rate is not None else "")
        if assumed[-1]:
            anchor, running, least = step + 1, np.full((2, levels), level), _least_after(baseline, level)
        else:
            around = running if scenario.ceiling else _around(baseline, level, step - anchor)
            bounds[:, :, step] = np.clip(around, least, baseline.most)
    return ScenarioPath(values, bounds[0], bounds[1], tuple(assumed))


def _least_after(baseline: Baseline, level: float) -> float:
    """What nothing falls below once a level is assumed."""
    return max(baseline.least, level) if baseline.limits.cumulative else baseline.least


def _before(baseline: Baseline, step: int) -> float:
    return float(baseline.values[step - 1]) if step else baseline.last


def _next(scenario: Scenario, baseline: Baseline, level: float, step: int) -> float:
    """The consensus growth of this year, from another level."""
    before, now = _before(baseline, step), float(baseline.values[step])
    if scenario.ceiling:
        return room_step(level, log(now) - log(before), middle(scenario.ceiling), baseline.last)
    moved = level * (now / before) if baseline.positive else level + now - before
    return moved if isinf(moved) else min(max(moved, baseline.least), baseline.most)


def _around(baseline: Baseline, level: float, after: int) -> Array:
    """Bounds of shape (side, level) around a value, as wide as the baseline's `after` years after the first."""
    both, point = np.stack([baseline.lower[:, after], baseline.upper[:, after]]), baseline.values[after]
    with np.errstate(over="ignore"):
        wide = level * (both / point) if baseline.positive else level + (both - point)
    return np.asarray(np.clip(wide, baseline.least, baseline.most))


def _below(ceiling: Ceiling, baseline: Baseline, running: Array, step: int, after: int) -> Array:
    """Bounds that grow as the baseline's own: the lower ones below the lower end of the ceiling, the upper below its
    upper end."""
    growth = log(baseline.values[step]) - log(_before(baseline, step))
    grown = np.zeros_like(running)
    for side, (bounds, top) in enumerate(zip((baseline.lower, baseline.upper), ceiling, strict=True)):
        for level, bound in enumerate(bounds):
            spread = bound[after] / baseline.values[after]
            earlier = bound[after - 1] / baseline.values[after - 1] if after else 1.0
            if spread > 0 and earlier > 0:  # a bound of zero stays there
                move = growth + log(spread / earlier)
                grown[side, level] = room_step(running[side, level], move, top, baseline.last)
    return grown


def _refuse(scenario: Scenario, level: float, year: int, baseline: Baseline, earlier: float) -> None:
    key = "growth" if scenario.growth is not None else "override" if scenario.override else "shock"
    if not isfinite(level):
        raise scenario.refuse(key, "beyond_numbers", year=year)
    ceiling, stated = scenario.ceiling or (inf, inf), baseline.limits
    floor = -HUGE if stated.floor is None else stated.floor
    for broken, reason, limit in (
        (level > ceiling[1], "path_above_ceiling", ceiling[1]),
        (level > stated.top, "path_above_stated_ceiling", stated.top),
        (level > baseline.most, "path_above_whole", baseline.most),
        (level < floor, "path_below_floor", floor),
        (stated.cumulative and level < earlier, "path_falls", earlier),
    ):
        if broken:
            raise scenario.refuse(key, reason, year=year, level=level, limit=limit)
