"""Made-up windows of the curves that markets follow, so that networks learn how such a curve goes
on.

Smooth histories of a few points are rare in the corpus, and most of them grow. These are S-curves
at any stage, declines, straight lines, changes that fade or drift, and shocks that are made good in
part; each with noise of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log

import numpy as np

from rural_forecast.forecasting.shape import LEARNED
from training.corpus import Windows

COUNT = 40_000
NOISE = (1e-3, 0.05)
"""Least and largest size of the noise."""
SHOCKS = 0.14
"""Share of the windows with a shock."""
BREAKS = 0.04
BREAK = 0.2
"""Chance a year that the outcome leaves the curve, and the size in logs of such a break."""
ROUGHEST = 0.8
"""Most that the changes may vary from year to year, next to their size: rough series are common in
the corpus.
"""
SHORT_FALLS = 0.2
"""Share kept of the falling windows of less than six points: real ones rise again oftener than a
smooth curve does.
"""

Curve = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def between(rng: np.random.Generator, least: float, most: float) -> float:
    """A number between two others, evenly in logs."""
    return float(np.exp(rng.uniform(log(least), log(most))))


def logistic(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """From a tenth to nine tenths within 6 to 50 years."""
    pace = 4.4 / between(rng, 6, 50)
    return based(1 / (1 + np.exp(-rng.uniform(-2.5, 4) - pace * years)), rng)


def gompertz(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same for an S-curve that is fast early."""
    pace = 3.1 / between(rng, 6, 50)
    return based(np.exp(-np.exp(-rng.uniform(-1, 3.5) - pace * years)), rng)


def based(path: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A curve that in one case of four stands on a market that was there before."""
    return path + rng.uniform(0.05, 1) if rng.random() < 0.25 else path


def decline(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same percentage less every year."""
    return np.exp(-between(rng, 0.004, 0.15) * years)


def line(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Up or down by the same amount every year; what would fall to nothing has no place."""
    slope = between(rng, 0.003, 0.3) if rng.random() < 0.5 else -between(rng, 0.003, 0.08)
    return 1 + slope * years


def fading(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Each change in logs is the same share of the one before."""
    last = between(rng, 0.003, 0.25) * rng.choice([-1, 1], p=[0.4, 0.6])
    changes = last * rng.uniform(0.6, 0.97) ** years
    return np.exp(np.cumsum(np.clip(changes, -0.5, 0.5)))


def floored(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A decline to a floor."""
    return rng.uniform(0.05, 1.5) + np.exp(-between(rng, 0.03, 0.4) * years)


def drifting(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A rate of growth that rises or falls slowly."""
    rate = rng.normal(0.04, 0.05)
    drift = rng.normal(0, 0.004)
    return np.exp(rate * years + drift * years**2 / 2 * np.exp(-np.abs(years) / 15))


def shocked(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Steady growth, a shock of one to three years within the last twelve, and what is made good of
    it.
    """
    rate = rng.normal(0.03, 0.03)
    span = rng.integers(1, 4)
    start = rng.integers(max(int(years[0]), -12) + 1, 1)
    size = -between(rng, 0.04, 0.5) if rng.random() < 0.75 else between(rng, 0.04, 0.4)
    after = np.maximum(years - start - span + 1, 0)
    left = 1 - rng.uniform(0, 1.1) * (1 - rng.uniform(0.2, 0.95) ** after)
    return np.exp(rate * years + size * np.clip((years - start + 1) / span, 0, 1) * left)


CURVES: dict[Curve, float] = {
    logistic: 0.22,
    gompertz: 0.13,
    decline: 0.18,
    line: 0.15,
    fading: 0.16,
    floored: 0.09,
    drifting: 0.07,
}
"""How often each is drawn where there is no shock."""


def window_length(rng: np.random.Generator) -> int:
    """3 to 12 points mostly, more in a third of the windows."""
    return int(rng.integers(3, 13) if rng.random() < 0.65 else rng.integers(13, 45))


def fits(past: np.ndarray, shock: bool, rng: np.random.Generator) -> bool:
    """Return True if a window is of use: smooth but for a shock, and not one of too many short
    falls.
    """
    if shock:
        return True
    changes = np.diff(np.log(past))
    smooth = np.abs(np.diff(changes)).mean() < ROUGHEST * np.abs(changes).mean()
    return bool(smooth and (len(past) > 5 or past[-1] > past[0] or rng.random() < SHORT_FALLS))


def made_up(seed: int) -> Windows:
    """`COUNT` windows; their domain is that of no series."""
    rng = np.random.default_rng(seed)
    curves = list(CURVES)
    chances = list(CURVES.values())
    values: list[np.ndarray] = []
    future = []
    while len(values) < COUNT:
        length = window_length(rng)
        years = np.arange(1 - length, LEARNED + 1.0)
        shock = rng.random() < SHOCKS
        path = (shocked if shock else curves[rng.choice(len(curves), p=chances)])(years, rng)
        noise = between(rng, *NOISE)
        apart = rng.uniform(0.3, 1)
        drift = rng.uniform(0, 1)
        errors = apart * rng.normal(size=len(years)) + drift * rng.normal(size=len(years)).cumsum()
        path = path * np.exp(noise * errors)
        if path.min() <= 0 or not fits(path[:length], shock, rng):
            continue
        breaks = (rng.random(LEARNED) < BREAKS) * rng.normal(0, BREAK, LEARNED)
        values.append(path[:length])
        future.append(np.log(path[length:] / path[length - 1]) + breaks.cumsum())
    none = np.full(COUNT, -1, np.int32)
    places = np.arange(COUNT, dtype=np.int32)
    cut = np.array([len(one) < 13 for one in values])
    left = np.full(COUNT, LEARNED, np.int32)
    return Windows(
        values, none, places, left, cut, np.clip(np.array(future), -6, 6).astype(np.float32)
    )
