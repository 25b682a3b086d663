"""Pieces of input to chunks that hold whole series, in bounded memory.

Input whose series are contiguous goes through once. Where an id comes back after another, the rows are first sorted
into buckets on disk, each a range of ids in order of first appearance; so the output is the same, and both ways hold no
more than a few chunks at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.forecasting.batch.layout import joined
from rural_forecast.forecasting.batch.panel import Integers, Raw, taken
from rural_forecast.forecasting.batch.source import PIECE_ROWS, Source
from rural_forecast.system.scratch import temporary_folder


def whole_series(source: Source) -> Iterator[Raw]:
    """Chunks of whole series, series in order of first appearance.

    Raises
    ------
    ScatteredError : an id came back after chunks were given already; start again with `gathered`
    """
    seen = Seen()
    carried: Raw | None = None
    for piece in source.pieces():
        stretch = joined(carried, piece) if carried is not None else piece
        codes = stretch.series.codes
        if not len(codes):
            carried = stretch
            continue
        if (np.diff(codes) < 0).any():
            raise ScatteredError
        last = int(np.searchsorted(codes, codes[-1]))
        ready, carried = _cut(stretch, last)
        seen.add(ready.series.words)
        if len(ready.series.words):
            yield ready
    if carried is not None:
        seen.add(carried.series.words)
        yield carried


class ScatteredError(Exception):
    """The rows of a series are not contiguous."""


class Seen:
    """Ids met so far, as hashes: eight bytes each. Two ids of one hash only cost the detour over disk."""

    def __init__(self) -> None:
        self._known: list[Integers] = []

    def add(self, words: Iterable[str]) -> None:
        """Take note of ids.

        Raises
        ------
        ScatteredError : one of them was met before
        """
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


def _cut(stretch: Raw, place: int) -> tuple[Raw, Raw]:
    """The rows before a place, and those from it on: the last series."""
    codes, words = stretch.series.codes, stretch.series.words
    split = int(codes[place])

    def part(at: slice, first: int, last: int) -> Raw:
        return stretch._replace(
            series=Words(codes[at] - first, words[first:last]),
            years=stretch.years[at],
            values=stretch.values[at],
            rows=stretch.rows[at],
            units=taken(stretch.units, at),
            definitions=taken(stretch.definitions, at),
        )

    return part(slice(place), 0, split), part(slice(place, None), split, len(words))


def gathered(source: Source) -> Iterator[Raw]:
    """Chunks of whole series from rows in any order; reads the input twice."""
    places: dict[str, int] = {}
    counts: list[int] = []
    for piece in source.pieces():
        found = np.bincount(piece.series.codes, minlength=len(piece.series.words)).tolist()
        for word, count in zip(piece.series.words, found, strict=True):
            place = places.setdefault(word, len(places))
            if place == len(counts):
                counts.append(0)
            counts[place] += count
    ends = np.cumsum(counts)
    bucket = np.maximum(ends - 1, 0) // PIECE_ROWS
    with temporary_folder() as folder:
        yield from _buckets(source, places, bucket, folder)


_RECORD = np.dtype(
    [("series", "i8"), ("year", "i8"), ("value", "f8"), ("row", "i8"), ("unit", "i8"), ("definition", "i8")]
)


def _buckets(source: Source, places: Mapping[str, int], bucket: Integers, folder: Path) -> Iterator[Raw]:
    faults: dict[int, str] = {}
    units: dict[str, int] = {}
    definitions: dict[str, int] = {}
    published = False
    for piece in source.pieces():
        published = published or piece.published
        faults |= piece.faults
        rank = np.array([places[word] for word in piece.series.words], dtype=np.int64)[piece.series.codes]
        records = np.empty(len(rank), _RECORD)
        records["series"], records["year"], records["value"] = rank, piece.years, piece.values
        records["row"] = piece.rows
        records["unit"] = _recoded(piece.units, units)
        records["definition"] = _recoded(piece.definitions, definitions)
        where = bucket[rank]
        order = np.argsort(where, kind="stable")
        edges = np.flatnonzero(np.diff(where[order])) + 1
        for group in np.split(order, edges):
            if len(group):
                with (folder / str(where[group[0]])).open("ab") as file:
                    file.write(records[group].tobytes())  # NumPy's own writer gives no reason when it fails
    words = list(places)
    for number in np.unique(bucket).tolist():
        first, last = (int(np.searchsorted(bucket, number, side=side)) for side in ("left", "right"))
        path = folder / str(number)
        records = np.fromfile(path, _RECORD) if path.exists() else np.empty(0, _RECORD)
        path.unlink(missing_ok=True)
        yield piece._replace(
            series=Words(records["series"] - first, words[first:last]),
            years=records["year"],
            values=records["value"],
            rows=records["row"],
            units=piece.units and Words(records["unit"], list(units)),
            definitions=piece.definitions and Words(records["definition"], list(definitions)),
            faults=faults,
            published=published,
        )


def _recoded(column: Words | None, known: dict[str, int]) -> Integers | int:
    """The codes of a piece's words among those of all pieces, which grow; -1 for no word."""
    if column is None:
        return -1
    table = np.array([*(known.setdefault(word, len(known)) for word in column.words), -1])
    return np.asarray(table[column.codes])
