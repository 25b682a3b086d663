"""What all sheets of a workbook share: names of cells and charts, number formats, and how one value is written."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from math import log10
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import OutputError, not_finite
from rural_forecast.render.palette import GRID, pale
from rural_forecast.render.reading import places_of
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import encodable, one_line, without_controls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rural_forecast.document.table import Cell, Column

Drawn = tuple[int, Any]
"""A column and how it is drawn."""
MOST_CHARACTERS = 32_767
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as workbooks hold it


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """The name of a cell in formulas; a `fixed` one stays where it is when the formula is copied."""
    return str(need("xlsxwriter.utility", "excel", "A workbook").xl_rowcol_to_cell(row, column, fixed, fixed))


def label(text: str) -> str:
    """Text from data as the title of a chart or the name of a line, which must not begin as a formula does."""
    return one_line(text).lstrip("= ")


def series(sheet: Any, name: str, rows: tuple[int, int], column: int, names: int = 0, **look: Any) -> dict[str, Any]:
    """A series of a chart: the cells of a column between two rows, by the names in another one."""
    categories, values = ([sheet.name, rows[0], at, rows[1], at] for at in (names, column))
    return {"name": label(name), "categories": categories, "values": values, **look}


def area_chart(
    workbook: Any, sheet: Any, rows: tuple[int, int], lines: Iterable[Drawn], areas: Sequence[Drawn], number: str
) -> Any:
    """A chart of lines over years, and under them areas on each other, of which the first half goes unnamed.

    Names are in the row above. `lines` have looks; `areas` have colours, None for one that is not seen.
    """

    def named(column: int, **look: Any) -> dict[str, Any]:
        return series(sheet, "", rows, column, **look) | {"name": [sheet.name, rows[0] - 1, column]}

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
    grid = {"visible": True, "line": {"color": GRID}}
    chart.set_y_axis({"num_format": number, "major_gridlines": grid, "line": {"none": True}})
    chart.show_blanks_as("gap")
    return chart


def range_title(columns: tuple[Column, ...], place: int) -> str:
    """The heading of a column; the two ends of a range say which they are."""
    if columns[place].ends_range and place:
        return f"{columns[place - 1].title}, to"
    if place + 1 < len(columns) and columns[place + 1].ends_range:
        return f"{columns[place].title}, from"
    return columns[place].title


def stacked(count: int) -> list[tuple[tuple[int, ...], int]]:
    """How `count` intervals lie on each other as areas, from the lowest bound inwards and out again.

    Gives for each area its upper and lower bound, by their places among lower, upper, lower, upper from the narrowest
    on, and the place of its interval; the first area, from zero to the lowest bound, is not seen.

    >>> stacked(2)
    [((2,), 1), ((0, 2), 1), ((1, 0), 0), ((3, 1), 1)]
    """
    bounds = [*range(2 * count - 2, -1, -2), *range(1, 2 * count, 2)]
    areas = [((above, below), max(above // 2, below // 2)) for below, above in pairwise(bounds)]
    return [((bounds[0],), count - 1), *areas]


def interval_areas(levels: Sequence[object], tone: int) -> Iterator[tuple[tuple[int, ...], str, str | None]]:
    """The areas of `stacked` for these levels: bounds, name and colour, None for the one that is not seen."""
    for bounds, rank in stacked(len(levels)):
        if len(bounds) == 1:
            yield bounds, "base", None
        else:
            yield bounds, f"{levels[rank]} % interval", pale(tone, rank, len(levels))


def number_format(column: Column, cells: list[Cell], *, whole: bool = False) -> str:
    """Excel's code for how people read the column; records keep percentages as `whole` numbers."""
    if column.kind == "year":
        return "0"
    if column.kind == "integer":
        return "#,##0"
    if column.kind not in ("number", "percent"):
        return ""
    places = places_of(column, cells)
    thousands = "," * round(log10(column.factor) / 3)  # each comma at the end shows a number divided by 1,000
    sign = "" if column.kind == "number" else '" %"' if whole else "%"
    code = "#,##0" + ("." + "0" * places if places else "") + thousands + sign
    return f"+{code};-{code};{code}" if column.sign else code


def write(sheet: Any, line: int, place: int, column: Column, value: Cell, style: Any) -> None:
    """Write one value with its type, so that text from data never becomes a formula or a link.

    Raises OutputError if the text is longer than a cell can hold; RuralForecastError if the number is not finite, which
    is a defect of ours.
    """
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value, style)
    elif isinstance(value, str):
        text = encodable(without_controls(value))
        if len(text) > MOST_CHARACTERS:
            raise OutputError(
                f"Column {column.key} has a text of {len(text):,} characters; an Excel cell holds at most "
                f"{MOST_CHARACTERS:,}.",
                "Write csv or parquet instead.",
            )
        sheet.write_string(line, place, text, style)
    elif isinstance(value, float) and value - value != 0:
        raise not_finite(f"Column {column.key} holds {value}, which is not a finite number.")
    else:
        sheet.write_number(line, place, value, style)
