"""A picture as svg without its words: one drawing code for pages, svg files, png and pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rural_forecast.document.picture import Course
from rural_forecast.render import svg_course, svg_ranges

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.render.svg_parts import Drawing, Size


def draw(picture: Picture, size: Size) -> Drawing:
    """Draw a picture of any kind."""
    if isinstance(picture.plot, Course):
        return svg_course.draw(picture, picture.plot, size)
    return svg_ranges.draw(picture, picture.plot, size)
