"""Coverage of the 80 % interval of one series and of sums of two and four, with drivers independent
and correlated.

    python -m benchmarks.size_drivers --benchmarks FOLDER

Drivers are series of one group (industries of a state, states of an industry, and so on), as in
`training/siblings.py`, here with the years that nothing was learned from as one more forecast
origin. Writes `size_drivers.md` next to this file.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import SPREAD_LEVELS, scores, siblings, spread
from training.corpus import HELD_OUT
from training.siblings import AHEAD, origins, parts

HERE = Path(__file__).parent
LEARNED = round(siblings(3), 2)
CORRELATIONS = (0.0, LEARNED)
POINTS = (3, 5, 8)
COUNTS = (1, 2, 4)
DRAWS = 500
TRIALS = 40
SETS = {
    "us_state_gdp": "US product by state and industry",
    "penn_world_table": "Penn World Table by country and variable",
    "us_state_pce": "US consumption by state and product",
    "au_retail": "Australian retail by state and industry",
}
HEADS = (
    "drivers",
    "series",
    "independent",
    f"correlated at {LEARNED:g}",
    "at one origin",
    "test years",
)


def groups(keys: list[tuple[str, str]]) -> list[np.ndarray]:
    """Places of the parts that share a label."""
    labels = np.array(keys)
    return [np.flatnonzero(column == label) for column in labels.T for label in np.unique(column)]


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
    """Shares of shape (origin, count, correlation) that sums of a few parts hold, parts counting
    alike.
    """
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
        made = dict(
            zip(used.tolist(), map(spread, joint.point, joint.lower, joint.upper), strict=True)
        )
        for rows in chosen:
            for place, correlation in enumerate(correlations):
                mixed = np.sqrt(correlation) * own[-1] + np.sqrt(1 - correlation) * own[: len(rows)]
                drawn = sum(
                    made[int(row)].values_at(mixed[member]) for member, row in enumerate(rows)
                )
                ends = tuple(np.quantile(drawn, [0.1, 0.9], axis=0))
                share = holds(ends, scaled[rows, origin : origin + AHEAD].sum(axis=0))
                shares[start, COUNTS.index(len(rows)), place] += share / trials
    return shares


def measured(folder: Path, name: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Shares of shape (case, count, correlation) that origins of the training part hold, and the
    test years.
    """
    known = parts(folder, name, "train")
    test = parts(folder, name, "test")
    keys = [key for key in known if key in test and len(test[key]) >= AHEAD]
    past = np.array([known[key] for key in keys])
    values = np.concatenate([past, np.array([test[key][:AHEAD] for key in keys])], axis=1)
    wholes = groups(keys)
    earlier = [
        held(values, wholes, points, origins(past, points), CORRELATIONS, TRIALS, rng)
        for points in POINTS
    ]
    last = [
        held(values, wholes, points, [past.shape[1]], CORRELATIONS, 10 * TRIALS, rng)
        for points in POINTS
    ]
    return np.concatenate(earlier), np.concatenate(last)


def rows(title: str, earlier: np.ndarray, last: np.ndarray) -> list[str]:
    """Lines of the table, one for each number of series; shares at one origin are those of the
    correlated drivers.
    """
    lines = []
    for at, count in enumerate(COUNTS):
        alone, joint = earlier[:, at].mean(axis=0)
        low, high = np.quantile(earlier[:, at, 1], [0.1, 0.9])
        cells = (
            f"{alone:.1f}",
            f"{joint:.1f}",
            f"{low:.0f} to {high:.0f}",
            f"{last[:, at, 1].mean():.1f}",
        )
        lines.append(f"| {title} | {count} | {' | '.join(cells)} |")
    return lines


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the panels")
    folder = parser.parse_args().benchmarks
    rng = np.random.default_rng(1)
    found = {}
    table = [f"| {' | '.join(HEADS)} |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, title in SETS.items():
        found[name] = measured(folder, name, rng)
        table += rows(title, *found[name])
        print("\n".join(table[-len(COUNTS) :]), flush=True)
    unseen = [found[name] for name in SETS if name in HELD_OUT]
    for title, chosen in (
        ("**the two that no network learned from**", unseen),
        ("**all**", [*found.values()]),
    ):
        table += rows(title, *(np.concatenate(part) for part in zip(*chosen, strict=True)))
    print("\n".join(table[-2 * len(COUNTS) :]))
    lines = [
        "# What the interval of a sum of series holds",
        "",
        "Share of outcomes, in percent, within the 80 % interval of one series and of sums of two and four series of",
        "one group, one to four years ahead, from the last 3, 5 and 8 points. The first two columns are over up to 12",
        "forecast origins in each panel; `size` takes drivers as independent unless a correlation is stated.",
        "",
        "All series of a panel see the same years, so one origin says little: the middle 80 % of origins range as",
        "shown, for correlated drivers. The test years, which nothing was learned from, are one more origin, in a calm",
        "stretch: single series hold more than 80 % there, and so do their sums. Written by",
        "`python -m benchmarks.size_drivers`.",
        "",
        *table,
    ]
    (HERE / "size_drivers.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
