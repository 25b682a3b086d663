"""Panels that add up: accuracy and coverage by level on held-out years of US product and consumption by state.

    python benchmarks/panels.py --benchmarks FOLDER

Histories are the last 3, 5, 8 and 20 points of the training parts, outcomes the years of the test parts. Writes
`panels.md` next to this file.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import request
from rural_forecast.forecasting.paths import SIBLINGS, scores
from rural_forecast.forecasting.spread import SPREAD_LEVELS, spread
from rural_forecast.panels import panel
from rural_forecast.panels.reconcile import reconcile
from rural_forecast.panels.tree import from_ids

HERE = Path(__file__).parent
SECTORS = {3, 6, 10, 11, 12, 34, 35, 36, 45, 51, 56, 60, 64, 65, 69, 70, 76, 79, 82, 83}
"""Lines of state product that add up to all industries."""
POINTS = (3, 5, 8, 20)
DRAWS = 1_000
LEVEL = SPREAD_LEVELS.index(80)


def parts(folder: Path, name: str) -> dict[tuple[str, str], dict[str, list[float]]]:
    """Values of the train and test part of each leaf, by state and industry or product."""
    import pyarrow.parquet as pq

    columns = pq.read_table(folder / f"{name}.parquet").sort_by("period").to_pydict()
    found: dict[tuple[str, str], dict[str, list[float]]] = {}
    for key, split, value in zip(columns["series_id"], columns["split"], columns["value"], strict=True):
        labels = key.split("|")
        state, part = (labels[0], labels[2]) if name == "us_state_gdp" else (labels[1], labels[0])
        leaf = int(labels[1]) in SECTORS if name == "us_state_gdp" else part != "Personal consumption expenditures"
        if leaf and state != "US":
            found.setdefault((state, part), {"train": [], "test": []})[split].append(value)
    longest = max(len(one["train"]) for one in found.values())
    return {key: one for key, one in found.items() if len(one["train"]) == longest}


def measured(leaves: dict[tuple[str, str], dict[str, list[float]]], points: int, by: int) -> dict[str, list[float]]:
    """Figures of each level of the tree whose second level are the states (`by` 0) or the industries (1)."""
    keys = sorted(leaves, key=lambda key: (key[by], key[1 - by]))
    past = np.array([leaves[key]["train"][-points:] for key in keys])
    horizon = min(len(leaves[key]["test"]) for key in keys)
    future = np.array([leaves[key]["test"][:horizon] for key in keys])
    tree, _ = from_ids([f"{key[by]} / {key[1 - by]}" for key in keys])
    count = len(keys)
    read = Panel([""] * count, np.arange(count + 1) * points, past.ravel(), np.full(count, 2000, dtype=np.int64), [""])
    asked = request(horizon=horizon, levels=SPREAD_LEVELS)
    result = panel.of_tree(tree, read, asked, "weighted")
    actual = np.where(tree.series[:, None] >= 0, future[tree.series], 0.0)
    for part, parents in tree.up():
        np.add.at(actual, parents, actual[part])
    deviation = panel_width(tree, read, asked) / 2.5631
    ways = {
        "base": result.base,
        "weighted": result.values,
        "weighted, independent": reconcile(tree, result.base, deviation, np.ones(len(tree.names), bool), "weighted", 0),
        "top-down": reconcile(tree, result.base, deviation, np.ones(len(tree.names), bool), "top-down"),
        "bottom-up": reconcile(tree, result.base, deviation, np.ones(len(tree.names), bool), "bottom-up"),
    }
    rows: dict[str, list[float]] = {}
    for way, values in ways.items():
        rows[f"error {way}"] = by_level(tree, 100 * np.abs(values / actual - 1))
    inside = (result.lower[LEVEL] <= actual) & (actual <= result.upper[LEVEL])
    rows["own interval, moved"] = by_level(tree, 100 * inside)
    base = panel.of_tree(tree, read, asked, "bottom-up")
    factor = base.base / base.values
    inside = (base.lower[LEVEL] * factor <= actual) & (actual <= base.upper[LEVEL] * factor)
    rows["own interval, before"] = by_level(tree, 100 * inside)
    for name, correlation in (("independent", 0.0), ("joint", SIBLINGS)):
        rows[f"sum of parts, {name}"] = by_level(tree, 100 * summed(result, tree, actual, correlation))
    return rows


def panel_width(tree, read, asked) -> np.ndarray:
    """Width of the 80 % interval before anything is moved."""
    plain = panel.of_tree(tree, read, asked, "bottom-up")
    return (plain.upper[LEVEL] - plain.lower[LEVEL]) * plain.base / plain.values


def summed(result: panel.PanelForecast, tree, actual: np.ndarray, correlation: float) -> np.ndarray:
    """Whether outcomes lie in the 80 % interval of sums of sampled paths of the leaves."""
    horizon = actual.shape[1]
    parents = {-1: scores(horizon, DRAWS, 1)}
    sums = np.zeros((len(tree.names), DRAWS, horizon))
    for place in range(len(tree.names)):
        at = int(tree.parents[place])
        common = parents[at] if correlation else 0.0
        mixed = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * scores(horizon, DRAWS, 2, place)
        parents[place] = mixed
        if tree.leaves[place]:
            bounds = result.lower[:, place], result.upper[:, place]
            sums[place] = spread(result.values[place], *bounds).at(mixed)
    for part, above in tree.up():
        np.add.at(sums, above, sums[part])
    low, high = np.quantile(sums, [0.1, 0.9], axis=1)
    return (low <= actual) & (actual <= high)


def by_level(tree, cells: np.ndarray) -> list[float]:
    """Means of each depth."""
    return [float(cells[start:end].mean()) for start, end in zip(tree.edges[:-1], tree.edges[1:], strict=True)]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the panels")
    folder = parser.parse_args().benchmarks
    lines = [
        "# Panels that add up",
        "",
        "US product by state and sector (1,000 leaves) and consumption by state and product (760); histories are the",
        "last points of the training parts, outcomes the test years (2018 to 2021, 2017 to 2020). Errors are mean",
        "absolute percentage errors; below them the share of outcomes within 80 % intervals. The nation is one series",
        "of four years. Written by `python benchmarks/panels.py`.",
        "",
    ]
    for title, name in (("Product", "us_state_gdp"), ("Consumption", "us_state_pce")):
        leaves = parts(folder, name)
        for by, second in ((0, "states"), (1, "sectors")):
            for points in POINTS:
                rows = measured(leaves, points, by)
                lines += [f"## {title} by {second}, {points} points", "", f"| | nation | {second} | leaves |"]
                lines += ["| --- | ---: | ---: | ---: |"]
                lines += [f"| {key} | {' | '.join(f'{cell:.1f}' for cell in row)} |" for key, row in rows.items()]
                lines.append("")
                print("\n".join(lines[-len(rows) - 5 :]), flush=True)
    (HERE / "panels.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
