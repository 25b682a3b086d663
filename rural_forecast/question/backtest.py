"""The question of `backtest`: the past of one series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rural_forecast.question.question import (
    DEFAULT_HORIZON,
    MarketQuestion,
    Statements,
    check_horizon,
)

if TYPE_CHECKING:
    from rural_forecast.question.question import NamedModel


@dataclass(frozen=True, kw_only=True)
class BacktestQuestion(MarketQuestion):
    """The question to the past of a series."""

    horizon: int = DEFAULT_HORIZON  # most years ahead: those of a forecast
    models: Sequence[
        str | NamedModel
    ] = ()  # only these and the consensus; all our kernels without one
    opinions: bool = False  # whether ARIMA and ETS take part, at the last 20 origins

    def __post_init__(self) -> None:
        """Refuse a horizon that is impossible."""
        check_horizon(self.horizon, None)
        Statements.__post_init__(self)
