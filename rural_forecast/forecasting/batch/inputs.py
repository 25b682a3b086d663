"""A file or a frame of many series as panels: read as any command reads it, a large file block by
block.
"""

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
from rural_forecast.series.reading import blocks, memory, tables_of
from rural_forecast.series.reading.account import Noted, account_of, leave_out
from rural_forecast.series.reading.amounts import Notation
from rural_forecast.series.reading.choose import Choice, choose
from rural_forecast.series.reading.formats import grids, parquet
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.melt import melted, notation_in
from rural_forecast.series.reading.options import MOST_BYTES, MOST_ROWS, ReadOptions, check
from rural_forecast.series.reading.source import Pipe, name_of, read_bytes, status
from rural_forecast.series.source_names import is_folder, without_folders
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.wording import counted


class Opened:
    """An input that is being read: its parts, once, and what is known of it after that; `later`
    follows `found`.
    """

    def __init__(
        self,
        name: str,
        options: ReadOptions,
        found: Sequence[Grid],
        later: Iterator[Grid] | None = None,
        rows: int = 0,
    ) -> None:
        self.name = name
        self.options = options
        self.rows = rows
        self.noted = Noted(without_folders(name))
        self.names: dict[str, str] = {}  # our names of its columns, with its own
        self.library: Any = None  # of a frame
        self._account: ReadingAccount | None = None
        self._grid_notes: tuple[Note, ...] = ()
        self._units: set[str] = set()
        if not found:  # a frame without rows
            self.parts: Iterator[Built] = iter([Built(panel_of([]))])
            return
        every, tables = tables_of(found, name, options)
        choice = choose(tables, options, several=options.series_id is None)
        table, roles = choice.table, choice.table.roles or {}
        ids = [table.names[roles["id"]]] if "id" in roles else list(choice.id_columns)
        self.names = {"series_id": ids[0]} if len(ids) == 1 else {}
        if table.period_column >= 0:
            self.names["period"] = table.names[table.period_column]
        if not table.across and len(choice.value_columns) == 1:
            self.names["value"] = table.names[int(choice.value_columns[0])]
        self.rows = rows or len(choice.rows) * len(choice.value_columns)
        if later and (second := next(later, None)):
            self.parts = self._in_blocks(choice, second, later)
            if "within" in choice.beside.roles:  # a total may come last
                built = [*self.parts]
                panel = reduce(Panel.then, (part.panel for part in built)).with_totals()
                self.parts = iter(
                    [Built(panel, [refusal for part in built for refusal in part.refusals])]
                )
        else:
            self.parts = iter([self._built(choice, every=every)])

    def _in_blocks(
        self, choice: Choice, later: Grid | None, more: Iterator[Grid]
    ) -> Iterator[Built]:
        """The series of blocks, each whole: the rows of the last one of a block go before the next
        block.
        """
        if choice.id_of.ndim == 2:
            heads = [choice.table.names[at] for at in choice.value_columns.tolist()]
            problem = f"{self.name} is read block by block, and has several columns of values: {quoted(heads, 10)}."
            raise InputError(
                problem, f"Choose {option('value_column', heads[0])}, say.", code="choice_needed"
            )
        notation = notation_in(choice.table, choice.value_columns, self.options.decimal)
        known: Integers = np.empty(0, dtype=np.int64)
        used = {*choice.beside.roles.values(), *_filled(choice.table.grid)}
        while later is not None:
            if choice.table.roles is None and (late := _filled(later) - used):
                used |= late
                for at in sorted(late):
                    self.noted.name(
                        "left_out",
                        f"column {shown(later.text(0, at))}",
                        of="empty in the first rows",
                    )
            cut = (
                int(np.flatnonzero(choice.id_of != choice.id_of[-1])[-1]) + 1
                if len(choice.ids) > 1
                else 0
            )
            known = _require_sorted(choice, cut, known)
            if cut:
                yield self._built(blocks.upto(choice, cut), notation)
            elif len(choice.rows) > MOST_ROWS:
                problem = f"series {shown(choice.ids[0])} has more than {MOST_ROWS:,} rows."
                place = choice.table.grid.place_of(int(choice.table.rows[0]), 0)
                raise InputError(
                    problem, f"Tell series apart by {option('id_column')}.", place=place
                )
            choice = blocks.again(choice, blocks.after(choice, cut, later))
            later = next(more, None)
        _require_sorted(choice, len(choice.rows), known)
        yield self._built(choice, notation)

    def _built(
        self, choice: Choice, notation: Notation | None = None, every: Sequence[Grid] = ()
    ) -> Built:
        melt = melted(choice, self.options, notation)
        grid = choice.table.grid
        if self._account is None:
            leave_out(self.noted, melt)
            melt.require_clear()
        self.noted.name_totals(choice.ids)
        made = build(melt, self.options, self.noted)
        made = made._replace(panel=made.panel.with_totals())
        refused = {refusal.series_id for refusal in made.refusals}
        if self._account is None:
            self._account = account_of(every or [grid], melt, refused)
        else:
            self._account = _sum(
                self._account, account_of([grid], melt, refused), int((~grid.blank[0]).sum())
            )
        self._grid_notes = grid.notes
        self._units.update(made.panel.units)
        return made

    def account(self) -> ReadingAccount | None:
        """The account of the cells, once the parts are read."""
        if self._account is None:
            return None
        ahead = any(note.code == "future_years" for note in self.noted.notes())
        return replace(
            self._account,
            published=self.noted.forecasts,
            as_of=self.options.as_of if ahead and self.options.actuals_until is None else None,
            unit=next(iter(self._units)) if len(self._units) == 1 else "",
        )

    def notes(self, *, history: bool) -> tuple[Note, ...]:
        """Notes on rows that were left out, once the parts are read; `history`: published forecasts
        are shown.
        """
        notes = [*self._grid_notes, *self.noted.notes()]
        if self.noted.forecasts and not history:
            text = f"Not history: {counted(self.noted.forecasts, 'published forecast')} of {self.noted.file}."
            notes.append(
                Note(
                    "published_rows",
                    text,
                    advice=f"Add {option('history', True)} to get them as rows.",
                )
            )
        if self.noted.before_gaps:
            text = f"Not used, being before the last gap of their series: {counted(self.noted.before_gaps, 'value')}."
            notes.append(Note("before_gaps", text))
        return tuple(notes)


