"""The live sheet of a sizing: its drivers are cells that may be changed, and the rest follows."""

from collections.abc import Mapping, Sequence
from math import hypot, log
from typing import Any

from rural_forecast.document.table import Column, Live, LiveInput, LiveResult
from rural_forecast.render.native_look import COLOURS, gridlines
from rural_forecast.render.workbook.numbers import decimal, number_formats
from rural_forecast.render.workbook.sheet import (
    CHART,
    CHART_ROWS,
    CHART_TEXT,
    FORECAST,
    LEFT,
    ChartBox,
    WorkbookSheet,
    points_across,
)
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.numbers import fixed
from rural_forecast.text.wording import capital

# The row of the first driver, the column of the first year, and widths of columns.
_FIRST = 5
_YEARS = 2
_NAME_WIDTH = 22
_UNIT_WIDTH = 20
_NUMBER_WIDTH = 11
_BASIS_WIDTH = 34
_GROUPED = 1_000  # from here on, numbers have their thousands grouped


def _human(name: str) -> str:
    return one_line(name).replace("_", " ")


def _name(name: str) -> str:
    """Write a name at the head of a row."""
    return capital(_human(name))


def _number(values: Sequence[float]) -> str:
    """Choose one format for numbers of one row."""
    return number_formats(Column("", kind="number"), values)[0]


def _widths(live: Live) -> tuple[float, float] | None:
    """The factors between the range of the last result and the bars of its drivers, low and high.

    None where either has no logarithm, or no driver moves the result.
    """
    answer = live.results[-1].values[-1]
    lowest = [min(driver.results) for driver in live.inputs]
    highest = [max(answer, *driver.results) for driver in live.inputs]
    if live.range is None or min(answer, *live.range, *lowest, *highest) <= 0:
        return None
    low, high = (log(end / answer) for end in live.range)
    below = hypot(*(log(end / answer) for end in lowest))
    above = hypot(*(log(end / answer) for end in highest))
    if below == 0 or above == 0:
        return None
    return -low / below, high / above


