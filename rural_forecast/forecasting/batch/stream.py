"""Pieces of input to stretches that hold whole series, in bounded memory.

Input whose series are contiguous goes through once. Where an id comes back after another, the rows are first sorted
into buckets on disk, each a range of ids in order of first appearance; so the output is the same, and both ways hold no
more than a few stretches at once.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from pathlib import Path

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.alone import MOST_ROWS_OF_ONE
from rural_forecast.forecasting.batch.build import ids_of
from rural_forecast.models.base import Integers
from rural_forecast.series.reading.by_column import ByColumn
from rural_forecast.series.reading.judge import Stretch
from rural_forecast.series.reading.stretches import Source
from rural_forecast.system.atomic import temporary_folder

BUCKET_ROWS = 500_000


class ScatteredError(Exception):
    """The rows of a series are not contiguous."""


def whole_series(source: Source) -> Iterator[Stretch]:
    """Stretches of whole series, series in order of first appearance.

    Raises ScatteredError if an id came back after stretches were given already; start again with `gathered`.
    """
    seen = _Seen()
    carried: Stretch | None = None
    for current, later in pairwise(chain(source.stretches(), [None])):
        assert current is not None
        if later is None and carried is None:
            yield current  # all there is, in any order
            return
        stretch = current
        if carried is not None:
            stretch = current._replace(faults={**carried.faults, **current.faults}).on(carried.rows.then(current.rows))
        ids = ids_of(stretch)
        if (np.diff(ids.codes) < 0).any():
            raise ScatteredError
        if later is None:
            seen.add(ids.words)
            yield stretch
            return
        last = int(np.searchsorted(ids.codes, ids.codes[-1]))
        carried = stretch.on(stretch.rows.at(slice(last, last + MOST_ROWS_OF_ONE)).compact())
        seen.add(ids.words[:-1])
        if last:
            yield stretch.on(stretch.rows.at(slice(last)))


class _Seen:
    """Ids met so far, as hashes: eight bytes each. Two ids of one hash only cost the detour over disk."""

    def __init__(self) -> None:
        self._known: list[Integers] = []

    def add(self, words: Iterable[str]) -> None:
        """Take note of ids. Raises ScatteredError if one of them was met before."""
        new = np.fromiter(map(hash, words), dtype=np.int64)
        new.sort()
        for old in self._known:
            place = np.searchsorted(old, new)
            if (old[np.minimum(place, len(old) - 1)] == new).any():
                raise ScatteredError
        if len(new):
            self._known.append(new)
        if len(self._known) > 16:
            self._known = [np.sort(np.concatenate(self._known))]


def gathered(source: Source) -> Iterator[Stretch]:
    """Stretches of whole series from rows in any order; reads the input twice."""
    ranks: dict[str, int] = {}
    counts: list[int] = []
    for stretch in source.stretches():
        ids = ids_of(stretch)
        for word, count in zip(ids.words, np.bincount(ids.codes).tolist(), strict=True):
            place = ranks.setdefault(word, len(ranks))
            if place == len(counts):
                counts.append(0)
            counts[place] += count
    bucket = np.maximum(np.cumsum(counts) - 1, 0) // BUCKET_ROWS
    faults: dict[int, InputError] = {}
    with temporary_folder() as folder:
        for stretch in source.stretches():
            faults |= stretch.faults
            ids = ids_of(stretch)
            where = bucket[np.array([ranks[word] for word in ids.words], dtype=np.int64)][ids.codes]
            for number in np.unique(where).tolist():
                with (folder / str(number)).open("ab") as file:
                    file.write(pickle.dumps(stretch.rows.at(where == number).compact()))
        for number in np.unique(bucket).tolist():
            path = folder / str(number)
            yield stretch._replace(faults=faults).on(_rows_in(path))
            path.unlink()


def _rows_in(path: Path) -> ByColumn:
    """The rows that were kept in a file, in the order in which they were."""
    with path.open("rb") as file:
        rows: ByColumn = pickle.load(file)  # noqa: S301 - this run wrote it
        while file.peek(1):
            rows = rows.then(pickle.load(file))  # noqa: S301 - likewise
    return rows