def _filled(grid: Grid) -> set[int]:
    return {*np.flatnonzero(~grid.blank[1:].all(axis=0)).tolist()}


def _sum(first: ReadingAccount, later: ReadingAccount, header: int) -> ReadingAccount:
    """The account of two blocks; the cells of the header count once."""
    reasons = dict.fromkeys((*first.skipped, *later.skipped))
    return replace(
        first,
        cells=first.cells + later.cells - header,
        used=first.used + max(later.used - header, 0),
        missing=first.missing + later.missing,
        skipped={why: first.skipped.get(why, 0) + later.skipped.get(why, 0) for why in reasons},
        lines=(*first.lines, *later.lines)[:1000],
    )


def opened(path: str, options: ReadOptions, pipe: Pipe | None = None) -> Opened:
    """Open a file, a folder of Parquet files, or a pipe that `comes_sorted`; more than 64 MB are
    read by block.
    """
    check(options)
    folder = is_folder(path)
    name = name_of(path.rstrip("/") if folder else path)
    if pipe is None and not folder and status(path).st_size <= MOST_BYTES:
        try:
            return Opened(
                name,
                options,
                grids(read_bytes(path), name, encoding=options.encoding, sheet=options.sheet),
            )
        except InputError as error:
            if error.code != "too_large" or read_bytes(path, first=2) in (
                b"PK",
                b"\x1f\x8b",
                b"\xd0\xcf",
            ):
                raise
    if pipe is None and (folder or read_bytes(path, first=4) == b"PAR1"):
        stream, rows = parquet.blocks(path)
    else:
        stream = blocks.text_blocks(pipe or path, name, options.encoding)
        rows = 0 if pipe else status(path).st_size // 16
    first = next(stream, None)
    if first is None:
        raise InputError(
            f"{name} has a header and no rows.", "Write one row to each year below it."
        )
    return Opened(name, options, [first], stream, rows)


