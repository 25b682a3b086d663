"""A market sized bottom-up: the stages of a model in every year, and their ratio to the top-down
forecast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.question import DEFAULT_LEVELS, checked_levels, headline
from rural_forecast.forecasting.result import in_currency
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.money import (
    Conversion,
    Deflator,
    Exchange,
    currency_of,
    deflator,
    with_currency,
)
from rural_forecast.series.observation import Series
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.formulas import YEAR, Node, evaluate
from rural_forecast.sizing.model import FromSeries, MarketModel, load, years_of
from rural_forecast.sizing.montecarlo import (
    Estimate,
    Group,
    Marginal,
    Sampler,
    estimate,
    results,
    variance_shares,
)
from rural_forecast.sizing.montecarlo import marginal as marginal_of
from rural_forecast.sizing.montecarlo import of_series as marginal_of_series
from rural_forecast.sizing.toml import RANGE_LEVEL, Keys, TableError, at
from rural_forecast.text.wording import listed

DEFAULT_DRAWS = 100_000
FEWEST_DRAWS = 1_000
MOST_DRAWS = 1_000_000
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two of them, so differences must be
numbers too.
"""
SMALL = 0.0005  # log growth of a factor that brings nothing to speak of
# Times by which the growth of the result and that of its factors may differ in a bridge.
FARTHEST = 2.0
AGREE = 0.2  # bottom-up and top-down should come within 20 % of each other


class Stage(NamedTuple):
    """A stage in every year that is sized."""

    name: str
    title: str
    formula: str
    unit: str
    estimates: tuple[Estimate, ...]
    shares: tuple[Mapping[Group, float], ...]
    """First-order share of the variance by group of drivers, for each year; empty where nothing
    varies.
    """


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
    money: tuple[Conversion, ...] = ()
    """How amounts were converted, in order: to the prices of one year, to another currency."""
    notes: tuple[Note, ...] = ()

    @property
    def headline(self) -> int:
        """Place of the level that sentences name."""
        return headline(self.levels)

    @property
    def main(self) -> Stage:
        """The stage that is set against the top-down series, or the last one."""
        return next(stage for stage in self.stages if stage.name == self.model.main)

    def medians(self, index: int) -> dict[str, float]:
        """Medians of the drivers with values of their own in one of the years, as formulas take
        them: at scale 1.
        """
        return {
            each.name: each.unit.scale * self.drivers[each.name][index].value
            for each in self.model.drivers
        }

    def __repr__(self) -> str:
        return f"<Sizing of {self.model.title}: {self.years[0]} to {self.years[-1]}>"


def size(
    source: str | Path | MarketModel,
    *,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    draws: int = DEFAULT_DRAWS,
    seed: int = 1,
    real: int | None = None,
    inflation: float | str | Series | None = None,
) -> Sizing:
    """Size a market bottom-up by the model of a TOML file, or of a name that ships.

    Parameters
    ----------
    year : last year sized, in place of the file's
    levels : interval levels in whole percents, 30 to 99
    draws : number of Monte Carlo draws, 1,000 to 1,000,000
    seed : the same seed gives the same numbers
    real : give amounts of every year in the prices of this one; `inflation` as for `deflator`

    Raises
    ------
    UsageError : a level, the seed or the number of draws is impossible; prices of a year are not
        known
    InputError : the model is not there, or is refused, with the place in the file

    >>> result = size("rural_online_retail", year=2026)
    >>> [stage.unit for stage in result.stages]
    ['bn CNY']
    """
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws:,} draws are not between {FEWEST_DRAWS:,} and {MOST_DRAWS:,}.")
    if seed < 0:
        raise UsageError(f"The seed {seed} is negative.", "Give a whole number from 0 on.")
    levels = checked_levels(levels)
    model = source if isinstance(source, MarketModel) else load(source)
    above = None
    top_down = model.top_down
    comparison = None
    with model.file.refusing():
        years = years_of(model, year)
        marginals = {driver.name: marginal_of(driver, years) for driver in model.drivers}
        if top_down:
            with at("top_down"):
                above = marginal_of_series(top_down, years)
        sampler = Sampler(marginals, years, model.correlation, draws, seed)
        estimates, shares, against = _simulated(model, years, levels, marginals, above, sampler)
    units = {driver.name: driver.unit_text for driver in model.drivers}
    stages = []
    for name, each in model.formulas.items():
        if name in model.stages:
            of_stage = tuple(estimates[name]), tuple(shares[name])
            stages.append(Stage(name, each.title, each.text, each.unit_text, *of_stage))
        else:
            units[name] = each.unit_text or str(each.unit)
    of_drivers = [note.about(name) for name, own in marginals.items() for note in own.notes]
    if top_down and above and above.origin is not None:
        name = top_down.series.id
        of_drivers += [note.about(name) for note in above.notes if note.warning]
        comparison = TopDown(
            model.main, name, above.origin, above.last, *zip(*against, strict=True)
        )
    text = f"{draws:,} draws, seed {seed}. A range a..b is an {model.range_level or RANGE_LEVEL} % interval. "
    joined = f"{listed(sampler.joined)} correlate at {sampler.correlation:g}."
    result = Sizing(
        *(model, years, levels, draws, seed, tuple(stages)),
        drivers={name: tuple(estimates[name]) for name in units},
        units=units,
        marginals=marginals,
        comparison=comparison,
        notes=(
            *_doubts(model, comparison),
            *([Note("correlation", joined)] if sampler.joined else []),
            *of_drivers,
            Note(
                "draws", f"{text}Intervals hold what the drivers leave open, not a wrong formula."
            ),
        ),
    )
    return (
        result
        if real is None
        else _converted(result, deflator(result.main.unit, real, inflation=inflation))
    )