class LiveSheet:
    """The live sheet of a sizing: blue cells are drivers, everything else follows from them.

    Drivers are rows with their base in every year, the ends of their range in the last one, and
    the last result at each end. Each result is a row of formulas. What people need not see is on a
    hidden sheet: the parts of the bars, and below them the factors between the median of the draws
    and the formula at the medians of the drivers.
    """

    def __init__(self, workbook: Any, live: Live) -> None:
        self.live = live
        self.main = live.results[-1]
        self.low = _YEARS + len(live.years)  # column of the low ends, behind the last year
        self.last_year = self.low - 1
        self.basis = self.low + 4
        numbers = [_NUMBER_WIDTH] * (len(live.years) + 4)
        widths = [_NAME_WIDTH, _UNIT_WIDTH, *numbers, _BASIS_WIDTH]
        self.sheet = WorkbookSheet(workbook, FORECAST, widths)
        self.hidden = workbook.add_worksheet(CHART)
        self.hidden.hide()
        self.factors = len(live.inputs) + 1  # row of the first factor, on the hidden sheet
        self.first_result = _FIRST + len(live.inputs) + 2
        self.base = self.first_result + len(live.results) - 1  # row of the main result
        self.number = _number(self.main.values)
        self.widths = _widths(live)

    def write(self) -> None:
        """Write the sheet."""
        sheet = self.sheet
        self._headline()
        self._heads()
        for row, driver in enumerate(self.live.inputs, _FIRST):
            self._driver(row, driver)
        for index, result in enumerate(self.live.results):
            self._result(index, result)
        sheet.row = self.base + 2
        formulas = [
            f"{_human(result.name)} = {_human(result.text)}" for result in self.live.results
        ]
        differs = (
            "A median of draws differs a little from the formula at medians: "
            f"results are times the ratio of the two, which is on the hidden sheet {CHART}."
        )
        sheet.prose([*formulas, differs], "quiet")
        self._tornado()
        self._range()
        sheet.page()

    def _headline(self) -> None:
        """Write the headline as a formula, so that it follows the drivers too."""
        sheet = self.sheet
        before, after = self.live.headline
        places = self.live.places
        shown = f"{before}{fixed(self.main.values[-1], places)}{after}"
        answer = f"ROUND({cell(self.base, self.last_year)},{places})"
        formula = f'="{_quoted(before)}"&TEXT({answer},"{decimal(places)}")&"{_quoted(after)}"'
        sheet.cells.write_formula(0, 0, formula, sheet.style(kind="title"), shown)
        sheet.row = 1
        follow = "headline, results and bars"
        if self.widths:
            follow = "headline, results, bars and their range"
        text = f"Blue cells may be changed: {follow} follow. Other ranges are of the first drivers."
        sheet.prose([text], "quiet")

    def _heads(self) -> None:
        sheet = self.sheet
        live = self.live
        level = f"{live.level} % range in {live.years[-1]}"
        sheet.put(_FIRST - 2, self.low, level, kind="quiet")
        years = list(map(str, live.years))
        drivers = ["Driver", "Unit", *years, "Low", "High", "Result, low", "Result, high"]
        for column, head in enumerate(drivers):
            sheet.head(_FIRST - 1, column, head, right=column >= _YEARS)
        sheet.head(_FIRST - 1, self.basis, "Rests on", right=False, **LEFT)
        for column, head in enumerate(["Result", "", *years]):
            sheet.head(self.first_result - 1, column, head, right=column >= _YEARS)

    def _driver(self, row: int, driver: LiveInput) -> None:
        """Write a driver in blue, and the last result with it low and high."""
        sheet = self.sheet
        values = (*driver.values, driver.low, driver.high)
        sheet.put(row, 0, _name(driver.name))
        sheet.put(row, 1, driver.unit, text_wrap=True)
        for column, value in enumerate(values, _YEARS):
            sheet.put(row, column, value, _number(values), kind="input")
        for column, value in enumerate(driver.results, self.low):
            factor = self._factor(len(self.live.results) - 1, self.last_year)
            formula = self._formula(self.main, self.last_year, factor, {driver.name: column})
            sheet.cells.write_formula(row, column + 2, formula, sheet.style(self.number), value)
        sheet.put(row, self.basis, _human(driver.basis), text_wrap=True, **LEFT)

    def _result(self, index: int, result: LiveResult) -> None:
        """Write the formulas of a result, and the factors to its draws on the hidden sheet."""
        sheet = self.sheet
        row = self.first_result + index
        sheet.put(row, 0, _name(result.name), bold=True)
        sheet.put(row, 1, result.unit)
        self.hidden.write_string(
            self.factors + index, 0, f"{_human(result.name)}: median of draws over formula"
        )
        style = sheet.style(_number(result.values), bold=True)
        pairs = zip(result.fits, result.values, strict=True)
        for column, (factor, value) in enumerate(pairs, _YEARS):
            self.hidden.write_number(self.factors + index, column, factor)
            formula = self._formula(result, column, self._factor(index, column), {})
            sheet.cells.write_formula(row, column, formula, style, value)

    def _factor(self, index: int, column: int) -> str:
        """Name the cell of the factor of a result in the year of a column."""
        return f"{CHART}!{cell(self.factors + index, column)}"

    def _formula(
        self, result: LiveResult, column: int, factor: str, columns: Mapping[str, int]
    ) -> str:
        """Write the formula of a result in the year of a column, times the cell of a factor.

        Inputs are from that column, or from the one that `columns` has for their name.
        """
        cells = {}
        for row, driver in enumerate(self.live.inputs, _FIRST):
            driver_cell = cell(row, columns.get(driver.name, column))
            cells[driver.name] = f"({driver_cell}*{driver.scale!r})"
        written = result.formulas[column - _YEARS].format_map(cells)
        return f"=({written})/{result.scale!r}*{factor}"

    def _range(self) -> None:
        """Write the range of the last result as formulas that follow the drivers.

        The widths of the bars, on a logarithmic scale, add up as squares, times the factor by which
        the draws differ from this.
        """
        if self.widths is None or self.live.range is None:
            return
        sheet = self.sheet
        answer = f"{FORECAST}!{cell(self.base, self.last_year)}"
        last = len(self.live.inputs) - 1
        lowest = f"{CHART}!{cell(0, 1)}:{cell(last, 1)}"
        below = f"{CHART}!{cell(0, 2)}:{cell(last, 2)}"
        above = f"{CHART}!{cell(0, 3)}:{cell(last, 3)}"
        highest = f"({lowest}+{below}+{above})"
        style = sheet.style(self.number, bold=True)
        row = self.first_result - 1
        row_of_factors = self.factors + len(self.live.results)
        self.hidden.write_string(row_of_factors, 0, "range of draws over bars")
        columns = zip(("low", "high"), (lowest, highest), self.widths, self.live.range, strict=True)
        for column, (end, bars, width, value) in enumerate(columns, self.low):
            sheet.head(row, column, f"{self.live.level} % {end}", right=True)
            self.hidden.write_number(row_of_factors, column, width)
            factor = f"{CHART}!{cell(row_of_factors, column)}"
            sign = "-" if end == "low" else ""
            spread = f"SQRT(SUMPRODUCT(LN({bars}/{answer})^2))"
            formula = f'=IFERROR({answer}*EXP({sign}{factor}*{spread}),"")'
            sheet.cells.write_formula(self.base, column, formula, style, value)

    def _tornado(self) -> None:
        """Draw bars from the result with a driver low to that with it high.

        A bar is three: an invisible one up to its low end, one to the answer, one to the high end.
        """
        sheet = self.sheet
        for row, driver in enumerate(self.live.inputs):
            self._tornado_row(row, driver)

        chart = sheet.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        last = len(self.live.inputs) - 1
        fills = ({"none": True}, {"color": COLOURS["axis"]}, {"color": COLOURS["total"]})
        for column, fill in enumerate(fills, 1):
            names = [CHART, 0, 0, last, 0]
            values = [CHART, 0, column, last, column]
            chart.add_series({"categories": names, "values": values, "fill": fill, "gap": 40})

        font = {"size": CHART_TEXT, "color": COLOURS["quiet"]}
        no_line = {"none": True}
        chart.set_legend({"none": True})
        # From the top down, with names left of all bars, also where the axis is between them.
        chart.set_y_axis(
            {"reverse": True, "label_position": "low", "num_font": font, "line": no_line}
        )
        chart.set_x_axis(
            {
                "num_format": self._format_of_axis,
                "major_gridlines": gridlines(COLOURS),
                "num_font": font,
            }
        )
        title = (
            f"{_name(self.main.name)} in {self.live.years[-1]}, {self.main.unit}, "
            "with one driver from low to high"
        )
        # A title that begins with `=` is taken for a formula.
        name = one_line(title).lstrip("= ")
        chart.set_title({"name": name, "overlay": False, "name_font": {"size": CHART_TEXT}})
        _, high = sheet.chart_room(CHART_ROWS)
        box = ChartBox(0.0, 0.0, points_across(sheet.widths[: self.basis]), high)
        sheet.insert(chart, title, box)
        sheet.row += 1 + CHART_ROWS

    @property
    def _format_of_axis(self) -> str:
        """The format of ticks, which have fewer decimals than values, or none."""
        return "General" if abs(self.main.values[-1]) < _GROUPED else self.number

    def _tornado_row(self, row: int, driver: LiveInput) -> None:
        """Write the name of a driver and the three parts of its bar, as formulas."""
        hidden = self.hidden
        answer = f"{FORECAST}!{cell(self.base, self.last_year)}"
        ends = ",".join(
            f"{FORECAST}!{cell(_FIRST + row, column)}" for column in (self.low + 2, self.low + 3)
        )
        middle = self.main.values[-1]
        low = min(driver.results)
        high = max(driver.results)
        hidden.write_string(row, 0, _name(driver.name))
        hidden.write_formula(row, 1, f"=MIN({ends})", None, low)
        hidden.write_formula(row, 2, f"=MAX({answer}-MIN({ends}),0)", None, max(middle - low, 0.0))
        hidden.write_formula(row, 3, f"=MAX(MAX({ends})-{answer},0)", None, max(high - middle, 0.0))


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def cell(row: int, column: int) -> str:
    """Name a cell in formulas."""
    library = need("xlsxwriter.utility", "excel", "A workbook")
    return str(library.xl_rowcol_to_cell(row, column, True, True))
