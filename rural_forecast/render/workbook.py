"""xlsx: a workbook with a summary and its chart, the details, and the records last.

The summary and the details print on one page each; the records are for other programs and do not print. Numbers are
numbers, with formats. Every cell is written with its type, so text from data never becomes a formula or a link. The
workbook holds no clock time: the same document gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from rural_forecast.document.table import Document, Table
from rural_forecast.errors import OutputError
from rural_forecast.render import size_model
from rural_forecast.render.columns import remaining_notes
from rural_forecast.render.native_chart import EPOCH, Chart, course_of
from rural_forecast.render.worksheet import CHART_ROWS, Sheet, number_format, number_formats, widths_for
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import one_line

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
    tables = [table for table in (*document.sections, *document.after) if table.columns]
    if document.live or tables:
        _summary(workbook, document, tables)
    _details(workbook, document, tables if document.live else tables[1:])
    _records(workbook, document.records)
    workbook.close()
    return file.getvalue()


def _summary(workbook: Any, document: Document, tables: list[Table]) -> None:
    """The first sheet: the finding, and the main table with its chart, or the live model of a sizing."""
    live = document.live
    sheet = Sheet(workbook, SUMMARY, size_model.WIDTHS if live else widths_for(tables[:1]))
    sheet.prose([document.title], "title")
    sheet.prose(document.about, "quiet")
    sheet.prose(document.summary)
    if live:
        base = "Base: every driver at its median. The medians of all draws are in the details."
        sheet.prose([base, "Blue cells may be changed: what follows from them moves."], "quiet")
        sheet.row += 1
        size_model.add(sheet, live)
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
    made = [f"{key}: {value}" for key, value in document.provenance.items()]
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
