"""The question of `batch`: every series of a file or frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rural_forecast.errors import UsageError
from rural_forecast.observed.period import LAST_YEAR
from rural_forecast.question.question import (
    DEFAULT_LEVELS,
    Statements,
    check_horizon,
    checked_levels,
    require_consensus,
)

if TYPE_CHECKING:
    from rural_forecast.question.question import NamedModel


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
