"""What moving one driver alone does to a sizing: the bars of a tornado.

Unlike shares of variance this keeps the direction and the unit, and unlike them it says nothing of drivers that move
together.
"""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.size import Sizing


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
    middle = {name: scales[name] * estimate.value for name, estimate in estimates.items()}
    formula, level = model.formulas[result.main.name], result.headline

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
