"""A course over years as PowerPoint's own chart: bands as stacked areas, lines above them, and a workbook behind it.

The workbook has the bounds of each interval, and the areas are formulas of them: whoever edits a bound moves its band.
"""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.render.palette import GREY, ink, pale
from rural_forecast.render.reading import prose
from rural_forecast.render.xlsx_parts import cell, label
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.picture import Band, Course, Line, Picture
    from rural_forecast.text.numbers import Amounts

Values = list[float | None]


class _Area(NamedTuple):
    """The space from one bound to another, or from zero to the lowest bound."""

    name: str
    upper: int
    lower: int | None
    """Places of the bounds among all columns."""
    fill: str | None


class _Course:
    """The columns of a chart: lines, published figures, bounds, areas."""

    def __init__(self, plot: Course, write: Amounts) -> None:
        first, last = plot.span
        self.years = [float(year) for year in range(int(first), int(last) + 1)]
        self.factor = write.factor
        self.code = "#,##0.###" if write.places is None else f"#,##0{'.' * bool(write.places)}{'0' * write.places}"
        """The number format."""
        self.lines: list[tuple[str, Values]] = []
        self.tones: list[tuple[int, bool, float]] = []
        """Tone, dashes and points of each line."""
        for line in plot.lines:
            self._line(line)
        self.published = self._published(plot)
        bands = sorted(plot.bands, key=lambda band: band.level)
        self.stacked = len({band.tone for band in bands}) == 1 and min(min(band.lower) for band in bands) >= 0
        self.bounds = [
            (f"{band.name or band.level}, {end}", self._bound(band, edge), band.tone)
            for band in bands
            for end, edge in (("from", band.lower), ("to", band.upper))
        ]
        self.areas = list(self._areas(bands)) if self.stacked else []

    def _line(self, line: Line) -> None:
        """One column for all pieces of a line."""
        name, values = line.name or "forecast", self._along(line.xs, line.ys)
        known = dict(self.lines).get(name)
        if known is None or line.tone != self.tones[-1][0]:
            self.lines.append((name, values))
            self.tones.append((line.tone, line.dash != "solid", 1.0 if line.faint else 2.5))
            return
        for place, value in enumerate(values):
            known[place] = known[place] if value is None else value

    def _along(self, xs: tuple[float, ...], ys: tuple[float, ...]) -> Values:
        """Values for every year of the picture."""
        known = {year: value / self.factor for year, value in zip(xs, ys, strict=True)}
        return [known.get(year) for year in self.years]

    def _published(self, plot: Course) -> list[Values]:
        """Published figures; a year with several of them needs as many columns."""
        columns: list[Values] = []
        for mark in plot.marks:
            if mark.shape == "none":
                continue
            at = self.years.index(mark.x)
            if all(column[at] is not None for column in columns):
                columns.append([None for _ in self.years])
            free = next(column for column in columns if column[at] is None)
            free[at] = mark.y / self.factor
        return columns

    def _bound(self, band: Band, edge: tuple[float, ...]) -> Values:
        """A bound; before its first year the areas are as flat as they are there."""
        values = self._along(band.xs, edge)
        if not self.stacked:
            return values
        begun = self.years.index(band.xs[0])
        return [values[begun]] * begun + values[begun:]

    def _areas(self, bands: list[Band]) -> list[_Area]:
        """From the lowest bound inwards to the narrowest interval, and out again."""
        first, count = len(self.lines) + len(self.published), len(bands)
        order = [*((2 * at, at) for at in reversed(range(count))), *((2 * at + 1, at) for at in range(count))]
        found = [_Area("base", first + order[0][0], None, None)]
        for (below, _), (above, rank) in pairwise(order):
            rank = max(rank, below // 2) if above % 2 == 0 else rank
            colour = pale(bands[0].tone, rank, count)
            found.append(_Area(f"{bands[rank].level} % interval", first + above, first + below, colour))
        return found

    @property
    def columns(self) -> list[tuple[str, Values]]:
        """Names and values of all columns, without the areas."""
        drawn: list[tuple[str, Values]] = [*self.lines, *(("published", values) for values in self.published)]
        return [*drawn, *((name, values) for name, values, _ in self.bounds)]

    def heights(self, area: _Area) -> list[float]:
        """How high an area is in each year."""
        upper = self.columns[area.upper][1]
        lower = self.columns[area.lower][1] if area.lower is not None else [0.0] * len(upper)
        return [(top or 0.0) - (below or 0.0) for top, below in zip(upper, lower, strict=True)]


def add(slide: Any, picture: Picture, plot: Course, title: str, place: tuple[float, float, float, float]) -> None:
    """Put the chart on a slide.

    Parameters
    ----------
    place : left, top, width and height in inches
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    course = _Course(plot, picture.amounts)
    data = CategoryChartData(number_format=course.code)
    data.categories = [f"{year:g}" for year in course.years]
    for name, values in course.columns:
        data.add_series(prose(name), values)
    for area in course.areas:
        data.add_series(area.name, course.heights(area))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.AREA_STACKED, *map(Inches, place), data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(course))
    _part(chart, course)
    _style(chart, course, title)


def _workbook(course: _Course) -> bytes:
    """What a person edits: the areas follow the bounds."""
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    sheet, code = book.add_worksheet("Sheet1"), book.add_format({"num_format": course.code})
    for row, year in enumerate(course.years, 1):
        sheet.write_string(row, 0, f"{year:g}")
    for place, (name, values) in enumerate(course.columns, 1):
        sheet.write_string(0, place, label(prose(name)))
        for row, value in enumerate(values, 1):
            if value is not None:
                sheet.write_number(row, place, value, code)
    for place, area in enumerate(course.areas, 1 + len(course.columns)):
        sheet.write_string(0, place, area.name)
        for row, height in enumerate(course.heights(area), 1):
            below = "" if area.lower is None else f"-{cell(row, area.lower + 1)}"
            sheet.write_formula(row, place, f"={cell(row, area.upper + 1)}{below}", code, height)
    sheet.set_column(0, len(course.columns) + len(course.areas), 14)
    book.close()
    return file.getvalue()


def _part(chart: Any, course: _Course) -> None:
    """Move the lines out of the areas, and leave bounds out that only the areas need."""
    from copy import deepcopy

    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    space = chart._chartSpace  # python-pptx has no chart of two kinds
    areas = space.chart.plotArea.find(qn("c:areaChart"))
    drawn = areas.findall(qn("c:ser"))
    lines = OxmlElement("c:lineChart")
    lines.extend([_valued("c:grouping", "standard"), _valued("c:varyColors", "0")])
    bounds = len(course.lines) + len(course.published)
    for place, series in enumerate(drawn[: len(course.columns)]):
        areas.remove(series)
        if place < bounds or not course.stacked:
            lines.append(series)
    lines.append(_valued("c:marker", "1"))
    lines.extend(deepcopy(axis) for axis in areas.findall(qn("c:axId")))
    areas.addnext(lines)
    space.chart.find(qn("c:dispBlanksAs")).set("val", "gap")
    if not course.areas:
        areas.getparent().remove(areas)


def _valued(name: str, value: str) -> Any:
    from pptx.oxml.xmlchemy import OxmlElement

    element = OxmlElement(name)
    element.set("val", value)
    return element


def _style(chart: Any, course: _Course, title: str) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    def colour(code: str) -> Any:
        return RGBColor.from_string(code[1:].upper())

    chart.font.size, chart.has_legend, chart.has_title = Pt(11), True, True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(11)
    chart.chart_title.include_in_layout = False
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.value_axis.major_gridlines.format.line.color.rgb = colour("#dddddd")
    chart.value_axis.format.line.fill.background()
    chart.category_axis.format.line.color.rgb = colour(GREY)
    if course.areas:
        for series, area in zip(chart.plots[0].series, course.areas, strict=True):
            if area.fill:
                series.format.fill.solid()
                series.format.fill.fore_color.rgb = colour(area.fill)
            else:
                series.format.fill.background()
            series.format.line.fill.background()
        _leave_out(chart.legend, len(course.bounds) // 2)
    bounds = [] if course.stacked else [(tone, True) for _, _, tone in course.bounds]
    styles = list(course.tones)
    marked = len(styles)
    styles += [(2, False, 0.0) for _ in course.published]
    styles += [(tone, dashed, 0.75) for tone, dashed in bounds]
    for place, (series, (tone, dashed, width)) in enumerate(zip(chart.plots[-1].series, styles, strict=True)):
        series.smooth = False
        line = series.format.line
        if width:
            line.color.rgb, line.width = colour(ink(tone)), Pt(width)
        else:
            line.fill.background()
        if dashed:
            line.dash_style = MSO_LINE.DASH
        _marker(series, colour(ink(tone)), shown=not width or width >= 1, published=place >= marked and not width)
    for series, (_, values), (_, _, width) in zip(chart.plots[-1].series, course.lines, course.tones, strict=False):
        last = max(at for at, value in enumerate(values) if value is not None)
        if width > 1:
            _labelled(series.points[last].data_label, course.code)


def _marker(series: Any, colour: Any, *, shown: bool, published: bool) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    marker = series.marker
    marker.style = (
        XL_MARKER_STYLE.NONE if not shown else XL_MARKER_STYLE.DIAMOND if published else XL_MARKER_STYLE.CIRCLE
    )
    if shown:
        marker.size = 8 if published else 5
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = colour
        marker.format.line.fill.background()


def _labelled(label: Any, code: str) -> None:
    """The value above a point."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.oxml.ns import qn

    label.position = XL_LABEL_POSITION.ABOVE
    element = label._get_or_add_dLbl()  # python-pptx has labels of free text alone
    element.find(qn("c:showVal")).set("val", "1")
    for name in ("c:showLegendKey", "c:showCatName", "c:showSerName"):
        element.find(qn(name)).set("val", "0")
    form = _valued("c:numFmt", "")
    form.attrib.clear()
    form.set("formatCode", code)
    form.set("sourceLinked", "0")
    element.find(qn("c:idx")).addnext(form)


def _leave_out(legend: Any, count: int) -> None:
    """Areas of which the legend says nothing: the base, and the lower half of each band."""
    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    position = legend._element.find(qn("c:legendPos"))  # python-pptx has no entries of legends
    for place in reversed(range(count)):
        entry = OxmlElement("c:legendEntry")
        entry.extend([_valued("c:idx", str(place)), _valued("c:delete", "1")])
        position.addnext(entry)
