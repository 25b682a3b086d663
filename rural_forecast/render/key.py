"""The meaning of the signs of a picture, and the places of published figures: the same for every format.

Each format draws its own signs. A text that would cover another is in the key instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Line, Mark, Picture
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.scale import Cut, Scale
from rural_forecast.render.wrapping import cell_len
from rural_forecast.text.style import Digits

_SHAPES = {"up": "published: more than", "down": "published: less than"}
LOGARITHMIC = "Logarithmic axis: steps of the same height are the same growth."
RAISED = "The axis of values does not start at zero."
NOT_LOGARITHMIC = "The axis is linear: a logarithmic one cannot show values of zero or less."


class Entry(NamedTuple):
    """One thing with what it is."""

    thing: Line | Band | Mark | Cut
    text: str
    direct: bool = False
    """A label next to the drawing names it too."""


def entries(plot: Course, scale: Scale, amounts: Digits) -> Iterator[Entry]:
    """Lines, bands from the narrowest on, published figures by their shape, cuts of bands, the figures one by one."""
    for place, line in enumerate(plot.lines):
        if line.name and (line.name, line.tone) not in {(other.name, other.tone) for other in plot.lines[:place]}:
            direct = any(label.tone == line.tone and label.name == line.name for label in plot.labels)
            yield Entry(line, line.name, direct)
    dashed = [line for line in plot.lines if line.dash == "dashed"]
    if dashed and not any(line.name for line in dashed):
        yield Entry(dashed[0], "forecast")
    if plot.traces:
        count, furthest = scales.beyond(plot.traces, scale)
        where = f"; {count} of them beyond the axis, as far as {amounts(furthest)}" if count else ""
        yield Entry(plot.traces[0], f"{plot.traces[0].name}{where}")
    for band in plot.narrowest_first:
        if band.name:
            yield Entry(band, band.name, any(label.level == band.level for label in plot.labels))
    for mark in {mark.shape: mark for mark in plot.signs}.values():
        yield Entry(mark, _SHAPES.get(mark.shape, "published"))
    for cut in scales.cuts(plot, scale):
        yield Entry(cut, _cut_text(cut, plot, amounts))
    for mark, shown, *_ in sorted(places(plot, scale), key=lambda place: place.mark.x):
        if mark.text and mark.shape != "none":
            yield Entry(mark, f"{mark.x:.0f}: {mark.text}", shown)


def _cut_text(cut: Cut, plot: Course, amounts: Digits) -> str:
    """A cut in words: `95 % interval cut off here, it goes on to 2,492 in 2018`."""
    name = next((line.name for line in plot.lines if line.tone == cut.band.tone and line.name), "")
    whose = f"{name}, " if len({band.tone for band in plot.bands}) > 1 and name else ""
    return f"{whose}{cut.band.level} % interval cut off here, it goes on to {amounts(cut.value)} in {cut.year:.0f}"


def notes(picture: Picture) -> tuple[str, ...]:
    """The caveats of a picture."""
    if picture.by_factors:
        return (LOGARITHMIC, *picture.notes)
    if picture.logarithmic:
        return (NOT_LOGARITHMIC, *picture.notes)
    raised = isinstance(picture.plot, Course) and scales.of(picture, 7).raised
    return (RAISED, *picture.notes) if raised else picture.notes


_COLUMNS, _LINES = 80, 22
"""About so many characters fit side by side in a drawing, and lines above each other."""
_SIGN = 1.0
"""Characters that the sign of a figure or a dot takes to each side."""


class Place(NamedTuple):
    """The position of the text of a published figure."""

    mark: Mark
    shown: bool
    """It is in the drawing; a text that would cover another text, a sign or a dot is in the key."""
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

    def across(x: float) -> float:
        return (x - first) / ((last - first) or 1)

    signs = [(mark.x, mark.y) for mark in plot.marks] + [dot for line in plot.lines if line.dots for dot in line.points]
    ats = [(_COLUMNS * across(x), _LINES * scale.share(y)) for x, y in signs]
    taken = [_Box(x - _SIGN, x + _SIGN, y, 0.3) for x, y in ats]
    placed: list[Place] = []
    lifted = 0
    for mark, (column, height) in zip(plot.marks, ats, strict=False):
        near = [y for line in plot.lines for x, y in line.points if x == mark.x]
        grounded = not scale.logarithmic and scale.share(mark.y) < 0.08
        above = grounded or (bool(near) and mark.y > max(near))
        leftwards = across(mark.x) > (0.2 if above else 0.75)
        up, width = (lifted if grounded else 0), cell_len(prose(mark.text))
        start = column + (-_SIGN - width if leftwards else _SIGN)
        box = _Box(start, start + width, height + (1 + up if above else -1), 0.5)
        shown = bool(mark.text) and not any(map(box.meets, taken))
        taken += [box] if shown else []
        lifted += grounded and shown
        placed.append(Place(mark, shown, above, up, leftwards))
    return placed
