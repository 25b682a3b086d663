"""xlsx: a workbook with a summary of live formulas, a sheet for each section, the sources, the notes and the records.

Numbers are numbers, with formats; the chart is the workbook's own, so that it follows the cells.

Every cell is written with its type, so text from data never becomes a formula or a link. The workbook holds no clock
time: the same document gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from math import log10
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Column, Table
from rural_forecast.errors import OutputError, not_finite
from rural_forecast.render import xlsx_chart, xlsx_model, xlsx_summary
from rural_forecast.render.reading import places_of, prose, remaining_notes
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import encodable, one_line, without_controls

if TYPE_CHECKING:
    from rural_forecast.document.table import Cell, Document

MOST_ROWS, MOST_CHARACTERS, LONGEST_NAME = 1_048_575, 32_767, 31
LONGEST_WORD = 10
"""Letters of a word that a sheet name that is too long leaves out rather than cuts."""
SUMMARY, RECORDS, SOURCES, NOTES = "Summary", "Records", "Sources", "Notes"
_EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as workbooks hold it
_KINDS: dict[str, dict[str, Any]] = {
    "": {},
    "input": {"font_color": "#0067a5", "bg_color": "#f4f6f8"},
    "title": {"bold": True, "font_size": 14},
    "quiet": {"font_color": "#595959"},
}
_WIDEST = 480
"""Pixels of the widest column; longer text wraps."""


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook.

    Raises
    ------
    UsageError : XlsxWriter is not installed
    OutputError : more rows, or longer text, than a sheet can hold
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    library = need("xlsxwriter", "excel", "The format xlsx")
    file = BytesIO()
    workbook = library.Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": _EPOCH, "title": one_line(document.title)})
    book = _Book(workbook)
    summarised = book.summary(document)
    for section in (*document.sections, *document.after):
        if section.columns and section is not summarised:
            book.table(section.title or document.command.capitalize(), section, keys=False)
    book.sources(document)
    book.notes(document)
    book.table(RECORDS, document.records, keys=True)
    book.links()
    workbook.close()
    return file.getvalue()


class _Book:
    """A workbook with its cell formats and the names that are taken."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._formats: dict[tuple[str, bool, bool, str], Any] = {}
        # Excel keeps the name History for itself; the last two sheets are named in any case.
        self._first: Any = None
        self._links = 0
        self._names = {NOTES.lower(), RECORDS.lower(), "history"}

    def _format(self, number: str = "", *, bold: bool = False, wrap: bool = False, kind: str = "") -> Any:
        key = (number, bold, wrap, kind)
        if key not in self._formats:
            given: dict[str, Any] = {"bold": bold, "text_wrap": wrap, "valign": "top"}
            given |= {"num_format": number} if number else {}
            self._formats[key] = self._workbook.add_format(given | _KINDS[kind])
        return self._formats[key]

    def _sheet(self, name: str) -> Any:
        """A sheet that prints on pages one page wide."""
        sheet = self._workbook.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def summary(self, document: Document) -> Table | None:
        """The first sheet: finding, live formulas and chart. Gives the section it holds, if it holds one."""
        table = next((section for section in document.sections if xlsx_summary.paths(section)), None)
        if table is None and document.live is None:
            return None
        sheet = self._sheet(self._name(SUMMARY))
        parts = [part for part in document.subtitle.split(" · ") if part]
        texts = [(document.title, "title"), *((text, "quiet") for text in parts)]
        texts += [(text, "") for text in document.summary]
        if document.live is not None:
            texts += [("Base: every driver at its median. The medians of all draws are in the other sheets.", "quiet")]
        texts += [("Blue cells may be changed: what follows from them moves.", "quiet")]
        shown = [(prose(text), kind) for text, kind in texts if text]
        for line, (text, kind) in enumerate(shown):
            sheet.write_string(line, 0, text[:MOST_CHARACTERS], self._format(kind=kind))
        if document.live is not None:
            xlsx_model.add(self._workbook, sheet, document.live, len(shown) + 2, self._format)
            sheet.set_column(0, 0, 20)
            sheet.set_column(1, 9, 13)
        elif table is not None:
            amounts = next(place for place, column in enumerate(table.columns) if column.kind == "number")
            number = _number_format(table.columns[amounts], [row[amounts] for row in table.rows])
            summary = xlsx_summary.Summary(self._workbook, sheet, table, self._format, len(shown) + 2, number)
            below = summary.write()
            sheet.set_column(0, summary.wide, 11)
            sheet.print_area(0, 0, below + 18, summary.wide - 1)
        sheet.fit_to_pages(1, 1)
        self._first, self._links = sheet, len(shown)
        return table

    def links(self) -> None:
        """Lead from the summary to the other sheets."""
        others = self._workbook.worksheets()[1:] if self._first is not None else ()
        for place, sheet in enumerate(others):
            name = sheet.name.replace("'", "''")
            self._first.write_url(self._links, 2 * place, f"internal:'{name}'!A1", string=sheet.name)

    def _name(self, wanted: str) -> str:
        """A sheet name that Excel takes: short, without its forbidden signs, not taken yet in any letter case."""
        spaced = "".join(" " if sign in "[]:*?/\\" else sign for sign in one_line(wanted))
        clean = " ".join(spaced.split()).strip(" '") or "Table"
        name, number = _shortened(clean, LONGEST_NAME), 1
        while name.lower() in self._names:
            number += 1
            ending = f" ({number})"
            name = _shortened(clean, LONGEST_NAME - len(ending)) + ending
        self._names.add(name.lower())
        return name

    def table(self, name: str, table: Table, *, keys: bool) -> None:
        """A sheet with a frozen heading; numbers in full, shown as people read them."""
        if len(table.rows) > MOST_ROWS:
            raise OutputError(
                f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}.",
                "Write csv or parquet instead.",
            )
        sheet = self._sheet(name if keys else self._name(name))
        sheet.freeze_panes(1, 0)
        if keys:
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        strong = [tone == "strong" for tone in table.tones] or [False] * len(table.rows)
        for place, column in enumerate(table.columns):
            title = column.key if keys else _range_title(table.columns, place)
            sheet.write_string(0, place, one_line(title), self._format(bold=True))
            cells = [row[place] for row in table.rows]
            shown = _number_format(column, cells, whole=keys)
            for line, cell in enumerate(cells, 1):
                code = _number_format(column, [cell], whole=keys) if column.mixed else shown
                if column.kind == "percent" and not keys and isinstance(cell, int | float):
                    cell = cell / 100
                self._cell(sheet, line, place, column, cell, self._format(code, bold=strong[line - 1]))
        sheet.autofit(_WIDEST)
        if not keys and table.rows:
            xlsx_chart.add(self._workbook, sheet, table)

    def sources(self, document: Document) -> None:
        """A sheet of where the numbers were read, one row a source of each series."""
        found = [(str(one.get("id", "")), source) for one in document.series for source in one.get("sources", ())]
        if not found or SOURCES.lower() in self._names:
            return
        keys = list(dict.fromkeys(key for _, source in found for key in source))
        columns = (Column("series_id", "Series"), *(Column(key, key.capitalize()) for key in keys))
        rows = tuple((series, *(_text(source.get(key)) for key in keys)) for series, source in found)
        self.table(SOURCES, Table(columns, rows), keys=False)

    def _cell(self, sheet: Any, line: int, place: int, column: Column, cell: Cell, style: Any) -> None:
        if cell is None:
            return
        if isinstance(cell, bool):
            sheet.write_boolean(line, place, cell, style)
        elif isinstance(cell, str):
            text = encodable(without_controls(cell))
            if len(text) > MOST_CHARACTERS:
                raise OutputError(
                    f"Column {column.key} has a text of {len(text):,} characters; an Excel cell holds at most "
                    f"{MOST_CHARACTERS:,}.",
                    "Write csv or parquet instead.",
                )
            sheet.write_string(line, place, text, style)
        elif isinstance(cell, float) and cell - cell != 0:
            raise not_finite(f"Column {column.key} holds {cell}, which is not a finite number.")
        else:
            sheet.write_number(line, place, cell, style)

    def notes(self, document: Document) -> None:
        """A sheet of prose: title, summary and notes, then where the numbers come from."""
        plain, bold = self._format(wrap=True), self._format(bold=True)
        texts = [(document.title, bold), (document.subtitle, plain)]
        texts += [(sentence, plain) for sentence in (*document.summary, *document.points, *remaining_notes(document))]
        texts += [(f"{key}: {value}", plain) for key, value in document.provenance.items()]
        shown = [(prose(text), style) for text, style in texts if text]
        if not shown:
            return
        sheet = self._sheet(NOTES)
        sheet.set_column(0, 0, 100)
        for line, (text, style) in enumerate(shown):
            sheet.write_string(line, 0, text[:MOST_CHARACTERS], style)


