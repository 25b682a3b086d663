"""The result of a command as immutable values, before any format is chosen.

Numbers stay numbers until a renderer writes them. A `Document` holds the `records` of the contract
for machine formats, and `sections` of the same result for people. Its classes are named tuples
because they load faster than dataclasses, and every command loads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rural_forecast.notes import Note
from rural_forecast.text.numbers import Side
from rural_forecast.text.wording import renamed

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

Cell = str | int | float | bool | None
"""None is 'not known', written as an empty cell or null, never as 0."""
Kind = Literal["text", "integer", "number", "percent", "year", "boolean"]
"""The kind of a column for people: a percent is given in percent (36.6 is 36.6 %), a year is never
grouped.
"""
Tone = Literal["plain", "strong", "dim"]
Sign = Literal["observed", "ours", "published", "other"]


class Column(NamedTuple):
    """One column: its key in machine formats, its title for people, and how its values read."""

    key: str
    title: str = ""
    kind: Kind = "text"
    decimals: int | None = None
    """below zero for tens; None lets the renderer choose by the column's size."""
    row_decimals: tuple[int, ...] = ()
    """decimals of each row, where observed values have other digits than forecasts."""
    sign: bool = False  # a plus before positive numbers
    mixed: bool = False
    """each row has a unit of its own, so each number has the digits that suit it alone."""
    ends_range: bool = False  # joined to the column before it, under its title
    side: Side | None = None  # of bounds, which are rounded outwards: the lower ones down
    depths: tuple[int, ...] = ()  # of each row's text in a tree
    factor: float = 1.0  # divides each number, where the title names a larger unit
    amount: bool = False  # its numbers are in the unit of the series
    exact: tuple[Cell, ...] = ()
    """the cells with all their digits, for a workbook, where parts are rounded to add up."""

    @property
    def numeric(self) -> bool:
        """Its values are numbers that people compare, which a year is not."""
        return self.kind in ("number", "percent", "integer")


class Span(NamedTuple):
    """Marks of a row on the axis that a table's rows share: a value, its range, another value."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    sign: Sign = "ours"
    other: float | None = None
    other_sign: Sign = "other"


class Table(NamedTuple):
    """Columns and rows; every row has one cell a column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    tones: tuple[Tone, ...] = ()
    spans: tuple[Span | None, ...] = ()
    """one a row, or empty: a terminal draws them beside the rows."""
    span_most: float | None = None  # a physical bound, beyond which their axis does not go
    span_unit: str = ""  # behind the numbers of their axis

    @property
    def row_tones(self) -> tuple[Tone, ...]:
        """One tone a row."""
        return self.tones or tuple("plain" for _ in self.rows)

    def cells(self, index: int) -> list[Cell]:
        """Get the cells of a column."""
        return [row[index] for row in self.rows]

    def without(self, *keys: str) -> Table:
        """Leave out some columns."""
        kept = [column.key not in keys for column in self.columns]
        rows = tuple(tuple(compress(row, kept)) for row in self.rows)
        return self._replace(columns=tuple(compress(self.columns, kept)), rows=rows)


class Document(NamedTuple):
    """The result of one run of a command."""

    command: str
    records: Table  # the rows of the contract, which machine formats write
    title: str = ""
    about: tuple[str, ...] = ()
    """definition, unit and publisher, shown in one line; empty texts are left out."""
    summary: tuple[str, ...] = ()
    course: str = ""  # a sparkline of the series, at the end of the line of `about`
    sections: tuple[Table, ...] = ()  # tables for people; without any, `records` serve
    points: tuple[str, ...] = ()
    live: Live | None = None  # formulas that a workbook keeps alive
    picture: Picture | None = None
    drawn: Table | None = None
    """the first section as a workbook shows it beside the picture, in its unit and words."""
    shown: int = 1  # sections that a brief document shows
    brief: str = ""
    """the option that shows the rest, where a screen shows the first sections and one note."""
    more: tuple[str, ...] = ()  # further options that a brief document names
    last: str = ""  # the last line, behind the notes
    figures: Mapping[str, Any] = MappingProxyType({})  # results that are not rows, for json
    inputs: Table | None = None
    """rows of data, for json: with the options they give the same numbers again."""
    observed: Callable[[], Table] | None = None
    """writes rows of data for a workbook, where json has none; only a workbook calls it."""
    notes: tuple[Note, ...] = ()
    series: tuple[Mapping[str, Any], ...] = ()
    provenance: Mapping[str, Any] = MappingProxyType({})
    """version, data digest, seed, options; never a clock time."""

    def named(self, title: str, name: str) -> Document:
        """Give the subject of the headline, which has a name of ours, another one."""
        return self._replace(title=renamed(self.title, name, title))


class CodedTexts(NamedTuple):
    """A column of texts that repeat: `words[codes[i]]` is the text of row i; -1 is no text."""

    codes: Any
    words: Sequence[str]


class Block(NamedTuple):
    """Many records held by column, for results of millions of rows that no `Table` could hold."""

    columns: tuple[Column, ...]
    data: tuple[Any, ...]
    """one a column: `CodedTexts`, an array in which NaN is 'not known', or a tuple of cells."""


class LiveInput(NamedTuple):
    """A driver: its base in every year, and the ends of its interval in the last one."""

    name: str
    unit: str
    values: tuple[float, ...]
    low: float
    high: float
    scale: float  # one of its unit in the plain units of formulas: 1e6 of a million
    results: tuple[float, float]
    """the last result with this input low and high, all others at their base."""
    basis: str = ""


class LiveResult(NamedTuple):
    """A stage in every year."""

    name: str
    unit: str
    formulas: tuple[str, ...]
    """of spreadsheets, one a year, of inputs in braces: `MIN({users},{people})*{share}`."""
    scale: float
    fits: tuple[float, ...]
    """the median of the draws over the formula at the base of all inputs, one a year."""
    values: tuple[float, ...]
    text: str = ""


class Live(NamedTuple):
    """Inputs and results of every year; inputs are compared by the last result."""

    years: tuple[int, ...]
    level: int
    inputs: tuple[LiveInput, ...]
    results: tuple[LiveResult, ...]
    headline: tuple[str, str]  # the words before and after the last result of the last year
    places: int  # digits after the point of that result in the headline, below zero for tens
    range: tuple[float, float] | None = None  # the interval of the last result in the last year
