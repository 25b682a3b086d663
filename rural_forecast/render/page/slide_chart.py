"""A course over years as PowerPoint's own chart: bands as stacked areas, lines above them, and a workbook behind it.

The workbook has the bounds of each interval, and the areas are formulas of them: whoever edits a bound moves its band.
"""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.render.palette import GREY, GRID, ink, pale
from rural_forecast.render.reading import prose
from rural_forecast.render.xlsx_parts import EPOCH, cell, label, stacked
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.picture import Band, Course, Picture

_LINE, _FAINT, _BOUND, _MARKS = 2.5, 1.0, 0.75, 0.0
"""Points of lines; published figures are marks without a line."""


class _Column(NamedTuple):
    """One column of the workbook, drawn as a line unless it is the bound of an area."""

    name: str
    values: list[float | None]
    tone: int
    points: float
    dashed: bool = False


class _Area(NamedTuple):
    """The space from one bound to another, or from zero to the lowest bound."""

    name: str
    heights: list[float]
    bounds: tuple[int, ...]
    """The upper one, and the lower one where there is one, by their places among the columns."""
    fill: str | None


class _Course:
    def __init__(self, picture: Picture, plot: Course) -> None:
        first, last = plot.span
        self.years = [float(year) for year in range(int(first), int(last) + 1)]
        self.factor, places = picture.amounts.factor, picture.amounts.places
        self.code = "#,##0.###" if places is None else f"#,##0{'.' * bool(places)}{'0' * places}"
        """The number format."""
        self.columns: list[_Column] = []
        for line in plot.lines:
            points, dashed = _FAINT if line.faint else _LINE, line.dash != "solid"
            self._put(line.name or "forecast", zip(line.xs, line.ys, strict=True), line.tone, points, dashed=dashed)
        for mark in plot.marks:
            if mark.shape != "none":
                self._put("published", [(mark.x, mark.y)], mark.tone, _MARKS)
        bands = sorted(plot.bands, key=lambda band: band.level)
        filled = len({band.tone for band in bands}) == 1 and min(min(band.lower) for band in bands) >= 0
        self.lines = len(self.columns) + (0 if filled else 2 * len(bands))
        """So many of the columns are drawn as lines, the first ones."""
        for band in bands:
            for end, edge in (("from", band.lower), ("to", band.upper)):
                before = [(year, edge[0]) for year in self.years if filled and year < band.xs[0]]  # flat areas
                path = [*before, *zip(band.xs, edge, strict=True)]
                self._put(f"{band.name or band.level}, {end}", path, band.tone, _BOUND, dashed=True)
        self.areas = [*map(self._area, repeat(bands), stacked(len(bands)))] if filled else []

    def _put(self, name: str, path: Any, tone: int, points: float, *, dashed: bool = False) -> None:
        """Put values by year into the column of their name, or into a new one if it has other values of a year."""
        known = {self.years.index(year): value / self.factor for year, value in path}
        for column in self.columns:
            alike = (column.name, column.tone) == (name, tone)
            if alike and all(column.values[place] in (None, value) for place, value in known.items()):
                break
        else:
            column = _Column(name, [None for _ in self.years], tone, points, dashed)
            self.columns.append(column)
        for place, value in known.items():
            column.values[place] = value

    def _area(self, bands: list[Band], bounds_of: tuple[tuple[int, ...], int]) -> _Area:
        bounds, rank = bounds_of
        places = tuple(self.lines + bound for bound in bounds)
        edges = ([value or 0.0 for value in self.columns[place].values] for place in places)
        heights = [edge[0] - sum(edge[1:]) for edge in zip(*edges, strict=True)]
        if len(bounds) == 1:
            return _Area("base", heights, places, None)
        return _Area(f"{bands[rank].level} % interval", heights, places, pale(bands[0].tone, rank, len(bands)))


