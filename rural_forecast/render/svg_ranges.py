"""Rows with values and ranges as svg."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from rural_forecast.render import scale as scales
from rural_forecast.render.measure import width, wrapped
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import FONT, SMALL, Drawing

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture, Ranges
    from rural_forecast.render.svg_parts import Size

_ROW = 26.0


def draw(picture: Picture, plot: Ranges, size: Size) -> Drawing:
    """Draw the rows, the first one at the top."""
    room = size.width * 0.36
    names = [(wrapped(row.name, room, FONT, bold=row.strong, most=1) or [""])[0] for row in plot.rows]
    texts = [prose(row.text) for row in plot.rows]
    left = 14 + max((width(text, FONT, bold=True) for text in names), default=0)
    right = size.width - 14 - max((width(text, FONT, bold=True) for text in texts), default=0)
    height = (30.0 if plot.reference is not None else 10.0) + _ROW * len(plot.rows) + 46
    body = "".join(_parts(picture, plot, size, names, texts, left, right))
    return Drawing(size.width, height, body)


def _parts(
    picture: Picture, plot: Ranges, size: Size, names: list[str], texts: list[str], left: float, right: float
) -> Iterator[str]:
    top = 30.0 if plot.reference is not None else 10.0
    scale = scales.of(picture, max(int((right - left) / 80), 2))

    def x(value: float) -> float:
        return left + (right - left) * scale.share(value)

    bottom = top + _ROW * len(plot.rows)
    for tick, text in zip(scale.ticks, scale.texts, strict=True):
        yield f'<line class="grid" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top:g}" y2="{bottom:g}"/>'
        spot = f'x="{x(tick):.1f}" y="{bottom + 17:.1f}"'
        yield f'<text class="tick" text-anchor="middle" {spot}>{text}</text>'
    unit = escape(prose(picture.unit))
    yield f'<text class="tick" text-anchor="middle" x="{(left + right) / 2:.1f}" y="{bottom + 36:.1f}">{unit}</text>'
    if plot.reference is not None:
        at = x(plot.reference)
        yield f'<line class="origin" x1="{at:.1f}" x2="{at:.1f}" y1="{top:g}" y2="{bottom:g}"/>'
        rule = prose(plot.reference_text)
        half = width(rule, SMALL) / 2
        middle = min(max(at, 4 + half), max(size.width - 4 - half, size.width / 2))
        yield f'<text class="tick" text-anchor="middle" x="{middle:.1f}" y="{top - 10:.1f}">{escape(rule)}</text>'
    for place, (row, name, text) in enumerate(zip(plot.rows, names, texts, strict=True)):
        y = top + _ROW * (place + 0.5)
        strong = " strong" if row.strong else ""
        for rank, (_, lower, upper) in reversed(list(enumerate(row.bounds))):
            kind = "thin" if rank else "thick"
            yield (
                f'<line class="range {kind} ink{row.tone}" x1="{x(lower):.1f}" x2="{x(upper):.1f}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/>'
            )
        if row.value is not None:
            yield f'<circle class="dot fill{row.tone}" cx="{x(row.value):.1f}" cy="{y:.1f}" r="4.5"/>'
        words = f'<text class="end text{row.tone}{strong}" text-anchor="end"'
        yield f'{words} x="{left - 8:.1f}" y="{y + 4:.1f}">{escape(name)}</text>'
        yield f'{words} x="{size.width - 4:.1f}" y="{y + 4:.1f}">{escape(text)}</text>'
