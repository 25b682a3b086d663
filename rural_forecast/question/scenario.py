"""The question of `scenario`: the baseline that its paths stand beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rural_forecast.question.question import DEFAULT_LEVELS, MarketQuestion


@dataclass(frozen=True, kw_only=True)
class ScenarioQuestion(MarketQuestion):
    """The question to the baseline of scenarios."""

    year: int | None = None  # last year; left out, also that of the last assumption
    horizon: int | None = None  # years after the origin, in place of `year`
    models: Sequence[str] = ()  # models that answer in place of the consensus
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99
