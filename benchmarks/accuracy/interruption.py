"""What `--interrupt` does to forecasts made in and after 2009, on training parts of dated sets.

    python benchmarks/accuracy/interruption.py ../shared/benchmarks > benchmarks/accuracy/interruption.md

Series whose growth in 2009 fell short of its median by three mean absolute deviations or more are forecast from 2009
(the interruption is the last year) and from 2010 (it is not), as they are and with the interruption.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.interruption import consensus_across, without

SETS = ("us_state_gdp", "penn_world_table", "us_state_pce", "gapminder_levels")
SHOCK, AHEAD, MOST = 2009, 3, 1500
SMALLEST = 0.005


def main(folder: Path) -> None:
    """Print the table."""
    known = list(_series(folder))
    print("# Interruptions\n")
    print("Mean absolute error in logs 1, 2 and 3 years ahead, and how often the 80 % interval holds.\n")
    print("| origin | points | series | error as it is | with `--interrupt 2009` | holds as it is | with it |")
    print("| ---: | ---: | ---: | --- | --- | ---: | ---: |")
    for origin in (2009, 2010):
        for points in (5, 10):
            values = _windows(known, origin, points)
            past, future = values[:, :points], values[:, points:]
            place = points - 1 - (origin - SHOCK)
            stated = consensus_across(without(past, [place]), past, AHEAD, (80,), None)
            cells = [_score(consensus(past, AHEAD, (80,), None), future), _score(stated, future)]
            errors = (" / ".join(f"{error:.3f}" for error in cell[0]) for cell in cells)
            holds = (f"{100 * cell[1]:.0f} %" for cell in cells)
            print(f"| {origin} | {points} | {len(past):,} | {' | '.join(errors)} | {' | '.join(holds)} |")


def _series(folder: Path) -> Iterator[dict[int, float]]:
    for name in SETS:
        frame = pd.read_parquet(folder / f"{name}.parquet")
        for _, rows in frame[frame["split"] == "train"].groupby("series_id", sort=False):
            yield dict(zip(rows["period"].tolist(), rows["value"].tolist(), strict=True))


def _windows(known: list[dict[int, float]], origin: int, points: int) -> np.ndarray:
    years = range(origin - points + 1, origin + AHEAD + 1)
    values = np.array(
        [[series[year] for year in years] for series in known if all(series.get(y, 0) > 0 for y in years)]
    )
    changes = np.diff(np.log(values[:, :points]), axis=1)
    place = points - 2 - (origin - SHOCK)
    before = changes[:, :place]
    usual = np.median(before, axis=1)
    spread = np.abs(before - usual[:, None]).mean(axis=1) + SMALLEST
    hit = values[(changes[:, place] - usual) / spread < -3]
    return hit[np.random.default_rng(1).permutation(len(hit))[:MOST]]


def _score(answer: Consensus, future: np.ndarray) -> tuple[np.ndarray, float]:
    holds = (answer.lower[:, 0] <= future) & (future <= answer.upper[:, 0])
    return np.abs(np.log(answer.point / future)).mean(axis=0), float(holds.mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
