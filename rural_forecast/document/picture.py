"""The content of a picture as plain numbers and texts, before any format is chosen.

A view makes a `Picture`; the terminal, files and pages draw it. A `Course` runs over years (a forecast, several
definitions, a backtest); `Ranges` has one row a name (models side by side, drivers of a size); `Columns` are side by
side (values of years, errors by horizon, a distribution); `Panels` are small pictures in rows. A tone is a place in the
renderer's palette, so the same thing has the same colour in every picture; shape, dash and text tell things apart where
there is no colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from typing import Any, Literal, TypeAlias

from rural_forecast.text.numbers import Amounts

Dash = Literal["solid", "dashed", "dotted"]
Shape = Literal["diamond", "up", "down", "none"]
"""`none` is a text at a value that is drawn anyway, `up` a floor (more than), `down` a ceiling (less than)."""

_WIDE_SPAN = 50
PLAIN, MAIN = 0, 1
"""Tones: 0 is what was observed, 1 is the forecast; from 2 on, further things of the same rank."""


@dataclass(frozen=True, slots=True)
class Line:
    """Values over years, in order, without a gap in the drawing."""

    name: str
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    tone: int = PLAIN
    dash: Dash = "solid"
    dots: bool = True
    """Every value gets a dot."""
    faint: bool = False

    @property
    def points(self) -> list[tuple[float, float]]:
        """Years with their values."""
        return [*zip(self.xs, self.ys, strict=True)]

    @property
    def own(self) -> list[tuple[float, float]]:
        """Years with values that no other line has: a forecast is drawn from the last observed value on."""
        return self.points[self.dash == "dashed" :]


@dataclass(frozen=True, slots=True)
class Band:
    """A range over years."""

    name: str
    xs: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    level: int
    """The interval's level in whole percents; of two bands the higher one is the paler."""
    tone: int = MAIN


@dataclass(frozen=True, slots=True)
class Mark:
    """One published figure with its author."""

    x: float
    y: float
    text: str
    shape: Shape = "diamond"
    tone: int = 2


