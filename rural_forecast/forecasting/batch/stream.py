"""Pieces of input to stretches that hold whole series, in bounded memory.

Rows of a series may stand anywhere in an input that is read at once. A larger one is read piece by piece; an id that
comes back after another is then refused, with the command that sorts the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from shlex import quote

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.alone import MOST_ROWS_OF_ONE
from rural_forecast.forecasting.batch.build import ids_of
from rural_forecast.models.base import Integers
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.reading.judge import Stretch
from rural_forecast.series.reading.parquet import PIECE_ROWS
from rural_forecast.series.reading.stretches import Source
from rural_forecast.text.cells import label, shown


def whole_series(source: Source) -> Iterator[Stretch]:
    """Stretches of whole series, series in order of first appearance.

    Raises InputError if an id comes back after stretches were given already.
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
        back = np.flatnonzero(np.diff(ids.codes) < 0)
        if len(back):
            raise _unsorted(stretch, int(back[0]) + 1, ids.words[ids.codes[back[0] + 1]])
        met = seen.add(ids.words if later is None else ids.words[:-1])
        if met >= 0:
            raise _unsorted(stretch, int(np.searchsorted(ids.codes, met)), ids.words[met])
        if later is None:
            yield stretch
            return
        last = int(np.searchsorted(ids.codes, ids.codes[-1]))
        carried = stretch.on(stretch.rows.at(slice(last, last + MOST_ROWS_OF_ONE)).compact())
        if last:
            yield stretch.on(stretch.rows.at(slice(last)))


class _Seen:
    """Ids met so far, as hashes of eight bytes each; that two ids share one in a run is next to impossible."""

    def __init__(self) -> None:
        self._known: list[Integers] = []

    def add(self, words: Iterable[str]) -> int:
        """Add ids; the place of one that was met before, or -1."""
        hashes = np.fromiter(map(hash, words), dtype=np.int64)
        new = np.sort(hashes)
        for old in self._known:
            there = old[np.minimum(np.searchsorted(old, new), len(old) - 1)] == new
            if there.any():
                return int(np.flatnonzero(np.isin(hashes, new[there]))[0])
        if len(new):
            self._known.append(new)
        if len(self._known) > 16:
            self._known = [np.sort(np.concatenate(self._known))]
        return -1


def _unsorted(stretch: Stretch, row: int, name: str) -> InputError:
    places = [place for place in stretch.labels or [stretch.columns.id] if place >= 0]
    heads = [label(stretch.grid.header[place]) for place in places]
    header_line = stretch.grid.place(-1, 0).line
    if not header_line:
        limit, command = f"{PIECE_ROWS:,} rows", _sorting_parquet(stretch.grid.file, heads)
    elif stretch.delimiter:
        limit = f"{MOST_BYTES >> 20} MB"
        command = _sorting_lines(stretch.grid.file, header_line, places, stretch.delimiter)
    else:
        limit, command = f"{MOST_BYTES >> 20} MB", _sorting_objects(stretch.grid.file, heads)
    return InputError(
        f"series {shown(name)} comes back after other series, and an input of more than {limit} must be sorted.",
        f"Sort it by series: {command}",
        place=stretch.grid.place(row, places[0]),
        value=name,
    )


def _sorting_lines(file: str, header_line: int, places: Sequence[int], delimiter: str) -> str:
    """The command that sorts CSV or TSV.

    >>> _sorting_lines("my panel.csv", 1, [1], ",")
    "(head -n 1 'my panel.csv'; tail -n +2 'my panel.csv' | LC_ALL=C sort -t, -k2,2) > sorted.csv"
    """
    mark, suffix = quote(f"-t{delimiter}"), "csv"
    if delimiter == "\t":
        mark, suffix = "-t \"$(printf '\\t')\"", "tsv"
    keys = " ".join(f"-k{place + 1},{place + 1}" for place in places)
    file = quote(file)
    first, rest = f"head -n {header_line} {file}", f"tail -n +{header_line + 1} {file}"
    return f"({first}; {rest} | LC_ALL=C sort {mark} {keys}) > sorted.{suffix}"


def _sorting_objects(file: str, heads: Sequence[str]) -> str:
    """The command that sorts NDJSON.

    >>> _sorting_objects("panel.ndjson", ["id"])
    'jq -cs \\'sort_by(."id")[]\\' panel.ndjson > sorted.ndjson'
    """
    keys = ", ".join(f".{_in_quotes(head)}" for head in heads)
    return f"jq -cs {quote(f'sort_by({keys})[]')} {quote(file)} > sorted.ndjson"


def _sorting_parquet(file: str, heads: Sequence[str]) -> str:
    """The command that sorts Parquet, by pyarrow.

    >>> print(_sorting_parquet("x.parquet", ["id"]))
    python -c 'import pyarrow.parquet as p; p.write_table(p.read_table("x.parquet").sort_by("id"), "sorted.parquet")'
    """
    keys = ", ".join(f'({_in_quotes(head)}, "ascending")' for head in heads)
    by = f"[{keys}]" if len(heads) > 1 else _in_quotes(heads[0])
    table = f"p.read_table({_in_quotes(file)}).sort_by({by})"
    program = f'import pyarrow.parquet as p; p.write_table({table}, "sorted.parquet")'
    return f"python -c {quote(program)}"


def _in_quotes(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
