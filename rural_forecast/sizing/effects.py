"""Effects of factors and drivers on a sizing: a bridge of growth by factor, and the bars of a tornado by driver.

Both are centred on the medians of the result. The effects of a bridge are logarithmic means of the result times the log
growth of a factor (LMDI: Ang 2005, DOI 10.1016/j.enpol.2003.10.010), so they do not depend on the order of the factors;
the growth of factors, at the medians of the drivers, is scaled to that of the result, so they add up without a rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, log

from rural_forecast.sizing.formulas import YEAR, Node, evaluate
from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.size import Sizing

SMALL = 0.0005  # log growth of a factor that brings nothing to speak of
FARTHEST = 2.0  # times by which the growth of the result and that of its factors may differ in a bridge


def bridge(result: Sizing) -> dict[str, float]:
    """The amount that each factor adds to the main stage from the first to the last year, of those that bring any.

    Empty unless the stage is a product of positive factors and changes as they do.
    """
    formulas = result.model.formulas
    nodes = [*_factors(formulas[result.main.name].node)]
    factors = {node.text: node for node in nodes}
    if len(result.years) < 2 or len(factors) < max(len(nodes), 2):
        return {}
    ends = []
    for index in (0, -1):
        year, middle = result.years[index], result.medians(index)
        known = {YEAR: float(year), **middle, **results(formulas, middle, year)}
        ends.append({name: float(evaluate(node, known)) for name, node in factors.items()})
    first, last = ends
    before, after = (result.main.estimates[index].value for index in (0, -1))
    if min(*first.values(), *last.values(), before, after) <= 0:
        return {}
    growth = {name: log(last[name] / first[name]) for name in first}
    growth = {name: own for name, own in growth.items() if abs(own) > SMALL}
    whole, total = log(after / before), sum(growth.values())
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
    """The main stage in its last year with one uncertain driver at each end of its interval, the widest pair first.

    All other drivers are at their medians.
    """
    model, centre, bars = result.model, result.main.estimates[-1].value, {}
    formula, middle = model.formulas[result.main.name], result.medians(-1)

    def at(**moved: float) -> float:
        found = results(model.formulas, middle | moved, result.years[-1])
        return float(found[result.main.name]) / formula.unit.scale

    base = at()
    for driver in model.drivers:
        estimate = result.drivers[driver.name][-1]
        if driver.name in formula.uses and estimate.upper[0] > estimate.lower[0]:
            ends = (estimate.lower[result.headline], estimate.upper[result.headline])
            low, high = (at(**{driver.name: driver.unit.scale * end}) for end in ends)
            around = [value * (centre / base) if base * centre > 0 else value - base + centre for value in (low, high)]
            if all(map(isfinite, (high - low, *around))):
                bars[driver.name] = abs(high - low), (around[0], around[1])
    return {name: around for name, (_, around) in sorted(bars.items(), key=lambda bar: -bar[1][0])}
