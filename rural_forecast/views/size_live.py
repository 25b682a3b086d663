"""A sizing as a workbook that computes: its drivers, and formulas of every year."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.table import Live, LiveInput, LiveResult
from rural_forecast.sizing.attribution import swings
from rural_forecast.sizing.formulas import YEAR, Node, in_spreadsheets
from rural_forecast.sizing.montecarlo import results
from rural_forecast.sizing.result import Sizing
from rural_forecast.text.numbers import Amounts, digits, in_unit
from rural_forecast.text.wording import capital
from rural_forecast.views.names import readable
from rural_forecast.views.size_rows import human, intervals


def live(result: Sizing) -> Live:
    """Describe drivers and formulas of every year for a workbook that computes with them.

    The drivers that move the main stage most come first, the main stage last.
    """
    main = result.main
    title = capital(human(main.title or result.model.title or main.name))
    low, high = intervals(main.estimates[-1])[result.headline]
    # The unit of the picture: tn yuan, not bn CNY.
    value = main.estimates[-1].value
    write = digits(main.unit, value, value, (low, high))
    return Live(
        result.years,
        result.levels[result.headline],
        tuple(_live_inputs(result, write.factor)),
        tuple(_live_results(result, write)),
        (f"{title}: about ", f"{in_unit(write.unit)} in {result.years[-1]}"),
        write.places or 0,
        (low / write.factor, high / write.factor),
    )


def _live_inputs(result: Sizing, factor: float) -> Iterator[LiveInput]:
    """Yield the drivers, those that move the main stage most first.

    `factor`: of the unit in which that stage is shown.
    """
    moved = swings(result)
    last = result.main.estimates[-1].value
    unmoved = (last, last)
    drivers = sorted(
        result.model.drivers, key=lambda driver: [*moved, driver.name].index(driver.name)
    )
    for driver in drivers:
        sizes = result.drivers[driver.name]
        low, high = intervals(sizes[-1])[result.headline]
        low_result, high_result = moved.get(driver.name, unmoved)
        yield LiveInput(
            driver.name,
            result.units[driver.name],
            tuple(size.value for size in sizes),
            low,
            high,
            driver.unit.scale,
            (low_result / factor, high_result / factor),
            readable(result.marginals[driver.name].basis),
        )


def _live_results(result: Sizing, write: Amounts) -> Iterator[LiveResult]:
    """Yield the stages with a formula for each year, the main one in the unit of `write`.

    A formula at the medians of its drivers is not the median of the draws: `fits` are the factors
    between them.
    """
    model = result.model
    years = result.years
    nodes = {name: formula.node for name, formula in model.formulas.items()}
    at_medians = [
        results(model.formulas, result.medians(index), year) for index, year in enumerate(years)
    ]
    for stage in sorted(result.stages, key=lambda stage: stage is result.main):
        formula = model.formulas[stage.name]
        written = []
        fits = []
        for year, values, size in zip(years, at_medians, stage.estimates, strict=True):
            of_year = nodes | {YEAR: Node("number", value=float(year))}
            written.append(in_spreadsheets(formula.node, of_year))
            base = float(values[stage.name]) / formula.unit.scale
            fits.append(size.value / base if base else 1.0)
        is_main = stage is result.main
        factor = write.factor if is_main else 1.0
        yield LiveResult(
            stage.name,
            write.unit if is_main else stage.unit,
            tuple(written),
            formula.unit.scale * factor,
            tuple(fits),
            tuple(size.value / factor for size in stage.estimates),
            formula.text,
        )
