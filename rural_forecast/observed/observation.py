"""Observations, and the series they make.

An observation is one published value with its source and dates. A series is all of them on one
definition; if it comes from a file, it also has an account of the cells of that file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rural_forecast.errors import NOWHERE, Place
from rural_forecast.notes import Note
from rural_forecast.observed.period import Period

if TYPE_CHECKING:
    from rural_forecast.system.addresses import Copy

Status = Literal["actual", "preliminary", "estimate", "forecast"]
Qualifier = Literal["=", "~", ">", "<"]
Measure = Literal["flow", "stock", "rate", "growth", "price"]
# Subjects of markets, and how a sentence names them; see `forecasting.subjects`.
MARKET_KINDS: Mapping[str, str] = {
    "adoption": "adoption of a technology",
    "population": "population and labour",
    "economy": "output and income",
    "spending": "household spending",
    "retail": "retail sales",
    "services": "a service industry",
    "manufacturing": "manufacturing",
    "agriculture": "farming and food",
    "share": "a share of a whole",
}
NO_KIND = "none"  # stated of a series that is to be forecast without a subject


@dataclass(frozen=True, slots=True)
class Publication:
    """Where a value was read; cited by publisher, title and date."""

    id: str
    publisher: str = ""
    title: str = ""
    dated: str = ""  # the date as the source gives it, which may be a month, a year or 'undated'
    published_earliest: date | None = None
    published_latest: date | None = None
    reach: str = ""  # `own` (the publisher's page), `republished` (an established outlet) or `copy`
    url: str = ""


class Derivation(NamedTuple):
    """How we computed a value from published numbers."""

    how: Literal["published growth", "growth of the levels", "sum", "mean", "end", "median"]
    """`published growth`: from the next year's level and growth. `growth of the levels`: chained,
    where no growth is published. `sum`, `mean`, `end`: of the parts of a year. `median`: of several
    sources.
    """
    arithmetic: str = ""  # such as `1,370 / 1.304`


class Interval(NamedTuple):
    """The range that someone gives with a forecast."""

    lower: float
    upper: float
    level: int = 80  # its probability in percent


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one period from one source."""

    period: Period
    value: float  # in the unit of its series; a growth is in percent
    status: Status = "actual"  # `forecast` is a third party's published forecast
    qualifier: Qualifier = "="  # `~` is rounded or approximate, `>` a floor, `<` an upper figure
    source: str = ""  # id of a `Publication`, or the text of a file's source column
    note: str = ""
    published_earliest: date | None = None
    published_latest: date | None = None
    derived: bool = False  # True for our arithmetic on published numbers (the note says which)
    derivation: Derivation | None = None
    """How the program computed it; None for a value that was read."""
    doubtful: bool = False
    """True for a likely slip or misprint: such a value is used only where there is no other."""
    passed_over: bool = False
    """True if its rows say that another value of the period is used."""
    place: Place = NOWHERE  # file and line or cell; empty for the catalogue that ships
    author: str = ""  # who made a published forecast, which need not be the source that quotes it
    made: str = ""
    """When a published forecast was made, as far as known: a day, a month, a year or words."""
    target: bool = False
    """True for the plan of the one who carries it out, which is not a view of the market."""
    interval: Interval | None = None
    """Of a published forecast, or of an expert; the value is then the median."""


class UnusedLine(NamedTuple):
    """A line of the file that gave nothing to the series."""

    place: str
    text: str  # its first cell
    why: str


