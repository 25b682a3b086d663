"""The questions of the commands that ask something else than one forecast does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import UsageError
from rural_forecast.observed.period import LAST_YEAR
from rural_forecast.question.question import (
    DEFAULT_LEVELS,
    MarketQuestion,
    Statements,
    Window,
    check_horizon,
    checked_levels,
    require_consensus,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rural_forecast.question.question import NamedModel


@dataclass(frozen=True, kw_only=True)
class ScenarioQuestion(MarketQuestion):
    """The question to the baseline of scenarios."""

    year: int | None = None  # last year; left out, also that of the last assumption
    horizon: int | None = None  # years after the origin, in place of `year`
    models: Sequence[str] = ()  # models that answer in place of the consensus
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99


@dataclass(frozen=True, kw_only=True)
class ComparisonQuestion(MarketQuestion):
    """The question to every model."""

    year: int | None = None  # last year to forecast
    horizon: int | None = None  # years after the origin, in place of `year`
    models: Sequence[str | NamedModel] = ()  # models of your own, next to ours
    opinions: bool = True  # ask ARIMA and ETS too, which takes a second
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99


@dataclass(frozen=True, kw_only=True)
class BacktestQuestion(MarketQuestion):
    """The question to the past of a series."""

    horizon: int = 3  # most years ahead
    models: Sequence[
        str | NamedModel
    ] = ()  # only these and the consensus; all our kernels without one
    opinions: bool = False  # whether ARIMA and ETS take part, at the last 20 origins

    def __post_init__(self) -> None:
        """Refuse a horizon that is impossible."""
        check_horizon(self.horizon, None)
        Statements.__post_init__(self)


@dataclass(frozen=True, kw_only=True)
class TriangulationQuestion(MarketQuestion):
    """The question to all arguments for a year."""

    year: int | None = None  # the year
    horizon: int | None = None  # years after the origin, in place of `year`
    drivers: str | Path | None = None
    """a sizing model, a file or one that ships; left out, the one that ships for the series."""
    partial: Sequence[str] = ()  # known parts of the year after the last one, as in `nowcast`
    definition: Any = None
    """a series of the same market on another definition; left out, one that the catalogue names."""
    weights: Mapping[str, float] | None = None
    """of arguments by name, 0 to 1; the others share what is left equally."""


@dataclass(frozen=True, kw_only=True)
class PrecedentsQuestion(Window):
    """The question to the real histories that are most like a series."""

    year: int | None = None  # how far the histories are followed, ten years at most
    horizon: int | None = None  # years after the origin, in place of `year`
    count: int = 8  # how many histories, at most one from each country or state
    kind: str | None = None
    """only histories of this kind of market, or about this subject, which is that of the forecast
    too; `none` for all of them.
    """
    like: Sequence[Any] = ()
    """the same product in other markets, which the forecast next to them follows where they are
    ahead.
    """


@dataclass(frozen=True, kw_only=True)
class NowcastQuestion(Window):
    """The question to a year of which parts are known."""

    year: int | None = None
    """the year to estimate; left out, that of the latest typed part, the one after `until`, or the
    latest year of which only parts are known.
    """
    partial: Sequence[Any] = ()
    """known parts, `2017H1=537.62`, or with their growth in percent, `2017H1=537.62:38.1`."""
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99
    same_definition: bool = False
    """use parts that the catalogue has under another definition, or that do not fit the series."""

    def __post_init__(self) -> None:
        """Refuse levels that are impossible."""
        object.__setattr__(self, "levels", checked_levels(self.levels))


@dataclass(frozen=True, kw_only=True)
class BatchQuestion(Statements):
    """The question to every series of a batch; a series that contradicts a limit is refused."""

    horizon: int | None = None  # years ahead of the last one of each series, 2 where left out
    year: int | None = None  # the last year to forecast, in place of `horizon`
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99
    models: Sequence[str | NamedModel] = ()  # models that answer in place of the consensus
    all_models: bool = False  # True to add the rows of our other kernels
    history: bool = False  # True to put the actual rows first

    def __post_init__(self) -> None:
        """Refuse a year and levels that are impossible."""
        check_horizon(self.horizon, self.year)
        if self.year is not None and not 1 <= self.year <= LAST_YEAR:
            raise UsageError(
                f"{self.year} is not a year from 1 to {LAST_YEAR}.",
                "Give the last year to forecast.",
            )
        require_consensus(self.models, kind=self.kind)
        object.__setattr__(self, "levels", checked_levels(self.levels))
        Statements.__post_init__(self)
