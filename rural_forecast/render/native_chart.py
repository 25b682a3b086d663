"""A picture over years as the own chart of a workbook or a slide: lines, columns, areas that add up.

What a program would add by itself is written as off: smoothing, and every part of a label but its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from rural_forecast.document.picture import MAIN, PLAIN, Columns, Course, Picture, Stack
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.svg import ink
from rural_forecast.system.extras import need
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import MOST_PARTS, THEMES

Look = dict[str, Any]
Kind = Literal["line", "area", "column"]
EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a fixed stamp without a zone, as these files hold it
COLOURS = THEMES["light"]
GRIDLINES = {"visible": True, "line": {"color": COLOURS["grid"], "width": 0.75}}
_NONE = {"none": True}
_SHOWN = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
_MOST_LABELS, _ROOM = 4, 0.07
"""Labels at the end that every program can place, and their height as a part of the axis."""
_BRIEF = 18
"""Years from which only every other one is named, and so on."""


class Series(NamedTuple):
    """One column of the sheet behind a chart."""

    name: str
    values: list[float | None]
    kind: Kind
    look: Look
    labels: Mapping[int, str] = MappingProxyType({})
    """Texts at some of its points."""
    side: str = "right"
    """Where they are."""
    colour: str = "ink"
    bold: bool = False


class Chart:
    """The columns of a picture and how they are drawn. `levels`: of the bands that are drawn."""

    def __init__(self, picture: Picture, levels: Sequence[int] = (50, 80), points: float = 14) -> None:
        """Lay out the columns. `points`: the size of its texts."""
        self.picture, self.points, self.levels = picture, points, levels
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, 6)
        plot = picture.plot
        self.years: list[str] = []
        self.series: list[Series] = []
        if isinstance(plot, Course):
            self.series = [*self._course(plot)]
        elif isinstance(plot, Columns):
            self.series = [*self._columns(plot)]
        elif isinstance(plot, Stack):
            self.series = [*self._stack(plot)]

    @staticmethod
    def suits(picture: Picture) -> bool:
        """The picture has lines, columns or areas over years, with no more labels than every program can place."""
        plot = picture.plot
        if isinstance(plot, Course):
            return not picture.by_factors and sum(not label.level for label in plot.labels) <= _MOST_LABELS
        return isinstance(plot, Columns | Stack)

    def _course(self, plot: Course) -> Iterator[Series]:
        first, last = map(int, plot.span)
        known = range(first, last + 1)
        self.years = _named(known, {first, last, int(plot.origin if plot.origin is not None else last)})
        bands = [band for band in plot.narrowest_first if band.level in self.levels] or plot.narrowest_first[:1]
        bands = [band for band in bands if band.tone == MAIN and min(band.lower) >= self.scale.low]
        edges = [self._edge(known, band.xs, band.lower) for band in reversed(bands)]
        edges += [self._edge(known, band.xs, band.upper) for band in bands]
        ranks = [*reversed(range(len(bands))), *range(len(bands))]
        floor: list[float | None] = [self.scale.low / self.factor for _ in known]
        for place, (below, above) in enumerate(pairwise([floor, *edges])):
            heights = [None if a is None or b is None else b - a for a, b in zip(below, above, strict=True)]
            rank = max(ranks[max(place - 1, 0) : place + 1]) if place else -1
            fill = {"color": COLOURS[f"band{50 if bands[rank].level <= 50 else 80}"]} if place else _NONE
            if place == 0:
                heights = list(edges[0])
            name = f"{bands[rank].level} %" if place else "base"
            yield Series(name, heights, "area", {"fill": fill, "border": _NONE})
        for line in plot.lines:
            values = self._spread(known, line.xs, line.ys)
            main = line.tone == MAIN
            colour = "accent" if main else ink(line.tone)
            look = _line(colour, 3.6 if main or line.tone == PLAIN else 2.0, dashed=line.dash == "dashed" and not main)
            dots = line.dots and line.dash == "solid"
            look["marker"] = _marker(colour) if dots else {"type": "none"}
            yield Series(line.name or "forecast", values, "line", look)
        for mark in (mark for mark in plot.marks if mark.shape == "none"):
            seen = [mark.y / self.factor if year == mark.x else None for year in known]
            side = "right" if first == plot.origin else "above" if mark.x == plot.origin else "below"
            yield Series(mark.text, seen, "line", _HIDDEN, {int(mark.x) - first: mark.text}, side, "ink", bold=True)
        labels = [label for label in plot.labels if not label.level or label.level in self.levels]
        room = _ROOM * (self.scale.high - self.scale.low)
        places = scales.spread([label.y for label in labels], room, self.scale.low, self.scale.high)
        for label, height in zip(labels, places, strict=True):
            at: list[float | None] = [None] * (len(known) - 1) + [height / self.factor]
            colour = "accent" if label.tone == MAIN else ink(label.tone)
            text = f"{label.amount} {'' if label.name == 'forecast' else label.name}".strip()
            yield Series(text, at, "line", _HIDDEN, {len(known) - 1: text}, "right", colour, bold=label.strong)
        for mark in plot.signs:
            at = [mark.y / self.factor if year == mark.x else None for year in known]
            yield Series("published", at, "line", _diamond("ink", 11), {int(mark.x) - first: mark.text}, "above", "ink")
            yield Series("published", at, "line", _diamond("paper", 7))
        yield from self._band_names(plot, len(known))

    def _band_names(self, plot: Course, count: int) -> Iterator[Series]:
        """The name of each band inside it, at its right edge, where it is high enough."""
        bands = [band for band in plot.narrowest_first if band.level in self.levels and band.tone == MAIN]
        ends = [label.y for label in plot.labels if label.strong]
        if len(bands) < 2 or not ends:
            return
        below, room = ends[0], 0.06 * (self.scale.high - self.scale.low)
        for band in bands:
            at: list[float | None] = [None] * (count - 1) + [(below + band.upper[-1]) / 2 / self.factor]
            if band.upper[-1] - below > room:
                yield Series(f"{band.level} % ", at, "line", _HIDDEN, {count - 1: f"{band.level} %"}, "left")
            below = band.upper[-1]

    def _columns(self, plot: Columns) -> Iterator[Series]:
        self.years = [name for name, _ in plot.groups]
        for tone, name, colour in ((PLAIN, "observed", "total"), (MAIN, "forecast", "band50")):
            values = [bar.value / self.factor if bar.tone == tone else None for _, bar in plot.groups]
            texts = {at: bar.text for at, (_, bar) in enumerate(plot.groups) if bar.tone == tone}
            look = {"fill": {"color": COLOURS[colour]}, "border": _NONE, "gap": 40, "overlap": 100}
            shade = "accent" if tone == MAIN else "ink"
            yield Series(
                name, values, "column", look, texts if len(plot.groups) <= _BRIEF else {}, "outside_end", shade
            )

    def _stack(self, plot: Stack) -> Iterator[Series]:
        known = range(int(plot.xs[0]), int(plot.xs[-1]) + 1)
        self.years = _named(known, {known[0], known[-1], int(plot.origin)})
        below = [0.0 for _ in known]
        ends = []
        for rank, part in enumerate(plot.parts):
            values = self._spread(known, plot.xs, part.ys)
            colour = COLOURS[f"part{MOST_PARTS if part.rest else rank % MOST_PARTS}"]
            look = {"fill": {"color": colour}, "border": {"color": COLOURS["paper"], "width": 1.5}}
            yield Series(part.name, values, "area", look)
            heights = [value or 0.0 for value in values]
            ends.append((part, below[-1] + heights[-1] / 2))
            below = [low + high for low, high in zip(below, heights, strict=True)]
        whole = self._spread(known, plot.xs, plot.whole.ys)
        text = f"{plot.whole.texts[0]} {plot.whole.name}"
        yield Series(
            plot.whole.name, whole, "line", _line("accent", 2.6), {len(known) - 1: text}, "right", "accent", bold=True
        )
        room = 0.055 * (self.scale.high - self.scale.low) / self.factor
        places = scales.spread([end for _, end in ends], room, 0.0, (whole[-1] or 0.0) - room)
        for (part, _), place in zip(ends, places, strict=True):
            at: list[float | None] = [None] * (len(known) - 1) + [place]
            text = f"{part.texts[0]} {part.name}"
            yield Series(text, at, "line", _HIDDEN, {len(known) - 1: text})

    def _edge(self, known: range, xs: Sequence[float], ys: Sequence[float]) -> list[float | None]:
        """A bound in every year, flat before the band begins: areas have no gaps."""
        return [ys[0] / self.factor if value is None else value for value in self._spread(known, xs, ys)]

    def _spread(self, known: range, xs: Sequence[float], ys: Sequence[float]) -> list[float | None]:
        """Values by year, divided by the factor; None where there is none."""
        by_year = dict(zip(xs, ys, strict=True))
        return [by_year[year] / self.factor if year in by_year else None for year in known]

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        last = len(self.years)
        sheet.write_column(1, 0, self.years)
        kinds: dict[Kind, Any] = {}
        for place, series in enumerate(self.series, 1):
            sheet.write_string(0, place, label(series.name))
            for row, value in enumerate(series.values, 1):
                if value is not None:
                    sheet.write_number(row, place, value)
            if series.kind not in kinds:
                options: Look = {"type": series.kind} | ({"subtype": "stacked"} if series.kind == "area" else {})
                kinds[series.kind] = workbook.add_chart(options)
            categories, drawn = ([sheet.name, 1, at, last, at] for at in (0, place))
            look = dict(series.look) | ({"data_labels": self._labels(series)} if series.labels else {})
            kinds[series.kind].add_series(
                {"name": [sheet.name, 0, place], "categories": categories, "values": drawn, **look}
            )
        order: tuple[Kind, ...] = ("area", "column", "line")
        chart, *others = (kinds[kind] for kind in order if kind in kinds)
        for other in others:
            chart.combine(other)
        self._axes(chart)
        return chart

    def _axes(self, chart: Any) -> None:
        font = {"size": self.points, "color": COLOURS["quiet"]}
        ticks = self.scale.ticks
        axis: Look = {"major_gridlines": GRIDLINES, "line": _NONE, "num_font": font, "num_format": self.code}
        axis |= {"min": self.scale.low / self.factor, "max": self.scale.high / self.factor}
        if self.scale.logarithmic:
            axis |= {"log_base": 10, "min": 10.0 ** int(f"{axis['min']:e}".partition("e")[2])}
        elif len(ticks) > 1:
            axis |= {"major_unit": (ticks[1] - ticks[0]) / self.factor, "max": ticks[-1] / self.factor}
            axis |= {"min": ticks[0] / self.factor}
        chart.set_y_axis(axis)
        every = -(-len(self.years) // _BRIEF)
        line = {"color": COLOURS["axis"]}
        chart.set_x_axis(
            {
                "num_font": font,
                "line": line,
                "interval_unit": every,
                "position_axis": "on_tick",
                "label_position": "low",
                "major_tick_mark": "outside",
            }
            if not any(series.kind == "column" for series in self.series)
            else {"num_font": font, "line": line, "interval_unit": every}
        )
        chart.set_legend({"none": True})
        chart.set_title({"none": True})
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": _NONE, "fill": _NONE})

    @property
    def code(self) -> str:
        """The number format of the axis: no more decimals than its ticks have."""
        places = max((len(text.partition(".")[2]) for text in self.scale.texts), default=0)
        return f"#,##0.{'0' * places}" if places else "#,##0"

    def _labels(self, series: Series) -> Look:
        font: Look = {
            "size": self.points * (1.25 if series.bold and series.side == "right" else 1),
            "bold": series.bold,
        }
        font |= {"color": COLOURS[series.colour]}
        last = max(series.labels)
        custom = [
            {"value": prose(series.labels[at]), "font": font} if at in series.labels else {"delete": True}
            for at in range(last + 1)
        ]
        return {"value": True, "position": series.side, "custom": custom, "font": font}


def _line(colour: str, points: float, *, dashed: bool = False) -> Look:
    return {"line": {"color": COLOURS[colour], "width": points, "dash_type": "dash" if dashed else "solid"}}


_HIDDEN: Look = {"line": _NONE, "marker": {"type": "none"}}


def _diamond(colour: str, size: int) -> Look:
    """A part of the sign of a published figure: not every program draws the outline of a sign."""
    fill = {"color": COLOURS[colour]}
    return {"line": _NONE, "marker": {"type": "diamond", "size": size, "fill": fill, "border": _NONE}}


def _marker(colour: str) -> Look:
    return {"type": "circle", "size": 6, "fill": {"color": COLOURS[colour]}, "border": _NONE}


def _named(years: range, full: set[int]) -> list[str]:
    """The first, last observed and last year in full, the others with two digits where they are many."""
    brief = len(years) > 9
    return [f"{year % 100:02}" if brief and year not in full else str(year) for year in years]


def label(text: str) -> str:
    """Make text from data the title of a chart or the name of a line, which must not begin as a formula does."""
    return one_line(text).lstrip("= ")


def mended(xml: bytes) -> bytes:
    """A chart whose lines are straight and whose labels have their own text alone, in every program.

    Writes what the format leaves to the program: `smooth` of a line, and every `show` of a label.
    """
    text = xml.decode()
    text = re.sub(r"<c:smooth [^>]*/>", "", text)
    start, end = text.find("<c:lineChart>"), text.find("</c:lineChart>")
    if start >= 0:
        lines = text[start:end].replace("</c:ser>", '<c:smooth val="0"/></c:ser>')
        text = text[:start] + lines + text[end:]
    off = "".join(f'<c:show{name} val="%d"/>' for name in _SHOWN)
    shown = re.compile(r"(?:<c:show(?:LegendKey|Val|CatName|SerName|Percent|BubbleSize) val=\"\d\"/>)+")
    return shown.sub(lambda _: off % (0, 1, 0, 0, 0, 0), text).encode()


def repacked(content: bytes) -> bytes:
    """A file of Office with its charts mended; the same bytes for the same content."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as known, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in known.namelist():
            body = known.read(name)
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            made.writestr(entry, mended(body) if name.startswith("xl/charts/chart") else body)
    return out.getvalue()


def add_to(slide: Any, chart: Chart, place: tuple[float, float, float, float]) -> None:
    """Put a chart on a slide, with the workbook behind it. `place`: left, top, width and height in inches."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.parts.chart import ChartPart
    from pptx.util import Inches

    package = slide.part.package
    with ZipFile(BytesIO(_workbook(chart, drawn=True))) as drawn:
        xml = mended(drawn.read("xl/charts/chart1.xml"))
    visible = b'<c:plotVisOnly val="1"/>'
    # PowerPoint does not take it for granted
    xml = xml.replace(visible, visible + b'<c:dispBlanksAs val="gap"/>')
    part = ChartPart.load(package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, xml)
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart))
    related = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    slide.shapes._add_chart_graphicFrame(related, *map(Inches, place))


def _workbook(chart: Chart, *, drawn: bool = False) -> bytes:
    """The workbook that a person edits; with the chart drawn, it holds that too."""
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
