"""Text on a matplotlib figure, measured: lines that fit, and labels that do not cover each other. Sizes in inches."""

from __future__ import annotations

from typing import Any

from rural_forecast.render.palette import INKS
from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, wrap

LEFT, RIGHT = 0.3, 0.25
"""Margins."""


class Page:
    """A figure with the means to measure text."""

    def __init__(self, figure: Any, renderer: Any) -> None:
        self.figure, self._renderer = figure, renderer

    @property
    def width(self) -> float:
        """Of the figure."""
        return float(self.figure.get_figwidth())

    @property
    def height(self) -> float:
        """Of the figure."""
        return float(self.figure.get_figheight())

    @height.setter
    def height(self, inches: float) -> None:
        self.figure.set_figheight(inches)

    def line(self, size: float) -> float:
        """Height of a line of text of a size in points."""
        return 1.35 * size / 72

    def measure(self, text: str, size: float, weight: str = "normal") -> float:
        """Width of a text as it will be drawn."""
        if not text:
            return 0.0
        drawn = self.figure.text(0, 0, drawable(text), fontsize=size, fontweight=weight)
        width = drawn.get_window_extent(self._renderer).width / self.figure.dpi
        drawn.remove()
        return float(width)

    def wrapped(self, text: str, size: float, weight: str, most: int, room: float | None = None) -> list[str]:
        """Lines that fit the width; what goes beyond `most` ends in an ellipsis."""
        clean = prose(text)
        if not clean:
            return []
        room = self.width - LEFT - RIGHT if room is None else room
        columns = max(cell_len(clean), 8)
        while True:
            lines = wrap(clean, columns)
            widest = max(self.measure(line, size, weight) for line in lines)
            if widest <= room or columns <= 8:
                break
            columns = max(8, min(columns - 1, int(columns * room / widest)))
        return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1].rstrip(' .,;')} …"]

    def prose(
        self, text: str, top: float, size: float, *, weight: str = "normal", color: str = INKS[0], most: int
    ) -> float:
        """Write lines at the left margin from `top` down; gives where they end."""
        for line in self.wrapped(text, size, weight, most):
            top -= self.line(size)
            self.write(line, LEFT, top + 0.3 * size / 72, size, weight=weight, color=color)
        return top

    def write(self, text: str, x: float, y: float, size: float, **style: Any) -> None:
        """Write one line with its base at a place in inches."""
        style = {"fontsize": size, "va": "baseline", "ha": "left", **style}
        self.figure.text(x / self.width, y / self.height, drawable(text), **style)

    def axes(self, left: float, bottom: float, right: float, top: float) -> Any:
        """Axes between edges in inches, without a frame."""
        made = self.figure.add_axes(
            (left / self.width, bottom / self.height, (right - left) / self.width, (top - bottom) / self.height)
        )
        for side in ("top", "left", "right"):
            made.spines[side].set_visible(False)
        made.spines["bottom"].set_color(INKS[0])
        made.spines["bottom"].set_linewidth(0.8)
        return made


def drawable(text: str) -> str:
    """Text on one line in which matplotlib sees no mathematics, and nothing that it cannot write."""
    return prose(text).replace("$", r"\$")
