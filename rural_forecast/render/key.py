"""What the signs of a picture mean, and where the texts of published figures are: the same for every format.

Each format draws its own signs. A text that would cover another is in the key instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Line, Mark, Picture, Ranges
from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.scale import Cut, Scale
from rural_forecast.render.wrapping import cell_len
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import listed

_SHAPES = {"up": "published: more than", "down": "published: less than"}
LOGARITHMIC = "Logarithmic axis: steps of the same height are the same growth."
RAISED = "The axis of values does not start at zero."
NOT_LOGARITHMIC = "The axis is linear: a logarithmic one cannot show values of zero or less."


class Entry(NamedTuple):
    """One thing with what it is."""

    thing: Line | Band | Mark | Cut
    text: str
    direct: bool
    """Whether a label next to the drawing names it too."""


def entries(plot: Course, scale: Scale, amounts: Amounts) -> Iterator[Entry]:
    """Lines, bands from the narrowest on, published figures by their shape, cuts of bands, the figures one by one."""
    seen = set()
    for line in plot.lines:
        if line.name and (line.name, line.tone) not in seen:
            seen.add((line.name, line.tone))
            direct = any(label.tone == line.tone and label.text.endswith(line.name) for label in plot.labels)
            yield Entry(line, line.name, direct)
    dashed = [line for line in plot.lines if line.dash == "dashed"]
    if dashed and not any(line.name for line in dashed):
        yield Entry(dashed[0], "forecast", direct=False)
    if plot.traces:
        count, furthest = scales.beyond(plot.traces, scale)
        where = f"; {count} of them beyond the axis, as far as {amounts(furthest)}" if count else ""
        yield Entry(plot.traces[0], f"{plot.traces[0].name}{where}", direct=False)
    for band in sorted(plot.bands, key=lambda band: band.level):
        if band.name:
            yield Entry(band, band.name, any(label.level == band.level for label in plot.labels))
    for mark in {mark.shape: mark for mark in plot.marks if mark.shape != "none"}.values():
        yield Entry(mark, _SHAPES.get(mark.shape, "published"), direct=False)
    for cut in scales.cuts(plot, scale):
        yield Entry(cut, scales.cut_text(cut, plot, amounts), direct=False)
    for place in sorted(places(plot, scale), key=lambda place: place.mark.x):
        if place.mark.text and place.mark.shape != "none":
            yield Entry(place.mark, f"{place.mark.x:.0f}: {place.mark.text}", place.shown)


def levels(plot: Ranges) -> str:
    """What thick and thin bars are; empty where all are of one level."""
    thick, *thin = (f"{level} %" for level in plot.levels or [0])
    return f"thick: {thick} interval, thin: {listed(thin)} interval" if thin else ""


def notes(picture: Picture) -> tuple[str, ...]:
    """The caveats of a picture."""
    return (*_of_axis(picture), *picture.notes)


def _of_axis(picture: Picture) -> Iterator[str]:
    if picture.logarithmic:
        yield LOGARITHMIC if picture.positive else NOT_LOGARITHMIC
    elif isinstance(picture.plot, Course) and scales.of(picture, 7).raised:
        yield RAISED


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
