"""The options of a command in groups, as values that loading and writing are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal

from rural_forecast.question.source import Source


@dataclass(frozen=True, kw_only=True)
class Showing:
    """Where a result goes, in which format, and how much is said."""

    format: str | None
    output: Path | None
    color: str
    quiet: bool
    verbose: bool


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


@dataclass(frozen=True, kw_only=True)
class Money:
    """The currency and the prices in which amounts are wanted."""

    currency: str | None = None
    rate: float | str | None = None
    real: int | None = None
    inflation: float | str | None = None


@dataclass(frozen=True, kw_only=True)
class Markets:
    """Other markets: those that may be ahead, and the total that this one is a part of."""

    like: Sequence[Source] | None = None
    within: Source | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The question to a forecast, as functions of the Python API take it."""

    year: int | None = None
    horizon: int | None = None
    models: Sequence[str] | None = None
    levels: Sequence[int] | None = None
    ceiling: tuple[float, float] | None = None
    floor: float | None = None
    kind: str | None = None
    since: int | None = None
    until: int | None = None
    prefer: str | None = None
    as_of: date | None = None
    basis: str = "levels"

    def arguments(self, reading: Reading | None = None) -> dict[str, Any]:
        """The arguments that are stated.

        A running total and gaps are stated where a file is read, and count in the forecast too;
        other measures are for the reader alone.
        """
        stated: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        if reading is not None:
            stated["measure"] = "cumulative" if reading.measure == "cumulative" else None
            stated["allow_gaps"] = reading.allow_gaps
        return {name: value for name, value in stated.items() if _is_stated(value)}


def _is_stated(value: object) -> bool:
    """False for what a function of the Python API has as its default."""
    return value is not None and value is not False and value not in ([], "levels")
