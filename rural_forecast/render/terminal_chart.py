"""A picture on a terminal: distinguished by signs and texts first, by colour where there is some.

Every sign has its ASCII twin, for terminals that know nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.document.picture import Columns, Course, Panels
from rural_forecast.render import key, terminal_columns, terminal_course
from rural_forecast.render.terminal_pen import Pen

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

UNKNOWN_WIDTH, NARROWEST, WIDEST = 80, 30, 120


def render(
    picture: Picture, *, width: int | None = None, color: bool = False, unicode: bool = True, head: bool = True
) -> str:
    """Draw the picture with its title, the answer and what the signs mean.

    `width`: columns of the terminal, 80 where it is not known; at least 30, and at most 120 are used; `head`: whether
    title, answer and definition are above the drawing, and the source below it.
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), color, unicode)
    lines = drawing(picture, pen)
    if head:
        name = picture.title if picture.claim else ""
        above = [*pen.lines(picture.head, "1"), *pen.lines(name), *pen.lines(picture.subtitle, "2")]
        lines = [*above, "", *lines, *pen.lines(picture.source, "2")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def drawing(picture: Picture, pen: Pen) -> list[str]:
    """The drawing itself and the lines that explain it."""
    plot = picture.plot
    unit = pen.lines(picture.unit, "2")
    if isinstance(plot, Panels):
        lines = _panels(plot, pen)
    elif isinstance(plot, Columns):
        lines = [*unit, *terminal_columns.lines(plot, picture.amounts, pen)]
    elif isinstance(plot, Course):
        plot = replace(plot, traces=())  # in character cells they would hide the fan
        lines = [*unit, *terminal_course.lines(picture, plot, pen)]
    else:
        lines = [*unit, *terminal_columns.rows(picture, plot, pen)]
    return [*lines, *(line for note in key.notes(picture) for line in pen.lines(note, "2"))]


def _panels(plot: Panels, pen: Pen) -> list[str]:
    """Small pictures one below the other, then several courses as one line each."""
    courses = tuple(picture for picture in plot.pictures if isinstance(picture.plot, Course))
    together = len(courses) > 1 or len(plot.pictures) == 1
    lines: list[str] = []
    for picture in plot.pictures:
        if together and picture in courses:
            continue
        lines += [*([""] if lines else []), *pen.lines(picture.head, "1"), *drawing(picture, pen)]
    if together and courses:
        lines += [*([""] if lines else []), *terminal_columns.sparks(courses, pen)]
    return lines
