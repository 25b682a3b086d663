# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""What `--interrupt` does to forecasts made in and after 2009 and 2020, and how series recovered.

    uv run --script benchmarks/accuracy/interruption.py ../shared/benchmarks > benchmarks/accuracy/interruption.md

Series whose growth in the year of the shock fell short of its median by three mean absolute deviations or more are
forecast from that year (the interruption is the last year) and from the year after (it is not), as they are and with
the interruption. The networks learned from none of these sets but US consumption, of which the years to 2016.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.interruption import consensus_across, without

SETS = ("us_state_gdp", "penn_world_table", "us_state_pce", "gapminder_levels", "energy_adoption")
SHOCKS = {2009: 3, 2020: 2}
"""Years of common shocks, and how many later years are scored."""
MOST = 1500
SMALLEST = 0.005


def main(folder: Path) -> None:
    """Print both tables."""
    known = list(_series(folder))
    print("# Interruptions\n")
    print("Written by `interruption.py`. Series that a year hit hard: their growth fell short of the median of the")
    print("years before by three mean absolute deviations or more.\n")
    print("## Forecasts with and without `--interrupt`\n")
    print("Mean absolute error in logs 1, 2 and 3 years ahead (2 from 2020), and how often the 80 % interval holds.\n")
    print("| shock | origin | points | series | error as it is | with `--interrupt` | holds as it is | with it |")
    print("| ---: | ---: | ---: | ---: | --- | --- | ---: | ---: |")
    for shock, ahead in SHOCKS.items():
        for origin in (shock, shock + 1):
            for points in (5, 10):
                values = _windows(known, shock, origin, points, ahead)
                past, future = values[:, :points], values[:, points:]
                place = points - 1 - (origin - shock)
                stated = consensus_across(without(past, [place]), past, ahead, (80,), None)
                cells = [_score(consensus(past, ahead, (80,), None), future), _score(stated, future)]
                errors = (" / ".join(f"{error:.3f}" for error in cell[0]) for cell in cells)
                holds = (f"{100 * cell[1]:.0f} %" for cell in cells)
                print(f"| {shock} | {origin} | {points} | {len(past):,} | {' | '.join(errors)} | {' | '.join(holds)} |")
    print("\n## How they recovered\n")
    print("Share of the shortfall against usual growth (the median of nine years) that was made good, in percent.\n")
    print("| shock | series | years later | lower quarter | median | upper quarter |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for shock, ahead in SHOCKS.items():
        values = np.log(_windows(known, shock, shock, 11, ahead))
        usual = np.median(np.diff(values[:, :10], axis=1), axis=1)
        shortfall = values[:, 9] + usual - values[:, 10]
        for years in range(1, ahead + 1):
            left = values[:, 9] + (years + 1) * usual - values[:, 10 + years]
            made_good = np.quantile(100 * (1 - left / shortfall), [0.25, 0.5, 0.75])
            print(f"| {shock} | {len(values):,} | {years} | {' | '.join(f'{share:.0f}' for share in made_good)} |")


def _series(folder: Path) -> Iterator[dict[int, float]]:
    for name in SETS:
        frame = pd.read_parquet(folder / f"{name}.parquet")
        for _, rows in frame.groupby("series_id", sort=False):
            yield dict(zip(rows["period"].tolist(), rows["value"].tolist(), strict=True))


def _windows(known: list[dict[int, float]], shock: int, origin: int, points: int, ahead: int) -> np.ndarray:
    """(series, points + ahead) values of those that were hit, `MOST` at most."""
    years = range(origin - points + 1, origin + ahead + 1)
    values = np.array(
        [[series[year] for year in years] for series in known if all(series.get(y, 0) > 0 for y in years)]
    )
    changes = np.diff(np.log(values[:, :points]), axis=1)
    place = points - 2 - (origin - shock)
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
