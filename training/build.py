# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "torch==2.13.*"]
# ///
"""Make the learned numbers: `python -m training.build --benchmarks FOLDER [--without SET] [--output FOLDER]`.

Seeds are fixed. Scores of other seeds differ by less than 0.005 OWA, on Tourism by 0.01.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
import sys
import time
from pathlib import Path
from statistics import NormalDist

import numpy as np

from training import corpus, weights
from training.corpus import Described, Windows
from training.pack import FOLDER, replace
from training.references import Apart, references, step_size

SEED, NETWORK_SEED = 20261125, 1


def scores() -> np.ndarray:
    """Normal score of the upper bound at the levels 50 to 99."""
    return np.array([NormalDist().inv_cdf(0.5 + level / 200) for level in range(50, 100)])


def learn(windows: Windows, described: Described, layers, apart: Apart) -> dict[str, np.ndarray]:
    """Everything that follows from the networks."""
    from training import calibration, evidence, tables

    arrays = {"scores": scores(), "net.size": np.array([len(layers), len(layers[0])])}
    for net, parts in enumerate(layers):
        for layer, (weight, bias) in enumerate(parts):
            arrays[f"net.{net}.{layer}.weight"], arrays[f"net.{net}.{layer}.bias"] = weight, bias
    points = np.concatenate([apart.point[:, None], described.logs], axis=1)
    arrays["weights"] = weights.fit(described.traits, points, windows.future, step_size(windows), windows.domain, SEED)
    shares = weights.shares(arrays["weights"], described.traits)
    point = (shares * points).sum(axis=1)
    lengths, mass = calibration.lengths_of(windows.values), calibration.balance(windows.domain)
    cells = calibration.cells_of(windows.values, described.scale)
    arrays["tails.consensus"] = calibration.factors(windows.future - point, apart.quantiles, lengths, cells, mass, 9)
    rows = tables.sample(mass, SEED)
    arrays["tails.members"], paths = tables.member_tails(windows, rows, apart.quantiles, apart.point, lengths)
    arrays["additive.kept"], arrays["additive.tails"] = tables.additive(windows, rows, lengths)
    arrays.update(evidence.classes(windows, mass))
    arrays.update(evidence.record(windows, described, rows, apart.quantiles, point, paths, arrays))
    return arrays


def main() -> None:
    """Train on the corpus and write the file."""
    from training.evidence import RECORDED
    from training.tables import CALIBRATED

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument("--without", action="append", default=[], choices=list(corpus.SETS), help="leave a set out")
    parser.add_argument("--output", type=Path, default=FOLDER, help="folder of learned.npy and learned.json")
    given = parser.parse_args()
    clock = time.monotonic()
    given.output.mkdir(parents=True, exist_ok=True)
    series = corpus.corpus(given.benchmarks, frozenset(given.without))
    cut = corpus.windows(series, SEED)
    described = corpus.described(cut.values)
    print(f"{len(series)} series, {len(cut.values)} windows: {time.monotonic() - clock:.0f} s", file=sys.stderr)
    nets, apart = references(cut, described, NETWORK_SEED)
    arrays = learn(cut, described, [net.layers() for net in nets], apart)
    names = ["m4_yearly", *(name for name in corpus.SETS if name not in given.without)]
    rows = {"weights": weights.WEIGHED, "tails.members": CALIBRATED, "record": RECORDED}
    replace(arrays, rows, names, keep="nowcast", folder=given.output)
    print(f"done: {time.monotonic() - clock:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
