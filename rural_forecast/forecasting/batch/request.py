"""The question that a batch puts to every series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.checks import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    check_horizon,
    checked_levels,
    require_consensus,
)
from rural_forecast.forecasting.limits import Limits, limits
from rural_forecast.models.base import Ceiling, Model

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
    """Whether the kernels' rows follow the main ones."""
    history: bool = False
    """Whether the actual rows come first."""
    ceiling: Ceiling | None = None
    floor: float | None = None
    cumulative: bool = False
    kind: str | None = None
    """Kind of market of all series; None for the one that each states."""
    interrupt: tuple[int, ...] = ()
    """Years across which growth is not read; none for those that each series marks."""
    allow_gaps: bool = False
    factors: tuple[float, ...] = ()
    """Of every level, how much wider than ours the intervals are to be (see `calibrate`); empty for as they are."""

    @property
    def limits(self) -> Limits:
        """Stated limits of the forecasts."""
        return Limits(self.ceiling, self.floor, self.cumulative, self.kind)

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


def request(
    *,
    horizon: int | None = None,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    models: Sequence[str] = (),
    all_models: bool = False,
    history: bool = False,
    ceiling: Ceiling | None = None,
    floor: float | None = None,
    cumulative: bool = False,
    kind: str | None = None,
    interrupt: Sequence[int] = (),
    allow_gaps: bool = False,
) -> Request:
    """Check a question before any work is done.

    Raises
    ------
    UsageError : both a horizon and a year, one that cannot be, impossible limits, or an unknown model, level or kind
    """
    check_horizon(horizon, year)
    if year is not None and not 1 <= year <= 9999:
        raise UsageError(f"{year} is not a year from 1 to 9999.", "Give the last year to forecast.")
    for name in models:
        if name != CONSENSUS:
            registry.get(name)
    require_consensus(kind, models)
    return Request(
        horizon=(horizon or DEFAULT_HORIZON) if year is None else None,
        year=year,
        levels=checked_levels(levels),
        models=tuple(sorted(dict.fromkeys(models), key=lambda name: name != CONSENSUS)),
        all_models=all_models,
        history=history,
        **limits(ceiling, floor, cumulative, kind)._asdict(),
        interrupt=tuple(sorted(set(interrupt))),
        allow_gaps=allow_gaps,
    )
