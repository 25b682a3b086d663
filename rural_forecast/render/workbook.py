"""xlsx: the forecast with its chart, the data, and sources with notes; a sizing keeps its formulas alive.

The first and last sheet print on one page each. The workbook holds no clock time: the same document gives the same
bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from rural_forecast.document.picture import MOST_LEVEL
from rural_forecast.document.table import Column, Document, Live, LiveInput, LiveResult, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import remaining_notes
from rural_forecast.render.native_chart import COLOURS, EPOCH, GRIDLINES, Chart, repacked, suits
from rural_forecast.render.worksheet import CHART_ROWS, LEFT, Sheet, cell, number_formats, widths_for
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line

MOST_ROWS = 1_048_575
FORECAST, DATA, SOURCES, CHART = "Forecast", "Data", "Sources and notes", "Chart"
_ABOUT = ("publisher", "title", "date")
_WIDEST = 480


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook."""
    file, title = BytesIO(), document.picture.title if document.picture else document.title
    workbook = need("xlsxwriter", "excel", "The format xlsx").Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(title)})
    tables = [table for table in document.sections if table.columns]
    if document.live:
        _Model(workbook, document.live).write()
    elif tables:
        first, *tables = tables
        _forecast(workbook, document, first, title)
    _data(workbook, document.records)
    _sources(workbook, document, tables)
    workbook.close()
    return repacked(file.getvalue())


def _forecast(workbook: Any, document: Document, table: Table, title: str) -> None:
    """The first sheet: the headline, the range, the main table with its range of 80 % alone, and its chart."""
    keys, picture = [column.key for column in table.columns], document.picture
    other = re.compile(rf"(lower|upper)_(?!{MOST_LEVEL}$)" if f"lower_{MOST_LEVEL}" in keys else "(?!)")
    kept = [place for place, key in enumerate(keys) if not other.match(key)]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    table = table._replace(title="", columns=tuple(table.columns[place] for place in kept), rows=rows)
    sheet = Sheet(workbook, FORECAST, widths_for([table]))
    sheet.prose([title], "title")
    sheet.prose([picture.subtitle] if picture else document.summary[:1])
    sheet.prose([picture.about, *_units(document, picture.unit)] if picture else document.about, "quiet")
    sheet.row += 1
    sheet.table(table)
    if picture and suits(picture):
        chart = Chart(picture, points=10).write(workbook, _hidden(workbook))
        chart.set_plotarea({"layout": {"x": 0.07, "y": 0.05, "width": 0.74, "height": 0.8}})
        _insert(sheet, chart, picture.alternative, sum(sheet.widths))
    sheet.page()


def _units(document: Document, drawn: str) -> Iterable[str]:
    """The unit of the table, and that of the chart where it differs."""
    units = {str(series.get("unit") or "") for series in document.series}
    if len(units) == 1 and (unit := units.pop()):
        yield f"In {unit}{f'; the chart is in {drawn}' if drawn and drawn != unit else ''}."


def _data(workbook: Any, table: Table) -> None:
    """The rows of the contract with their keys, under a frozen heading; numbers in full."""
    if len(table.rows) > MOST_ROWS:
        said = f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}."
        raise OutputError(said, "Write csv or parquet instead.")
    sheet = Sheet(workbook, DATA)
    sheet.cells.freeze_panes(1, 0)
    sheet.cells.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.head(0, place, column.key, right=column.numeric)
        cells = table.cells(place)
        for row, (value, number) in enumerate(zip(cells, number_formats(column, cells, whole=True), strict=True), 1):
            sheet.put(row, place, value, number, of=column.key)
    sheet.cells.autofit(_WIDEST)
    sheet.cells.repeat_rows(0)
    sheet.cells.fit_to_pages(1, 0)


