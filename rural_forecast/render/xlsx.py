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
from rural_forecast.render.xlsx_parts import EPOCH, number_format, write
from rural_forecast.render.xlsx_stack import Stack, widths_for
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import encodable, one_line

if TYPE_CHECKING:
    from rural_forecast.document.table import Document, Table

MOST_ROWS = 1_048_575
SUMMARY, TREE, DETAILS, RECORDS = "Summary", "Tree", "Details", "Records"
_NOT_PRINTED = "The records are for other programs and do not print: clear the print area to print them."
_KINDS: dict[str, dict[str, Any]] = {
    "": {},
    "input": {"font_color": "#0067a5", "bg_color": "#f4f6f8"},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12},
    "head": {"bold": True, "bottom": 1},
    "head right": {"bold": True, "bottom": 1, "align": "right"},
    "quiet": {"font_color": "#595959"},
}
_ABOUT = ("publisher", "title", "date")
"""What is written of a source; its address is to the right."""
_WIDEST = 480
"""Pixels of the widest column of the records."""


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook.

    Raises UsageError if XlsxWriter is not installed; OutputError if a sheet cannot hold the rows or a text;
    RuralForecastError if a number is not finite, which is a defect of ours.
    """
    library = need("xlsxwriter", "excel", "The format xlsx")
    file = BytesIO()
    workbook = library.Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(document.title)})
    book = _Book(workbook)
    shown = book.summary(document)
    if document.tree is not None:
        xlsx_model.add_tree(book.sheet(TREE), document.tree, book.style)
    book.details(document, shown)
    book.records(document.records)
    book.links()
    workbook.close()
    return file.getvalue()


class _Book:
    """A workbook with its cell formats."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[object, ...], Any] = {}
        self._links: tuple[Any, int] | None = None

    def style(
        self, number: str = "", *, bold: bool = False, wrap: bool = False, left: bool = False, kind: str = ""
    ) -> Any:
        key = (number, bold, wrap, left, kind)
        if key not in self._formats:
            style: dict[str, Any] = {"bold": bold, "text_wrap": wrap, "valign": "top"}
            style |= {"num_format": number} if number else {}
            style |= {"align": "left", "indent": 1} if left else {}
            self._formats[key] = self._workbook.add_format(style | _KINDS[kind])
        return self._formats[key]

    def sheet(self, name: str) -> Any:
        sheet = self._workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def summary(self, document: Document) -> Table | None:
        """The first sheet: finding, and live formulas with their chart or the first table. Gives the table it holds."""
        sections = [section for section in document.sections if section.columns]
        live = document.live
        table = next((section for section in sections if xlsx_summary.paths(section)), None)
        first = table or (sections[0] if sections and not live else None)
        if first is None and live is None:
            return None
        sheet = self.sheet(SUMMARY)
        if table:
            widths = xlsx_summary.widths(table)
        elif live:
            widths = xlsx_model.WIDTHS
        else:
            widths = widths_for(sections[:1])
        stack = Stack(sheet, self.style, widths)
        stack.prose([document.title], "title")
        stack.prose([part for part in document.subtitle.split(" · ") if part], "quiet")
        stack.prose(document.summary)
        if live:
            stack.prose(["Base: every driver at its median. The medians of all draws are in the details."], "quiet")
        if live or table:
            stack.prose(["Blue cells may be changed: what follows from them moves."], "quiet")
            self._links = sheet, stack.row
            stack.row += 2
        if live:
            stack.row = xlsx_model.add(self._workbook, sheet, live, stack.row, self.style)
        elif table:
            amounts = next(place for place, column in enumerate(table.columns) if column.kind == "number")
            number = number_format(table.columns[amounts], [row[amounts] for row in table.rows])
            stack.row = xlsx_summary.Summary(self._workbook, sheet, table, self.style, stack.row, number).write()
        elif first:
            stack.table(first)
        stack.page()
        return first

    def details(self, document: Document, shown: Table | None) -> None:
        """The other tables, what to know about the numbers, and where they come from."""
        tables = [table for table in (*document.sections, *document.after) if table.columns and table is not shown]
        notes = (*document.points, *remaining_notes(document))
        sources = list(
            {str(source.items()): source for series in document.series for source in series.get("sources", ())}.values()
        )
        made = [f"{key}: {value}" for key, value in document.provenance.items()]
        if shown is None and document.live is None:
            notes = (*document.summary, *notes)
        if not (tables or notes or sources or made):
            return
        stack = Stack(self.sheet(DETAILS), self.style, widths_for(tables))
        for table in tables:
            stack.table(table)
        if notes:
            stack.heading("Notes")
            stack.prose(notes)
        if publishers := dict.fromkeys(str(source["publisher"]) for source in sources if source.get("publisher")):
            stack.heading("Sources")
            stack.prose([f"{', '.join(publishers)}. Each one is below, where it is not printed."])
        stack.page()
        if sources:
            stack.heading("Each source")
        for source in sources:
            stack.sheet.write_string(stack.row, len(stack.widths), encodable(one_line(str(source.get("url") or ""))))
            stack.prose([", ".join(str(source[key]) for key in _ABOUT if source.get(key)) or "not named"])
        if made:
            stack.heading("How it was made")
            stack.prose(made, "quiet")

    def records(self, table: Table) -> None:
        """The rows of the contract with their keys, under a frozen heading; numbers in full."""
        if len(table.rows) > MOST_ROWS:
            raise OutputError(
                f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}.",
                "Write csv or parquet instead.",
            )
        sheet = self.sheet(RECORDS)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, one_line(column.key), self.style(bold=True))
            cells = [row[place] for row in table.rows]
            shared = number_format(column, cells, whole=True)
            for line, value in enumerate(cells, 1):
                code = number_format(column, [value], whole=True) if column.mixed else shared
                write(sheet, line, place, column, value, self.style(code))
        sheet.autofit(_WIDEST)
        beyond = 0, len(table.columns)  # an empty cell, in any number of rows
        sheet.print_area(*beyond, *beyond)
        sheet.set_header(f"&L{_NOT_PRINTED}")

    def links(self) -> None:
        """Lead from a summary of formulas to the other sheets."""
        if self._links is not None:
            sheet, row = self._links
            for place, other in enumerate(self._workbook.worksheets()[1:]):
                sheet.write_url(row, 2 * place, f"internal:'{other.name}'!A1", string=other.name)
