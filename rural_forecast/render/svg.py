"""A picture as svg without its words: one drawing code for pages, svg files, png and pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.document.picture import Columns, Course, Panels
from rural_forecast.render import svg_columns, svg_course, svg_panels, svg_ranges

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.render.svg_parts import Drawing, Size


def draw(picture: Picture, size: Size) -> Drawing:
    """Draw a picture of any kind."""
    plot = picture.plot
    if isinstance(plot, Course):
        return svg_course.draw(picture, plot, size)
    if isinstance(plot, Columns):
        return svg_columns.draw(picture, plot, size)
    if isinstance(plot, Panels):
        return svg_panels.draw(plot, size, draw)
    return svg_ranges.draw(picture, plot, size)
