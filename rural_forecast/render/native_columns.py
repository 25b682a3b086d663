"""The columns of a chart over years: each is a line, bars or an area, with its look and texts.

A band has no chart type of its own: it is an area stacked on an invisible one. What a label needs
that charts do not have, such as a position, is an invisible line through one point.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
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
from rural_forecast.render.native_look import NONE, ChartOptions, Colours

Values = Sequence[float | None]
Kind = Literal["line", "area", "column"]

LEVELS = (50, 80)  # of the bands that are drawn: areas are solid, so a wider one cannot fade out

_HIDDEN: ChartOptions = {"line": NONE, "marker": {"type": "none"}}

# Points of lines: observed values and the answer, context, and the whole of a stack.
_THICK = 3.6
_THIN = 2.0
_WHOLE = 2.6
_OF_SMALL = 0.6  # of these, and of the dots, in a small chart
_SMALL = 0.3  # of the width of a slide: a chart of less is small
_DOTS = 6
_FAINT_DOTS = 4
_GRID_LINE = 0.75

_DASHES: Mapping[Dash, str] = {
    "solid": "solid",
    "dashed": "dash",
    "dotted": "round_dot",
    "dash-dotted": "dash_dot",
}

_YEARS_SHARE = 0.85  # of the width
_TICKS = 6
_LEAST_TICKS = 4
_TICK_ROOM = 3.0  # ems of the height of a chart for each tick
_FULL_YEARS = 9  # up to so many years, each has four digits
BRIEF = 18  # from more years on, not every one is written, and bars have no texts
# Shares of the axis: between two labels, and the least height of a band that has its name in it.
_ROOM = 0.07
_LABEL_LINE = 1.5  # ems between two labels at least
_NAMED_BAND = 0.06
_BESIDE_LINE = 0.7  # of the room of a label, from an observed value to its text
_ABOVE_AXIS = 0.5  # of the room of a label, from the axis to the middle of a text at least
_LABELS_IN_BAR = 2.5  # lines of two labels in a bar, and what is between them
_SHARE = 2  # the text of a part that says what share of the growth it has
LETTER = 0.56  # ems, on average
SLIDE_ROOM = (873.0, 335.0)  # points across and down that a slide has for a chart


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
    apart: bool = False
    """the texts keep away from signs at their points."""


class YearColumns:
    """The columns of a picture of lines, bars or areas over years."""

    def __init__(
        self, picture: Picture, colours: Colours, points: float, room: tuple[float, float]
    ) -> None:
        """Lay out the columns. `points`: the size of texts; `room`: width and height in points."""
        self.points = points
        self.wide, self.high = room
        self.is_small = self.wide < _SMALL * SLIDE_ROOM[0]
        # Share of the axis from one label to the next.
        self.room = max(_ROOM, _LABEL_LINE * points / self.high)
        self.colours = colours
        self.factor = picture.amounts.factor
        ticks = round(self.high / (_TICK_ROOM * points))
        self.scale = scales.of(picture, min(max(ticks, _LEAST_TICKS), _TICKS))
        plot = picture.plot
        assert isinstance(plot, Course | Stack)
        first, last = plot.span
        self.span = range(int(first), int(last) + 1)
        self.years = [*self._years(first, last, plot.origin)]
        self.series = [*self._own_ticks(first), *self._series(plot)]

    def _series(self, plot: Course | Stack) -> Iterator[ChartSeries]:
        if isinstance(plot, Stack):
            return self._stack(plot)
        return self._bars(plot) if plot.bars else self._course(plot)

    def _own_ticks(self, first: float) -> Iterator[ChartSeries]:
        """Draw the ticks of a logarithmic axis as lines: its own ones are powers of ten alone."""
        if not self.scale.logarithmic:
            return
        for tick, text in zip(self.scale.ticks, self.scale.texts, strict=True):
            yield ChartSeries(
                "grid",
                self._values(self.span, [tick] * len(self.span)),
                look=self._line_look("grid", _GRID_LINE) | {"marker": {"type": "none"}},
            )
            yield self._text(text, first, tick, side="left", colour="quiet")

    def _years(self, first: float, last: float, origin: float | None) -> Iterator[str]:
        """Write the years: all in full, or but three with two digits, where those have room."""
        apart = self.wide * _YEARS_SHARE / len(self.span)
        digit = LETTER * self.points
        if len(self.span) <= _FULL_YEARS and apart > 5 * digit:
            yield from map(str, self.span)
            return
        in_full = [year for year in (first, last, origin) if year is not None]
        is_narrow = self.wide < SLIDE_ROOM[0] / 2
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
        answer = next((line for line in plot.lines if line.tone == MAIN), Line("", (), ()))
        forecast = dict(answer.points)
        for mark in plot.signs:
            # The text of a figure of the last year is among the labels at the end.
            has_label = mark in plot.signs_beside
            side = "below" if mark.y <= forecast.get(mark.x, mark.y) else "above"
            yield from self._sign(mark._replace(text="") if has_label else mark, side)

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
        dash = "solid" if main else _DASHES.get(line.dash, "solid")
        dots = _FAINT_DOTS if line.faint else _DOTS
        if self.is_small:
            points *= _OF_SMALL
            dots = round(dots * _OF_SMALL)
        look = self._line_look(colour, points, dash)
        if line.dash == "none":
            look["line"] = NONE
        if line.dots and line.dash in ("solid", "none"):
            look["marker"] = self._marker("circle", colour, dots)
        else:
            look["marker"] = {"type": "none"}
        return ChartSeries(line.name or "forecast", self._values(line.xs, line.ys), "line", look)

    def _end_labels(self, plot: Course) -> Iterator[ChartSeries]:
        """Write the labels at the end, apart from each other."""
        labels = [label for label in plot.labels if not label.level or label.level in LEVELS]
        labels += [Label(mark.y, mark.amount, mark.author, PLAIN) for mark in plot.signs_beside]
        wanted = [label.y for label in labels]
        shares = scales.spread([*map(self.scale.share, wanted)], self.room, 0.0, 1.0)
        moved = map(self._at, shares)
        _, last = plot.span
        has_dots = any(line.dots and line.xs[-1] == last for line in plot.lines)
        ranges = {end.name: " to ".join(end.texts) for end in plot.ends if end.bounds}
        for label, value in zip(labels, moved, strict=True):
            main = label.tone == MAIN
            text = f"{label.amount} {label.name}".rstrip()
            if label.name in ranges:
                text = f"{text} ({ranges[label.name]})"
            if main and label.name == "forecast" and not plot.ends:
                text = label.amount
            colour = "accent" if main else pattern(label.tone)[0]
            yield self._text(
                text,
                last,
                value,
                colour=colour,
                bold=label.strong,
                apart=has_dots or bool(plot.signs_beside),
            )

    def _sign(self, mark: Mark, side: str) -> Iterator[ChartSeries]:
        """Draw a published figure: a white diamond on a larger dark one, as outlines differ."""
        outline = {"line": NONE, "marker": self._marker("diamond", "ink", 11)}
        inside = {"line": NONE, "marker": self._marker("diamond", "paper", 7)}
        dark = ChartSeries("published", self._values([mark.x], [mark.y]), look=outline)
        if mark.text:
            dark = self._text(mark.text, mark.x, mark.y, side=side)
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
        step = _BESIDE_LINE * self.room
        if mark.x == plot.origin:
            rises = self.is_small or observed.get(mark.x - 1, mark.y) <= mark.y
            share += step if rises else -step
            side = "left"
        else:
            rises = mark.y <= observed.get(mark.x + 1, mark.y)
            has_room = share - step >= _ABOVE_AXIS * self.room
            share += -step if rises and has_room else step
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
        bands = [band for band in bands if min(band.lower) >= self.scale.low]
        if not bands:
            return
        edges = [self._edge(observed, band, band.lower) for band in reversed(bands)]
        edges += [self._edge(observed, band, band.upper) for band in bands]
        base, *_ = edges
        yield ChartSeries("base", base.tolist(), "area", {"fill": NONE, "border": NONE})
        # From below: the wider bands, the innermost one, and the wider ones again.
        filled = [*reversed(bands), *bands[1:]]
        for band, (low, high) in zip(filled, pairwise(edges), strict=True):
            tint = "band" if band.tone == MAIN else "grey"
            shade = f"{tint}50" if band.level <= LEVELS[0] else f"{tint}80"
            look = {"fill": {"color": self.colours[shade]}, "border": NONE}
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
        """Write the names of two bands or more, where they are high enough.

        They are in the last year, or in the one before if signs are in the last one.
        """
        main = next((line for line in plot.lines if line.tone == MAIN), None)
        index = -2 if plot.signs_beside else -1
        if len(bands) < 2 or main is None or len(main.ys) < -index:
            return
        below_share = self.scale.share(main.ys[index])
        for band in bands:
            upper = self.scale.share(band.upper[index])
            if upper - below_share > _NAMED_BAND:
                middle = self._at((below_share + upper) / 2)
                yield self._text(f"{band.level} %", band.xs[index], middle, side="left")
            below_share = upper

    def _bars(self, plot: Course) -> Iterator[ChartSeries]:
        """Draw a column a year; the forecasts have their ranges as error bars."""
        for line in plot.lines:
            if line.is_break:
                continue
            main = line.tone == MAIN
            texts = {}
            if len(self.span) <= BRIEF:
                marks = [mark for mark in plot.marks if (mark.x, mark.y) in line.points]
                texts = {int(mark.x) - self.span[0]: mark.text for mark in marks}
            colour = "total" if line.faint else "axis"
            fill = {"color": self.colours["band80" if main else colour]}
            yield ChartSeries(
                line.name,
                self._values(line.xs, line.ys),
                "column",
                {"fill": fill, "border": NONE, "gap": 40, "overlap": 100},
                texts,
                side="inside_base" if main else "outside_end",  # away from the error bars
                colour="accent" if main else "ink",
                errors=self._errors(plot, line) if main else None,
            )
        yield from self._bounds_of_bar(plot)

    def _bounds_of_bar(self, plot: Course) -> Iterator[ChartSeries]:
        """Write the range of the last year above and below its ends; beside them, it reads "-5.6".

        The lower bound stands in the bar, if the text of the value leaves it room.
        """
        _, last = plot.span
        low, *_ = sorted(label.y for label in plot.labels) or (0.0,)
        for label in plot.labels:
            side = "above"
            if label.y == low and len(plot.labels) > 1:
                has_room = self.scale.share(low) > _LABELS_IN_BAR * self.room
                side = "below" if has_room else "right"
            yield self._text(label.amount, last, label.y, side=side, colour="accent")

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
            errors=self._errors_of_whole(plot),
        )
        yield self._divide(plot)
        if plot.observed:
            top = dict(zip(plot.xs, whole.ys, strict=True)).get(plot.origin, 0.0)
            above = top + self.room * (self.scale.high - self.scale.low)
            yield self._text(plot.observed, plot.origin, above, side="left", bold=True)
        yield from self._stack_labels(plot, middles)

    def _stack_labels(self, plot: Stack, middles: Sequence[float]) -> Iterator[ChartSeries]:
        """Write the parts next to their areas and the whole above them, apart from each other.

        The headline names the share that a part has of the growth: each has it in brackets, and
        the uppermost says what it is.
        """
        rows = list(zip(plot.parts, middles, strict=True))
        rows.append((plot.whole, plot.whole.ys[-1]))
        wanted = [value for _, value in rows]
        room = self.room * (self.scale.high - self.scale.low)
        moved = scales.spread(wanted, room, self.scale.low, self.scale.high)
        last = plot.xs[-1]
        for (part, _), value in zip(rows, moved, strict=True):
            text = f"{part.texts[0]} {part.name}"
            share = "".join(part.texts[_SHARE:])
            if share:
                of_what = "".join(plot.heads[_SHARE:]) if part is plot.parts[-1] else ""
                text = f"{text} ({f'{share} {of_what}'.rstrip()})"
            is_whole = part is plot.whole
            colour = "accent" if is_whole else "ink"
            yield self._text(text, last, value, colour=colour, bold=is_whole)

    def _errors_of_whole(self, plot: Stack) -> Errors:
        """Measure the range of the whole in the last year, from its value."""
        lower, upper = plot.bounds
        value = plot.whole.ys[-1]
        last = plot.xs[-1:]
        return Errors(self._values(last, [value - lower]), self._values(last, [upper - value]))

    def _divide(self, plot: Stack) -> ChartSeries:
        """Part history from forecast by an error bar from the whole down to zero."""
        top = dict(zip(plot.xs, plot.whole.ys, strict=True)).get(plot.origin, 0.0)
        lengths = self._values([plot.origin], [top])
        nothing: Values = [None for _ in self.span]
        return ChartSeries(
            "last observed", lengths, errors=Errors(lengths, nothing, "paper", "round_dot")
        )

    def _line_look(self, colour: str, points: float, dash: str = "solid") -> ChartOptions:
        return {"line": {"color": self.colours[colour], "width": points, "dash_type": dash}}

    def _marker(self, kind: str, colour: str, size: int) -> ChartOptions:
        """Choose a sign without an outline, which not every program draws."""
        fill = {"color": self.colours[colour]}
        return {"type": kind, "size": size, "fill": fill, "border": NONE}
