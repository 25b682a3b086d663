"""One sheet of a workbook, written from the top down: sentences, tables, a chart, and its page."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import people_texts, prose
from rural_forecast.render.workbook.numbers import number_formats
from rural_forecast.render.wrapping import cell_len, wrap
from rural_forecast.text.cells import encodable, one_line, without_controls

# The limit of Excel: characters of a cell.
MOST_CHARACTERS = 32_767

# Names of the sheets. The last three are hidden, but for rows that no other sheet has.
FORECAST = "Forecast"
DATA = "Data"
SOURCES = "Sources and notes"
CHART = "Chart"
ROWS = "Rows"
PROVENANCE = "Provenance"

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
_WIDEST = 38
_EXTRA = 9
_PAGE = 96

# A sheet with more rows prints on more than one page. Points of a row and of a character say
# which is longer, the height of a sheet or its width.
_ONE_PAGE = 130
_ROW_HEIGHT = 15.0
_CHARACTER_WIDTH = 5.6
_A4 = 9  # the number of the paper in Excel

CHART_ROWS = 17
_PANEL_ROWS = 9
_ROW_PIXELS = 20
_CHARACTER_PIXELS = 7
_POINTS_OF_PIXEL = 0.75
CHART_TEXT = 10  # points


class ChartBox(NamedTuple):
    """The place of a chart below what is written, in points."""

    left: float
    top: float
    wide: float
    high: float


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
        right = column.numeric or column.kind == "year"
        left = LEFT if index and not right else {}
        self.head(self.row, index, range_title(table, index), right=right, **left)
        rows = zip(cells, number_formats(column, cells), table.row_tones, strict=True)
        for row, (value, number, tone) in enumerate(rows, self.row + 1):
            if column.kind == "percent" and isinstance(value, int | float):
                value = value / column.factor / 100  # as Excel holds it
            style = {"bold": tone == "strong", "text_wrap": isinstance(value, str), **left}
            if right and isinstance(value, str):
                style["align"] = "right"
            self.put(row, index, value, number, of=column.key, **style)

    def chart_room(self, rows: int) -> tuple[float, float]:
        """Width and height of a chart across the sheet and so many rows, in points."""
        return points_across(self.widths), rows * _ROW_PIXELS * _POINTS_OF_PIXEL

    def insert(self, chart: Any, alternative: str, box: ChartBox) -> None:
        """Put a chart whose numbers are on a hidden sheet below what is written."""
        chart.show_hidden_data()
        chart.set_chartarea({"border": {"none": True}})
        left, top, wide, high = (round(points / _POINTS_OF_PIXEL) for points in box)
        chart.set_size({"width": wide, "height": high})
        options = {"x_offset": left, "y_offset": top, "description": one_line(alternative)}
        self.cells.insert_chart(self.row + 1, 0, chart, options)

    def page(self) -> None:
        """Print what is written so far, on one page unless it is long."""
        if self.row * _ROW_HEIGHT > sum(self.widths) * _CHARACTER_WIDTH:
            self.cells.set_portrait()
        self.cells.print_area(0, 0, max(self.row - 1, 0), len(self.widths) - 1)
        self.cells.fit_to_pages(1, 1 if self.row <= _ONE_PAGE else 0)


def points_across(widths: Iterable[int]) -> float:
    """Convert the widths of columns, in characters, to points."""
    return _CHARACTER_PIXELS * sum(widths) * _POINTS_OF_PIXEL


def rows_of_charts(down: int) -> int:
    """Choose the rows of a sheet that charts below each other take."""
    return max(CHART_ROWS, _PANEL_ROWS * down)


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
