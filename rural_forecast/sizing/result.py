"""The result of sizing a model: its stages and drivers in every year, and what the top-down forecast says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from rural_forecast.api.equality import Comparable
from rural_forecast.forecasting.question import headline
from rural_forecast.sizing.drivers import Marginal
from rural_forecast.sizing.model_file import MarketModel
from rural_forecast.sizing.montecarlo import Estimate, Group, Histogram


class Stage(NamedTuple):
    """A stage in every year that is sized."""

    name: str
    title: str
    formula: str
    unit: str
    estimates: tuple[Estimate, ...]
    shares: tuple[Mapping[Group, float], ...]
    """First-order share of the variance by group of drivers, for each year; empty where nothing varies."""


class TopDown(NamedTuple):
    """A stage against the top-down series, in every year."""

    stage: str
    series: str
    origin: int
    """The last year observed; from then on it is a forecast."""
    top_down: tuple[Estimate, ...]
    """In the unit of the stage."""
    ratio: tuple[Estimate | None, ...]
    """Bottom-up over top-down; None where the top-down series may be zero or less."""
    above: tuple[float, ...]
    """Probability that the bottom-up value is the higher one, the two being independent."""


@dataclass(frozen=True, slots=True, eq=False)
class Sizing(Comparable):
    """The result of sizing a model."""

    model: MarketModel
    years: tuple[int, ...]
    levels: tuple[int, ...]
    draws: int
    share_draws: int
    """The first draws, on which the shares of the variance rest; all unless the model is large."""
    seed: int
    stages: tuple[Stage, ...]
    drivers: Mapping[str, tuple[Estimate, ...]]
    """Of drivers with values of their own and derived ones, for each year, in `units`."""
    units: Mapping[str, str]
    marginals: Mapping[str, Marginal]
    comparison: TopDown | None
    from_above: Marginal | None
    histogram: Histogram | None
    """Of the main stage in the last year."""

    @property
    def headline(self) -> int:
        """Place of the level that sentences name."""
        return headline(self.levels)

    def medians(self, index: int) -> dict[str, float]:
        """Medians of the drivers with values of their own in one of the years, as formulas take them: at scale 1."""
        scales = {driver.name: driver.unit.scale for driver in self.model.drivers}
        return {name: scales[name] * self.drivers[name][index].value for name in self.marginals}

    def __repr__(self) -> str:
        return f"<Sizing of {self.model.title}: {self.years[0]} to {self.years[-1]}>"

    @property
    def main(self) -> Stage:
        """The stage that is set against the top-down series, or the last one."""
        name = self.comparison.stage if self.comparison else self.stages[-1].name
        return next(stage for stage in self.stages if stage.name == name)
