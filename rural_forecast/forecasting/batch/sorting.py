"""The rows of a series of a large file must follow each other; else the command that sorts it is named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from shlex import quote

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.models.base import Integers
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.formats.parquet import BLOCK_ROWS
from rural_forecast.series.reading.source import MOST_BYTES
from rural_forecast.text.cells import shown


class Seen:
    """Ids met so far, as hashes of eight bytes each; that two ids share one in a run is next to impossible."""

    def __init__(self) -> None:
        self._known: list[Integers] = []

    def require_sorted(self, choice: Choice, cut: int) -> None:
        """Take note of the series of the first rows of a block.

        Raises InputError if an id comes back after another, in this block or after one before it.
        """
        if not choice.by:
            return
        back = np.flatnonzero(np.diff(choice.id_of) < 0)
        if len(back):
            raise _unsorted(choice, int(back[0]) + 1)
        whole = int(choice.id_of[cut - 1]) + 1 if cut else 0
        met = self.add(choice.ids[:whole])
        if met >= 0:
            raise _unsorted(choice, int(np.searchsorted(choice.id_of, met)))

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


def _unsorted(choice: Choice, row: int) -> InputError:
    table = choice.table
    places = [choice.known.places[name] for name in choice.by]
    heads = [table.names[place] for place in places]
    grid, name = table.grid, choice.ids[choice.id_of[row]]
    place = grid.place(int(table.rows[row]), places[0])
    limit = f"{MOST_BYTES >> 20} MB"
    if grid.delimiter:
        command = _sorting_lines(grid.file, grid.place(0, 0).line, places, grid.delimiter)
    elif grid.place(0, 0).line:
        command = _sorting_objects(grid.file, heads)
    else:
        limit, command = f"{BLOCK_ROWS:,} rows", _sorting_parquet(grid.file, heads)
    return InputError(
        f"series {shown(name)} comes back after other series, and an input of more than {limit} must be sorted.",
        f"Sort it by series: {command}",
        place=place,
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
