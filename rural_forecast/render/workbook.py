"""xlsx: a workbook with a summary and its chart, the details, and the records last.

The summary and the details print on one page each; the records are for other programs and do not print. Numbers are
numbers, with formats. Every cell is written with its type, so text from data never becomes a formula or a link. The
workbook holds no clock time: the same document gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from typing import Any

from rural_forecast.document.table import Column, Document, Live, LiveInput, LiveResult, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import remaining_notes
from rural_forecast.render.native_chart import EPOCH, GRIDLINES, Chart, course_of, small_title
from rural_forecast.render.palette import ink, pale
from rural_forecast.render.worksheet import CHART_ROWS, Sheet, cell, number_format, number_formats, widths_for
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line

MOST_ROWS = 1_048_575
SUMMARY, CHART, DETAILS, RECORDS = "Summary", "Chart", "Details", "Records"
_NOT_PRINTED = "The records are for other programs and do not print: clear the print area to print them."
_ABOUT = ("publisher", "title", "date")
"""The parts of a source that are written; its address is to the right."""
_WIDEST = 480
"""Pixels of the widest column of the records."""


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook.

    Raises UsageError if XlsxWriter is not installed; OutputError if a sheet cannot hold the rows or a text;
    RuralForecastError if a number is not finite, which is a defect of ours.
    """
    file = BytesIO()
    workbook = need("xlsxwriter", "excel", "The format xlsx").Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(document.title)})
    tables = [table for table in document.sections if table.columns]
    if document.live or tables:
        _summary(workbook, document, tables)
    _details(workbook, document, tables if document.live else tables[1:])
    _records(workbook, document.records)
    workbook.close()
    return file.getvalue()


def _summary(workbook: Any, document: Document, tables: list[Table]) -> None:
    """The first sheet: the finding, and the main table with its chart, or the live model of a sizing."""
    live = document.live
    sheet = Sheet(workbook, SUMMARY, WIDTHS if live else widths_for(tables[:1]))
    sheet.prose([document.title], "title")
    sheet.prose(document.about, "quiet")
    sheet.prose(document.summary)
    if live:
        base = "Base: every driver at its median. The medians of all draws are in the details."
        sheet.prose([base, "Blue cells may be changed: what follows from them moves."], "quiet")
        sheet.row += 1
        _live(sheet, live)
    else:
        sheet.table(tables[0])
        _chart(sheet, document.over_years or tables[0])
    sheet.page()


def _chart(sheet: Sheet, table: Table) -> None:
    """The chart of a table over years; the numbers behind it are on a hidden sheet."""
    if (course := course_of(table)) is None:
        return
    place = next(place for place, column in enumerate(table.columns) if column.kind == "number")
    data = sheet.workbook.add_worksheet(CHART)
    data.hide()
    chart = Chart(course, number_format(table.columns[place], table.cells(place))).write(sheet.workbook, data)
    chart.set_title({"none": True})
    chart.set_size({"width": 7 * sum(sheet.widths), "height": 20 * CHART_ROWS})
    chart.show_hidden_data()
    sheet.cells.insert_chart(sheet.row + 1, 0, chart, {"description": "History, forecast and intervals"})
    sheet.row += 1 + CHART_ROWS


def _details(workbook: Any, document: Document, tables: list[Table]) -> None:
    """The other tables, what to know about the numbers, and where they come from."""
    notes = (*document.points, *remaining_notes(document))
    if not (document.live or any(section.columns for section in document.sections)):
        notes = (*document.summary, *notes)
    listed = [source for series in document.series for source in series.get("sources", ())]
    sources = list({str(source.items()): source for source in listed}.values())
    made = [f"{key}: {value}" for key, value in document.provenance.items() if key != "model"]
    if not (tables or notes or sources or made):
        return
    sheet = Sheet(workbook, DETAILS, widths_for(tables))
    for table in tables:
        sheet.table(table)
    if notes:
        sheet.heading("Notes")
        sheet.prose(notes)
    if publishers := dict.fromkeys(str(source["publisher"]) for source in sources if source.get("publisher")):
        sheet.heading("Sources")
        sheet.prose([f"{', '.join(publishers)}. Each one is below, where it is not printed."])
    sheet.page()
    if sources:
        sheet.heading("Each source")
    for source in sources:
        sheet.cells.write_string(sheet.row, len(sheet.widths), one_line(str(source.get("url") or "")))
        sheet.prose([", ".join(str(source[key]) for key in _ABOUT if source.get(key)) or "not named"])
    if made:
        sheet.heading("How it was made")
        sheet.prose(made, "quiet")


def _records(workbook: Any, table: Table) -> None:
    """The rows of the contract with their keys, under a frozen heading; numbers in full."""
    if len(table.rows) > MOST_ROWS:
        raise OutputError(
            f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}.",
            "Write csv or parquet instead.",
        )
    sheet = Sheet(workbook, RECORDS)
    sheet.cells.freeze_panes(1, 0)
    sheet.cells.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.put(0, place, column.key, bold=True)
        cells = table.cells(place)
        for row, (value, number) in enumerate(zip(cells, number_formats(column, cells, whole=True), strict=True), 1):
            sheet.record(row, place, column, value, number)
    sheet.cells.autofit(_WIDEST)
    beyond = 0, len(table.columns)  # an empty cell, in any number of rows
    sheet.cells.print_area(*beyond, *beyond)
    sheet.cells.set_header(f"&L{_NOT_PRINTED}")


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


def _live(sheet: Sheet, live: Live) -> None:
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

    def driver(self, row: int, driver: LiveInput) -> None:
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

    def result(self, row: int, result: LiveResult) -> None:
        """A result with all drivers low, at their base and high."""
        self.sheet.put(row, 0, _human(result.name), bold=True)
        self.sheet.put(row, 1, result.unit)
        for column, value in zip((LOW, BASE, HIGH), result.values, strict=True):
            formula = self._formula(result, dict.fromkeys((driver.name for driver in self.live.inputs), column))
            self.sheet.formula(row, column, formula, value, _number(result.values), bold=True)
        self.sheet.put(row, SCALE, _human(result.text), left=True)
        self.sheet.name_cell(f"result_{result.name}", row, BASE)

    def _formula(self, result: LiveResult, at: Mapping[str, int]) -> str:
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
