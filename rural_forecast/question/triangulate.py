"""The question of `triangulate`: all arguments for one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rural_forecast.question.question import MarketQuestion

if TYPE_CHECKING:
    from pathlib import Path


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
    """of arguments by name, 0 to 1; the others share what is left, see `triangulate`."""
