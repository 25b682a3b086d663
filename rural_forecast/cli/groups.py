"""The options of a command in groups, as values that loading and writing are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rural_forecast.question.question import CUMULATIVE
from rural_forecast.question.source import Source


@dataclass(frozen=True, kw_only=True)
class Showing:
    """Where a result goes, in which format, and how much is said."""

    format: str | None
    output: Path | None
    color: str
    quiet: bool
    verbose: bool
    as_python: bool = False
    """true for a script in place of rows."""


@dataclass(frozen=True, kw_only=True)
class Fetching:
    """How addresses are fetched."""

    refresh: bool = False
    offline: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The texts and the look of a picture."""

    title: str | None = None
    theme: Literal["light", "dark"] = "light"
    log: bool = False
    headline: str | None = None
    subtitle: str | None = None
    credit: str | None = None
    note: Sequence[str] | None = None
    ratio: float | None = None
    pixels: int | None = None
    template: str | None = None
    """a presentation whose slides are used."""
    chart: str | None = None
    """`text` or `image` for a picture below the table."""


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """The folder that a record is kept in, and the date that it states."""

    keep: Path | None = None
    date: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The way a file is read, and which of its series are meant."""

    series: Sequence[str] | None = None
    encoding: str | None = None
    period_column: str | None = None
    value_column: str | None = None
    id_column: str | None = None
    where: Sequence[str] | None = None
    sheet: str | None = None
    decimal: str | None = None
    measure: str | None = None
    actuals_until: int | None = None
    allow_gaps: bool = False
    breaks: Sequence[int] | None = None  # of every series of a file


@dataclass(frozen=True, kw_only=True)
class Money:
    """The currency and the prices in which amounts are wanted."""

    currency: str | None = None
    rate: float | str | None = None
    real: int | None = None
    inflation: float | str | None = None


@dataclass(frozen=True, kw_only=True)
class Markets:
    """Other series: markets that may be ahead, the total that this one is a part of, and the same
    market on another definition.
    """

    like: Sequence[Source] | None = None
    within: Source | None = None
    definition: Source | None = None


def running_total(measure: str | None) -> str | None:
    """The measure as a forecast takes it: a running total, or nothing.

    Any other measure says how a file is read.
    """
    return measure if measure == CUMULATIVE else None
