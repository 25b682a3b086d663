# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow"]
# ///
"""What sums of parts hold: `python -m training.siblings --benchmarks FOLDER [--panels FILE]`.

Over forecast origins of the training parts of four sets (and US income, whose last four years are left out), the share
of outcomes within 80 % intervals of single parts, and of sums of two and four parts by their correlation
(`forecasting/distribution.siblings`): each choice is the one whose shares come closest to 80; the choice without a set
is judged on that set. Then that of wholes forecast for themselves, by the correlation of their leaves that bounds their
intervals (`panels/reconcile.loose`): on these sets, and on further panels. `--panels` names a Parquet file with the
columns `panel`, `first`, `second`, `period` and `value`; the panels of `SEALED` had no say. Writes
`benchmarks/siblings.md`.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from pathlib import Path

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, scores, spread
from rural_forecast.panels.reconcile import factors, loose, narrowed
from rural_forecast.panels.tree import from_ids
from training.corpus import read

AHEAD, DRAWS, TRIALS = 4, 500, 20
POINTS, WHOLES = (3, 5, 8), (3, 5, 8, 15)
COUNTS = (1, 2, 4)
ORIGINS = 12
"""Forecast origins of each set and length, evenly over its years."""
CORRELATIONS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
LEVEL = SPREAD_LEVELS.index(80)
SECTORS = {3, 6, 10, 11, 12, 34, 35, 36, 45, 51, 56, 60, 64, 65, 69, 70, 76, 79, 82, 83}
"""Lines of state product that add up to all industries."""
INCOME = {"46", "47", "50", "60", "72"}
SEALED = ("ghg", "fish", "disease", "metals", "fossil", "cereals", "tb", "terror", "military")
"""Panels that chose nothing."""
SETS = ("us_state_gdp", "us_state_pce", "au_retail", "us_state_income", "penn_world_table")


def parts(folder: Path, name: str, split: str = "train") -> dict[tuple[str, str], np.ndarray]:
    """Values of each part, all of the same years, by its two labels, by each of which parts form wholes."""
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


def groups(keys: list[tuple[str, str]]) -> list[np.ndarray]:
    """Places of the parts that share a label."""
    labels = np.array(keys)
    return [np.flatnonzero(column == label) for column in labels.T for label in np.unique(column)]


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


def holds(bounds: tuple[np.ndarray, np.ndarray], actual: np.ndarray) -> float:
    """The share of outcomes within bounds, in percent."""
    return float(100 * np.mean((bounds[0] <= actual) & (actual <= bounds[1])))


def held(
    values: np.ndarray,
    wholes: list[np.ndarray],
    points: int,
    starts: list[int],
    correlations: tuple[float, ...],
    trials: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Shares of shape (origin, count, correlation) that sums of a few parts hold, parts counting alike."""
    own = np.stack([scores(AHEAD, DRAWS, 1, place) for place in range(max(COUNTS) + 1)])
    shares = np.zeros((len(starts), len(COUNTS), len(correlations)))
    for start, origin in enumerate(starts):
        scaled = values / values[:, origin - 1 : origin]
        chosen = [
            rng.choice(large[rng.integers(len(large))], count, replace=False)
            for count in COUNTS
            for large in [[rows for rows in wholes if len(rows) >= count]]
            for _ in range(trials)
        ]
        used = np.unique(np.concatenate(chosen))
        joint = consensus(scaled[used, origin - points : origin], AHEAD, SPREAD_LEVELS)
        made = dict(zip(used.tolist(), map(spread, joint.point, joint.lower, joint.upper), strict=True))
        for rows in chosen:
            for place, correlation in enumerate(correlations):
                mixed = np.sqrt(correlation) * own[-1] + np.sqrt(1 - correlation) * own[: len(rows)]
                drawn = sum(made[int(row)].at(mixed[member]) for member, row in enumerate(rows))
                ends = tuple(np.quantile(drawn, [0.1, 0.9], axis=0))
                share = holds(ends, scaled[rows, origin : origin + AHEAD].sum(axis=0))
                shares[start, COUNTS.index(len(rows)), place] += share / trials
    return shares


def origins(values: np.ndarray, points: int) -> list[int]:
    """Where histories of so many points end."""
    last = values.shape[1] - AHEAD
    return sorted(set(np.linspace(points, last, ORIGINS).astype(int).tolist())) if last >= points else []


def of_wholes(column: np.ndarray, values: np.ndarray, points: int) -> tuple[np.ndarray, np.ndarray]:
    """What wholes of parts with one label hold, and their interval scores of logarithms.

    Both of two values: without the bound of their leaves and with it.
    """
    large = [rows for label in np.unique(column) if len(rows := np.flatnonzero(column == label)) > 1]
    tree, _ = from_ids([f"{place} / {row}" for place, rows in enumerate(large) for row in rows])
    rows = np.concatenate(large)[tree.series]
    wholes = ~tree.leaves & ((tree.parents >= 0) | (len(large) == 1))
    shares, scores = [], []
    for origin in origins(values, points):
        past, ahead = values[rows, origin - points : origin], values[rows, origin : origin + AHEAD]
        past, actual = (tree.totals(np.where(tree.leaves[:, None], side, 0.0)) for side in (past, ahead))
        own = consensus(past, AHEAD, (80,))
        lower, upper = own.lower[:, 0], own.upper[:, 0]
        factor = factors(tree, upper - lower, loose(np.array([points]))[:, None])
        bounds = [(lower, upper), [side[0] for side in narrowed(own.point, lower[None], upper[None], factor)]]
        missed = [np.maximum(np.maximum(low / actual, actual / high), 1.0)[wholes] for low, high in bounds]
        widths = [np.log(high / low)[wholes] for low, high in bounds]
        shares.append([100 * np.mean(one == 1) for one in missed])
        scores.append([np.mean(width + 10 * np.log(one)) for width, one in zip(widths, missed, strict=True)])
    return np.mean(shares, axis=0), np.mean(scores, axis=0)


