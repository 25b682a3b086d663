"""A market sized bottom-up: what the stages of a model come to, and how that stands to the top-down forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.api.arguments import checked
from rural_forecast.api.equality import Comparable
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import DEFAULT_LEVELS, checked_levels
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.drivers import Marginal, marginal, of_series
from rural_forecast.sizing.expression import signs
from rural_forecast.sizing.model_file import Model, load, years_of
from rural_forecast.sizing.montecarlo import (
    DEFAULT_DRAWS,
    FEWEST_DRAWS,
    MOST_DRAWN,
    MOST_DRAWS,
    MOST_HELD,
    Estimate,
    Group,
    Sampler,
    draws_for_shares,
    estimate,
    results,
    variance_shares,
)

if TYPE_CHECKING:
    from rural_forecast.models.base import Array

DEFAULT_SEED = 1
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two of them, so differences must be numbers too."""


class Stage(NamedTuple):
    """A stage in every year that is sized."""

    name: str
    title: str
    formula: str
    unit: str
    estimates: tuple[Estimate, ...]
    shares: tuple[Mapping[Group, float], ...]
    """First-order share of the variance by group of drivers, for each year; empty where nothing varies."""


class Comparison(NamedTuple):
    """A stage against the top-down series, in every year."""

    stage: str
    series: str
    origin: int
    """The last year observed; from then on it is a forecast."""
    top_down: tuple[Estimate, ...]
    """In the unit of the stage."""
    ratio: tuple[Estimate | None, ...]
    """Bottom-up over top-down; None where the top-down series may be zero or less."""
    above: tuple[float, ...]
    """Probability that the bottom-up value is the higher one, the two being independent."""


@dataclass(frozen=True, slots=True, eq=False)
class Sizing(Comparable):
    """The result of sizing a model."""

    model: Model
    years: tuple[int, ...]
    levels: tuple[int, ...]
    draws: int
    share_draws: int
    """The first draws, on which the shares of the variance rest; all unless the model is large."""
    seed: int
    stages: tuple[Stage, ...]
    drivers: Mapping[str, tuple[Estimate, ...]]
    """Of drivers with values of their own and derived ones, for each year, in `units`."""
    units: Mapping[str, str]
    marginals: Mapping[str, Marginal]
    comparison: Comparison | None
    from_above: Marginal | None

    def __repr__(self) -> str:
        return f"<Sizing of {self.model.title}: {self.years[0]} to {self.years[-1]}>"

    @property
    def main(self) -> Stage:
        """The stage that is set against the top-down series, or the last one."""
        name = self.comparison.stage if self.comparison else self.stages[-1].name
        return next(stage for stage in self.stages if stage.name == name)


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
    levels : interval levels in whole percents, 50 to 99
    draws : number of Monte Carlo draws, 1,000 to 1,000,000
    seed : the same seed gives the same numbers

    Raises
    ------
    UsageError : a level, the seed or the number of draws is impossible
    InputError : the model was not found or is refused, with the place in the file

    >>> result = size("rural_online_retail", year=2026)
    >>> [stage.unit for stage in result.stages]
    ['bn CNY']
    """
    levels = _checked(levels, draws, seed)
    model = load(source)
    years = years_of(model, year)
    marginals = {driver.name: marginal(driver, years, model.file) for driver in model.drivers}
    above = model.top_down
    from_above = of_series(above.value, years, model.file, ("top_down",)) if above else None
    uncertain = [name for name, one in marginals.items() if any(one.varies(year) for year in years)]
    _require_bounded(model, len(uncertain), len(years), draws)
    sampler = Sampler(uncertain, model.pairs, draws, seed)
    run = _Run(model, years, levels, marginals, sampler)
    for place in range(len(years)):
        run.add(place, from_above)
    return Sizing(
        model=model,
        years=years,
        levels=levels,
        draws=draws,
        share_draws=run.share_draws,
        seed=seed,
        stages=tuple(run.stage(name) for name in model.stages),
        drivers={name: tuple(found) for name, found in run.drivers.items()},
        units=run.units,
        marginals=marginals,
        comparison=run.comparison(from_above),
        from_above=from_above,
    )


def _checked(levels: Sequence[int], draws: int, seed: int) -> tuple[int, ...]:
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws:,} draws are not between {FEWEST_DRAWS:,} and {MOST_DRAWS:,}.")
    if seed < 0:
        raise UsageError(f"The seed {seed} is negative.", "Give a whole number from 0 on.")
    return checked_levels(levels)


class _Drawn(NamedTuple):
    """A driver in a year."""

    distribution: Distribution
    values: Array | float
    """Draws of shape (draw,) in whole persons and yuan, or one number."""
    estimate: Estimate
    """In the driver's own unit."""


