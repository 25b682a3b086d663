"""xlsx: the forecast with its chart, the data, and sources with notes.

A document with `live` formulas, such as a sizing, has them in place of the forecast: `_LiveSheet`
writes its drivers into cells that may be changed, and everything else follows from them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from math import hypot, log, log10
from typing import Any

from rural_forecast.document.picture import MOST_LEVEL, Picture
from rural_forecast.document.table import (
    Cell,
    Column,
    Document,
    Live,
    LiveInput,
    LiveResult,
    Table,
)
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import people_texts, places_of, prose, remaining_notes
from rural_forecast.render.native import EPOCH, chart_of, repacked
from rural_forecast.render.native_chart import COLOURS, gridlines
from rural_forecast.render.wrapping import cell_len, wrap
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable, one_line, without_controls

# Limits of Excel: rows of a sheet below its head, and characters of a cell.
MOST_ROWS = 1_048_575
MOST_CHARACTERS = 32_767

# Names of the sheets. That of the chart's numbers is hidden.
FORECAST = "Forecast"
DATA = "Data"
SOURCES = "Sources and notes"
CHART = "Chart"

_KINDS: dict[str, dict[str, Any]] = {
    "": {},
    "input": {"font_color": "#0f4c8a", "bg_color": "#e8f0f8"},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12},
    "head": {"bold": True, "bottom": 1},
    "head right": {"bold": True, "bottom": 1, "align": "right"},
    "quiet": {"font_color": "#5c5c5c"},
}
LEFT: dict[str, Any] = {"align": "left", "indent": 1}  # of texts beside numbers

# Widths of columns in characters; a longer text wraps within its cell. A sheet with less than a
# page for prose gets more columns.
_NARROWEST = 9
_WIDEST = 30
_EXTRA = 9
_PAGE = 96
_WIDEST_OF_DATA = 480  # pixels

# A sheet with more rows prints on more than one page. Points of a row and of a character say
# which is longer, the height of a sheet or its width.
_ONE_PAGE = 130
_ROW_HEIGHT = 15.0
_CHARACTER_WIDTH = 5.6
_A4 = 9  # the number of the paper in Excel

CHART_ROWS = 17
_ROW_PIXELS = 20
_CHARACTER_PIXELS = 7
_CHART_TEXT = 10  # points

_SOURCE_FIELDS = ("publisher", "title", "date")


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
    native = chart_of(picture, _CHART_TEXT) if picture else None
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


def _human(name: str) -> str:
    return one_line(name).replace("_", " ")


def _number(values: Sequence[float]) -> str:
    """Choose one format for numbers of one row."""
    return number_formats(Column("", kind="number"), values)[0]


# The live sheet: the row of the first driver, the column of the first year, and widths of columns.
_FIRST = 5
_YEARS = 2
_NAME_WIDTH = 22
_UNIT_WIDTH = 20
_NUMBER_WIDTH = 11
_BASIS_WIDTH = 34


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


class _LiveSheet:
    """The live sheet of a sizing: blue cells are drivers, everything else follows from them.

    Drivers are rows with their base in every year, the ends of their range in the last one, and
    the last result at each end. Each result is a row of formulas below a row of quiet factors.
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
        self.factors = _FIRST + len(live.inputs) + 2  # row of the first factor
        self.base = self.factors + 2 * len(live.results) - 1  # row of the main result
        self.number = _number(self.main.values)
        self.widths = _widths(live)

    def write(self) -> None:
        """Write the sheet."""
        sheet = self.sheet
        self._headline()
        self._heads()
        for row, driver in enumerate(self.live.inputs, _FIRST):
            self._driver(row, driver)
        for row, result in zip(range(self.factors, self.base, 2), self.live.results, strict=True):
            self._result(row, result)
        sheet.row = self.base + 2
        formulas = [
            f"{_human(result.name)} = {_human(result.text)}" for result in self.live.results
        ]
        differs = (
            "A median of draws differs a little from the formula at medians; "
            "their ratio is a row of its own."
        )
        sheet.prose([*formulas, differs], "quiet")
        self._tornado()
        self._range()
        sheet.page()

    def _headline(self) -> None:
        """Write the headline as a formula, so that it follows the drivers too."""
        sheet = self.sheet
        before, after = self.live.headline
        places = len(self.number.partition(".")[2])
        shown = f"{before}{self.main.values[-1]:,.{places}f}{after}"
        answer = cell(self.base, self.last_year)
        formula = f'="{_quoted(before)}"&TEXT({answer},"{self.number}")&"{_quoted(after)}"'
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
            sheet.head(self.factors - 1, column, head, right=column >= _YEARS)

    def _driver(self, row: int, driver: LiveInput) -> None:
        """Write a driver in blue, and the last result with it low and high."""
        sheet = self.sheet
        values = (*driver.values, driver.low, driver.high)
        sheet.put(row, 0, _human(driver.name))
        sheet.put(row, 1, driver.unit, text_wrap=True)
        for column, value in enumerate(values, _YEARS):
            sheet.put(row, column, value, _number(values), kind="input")
        for column, value in enumerate(driver.results, self.low):
            formula = self._formula(self.main, self.last_year, self.base - 1, {driver.name: column})
            sheet.cells.write_formula(row, column + 2, formula, sheet.style(self.number), value)
        sheet.put(row, self.basis, _human(driver.basis), text_wrap=True, **LEFT)

    def _result(self, row: int, result: LiveResult) -> None:
        """Write the factors of a result to its draws, and below them its formulas."""
        sheet = self.sheet
        sheet.put(row, 0, "median over formula", kind="quiet")
        sheet.put(row + 1, 0, _human(result.name), bold=True)
        sheet.put(row + 1, 1, result.unit)
        style = sheet.style(_number(result.values), bold=True)
        pairs = zip(result.fits, result.values, strict=True)
        for column, (factor, value) in enumerate(pairs, _YEARS):
            sheet.put(row, column, factor, "0.000", kind="quiet")
            formula = self._formula(result, column, row, {})
            sheet.cells.write_formula(row + 1, column, formula, style, value)

    def _formula(
        self, result: LiveResult, column: int, factor_row: int, columns: Mapping[str, int]
    ) -> str:
        """Write the formula of a result in the year of a column.

        Inputs are from that column, or from the one that `columns` has for their name.
        """
        cells = {}
        for row, driver in enumerate(self.live.inputs, _FIRST):
            driver_cell = cell(row, columns.get(driver.name, column))
            cells[driver.name] = f"({driver_cell}*{driver.scale!r})"
        written = result.formulas[column - _YEARS].format_map(cells)
        return f"=({written})/{result.scale!r}*{cell(factor_row, column)}"

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
        row = self.factors - 1
        columns = zip(("low", "high"), (lowest, highest), self.widths, self.live.range, strict=True)
        for column, (end, bars, width, value) in enumerate(columns, self.low):
            sheet.head(row, column, f"{self.live.level} % {end}", right=True)
            sheet.put(self.base - 1, column, width, "0.000", kind="quiet")
            factor = cell(self.base - 1, column)
            sign = "-" if end == "low" else ""
            spread = f"SQRT(SUMPRODUCT(LN({bars}/{answer})^2))"
            formula = f'=IFERROR({answer}*EXP({sign}{factor}*{spread}),"")'
            sheet.cells.write_formula(self.base, column, formula, style, value)

    def _tornado(self) -> None:
        """Draw bars from the result with a driver low to that with it high.

        A bar is three: an invisible one up to its low end, one to the answer, one to the high end.
        """
        sheet = self.sheet
        hidden = sheet.workbook.add_worksheet(CHART)
        hidden.hide()
        for row, driver in enumerate(self.live.inputs):
            self._tornado_row(hidden, row, driver)

        chart = sheet.workbook.add_chart({"type": "bar", "subtype": "stacked"})
        last = len(self.live.inputs) - 1
        fills = ({"none": True}, {"color": COLOURS["axis"]}, {"color": COLOURS["total"]})
        for column, fill in enumerate(fills, 1):
            names = [CHART, 0, 0, last, 0]
            values = [CHART, 0, column, last, column]
            chart.add_series({"categories": names, "values": values, "fill": fill, "gap": 40})

        font = {"size": _CHART_TEXT, "color": COLOURS["quiet"]}
        no_line = {"none": True}
        chart.set_legend({"none": True})
        # From the top down, with names left of all bars, also where the axis is between them.
        chart.set_y_axis(
            {"reverse": True, "label_position": "low", "num_font": font, "line": no_line}
        )
        chart.set_x_axis(
            {"num_format": self.number, "major_gridlines": gridlines(COLOURS), "num_font": font}
        )
        title = (
            f"{_human(self.main.name)} in {self.live.years[-1]}, {self.main.unit}, "
            "with one driver from low to high"
        )
        # A title that begins with `=` is taken for a formula.
        name = one_line(title).lstrip("= ")
        chart.set_title({"name": name, "overlay": False, "name_font": {"size": _CHART_TEXT}})
        sheet.insert(chart, title, sum(sheet.widths[: self.basis]))

    def _tornado_row(self, hidden: Any, row: int, driver: LiveInput) -> None:
        """Write the name of a driver and the three parts of its bar, as formulas."""
        answer = f"{FORECAST}!{cell(self.base, self.last_year)}"
        ends = ",".join(
            f"{FORECAST}!{cell(_FIRST + row, column)}" for column in (self.low + 2, self.low + 3)
        )
        middle = self.main.values[-1]
        low = min(driver.results)
        high = max(driver.results)
        hidden.write_string(row, 0, _human(driver.name))
        hidden.write_formula(row, 1, f"=MIN({ends})", None, low)
        hidden.write_formula(row, 2, f"=MAX({answer}-MIN({ends}),0)", None, max(middle - low, 0.0))
        hidden.write_formula(row, 3, f"=MAX(MAX({ends})-{answer},0)", None, max(high - middle, 0.0))


