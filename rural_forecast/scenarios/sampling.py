"""Scenarios whose assumptions are ranges: numbers are drawn from them, and the path is followed for each draw.

A range holds with 90 %, as those of `size` do: log-normal where it is positive (growth and shocks as factors), log-odds
normal for a share. Ranges of one kind move together, as a low and a high case do; those of two kinds are independent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.paths import grid
from rural_forecast.forecasting.spread import spread
from rural_forecast.models.base import Array
from rural_forecast.scenarios.assumptions import Assumed, Scenario
from rural_forecast.scenarios.scenario_path import Baseline, ScenarioPath, follow
from rural_forecast.sizing.distributions import Z_95, Grid, from_range

DRAWS, SEED = 1000, 1
KINDS = ("growth", "shock", "override")


def follow_ranges(
    scenario: Scenario, baseline: Baseline, wide: Baseline, levels: tuple[int, ...]
) -> tuple[ScenarioPath, int]:
    """The path of the medians with sampled bounds, and the percentage of draws left out for passing a limit.

    `wide`: the baseline with the bounds of a `Spread`. Raises UsageError or InputError if a range is impossible, or one
    of its ends breaks a limit.
    """
    if not scenario.ranged:
        return follow(scenario, baseline), 0
    whole = baseline.whole
    for end in (-Z_95, Z_95):
        follow(_at(scenario, dict.fromkeys(KINDS, end), whole), baseline)
    path = follow(_at(scenario, dict.fromkeys(KINDS, 0.0), whole), baseline)
    random = np.random.default_rng(SEED)
    scores = {kind: random.permutation(grid(DRAWS)).tolist() for kind in KINDS}
    within = random.permuted(np.repeat(grid(DRAWS)[:, None], len(path.values), axis=1), axis=0)
    middles, drawn = [], []
    for draw in range(DRAWS):
        try:
            followed = follow(_at(scenario, {kind: scores[kind][draw] for kind in KINDS}, whole), wide)
        except RuralForecastError:  # a tail beyond a limit that both ends keep
            continue
        middles.append(followed.values)
        drawn.append(_sampled(followed, within[draw], wide))
    fixed = np.ptp(middles, axis=0) == 0
    bounds = np.array([np.quantile(drawn, 0.5 + sign * np.array(levels) / 200, axis=0) for sign in (-1, 1)])
    lower = np.where(fixed, path.lower, np.minimum(bounds[0], path.values))
    upper = np.where(fixed, path.upper, np.maximum(bounds[1], path.values))
    return path._replace(lower=lower, upper=upper), round(100 * (1 - len(drawn) / DRAWS))


def _sampled(path: ScenarioPath, scores: Array, wide: Baseline) -> Array:
    """A value of each year: the assumed one, or one from its interval."""
    free = np.isfinite(path.lower[0])
    values = path.values.copy()
    if free.any():
        bounds = path.lower[:, free], path.upper[:, free]
        around = spread(values[free], *bounds, whole=wide.whole, least=wide.least, most=wide.most)
        values[free] = around.at(scores[free][None])[0]
    return values


def _at(scenario: Scenario, scores: Mapping[str, float], whole: float | None) -> Scenario:
    """The scenario with each range at a normal score of its kind."""

    def number(kind: str, assumed: Assumed) -> float:
        if not isinstance(assumed, tuple):
            return assumed
        low, high = assumed
        at = Grid(np.array(0.5), np.array(scores[kind]))
        try:
            if kind == "override":
                return float(from_range(low, high, whole).draws(at))
            return 100 * (float(from_range(1 + low / 100, 1 + high / 100).draws(at)) - 1)
        except ValueError as error:
            raise scenario.refuse(kind, "impossible_end", stated=assumed, cause=error) from None

    growth = {year: number("growth", assumed) for year, assumed in scenario.growth_by_year.items()}
    return replace(
        scenario,
        growth=growth.get(None, {year: rate for year, rate in growth.items() if year}) if growth else None,
        shock={year: number("shock", assumed) for year, assumed in scenario.shock.items()},
        override={year: number("override", assumed) for year, assumed in scenario.override.items()},
    )
