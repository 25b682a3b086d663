"""The meaning of the signs of a picture, and the places of published figures: the same for every format.

Each format draws its own signs. A text that would cover another is in the key instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Line, Mark, Picture
from rural_forecast.render import scale as scales
from rural_forecast.render.scale import Cut, Scale
from rural_forecast.text.style import Digits

_SHAPES = {"up": "published: more than", "down": "published: less than"}
LOGARITHMIC = "Logarithmic axis: steps of the same height are the same growth."
RAISED = "The axis of values does not start at zero."
NOT_LOGARITHMIC = "The axis is linear: a logarithmic one cannot show values of zero or less."


class Entry(NamedTuple):
    """One thing with what it is."""

    thing: Line | Band | Mark | Cut
    text: str


def entries(plot: Course, scale: Scale, amounts: Digits) -> Iterator[Entry]:
    """Lines, bands from the narrowest on, published figures by their shape, cuts of bands, the figures one by one."""
    for place, line in enumerate(plot.lines):
        if line.name and (line.name, line.tone) not in {(other.name, other.tone) for other in plot.lines[:place]}:
            yield Entry(line, line.name)
    dashed = [line for line in plot.lines if line.dash == "dashed"]
    if dashed and not any(line.name for line in dashed):
        yield Entry(dashed[0], "forecast")
    if plot.traces:
        count, furthest = scales.beyond(plot.traces, scale)
        where = f"; {count} of them beyond the axis, as far as {amounts(furthest)}" if count else ""
        yield Entry(plot.traces[0], f"{plot.traces[0].name}{where}")
    for band in plot.narrowest_first:
        if band.name:
            yield Entry(band, band.name)
    for mark in {mark.shape: mark for mark in plot.signs}.values():
        yield Entry(mark, _SHAPES.get(mark.shape, "published"))
    for cut in scales.cuts(plot, scale):
        yield Entry(cut, _cut_text(cut, plot, amounts))
    for mark in sorted(plot.signs, key=lambda mark: mark.x):
        if mark.text:
            yield Entry(mark, f"{mark.x:.0f}: {mark.text}")


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
