# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measure what months of some nodes of a tree do to the nodes of which only whole years are known.

    uv run --script benchmarks/trees_under_way.py --benchmarks FOLDER

Trees are US income by state and source, and Australian retail by state and industry, of four to
eight parts. The total is their sum. Of `half` of the parts, or of the `total`, two quarters of the
year after the last whole one are known. Each tree is forecast with these quarters and without.
Writes `trees_under_way.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pandas as pd

from rural_forecast.errors import RuralForecastError
from rural_forecast.panels.panel import PanelForecast, panel

HERE = Path(__file__).parent
INCOME = ("46", "47", "50", "60", "72")
"""Lines of personal income that are parts of it."""
PARTS = 8  # of a tree, at most
FEWEST = 4
HORIZON = 3
POINTS = (4, 7, 12)
KNOWN = 2  # quarters of the year under way
FIRST = 2000
"""The year that the first year of a tree is called."""
CASES = {
    "half": "two quarters of half of the parts",
    "half, with a total": "two quarters of half of the parts, and a total of whole years",
    "half, total a year short": "the same, the total ending a year before its parts",
    "total": "two quarters of the total",
}


_HEAD = (
    "| node | year | n | error, without | with | interval score, without | with "
    "| 80 % held, without | with |"
)


class Amounts(NamedTuple):
    """The parts of one tree; `quarters` has shape (part, year, quarter)."""

    collection: str
    quarters: np.ndarray


class Outcome(NamedTuple):
    """One forecast of one node in one year, and what came."""

    collection: str
    case: str
    node: str  # total, known or unknown
    step: int
    is_used: bool  # the quarters of the year under way
    actual: float
    value: float
    lower: float
    upper: float


def trees(folder: Path) -> Iterator[Amounts]:
    """Group the series of the sets to trees, by state and by what they are."""
    for collection, file in (
        ("US income", "us_state_income_quarterly"),
        ("Australian retail", "au_retail_monthly"),
    ):
        data = pd.read_parquet(folder / f"{file}.parquet")
        if "month" in data:
            data["quarter"] = (data["month"] + 2) // 3
            whole = data.groupby(["series_id", "year", "quarter"])["value"].transform("size") == 3
            data = data[whole]
        labels = data["series_id"].str.split("|", expand=True)
        data["state"] = labels[0]
        data["line"] = labels[1]
        is_part = data["line"].isin(INCOME) if collection == "US income" else data["year"] > 0
        data = data[is_part & (data["state"] != "US")]
        for key in ("state", "line"):
            for _, rows in data.groupby(key, sort=False):
                yield from _trees_of(collection, rows)


def _trees_of(collection: str, rows: pd.DataFrame) -> Iterator[Amounts]:
    """Yield trees of parts of which the same years are known."""
    table = rows.pivot_table(index="series_id", columns=["year", "quarter"], values="value")
    years = [year for year, one in table.T.groupby(level="year") if len(one) == 4]
    quarters = table[years].to_numpy().reshape(len(table), len(years), 4)
    for first in range(0, len(quarters), PARTS):
        group = quarters[first : first + PARTS]
        known = np.isfinite(group).all(axis=(1, 2)) & (np.nan_to_num(group).min(axis=(1, 2)) > 0)
        if known.sum() >= FEWEST:
            yield Amounts(collection, group[known])


def trials(tree: Amounts, number: int, origins: int) -> Iterator[Outcome]:
    """Forecast a tree from its last origins, in every case."""
    draw = np.random.default_rng(number)
    _, years, _ = tree.quarters.shape
    for back in range(origins):
        origin = years - HORIZON - 4 * back
        points = POINTS[(number + back) % len(POINTS)]
        if origin < points:
            return
        window = Amounts(tree.collection, tree.quarters[:, origin - points : origin + HORIZON])
        for case in CASES:
            yield from _trial(window, points, case, draw)


def _trial(tree: Amounts, points: int, case: str, draw: np.random.Generator) -> Iterator[Outcome]:
    parts = len(tree.quarters)
    is_known = np.zeros(parts, dtype=bool)
    if case != "total":
        is_known[draw.permutation(parts)[: parts // 2]] = True
    quarters = {f"part {index}": values for index, values in enumerate(tree.quarters)}
    by_quarter = [f"part {index}" for index in np.flatnonzero(is_known).tolist()]
    given = dict(quarters)
    total = tree.quarters.sum(axis=0)
    if case != "half":
        given["total"] = total
    if case == "total":
        by_quarter = ["total"]
    short = {"total": 1} if case.endswith("short") else {}
    results = {}
    for is_used in (False, True):
        try:
            results[is_used] = _forecast(given, by_quarter if is_used else [], short, points)
        except RuralForecastError:
            return
    if not results[True].running:
        return
    names = results[True].tree.names
    for is_used, result in results.items():
        values = result.values  # noqa: PD011 - an array of ours
        for row, name in enumerate(names):
            leaf = name.rpartition(" / ")[2]
            amounts = quarters.get(leaf, total)
            node = "known" if leaf in by_quarter else "unknown"
            for step in range(HORIZON):
                yield Outcome(
                    tree.collection,
                    case,
                    "total" if leaf not in quarters else node,
                    step + 1,
                    is_used,
                    float(amounts[points + step].sum()),
                    float(values[row, step]),
                    float(result.lower[0, row, step]),
                    float(result.upper[0, row, step]),
                )


def _forecast(
    given: dict[str, np.ndarray], by_quarter: Sequence[str], short: dict[str, int], points: int
) -> PanelForecast:
    """Forecast the nodes whose quarters are given; others have whole years alone."""
    rows = []
    for name, amounts in given.items():
        for year in range(points - short.get(name, 0)):
            if name in by_quarter:
                rows += _quarters(name, year, amounts[year])
            else:
                rows.append((name, str(FIRST + year), float(amounts[year].sum()), "flow"))
        if name in by_quarter:
            rows += _quarters(name, points, amounts[points, :KNOWN])
    frame = pd.DataFrame(rows, columns=["id", "period", "value", "measure"])
    return panel(frame, year=FIRST + points + HORIZON - 1, levels=(80,))


def _quarters(name: str, year: int, amounts: np.ndarray) -> list[tuple[str, str, float, str]]:
    return [
        (name, f"{FIRST + year}Q{quarter}", float(value), "flow")
        for quarter, value in enumerate(amounts, 1)
    ]


def scored(rows: Sequence[Outcome]) -> tuple[float, float, float]:
    """Mean error and interval score, in percent of what came, and percent held, of 80 %."""
    actual = np.array([row.actual for row in rows])
    value = np.array([row.value for row in rows])
    lower = np.array([row.lower for row in rows])
    upper = np.array([row.upper for row in rows])
    held = (lower <= actual) & (actual <= upper)
    missed = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
    score = (upper - lower + 10 * missed) / actual
    return 100 * np.abs(value / actual - 1).mean(), 100 * score.mean(), 100 * held.mean()


def page(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "# The year under way of a tree",
        "",
        "What quarters of some nodes bring to all nodes, one to three years ahead. Errors and",
        "interval scores are in percent of what came. Written by `trees_under_way.py`.",
        "",
    ]
    for case, says in CASES.items():
        lines += [
            f"## Known: {says}",
            "",
            _HEAD,
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for node in ("total", "known", "unknown"):
            for step in range(1, HORIZON + 1):
                rows = [
                    row for row in outcomes if (row.case, row.node, row.step) == (case, node, step)
                ]
                if rows:
                    lines.append(_line(node, step, rows))
        lines.append("")
    return "\n".join(lines)


def _line(node: str, step: int, rows: Sequence[Outcome]) -> str:
    without = scored([row for row in rows if not row.is_used])
    used = scored([row for row in rows if row.is_used])
    cells = [f"{len(rows) // 2:,}"]
    for digits, before, after in zip((1, 1, 0), without, used, strict=True):
        cells += [f"{before:.{digits}f}", f"{after:.{digits}f}"]
    return f"| {node} | {step} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of Parquet files")
    parser.add_argument("--origins", type=int, default=4, help="origins of each tree")
    arguments = parser.parse_args()
    outcomes: list[Outcome] = []
    for number, tree in enumerate(trees(arguments.benchmarks)):
        outcomes += trials(tree, number, arguments.origins)
    text = page(outcomes)
    (HERE / "trees_under_way.md").write_text(text.rstrip() + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
