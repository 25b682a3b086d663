# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow"]
# ///
"""Coverage of wholes of parts: `python -m training.siblings --benchmarks FOLDER [--panels FILE]`.

Over forecast origins of the training parts of four sets (and US income, whose last four years are
left out), the share of outcomes within 80 % intervals of wholes forecast for themselves, as `panel`
forecasts them: on these sets, and on further panels. `--panels` names a Parquet file with the columns `panel`, `first`, `second`, `period` and
`value`; the panels of `SEALED` had no say. Writes `benchmarks/siblings.md`.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from pathlib import Path

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.panels.tree import from_ids
from training.corpus import read

AHEAD = 4
WHOLES = (3, 5, 8, 15)
ORIGINS = 12
"""Forecast origins of each set and length, evenly over its years."""
SECTORS = {3, 6, 10, 11, 12, 34, 35, 36, 45, 51, 56, 60, 64, 65, 69, 70, 76, 79, 82, 83}
"""Lines of state product that add up to all industries."""
INCOME = {"46", "47", "50", "60", "72"}
SEALED = ("ghg", "fish", "disease", "metals", "fossil", "cereals", "tb", "terror", "military")
"""Panels that chose nothing."""
SETS = ("us_state_gdp", "us_state_pce", "au_retail", "us_state_income", "penn_world_table")


def parts(folder: Path, name: str, split: str = "train") -> dict[tuple[str, str], np.ndarray]:
    """Values of each part, all of the same years, by its two labels, by each of which parts form
    wholes.
    """
    series = income(folder) if name == "us_state_income" else read(folder, name, split)
    known = {}
    for key, values in series:
        first, second, *_ = key.split("|")
        state = first if name in ("us_state_gdp", "us_state_income") else second
        if name == "us_state_gdp" and int(second) not in SECTORS:
            continue
        if state != "US" and first != "Personal consumption expenditures" and values.min() > 0:
            known[state, second if state == first else first] = values
    longest = max(map(len, known.values()))
    return {key: values for key, values in sorted(known.items()) if len(values) == longest}


def income(folder: Path) -> list[tuple[str, np.ndarray]]:
    """Parts of personal income by state, in whole years."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "us_state_income_quarterly.parquet").to_pydict()
    found: dict[str, dict[int, float]] = {}
    for key, year, value in zip(table["series_id"], table["year"], table["value"], strict=True):
        if key.split("|")[1] in INCOME and 1950 <= year <= 2017:
            found.setdefault(key, {}).setdefault(year, 0.0)
            found[key][year] += value / 4
    return [(key, np.array([*years.values()])) for key, years in found.items()]


def origins(values: np.ndarray, points: int) -> list[int]:
    """Where histories of so many points end."""
    last = values.shape[1] - AHEAD
    return (
        sorted(set(np.linspace(points, last, ORIGINS).astype(int).tolist()))
        if last >= points
        else []
    )


def of_wholes(column: np.ndarray, values: np.ndarray, points: int) -> float:
    """Return the coverage of wholes of parts with one label, in percent."""
    large = [
        rows for label in np.unique(column) if len(rows := np.flatnonzero(column == label)) > 1
    ]
    tree, _ = from_ids([f"{place} / {row}" for place, rows in enumerate(large) for row in rows])
    rows = np.concatenate(large)[tree.series]
    wholes = ~tree.leaves & ((tree.parents >= 0) | (len(large) == 1))
    shares = []
    for origin in origins(values, points):
        past = values[rows, origin - points : origin]
        ahead = values[rows, origin : origin + AHEAD]
        past, actual = (
            tree.totals(np.where(tree.leaves[:, None], side, 0.0)) for side in (past, ahead)
        )
        own = consensus(past, AHEAD, (80,))
        held = (own.lower[:, 0] <= actual) & (actual <= own.upper[:, 0])
        shares.append(100 * held[wholes].mean())
    return float(np.mean(shares))


def panels(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Labels of shape (part, 2) and values of shape (part, year) of each panel of a file."""
    import pyarrow.parquet as pq

    found: dict[str, dict[tuple[str, str], list[float]]] = {}
    columns = (
        pq.read_table(path)[name].to_pylist() for name in ("panel", "first", "second", "value")
    )
    for name, first, second, value in zip(*columns, strict=True):
        found.setdefault(name, {}).setdefault((first, second), []).append(value)
    return {name: (np.array([*one]), np.array([*one.values()])) for name, one in found.items()}


def table_of_wholes(known: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[str]:
    """Return the coverage of wholes, by panel and points, those that chose nothing last."""
    lines = [
        f"| panel | {' | '.join(f'{points} points' for points in WHOLES)} |",
        f"| --- |{' ---: |' * len(WHOLES)}",
    ]
    for title, chosen in (("chose", False), ("sealed", True)):
        found: dict[int, list[float]] = {points: [] for points in WHOLES}
        for name, (labels, values) in known.items():
            if (name in SEALED) is not chosen:
                continue
            columns = [labels[:, 0], labels[:, 1], np.zeros(len(labels))]
            if name == "penn_world_table":  # variables of a country are no parts of it
                columns = columns[1:2]
            cells = []
            for points in WHOLES:
                kept = [
                    column
                    for column in columns
                    if max(np.unique(column, return_counts=True)[1]) > 1
                ]
                if not origins(values, points):
                    cells.append("")
                    continue
                shares = [of_wholes(column, values, points) for column in kept]
                found[points].append(float(np.mean(shares)))
                cells.append(f"{found[points][-1]:.0f}")
            lines.append(f"| {name} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
        cells = []
        for points in WHOLES:
            error = np.std(found[points], ddof=1) / len(found[points]) ** 0.5
            cells.append(f"{np.mean(found[points]):.1f} ± {error:.1f}")
        lines.append(f"| **mean, {title}** | {' | '.join(cells)} |")
    return [*lines, ""]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument("--panels", type=Path, help="a file of further panels")
    given = parser.parse_args()
    folder = given.benchmarks
    every: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name in SETS:
        known = parts(folder, name)
        every[name] = np.array([*known]), np.array([*known.values()])
    further = panels(given.panels) if given.panels else {}
    lines = [
        "# What wholes hold",
        "",
        "Share of outcomes, in percent, within 80 % intervals, one to four years ahead, over up to 12 forecast origins",
        "of the training parts, of wholes forecast for themselves; ± is one standard error over panels.",
        "Written by `python -m training.siblings`.",
        "",
        *table_of_wholes(every | further),
    ]
    (Path(__file__).parent.parent / "benchmarks" / "siblings.md").write_text(
        "\n".join(lines), encoding="utf-8"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