def comes_sorted(head: bytes, name: str, options: ReadOptions) -> bool:
    """True if a text begins with a table of whole series, one after the other, so that it can be
    read as it comes.
    """
    head = head[: head.rfind(b"\n") + 1]
    if options.sheet is not None or head.lstrip()[:1] in (b"", b"[", b"<"):
        return False
    try:
        grid = next(blocks.text_blocks(BytesIO(head), name, options.encoding))
        choice = choose(tables_of([grid], name, options)[1], options, several=True)
    except (InputError, UsageError, StopIteration):
        return False
    alike = len(set(grid.widths)) < 2 and (
        choice.table.across or len(choice.id_of) > 1.5 * len(choice.ids)
    )
    return bool(choice.id_columns) and alike and bool((np.diff(choice.id_of) >= 0).all())


def _require_sorted(choice: Choice, cut: int, known: Integers) -> Integers:
    if not choice.id_columns:
        return known
    back = np.flatnonzero(np.diff(choice.id_of) < 0)
    if len(back):
        raise _unsorted(choice, int(back[0]) + 1)
    hashes = np.fromiter(
        map(hash, choice.ids[: int(choice.id_of[cut - 1]) + 1 if cut else 0]), dtype=np.int64
    )
    near = (
        known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] if len(known) else ~hashes
    )
    met = np.flatnonzero(near == hashes)
    if len(met):
        raise _unsorted(choice, int(np.searchsorted(choice.id_of, met[0])))
    return np.sort(np.concatenate([known, hashes]), kind="stable")


def _unsorted(choice: Choice, row: int) -> InputError:
    table, name, grid = choice.table, choice.ids[choice.id_of[row]], choice.table.grid
    places = [choice.beside.places[column] for column in choice.id_columns]
    heads = [json.dumps(table.names[place], ensure_ascii=False) for place in places]
    first = grid.place_of(0, 0).line
    file = quote(grid.file)
    limit = f"{MOST_BYTES >> 20} MB"
    if grid.delimiter:
        tabs = grid.delimiter == "\t"
        sign = "-t \"$(printf '\\t')\"" if tabs else quote(f"-t{grid.delimiter}")
        keys = " ".join(f"-k{place + 1},{place + 1}" for place in places)
        body = f"head -n {first} {file}; tail -n +{first + 1} {file} | LC_ALL=C sort {sign} {keys}"
        command = f"({body}) > sorted.{'tsv' if tabs else 'csv'}"
    elif first:
        by = ", ".join(f".{head}" for head in heads)
        command = f"jq -cs {quote(f'sort_by({by})[]')} {file} > sorted.ndjson"
    else:
        limit = f"{parquet.BLOCK_ROWS:,} rows"
        by = ", ".join(f'({head}, "ascending")' for head in heads)
        table_of = f"p.read_table({json.dumps(grid.file, ensure_ascii=False)}).sort_by([{by}])"
        program = f'import pyarrow.parquet as p; p.write_table({table_of}, "sorted.parquet")'
        command = f"python -c {quote(program)}"
    problem = f"series {shown(name)} comes back after other series, and an input of more than {limit} must be sorted."
    place = grid.place_of(int(table.rows[row]), places[0])
    return InputError(problem, f"Sort it by series: {command}", place=place, value=name)


def opened_frame(frame: object, options: ReadOptions) -> Opened:
    """Open a frame as a file is opened. Raises TypeError if it is none."""
    columns, library = memory.opened(frame)
    empty = columns and not len(columns[0][1])
    made = Opened(memory.FRAME, options, [] if empty else [memory.grid_of(columns)])
    made.library = library
    return made
