"""A tree of parts as a sheet: a row for each node, years across, wholes as live sums of their parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Column
from rural_forecast.render.xlsx_parts import cell, number_format, write
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.live import Tree

HEADING = 3
"""Row of the years."""
WIDEST, YEAR = 48, 11
"""Widths of columns, in characters."""
_DEEPEST = 7
"""Levels that a spreadsheet can fold."""


def add(sheet: Any, tree: Tree, style: Callable[..., Any]) -> None:
    """Write the tree. `style`: as in `xlsx_model.add`."""
    notes = ("Blue cells may be changed: the wholes are the sums of their parts.", tree.unit)
    for row, text in enumerate(notes):
        sheet.write_string(row, 0, one_line(text), style(kind="quiet"))
    sheet.write_string(HEADING, 0, "Node", style(kind="head"))
    for column, year in enumerate(tree.years, 1):
        sheet.write_number(HEADING, column, year, style("0", kind="head right"))
    amount = Column("value", kind="number")
    number = number_format(amount, [value for node in tree.nodes for value in node.values])
    for row, node in enumerate(tree.nodes, HEADING + 1):
        sheet.set_row(row, None, None, {"level": min(node.depth, _DEEPEST)})
        sheet.write_string(row, 0, f"{'   ' * node.depth}{one_line(node.name)}", style(bold=not node.depth))
        parts = [part + HEADING + 1 for part in node.parts]
        for column, (year, value) in enumerate(zip(tree.years, node.values, strict=True), 1):
            if value is not None and parts and not (node.given and year <= tree.origin):
                sheet.write_formula(row, column, _sum(parts, column), style(number, bold=not node.depth), value)
                continue
            write(sheet, row, column, amount, value, style(number, kind="input"))
    widest = max(3 * node.depth + len(node.name) for node in tree.nodes)
    sheet.set_column(0, 0, min(widest + 2, WIDEST))
    sheet.set_column(1, len(tree.years), YEAR)
    sheet.outline_settings(True, False)  # a whole is above its parts
    sheet.freeze_panes(HEADING + 1, 1)
    sheet.repeat_rows(HEADING)
    sheet.fit_to_pages(1, 0)


def _sum(parts: Sequence[int], column: int) -> str:
    if parts[-1] - parts[0] == len(parts) - 1:
        return f"=SUM({cell(parts[0], column)}:{cell(parts[-1], column)})"
    return f"={'+'.join(cell(part, column) for part in parts)}"
