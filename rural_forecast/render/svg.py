"""The elements of drawings as svg: texts, lines, signs, and samples of them for a key.

Colours and lines go by class, so that `picture.css` chooses them; nothing is styled inline, for the security policy of
a page forbids it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from rural_forecast.document.picture import Band, Line, Mark
from rural_forecast.render.columns import prose
from rural_forecast.render.scale import Cut

FONT, SMALL = 13.0, 12.5
"""Sizes of text in pixels; the smaller one is that of ticks."""
LINE = 17.0
TICKS, PANEL_TICKS = 7, 4
"""About so many on an axis of values, and on one of a small picture."""
_SHAPES = {
    "diamond": "M0-6L6 0L0 6L-6 0z",
    "up": "M0-6L6 5H-6z",
    "down": "M0 6L6-5H-6z",
}
SAMPLE_WIDTH, SAMPLE_HEIGHT = 24.0, 14.0


class Size(NamedTuple):
    """The drawing in pixels at its natural size."""

    name: str
    width: float
    height: float
    whole_labels: bool
    """Labels at the right edge are shown with their words; a narrow drawing shows their numbers."""
    pointed: bool = False
    """It is in a page with a pointer that asks for the values of a year."""

    @property
    def ticks(self) -> int:
        """About so many on an axis of values."""
        return PANEL_TICKS if self.name == "panel" else TICKS


WIDE = Size("wide", 860, 420, True)
NARROW = Size("narrow", 360, 330, False)


class Drawing(NamedTuple):
    """The inside of an `svg` element with its size in pixels."""

    width: float
    height: float
    body: str


def text(kind: str, x: float, y: float, words: str, anchor: str = "") -> str:
    """A text of one line; `anchor` is `middle` or `end` where it does not start at `x`."""
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{kind}"{anchored} x="{x:.1f}" y="{y:.1f}">{escape(prose(words))}</text>'


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def rect(kind: str, x: float, y: float, width: float, height: float) -> str:
    """A rectangle."""
    return f'<rect class="{kind}" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"/>'


def gridline(left: float, right: float, y: float, tick: str, kind: str = "grid") -> str:
    """A line of the grid with its tick at the left, `zero` where it is that of zero."""
    return line(kind, left, y, right, y) + text("tick", left - 6, y + 4, tick, "end")


def strength(level: int, levels: Sequence[int]) -> str:
    """The class of a band: the wider, the paler."""
    return f"b{min(levels.index(level), 2)}"


def sign(mark: Mark, place: str) -> str:
    """The sign of a published figure."""
    return f'<path class="mark fill{mark.tone}" transform="translate({place})" d="{_SHAPES[mark.shape]}"/>'


def dot(line: Line, x: str, y: str, *, many: bool = False) -> str:
    """The dot of a value; one of many is smaller."""
    shape = f"fill{line.tone}" if line.dash == "solid" else f"open ink{line.tone}"
    radius = 2.2 if line.faint or many else 3.4
    return f'<circle class="dot {shape}{" faint" if line.faint else ""}" cx="{x}" cy="{y}" r="{radius}"/>'


def sample(shown: Line | Band | Mark | Cut, levels: Sequence[int]) -> str:
    """The sign of a thing as the drawing has it. `levels`: of the bands drawn; a band lies on all wider ones."""
    if isinstance(shown, Band):
        kinds = [strength(level, levels) for level in reversed(levels) if level >= shown.level]
        return "".join(
            f'<rect class="band fill{shown.tone} {kind}" x="1" y="2" width="22" height="10"/>' for kind in kinds
        )
    if isinstance(shown, Mark):
        return sign(shown, "12 7")
    if isinstance(shown, Line):
        faint = " faint" if shown.faint else ""
        kind = "trace ink%d" if faint and not shown.dots else f"line ink%d {shown.dash}{faint}"
        path = f'<path class="{kind % shown.tone}" d="M0 7H24"/>'
        return path + (dot(shown, "12", "7") if shown.dots else "")
    ink, up = f"ink{shown.band.tone}", shown.upward
    arrow = "M12 12V2m-4 5l4-5l4 5" if up else "M12 2V12m-4-5l4 5l4-5"
    return f'<path class="cut {ink}" d="M1 {2 if up else 12}H23"/><path class="arrow {ink}" d="{arrow}"/>'
