"""A market sized bottom-up: the stages of a model, and their ratio to the top-down forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rural_forecast.api.arguments import checked
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.question import DEFAULT_LEVELS, checked_levels
from rural_forecast.models.base import Array
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.driver_table import Driver
from rural_forecast.sizing.drivers import Marginal, marginal, of_series
from rural_forecast.sizing.expression import signs
from rural_forecast.sizing.model_file import MarketModel, load, years_of
from rural_forecast.sizing.montecarlo import (
    DEFAULT_DRAWS,
    FEWEST_DRAWS,
    MOST_DRAWN,
    MOST_DRAWS,
    MOST_HELD,
    Estimate,
    Group,
    Histogram,
    Sampler,
    draws_for_shares,
    estimate,
    histogram,
    results,
    variance_shares,
)
from rural_forecast.sizing.result import Sizing, Stage, TopDown

DEFAULT_SEED = 1
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two of them, so differences must be numbers too."""


@checked
def size(
    source: str | Path,
    *,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
) -> Sizing:
    """Size a market bottom-up by the model of a TOML file, or of a name that ships.

    Parameters
    ----------
    year : last year sized, in place of the file's
    levels : interval levels in whole percents, 30 to 99
    draws : number of Monte Carlo draws, 1,000 to 1,000,000
    seed : the same seed gives the same numbers

    Raises
    ------
    UsageError : a level, the seed or the number of draws is impossible
    InputError : the model is not there, or is refused, with the place in the file

    >>> result = size("rural_online_retail", year=2026)
    >>> [stage.unit for stage in result.stages]
    ['bn CNY']
    """
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError.of("draws_out_of_range", draws=draws, fewest=FEWEST_DRAWS, most=MOST_DRAWS)
    if seed < 0:
        raise UsageError.of("seed_negative", seed=seed)
    levels = checked_levels(levels)
    model = load(source)
    years = years_of(model, year)
    marginals = {driver.name: marginal(driver, years, model.file) for driver in model.drivers}
    above = model.top_down
    from_above = of_series(above.value, years, model.file, ("top_down",)) if above else None
    uncertain = [name for name, driver in marginals.items() if any(map(driver.varies, years))]
    _require_bounded(model, len(uncertain), len(years), draws)
    run = _Run(model, levels, marginals, Sampler(uncertain, model.pairs, draws, seed), from_above)
    for each in years:
        run.size(each)
    formulas, estimates = model.formulas, {name: tuple(by_year) for name, by_year in run.estimates.items()}
    units = {driver.name: driver.unit_text for driver in model.drivers}
    units |= {n: f.derived.unit_text or str(f.unit) for n, f in formulas.items() if n not in model.stages}
    stages = (
        Stage(
            name,
            model.titles.get(name, ""),
            formulas[name].derived.text,
            formulas[name].derived.unit_text,
            estimates[name],
            tuple(shares[name] for shares in run.shares),
        )
        for name in model.stages
    )
    comparison = None
    if above is not None and from_above is not None and from_above.origin is not None:
        comparison = TopDown(above.stage, above.value.series.id, from_above.origin, *zip(*run.against, strict=True))
    return Sizing(
        model=model,
        years=years,
        levels=levels,
        draws=draws,
        share_draws=run.share_draws,
        seed=seed,
        stages=tuple(stages),
        drivers={name: estimates[name] for name in units},
        units=units,
        marginals=marginals,
        comparison=comparison,
        from_above=from_above,
        histogram=run.histogram,
    )


