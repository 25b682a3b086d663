"""Tables that need no networks: interval factors of every member, and the additive way for zeros
and negatives.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.forecasting.intervals import unit_change
from rural_forecast.forecasting.reference import MIDDLE, QUANTILES
from rural_forecast.forecasting.registry import MODELS, get
from rural_forecast.forecasting.shape import LEARNED, log_ratios
from rural_forecast.models.base import answer
from training.calibration import LENGTHS, TAILS, factors, weighted_quantile
from training.corpus import Windows, by_length

SAMPLE = 60000
CALIBRATED = tuple(
    model.name for model in MODELS if model.fit is not None and not model.intervals_of
)
"""Models that get factors of their own."""
KEPT = np.arange(0.0, 1.21, 0.05)


def sample(weights: np.ndarray, seed: int) -> np.ndarray:
    """Rows of a balanced sample."""
    rng = np.random.default_rng(seed)
    return np.sort(
        rng.choice(
            len(weights), min(SAMPLE, len(weights)), replace=False, p=weights / weights.sum()
        )
    )


def member_logs(values: list[np.ndarray], name: str) -> np.ndarray:
    """(n, 10) log ratios of one model's points, NaN where it abstains."""
    logs = np.full((len(values), LEARNED), np.nan, np.float32)
    for rows, block in by_length(values):
        logs[rows] = log_ratios(block, answer(get(name), block, LEARNED).points)
    return logs


def member_tails(
    windows: Windows, rows, quantiles, point, lengths
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Factors of shape (model, length class, horizon class, tail), and the points they rest on."""
    values = [windows.values[row] for row in rows]
    tails = []
    points = {}
    for name in CALIBRATED:
        path = point[rows] if name == "reference" else member_logs(values, name)
        points[name] = path
        tails.append(factors(windows.future[rows] - path, quantiles[rows], lengths[rows]))
    return np.stack(tails), points


def additive(windows: Windows, rows, lengths) -> tuple[np.ndarray, np.ndarray]:
    """Share of the mean change that goes on, (length class, horizon), and error quantiles, (.., ..,
    tail).
    """
    values = [windows.values[row] for row in rows]
    change = np.zeros(len(rows))
    unit = np.zeros(len(rows))
    for places, block in by_length(values):
        block = block / block[:, -1:]
        unit[places] = unit_change(block)
        if block.shape[1] > 1:
            change[places] = (1 - block[:, 0]) / (block.shape[1] - 1)
    moved = (np.exp(windows.future[rows].astype(float)) - 1) / unit[:, None]
    change = change / unit
    kept = np.zeros((LENGTHS, LEARNED))
    tails = np.zeros((LENGTHS, LEARNED, len(TAILS)))
    for length in range(LENGTHS):
        for step in range(LEARNED):
            chosen = (lengths[rows] == length) & np.isfinite(moved[:, step])
            ahead = moved[chosen, step]
            own = change[chosen] * (step + 1)
            loss = [np.abs(ahead - share * own).mean() for share in KEPT]
            kept[length, step] = KEPT[int(np.argmin(loss))] * (step + 1)
            errors = ahead - kept[length, step] * change[chosen]
            mass = np.ones(len(errors))
            for place, tail in enumerate(TAILS):
                side = 1 if tail > MIDDLE else -1
                tails[length, step, place] = side * max(
                    side * weighted_quantile(errors, mass, QUANTILES[tail]), 0.02
                )
    return kept, tails
