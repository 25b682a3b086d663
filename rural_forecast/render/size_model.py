"""The live model of a sizing as a sheet: drivers, formulas, the results at low, base and high, and a tornado."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rural_forecast.document.live import Input, Live, Result
from rural_forecast.document.table import Column
from rural_forecast.render.native_chart import GRIDLINES, small_title
from rural_forecast.render.palette import ink, pale
from rural_forecast.render.worksheet import CHART_ROWS, Sheet, cell, number_format
from rural_forecast.text.harmless import one_line

HEADS = ("Driver", "Unit", "Low", "Base", "High", "In plain units, times", "Result, low", "Result, high", "Rests on")
RESULT_HEADS = ("Result", "Unit", "All low", "Base", "All high", "Formula")
WIDTHS = [20, 18, 11, 11, 11, 13, 11, 11, 40]
"""Of the columns that are printed, in characters; to the right of them is what the charts need."""
LOW, BASE, HIGH, SCALE, RESULT_LOW, RESULT_HIGH, BASIS = range(2, 9)
"""Columns of an input."""
FROM, BARS = 10, 11
SIDES = (("low end", pale(2, 0, 1)), ("high end", ink(1))) * 2
"""Names and colours of the bars below the base, then above it; the low end is paler, for those who print in grey."""
_PIXELS = 500


def add(sheet: Sheet, live: Live) -> None:
    """Write the model from the sheet's row on."""
    model = _Model(sheet, live)
    for place, head in enumerate(HEADS):
        sheet.head(sheet.row, place, head, right=LOW <= place <= RESULT_HIGH, wrap=True, left=place == BASIS)
    for row, driver in enumerate(live.inputs, model.first):
        model.driver(row, driver)
    for place, head in enumerate(RESULT_HEADS):
        sheet.head(model.below, place, head, right=LOW <= place <= HIGH, left=place == SCALE)
    for row, result in enumerate(live.results, model.below + 1):
        model.result(row, result)
    sheet.row = model.base + 2
    model.tornado(sheet.row)
    sheet.row += CHART_ROWS


class _Model:
    def __init__(self, sheet: Sheet, live: Live) -> None:
        self.sheet, self.live, self.main = sheet, live, live.results[-1]
        self.first = sheet.row + 1
        """Row of the first driver."""
        self.below = self.first + len(live.inputs) + 1
        """Row of the headings of results."""
        self.base = self.below + len(live.results)
        """Row of the last result."""
        self.number = _number(self.main.values)

    def driver(self, row: int, driver: Input) -> None:
        """A driver, and the last result with it low and high, as cells and as the pieces of its bars."""
        sheet = self.sheet
        sheet.put(row, 0, _human(driver.name))
        sheet.put(row, 1, driver.unit, wrap=True)
        for column, value in zip((LOW, BASE, HIGH), driver.ends, strict=True):
            sheet.put(row, column, value, _number(driver.ends), kind="input")
        sheet.put(row, SCALE, driver.scale, "#,##0.######")
        sheet.name_cell(f"driver_{driver.name}", row, BASE)
        for column, end, value in zip((RESULT_LOW, RESULT_HIGH), (LOW, HIGH), driver.results, strict=True):
            sheet.formula(row, column, self._formula(self.main, {driver.name: end}), value, self.number)
        sheet.put(row, BASIS, driver.basis, wrap=True, left=True)
        for column, (formula, value) in enumerate(self._bars(row, driver.results), FROM):
            sheet.formula(row, column, formula, value, self.number)

    def result(self, row: int, result: Result) -> None:
        """A result with all drivers low, at their base and high."""
        self.sheet.put(row, 0, _human(result.name), bold=True)
        self.sheet.put(row, 1, result.unit)
        for column, value in zip((LOW, BASE, HIGH), result.values, strict=True):
            formula = self._formula(result, dict.fromkeys((driver.name for driver in self.live.inputs), column))
            self.sheet.formula(row, column, formula, value, _number(result.values), bold=True)
        self.sheet.put(row, SCALE, _human(result.text), left=True)
        self.sheet.name_cell(f"result_{result.name}", row, BASE)

    def _formula(self, result: Result, at: Mapping[str, int]) -> str:
        """The formula of a result, with each input at its base or in the column that is named."""
        lines = enumerate(self.live.inputs, self.first)
        cells = {driver.name: f"({_cell(row, at.get(driver.name, BASE))}*{_cell(row, SCALE)})" for row, driver in lines}
        return f"({result.formula.format_map(cells)})/{result.scale!r}"

    def _bars(self, row: int, ends: tuple[float, float]) -> Iterator[tuple[str, float]]:
        """The start of the bars of a driver, and the pieces below and above the base by the end that gives them."""
        cells, base, middle = (
            [_cell(row, RESULT_LOW), _cell(row, RESULT_HIGH)],
            _cell(self.base, BASE),
            self.main.values[1],
        )
        yield f"MIN({','.join(cells)},{base})", min(*ends, middle)
        for sign in (-1, 1):
            for place, end in zip(cells, ends, strict=True):
                yield f"MAX(({place}-{base})*{sign},0)", max((end - middle) * sign, 0.0)

    def tornado(self, below: int) -> None:
        """Two-coloured bars that follow the cells; where a result is negative, the results themselves as bars."""
        sheet, live = self.sheet, self.live
        rows = self.first, self.first + len(live.inputs) - 1
        stacked = min(min(driver.results) for driver in live.inputs) >= 0
        chart = sheet.workbook.add_chart({"type": "bar", "subtype": "stacked"} if stacked else {"type": "bar"})
        places = range(BARS, BARS + len(SIDES)) if stacked else (RESULT_LOW, RESULT_HIGH)
        bars = [(column, name, {"color": colour}) for column, (name, colour) in zip(places, SIDES, strict=False)]
        for column, name, fill in [(FROM, "base", {"none": True}), *bars] if stacked else bars:
            categories, values = ([sheet.name, rows[0], at, rows[1], at] for at in (0, column))
            chart.add_series({"name": name, "categories": categories, "values": values, "fill": fill, "gap": 40})
        chart.set_legend({"none": True})  # one of stacked bars cannot leave series out in every program
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({"num_format": self.number, "major_gridlines": GRIDLINES})
        ends = f"pale: at the low end of its {live.level} % interval, dark: at the high end"
        title = f"{_human(self.main.name)} in {live.year}, {self.main.unit}, by one driver alone; {ends}"
        chart.set_title(small_title(title, 10))
        chart.set_size({"width": _PIXELS, "height": 20 * CHART_ROWS})
        sheet.cells.insert_chart(below, 0, chart, {"description": one_line(title)})


def _human(name: str) -> str:
    """A name, or a formula of names, in words."""
    return one_line(name).replace("_", " ")


def _number(values: Iterable[float]) -> str:
    """Excel's code for numbers that are read together."""
    return number_format(Column("", kind="number"), list(values))


def _cell(row: int, column: int) -> str:
    return cell(row, column, fixed=True)
