"""What one factor or driver does to a sizing: a bridge of growth by factor, and the bars of a tornado by driver.

The effects of a bridge are logarithmic means of the result times the log growth of a factor (LMDI: Ang 2005, DOI
10.1016/j.enpol.2003.10.010), so they add up without a rest and do not depend on the order of the factors. A bar keeps
the direction and the unit, unlike a share of the variance, and says nothing of drivers that move together.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, log, prod
from typing import NamedTuple

from rural_forecast.sizing.expression import Node, evaluate
from rural_forecast.sizing.formulas import YEAR, written
from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.result import Sizing, Stage


class Bridge(NamedTuple):
    """From the product of the first year to that of the last, at the medians of the drivers."""

    before: float
    after: float
    effects: tuple[Effect, ...]


class Effect(NamedTuple):
    """What one factor brings between the first and the last year, at the medians of the drivers."""

    factor: str
    growth: float
    """Last over first value of the factor, less 1."""
    effect: float
    """In the unit of the stage."""


def bridge(result: Sizing, stage: Stage) -> Bridge | None:
    """The effects of the factors of a stage; None where it is no product of positive factors, or does not change."""
    formulas, scale = result.model.formulas, result.model.formulas[stage.name].unit.scale
    nodes = [*_factors(formulas[stage.name].node)]
    factors = {written(node, stage.formula): node for node in nodes}
    if len(result.years) < 2 or len(factors) < max(len(nodes), 2):
        return None
    ends = []
    for index in (0, -1):
        year, middle = result.years[index], result.medians(index)
        known = {YEAR: float(year), **middle, **results(formulas, middle, year)}
        ends.append({name: float(evaluate(node, known)) for name, node in factors.items()})
    first, last = ends
    if min(*first.values(), *last.values()) <= 0:
        return None
    before, after = prod(first.values()) / scale, prod(last.values()) / scale
    if after == before:
        return None
    mean = (after - before) / log(after / before)
    effects = (Effect(name, last[name] / first[name] - 1, mean * log(last[name] / first[name])) for name in first)
    return Bridge(before, after, tuple(effects))


def _factors(node: Node) -> Iterator[Node]:
    if node.sign == "*":
        for term in node.terms:
            yield from _factors(term)
    else:
        yield node


class Swing(NamedTuple):
    """The main stage in its last year with one driver at the ends of its interval, all others at their medians."""

    driver: str
    low: float
    """With the driver at its lower end."""
    high: float


def swings(result: Sizing) -> tuple[float, tuple[Swing, ...]]:
    """The main stage with every driver at its median, and the swing of each driver that moves it, the widest first."""
    model, year = result.model, result.years[-1]
    scales = {driver.name: driver.unit.scale for driver in model.drivers}
    estimates = {name: result.drivers[name][-1] for name in result.marginals}
    formula, level, middle = model.formulas[result.main.name], result.headline, result.medians(-1)

    def at(**moved: float) -> float:
        values = results(model.formulas, {**middle, **moved}, year)
        return float(values[result.main.name]) / formula.unit.scale

    bars = [
        Swing(name, *(at(**{name: scales[name] * end}) for end in (estimate.lower[level], estimate.upper[level])))
        for name, estimate in estimates.items()
        if name in formula.uses and estimate.upper[0] > estimate.lower[0]
    ]
    bars = [swing for swing in bars if isfinite(swing.low) and isfinite(swing.high)]  # an end may divide by zero
    return at(), tuple(sorted(bars, key=lambda swing: -abs(swing.high - swing.low)))
