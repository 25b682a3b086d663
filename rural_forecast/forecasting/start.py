"""Forecasts that go on from the nowcast of the year after the last whole one.

Models see the nowcast as the value of its year. Its error and those of the years after it are taken
as independent: on the scale of logarithms their widths add up as squares. What this brings is
measured in `benchmarks/running_year.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.api import comparable
from rural_forecast.errors import option
from rural_forecast.models.base import HUGE, Array, Band
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.text.numbers import in_unit, rounded
from rural_forecast.text.wording import named_months


@comparable
class Start(NamedTuple):
    """The nowcast of the year after the last whole one."""

    year: int
    value: float
    bounds: Mapping[int, tuple[float, float]]  # by level in whole percents
    months: frozenset[int]  # that are known
    parts: tuple[Observation, ...] = ()  # the values of parts of years that it rests on
    growth: tuple[Observation, ...] = ()  # the published growth of such parts

    def ends(self, levels: Sequence[int]) -> tuple[Array, Array]:
        """Return the lower and the upper bounds at these levels."""
        lower, upper = np.array([self.bounds[level] for level in levels]).reshape(-1, 2).T
        return lower, upper

    def then(self, later: Band, levels: Sequence[int]) -> Band:
        """Put the nowcast before the years that were forecast from it.

        Points have the shape (slot, year), bounds (level, slot, year). A slot without an answer for
        the first year has none for that of the nowcast either.
        """
        points, lower, upper = later
        low, high = self.ends(levels)
        answers = np.isfinite(points[:, 0])
        first = np.where(answers, self.value, np.nan)
        lower = _wider(points, lower, self.value, low)
        upper = _wider(points, upper, self.value, high)
        return (
            np.concatenate([first[:, None], points], axis=1),
            np.concatenate([_where(answers, low), lower], axis=2),
            np.concatenate([_where(answers, high), upper], axis=2),
        )


def _where(answers: Array, bounds: Array) -> Array:
    """Bounds of the first year, of shape (level, slot, 1)."""
    return np.where(answers, bounds[:, None], np.nan)[..., None]


def _wider(points: Array, bounds: Array, value: float, ends: Array) -> Array:
    """Bounds that hold the errors of the nowcast too, of shape (level, slot, year)."""
    ends = ends[:, None, None]
    sign = np.sign(bounds - points)
    # A slot that ends is not a number, and stays so.
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        positive = (points > 0) & (bounds > 0)
        ratio = np.where(positive, bounds / points, 1.0)
        width = np.hypot(np.log(ratio), np.log(ends / value))
        by_factor = points * np.exp(sign * width)
        by_difference = points + sign * np.hypot(bounds - points, ends - value)
        wide = np.where(positive, by_factor, np.where(bounds == 0, bounds, by_difference))
    return np.clip(wide, -HUGE, HUGE)


def on_start(start: Start | None, series: Series) -> Iterator[Note]:
    """Say that the first year is a nowcast, and how to leave it out."""
    if start is None:
        return
    amount = f"{rounded(start.value)}{in_unit(series.unit)}"
    yield Note(
        "running_year",
        f"{start.year} is the nowcast from {named_months(start.months)}, {amount}, "
        "and later years go on from it.",
        warning=True,
        advice=f"{option('until', start.year - 1)} leaves it out.",
    )
