"""A file or a frame of many series as panels: read as any command reads it, a large file block by block."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.batch.build import Built, build, panel_of
from rural_forecast.forecasting.batch.naming import names_in
from rural_forecast.forecasting.batch.sorting import Seen
from rural_forecast.notes import Note
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading import blocks, memory
from rural_forecast.series.reading.account import account_of, leave_out
from rural_forecast.series.reading.choose import Choice, choose
from rural_forecast.series.reading.formats import grids, parquet
from rural_forecast.series.reading.grid import MOST_ROWS, Grid, TooLargeError
from rural_forecast.series.reading.melt import Melt, melted, notation_in
from rural_forecast.series.reading.memory import FRAME, grid_of
from rural_forecast.series.reading.options import ReadOptions, check
from rural_forecast.series.reading.pipeline import tables_of
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.source import MOST_BYTES, Pipe, name_of, read_bytes, status
from rural_forecast.series.source_names import is_folder, without_folders
from rural_forecast.text.cells import shown


class Opened:
    """An input that is being read."""

    def __init__(self, name: str, options: ReadOptions) -> None:
        self.name, self.options = name, options
        self.noted = Noted(without_folders(name))
        self.parts: Iterator[Built] = iter(())
        """Read once."""
        self.rows = 0
        """About how many."""
        self.grid_notes: tuple[Note, ...] = ()
        """Findings on the bytes."""
        self.names: dict[str, str] = {}
        """Of a frame: our names of its columns, with its own."""
        self._cells: ReadingAccount | None = None

    def built(self, melt: Melt, others: Sequence[Grid] = (), *, first: bool = True) -> Built:
        """The series of a block, and the account of its cells."""
        if first:
            leave_out(self.noted, melt)
            if melt.notation.unclear is not None and any(made is melt.notation.unclear for made in melt.odd.values()):
                table, unclear = melt.choice.table, melt.notation.unclear
                raise InputError(f"{unclear.problem}.", unclear.hint, place=table.grid.place(max(table.header, 0), 0))
        self.noted.name_totals(melt.choice.ids)
        made = build(melt, self.options, self.noted)
        grid = melt.choice.table.grid
        refused = {refusal.series_id for refusal in made.refusals}
        cells = account_of([grid, *others], [melt], refused)
        if not first:
            header = int((~grid.blank[0]).sum())
            cells = replace(cells, cells=cells.cells - header, used=max(cells.used - header, 0))
        self._cells = cells if self._cells is None else _sum(self._cells, cells)
        self.grid_notes = grid.notes
        return made

    def account(self, units: Collection[str] = ()) -> ReadingAccount | None:
        """What became of the cells, once the parts are read; `units`: those of the series."""
        if self._cells is None:
            return None
        ahead = any(note.code == "future_years" for note in self.noted.notes())
        return replace(
            self._cells,
            published=self.noted.forecasts,
            as_of=self.options.as_of if ahead and self.options.actuals_until is None else None,
            unit=next(iter(units)) if len(units) == 1 else "",
        )


def _sum(first: ReadingAccount, later: ReadingAccount) -> ReadingAccount:
    reasons = dict.fromkeys((*first.skipped, *later.skipped))
    skipped = {why: first.skipped.get(why, 0) + later.skipped.get(why, 0) for why in reasons}
    return replace(
        first,
        cells=first.cells + later.cells,
        used=first.used + later.used,
        missing=first.missing + later.missing,
        skipped=skipped,
        lines=(*first.lines, *later.lines)[:1000],
    )


def comes_sorted(head: bytes, name: str, options: ReadOptions) -> bool:
    """True if a text begins with a table of whole series, one after the other, so that it can be read as it comes."""
    head = head[: head.rfind(b"\n") + 1]
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
    """Open a file, or a folder of Parquet files.

    `pipe`: what to read in place of the file, a text that `comes_sorted`. Raises InputError if it is not there, or
    holds no table. Raises UsageError for options that do not fit, or a missing extra.
    """
    check(options)
    name = name_of(path.rstrip("/") if is_folder(path) else path)
    made = Opened(name, options)
    if pipe is not None:
        return _streamed(made, blocks.text_blocks(pipe, name, options.encoding), 0, path)
    if is_folder(path):
        return _streamed(made, parquet.blocks(path), parquet.size_of(path)[0], path)
    size = status(path).st_size
    if size > MOST_BYTES:
        if read_bytes(path, first=4) == b"PAR1":
            return _streamed(made, parquet.blocks(path), parquet.size_of(path)[0], path)
        return _streamed(made, blocks.text_blocks(path, name, options.encoding), size // 16, path)
    try:
        found = grids(read_bytes(path), name, encoding=options.encoding, sheet=options.sheet)
    except TooLargeError:
        if read_bytes(path, first=2) in (b"PK", b"\x1f\x8b", b"\xd0\xcf"):
            raise
        if read_bytes(path, first=4) == b"PAR1":
            return _streamed(made, parquet.blocks(path), parquet.size_of(path)[0], path)
        return _streamed(made, blocks.text_blocks(path, name, options.encoding), size // 16, path)
    found, tables = tables_of(found, name, options)
    if broken := [error for grid in found for error in grid.faults]:
        raise broken[0]
    choice = choose(tables, options, several=options.series_id is None)
    melt = melted(choice, options)
    made.rows = len(melt.key)
    made.parts = iter([made.built(melt, [grid for grid in found if grid is not choice.table.grid])])
    return made


def _streamed(made: Opened, found: Iterator[Grid], rows: int, path: str) -> Opened:
    made.rows = rows
    first = next(found, None)
    if first is None:
        raise InputError(f"{made.name} has a header and no rows.", "Write one row to each year below it.")
    if is_folder(path):
        first = replace(first, left_out=parquet.others(path))
    _, tables = tables_of([first], made.name, made.options)
    choice = choose(tables, made.options, several=made.options.series_id is None)
    made.parts = _parts(made, choice, found)
    return made


def _parts(made: Opened, choice: Choice, found: Iterator[Grid]) -> Iterator[Built]:
    """The series of blocks, each series whole; all rows are there at once where there is one block."""
    later = next(found, None)
    if later is None:
        yield made.built(melted(choice, made.options))
        return
    signs = notation_in(choice.table, choice.columns, made.options.decimal)
    seen = Seen()
    first = True
    while True:
        last = later is None
        cut = len(choice.rows)
        if not last:
            cut = int(np.flatnonzero(choice.id_of != choice.id_of[-1])[-1]) + 1 if len(choice.ids) > 1 else 0
        seen.require_sorted(choice, cut)
        if cut:
            yield made.built(melted(_upto(choice, cut), made.options, signs), first=first)
            first = False
        if last:
            return
        if not cut and len(choice.rows) > MOST_ROWS:
            raise InputError(
                f"series {shown(choice.ids[0])} has more than {MOST_ROWS:,} rows.",
                f"If a column distinguishes series, name it with {option('id_column')}.",
                place=choice.table.grid.place(int(choice.table.rows[0]), 0),
            )
        assert later is not None
        carried = blocks.taken(choice.table.grid, choice.table.rows[choice.rows[cut:]])
        choice = blocks.again(choice, blocks.then(carried, later))
        later = next(found, None)


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
    made = Opened(FRAME, options)
    if columns and not rows:
        return made, Built(panel_of([]), ())
    grid = grid_of(columns)
    _, tables = tables_of([grid], FRAME, options)
    choice = choose(tables, options, several=True)
    made.names = names_in(choice)
    return made, made.built(melted(choice, options))


def opened_frame(frame: object, options: ReadOptions) -> Opened:
    """Open a frame as a file is opened. Raises TypeError if it is none, and InputError as `opened` does."""
    table = memory.opened(frame)
    made, built = of_frame(table.columns, table.rows, options)
    made.parts = iter([built])
    return made
