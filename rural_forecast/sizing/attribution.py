"""The shares of the drivers in changes of the main stage over the years, and in its intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite, log

from rural_forecast.sizing.formulas import YEAR, Node, evaluate
from rural_forecast.sizing.montecarlo import (
    results,
)
from rural_forecast.sizing.result import Sizing

SMALL = 0.0005  # log growth of a factor that is left out of a bridge
FARTHEST = 2.0
"""Times by which the growth of the result and that of its factors may differ in a bridge."""


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
