"""Panels that add up: accuracy and coverage by level on held-out years of US product and
consumption by state.

    python benchmarks/panels.py --benchmarks FOLDER

Histories are the last 3, 5, 8 and 20 points of the training parts, outcomes the years of the test
parts. Writes `panels.md` next to this file.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import tempfile
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, scores, siblings, spread
from rural_forecast.forecasting.panel import Panel, request
from rural_forecast.panels import panel
from rural_forecast.panels.tree import Tree, from_ids
from rural_forecast.question.batch import BatchQuestion

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
    for key, split, value in zip(
        columns["series_id"], columns["split"], columns["value"], strict=True
    ):
        labels = key.split("|")
        state, part = (labels[0], labels[2]) if name == "us_state_gdp" else (labels[1], labels[0])
        leaf = (
            int(labels[1]) in SECTORS
            if name == "us_state_gdp"
            else part != "Personal consumption expenditures"
        )
        if leaf and state != "US":
            found.setdefault((state, part), {"train": [], "test": []})[split].append(value)
    longest = max(len(one["train"]) for one in found.values())
    return {key: one for key, one in found.items() if len(one["train"]) == longest}


def measured(
    leaves: dict[tuple[str, str], dict[str, list[float]]], points: int, by: int
) -> dict[str, list[float]]:
    """Figures of each level of the tree whose second level are the states (`by` 0) or the
    industries (1).
    """
    keys = sorted(leaves, key=lambda key: (key[by], key[1 - by]))
    past = np.array([leaves[key]["train"][-points:] for key in keys])
    horizon = min(len(leaves[key]["test"]) for key in keys)
    future = np.array([leaves[key]["test"][:horizon] for key in keys])
    tree, _ = from_ids([f"{key[by]} / {key[1 - by]}" for key in keys])
    count = len(keys)
    read = Panel(
        [""] * count,
        np.arange(count + 1) * points,
        past.ravel(),
        np.full(count, 2000, dtype=np.int64),
        [""] * count,
    )
    asked = request(BatchQuestion(horizon=horizon, levels=SPREAD_LEVELS))
    result = panel.of_tree(tree, read, asked, "weighted")
    actual, nodes = (added_up(tree, values) for values in (future, past))
    ways = {
        "base": result.base,
        "weighted": result.values,
        "top-down": panel.of_tree(tree, read, asked, "top-down").values,
        "bottom-up": panel.of_tree(tree, read, asked, "bottom-up").values,
    }
    if by == 0:
        ways |= of_peers(tree, nodes, result.base)
    rows = {
        f"error, {way}": by_level(tree, 100 * np.abs(values / actual - 1))
        for way, values in ways.items()
    }
    joint = consensus(nodes, horizon, SPREAD_LEVELS)
    inside = (joint.lower[:, LEVEL] <= actual) & (actual <= joint.upper[:, LEVEL])
    rows["holds, as `batch` forecasts nodes"] = by_level(tree, 100 * inside)
    inside = (result.lower[LEVEL] <= actual) & (actual <= result.upper[LEVEL])
    rows["holds, `panel`"] = by_level(tree, 100 * inside)
    for name, correlation in (("independent", 0.0), ("correlated", siblings(3))):
        rows[f"holds, sums of leaves {name}"] = by_level(
            tree, 100 * summed(result, tree, actual, correlation)
        )
    return rows


def added_up(tree: Tree, leaves: np.ndarray) -> np.ndarray:
    """Values of every node from those of the leaves."""
    return tree.totals(np.where(tree.series[:, None] >= 0, leaves[tree.series], 0.0))


def of_peers(tree: Tree, nodes: np.ndarray, base: np.ndarray) -> dict[str, np.ndarray]:
    """Forecasts of every node by hierarchicalforecast, of its own base forecasts and of ours."""
    names = [
        "total",
        *(f"total/{int(tree.parents[place])}/{place}" for place in range(1, len(tree.names))),
    ]
    names = [name.replace("/0/", "/") for name in names]
    first = nodes.shape[1]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("history.csv", "base.csv", "out.csv")]
        lines = [
            f"{place},{tree.parents[place]},{period},{value!r}"
            for place in np.flatnonzero(tree.leaves).tolist()
            for period, value in enumerate(nodes[place].tolist())
        ]
        files[0].write_text("\n".join(["leaf,group,period,value", *lines]), encoding="utf-8")
        lines = [
            f"{name},{first + step},{value!r}"
            for name, row in zip(names, base.tolist(), strict=True)
            for step, value in enumerate(row)
        ]
        files[1].write_text("\n".join(["node,period,value", *lines]), encoding="utf-8")
        script = str(HERE / "panels_peers.py")
        subprocess.run(
            ["uv", "run", "-q", "--script", script, *map(str, files), str(base.shape[1])],
            check=True,
        )
        place_of = {name: place for place, name in enumerate(names)}
        ways: dict[str, np.ndarray] = {}
        with files[2].open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                table = ways.setdefault(row["way"], np.full(base.shape, np.nan))
                table[place_of[row["unique_id"]], int(row["ds"]) - first] = float(row["value"])
    return ways


def summed(result: panel.PanelForecast, tree, actual: np.ndarray, correlation: float) -> np.ndarray:
    """Return True where outcomes lie in the 80 % interval of sums of sampled paths of the leaves."""
    horizon = actual.shape[1]
    parents = {-1: scores(horizon, DRAWS, 1)}
    sums = np.zeros((len(tree.names), DRAWS, horizon))
    for place in range(len(tree.names)):
        at = int(tree.parents[place])
        common = parents[at] if correlation else 0.0
        mixed = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * scores(
            horizon, DRAWS, 2, place
        )
        parents[place] = mixed
        if tree.leaves[place]:
            bounds = result.lower[:, place], result.upper[:, place]
            sums[place] = spread(result.values[place], *bounds).values_at(mixed)
    low, high = np.quantile(tree.totals(sums), [0.1, 0.9], axis=1)
    return (low <= actual) & (actual <= high)


def by_level(tree, cells: np.ndarray) -> list[float]:
    """Means of each depth."""
    return [
        float(cells[start:end].mean())
        for start, end in zip(tree.edges[:-1], tree.edges[1:], strict=True)
    ]


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
        "of four years, and all nodes share one calm stretch and one shock, so shares differ from those over",
        "many years ([siblings.md](siblings.md)). The peer is hierarchicalforecast 1.5.3 on forecasts of its own",
        "(AutoETS with drift as fallback; RWD is drift) and on ours. Written by `python benchmarks/panels.py`.",
        "",
    ]
    for title, name in (("Product", "us_state_gdp"), ("Consumption", "us_state_pce")):
        leaves = parts(folder, name)
        for by, second in ((0, "states"), (1, "sectors")):
            for points in POINTS:
                rows = measured(leaves, points, by)
                lines += [
                    f"## {title} by {second}, {points} points",
                    "",
                    f"| | nation | {second} | leaves |",
                ]
                lines += ["| --- | ---: | ---: | ---: |"]
                lines += [
                    f"| {key} | {' | '.join(f'{cell:.1f}' for cell in row)} |"
                    for key, row in rows.items()
                ]
                lines.append("")
                print("\n".join(lines[-len(rows) - 5 :]), flush=True)
    (HERE / "panels.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
