# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow"]
# ///
"""What sums of parts hold, and two numbers learned from it: `python -m training.siblings --benchmarks FOLDER`.

Over forecast origins of the training parts of four sets (and US income, whose last four years are left out), the share
of outcomes within 80 % intervals of single parts, of sums of two and four parts by their correlation
(`forecasting/distribution.siblings`), and of wholes forecast for themselves by how much they are narrowed
(`panels/reconcile.GAIN`). Each choice is the one whose shares come closest to 80; the choice without a set is judged on
that set. Writes `benchmarks/siblings.md`.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
from pathlib import Path

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, scores, spread
from rural_forecast.panels.reconcile import factors
from training.corpus import read

AHEAD, DRAWS, TRIALS = 4, 500, 20
POINTS = (3, 5, 8, 20)
COUNTS = (1, 2, 4)
ORIGINS = 12
"""Forecast origins of each set and length, evenly over its years."""
CORRELATIONS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)
GAINS = tuple(np.arange(0, 1.3, 0.1).round(1).tolist())
LEVEL = SPREAD_LEVELS.index(80)
SECTORS = {3, 6, 10, 11, 12, 34, 35, 36, 45, 51, 56, 60, 64, 65, 69, 70, 76, 79, 82, 83}
"""Lines of state product that add up to all industries."""
INCOME = {"46", "47", "50", "60", "72"}
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


def narrowed(values: np.ndarray, summing: np.ndarray, points: int) -> np.ndarray:
    """Shares that wholes forecast for themselves hold, by how much they are narrowed."""
    inside = []
    for origin in origins(values, points):
        past, actual = summing @ values[:, origin - points : origin], summing @ values[:, origin : origin + AHEAD]
        last = values[:, origin - 1]
        breadth = (summing @ last) ** 2 / (summing @ last**2)
        joint = consensus(past, AHEAD, SPREAD_LEVELS)
        sides = joint.lower[:, LEVEL] / joint.point, joint.upper[:, LEVEL] / joint.point
        row = []
        for gain in GAINS:
            factor = factors(breadth, np.full(len(past), points), gain)[:, None]
            row.append(holds((sides[0] ** factor, sides[1] ** factor), actual / joint.point))
        inside.append(row)
    return np.mean(inside, axis=0)


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
    folder = parser.parse_args().benchmarks
    rng = np.random.default_rng(1)
    of_sums: dict[tuple[str, ...], np.ndarray] = {}
    of_wholes: dict[tuple[str, ...], np.ndarray] = {}
    for name in SETS:
        known = parts(folder, name)
        labels, values = np.array([*known]), np.array([*known.values()])
        wholes = groups([*known])
        for points in POINTS:
            if not origins(values, points):
                continue
            by_label = [labels[:, column] for column in (0, 1)]
            if points < max(POINTS):
                shares = held(values, wholes, points, origins(values, points), CORRELATIONS, TRIALS, rng).mean(axis=0)
                for count, row in zip(COUNTS, shares, strict=True):
                    of_sums[name, f"{count} parts" if count > 1 else "1 part", str(points)] = row
            for column, title in zip((*by_label, np.zeros(len(labels))), ("first label", "second", "all"), strict=True):
                if name == "penn_world_table" and title != "second":  # variables of a country are no parts of it
                    continue
                summing = (column == np.unique(column)[:, None]).astype(float)
                of_wholes[name, title, str(points)] = narrowed(values, summing, points)
            print(name, points, flush=True)
    lines = [
        "# What sums of parts hold",
        "",
        "Share of outcomes, in percent, within 80 % intervals, one to four years ahead, over up to 12 forecast origins",
        "of the training parts. Written by `python -m training.siblings`.",
        "",
    ]
    lines += table("Sums of a few parts, by their correlation", of_sums, CORRELATIONS, {"2 parts", "4 parts"})
    lines += table("Wholes, by how much they are narrowed", of_wholes, GAINS, {"first label", "second", "all"})
    (Path(__file__).parent.parent / "benchmarks" / "siblings.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
