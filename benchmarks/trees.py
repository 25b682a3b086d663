# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Coverage of 80 % intervals of leaves, middles and totals, by set of trees and points.

    uv run --script benchmarks/trees.py --benchmarks FOLDER

A tree is all series of one kind: product, consumption, retail and income by state, and amounts by
country. Middles are states, or else industries or products; countries are put in groups of twelve,
by chance, as the sets name no regions. Every node is forecast for itself, as `panel` takes ranges,
from up to 12 origins, one to four years ahead. `calm` is the standard deviation of the yearly log
growth of the totals, in percent. Writes `trees.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pandas as pd

from rural_forecast.forecasting.consensus import consensus

HERE = Path(__file__).parent
AHEAD = 4
POINTS = (3, 5, 8, 15)
ORIGINS = 12
FEWEST = 6  # leaves of a tree
GROUP = 12  # countries of a group
SECTORS = {3, 6, 10, 11, 12, 34, 35, 36, 45, 51, 56, 60, 64, 65, 69, 70, 76, 79, 82, 83}
"""Lines of state product that add up to all industries."""
INCOME = {46, 47, 50, 60, 72}
"""Lines of personal income that are parts of it."""
BY_COUNTRY = {
    "gapminder_levels": (
        "urban_population",
        "rural_population",
        "total_gdp_us_inflation_adjusted",
        "external_debt_total_us_not_inflation_adjusted",
        "armed_forces_personnel_total",
        "wood_removal_cubic_meters",
        "total_sulfur_emission_kilotonnes",
        "arms_imports_sipri_tiv",
    ),
    "penn_world_table": ("rgdpo", "ccon", "cn", "pop", "emp"),
    "gapminder_adoption": ("cell_phones_total", "patent_applications_total"),
    "energy_adoption": ("solar_generation_twh", "wind_generation_twh"),
}
"""Amounts by country, which add up."""
LEVELS = ("leaves", "middles", "totals")


class Forest(NamedTuple):
    """Leaves of one kind."""

    name: str
    labels: tuple[np.ndarray, ...]
    """labels that form the middles, one or two ways; shape (leaf,) each."""
    amounts: np.ndarray
    """shape (leaf, year), NaN where unknown."""


def forests(folder: Path) -> Iterator[Forest]:
    """All trees of the sets."""
    yield _by_state(folder, "us_state_gdp", lambda labels: int(labels[1]) in SECTORS, 0, 2)
    yield _by_state(
        folder, "us_state_pce", lambda labels: not labels[0].startswith("Personal"), 1, 0
    )
    yield _by_state(folder, "au_retail", lambda labels: not labels[0].startswith("Total"), 1, 0)
    yield _by_state(
        folder, "us_state_income_quarterly", lambda labels: int(labels[1]) in INCOME, 0, 1
    )
    draw = np.random.default_rng(1)
    for name, indicators in BY_COUNTRY.items():
        table = _table(folder, name)
        for indicator in indicators:
            rows = table[table.index.str.startswith(f"{indicator}|")]
            group = draw.permutation(len(rows)) // GROUP
            yield Forest(f"{name}: {indicator}", (group,), rows.to_numpy())


def _table(folder: Path, name: str) -> pd.DataFrame:
    data = pd.read_parquet(folder / f"{name}.parquet")
    year = "year" if "year" in data else "period"
    return data.pivot_table(index="series_id", columns=year, values="value", aggfunc="sum")


def _by_state(
    folder: Path, name: str, is_leaf: Callable[[list[str]], bool], state: int, part: int
) -> Forest:
    table = _table(folder, name)
    labels = [key.split("|") for key in table.index]
    kept = [index for index, own in enumerate(labels) if is_leaf(own) and own[state] != "US"]
    states = np.array([labels[index][state] for index in kept])
    others = np.array([labels[index][part] for index in kept])
    return Forest(name, (states, others), table.to_numpy()[kept])


def windows(forest: Forest, points: int) -> Iterator[Forest]:
    """Yield the leaves that are known and above zero around each origin, with enough of them.

    Each has so many points before its origin, and `AHEAD` years after it.
    """
    years = forest.amounts.shape[1]
    for origin in sorted({*np.linspace(points, years - AHEAD, ORIGINS).astype(int).tolist()}):
        amounts = forest.amounts[:, origin - points : origin + AHEAD]
        if origin < points or amounts.shape[1] < points + AHEAD:
            continue
        is_whole = np.isfinite(amounts).all(axis=1) & (np.nan_to_num(amounts).min(axis=1) > 0)
        if is_whole.sum() >= FEWEST:
            labels = tuple(own[is_whole] for own in forest.labels)
            yield Forest(forest.name, labels, amounts[is_whole])


def held(forest: Forest, points: int) -> tuple[dict[str, list[float]], list[float]]:
    """The share of outcomes within the 80 % interval at each origin, by level, and the calm."""
    shares: dict[str, list[float]] = {level: [] for level in LEVELS}
    calm = []
    for window in windows(forest, points):
        leaves = window.amounts
        total = leaves.sum(axis=0, keepdims=True)
        middles = []
        for own in window.labels:
            middles += [leaves[own == label].sum(axis=0) for label in np.unique(own)]
        blocks = {"leaves": leaves, "middles": np.array(middles), "totals": total}
        for level, values in blocks.items():
            answer = consensus(values[:, :points], AHEAD, (80,))
            actual = values[:, points:]
            inside = (answer.lower[:, 0] <= actual) & (actual <= answer.upper[:, 0])
            shares[level].append(100 * inside.mean())
        calm.append(100 * np.diff(np.log(total)).std())
    return shares, calm


INTRODUCTION = """# What ranges of trees hold

Share of outcomes, in percent, within 80 % intervals of leaves, middles and totals that are forecast for themselves, one to
four years ahead, by points of history. The calmer the total, the more of its outcomes lie within: an interval is
that of all markets with such a history, and three to eight points say little of how calm a market is.
Learned numbers rest on the earlier years of these sets, among others. ± is one standard error
over trees. Written by `trees.py`.
"""
BANDS = {"calm, below 1 %": 1.0, "calm, 1 to 3 %": 3.0, "not calm": np.inf}


def page(every: list[Forest]) -> str:
    """The table of all trees, and their means by how calm they are."""
    heads = [f"{level}, {points}" for points in POINTS for level in LEVELS]
    lines = [
        INTRODUCTION,
        f"| tree | calm | {' | '.join(heads)} |",
        "| --- | ---: |" + " ---: |" * len(heads),
    ]
    measured: list[tuple[float, dict[str, float]]] = []
    for forest in every:
        means: dict[str, float] = {}
        calm = []
        for points in POINTS:
            shares, own = held(forest, points)
            calm += own
            for level in LEVELS:
                if shares[level]:
                    means[f"{level}, {points}"] = float(np.mean(shares[level]))
        measured.append((float(np.mean(calm)), means))
        cells = [f"{means[head]:.0f}" if head in means else "" for head in heads]
        lines.append(f"| {forest.name} | {np.mean(calm):.1f} | {' | '.join(cells)} |")
    least = 0.0
    for title, most in BANDS.items():
        lines.append(_mean(title, [own for calm, own in measured if least <= calm < most], heads))
        least = most
    lines.append(_mean("all", [own for _, own in measured], heads))
    return "\n".join(lines) + "\n"


def _mean(title: str, trees: list[dict[str, float]], heads: list[str]) -> str:
    cells = []
    for head in heads:
        own = [means[head] for means in trees if head in means]
        error = np.std(own, ddof=1) / len(own) ** 0.5
        cells.append(f"{np.mean(own):.0f} ± {error:.0f}")
    return f"| **{title}: {len(trees)} trees** |  | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of Parquet files")
    text = page([*forests(parser.parse_args().benchmarks)])
    (HERE / "trees.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
