"""The live model of a sizing as a sheet: drivers, formulas, the results at low, base and high, and a tornado."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.document.table import Column
from rural_forecast.render.palette import GRID, ink, pale
from rural_forecast.render.xlsx_parts import cell, label, number_format, series, write
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.live import Live, Result, Tree

HEADS = ("Driver", "Unit", "Low", "Base", "High", "In plain units, times", "Result, low", "Result, high", "Rests on")
WIDTHS = [20, 18, 11, 11, 11, 13, 11, 11, 40]
"""Of the columns that are printed, in characters; to the right of them is what the charts need."""
LOW, BASE, HIGH, SCALE, RESULT_LOW, RESULT_HIGH, BASIS = range(2, 9)
"""Columns of an input."""
FROM, BARS = 10, 11
SIDES = (("low end", pale(2, 0, 1)), ("high end", ink(1))) * 2
"""Names and colours of the bars below the base, then above it; the low end is paler, for those who print in grey."""
_CHART_ROWS, _PIXELS = 17, 500


def add(workbook: Any, sheet: Any, live: Live, top: int, style: Callable[..., Any]) -> int:
    """Write the model from row `top` on; gives the first row below it.

    `style`: gives a cell format: a number format, `bold`, `kind` (`input` is what a reader may change).
    """
    first = top + 1
    last = top + len(live.inputs)
    below = last + 2
    for place, head in enumerate(HEADS):
        right = LOW <= place <= RESULT_HIGH
        kind = "head right" if right else "head"
        sheet.write_string(top, place, head, style(kind=kind, wrap=True, left=place == BASIS))
    main = live.results[-1]
    plain = style(_code(main.values))
    base = _cell(below + len(live.results), BASE)
    for line, driver in enumerate(live.inputs, first):
        sheet.write_string(line, 0, _human(driver.name), style())
        sheet.write_string(line, 1, one_line(driver.unit), style(wrap=True))
        for column, value in zip((LOW, BASE, HIGH), driver.ends, strict=True):
            sheet.write_number(line, column, value, style(_code(driver.ends), kind="input"))
        sheet.write_number(line, SCALE, driver.scale, style("#,##0.######"))
        workbook.define_name(f"driver_{driver.name}", f"='{sheet.name}'!{_cell(line, BASE)}")
        for column, end, value in zip((RESULT_LOW, RESULT_HIGH), (LOW, HIGH), driver.results, strict=True):
            sheet.write_formula(line, column, _formula(live, main, first, {driver.name: end}), plain, value)
        sheet.write_string(line, BASIS, one_line(driver.basis), style(wrap=True, left=True))
        for column, formula, value in _bars(line, base, main.values[1], driver.results):
            sheet.write_formula(line, column, formula, plain, value)
    for place, head in enumerate(("Result", "Unit", "All low", "Base", "All high", "Formula")):
        right = LOW <= place <= HIGH
        sheet.write_string(below, place, head, style(kind="head right" if right else "head", left=place == SCALE))
    for line, result in enumerate(live.results, below + 1):
        sheet.write_string(line, 0, _human(result.name), style(bold=True))
        sheet.write_string(line, 1, one_line(result.unit), style())
        strong = style(_code(result.values), bold=True)
        for column, value in zip((LOW, BASE, HIGH), result.values, strict=True):
            every = dict.fromkeys((driver.name for driver in live.inputs), column)
            sheet.write_formula(line, column, _formula(live, result, first, every), strong, value)
        sheet.write_string(line, SCALE, _human(result.text), style(left=True))
        workbook.define_name(f"result_{result.name}", f"='{sheet.name}'!{_cell(line, BASE)}")
    charts = below + len(live.results) + 2
    _tornado(workbook, sheet, live, first, charts)
    return charts + _CHART_ROWS


def _formula(live: Live, result: Result, first: int, at: dict[str, int]) -> str:
    """The formula of a result, with each input at its base or in the column that is named."""
    lines = enumerate(live.inputs, first)
    cells = {driver.name: f"({_cell(row, at.get(driver.name, BASE))}*{_cell(row, SCALE)})" for row, driver in lines}
    return f"=({result.formula.format_map(cells)})/{result.scale!r}"


def _human(name: str) -> str:
    """A name, or a formula of names, in words."""
    return one_line(name).replace("_", " ")


def _code(values: Iterable[float]) -> str:
    """Excel's code for numbers that are read together."""
    return number_format(Column("", kind="number"), list(values))


def _cell(line: int, column: int) -> str:
    return cell(line, column, fixed=True)


