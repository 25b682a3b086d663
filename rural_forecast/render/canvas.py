"""A canvas for drawings as svg, and the plane of those over years, with axes of values and years.

Pixels count from the top left corner. Colours are classes of a style sheet: the security policy of
a page forbids styles inline, and the page has two themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from rural_forecast.document.picture import MAIN, Dash, Picture
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width
from rural_forecast.text.style import BANDS, MEDIUM, REGULAR, THEMES, Size

Point = tuple[float, float]

HALO = 3.5  # pixels by which the ground in the colour of the page is wider than a text on lines
RULE = 1.2  # width of the lines that a drawing rests on: zero, and where the axis begins

# About so many ticks on an axis of values, and on that of a small picture.
TICKS = 6
FEW_TICKS = 4

# Of a line of text, in ems from its baseline: capitals are 0.69 high, descents 0.2.
_ASCENT = 0.74
_DESCENT = 0.21
HALF_CAPITAL = 0.35  # from the middle of a text down to its baseline

# Labels at the right edge.
LABEL_LINE = 1.3  # ems from a line of a label to the next one
NAME_GAP = 7  # pixels between an amount and its name

# Room of a plane around its drawing: pixels left of it beside the widest tick, ems above it with a
# unit and without, and ems below it for the years.
_BESIDE_TICKS = 15
_ABOVE_WITH_UNIT = 2.2
_ABOVE = 0.7
_BELOW = 2.1

# The axis of years. Every year has a tick, or every fifth or 25th where years are closer than so
# many pixels.
_TICK = 5
_EVERY_YEAR = 4
_EVERY_FIFTH_YEAR = 1
# Years are written with two digits where they fit, with four from this width of a year on. Further
# series of years would repeat two digits.
_FOUR_DIGITS_FROM = 60
_TWO_DIGITS_UP_TO = 100
_YEAR_STEPS = (2, 5, 10, 20, 25, 50, 100)
_LONGEST_YEAR_STEP = 200
# Pixels between years written in full, and of the other years from those and from each other.
_BETWEEN_FULL_YEARS = 6
_MOVED_YEAR_GAP = 7
_BETWEEN_YEARS = 8
_BETWEEN_STEPPED_YEARS = 14

# The colour and the dashes of a line by its tone: observed, the answer, and context in greys. Tones
# beyond the table repeat those of context.
_INKS = (
    ("ink", ""),
    ("accent", ""),
    ("quiet", ""),
    ("axis", "2 3"),
    ("axis", ""),
    ("quiet", "2 3"),
    ("total", ""),
)
_DASHES: Mapping[Dash, str] = {"dashed": "7 4", "dotted": "2 4", "dash-dotted": "11 4 2 4"}


def pattern(tone: int) -> tuple[str, str]:
    """Choose the colour of a tone, and the dashes that set a line of context off its neighbours."""
    if tone < len(_INKS):
        return _INKS[tone]
    return _INKS[2 + tone % (len(_INKS) - 2)]


def dashes(tone: int, dash: Dash) -> str:
    """Choose the dashes of a line; the answer has none, as its colour says what it is."""
    if dash == "dashed" and tone == MAIN:
        return ""
    if dash != "solid":
        return _DASHES[dash]
    _, own = pattern(tone)
    return own if tone > MAIN else ""


def shade(level: int) -> int:
    """Choose the shade of a band: the next level of the style that holds it."""
    return next((shaded for shaded in BANDS if level <= shaded), BANDS[-1])


class Box(NamedTuple):
    """The box of a text or sign."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Check that two boxes overlap."""
        apart = self.right <= other.left or other.right <= self.left
        return not (apart or self.bottom <= other.top or other.bottom <= self.top)

    def wider(self, by: float) -> Box:
        """Add room around the box."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @classmethod
    def around(cls, point: Point, by: float) -> Box:
        """Make a square around a point."""
        return cls(*point, *point).wider(by)


def box_of(
    x: float, y: float, words: str, size: float, weight: int = REGULAR, anchor: str = "start"
) -> Box:
    """Find the box of a text with its baseline at `y`."""
    wide = width(prose(words), size, bold=weight > REGULAR)
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return Box(left, y - _ASCENT * size, left + wide, y + _DESCENT * size)


class Canvas:
    """Elements of a drawing in their order: later ones lie on top."""

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
        """Write one line; return the box that it covers."""
        size = size or self.size.text
        box = box_of(x, y, words, size, weight, anchor)
        if not words:
            return box
        if halo:
            # Behind the whole text: outlines of letters would cover their neighbours in a pdf.
            self.rect(box.wider(HALO / 2), "paper behind")
        attributes = [
            f'class="f-{colour}"',
            f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"',
        ]
        if weight != REGULAR:
            attributes.append(f'font-weight="{weight}"')
        if anchor != "start":
            attributes.append(f'text-anchor="{anchor}"')
        self.parts.append(f"<text {' '.join(attributes)}>{escape(prose(words))}</text>")
        return box

    def line(self, points: Iterable[Point], colour: str, wide: float = 1.0, dash: str = "") -> None:
        """Draw a line through points."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        stroke = f'class="s-{colour}" stroke-width="{wide:g}"{dashed}'
        self.parts.append(
            f'<path {stroke} fill="none" stroke-linejoin="round" d="{_through(points)}"/>'
        )

    def span(
        self, x: float, ends: tuple[float, float], wide: float = 2.0, half: float = 5.0
    ) -> None:
        """Draw a range upright, with a stroke across each of its ends."""
        low, high = ends
        self.line([(x, low), (x, high)], "accent", wide)
        for end in ends:
            self.line([(x - half, end), (x + half, end)], "accent", wide)

    def area(
        self, points: Sequence[Point], colour: str, *, gap: float = 0.0, kind: str = ""
    ) -> None:
        """Fill an area; with a `gap`, its edge has the colour of the page."""
        classes = f"f-{colour} {kind}" if kind else f"f-{colour}"
        edge = ""
        if gap:
            classes += " s-paper"
            edge = f' stroke-width="{gap:g}" stroke-linejoin="round"'
        self.parts.append(f'<path class="{classes}"{edge} d="{_through(points)}z"/>')

    def rect(self, box: Box, colour: str) -> None:
        """Fill a rectangle."""
        self.parts.append(f'<rect class="f-{colour}" {_placed(box)}/>')

    def dot(
        self, x: float, y: float, radius: float, fill: str, edge: str = "", wide: float = 0.0
    ) -> None:
        """Draw a dot or, with an edge, a ring."""
        look = f'class="f-{fill}"'
        if edge:
            look = f'class="f-{fill} s-{edge}" stroke-width="{wide:g}"'
        self.parts.append(f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>')

    def diamond(self, x: float, y: float) -> None:
        """Draw the sign of a published figure: white with an outline."""
        look = 'class="f-paper s-ink published" stroke-width="1.6"'
        outline = "M0-6.5L6.5 0L0 6.5L-6.5 0z"
        self.parts.append(f'<path {look} transform="translate({x:.1f} {y:.1f})" d="{outline}"/>')

    def fade(self, box: Box, *, upward: bool) -> None:
        """Fade out into the page at the upper or the lower end of a box."""
        direction = "up" if upward else "down"
        name = f"{direction}-{self.size.name}"  # a page has the drawing in several sizes
        ends = 'y1="0" y2="1"' if upward else 'y1="1" y2="0"'
        stops = (
            '<stop offset="0" class="c-paper"/><stop offset="1" class="c-paper" stop-opacity="0"/>'
        )
        self.parts.append(
            f'<linearGradient id="{name}" x1="0" x2="0" {ends}>{stops}</linearGradient>'
        )
        self.parts.append(f'<rect fill="url(#{name})" {_placed(box)}/>')


def _placed(box: Box) -> str:
    wide = max(box.right - box.left, 0)
    high = max(box.bottom - box.top, 0)
    return f'x="{box.left:.1f}" y="{box.top:.1f}" width="{wide:.1f}" height="{high:.1f}"'


def _through(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


class Plane:
    """The part of a frame in which years and values have their pixels; ticks are outside of it."""

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
        widest_tick = max((width(words, text) for words in self.scale.texts), default=0.0)
        above = _ABOVE_WITH_UNIT if self.unit else _ABOVE
        self.left = frame.left + widest_tick + _BESIDE_TICKS
        self.right = frame.right
        self.top = frame.top + text * above
        self.bottom = frame.bottom - text * _BELOW

    @property
    def slot(self) -> float:
        """The pixels of a year."""
        first, last = self.span
        return (self.right - self.left) / ((last - first) or 1)

    def x(self, year: float) -> float:
        """Place a year; a single one is in the middle."""
        first, last = self.span
        if last > first:
            return self.left + self.slot * (year - first)
        return (self.left + self.right) / 2

    def y(self, value: float) -> float:
        """Place a value."""
        return self.y_of_share(self.scale.share(value))

    def y_of_share(self, share: float) -> float:
        """Place a share of the axis."""
        return self.bottom - (self.bottom - self.top) * share

    def points(self, xs: Iterable[float], values: Iterable[float]) -> list[Point]:
        """Place years with values."""
        return [(self.x(year), self.y(value)) for year, value in zip(xs, values, strict=True)]

    def grid(self) -> None:
        """Draw the unit, a line for each tick, and one where an axis begins other than at zero."""
        canvas = self.canvas
        scale = self.scale
        text = canvas.size.text
        left = self.left - 5
        canvas.text(self.frame.left, self.top - text * 0.9, self.unit, colour="quiet")
        for tick, words in zip(scale.ticks, scale.texts, strict=True):
            y = self.y(tick)
            if y < self.top - text * 0.2:  # it would touch the unit
                continue
            canvas.line([(left, y), (self.right, y)], *scale.tick_line(tick))
            canvas.text(left - 8, y + text * HALF_CAPITAL, words, colour="quiet", anchor="end")
        if scale.low != 0 or scale.logarithmic:
            canvas.line([(left, self.bottom), (self.right, self.bottom)], "axis", RULE)

    def years(self, origin: float | None) -> None:
        """Draw the axis of years: the first, last observed and last in full, others if they fit."""
        self._year_ticks()
        boxes = self._full_years(origin)
        self._other_years(boxes)

    def _year_ticks(self) -> None:
        first, last = map(int, self.span)
        every = 25
        if self.slot >= _EVERY_YEAR:
            every = 1
        elif self.slot >= _EVERY_FIFTH_YEAR:
            every = 5
        for year in range(first, last + 1):
            if year % every == 0 or year in (first, last):
                x = self.x(year)
                self.canvas.line([(x, self.bottom), (x, self.bottom + _TICK)], "axis")

    @property
    def _years_baseline(self) -> float:
        return self.bottom + self.canvas.size.text * 1.75

    def _full_years(self, origin: float | None) -> list[Box]:
        """Write the last, first and last observed year; return the boxes that they cover.

        A year that would touch one before it in this order moves aside; the first is left out then.
        """
        canvas = self.canvas
        text = canvas.size.text
        first, last = map(int, self.span)
        years = [last, first]
        if origin is not None and first < origin < last:
            years.append(int(origin))

        y = self._years_baseline
        leftmost = canvas.size.margin
        rightmost = self.right + width("0000", text, bold=True) / 2 + 2
        boxes: list[Box] = []
        for year in years:
            x = self.x(year)
            box = box_of(x, y, str(year), text, MEDIUM, "middle")
            x += max(leftmost - box.left, 0) - max(box.right - rightmost, 0)
            padding = _BETWEEN_FULL_YEARS
            near = next((other for other in boxes if box.meets(other.wider(padding))), None)
            if near and year == first:
                continue
            if near and x <= (near.left + near.right) / 2:
                x += near.left - _MOVED_YEAR_GAP - box.right
            elif near:
                x += near.right + _MOVED_YEAR_GAP - box.left
            boxes.append(canvas.text(x, y, str(year), weight=MEDIUM, anchor="middle"))
        return boxes

    def _other_years(self, boxes: list[Box]) -> None:
        """Write every year with two digits where they fit, or years at a regular step."""
        canvas = self.canvas
        text = canvas.size.text
        slot = self.slot
        first, last = map(int, self.span)
        # Next to a year in full, one of two digits needs more room: all of them fit, or none.
        room = (width("0000", text, bold=True) + width("00", text)) / 2 + _BETWEEN_YEARS
        fits = slot >= room and last - first < _TWO_DIGITS_UP_TO
        step = 1
        if not fits:
            least = (width("0000", text) + _BETWEEN_STEPPED_YEARS) / slot
            step = next((step for step in _YEAR_STEPS if step >= least), _LONGEST_YEAR_STEP)
        two_digits = fits and first > 0 and slot < _FOUR_DIGITS_FROM

        y = self._years_baseline
        for year in range(-(-first // step) * step, last, step):
            words = f"{year % 100:02}" if two_digits else str(year)
            box = box_of(self.x(year), y, words, text, REGULAR, "middle")
            covered = any(box.meets(other.wider(_BETWEEN_YEARS)) for other in boxes)
            if year > first and not covered:
                boxes.append(canvas.text(self.x(year), y, words, colour="quiet", anchor="middle"))


def style(theme: str = "") -> str:
    """Write the style sheet of drawings: in a theme's colours, or in variables of a page."""
    variables = {name: f"var(--{name})" for name in THEMES["light"]}
    colours = THEMES[theme] if theme else variables
    paper = colours["paper"]
    rules = [
        f".f-{name} {{ fill: {colour}; }} .s-{name} {{ stroke: {colour}; }}"
        for name, colour in colours.items()
    ]
    rules += [
        f".c-paper {{ stop-color: {paper}; }}",
        ".see-through { opacity: 0.6; }",
    ]
    return "\n".join(rules)
