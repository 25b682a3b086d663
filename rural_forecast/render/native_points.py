"""Rows on one axis as the own chart of a workbook or a slide: ranges, bars, steps of a waterfall.

It is a chart of points, each mark at the height of its row: ranges and bars are thick lines between
two points, strokes and connectors thin ones up and down, and texts are labels of points that are
not drawn. Bars that are stacked from zero could show no pairs of values, nothing below zero and no
logarithmic axis. An empty cell parts the lines of one series. Programs differ in which series they
draw last: no line crosses another one that it must not hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from math import log10
from typing import Any, Literal

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.native_look import NONE, ChartOptions, Colours
from rural_forecast.render.wrapping import width
from rural_forecast.text.cells import one_line

_HIDE = {"visible": False}
_INNER_LEVEL = 50
_TICKS = 6
_MOST_ROWS = 30
_LEADING = 1.2  # ems of a line of text; where rows have less, texts are smaller
_SMALLER = 0.8
_LEAST_TEXT = 10.0  # points

# Heights, in rows: of ranges and bars, and half of a stroke; a row counts as no higher than so many
# points. Points of lines and signs.
_THIN = 0.34
_THICK = 0.58
_STROKE = 0.36
_MOST_ROW = 52.0
_STROKE_LINE = 3.0
_WHISKER_LINE = 2.0
_CONNECTOR_LINE = 1.0
_GRID_LINE = 0.75
_REFERENCE_LINE = 1.5
_HALO = 1.25  # between a sign and a range, and between a bar and the line of its range
_SIGN = 9
_DIAMOND = 13.0
_OUTLINE = 1.5
_HEADS = 2.2  # ems of the line with the heads of columns
# Shares of the width of a chart.
_MOST_NAMES = 0.36
_MARGIN = 0.012
_BEYOND = 1e-4
_BETWEEN_COLUMNS = 0.03
_SIGN_OF_HEAD = 0.02  # from the head of a column to the sign left of it
_PLOT_TOP = 0.01
_PLOT_HEIGHT = 0.9

_BARS = ("total", "axis", "accent")  # colours of bars
Side = Literal["left", "right", "below", "center"]


def suits(picture: Picture) -> bool:
    """Check that the picture has rows, few enough to read."""
    plot = picture.plot
    return isinstance(plot, Ranges) and len(plot.rows) <= _MOST_ROWS


@dataclass(frozen=True)
class _PlacedText:
    """A text at a point."""

    words: str
    x: float
    y: float
    side: Side
    colour: str = "ink"
    bold: bool = False
    small: bool = False


@dataclass
class _MarkSeries:
    """Points that look alike: one series of the chart."""

    name: str
    points: list[tuple[float, float] | None] = field(default_factory=list)
    """None parts the lines before and behind it."""
    line: ChartOptions = field(default_factory=lambda: dict(NONE))
    marker: ChartOptions = field(default_factory=lambda: {"type": "none"})
    texts: list[_PlacedText] = field(default_factory=list)

    def add(self, x: float, y: float) -> None:
        """Add a point."""
        self.points.append((x, y))

    def join(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Add a line of its own."""
        if self.points:
            self.points.append(None)
        self.points += [start, end]


