"""Small pictures in rows as svg, each with its title above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rural_forecast.document.picture import Ranges
from rural_forecast.render.measure import markup, wrapped
from rural_forecast.render.svg_parts import FONT, LINE, Drawing, Size

if TYPE_CHECKING:
    from rural_forecast.document.picture import Panels, Picture

_GAP = 26.0
_NARROW = 400.0
"""Pixels of a phone."""
_HEIGHT, _LEAST = 190.0, 110.0


def draw(plot: Panels, size: Size, one: Callable[[Picture, Size], Drawing]) -> Drawing:
    """Draw the panels, each by `one`."""
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
        drawings = [one(picture, each) for picture in row]
        for place, (lines, drawing) in enumerate(zip(titles, drawings, strict=True)):
            parts += _panel(lines, drawing, place * (wide + _GAP), top, below)
        top += below + max(drawing.height for drawing in drawings) + 14
    return Drawing(size.width, top - 14, "".join(parts))


def _per_row(plot: Panels, size: Size) -> int:
    count = len(plot.pictures)
    if size.width < _NARROW:
        return 1 if plot.per_row or count < 3 or any(isinstance(one.plot, Ranges) for one in plot.pictures) else 2
    return plot.per_row or next(
        columns for most, columns in ((1, 1), (2, 2), (3, 3), (4, 2), (9, 3), (1e9, 4)) if count <= most
    )


def _title(picture: Picture, wide: float) -> list[str]:
    unit = f", {picture.unit}" if picture.unit and not isinstance(picture.plot, Ranges) else ""
    return wrapped(f"{picture.head}{unit}", wide, FONT, bold=True, most=2)


def _panel(lines: list[str], drawing: Drawing, x: float, y: float, below: float) -> Iterator[str]:
    for place, line in enumerate(lines):
        yield f'<text class="end strong" x="{x:.1f}" y="{y + 13 + LINE * place:.1f}">{markup(line)}</text>'
    yield f'<g transform="translate({x:.1f} {y + below:.1f})">{drawing.body}</g>'
