"""A canvas for drawings as svg: texts, lines and areas in absolute pixels, in colours that go by name.

Every text is one element with its place, size and weight, so that what is drawn can be measured. Colours are classes:
the security policy of a page forbids styles inline, and the page has two themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import BANDS, REGULAR, THEMES, Size

Point = tuple[float, float]
HALO = 3.5
_INKS = (("ink", ""), ("accent", ""), ("quiet", ""), ("axis", "2 3"), ("axis", ""), ("quiet", "2 3"), ("total", ""))
"""Colour and dashes of a line by its tone: what was observed, the answer, and context in greys."""


def ink(tone: int) -> str:
    """The colour of a tone."""
    return pattern(tone)[0]


def pattern(tone: int) -> tuple[str, str]:
    """The colour of a tone, and the dashes by which a line of context is told from its neighbours."""
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

    def inside(self, other: Box) -> bool:
        """Nothing of it is outside the other."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


def box_of(x: float, y: float, words: str, size: float, weight: int = REGULAR, anchor: str = "start") -> Box:
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
        kind: str = "",
    ) -> Box:
        """Write one line; gives what it covers."""
        size = size or self.size.text
        box = box_of(x, y, words, size, weight, anchor)
        if not words:
            return box
        kind = f"{kind} f-{colour}{' halo' if halo else ''}".strip()
        heavy = f' font-weight="{weight}"' if weight != REGULAR else ""
        anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
        place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"'
        self.parts.append(f'<text class="{kind}" {place}{heavy}{anchored}>{escape(prose(words))}</text>')
        return box

    def line(self, points: Iterable[Point], colour: str, wide: float = 1.0, dash: str = "") -> None:
        """Draw a line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        kind = f'class="s-{colour}" stroke-width="{wide:g}"{dashed}'
        self.parts.append(f'<path {kind} fill="none" stroke-linejoin="round" d="{_through(points)}"/>')

    def span(self, x: float, ends: Iterable[float], wide: float = 2.0, half: float = 5.0) -> None:
        """Draw a range upright, with a stroke across each of its ends."""
        low, high = ends
        for line in ([(x, low), (x, high)], *([(x - half, end), (x + half, end)] for end in (low, high))):
            self.line(line, "accent", wide)

    def area(self, points: Sequence[Point], colour: str, *, gap: float = 0.0, kind: str = "") -> None:
        """Fill an area; with a `gap`, its edge has the colour of the page."""
        edge = f' s-paper" stroke-width="{gap:g}" stroke-linejoin="round' if gap else ""
        self.parts.append(f'<path class="f-{colour}{kind and f" {kind}"}{edge}" d="{_through(points)}z"/>')

    def rect(self, box: Box, colour: str) -> None:
        """Fill a rectangle."""
        self.parts.append(f'<rect class="f-{colour}" {_placed(box)}/>')

    def dot(self, x: float, y: float, radius: float, fill: str, edge: str = "", wide: float = 0.0) -> None:
        """Draw a dot or a ring."""
        ring = f' s-{edge}" stroke-width="{wide:g}' if edge else ""
        self.parts.append(f'<circle class="f-{fill}{ring}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>')

    def diamond(self, x: float, y: float) -> None:
        """Draw the sign of a published figure: white with an outline."""
        style = 'class="f-paper s-ink published" stroke-width="1.6"'
        d = "M0-6.5L6.5 0L0 6.5L-6.5 0z"
        self.parts.append(f'<path {style} transform="translate({x:.1f} {y:.1f})" d="{d}"/>')

    def fade(self, box: Box, *, upward: bool) -> None:
        """Let what is drawn fade into the page at the upper or the lower end of a box."""
        name = f"{'up' if upward else 'down'}-{self.size.name}"
        ends = f'y1="{0 if upward else 1}" y2="{1 if upward else 0}"'
        stops = '<stop offset="0" class="c-paper"/><stop offset="1" class="c-paper" stop-opacity="0"/>'
        self.parts.append(f'<linearGradient id="{name}" x1="0" x2="0" {ends}>{stops}</linearGradient>')
        self.parts.append(f'<rect fill="url(#{name})" {_placed(box)}/>')


def _placed(box: Box) -> str:
    left, top, right, bottom = box
    return f'x="{left:.1f}" y="{top:.1f}" width="{max(right - left, 0):.1f}" height="{max(bottom - top, 0):.1f}"'


def _through(points: Iterable[Point]) -> str:
    """A path through points."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


_RULES = f"""\
.halo {{ paint-order: stroke; stroke-width: {HALO:g}px; stroke-linejoin: round; }}
.see-through {{ opacity: 0.6; }}"""


def style(theme: str = "") -> str:
    """The style sheet of drawings: in a theme's colours, or in variables of a page."""
    known = THEMES[theme or "light"]
    colours = known if theme else {name: f"var(--{name})" for name in known}
    rules = [f".f-{name} {{ fill: {colour}; }} .s-{name} {{ stroke: {colour}; }}" for name, colour in colours.items()]
    paper = f".halo {{ stroke: {colours['paper']}; }} .c-paper {{ stop-color: {colours['paper']}; }}"
    return "\n".join([*rules, paper, _RULES])


def page_style(sheet: str) -> str:
    """The style sheet of a page, with the colours of both themes and the styles of drawings in their places."""
    for theme, colours in THEMES.items():
        variables = " ".join(f"--{name}: {colour};" for name, colour in colours.items())
        sheet = sheet.replace(f"/* {theme} */", variables)
    return sheet.replace("/* picture */", style())
