"""What is asked of a forecast, as keyword arguments: the same of one series and of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from rural_forecast.forecasting.limits import Limits, limits
from rural_forecast.models.base import Ceiling
from rural_forecast.series.selection import Selection


class Stated(TypedDict, total=False):
    """What a person states of a market."""

    ceiling: Ceiling | None
    """Range in which the market saturates: growth curves join, and nothing lies above its upper end."""
    floor: float | None
    """Nothing lies below it."""
    cumulative: bool
    """Whether it is a total that never falls."""
    kind: str | None
    """Kind of market, one of `MARKET_KINDS`; left out, the one that the series states."""
    interrupt: Sequence[int]
    """Years across which growth is not read, see `interruption`; left out, those that the series marks."""


class Question(Stated, Selection, total=False):
    """What is stated of a market, and which points of its series are used."""


class BatchQuestion(Stated, total=False):
    """What is asked of every series of a batch; a series that contradicts a limit is refused."""

    horizon: int | None
    """Years ahead of the last one of each series, 2 where left out."""
    year: int | None
    """The last year to forecast, in place of `horizon`."""
    levels: Sequence[int]
    """Interval levels in whole percents, 30 to 99."""
    models: Sequence[str]
    """Models that answer in place of the consensus."""
    all_models: bool
    """Whether the rows of our other kernels follow."""
    history: bool
    """Whether the actual rows come first."""


def stated_limits(question: Stated, kind: str | None) -> Limits:
    """The limits among what is stated, checked; `kind` is that of the series. Raises UsageError as `limits` does."""
    return limits(
        question.get("ceiling"),
        question.get("floor"),
        question.get("cumulative", False),
        question.get("kind") or kind,
    )
