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
from rural_forecast.render.columns import prose
from rural_forecast.render.scale import Cut

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

FONT, SMALL = 13.0, 12.5
"""Sizes of text in pixels; the smaller one is that of ticks."""
LINE = 17.0
TICKS, PANEL_TICKS = 7, 4
"""About so many on an axis of values, and on one of a small picture."""
_SHAPES = {
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


def readings(plot: Course, picture: Picture) -> dict[float, list[tuple[str, int]]]:
    """The values of every year, in words, each with the level of its band, 0 for what is no band."""
    amount, names = picture.amounts, {line.tone: line.name for line in reversed(plot.lines) if line.name}
    said: list[tuple[float, str, int]] = []
    for line in plot.lines:
        name = prose(line.name or names.get(line.tone, ""))
        said += [(x, f"{name} {amount(y)}".strip(), 0) for x, y in line.own]
    for band in plot.narrowest_first if len({band.tone for band in plot.bands}) == 1 else ():
        edges = zip(band.xs, band.lower, band.upper, strict=True) if band.name else ()
        ranges = [(x, f"{amount(lower)} to {amount(upper)}") for x, lower, upper in edges if upper > lower]
        said += [(x, f"{prose(band.name)}: {words}", band.level) for x, words in ranges]
    said += [(mark.x, prose(mark.text) or f"published {amount(mark.y)}", 0) for mark in plot.signs]
    return {year: [(words, level) for x, words, level in said if x == year] for year in sorted({x for x, *_ in said})}


class Entry(NamedTuple):
    """A sign, as the inside of an `svg` element, with what it means."""

    sample: str
    text: str
    direct: bool = False
    """Whether a label of the wide drawing names the thing already."""

    @property
    def element(self) -> str:
        """The sign as an element."""
        return Drawing(SAMPLE_WIDTH, SAMPLE_HEIGHT, self.sample).element("sample")


def legend(picture: Picture, ticks: int = TICKS, panel: str = "") -> list[Entry]:
    """What the signs mean. `panel`: its title if it is one of several, before what is true of it alone."""
    plot = picture.plot
    if isinstance(plot, Panels):
        every = [entry for each in plot.pictures for entry in legend(each, PANEL_TICKS, f"{each.title}: ")]
        return [*{entry.text: entry for entry in every}.values()]
    if isinstance(plot, Course):
        entries = key.entries(plot, scales.of(picture, ticks), picture.amounts)
        alone = [(each, panel if isinstance(each.thing, Cut) else "") for each in entries]
        return [
            Entry(sample(each.thing, plot.levels), prose(f"{lead}{each.text}"), each.direct and not panel)
            for each, lead in alone
        ]
    kind = "column" if isinstance(plot, Columns) else "bar"
    square = f'<rect class="{kind} fill%d" x="6" y="1" width="12" height="12"/>'
    return [Entry(square % tone, text) for text, tone in plot.key]