def _quoted(text: str) -> str:
    return text.replace('"', '""')


class WorkbookSheet:
    """One sheet, written from the top down; rows and columns count from 0.

    `cells` is the sheet of the library, `row` the next one to write.
    """

    def __init__(self, workbook: Any, name: str, widths: Sequence[int] = ()) -> None:
        self.workbook = workbook
        self.widths = widths
        self.row = 0
        self._styles: dict[tuple[object, ...], Any] = {}
        self._lines: dict[int, int] = {}
        self.cells = workbook.add_worksheet(name)
        self.cells.set_landscape()
        self.cells.set_paper(_A4)
        self.cells.set_footer("&L&A&R&P / &N")
        for column, width in enumerate(widths):
            self.cells.set_column(column, column, width)

    def style(self, number: str = "", kind: str = "", **look: Any) -> Any:
        """Get the format of cells that look alike, by the properties of the library."""
        look = {"valign": "top", "num_format": number or "General", **look, **_KINDS[kind]}
        key = tuple(sorted(look.items()))
        if key not in self._styles:
            self._styles[key] = self.workbook.add_format(look)
        return self._styles[key]

    def put(
        self, row: int, column: int, value: Cell, number: str = "", *, of: str = "", **style: Any
    ) -> None:
        """Write one value with its type, so that a text never becomes a formula.

        A text `of` a column is kept with its line ends; others are made one line.
        """
        look = self.style(number, **style)
        if isinstance(value, bool):
            self.cells.write_boolean(row, column, value, look)
        elif isinstance(value, str):
            text = encodable(without_controls(value)) if of else one_line(value)
            if len(text) > MOST_CHARACTERS:
                raise OutputError(
                    f"Column {of} has a text of {len(text):,} characters; "
                    f"an Excel cell holds {MOST_CHARACTERS:,}.",
                    "Write csv or parquet instead.",
                )
            self.cells.write_string(row, column, text, look)
            if style.get("text_wrap"):
                self._make_room(row, len(wrap(text, self.widths[column] - 1)))
        elif value is not None:
            self.cells.write_number(row, column, value, look)

    def _make_room(self, row: int, lines: int) -> None:
        """Make a row as high as its lines: programs would, but a chart below would not move."""
        if lines > self._lines.get(row, 1):
            self._lines[row] = lines
            self.cells.set_row(row, _ROW_HEIGHT * lines)

    def head(self, row: int, column: int, text: str, *, right: bool, **style: Any) -> None:
        """Write the heading of a column; that of numbers is at the `right`."""
        self.put(row, column, text, kind="head right" if right else "head", **style)

    def prose(self, texts: Iterable[str], kind: str = "") -> None:
        """Write sentences, each wrapped to the width of the sheet."""
        share = 0.7 if kind == "title" else 1  # a title is in larger type
        room = round(sum(self.widths) * share)
        for text in texts:
            for line in filter(None, wrap(prose(text), room)):
                self.put(self.row, 0, line, kind=kind)
                self.row += 1

    def heading(self, text: str) -> None:
        """Write a heading, after an empty row."""
        if self.row:
            self.row += 1
        self.prose([text], "heading")

    def table(self, table: Table) -> None:
        """Write a table with its title."""
        if table.title:
            self.heading(table.title)
        for index in range(len(table.columns)):
            self._column(table, index)
        self.row += len(table.rows) + 1

    def _column(self, table: Table, index: int) -> None:
        """Write a column below its head, as people read it."""
        column = table.columns[index]
        cells = table.cells(index)
        left = LEFT if index and not column.numeric else {}
        right = column.numeric or column.kind == "year"
        self.head(self.row, index, range_title(table, index), right=right, **left)
        rows = zip(cells, number_formats(column, cells), table.row_tones, strict=True)
        for row, (value, number, tone) in enumerate(rows, self.row + 1):
            if column.kind == "percent" and isinstance(value, int | float):
                value = value / column.factor / 100  # as Excel holds it
            style = {"bold": tone == "strong", "text_wrap": isinstance(value, str), **left}
            self.put(row, index, value, number, of=column.key, **style)

    def insert(self, chart: Any, alternative: str, characters: int) -> None:
        """Put a chart whose numbers are on a hidden sheet below what is written."""
        chart.show_hidden_data()
        chart.set_chartarea({"border": {"none": True}})
        width = _CHARACTER_PIXELS * characters
        chart.set_size({"width": width, "height": _ROW_PIXELS * CHART_ROWS})
        self.cells.insert_chart(self.row + 1, 0, chart, {"description": one_line(alternative)})
        self.row += 1 + CHART_ROWS

    def page(self) -> None:
        """Print what is written so far, on one page unless it is long."""
        if self.row * _ROW_HEIGHT > sum(self.widths) * _CHARACTER_WIDTH:
            self.cells.set_portrait()
        self.cells.print_area(0, 0, max(self.row - 1, 0), len(self.widths) - 1)
        self.cells.fit_to_pages(1, 1 if self.row <= _ONE_PAGE else 0)


