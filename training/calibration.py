"""Interval factors: how far the reference's offsets must be stretched so that held-out outcomes fall inside."""

from __future__ import annotations

import numpy as np

from rural_forecast.forecasting.classes import HORIZON_EDGES, horizon_classes, recent_growth
from rural_forecast.forecasting.reference import LENGTH_EDGES, MIDDLE, QUANTILES, length_class
from training.corpus import DOMAINS

TAILS = tuple(place for place in range(len(QUANTILES)) if place != MIDDLE)
LENGTHS = len(LENGTH_EDGES) + 1
HORIZON_CLASSES = len(HORIZON_EDGES) + 1
GROWTH_EDGES = (-0.005, 0.1)
"""Log growth a year, mean of the last five changes: shrinking, ordinary, fast."""
VOLATILITY_EDGES = (0.045, 0.12)
"""Mean absolute log change: calm, ordinary, wild."""
FULL = 400.0
"""Windows a cell needs to count as much as the cell above it."""


def weighted_quantile(values: np.ndarray, weights: np.ndarray, level: float) -> float:
    """Quantile of a weighted sample."""
    order = np.argsort(values)
    mass = np.cumsum(weights[order])
    return float(values[order][min(np.searchsorted(mass, level * mass[-1]), len(order) - 1)])


def balance(domain: np.ndarray) -> np.ndarray:
    """Every domain counts by the root of its number of windows."""
    counts = np.bincount(domain, minlength=len(DOMAINS)).astype(float)
    return 1 / np.sqrt(counts[domain])


def factors(errors, quantiles, lengths, cells, weights, cell_count) -> np.ndarray:
    """Shape (length class, horizon class, cell, tail): factors on the offsets of the reference's quantiles.

    Each cell is shrunk towards all cells of its length and horizon, and these towards all lengths of that horizon.
    """
    result = np.ones((LENGTHS, HORIZON_CLASSES, cell_count, len(TAILS)))
    steps = horizon_classes(10)
    for place, tail in enumerate(TAILS):
        level = QUANTILES[tail]
        offset = quantiles[:, :, tail] - quantiles[:, :, MIDDLE]
        least = 1e-3 * np.sqrt(np.arange(1, 11))
        offset = np.where(tail < MIDDLE, np.minimum(offset, -least), np.maximum(offset, least))
        ratio = errors / offset
        wanted = 1 - level if tail < MIDDLE else level
        for step in range(HORIZON_CLASSES):
            part = ratio[:, steps == step]
            known = np.isfinite(part)

            def one(rows, part=part, known=known, wanted=wanted):
                chosen = known & rows[:, None]
                if not chosen.any():
                    return 0.0, 1.0
                mass = np.broadcast_to(weights[:, None], part.shape)[chosen]
                return chosen.any(axis=1).sum(), max(weighted_quantile(part[chosen], mass, wanted), 0.05)

            _, everywhere = one(np.ones(len(lengths), bool))
            for length in range(LENGTHS):
                here = lengths == length
                count, found = one(here)
                above = (count * found + FULL * everywhere) / (count + FULL)
                for cell in range(cell_count):
                    count, found = one(here & (cells == cell))
                    result[length, step, cell, place] = (count * found + FULL * above) / (count + FULL)
    return result


def cells_of(values: list[np.ndarray], scale: np.ndarray) -> np.ndarray:
    """Growth class times volatility class of every window."""
    growth = np.concatenate([recent_growth(one[None]) for one in values])
    return np.searchsorted(GROWTH_EDGES, growth) * 3 + np.searchsorted(VOLATILITY_EDGES, scale)


def lengths_of(values: list[np.ndarray]) -> np.ndarray:
    """Length class of every window."""
    return np.array([length_class(len(one)) for one in values])
