"""xlsx: the forecast with its chart, the data, and sources with notes.

A document with `live` formulas, such as a sizing, has them in place of the forecast.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from rural_forecast.document.picture import MOST_LEVEL, Picture
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import remaining_notes
from rural_forecast.render.native import EPOCH, chart_of, repacked
from rural_forecast.render.workbook.live import LiveSheet
from rural_forecast.render.workbook.numbers import number_formats
from rural_forecast.render.workbook.sheet import (
    CHART,
    CHART_TEXT,
    DATA,
    FORECAST,
    SOURCES,
    WorkbookSheet,
    widths_for,
)
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line

# The limit of Excel: rows of a sheet below its head.
MOST_ROWS = 1_048_575

_WIDEST_OF_DATA = 480  # pixels
_SOURCE_FIELDS = ("publisher", "title", "date")


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook."""
    file = BytesIO()
    title = document.picture.title if document.picture else document.title
    workbook = need("xlsxwriter", "excel", "The format xlsx").Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(title)})
    tables = [table for table in document.sections if table.columns]
    if document.live:
        LiveSheet(workbook, document.live).write()
    elif tables:
        main, *tables = tables
        _forecast(workbook, document, main, title)
    _data(workbook, document.records)
    _sources(workbook, document, tables)
    workbook.close()
    return repacked(file.getvalue())


def _forecast(workbook: Any, document: Document, table: Table, title: str) -> None:
    """Write the first sheet: the headline, the range, the main table and its chart."""
    picture = document.picture
    table = _with_one_range(table)._replace(title="")
    sheet = WorkbookSheet(workbook, FORECAST, widths_for([table]))
    sheet.prose([title], "title")
    if picture:
        sheet.prose([picture.lead])
        sheet.prose([picture.about, _units(document, picture)], "quiet")
    else:
        sheet.prose(document.summary[:1])
        sheet.prose(document.about, "quiet")
    sheet.row += 1
    sheet.table(table)
    native = chart_of(picture, CHART_TEXT) if picture else None
    if picture and native:
        hidden = workbook.add_worksheet(CHART)
        hidden.hide()
        chart = native.write(workbook, hidden)
        chart.set_plotarea({"layout": dict(native.layout)})
        sheet.insert(chart, picture.alternative, sum(sheet.widths))
    sheet.page()


def _with_one_range(table: Table) -> Table:
    """Leave out all ranges but that of 80 %, if the table has it; the data has them all."""
    keys = [column.key for column in table.columns]
    if f"lower_{MOST_LEVEL}" not in keys:
        return table
    other_bound = re.compile(rf"(lower|upper)_(?!{MOST_LEVEL}$)")
    return table.without(*filter(other_bound.match, keys))


def _units(document: Document, picture: Picture) -> str:
    """Name the unit of the table, and that of the chart where it is another one."""
    units = {str(series.get("unit") or "") for series in document.series}
    unit = units.pop() if len(units) == 1 else ""
    if not unit:
        return ""
    if not picture.unit or picture.unit == unit:
        return f"In {unit}."
    return f"In {unit}; the chart is in {picture.unit}."


def _data(workbook: Any, table: Table) -> None:
    """Write the records, with all their digits and the keys of machine formats."""
    if len(table.rows) > MOST_ROWS:
        raise OutputError(
            f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}.",
            "Write csv or parquet instead.",
        )
    sheet = WorkbookSheet(workbook, DATA)
    sheet.cells.freeze_panes(1, 0)
    sheet.cells.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    for index, column in enumerate(table.columns):
        sheet.head(0, index, column.key, right=column.numeric)
        cells = table.cells(index)
        formats = number_formats(column, cells, whole=True)
        for row, (value, number) in enumerate(zip(cells, formats, strict=True), 1):
            sheet.put(row, index, value, number, of=column.key)
    sheet.cells.autofit(_WIDEST_OF_DATA)
    sheet.cells.repeat_rows(0)
    sheet.cells.fit_to_pages(1, 0)


def _sources(workbook: Any, document: Document, tables: list[Table]) -> None:
    """Write the sources, the notes, the other tables, and how the forecast was made."""
    sheet = WorkbookSheet(workbook, SOURCES, widths_for(tables))
    sources = _distinct_sources(document)
    credit = document.picture.source if document.picture else ""
    if sources or credit:
        sheet.heading("Sources")
    if credit:
        sheet.prose([credit])
    for source in sources:
        # Beside the print area, as an address is long.
        url = one_line(str(source.get("url") or ""))
        sheet.cells.write_string(sheet.row, len(sheet.widths), url)
        fields = [str(source[field]) for field in _SOURCE_FIELDS if source.get(field)]
        sheet.prose([", ".join(fields) or "not named"])

    notes = (*document.summary, *document.points, *map(str, remaining_notes(document)))
    if notes:
        sheet.heading("Notes")
        sheet.prose(dict.fromkeys(notes))
    for table in tables:
        sheet.table(table)
    sheet.page()

    # Not printed: it comes after the print area was set.
    provenance = [f"{key}: {value}" for key, value in document.provenance.items() if key != "model"]
    if provenance:
        sheet.heading("How it was made")
        sheet.prose(provenance, "quiet")


def _distinct_sources(document: Document) -> list[Mapping[str, Any]]:
    """List the sources of all series, each once."""
    sources: dict[str, Mapping[str, Any]] = {}
    for series in document.series:
        for source in series.get("sources", ()):
            sources[str(source.items())] = source
    return list(sources.values())
