"""Rows with values and ranges as svg."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.svg_parts import FONT, SMALL, Drawing, line, rect, text
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.numbers import percent

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture, Ranges, Row
    from rural_forecast.render.svg_parts import Size

_ROW, _LEAST_ROW, _MOST_ROW, _BAR, _AXIS = 26.0, 19.0, 44.0, 16.0, 46.0
_WEIGHTS, _GAP = 150.0, 26.0
"""Pixels for the bars of weights, and between them and the texts."""


def draw(picture: Picture, plot: Ranges, size: Size) -> Drawing:
    """Draw the rows, the first one at the top."""
    drawing = _Drawing(picture, plot, size)
    return Drawing(size.width, drawing.bottom + _AXIS, "".join(drawing.parts()))


class _Drawing:
    def __init__(self, picture: Picture, plot: Ranges, size: Size) -> None:
        self.plot, self.unit, self.width = plot, picture.unit, size.width
        self.names = [
            (wrapped(row.name, size.width * 0.36, FONT, bold=row.strong, most=1) or [""])[0] for row in plot.rows
        ]
        weights = _WEIGHTS if plot.weights and size.whole_labels else 0.0
        self.left = 14 + max((width(name, FONT, bold=True) for name in self.names), default=0)
        self.edge = size.width - 4 - weights
        """Where the texts of rows end, with the bars of weights to the right of them."""
        self.right = self.edge - 10 - max((width(prose(row.text), FONT, bold=True) for row in plot.rows), default=0)
        self.heaviest = max((row.weight or 0 for row in plot.rows), default=0) if weights else 0
        self.top = 30.0 if plot.reference is not None or plot.weights else 10.0
        room = (size.height - self.top - _AXIS) / len(plot.rows) if size.name == "fitted" else _ROW
        self.row = min(max(room, _LEAST_ROW), _MOST_ROW)
        self.bottom = self.top + self.row * len(plot.rows)
        self.scale = scales.of(picture, max(int((self.right - self.left) / 80), 2))

    def x(self, value: float) -> float:
        """Place of a value."""
        return self.left + (self.right - self.left) * self.scale.share(value)

    def parts(self) -> Iterator[str]:
        """Everything, back to front."""
        for tick, words in zip(self.scale.ticks, self.scale.texts, strict=True):
            yield line("grid", self.x(tick), self.top, self.x(tick), self.bottom)
            yield text("tick", self.x(tick), self.bottom + 17, words, "middle")
        yield text("tick", (self.left + self.right) / 2, self.bottom + 36, self.unit, "middle")
        if self.plot.reference is not None:
            x, half = self.x(self.plot.reference), width(prose(self.plot.reference_text), SMALL) / 2
            yield line("origin", x, self.top, x, self.bottom)
            middle = min(max(x, 4 + half), max(self.width - 4 - half, self.width / 2))
            yield text("tick", middle, self.top - 10, self.plot.reference_text, "middle")
        if self.heaviest:
            yield text("tick", self.edge + _GAP, self.top - 10, self.plot.weights)
        for place, (row, name) in enumerate(zip(self.plot.rows, self.names, strict=True)):
            yield from self._row(row, name, self.top + self.row * (place + 0.5))

    def _row(self, row: Row, name: str, y: float) -> Iterator[str]:
        for rank, (_, lower, upper) in reversed(list(enumerate(row.bounds))):
            yield line(f"range {'thin' if rank else 'thick'} ink{row.tone}", self.x(lower), y, self.x(upper), y)
        for start, end, tone in row.bars:
            low, high = sorted((self.x(start), self.x(end)))
            yield rect(f"bar fill{tone}", low, y - _BAR / 2, high - low, _BAR)
        if self.heaviest and row.weight is not None:
            wide = (self.width - 4 - self.edge - _GAP - 44) * row.weight / self.heaviest
            yield rect("weight", self.edge + _GAP, y - 5, wide, 10)
            yield text("tick", self.edge + _GAP + wide + 6, y + 4, percent(100 * row.weight, ".0f"))
        if row.value is not None:
            yield f'<circle class="dot fill{row.tone}" cx="{self.x(row.value):.1f}" cy="{y:.1f}" r="4.5"/>'
        kind = f"end text{row.tone}{' strong' if row.strong else ''}"
        yield text(kind, self.left - 8, y + 4, name, "end")
        yield text(kind, self.edge, y + 4, row.text, "end")
