"""The question of `nowcast`: a year of which parts are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rural_forecast.question.question import DEFAULT_LEVELS, Window, checked_levels


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
