# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow"]
# ///
"""How the outcomes of parts of one whole hang together: `python -m training.siblings --benchmarks FOLDER`.

Prints the mean product of the normal scores of two outcomes of one group in one year, over their mean square, from
several origins of the training parts: states of one industry, industries of one state, products of one state, and
variables of one country. A shock that hits all parts counts, and so does a bias that they share.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from training.corpus import read
from training.dependence import normal_scores

AHEAD = 4
LENGTHS = (3, 5, 8)
MOST = 400
"""Series of one set."""
GROUPS: dict[str, tuple[str, Callable[[str], str]]] = {
    "industries of a state": ("us_state_gdp", lambda name: name.split("|")[0]),
    "states of an industry": ("us_state_gdp", lambda name: name.split("|")[1]),
    "products of a state": ("us_state_pce", lambda name: name.split("|")[-1]),
    "states of a product": ("us_state_pce", lambda name: name.split("|")[0]),
    "variables of a country": ("penn_world_table", lambda name: name.split("|")[-1]),
    "countries of a variable": ("penn_world_table", lambda name: name.split("|")[0]),
    "industries of an Australian state": ("au_retail", lambda name: name.split("|")[-1]),
}


def shared(scores: np.ndarray, groups: list[str]) -> tuple[float, float]:
    """The correlation of two outcomes of one group, and the mean square of all."""
    members = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    products = pairs = 0.0
    for rows in members.values():
        part = scores[rows]
        known = np.isfinite(part)
        count, total = known.sum(axis=0), np.nansum(part, axis=0)
        products += (total**2 - np.nansum(part**2, axis=0)).sum()
        pairs += (count * (count - 1)).sum()
    square = float(np.nanmean(scores**2))
    return (products / pairs / square if pairs else np.nan), square


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    folder = parser.parse_args().benchmarks
    rng = np.random.default_rng(1)
    for title, (name, group_of) in GROUPS.items():
        series = [(key, values) for key, values in read(folder, name, "train") if values.min() > 0]
        common = max(len(values) for _, values in series)
        series = [(key, values) for key, values in series if len(values) == common]
        wanted = {group_of(key) for key, _ in series}
        wanted = set(rng.permutation(sorted(wanted))[:25].tolist())
        series = [(key, values) for key, values in series if group_of(key) in wanted]
        series = [series[place] for place in rng.permutation(len(series))[:MOST]]
        block, groups = np.array([values for _, values in series]), [group_of(key) for key, _ in series]
        for length in LENGTHS:
            stacked, labels = [], []
            for origin in range(length, common - AHEAD + 1, max(1, (common - length - AHEAD) // 6)):
                past, future = block[:, origin - length : origin], block[:, origin : origin + AHEAD]
                stacked.append(normal_scores(past, future))
                labels += [f"{group} {origin}" for group in groups]
            scores = np.concatenate(stacked)
            rho, square = shared(scores, labels)
            by_year = [shared(scores[:, [year]], labels)[0] for year in range(AHEAD)]
            years = ", ".join(f"{value:.2f}" for value in by_year)
            print(f"{title}, {length} points: {rho:.2f} (by year ahead {years}; mean square {square:.2f})", flush=True)


if __name__ == "__main__":
    main()
