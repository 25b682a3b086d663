"""What workbooks and slides share: names of cells and charts, number formats, and intervals as areas of a chart."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from math import log10
from typing import TYPE_CHECKING, Any

from rural_forecast.render.palette import GRID, pale
from rural_forecast.render.reading import places_of
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rural_forecast.document.table import Cell, Column

Drawn = tuple[int, Any]
"""A column and how it is drawn."""
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as workbooks hold it
CHART_ROWS = 17
"""Rows of a sheet that a chart takes."""
GRIDLINES = {"visible": True, "line": {"color": GRID}}


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """The name of a cell in formulas; a `fixed` one stays where it is when the formula is copied."""
    return str(need("xlsxwriter.utility", "excel", "A workbook").xl_rowcol_to_cell(row, column, fixed, fixed))


def label(text: str) -> str:
    """Text from data as the title of a chart or the name of a line, which must not begin as a formula does."""
    return one_line(text).lstrip("= ")


def small_title(text: str, size: int) -> dict[str, Any]:
    """The title of a chart, in points, above the drawing."""
    return {"name": label(text), "overlay": False, "name_font": {"size": size}}


def series(
    sheet: Any, name: str | list[Any], rows: tuple[int, int], column: int, names: int = 0, **look: Any
) -> dict[str, Any]:
    """A series of a chart: the cells of a column between two rows, by the names in another one."""
    categories, values = ([sheet.name, rows[0], at, rows[1], at] for at in (names, column))
    return {"name": name, "categories": categories, "values": values, **look}


def area_chart(
    workbook: Any, sheet: Any, rows: tuple[int, int], lines: Iterable[Drawn], areas: Sequence[Drawn], number: str
) -> Any:
    """A chart of lines over years, and under them areas on each other, of which the first half goes unnamed.

    Names are in the row above. `lines` have looks; `areas` have colours, None for one that is not seen.
    """

    def named(column: int, **look: Any) -> dict[str, Any]:
        return series(sheet, [sheet.name, rows[0] - 1, column], rows, column, **look)

    chart = over = workbook.add_chart({"type": "line"})
    for column, look in lines:
        over.add_series(named(column, **look))
    if areas:
        chart = workbook.add_chart({"type": "area", "subtype": "stacked"})
        for column, colour in areas:
            fill = {"color": colour} if colour else {"none": True}
            chart.add_series(named(column, fill=fill, border={"none": True}))
        chart.combine(over)
    chart.set_legend({"position": "bottom", "delete_series": [*range(len(areas) // 2)]})
    chart.set_y_axis({"num_format": number, "major_gridlines": GRIDLINES, "line": {"none": True}})
    chart.show_blanks_as("gap")
    return chart


def interval_areas(levels: Sequence[object], tone: int) -> Iterator[tuple[tuple[int, ...], str, str | None]]:
    """Intervals as areas on each other, from the lowest bound inwards and out again: bounds, name and colour.

    The upper and the lower bound are places among lower, upper, lower, upper from the narrowest interval on; the first
    area, from zero to the lowest bound, has no colour: it is not seen.

    >>> [bounds for bounds, _, _ in interval_areas([80, 95], 1)]
    [(2,), (0, 2), (1, 0), (3, 1)]
    """
    count = len(levels)
    bounds = [*range(2 * count - 2, -1, -2), *range(1, 2 * count, 2)]
    yield (bounds[0],), "base", None
    for below, above in pairwise(bounds):
        rank = max(above, below) // 2
        yield (above, below), f"{levels[rank]} % interval", pale(tone, rank, count)


def number_formats(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> list[str]:
    """Excel's code for each cell, one for all unless each has a unit of its own."""
    if column.mixed:
        return [number_format(column, [cell], whole=whole) for cell in cells]
    return [number_format(column, cells, whole=whole)] * len(cells)


def number_format(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> str:
    """Excel's code for how people read the column; records keep percentages as `whole` numbers."""
    if not column.numeric:
        return "0" if column.kind == "year" else ""
    if column.kind == "integer":
        return "#,##0"
    places = places_of(column, cells)
    thousands = "," * round(log10(column.factor) / 3)  # each comma at the end shows a number divided by 1,000
    sign = "" if column.kind == "number" else '" %"' if whole else "%"
    code = "#,##0" + ("." + "0" * places if places else "") + thousands + sign
    return f"+{code};-{code};{code}" if column.sign else code
