"""A picture on a terminal: a fan, bars, or a sparkline for each of many series.

Other pictures are files. A fan is a grid of characters with two layers: `cells` has signs, `ground`
the levels of bands behind them in half rows, so that an edge has twice the resolution.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Band, Course, Line, Panels, Picture
from rural_forecast.errors import UsageError
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import shade
from rural_forecast.render.wrapping import UNKNOWN_WIDTH, Pen, cell_len, padded, wrap
from rural_forecast.text.numbers import sparkline
from rural_forecast.text.style import TERMINAL
from rural_forecast.text.wording import listed

MANY = 256  # colours from which bands are backgrounds

# Columns of a picture, and rows: a quarter as many as columns, as a cell is twice as high as wide.
NARROWEST = 30
WIDEST = 120
_LOWEST = 12
_HIGHEST = 24

_LONGEST_NAME = 34  # of a series beside its sparkline
_SHORTEST_SPARKLINE = 6
_FEWEST = 8  # columns of a drawing without which there is no room for labels
_ROOMY = 60  # columns of a picture from which labels are whole
_YEAR_COLUMNS = 7  # of the axis for each year that is written
_YEAR_STEPS = (1, 2, 5, 10, 20, 25, 50)
_LONGEST_YEAR_STEP = 100

_INKS = ("", "36", "33", "35", "32", "34", "31", "37")  # by tone, of the terminal's own palette
# Bits of a braille character (U+2800 and on) by row and column: it has four rows of two dots.
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_OTHERS = "□△▽☆◁"
_SHADES = "▓▒░"
_CUT = {1: ("↑", "goes on above the axis"), -1: ("↓", "goes on below the axis")}


def render(
    picture: Picture, *, width: int | None = None, head: bool = True, **terminal: Any
) -> str:
    """Draw the picture, with its texts around it for a `head`.

    Raises UsageError if a terminal does not draw it.
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), **terminal)
    lines = _drawing(picture, pen)
    for note in picture.notes:
        lines += pen.lines(note, "2")
    if head:
        above = [
            *pen.lines(picture.title, "1"),
            *pen.lines(picture.lead),
            *pen.lines(picture.about, "2"),
        ]
        lines = [*above, "", *lines, *pen.lines(picture.source, "2")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _drawing(picture: Picture, pen: Pen) -> list[str]:
    plot = picture.plot
    if isinstance(plot, Course):
        unit = pen.lines(picture.unit, "2")
        if plot.bars:
            return unit + _bars(picture, plot, pen)
        return unit + _CharacterFan(picture, plot, pen).lines()
    if isinstance(plot, Panels) and all(isinstance(panel.plot, Course) for panel in plot.pictures):
        return _sparklines(plot, pen)
    raise UsageError(
        "A terminal draws fans, bars and sparklines, and this picture is none.",
        "Write it to a file: -o picture.svg.",
    )


def _bars(picture: Picture, plot: Course, pen: Pen) -> list[str]:
    """Draw a bar a year, with its value and range behind it."""
    write = picture.amounts
    values = [mark for mark in plot.marks if mark.shape == "none"]
    texts = {mark.x: pen.text(mark.text) for mark in values}
    medians = {mark.x: mark.y for mark in values}
    for band in plot.bands:
        for year, low, high in zip(band.xs, band.lower, band.upper, strict=True):
            of_year = write.of_range(medians.get(year, high), low, high)
            texts[year] += f" ({' to '.join(of_year.bounds(low, high))})"
    for mark in plot.signs:
        texts[mark.x] += f"; {pen.text(mark.text)}"

    room = pen.width - len("2018   ") - max(map(cell_len, texts.values()), default=0)
    largest = max(map(abs, plot.drawn)) or 1.0
    unit = max(room, _FEWEST) / largest
    lines = []
    for line in plot.lines:
        sign = pen.drawn("█▓"[line.tone])
        for year, value in line.points:
            length = max(round(abs(value) * unit), 0 if value == 0 else 1)
            lines.append(f"{year:.0f}  {sign * length} {texts.get(year, '')}")
    return lines


def _sparklines(panels: Panels, pen: Pen) -> list[str]:
    """Draw the name, the course and the last values of each series on one line."""
    courses = [
        (one.title, one.about, one.plot) for one in panels.pictures if isinstance(one.plot, Course)
    ]
    third = pen.width // 3
    names = max(cell_len(pen.text(name)) for name, *_ in courses)
    longest = min(names, _LONGEST_NAME, third)
    lines = []
    for name, about, plot in courses:
        amounts = [label.text for label in plot.labels if not label.level]
        labels = pen.cut("; ".join(filter(None, (*amounts, about))), third)
        room = max(pen.width - longest - cell_len(labels) - 4, _SHORTEST_SPARKLINE)
        values = _course_values(plot)[-room:]
        ends = (0.0, *values, *plot.axis_values)
        spark = pen.drawn(sparkline(values, low=min(ends), high=max(ends), longest=room))
        lines.append(f"{padded(pen.cut(name, longest), longest)}  {spark}  {labels}")
    return lines


def _course_values(plot: Course) -> list[float]:
    """List the values of all lines but faint ones by year; a later line replaces an earlier one."""
    by_year: dict[float, float] = {}
    for line in plot.lines:
        if not line.faint:
            by_year.update(line.points)
    return [by_year[year] for year in sorted(by_year)]


class _CharacterFan:
    """A fan in characters: axis and labels around a grid of `rows` and `columns`."""

    def __init__(self, picture: Picture, plot: Course, pen: Pen) -> None:
        height = min(max(pen.width // 4, _LOWEST), _HIGHEST)
        self.plot = plot
        self.pen = pen
        self.rows = height - 2  # the other two have the years
        self.scale = scales.of(picture, height // 3)
        self.first, self.last = plot.span
        self.sides = self.scale.sides(plot)
        self.left = max(map(len, self.scale.texts))
        room = pen.width - self.left - 1
        self.labels: dict[int, str] = {}
        if room - pen.width // 3 > _FEWEST:
            self.labels = self._labels()
        self.columns = room - max((cell_len(text) + 1 for text in self.labels.values()), default=0)
        self.cells: dict[tuple[int, int], tuple[str, int]] = {}  # sign and tone
        self.ground: dict[tuple[int, int], int] = {}
        self.shows_answer_alone = {band.tone for band in plot.bands} == {MAIN}
        # Over an unknown background shades of colour would invert on half of all terminals; signs
        # that are denser inside do not.
        is_known = pen.light is not None
        has_shades = pen.color >= MANY and pen.unicode and is_known
        self.shaded = has_shades and self.shows_answer_alone
        self.colours = TERMINAL["light" if pen.light else "dark"]

    def _labels(self) -> dict[int, str]:
        """Place the labels at the right edge by rows, one a row."""
        labels = self.plot.labels
        ends = [self.scale.placed(label.y) for label in labels]
        lowest = self.rows - 1
        wanted = [lowest * (1 - share) for share, _ in ends]
        # A little more than a row apart, so that no two are rounded to one row.
        moved = scales.spread(wanted, 1.02, 0, lowest)
        texts = {}
        for row, label, (_, side) in zip(map(round, moved), labels, ends, strict=True):
            text = label.text if self.pen.width >= _ROOMY else label.amount
            if side:
                sign, _ = _CUT[side]
                text = f"{sign} {text}"
            texts[row] = self._fitted(text, label.name)
        return texts

    def _fitted(self, text: str, name: str) -> str:
        """Leave out clauses that the key has, such as a rate of growth, before a name is cut."""
        room = self.pen.width // 3
        names = [line.name for line in self.plot.lines]
        while name in names and ", " in name and cell_len(text) > room:
            clause = name[name.rindex(", ") :]
            if not text.endswith(clause):
                break
            text = text.removesuffix(clause)
            names = [other.removesuffix(clause) for other in names]
            name = name.removesuffix(clause)
        return self.pen.cut(text, room)

    def lines(self) -> list[str]:
        """Draw everything, back to front, and write it row by row."""
        plot = self.plot
        for band in reversed(plot.bands):
            self._band(band)
        # What was observed lies on top.
        for line in sorted(plot.lines, key=lambda line: line.dash == "solid"):
            self._line(line)
        for mark in plot.signs:
            self.cells[self._row(mark.y), self._column(mark.x)] = ("◇", mark.tone)

        ticks = dict(zip(map(self._row, self.scale.ticks), self.scale.texts, strict=True))
        rows = [self._row_text(row, ticks.get(row, "")) for row in range(self.rows)]
        key = [self.pen.ink(line, "2") for line in self._key_lines()]
        return [*rows, *self._years(), *key]

    def _band(self, band: Band) -> None:
        """Fill the ground of a band, with arrows where it leaves the axis."""
        columns = range(self._column(band.xs[0]), self._column(band.xs[-1]) + 1)
        years = np.interp(columns, (0, self.columns - 1), (self.first, self.last))
        lower, upper = self.scale.outline(band)
        lows = np.interp(years, *np.transpose(lower))
        highs = np.interp(years, *np.transpose(upper))
        lowest_half = 2 * self.rows - 1
        for column, low, high in zip(columns, lows, highs, strict=True):
            top = round((1 - high) * lowest_half)
            bottom = round((1 - low) * lowest_half)
            for half in range(top, bottom + 1):
                self.ground[half, column] = band.level
            if 1 in self.sides and high >= 1:
                self.cells[0, column] = (_CUT[1][0], 0)
            if -1 in self.sides and low <= 0:
                self.cells[self.rows - 1, column] = (_CUT[-1][0], 0)

    def _line(self, line: Line) -> None:
        """Draw a line by braille, or dots where it is dashed, and its values by signs."""
        dots = {} if line.dash == "none" else self._dots(line)
        solid = line.dash == "solid" or (self.shaded and line.tone == MAIN)
        braille = self.pen.unicode and solid and not line.faint
        for position, bits in dots.items():
            self.cells[position] = (chr(_BRAILLE + bits) if braille else "·", line.tone)
        if not line.dots:
            return
        # A forecast is drawn from the last observed value on, which has a sign of its own.
        start = 1 if line.dash == "dashed" else 0
        for year, value in line.points[start:]:
            self.cells[self._row(value), self._column(year)] = (self._sign(line), line.tone)

    def _dots(self, line: Line) -> dict[tuple[int, int], int]:
        """Find the dots of braille characters that a line runs through, as bits by cell."""
        xs = [2 * self._column(x) for x in line.xs]
        ys = [4 * (1 - self.scale.share(y)) * (self.rows - 1) + 2 for y in line.ys]
        dots: dict[tuple[int, int], int] = {}
        for (x0, y0), (x1, y1) in pairwise(zip(xs, ys, strict=True)):
            steps = max(x1 - x0, round(abs(y1 - y0))) + 1
            for x, y in zip(np.linspace(x0, x1, steps), np.linspace(y0, y1, steps), strict=True):
                row, down = divmod(int(y), 4)
                column, right = divmod(round(x), 2)
                dots[row, column] = dots.get((row, column), 0) | _DOTS[down][right]
        return dots

    def _row_text(self, row: int, tick: str) -> str:
        """Write a row: the tick, the axis, cells by runs of one ink, and the label."""
        drawn = ""
        cells = map(partial(self._cell, row), range(self.columns))
        for ink, run in groupby(cells, key=itemgetter(1)):
            text = self.pen.drawn("".join(sign for sign, _ in run))
            # Backgrounds are inked even where no sign is; `Pen.ink` leaves spaces as they are.
            drawn += f"\x1b[{ink}m{text}\x1b[0m" if ";5;" in ink else self.pen.ink(text, ink)
        tick = self.pen.text(tick)
        axis = self.pen.drawn("┤" if tick else "│")
        return f"{tick:>{self.left}}{axis}{drawn} {self.labels.get(row, '')}"

    def _cell(self, row: int, column: int) -> tuple[str, str]:
        """Choose a sign with its ink; of a band's edge half of the cell."""
        sign, tone = self.cells.get((row, column), (" ", 0))
        above = self.ground.get((2 * row, column), 0)
        below = self.ground.get((2 * row + 1, column), 0)
        levels = [level for level in (above, below) if level]
        if levels and not self.shaded and self.shows_answer_alone:
            return (self._shade(min(levels)), _INKS[MAIN]) if sign == " " else (sign, "1")
        if not levels or not self.shaded:
            if levels and sign == " ":
                sign = self._shade(min(levels))
            return sign, _INKS[tone % len(_INKS)]

        colour_above = self.colours[f"band{shade(above)}"] if above else ""
        colour_below = self.colours[f"band{shade(below)}"] if below else ""
        if sign != " ":
            ink = self.colours["accent" if tone == MAIN else "ink"]
            return sign, f"1;38;5;{ink};48;5;{colour_below or colour_above}"
        if colour_above == colour_below:
            return sign, f"48;5;{colour_below}"
        if not colour_above:
            return "▄", f"38;5;{colour_below}"
        background = f";48;5;{colour_below}" if colour_below else ""
        return "▀", f"38;5;{colour_above}{background}"

    def _key_lines(self) -> list[str]:
        """Write the key, as many entries in a line as fit."""
        lines: list[str] = []
        for entry in dict.fromkeys(self._key()):
            for part in wrap(entry, self.pen.width):
                joined = f"{lines[-1]}   {part}" if lines else part
                if lines and cell_len(joined) <= self.pen.width:
                    lines[-1] = joined
                else:
                    lines.append(part)
        return lines

    def _key(self) -> Iterator[str]:
        """List the entries of the key: lines, bands, published figures, and what is cut."""
        plot = self.plot
        text = self.pen.text
        signs = self.pen.drawn
        yield from self._line_names()
        if self.shaded and len(plot.bands) > 1:
            yield f"shaded: {listed(f'{band.level} %' for band in plot.bands)}"
        if not self.shaded:
            for band in plot.bands:
                if band.name:
                    yield f"{signs(self._shade(band.level))} {text(band.name)}"

        for mark in plot.signs:
            name = f"{mark.x:.0f}: {text(mark.text)}" if mark.text else "published"
            yield f"{signs('◇')} {name}"
        for side in self.sides:
            sign, meaning = _CUT[side]
            yield f"{signs(sign)} {meaning}"
        if self.scale.logarithmic:
            yield "logarithmic axis"

    def _line_names(self) -> Iterator[str]:
        """Name the lines; a forecast is named even where its line has no name."""
        text = self.pen.text
        signs = self.pen.drawn
        for line in self.plot.lines:
            if line.name:
                yield f"{signs(self._sign(line))} {text(line.name)}"
        dashed = [line for line in self.plot.lines if line.dash == "dashed"]
        if not any(line.name for line in dashed):
            for line in dashed:
                if line.tone <= MAIN:
                    yield f"{signs(self._sign(line))} forecast"

    def _sign(self, line: Line) -> str:
        """Choose the sign of a line's values: observed, forecast, then one a tone."""
        if line.tone > MAIN and not line.faint:
            return _OTHERS[(line.tone - MAIN - 1) % len(_OTHERS)]
        if line.faint or not line.dots:
            return "◦" if line.dots else "·"
        return "◆" if line.dash == "dashed" else "●"

    def _shade(self, level: int) -> str:
        """Choose a shade, the paler the wider the band; the darkest is for three bands or more."""
        levels = [band.level for band in self.plot.bands]
        rank = levels.index(level)
        if len(levels) < len(_SHADES):
            rank += 1
        return _SHADES[min(rank, len(_SHADES) - 1)]

    def _column(self, year: float) -> int:
        return round((year - self.first) / ((self.last - self.first) or 1) * (self.columns - 1))

    def _row(self, value: float) -> int:
        return round((1 - self.scale.share(value)) * (self.rows - 1))

    def _years(self) -> Iterator[str]:
        """Draw the axis of years, at a step at which they fit, counted back from the last one."""
        first = round(self.first)
        last = round(self.last)
        most = max(self.columns // _YEAR_COLUMNS, 1)
        step = next(
            (step for step in _YEAR_STEPS if (last - first) / step <= most), _LONGEST_YEAR_STEP
        )
        years = range(last, first - 1, -step)[::-1]
        columns = [self._column(year) for year in years]
        ticks = "".join("┬" if column in columns else "─" for column in range(self.columns))
        yield " " * self.left + self.pen.drawn(f"└{ticks}")

        line = ""
        right = self.pen.width - self.left - 1
        for year, column in zip(map(str, years), columns, strict=True):
            start = max(min(column - len(year) // 2, right - len(year)), 0)
            if start > len(line) or not line:
                line += " " * (start - len(line)) + year
        yield " " * (self.left + 1) + line
