"""The live model of a sizing as a sheet: drivers, formulas, the results at low, base and high, and a tornado."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rural_forecast.render.palette import ink
from rural_forecast.render.xlsx_parts import cell, label
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.live import Live, Result

HEADS = (
    "Driver",
    "Unit",
    "Low",
    "Base",
    "High",
    "In plain units, times",
    "Result, low",
    "Result, high",
    "From",
    "Width",
)
LOW, BASE, HIGH, SCALE, RESULT_LOW, RESULT_HIGH, FROM, WIDTH = range(2, 10)
"""Columns of an input."""


def add(workbook: Any, sheet: Any, live: Live, top: int, style: Callable[..., Any]) -> None:
    """Write the model from row `top` on.

    Parameters
    ----------
    style : gives a cell format: a number format, `bold`, `kind` (`input` is what a reader may change)
    """
    first = top + 1
    last = top + len(live.inputs)
    for place, head in enumerate((*HEADS, "Rests on")):
        sheet.write_string(top, place, head, style(bold=True, wrap=True))
    main = live.results[-1]
    for line, one in enumerate(live.inputs, first):
        sheet.write_string(line, 0, one_line(one.name), style())
        sheet.write_string(line, 1, one_line(one.unit), style())
        for column, value in zip((LOW, BASE, HIGH), one.ends, strict=True):
            sheet.write_number(line, column, value, style("#,##0.##", kind="input"))
        sheet.write_number(line, SCALE, one.scale, style("General"))
        workbook.define_name(f"driver_{one.name}", f"='{sheet.name}'!{_cell(line, BASE)}")
        plain, low, high = style("#,##0.##"), *one.results
        for column, end, value in ((RESULT_LOW, LOW, low), (RESULT_HIGH, HIGH, high)):
            sheet.write_formula(line, column, _formula(live, main, first, {one.name: end}), plain, value)
        ends = f"{_cell(line, RESULT_LOW)},{_cell(line, RESULT_HIGH)}"
        sheet.write_formula(line, FROM, f"=MIN({ends})", plain, min(low, high))
        sheet.write_formula(line, WIDTH, f"=MAX({ends})-MIN({ends})", plain, abs(high - low))
        sheet.write_string(line, WIDTH + 1, one_line(one.basis), style())
    below = last + 2
    for place, head in enumerate(("Result", "Unit", "All low", "Base", "All high", "Formula")):
        sheet.write_string(below, place, head, style(bold=True))
    for line, result in enumerate(live.results, below + 1):
        sheet.write_string(line, 0, one_line(result.name), style(bold=True))
        sheet.write_string(line, 1, one_line(result.unit), style())
        strong = style("#,##0.##", bold=True)
        for column, value in zip((LOW, BASE, HIGH), result.values, strict=True):
            every = dict.fromkeys((one.name for one in live.inputs), column)
            sheet.write_formula(line, column, _formula(live, result, first, every), strong, value)
        sheet.write_string(line, SCALE, one_line(result.text), style())
        workbook.define_name(f"result_{result.name}", f"='{sheet.name}'!{_cell(line, BASE)}")
    _tornado(workbook, sheet, live, first, below + len(live.results) + 2)


def _formula(live: Live, result: Result, first: int, at: dict[str, int]) -> str:
    """The formula of a result, with each input at its base or in the column that is named."""
    cells = {
        one.name: f"({_cell(line, at.get(one.name, BASE))}*{_cell(line, SCALE)})"
        for line, one in enumerate(live.inputs, first)
    }
    return f"=({result.formula.format_map(cells)})/{result.scale!r}"


def _cell(line: int, column: int) -> str:
    return cell(line, column, fixed=True)


def _tornado(workbook: Any, sheet: Any, live: Live, first: int, below: int) -> None:
    last = first + len(live.inputs) - 1
    chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    for column in (FROM, WIDTH):
        chart.add_series(
            {
                "name": HEADS[column],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, column, last, column],
                "fill": {"none": True} if column == FROM else {"color": ink(1)},
                "gap": 40,
            }
        )
    main = live.results[-1]
    title = f"{main.name} in {live.year}, {main.unit}: one driver at the ends of its {live.level} % interval"
    chart.set_title({"name": label(title), "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 760, "height": 120 + 28 * len(live.inputs)})
    sheet.insert_chart(below, 0, chart, {"description": one_line(title)})
