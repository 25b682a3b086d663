"""A course over years as PowerPoint's own chart: that of a workbook, and the workbook behind it.

The workbook has the bounds of each interval, and the areas are formulas of them: whoever edits a bound moves its band.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZipFile

from rural_forecast.render.palette import GREY, ink
from rural_forecast.render.reading import prose
from rural_forecast.render.xlsx_parts import EPOCH, Drawn, area_chart, cell, interval_areas, label, small_title
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rural_forecast.document.picture import Course, Picture

Look = dict[str, Any]
_MAIN, _FAINT, _BOUND = 2.5, 1.0, 0.75
"""Points of lines; the main ones have a label at their last value."""
_DIAMOND, _CIRCLE = {"type": "diamond", "size": 8}, {"type": "circle", "size": 5}


class _Column(NamedTuple):
    """One column of the workbook; bounds of areas have no look, as they are not drawn."""

    name: str
    values: list[float | None]
    tone: int
    look: Look | None


class _Course:
    def __init__(self, picture: Picture, plot: Course) -> None:
        first, last = plot.span
        self.years = [float(year) for year in range(int(first), int(last) + 1)]
        self.factor, places = picture.amounts.factor, picture.amounts.places
        self.code = "#,##0.###" if places is None else f"#,##0{'.' * bool(places)}{'0' * places}"
        """The number format."""
        self.columns: list[_Column] = []
        for line in plot.lines:
            look: Look | None = _line(ink(line.tone), _FAINT if line.faint else _MAIN, dashed=line.dash != "solid")
            self._put(line.name or "forecast", line.points, line.tone, look)
        for mark in plot.signs:
            look = {"line": {"none": True}, "marker": _DIAMOND | _filled(ink(mark.tone))}
            self._put("published", [(mark.x, mark.y)], mark.tone, look)
        bands = plot.narrowest_first
        self.lowest = len(self.columns)
        """The place of the first bound among the columns."""
        stack = len({band.tone for band in bands}) == 1 and min(min(band.lower) for band in bands) >= 0
        for band in bands:
            for end, edge in (("from", band.lower), ("to", band.upper)):
                before = [(year, edge[0]) for year in self.years if stack and year < band.xs[0]]  # flat areas
                path = [*before, *zip(band.xs, edge, strict=True)]
                look = None if stack else _line(ink(band.tone), _BOUND, dashed=True) | {"marker": {"type": "none"}}
                self._put(f"{band.name or band.level}, {end}", path, band.tone, look)
        self.areas = [*interval_areas([band.level for band in bands], bands[0].tone)] if stack else []

    def _put(self, name: str, path: Iterable[tuple[float, float]], tone: int, look: Look | None) -> None:
        """Put values by year into the column of their name, or into a new one if it has other values of a year."""
        known = {self.years.index(year): value / self.factor for year, value in path}
        for column in self.columns:
            alike = (column.name, column.tone) == (name, tone)
            if alike and all(column.values[place] in (None, value) for place, value in known.items()):
                break
        else:
            column = _Column(name, [None for _ in self.years], tone, look)
            self.columns.append(column)
        for place, value in known.items():
            column.values[place] = value

    def lines(self) -> Iterator[Drawn]:
        """What is drawn as lines; a label follows the workbook."""
        for place, column in enumerate(self.columns, 1):
            if column.look and column.look["line"].get("width") == _MAIN:
                last = max(at for at, value in enumerate(column.values) if value is not None)
                others = [{"delete": True}] * last
                labels = {"value": True, "position": "above", "num_format": self.code, "custom": others}
                yield place, column.look | {"data_labels": labels}
            elif column.look:
                yield place, column.look


def _filled(colour: str) -> Look:
    return {"fill": {"color": colour}, "border": {"none": True}}


def _line(colour: str, points: float, *, dashed: bool) -> Look:
    line = {"color": colour, "width": points, "dash_type": "dash" if dashed else "solid"}
    return {"line": line, "marker": _CIRCLE | _filled(colour)}


def add(slide: Any, picture: Picture, plot: Course, title: str, place: tuple[float, float, float, float]) -> None:
    """Put the chart on a slide. `place`: left, top, width and height in inches."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart
    from pptx.util import Inches, Pt

    course, package = _Course(picture, plot), slide.part.package
    with ZipFile(BytesIO(_workbook(course, title))) as drawn:
        chart = drawn.read("xl/charts/chart1.xml")
    visible = b'<c:plotVisOnly val="1"/>'
    # PowerPoint does not take it for granted
    chart = chart.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(name, CONTENT_TYPE.DML_CHART, package, chart)
    part.chart_workbook.update_from_xlsx_blob(_workbook(course))
    part.chart.font.size = Pt(11)
    slide.shapes._add_chart_graphicFrame(slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART), *map(Inches, place))


def _workbook(course: _Course, title: str | None = None) -> bytes:
    """What a person edits; with a title, it holds the chart too."""
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    sheet, code = book.add_worksheet("Sheet1"), book.add_format({"num_format": course.code})
    for row, year in enumerate(course.years, 1):
        sheet.write_string(row, 0, f"{year:g}")
    for place, column in enumerate(course.columns, 1):
        sheet.write_string(0, place, label(prose(column.name)))
        for row, value in enumerate(column.values, 1):
            if value is not None:
                sheet.write_number(row, place, value, code)
    for place, (bounds, name, _) in enumerate(course.areas, 1 + len(course.columns)):
        sheet.write_string(0, place, name)
        for row in range(1, len(course.years) + 1):
            upper, *lower = (course.columns[course.lowest + bound].values[row - 1] or 0.0 for bound in bounds)
            formula = "-".join(cell(row, course.lowest + bound + 1) for bound in bounds)
            sheet.write_formula(row, place, f"={formula}", code, upper - sum(lower))
    sheet.set_column(0, len(course.columns) + len(course.areas), 14)
    if title is not None:
        areas = [(place, fill) for place, (_, _, fill) in enumerate(course.areas, 1 + len(course.columns))]
        chart = area_chart(book, sheet, (1, len(course.years)), course.lines(), areas, course.code)
        chart.set_title(small_title(title, 11))
        chart.set_x_axis({"line": {"color": GREY}})
        sheet.insert_chart(0, 0, chart)
    book.close()
    return file.getvalue()
