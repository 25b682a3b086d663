"""A market sized bottom-up: the stages of a model in every year, and their ratio to the top-down forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable, checked
from rural_forecast.errors import Problem, UsageError
from rural_forecast.forecasting.distribution import siblings
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.question import DEFAULT_LEVELS, checked_levels, headline
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.money.conversion import Conversion, Exchange
from rural_forecast.series.money.prices import Deflator, deflator
from rural_forecast.series.money.units import currency_of, with_currency
from rural_forecast.series.observation import Series
from rural_forecast.sizing.distributions import RANGE_LEVEL, Distribution
from rural_forecast.sizing.marginals import Marginal, marginal, of_series
from rural_forecast.sizing.model import Driver, FromSeries, MarketModel, load, years_of
from rural_forecast.sizing.montecarlo import (
    DEFAULT_DRAWS,
    FEWEST_DRAWS,
    MOST_DRAWS,
    Estimate,
    Group,
    Sampler,
    Shares,
    estimate,
    results,
    variance_shares,
)
from rural_forecast.sizing.units import Unit
from rural_forecast.text.wording import listed

DEFAULT_SEED = 1
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two of them, so differences must be numbers too."""
AGREE = 0.2
"""Bottom-up and top-down should come within 20 % of each other."""
TOP_DOWN_CODES = frozenset({"learned_later", "growth", "conflict", "shared_values"})
"""Codes of notes on the top-down forecast that matter here, besides its warnings."""


class Stage(NamedTuple):
    """A stage in every year that is sized."""

    name: str
    title: str
    formula: str
    unit: str
    estimates: tuple[Estimate, ...]
    shares: tuple[Mapping[Group, float], ...]
    """First-order share of the variance by group of drivers, for each year; empty where nothing varies."""


class TopDown(NamedTuple):
    """A stage against the top-down series, in every year."""

    stage: str
    series: str
    origin: int
    """The last year observed; from then on it is a forecast."""
    last: float
    """The value of that year, in the unit of the stage."""
    top_down: tuple[Estimate, ...]
    """In the unit of the stage."""
    ratio: tuple[Estimate | None, ...]
    """Bottom-up over top-down; None where the top-down series may be zero or less."""
    above: tuple[float, ...]
    """Probability that the bottom-up value is the higher one, the two being independent."""


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

    def medians(self, index: int) -> dict[str, float]:
        """Medians of the drivers with values of their own in one of the years, as formulas take them: at scale 1."""
        scales = {driver.name: driver.unit.scale for driver in self.model.drivers}
        return {name: scales[name] * self.drivers[name][index].value for name in self.marginals}

    def __repr__(self) -> str:
        return f"<Sizing of {self.model.table.title}: {self.years[0]} to {self.years[-1]}>"

    @property
    def main(self) -> Stage:
        """The stage that is set against the top-down series, or the last one."""
        name = self.comparison.stage if self.comparison else self.stages[-1].name
        return next(stage for stage in self.stages if stage.name == name)