@dataclass(frozen=True, slots=True)
class Label:
    """A text next to the end of a line or bound, at the right edge of the picture."""

    y: float
    amount: str
    """The value as it is read."""
    name: str = ""
    """Of the line that ends there."""
    tone: int = MAIN
    strong: bool = False
    level: int = 0
    """Of the band whose bound it is, in whole percents; 0 for a line."""

    @property
    def text(self) -> str:
        """The whole text."""
        return f"{self.amount} ({self.level} %)" if self.level else f"{self.amount} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Course:
    """Lines, ranges and published figures over years."""

    lines: tuple[Line, ...]
    bands: tuple[Band, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    origin: float | None = None
    """The last year observed: what lies after it is forecast."""
    traces: tuple[Line, ...] = ()
    """Thin lines behind all else, which do not widen the axis: they are cut at its ends."""
    also: tuple[float, ...] = ()
    """Values that the axis has room for although they are not drawn, so that panels have one axis."""

    @property
    def drawn(self) -> list[float]:
        """All values drawn."""
        drawn = [value for line in self.lines for value in line.ys] + [mark.y for mark in self.marks]
        return [*drawn, *self.also, *(edge for band in self.bands for edge in (*band.lower, *band.upper))]

    @property
    def years(self) -> list[float]:
        """Every year of which something is drawn, in order."""
        xs = {x for line in self.lines for x in line.xs} | {mark.x for mark in self.marks}
        return sorted(xs | {x for band in self.bands for x in band.xs})

    @property
    def span(self) -> tuple[float, float]:
        """The first and last year drawn."""
        return self.years[0], self.years[-1]

    @property
    def signs(self) -> list[Mark]:
        """The marks that are drawn as a sign."""
        return [mark for mark in self.marks if mark.shape != "none"]

    @property
    def narrowest_first(self) -> list[Band]:
        """The bands by their level."""
        return sorted(self.bands, key=lambda band: band.level)

    @property
    def levels(self) -> list[int]:
        """The levels of the bands, in order."""
        return sorted({band.level for band in self.bands})


@dataclass(frozen=True, slots=True)
class Row:
    """One name with its value and ranges."""

    name: str
    value: float | None
    bounds: tuple[tuple[int, float, float], ...] = ()
    """Level in whole percents, lower and upper, from the narrowest to the widest."""
    text: str = ""
    """The text at the end of the row."""
    tone: int = PLAIN
    strong: bool = False
    bars: tuple[tuple[float, float, int], ...] = ()
    """Solid bars, each from one value to another in its tone."""
    weight: float | None = None
    """A share of 0 to 1, drawn as a bar of its own."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Rows with values on one common axis."""

    rows: tuple[Row, ...]
    reference: float | None = None
    """A value that all rows are read against."""
    reference_text: str = ""
    weights: str = ""
    """The meaning of the weights of rows."""
    key: tuple[tuple[str, int], ...] = ()
    """The meaning of the tones of bars."""

    @property
    def drawn(self) -> list[float]:
        """All values drawn."""
        drawn = [edge for row in self.rows for _, lower, upper in row.bounds for edge in (lower, upper)]
        drawn += [row.value for row in self.rows if row.value is not None]
        drawn += [end for row in self.rows for bar in row.bars for end in bar[:2]]
        return drawn if self.reference is None else [*drawn, self.reference]

    @property
    def levels(self) -> list[int]:
        """The levels of the bounds, in order."""
        return sorted({level for row in self.rows for level, _, _ in row.bounds})


@dataclass(frozen=True, slots=True)
class Bar:
    """One upright bar, from zero or from another value, as in a waterfall."""

    value: float
    text: str = ""
    """The text at its end."""
    tone: int = PLAIN
    bounds: tuple[float, float] | None = None
    """The ends of its interval."""
    faint: bool = False
    base: float = 0.0


@dataclass(frozen=True, slots=True)
class Bracket:
    """A rate from one group of columns to another, written above them."""

    first: int
    last: int
    text: str
    tone: int = PLAIN


@dataclass(frozen=True, slots=True)
class Columns:
    """Groups of columns side by side, each with its name below."""

    groups: tuple[tuple[str, tuple[Bar, ...]], ...]
    brackets: tuple[Bracket, ...] = ()
    key: tuple[tuple[str, int], ...] = ()
    """The meaning of the tones."""
    touching: bool = False
    """A distribution: without gaps and without an axis of values."""
    stacked: bool = False
    """Those of a group, none below zero, are on top of each other; the text of the last one is above them."""

    @property
    def drawn(self) -> list[float]:
        """All values drawn, and zero."""
        bounds = [end for _, group in self.groups for column in group for end in column.bounds or ()]
        return [0.0, *bounds, *(end for _, group in self.groups for ends in self.ends(group) for end in ends)]

    def ends(self, group: Sequence[Bar]) -> list[tuple[float, float]]:
        """The two ends of each column of a group."""
        if self.stacked:
            return [*pairwise(accumulate((column.value for column in group), initial=0.0))]
        return [(column.base, column.value) for column in group]


@dataclass(frozen=True, slots=True)
class Panels:
    """Pictures side by side, each with its title; what they share is said once, by the picture that holds them."""

    pictures: tuple[Picture, ...]
    per_row: int = 0
    """Pictures in a row where there is room; 0 lets the renderer choose."""

    @property
    def drawn(self) -> list[float]:
        """All values drawn."""
        return [value for picture in self.pictures for value in picture.plot.drawn]


Plot: TypeAlias = Course | Ranges | Columns | Panels


@dataclass(frozen=True, slots=True)
class Look:
    """The look of a picture as a file."""

    theme: Literal["light", "dark"] = "light"
    ratio: float | None = None
    """Width over height; None gives it the height that it needs."""
    pixels: int | None = None
    """Width of a png."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its title, unit, source and notes."""

    plot: Plot
    title: str
    """The name of the series, or the title that a person gave."""
    claim: str = ""
    """The answer in one sentence, which heads the picture."""
    subtitle: str = ""
    """The definition."""
    unit: str = ""
    amounts: Amounts = field(default=Amounts(""))
    """Writes its values."""
    source: str = ""
    """Who published the numbers."""
    alternative: str = ""
    """The picture in words, for those who cannot see it."""
    notes: tuple[str, ...] = ()
    """Caveats, such as values beyond the drawing."""
    logarithmic: bool = False
    look: Look = field(default=Look())

    def dressed(self, *, title: str | None = None, notes: Iterable[str] = (), **stated: Any) -> Picture:
        """Replace our texts by those that a person gives, and the look by the one asked for.

        `title`: heads the picture; our finding follows it; `notes`: added to ours; `stated`: other fields, unless
        empty.
        """
        stated = {name: value for name, value in stated.items() if value}
        if stated.get("logarithmic") and isinstance(self.plot, Panels):
            panels = tuple(replace(panel, logarithmic=True) for panel in self.plot.pictures)
            stated["plot"] = replace(self.plot, pictures=panels)
        if title:
            stated |= {"title": self.claim or self.title, "claim": title}
        return replace(self, notes=(*self.notes, *notes), **stated)

    @property
    def positive(self) -> bool:
        """Everything drawn is above zero, so that a logarithmic scale can show it."""
        return min(self.plot.drawn, default=0) > 0

    @property
    def span(self) -> float | None:
        """Greatest over least value of the lines, where a linear axis hides the small ones."""
        if self.logarithmic or not isinstance(self.plot, Course) or not self.positive:
            return None
        values = [value for line in self.plot.lines for value in line.ys]
        factor = max(values) / min(values)
        return factor if factor >= _WIDE_SPAN else None

    @property
    def head(self) -> str:
        """The line at the head of the picture, without a full stop."""
        return (self.claim or self.title).removesuffix(".")