def _sources(workbook: Any, document: Document, tables: list[Table]) -> None:
    """Where the numbers come from, what to know about them, and the other tables."""
    notes = (*document.summary, *document.points, *map(str, remaining_notes(document)))
    listed = [source for series in document.series for source in series.get("sources", ())]
    sources = list({str(source.items()): source for source in listed}.values())
    sheet = Sheet(workbook, SOURCES, widths_for(tables))
    if sources:
        sheet.heading("Sources")
    for source in sources:
        sheet.cells.write_string(sheet.row, len(sheet.widths), one_line(str(source.get("url") or "")))
        sheet.prose([", ".join(str(source[key]) for key in _ABOUT if source.get(key)) or "not named"])
    if notes:
        sheet.heading("Notes")
        sheet.prose(dict.fromkeys(notes))
    for table in tables:
        sheet.table(table)
    sheet.page()
    if made := [f"{key}: {value}" for key, value in document.provenance.items() if key != "model"]:
        sheet.heading("How it was made")
        sheet.prose(made, "quiet")


def _hidden(workbook: Any) -> Any:
    """A sheet that is not seen, for the numbers of a chart."""
    sheet = workbook.add_worksheet(CHART)
    sheet.hide()
    return sheet


def _insert(sheet: Sheet, chart: Any, alternative: str, characters: int) -> None:
    """Put a chart whose numbers are on a hidden sheet below what is written."""
    chart.show_hidden_data()
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": 7 * characters, "height": 20 * CHART_ROWS})
    sheet.cells.insert_chart(sheet.row + 1, 0, chart, {"description": one_line(alternative)})
    sheet.row += 1 + CHART_ROWS


def _human(name: str) -> str:
    """A name, or a formula of names, in words."""
    return one_line(name).replace("_", " ")


def _number(values: Iterable[float]) -> str:
    """Excel's code for numbers that are read together."""
    return number_formats(Column("", kind="number"), list(values))[0]


_LOW_HIGH = ("Low", "High", "Result, low", "Result, high")
_NAME, _UNIT, _NUMBER, _BASIS = 22, 20, 11, 34
_FIRST, _YEARS = 5, 2  # row of the first driver, and column of the first year


