"""xlsx: the forecast with its chart, the data, and sources with notes.

A document with `live` formulas, such as a sizing, has them in place of the forecast. Sheets that
only programs need are hidden: the numbers of the chart, the rows with the keys of machine formats
where there are sheets for people, and how the forecast was made.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from math import ceil, log10
from typing import Any

from rural_forecast.document.picture import MOST_LEVEL, Course, Picture, Ranges
from rural_forecast.document.table import Column, Document, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import prose, remaining_notes
from rural_forecast.render.native import EPOCH, repacked
from rural_forecast.render.native_grid import PanelHead, TextSizes, charts_of, rows_of
from rural_forecast.render.workbook.data import data_table, places_of_series, series_of
from rural_forecast.render.workbook.live import LiveSheet
from rural_forecast.render.workbook.numbers import (
    decimal,
    is_amount,
    number_formats,
    with_one_format,
)
from rural_forecast.render.workbook.sheet import (
    CHART,
    CHART_TEXT,
    DATA,
    FORECAST,
    LEFT,
    PROVENANCE,
    ROWS,
    SOURCES,
    ChartBox,
    WorkbookSheet,
    rows_of_charts,
    widths_for,
)
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.numbers import digits
from rural_forecast.text.wording import capital

# The limit of Excel: rows of a sheet below its head.
MOST_ROWS = 1_048_575

_WIDEST_OF_DATA = 480  # pixels
_MOST_WRAPPED = 1_000  # rows of data whose texts wrap, so that they print at a size to read
_ROWS_OF_LINE = 1.1  # of a sheet for each line of text in a chart
_SOURCE_FIELDS = ("publisher", "title", "date")
_ABOUT_HIDDEN = f"Hidden sheets: {ROWS}, as machine formats have them, and {PROVENANCE}."
_OURS = "our forecast"
_OWN_NAMES = ("argument", "model", "precedent", "step", "what")
"""Columns of names that are ours; those of a person stay as they were written."""
_AMOUNT_IN_TEXT = re.compile(r"\d[.,]\d")


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook."""
    file = BytesIO()
    title = document.picture.title if document.picture else document.title
    workbook = need("xlsxwriter", "excel", "The format xlsx").Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(title)})
    records = document.records
    # Rows have sheets of their own.
    tables = [table for table in document.sections if table.columns and table.rows != records.rows]
    if document.live:
        LiveSheet(workbook, document.live).write()
    elif tables:
        main, *tables = tables
        _forecast(workbook, document, document.drawn or main, title)
    data = data_table(document)
    has_others = bool(data or document.live or document.sections)
    if data:
        _data(workbook, data)
    _rows(workbook, records, hidden=has_others)
    _sources(workbook, document, tables, has_others=has_others)
    _provenance(workbook, document)
    workbook.close()
    return repacked(file.getvalue())


def _forecast(workbook: Any, document: Document, table: Table, title: str) -> None:
    """Write the first sheet: the headline, the range, the main table and its chart."""
    picture = document.picture
    table = _with_one_range(table)._replace(title="")
    table = _for_clients(table)
    unit = _unit(document)
    places = None
    if picture and _suits(picture, table, unit, is_drawn=document.drawn is not None):
        table = _in_unit_of(picture, table, unit)
        unit = picture.unit
        if picture.amounts.places is not None:
            places = picture.amounts.places + 1
    table = with_one_format(table, places)
    sheet = WorkbookSheet(workbook, FORECAST, widths_for([table]))
    sheet.prose([title], "title")
    if picture:
        sheet.prose([picture.lead])
        sheet.prose([picture.about, _units(table, picture, unit)], "quiet")
    else:
        sheet.prose(document.summary[:1])
        sheet.prose(document.about, "quiet")
    sheet.row += 1
    sheet.table(table)
    if picture:
        sheet.prose(_assumptions(picture), "quiet")
        _charts(workbook, sheet, picture)
    sheet.page()


def _assumptions(picture: Picture) -> Iterator[str]:
    """Say what each line of a picture assumes, as the scenarios of `scenario`."""
    if isinstance(picture.plot, Course):
        for key in picture.plot.keys:
            yield f"{capital(key.name)}: {key.text}."


