"""A picture over years as the own chart of a workbook or a slide: lines, columns, stacked areas.

Such a chart is a table of columns, each drawn in its own way, so that a client can edit it. A band
has no chart type of its own: it is an area stacked on an invisible one. What a label needs that
charts do not have, such as a position, is an invisible line through one point.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import floor, log10
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Dash,
    Label,
    Line,
    Mark,
    Picture,
    Stack,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import pattern
from rural_forecast.render.columns import prose
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import THEMES

ChartOptions = dict[str, Any]  # as xlsxwriter takes them
Values = Sequence[float | None]
Kind = Literal["line", "area", "column"]

Colours = Mapping[str, str]  # by their use, as in a theme of the style
COLOURS: Colours = THEMES["light"]
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

_YEARS_SHARE = 0.85  # of the width
_OWN_DIGITS = "#,##0.###"  # of ticks that share no number of decimals
_TICKS = 6
_MOST_LABELS = 6  # at the end, which are readable in the height of a chart
_FULL_YEARS = 9  # up to so many years, each has four digits
_BRIEF = 18  # from more years on, not every one is written, and bars have no texts
# Shares of the axis: between two labels, between rows of a stack, and the least height of a band
# that has its name in it.
_ROOM = 0.07
_ROW_ROOM = 0.055
_NAMED_BAND = 0.06
_BESIDE_LINE = 0.7  # of the room of a label, from an observed value to its text
_EMPHASIS = 1.25  # size of the label of the answer
# Room of labels: ems of a letter, points of a chart across, and the most share of those.
_LETTER = 0.56
USUAL_POINTS = 873.0
_MOST_FOR_LABELS = 0.34


class Errors(NamedTuple):
    """Lengths of error bars, below and above each value."""

    below: Values
    above: Values
    colour: str = "accent"
    dash: str = "solid"


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
    errors: Errors | None = None


def suits(picture: Picture) -> bool:
    """Check that a picture has lines, columns or areas over years, with few enough labels."""
    plot = picture.plot
    if isinstance(plot, Course):
        labels = sum(not label.level for label in plot.labels)
        # The length of a bar is its value, which no logarithmic axis shows.
        is_drawn = not (picture.by_factors and plot.bars)
        return is_drawn and labels <= _MOST_LABELS
    return isinstance(plot, Stack)


def gridlines(colours: Colours) -> ChartOptions:
    """Choose thin lines at the ticks."""
    return {"visible": True, "line": {"color": colours["grid"], "width": 0.75}}


class NativeChart:
    """The columns of a picture that suits, and how they are drawn."""

    def __init__(
        self,
        picture: Picture,
        colours: Colours = COLOURS,
        points: float = 14,
        wide: float = USUAL_POINTS,
    ) -> None:
        """Lay out the columns. `points`: the size of its texts; `wide`: points across."""
        self.points = points
        self.wide = wide
        self.colours = colours
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, _TICKS)
        if self.scale.logarithmic:
            # The ticks of such an axis are its lower end times powers of ten.
            low = self.scale.low / self.factor
            self.scale = self.scale._replace(low=10.0 ** floor(log10(low)) * self.factor)
        plot = picture.plot
        assert isinstance(plot, Course | Stack)
        first, last = plot.span
        self.span = range(int(first), int(last) + 1)
        self.years = [*self._years(first, last, plot.origin)]
        self.series = list(self._series(plot))

    def _series(self, plot: Course | Stack) -> Iterator[ChartSeries]:
        if isinstance(plot, Stack):
            return self._stack(plot)
        return self._bars(plot) if plot.bars else self._course(plot)

    def _years(self, first: float, last: float, origin: float | None) -> Iterator[str]:
        """Write the years: all in full, or but three with two digits, where those have room."""
        apart = self.wide * _YEARS_SHARE / len(self.span)
        digit = _LETTER * self.points
        if len(self.span) <= _FULL_YEARS and apart > 5 * digit:
            yield from map(str, self.span)
            return
        in_full = [year for year in (first, last, origin) if year is not None]
        is_narrow = self.wide < USUAL_POINTS / 2
        for year in self.span:
            nearest = min(abs(year - other) for other in in_full)
            if not nearest:
                yield str(year)
            elif is_narrow and (nearest * apart < 4 * digit or apart < 3 * digit):
                yield ""
            else:
                yield f"{year % 100:02}"

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
            yield from self._break(line) if line.is_break else [self._line(line)]
        for mark in plot.marks:
            if mark.shape == "none":
                value, side = self._beside(plot, mark, dict(observed.points))
                yield self._text(mark.text, mark.x, value, side=side, bold=True)
        yield from self._end_labels(plot)
        for mark in plot.signs:
            # The text of a figure of the last year is among the labels at the end.
            has_label = mark in plot.signs_beside
            yield from self._sign(mark._replace(text="") if has_label else mark)

    def _break(self, line: Line) -> Iterator[ChartSeries]:
        """Mark a new basis by an error bar from its upper end down, named at its foot."""
        year, _ = line.xs
        foot, top = sorted(line.ys)
        index = int(year) - self.span[0]
        lengths: list[float | None] = [None] * len(self.span)
        lengths[index] = (top - foot) / self.factor
        yield ChartSeries(
            line.name,
            self._values([year], [top]),
            errors=Errors(lengths, [None] * len(self.span), "quiet", "round_dot"),
        )
        yield self._text(line.name, year, foot, side="left", colour="quiet")

    def _line(self, line: Line) -> ChartSeries:
        main = line.tone == MAIN
        colour = "accent" if main else pattern(line.tone)[0]
        points = _THICK if main or line.tone == PLAIN else _THIN
        if line.faint:  # an earlier basis, as in a picture
            colour = "axis"
            points = _THIN
        dash = "solid" if main else _DASHES[line.dash]
        look = self._line_look(colour, points, dash)
        if line.dots and line.dash == "solid":
            look["marker"] = self._marker("circle", colour, 4 if line.faint else 6)
        else:
            look["marker"] = {"type": "none"}
        return ChartSeries(line.name or "forecast", self._values(line.xs, line.ys), "line", look)

    def _end_labels(self, plot: Course) -> Iterator[ChartSeries]:
        """Write the labels at the end, apart from each other."""
        labels = [label for label in plot.labels if not label.level or label.level in LEVELS]
        labels += [Label(mark.y, mark.amount, mark.author, PLAIN) for mark in plot.signs_beside]
        wanted = [label.y for label in labels]
        shares = scales.spread([*map(self.scale.share, wanted)], _ROOM, 0.0, 1.0)
        moved = map(self._at, shares)
        _, last = plot.span
        for label, value in zip(labels, moved, strict=True):
            main = label.tone == MAIN
            text = f"{label.amount} {label.name}".rstrip()
            if main and label.name == "forecast":
                text = label.amount
            colour = "accent" if main else pattern(label.tone)[0]
            yield self._text(text, last, value, colour=colour, bold=label.strong)

    def _sign(self, mark: Mark) -> Iterator[ChartSeries]:
        """Draw a published figure: a white diamond on a larger dark one, as outlines differ."""
        outline = {"line": _NONE, "marker": self._marker("diamond", "ink", 11)}
        inside = {"line": _NONE, "marker": self._marker("diamond", "paper", 7)}
        dark = ChartSeries("published", self._values([mark.x], [mark.y]), look=outline)
        if mark.text:
            dark = self._text(mark.text, mark.x, mark.y, side="above")
            dark = dark._replace(name="published", look=outline)
        yield dark
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
        share = self.scale.share(mark.y)
        step = _BESIDE_LINE * _ROOM
        if mark.x == plot.origin:
            rises = observed.get(mark.x - 1, mark.y) <= mark.y
            share += step if rises else -step
            side = "left"
        else:
            rises = mark.y <= observed.get(mark.x + 1, mark.y)
            share += -step if rises else step
            side = "right"
        return self._at(max(share, 0.0)), side

    def _at(self, share: float) -> float:
        """Give the value at a share of the height of the axis."""
        low = self.scale.low
        high = self.scale.high
        if self.scale.logarithmic:
            return float(low * (high / low) ** share)
        return low + share * (high - low)

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
            look = {"fill": {"color": self.colours[shade]}, "border": _NONE}
            yield ChartSeries(f"{band.level} %", (high - low).tolist(), "area", look)
        yield from self._cover(observed)
        yield from self._band_names(plot, bands)

    def _cover(self, observed: Line) -> Iterator[ChartSeries]:
        """Hide the areas without a height before the first value used, as on an earlier basis.

        Some programs draw them as a hairline, which looks like the line of a tick.
        """
        first = observed.xs[0] if observed.xs else self.span[0]
        years = [year for year in self.span if year <= first]
        if len(years) > 1 and observed.ys[0] not in self.scale.ticks:
            values = self._values(years, [observed.ys[0]] * len(years))
            yield ChartSeries("before", values, "line", self._line_look("paper", _THIN))

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
        below_share = self.scale.share(below)
        for band in bands:
            upper = self.scale.share(band.upper[-1])
            if upper - below_share > _NAMED_BAND:
                middle = self._at((below_share + upper) / 2)
                yield self._text(f"{band.level} %", band.xs[-1], middle, side="left")
            below_share = upper

    def _bars(self, plot: Course) -> Iterator[ChartSeries]:
        """Draw a column a year; the forecasts have their ranges as error bars."""
        for line in plot.lines:
            if line.is_break:
                continue
            main = line.tone == MAIN
            texts = {}
            if len(self.span) <= _BRIEF:
                marks = [mark for mark in plot.marks if (mark.x, mark.y) in line.points]
                texts = {int(mark.x) - self.span[0]: mark.text for mark in marks}
            colour = "total" if line.faint else "axis"
            fill = {"color": self.colours["band80" if main else colour]}
            yield ChartSeries(
                line.name,
                self._values(line.xs, line.ys),
                "column",
                {"fill": fill, "border": _NONE, "gap": 40, "overlap": 100},
                texts,
                side="inside_base" if main else "outside_end",  # away from the error bars
                colour="accent" if main else "ink",
                errors=self._errors(plot, line) if main else None,
            )

    def _errors(self, plot: Course, line: Line) -> Errors | None:
        """Measure the ranges of a line from its values, downwards and upwards."""
        if not plot.bands:
            return None
        values = dict(line.points)
        band = plot.bands[0]
        below = [values[year] - low for year, low in zip(band.xs, band.lower, strict=True)]
        above = [high - values[year] for year, high in zip(band.xs, band.upper, strict=True)]
        return Errors(self._values(band.xs, below), self._values(band.xs, above))

    def _stack(self, plot: Stack) -> Iterator[ChartSeries]:
        below = 0.0
        middles = []
        for part, shade in zip(plot.parts, plot.shades, strict=True):
            border = {"color": self.colours["paper"], "width": 1.5}
            look = {"fill": {"color": self.colours[f"part{shade}"]}, "border": border}
            yield ChartSeries(part.name, self._values(plot.xs, part.ys), "area", look)
            middles.append(below + part.ys[-1] / 2)
            below += part.ys[-1]

        whole = plot.whole
        yield ChartSeries(
            whole.name,
            self._values(plot.xs, whole.ys),
            "line",
            self._line_look("accent", _WHOLE),
            {len(self.span) - 1: f"{whole.texts[0]} {whole.name}"},
            colour="accent",
            bold=True,
        )
        room = _ROW_ROOM * (self.scale.high - self.scale.low)
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
            if series.errors:
                options["y_error_bars"] = self._error_bars(sheet, series.errors)
            charts[series.kind].add_series(options)
        return charts

    def _error_bars(self, sheet: Any, errors: Errors) -> ChartOptions:
        """Write the lengths of error bars behind all columns, and draw the bars."""
        last = len(self.span)
        options: ChartOptions = {
            "type": "custom",
            "line": {
                "color": self.colours[errors.colour],
                "width": 1.5,
                "dash_type": errors.dash,
            },
        }
        column = len(self.series) + 1
        for name, key, values in (
            ("below", "minus_values", errors.below),
            ("above", "plus_values", errors.above),
        ):
            sheet.write_string(0, column, name)
            for row, value in enumerate(values, 1):
                sheet.write_number(row, column, value or 0.0)
            letter = column_letters(column)
            options[key] = f"={sheet.name}!${letter}$2:${letter}${last + 1}"
            options[key.replace("values", "data")] = [value or 0.0 for value in values]
            column += 1
        return options

    @property
    def _axis_font(self) -> ChartOptions:
        return {"size": self.points, "color": self.colours["quiet"]}

    def _value_axis(self) -> ChartOptions:
        ticks = self.scale.ticks
        places = max((len(text.partition(".")[2]) for text in self.scale.texts), default=0)
        low = ticks[0] if ticks else self.scale.low
        axis = {
            "major_gridlines": gridlines(self.colours),
            "line": _NONE,
            "num_font": self._axis_font,
            "num_format": f"#,##0.{'0' * places}".rstrip("."),
            "min": low / self.factor,
            "max": self.scale.high / self.factor,
        }
        if self.scale.logarithmic:
            axis |= {"log_base": 10, "min": self.scale.low / self.factor, "num_format": _OWN_DIGITS}
        elif len(ticks) > 1:
            axis["major_unit"] = (ticks[1] - ticks[0]) / self.factor
        return axis

    def _year_axis(self, *, has_columns: bool) -> ChartOptions:
        axis: ChartOptions = {
            "num_font": self._axis_font,
            "line": {"color": self.colours["axis"]},
            "interval_unit": self._step_of_years,
        }
        if not has_columns:  # lines start at the axis; columns need the room beside it
            axis |= {
                "position_axis": "on_tick",
                "label_position": "low",
                "major_tick_mark": "outside",
            }
        return axis

    @property
    def _step_of_years(self) -> int:
        """A label every so many years; those without room have no text already."""
        return 1 if "" in self.years else -(-len(self.span) // _BRIEF)

    def _labels(self, series: ChartSeries) -> ChartOptions:
        """Label the points that have a text, and delete the labels of those before and between."""
        size = self.points
        if series.bold and series.side == "right":
            size *= _EMPHASIS
        font = {"size": size, "bold": series.bold, "color": self.colours[series.colour]}
        custom: list[ChartOptions] = []
        for index in range(max(series.texts) + 1):
            if index in series.texts:
                custom.append({"value": prose(series.texts[index]), "font": font})
            else:
                custom.append({"delete": True})
        return {"value": True, "position": series.side, "custom": custom, "font": font}

    def _line_look(self, colour: str, points: float, dash: str = "solid") -> ChartOptions:
        return {"line": {"color": self.colours[colour], "width": points, "dash_type": dash}}

    def _marker(self, kind: str, colour: str, size: int) -> ChartOptions:
        """Choose a sign without an outline, which not every program draws."""
        fill = {"color": self.colours[colour]}
        return {"type": kind, "size": size, "fill": fill, "border": _NONE}

    @property
    def layout(self) -> Mapping[str, float]:
        """The part of the chart that the drawing takes: labels are right of it."""
        last = len(self.span) - 1
        longest = 0.0
        for series in self.series:
            if series.side == "right" and last in series.texts:
                emphasis = _EMPHASIS if series.bold else 1
                longest = max(longest, len(series.texts[last]) * emphasis)
        labels = min(longest * _LETTER * self.points / self.wide, _MOST_FOR_LABELS)
        return {"x": 0.06, "y": 0.05, "width": 0.92 - labels, "height": 0.83}


def column_letters(column: int) -> str:
    """Name a column of a sheet, counted from 0: A to Z, then AA."""
    before, last = divmod(column, 26)
    return (column_letters(before - 1) if before else "") + chr(ord("A") + last)