def panels(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Labels of shape (part, 2) and values of shape (part, year) of each panel of a file."""
    import pyarrow.parquet as pq

    found: dict[str, dict[tuple[str, str], list[float]]] = {}
    columns = (pq.read_table(path)[name].to_pylist() for name in ("panel", "first", "second", "value"))
    for name, first, second, value in zip(*columns, strict=True):
        found.setdefault(name, {}).setdefault((first, second), []).append(value)
    return {name: (np.array([*one]), np.array([*one.values()])) for name, one in found.items()}


def table_of_wholes(known: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[str]:
    """What wholes hold, by panel and points, those that chose nothing last."""
    lines = ["## Wholes, without and with the bound of their leaves", ""]
    lines += [f"| panel | {' | '.join(f'{points} points' for points in WHOLES)} |", f"| --- |{' ---: |' * len(WHOLES)}"]
    for title, chosen in (("chose", False), ("sealed", True)):
        found: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {points: [] for points in WHOLES}
        for name, (labels, values) in known.items():
            if (name in SEALED) is not chosen:
                continue
            columns = [labels[:, 0], labels[:, 1], np.zeros(len(labels))]
            if name == "penn_world_table":  # variables of a country are no parts of it
                columns = columns[1:2]
            cells = []
            for points in WHOLES:
                kept = [column for column in columns if max(np.unique(column, return_counts=True)[1]) > 1]
                if not origins(values, points):
                    cells.append("")
                    continue
                shares, scores = zip(*(of_wholes(column, values, points) for column in kept), strict=True)
                found[points].append((np.mean(shares, axis=0), np.mean(np.log(scores), axis=0)))
                cells.append(" -> ".join(f"{share:.0f}" for share in found[points][-1][0]))
            lines.append(f"| {name} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
        means = [np.mean(found[points], axis=0) for points in WHOLES]
        lines.append(f"| **mean, {title}** | {' | '.join(f'{held[0]:.1f} -> {held[1]:.1f}' for held, _ in means)} |")
        gains = [f"{100 * np.expm1(score[1] - score[0]):+.1f} %" for _, score in means]
        lines.append(f"| interval score, {title} | {' | '.join(gains)} |")
    return [*lines, ""]


def best(shares: list[np.ndarray], choices: tuple[float, ...]) -> int:
    """The choice whose shares come closest to 80, on average."""
    assert len(shares[0]) == len(choices)
    return int(np.abs(np.array(shares) - 80).mean(axis=0).argmin())


def table(title: str, rows: dict[tuple[str, ...], np.ndarray], choices: tuple[float, ...], kept: set[str]) -> list[str]:
    """A table of shares, with the choice of the other sets for each set and what it holds there."""
    lines = [f"## {title}", "", f"| set | | points | {' | '.join(f'{choice:g}' for choice in choices)} |"]
    lines.append(f"| --- | --- | ---: |{' ---: |' * len(choices)}")
    lines += [f"| {' | '.join(key)} | {' | '.join(f'{share:.0f}' for share in row)} |" for key, row in rows.items()]
    judged = {key: row for key, row in rows.items() if key[1] in kept}
    lines += ["", "| left out | choice of the others | gap to 80, at 0 | of that choice | mean share |"]
    lines.append("| --- | ---: | ---: | ---: | ---: |")
    for name in SETS:
        others = [row for key, row in judged.items() if key[0] != name]
        own = np.array([row for key, row in judged.items() if key[0] == name])
        at = best(others, choices)
        gap = np.abs(own - 80).mean(axis=0)
        lines.append(f"| {name} | {choices[at]:g} | {gap[0]:.1f} | {gap[at]:.1f} | {own[:, at].mean():.0f} |")
    at, every = best([*judged.values()], choices), np.array([*judged.values()])
    lines += [
        "",
        f"All sets: {choices[at]:g}; mean share {every[:, at].mean():.1f}, {every[:, 0].mean():.1f} at 0.",
        "",
    ]
    return lines


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    parser.add_argument("--panels", type=Path, help="a file of further panels")
    given = parser.parse_args()
    folder = given.benchmarks
    rng = np.random.default_rng(1)
    of_sums: dict[tuple[str, ...], np.ndarray] = {}
    every: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    further = panels(given.panels) if given.panels else {}
    for name in SETS:
        known = parts(folder, name)
        values = np.array([*known.values()])
        every[name] = np.array([*known]), values
        wholes = groups([*known])
        for points in POINTS:
            if not origins(values, points):
                continue
            shares = held(values, wholes, points, origins(values, points), CORRELATIONS, TRIALS, rng).mean(axis=0)
            for count, row in zip(COUNTS, shares, strict=True):
                of_sums[name, f"{count} parts" if count > 1 else "1 part", str(points)] = row
            print(name, points, flush=True)
    lines = [
        "# What sums of parts hold",
        "",
        "Share of outcomes, in percent, within 80 % intervals, one to four years ahead, over up to 12 forecast origins",
        "of the training parts. Written by `python -m training.siblings`.",
        "",
    ]
    lines += table("Sums of a few parts, by their correlation", of_sums, CORRELATIONS, {"2 parts", "4 parts"})
    lines += table_of_wholes(every | further)
    (Path(__file__).parent.parent / "benchmarks" / "siblings.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
