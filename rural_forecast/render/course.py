"""Years as svg: a fan or bars."""

from rural_forecast.document.picture import (
    Course,
    Picture,
)
from rural_forecast.render import bars, fan
from rural_forecast.render.canvas import (
    Box,
    Canvas,
)


def draw(
    picture: Picture, plot: Course, canvas: Canvas, frame: Box, *, small: bool = False
) -> bool:
    """Draw a course into a frame; return True if its bands need a key."""
    if plot.bars:
        bars.draw(picture, plot, canvas, frame)
        return False
    return fan.draw(picture, plot, canvas, frame, small=small)