# Values that are not finite are refused with the name of the driver or formula.
@np.errstate(all="ignore")
def _simulated(
    model: MarketModel,
    years: Sequence[int],
    levels: tuple[int, ...],
    marginals: Mapping[str, Marginal],
    above: Marginal | None,
    sampler: Sampler,
) -> tuple[
    Mapping[str, list[Estimate]], Mapping[str, list[Mapping[Group, float]]], list[tuple[Any, ...]]
]:
    """By year: drivers and formulas in their units, shares of the variance, and the main stage
    against the series.
    """
    drawn: dict[str, tuple[Distribution, Array | float, Estimate]] = {}
    estimates = defaultdict[str, list[Any]](list)
    shares = defaultdict[str, list[Any]](list)
    against = []
    for year in years:
        for driver in model.drivers:
            name, scale, distribution = (
                driver.name,
                driver.unit.scale,
                marginals[driver.name].by_year[year],
            )
            # The same is not drawn again.
            if name not in drawn or drawn[name][0] is not distribution:
                drawn.pop(name, None)  # frees memory before the next draws are made
                own = sampler.of(name, distribution)
                _require_finite(own, year, ("drivers", name))
                drawn[name] = (
                    distribution,
                    own if scale == 1 else scale * own,
                    estimate(own, levels),
                )
            estimates[name].append(drawn[name][2])
        values = {name: each[1] for name, each in drawn.items()}
        found = results(model.formulas, values, year, sampler.draws)
        for name, value in found.items():
            in_unit = value / model.formulas[name].unit.scale
            hint = (
                f"It divides by zero, raises a negative number to a fraction, or passes {MOST:g}."
            )
            _require_finite(in_unit, year, model.formulas[name].path, hint)
            estimates[name].append(estimate(in_unit, levels))
            if above and name == model.main:
                other = sampler.of("top_down (apart)", above.by_year[year])
                _require_finite(other, year, ("top_down",))
                ratios = in_unit / other if np.min(other) > 0 else np.inf
                ratio = estimate(ratios, levels) if np.all(np.abs(ratios) <= MOST) else None
                higher = np.mean(np.greater(in_unit, other)) + np.mean(np.equal(in_unit, other)) / 2
                against.append((estimate(other, levels), ratio, float(higher)))
        for stage, of_stage in variance_shares(
            model.formulas, values, found, year, sampler, model.stages
        ).items():
            shares[stage].append(of_stage)
    return estimates, shares, against


def _require_finite(
    value: Array | float, year: int, path: Keys, hint: str = "Give a narrower range."
) -> None:
    if wrong := int(np.size(value) - (np.abs(value) <= MOST).sum()):
        often = f" in {wrong:,} of {np.size(value):,} draws" if np.ndim(value) else ""
        raise TableError(f"this gives no finite number for {year}{often}.", hint, path)


def _doubts(model: MarketModel, comparison: TopDown | None) -> Iterator[Note]:
    if (
        comparison
        and (ratio := comparison.ratio[-1])
        and not 1 - AGREE <= ratio.value <= 1 / (1 - AGREE)
    ):
        both = f"{comparison.stage} and {comparison.series} differ by more than {100 * AGREE:.0f} %"
        yield Note(
            "sides_differ",
            f"{both}: look again at the drivers, and whether both mean the same market.",
        )
    used = frozenset[str]().union(*(model.formulas[stage].uses for stage in model.stages))
    if idle := [each.name for each in model.drivers if each.name not in used]:
        yield Note("unused_drivers", f"In no formula of a stage: {', '.join(idle)}.")
    own = (each for each in model.drivers if not isinstance(each.value, FromSeries))
    if bare := [each.name for each in own if not each.source and not each.assumption]:
        yield Note("no_source", f"Neither a source nor marked as an assumption: {', '.join(bare)}.")
    if model.range_level is None and any(".." in driver.written for driver in model.drivers):
        yield model.file.note_on_ranges()
    for code, those in (("driver", model.drivers), ("formula", model.formulas.values())):
        yield from (
            Note(code, f"{each.name}: {each.note.rstrip('.')}.") for each in those if each.note
        )