def add(slide: Any, picture: Picture, plot: Course, title: str, place: tuple[float, float, float, float]) -> None:
    """Put the chart on a slide. `place`: left, top, width and height in inches."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    course = _Course(picture, plot)
    data = CategoryChartData(number_format=course.code)
    data.categories = [f"{year:g}" for year in course.years]
    for column in course.columns:
        data.add_series(prose(column.name), column.values)
    for area in course.areas:
        data.add_series(area.name, area.heights)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.AREA_STACKED, *map(Inches, place), data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(course))
    _part(chart, course)
    _dress(chart, title)
    for series, area in zip(chart.plots[0].series if course.areas else (), course.areas, strict=True):
        series.format.line.fill.background()
        fill = series.format.fill
        if area.fill:
            fill.solid()
            fill.fore_color.rgb = _colour(area.fill)
        else:
            fill.background()
    for series, column in zip(chart.plots[-1].series, course.columns[: course.lines], strict=True):
        _line(series, column, course.code)


def _workbook(course: _Course) -> bytes:
    """What a person edits: the areas follow the bounds."""
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
    for place, area in enumerate(course.areas, 1 + len(course.columns)):
        sheet.write_string(0, place, area.name)
        for row, height in enumerate(area.heights, 1):
            formula = "-".join(cell(row, bound + 1) for bound in area.bounds)
            sheet.write_formula(row, place, f"={formula}", code, height)
    sheet.set_column(0, len(course.columns) + len(course.areas), 14)
    book.close()
    return file.getvalue()


def _part(chart: Any, course: _Course) -> None:
    """Move the lines out of the areas, as python-pptx has no chart of two kinds, and drop bounds that areas replace."""
    from pptx.oxml.ns import qn

    space = chart._chartSpace
    areas = space.chart.plotArea.find(qn("c:areaChart"))
    lines = _element("c:lineChart")
    lines.extend([_element("c:grouping", "standard"), _element("c:varyColors", "0")])
    for place, series in enumerate(areas.findall(qn("c:ser"))[: len(course.columns)]):
        areas.remove(series)
        if place < course.lines:
            lines.append(series)
    lines.append(_element("c:marker", "1"))
    lines.extend(deepcopy(axis) for axis in areas.findall(qn("c:axId")))
    areas.addnext(lines)
    space.chart.find(qn("c:dispBlanksAs")).set("val", "gap")
    chart.has_legend = True
    if not course.areas:
        areas.getparent().remove(areas)
    for place in reversed(range(len(course.areas) // 2)):  # the base, and the lower half of each band
        entry = _element("c:legendEntry")
        entry.extend([_element("c:idx", str(place)), _element("c:delete", "1")])
        chart.legend._element.find(qn("c:legendPos")).addnext(entry)


def _element(name: str, value: str = "") -> Any:
    from pptx.oxml.xmlchemy import OxmlElement

    element = OxmlElement(name)
    if value:
        element.set("val", value)
    return element


def _colour(code: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(code[1:].upper())


def _dress(chart: Any, title: str) -> None:
    """Title, legend and axes."""
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.util import Pt

    chart.font.size, chart.has_title = Pt(11), True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(11)
    chart.chart_title.include_in_layout = False
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.major_gridlines.format.line.color.rgb = _colour(GRID)
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = _colour(GREY)


def _line(series: Any, column: _Column, code: str) -> None:
    """Line, marks, and a label at the last value of a main line."""
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    line, marker, colour = series.format.line, series.marker, _colour(ink(column.tone))
    series.smooth = False
    if column.points == _MARKS:
        line.fill.background()
    else:
        line.color.rgb, line.width = colour, Pt(column.points)
    if column.dashed:
        line.dash_style = MSO_LINE.DASH
    marker.style = {_MARKS: XL_MARKER_STYLE.DIAMOND, _BOUND: XL_MARKER_STYLE.NONE}.get(
        column.points, XL_MARKER_STYLE.CIRCLE
    )
    marker.size = 8 if column.points == _MARKS else 5
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour
    marker.format.line.fill.background()
    if column.points == _LINE:
        last = max(place for place, value in enumerate(column.values) if value is not None)
        _label(series.points[last].data_label, code)


def _label(data_label: Any, code: str) -> None:
    """The value above a point, which follows the workbook: python-pptx has free text alone."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.oxml.ns import qn

    data_label.position = XL_LABEL_POSITION.ABOVE
    element = data_label._get_or_add_dLbl()
    for name in ("Val", "LegendKey", "CatName", "SerName"):
        element.find(qn(f"c:show{name}")).set("val", str(int(name == "Val")))
    form = _element("c:numFmt")
    form.set("formatCode", code)
    form.set("sourceLinked", "0")
    element.find(qn("c:idx")).addnext(form)
