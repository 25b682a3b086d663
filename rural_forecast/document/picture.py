"""The content of a picture as plain numbers and texts, before anything has a size or a colour.

A `Picture` holds one plot with the words around it. A plot is one of four: a `Course` over years,
`Ranges` on one axis, a `Stack` of parts that add up, or `Panels` of several pictures. A tone says
what a line, mark or row is, and each renderer has a colour for it; dashes say the same in print.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from rural_forecast.text.numbers import Amounts
from rural_forecast.text.style import LOG_FROM, MOST_PARTS
from rural_forecast.text.wording import renamed

Dash = Literal["solid", "dashed", "dotted", "dash-dotted", "none"]  # none: dots alone
Shape = Literal["diamond", "none"]  # a sign of its own, or a text at a value that is drawn anyway
NOT_LOGARITHMIC = "The axis is linear: a logarithmic one cannot show values of zero or less."

# Tones. Those from 2 on are context: published figures, steps, other models.
PLAIN = 0  # observed
MAIN = 1  # the answer

# The axis follows bands up to this level, so that the tails of a wider one do not flatten the
# line; they fade out beyond it.
MOST_LEVEL = 80


class Line(NamedTuple):
    """Values over years, in order, without a gap in the drawing."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    tone: int = PLAIN
    dash: Dash = "solid"
    dots: bool = True
    faint: bool = False

    @property
    def points(self) -> list[tuple[float, float]]:
        """Years with their values."""
        return [*zip(self.xs, self.ys, strict=True)]

    @property
    def is_break(self) -> bool:
        """True for the mark of a new basis: a line up and down within one year."""
        return len(self.xs) == 2 and self.xs[0] == self.xs[1]


class Band(NamedTuple):
    """A range over years."""

    name: str
    xs: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    level: int
    tone: int = MAIN


class Mark(NamedTuple):
    """A figure with its text: a published one by its author, or a value that is drawn anyway."""

    x: float
    y: float
    text: str
    shape: Shape = "diamond"
    tone: int = 2
    author: str = ""  # of a published figure: its name is the end of the text

    @property
    def amount(self) -> str:
        """The text without the name of the author."""
        return self.text.removesuffix(self.author).rstrip()


class Label(NamedTuple):
    """A text next to the end of a line or bound, at the right edge of the picture."""

    y: float
    amount: str
    name: str = ""
    tone: int = MAIN
    strong: bool = False
    level: int = 0

    @property
    def text(self) -> str:
        """The whole text."""
        if self.level:
            return f"{self.amount} ({self.level} %)"
        return f"{self.amount} {self.name}".rstrip()


class Key(NamedTuple):
    """The name of a line and what it assumes, written above the drawing."""

    name: str
    text: str
    tone: int = 2
    dash: Dash = "solid"


class EndRange(NamedTuple):
    """The value and the range of a line in the last year, as a bar right of the drawing."""

    name: str
    value: float
    amount: str
    bounds: tuple[float, float] | None = None
    texts: tuple[str, str] = ("", "")
    tone: int = 2
    dash: Dash = "solid"