def _require_bounded(model: MarketModel, uncertain: int, years: int, draws: int) -> None:
    """Refuse what would take too much memory or time.

    Raises UsageError if there are too many drivers and formulas for so many years and draws.
    """
    held = uncertain + len(model.formulas) + 4 * len(model.stages)
    most = min(MOST_HELD // held, MOST_DRAWN // max(uncertain * years, 1))
    if draws > most:
        possible = most if most >= FEWEST_DRAWS else None
        raise UsageError.of("too_many_draws", draws=draws, drivers=uncertain, years=years, most=possible)


class _Run:
    """Sizes one year after the other; a driver whose distribution stays the same is not drawn again."""

    def __init__(
        self,
        model: MarketModel,
        levels: tuple[int, ...],
        marginals: Mapping[str, Marginal],
        sampler: Sampler,
        from_above: Marginal | None,
    ) -> None:
        self.model, self.levels, self.marginals = model, levels, marginals
        self.sampler, self.from_above = sampler, from_above
        total = sum(signs(formula.node) for formula in model.formulas.values())
        self.share_draws = draws_for_shares(len(sampler.groups), total, sampler.draws)
        self.drawn: dict[str, tuple[Distribution, Array | float, Estimate]] = {}
        """By driver: its last distribution, draws in whole persons and yuan, and estimate in its own unit."""
        self.estimates = defaultdict[str, list[Estimate]](list)
        """Of drivers and formulas by year, each in its own unit."""
        self.shares: list[Mapping[str, Mapping[Group, float]]] = []
        """By year and stage."""
        self.against: list[tuple[Estimate, Estimate | None, float]] = []
        """By year: the top-down value, its ratio, and the probability to be above it."""
        self.histogram: Histogram | None = None
        """Of the main stage in the last year."""

    @np.errstate(all="ignore")  # values that are not finite are refused with the name of the driver or formula
    def size(self, year: int) -> None:
        """Size one year."""
        model, above = self.model, self.model.top_down
        for driver in model.drivers:
            self._draw(driver, self.marginals[driver.name].by_year[year], year)
            self.estimates[driver.name].append(self.drawn[driver.name][2])
        values = {name: values for name, (_, values, _) in self.drawn.items()}
        formula_values = results(model.formulas, values, year, self.sampler.draws)
        for name, value in formula_values.items():
            in_unit = value / model.formulas[name].unit.scale
            self._refuse_infinite(name, in_unit, year)
            self.estimates[name].append(estimate(in_unit, self.levels))
            if self.from_above is not None and above is not None and above.stage == name:
                self.against.append(self._compare(in_unit, self.from_above.by_year[year]))
        groups, stages = self.sampler.groups, model.stages
        shares = variance_shares(model.formulas, values, formula_values, year, groups, stages, self.share_draws)
        self.shares.append(shares)
        main = above.stage if above is not None else stages[-1]
        self.histogram = histogram(formula_values[main] / model.formulas[main].unit.scale)

    def _draw(self, driver: Driver, distribution: Distribution, year: int) -> None:
        """Draw a driver, unless its distribution is that of the year before."""
        name, scale = driver.name, driver.unit.scale
        if name in self.drawn and self.drawn[name][0] is distribution:
            return
        self.drawn.pop(name, None)  # frees memory before the next draws are made
        own = self.sampler.of(name, distribution)
        self._refuse_infinite(name, own, year)
        self.drawn[name] = distribution, own if scale == 1 else scale * own, estimate(own, self.levels)

    def _refuse_infinite(self, name: str, value: Array | float, year: int) -> None:
        wrong = int(np.size(value) - (np.abs(value) <= MOST).sum())
        if not wrong:
            return
        formula = self.model.formulas.get(name)
        path = ("drivers", name) if formula is None else formula.derived.path
        reason = "driver_too_large" if formula is None else "formula_not_finite"
        often = (wrong, np.size(value)) if np.ndim(value) else None
        raise self.model.file.refuse(path, reason, year=year, often=often, most=MOST)

    def _compare(self, below: Array | float, above: Distribution) -> tuple[Estimate, Estimate | None, float]:
        other = self.sampler.of("top_down (apart)", above)
        if not np.all(np.abs(other) <= MOST):
            raise self.model.file.refuse(("top_down",), "top_down_too_large", most=MOST)
        ratios = below / other if np.min(other) > 0 else np.inf
        ratio = estimate(ratios, self.levels) if np.all(np.abs(ratios) <= MOST) else None
        higher = np.mean(np.greater(below, other)) + np.mean(np.equal(below, other)) / 2
        return estimate(other, self.levels), ratio, float(higher)
