"""A sheet of prose and tables below each other, of which the first part prints on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.render.reading import people_texts, prose
from rural_forecast.render.wrapping import cell_len, widest_piece, wrap
from rural_forecast.render.xlsx_parts import number_format, range_title, write
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.table import Table

Style = Callable[..., Any]
_NARROWEST, _WIDEST, _EXTRA = 9, 30, 9
"""Characters of a column; longer text wraps within its cell."""
_PAGE = 96
"""Characters across a page of readable size."""
_LONGEST = 130
"""Lines from which a sheet prints on more than one page."""
_LINE, _CHARACTER = 15.0, 5.6
"""Points."""


class Stack:
    """Writes one sheet from the top down; rows and columns count from 0."""

    def __init__(self, sheet: Any, style: Style, widths: Sequence[int]) -> None:
        self.sheet, self.style, self.widths = sheet, style, widths
        self.row = 0
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def prose(self, texts: Iterable[str], kind: str = "") -> None:
        """Sentences, each wrapped to the width of the sheet."""
        for text in texts:
            for line in wrap(prose(text), round(sum(self.widths) * (0.7 if kind == "title" else 1))):
                if line:
                    self.sheet.write_string(self.row, 0, line, self.style(kind=kind))
                    self.row += 1

    def heading(self, text: str) -> None:
        """A heading after an empty row."""
        self.row += 1 if self.row else 0
        self.prose([text], "heading")

    def table(self, table: Table) -> None:
        """A table with its title and caption."""
        if table.title:
            self.heading(table.title)
        top = self.row
        strong = [tone == "strong" for tone in table.tones] or [False] * len(table.rows)
        for place, column in enumerate(table.columns):
            cells = [row[place] for row in table.rows]
            numeric = column.kind in ("number", "percent", "integer")
            kind = "head right" if numeric else "head"
            style = self.style(kind=kind, wrap=True, left=bool(place) and not numeric)
            self.sheet.write_string(top, place, one_line(range_title(table.columns, place)), style)
            shared = number_format(column, cells)
            for line, value in enumerate(cells, top + 1):
                code = number_format(column, [value]) if column.mixed else shared
                words = isinstance(value, str)
                style = self.style(code, bold=strong[line - top - 1], wrap=words, left=bool(place) and not numeric)
                if column.kind == "percent" and isinstance(value, int | float):
                    value = value / 100  # as Excel holds it
                write(self.sheet, line, place, column, value, style)
        self.row = top + len(table.rows) + 1
        self.prose([table.caption], "quiet")

    def page(self) -> None:
        """Print what is written so far."""
        if self.row * _LINE > sum(self.widths) * _CHARACTER:
            self.sheet.set_portrait()
        self.sheet.print_area(0, 0, max(self.row - 1, 0), len(self.widths) - 1)
        self.sheet.fit_to_pages(1, 1 if self.row <= _LONGEST else 0)


def widths_for(tables: Sequence[Table]) -> list[int]:
    """Widths of columns, in characters, that suit all tables, and more columns until there is a page for prose."""
    widths: list[int] = []
    for table in tables:
        widths += [_NARROWEST] * (len(table.columns) - len(widths))
        for place, column in enumerate(table.columns):
            texts = people_texts(column, [row[place] for row in table.rows])
            natural = max((*map(cell_len, texts), widest_piece(range_title(table.columns, place))), default=0) + 2
            widths[place] = max(widths[place], min(natural, _WIDEST))
    while sum(widths) < _PAGE:
        widths.append(_EXTRA)
    return widths
