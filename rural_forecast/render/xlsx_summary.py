"""The first sheet of a workbook: the finding, paths over years as live formulas, growth, CAGR and a fan chart.

A forecast is the year before times one plus its growth, and growth is a number that a reader may change: the path and
its interval move with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rural_forecast.render.palette import ink
from rural_forecast.render.xlsx_parts import CHART_ROWS, Drawn, area_chart, cell, interval_areas, number_format

if TYPE_CHECKING:
    from rural_forecast.document.table import Table
    from rural_forecast.render.xlsx_sheet import Sheet

PERCENT = "+0.0%;-0.0%;0.0%"


def summary(table: Table) -> Summary | None:
    """What runs over years in a table, if anything does."""
    keys = [column.key for column in table.columns]
    if keys[:2] != ["period", "kind"] or "model" in keys or "forecast" not in table.cells(1):
        return None
    made = Summary(table)
    return made if made.paths else None


class Summary:
    """Paths over years, None before their first one: the first path has the history too, and the bounds."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.paths: list[tuple[str, list[Any]]] = []
        self.bounds: dict[str, list[Any]] = {}
        """By column of the table, such as `lower_80`."""
        self.number = ""
        """The number format of amounts."""
        for place, column in enumerate(table.columns):
            cells = table.cells(place)
            if column.kind == "number":
                self.number = self.number or number_format(column, cells)
            if column.key.startswith(("lower_", "upper_")):
                self.bounds[column.key] = cells
            elif column.kind == "number" and column.key != "actual" and not column.follows:
                self.paths.append((column.title or column.key, cells))
        self.years: list[Any] = table.cells(0)
        self.origin, self.last = table.cells(1).index("forecast") - 1, len(self.years) - 1
        self.lowest = 2 + 2 * len(self.paths)
        """Column of the first bound."""
        self.wide = self.lowest + len(self.bounds) + 1
        """Columns that people see; to the right of them is what the chart and the bounds need."""
        self.widths = [11] * self.wide
        """Of these columns, in characters."""

    def write(self, sheet: Sheet) -> None:
        """Write everything from the sheet's row on."""
        self.sheet, self.top, self.main = sheet, sheet.row, self.paths[0][1]
        self.below = self._row(self.last) + 2
        self._heads()
        for line, (year, kind) in enumerate(zip(self.years, self.table.cells(1), strict=True)):
            sheet.put(self._row(line), 0, year, "0")
            sheet.put(self._row(line), 1, str(kind))
            for number, (_, values) in enumerate(self.paths):
                self._value(values, line, 2 + 2 * number)
            self._bounds(line)
            self._cagr_path(line)
        sheet.name_cell(f"forecast_{self.years[-1]}", self._row(self.last), 2)
        self._rates("CAGR of the history", self.below, 0, self.origin)
        self._rates("CAGR of the forecast", self.below + 1, self.origin, self.last)
        self._chart(self.below + 3)
        sheet.cells.freeze_panes(self.top + 1, 1)
        sheet.row = self.below + 3 + CHART_ROWS

    def _row(self, line: int) -> int:
        return self.top + 1 + line

    def _at(self, line: int, column: int) -> str:
        return cell(self._row(line), column)

    def _heads(self) -> None:
        heads = ["Year", ""]
        for title, _ in self.paths:
            heads += [title, "Growth"]
        for key in self.bounds:
            end, _, level = key.partition("_")
            heads.append(f"{level} %, {'from' if end == 'lower' else 'to'}")
        heads += ["CAGR path", *(f"{key} / value" for key in self.bounds)]
        for place, head in enumerate(heads):
            self.sheet.put(self.top, place, head, bold=True, wrap=True)

    def _value(self, values: list[Any], line: int, column: int) -> None:
        """A value and its growth: one follows from the other where growth has a meaning."""
        value = values[line]
        if value is None:
            return
        alone = values[line - 1] is not None or not line
        before = (values if alone else self.main)[line - 1] if line else None
        grows = before is not None and before > 0 and value >= 0
        row, previous = self._row(line), self._at(line - 1, column if alone else 2) if line else ""
        if line > self.origin and grows:
            self.sheet.put(row, column + 1, value / before - 1, PERCENT, kind="input")
            formula = f"{previous}*(1+{self._at(line, column + 1)})"
            self.sheet.formula(row, column, formula, value, self.number, bold=line == self.last)
            return
        self.sheet.put(row, column, value, self.number, kind="input")
        if grows:
            formula = f"{self._at(line, column)}/{previous}-1"
            self.sheet.formula(row, column + 1, formula, value / before - 1, PERCENT)

    def _bounds(self, line: int) -> None:
        """Bounds move with the value, by factors at the right."""
        row, value = self._row(line), self.main[line]
        for number, bound in enumerate(cells[line] for cells in self.bounds.values()):
            factor, column = self.wide + number, self.lowest + number
            if bound is not None and value:
                self.sheet.put(row, factor, bound / value, "0.000")
                formula = f"{self._at(line, 2)}*{self._at(line, factor)}"
                self.sheet.formula(row, column, formula, bound, self.number)
            elif bound is not None:
                self.sheet.put(row, column, bound, self.number)

    def _cagr_path(self, line: int) -> None:
        """The last value at the compound growth of the history, which a spreadsheet would go on with."""
        if line > self.origin and self._compound(0, self.origin):
            ahead = f"({self._at(line, 0)}-{self._at(self.origin, 0)})"
            formula = f"{self._at(self.origin, 2)}*(1+{cell(self.below, 2, fixed=True)})^{ahead}"
            rate = self._growth(0, self.origin, self.main)
            value = self.main[self.origin] * rate ** (self.years[line] - self.years[self.origin])
            self.sheet.formula(self._row(line), self.wide - 1, formula, value, self.number)

    def _growth(self, start: int, end: int, values: list[Any]) -> float:
        """One plus compound growth a year."""
        return float((values[end] / self.main[start]) ** (1 / (self.years[end] - self.years[start])))

    def _compound(self, start: int, end: int) -> bool:
        """Whether compound growth has a meaning between two lines."""
        return 0 <= start < end and (self.main[start] or 0) > 0 and (self.main[end] or 0) > 0

    def _rates(self, title: str, row: int, start: int, end: int) -> None:
        if not self._compound(start, end):
            return
        self.sheet.put(row, 0, title, bold=True)
        years = f"({self._at(end, 0)}-{self._at(start, 0)})"
        for column, (_, values) in enumerate(self.paths, 1):
            if (values[end] or 0) > 0:
                formula = f"({self._at(end, 2 * column)}/{self._at(start, 2)})^(1/{years})-1"
                rate = self._growth(start, end, values) - 1
                self.sheet.formula(row, 2 * column, formula, rate, PERCENT, bold=True)

    def _chart(self, below: int) -> None:
        """Bands as stacked areas under the lines; where a bound is negative, which areas cannot show, as lines."""
        none = {"marker": {"type": "none"}}
        lines: list[Drawn] = []
        for number in range(len(self.paths)):
            color = ink(0 if number == 0 and not self.bounds else number + 1)
            line = {"color": color, "width": 2.25, "dash_type": "solid" if number == 0 else "dash"}
            lines.append((2 + 2 * number, none | {"line": line}))
        edges = [edge for cells in self.bounds.values() for edge in cells if edge is not None]
        drawn = [*edges, *(value for value in self.main if value is not None)]
        areas = [*self._areas()] if edges and min(drawn) >= 0 else []
        if not areas:
            thin = {"color": ink(1), "width": 0.75, "dash_type": "dash"}
            lines += [(self.lowest + number, none | {"line": thin}) for number in range(len(self.bounds))]
        rows = self._row(0), self._row(self.last)
        chart = area_chart(self.sheet.workbook, self.sheet, rows, lines, areas, self.number)
        chart.set_x_axis({"num_format": "0"})
        chart.set_title({"none": True})
        chart.set_size({"width": 82 * self.wide, "height": 20 * CHART_ROWS})
        self.sheet.cells.insert_chart(below, 0, chart, {"description": "History, forecast and intervals"})

    def _areas(self) -> Iterator[Drawn]:
        """Helper columns: the lowest bound, then the height of each band, from the widest interval inwards and out."""
        levels = [key.partition("_")[2] for key in self.bounds][::2]
        ends = list(self.bounds.values())
        for helper, (bounds, name, fill) in enumerate(interval_areas(levels, 1), self.wide + len(self.bounds)):
            upper, *lower = bounds
            self.sheet.put(self.top, helper, name, bold=True)
            for line, value in enumerate(self.main):
                known, formula = (0, "0") if lower else (value, self._at(line, 2))  # no height but that of the base
                if line > self.origin:
                    known = ends[upper][line] - (ends[lower[0]][line] if lower else 0)
                    formula = "-".join(self._at(line, self.lowest + bound) for bound in bounds)
                self.sheet.formula(self._row(line), helper, formula, known, self.number)
            yield helper, fill
