"""A course over years as the own chart of a workbook or a slide: lines with markers, intervals as stacked areas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Any, NamedTuple
from zipfile import ZipFile

from rural_forecast.document.picture import MAIN, Band, Course, Line
from rural_forecast.document.table import Cell, Table
from rural_forecast.render.columns import prose
from rural_forecast.render.palette import GRID, ink, pale
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line

Look = dict[str, Any]
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as these files hold it
GRIDLINES = {"visible": True, "line": {"color": GRID}}
_MAIN, _FAINT, _BOUND = 2.5, 1.0, 0.75
"""Points of lines; the main ones have a label at their last value."""
_DIAMOND, _CIRCLE = {"type": "diamond", "size": 8}, {"type": "circle", "size": 5}


class _Column(NamedTuple):
    """One column of the sheet behind a chart."""

    name: str
    values: list[float | None]
    tone: int
    look: Look


class Chart:
    """The columns of a course, and the areas of its intervals, the lowest bound first, inwards and out again."""

    def __init__(self, course: Course, code: str, factor: float = 1.0) -> None:
        """Lay out the columns. `code`: the number format; `factor`: the divisor of values."""
        first, last = course.span
        self.years, self.code, self.factor = [float(year) for year in range(int(first), int(last) + 1)], code, factor
        self.lines: list[_Column] = []
        for line in course.lines:
            look = _line(ink(line.tone), _FAINT if line.faint else _MAIN, dashed=line.dash != "solid")
            self._put(line.name or "forecast", line.points, line.tone, look)
        for mark in course.signs:
            look = {"line": {"none": True}, "marker": _DIAMOND | _filled(ink(mark.tone))}
            self._put("published", [(mark.x, mark.y)], mark.tone, look)
        bands = course.narrowest_first
        stacked = len({band.tone for band in bands}) == 1 and min(min(band.lower) for band in bands) >= 0
        self.areas = [*self._areas(bands)] if stacked else []
        for band in () if stacked else bands:
            look = _line(ink(band.tone), _BOUND, dashed=True) | {"marker": {"type": "none"}}
            for edge in (band.lower, band.upper):
                self._put(band.name or f"{band.level} %", [*zip(band.xs, edge, strict=True)], band.tone, look)

    def _put(self, name: str, path: Iterable[tuple[float, float]], tone: int, look: Look) -> None:
        """Put values by year into the column of their name, or into a new one if it has other values of a year."""
        known = {self.years.index(year): value / self.factor for year, value in path}
        for column in self.lines:
            alike = (column.name, column.tone) == (name, tone)
            if alike and all(column.values[place] in (None, value) for place, value in known.items()):
                break
        else:
            column = _Column(name, [None for _ in self.years], tone, look)
            self.lines.append(column)
        for place, value in known.items():
            column.values[place] = value

    def _areas(self, bands: list[Band]) -> Iterator[tuple[str, list[float], Look]]:
        """Heights of the areas; the first one, from zero to the lowest bound, is not seen."""
        edges = [self._edge(band, band.lower) for band in reversed(bands)]
        edges += [self._edge(band, band.upper) for band in bands]
        ranks = [*reversed(range(len(bands))), *range(len(bands))]
        hidden = {"none": True}
        yield "base", edges[0], {"fill": hidden, "border": hidden}
        for place, (below, above) in enumerate(pairwise(edges), 1):
            rank = max(ranks[place - 1 : place + 1])
            fill = {"color": pale(bands[0].tone, rank, len(bands))}
            heights = [high - low for low, high in zip(below, above, strict=True)]
            yield f"{bands[rank].level} % interval", heights, {"fill": fill, "border": hidden}

    def _edge(self, band: Band, values: tuple[float, ...]) -> list[float]:
        """A bound in every year, flat before the band begins, as areas have no gaps."""
        known = dict(zip(band.xs, values, strict=True))
        return [known.get(year, values[0]) / self.factor for year in self.years]

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        number, last = workbook.add_format({"num_format": self.code}), len(self.years)
        sheet.write_column(1, 0, [f"{year:g}" for year in self.years])
        columns: list[tuple[str, Sequence[float | None], Look]] = [
            *((line.name, line.values, _labelled(line, self.code)) for line in self.lines),
            *self.areas,
        ]
        lines = chart = workbook.add_chart({"type": "line"})
        if self.areas:
            chart = workbook.add_chart({"type": "area", "subtype": "stacked"})
        for place, (name, values, look) in enumerate(columns, 1):
            sheet.write_string(0, place, label(name))
            for row, value in enumerate(values, 1):
                if value is not None:
                    sheet.write_number(row, place, value, number)
            kind = lines if place <= len(self.lines) else chart
            categories, drawn = ([sheet.name, 1, at, last, at] for at in (0, place))
            kind.add_series({"name": [sheet.name, 0, place], "categories": categories, "values": drawn, **look})
        sheet.set_column(0, len(columns), 14)
        if self.areas:
            chart.combine(lines)
        chart.set_legend({"position": "bottom", "delete_series": [*range(len(self.areas) // 2)]})
        chart.set_y_axis({"num_format": self.code, "major_gridlines": GRIDLINES, "line": {"none": True}})
        chart.show_blanks_as("gap")
        return chart


def _labelled(column: _Column, code: str) -> Look:
    if column.look["line"].get("width") != _MAIN:
        return column.look
    last = max(at for at, value in enumerate(column.values) if value is not None)
    labels = {"value": True, "position": "above", "num_format": code, "custom": [{"delete": True}] * last}
    return column.look | {"data_labels": labels}


def _filled(colour: str) -> Look:
    return {"fill": {"color": colour}, "border": {"none": True}}


def _line(colour: str, points: float, *, dashed: bool) -> Look:
    line = {"color": colour, "width": points, "dash_type": "dash" if dashed else "solid"}
    return {"line": line, "marker": _CIRCLE | _filled(colour)}


def label(text: str) -> str:
    """Make text from data the title of a chart or the name of a line, which must not begin as a formula does."""
    return one_line(text).lstrip("= ")


def small_title(text: str, size: int) -> Look:
    """The title of a chart, in points, above the drawing."""
    return {"name": label(text), "overlay": False, "name_font": {"size": size}}


def course_of(table: Table) -> Course | None:
    """The lines and intervals of a table over years: its columns begin with period and kind. None of another table."""
    keys = [column.key for column in table.columns]
    if keys[:2] != ["period", "kind"] or "model" in keys or "forecast" not in table.cells(1):
        return None
    lines: list[Line] = []
    bands: list[Band] = []
    for place, column in enumerate(table.columns):
        known = [row for row in table.rows if isinstance(row[place], int | float)]
        xs, ys = _numbers(known, 0), _numbers(known, place)
        if column.key.startswith("lower_") and xs:
            level = int(column.key.removeprefix("lower_"))
            upper = _numbers(known, place + 1)
            if start := max((point for point in lines[0].points if point[0] < xs[0]), default=None):
                xs, ys, upper = (start[0], *xs), (start[1], *ys), (start[1], *upper)  # it begins at the last value
            bands.append(Band(f"{level} %", xs, ys, upper, level))
        elif column.kind == "number" and xs and not column.follows and not column.key.startswith("upper_"):
            tone = len(lines) + 1 if lines else MAIN
            lines.append(Line(column.title, xs, ys, tone, "dashed" if lines else "solid"))
    return Course(tuple(lines), tuple(bands)) if lines else None


def _numbers(rows: Iterable[Sequence[Cell]], place: int) -> tuple[float, ...]:
    return tuple(float(row[place] or 0) for row in rows)


def add_to(slide: Any, chart: Chart, title: str, place: tuple[float, float, float, float]) -> None:
    """Put a chart on a slide, with the workbook behind it. `place`: left, top, width and height in inches."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart
    from pptx.util import Inches, Pt

    package = slide.part.package
    with ZipFile(BytesIO(_workbook(chart, title))) as drawn:
        xml = drawn.read("xl/charts/chart1.xml")
    visible = b'<c:plotVisOnly val="1"/>'
    # PowerPoint does not take it for granted
    xml = xml.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    part = ChartPart.load(package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, xml)
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    part.chart.font.size = Pt(11)
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    slide.shapes._add_chart_graphicFrame(related, *map(Inches, place))


def _workbook(chart: Chart, title: str | None = None) -> bytes:
    """The workbook that a person edits; with a title, it holds the chart too."""
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    sheet = book.add_worksheet("Sheet1")
    drawn = chart.write(book, sheet)
    if title is not None:
        drawn.set_title(small_title(prose(title), 11))
        sheet.insert_chart(0, 0, drawn)
    book.close()
    return file.getvalue()