def _bars(line: int, base: str, middle: float, ends: tuple[float, float]) -> list[tuple[int, str, float]]:
    """Where the bars of a driver begin, and the pieces below and above the base by the end that gives them."""
    low, high = _cell(line, RESULT_LOW), _cell(line, RESULT_HIGH)
    pieces = [(FROM, f"=MIN({low},{high},{base})", min(*ends, middle))]
    for side, sign in enumerate(("-1", "1")):
        for place, end in enumerate((low, high)):
            known = (ends[place] - middle) * float(sign)
            pieces.append((BARS + 2 * side + place, f"=MAX(({end}-{base})*{sign},0)", max(known, 0.0)))
    return pieces


def _tornado(workbook: Any, sheet: Any, live: Live, first: int, below: int) -> None:
    """Two-coloured bars that follow the cells; where a result is negative, the results themselves as bars."""
    rows, main = (first, first + len(live.inputs) - 1), live.results[-1]
    stacked = min(min(driver.results) for driver in live.inputs) >= 0
    places = range(BARS, BARS + len(SIDES)) if stacked else (RESULT_LOW, RESULT_HIGH)
    chart = workbook.add_chart({"type": "bar", "subtype": "stacked"} if stacked else {"type": "bar"})
    if stacked:
        chart.add_series(series(sheet, "base", rows, FROM, fill={"none": True}, gap=40))
    for column, (name, colour) in zip(places, SIDES, strict=False):
        chart.add_series(series(sheet, name, rows, column, fill={"color": colour}, gap=40))
    chart.set_legend({"none": True})  # one of stacked bars cannot leave series out in every program
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": _code(main.values), "major_gridlines": {"visible": True, "line": {"color": GRID}}})
    ends = f"pale: at the low end of its {live.level} % interval, dark: at the high end"
    _insert(sheet, chart, below, 0, f"{_human(main.name)} in {live.year}, {main.unit}, by one driver alone; {ends}")


def _insert(sheet: Any, chart: Any, row: int, column: int, title: str) -> None:
    chart.set_title({"name": label(title), "overlay": False, "name_font": {"size": 10}})
    chart.set_size({"width": _PIXELS, "height": 20 * _CHART_ROWS})
    sheet.insert_chart(row, column, chart, {"description": one_line(title)})


_HEADING = 3
"""Row of the years."""
_WIDEST, _YEAR = 48, 11
"""Widths of columns, in characters."""
_DEEPEST = 7
"""Levels that a spreadsheet can fold."""


def add_tree(sheet: Any, tree: Tree, style: Callable[..., Any]) -> None:
    """Write the tree. `style`: as in `add`."""
    notes = ("Blue cells may be changed: the wholes are the sums of their parts.", tree.unit)
    for row, text in enumerate(notes):
        sheet.write_string(row, 0, one_line(text), style(kind="quiet"))
    sheet.write_string(_HEADING, 0, "Node", style(kind="head"))
    for column, year in enumerate(tree.years, 1):
        sheet.write_number(_HEADING, column, year, style("0", kind="head right"))
    amount = Column("value", kind="number")
    number = number_format(amount, [value for node in tree.nodes for value in node.values])
    for row, node in enumerate(tree.nodes, _HEADING + 1):
        sheet.set_row(row, None, None, {"level": min(node.depth, _DEEPEST)})
        sheet.write_string(row, 0, f"{'   ' * node.depth}{one_line(node.name)}", style(bold=not node.depth))
        parts = [part + _HEADING + 1 for part in node.parts]
        for column, (year, value) in enumerate(zip(tree.years, node.values, strict=True), 1):
            if value is not None and parts and not (node.given and year <= tree.origin):
                sheet.write_formula(row, column, _sum(parts, column), style(number, bold=not node.depth), value)
                continue
            write(sheet, row, column, amount, value, style(number, kind="input"))
    widest = max(3 * node.depth + len(node.name) for node in tree.nodes)
    sheet.set_column(0, 0, min(widest + 2, _WIDEST))
    sheet.set_column(1, len(tree.years), _YEAR)
    sheet.outline_settings(True, False)  # a whole is above its parts
    sheet.freeze_panes(_HEADING + 1, 1)
    sheet.repeat_rows(_HEADING)
    sheet.fit_to_pages(1, 0)


def _sum(parts: Sequence[int], column: int) -> str:
    if parts[-1] - parts[0] == len(parts) - 1:
        return f"=SUM({cell(parts[0], column)}:{cell(parts[-1], column)})"
    return f"={'+'.join(cell(part, column) for part in parts)}"
