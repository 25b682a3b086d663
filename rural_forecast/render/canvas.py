"""A canvas for drawings as svg, and the plane of those over years, which has axes of values and
years.

Colours are classes: the security policy of a page forbids styles inline, and the page has two
themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from rural_forecast.document.picture import Picture
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import BANDS, MEDIUM, REGULAR, THEMES, Size

Point = tuple[float, float]
HALO = 3.5
TICKS = 6
FEW_TICKS = 4  # about so many on an axis of values, and on one of a small picture
_ROOMY = 60
# colour and dashes of a line by its tone: what was observed, the answer, and context in greys
_INKS = (
    ("ink", ""),
    ("accent", ""),
    ("quiet", ""),
    ("axis", "2 3"),
    ("axis", ""),
    ("quiet", "2 3"),
    ("total", ""),
)


def pattern(tone: int) -> tuple[str, str]:
    """The colour of a tone, and the dashes that distinguish a line of context from its neighbours."""
    return _INKS[tone if tone < len(_INKS) else 2 + tone % (len(_INKS) - 2)]


def shade(level: int) -> int:
    """The shade of a band: the next level of the style that holds it."""
    return next((known for known in BANDS if level <= known), BANDS[-1])


class Box(NamedTuple):
    """The box of a text or sign."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Both cover the same place."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def wider(self, by: float) -> Box:
        """The same with so much room around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @classmethod
    def around(cls, point: Point, by: float) -> Box:
        """A square around a point."""
        return cls(*point, *point).wider(by)


def box_of(
    x: float, y: float, words: str, size: float, weight: int = REGULAR, anchor: str = "start"
) -> Box:
    """The place of a text with its baseline at `y`: capitals are 0.69 em high, descents 0.2."""
    wide = width(prose(words), size, bold=weight > REGULAR)
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return Box(left, y - 0.74 * size, left + wide, y + 0.21 * size)


class Canvas:
    """Elements of a drawing in their order, with what the texts cover."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 0.0,
        colour: str = "ink",
        weight: int = REGULAR,
        anchor: str = "start",
        halo: bool = False,
    ) -> Box:
        """Write one line; gives what it covers."""
        size = size or self.size.text
        box = box_of(x, y, words, size, weight, anchor)
        if not words:
            return box
        kind = f"f-{colour}{' halo' if halo else ''}"
        heavy = f' font-weight="{weight}"' if weight != REGULAR else ""
        anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
        place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"'
        self.parts.append(
            f'<text class="{kind}" {place}{heavy}{anchored}>{escape(prose(words))}</text>'
        )
        return box

    def line(self, points: Iterable[Point], colour: str, wide: float = 1.0, dash: str = "") -> None:
        """Draw a line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        kind = f'class="s-{colour}" stroke-width="{wide:g}"{dashed}'
        self.parts.append(
            f'<path {kind} fill="none" stroke-linejoin="round" d="{_through(points)}"/>'
        )

    def span(self, x: float, ends: Iterable[float], wide: float = 2.0, half: float = 5.0) -> None:
        """Draw a range upright, with a stroke across each of its ends."""
        low, high = ends
        for line in (
            [(x, low), (x, high)],
            *([(x - half, end), (x + half, end)] for end in (low, high)),
        ):
            self.line(line, "accent", wide)

    def area(
        self, points: Sequence[Point], colour: str, *, gap: float = 0.0, kind: str = ""
    ) -> None:
        """Fill an area; with a `gap`, its edge has the colour of the page."""
        edge = f' s-paper" stroke-width="{gap:g}" stroke-linejoin="round' if gap else ""
        self.parts.append(
            f'<path class="f-{colour}{kind and f" {kind}"}{edge}" d="{_through(points)}z"/>'
        )

    def rect(self, box: Box, colour: str) -> None:
        """Fill a rectangle."""
        self.parts.append(f'<rect class="f-{colour}" {_placed(box)}/>')

    def dot(
        self, x: float, y: float, radius: float, fill: str, edge: str = "", wide: float = 0.0
    ) -> None:
        """Draw a dot or a ring."""
        ring = f' s-{edge}" stroke-width="{wide:g}' if edge else ""
        self.parts.append(
            f'<circle class="f-{fill}{ring}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'
        )

    def diamond(self, x: float, y: float) -> None:
        """Draw the sign of a published figure: white with an outline."""
        style = 'class="f-paper s-ink published" stroke-width="1.6"'
        d = "M0-6.5L6.5 0L0 6.5L-6.5 0z"
        self.parts.append(f'<path {style} transform="translate({x:.1f} {y:.1f})" d="{d}"/>')

    def fade(self, box: Box, *, upward: bool) -> None:
        """Let what is drawn fade into the page at the upper or the lower end of a box."""
        name = f"{'up' if upward else 'down'}-{self.size.name}"
        ends = f'y1="{0 if upward else 1}" y2="{1 if upward else 0}"'
        stops = (
            '<stop offset="0" class="c-paper"/><stop offset="1" class="c-paper" stop-opacity="0"/>'
        )
        self.parts.append(
            f'<linearGradient id="{name}" x1="0" x2="0" {ends}>{stops}</linearGradient>'
        )
        self.parts.append(f'<rect fill="url(#{name})" {_placed(box)}/>')


def _placed(box: Box) -> str:
    left, top, right, bottom = box
    return f'x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0):.1f}" height="{max(bottom - top, 0):.1f}"'


def _through(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


class Plane:
    """Places of years and values in a frame; `room` at its right is for labels."""

    def __init__(
        self, picture: Picture, canvas: Canvas, frame: Box, span: Point, *, small: bool = False
    ) -> None:
        self.canvas = canvas
        self.frame = frame
        self.span = span
        self.small = small
        self.scale = scales.of(picture, FEW_TICKS if small else TICKS)
        self.unit = self.scale.headed("" if small else picture.unit)
        text = canvas.size.text
        self.left = (
            frame.left + max((width(words, text) for words in self.scale.texts), default=0.0) + 15
        )
        self.right = frame.right
        self.top = frame.top + text * (2.2 if self.unit else 0.7)
        self.bottom = frame.bottom - text * 2.1

    @property
    def slot(self) -> float:
        """The room of a year."""
        first, last = self.span
        return (self.right - self.left) / ((last - first) or 1)

    def x(self, year: float) -> float:
        """The place of a year."""
        first, last = self.span
        return (
            self.left + self.slot * (year - first) if last > first else (self.left + self.right) / 2
        )

    def y(self, value: float) -> float:
        """The place of a value."""
        return self.at(self.scale.share(value))

    def at(self, share: float) -> float:
        """The place of a share of the axis."""
        return self.bottom - (self.bottom - self.top) * share

    def points(self, xs: Iterable[float], values: Iterable[float]) -> list[Point]:
        """Places of years with values."""
        return [(self.x(year), self.y(value)) for year, value in zip(xs, values, strict=True)]

    def grid(self) -> None:
        """Draw the unit, and a line for each tick; that of zero, and where the axis begins
        elsewhere, is darker.
        """
        canvas, text, scale = self.canvas, self.canvas.size.text, self.scale
        left = self.left - 5
        canvas.text(self.frame.left, self.top - text * 0.9, self.unit, colour="quiet")
        for tick, words in zip(scale.ticks, scale.texts, strict=True):
            if (y := self.y(tick)) >= self.top - text * 0.2:
                canvas.line([(left, y), (self.right, y)], *scale.tick_line(tick))
                canvas.text(left - 8, y + text * 0.35, words, colour="quiet", anchor="end")
        if scale.low != 0 or scale.logarithmic:
            canvas.line([(left, self.bottom), (self.right, self.bottom)], "axis", 1.2)

    def years(self, origin: float | None) -> None:
        """Every year has a tick; the first, last observed and last are in full, others where they
        fit.
        """
        canvas, text, slot = self.canvas, self.canvas.size.text, self.slot
        first, last = map(int, self.span)
        every = 1 if slot >= 4 else 5 if slot >= 1 else 25
        for year in range(first, last + 1):
            if year % every == 0 or year in (first, last):
                canvas.line([(self.x(year), self.bottom), (self.x(year), self.bottom + 5)], "axis")
        full = [
            last,
            first,
            *([int(origin)] if origin is not None and first < origin < last else []),
        ]
        y = self.bottom + text * 1.75
        boxes = list[Box]()
        low = canvas.size.margin
        high = self.right + width("0000", text, bold=True) / 2 + 2
        for year in full:
            at = self.x(year)
            box = box_of(at, y, str(year), text, MEDIUM, "middle")
            at += max(low - box.left, 0) - max(box.right - high, 0)
            if near := next((other for other in boxes if box.meets(other.wider(6))), None):
                if year == first:
                    continue
                at += (
                    near.left - 7 - box.right
                    if at <= (near.left + near.right) / 2
                    else near.right + 7 - box.left
                )
            boxes.append(canvas.text(at, y, str(year), weight=MEDIUM, anchor="middle"))
        fits = slot >= width("00", text) + 8 and last - first < 100
        least = (width("0000", text) + 14) / slot
        step = (
            1
            if fits
            else next((step for step in (2, 5, 10, 20, 25, 50, 100) if step >= least), 200)
        )
        for year in range(-(-first // step) * step, last, step):
            words = f"{year % 100:02}" if fits and first > 0 and slot < _ROOMY else str(year)
            box = box_of(self.x(year), y, words, text, REGULAR, "middle")
            if year > first and not any(box.meets(other.wider(8)) for other in boxes):
                boxes.append(canvas.text(self.x(year), y, words, colour="quiet", anchor="middle"))


def style(theme: str = "") -> str:
    """The style sheet of drawings: in a theme's colours, or in variables of a page."""
    known = THEMES[theme or "light"]
    colours = known if theme else {name: f"var(--{name})" for name in known}
    rules = [
        f".f-{name} {{ fill: {colour}; }} .s-{name} {{ stroke: {colour}; }}"
        for name, colour in colours.items()
    ]
    rules.append(
        f".halo {{ stroke: {colours['paper']}; }} .c-paper {{ stop-color: {colours['paper']}; }}"
    )
    rules.append(
        f".halo {{ paint-order: stroke; stroke-width: {HALO:g}px; stroke-linejoin: round; }}"
    )
    return "\n".join([*rules, ".see-through { opacity: 0.6; }"])
