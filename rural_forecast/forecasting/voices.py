"""The voices of a pool and their weights, and the pool of a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from rural_forecast.forecasting.asking import ModelForecast
from rural_forecast.series.published import PublishedForecast

OURS = "ours"


class Voice(NamedTuple):
    """One who forecasts, and the weight in the pool."""

    who: str
    forecasts: Mapping[int, PublishedForecast]
    """By year; empty for ours."""
    weight: float
    """Of all voices together; a year in which some are silent shares theirs out."""
    by: Literal["stated", "record", "equal"]
    """Where the weight comes from."""
    scored: int = 0
    """Earlier forecasts whose outcome is known, with ours as of their date."""
    error_pct: float | None = None
    """Their mean absolute error; None below `ENOUGH`."""
    ours_pct: float | None = None
    """Ours on the same years."""
    sigma: float | None = None
    """Root mean square of their errors in logarithms; None below `ENOUGH`."""

    @property
    def spread(self) -> str:
        """What the interval of a point rests on: `range`, `record` or `ours`; several where years differ."""
        kinds = ("range" if one.interval else "record" if self.sigma else OURS for one in self.forecasts.values())
        return " and ".join(dict.fromkeys(kinds)) or OURS


class Pool(NamedTuple):
    """The mixture, in the years that someone else forecasts."""

    years: tuple[int, ...]
    main: ModelForecast
    """Of the model `pool`, with a value for each of these years."""
    voices: tuple[Voice, ...]
    """Ours first."""

    @property
    def stated(self) -> dict[str, float]:
        """The weights that were stated."""
        return {one.who: one.weight for one in self.voices if one.by == "stated"}

    def shares(self, year: int) -> dict[str, float]:
        """The weight of each voice of a year; they sum to 1."""
        there = {one.who: one.weight for one in self.voices if one.who == OURS or year in one.forecasts}
        return {who: weight / sum(there.values()) for who, weight in there.items()}
