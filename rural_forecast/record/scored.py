"""Forecasts that were scored: one with its outcome, and the scores of an author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.record.kept import Bounds
from rural_forecast.text.wording import counted


class Scored(NamedTuple):
    """One forecast and what came."""

    series: Series
    author: str
    origin: int | None
    period: int
    forecast: float
    actual: float
    bounds: Bounds
    naive: tuple[float, Bounds] | None = None
    """the last value with its ranges, where the history is there."""

    @property
    def horizon(self) -> int | None:
        """Years from the last one known."""
        return None if self.origin is None else self.period - self.origin

    @property
    def error_pct(self) -> float | None:
        """Forecast over actual, in percent; None for an actual that is not positive."""
        return 100 * (self.forecast / self.actual - 1) if self.actual > 0 else None

    def held(self, level: int) -> bool | None:
        """True if the range holds what came; None without a range of this level."""
        if level not in self.bounds:
            return None
        lower, upper = self.bounds[level]
        return lower <= self.actual <= upper


class Coverage(NamedTuple):
    """The share of ranges of one level that held, and the distinct years of distinct series that it
    rests on.
    """

    level: int
    n: int
    outcomes: int  # forecasts of one outcome are no further evidence
    held: float

    @property
    def standard_error(self) -> float:
        """Of the share, if the range held as often as it promises and outcomes were independent."""
        promised = self.level / 100
        return sqrt(promised * (1 - promised) / self.outcomes)


class Summary(NamedTuple):
    """The scores of one author at one horizon; those of ranges are 1 for the last value, and less
    is better.
    """

    author: str
    horizon: int | None  # None for all
    n: int
    outcomes: int
    mean_error_pct: float | None
    coverage: tuple[Coverage, ...]
    interval_score: Mapping[int, float]
    crps: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Comparable):
    """Kept forecasts, scored."""

    records: tuple[str, ...]
    rows: tuple[Scored, ...]
    levels: tuple[int, ...]
    summaries: tuple[Summary, ...]  # by author and horizon, all horizons first
    to_come: int  # forecasts of years that are not known yet
    notes: tuple[Note, ...]

    def __repr__(self) -> str:
        forecasts = counted(len(self.rows), "forecast")
        return f"<Scores of {forecasts} from {counted(len(self.records), 'record')}>"

    @property
    def series(self) -> tuple[Series, ...]:
        """The observed series, each once."""
        return tuple({row.series.id: row.series for row in self.rows}.values())


def outcomes_of(rows: Sequence[Scored]) -> int:
    """Distinct years of distinct series."""
    return len({(row.series.id, row.period) for row in rows})
