"""The first sheet of a workbook: the finding, paths over years as live formulas, growth, CAGR and a fan chart.

A forecast is the year before times one plus its growth, and growth is a number that a reader may change: the path and
its interval move with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.render.palette import ink
from rural_forecast.render.xlsx_parts import Drawn, area_chart, cell, interval_areas
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.table import Table

PERCENT = "+0.0%;-0.0%;0.0%"
_CHART_ROWS = 17


class Path(NamedTuple):
    """The values of one scenario or forecast, None before its first year."""

    title: str
    values: list[Any]
    bounds: dict[str, list[Any]]
    """By column of the table, such as `lower_80`."""


def paths(table: Table) -> list[Path]:
    """What runs over years in a table: the first path has the history too; empty where there is none."""
    keys = [column.key for column in table.columns]
    if keys[:2] != ["period", "kind"] or "model" in keys or "forecast" not in {row[1] for row in table.rows}:
        return []
    paths_of: list[Path] = []
    bounds: dict[str, list[Any]] = {}
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in table.rows]
        if column.key.startswith(("lower_", "upper_")):
            bounds[column.key] = cells
        elif column.kind == "number" and column.key != "actual" and not column.follows:
            paths_of.append(Path(column.title or column.key, cells, {}))
    return [paths_of[0]._replace(bounds=bounds), *paths_of[1:]] if paths_of else []


def widths(table: Table) -> list[int]:
    """Of the columns that people see, in characters."""
    shown = paths(table)
    return [11] * (3 + 2 * len(shown) + len(shown[0].bounds))


class Summary:
    """Writes the sheet; rows and columns count from 0."""

    def __init__(
        self, workbook: Any, sheet: Any, table: Table, style: Callable[..., Any], top: int, number: str
    ) -> None:
        self.workbook, self.sheet, self.style, self.top = workbook, sheet, style, top
        self.number = number
        """The number format of amounts."""
        self.table, self.paths = table, paths(table)
        self.years: list[Any] = [row[0] for row in table.rows]
        kinds = [row[1] for row in table.rows]
        self.origin = kinds.index("forecast") - 1
        self.bounds = list(self.paths[0].bounds)
        self.wide = len(widths(table))
        """Columns that people see; to the right of them is what the chart and the bounds need."""

    def write(self) -> int:
        """Write everything; gives the first row below."""
        self._heads()
        for line in range(len(self.years)):
            self.sheet.write_number(self._row(line), 0, self.years[line], self.style("0"))
            self.sheet.write_string(self._row(line), 1, str(self.table.rows[line][1]), self.style())
            for number, path in enumerate(self.paths):
                self._value(path, line, 2 + 2 * number)
            self._bounds(line)
            self._cagr_path(line)
        below = self._row(len(self.years)) + 1
        target = cell(self._row(len(self.years) - 1), 2, fixed=True)
        self.workbook.define_name(f"forecast_{self.years[-1]}", f"='{self.sheet.name}'!{target}")
        self._rates(below)
        self._chart(below + 3)
        self.sheet.freeze_panes(self.top + 1, 1)
        return below + 3 + _CHART_ROWS

    def _row(self, line: int) -> int:
        return self.top + 1 + line

    def _at(self, line: int, column: int) -> str:
        return cell(self._row(line), column)

    def _heads(self) -> None:
        heads = ["Year", ""]
        for path in self.paths:
            heads += [path.title, "Growth"]
        for key in self.bounds:
            end, _, level = key.partition("_")
            heads.append(f"{level} %, {'from' if end == 'lower' else 'to'}")
        heads += ["CAGR path", *(f"{key} / value" for key in self.bounds)]
        for place, head in enumerate(heads):
            self.sheet.write_string(self.top, place, one_line(head), self.style(bold=True, wrap=True))

    def _value(self, path: Path, line: int, column: int) -> None:
        """A value and its growth: one follows from the other where growth has a meaning."""
        value = path.values[line]
        if value is None:
            return
        start = column if path.values[line - 1] is not None or not line else 2
        before = (path.values if start == column else self.paths[0].values)[line - 1] if line else None
        grows = before is not None and before > 0 and value >= 0
        row, previous = self._row(line), self._at(line - 1, start) if line else ""
        if line > self.origin and grows:
            self.sheet.write_number(row, column + 1, value / before - 1, self.style(PERCENT, kind="input"))
            formula = f"={previous}*(1+{self._at(line, column + 1)})"
            strong = self.style(self.number, bold=line == len(self.years) - 1)
            self.sheet.write_formula(row, column, formula, strong, value)
            return
        self.sheet.write_number(row, column, value, self.style(self.number, kind="input"))
        if grows:
            formula = f"={self._at(line, column)}/{previous}-1"
            self.sheet.write_formula(row, column + 1, formula, self.style(PERCENT), value / before - 1)

    def _bounds(self, line: int) -> None:
        """Bounds move with the value, by factors at the right."""
        first = 2 + 2 * len(self.paths)
        value = self.paths[0].values[line]
        for number, key in enumerate(self.bounds):
            bound = self.paths[0].bounds[key][line]
            if bound is None:
                continue
            if value:
                factor = self.wide + number
                self.sheet.write_number(self._row(line), factor, bound / value, self.style("0.000"))
                formula = f"={self._at(line, 2)}*{self._at(line, factor)}"
                self.sheet.write_formula(self._row(line), first + number, formula, self.style(self.number), bound)
            else:
                self.sheet.write_number(self._row(line), first + number, bound, self.style(self.number))

    def _cagr_path(self, line: int) -> None:
        """The last value at the compound growth of the history, which a spreadsheet would go on with."""
        if line > self.origin and self._compound():
            ahead = f"({self._at(line, 0)}-{self._at(self.origin, 0)})"
            compound = cell(self._row(len(self.years)) + 1, 2, fixed=True)
            formula = f"={self._at(self.origin, 2)}*(1+{compound})^{ahead}"
            rate = self._growth(0, self.origin, self.paths[0])
            value = self.paths[0].values[self.origin] * rate ** (self.years[line] - self.years[self.origin])
            self.sheet.write_formula(self._row(line), self.wide - 1, formula, self.style(self.number), value)

    def _growth(self, start: int, end: int, path: Path) -> float:
        """One plus compound growth a year."""
        return float((path.values[end] / self.paths[0].values[start]) ** (1 / (self.years[end] - self.years[start])))

    def _compound(self) -> bool:
        """Whether compound growth of the history has a meaning."""
        first, last = self.paths[0].values[0], self.paths[0].values[self.origin]
        return self.origin > 0 and first is not None and first > 0 and last is not None and last > 0

    def _rates(self, below: int) -> None:
        last = len(self.years) - 1
        for row, title, start, end in (
            (below, "CAGR of the history", 0, self.origin),
            (below + 1, "CAGR of the forecast", self.origin, last),
        ):
            first, final = self.paths[0].values[start], self.paths[0].values[end]
            if start == end or not first or first <= 0 or not final or final <= 0:
                continue
            self.sheet.write_string(row, 0, title, self.style(bold=True))
            for number, path in enumerate(self.paths):
                if path.values[end] is None or path.values[end] <= 0:
                    continue
                column = 2 + 2 * number
                years = f"({self._at(end, 0)}-{self._at(start, 0)})"
                formula = f"=({self._at(end, column)}/{self._at(start, 2)})^(1/{years})-1"
                rate = self._growth(start, end, path) - 1
                self.sheet.write_formula(row, column, formula, self.style(PERCENT, bold=True), rate)

    def _chart(self, below: int) -> None:
        """Bands as stacked areas under the lines; where a bound is negative, which areas cannot show, as lines."""
        none = {"marker": {"type": "none"}}
        lines: list[Drawn] = []
        for number, _path in enumerate(self.paths):
            color = ink(0 if number == 0 and not self.bounds else number + 1)
            line = {"color": color, "width": 2.25, "dash_type": "solid" if number == 0 else "dash"}
            lines.append((2 + 2 * number, none | {"line": line}))
        edges = [edge for cells in self.paths[0].bounds.values() for edge in cells if edge is not None]
        areas: list[Drawn] = []
        if edges and min(edges) >= 0 and min(value for value in self.paths[0].values if value is not None) >= 0:
            areas = [*self._areas()]
        else:
            first, thin = 2 + 2 * len(self.paths), {"color": ink(1), "width": 0.75, "dash_type": "dash"}
            lines += [(first + number, none | {"line": thin}) for number in range(len(self.bounds))]
        rows = self._row(0), self._row(len(self.years) - 1)
        chart = area_chart(self.workbook, self.sheet, rows, lines, areas, self.number)
        chart.set_x_axis({"num_format": "0"})
        chart.set_title({"none": True})
        chart.set_size({"width": 82 * self.wide, "height": 20 * _CHART_ROWS})
        self.sheet.insert_chart(below, 0, chart, {"description": "History, forecast and intervals"})

    def _areas(self) -> Iterator[Drawn]:
        """Helper columns: the lowest bound, then the height of each band, from the widest interval inwards and out."""
        first, lowest = self.wide + len(self.bounds), 2 + 2 * len(self.paths)
        levels = [key.partition("_")[2] for key in self.bounds[::2]]
        ends = list(self.paths[0].bounds.values())
        for helper, (bounds, name, fill) in enumerate(interval_areas(levels, 1), first):
            upper, *lower = bounds
            self.sheet.write_string(self.top, helper, name, self.style(bold=True))
            for line, value in enumerate(self.paths[0].values):
                if line > self.origin:
                    known = ends[upper][line] - (ends[lower[0]][line] if lower else 0)
                    formula = "-".join(self._at(line, lowest + bound) for bound in bounds)
                else:  # no height but that of the base
                    known, formula = (0, "0") if lower else (value, self._at(line, 2))
                self.sheet.write_formula(self._row(line), helper, f"={formula}", self.style(self.number), known)
            yield helper, fill
