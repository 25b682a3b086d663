"""What the signs of a picture mean: the same entries in every format, each drawn with the format's own signs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Line, Mark, Picture, Ranges
from rural_forecast.render import scale as scales
from rural_forecast.render.marks import places
from rural_forecast.render.scale import Cut, Scale
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
