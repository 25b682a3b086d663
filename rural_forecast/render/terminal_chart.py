"""A picture on a terminal: distinguished by signs and texts first, by colour where there is some.

plotext draws a course over years into character cells; ranges are rows of text. Every column and sign has its ASCII
twin, for terminals that know nothing else. No text from data reaches plotext: labels are cleaned before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.document.picture import MAIN, Band, Columns, Course, Line, Mark, Panels
from rural_forecast.render import axes, key, terminal_columns, terminal_rows
from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, chop_cells, wrap
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.render.scale import Cut

UNKNOWN_WIDTH, NARROWEST, WIDEST = 80, 30, 120
_LOWEST, _HIGHEST = 12, 24
"""Lines of the drawing."""
_SIGNS = {
    "observed": ("●", "o"),
    "faint": ("◦", ","),
    "line": ("braille", "."),
    "dash": ("·", "."),
    "forecast": ("○", "x"),
    "band": ("▓▒░", "=:'"),
    "diamond": ("◆", "@"),
    "up": ("▲", "^"),
    "down": ("▼", "v"),
    "dot": ("■", "#"),
    "beyond": ("↑", "/"),
    "below": ("↓", "\\"),
    "other": ("□△◇▽☆◁", "*+%&$~"),
}
_INKS = {0: None, 1: 6, 2: 3, 3: 5, 4: 2, 5: 4, 6: 1, 7: 7}
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
    head : whether title, answer and definition are above the drawing, and the source below it

    Raises
    ------
    UsageError : plotext is not installed
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), color, unicode)
    above = [pen.ink(line, "1") for line in wrap(pen.text(picture.head), pen.width)]
    above += [line for line in wrap(pen.text(picture.title), pen.width) if picture.claim]
    above += [pen.ink(line, "2") for line in wrap(pen.text(picture.subtitle), pen.width) if line]
    below = [pen.ink(line, "2") for line in wrap(pen.text(picture.source), pen.width) if line]
    lines = [*above, "", *drawing(picture, pen), *below] if head else drawing(picture, pen)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def drawing(picture: Picture, pen: Pen) -> list[str]:
    """The drawing itself and the lines that explain it."""
    plot = picture.plot
    if isinstance(plot, Panels):
        lines = _panels(plot, pen)
    elif isinstance(plot, Columns):
        lines = [*_unit(picture, pen), *terminal_columns.lines(plot, picture.amounts, pen.width, unicode=pen.unicode)]
    elif isinstance(plot, Course):
        plot = replace(plot, traces=())  # in character cells they would hide the fan
        canvas = _Canvas(picture, plot, pen)
        lines = [*_unit(picture, pen), *canvas.lines(), *_key(picture, plot, canvas.scale, pen)]
    else:
        lines = terminal_rows.lines(picture, plot, pen.width, color=pen.color, unicode=pen.unicode)
    notes = [line for note in key.notes(picture) for line in wrap(pen.text(note), pen.width)]
    return [*lines, *(pen.ink(line, "2") for line in notes)]


def _unit(picture: Picture, pen: Pen) -> list[str]:
    return [pen.ink(pen.text(picture.unit), "2")] if picture.unit else []


def _panels(plot: Panels, pen: Pen) -> list[str]:
    """Small pictures one below the other, then several courses as one line each."""
    courses = tuple(picture for picture in plot.pictures if isinstance(picture.plot, Course))
    together = len(courses) > 1 or len(plot.pictures) == 1
    lines: list[str] = []
    for picture in plot.pictures:
        if together and picture in courses:
            continue
        heading = [pen.ink(line, "1") for line in wrap(pen.text(picture.head), pen.width)]
        lines += [*([""] if lines else []), *heading, *drawing(picture, pen)]
    if together and courses:
        lines += [*([""] if lines else []), *terminal_columns.sparks(courses, pen.width, unicode=pen.unicode)]
    return lines


class _Canvas:
    """The drawing of a course: plotext's figure with values already on the scale of the axis."""

    def __init__(self, picture: Picture, plot: Course, pen: Pen) -> None:
        self.plot, self.pen = plot, pen
        self.height = min(max(pen.width // 4, _LOWEST), _HIGHEST)
        self.scale = scales.of(picture, self.height // 3)
        self.first, self.last = plot.span
        self.tick_texts = [pen.text(text) for text in self.scale.texts]
        self.labels = self._labels()
        names = max((cell_len(text) + 1 for _, text in self.labels), default=0)
        self.columns = pen.width - max(map(len, self.tick_texts)) - names - 1
        self._plotext = need("plotext", "chart", "A chart")

    def _labels(self) -> list[tuple[float, str]]:
        """Labels with their places; two thirds of the width are for the drawing, so a narrow one has numbers alone."""
        room, pen = self.pen.width // 3, self.pen
        placed = scales.labels(self.plot, self.scale)
        signs = ["" if not one.cut else f"{pen.sign('beyond' if one.cut > 0 else 'below')} " for one in placed]
        texts = [pen.text(one.label.text) for one in placed]
        if max(map(cell_len, map("".join, zip(signs, texts, strict=True))), default=0) > room:
            texts = [_shortened(text, room - len(sign)) for sign, text in zip(signs, texts, strict=True)]
        return [(one.share, f"{sign}{text}") for one, sign, text in zip(placed, signs, texts, strict=True)]

    def lines(self) -> list[str]:
        plotext = self._plotext
        plotext.terminal.limit(False, False)
        self.figure = plotext.figure
        self.figure.clear()
        self.figure.theme("colorless")
        self.figure.plot_size(self.pen.width, self.height)
        self.step_y, self.step_x = 1 / (self.height - 3), max(self.last - self.first, 1) / max(self.columns, 1)
        signs = dict(zip(self.plot.lines, _signs(self.plot, self.pen), strict=True))
        for band in self.plot.bands:
            self._band(band)
        for cut in scales.cuts(self.plot, self.scale):
            self._cut(cut)
        for line in sorted(self.plot.lines, key=lambda line: line.dash == "solid"):  # what was observed lies on top
            self._line(line, signs[line])
        for mark in (mark for mark in self.plot.marks if mark.shape != "none"):
            self._draw([mark.x], [self.scale.share(mark.y)], self.pen.sign(mark.shape), mark.tone)
        self._frame()
        text = self.figure.build().string(colorless=not self.pen.color).rstrip("\n")
        self.figure.clear()
        return self._finished(text)

    def _draw(self, xs: Sequence[float], ys: Sequence[float], sign: str, tone: int, *, joined: bool = False) -> None:
        pixel = self._plotext.pixel(_INKS.get(tone % 8)) if self.pen.color and _INKS.get(tone % 8) else None
        marker = self._plotext.marker(sign, pixel)
        signal = self.figure.signal(list(xs), list(ys), marker=marker)
        self.figure.draw(signal.lines() if joined else signal)

    def _band(self, band: Band) -> None:
        """Fill the cells between the bounds; the inner band is drawn over the outer one."""
        lower, upper = scales.outline(band, self.scale)
        xs, ys = [], []
        for x in self._columns(band.xs[0], band.xs[-1]):
            low, high = _between(lower, x), _between(upper, x)
            rows = int((high - low) / self.step_y * 2) + 1
            for row in range(rows + 1):
                xs.append(x)
                ys.append(low + (high - low) * row / rows)
        self._draw(xs, ys, _shade(band, self.plot, self.pen), 8 if band.tone == 1 else band.tone)

    def _cut(self, cut: Cut) -> None:
        """Arrows along the edge of the drawing, where a band goes on beyond it."""
        xs = list(self._columns(cut.first, cut.last))
        sign = self.pen.sign("beyond" if cut.upward else "below")
        self._draw(xs, [1.0 if cut.upward else 0.0] * len(xs), sign, 8 if cut.band.tone == 1 else cut.band.tone)

    def _columns(self, first: float, last: float) -> Iterator[float]:
        """Years half a character apart."""
        at = first
        while at <= last + self.step_x / 2:
            yield min(at, last)
            at += self.step_x / 2

    def _line(self, line: Line, sign: str) -> None:
        ys = [self.scale.share(value) for value in line.ys]
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
        figure.ruler("y").lim(0, 1)
        figure.ruler("y").ticks([self.scale.share(tick) for tick in self.scale.ticks], self.tick_texts)
        if self.labels:
            places = axes.spread([share for share, _ in self.labels], self.step_y * 1.02, 0, 1)
            figure.ruler("y", "right").lim(0, 1)
            figure.ruler("y", "right").ticks(places, [f" {text}" for _, text in self.labels])

    def _finished(self, text: str) -> list[str]:
        """Without plotext's empty resets, and in ASCII where the terminal knows nothing else."""
        lines = text.replace("\x1b[0m\x1b[0m", "\x1b[0m").split("\n")
        if not self.pen.unicode:
            lines = [line.translate(_FRAME) for line in lines]
        return [line.removeprefix("\x1b[0m") if self.pen.color else line for line in lines]


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


def _between(edge: scales.Edge, x: float) -> float:
    """The place of an edge at any x."""
    for (x0, y0), (x1, y1) in pairwise(edge):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / ((x1 - x0) or 1)
    return edge[-1][1]


def _key(picture: Picture, plot: Course, scale: scales.Scale, pen: Pen) -> list[str]:
    """What the signs mean, then the published figures one by one."""
    signs = dict(zip(plot.lines, _signs(plot, pen), strict=True))
    entries = [
        f"{_sign(entry.thing, signs, plot, pen)} {pen.text(entry.text)}"
        for entry in key.entries(plot, scale, picture.amounts)
    ]
    lines = [""]
    for entry in (part for whole in entries for part in wrap(whole, pen.width)):
        joined = f"{lines[-1]}   {entry}" if lines[-1] else entry
        lines[-1:] = [joined] if cell_len(joined) <= pen.width else [lines[-1], entry]
    for mark in sorted(plot.marks, key=lambda mark: mark.x):
        if mark.text and mark.shape != "none":
            lines += wrap(f"{pen.sign(mark.shape)} {mark.x:.0f}: {pen.text(mark.text)}", pen.width)
    return [pen.ink(line, "2") for line in lines]


def _signs(plot: Course, pen: Pen) -> Iterator[str]:
    """The sign of each line's values: one for what was observed, one for the forecast, then one a tone."""
    others = pen.sign("other")
    for line in plot.lines:
        if line.tone > MAIN and not line.faint:
            yield others[(line.tone - MAIN - 1) % len(others)]
        elif line.faint or not line.dots:
            yield pen.sign("faint" if line.dots else "dash")
        else:
            yield pen.sign("forecast" if line.dash == "dashed" else "observed")


def _shade(band: Band, plot: Course, pen: Pen) -> str:
    """The paler the higher the level; the darkest shade is for three levels or more."""
    shades = pen.sign("band")
    rank = plot.levels.index(band.level) + (1 if len(plot.levels) < len(shades) else 0)
    return shades[min(rank, len(shades) - 1)]


def _sign(thing: Line | Band | Mark | Cut, signs: dict[Line, str], plot: Course, pen: Pen) -> str:
    if isinstance(thing, Line):
        return signs[thing]
    if isinstance(thing, Band):
        return _shade(thing, plot, pen)
    if isinstance(thing, Mark):
        return pen.sign(thing.shape)
    return pen.sign("beyond" if thing.upward else "below")