class NativePoints:
    """The series of a picture of rows, and how they are drawn."""

    def __init__(
        self,
        picture: Picture,
        colours: Colours,
        points: float,
        room: tuple[float, float],
    ) -> None:
        """Lay out the rows. `points`: the size of texts; `room`: width and height, in points."""
        plot = picture.plot
        assert isinstance(plot, Ranges)
        self.plot = plot
        self.colours = colours
        self.factor = picture.amounts.factor
        self.scale = scales.of(picture, _TICKS)
        self.rows = list(map(self._on_axis, plot.rows))
        self.ticks = list(map(self._position, self.scale.ticks))
        self.low = self._position(self.scale.low)
        self.wide, self.high = room
        self.points = points
        self.small = max(points * _SMALLER, min(points, _LEAST_TEXT))
        self._down()
        lines = self.points
        if any(row.about for row in plot.rows):
            lines += self.small
        if self.apart < _LEADING * lines:
            self.points = max(points * _SMALLER, _LEAST_TEXT)
            self.small = max(self.points * _SMALLER, min(points, _LEAST_TEXT))
            self._down()
        self._across()
        self.series = [series for series in self._series() if series.points]

    def _position(self, value: float) -> float:
        """Place a value on the axis: at its logarithm, if the axis is logarithmic."""
        return log10(value) if self.scale.logarithmic else value

    def _written(self, position: float) -> float:
        """Give the value at a position, in the unit of the chart."""
        value = 10.0**position if self.scale.logarithmic else position
        return value / self.factor

    def _on_axis(self, row: Row) -> Row:
        """Place all values of a row."""
        if not self.scale.logarithmic:
            return row

        def placed(value: float | None) -> float | None:
            return None if value is None else log10(value)

        return row._replace(
            value=placed(row.value),
            other=placed(row.other),
            rival=placed(row.rival),
            bounds=tuple((level, log10(low), log10(high)) for level, low, high in row.bounds),
        )

    def _down(self) -> None:
        """Give each row a height from the foot up: a group begins with a row for its name."""
        lines: list[Row | str] = []
        for row in self.rows:
            if row.group:
                lines.append(row.group)
            lines.append(row)
        has_heads = any(self.plot.heads) or bool(self.plot.reference_text)
        down = self.high * _PLOT_HEIGHT
        room_of_heads = min(_HEADS * self.points, down / (len(lines) + 1)) if has_heads else 0.0
        self.apart = (down - room_of_heads) / len(lines)
        self.most = len(lines) + room_of_heads / self.apart
        self.y_of_heads = (len(lines) + self.most) / 2
        self.row_points = min(self.apart, _MOST_ROW)
        self.row_share = self.row_points / self.apart
        self.thin = _THIN * self.row_share
        self.thick = _THICK * self.row_share
        self.stroke = _STROKE * self.row_share
        self.heights: list[float] = []
        self.groups: list[tuple[str, float]] = []
        for index, line in enumerate(lines):
            y = len(lines) - index - 0.5
            if isinstance(line, str):
                self.groups.append((line, y))
            else:
                self.heights.append(y)

    def _across(self) -> None:
        """Share the width out among names, axis and columns of texts."""
        rows = self.rows
        names = [self._share(row.name, bold=True) for row in rows]
        names += [self._share(row.about, small=True) for row in rows]
        self.left = min(max(names) + 2 * _MARGIN, _MOST_NAMES)
        columns = zip_longest(*(row.texts for row in rows), fillvalue="")
        self.columns: list[tuple[str, tuple[str, ...], float]] = []
        for index, texts in enumerate(columns):
            head = self.plot.heads[index] if index < len(self.plot.heads) else ""
            head_share = self._share(head)
            if index < len(self.plot.signs):
                head_share += 2 * _SIGN_OF_HEAD
            longest = max(head_share, *(self._share(text, bold=True) for text in texts))
            self.columns.append((head, texts, longest + _BETWEEN_COLUMNS))
        room = sum(share for _, _, share in self.columns)
        if not self.columns:
            room = max(self._share(end, bold=True) for row in rows for end in row.ends)
        # The plot area ends at the last text; its axis goes on below them, without figures.
        plot_share = 1 - self.left - _MARGIN
        axis_share = max(plot_share - room - _BETWEEN_COLUMNS, plot_share / 3)
        high = self._position(self.scale.high)
        self.span = (high - self.low) * plot_share / axis_share
        self.end = self.low + self.span
        self.plot_share = plot_share

    def _share(self, text: str, *, bold: bool = False, small: bool = False) -> float:
        """Measure a text, as a share of the width."""
        size = self.small if small else self.points
        return width(prose(text), size, bold=bold) / self.wide

    def _length(self, share: float) -> float:
        """Convert a share of the width to a length on the axis."""
        return share / self.plot_share * self.span

    def _series(self) -> Iterator[_MarkSeries]:
        """Yield all marks and texts."""
        yield from self._ranges()
        yield from self._bars()
        yield from self._signs()
        yield from self._texts()
        references = []
        if self.plot.reference is not None and self.plot.reference_text:
            references.append(self._position(self.plot.reference))
            line = self._line("ink", _REFERENCE_LINE) | {"dash_type": "square_dot"}
            yield self._lines_between(self.plot.reference_text, references, line)
        ticks = [tick for tick in self.ticks if tick not in references]
        yield self._lines_between("grid", ticks, self._line("grid", _GRID_LINE))

    def _lines_between(
        self, name: str, positions: Sequence[float], line: ChartOptions
    ) -> _MarkSeries:
        """Draw lines from the foot to the top, where no row has anything.

        Those of ticks are drawn too, as lines of the axis would go on below the texts.
        """
        lines = _MarkSeries(name, line=line)
        top = float(len(self.heights) + len(self.groups))
        for position in positions:
            covered = [(y - half, y + half) for y, half in self._covering(position)]
            for start, end in _uncovered(0.0, top, covered):
                lines.join((position, start), (position, end))
        return lines

    def _covering(self, tick: float) -> Iterator[tuple[float, float]]:
        """Yield the heights of rows with a range or a bar at a tick, and half its height."""
        for row, y in zip(self.rows, self.heights, strict=True):
            if row.diamond and row.value is not None:
                half = self._length(_DIAMOND / 2 / self.wide)
                low = row.value - half
                high = row.value + half
                height = _DIAMOND / self.apart
            elif row.bar:
                low, high = sorted(row.bar)
                height = self.thick
            elif row.shown:
                _, low, high = row.shown[-1]
                has_inner = any(level <= _INNER_LEVEL for level, *_ in row.shown)
                height = self.thick if has_inner else self.thin
            else:
                continue
            if low <= tick <= high:
                yield y, height / 2

    def _ranges(self) -> Iterator[_MarkSeries]:
        """Draw the pieces of ranges between the marks of a row: the inner range is thicker."""
        for answer in (False, True):
            tint = "band" if answer else "grey"
            outer = _MarkSeries("80 %", line=self._thick(f"{tint}80", _THIN))
            inner = _MarkSeries("50 %", line=self._thick(f"{tint}50", _THICK))
            for row, y in self._rows(answer):
                if row.bar or not row.shown:
                    continue
                marks = [*self._marked(row)]
                _, low, high = row.shown[-1]
                within = [bound[1:] for bound in row.shown[:-1] if bound[0] <= _INNER_LEVEL]
                for start, end in _uncovered(low, high, [*marks, *within]):
                    outer.join((start, y), (end, y))
                for inner_low, inner_high in within:
                    for start, end in _uncovered(inner_low, inner_high, marks):
                        inner.join((start, y), (end, y))
            yield outer
            yield inner

    def _marked(self, row: Row) -> Iterator[tuple[float, float]]:
        """Yield the parts of the axis that the signs of a row take."""
        stroke = self._length(_STROKE_LINE / 2 / self.wide)
        sign = self._length((_SIGN / 2 + _HALO) / self.wide)
        if row.value is not None:
            half = sign if row.dot or row.diamond else stroke
            yield row.value - half, row.value + half
        for value in (row.other, row.rival):
            if value is not None:
                yield value - sign, value + sign

    def _bars(self) -> Iterator[_MarkSeries]:
        """Draw bars from end to end, and a line from each to the next one.

        Where its range begins, a bar is two halves with the line of the range between them.
        """
        bars = {name: _MarkSeries(name, line=self._thick(name, _THICK)) for name in _BARS}
        gap = (_WHISKER_LINE + 2 * _HALO) / self.row_points
        half = (_THICK - gap) / 2
        halves = {name: _MarkSeries(name, line=self._thick(name, half)) for name in _BARS}
        joins = _MarkSeries("joins", line=self._line("axis", _CONNECTOR_LINE))
        ranges = _MarkSeries("80 %", line=self._line("ink", _WHISKER_LINE))
        for row, y in zip(self.rows, self.heights, strict=True):
            if not row.bar:
                continue
            low, high = sorted(row.bar)
            step = row.joins is not None and not row.strong
            name = "axis" if step else "total"
            if row.tone == MAIN:
                name = "accent"
            _, start, end = row.shown[-1] if row.shown else (0, high, high)
            inside = min(max(start, low), high)
            bars[name].join((low, y), (inside, y))
            if inside < high:
                offset = self.row_share * (gap + half) / 2
                halves[name].join((inside, y + offset), (high, y + offset))
                halves[name].join((inside, y - offset), (high, y - offset))
            if row.shown:
                ranges.join((start, y), (end, y))
            if row.joins is not None:
                joins.join((row.joins, y - self.thick / 2), (row.joins, y - 1 + self.thick / 2))
        yield from (joins, *bars.values(), *halves.values(), ranges)

    def _signs(self) -> Iterator[_MarkSeries]:
        """Draw the value of each row, what came, and what another method said."""
        for answer in (False, True):
            line = self._line("accent" if answer else "ink", _STROKE_LINE)
            strokes = _MarkSeries("value", line=line)
            for row, y in self._rows(answer):
                if row.value is not None and not (row.bar or row.diamond or row.dot):
                    strokes.join((row.value, y - self.stroke), (row.value, y + self.stroke))
            yield strokes
        dots = _MarkSeries("observed", marker=self._marker("circle", "ink", _SIGN))
        crosses = _MarkSeries("another method", marker=self._cross())
        diamonds = _MarkSeries("published", line=self._line("ink", _OUTLINE))
        for row, y in zip(self.rows, self.heights, strict=True):
            if row.rival is not None:
                crosses.add(row.rival, y)
            if row.other is not None:
                dots.add(row.other, y)
            if row.value is not None and row.diamond:
                self._outline(diamonds, row.value, y)
            elif row.value is not None and row.dot:
                dots.add(row.value, y)
        yield from self._signs_of_heads(dots, crosses)
        yield from (crosses, dots, diamonds)

    def _outline(self, diamonds: _MarkSeries, x: float, y: float) -> None:
        """Draw a diamond as a line around it, as not every program draws outlines of markers."""
        across = self._length(_DIAMOND / 2 / self.wide)
        up = _DIAMOND / 2 / self.apart
        diamonds.join((x - across, y), (x, y + up))
        diamonds.points += [(x + across, y), (x, y - up), (x - across, y)]

    def _signs_of_heads(self, dots: _MarkSeries, crosses: _MarkSeries) -> Iterator[_MarkSeries]:
        """Draw the sign of each column left of its head, which makes the heads a key."""
        strokes = _MarkSeries("value", line=self._line("accent", _STROKE_LINE))
        for index, right in enumerate(self._rights()):
            if index >= len(self.plot.signs):
                continue
            head, _, _ = self.columns[index]
            x = right - self._length(self._share(head) + _SIGN_OF_HEAD)
            y = self.y_of_heads
            sign = self.plot.signs[index]
            if sign == "value":
                strokes.join((x, y - self.stroke), (x, y + self.stroke))
            else:
                (dots if sign == "other" else crosses).add(x, y)
        yield strokes

    def _rights(self) -> list[float]:
        """List the right edge of each column of texts, on the axis."""
        right = self.end
        edges = []
        for _, _, share in reversed(self.columns):
            edges.append(right)
            right -= self._length(share)
        return edges[::-1]

    def _texts(self) -> Iterator[_MarkSeries]:
        """Write names left of the axis, and values right of it or at the ends of bars."""
        texts = [*self._names(), *self._values(), *self._ends()]
        texts += [*self._tick_texts(), *self._reference_text()]
        for name, y in self.groups:
            texts.append(_PlacedText(name, self.low, y, "right", bold=True))
        # Labels of one series share their side and their look.
        looks: dict[tuple[object, ...], _MarkSeries] = {}
        for text in texts:
            key = (text.side, text.colour, text.bold, text.small)
            points = looks.setdefault(key, _MarkSeries("texts"))
            points.add(text.x, text.y)
            points.texts.append(text)
        yield from looks.values()

    def _tick_texts(self) -> Iterator[_PlacedText]:
        """Write ticks below their lines: axes have others, on below the texts of the rows."""
        for tick, text in zip(self.ticks, self.scale.texts, strict=True):
            yield _PlacedText(text, tick, 0.0, "below", "quiet")

    def _reference_text(self) -> Iterator[_PlacedText]:
        """Write the name of a reference above its line, within the axis."""
        reference = self.plot.reference
        text = self.plot.reference_text
        if reference is None or not text:
            return
        half = self._length(self._share(text) / 2)
        x = max(self._position(reference), self.low + half)
        yield _PlacedText(text, x, self.y_of_heads, "center")

    def _names(self) -> Iterator[_PlacedText]:
        for row, y in zip(self.rows, self.heights, strict=True):
            two = _LEADING * (self.points + self.small) / 4 / self.apart if row.about else 0.0
            main = row.tone == MAIN and (row.strong or bool(row.bar))
            colour = "accent" if main else "ink"
            low = self.low
            yield _PlacedText(row.name, low, y + two, "left", colour, bold=main or bool(row.about))
            if row.about:
                yield _PlacedText(row.about, low, y - two, "left", "quiet", small=True)

    def _values(self) -> Iterator[_PlacedText]:
        head_height = self.y_of_heads
        columns = zip(self._rights(), self.columns, strict=True)
        for index, (right, (head, texts, _)) in enumerate(columns):
            first = index == 0
            if head:
                yield _PlacedText(head, right, head_height, "left")
            for row, y, text in zip(self.rows, self.heights, texts, strict=True):
                bold = first and row.tone == MAIN
                colour = "ink" if first else "quiet"
                if bold and row.strong:
                    colour = "accent"
                if text:
                    yield _PlacedText(text, right, y, "left", colour, bold=bold)

    def _ends(self) -> Iterator[_PlacedText]:
        """Write the value of a bar within it if it has a range, else at its end."""
        for row, y in zip(self.rows, self.heights, strict=True):
            if not row.bar:
                continue
            low, high = sorted(row.bar)
            before, behind = row.ends
            main = row.tone == MAIN
            if row.shown:
                colour = "paper" if main else "ink"
                yield _PlacedText(before or behind, low, y, "right", colour, bold=True)
                continue
            if before:
                yield _PlacedText(before, low, y, "left", bold=main)
            if behind:
                yield _PlacedText(behind, high, y, "right", bold=main)

    def _rows(self, answer: bool) -> Iterator[tuple[Row, float]]:
        for row, y in zip(self.rows, self.heights, strict=True):
            if (row.tone == MAIN) == answer:
                yield row, y

    def _thick(self, colour: str, share: float) -> ChartOptions:
        return self._line(colour, round(share * self.row_points * 4) / 4)

    def _line(self, colour: str, points: float) -> ChartOptions:
        return {"color": self.colours[colour], "width": points}

    def _marker(self, kind: str, colour: str, size: int) -> ChartOptions:
        fill = {"color": self.colours[colour]}
        return {"type": kind, "size": size, "fill": fill, "border": NONE}

    def _cross(self) -> ChartOptions:
        return {"type": "x", "size": _SIGN - 1, "border": self._line("quiet", 1.75)}

    @property
    def layout(self) -> Mapping[str, float]:
        """The part of the chart that the rows take: names are left of them."""
        return {
            "x": self.left,
            "y": _PLOT_TOP,
            "width": self.plot_share,
            "height": _PLOT_HEIGHT,
        }

    @property
    def words(self) -> list[str]:
        """The texts of the drawing."""
        return [text.words for series in self.series for text in series.texts]

    def write(self, workbook: Any, sheet: Any) -> Any:
        """Write the columns into a sheet, and make the chart of them."""
        chart = workbook.add_chart({"type": "scatter"})
        # Some programs lose what is drawn before a series that is longer.
        last = max(len(series.points) for series in self.series)
        column = 0
        for series in self.series:
            chart.add_series(self._options(sheet, series, column, last))
            column += 2
        chart.set_y_axis({"min": 0, "max": self.most, "visible": False, "major_gridlines": _HIDE})
        chart.set_x_axis(self._value_axis())
        chart.set_legend(NONE)
        chart.set_title(NONE)
        chart.show_blanks_as("gap")
        chart.set_chartarea({"border": NONE, "fill": NONE})
        return chart

    def _options(self, sheet: Any, series: _MarkSeries, column: int, last: int) -> ChartOptions:
        """Write the points of a series into two columns, and say how it is drawn.

        `last`: the row in which all series end.
        """
        sheet.write_string(0, column, one_line(series.name))
        for row, point in enumerate(series.points, 1):
            if point is not None:
                x, y = point
                sheet.write_number(row, column, self._written(x))
                sheet.write_number(row, column + 1, y)
        options: ChartOptions = {
            "name": [sheet.name, 0, column],
            "categories": [sheet.name, 1, column, last, column],
            "values": [sheet.name, 1, column + 1, last, column + 1],
            "line": series.line,
            "marker": series.marker,
        }
        if series.texts:
            options["data_labels"] = self._labels(series.texts)
        return options

    def _labels(self, texts: Sequence[_PlacedText]) -> ChartOptions:
        first = texts[0]
        font = {
            "size": self.small if first.small else self.points,
            "bold": first.bold,
            "color": self.colours[first.colour],
        }
        custom = [{"value": prose(text.words), "font": font} for text in texts]
        return {"value": True, "position": first.side, "custom": custom, "font": font}

    def _value_axis(self) -> ChartOptions:
        axis: ChartOptions = {
            "min": self._written(self.low),
            # A little more, or the texts at the end could be beyond it.
            "max": self._written(self.end + _BEYOND * self.span),
            "major_gridlines": _HIDE,
            "line": NONE,
            "major_tick_mark": "none",
            "label_position": "none",  # figures are written where something is measured
        }
        return axis | {"log_base": 10} if self.scale.logarithmic else axis


def _uncovered(
    start: float, end: float, covered: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float]]:
    """Yield the parts of a line that nothing covers."""
    for low, high in sorted(covered):
        if low > start:
            yield start, min(low, end)
        start = max(start, high)
        if start >= end:
            return
    yield start, end
