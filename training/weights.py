"""What the constants of the weights do on domains that the networks never saw: printed by every build.

It chose the constants of `forecasting/weights.py`. A softmax of all traits, fitted by a smooth loss and judged on
groups of domains that were left out, was no better. Fewer partners are a little better here, and worse on competitions.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from rural_forecast.forecasting.weights import CONSTANTS, Constants
from training.corpus import DOMAINS
from training.references import step_size

if TYPE_CHECKING:
    from training.build import Sample

YEARS = 6
CLASSES = ((3, 5), (6, 14), (15, 60))
"""Lengths that are judged apart."""
FEWEST = 100
MOST = 20.0
"""Largest error, in steps of the history, that is counted as such."""
TRIED: dict[str, Constants] = {
    "as shipped": CONSTANTS,
    "reference alone": Constants(short=0, long=0, least=0, growth=0),
    "no growth": Constants(growth=0),
    "smooth or not alike": Constants(smooth=1, growth=0),
    "fewer partners": Constants(short=0.05, long=0.3),
    "growth from three points": Constants(known=-1.5),
}


def errors(future: np.ndarray, path: np.ndarray, size: np.ndarray) -> tuple[float, float]:
    """Mean sMAPE, as a share, and mean error in steps of the history."""
    known = np.isfinite(future)
    smape = 2 * np.tanh(np.abs(future - path) / 2)
    steps = np.minimum(np.abs(np.exp(future) - np.exp(path)) / size[:, None], MOST)
    return float(smape[known].mean()), float(steps[known].mean())


def by_domain(sample: Sample, path: np.ndarray) -> dict[int, float]:
    """OWA of every domain, a mean over classes of length."""
    windows = sample.windows
    lengths, sizes = np.array([len(values) for values in windows.values]), step_size(windows)
    result: dict[int, list[float]] = {}
    for domain in np.unique(windows.domain).tolist():
        for first, last in CLASSES:
            rows = np.flatnonzero((windows.domain == domain) & (lengths >= first) & (lengths <= last))
            if len(rows) < FEWEST:
                continue
            future = windows.future[rows, :YEARS].astype(float)
            ours, naive = (errors(future, ahead, sizes[rows]) for ahead in (path[rows, :YEARS], np.zeros_like(future)))
            result.setdefault(domain, []).append((ours[0] / naive[0] + ours[1] / naive[1]) / 2)
    return {domain: float(np.mean(scores)) for domain, scores in result.items()}


def report(sample: Sample) -> None:
    """Print the mean over domains of each set of constants to standard error."""
    for name, constants in TRIED.items():
        scores = by_domain(sample, sample.consensus(constants))
        corpus = [score for domain, score in scores.items() if domain < len(DOMAINS)]
        others = [score for domain, score in scores.items() if domain >= len(DOMAINS)]
        means = f"{np.mean(corpus):.4f} out of fold, {np.mean(others):.4f} held out"
        print(f"  {name}: OWA {means}, worst {max(scores.values()):.3f}", file=sys.stderr)
