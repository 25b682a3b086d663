"""A picture on a terminal: a fan, bars, or a sparkline for each of many series; other pictures are
files.
"""

from collections.abc import Iterator
from functools import partial
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

import numpy as np

from rural_forecast.document.picture import MAIN, Course, Line, Panels, Picture
from rural_forecast.errors import UsageError
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import shade
from rural_forecast.render.wrapping import UNKNOWN_WIDTH, Pen, cell_len, padded, wrap
from rural_forecast.text.numbers import sparkline
from rural_forecast.text.style import TERMINAL
from rural_forecast.text.wording import listed

MANY = 256
NARROWEST = 30
WIDEST = 120
_LONGEST_NAME = 34
_LOWEST = 12
_HIGHEST = 24
# Columns of a drawing without which there is no room for labels, and from which they are whole.
_FEWEST = 8
_ROOMY = 60
_INKS = ("", "36", "33", "35", "32", "34", "31", "37")  # by tone, of the terminal's own palette
# Bits of a braille character by row and column.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_OTHERS = "□△▽☆◁"
_SHADES = "▓▒░"
_CUT = {1: ("↑", "goes on above the axis"), -1: ("↓", "goes on below the axis")}


def render(
    picture: Picture, *, width: int | None = None, head: bool = True, **terminal: Any
) -> str:
    """Draw the picture, with its texts around it for a `head`. Raises UsageError if a terminal does
    not draw it.
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), **terminal)
    plot = picture.plot
    unit = pen.lines(picture.unit, "2")
    if isinstance(plot, Course):
        lines = [
            *unit,
            *(
                _bars(picture, plot, pen)
                if plot.bars
                else _CharacterFan(picture, plot, pen).lines()
            ),
        ]
    elif isinstance(plot, Panels) and all(isinstance(one.plot, Course) for one in plot.pictures):
        lines = _sparklines(plot, pen)
    else:
        said = "A terminal draws fans, bars and sparklines, and this picture is none."
        raise UsageError(said, "Write it to a file: -o picture.svg.")
    lines += [line for note in picture.notes for line in pen.lines(note, "2")]
    if head:
        above = [
            *pen.lines(picture.title, "1"),
            *pen.lines(picture.subtitle),
            *pen.lines(picture.about, "2"),
        ]
        lines = [*above, "", *lines, *pen.lines(picture.source, "2")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _bars(picture: Picture, plot: Course, pen: Pen) -> list[str]:
    write = picture.amounts
    texts = {mark.x: pen.text(mark.text) for mark in plot.marks}
    for band in plot.bands:
        for year, low, high in zip(band.xs, band.lower, band.upper, strict=True):
            texts[year] += f" ({write(low)} to {write(high)})"
    room = pen.width - 7 - max(map(cell_len, texts.values()), default=0)
    unit = max(room, _FEWEST) / (max(map(abs, plot.drawn)) or 1.0)
    values = [
        (year, value, pen.drawn("█▓"[line.tone]))
        for line in plot.lines
        for year, value in line.points
    ]
    return [
        f"{year:.0f}  {sign * max(round(abs(value) * unit), int(value != 0))} {texts.get(year, '')}"
        for year, value, sign in values
    ]


def _sparklines(panels: Panels, pen: Pen) -> list[str]:
    courses = [(one.title, one.plot) for one in panels.pictures if isinstance(one.plot, Course)]
    longest = min(
        max(cell_len(pen.text(name)) for name, _ in courses), _LONGEST_NAME, pen.width // 3
    )
    drawn = []
    for name, plot in courses:
        labels = pen.cut(
            "; ".join(label.text for label in plot.labels if not label.level), pen.width // 3
        )
        room = max(pen.width - longest - cell_len(labels) - 4, 6)
        known = {x: y for line in plot.lines if not line.faint for x, y in line.points}
        values = [known[year] for year in sorted(known)][-room:]
        ends = (0.0, *values, *plot.axis_values)
        spark = pen.drawn(sparkline(values, low=min(ends), high=max(ends), longest=room))
        drawn.append(f"{padded(pen.cut(name, longest), longest)}  {spark}  {labels}")
    return drawn


class _CharacterFan:
    """Cells by row and column, each with its sign and tone, over levels of bands by half row and
    column.
    """

    def __init__(self, picture: Picture, plot: Course, pen: Pen) -> None:
        height = min(max(pen.width // 4, _LOWEST), _HIGHEST)
        self.plot = plot
        self.pen = pen
        self.rows = height - 2
        self.scale = scales.of(picture, height // 3)
        (self.first, self.last), self.sides = plot.span, self.scale.sides(plot)
        self.left = max(map(len, self.scale.texts))
        room = pen.width - self.left - 1
        self.labels: dict[int, str] = {}
        if room - pen.width // 3 > _FEWEST:
            ends = [self.scale.placed(label.y) for label in plot.labels]
            places = scales.spread(
                [(self.rows - 1) * (1 - share) for share, _ in ends], 1.02, 0, self.rows - 1
            )
            for place, label, (_, cut) in zip(map(round, places), plot.labels, ends, strict=True):
                text = label.text if pen.width >= _ROOMY else label.amount
                self.labels[place] = pen.cut(
                    f"{_CUT[cut][0]} {text}" if cut else text, pen.width // 3
                )
        self.columns = room - max((cell_len(text) + 1 for text in self.labels.values()), default=0)
        self.cells: dict[tuple[int, int], tuple[str, int]] = {}
        self.ground: dict[tuple[int, int], int] = {}
        answer = {band.tone for band in plot.bands} == {MAIN}
        self.shaded = pen.color >= MANY and pen.unicode and answer
        self.colours = TERMINAL["light" if pen.light else "dark"]

    def lines(self) -> list[str]:
        plot = self.plot
        for band in reversed(plot.bands):
            columns = range(self._column(band.xs[0]), self._column(band.xs[-1]) + 1)
            years = np.interp(columns, (0, self.columns - 1), (self.first, self.last))
            edges = (np.interp(years, *np.transpose(edge)) for edge in self.scale.outline(band))
            for column, low, high in zip(columns, *edges, strict=True):
                top, bottom = (round((1 - share) * (2 * self.rows - 1)) for share in (high, low))
                self.ground |= {(half, column): band.level for half in range(top, bottom + 1)}
                for side in self.sides:
                    if (high >= 1) if side > 0 else (low <= 0):
                        self.cells[0 if side > 0 else self.rows - 1, column] = _CUT[side][0], 0
        # What was observed lies on top.
        for line in sorted(plot.lines, key=lambda line: line.dash == "solid"):
            self._line(line)
        for mark in plot.signs:
            self.cells[self._row(mark.y), self._column(mark.x)] = "◇", mark.tone
        lines = []
        ticks = dict(zip(map(self._row, self.scale.ticks), self.scale.texts, strict=True))
        for row in range(self.rows):
            drawn = ""
            tick = self.pen.text(ticks.get(row, ""))
            for ink, together in groupby(
                map(partial(self._cell, row), range(self.columns)), key=itemgetter(1)
            ):
                text = self.pen.drawn("".join(sign for sign, _ in together))
                drawn += f"\x1b[{ink}m{text}\x1b[0m" if ";5;" in ink else self.pen.ink(text, ink)
            axis = self.pen.drawn("┤" if tick else "│")
            lines.append(f"{tick:>{self.left}}{axis}{drawn} {self.labels.get(row, '')}")
        key = list[str]()
        for entry in (
            part for whole in dict.fromkeys(self._key()) for part in wrap(whole, self.pen.width)
        ):
            joined = f"{key[-1]}   {entry}" if key else entry  # as many in a line as fit
            key[-1:] = [joined] if cell_len(joined) <= self.pen.width else [*key[-1:], entry]
        return [*lines, *self._years(), *(self.pen.ink(line, "2") for line in key)]

    def _key(self) -> Iterator[str]:
        plot = self.plot
        text = self.pen.text
        signs = self.pen.drawn
        dashed = [line for line in plot.lines if line.dash == "dashed"]
        yield from (
            f"{signs(self._sign(line))} {text(line.name)}" for line in plot.lines if line.name
        )
        if not any(line.name for line in dashed):
            yield from (
                f"{signs(self._sign(line))} forecast" for line in dashed if line.tone <= MAIN
            )
        if self.shaded and len(plot.bands) > 1:
            yield f"shaded: {listed(f'{band.level} %' for band in plot.bands)}"
        elif not self.shaded:
            bands = (band for band in plot.bands if band.name)
            yield from (f"{signs(self._shade(band.level))} {text(band.name)}" for band in bands)
        for mark in plot.signs:
            yield f"{signs('◇')} {f'{mark.x:.0f}: {text(mark.text)}' if mark.text else 'published'}"
        yield from (f"{signs(_CUT[side][0])} {_CUT[side][1]}" for side in self.sides)
        if self.scale.logarithmic:
            yield "logarithmic axis"

    def _sign(self, line: Line) -> str:
        """The sign of a line's values: observed, forecast, then one a tone."""
        if line.tone > MAIN and not line.faint:
            return _OTHERS[(line.tone - MAIN - 1) % len(_OTHERS)]
        if line.faint or not line.dots:
            return "◦" if line.dots else "·"
        return "◆" if line.dash == "dashed" else "●"

    def _shade(self, level: int) -> str:
        """The paler the higher the level; the darkest shade is for three levels or more."""
        levels = [band.level for band in self.plot.bands]
        return _SHADES[min(levels.index(level) + (len(levels) < len(_SHADES)), len(_SHADES) - 1)]

    def _column(self, year: float) -> int:
        return round((year - self.first) / ((self.last - self.first) or 1) * (self.columns - 1))

    def _row(self, value: float) -> int:
        return round((1 - self.scale.share(value)) * (self.rows - 1))

    def _line(self, line: Line) -> None:
        heights = [4 * (1 - self.scale.share(y)) * (self.rows - 1) + 2 for y in line.ys]
        dots: dict[tuple[int, int], int] = {}
        for (x0, y0), (x1, y1) in pairwise(
            zip((2 * self._column(x) for x in line.xs), heights, strict=True)
        ):
            steps = max(x1 - x0, round(abs(y1 - y0))) + 1
            for x, y in zip(np.linspace(x0, x1, steps), np.linspace(y0, y1, steps), strict=True):
                (row, down), (column, right) = divmod(int(y), 4), divmod(round(x), 2)
                dots[row, column] = dots.get((row, column), 0) | _DOTS[down][right]
        solid = line.dash == "solid" or (self.shaded and line.tone == MAIN)
        braille = self.pen.unicode and solid and not line.faint
        for place, bits in dots.items():
            self.cells[place] = chr(0x2800 + bits) if braille else "·", line.tone
        # A forecast is drawn from the last observed value on.
        own = line.points[line.dash == "dashed" :]
        for year, value in own if line.dots else ():
            self.cells[self._row(value), self._column(year)] = self._sign(line), line.tone

    def _cell(self, row: int, column: int) -> tuple[str, str]:
        """A sign with its ink; of a band's edge half of the cell."""
        sign, tone = self.cells.get((row, column), (" ", 0))
        levels = [self.ground.get((half, column), 0) for half in (2 * row, 2 * row + 1)]
        if not any(levels) or not self.shaded:
            shaded = self._shade(min(filter(None, levels))) if any(levels) and sign == " " else sign
            return shaded, _INKS[tone % len(_INKS)]
        above, below = (self.colours[f"band{shade(level)}"] if level else "" for level in levels)
        if sign != " ":
            return (
                sign,
                f"1;38;5;{self.colours['accent' if tone == MAIN else 'ink']};48;5;{below or above}",
            )
        if above == below:
            return sign, f"48;5;{below}"
        return (
            ("▀", f"38;5;{above};48;5;{below}" if below else f"38;5;{above}")
            if above
            else ("▄", f"38;5;{below}")
        )

    def _years(self) -> Iterator[str]:
        first = round(self.first)
        last = round(self.last)
        most = max(self.columns // 7, 1)
        step = next(
            (step for step in (1, 2, 5, 10, 20, 25, 50) if (last - first) / step <= most), 100
        )
        years = [*range(last, first - 1, -step)][::-1]
        columns = [self._column(year) for year in years]
        yield " " * self.left + self.pen.drawn(
            "└" + "".join("┬" if at in columns else "─" for at in range(self.columns))
        )
        line = ""
        for year, column in zip(map(str, years), columns, strict=True):
            start = max(min(column - len(year) // 2, self.pen.width - self.left - 1 - len(year)), 0)
            line += f"{'':{start - len(line)}}{year}" if start > len(line) or not line else ""
        yield " " * (self.left + 1) + line
