"""A market sized bottom-up: the stages of a model in every year, against the top-down forecast.

`bridge` and `swings` say what moves the main stage: over the years, and within the intervals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, log
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.distribution import Chance, chance
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.money import (
    Conversion,
    Deflator,
    Exchange,
    currency_of,
    deflator,
    with_currency,
)
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import DEFAULT_LEVELS, checked_levels, headline
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.formulas import YEAR, Formula, Node, evaluate, failed_step
from rural_forecast.sizing.model import FromSeries, MarketModel, load, years_of
from rural_forecast.sizing.montecarlo import (
    Estimate,
    Group,
    Marginal,
    Sampler,
    Values,
    estimate,
    estimate_of,
    results,
    variance_shares,
)
from rural_forecast.sizing.montecarlo import marginal as marginal_of
from rural_forecast.sizing.montecarlo import of_series as marginal_of_series
from rural_forecast.sizing.toml import RANGE_LEVEL, Keys, TableError, cited, under
from rural_forecast.text.wording import listed

DEFAULT_DRAWS = 100_000
FEWEST_DRAWS = 1_000
MOST_DRAWS = 1_000_000
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two draws, so their difference must
be a number too.
"""
SMALL = 0.0005  # log growth of a factor that is left out of a bridge
FARTHEST = 2.0
"""Times by which the growth of the result and that of its factors may differ in a bridge."""
AGREE = 0.2  # bottom-up and top-down should come within 20 % of each other


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

    def chance(self, target: float) -> Chance:
        """Return the chance that the main stage is at or above a value in each year, and by then.

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
        """
        return {
            driver.name: driver.unit.scale * self.drivers[driver.name][index].value
            for driver in self.model.drivers
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
    source : path of the file, the name, or a model that was read
    year : last year sized, in place of the file's
    levels : interval levels in whole percents, 30 to 99
    draws : number of Monte Carlo draws, 1,000 to 1,000,000
    seed : the same seed gives the same numbers
    real, inflation : the year whose prices amounts of every year are in; inflation in percent, a
        country or a series, known here if left out

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
    with model.file.refusing():
        years = years_of(model, year)
        marginals = {driver.name: marginal_of(driver, years) for driver in model.drivers}
        if model.top_down:
            with under("top_down"):
                above = marginal_of_series(model.top_down, years)
        sampler = Sampler(marginals, years, model.correlation, draws, seed)
        simulated = _simulated(model, years, levels, marginals, above, sampler)

    units = {driver.name: driver.unit_text for driver in model.drivers}
    stages = []
    for name, formula in model.formulas.items():
        if name not in model.stages:
            units[name] = formula.unit_text or str(formula.unit)
            continue
        stages.append(
            Stage(
                name=name,
                title=formula.title,
                formula=formula.text,
                unit=formula.unit_text,
                estimates=tuple(simulated.estimates[name]),
                shares=tuple(simulated.shares[name]),
            )
        )
    result = Sizing(
        model=model,
        years=years,
        levels=levels,
        draws=draws,
        seed=seed,
        stages=tuple(stages),
        drivers={name: tuple(simulated.estimates[name]) for name in units},
        units=units,
        marginals=marginals,
        comparison=_compared(model, above, simulated.against),
        drawn=np.stack(simulated.drawn, axis=1),
    )
    result = replace(result, notes=tuple(_notes(result, above, sampler)))
    if real is None:
        return result
    return _converted(result, deflator(result.main.unit, real, inflation=inflation))


class _Against(NamedTuple):
    """The main stage against the top-down series in a year, as in `TopDown`."""

    top_down: Estimate
    ratio: Estimate | None
    above: float


class _Simulated(NamedTuple):
    """All that the draws give, year by year."""

    estimates: Mapping[str, list[Estimate]]  # of drivers and formulas, in their units
    shares: Mapping[str, list[Mapping[Group, float]]]  # of the variance of stages
    against: list[_Against]
    drawn: list[Array]  # of the main stage


class _Drawn(NamedTuple):
    """The draws of a driver."""

    distribution: Distribution
    values: Array | float  # at scale 1, as formulas take them
    estimate: Estimate  # in the unit of the driver


# Values that are not finite are refused with the name of the driver or formula.
@np.errstate(all="ignore")
def _simulated(
    model: MarketModel,
    years: Sequence[int],
    levels: tuple[int, ...],
    marginals: Mapping[str, Marginal],
    above: Marginal | None,
    sampler: Sampler,
) -> _Simulated:
    """Draw the drivers, and work out the formulas, in every year."""
    drawn: dict[str, _Drawn] = {}
    estimates = defaultdict[str, list[Estimate]](list)
    shares = defaultdict[str, list[Mapping[Group, float]]](list)
    against = []
    of_main = []
    for year in years:
        for driver in model.drivers:
            name = driver.name
            distribution = marginals[name].by_year[year]
            # A driver that is the same in all years is drawn once.
            if name not in drawn or drawn[name].distribution is not distribution:
                drawn.pop(name, None)  # frees memory before the next draws are made
                own = sampler.of(name, distribution)
                _require_finite(own, year, ("drivers", name))
                scale = driver.unit.scale
                drawn[name] = _Drawn(
                    distribution,
                    values=own if scale == 1 else scale * own,
                    estimate=estimate_of(distribution, levels),
                )
            estimates[name].append(drawn[name].estimate)

        values = {name: draws.values for name, draws in drawn.items()}
        of_formulas = results(model.formulas, values, year, sampler.draws)
        for name, value in of_formulas.items():
            formula = model.formulas[name]
            _require_steps(formula, value, {**values, **of_formulas}, year)
            in_unit = value / formula.unit.scale
            _require_finite(in_unit, year, formula.path, "Write it in a larger unit.")
            estimates[name].append(estimate(in_unit, levels))
            if name == model.main:
                joint = np.broadcast_to(in_unit, (sampler.draws,))[:DEFAULT_DRAWS]
                of_main.append(joint)
            if above and name == model.main:
                other = sampler.of("top_down (apart)", above.by_year[year])
                _require_finite(other, year, ("top_down",))
                against.append(_set_against(in_unit, other, levels))
        by_stage = variance_shares(model.formulas, values, of_formulas, year, sampler, model.stages)
        for stage, of_stage in by_stage.items():
            shares[stage].append(of_stage)
    return _Simulated(estimates, shares, against, of_main)


def _require_steps(formula: Formula, value: Array | float, values: Values, year: int) -> None:
    """Raise TableError, with the step, where a step of a formula gives no finite number."""
    if not np.any(np.isnan(value)):
        return
    step = failed_step(formula.node, {**values, YEAR: float(year)})
    if step is None:
        return
    often = f" in {step.draws:,} of {np.size(value):,} draws" if np.ndim(value) else ""
    problem = f"{cited(step.node.text)} {step.why} in {year}{often}."
    raise TableError(problem, step.hint, formula.path)


def _require_finite(
    value: Array | float, year: int, path: Keys, hint: str = "Give a narrower range."
) -> None:
    wrong = int(np.size(value) - (np.abs(value) <= MOST).sum())
    if wrong:
        often = f" in {wrong:,} of {np.size(value):,} draws" if np.ndim(value) else ""
        raise TableError(f"this gives no finite number for {year}{often}.", hint, path)


def _set_against(own: Array | float, other: Array | float, levels: Sequence[int]) -> _Against:
    """Draws of the main stage against those of the top-down series."""
    ratios = own / other if np.min(other) > 0 else np.inf
    ratio = estimate(ratios, levels) if np.all(np.abs(ratios) <= MOST) else None
    # Equal draws count half, so two equal certain numbers have a chance of a half.
    higher = np.mean(np.greater(own, other)) + np.mean(np.equal(own, other)) / 2
    return _Against(estimate(other, levels), ratio, float(higher))


def _compared(
    model: MarketModel, above: Marginal | None, against: Sequence[_Against]
) -> TopDown | None:
    if model.top_down is None or above is None or above.origin is None:
        return None
    return TopDown(
        stage=model.main,
        series=model.top_down.series.id,
        origin=above.origin,
        last=above.last,
        top_down=tuple(of_year.top_down for of_year in against),
        ratio=tuple(of_year.ratio for of_year in against),
        above=tuple(of_year.above for of_year in against),
    )


def _notes(result: Sizing, above: Marginal | None, sampler: Sampler) -> Iterator[Note]:
    model = result.model
    yield from _doubts(model, result.comparison)
    if sampler.joined:
        text = f"{listed(sampler.joined)} correlate at {sampler.correlation:g}."
        yield Note("correlation", text)
    for name, marginal in result.marginals.items():
        for note in marginal.notes:
            yield note.about(name)
    if result.comparison and above:
        for note in above.notes:
            if note.warning:
                yield note.about(result.comparison.series)
    level = model.range_level or RANGE_LEVEL
    yield Note(
        "draws",
        f"{result.draws:,} draws, seed {result.seed}. A range a..b is an {level} % interval. "
        "Intervals hold what the drivers leave open, not a wrong formula.",
    )


def _doubts(model: MarketModel, comparison: TopDown | None) -> Iterator[Note]:
    ratio = comparison.ratio[-1] if comparison else None
    if comparison and ratio and not 1 - AGREE <= ratio.value <= 1 / (1 - AGREE):
        yield Note(
            "sides_differ",
            f"{comparison.stage} and {comparison.series} differ by more than "
            f"{100 * AGREE:.0f} %: look again at the drivers, and whether both mean the same "
            "market.",
        )
    used = frozenset[str]().union(*(model.formulas[stage].uses for stage in model.stages))
    idle = [driver.name for driver in model.drivers if driver.name not in used]
    if idle:
        yield Note("unused_drivers", f"In no formula of a stage: {', '.join(idle)}.")
    own = [driver for driver in model.drivers if not isinstance(driver.value, FromSeries)]
    bare = [driver.name for driver in own if not driver.source and not driver.assumption]
    if bare:
        yield Note("no_source", f"Neither a source nor marked as an assumption: {', '.join(bare)}.")
    if model.range_level is None and any(".." in driver.written for driver in model.drivers):
        yield model.file.note_on_ranges()
    for driver in model.drivers:
        if driver.note:
            yield Note("driver", f"{driver.name}: {driver.note.rstrip('.')}.")
    for formula in model.formulas.values():
        if formula.note:
            yield Note("formula", f"{formula.name}: {formula.note.rstrip('.')}.")


@in_currency.register
def _converted(result: Sizing, how: Exchange | Deflator) -> Sizing:
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


def bridge(result: Sizing) -> dict[str, float]:
    """The amount that each growing factor adds to the main stage, from the first year to the last.

    Logarithmic means (LMDI: Ang 2005, DOI 10.1016/j.enpol.2003.10.010), at the medians of the
    drivers, scaled to add up to the change. Empty unless the stage is a product of positive factors
    and changes as they do.
    """
    formulas = result.model.formulas
    nodes = [*_factors(formulas[result.main.name].node)]
    factors = {node.text: node for node in nodes}
    # A factor that is there twice has no share of its own.
    if len(result.years) < 2 or len(factors) < max(len(nodes), 2):
        return {}

    def at_medians(index: int) -> dict[str, float]:
        year = result.years[index]
        middle = result.medians(index)
        values = {YEAR: float(year), **middle, **results(formulas, middle, year)}
        return {name: float(evaluate(node, values)) for name, node in factors.items()}

    first = at_medians(0)
    last = at_medians(-1)
    before = result.main.estimates[0].value
    after = result.main.estimates[-1].value
    if min(*first.values(), *last.values(), before, after) <= 0:
        return {}
    growth = {name: log(last[name] / start) for name, start in first.items()}
    growth = {name: own for name, own in growth.items() if abs(own) > SMALL}
    whole = log(after / before)
    total = sum(growth.values())
    if not total or not 1 / FARTHEST < whole / total < FARTHEST:
        return {}
    return {name: (after - before) * own / total for name, own in growth.items()}


def _factors(node: Node) -> Iterator[Node]:
    """The terms of a product, or a formula that is none."""
    if node.sign == "*":
        for term in node.terms:
            yield from _factors(term)
    else:
        yield node


def swings(result: Sizing) -> dict[str, tuple[float, float]]:
    """The main stage in its last year with one driver at each end of its interval, widest first.

    The other drivers are at their medians. There the formula gives another value than the median
    of the draws, around which the ends are moved.
    """
    model = result.model
    main = result.main.name
    formula = model.formulas[main]
    middle = result.medians(-1)
    median = result.main.estimates[-1].value

    def main_stage(drivers: Mapping[str, float]) -> float:
        values = results(model.formulas, drivers, result.years[-1])
        return float(values[main]) / formula.unit.scale

    base = main_stage(middle)

    def around_median(value: float) -> float:
        return value * (median / base) if base * median > 0 else value - base + median

    bars = {}
    widths = {}
    for driver in model.drivers:
        name = driver.name
        estimate = result.drivers[name][-1]
        if name not in formula.uses or not estimate.upper[0] > estimate.lower[0]:
            continue
        scale = driver.unit.scale
        low = main_stage({**middle, name: scale * estimate.lower[result.headline]})
        high = main_stage({**middle, name: scale * estimate.upper[result.headline]})
        ends = around_median(low), around_median(high)
        if all(map(isfinite, (high - low, *ends))):
            widths[name] = abs(high - low)
            bars[name] = ends
    return {name: bars[name] for name in sorted(bars, key=lambda name: -widths[name])}
