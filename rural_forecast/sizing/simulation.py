"""The draws of the drivers, and the formulas worked out on them, year by year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array
from rural_forecast.sizing.distributions import Distribution
from rural_forecast.sizing.formulas import YEAR, Formula, failed_step
from rural_forecast.sizing.model import MarketModel
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
from rural_forecast.sizing.toml import Keys, TableError, cited

DEFAULT_DRAWS = 100_000
MOST = 1e300
"""Size of the largest value in any draw: quantiles lie between two draws, so their difference must
be a number too.
"""


class Against(NamedTuple):
    """The main stage against the top-down series in a year, as in `TopDown`."""

    top_down: Estimate
    ratio: Estimate | None
    above: float


class Simulated(NamedTuple):
    """All that the draws give, year by year."""

    estimates: Mapping[str, list[Estimate]]  # of drivers and formulas, in their units
    shares: Mapping[str, list[Mapping[Group, float]]]  # of the variance of stages
    against: list[Against]
    drawn: list[Array]  # of the main stage


class _Drawn(NamedTuple):
    """The draws of a driver."""

    distribution: Distribution
    values: Array | float  # at scale 1, as formulas take them
    estimate: Estimate  # in the unit of the driver


# Values that are not finite are refused with the name of the driver or formula.
@np.errstate(all="ignore")
def simulate(
    model: MarketModel,
    years: Sequence[int],
    levels: tuple[int, ...],
    marginals: Mapping[str, Marginal],
    above: Marginal | None,
    sampler: Sampler,
) -> Simulated:
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
    return Simulated(estimates, shares, against, of_main)


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


def _set_against(own: Array | float, other: Array | float, levels: Sequence[int]) -> Against:
    """Draws of the main stage against those of the top-down series."""
    ratios = own / other if np.min(other) > 0 else np.inf
    ratio = estimate(ratios, levels) if np.all(np.abs(ratios) <= MOST) else None
    # Equal draws count half, so two equal certain numbers have a chance of a half.
    higher = np.mean(np.greater(own, other)) + np.mean(np.equal(own, other)) / 2
    return Against(estimate(other, levels), ratio, float(higher))
