"""Where the texts of published figures are in a drawing; one that would cover another is in the key instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len

if TYPE_CHECKING:
    from rural_forecast.document.picture import Course, Mark
    from rural_forecast.render.scale import Scale

_COLUMNS, _LINES = 80, 22
"""About so many characters fit side by side in a drawing, and lines above each other."""
_SIGN = 1.0
"""Characters that the sign of a figure or a dot takes to each side."""


class Place(NamedTuple):
    """The position of the text of a published figure."""

    mark: Mark
    shown: bool
    """Whether it is in the drawing; a text that would cover another text, a sign or a dot is in the key."""
    above: bool
    lifted: int
    """Lines higher than usual."""
    leftwards: bool


class _Box(NamedTuple):
    left: float
    right: float
    middle: float
    half: float

    def meets(self, other: _Box) -> bool:
        overlaps = self.left < other.right and other.left < self.right
        return overlaps and abs(self.middle - other.middle) < self.half + other.half


def places(plot: Course, scale: Scale) -> list[Place]:
    """The texts of all marks, in their order; of texts that would cover each other the first ones are shown.

    A text goes to the side where the lines are not; close to the ground it goes up, above its neighbours' text.
    """
    first, last = plot.span
    placed: list[Place] = []
    taken: list[_Box] = []
    lifted = 0
    for mark in plot.marks:
        x, y = (mark.x - first) / ((last - first) or 1), scale.share(mark.y)
        near = [at for line in plot.lines for year, at in zip(line.xs, line.ys, strict=True) if year == mark.x]
        grounded = not scale.logarithmic and y < 0.08
        above = grounded or (bool(near) and mark.y > max(near))
        leftwards = x > 0.2 and (above or x > 0.75)
        up = lifted if grounded else 0
        box = _box(x, y, cell_len(prose(mark.text)), leftwards, 1.0 + up if above else -1.0)
        signs = [(other.x, other.y) for other in plot.marks if other is not mark]
        dots = [place for line in plot.lines if line.dots for place in zip(line.xs, line.ys, strict=True)]
        others = [_sign(plot, scale, *place) for place in (*signs, *dots)]
        shown = bool(mark.text) and not any(box.meets(other) for other in (*taken, *others))
        taken += [box] if shown else []
        lifted += grounded and shown
        placed.append(Place(mark, shown, above, up, leftwards))
    return placed


def _box(x: float, y: float, width: int, leftwards: bool, lines: float) -> _Box:
    start = x * _COLUMNS + (-_SIGN - width if leftwards else _SIGN)
    return _Box(start, start + width, y * _LINES + lines, 0.5)


def _sign(plot: Course, scale: Scale, x: float, y: float) -> _Box:
    first, last = plot.span
    at = _COLUMNS * (x - first) / ((last - first) or 1)
    return _Box(at - _SIGN, at + _SIGN, _LINES * scale.share(y), 0.3)