@dataclass(frozen=True, slots=True)
class ReadingAccount:
    """The cells of a file: `cells` is the sum of `used`, `missing` and all of `skipped`."""

    table: str  # place of the table's header, the file without its folders
    cells: int  # cells with content, and empty cells where a value belongs
    used: int  # values, and the periods, labels and heads that say what they are
    missing: int  # values that are empty or marked as missing
    skipped: Mapping[str, int]  # number of cells by the reason
    lines: Sequence[UnusedLine] = ()  # lines outside the table, or without a period
    published: int = 0
    """Values that are no history, for their status, a mark, or a year that is not over."""
    as_of: date | None = None
    """The day by which years were not over; None if that changed nothing."""
    title: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """All that is known on one definition; two definitions are two series, never joined.

    >>> Series("sales", unit="bn CNY", observations=(Observation(Period(2016), 482.0),))
    <Series sales: 2016 to 2016, bn CNY>
    """

    id: str
    title: str = ""
    definition: str = ""
    measure: Measure = "flow"
    """A `flow` adds up over its parts, a `stock` is counted at a date, a `rate` is bounded."""
    unit: str = ""
    market_kind: str = ""
    """As the file or the catalogue states it, one of `MARKET_KINDS`, or `none`."""
    frequency: str = ""  # as the catalogue puts it, such as `annual`
    publisher: str = ""
    breaks: tuple[int, ...] = ()  # first years on a new basis, which growth alone crosses
    caveat: str = ""  # a remark to read before it is used
    alias: str = ""  # a short name for the command line
    observations: tuple[Observation, ...] = ()
    """All values of all periods, conflicts included, in order of period."""
    growth: tuple[Observation, ...] = ()
    """On the same period a year before, in percent, as published."""
    sources: Mapping[str, Publication] = field(default_factory=dict)
    """The publications that observations name, by id."""
    related: tuple[str, ...] = ()
    """Ids of other definitions of the market; of growth, the series whose growth it is."""
    within: str = ""
    """The id of the total that it is a part of, in the catalogue or the same file, if any."""
    file: str = ""
    """The file it was read from, as it was named, or `standard input`; empty for the catalogue."""
    labels: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """The labels and heads of its file that say what it measures, as its id and title do."""
    places: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Those of its labels that are in columns of places."""
    sheet: str = field(default="", compare=False, repr=False)  # its name in a workbook
    origin: Copy | None = field(default=None, compare=False, repr=False)
    """Where and when it was fetched, if it was read from an address."""
    reading_notes: tuple[Note, ...] = ()
    """Notes of the reader on what it left out or read in a special way."""
    account: ReadingAccount | None = field(default=None, compare=False, repr=False)
    """The account of the cells of its file."""
    total: Series | None = field(default=None, compare=False, repr=False)
    """The total that it is a part of, if its file names one."""
    totals: tuple[str, ...] = field(default=(), compare=False, repr=False)
    """Series of its file whose names say that they are sums, and that may hold it."""
    passed_whole: float | None = field(default=None, compare=False, repr=False)
    """The whole that values of a share by name and unit pass, so that it is read as amounts."""
    # `Any`, as the module of `Deflator` imports this one.
    prices: Any = field(default=None, compare=False, repr=False)
    """The `Deflator` that put it in prices of one year."""

    @property
    def named(self) -> str:
        """The source that gives it again: its id, or `FILE::SERIES`."""
        return f"{self.file}::{self.id}" if self.file else self.id

    @property
    def names(self) -> tuple[str, ...]:
        """All that says in words what it measures: its id, its title, and labels of its file."""
        return (self.id, self.title, *self.labels)

    @property
    def label(self) -> str:
        """The alias, or the id if it has none."""
        return self.alias or self.id

    def __repr__(self) -> str:
        periods = [str(obs.period) for obs in self.observations if obs.status != "forecast"]
        span = f": {periods[0]} to {periods[-1]}" if periods else ""
        unit = f", {self.unit}" if self.unit else ""
        return f"<Series {self.id}{span}{unit}>"


def known_on(day: date | None, observation: Observation) -> bool:
    """Check that a value had surely been published by a day; true if no day is asked for."""
    if day is None:
        return True
    latest = observation.published_latest
    return latest is not None and latest <= day


def published_by(observations: Iterable[Observation]) -> date | None:
    """Find the day by which all had surely been published; None if one is not dated."""
    dates = [obs.published_latest for obs in observations]
    return None if None in dates else max(filter(None, dates))
