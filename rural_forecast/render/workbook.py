"""xlsx: the forecast with its chart, the data, and sources with notes; a sizing keeps its formulas
alive.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from math import log10
from typing import Any

from rural_forecast.document.picture import MOST_LEVEL
from rural_forecast.document.table import Cell, Column, Document, Live, LiveResult, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import people_texts, places_of, prose, remaining_notes
from rural_forecast.render.native_chart import (
    COLOURS,
    EPOCH,
    GRIDLINES,
    NativeChart,
    repacked,
    suits,
)
from rural_forecast.render.wrapping import cell_len, wrap
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable, one_line, without_controls

MOST_ROWS = 1_048_575
FORECAST = "Forecast"
DATA = "Data"
SOURCES = "Sources and notes"
CHART = "Chart"
_ABOUT = ("publisher", "title", "date")
_WIDEST_OF_DATA = 480
MOST_CHARACTERS = 32_767
_KINDS: dict[str, dict[str, Any]] = {
    "": {},
    "input": {"font_color": "#0f4c8a", "bg_color": "#e8f0f8"},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12},
    "head": {"bold": True, "bottom": 1},
    "head right": {"bold": True, "bottom": 1, "align": "right"},
    "quiet": {"font_color": "#5c5c5c"},
}
_NARROWEST = 9
_WIDEST = 30
_EXTRA = 9  # characters of a column; longer text wraps within its cell
_PAGE = 96
_LONGEST = 130  # lines from which a sheet prints on more than one page
_LINE = 15.0
_CHARACTER = 5.6
CHART_ROWS = 17
LEFT: dict[str, Any] = {"align": "left", "indent": 1}


def render(document: Document, **_: Any) -> bytes:
    """Write the workbook."""
    file = BytesIO()
    title = document.picture.title if document.picture else document.title
    workbook = need("xlsxwriter", "excel", "The format xlsx").Workbook(file, {"in_memory": True})
    workbook.set_properties({"created": EPOCH, "title": one_line(title)})
    tables = [table for table in document.sections if table.columns]
    if document.live:
        _LiveSheet(workbook, document.live).write()
    elif tables:
        first, *tables = tables
        _forecast(workbook, document, first, title)
    _data(workbook, document.records)
    _sources(workbook, document, tables)
    workbook.close()
    return repacked(file.getvalue())


def _forecast(workbook: Any, document: Document, table: Table, title: str) -> None:
    """The first sheet: the headline, the range, the main table with its range of 80 % alone, and
    its chart.
    """
    keys = [column.key for column in table.columns]
    picture = document.picture
    if f"lower_{MOST_LEVEL}" in keys:
        table = table.without(
            *(key for key in keys if re.match(rf"(lower|upper)_(?!{MOST_LEVEL}$)", key))
        )
    table = table._replace(title="")
    sheet = WorkbookSheet(workbook, FORECAST, widths_for([table]))
    sheet.prose([title], "title")
    sheet.prose([picture.subtitle] if picture else document.summary[:1])
    units = {str(series.get("unit") or "") for series in document.series}
    about = document.about
    if picture:
        unit, drawn = min(units, default="") if len(units) == 1 else "", picture.unit
        chart_in = f"; the chart is in {drawn}" if drawn and drawn != unit else ""
        about = (picture.about, *([f"In {unit}{chart_in}."] if unit else ()))
    sheet.prose(about, "quiet")
    sheet.row += 1
    sheet.table(table)
    if picture and suits(picture):
        hidden = workbook.add_worksheet(CHART)
        hidden.hide()
        chart = NativeChart(picture, points=10).write(workbook, hidden)
        chart.set_plotarea({"layout": {"x": 0.07, "y": 0.05, "width": 0.74, "height": 0.8}})
        sheet.insert(chart, picture.alternative, sum(sheet.widths))
    sheet.page()


def _data(workbook: Any, table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        said = f"{len(table.rows):,} rows do not fit an Excel sheet, which holds {MOST_ROWS:,}."
        raise OutputError(said, "Write csv or parquet instead.")
    sheet = WorkbookSheet(workbook, DATA)
    sheet.cells.freeze_panes(1, 0)
    sheet.cells.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    for place, column in enumerate(table.columns):
        sheet.head(0, place, column.key, right=column.numeric)
        cells = table.cells(place)
        for row, (value, number) in enumerate(
            zip(cells, number_formats(column, cells, whole=True), strict=True), 1
        ):
            sheet.put(row, place, value, number, of=column.key)
    sheet.cells.autofit(_WIDEST_OF_DATA)
    sheet.cells.repeat_rows(0)
    sheet.cells.fit_to_pages(1, 0)


def _sources(workbook: Any, document: Document, tables: list[Table]) -> None:
    notes = (*document.summary, *document.points, *map(str, remaining_notes(document)))
    listed = [source for series in document.series for source in series.get("sources", ())]
    sources = list({str(source.items()): source for source in listed}.values())
    sheet = WorkbookSheet(workbook, SOURCES, widths_for(tables))
    if sources:
        sheet.heading("Sources")
    for source in sources:
        sheet.cells.write_string(
            sheet.row, len(sheet.widths), one_line(str(source.get("url") or ""))
        )
        sheet.prose(
            [", ".join(str(source[key]) for key in _ABOUT if source.get(key)) or "not named"]
        )
    if notes:
        sheet.heading("Notes")
        sheet.prose(dict.fromkeys(notes))
    for table in tables:
        sheet.table(table)
    sheet.page()
    if made := [f"{key}: {value}" for key, value in document.provenance.items() if key != "model"]:
        sheet.heading("How it was made")
        sheet.prose(made, "quiet")


def _human(name: str) -> str:
    return one_line(name).replace("_", " ")


def _number(values: Sequence[float]) -> str:
    return number_formats(Column("", kind="number"), values)[0]


_NAME = 22
_UNIT = 20
_NUMBER = 11
_BASIS = 34
_FIRST = 5
_YEARS = 2  # row of the first driver, and column of the first year


class _LiveSheet:
    """The live sheet of a sizing: blue cells are drivers, everything else follows from them."""

    def __init__(self, workbook: Any, live: Live) -> None:
        self.live = live
        self.main = live.results[-1]
        self.low = _YEARS + len(live.years)  # column of the low ends, behind the last year
        self.sheet = WorkbookSheet(
            workbook, FORECAST, [_NAME, _UNIT, *[_NUMBER] * (self.low + 2), _BASIS]
        )
        # Row of the first result's fit to the draws; each is below its fit.
        self.fits = _FIRST + len(live.inputs) + 2
        self.base = self.fits + 2 * len(live.results) - 1
        self.number = _number(self.main.values)

    def write(self) -> None:
        sheet = self.sheet
        live = self.live
        before, after = (text.replace('"', '""') for text in live.headline)
        places = len(self.number.partition(".")[2])
        said = f"{live.headline[0]}{self.main.values[-1]:,.{places}f}{live.headline[1]}"
        formula = f'="{before}"&TEXT({cell(self.base, self.low - 1)},"{self.number}")&"{after}"'
        sheet.cells.write_formula(0, 0, formula, sheet.style(kind="title"), said)
        sheet.row = 1
        sheet.prose(
            ["Blue cells may be changed: headline, results and bars follow from them."], "quiet"
        )
        sheet.put(_FIRST - 2, self.low, f"{live.level} % range in {live.years[-1]}", kind="quiet")
        years = [*map(str, live.years)]
        for place, head in enumerate(
            ["Driver", "Unit", *years, "Low", "High", "Result, low", "Result, high"]
        ):
            sheet.head(_FIRST - 1, place, head, right=place > 1)
        sheet.head(_FIRST - 1, self.low + 4, "Rests on", right=False, **LEFT)
        for place, head in enumerate(["Result", "", *years]):
            sheet.head(self.fits - 1, place, head, right=place > 1)
        for row, driver in enumerate(live.inputs, _FIRST):
            values = (*driver.values, driver.low, driver.high)
            sheet.put(row, 0, _human(driver.name))
            sheet.put(row, 1, driver.unit, text_wrap=True)
            for column, value in enumerate(values, _YEARS):
                sheet.put(row, column, value, _number(values), kind="input")
            # The last one with the driver low, and high.
            for column, value in enumerate(driver.results, self.low):
                formula = self._formula(
                    self.main, self.low - 1, self.base - 1, {driver.name: column}
                )
                sheet.cells.write_formula(row, column + 2, formula, sheet.style(self.number), value)
            sheet.put(row, self.low + 4, _human(driver.basis), text_wrap=True, **LEFT)
        for row, result in zip(range(self.fits, self.base, 2), live.results, strict=True):
            sheet.put(row, 0, "median over formula", kind="quiet")
            sheet.put(row + 1, 0, _human(result.name), bold=True)
            sheet.put(row + 1, 1, result.unit)
            style = sheet.style(_number(result.values), bold=True)
            for column, (fit, value) in enumerate(
                zip(result.fits, result.values, strict=True), _YEARS
            ):
                sheet.put(row, column, fit, "0.000", kind="quiet")
                sheet.cells.write_formula(
                    row + 1, column, self._formula(result, column, row, {}), style, value
                )
        sheet.row = self.base + 2
        formulas = [f"{_human(result.name)} = {_human(result.text)}" for result in live.results]
        differs = "A median of draws differs a little from the formula at medians; their ratio is a row of its own."
        sheet.prose([*formulas, differs], "quiet")
        self._tornado()
        sheet.page()

    def _formula(self, result: LiveResult, column: int, fits: int, at: Mapping[str, int]) -> str:
        """The formula of a result in the year of a column, with inputs from there or from the
        columns named.
        """
        cells = {
            driver.name: f"({cell(row, at.get(driver.name, column))}*{driver.scale!r})"
            for row, driver in enumerate(self.live.inputs, _FIRST)
        }
        written = result.formulas[column - _YEARS].format_map(cells)
        return f"=({written})/{result.scale!r}*{cell(fits, column)}"

    def _tornado(self) -> None:
        """Bars from the result with a driver low to that with it high."""
        sheet, live, count, middle = (
            self.sheet,
            self.live,
            len(self.live.inputs),
            self.main.values[-1],
        )
        hidden = sheet.workbook.add_worksheet(CHART)
        answer = f"{FORECAST}!{cell(self.base, self.low - 1)}"
        hidden.hide()
        for row, driver in enumerate(live.inputs):
            hidden.write_string(row, 0, _human(driver.name))
            low = min(driver.results)
            high = max(driver.results)
            ends = ",".join(
                f"{FORECAST}!{cell(_FIRST + row, self.low + 2 + place)}" for place in (0, 1)
            )
            hidden.write_formula(row, 1, f"=MIN({ends})", None, low)
            hidden.write_formula(
                row, 2, f"=MAX({answer}-MIN({ends}),0)", None, max(middle - low, 0.0)
            )
            hidden.write_formula(
                row, 3, f"=MAX(MAX({ends})-{answer},0)", None, max(high - middle, 0.0)
            )
        chart = sheet.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        for place, fill in enumerate(
            ({"none": True}, {"color": COLOURS["axis"]}, {"color": COLOURS["total"]}), 1
        ):
            names, values = ([CHART, 0, at, count - 1, at] for at in (0, place))
            chart.add_series({"categories": names, "values": values, "fill": fill, "gap": 40})
        chart.set_legend({"none": True})
        font = {"size": 10, "color": COLOURS["quiet"]}
        chart.set_y_axis(
            {"reverse": True, "label_position": "low", "num_font": font, "line": {"none": True}}
        )
        chart.set_x_axis(
            {"num_format": self.number, "major_gridlines": GRIDLINES, "num_font": font}
        )
        title = f"{_human(self.main.name)} in {live.years[-1]}, {self.main.unit}, with one driver from low to high"
        chart.set_title(
            {"name": one_line(title).lstrip("= "), "overlay": False, "name_font": {"size": 10}}
        )
        sheet.insert(chart, title, sum(sheet.widths[: self.low + 4]))


class WorkbookSheet:
    """One sheet, written from the top down; rows and columns count from 0. `cells` is that of the
    library.
    """

    def __init__(self, workbook: Any, name: str, widths: Sequence[int] = ()) -> None:
        self.workbook = workbook
        self.widths = widths
        self.row = 0
        self._styles: dict[tuple[object, ...], Any] = {}
        self._lines: dict[int, int] = {}
        self.cells = workbook.add_worksheet(name)
        self.cells.set_landscape()
        self.cells.set_paper(9)
        self.cells.set_footer("&L&A&R&P / &N")
        for place, width in enumerate(widths):
            self.cells.set_column(place, place, width)

    def style(self, number: str = "", kind: str = "", **look: Any) -> Any:
        """The format of cells that look alike, in the words of the library."""
        look = {"valign": "top", "num_format": number or "General", **look, **_KINDS[kind]}
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format(look)
        return self._styles[key]

    def put(
        self, row: int, column: int, value: Cell, number: str = "", *, of: str = "", **style: Any
    ) -> None:
        """Write one value with its type, so that text never becomes a formula; text `of` a column
        as it is.
        """
        look = self.style(number, **style)
        if isinstance(value, bool):
            self.cells.write_boolean(row, column, value, look)
        elif isinstance(value, str):
            text = encodable(without_controls(value)) if of else one_line(value)
            if len(text) > MOST_CHARACTERS:
                said = f"Column {of} has a text of {len(text):,} characters; an Excel cell holds {MOST_CHARACTERS:,}."
                raise OutputError(said, "Write csv or parquet instead.")
            self.cells.write_string(row, column, text, look)
            lines = len(wrap(text, self.widths[column] - 1)) if style.get("text_wrap") else 1
            # Else a chart below would lie upon the rows that programs make higher.
            if lines > self._lines.get(row, 1):
                self._lines[row] = lines
                self.cells.set_row(row, _LINE * lines)
        elif value is not None:
            self.cells.write_number(row, column, value, look)

    def head(self, row: int, column: int, text: str, *, right: bool, **style: Any) -> None:
        """Write the heading of a column; that of numbers is at the `right`."""
        self.put(row, column, text, kind="head right" if right else "head", **style)

    def prose(self, texts: Iterable[str], kind: str = "") -> None:
        """Sentences, each wrapped to the width of the sheet."""
        room = round(sum(self.widths) * (0.7 if kind == "title" else 1))
        for line in (line for text in texts for line in wrap(prose(text), room) if line):
            self.put(self.row, 0, line, kind=kind)
            self.row += 1

    def heading(self, text: str) -> None:
        """A heading after an empty row."""
        self.row += 1 if self.row else 0
        self.prose([text], "heading")

    def table(self, table: Table) -> None:
        """A table with its title."""
        if table.title:
            self.heading(table.title)
        heads = [range_title(table, place) for place in range(len(table.columns))]
        for place, column in enumerate(table.columns):
            cells = table.cells(place)
            left = LEFT if place and not column.numeric else {}
            self.head(
                self.row, place, heads[place], right=column.numeric or column.kind == "year", **left
            )
            rows = zip(cells, number_formats(column, cells), table.row_tones, strict=True)
            for row, (value, number, tone) in enumerate(rows, self.row + 1):
                if column.kind == "percent" and isinstance(value, int | float):
                    value = value / column.factor / 100  # as Excel holds it
                style = {"bold": tone == "strong", "text_wrap": isinstance(value, str), **left}
                self.put(row, place, value, number, of=column.key, **style)
        self.row += len(table.rows) + 1

    def insert(self, chart: Any, alternative: str, characters: int) -> None:
        """Put a chart whose numbers are on a hidden sheet below what is written."""
        chart.show_hidden_data()
        chart.set_chartarea({"border": {"none": True}})
        chart.set_size({"width": 7 * characters, "height": 20 * CHART_ROWS})
        self.cells.insert_chart(self.row + 1, 0, chart, {"description": one_line(alternative)})
        self.row += 1 + CHART_ROWS

    def page(self) -> None:
        """Print what is written so far."""
        if self.row * _LINE > sum(self.widths) * _CHARACTER:
            self.cells.set_portrait()
        self.cells.print_area(0, 0, max(self.row - 1, 0), len(self.widths) - 1)
        self.cells.fit_to_pages(1, 1 if self.row <= _LONGEST else 0)


def range_title(table: Table, place: int) -> str:
    """The heading of a column; the two ends of a range say which they are."""
    columns = table.columns[place - 1 if table.columns[place].ends_range and place else place :]
    if not columns[1:] or not columns[1].ends_range:
        return columns[0].title
    level = columns[0].title.removesuffix(" interval").removesuffix(" range")
    return f"{level} {'high' if columns[0] is not table.columns[place] else 'low'}"


def widths_for(tables: Sequence[Table]) -> list[int]:
    """Widths of columns, in characters, that suit all tables, and more columns until there is a
    page for prose.
    """
    widths: list[int] = []
    for table in tables:
        widths += [_NARROWEST] * (len(table.columns) - len(widths))
        for place, column in enumerate(table.columns):
            texts = people_texts(column, table.cells(place))
            natural = (
                max((*map(cell_len, texts), cell_len(range_title(table, place)) + 2), default=0) + 2
            )
            widths[place] = max(widths[place], min(natural, _WIDEST))
    return [*widths, *(_EXTRA for _ in range(sum(widths), _PAGE, _EXTRA))]


def cell(row: int, column: int) -> str:
    """The name of a cell in formulas."""
    return str(
        need("xlsxwriter.utility", "excel", "A workbook").xl_rowcol_to_cell(row, column, True, True)
    )


def number_formats(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> list[str]:
    """Excel's code for each cell as people read the column; records keep percentages as `whole`
    numbers.
    """
    if column.mixed:
        alone = column._replace(mixed=False)
        return [code for value in cells for code in number_formats(alone, [value], whole=whole)]
    code = {"year": "0", "integer": "#,##0"}.get(column.kind, "")
    if column.kind in ("number", "percent"):
        places = places_of(column, cells)
        # Each comma at the end shows a number divided by 1,000.
        thousands = "," * round(log10(column.factor) / 3)
        sign = "" if column.kind == "number" else '" %"' if whole else "%"
        code = "#,##0" + ("." + "0" * places if places > 0 else "") + thousands + sign
    return [f"+{code};-{code};{code}" if column.sign and column.kind != "integer" else code] * len(
        cells
    )
