"""A sizing as a model of formulas that a workbook keeps alive."""

from __future__ import annotations

from rural_forecast.document.live import Input, Live, Result
from rural_forecast.sizing.effects import swings_at_medians
from rural_forecast.sizing.expression import Node, in_spreadsheets
from rural_forecast.sizing.formulas import YEAR
from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.size import Sizing


def live(result: Sizing) -> Live:
    """Drivers and formulas of the last year for a workbook, the drivers that move the main stage most first."""
    model, main, year, level = result.model, result.main.name, result.years[-1], result.headline
    _, moves = swings_at_medians(result)
    moved = {swing.driver: (swing.low, swing.high) for swing in moves}
    scales = {driver.name: driver.unit.scale for driver in model.drivers}
    last = {name: result.drivers[name][-1] for name in scales}
    ends = {name: (size.lower[level], size.value, size.upper[level]) for name, size in last.items()}
    plain = ({name: scales[name] * end[place] for name, end in ends.items()} for place in range(3))
    values = [results(model.formulas, inputs, year) for inputs in plain]
    stages = [model.formulas[name] for name in sorted(model.stages, key=lambda name: name == main)]
    nodes = {name: formula.node for name, formula in model.formulas.items()}
    nodes[YEAR] = Node("number", (0, 0), value=float(year))
    base = float(values[1][main]) / model.formulas[main].unit.scale
    names = [*moved, *(name for name in scales if name not in moved)]
    inputs = (
        Input(name, result.units[name], ends[name], scales[name], moved.get(name, (base, base)), basis)
        for name, basis in ((name, result.marginals[name].basis) for name in names)
    )
    outputs = (
        Result(
            formula.name,
            formula.derived.unit_text,
            in_spreadsheets(formula.node, nodes),
            formula.unit.scale,
            tuple(float(each[formula.name]) / formula.unit.scale for each in values),
            formula.derived.text,
        )
        for formula in stages
    )
    return Live(year, result.levels[level], tuple(inputs), tuple(outputs))