def _cut(text: str, units: int) -> str:
    """The start of a text in as many units of UTF-16, for Excel counts most emoji twice."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def _shortened(text: str, units: int) -> str:
    """A text that fits, ended at a word where it is cut."""
    if _cut(text, units) == text:
        return text
    start = _cut(text, units - 1)
    begun, _, word = start.rpartition(" ")
    whole = start if text[len(start)] == " " or len(word) > LONGEST_WORD else begun
    return whole.rstrip(" ,;.-'") + "…"


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _range_title(columns: tuple[Column, ...], place: int) -> str:
    """The heading of a column; the two ends of a range say which they are."""
    if columns[place].ends_range and place:
        return f"{columns[place - 1].title}, to"
    if place + 1 < len(columns) and columns[place + 1].ends_range:
        return f"{columns[place].title}, from"
    return columns[place].title


def _number_format(column: Column, cells: list[Cell], *, whole: bool = False) -> str:
    """Excel's code for how people read the column; records keep percentages as `whole` numbers."""
    if column.kind == "year":
        return "0"
    if column.kind == "integer":
        return "#,##0"
    if column.kind not in ("number", "percent"):
        return ""
    places = places_of(column, cells)
    thousands = "," * round(log10(column.factor) / 3)  # each comma at the end shows a number divided by 1,000
    sign = "" if column.kind == "number" else '" %"' if whole else "%"
    code = "#,##0" + ("." + "0" * places if places else "") + thousands + sign
    return f"+{code};-{code};{code}" if column.sign else code
