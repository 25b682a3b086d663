"""A sheet of a workbook: cells with their types, styles and number formats, prose and tables below each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log10
from typing import Any

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.errors import OutputError
from rural_forecast.render.columns import people_texts, places_of, prose
from rural_forecast.render.wrapping import cell_len, wrap
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable, one_line, without_controls

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
_NARROWEST, _WIDEST, _EXTRA = 9, 30, 9  # characters of a column; longer text wraps within its cell
_PAGE = 96
_LONGEST = 130  # lines from which a sheet prints on more than one page
_LINE, _CHARACTER = 15.0, 5.6
CHART_ROWS = 17
LEFT: dict[str, Any] = {"align": "left", "indent": 1}


class Sheet:
    """One sheet, written from the top down; rows and columns count from 0. `cells` is that of the library."""

    def __init__(self, workbook: Any, name: str, widths: Sequence[int] = ()) -> None:
        self.workbook, self.name, self.widths, self.row = workbook, name, widths, 0
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

    def put(self, row: int, column: int, value: Cell, number: str = "", *, of: str = "", **style: Any) -> None:
        """Write one value with its type, so that text never becomes a formula; text `of` a column as it is."""
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
            if lines > self._lines.get(row, 1):  # else a chart below would lie upon the rows that programs make higher
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
            cells, left = table.cells(place), LEFT if place and not column.numeric else {}
            self.head(self.row, place, heads[place], right=column.numeric or column.kind == "year", **left)
            rows = zip(cells, number_formats(column, cells), table.row_tones, strict=True)
            for row, (value, number, tone) in enumerate(rows, self.row + 1):
                if column.kind == "percent" and isinstance(value, int | float):
                    value = value / 100  # as Excel holds it
                style = {"bold": tone == "strong", "text_wrap": isinstance(value, str), **left}
                self.put(row, place, value, number, of=column.key, **style)
        self.row += len(table.rows) + 1

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
    """Widths of columns, in characters, that suit all tables, and more columns until there is a page for prose."""
    widths: list[int] = []
    for table in tables:
        widths += [_NARROWEST] * (len(table.columns) - len(widths))
        for place, column in enumerate(table.columns):
            texts = people_texts(column, table.cells(place))
            natural = max((*map(cell_len, texts), cell_len(range_title(table, place)) + 2), default=0) + 2
            widths[place] = max(widths[place], min(natural, _WIDEST))
    return [*widths, *(_EXTRA for _ in range(sum(widths), _PAGE, _EXTRA))]


def cell(row: int, column: int) -> str:
    """The name of a cell in formulas."""
    return str(need("xlsxwriter.utility", "excel", "A workbook").xl_rowcol_to_cell(row, column, True, True))


def number_formats(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> list[str]:
    """Excel's code for each cell as people read the column; records keep percentages as `whole` numbers."""
    if column.mixed:
        alone = column._replace(mixed=False)
        return [code for value in cells for code in number_formats(alone, [value], whole=whole)]
    code = {"year": "0", "integer": "#,##0"}.get(column.kind, "")
    if column.kind in ("number", "percent"):
        places = places_of(column, cells)
        thousands = "," * round(log10(column.factor) / 3)  # each comma at the end shows a number divided by 1,000
        sign = "" if column.kind == "number" else '" %"' if whole else "%"
        code = "#,##0" + ("." + "0" * places if places > 0 else "") + thousands + sign
    return [f"+{code};-{code};{code}" if column.sign and column.kind != "integer" else code] * len(cells)
