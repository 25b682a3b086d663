"""The question of `compare`: every model on one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rural_forecast.question.question import DEFAULT_LEVELS, MarketQuestion

if TYPE_CHECKING:
    from rural_forecast.question.question import NamedModel


@dataclass(frozen=True, kw_only=True)
class ComparisonQuestion(MarketQuestion):
    """The question to every model."""

    year: int | None = None  # last year to forecast
    horizon: int | None = None  # years after the origin, in place of `year`
    models: Sequence[str | NamedModel] = ()  # models of your own, next to ours
    opinions: bool = True  # ask ARIMA and ETS too, which takes a second
    levels: Sequence[int] = DEFAULT_LEVELS  # interval levels in whole percents, 30 to 99
