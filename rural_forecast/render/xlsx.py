"""xlsx: a workbook with a summary of live formulas, the details, and the records last.

The summary and the details print on one page each; the records are for other programs and do not print. Numbers are
numbers, with formats; charts are the workbook's own, so that they follow the cells.

Every cell is written with its type, so text from data never becomes a formula or a link. The workbook holds no clock
time: the same document gives the same bytes.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import OutputError
from rural_forecast.render import xlsx_model, xlsx_summary
from rural_forecast.render.reading import remaining_notes
from rural_forecast.render.xlsx_parts import EPOCH, number_formats
from rural_forecast.render.xlsx_sheet import Sheet, widths_for
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.table import Document, Table

MOST_ROWS = 1_048_575
SUMMARY, TREE, DETAILS, RECORDS = "Summary", "Tree", "Details", "Records"
_NOT_PRINTED = "The records are for other programs and do not print: clear the print area to print them."
_ABOUT = ("publisher", "title", "date")
"""What is written of a source; its address is to the right."""
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
    live, sections = document.live, [section for section in document.sections if section.columns]
    course = None if live else next(filter(None, map(xlsx_summary.summary, sections)), None)
    first = None if live else course.table if course else next(iter(sections), None)
    links = _summary(workbook, document, course, first) if live or first else 0
    if document.tree is not None:
        xlsx_model.add_tree(Sheet(workbook, TREE), document.tree)
    others = [table for table in (*sections, *document.after) if table.columns and table is not first]
    _details(workbook, document, others)
    _records(workbook, document.records)
    for place, other in enumerate(workbook.worksheets()[1:] if links else ()):
        workbook.worksheets()[0].write_url(links, 2 * place, f"internal:'{other.name}'!A1", string=other.name)
    workbook.close()
    return file.getvalue()


def _summary(workbook: Any, document: Document, course: xlsx_summary.Summary | None, first: Table | None) -> int:
    """The first sheet: finding, and live formulas with their chart or the first table; gives the row for links."""
    live, links = document.live, 0
    widths = xlsx_model.WIDTHS if live else course.widths if course else widths_for([first] if first else [])
    sheet = Sheet(workbook, SUMMARY, widths)
    sheet.prose([document.title], "title")
    sheet.prose(document.about, "quiet")
    sheet.prose(document.summary)
    if live:
        sheet.prose(["Base: every driver at its median. The medians of all draws are in the details."], "quiet")
    if live or course:
        sheet.prose(["Blue cells may be changed: what follows from them moves."], "quiet")
        links, sheet.row = sheet.row, sheet.row + 2
    if live:
        xlsx_model.add(sheet, live)
    elif course:
        course.write(sheet)
    elif first:
        sheet.table(first)
    sheet.page()
    return links


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