class Course(NamedTuple):
    """Lines, ranges and published figures over years."""

    lines: tuple[Line, ...]
    bands: tuple[Band, ...] = ()  # the narrowest first
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    origin: float | None = None  # the last year observed
    axis_values: tuple[float, ...] = ()
    """values that the axis has room for without drawing them, so that panels share it."""
    axis_years: tuple[float, ...] = ()
    """years that the axis has room for, so that panels share it."""
    bars: bool = False
    """values are bars from zero, ranges lines on them, each with its text above."""
    keys: tuple[Key, ...] = ()
    ends: tuple[EndRange, ...] = ()
    """the last year of several lines; they replace `labels` where there is room for them."""
    ends_head: str = ""

    @property
    def drawn(self) -> list[float]:
        """The values that the axis has room for: of wider bands only what fits."""
        drawn: list[float] = []
        for line in self.lines:
            drawn += line.ys
        drawn += [mark.y for mark in self.marks]
        for band in self.bands:
            if band.level <= max(MOST_LEVEL, self.bands[0].level):
                drawn += [*band.lower, *band.upper]
        for end in self.ends:
            drawn += [end.value, *(end.bounds or ())]
        drawn += self.axis_values
        if self.bars:
            drawn.append(0.0)
        return drawn

    @property
    def span(self) -> tuple[float, float]:
        """The first and last year drawn."""
        years = {mark.x for mark in self.marks} | set(self.axis_years)
        for line in self.lines:
            years.update(line.xs)
        for band in self.bands:
            years.update(band.xs)
        return min(years), max(years)

    @property
    def is_answer(self) -> bool:
        """True if a line has the accent, which among panels is that of the headline alone."""
        return any(line.tone == MAIN for line in self.lines)

    @property
    def signs(self) -> list[Mark]:
        """The marks that are drawn as a sign."""
        return [mark for mark in self.marks if mark.shape != "none"]

    @property
    def signs_beside(self) -> list[Mark]:
        """The signs of the last year of a forecast, which stand right of its end."""
        if not self.bands:
            return []
        _, last = self.span
        return [mark for mark in self.signs if mark.x == last]


class Row(NamedTuple):
    """One name with its value and ranges, or with a bar."""

    name: str
    value: float | None = None
    bounds: tuple[tuple[int, float, float], ...] = ()
    """level in percent, lower and upper, the narrowest first."""
    texts: tuple[str, ...] = ()
    tone: int = PLAIN
    strong: bool = False
    about: str = ""
    bar: tuple[float, float] | None = None
    """from one value to another, in grey unless it is the answer."""
    ends: tuple[str, str] = ("", "")
    joins: float | None = None
    """a connector goes from this value to the next row, as in a waterfall."""
    dot: bool = False
    diamond: bool = False
    """a figure that somebody else published."""
    other: float | None = None
    rival: float | None = None
    """the forecast of another method, which the headline compares with ours."""
    group: str = ""

    @property
    def shown(self) -> list[tuple[int, float, float]]:
        """The ranges that are drawn: up to 80 %, or the narrowest."""
        return [bound for bound in self.bounds if bound[0] <= max(MOST_LEVEL, self.bounds[0][0])]


Sign = Literal["value", "other", "rival"]  # of a row: a stroke, a dot, a cross


class Ranges(NamedTuple):
    """Rows with values on one common axis."""

    rows: tuple[Row, ...]
    heads: tuple[str, ...] = ()
    reference: float | None = None
    reference_text: str = ""  # its name; without one it is the answer
    signs: tuple[Sign, ...] = ()
    """how the first columns are drawn on the axis: their heads are the key of it."""

    @property
    def drawn(self) -> list[float]:
        """All values that the axis has room for."""
        drawn = [self.reference]
        for row in self.rows:
            drawn += [row.value, row.other, row.rival]
            if row.bar:
                drawn += row.bar
            for _, lower, upper in row.shown:
                drawn += [lower, upper]
        return [value for value in drawn if value is not None]


class Part(NamedTuple):
    """One part of a whole over years."""

    name: str
    ys: tuple[float, ...]
    texts: tuple[str, ...]
    rest: bool = False  # several smaller parts as one, in light grey


class Stack(NamedTuple):
    """Parts over years on top of each other, the first one lowest, with their sum."""

    xs: tuple[float, ...]
    parts: tuple[Part, ...]
    whole: Part
    bounds: tuple[float, float]  # of the whole in the last year
    heads: tuple[str, ...]
    origin: float
    observed: str = ""
    """the text of the whole in the last year observed."""

    @property
    def shades(self) -> list[int]:
        """The colours of the parts, from dark to light: no two parts share one.

        The rest, and a part more than there are colours, has the last one.
        """
        return [
            MOST_PARTS if part.rest else min(rank, MOST_PARTS)
            for rank, part in enumerate(self.parts)
        ]

    @property
    def drawn(self) -> list[float]:
        """All values that the axis has room for, zero included."""
        return [0.0, *self.whole.ys, *self.bounds]

    @property
    def span(self) -> tuple[float, float]:
        """The first and last year drawn."""
        return self.xs[0], self.xs[-1]


