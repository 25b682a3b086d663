"""The rows of a series of a large file must follow each other; else the command that sorts it is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from shlex import quote

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.models.base import Integers
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.formats.parquet import BLOCK_ROWS
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.limits import MOST_BYTES
from rural_forecast.text.cells import shown


class Seen:
    """Ids met so far, as hashes of eight bytes each; that two ids share one in a run is next to impossible."""

    def __init__(self) -> None:
        self._known: list[Integers] = []

    def require_sorted(self, choice: Choice, cut: int) -> None:
        """Take note of the series of the first `cut` rows of a block.

        Raises InputError if an id comes back after another, in this block or after one before it.
        """
        if not choice.by:
            return
        back = np.flatnonzero(np.diff(choice.id_of) < 0)
        if len(back):
            raise _unsorted(choice, int(back[0]) + 1)
        hashes = np.fromiter(map(hash, choice.ids[: int(choice.id_of[cut - 1]) + 1 if cut else 0]), dtype=np.int64)
        new = np.sort(hashes)
        for old in self._known:
            there = old[np.minimum(np.searchsorted(old, new), len(old) - 1)] == new
            if there.any():
                met = int(np.flatnonzero(np.isin(hashes, new[there]))[0])
                raise _unsorted(choice, int(np.searchsorted(choice.id_of, met)))
        self._known += [new] if len(new) else []
        if len(self._known) > 16:
            self._known = [np.sort(np.concatenate(self._known))]


def _unsorted(choice: Choice, row: int) -> InputError:
    table, name = choice.table, choice.ids[choice.id_of[row]]
    places = [choice.known.places[name] for name in choice.by]
    limit, command = _sorting(table.grid, places, [_in_quotes(table.names[place]) for place in places])
    return InputError(
        f"series {shown(name)} comes back after other series, and an input of more than {limit} must be sorted.",
        f"Sort it by series: {command}",
        place=table.grid.place(int(table.rows[row]), places[0]),
        value=name,
    )


def _sorting(grid: Grid, places: Sequence[int], heads: Sequence[str]) -> tuple[str, str]:
    """How large an input may be that is not sorted, and the command that sorts it: CSV or TSV, NDJSON, or Parquet."""
    first, file, limit = grid.place(0, 0).line, quote(grid.file), f"{MOST_BYTES >> 20} MB"
    if grid.delimiter:
        tabs = grid.delimiter == "\t"
        mark, suffix = ("-t \"$(printf '\\t')\"", "tsv") if tabs else (quote(f"-t{grid.delimiter}"), "csv")
        keys = " ".join(f"-k{place + 1},{place + 1}" for place in places)
        rest = f"tail -n +{first + 1} {file} | LC_ALL=C sort {mark} {keys}"
        return limit, f"(head -n {first} {file}; {rest}) > sorted.{suffix}"
    if first:
        by = ", ".join(f".{head}" for head in heads)
        return limit, f"jq -cs {quote(f'sort_by({by})[]')} {file} > sorted.ndjson"
    by = ", ".join(f'({head}, "ascending")' for head in heads)
    table = f"p.read_table({_in_quotes(grid.file)}).sort_by([{by}])"
    program = f'import pyarrow.parquet as p; p.write_table({table}, "sorted.parquet")'
    return f"{BLOCK_ROWS:,} rows", f"python -c {quote(program)}"


def _in_quotes(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
