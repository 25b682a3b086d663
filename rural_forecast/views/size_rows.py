"""The rows of a sizing for programs: stages with what they rest on, and the comparison."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rural_forecast.document.table import Cell, Table
from rural_forecast.sizing.montecarlo import Estimate
from rural_forecast.sizing.result import Sizing, Stage
from rural_forecast.views.table import flat, interval_columns, keyed

ROUNDING = 1e-12  # rounding of a sum of shares; a rest below it is not shown as interaction


class Item(NamedTuple):
    """A part of a stage in a year: a driver, drivers that correlate, or their interaction."""

    name: str
    size: Estimate | None
    share: float | None  # of the variance of the stage


def records(result: Sizing) -> Table:
    """Make the rows of the contract: stages with what they rest on, and the comparison, by year."""
    columns = (
        *keyed("item stage period:year value:number"),
        *interval_columns(result.levels),
        *keyed("variance_share:number unit"),
    )
    rows = list[tuple[Cell, ...]]()
    for index in range(len(result.years)):
        rows += _stage_records(result, index)
        rows += _comparison_records(result, index)
    return Table(columns, tuple(rows))


def _stage_records(result: Sizing, index: int) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one year: each stage with its drivers, then the derived drivers."""
    year = result.years[index]
    for stage in result.stages:
        cells = _cells(result, stage.estimates[index])
        yield "result", stage.name, year, *cells, None, stage.unit
        for item in items_of(result, stage, index):
            cells = _cells(result, item.size)
            unit = result.units.get(item.name, "")
            yield item.name, stage.name, year, *cells, item.share, unit
    for name in derived(result):
        cells = _cells(result, result.drivers[name][index])
        yield name, "", year, *cells, None, result.units[name]


def _comparison_records(result: Sizing, index: int) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of one year that set the sizing against the top-down forecast."""
    comparison = result.comparison
    if comparison is None:
        return
    year = result.years[index]
    stage = comparison.stage
    trend = _cells(result, comparison.top_down[index])
    yield "top_down", stage, year, *trend, None, result.main.unit
    ratio = _cells(result, comparison.ratio[index])
    yield "ratio", stage, year, *ratio, None, "ratio"
    _, *no_bounds = _cells(result, None)
    yield (
        "probability_above",
        stage,
        year,
        comparison.above[index],
        *no_bounds,
        None,
        "probability",
    )


def _cells(result: Sizing, estimate: Estimate | None) -> tuple[Cell, ...]:
    """Give the value and the bounds of an estimate; empty cells without one."""
    if estimate is None:
        return (None,) * (1 + 2 * len(result.levels))
    return (estimate.value, *flat(intervals(estimate)))


def items_of(result: Sizing, stage: Stage, index: int) -> Iterator[Item]:
    """Yield what a stage rests on in a year, with shares of the variance.

    Drivers that correlate have a share together, and the interaction has what no driver causes
    alone.
    """
    shares = stage.shares[index]
    together = {group: share for group, share in shares.items() if len(group) > 1}
    correlated = set[str]().union(*together)
    used = result.model.formulas[stage.name].uses
    for driver in result.model.drivers:
        if driver.name not in used:
            continue
        default = None if driver.name in correlated or not shares else 0.0
        share = shares.get((driver.name,), default)
        yield Item(driver.name, result.drivers[driver.name][index], share)
    for group, share in together.items():
        yield Item(" + ".join(group), None, share)
    if shares:
        rest = 1 - sum(shares.values())
        yield Item("interaction", None, rest if rest > ROUNDING else 0.0)


def intervals(estimate: Estimate) -> tuple[tuple[float, float], ...]:
    """Give the intervals of an estimate."""
    return tuple(zip(estimate.lower, estimate.upper, strict=True))


def derived(result: Sizing) -> list[str]:
    """List the drivers that a formula gives."""
    return [name for name in result.drivers if name not in result.marginals]


def human(name: str) -> str:
    """Write the name of a driver for people."""
    return name.replace("_", " ")
