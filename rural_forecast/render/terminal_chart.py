"""A picture on a terminal: told apart by signs and texts first, by colour where there is some.

plotext draws a course over years into character cells; ranges are rows of text. Every column and sign has its ASCII
twin, for terminals that know nothing else. No text from data reaches plotext: labels are cleaned before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log10
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.extras import need
from rural_forecast.picture import MAIN, Course
from rural_forecast.render import axes, terminal_rows
from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, chop_cells, wrap

if TYPE_CHECKING:
    from rural_forecast.picture import Band, Line, Picture

UNKNOWN_WIDTH, NARROWEST, WIDEST = 80, 30, 120
_LOWEST, _HIGHEST = 12, 24
"""Lines of the drawing."""
_SIGNS = {
    "observed": ("●", "o"),
    "faint": ("◦", ","),
    "line": ("braille", "."),
    "dash": ("·", "."),
    "forecast": ("○", "x"),
    "inner": ("▒", ":"),
    "outer": ("░", "'"),
    "diamond": ("◆", "@"),
    "up": ("▲", "^"),
    "down": ("▼", "v"),
    "dot": ("■", "#"),
    "other": ("□△◇▽☆◁", "*+%&$~"),
}
_INKS = {0: None, 1: 6, 2: 3, 3: 5, 4: 2, 5: 4, 6: 1}
"""Colours of the terminal's own palette by tone, so that they suit its background."""
_FRAME = str.maketrans("│┤└┬─", "|+++-")


class Pen(NamedTuple):
    """How a drawing is written."""

    width: int
    color: bool
    unicode: bool

    def sign(self, name: str) -> str:
        """The sign of a thing, by what the terminal knows."""
        return _SIGNS[name][0 if self.unicode else 1]

    def text(self, text: str) -> str:
        """Text from data made harmless."""
        return prose(text, unicode=self.unicode)

    def ink(self, text: str, code: str) -> str:
        """Text in colour or weight where there is colour."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text.strip() else text


def render(
    picture: Picture, *, width: int | None = None, color: bool = False, unicode: bool = True, head: bool = True
) -> str:
    """Draw the picture with its title, the answer and what the signs mean.

    Parameters
    ----------
    width : columns of the terminal, 80 where it is not known; at least 30, and at most 120 are used
    head : whether title and answer stand above the drawing

    Raises
    ------
    UsageError : plotext is not installed
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), color, unicode)
    above = [pen.ink(line, "1") for line in wrap(pen.text(picture.title), pen.width)]
    above += [line for line in wrap(pen.text(picture.claim), pen.width) if line]
    lines = [*above, "", *drawing(picture, pen)] if head else drawing(picture, pen)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def drawing(picture: Picture, pen: Pen) -> list[str]:
    """The drawing itself and the lines that explain it."""
    if isinstance(picture.plot, Course):
        unit = [pen.ink(pen.text(picture.unit), "2")] if picture.unit else []
        return [*unit, *_Canvas(picture, picture.plot, pen).lines(), *_key(picture.plot, pen)]
    return terminal_rows.lines(picture, picture.plot, pen.width, color=pen.color, unicode=pen.unicode)


