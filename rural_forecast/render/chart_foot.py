"""Below a picture by matplotlib: the key, the notes and the source, each as tall as it needs to be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

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
_SAMPLE, _GAP = 0.26, 0.2
"""Inches of a sign, and between two entries."""
_MOST_NOTES = 12
_ROOM = 2
"""Lines that the height of a picture has room for."""


class _Placed(NamedTuple):
    """An entry of the key with its row and where it begins."""

    entry: Entry
    row: int
    x: float
    text: str


def taller(page: Page, picture: Picture) -> float:
    """Inches by which the picture must be taller than usual."""
    return max(len(_lines(page, picture)) + _rows(_key(page, picture)) - _ROOM, 0) * page.line(_SIZE)


def draw(page: Page, picture: Picture) -> float:
    """Write it from the bottom up; gives the height above it, in inches."""
    at = 0.14
    for line in reversed(_lines(page, picture)):
        page.write(line, LEFT, at + 0.3 * _SIZE / 72, _SIZE, color=GREY)
        at += page.line(_SIZE)
    placed = _key(page, picture)
    rows = _rows(placed)
    for one in placed:
        y = at + (rows - 1 - one.row) * page.line(_SIZE) + 0.3 * _SIZE / 72
        _sample(page, one.entry, one.x, y + 0.36 * _SIZE / 72, picture)
        page.write(one.text, one.x + _SAMPLE + 0.07, y, _SIZE, color=GREY)
    return at + rows * page.line(_SIZE) + 0.08


def _lines(page: Page, picture: Picture) -> list[str]:
    """The notes, then the source."""
    notes = [line for note in key.notes(picture) for line in page.wrapped(note, _SIZE, "normal", _MOST_NOTES)]
    return [*notes, *page.wrapped(picture.source, _SIZE, "normal", 2)]


def _rows(placed: list[_Placed]) -> int:
    return placed[-1].row + 1 if placed else 0


def _key(page: Page, picture: Picture) -> list[_Placed]:
    """What no label next to the drawing names, in rows."""
    return list(_flow(page, picture)) if isinstance(picture.plot, Course) else []


def _flow(page: Page, picture: Picture) -> Iterator[_Placed]:
    plot = picture.plot
    assert isinstance(plot, Course)
    row, x = 0, LEFT
    room = page.width - LEFT - RIGHT - _SAMPLE - 0.07
    scale = scales.of(picture, TICKS)
    covered = [place.mark for place in places(plot, scale) if place.mark.text and not place.shown]
    texts = [
        Entry(mark, f"{mark.x:.0f}: {mark.text}", direct=False) for mark in sorted(covered, key=lambda mark: mark.x)
    ]
    for entry in (*key.entries(plot, scale, picture.amounts), *texts):
        if entry.direct:
            continue
        text = page.wrapped(entry.text, _SIZE, "normal", 1, room)[0]
        width = _SAMPLE + 0.07 + page.measure(text, _SIZE)
        if x > LEFT and x + width > page.width - RIGHT:
            row, x = row + 1, LEFT
        yield _Placed(entry, row, x, text)
        x += width + _GAP


def _sample(page: Page, entry: Entry, x: float, y: float, picture: Picture) -> None:
    """The sign of a thing as the drawing has it, `_SAMPLE` wide around a height."""
    thing = entry.thing
    if isinstance(thing, Line):
        _add(page, [x, x + _SAMPLE / 2, x + _SAMPLE], [y] * 3, **line_style(thing), markevery=[1])
    elif isinstance(thing, Mark):
        _add(page, [x + _SAMPLE / 2], [y], **mark_style(thing))
    elif isinstance(thing, Band):
        assert isinstance(picture.plot, Course)
        rank = picture.plot.levels.index(thing.level)
        style = {"color": ink(thing.tone), "alpha": ALPHAS[min(rank, 3)], "linewidth": 8, "solid_capstyle": "butt"}
        _add(page, [x, x + _SAMPLE], [y, y], **style)
    else:
        color = ink(thing.band.tone)
        page.write(CUT_SIGNS[1 if thing.upward else -1].strip(), x + _SAMPLE - 0.1, y - 0.05, _SIZE, color=color)


def _add(page: Page, xs: list[float], ys: list[float], **style: Any) -> None:
    from matplotlib.lines import Line2D

    places = [x / page.width for x in xs], [y / page.height for y in ys]
    page.figure.add_artist(Line2D(*places, **style))
