"""The key, the notes and the source below a picture by matplotlib, each as tall as it needs to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import Band, Course, Line, Mark
from rural_forecast.render import key
from rural_forecast.render import scale as scales
from rural_forecast.render.chart_course import ALPHAS, TICKS, line_style, mark_style
from rural_forecast.render.chart_text import LEFT, RIGHT, Page
from rural_forecast.render.key import Entry
from rural_forecast.render.marks import places
from rural_forecast.render.palette import GREY, ink
from rural_forecast.render.scale import CUT_SIGNS

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

_SIZE = 8.0
_SAMPLE, _GAP, _SPACE = 0.26, 0.2, 0.07
"""Inches of a sign, between two entries, and between a sign and its text."""
_MOST_NOTES = 12
_ROOM = 2
"""Lines that the height of a picture has room for."""


class Foot:
    """What is written below a picture, measured."""

    def __init__(self, page: Page, picture: Picture) -> None:
        self._page, self._plot = page, picture.plot
        notes = [line for note in key.notes(picture) for line in page.wrapped(note, _SIZE, "normal", _MOST_NOTES)]
        self._lines = [*notes, *page.wrapped(picture.source, _SIZE, "normal", 2)]
        self._key = list(self._flow(picture, picture.plot)) if isinstance(picture.plot, Course) else []
        self._rows = self._key[-1][1] + 1 if self._key else 0

    @property
    def taller(self) -> float:
        """Inches by which the picture must be taller than usual."""
        return max(len(self._lines) + self._rows - _ROOM, 0) * self._page.line(_SIZE)

    def draw(self) -> float:
        """Write it from the bottom up; gives the height above it, in inches."""
        page, at, rise = self._page, 0.14, 0.3 * _SIZE / 72
        for line in reversed(self._lines):
            page.write(line, LEFT, at + rise, _SIZE, color=GREY)
            at += page.line(_SIZE)
        for entry, row, x, text in self._key:
            y = at + (self._rows - 1 - row) * page.line(_SIZE) + rise
            self._sample(entry, x, y + 0.36 * _SIZE / 72)
            page.write(text, x + _SAMPLE + _SPACE, y, _SIZE, color=GREY)
        return at + self._rows * page.line(_SIZE) + 0.08

    def _flow(self, picture: Picture, plot: Course) -> Iterator[tuple[Entry, int, float, str]]:
        """What no label next to the drawing names: entries with their row, where they begin, and their text."""
        page, row, x = self._page, 0, LEFT
        scale = scales.of(picture, TICKS)
        covered = [place.mark for place in places(plot, scale) if place.mark.text and not place.shown]
        named = (Entry(one, f"{one.x:.0f}: {one.text}", direct=False) for one in sorted(covered, key=lambda one: one.x))
        for entry in (*key.entries(plot, scale, picture.amounts), *named):
            if entry.direct:
                continue
            room = page.width - LEFT - RIGHT - _SAMPLE - _SPACE
            text = page.wrapped(entry.text, _SIZE, "normal", 1, room)[0]
            width = _SAMPLE + _SPACE + page.measure(text, _SIZE)
            if x > LEFT and x + width > page.width - RIGHT:
                row, x = row + 1, LEFT
            yield entry, row, x, text
            x += width + _GAP

    def _sample(self, entry: Entry, x: float, y: float) -> None:
        """The sign of a thing as the drawing has it, `_SAMPLE` wide around a height."""
        thing, page = entry.thing, self._page
        if isinstance(thing, Line):
            self._add([x, x + _SAMPLE / 2, x + _SAMPLE], [y] * 3, **line_style(thing), markevery=[1])
        elif isinstance(thing, Mark):
            self._add([x + _SAMPLE / 2], [y], **mark_style(thing))
        elif isinstance(thing, Band):
            alpha = ALPHAS[min(self._plot.levels.index(thing.level), 3)]
            style = {"color": ink(thing.tone), "alpha": alpha, "linewidth": 8, "solid_capstyle": "butt"}
            self._add([x, x + _SAMPLE], [y, y], **style)
        else:
            sign = CUT_SIGNS[1 if thing.upward else -1].strip()
            page.write(sign, x + _SAMPLE - 0.1, y - 0.05, _SIZE, color=ink(thing.band.tone))

    def _add(self, xs: list[float], ys: list[float], **style: Any) -> None:
        from matplotlib.lines import Line2D

        width, height = self._page.width, self._page.height
        self._page.figure.add_artist(Line2D([x / width for x in xs], [y / height for y in ys], **style))
