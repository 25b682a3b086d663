"""Effects of factors and drivers on a sizing: a bridge of growth by factor, and the bars of a tornado by driver.

Both are centred on the medians of the result. The effects of a bridge are logarithmic means of the result times the log
growth of a factor (LMDI: Ang 2005, DOI 10.1016/j.enpol.2003.10.010), so they do not depend on the order of the factors;
the growth of factors, at the medians of the drivers, is scaled to that of the result, so they add up without a rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import expm1, isfinite, log
from typing import NamedTuple

from rural_forecast.sizing.formulas import YEAR, Node, evaluate
from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.size import Sizing, Stage

SMALL = 0.0005  # log growth of a factor that brings nothing to speak of
FARTHEST = 2.0  # times by which the growth of the result and that of its factors may differ in a bridge


class Bridge(NamedTuple):
    """From the median of the first year to that of the last, by the factors that bring something."""

    before: float
    after: float
    effects: tuple[Effect, ...]


class Effect(NamedTuple):
    """The growth of a factor from the first to the last year, 0.1 for 10 %, and what it adds to the stage."""

    factor: str
    growth: float
    effect: float


def bridge(result: Sizing, stage: Stage) -> Bridge | None:
    """The effects of a stage's factors; None unless it is a product of positive ones and changes as they do."""
    formulas = result.model.formulas
    nodes = [*_factors(formulas[stage.name].node)]
    factors = {node.text: node for node in nodes}
    if len(result.years) < 2 or len(factors) < max(len(nodes), 2):
        return None
    ends = []
    for index in (0, -1):
        year, middle = result.years[index], result.medians(index)
        known = {YEAR: float(year), **middle, **results(formulas, middle, year)}
        ends.append({name: float(evaluate(node, known)) for name, node in factors.items()})
    first, last = ends
    before, after = stage.estimates[0].value, stage.estimates[-1].value
    if min(*first.values(), *last.values(), before, after) <= 0:
        return None
    growth = {name: log(last[name] / first[name]) for name in first}
    growth = {name: own for name, own in growth.items() if abs(own) > SMALL}
    whole, total = log(after / before), sum(growth.values())
    if not total or not 1 / FARTHEST < whole / total < FARTHEST:
        return None
    effects = (Effect(name, expm1(own), (after - before) * own / total) for name, own in growth.items())
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
    high: float


def swings(result: Sizing) -> tuple[Swing, ...]:
    """The swing of each uncertain driver around the median of the main stage, the widest first."""
    model, year, centre = result.model, result.years[-1], result.main.estimates[-1].value
    formula, level, middle = model.formulas[result.main.name], result.headline, result.medians(-1)

    def at(moved: Mapping[str, float]) -> float:
        values = results(model.formulas, {**middle, **moved}, year)
        return float(values[result.main.name]) / formula.unit.scale

    base = at({})

    def centred(value: float) -> float:
        return value * (centre / base) if base * centre > 0 else value - base + centre

    bars = []
    for driver in model.drivers:
        estimate = result.drivers[driver.name][-1]
        if driver.name in formula.uses and estimate.upper[0] > estimate.lower[0]:
            ends = estimate.lower[level], estimate.upper[level]
            low, high = (at({driver.name: driver.unit.scale * end}) for end in ends)
            bars.append((Swing(driver.name, centred(low), centred(high)), abs(high - low)))
    bars.sort(key=lambda bar: -bar[1])
    return tuple(swing for swing, wide in bars if isfinite(wide) and isfinite(swing.low) and isfinite(swing.high))