def _charts(workbook: Any, sheet: WorkbookSheet, picture: Picture) -> None:
    """Draw the chart of a picture below the table, or one for each panel; numbers are hidden."""
    rows = max(rows_of_charts(rows_of(picture)), _rows_of_lines(picture))
    sizes = TextSizes(CHART_TEXT, CHART_TEXT)
    placed = charts_of(picture, sizes, sheet.chart_room(rows))
    for index, one in enumerate(placed):
        hidden = workbook.add_worksheet(f"{CHART} {index + 1}" if index else CHART)
        hidden.hide()
        chart = one.chart.write(workbook, hidden)
        layout = dict(one.chart.layout)
        box = ChartBox(one.left, one.top - one.head_high, one.wide, one.high + one.head_high)
        if one.head:
            _title(chart, one.head)
            share = one.high / box.high
            layout["y"] = 1 - share + share * layout["y"]
            layout["height"] *= share
        chart.set_plotarea({"layout": layout})
        sheet.insert(chart, one.alternative, box)
    if placed:
        sheet.row += 1 + rows


def _rows_of_lines(picture: Picture) -> int:
    """Count the rows of a sheet that the texts of a picture of rows need, with its heads."""
    plot = picture.plot
    if not isinstance(plot, Ranges):
        return 0
    heads = 2 + sum(bool(row.group) for row in plot.rows)
    texts = sum(2 if row.about else 1 for row in plot.rows)
    return heads + ceil(_ROWS_OF_LINE * texts)


def _title(chart: Any, head: PanelHead) -> None:
    """Write the head of a panel as the title of its chart, at its left end."""
    text = ". ".join(filter(None, (head.name, head.remark)))
    font = {"size": head.size, "bold": head.is_accented}
    # A title that begins with `=` is taken for a formula.
    name = one_line(prose(text)).lstrip("= ")
    corner = {"x": 0.0, "y": 0.0}
    chart.set_title({"name": name, "name_font": font, "overlay": True, "layout": corner})


def _with_one_range(table: Table) -> Table:
    """Leave out all ranges but that of 80 %, if the table has it; the data has them all."""
    keys = [column.key for column in table.columns]
    if f"lower_{MOST_LEVEL}" not in keys:
        return table
    other_bound = re.compile(rf"(lower|upper)_(?!{MOST_LEVEL}$)")
    return table.without(*filter(other_bound.match, keys))


def _for_clients(table: Table) -> Table:
    """Put exact values into columns that were rounded to add up, and name rows in words.

    Columns that no row fills are left out.
    """
    by_column = []
    empty = []
    for index, column in enumerate(table.columns):
        cells = list(column.exact) or table.cells(index)
        if column.key == "model":
            cells = [
                _OURS if cell == "consensus" else str(cell).replace("_", " ") for cell in cells
            ]
        if column.key in _OWN_NAMES:
            cells = [capital(str(cell)) for cell in cells]
        if index and all(cell in (None, "") for cell in cells):
            empty.append(column.key)
        by_column.append(cells)
    return table._replace(rows=tuple(zip(*by_column, strict=True))).without(*empty)


def _unit(document: Document) -> str:
    """Give the unit of all series, or that of all rows; empty where there are several."""
    units = {str(series.get("unit") or "") for series in document.series}
    if not units:
        keys = [column.key for column in document.records.columns]
        if "unit" in keys:
            units = {str(cell or "") for cell in document.records.cells(keys.index("unit"))}
    return units.pop() if len(units) == 1 else ""


def _suits(picture: Picture, table: Table, unit: str, *, is_drawn: bool) -> bool:
    """Check that the unit of the picture is that of the table, in words or on a larger scale.

    A table with amounts in its texts keeps that of the data.
    """
    factor = picture.amounts.factor
    if not unit or digits(unit, factor).unit != picture.unit:
        return False
    if factor == 1 or is_drawn:
        return True
    for row in table.rows:
        texts = [cell for cell in row if isinstance(cell, str)]
        if any(map(_AMOUNT_IN_TEXT.search, texts)):
            return False
    return True


def _in_unit_of(picture: Picture, table: Table, unit: str) -> Table:
    """Give amounts the unit of the picture, as the headline has it: tn yuan, not bn CNY."""
    factor = picture.amounts.factor
    columns = []
    cells_of = []
    for index, column in enumerate(table.columns):
        cells = table.cells(index)
        if is_amount(column):
            cells = [cell / factor if isinstance(cell, float | int) else cell for cell in cells]
            column = _in_larger_unit(column, picture.unit, factor, unit)
        columns.append(column)
        cells_of.append(cells)
    return table._replace(columns=tuple(columns), rows=tuple(zip(*cells_of, strict=True)))


