"""A picture as svg without its words, for pages, svg files, png and pdf; panels are small pictures in rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.document.picture import Columns, Course, Panels, Ranges
from rural_forecast.render import svg_columns, svg_course
from rural_forecast.render.svg_parts import FONT, LINE, Drawing, Size, text
from rural_forecast.render.wrapping import wrapped

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

_GAP = 26.0
_NARROW = 400.0
"""Pixels of a phone."""
_HEIGHT, _LEAST = 190.0, 110.0


def draw(picture: Picture, size: Size) -> Drawing:
    """Draw a picture of any kind."""
    plot = picture.plot
    if isinstance(plot, Course):
        return svg_course.draw(picture, plot, size)
    if isinstance(plot, Columns):
        return svg_columns.draw(picture, plot, size)
    return _panels(plot, size) if isinstance(plot, Panels) else svg_columns.draw_rows(picture, plot, size)


def _panels(plot: Panels, size: Size) -> Drawing:
    """Small pictures, each with its title above it."""
    per_row = _per_row(plot, size)
    wide = (size.width - _GAP * (per_row - 1)) / per_row
    whole = per_row == 1 and size.whole_labels
    rows = -(-len(plot.pictures) // per_row)
    height = size.height / rows - 40 if size.name == "fitted" else _HEIGHT * (1.4 if whole else 1)
    each = Size("panel", wide, max(height, _LEAST), whole, pointed=False)
    parts: list[str] = []
    top = 0.0
    for start in range(0, len(plot.pictures), per_row):
        row = plot.pictures[start : start + per_row]
        titles = [_title(picture, wide) for picture in row]
        below = LINE * max(map(len, titles)) + 8
        drawings = [draw(picture, each) for picture in row]
        for place, (lines, drawing) in enumerate(zip(titles, drawings, strict=True)):
            x = place * (wide + _GAP)
            parts += [text("end strong", x, top + 13 + LINE * line, words) for line, words in enumerate(lines)]
            parts.append(f'<g transform="translate({x:.1f} {top + below:.1f})">{drawing.body}</g>')
        top += below + max(drawing.height for drawing in drawings) + 14
    return Drawing(size.width, top - 14, "".join(parts))


def _per_row(plot: Panels, size: Size) -> int:
    count = len(plot.pictures)
    if size.width < _NARROW:
        ranges = any(isinstance(picture.plot, Ranges) for picture in plot.pictures)
        return 1 if plot.per_row or count < 3 or ranges else 2
    return plot.per_row or next(
        columns for most, columns in ((1, 1), (2, 2), (3, 3), (4, 2), (9, 3), (1e9, 4)) if count <= most
    )


def _title(picture: Picture, wide: float) -> list[str]:
    unit = f", {picture.unit}" if picture.unit and not isinstance(picture.plot, Ranges) else ""
    return wrapped(f"{picture.head}{unit}", wide, FONT, bold=True, most=2)
