"""A workbook's own chart next to a table of values by year, drawn from its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.palette import GREY, ink
from rural_forecast.render.xlsx_parts import label

if TYPE_CHECKING:
    from rural_forecast.document.table import Table

_FEWEST = 2
"""Rows below which a line means nothing."""
_ROWS = 18
"""Rows that a chart covers."""


def add(workbook: Any, sheet: Any, table: Table, top: int, below: int) -> int:
    """Draw the column `value` over the years, with the bounds of its intervals; other tables get no chart.

    A table with a column of models has several lines in one column, which a chart of cells cannot separate.

    Parameters
    ----------
    top : row of the table's heading
    below : row that the chart begins in

    Returns
    -------
    How many rows the chart covers
    """
    places = {column.key: place for place, column in enumerate(table.columns)}
    if table.columns[0].kind != "year" or "value" not in places or "model" in places or len(table.rows) < _FEWEST:
        return 0
    if table.columns[places["value"]].kind != "number":
        return 0
    first, last = top + 1, top + len(table.rows)
    years = [row[0] for row in table.rows]
    if len(set(years)) < len(years):
        return 0
    chart = workbook.add_chart({"type": "line"})
    for key, place in places.items():
        bound = key.startswith(("lower_", "upper_"))
        if not bound and key not in {"value", "actual"}:
            continue
        level = key.rpartition("_")[2]
        name = f"{'lower' if key.startswith('lower') else 'upper'} bound, {level} %" if bound else key.capitalize()
        line = {"color": ink(1), "width": 0.75, "dash_type": "dash"} if bound else {"color": ink(1), "width": 2.25}
        chart.add_series(
            {
                "name": name,
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, place, last, place],
                "line": line if key != "actual" else {"color": ink(0), "width": 1.5},
                "marker": {"type": "none"} if bound else {"type": "circle", "size": 5},
            }
        )
    chart.set_title({"name": label(table.title), "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#dddddd", "width": 0.5}}})
    chart.set_x_axis({"line": {"color": GREY}})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 640, "height": 20 * (_ROWS - 1)})
    sheet.insert_chart(below, 0, chart)
    return _ROWS