@checked
def size(
    source: str | Path | MarketModel,
    *,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    draws: int = DEFAULT_DRAWS,
    seed: int = DEFAULT_SEED,
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
    UsageError : a level, the seed or the number of draws is impossible; prices of a year are not known
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
    years = years_of(model, year)
    marginals = {driver.name: marginal(driver, years, model.file) for driver in model.drivers}
    above = model.top_down
    from_above = of_series(above.value, years, model.file, ("top_down",)) if above else None
    uncertain = [name for name, own in marginals.items() if not all(own.by_year[each].certain for each in years)]
    together, correlation = uncertain, model.table.correlation
    if correlation is None:
        together = [driver.name for driver in model.drivers if isinstance(driver.value, FromSeries)]
        origins = [marginals[name].origin or years[-1] for name in together]
        correlation = round(siblings(max(1, years[-1] - min(origins, default=0))), 2)
    sampler = Sampler(uncertain, together, correlation, draws, seed)
    run = _Run(model, levels, marginals, sampler, from_above)
    for each in years:
        run.size(each)
    formulas, estimates = model.formulas, {name: tuple(by_year) for name, by_year in run.estimates.items()}
    units = {driver.name: driver.unit_text for driver in model.drivers}
    units |= {n: f.unit_text or str(f.unit) for n, f in formulas.items() if n not in model.stages}
    comparison = None
    if above and from_above and from_above.origin is not None and from_above.last is not None:
        known = above.value.series.id, from_above.origin, from_above.last
        comparison = TopDown(above.stage, *known, *zip(*run.against, strict=True))
    stages = []
    for name in model.stages:
        title = model.table.stages[name].title if name in model.table.stages else ""
        shares = tuple(by_stage[name] for by_stage in run.shares)
        stages.append(Stage(name, title, formulas[name].text, formulas[name].unit_text, estimates[name], shares))
    joined = [name for group in sampler.groups if len(group) > 1 for name in group]
    learned = "" if model.table.correlation is not None else ": what series of one market did in real panels"
    together_text = f"{listed(joined)} correlate at {correlation:g}{learned}."
    level = model.table.range_level or RANGE_LEVEL
    text = f"{draws:,} draws, seed {seed}. A range a..b is an {level} % interval. "
    notes = (
        *_on_model(model, comparison),
        *([Note("correlation", together_text)] if joined else []),
        *_on_series(model, marginals, from_above),
        Note("draws", f"{text}Intervals hold what the drivers leave open, not a wrong formula."),
    )
    of_drivers = {name: estimates[name] for name in units}
    result = Sizing(
        model, years, levels, draws, seed, tuple(stages), of_drivers, units, marginals, comparison, notes=notes
    )
    return result if real is None else _converted(result, deflator(result.main.unit, real, inflation=inflation))


def _code(noun: str) -> str:
    try:
        return currency_of(noun).code
    except UsageError:
        return ""


@in_currency.register
def _converted(result: Sizing, how: Exchange | Deflator) -> Sizing:
    """The amounts of every year in another currency, or in the prices of one year; shares, ratios and counts stay."""
    old, comparison = currency_of(result.main.unit).code, result.comparison

    def unit_of(name: str) -> Unit:
        return next((each.unit for each in result.model.drivers if each.name == name), None) or formulas[name].unit

    def times(name: str) -> int:
        """How often the currency is in a unit: once in yuan a head, minus once in orders per yuan, else 0."""
        return sum(power for noun, power in unit_of(name).powers if _code(noun) == old)

    def amounts(name: str, by_year: Sequence[Estimate]) -> tuple[Estimate, ...]:
        factors = [how.rate(year) ** -times(name) if times(name) else 1.0 for year in result.years]
        return tuple(each.scaled(factor) for each, factor in zip(by_year, factors, strict=True))

    def unit(name: str, text: str) -> str:
        if not times(name):
            return text
        return with_currency(text, how.to) if isinstance(how, Exchange) else f"{text} ({how.unit.rpartition(' (')[2]}"

    formulas = result.model.formulas
    stages = (
        each._replace(estimates=amounts(each.name, each.estimates), unit=unit(each.name, each.unit))
        for each in result.stages
    )
    if comparison:
        top_down = amounts(comparison.stage, comparison.top_down)
        last = how.value(comparison.last, comparison.origin)
        comparison = comparison._replace(top_down=top_down, last=last)
    note = how.note(result.years, "sizing", result.main.unit) if isinstance(how, Exchange) else how.note(result.years)
    return replace(
        result,
        stages=tuple(stages),
        drivers={name: amounts(name, by_year) for name, by_year in result.drivers.items()},
        units={name: unit(name, text) for name, text in result.units.items()},
        comparison=comparison,
        money=(*result.money, how),
        notes=(note, *result.notes),
    )


@dataclass(slots=True)
class _Run:
    """Sizes one year after the other; a driver whose distribution stays the same is not drawn again."""

    model: MarketModel
    levels: tuple[int, ...]
    marginals: Mapping[str, Marginal]
    sampler: Sampler
    from_above: Marginal | None
    drawn: dict[str, tuple[Distribution, Array | float, Estimate]] = field(default_factory=dict)
    """By driver: its last distribution, draws in whole persons and yuan, and estimate in its own unit."""
    estimates: dict[str, list[Estimate]] = field(default_factory=lambda: defaultdict(list))
    """Of drivers and formulas by year, each in its own unit."""
    shares: list[Shares] = field(default_factory=list)
    """By year."""
    against: list[tuple[Estimate, Estimate | None, float]] = field(default_factory=list)
    """By year: the top-down value, its ratio, and the probability to be above it."""

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
        by_formula = model.formulas, values, formula_values, year
        self.shares.append(variance_shares(*by_formula, self.sampler.groups, model.stages, self.sampler.draws))

    def _draw(self, driver: Driver, distribution: Distribution, year: int) -> None:
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
        often = f" in {wrong:,} of {np.size(value):,} draws" if np.ndim(value) else ""
        formula = self.model.formulas.get(name)
        path = formula.path if formula else ("drivers", name)
        hint = "Give a narrower range."
        if formula:
            hint = f"It divides by zero, raises a negative number to a fraction, or grows beyond {MOST:g}."
        raise self.model.file.refuse(path, Problem(f"this gives no finite number for {year}{often}.", hint))

    def _compare(self, below: Array | float, above: Distribution) -> tuple[Estimate, Estimate | None, float]:
        other = self.sampler.of("top_down (apart)", above)
        if not np.all(np.abs(other) <= MOST):
            raise self.model.file.refuse(("top_down",), Problem(f"its forecasts grow beyond {MOST:g}."))
        ratios = below / other if np.min(other) > 0 else np.inf
        ratio = estimate(ratios, self.levels) if np.all(np.abs(ratios) <= MOST) else None
        higher = np.mean(np.greater(below, other)) + np.mean(np.equal(below, other)) / 2
        return estimate(other, self.levels), ratio, float(higher)


def _on_model(model: MarketModel, comparison: TopDown | None) -> Iterator[Note]:
    """Doubts about a model, and its descriptions."""
    if comparison and (ratio := comparison.ratio[-1]) and not 1 - AGREE <= ratio.value <= 1 / (1 - AGREE):
        text = (
            f"Bottom-up and top-down differ by more than {100 * AGREE:.0f} %: look again at the drivers, and check "
            f"that {comparison.stage} and {comparison.series} mean the same market."
        )
        yield Note("sides_differ", text)
    used = frozenset[str]().union(*(model.formulas[stage].uses for stage in model.stages))
    own = [driver for driver in model.drivers if not isinstance(driver.value, FromSeries)]
    sure = (driver for driver in own if isinstance(driver.value, Distribution) and driver.value.certain)
    found = {
        ("unused_drivers", "In no formula of a stage: {}."): [each for each in model.drivers if each.name not in used],
        ("no_source", "Neither a source nor marked as an assumption: {}."): [
            each for each in own if not each.source and not each.assumption
        ],
        ("exact_assumptions", "Assumed as certain: {}. A range would show how much the answer depends on them."): [
            each for each in sure if each.assumption
        ],
    }
    for (code, words), those in found.items():
        if those:
            yield Note(code, words.format(", ".join(driver.name for driver in those)))
    tables = model.file.content["drivers"].values()
    if model.table.range_level is None and any(".." in f"{each.get('value')} {each.get('values')}" for each in tables):
        text = f"Ranges hold with {RANGE_LEVEL} %; release 2 took them for 90 %."
        advice = f"Write range_level = {RANGE_LEVEL}, or 90, at the top of {model.file.name}."
        yield Note("range_level", text, warning=True, advice=advice)
    described = [(driver.name, driver.note, "driver") for driver in model.drivers]
    described += [(name, formula.note, "formula") for name, formula in model.formulas.items()]
    yield from (Note(code, f"{name}: {note.rstrip('.')}.") for name, note, code in described if note)


def _on_series(model: MarketModel, marginals: Mapping[str, Marginal], above: Marginal | None) -> Iterator[Note]:
    yield from (note.about(name) for name, own in marginals.items() for note in own.notes)
    if model.top_down is None or above is None:
        return
    value = model.top_down.value
    text = f"The top-down forecast of {value.series.id} goes on from {above.origin}."
    yield Note("top_down", text, advice=f"Its evidence: rural-forecast project {value.source}")
    serious = (note for note in above.notes if note.warning or note.code in TOP_DOWN_CODES)
    yield from (note.about(value.series.id) for note in serious)
