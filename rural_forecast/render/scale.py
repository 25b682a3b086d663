"""The axis of values of a picture, and what of a band lies beyond it: one answer for all that draw.

A place on the axis is a share, 0 where it begins and 1 where it ends, so that no renderer needs to know whether the
axis is logarithmic. A band is clipped where its edge crosses the end of the axis, and each such cut is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log10
from typing import NamedTuple

from rural_forecast.document.picture import Band, Course, Label, Line, Picture
from rural_forecast.render import axes
from rural_forecast.render.reading import prose
from rural_forecast.text.numbers import Amounts, tick_texts

Edge = tuple[tuple[float, float], ...]
"""Years with places on the axis."""
CUT_SIGNS = {0: "", 1: "↑ ", -1: "↓ "}
"""Before a label whose value lies beyond the drawing."""
_SLACK = 1e-9
"""A bound at the end of the axis, up to rounding, does not leave it."""


class Scale(NamedTuple):
    """An axis of values."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    """The ticks as people read them."""
    logarithmic: bool

    @property
    def raised(self) -> bool:
        """Whether it is linear and leaves zero out."""
        return not self.logarithmic and (self.low > 0 or self.high < 0)

    def share(self, value: float) -> float:
        """The place of a value: below 0 or above 1 where it is beyond the axis."""
        low, high, at = (log10(number) if self.logarithmic else number for number in (self.low, self.high, value))
        return (at - low) / ((high - low) or 1)


class Cut(NamedTuple):
    """A band's edge that leaves the drawing."""

    band: Band
    upward: bool
    first: float
    last: float
    """Where the edge leaves and where it comes back, in years."""
    year: float
    value: float
    """The furthest it goes, and when."""


class PlacedLabel(NamedTuple):
    """A label with its place on the axis; `cut` is 1 or -1 where its value is beyond the upper or lower end."""

    label: Label
    share: float
    cut: int


def of(picture: Picture, most: int) -> Scale:
    """The axis of a picture, with at most about `most` ticks; it is linear where not everything drawn is positive.

    Raises UsageError if the numbers are too large or too small to draw.
    """
    logarithmic = picture.logarithmic and picture.positive
    low, high = axes.extent(picture)
    ticks = (axes.log_ticks if logarithmic else axes.value_ticks)(low, high, most)
    low, high = axes.limits(ticks, low, high, logarithmic=logarithmic)
    shown = tuple(tick for tick in ticks if low <= tick <= high)
    texts = tick_texts([tick / picture.amounts.factor for tick in shown])
    return Scale(low, high, shown, tuple(map(prose, texts)), logarithmic)


def outline(band: Band, scale: Scale) -> tuple[Edge, Edge]:
    """The lower and the upper edge of a band as far as they can be drawn."""
    lower, upper = (_edge(band.xs, side, scale) for side in (band.lower, band.upper))
    return _clipped(lower), _clipped(upper)


def _edge(xs: Sequence[float], values: Sequence[float], scale: Scale) -> Edge:
    """An edge with a point more wherever it crosses an end of the axis."""
    points: list[tuple[float, float]] = []
    for x, value in zip(xs, values, strict=True):
        share = scale.share(value)
        if points:
            points += _crossings(points[-1], (x, share))
        points.append((x, share))
    return tuple(points)


def _crossings(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    (x0, y0), (x1, y1) = start, end
    ends = [limit for limit in (0.0, 1.0) if min(y0, y1) < limit < max(y0, y1)]
    return sorted((x0 + (x1 - x0) * (limit - y0) / (y1 - y0), limit) for limit in ends)


def _clipped(edge: Edge) -> Edge:
    return tuple((x, min(max(y, 0.0), 1.0)) for x, y in edge)


def pieces(line: Line, scale: Scale) -> Iterator[Edge]:
    """A line as far as it can be drawn, in pieces where it leaves the axis."""
    piece: list[tuple[float, float]] = []
    for x, y in _edge(line.xs, line.ys, scale):
        if -_SLACK <= y <= 1 + _SLACK:
            piece.append((x, y))
            continue
        if len(piece) > 1:
            yield tuple(piece)
        piece = []
    if len(piece) > 1:
        yield tuple(piece)


def beyond(lines: Sequence[Line], scale: Scale) -> tuple[int, float]:
    """How many lines leave the axis, and the value that is furthest from it."""
    ends = [(abs(scale.share(y) - 0.5), y, place) for place, line in enumerate(lines) for y in line.ys]
    outside = [(far, y, place) for far, y, place in ends if far > 0.5 + _SLACK]
    return len({place for _, _, place in outside}), max(outside, default=(0.0, 0.0, 0))[1]


def cuts(plot: Course, scale: Scale) -> tuple[Cut, ...]:
    """Where bands leave the drawing."""
    return tuple(cut for band in plot.bands for cut in _cuts(band, scale))


def _cuts(band: Band, scale: Scale) -> Iterator[Cut]:
    for upward, values in ((True, band.upper), (False, band.lower)):
        edge = _edge(band.xs, values, scale)
        outside = [at for at, (_, y) in enumerate(edge) if (y > 1 + _SLACK if upward else y < -_SLACK)]
        if not outside:
            continue
        first, last = max(outside[0] - 1, 0), min(outside[-1] + 1, len(edge) - 1)
        value = (max if upward else min)(values)
        year = band.xs[values.index(value)]
        yield Cut(band, upward, edge[first][0], edge[last][0], year, value)


def cut_text(cut: Cut, plot: Course, amounts: Amounts) -> str:
    """A cut in words: `95 % interval cut off here, it goes on to 2,492 in 2018`."""
    tones = {band.tone for band in plot.bands}
    name = next((line.name for line in plot.lines if line.tone == cut.band.tone and line.name), "")
    whose = f"{name}, " if len(tones) > 1 and name else ""
    goes = f"it goes on to {amounts(cut.value)} in {cut.year:.0f}"
    return f"{whose}{cut.band.level} % interval cut off here, {goes}"


def labels(plot: Course, scale: Scale) -> tuple[PlacedLabel, ...]:
    """The labels at the right edge; one of a value beyond the axis is placed at its end."""
    placed = []
    for label in plot.labels:
        share = scale.share(label.y)
        cut = 1 if share > 1 + _SLACK else -1 if share < -_SLACK else 0
        placed.append(PlacedLabel(label, min(max(share, 0.0), 1.0), cut))
    return tuple(placed)