@in_currency.register
def _converted(result: Sizing, how: Exchange | Deflator) -> Sizing:
    """The amounts of every year in another currency, or in the prices of one year; shares, ratios
    and counts stay.
    """
    model = result.model
    comparison = result.comparison
    old = currency_of(result.main.unit).code
    units = {driver.name: driver.unit for driver in model.drivers}
    units |= {name: formula.unit for name, formula in model.formulas.items()}
    powers = {  # of the currency: 1 in yuan a head, -1 in orders per yuan, else 0
        name: sum(power for noun, power in unit.powers if _code(noun) == old)
        for name, unit in units.items()
    }

    def amounts(name: str, by_year: Sequence[Estimate]) -> tuple[Estimate, ...]:
        if not powers[name]:
            return tuple(by_year)
        factors = (how.rate(year) ** -powers[name] for year in result.years)
        return tuple(
            Estimate(
                factor * each.value, *(tuple(factor * end for end in side) for side in each[1:])
            )
            for each, factor in zip(by_year, factors, strict=True)
        )

    def unit(name: str, text: str) -> str:
        if not powers[name]:
            return text
        return (
            with_currency(text, how.to)
            if isinstance(how, Exchange)
            else f"{text} ({how.unit.rpartition(' (')[2]}"
        )

    if comparison:
        top_down = amounts(comparison.stage, comparison.top_down)
        last = how.value(comparison.last, comparison.origin)
        comparison = comparison._replace(top_down=top_down, last=last)
    note = (
        how.note(result.years, "sizing", result.main.unit)
        if isinstance(how, Exchange)
        else how.note(result.years)
    )
    return replace(
        result,
        stages=tuple(
            each._replace(
                estimates=amounts(each.name, each.estimates), unit=unit(each.name, each.unit)
            )
            for each in result.stages
        ),
        drivers={name: amounts(name, by_year) for name, by_year in result.drivers.items()},
        units={name: unit(name, text) for name, text in result.units.items()},
        comparison=comparison,
        money=(*result.money, how),
        notes=(note, *result.notes),
    )


def _code(noun: str) -> str:
    try:
        return currency_of(noun).code
    except UsageError:
        return ""


def bridge(result: Sizing) -> dict[str, float]:
    """The amount that each factor that grows adds to the main stage from the first to the last
    year.

    Logarithmic means (LMDI: Ang 2005, DOI 10.1016/j.enpol.2003.10.010), at the medians of the
    drivers, scaled to add up to the change. Empty unless the stage is a product of positive factors
    and changes as they do.
    """
    formulas = result.model.formulas
    nodes = [*_factors(formulas[result.main.name].node)]
    factors = {node.text: node for node in nodes}
    ends = []
    if len(result.years) < 2 or len(factors) < max(len(nodes), 2):
        return {}
    for index in (0, -1):
        year = result.years[index]
        middle = result.medians(index)
        known = {YEAR: float(year), **middle, **results(formulas, middle, year)}
        ends.append({name: float(evaluate(node, known)) for name, node in factors.items()})
    before, after = (result.main.estimates[index].value for index in (0, -1))
    if min(*ends[0].values(), *ends[1].values(), before, after) <= 0:
        return {}
    growth = {name: log(ends[1][name] / first) for name, first in ends[0].items()}
    growth = {name: own for name, own in growth.items() if abs(own) > SMALL}
    whole = log(after / before)
    total = sum(growth.values())
    if not total or not 1 / FARTHEST < whole / total < FARTHEST:
        return {}
    return {name: (after - before) * own / total for name, own in growth.items()}


def _factors(node: Node) -> Iterator[Node]:
    if node.sign == "*":
        for term in node.terms:
            yield from _factors(term)
    else:
        yield node


def swings(result: Sizing) -> dict[str, tuple[float, float]]:
    """The main stage in its last year, one driver at each end of its interval, others at medians;
    the widest first.
    """
    model = result.model
    centre = result.main.estimates[-1].value
    bars = {}
    formula = model.formulas[result.main.name]
    middle = result.medians(-1)

    def at(**moved: float) -> float:
        found = results(model.formulas, middle | moved, result.years[-1])
        return float(found[result.main.name]) / formula.unit.scale

    base = at()
    for driver in model.drivers:
        estimate = result.drivers[driver.name][-1]
        if driver.name in formula.uses and estimate.upper[0] > estimate.lower[0]:
            ends = (estimate.lower[result.headline], estimate.upper[result.headline])
            low, high = (at(**{driver.name: driver.unit.scale * end}) for end in ends)
            around = [
                value * (centre / base) if base * centre > 0 else value - base + centre
                for value in (low, high)
            ]
            if all(map(isfinite, (high - low, *around))):
                bars[driver.name] = abs(high - low), (around[0], around[1])
    return {name: around for name, (_, around) in sorted(bars.items(), key=lambda bar: -bar[1][0])}