def _require_bounded(model: Model, uncertain: int, years: int, draws: int) -> None:
    """Refuse what would take too much memory or time.

    Raises
    ------
    UsageError : there are too many drivers and formulas for so many years and draws
    """
    held = uncertain + len(model.formulas) + 4 * len(model.stages)
    most = min(MOST_HELD // held, MOST_DRAWN // max(uncertain * years, 1))
    if draws > most:
        raise UsageError(
            f"{draws:,} draws of {uncertain} uncertain drivers in {years} year{'s' if years > 1 else ''} are more than "
            f"are worked out at once.",
            f"Use --draws {most:,}".replace(",", "") + " or less." if most >= FEWEST_DRAWS else "Size fewer years.",
        )


class _Run:
    """What is gathered year by year."""

    def __init__(
        self,
        model: Model,
        years: tuple[int, ...],
        levels: tuple[int, ...],
        marginals: Mapping[str, Marginal],
        sampler: Sampler,
    ) -> None:
        self._model, self._years, self._levels, self._marginals, self._sampler = (
            model,
            years,
            levels,
            marginals,
            sampler,
        )
        derived = [name for name in model.formulas if name not in model.stages]
        self.units = {driver.name: driver.unit_text for driver in model.drivers}
        self.units |= {name: model.formulas[name].given.unit_text or str(model.formulas[name].unit) for name in derived}
        self._scales = {driver.name: driver.unit.scale for driver in model.drivers}
        self._scales |= {name: formula.unit.scale for name, formula in model.formulas.items()}
        self.drivers: dict[str, list[Estimate]] = {name: [] for name in self.units}
        self._stages: dict[str, list[Estimate]] = {name: [] for name in model.stages}
        self._shares: dict[str, list[Mapping[Group, float]]] = {name: [] for name in model.stages}
        self._above: list[tuple[Estimate, Estimate | None, float]] = []
        self._drawn: dict[str, _Drawn] = {}
        total = sum(signs(formula.node) for formula in model.formulas.values())
        self.share_draws = draws_for_shares(len(sampler.groups), total, sampler.draws)

    @np.errstate(all="ignore")  # what is not finite is refused by name of driver and formula
    def add(self, place: int, from_above: Marginal | None) -> None:
        """Size one year."""
        model, year, draws = self._model, self._years[place], self._sampler.draws
        drawn = {name: self._draw(name, one.by_year[year], year) for name, one in self._marginals.items()}
        values = {name: one.values for name, one in drawn.items()}
        found = results(model.formulas, values, year, draws)
        estimates = {name: one.estimate for name, one in drawn.items()}
        for name, value in found.items():
            told = value / self._scales[name]
            self._refuse_infinite(name, told, year)
            estimates[name] = estimate(told, self._levels)
            if from_above is not None and model.top_down is not None and model.top_down.stage == name:
                self._above.append(self._compare(told, from_above.by_year[year]))
        for name, gathered in (*self.drivers.items(), *self._stages.items()):
            gathered.append(estimates[name])
        groups = self._sampler.groups
        by_stage = variance_shares(model.formulas, values, found, year, groups, model.stages, self.share_draws)
        for stage, shares in by_stage.items():
            self._shares[stage].append(shares)

    def _draw(self, name: str, distribution: Distribution, year: int) -> _Drawn:
        """Draws of a driver, made once where its distribution stays the same over the years."""
        known = self._drawn.get(name)
        if known is None or known.distribution is not distribution:
            self._drawn.pop(name, None)  # before the next ones are made
            own = self._sampler.of(name, distribution)
            self._refuse_infinite(name, own, year)
            scale = self._scales[name]
            values = own if scale == 1 else scale * own
            known = self._drawn[name] = _Drawn(distribution, values, estimate(own, self._levels))
        return known

    def _refuse_infinite(self, name: str, value: Array | float, year: int) -> None:
        wrong = int(np.size(value) - (np.abs(value) <= MOST).sum())
        if not wrong:
            return
        often = f" in {wrong:,} of {np.size(value):,} draws" if np.ndim(value) else ""
        formula = self._model.formulas.get(name)
        if formula is None:
            raise self._model.file.refuse(
                ("drivers", name), f"its values grow beyond {MOST:g} for {year}{often}", "Give a narrower range."
            )
        raise self._model.file.refuse(
            formula.given.path,
            f"the formula gives no finite number for {year}{often}",
            f"It divides by zero, raises a negative number to a fraction, or grows beyond {MOST:g}.",
        )

    def _compare(self, below: Array | float, above: Distribution) -> tuple[Estimate, Estimate | None, float]:
        other = self._sampler.apart("top_down", above)
        if not np.all(np.abs(other) <= MOST):
            raise self._model.file.refuse(("top_down",), f"its forecasts grow beyond {MOST:g}")
        ratios = below / other if np.min(other) > 0 else np.inf
        ratio = estimate(ratios, self._levels) if np.all(np.abs(ratios) <= MOST) else None
        higher = np.mean(np.greater(below, other)) + np.mean(np.equal(below, other)) / 2
        return estimate(other, self._levels), ratio, float(higher)

    def stage(self, name: str) -> Stage:
        """What was gathered of a stage."""
        given = self._model.formulas[name].given
        return Stage(
            name=name,
            title=self._model.titles.get(name, ""),
            formula=given.text,
            unit=given.unit_text,
            estimates=tuple(self._stages[name]),
            shares=tuple(self._shares[name]),
        )

    def comparison(self, from_above: Marginal | None) -> Comparison | None:
        """What was gathered against the top-down series."""
        given = self._model.top_down
        if given is None or from_above is None or from_above.origin is None:
            return None
        above, ratio, higher = zip(*self._above, strict=True)
        return Comparison(given.stage, given.value.series.id, from_above.origin, above, ratio, higher)