class Panels(NamedTuple):
    """Pictures side by side, each with its title.

    What they share, such as notes and the source, is in the picture that holds them.
    """

    pictures: tuple[Picture, ...]

    @property
    def drawn(self) -> list[float]:
        """All values drawn."""
        return [value for picture in self.pictures for value in picture.plot.drawn]


Plot: TypeAlias = Course | Ranges | Stack | Panels


class Look(NamedTuple):
    """The look of a picture as a file."""

    theme: Literal["light", "dark"] = "light"
    ratio: float | None = None  # width over height; None gives it the height that it needs
    pixels: int | None = None
    template: str = ""  # a presentation whose slides are used; empty for our own


class Picture(NamedTuple):
    """A picture with its headline, range, unit and source."""

    plot: Plot
    title: str
    subtitle: str = ""
    premise: str = ""  # what moved the answer beyond its own past; no text of a person replaces it
    name: str = ""  # in the headline, where a person may replace it
    about: str = ""
    unit: str = ""
    amounts: Amounts = Amounts()
    source: str = ""
    alternative: str = ""
    notes: tuple[str, ...] = ()
    logarithmic: bool = False
    is_share: bool = False
    """of a whole: its axis starts at zero, however small the first values are."""
    look: Look = Look()

    def dressed(
        self,
        *,
        name: str | None = None,
        headline: str | None = None,
        subtitle: str | None = None,
        source: str | None = None,
        notes: Iterable[str] = (),
        logarithmic: bool = False,
        look: Look | None = None,
    ) -> Picture:
        """Replace texts by those that a person gives.

        `name` replaces ours within the headline; a `headline` replaces it whole. `notes` are added
        to ours, with one more where the axis that is asked for cannot be drawn.
        """
        title = self.title
        alternative = self.alternative
        if name:
            title = renamed(title, self.name, name)
            is_named = bool(self.name) and self.name in alternative
            alternative = (
                alternative.replace(self.name, name) if is_named else f"{name}. {alternative}"
            )

        own_notes = [*self.notes, *notes]
        if logarithmic and not self.positive:
            own_notes.append(NOT_LOGARITHMIC)

        return self._replace(
            title=headline or title,
            subtitle=subtitle or self.subtitle,
            name=name or self.name,
            source=source or self.source,
            alternative=alternative,
            notes=tuple(own_notes),
            logarithmic=logarithmic or self.logarithmic,
            look=look or self.look,
        )

    @property
    def lead(self) -> str:
        """The text below the headline: the range, then what moved the answer."""
        if not self.premise:
            return self.subtitle
        range_ = f"{self.subtitle.rstrip('.')}. " if self.subtitle else ""
        return f"{range_}{self.premise.rstrip('.')}"

    @property
    def bare(self) -> Picture:
        """The drawing without the words that a page or slide has."""
        return self._replace(title="", subtitle="", premise="", about="", source="")

    @property
    def positive(self) -> bool:
        """True if all that is drawn is above zero, so that a logarithmic axis can show it."""
        return min(self.plot.drawn, default=0) > 0

    @property
    def by_factors(self) -> bool:
        """True if the axis is logarithmic: asked for, or a linear one would hide small values."""
        if not self.positive:
            return False
        if self.logarithmic:
            return True

        if self.is_share:
            return False

        # The length of a bar is its value, and parts add up: neither holds on a logarithmic axis.
        plot = self.plot
        if isinstance(plot, Ranges):
            suits = not any(row.bar for row in plot.rows)
        else:
            suits = isinstance(plot, Course)
        return suits and max(plot.drawn) / min(plot.drawn) > LOG_FROM