def range_title(table: Table, index: int) -> str:
    """Write the heading of a column; the two ends of a range say which they are."""
    columns = table.columns
    if columns[index].ends_range and index:
        return f"{_level(columns[index - 1])} high"
    if index + 1 < len(columns) and columns[index + 1].ends_range:
        return f"{_level(columns[index])} low"
    return columns[index].title


def _level(column: Column) -> str:
    return column.title.removesuffix(" interval").removesuffix(" range")


def widths_for(tables: Sequence[Table]) -> list[int]:
    """Choose widths of columns, in characters, that suit all tables.

    There are more columns until there is a page for prose.
    """
    widths: list[int] = []
    for table in tables:
        widths += [_NARROWEST] * (len(table.columns) - len(widths))
        for index, column in enumerate(table.columns):
            texts = people_texts(column, table.cells(index))
            head = cell_len(range_title(table, index)) + 2  # bold
            natural = max((*map(cell_len, texts), head)) + 2
            widths[index] = max(widths[index], min(natural, _WIDEST))
    more = -(-max(_PAGE - sum(widths), 0) // _EXTRA)
    return widths + [_EXTRA] * more


def cell(row: int, column: int) -> str:
    """Name a cell in formulas."""
    library = need("xlsxwriter.utility", "excel", "A workbook")
    return str(library.xl_rowcol_to_cell(row, column, True, True))


def number_formats(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> list[str]:
    """Write Excel's code for each cell as people read the column.

    Records keep percentages as `whole` numbers: 36.6, not 0.366.
    """
    if column.mixed:
        alone = column._replace(mixed=False)
        return [number_formats(alone, [value], whole=whole)[0] for value in cells]

    code = {"year": "0", "integer": "#,##0"}.get(column.kind, "")
    if column.kind in ("number", "percent"):
        # Each comma at the end shows a number divided by 1,000.
        thousands = "," * round(log10(column.factor) / 3)
        behind = f"{thousands}{_percent_sign(column, whole=whole)}"
        if column.row_decimals:
            # Bounds keep all their digits, and show one more than texts, which round them outwards.
            more = 1 if column.side else 0
            return [f"{_decimal(places + more)}{behind}" for places in column.row_decimals]
        code = f"{_decimal(places_of(column, cells))}{behind}"
    if column.sign and column.kind != "integer":
        code = f"+{code};-{code};{code}"
    return [code] * len(cells)


def _decimal(places: int) -> str:
    """Write the code of a number with so many decimals."""
    return "#,##0" + ("." + "0" * places if places > 0 else "")


def _percent_sign(column: Column, *, whole: bool) -> str:
    """Write the sign as a text behind a `whole` number; by itself it multiplies by 100."""
    if column.kind == "number":
        return ""
    return '" %"' if whole else "%"
