"""The question of `precedents`: the real histories most like a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rural_forecast.question.question import Window


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
