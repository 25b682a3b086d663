"""A picture over years as the own chart of a workbook or a slide: lines, columns, areas that add
up.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from rural_forecast.document.picture import MAIN, PLAIN, Course, Line, Mark, Picture, Stack
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import pattern
from rural_forecast.render.columns import prose
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import MOST_PARTS, THEMES

ChartOptions = dict[str, Any]
Values = Sequence[float | None]
Kind = Literal["line", "area", "column"]
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as these files hold it
COLOURS = THEMES["light"]
GRIDLINES = {"visible": True, "line": {"color": COLOURS["grid"], "width": 0.75}}
LEVELS = (50, 80)  # of the bands that are drawn: areas are solid
_NONE = {"none": True}
_HIDDEN: ChartOptions = {"line": _NONE, "marker": {"type": "none"}}
_SHOWN = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
# Labels at the end that every program can place, and their part of the axis.
_MOST_LABELS = 4
_ROOM = 0.07
_BRIEF = 18


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
    """The picture has lines, columns or areas over years, with no more labels than every program
    can place.
    """
    plot = picture.plot
    if isinstance(plot, Course):
        return (
            not picture.by_factors and sum(not label.level for label in plot.labels) <= _MOST_LABELS
        )
    return isinstance(plot, Stack)


class NativeChart:
    """The columns of a picture that suits, and how they are drawn."""

    def __init__(self, picture: Picture, points: float = 14) -> None:
        """Lay out the columns. `points`: the size of its texts."""
        self.points = points
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, 6)
        self.high = self.scale.high - self.scale.low
        plot = picture.plot
        assert isinstance(plot, Course | Stack)
        self.known = range(int(plot.span[0]), int(plot.span[1]) + 1)
        full = self.known if len(self.known) <= 9 else (*plot.span, plot.origin)
        self.years = [str(year) if year in full else f"{year % 100:02}" for year in self.known]
        made = (
            self._stack(plot)
            if isinstance(plot, Stack)
            else self._bars(plot)
            if plot.bars
            else self._course(plot)
        )
        self.series = [*made]

    def _values(self, xs: Sequence[float], ys: Sequence[float]) -> Values:
        by_year = dict(zip(xs, ys, strict=True))
        return [by_year[year] / self.factor if year in by_year else None for year in self.known]

    def _text(
        self, text: str, year: float, value: float, side: str = "right", **look: Any
    ) -> ChartSeries:
        texts = {int(year) - self.known[0]: text}
        return ChartSeries(text, self._values([year], [value]), texts=texts, side=side)._replace(
            **look
        )

    def _course(self, plot: Course) -> Iterator[ChartSeries]:
        seen = next(
            (line for line in plot.lines if line.tone == PLAIN and not line.faint), Line("", (), ())
        )
        yield from self._bands(plot, seen)
        for line in plot.lines:
            main = line.tone == MAIN
            colour = "accent" if main else pattern(line.tone)[0]
            look = _line(
                colour,
                3.6 if main or line.tone == PLAIN else 2.0,
                dashed=line.dash == "dashed" and not main,
            )
            look["marker"] = (
                _marker("circle", colour, 6)
                if line.dots and line.dash == "solid"
                else {"type": "none"}
            )
            yield ChartSeries(line.name or "forecast", self._values(line.xs, line.ys), "line", look)
        for mark in (mark for mark in plot.marks if mark.shape == "none"):
            place, side = self._beside(plot, mark, dict(seen.points))
            yield self._text(mark.text, mark.x, place, side, bold=True)
        labels = [label for label in plot.labels if not label.level or label.level in LEVELS]
        wanted = [label.y for label in labels]
        places = scales.spread(wanted, _ROOM * self.high, self.scale.low, self.scale.high)
        for label, place in zip(labels, places, strict=True):
            main = label.tone == MAIN
            text = (
                label.amount
                if main and label.name == "forecast"
                else f"{label.amount} {label.name}".strip()
            )
            colour = "accent" if main else pattern(label.tone)[0]
            yield self._text(text, plot.span[1], place, colour=colour, bold=label.strong)
        for mark in plot.signs:
            outline, inside = (
                {"line": _NONE, "marker": _marker("diamond", *of)}
                for of in (("ink", 11), ("paper", 7))
            )
            yield self._text(mark.text, mark.x, mark.y, "above", name="published", look=outline)
            yield ChartSeries("published", self._values([mark.x], [mark.y]), "line", inside)

    def _beside(self, plot: Course, mark: Mark, seen: Mapping[float, float]) -> tuple[float, str]:
        """Where the line does not run beside an observed value; left of the bands for the last one."""
        if plot.span[0] == plot.origin:
            return mark.y, "right"
        last = mark.x == plot.origin
        rises = (
            seen.get(mark.x - 1, mark.y) <= mark.y
            if last
            else mark.y <= seen.get(mark.x + 1, mark.y)
        )
        place = mark.y + 0.7 * (1 if last is rises else -1) * _ROOM * self.high
        return max(place, self.scale.low), "left" if last else "right"

    def _bands(self, plot: Course, seen: Line) -> Iterator[ChartSeries]:
        """Areas on each other from the axis up; before they begin, they are hidden under the line
        of what was seen.
        """
        bands = [band for band in plot.bands if band.level in LEVELS] or plot.bands[:1]
        bands = [band for band in bands if band.tone == MAIN and min(band.lower) >= self.scale.low]
        edges = []
        for band, ys in [(band, band.lower) for band in reversed(bands)] + [
            (band, band.upper) for band in bands
        ]:
            by_year = dict(seen.points) | dict(zip(band.xs, ys, strict=True))
            edges.append(
                np.interp(
                    self.known, sorted(by_year), [by_year[x] / self.factor for x in sorted(by_year)]
                )
            )
        for base in edges[:1]:
            yield ChartSeries("base", base.tolist(), "area", {"fill": _NONE, "border": _NONE})
        for band, (low, high) in zip([*reversed(bands), *bands[1:]], pairwise(edges), strict=True):
            fill = {"color": COLOURS["band50" if band.level <= LEVELS[0] else "band80"]}
            yield ChartSeries(
                f"{band.level} %", (high - low).tolist(), "area", {"fill": fill, "border": _NONE}
            )
        below = next((label.y for label in plot.labels if label.strong), 0.0)
        # Their names, where they are high enough.
        for band in bands if len(bands) > 1 and below else ():
            if band.upper[-1] - below > 0.06 * self.high:
                yield self._text(
                    f"{band.level} %", band.xs[-1], (below + band.upper[-1]) / 2, "left"
                )
            below = band.upper[-1]

    def _bars(self, plot: Course) -> Iterator[ChartSeries]:
        for line in plot.lines:
            fill, colour = ("band50", "accent") if line.tone == MAIN else ("total", "ink")
            look = {"fill": {"color": COLOURS[fill]}, "border": _NONE, "gap": 40, "overlap": 100}
            marks = [
                mark for mark in plot.marks if mark.tone == line.tone and len(self.known) <= _BRIEF
            ]
            texts = {int(mark.x) - self.known[0]: mark.text for mark in marks}
            yield ChartSeries(
                line.name,
                self._values(line.xs, line.ys),
                "column",
                look,
                texts,
                "outside_end",
                colour,
            )

    def _stack(self, plot: Stack) -> Iterator[ChartSeries]:
        below = 0.0
        middles = []
        for rank, part in enumerate(plot.parts):
            colour = COLOURS[f"part{MOST_PARTS if part.rest else rank % MOST_PARTS}"]
            look = {"fill": {"color": colour}, "border": {"color": COLOURS["paper"], "width": 1.5}}
            yield ChartSeries(part.name, self._values(plot.xs, part.ys), "area", look)
            middles.append(below + part.ys[-1] / 2)
            below += part.ys[-1]
        whole = plot.whole
        room = 0.055 * self.high
        last = len(self.known) - 1
        text = {last: f"{whole.texts[0]} {whole.name}"}
        values = self._values(plot.xs, whole.ys)
        yield ChartSeries(
            whole.name, values, "line", _line("accent", 2.6), text, colour="accent", bold=True
        )
        places = scales.spread(middles, room, self.scale.low, whole.ys[-1] - room)
        for part, place in zip(plot.parts, places, strict=True):
            yield self._text(f"{part.texts[0]} {part.name}", plot.xs[-1], place)

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        last = len(self.known)
        sheet.write_column(1, 0, self.years)
        kinds: dict[Kind, Any] = {}
        for place, series in enumerate(self.series, 1):
            # Else taken for a formula.
            sheet.write_string(0, place, one_line(series.name).lstrip("= "))
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, place, value)
            if series.kind not in kinds:
                stacked = {"subtype": "stacked"} if series.kind == "area" else {}
                kinds[series.kind] = workbook.add_chart({"type": series.kind, **stacked})
            names, values = ([sheet.name, 1, at, last, at] for at in (0, place))
            look = series.look | ({"data_labels": self._labels(series)} if series.texts else {})
            columns = {"name": [sheet.name, 0, place], "categories": names, "values": values}
            kinds[series.kind].add_series(columns | look)
        order: tuple[Kind, ...] = ("area", "column", "line")
        chart, *others = (kinds[kind] for kind in order if kind in kinds)
        for other in others:
            chart.combine(other)
        font = {"size": self.points, "color": COLOURS["quiet"]}
        ticks = self.scale.ticks
        places = max((len(text.partition(".")[2]) for text in self.scale.texts), default=0)
        axis: ChartOptions = {"major_gridlines": GRIDLINES, "line": _NONE, "num_font": font}
        axis |= {"num_format": f"#,##0.{'0' * places}".rstrip(".")}
        axis |= {
            "min": (ticks or (self.scale.low,))[0] / self.factor,
            "max": self.scale.high / self.factor,
        }
        axis |= {"major_unit": (ticks[1] - ticks[0]) / self.factor} if len(ticks) > 1 else {}
        chart.set_y_axis(axis)
        line = {"color": COLOURS["axis"]}
        years: ChartOptions = {"num_font": font, "line": line, "interval_unit": -(-last // _BRIEF)}
        if "column" not in kinds:
            years |= {
                "position_axis": "on_tick",
                "label_position": "low",
                "major_tick_mark": "outside",
            }
        chart.set_x_axis(years)
        chart.set_legend(_NONE)
        chart.set_title(_NONE)
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": _NONE, "fill": _NONE})
        return chart

    def _labels(self, series: ChartSeries) -> ChartOptions:
        size = self.points * (1.25 if series.bold and series.side == "right" else 1)
        font: ChartOptions = {"size": size, "bold": series.bold, "color": COLOURS[series.colour]}
        custom = [
            {"value": prose(series.texts[at]), "font": font}
            if at in series.texts
            else {"delete": True}
            for at in range(max(series.texts) + 1)
        ]
        return {"value": True, "position": series.side, "custom": custom, "font": font}


def _line(colour: str, points: float, *, dashed: bool = False) -> ChartOptions:
    return {
        "line": {
            "color": COLOURS[colour],
            "width": points,
            "dash_type": "dash" if dashed else "solid",
        }
    }


def _marker(kind: str, colour: str, size: int) -> ChartOptions:
    """A sign without an outline, which not every program draws."""
    return {"type": kind, "size": size, "fill": {"color": COLOURS[colour]}, "border": _NONE}


def _mended(xml: bytes) -> bytes:
    """Write what the format leaves to programs: `smooth` of a line, `show` of a label, and that it
    does not wrap.
    """
    text = re.sub(r"<c:smooth [^>]*/>", "", xml.decode()).replace(
        "<a:bodyPr/>", '<a:bodyPr wrap="none"/>'
    )
    head, tag, lines = text.partition("<c:lineChart>")
    lines, end, tail = lines.partition("</c:lineChart>")
    text = "".join((head, tag, lines.replace("</c:ser>", '<c:smooth val="0"/></c:ser>'), end, tail))
    off = "".join(f'<c:show{name} val="{int(name == "Val")}"/>' for name in _SHOWN)
    return re.sub(rf'(?:<c:show(?:{"|".join(_SHOWN)}) val="\d"/>)+', off, text).encode()


def repacked(content: bytes) -> bytes:
    """A file of Office with its charts mended; the same bytes for the same content."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as known, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in known.namelist():
            body = known.read(name)
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, _mended(body) if name.startswith("xl/charts/chart") else body)
    return out.getvalue()


def add_to(slide: Any, chart: NativeChart, place: Sequence[Any]) -> None:
    """Put a chart on a slide, with the workbook behind it. `place`: left, top, width and height."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart

    package = slide.part.package
    with ZipFile(BytesIO(_workbook(chart, drawn=True))) as drawn:
        xml = _mended(drawn.read("xl/charts/chart1.xml"))
    visible = b'<c:plotVisOnly val="1"/>'
    # PowerPoint does not take it for granted.
    xml = xml.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    part = ChartPart.load(
        package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, xml
    )
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    slide.shapes._add_chart_graphicFrame(related, *place)


def _workbook(chart: NativeChart, *, drawn: bool = False) -> bytes:
    file = BytesIO()
    book = need("xlsxwriter", "exhibit", "The format pptx").Workbook(file, {"in_memory": True})
    book.set_properties({"created": EPOCH})
    sheet = book.add_worksheet("Sheet1")
    made = chart.write(book, sheet)
    if drawn:
        made.set_plotarea({"layout": {"x": 0.06, "y": 0.05, "width": 0.76, "height": 0.83}})
        sheet.insert_chart(0, 0, made)
    book.close()
    return file.getvalue()
