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

    def speaks_of(self, year: int) -> bool:
        """Whether it forecasts a year; ours forecasts all of them."""
        return self.who == OURS or year in self.forecasts

    @property
    def spread(self) -> str:
        """What the interval of a point rests on: `range`, `record` or `ours`; several where years differ."""
        kinds = ("range" if value.interval else "record" if self.sigma else OURS for value in self.forecasts.values())
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
        return {voice.who: voice.weight for voice in self.voices if voice.by == "stated"}

    def shares(self, year: int) -> dict[str, float]:
        """The weight of each voice of a year; they sum to 1."""
        there = {voice.who: voice.weight for voice in self.voices if voice.speaks_of(year)}
        return {who: weight / sum(there.values()) for who, weight in there.items()}
