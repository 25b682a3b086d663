"""The question that a batch puts to every series."""

from __future__ import annotations

from typing import Any, NamedTuple, Unpack

from rural_forecast.errors import UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.limits import Limits
from rural_forecast.forecasting.question import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    BatchQuestion,
    check_horizon,
    checked_levels,
    require_consensus,
    stated_limits,
)
from rural_forecast.models.base import Ceiling, Model
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
    ceiling: Ceiling | None = None
    floor: float | None = None
    measure: str | None = None
    kind: str | None = None
    """Kind of market of all series; None for the one that each states."""
    allow_gaps: bool = False
    factors: tuple[float, ...] = ()
    """Of every level, how much wider than ours the intervals are to be (see `calibrate`); empty for as they are."""
    shift: float = 0.0
    """How far the consensus moves, in half-widths of the interval whose level is nearest to 80 (see `calibrate`)."""

    @property
    def middle_level(self) -> int:
        """Place of the level nearest to 80."""
        return min(range(len(self.levels)), key=lambda place: abs(self.levels[place] - 80))

    @property
    def limits(self) -> Limits:
        """Stated limits of the forecasts."""
        return Limits(self.ceiling, self.floor, self.measure, self.kind)

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the forecasts of a series, in the order of its rows."""
        main = self.models or (CONSENSUS,)
        others = (model.name for model in registry.MODELS if self.all_models and model.own_forecast is None)
        return tuple(dict.fromkeys((*main, *others)))

    @property
    def main(self) -> int:
        """How many of `slots` were asked for; a series for which none of them answers is refused."""
        return len(self.models) or 1

    def model(self, slot: str) -> Model | None:
        """The model of a slot; None for the consensus."""
        return None if slot == CONSENSUS else registry.get(slot)


def request(*, allow_gaps: bool = False, **question: Unpack[BatchQuestion]) -> Request:
    """Check a question before any work is done.

    Raises UsageError for a horizon next to a year, a target out of range, impossible limits, or an unknown model, level
    or kind.
    """
    fields: dict[str, Any] = {"horizon": None, **question}
    asked = Request(**fields, allow_gaps=allow_gaps)
    check_horizon(asked.horizon, asked.year)
    if asked.year is not None and not 1 <= asked.year <= LAST_YEAR:
        raise UsageError(f"{asked.year} is not a year from 1 to {LAST_YEAR}.", "Give the last year to forecast.")
    for name in asked.models:
        if name != CONSENSUS:
            registry.get(name)
    require_consensus(asked.models, kind=asked.kind)
    stated = stated_limits(question, None)
    return asked._replace(
        horizon=(asked.horizon or DEFAULT_HORIZON) if asked.year is None else None,
        levels=checked_levels(asked.levels),
        models=tuple(sorted(dict.fromkeys(asked.models), key=lambda name: name != CONSENSUS)),
        ceiling=stated.ceiling,
        floor=stated.floor,
        measure=stated.measure,
        kind=stated.kind,
    )
