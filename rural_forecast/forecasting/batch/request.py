"""The question that a batch puts to every series."""

from __future__ import annotations

from typing import Any, NamedTuple, Unpack

from rural_forecast.errors import UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.leaders import Leader
from rural_forecast.forecasting.limits import NONE, Limits
from rural_forecast.forecasting.question import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    BatchQuestion,
    check_horizon,
    checked_levels,
    require_consensus,
    stated_limits,
)
from rural_forecast.models.base import Model
from rural_forecast.series.period import LAST_YEAR

CONSENSUS = "consensus"


class Request(NamedTuple):
    """A batch's question; small and picklable, for it travels to every worker."""

    horizon: int | None = DEFAULT_HORIZON
    """Years ahead, the same for all; None where `year` is given."""
    year: int | None = None
    """Last year to forecast, the same for all."""
    levels: tuple[int, ...] = DEFAULT_LEVELS
    models: tuple[str, ...] = ()
    """Models that answer in place of the consensus."""
    all_models: bool = False
    """True if the kernels' rows follow the main ones."""
    history: bool = False
    """True if the actual rows come first."""
    limits: Limits = NONE
    """Its kind, if any, is that of all series."""
    factors: tuple[float, ...] = ()
    """Of every level, how much wider than ours the intervals are to be (see `calibrate`); empty for as they are."""
    shift: float = 0.0
    """How far the consensus moves, in half-widths of the interval whose level is nearest to 80 (see `calibrate`)."""

    leaders: tuple[Leader, ...] = ()
    """Markets that may be ahead, in the unit of the series; the consensus follows them. Only without limits."""
    lead: float = 1.0
    """How much they count, as a multiple of what was learned."""

    @property
    def middle_level(self) -> int:
        """Place of the level nearest to 80."""
        return min(range(len(self.levels)), key=lambda place: abs(self.levels[place] - 80))

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the forecasts of a series, in the order of its rows."""
        others = (model.name for model in registry.MODELS if self.all_models and model.own_forecast is None)
        return tuple(dict.fromkeys((*(self.models or (CONSENSUS,)), *others)))

    @property
    def main(self) -> tuple[str, ...]:
        """The first of `slots`, which were asked for; a series for which none of them answers is refused."""
        return self.slots[: len(self.models) or 1]

    def model(self, slot: str) -> Model | None:
        """The model of a slot; None for the consensus."""
        return None if slot == CONSENSUS else registry.get(slot)


def request(**question: Unpack[BatchQuestion]) -> Request:
    """Check a question before any work is done.

    Raises UsageError for a horizon next to a year, a target out of range, impossible limits, or an unknown model, level
    or kind.
    """
    asked: dict[str, Any] = {"horizon": None, "year": None, "levels": DEFAULT_LEVELS, "models": (), **question}
    horizon, year, models = asked["horizon"], asked["year"], asked["models"]
    check_horizon(horizon, year)
    if year is not None and not 1 <= year <= LAST_YEAR:
        raise UsageError(f"{year} is not a year from 1 to {LAST_YEAR}.", "Give the last year to forecast.")
    for name in models:
        if name != CONSENSUS:
            registry.get(name)
    require_consensus(models, kind=question.get("kind"))
    return Request(
        horizon=(horizon or DEFAULT_HORIZON) if year is None else None,
        year=year,
        levels=checked_levels(asked["levels"]),
        models=tuple(sorted(dict.fromkeys(models), key=lambda name: name != CONSENSUS)),
        all_models=question.get("all_models", False),
        history=question.get("history", False),
        limits=stated_limits(question, None),
    )