def _in_larger_unit(column: Column, name: str, factor: float, unit: str) -> Column:
    """Rename the unit in the title of a column, and count decimals in the larger unit."""
    title, _, own_unit = column.title.rpartition(", ")
    if column.factor == 1 and column.title != unit:
        title = column.title
    elif not title or not own_unit:
        title = name
    more = round(log10(factor / column.factor))
    return column._replace(
        title=title,
        factor=1.0,
        decimals=None if column.decimals is None else column.decimals + more,
        row_decimals=tuple(places + more for places in column.row_decimals),
    )


def _units(table: Table, picture: Picture, unit: str) -> str:
    """Name the unit of the table, unless a head does; and that of the chart if it is another."""
    of_chart = f"The chart is in {picture.unit}." if picture.unit not in ("", unit) else ""
    heads = [column.title for column in table.columns]
    if not unit or unit in heads or not any(map(is_amount, table.columns)):
        return of_chart
    return f"In {unit}. {of_chart}".rstrip()


def _data(workbook: Any, table: Table) -> None:
    """Write what was observed and what is forecast: one format for all numbers of a series."""
    wraps = len(table.rows) <= _MOST_WRAPPED
    sheet = _filtered(workbook, DATA, table, widths_for([table]) if wraps else ())
    names = series_of(table)
    places = places_of_series(table)
    formats_of_amounts = [decimal(places[name]) for name in names]
    for index, column in enumerate(table.columns):
        right = column.numeric or column.kind == "year"
        left = LEFT if index and not right else {}
        sheet.head(0, index, column.title, right=right, **left)
        cells = table.cells(index)
        formats = number_formats(column, cells)
        if column.amount:
            formats = formats_of_amounts
        for row, (value, number) in enumerate(zip(cells, formats, strict=True), 1):
            look = {"align": "right"} if right and isinstance(value, str) else left
            wrapped = wraps and isinstance(value, str)
            sheet.put(row, index, value, number, of=column.title, text_wrap=wrapped, **look)
    if not wraps:
        sheet.cells.autofit(_WIDEST_OF_DATA)


def _rows(workbook: Any, table: Table, *, hidden: bool) -> None:
    """Write the records, with all their digits and the keys of machine formats."""
    sheet = _filtered(workbook, ROWS, table)
    for index, column in enumerate(table.columns):
        sheet.head(0, index, column.key, right=column.numeric)
        cells = table.cells(index)
        formats = number_formats(column, cells, whole=True)
        for row, (value, number) in enumerate(zip(cells, formats, strict=True), 1):
            sheet.put(row, index, value, number, of=column.key)
    sheet.cells.autofit(_WIDEST_OF_DATA)
    if hidden:
        sheet.cells.hide()


def _filtered(workbook: Any, name: str, table: Table, widths: Sequence[int] = ()) -> WorkbookSheet:
    """Make a sheet for tidy rows below a head that stays in view and filters them."""
    if len(table.rows) > MOST_ROWS:
        raise OutputError(
            f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}.",
            "Write csv or parquet instead.",
        )
    sheet = WorkbookSheet(workbook, name, widths)
    sheet.cells.freeze_panes(1, 0)
    sheet.cells.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.cells.repeat_rows(0)
    sheet.cells.fit_to_pages(1, 0)
    return sheet


def _sources(workbook: Any, document: Document, tables: list[Table], *, has_others: bool) -> None:
    """Write the sources, the notes and the other tables."""
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

    # The range of the headline is on the first sheet; advice says what to type.
    sentences = document.summary[1:] if document.picture else document.summary
    remarks = [note.without_advice for note in remaining_notes(document)]
    notes = (*sentences, *document.points, *remarks)
    if notes or has_others:
        sheet.heading("Notes")
        sheet.prose(dict.fromkeys(notes))
    if has_others:
        sheet.prose([_ABOUT_HIDDEN], "quiet")
    for table in tables:
        sheet.table(with_one_format(_for_clients(table)))
    sheet.page()


def _provenance(workbook: Any, document: Document) -> None:
    """Write how the forecast was made on a hidden sheet: version, digest of the data, options."""
    provenance = [f"{key}: {value}" for key, value in document.provenance.items() if key != "model"]
    if not provenance:
        return
    sheet = WorkbookSheet(workbook, PROVENANCE, widths_for([]))
    sheet.heading("How it was made")
    sheet.prose(provenance, "quiet")
    sheet.cells.hide()


def _distinct_sources(document: Document) -> list[Mapping[str, Any]]:
    """List the sources of all series, each once."""
    sources: dict[str, Mapping[str, Any]] = {}
    for series in document.series:
        for source in series.get("sources", ()):
            sources[str(source.items())] = source
    return list(sources.values())