class _Canvas:
    """The drawing of a course: plotext's figure with values already on the scale of the axis."""

    def __init__(self, picture: Picture, plot: Course, pen: Pen) -> None:
        self.plot, self.pen, self.logarithmic = plot, pen, picture.logarithmic and plot.positive
        self.height = min(max(pen.width // 4, _LOWEST), _HIGHEST)
        low, high = axes.extent(picture)
        make = axes.log_ticks if self.logarithmic else axes.value_ticks
        self.ticks = make(low, high, self.height // 3)
        low, high = axes.limits(self.ticks, low, high, logarithmic=self.logarithmic)
        self.ticks = [tick for tick in self.ticks if low <= tick <= high]
        self.low, self.high = self.scaled(low), self.scaled(high)
        self.first, self.last = axes.years(plot)
        self.tick_texts = [pen.text(text) for text in axes.texts(self.ticks)]
        self.labels = self._fitting_labels()
        names = max((cell_len(label.text) + 1 for label in self.labels), default=0)
        self.columns = pen.width - max(map(len, self.tick_texts)) - names - 1
        self._plotext = need("plotext", "chart", "A chart")

    def scaled(self, value: float) -> float:
        return log10(value) if self.logarithmic else value

    def _fitting_labels(self) -> list[Any]:
        """Labels whose text leaves two thirds of the width to the drawing; a narrow terminal shows numbers alone."""
        room = self.pen.width // 3
        texts = [self.pen.text(label.text) for label in self.plot.labels]
        if max(map(cell_len, texts), default=0) > room:
            texts = [_shortened(text, room) for text in texts]
        return [_Text(self.scaled(one.y), text) for one, text in zip(self.plot.labels, texts, strict=True)]

    def lines(self) -> list[str]:
        plotext = self._plotext
        plotext.terminal.limit(False, False)
        self.figure = plotext.figure
        self.figure.clear()
        self.figure.theme("colorless")
        self.figure.plot_size(self.pen.width, self.height)
        span = self.high - self.low or 1.0
        self.step_y, self.step_x = span / (self.height - 3), max(self.last - self.first, 1) / max(self.columns, 1)
        signs = dict(zip(self.plot.lines, _signs(self.plot, self.pen), strict=True))
        for band in self.plot.bands:
            self._band(band)
        for line in sorted(self.plot.lines, key=lambda line: line.dash == "solid"):  # what was observed lies on top
            self._line(line, signs[line])
        for mark in self.plot.marks:
            self._draw([mark.x], [self.scaled(mark.y)], self.pen.sign(mark.shape), mark.tone)
        self._frame()
        text = self.figure.build().string(colorless=not self.pen.color).rstrip("\n")
        self.figure.clear()
        return self._finished(text)

    def _draw(self, xs: Sequence[float], ys: Sequence[float], sign: str, tone: int, *, joined: bool = False) -> None:
        pixel = self._plotext.pixel(_INKS.get(tone % 7)) if self.pen.color and _INKS.get(tone % 7) else None
        marker = self._plotext.marker(sign, pixel)
        signal = self.figure.signal(list(xs), list(ys), marker=marker)
        self.figure.draw(signal.lines() if joined else signal)

    def _band(self, band: Band) -> None:
        """Fill the cells between the bounds; the inner band is drawn over the outer one."""
        inner = band.level == min(one.level for one in self.plot.bands)
        xs, ys = [], []
        at = band.xs[0]
        while at <= band.xs[-1] + self.step_x / 2:
            x = min(at, band.xs[-1])
            low, high = (min(self.scaled(_between(band.xs, side, x)), self.high) for side in (band.lower, band.upper))
            rows = int((high - low) / self.step_y * 2) + 1
            for row in range(rows + 1):
                xs.append(x)
                ys.append(low + (high - low) * row / rows)
            at += self.step_x / 2
        self._draw(xs, ys, self.pen.sign("inner" if inner else "outer"), 8 if band.tone == 1 else band.tone)

    def _line(self, line: Line, sign: str) -> None:
        ys = [self.scaled(value) for value in line.ys]
        solid = line.dash == "solid" and not line.faint
        self._draw(line.xs, ys, self.pen.sign("line" if solid else "dash"), line.tone, joined=True)
        if not line.dots:
            return
        start = 1 if line.dash == "dashed" else 0  # a forecast is drawn from the last observed dot on
        self._draw(line.xs[start:], ys[start:], sign, line.tone)

    def _frame(self) -> None:
        figure = self.figure
        years = axes.year_ticks(self.first, self.last, max(self.columns // 7, 2))
        figure.axes(False, side=1)
        figure.ruler("x").lim(self.first, self.last if self.last > self.first else self.first + 1)
        figure.ruler("x").ticks(years, [str(year) for year in years])
        figure.ruler("y").lim(self.low, self.high)
        figure.ruler("y").ticks([self.scaled(tick) for tick in self.ticks], self.tick_texts)
        if self.labels:
            wanted = [min(label.y, self.high) for label in self.labels]
            places = axes.spread(wanted, self.step_y * 1.02, self.low, self.high)
            figure.ruler("y", "right").lim(self.low, self.high)
            figure.ruler("y", "right").ticks(places, [f" {label.text}" for label in self.labels])

    def _finished(self, text: str) -> list[str]:
        """Without plotext's empty resets, and in ASCII where the terminal knows nothing else."""
        lines = text.replace("\x1b[0m\x1b[0m", "\x1b[0m").split("\n")
        if not self.pen.unicode:
            lines = [line.translate(_FRAME) for line in lines]
        return [line.removeprefix("\x1b[0m") if self.pen.color else line for line in lines]


class _Text(NamedTuple):
    y: float
    text: str


def _shortened(text: str, room: int) -> str:
    """The number of a label, with as many of its words as fit."""
    kept = ""
    for word in text.split(" "):
        if kept and cell_len(kept) + 1 + cell_len(word) > room:
            break
        kept = f"{kept} {word}".strip()
    if kept.count("(") > kept.count(")"):
        kept = kept[: kept.rindex("(")].rstrip()
    return chop_cells(kept, room)[0] if kept else ""


def _between(xs: Sequence[float], ys: Sequence[float], x: float) -> float:
    for place in range(len(xs) - 1):
        if x <= xs[place + 1]:
            share = (x - xs[place]) / (xs[place + 1] - xs[place])
            return ys[place] + share * (ys[place + 1] - ys[place])
    return ys[-1]


def _key(plot: Course, pen: Pen) -> list[str]:
    """What the signs mean, then the published figures one by one."""
    entries = list(dict.fromkeys(_entries(plot, pen)))
    lines = []
    line = ""
    for entry in entries:
        if line and cell_len(line) + 3 + cell_len(entry) > pen.width:
            lines.append(line)
            line = ""
        line = f"{line}   {entry}" if line else entry
    lines.append(line)
    for mark in sorted(plot.marks, key=lambda mark: mark.x):
        if mark.text:
            lines += wrap(f"{pen.sign(mark.shape)} {mark.x:.0f}: {pen.text(mark.text)}", pen.width)
    return [pen.ink(line, "2") for line in lines]


def _signs(plot: Course, pen: Pen) -> Iterator[str]:
    """The sign of each line's values: one for what was observed, one for the forecast, then one a tone."""
    others = pen.sign("other")
    for line in plot.lines:
        if line.tone > MAIN:
            yield others[(line.tone - MAIN - 1) % len(others)]
        elif line.faint or not line.dots:
            yield pen.sign("faint" if line.dots else "dash")
        else:
            yield pen.sign("forecast" if line.dash == "dashed" else "observed")


def _entries(plot: Course, pen: Pen) -> Iterator[str]:
    for line, sign in zip(plot.lines, _signs(plot, pen), strict=True):
        if line.name:
            yield f"{sign} {pen.text(line.name)}"
    inner = min((band.level for band in plot.bands), default=0)
    for band in sorted(plot.bands, key=lambda band: band.level):
        if band.name:
            yield f"{pen.sign('inner' if band.level == inner else 'outer')} {pen.text(band.name)}"
    if plot.marks:
        yield f"{' '.join(dict.fromkeys(pen.sign(mark.shape) for mark in plot.marks))} published"
