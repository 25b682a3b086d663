"""What the 80 % interval of one series and of sums of two and four holds, with drivers independent and correlated.

    python benchmarks/size_drivers.py --benchmarks FOLDER

Drivers are series of one group (industries of a state, states of an industry, and so on), cut to their last points;
outcomes are the first three years of the test parts. Each is divided by its last value, so that all count alike.
Writes `size_drivers.md` next to this file.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.paths import SIBLINGS, scores
from rural_forecast.forecasting.spread import SPREAD_LEVELS, spread

HERE = Path(__file__).parent
HORIZON, DRAWS, SUMS = 3, 500, 100
CORRELATIONS = (0.0, 0.1, SIBLINGS, 0.35)
POINTS = (3, 5, 8)
SETS = {
    "us_state_gdp": ("industries of a state", "states of an industry"),
    "us_state_pce": ("states of a product", "products of a state"),
    "penn_world_table": ("countries of a variable", "variables of a country"),
    "au_retail": ("states of an industry (Australia)", "industries of a state (Australia)"),
}
"""Files, and what groups by the first and by the second label of an id are."""


def series(folder: Path, name: str) -> list[tuple[tuple[str, ...], np.ndarray, np.ndarray]]:
    """Labels, last points and outcomes of every positive series, divided by the last point."""
    import pyarrow.parquet as pq

    columns = pq.read_table(folder / f"{name}.parquet", columns=["series_id", "value", "split"]).to_pydict()
    parts: dict[str, dict[str, list[float]]] = {}
    for key, value, split in zip(columns["series_id"], columns["value"], columns["split"], strict=True):
        parts.setdefault(key, {"train": [], "test": []})[split].append(value)
    return [
        (tuple(key.split("|")), np.array(one["train"][-8:]) / one["train"][-1],
         np.array(one["test"][:HORIZON]) / one["train"][-1])
        for key, one in parts.items()
        if len(one["train"]) >= 8 and len(one["test"]) >= HORIZON and min(*one["train"], *one["test"]) > 0
    ]  # fmt: skip


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the panels")
    folder = parser.parse_args().benchmarks
    rng = np.random.default_rng(1)
    own = np.stack([scores(HORIZON, DRAWS, 1, place) for place in range(5)])
    lines = [
        "# What the interval of a sum of series holds",
        "",
        f"Share of outcomes, in percent, within the 80 % interval of {SUMS} series and sums of two and four, by the",
        "correlation of their normal scores; one to three years ahead. Outcomes are the first three years of the test",
        "parts, calm ones, so single series hold more than 80; over many years see [siblings.md](siblings.md).",
        "Written by `python benchmarks/size_drivers.py`.",
        "",
        f"| drivers | series | points | {' | '.join(f'{one:g}' for one in CORRELATIONS)} |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    pooled: dict[int, list[np.ndarray]] = {1: [], 2: [], 4: []}
    for name, titles in SETS.items():
        known = series(folder, name)
        known = [known[place] for place in rng.permutation(len(known))[:600]]
        for points in POINTS:
            joint = consensus(np.array([past[-points:] for _, past, _ in known]), HORIZON, SPREAD_LEVELS)
            made = [spread(joint.point[at], joint.lower[at], joint.upper[at]) for at in range(len(known))]
            for by, title in enumerate(titles):
                groups: dict[str, list[int]] = {}
                for at, (labels, _, _) in enumerate(known):
                    groups.setdefault(labels[by], []).append(at)
                for count in pooled:
                    large = [group for group in groups.values() if len(group) >= count]
                    inside = np.zeros((len(CORRELATIONS), SUMS, HORIZON))
                    for trial in range(SUMS if large else 0):
                        chosen = rng.choice(large[rng.integers(len(large))], count, replace=False)
                        actual = sum(known[at][2] for at in chosen)
                        for place, correlation in enumerate(CORRELATIONS):
                            mixed = np.sqrt(correlation) * own[4] + np.sqrt(1 - correlation) * own[:count]
                            drawn = sum(made[at].at(mixed[member]) for member, at in enumerate(chosen))
                            low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
                            inside[place, trial] = (low <= actual) & (actual <= high)
                    held = 100 * inside.mean(axis=(1, 2))
                    pooled[count].append(held)
                    lines.append(f"| {title} | {count} | {points} | {' | '.join(f'{one:.0f}' for one in held)} |")
                    print(lines[-1], flush=True)
    for count, rows in pooled.items():
        lines.append(f"| **all** | {count} | | {' | '.join(f'{one:.1f}' for one in np.mean(rows, axis=0))} |")
        print(lines[-1])
    (HERE / "size_drivers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
