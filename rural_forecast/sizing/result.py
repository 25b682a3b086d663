"""A market sized bottom-up: its stages in every year, in any currency or prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.distribution import Chance, chance
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.money.conversion import Conversion
from rural_forecast.observed.money.deflation import Deflator
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.money.units import currency_of, with_currency
from rural_forecast.question.question import headline
from rural_forecast.sizing.model import MarketModel
from rural_forecast.sizing.montecarlo import (
    Estimate,
    Group,
    Marginal,
)


class Stage(NamedTuple):
    """A stage in every year that is sized."""

    name: str
    title: str
    formula: str
    unit: str
    estimates: tuple[Estimate, ...]
    shares: tuple[Mapping[Group, float], ...]
    """First-order share of the variance by group of drivers, a year each; empty if none varies."""


class TopDown(NamedTuple):
    """A stage against the top-down series, in every year."""

    stage: str
    series: str
    origin: int  # the last year observed; from then on it is a forecast
    last: float  # the value of that year, in the unit of the stage
    top_down: tuple[Estimate, ...]  # in the unit of the stage
    ratio: tuple[Estimate | None, ...]
    """bottom-up over top-down; None where the top-down series may be zero or less."""
    above: tuple[float, ...]
    """probability that the bottom-up value is the higher one, the two being independent."""


@dataclass(frozen=True, slots=True, eq=False)
class Sizing(Comparable):
    """The result of sizing a model."""

    model: MarketModel
    years: tuple[int, ...]
    levels: tuple[int, ...]
    draws: int
    seed: int
    stages: tuple[Stage, ...]
    drivers: Mapping[str, tuple[Estimate, ...]]
    """Of drivers with values of their own and derived ones, for each year, in `units`."""
    units: Mapping[str, str]
    marginals: Mapping[str, Marginal]
    comparison: TopDown | None
    drawn: Array
    """Joint draws of the main stage, at most `DEFAULT_DRAWS` of them; shape (draw, year)."""
    money: tuple[Conversion, ...] = ()
    """How amounts were converted, in order: to the prices of one year, to another currency."""
    notes: tuple[Note, ...] = ()
    breaks: tuple[int, ...] = ()
    """First years on a new basis that were stated of all series, beside those in the model."""

    def chance(self, target: float) -> Chance:
        """Return the chance that the main stage is at or above a value in each year, and by then.

        Parameters
        ----------
        target : a value in the unit of the main stage

        >>> from rural_forecast.sizing.size import size
        >>> reaching = size("rural_online_retail", year=2026).chance(2500)
        >>> len(reaching.at_or_above) == len(reaching.years)
        True
        """
        return chance(self.drawn, np.empty(0), self.years[0], self.years, float(target))

    @property
    def headline(self) -> int:
        """Index of the level that sentences name."""
        return headline(self.levels)

    @property
    def main(self) -> Stage:
        """The stage that is set against the top-down series, or the last one."""
        return next(stage for stage in self.stages if stage.name == self.model.main)

    def medians(self, index: int) -> dict[str, float]:
        """Medians of the drivers with values of their own in one of the years.

        They are at scale 1, as formulas take them.

        Parameters
        ----------
        index : place of the year in `years`
        """
        return {
            driver.name: driver.unit.scale * self.drivers[driver.name][index].value
            for driver in self.model.drivers
        }

    def __repr__(self) -> str:
        return f"<Sizing of {self.model.title}: {self.years[0]} to {self.years[-1]}>"


@in_currency.register
def converted(result: Sizing, how: Exchange | Deflator) -> Sizing:
    """The amounts of every year in another currency, or in the prices of one year.

    Shares, ratios and counts stay.
    """
    comparison = result.comparison
    powers = _powers_of_currency(result)

    def amounts(name: str, by_year: Sequence[Estimate]) -> tuple[Estimate, ...]:
        if not powers[name]:
            return tuple(by_year)
        converted = []
        for year, of_year in zip(result.years, by_year, strict=True):
            factor = how.rate(year) ** -powers[name]
            converted.append(_multiplied(of_year, factor))
        return tuple(converted)

    def unit_of(name: str, text: str) -> str:
        if not powers[name]:
            return text
        if isinstance(how, Exchange):
            return with_currency(text, how.to)
        prices = how.unit.rpartition(" (")[2]
        return f"{text} ({prices}"

    if comparison:
        top_down = amounts(comparison.stage, comparison.top_down)
        last = how.value(comparison.last, comparison.origin)
        comparison = comparison._replace(top_down=top_down, last=last)
    if isinstance(how, Exchange):
        note = how.note(result.years, "sizing", result.main.unit)
    else:
        note = how.note(result.years)
    factors = [how.rate(year) ** -powers[result.main.name] for year in result.years]
    stages = []
    for stage in result.stages:
        estimates = amounts(stage.name, stage.estimates)
        stages.append(stage._replace(estimates=estimates, unit=unit_of(stage.name, stage.unit)))
    return replace(
        result,
        stages=tuple(stages),
        drivers={name: amounts(name, by_year) for name, by_year in result.drivers.items()},
        units={name: unit_of(name, text) for name, text in result.units.items()},
        comparison=comparison,
        money=(*result.money, how),
        notes=(note, *result.notes),
        drawn=result.drawn * np.array(factors),
    )


def _powers_of_currency(result: Sizing) -> dict[str, int]:
    """The power of the currency in each unit: 1 in yuan a head, -1 in orders per yuan, else 0."""
    model = result.model
    units = {driver.name: driver.unit for driver in model.drivers}
    units |= {name: formula.unit for name, formula in model.formulas.items()}
    own = currency_of(result.main.unit).code
    powers = dict.fromkeys(units, 0)
    for name, unit in units.items():
        for noun, power in unit.powers:
            if _code(noun) == own:
                powers[name] += power
    return powers


def _multiplied(estimate: Estimate, factor: float) -> Estimate:
    return Estimate(
        value=factor * estimate.value,
        lower=tuple(factor * end for end in estimate.lower),
        upper=tuple(factor * end for end in estimate.upper),
    )


def _code(noun: str) -> str:
    """The code of the currency of this name, empty for another noun."""
    try:
        return currency_of(noun).code
    except UsageError:
        return ""
