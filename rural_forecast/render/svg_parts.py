"""What all drawings as svg share: sizes, the finished drawing, samples of its key, and what each year shows in words.

Colours and lines go by class, so that `picture.css` chooses them; nothing is styled inline, for the security policy of
a page forbids it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.document.picture import Band, Columns, Course, Line, Mark, Panels
from rural_forecast.render import key
from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.scale import Cut

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

FONT, SMALL = 13.0, 12.5
"""Sizes of text in pixels; the smaller one is that of ticks."""
LINE = 17.0
TICKS, PANEL_TICKS = 7, 4
"""About so many on an axis of values, and on one of a small picture."""
SHAPES = {
    "dot": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
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
    """Whether labels at the right edge are shown with their words; a narrow drawing shows their numbers."""
    pointed: bool = True
    """Whether it is in a page with a pointer that asks for the values of a year."""

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

    def element(self, name: str) -> str:
        """The element; it is decoration for those who cannot see it, as the page has the same in words."""
        return (
            f'<svg class="{name}" viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" '
            f'height="{self.height:g}" aria-hidden="true" focusable="false">{self.body}</svg>'
        )


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


def sample(shown: Line | Band | Mark | Cut, levels: Sequence[int]) -> Drawing:
    """The sign of a thing as the drawing has it. `levels`: of the bands drawn; a band lies on all wider ones."""
    if isinstance(shown, Band):
        below = reversed([strength(level, levels) for level in levels if level >= shown.level])
        rects = (f'<rect class="band fill{shown.tone} {kind}" x="1" y="2" width="22" height="10"/>' for kind in below)
        return Drawing(SAMPLE_WIDTH, SAMPLE_HEIGHT, "".join(rects))
    return Drawing(SAMPLE_WIDTH, SAMPLE_HEIGHT, _sample(shown))


def strength(level: int, levels: Sequence[int]) -> str:
    """The class of a band: the wider, the paler."""
    return f"b{min(levels.index(level), 2)}"


def swatch(tone: int, kind: str) -> Drawing:
    """The sign of a `column` or a `bar` in a tone."""
    return Drawing(SAMPLE_WIDTH, SAMPLE_HEIGHT, f'<rect class="{kind} fill{tone}" x="6" y="1" width="12" height="12"/>')


def _sample(shown: Line | Mark | Cut) -> str:
    if isinstance(shown, Line):
        return _line(shown)
    if isinstance(shown, Mark):
        return f'<path class="mark fill{shown.tone}" transform="translate(12 7)" d="{SHAPES[shown.shape]}"/>'
    ink, up = f"ink{shown.band.tone}", shown.upward
    arrow = "M12 12V2m-4 5l4-5l4 5" if up else "M12 2V12m-4-5l4 5l4-5"
    return f'<path class="cut {ink}" d="M1 {2 if up else 12}H23"/><path class="arrow {ink}" d="{arrow}"/>'


def _line(line: Line) -> str:
    ink = f"{line.dash}{' faint' if line.faint else ''}"
    if not line.dots:
        return f'<path class="{"trace" if line.faint else f"line {ink}"} ink{line.tone}" d="M0 7H24"/>'
    path = f'<path class="line ink{line.tone} {ink}" d="M0 7H24"/>'
    shape = f"open ink{line.tone}" if line.dash != "solid" else f"fill{line.tone}"
    radius = 2.2 if line.faint else 3.4
    return f'{path}<circle class="dot {shape}{" faint" if line.faint else ""}" cx="12" cy="7" r="{radius}"/>'


class Reading(NamedTuple):
    """What the picture shows of a year."""

    head: str
    """The year and the unit."""
    parts: tuple[tuple[str, int], ...]
    """Names with their numbers, each with the level of its band, 0 for what is no band."""


def readings(plot: Course, picture: Picture) -> dict[float, Reading]:
    """The values of every year, in words."""
    amount = picture.amounts
    texts: dict[float, list[tuple[str, int]]] = {}
    for line in plot.lines:
        start = 1 if line.dash == "dashed" else 0
        for x, y in list(zip(line.xs, line.ys, strict=True))[start:]:
            texts.setdefault(x, []).append((f"{_name(plot, line)} {amount(y)}".strip(), 0))
    several = len({band.tone for band in plot.bands}) > 1
    for band in sorted(plot.bands, key=lambda band: band.level):
        if several or not band.name:
            continue
        for x, lower, upper in zip(band.xs, band.lower, band.upper, strict=True):
            if upper > lower:
                text = f"{prose(band.name)}: {amount(lower)} to {amount(upper)}"
                texts.setdefault(x, []).append((text, band.level))
    for mark in (mark for mark in plot.marks if mark.shape != "none"):
        texts.setdefault(mark.x, []).append((prose(mark.text) or f"published {amount(mark.y)}", 0))
    measure = f", {prose(picture.unit)}" if picture.unit else ""
    return {x: Reading(f"{x:.0f}{measure}", tuple(parts)) for x, parts in sorted(texts.items())}


def _name(plot: Course, line: Line) -> str:
    """The name of a line, or of another of the same tone where it has none."""
    return prose(line.name or next((other.name for other in plot.lines if other.tone == line.tone and other.name), ""))


class Entry(NamedTuple):
    """A sign with what it means."""

    sample: Drawing
    text: str
    direct: bool
    """Whether a label of the wide drawing names the thing already."""


def legend(picture: Picture, ticks: int = TICKS) -> list[Entry]:
    """What the signs mean."""
    plot = picture.plot
    if isinstance(plot, Panels):
        return _of_panels(plot)
    if not isinstance(plot, Course):
        kind = "column" if isinstance(plot, Columns) else "bar"
        return [Entry(swatch(tone, kind), text, direct=False) for text, tone in plot.key]
    entries = key.entries(plot, scales.of(picture, ticks), picture.amounts)
    return [Entry(sample(entry.thing, plot.levels), prose(entry.text), entry.direct) for entry in entries]


def _of_panels(plot: Panels) -> list[Entry]:
    """The signs of all panels, each once; where a band is cut, with the title of the panel."""
    entries: dict[str, Entry] = {}
    for picture in plot.pictures:
        for entry in legend(picture, PANEL_TICKS):
            cut = "cut off here" in entry.text
            text = f"{prose(picture.title)}: {entry.text}" if cut else entry.text
            entries.setdefault(text, entry._replace(text=text, direct=False))
    return list(entries.values())
