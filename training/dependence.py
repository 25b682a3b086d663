# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow"]
# ///
"""How outcomes hang together: `python -m training.dependence --benchmarks FOLDER`.

Prints the correlation of the normal scores of outcomes h and k years ahead, over windows of the
training parts of eight sets, the power of h / k that fits it best (`forecasting/paths.POWER`), and
that power by length and by set.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from pathlib import Path

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, known_scores
from training.corpus import by_length, padded, read

SEED = 20261126
AHEAD = 10
WINDOWS = 4
"""Windows of a series."""
LENGTHS = (3, 4, 5, 6, 8, 10, 12, 20, 40)
CLASSES = ((3, 3), (4, 5), (6, 9), (10, 14), (15, 40))
SERIES = {
    "m4_yearly_train": 1500,
    "gapminder_adoption": 400,
    "us_state_pce": 300,
    "au_retail": 150,
    "us_state_gdp": 800,
    "penn_world_table": 600,
    "gapminder_levels": 800,
    "energy_adoption": 300,
}
"""Series of each set, drawn at random."""


def normal_scores(past: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Normal scores, shape (series, year), of outcomes in the forecast of positive histories; NaN
    where unknown.
    """
    joint = consensus(past, outcome.shape[1], SPREAD_LEVELS)
    known = np.log(
        np.concatenate([joint.lower[:, ::-1], joint.point[:, None], joint.upper], axis=1)
    )
    at = known_scores()
    middle = len(SPREAD_LEVELS)
    actual = np.log(outcome)
    result = np.full(outcome.shape, np.nan)
    for row, year in zip(*np.nonzero(np.isfinite(actual)), strict=True):
        quantiles = known[row, :, year]
        value = actual[row, year]
        score = np.interp(value, quantiles, at)
        for end, beyond in ((0, value < quantiles[0]), (-1, value > quantiles[-1])):
            if beyond:
                score = at[end] * (value - quantiles[middle]) / (quantiles[end] - quantiles[middle])
        result[row, year] = np.clip(score, -5, 5)
    return result


def correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Correlation of normal scores, from that of ranks, where both are known."""
    both = np.isfinite(first) & np.isfinite(second)
    if both.sum() < 50:
        return float("nan")
    ranks = (values[both].argsort().argsort() for values in (first, second))
    return float(2 * np.sin(np.pi / 6 * np.corrcoef(*ranks)[0, 1]))


def fitted(scores: np.ndarray) -> tuple[float, float, np.ndarray]:
    """The power of h / k, the error that it leaves, and the correlations."""
    found = np.array([[correlation(first, second) for second in scores.T] for first in scores.T])
    early, late = np.triu_indices(scores.shape[1], 1)
    ratios = np.log((early + 1) / (late + 1))
    known = found[early, late]
    ratios = ratios[known > 0]
    known = known[known > 0]
    power = float((ratios * np.log(known)).sum() / (ratios**2).sum())
    return power, float(np.sqrt(np.mean((np.exp(power * ratios) - known) ** 2))), found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    folder = parser.parse_args().benchmarks
    rng = np.random.default_rng(SEED)
    past = []
    future = []
    sets = []
    for name, most in SERIES.items():
        long = [
            values
            for _, values in read(folder, name, "train")
            if len(values) >= 5 and values.min() > 0
        ]
        for place in rng.permutation(len(long))[:most]:
            for origin in rng.integers(3, len(long[place]) - 1, WINDOWS):
                length = min(int(origin), int(rng.choice(LENGTHS)))
                past.append(long[place][origin - length : origin])
                future.append(padded(long[place][origin : origin + AHEAD], AHEAD))
                sets.append(name)
    outcomes = np.array(future)
    scores = np.empty((len(past), AHEAD))
    for rows, block in by_length(past):
        scores[rows] = normal_scores(block, outcomes[rows])
    power, error, found = fitted(scores)
    print(np.array2string(found, precision=2, suppress_small=True))
    print(f"power {power:.3f}, error {error:.3f}, {len(past):,} windows")
    lengths = np.array([len(values) for values in past])
    origins = np.array(sets)
    for low, high in CLASSES:
        print(
            f"{low} to {high} points: {fitted(scores[(lengths >= low) & (lengths <= high)])[0]:.3f}"
        )
    for name in SERIES:
        print(f"{name}: {fitted(scores[origins == name])[0]:.3f}")


if __name__ == "__main__":
    main()
