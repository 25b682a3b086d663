"""Rows with values and ranges as svg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rural_forecast.render import scale as scales
from rural_forecast.render.measure import markup, width, wrapped
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import FONT, SMALL, Drawing
from rural_forecast.text.numbers import percent

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture, Ranges
    from rural_forecast.render.svg_parts import Size

_ROW, _LEAST_ROW, _MOST_ROW, _BAR, _AXIS = 26.0, 19.0, 44.0, 16.0, 46.0
_WEIGHTS, _GAP = 150.0, 26.0
"""Pixels for the bars of weights, and between them and the texts."""


def draw(picture: Picture, plot: Ranges, size: Size) -> Drawing:
    """Draw the rows, the first one at the top."""
    room = size.width * 0.36
    names = [(wrapped(row.name, room, FONT, bold=row.strong, most=1) or [""])[0] for row in plot.rows]
    texts = [prose(row.text) for row in plot.rows]
    left = 14 + max((width(text, FONT, bold=True) for text in names), default=0)
    weights = _WEIGHTS if plot.weights and size.whole_labels else 0.0
    right = size.width - weights - 14 - max((width(text, FONT, bold=True) for text in texts), default=0)
    room = (size.height - _top(plot) - _AXIS) / len(plot.rows) if size.name == "fitted" else _ROW
    row = min(max(room, _LEAST_ROW), _MOST_ROW)
    body = "".join(_parts(picture, plot, size, names, texts, left, right, weights, row))
    return Drawing(size.width, _top(plot) + row * len(plot.rows) + _AXIS, body)


def _top(plot: Ranges) -> float:
    return 30.0 if plot.reference is not None or plot.weights else 10.0


def _parts(
    picture: Picture,
    plot: Ranges,
    size: Size,
    names: list[str],
    texts: list[str],
    left: float,
    right: float,
    weights: float,
    height: float,
) -> Iterator[str]:
    top = _top(plot)
    scale = scales.of(picture, max(int((right - left) / 80), 2))

    def x(value: float) -> float:
        return left + (right - left) * scale.share(value)

    bottom = top + height * len(plot.rows)
    for tick, text in zip(scale.ticks, scale.texts, strict=True):
        yield f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top:g}" y2="{bottom:g}"/>'
        spot = f'x="{x(tick):.1f}" y="{bottom + 17:.1f}"'
        yield f'<text class="tick" text-anchor="middle" {spot}>{text}</text>'
    unit = markup(picture.unit)
    yield f'<text class="tick" text-anchor="middle" x="{(left + right) / 2:.1f}" y="{bottom + 36:.1f}">{unit}</text>'
    if plot.reference is not None:
        at = x(plot.reference)
        yield f'<line class="origin" x1="{at:.1f}" x2="{at:.1f}" y1="{top:g}" y2="{bottom:g}"/>'
        rule = prose(plot.reference_text)
        half = width(rule, SMALL) / 2
        middle = min(max(at, 4 + half), max(size.width - 4 - half, size.width / 2))
        yield f'<text class="tick" text-anchor="middle" x="{middle:.1f}" y="{top - 10:.1f}">{markup(rule)}</text>'
    edge = size.width - 4 - weights
    if weights:
        heading = markup(plot.weights)
        yield f'<text class="tick" x="{edge + _GAP:.1f}" y="{top - 10:.1f}">{heading}</text>'
    heaviest = max((row.weight or 0 for row in plot.rows), default=0) or 1
    for place, (row, name, text) in enumerate(zip(plot.rows, names, texts, strict=True)):
        y = top + height * (place + 0.5)
        strong = " strong" if row.strong else ""
        for rank, (_, lower, upper) in reversed(list(enumerate(row.bounds))):
            kind = "thin" if rank else "thick"
            yield (
                f'<line class="range {kind} ink{row.tone}" x1="{x(lower):.1f}" x2="{x(upper):.1f}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/>'
            )
        for start, end, tone in row.bars:
            low, high = sorted((x(start), x(end)))
            yield (
                f'<rect class="bar fill{tone}" x="{low:.1f}" y="{y - _BAR / 2:.1f}" width="{high - low:.1f}" '
                f'height="{_BAR:g}"/>'
            )
        if weights and row.weight is not None:
            wide = (weights - _GAP - 44) * row.weight / heaviest
            yield (
                f'<rect class="weight" x="{edge + _GAP:.1f}" y="{y - 5:.1f}" width="{wide:.1f}" height="10"/>'
                f'<text class="tick" x="{edge + _GAP + wide + 6:.1f}" y="{y + 4:.1f}">'
                f"{percent(100 * row.weight, '.0f')}</text>"
            )
        if row.value is not None:
            yield f'<circle class="dot fill{row.tone}" cx="{x(row.value):.1f}" cy="{y:.1f}" r="4.5"/>'
        words = f'<text class="end text{row.tone}{strong}" text-anchor="end"'
        yield f'{words} x="{left - 8:.1f}" y="{y + 4:.1f}">{markup(name)}</text>'
        yield f'{words} x="{edge:.1f}" y="{y + 4:.1f}">{markup(text)}</text>'
