"""A picture over years as the own chart of a workbook or a slide: lines, columns, stacked areas.

Such a chart is a table of columns, each drawn in its own way, so that a client can edit it. A band
has no chart type of its own: it is an area stacked on an invisible one. What a label needs that
charts do not have, such as a position, is an invisible line through one point.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Dash,
    Line,
    Mark,
    Picture,
    Stack,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import pattern
from rural_forecast.render.columns import prose
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import MOST_PARTS, THEMES

ChartOptions = dict[str, Any]  # as xlsxwriter takes them
Values = Sequence[float | None]
Kind = Literal["line", "area", "column"]

EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as these files hold it
COLOURS = THEMES["light"]
GRIDLINES = {"visible": True, "line": {"color": COLOURS["grid"], "width": 0.75}}
LEVELS = (50, 80)  # of the bands that are drawn: areas are solid, so a wider one cannot fade out

_NONE = {"none": True}
_HIDDEN: ChartOptions = {"line": _NONE, "marker": {"type": "none"}}
_FROM_TOP_TO_BOTTOM: tuple[Kind, ...] = ("area", "column", "line")

# Points of lines: observed values and the answer, context, and the whole of a stack.
_THICK = 3.6
_THIN = 2.0
_WHOLE = 2.6

_DASHES: Mapping[Dash, str] = {
    "solid": "solid",
    "dashed": "dash",
    "dotted": "round_dot",
    "dash-dotted": "dash_dot",
}

_TICKS = 6
_MOST_LABELS = 4  # at the end, which every program can place
_FULL_YEARS = 9  # up to so many years, each has four digits
_BRIEF = 18  # from more years on, not every one is written, and bars have no texts
# Shares of the axis: between two labels, between rows of a stack, and the least height of a band
# that has its name in it.
_ROOM = 0.07
_ROW_ROOM = 0.055
_NAMED_BAND = 0.06
_BESIDE_LINE = 0.7  # of the room of a label, from an observed value to its text
_EMPHASIS = 1.25  # size of the label of the answer


class ChartSeries(NamedTuple):
    """One column of the sheet behind a chart, with texts at some of its points."""

    name: str
    values: Values
    kind: Kind = "line"
    look: ChartOptions = _HIDDEN
    texts: Mapping[int, str] = MappingProxyType({})
    side: str = "right"
    colour: str = "ink"
    bold: bool = False


def suits(picture: Picture) -> bool:
    """Check that a picture has lines, columns or areas over years, with few enough labels."""
    plot = picture.plot
    if isinstance(plot, Course):
        labels = sum(not label.level for label in plot.labels)
        return not picture.by_factors and labels <= _MOST_LABELS
    return isinstance(plot, Stack)


class NativeChart:
    """The columns of a picture that suits, and how they are drawn."""

    def __init__(self, picture: Picture, points: float = 14) -> None:
        """Lay out the columns. `points`: the size of its texts."""
        self.points = points
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, _TICKS)
        self.high = self.scale.high - self.scale.low
        plot = picture.plot
        assert isinstance(plot, Course | Stack)
        first, last = plot.span
        self.span = range(int(first), int(last) + 1)
        in_full = self.span if len(self.span) <= _FULL_YEARS else (first, last, plot.origin)
        self.years = [str(year) if year in in_full else f"{year % 100:02}" for year in self.span]
        self.series = list(self._series(plot))

    def _series(self, plot: Course | Stack) -> Iterator[ChartSeries]:
        if isinstance(plot, Stack):
            return self._stack(plot)
        return self._bars(plot) if plot.bars else self._course(plot)

    def _values(self, xs: Iterable[float], ys: Iterable[float]) -> Values:
        """Give each year of the chart its value, or none."""
        by_year = dict(zip(xs, ys, strict=True))
        return [by_year[year] / self.factor if year in by_year else None for year in self.span]

    def _text(self, text: str, year: float, value: float, **look: Any) -> ChartSeries:
        """Write a text at a point, by a line of its own that is not drawn."""
        texts = {int(year) - self.span[0]: text}
        return ChartSeries(text, self._values([year], [value]), texts=texts)._replace(**look)

    def _course(self, plot: Course) -> Iterator[ChartSeries]:
        observed = next(
            (line for line in plot.lines if line.tone == PLAIN and not line.faint), Line("", (), ())
        )
        yield from self._bands(plot, observed)
        for line in plot.lines:
            yield self._line(line)
        for mark in plot.marks:
            if mark.shape == "none":
                value, side = self._beside(plot, mark, dict(observed.points))
                yield self._text(mark.text, mark.x, value, side=side, bold=True)
        yield from self._end_labels(plot)
        for mark in plot.signs:
            yield from self._sign(mark)

    def _line(self, line: Line) -> ChartSeries:
        main = line.tone == MAIN
        colour = "accent" if main else pattern(line.tone)[0]
        points = _THICK if main or line.tone == PLAIN else _THIN
        dash = "solid" if main else _DASHES[line.dash]
        look = _line_look(colour, points, dash)
        if line.dots and line.dash == "solid":
            look["marker"] = _marker("circle", colour, 6)
        else:
            look["marker"] = {"type": "none"}
        return ChartSeries(line.name or "forecast", self._values(line.xs, line.ys), "line", look)

    def _end_labels(self, plot: Course) -> Iterator[ChartSeries]:
        """Write the labels at the end, apart from each other."""
        labels = [label for label in plot.labels if not label.level or label.level in LEVELS]
        wanted = [label.y for label in labels]
        moved = scales.spread(wanted, _ROOM * self.high, self.scale.low, self.scale.high)
        _, last = plot.span
        for label, value in zip(labels, moved, strict=True):
            main = label.tone == MAIN
            text = f"{label.amount} {label.name}".strip()
            if main and label.name == "forecast":
                text = label.amount
            colour = "accent" if main else pattern(label.tone)[0]
            yield self._text(text, last, value, colour=colour, bold=label.strong)

    def _sign(self, mark: Mark) -> Iterator[ChartSeries]:
        """Draw a published figure: a white diamond on a larger dark one, as outlines differ."""
        outline = {"line": _NONE, "marker": _marker("diamond", "ink", 11)}
        inside = {"line": _NONE, "marker": _marker("diamond", "paper", 7)}
        yield self._text(mark.text, mark.x, mark.y, side="above", name="published", look=outline)
        yield ChartSeries("published", self._values([mark.x], [mark.y]), "line", inside)

    def _beside(
        self, plot: Course, mark: Mark, observed: Mapping[float, float]
    ) -> tuple[float, str]:
        """Place the text of an observed value where the line does not run.

        It is right of the first value, on the side that the line leaves, and left of the last one,
        as bands begin there.
        """
        first, _ = plot.span
        if first == plot.origin:
            return mark.y, "right"
        step = _BESIDE_LINE * _ROOM * self.high
        if mark.x == plot.origin:
            rises = observed.get(mark.x - 1, mark.y) <= mark.y
            value = mark.y + (step if rises else -step)
            side = "left"
        else:
            rises = mark.y <= observed.get(mark.x + 1, mark.y)
            value = mark.y + (-step if rises else step)
            side = "right"
        return max(value, self.scale.low), side

    def _bands(self, plot: Course, observed: Line) -> Iterator[ChartSeries]:
        """Draw areas stacked from the axis up, from the lowest edge of a band to the highest.

        Areas cover all years: before bands begin, they have no height and follow the line of what
        was observed, which hides them.
        """
        bands = [band for band in plot.bands if band.level in LEVELS] or list(plot.bands[:1])
        bands = [band for band in bands if band.tone == MAIN and min(band.lower) >= self.scale.low]
        if not bands:
            return
        edges = [self._edge(observed, band, band.lower) for band in reversed(bands)]
        edges += [self._edge(observed, band, band.upper) for band in bands]
        base, *_ = edges
        yield ChartSeries("base", base.tolist(), "area", {"fill": _NONE, "border": _NONE})
        # From below: the wider bands, the innermost one, and the wider ones again.
        filled = [*reversed(bands), *bands[1:]]
        for band, (low, high) in zip(filled, pairwise(edges), strict=True):
            shade = "band50" if band.level <= LEVELS[0] else "band80"
            look = {"fill": {"color": COLOURS[shade]}, "border": _NONE}
            yield ChartSeries(f"{band.level} %", (high - low).tolist(), "area", look)
        yield from self._band_names(plot, bands)

    def _edge(self, observed: Line, band: Band, ys: Sequence[float]) -> np.ndarray:
        """Continue an edge of a band to the left by what was observed, in every year."""
        by_year = dict(observed.points) | dict(zip(band.xs, ys, strict=True))
        xs = sorted(by_year)
        return np.interp(self.span, xs, [by_year[x] / self.factor for x in xs])

    def _band_names(self, plot: Course, bands: list[Band]) -> Iterator[ChartSeries]:
        """Write the names of two bands or more, where they are high enough."""
        below = next((label.y for label in plot.labels if label.strong), 0.0)
        if len(bands) < 2 or not below:
            return
        for band in bands:
            upper = band.upper[-1]
            if upper - below > _NAMED_BAND * self.high:
                middle = (below + upper) / 2
                yield self._text(f"{band.level} %", band.xs[-1], middle, side="left")
            below = upper

    def _bars(self, plot: Course) -> Iterator[ChartSeries]:
        for line in plot.lines:
            fill = "band50" if line.tone == MAIN else "total"
            colour = "accent" if line.tone == MAIN else "ink"
            texts = {}
            if len(self.span) <= _BRIEF:
                marks = [mark for mark in plot.marks if mark.tone == line.tone]
                texts = {int(mark.x) - self.span[0]: mark.text for mark in marks}
            yield ChartSeries(
                line.name,
                self._values(line.xs, line.ys),
                "column",
                {"fill": {"color": COLOURS[fill]}, "border": _NONE, "gap": 40, "overlap": 100},
                texts,
                side="outside_end",
                colour=colour,
            )

    def _stack(self, plot: Stack) -> Iterator[ChartSeries]:
        below = 0.0
        middles = []
        for rank, part in enumerate(plot.parts):
            shade = MOST_PARTS if part.rest else rank % MOST_PARTS
            border = {"color": COLOURS["paper"], "width": 1.5}
            look = {"fill": {"color": COLOURS[f"part{shade}"]}, "border": border}
            yield ChartSeries(part.name, self._values(plot.xs, part.ys), "area", look)
            middles.append(below + part.ys[-1] / 2)
            below += part.ys[-1]

        whole = plot.whole
        yield ChartSeries(
            whole.name,
            self._values(plot.xs, whole.ys),
            "line",
            _line_look("accent", _WHOLE),
            {len(self.span) - 1: f"{whole.texts[0]} {whole.name}"},
            colour="accent",
            bold=True,
        )
        room = _ROW_ROOM * self.high
        moved = scales.spread(middles, room, self.scale.low, whole.ys[-1] - room)
        for part, value in zip(plot.parts, moved, strict=True):
            yield self._text(f"{part.texts[0]} {part.name}", plot.xs[-1], value)

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        charts = self._write_columns(workbook, sheet)
        chart, *others = (charts[kind] for kind in _FROM_TOP_TO_BOTTOM if kind in charts)
        for other in others:
            chart.combine(other)
        chart.set_y_axis(self._value_axis())
        chart.set_x_axis(self._year_axis(has_columns="column" in charts))
        chart.set_legend(_NONE)
        chart.set_title(_NONE)
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": _NONE, "fill": _NONE})
        return chart

    def _write_columns(self, workbook: Any, sheet: Any) -> dict[Kind, Any]:
        """Write the years and the columns; return a chart for each kind of them."""
        last = len(self.span)
        sheet.write_column(1, 0, self.years)
        charts: dict[Kind, Any] = {}
        for column, series in enumerate(self.series, 1):
            # A text that begins with `=` is taken for a formula.
            sheet.write_string(0, column, one_line(series.name).lstrip("= "))
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, column, value)
            if series.kind not in charts:
                stacked = {"subtype": "stacked"} if series.kind == "area" else {}
                charts[series.kind] = workbook.add_chart({"type": series.kind, **stacked})
            options = {
                "name": [sheet.name, 0, column],
                "categories": [sheet.name, 1, 0, last, 0],
                "values": [sheet.name, 1, column, last, column],
                **series.look,
            }
            if series.texts:
                options["data_labels"] = self._labels(series)
            charts[series.kind].add_series(options)
        return charts

    @property
    def _axis_font(self) -> ChartOptions:
        return {"size": self.points, "color": COLOURS["quiet"]}

    def _value_axis(self) -> ChartOptions:
        ticks = self.scale.ticks
        places = max((len(text.partition(".")[2]) for text in self.scale.texts), default=0)
        low = ticks[0] if ticks else self.scale.low
        axis = {
            "major_gridlines": GRIDLINES,
            "line": _NONE,
            "num_font": self._axis_font,
            "num_format": f"#,##0.{'0' * places}".rstrip("."),
            "min": low / self.factor,
            "max": self.scale.high / self.factor,
        }
        if len(ticks) > 1:
            axis["major_unit"] = (ticks[1] - ticks[0]) / self.factor
        return axis

    def _year_axis(self, *, has_columns: bool) -> ChartOptions:
        axis: ChartOptions = {
            "num_font": self._axis_font,
            "line": {"color": COLOURS["axis"]},
            "interval_unit": -(-len(self.span) // _BRIEF),
        }
        if not has_columns:  # lines start at the axis; columns need the room beside it
            axis |= {
                "position_axis": "on_tick",
                "label_position": "low",
                "major_tick_mark": "outside",
            }
        return axis

    def _labels(self, series: ChartSeries) -> ChartOptions:
        """Label the points that have a text, and delete the labels of those before and between."""
        size = self.points
        if series.bold and series.side == "right":
            size *= _EMPHASIS
        font = {"size": size, "bold": series.bold, "color": COLOURS[series.colour]}
        custom: list[ChartOptions] = []
        for index in range(max(series.texts) + 1):
            if index in series.texts:
                custom.append({"value": prose(series.texts[index]), "font": font})
            else:
                custom.append({"delete": True})
        return {"value": True, "position": series.side, "custom": custom, "font": font}


def _line_look(colour: str, points: float, dash: str = "solid") -> ChartOptions:
    return {"line": {"color": COLOURS[colour], "width": points, "dash_type": dash}}


def _marker(kind: str, colour: str, size: int) -> ChartOptions:
    """Choose a sign without an outline, which not every program draws."""
    return {"type": kind, "size": size, "fill": {"color": COLOURS[colour]}, "border": _NONE}


_LABEL_PARTS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")


def _mended(xml: bytes) -> bytes:
    """Write what the file format leaves to programs, as they choose differently.

    Lines are not smooth; labels show their value alone and do not wrap.
    """
    text = re.sub(r"<c:smooth [^>]*/>", "", xml.decode())
    text = text.replace("<a:bodyPr/>", '<a:bodyPr wrap="none"/>')
    head, tag, lines = text.partition("<c:lineChart>")
    lines, end, tail = lines.partition("</c:lineChart>")
    lines = lines.replace("</c:ser>", '<c:smooth val="0"/></c:ser>')
    text = "".join((head, tag, lines, end, tail))

    value_alone = "".join(f'<c:show{part} val="{int(part == "Val")}"/>' for part in _LABEL_PARTS)
    parts = "|".join(_LABEL_PARTS)
    return re.sub(rf'(?:<c:show(?:{parts}) val="\d"/>)+', value_alone, text).encode()


def repacked(content: bytes) -> bytes:
    """Mend the charts of an Office file, and make it the same bytes for the same content."""
    mended = BytesIO()
    with ZipFile(BytesIO(content)) as written, ZipFile(mended, "w", ZIP_DEFLATED) as file:
        for name in written.namelist():
            body = written.read(name)
            if name.startswith("xl/charts/chart"):
                body = _mended(body)
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, body)
    return mended.getvalue()


def add_to(slide: Any, chart: NativeChart, box: Sequence[Any]) -> None:
    """Put a chart on a slide, with the workbook behind it. `box`: left, top, width and height."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart

    package = slide.part.package
    with ZipFile(BytesIO(_workbook(chart, drawn=True))) as drawn:
        xml = _mended(drawn.read("xl/charts/chart1.xml"))
    # Not in the file, as it is Excel's default; PowerPoint does not take it for granted.
    visible = b'<c:plotVisOnly val="1"/>'
    xml = xml.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    part = ChartPart.load(
        package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, xml
    )
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    slide.shapes._add_chart_graphicFrame(related, *box)


def _workbook(chart: NativeChart, *, drawn: bool = False) -> bytes:
    """Write the sheet behind a chart, and the chart itself if it is `drawn`."""
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    sheet = book.add_worksheet("Sheet1")
    native = chart.write(book, sheet)
    if drawn:
        native.set_plotarea({"layout": {"x": 0.06, "y": 0.05, "width": 0.76, "height": 0.83}})
        sheet.insert_chart(0, 0, native)
    book.close()
    return file.getvalue()
