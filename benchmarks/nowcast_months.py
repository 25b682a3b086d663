"""The nowcast from months: Australian retail, by numbers learned from the other collections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from nowcast_fit import Known, fit_kind

from rural_forecast.forecasting.nowcasting import votes as numbers
from rural_forecast.objects.functions import nowcast
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period

COLLECTION = "Australian retail"
FILE = "au_retail_monthly"
MONTHS = (1, 2, 4, 6, 8, 10)
EARLIER = (1, 4)
TARGETS = 2
"""Random years of a series that are estimated, at most."""


def by_months(folder: Path, parts: list[Known]) -> list[str]:
    """The errors of the nowcast and of the median share, as Markdown."""
    learned = {
        (part.kind, part.months): fit_kind(part.where(part.fitting & part.apart(COLLECTION)))
        for part in parts
    }
    original = numbers.at_knot
    numbers.at_knot = lambda kind, months: learned[kind, months]
    numbers.learned.cache_clear()
    scores: dict[tuple[int, int], list[tuple[float, ...]]] = {}
    for years in _targets(folder):
        for count in EARLIER:
            for months in MONTHS:
                scores.setdefault((count, months), []).append(_score(years[-count - 1 :], months))
    numbers.at_knot = original
    numbers.learned.cache_clear()
    lines = [
        "| earlier years | months | years | nowcast | median share | annual | in 80 % | in 95 % |",
        "| --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for (count, months), rows in scores.items():
        error, share, annual, *inside = 100 * np.mean(rows, axis=0)
        held = " | ".join(f"{value:.1f}" for value in inside)
        lines.append(
            f"| {count} | {months} | {len(rows)} | {error:.2f} | {share:.2f} | {annual:.2f} | {held} |"
        )
    return lines


def _targets(folder: Path) -> Iterator[np.ndarray]:
    """Arrays of shape (year, 12), the year to be estimated last."""
    import pandas as pd

    rng = np.random.default_rng(3)
    table = pd.read_parquet(folder / f"{FILE}.parquet")
    for _, rows in table.groupby("series_id", sort=False):
        years = rows.pivot_table(index="year", columns="month", values="value").dropna().to_numpy()
        possible = np.arange(max(EARLIER) + 1, len(years))
        for target in sorted(
            rng.choice(possible, min(TARGETS, len(possible)), replace=False).tolist()
        ):
            yield years[: target + 1]


def _score(years: np.ndarray, months: int) -> tuple[float, ...]:
    """Relative errors of the nowcast, the median share and the annual forecast, and whether both
    intervals held.
    """
    count = len(years) - 1
    observations = tuple(
        Observation(Period(2000 + year, month, 1), float(years[year, month - 1]), source="a")
        for year in range(count + 1)
        for month in range(1, 13 if year < count else months + 1)
    )
    result = nowcast(Series(id="market", unit="", measure="flow", observations=observations))
    shares = years[-4:-1, :months].sum(axis=1) / years[-4:-1].sum(axis=1)
    actual = years[-1].sum()
    points = (result.value, years[-1, :months].sum() / np.median(shares), result.annual.best.last)
    held = [low <= actual <= high for low, high in zip(result.lower, result.upper, strict=True)]
    return (*(abs(float(point) / actual - 1) for point in points), *map(float, held))
