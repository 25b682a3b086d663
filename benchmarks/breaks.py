# /// script
# requires-python = ">=3.11"
# dependencies = ["numpy", "pandas", "pyarrow", "rural-forecast"]
#
# [tool.uv.sources]
# rural-forecast = { path = "..", editable = true }
# ///
"""Measure what growth across a break brings.

    uv run --script benchmarks/breaks.py --benchmarks FOLDER

Windows of the training parts get a false break so many points before their end: the level changes,
growth does not. Each is forecast six years ahead from the points after the break alone, from a
history that growth links across it, and without a break. Errors are mean absolute log errors over
those of the last value, the score is that of 80 % ranges of logs (less is better); each domain
counts the same. Trees whose parts have breaks are in `broken_trees.py`. Writes `breaks.md`.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pyarrow.parquet as pq
from broken_trees import report as report_trees

from rural_forecast.forecasting.answers import answers
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.observed.breaks import Bases

HERE = Path(__file__).parent
SETS = (
    "us_state_pce",
    "us_state_gdp",
    "au_retail",
    "gapminder_adoption",
    "gapminder_levels",
    "penn_world_table",
    "energy_adoption",
    "m4_yearly_train",
)
GROUPS = {
    "us_state_pce": "consumption",
    "au_retail": "consumption",
    "gapminder_adoption": "adoption",
    "m4_yearly_train": "M4",
}
HORIZON = 6
SHORTEST = 12  # points of a window, at least
LONGEST = 30
MOST_OF_DOMAIN = 400
AFTER = range(1, 9)
ORIGIN = 2000  # the last year of every window
NEW_BASIS = 0.6  # size of levels after a break, of those before
TINY = 1e-9
SURVEY = (2, 4, 5, 9, 10)  # years before a break that are missing, as of rural internet users


class Window(NamedTuple):
    """Values up to an origin, and what came."""

    domain: str
    group: str
    values: np.ndarray
    actual: np.ndarray


class Scores(NamedTuple):
    """Error over that of the last value, score of ranges, and the share that held in percent."""

    error: float
    score: float
    held: float

    def __str__(self) -> str:
        return f"{self.error:.3f} | {self.score:.3f} | {self.held:.0f}"


def windows(folder: Path) -> list[Window]:
    """Cut one window from each series, at an origin that its name chooses."""
    by_domain: dict[str, list[Window]] = {}
    for name in SETS:
        table = pq.read_table(folder / f"{name}.parquet").to_pydict()
        rows = len(table["value"])
        parts = table.get("split") or ["train"] * rows
        kinds = table.get("kind") or [""] * rows
        series: dict[tuple[str, str], list[float]] = {}
        for row in range(rows):
            if parts[row] == "train":
                key = kinds[row], table["series_id"][row]
                series.setdefault(key, []).append(table["value"][row])
        for (kind, series_id), values in series.items():
            if len(values) < SHORTEST + HORIZON:
                continue
            room = len(values) - HORIZON - SHORTEST + 1
            origin = SHORTEST + crc32(series_id.encode()) % room
            window = Window(
                f"{name}/{kind}",
                GROUPS.get(name, kind),
                np.array(values[max(origin - LONGEST, 0) : origin]),
                np.array(values[origin : origin + HORIZON]),
            )
            by_domain.setdefault(window.domain, []).append(window)
    chosen = []
    draw = np.random.default_rng(4)
    for of_domain in by_domain.values():
        order = draw.permutation(len(of_domain))[:MOST_OF_DOMAIN]
        chosen += [of_domain[index] for index in order]
    return chosen


def broken(window: Window, after: Sequence[int], missing: Collection[int] = ()) -> Bases:
    """Break a window so many points before its end; some years before the last break are missing.

    They are counted back from the break: 1 is the year before it.
    """
    values = window.values.copy()
    first = ORIGIN - len(values) + 1
    for points in after:
        values[:-points] /= NEW_BASIS
    levels = dict(enumerate(values.tolist(), first))
    for years in missing:
        levels.pop(ORIGIN - after[0] + 1 - years, None)
    breaks = tuple(sorted(ORIGIN - points + 1 for points in after))
    return Bases(levels, breaks, {})


def panel_of(values: Sequence[np.ndarray], bases: Sequence[Bases] = ()) -> Panel:
    """Make a panel of histories that end in one year."""
    ids = [str(index) for index in range(len(values))]
    return Panel(
        ids=ids,
        offsets=np.concatenate([[0], np.cumsum([len(history) for history in values])]),
        values=np.concatenate(values),
        origins=np.full(len(values), ORIGIN),
        units=[""] * len(values),
        bases=dict(zip(ids, bases, strict=False)),
    )


def scored(chosen: Sequence[Window], panel: Panel) -> dict[str, Scores]:
    """Forecast a panel and score it, by domain."""
    given = answers(panel, Request(HORIZON, levels=(80,)))
    points, lower, upper = (
        np.log(np.maximum(side, TINY))
        for side in (given.points[:, 0], given.lower[0, :, 0], given.upper[0, :, 0])
    )
    actual = np.log(np.array([window.actual for window in chosen]))
    last = np.log(np.array([window.values[-1] for window in chosen]))[:, None]
    error = np.abs(actual - points).mean(axis=1)
    naive = np.abs(actual - last).mean(axis=1)
    outside = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
    score = (upper - lower + 10 * outside).mean(axis=1)
    held = (outside == 0).mean(axis=1)
    domains = np.array([window.domain for window in chosen])
    result = {}
    for domain in dict.fromkeys(domains.tolist()):
        own = domains == domain
        result[domain] = Scores(
            error[own].sum() / naive[own].sum(), score[own].mean(), 100 * held[own].mean()
        )
    return result


def mean(by_domain: dict[str, Scores], domains: set[str] | None = None) -> Scores:
    """Average the scores of domains, each with one weight."""
    chosen = [own for domain, own in by_domain.items() if domains is None or domain in domains]
    return Scores(*np.mean(chosen, axis=0).tolist())


def report(chosen: Sequence[Window]) -> Iterator[str]:
    """Write the tables."""
    whole = scored(chosen, panel_of([window.values for window in chosen]))
    yield "## Points after a break\n"
    yield "| points | alone: error | score | held | linked: error | score | held |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    by_points = {}
    for after in AFTER:
        values = [window.values[-after:] for window in chosen]
        bases = [broken(window, [after]) for window in chosen]
        alone = scored(chosen, panel_of(values))
        linked = scored(chosen, panel_of(values, bases))
        by_points[after] = alone, linked
        yield f"| {after} | {mean(alone)} | {mean(linked)} |"
    yield f"| no break | {mean(whole)} | {mean(whole)} |"

    yield "\n## Two breaks, and missing years beside one\n"
    yield "| case | alone: error | score | held | linked: error | score | held |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    cases = {
        "breaks 2 and 5 points before the end": ([2, 5], []),
        "breaks 3 and 4 points before the end": ([3, 4], []),
        "breaks 4 and 8 points before the end": ([4, 8], []),
        "2 points, one year missing": ([2], [1]),
        "2 points, two years missing": ([2], [1, 2]),
        "3 points, two years missing": ([3], [1, 2]),
        "1 point, one year missing": ([1], [1]),
        "2 points, one behind another missing": ([2], [2]),
        "2 points, two behind another missing": ([2], [2, 3]),
        "3 points, a survey with gaps": ([3], SURVEY),
    }
    for name, (after_each, missing) in cases.items():
        values = [window.values[-after_each[0] :] for window in chosen]
        bases = [broken(window, after_each, missing) for window in chosen]
        linked = scored(chosen, panel_of(values, bases))
        yield f"| {name} | {mean(by_points[after_each[0]][0])} | {mean(linked)} |"

    yield "\n## By kind of market, error\n"
    yield "| kind | windows | no break | 1: alone | linked | 2: alone | linked | 4: alone | linked |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for group in sorted({window.group for window in chosen}):
        domains = {window.domain for window in chosen if window.group == group}
        count = sum(window.group == group for window in chosen)
        cells = [f"{mean(whole, domains).error:.3f}"]
        for after in (1, 2, 4):
            cells += [f"{mean(side, domains).error:.3f}" for side in by_points[after]]
        yield f"| {group} | {count:,} | {' | '.join(cells)} |"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the sets")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "breaks.md")
    options = parser.parse_args()
    chosen = windows(options.benchmarks)
    domains = len({window.domain for window in chosen})
    intro = (__doc__ or "").split("\n\n")[2].replace("\n", " ").strip()
    lines = [
        "# What growth across a break brings\n",
        f"{intro}\n",
        f"{len(chosen):,} windows of {domains} domains.\n",
        *report(chosen),
        *report_trees(options.benchmarks),
    ]
    options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
