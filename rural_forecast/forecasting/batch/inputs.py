"""A file or a frame of many series as panels: read as any command reads it, a large file block by block."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce
from io import BytesIO
from shlex import quote
from typing import Any

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.batch.build import Built, build, panel_of
from rural_forecast.forecasting.panel import Panel
from rural_forecast.models.base import Integers
from rural_forecast.notes import Note
from rural_forecast.series.observation import ReadingAccount
from rural_forecast.series.reading import blocks, memory
from rural_forecast.series.reading.account import account_of, leave_out
from rural_forecast.series.reading.choose import Choice, choose
from rural_forecast.series.reading.formats import grids, parquet
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.limits import MOST_BYTES, MOST_ROWS, TooLargeError
from rural_forecast.series.reading.melt import Melt, melted, notation_in
from rural_forecast.series.reading.options import ReadOptions, check
from rural_forecast.series.reading.pipeline import tables_of
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.source import Pipe, name_of, read_bytes, status
from rural_forecast.series.source_names import is_folder, without_folders
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import counted

LOOKED_AT = 512 * 1024
"""Bytes of the first and of the last lines of a beginning that show whether it comes sorted."""


class Opened:
    """An input that is being read: its parts, once, and what is known of it after that."""

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name, self.options = name, options
        self.noted = Noted(without_folders(name))
        self.parts: Iterator[Built] = iter(())
        self.rows = 0
        """About how many."""
        self.names: dict[str, str] = {}
        """Of a frame: our names of its columns, with its own."""
        self._grid_notes: tuple[Note, ...] = ()
        self._cells: ReadingAccount | None = None
        self._before_gaps = 0
        self._units: set[str] = set()

    def built(self, melt: Melt, others: Sequence[Grid] = (), *, first: bool = True) -> Built:
        """The series of a block; takes account of its cells."""
        grid = melt.choice.table.grid
        if first:
            leave_out(self.noted, melt)
            melt.require_clear()
        self.noted.name_totals(melt.choice.ids)
        made = build(melt, self.options, self.noted)
        made = made._replace(panel=made.panel.with_totals())
        cells = account_of([grid, *others], [melt], {refusal.series_id for refusal in made.refusals})
        if not first:
            header = int((~grid.blank[0]).sum())
            cells = replace(cells, cells=cells.cells - header, used=max(cells.used - header, 0))
        self._cells = cells if self._cells is None else _sum(self._cells, cells)
        self._grid_notes = grid.notes
        self._before_gaps += made.before_gaps
        self._units.update(made.panel.units)
        return made

    def account(self) -> ReadingAccount | None:
        """The account of the cells, once the parts are read."""
        if self._cells is None:
            return None
        ahead = any(note.code == "future_years" for note in self.noted.notes())
        return replace(
            self._cells,
            published=self.noted.forecasts,
            as_of=self.options.as_of if ahead and self.options.actuals_until is None else None,
            unit=next(iter(self._units)) if len(self._units) == 1 else "",
        )

    def notes(self, *, history: bool) -> tuple[Note, ...]:
        """Notes on rows that were left out, once the parts are read; `history`: published forecasts are shown."""
        notes = [*self._grid_notes, *self.noted.notes()]
        if self.noted.forecasts and not history:
            text = f"Not history: {counted(self.noted.forecasts, 'published forecast')} of {self.noted.file}."
            notes.append(Note("published_rows", text, advice=f"Add {option('history', True)} to get them as rows."))
        if self._before_gaps:
            text = f"Not used, being before the last gap of their series: {counted(self._before_gaps, 'value')}."
            notes.append(Note("before_gaps", text))
        return tuple(notes)


def _sum(first: ReadingAccount, later: ReadingAccount) -> ReadingAccount:
    reasons = dict.fromkeys((*first.skipped, *later.skipped))
    return replace(
        first,
        cells=first.cells + later.cells,
        used=first.used + later.used,
        missing=first.missing + later.missing,
        skipped={why: first.skipped.get(why, 0) + later.skipped.get(why, 0) for why in reasons},
        lines=(*first.lines, *later.lines)[:1000],
    )


def comes_sorted(head: bytes, name: str, options: ReadOptions) -> bool:
    """True if a text begins with a table of whole series, one after the other, so that it can be read as it comes."""
    head = head[: head.rfind(b"\n") + 1]
    if len(head) > 2 * LOOKED_AT:  # a series that comes back is in the last lines as well as in the first
        head = head[: head.rfind(b"\n", 0, LOOKED_AT) + 1] + head[head.find(b"\n", len(head) - LOOKED_AT) + 1 :]
    if options.sheet is not None or head.lstrip()[:1] in (b"", b"[", b"<"):
        return False
    try:
        grid = next(blocks.text_blocks(BytesIO(head), name, options.encoding))
        choice = choose(tables_of([grid], name, options)[1], options, several=True)
    except (InputError, UsageError, StopIteration):
        return False
    many = choice.table.across or len(choice.id_of) > 1.5 * len(choice.ids)
    return bool(choice.by) and not grid.widths and many and bool((np.diff(choice.id_of) >= 0).all())


def opened(path: str, options: ReadOptions, pipe: Pipe | None = None) -> Opened:
    """Open a file, or a folder of Parquet files; what is larger than 64 MB is read block by block.

    `pipe`: what to read in place of the file, a text that `comes_sorted`. Raises InputError if it is not there, or
    holds no table. Raises UsageError for options that do not fit, or a missing extra.
    """
    check(options)
    folder = is_folder(path)
    made = Opened(name_of(path.rstrip("/") if folder else path), options)
    whole = None if pipe or folder else _at_once(path, made.name, options)
    several = options.series_id is None
    if whole is not None:
        found, tables = tables_of(whole, made.name, options)
        if broken := [error for grid in found for error in grid.faults]:
            raise broken[0]
        choice = choose(tables, options, several=several)
        melt = melted(choice, options)
        made.rows = len(melt.key)
        made.parts = iter([made.built(melt, [grid for grid in found if grid is not choice.table.grid])])
        return made
    if pipe is None and (folder or read_bytes(path, first=4) == b"PAR1"):
        stream, made.rows = parquet.blocks(path), parquet.rows_of(path)
    else:
        stream = blocks.text_blocks(pipe or path, made.name, options.encoding)
        made.rows = 0 if pipe else status(path).st_size // 16
    first = next(stream, None)
    if first is None:
        raise InputError(f"{made.name} has a header and no rows.", "Write one row to each year below it.")
    if folder:
        first = replace(first, left_out=parquet.others(path))
    choice = choose(tables_of([first], made.name, options)[1], options, several=several)
    made.parts = _parts(made, choice, stream)
    if "within" in choice.known.roles:  # a total may come last
        made.parts = _joined(made.parts)
    return made


def _at_once(path: str, name: str, options: ReadOptions) -> list[Grid] | None:
    """The grids of a file; None for one that is too large, unless it is packed."""
    if status(path).st_size > MOST_BYTES:
        return None
    try:
        return grids(read_bytes(path), name, encoding=options.encoding, sheet=options.sheet)
    except TooLargeError:
        if read_bytes(path, first=2) in (b"PK", b"\x1f\x8b", b"\xd0\xcf"):
            raise
        return None


def _parts(made: Opened, choice: Choice, found: Iterator[Grid]) -> Iterator[Built]:
    """The series of blocks, each series whole: the rows of the last one of a block go before the next block."""
    later = next(found, None)
    if later is None:
        yield made.built(melted(choice, made.options))
        return
    signs = notation_in(choice.table, choice.columns, made.options.decimal)
    known, first = np.empty(0, dtype=np.int64), True
    while True:
        cut = len(choice.rows)
        if later is not None:
            cut = int(np.flatnonzero(choice.id_of != choice.id_of[-1])[-1]) + 1 if len(choice.ids) > 1 else 0
        known = _require_sorted(choice, cut, known)
        if cut:
            yield made.built(melted(_upto(choice, cut), made.options, signs), first=first)
            first = False
        if later is None:
            return
        if not cut and len(choice.rows) > MOST_ROWS:
            raise InputError(
                f"series {shown(choice.ids[0])} has more than {MOST_ROWS:,} rows.",
                f"If a column distinguishes series, name it with {option('id_column')}.",
                place=choice.table.grid.place(int(choice.table.rows[0]), 0),
            )
        carried = blocks.taken(choice.table.grid, choice.table.rows[choice.rows[cut:]])
        choice = blocks.again(choice, blocks.then(carried, later))
        later = next(found, None)


def _require_sorted(choice: Choice, cut: int, known: Integers) -> Integers:
    """Refuse a series that comes back after another, in a block or after one before it.

    `known`: hashes of the ids before the block, sorted. That two ids share one in a run is next to impossible. Returns
    these with the series of the first `cut` rows.
    """
    if not choice.by:
        return known
    back = np.flatnonzero(np.diff(choice.id_of) < 0)
    if len(back):
        raise _unsorted(choice, int(back[0]) + 1)
    hashes = np.fromiter(map(hash, choice.ids[: int(choice.id_of[cut - 1]) + 1 if cut else 0]), dtype=np.int64)
    near = known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] if len(known) else ~hashes
    met = np.flatnonzero(near == hashes)
    if len(met):
        raise _unsorted(choice, int(np.searchsorted(choice.id_of, met[0])))
    return np.sort(np.concatenate([known, hashes]), kind="stable")


def _unsorted(choice: Choice, row: int) -> InputError:
    """The refusal that names the command which sorts the input: CSV or TSV, NDJSON, or Parquet."""
    table, name, grid = choice.table, choice.ids[choice.id_of[row]], choice.table.grid
    places = [choice.known.places[column] for column in choice.by]
    heads = [json.dumps(table.names[place], ensure_ascii=False) for place in places]
    first, file, limit = grid.place(0, 0).line, quote(grid.file), f"{MOST_BYTES >> 20} MB"
    if grid.delimiter:
        tabs = grid.delimiter == "\t"
        sign, suffix = ("-t \"$(printf '\\t')\"", "tsv") if tabs else (quote(f"-t{grid.delimiter}"), "csv")
        keys = " ".join(f"-k{place + 1},{place + 1}" for place in places)
        command = (
            f"(head -n {first} {file}; tail -n +{first + 1} {file} | LC_ALL=C sort {sign} {keys}) > sorted.{suffix}"
        )
    elif first:
        by = ", ".join(f".{head}" for head in heads)
        command = f"jq -cs {quote(f'sort_by({by})[]')} {file} > sorted.ndjson"
    else:
        limit, by = f"{parquet.BLOCK_ROWS:,} rows", ", ".join(f'({head}, "ascending")' for head in heads)
        table_of = f"p.read_table({json.dumps(grid.file, ensure_ascii=False)}).sort_by([{by}])"
        program = f'import pyarrow.parquet as p; p.write_table({table_of}, "sorted.parquet")'
        command = f"python -c {quote(program)}"
    return InputError(
        f"series {shown(name)} comes back after other series, and an input of more than {limit} must be sorted.",
        f"Sort it by series: {command}",
        place=grid.place(int(table.rows[row]), places[0]),
        value=name,
    )


def _joined(parts: Iterator[Built]) -> Iterator[Built]:
    """All parts as one, whose series know their totals."""
    every = [*parts]
    panel = reduce(Panel.then, (part.panel for part in every)).with_totals()
    yield Built(panel, [refusal for part in every for refusal in part.refusals])


def _upto(choice: Choice, cut: int) -> Choice:
    """The first rows of a choice, all their series whole."""
    if cut == len(choice.rows):
        return choice
    table = choice.table
    grid = replace(table.grid, index=table.grid.index[: int(table.rows[choice.rows[cut - 1]]) + 1])
    head_of = table.head_of if table.across else table.head_of[:cut]
    short = replace(table, grid=grid, rows=table.rows[:cut], head_of=head_of, bottom=len(grid.index))
    known = choice.known._replace(labels=[label._replace(codes=label.codes[:cut]) for label in choice.known.labels])
    id_of = choice.id_of[:cut]
    return choice._replace(
        table=short, rows=choice.rows[:cut], id_of=id_of, known=known, ids=choice.ids[: int(id_of.max(initial=-1)) + 1]
    )


def of_frame(columns: Sequence[tuple[str, Any]], rows: int, options: ReadOptions) -> tuple[Opened, Built]:
    """The series of a frame, its columns each a name and cells."""
    made = Opened(memory.FRAME, options)
    if columns and not rows:
        return made, Built(panel_of([]))
    _, tables = tables_of([memory.grid_of(columns)], memory.FRAME, options)
    choice = choose(tables, options, several=True)
    table, roles = choice.table, choice.table.roles or {}
    ids = [table.names[roles["id"]]] if "id" in roles else list(choice.by)
    made.names = {"series_id": ids[0]} if len(ids) == 1 else {}
    if table.period >= 0:
        made.names["period"] = table.names[table.period]
    if not table.across and len(choice.columns) == 1:
        made.names["value"] = table.names[int(choice.columns[0])]
    return made, made.built(melted(choice, options))


def opened_frame(frame: object, options: ReadOptions) -> Opened:
    """Open a frame as a file is opened. Raises TypeError if it is none, and InputError as `opened` does."""
    table = memory.opened(frame)
    made, built = of_frame(table.columns, table.rows, options)
    made.parts = iter([built])
    return made