class _Model:
    """The live sheet of a sizing: blue cells are drivers, everything else follows from them."""

    def __init__(self, workbook: Any, live: Live) -> None:
        self.live, self.main = live, live.results[-1]
        self.low = _YEARS + len(live.years)  # column of the low ends, behind the last year
        self.sheet = Sheet(workbook, FORECAST, [_NAME, _UNIT, *[_NUMBER] * (self.low + 2), _BASIS])
        self.fits = _FIRST + len(live.inputs) + 2  # row of the first result's fit to the draws; each is below its fit
        self.base = self.fits + 2 * len(live.results) - 1
        self.number = _number(self.main.values)

    def write(self) -> None:
        """Write headline, drivers, results and the tornado."""
        sheet, live = self.sheet, self.live
        before, after = (text.replace('"', '""') for text in live.headline)
        places = len(self.number.partition(".")[2])
        said = f"{live.headline[0]}{self.main.values[-1]:,.{places}f}{live.headline[1]}"
        formula = f'="{before}"&TEXT({cell(self.base, self.low - 1)},"{self.number}")&"{after}"'
        sheet.cells.write_formula(0, 0, formula, sheet.style(kind="title"), said)
        sheet.row = 1
        sheet.prose(["Blue cells may be changed: headline, results and bars follow from them."], "quiet")
        sheet.put(_FIRST - 2, self.low, f"{live.level} % range in {live.years[-1]}", kind="quiet")
        driver_heads = ("Driver", "Unit", *map(str, live.years), *_LOW_HIGH, "Rests on")
        result_heads = ("Result", "", *map(str, live.years), *("" for _ in _LOW_HIGH), "")
        for row, heads in ((_FIRST - 1, driver_heads), (self.fits - 1, result_heads)):
            for place, head in enumerate(heads):
                last = place == len(heads) - 1
                sheet.head(row, place, head, right=place > 1 and not last, **(LEFT if last else {}))
        for row, driver in enumerate(live.inputs, _FIRST):
            self._driver(row, driver)
        for row, result in enumerate(live.results):
            self._result(self.fits + 2 * row, result)
        sheet.row = self.base + 2
        formulas = [f"{_human(result.name)} = {_human(result.text)}" for result in live.results]
        differs = "A median of draws differs a little from the formula at medians; their ratio is a row of its own."
        sheet.prose([*formulas, differs], "quiet")
        self._tornado()
        sheet.page()

    def _driver(self, row: int, driver: LiveInput) -> None:
        """A driver in every year, its ends in the last one, and the last result with it low and high."""
        sheet, values = self.sheet, (*driver.values, driver.low, driver.high)
        sheet.put(row, 0, _human(driver.name))
        sheet.put(row, 1, driver.unit, text_wrap=True)
        for place, value in enumerate(values, _YEARS):
            sheet.put(row, place, value, _number(values), kind="input")
        for place, value in enumerate(driver.results, self.low):
            formula = self._formula(self.main, self.low - 1, self.base - 1, {driver.name: place})
            sheet.cells.write_formula(row, place + 2, formula, sheet.style(self.number), value)
        sheet.put(row, self.low + 4, _human(driver.basis), text_wrap=True, **LEFT)

    def _result(self, row: int, result: LiveResult) -> None:
        """The ratio of the median of draws to the formula, and the result, in every year."""
        sheet, style = self.sheet, self.sheet.style(_number(result.values), bold=True)
        sheet.put(row, 0, "median over formula", kind="quiet")
        sheet.put(row + 1, 0, _human(result.name), bold=True)
        sheet.put(row + 1, 1, result.unit)
        for column, (fit, value) in enumerate(zip(result.fits, result.values, strict=True), _YEARS):
            sheet.put(row, column, fit, "0.000", kind="quiet")
            sheet.cells.write_formula(row + 1, column, self._formula(result, column, row, {}), style, value)

    def _formula(self, result: LiveResult, column: int, fits: int, at: Mapping[str, int]) -> str:
        """The formula of a result in the year of a column, with inputs from there or from the columns named."""
        cells = {
            driver.name: f"({cell(row, at.get(driver.name, column))}*{driver.scale!r})"
            for row, driver in enumerate(self.live.inputs, _FIRST)
        }
        written = result.formulas[column - _YEARS].format_map(cells)
        return f"=({written})/{result.scale!r}*{cell(fits, column)}"

    def _tornado(self) -> None:
        """Bars from the result with a driver low to that with it high."""
        sheet, live, count, middle = self.sheet, self.live, len(self.live.inputs), self.main.values[-1]
        hidden, answer = _hidden(sheet.workbook), f"{FORECAST}!{cell(self.base, self.low - 1)}"
        for row, driver in enumerate(live.inputs):
            hidden.write_string(row, 0, _human(driver.name))
            low, high = min(driver.results), max(driver.results)
            ends = ",".join(f"{FORECAST}!{cell(_FIRST + row, self.low + 2 + place)}" for place in (0, 1))
            hidden.write_formula(row, 1, f"=MIN({ends})", None, low)
            hidden.write_formula(row, 2, f"=MAX({answer}-MIN({ends}),0)", None, max(middle - low, 0.0))
            hidden.write_formula(row, 3, f"=MAX(MAX({ends})-{answer},0)", None, max(high - middle, 0.0))
        chart = sheet.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        fills = {"start": {"none": True}, "below": {"color": COLOURS["axis"]}, "above": {"color": COLOURS["total"]}}
        for place, (name, fill) in enumerate(fills.items(), 1):
            names, values = ([CHART, 0, at, count - 1, at] for at in (0, place))
            chart.add_series({"name": name, "categories": names, "values": values, "fill": fill, "gap": 40})
        chart.set_legend({"none": True})
        font = {"size": 10, "color": COLOURS["quiet"]}
        chart.set_y_axis({"reverse": True, "label_position": "low", "num_font": font, "line": {"none": True}})
        chart.set_x_axis({"num_format": self.number, "major_gridlines": GRIDLINES, "num_font": font})
        title = f"{_human(self.main.name)} in {live.years[-1]}, {self.main.unit}, with one driver from low to high"
        chart.set_title({"name": one_line(title).lstrip("= "), "overlay": False, "name_font": {"size": 10}})
        _insert(sheet, chart, title, sum(sheet.widths[: self.low + 4]))
