"""A file or a frame of many series as panels: read as any command reads it, a large file block by
block.

Of an input in blocks the table is chosen once, from the first block. Its series must come one after
the other: only the last one of a block may go on in the next.
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
from rural_forecast.observed.observation import ReadingAccount
from rural_forecast.observed.reading import blocks, memory, tables_of
from rural_forecast.observed.reading.account import Noted, account_of, leave_out, with_other_series
from rural_forecast.observed.reading.amounts import Notation
from rural_forecast.observed.reading.choose import choose
from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.formats import grids, parquet
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.melt import melted
from rural_forecast.observed.reading.notations import notation_in
from rural_forecast.observed.reading.options import MOST_BYTES, MOST_ROWS, ReadOptions, check
from rural_forecast.observed.reading.source import Pipe, name_of, read_bytes, status
from rural_forecast.observed.source_names import is_folder, without_folders
from rural_forecast.system.copies import copy_at
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.wording import counted, listed

PACKED = (b"PK", b"\x1f\x8b", b"\xd0\xcf", b"\x28\xb5")
"""How a file begins that cannot be read in blocks: a workbook, gzip, an old workbook, or zstd."""
PARQUET = b"PAR1"
BYTES_A_ROW = 16  # for an estimate of the rows, which decides how many processes pay


class OpenedInput:
    """An input that is being read: its parts, once, and its account and notes after that.

    The blocks of `later` follow `grids`.
    """

    def __init__(
        self,
        name: str,
        options: ReadOptions,
        grids: Sequence[Grid],
        later: Iterator[Grid] | None = None,
        rows: int = 0,
        filtered: blocks.RowsWhere | None = None,
    ) -> None:
        self.name = name
        self.options = options
        self.rows = rows
        self.filtered = filtered
        self.noted = Noted(without_folders(name))
        self.names: dict[str, str] = {}  # our names of its columns, with its own
        self.library: Any = None  # of a frame
        self._account: ReadingAccount | None = None
        self._grid_notes: tuple[Note, ...] = ()
        self._units: set[str] = set()
        if not grids:  # a frame without rows
            self.parts: Iterator[Built] = iter([Built(panel_of([]))])
            return
        tables = tables_of(grids, name, options)
        choice = choose(tables, options, several=options.series_id is None)
        self.names = _names_of(choice)
        self.rows = rows or len(choice.rows) * len(choice.value_columns)
        second = next(later, None) if later else None
        if later is None or second is None:
            self.parts = iter([self._built(choice, every=grids)])
        elif "within" in choice.beside.roles:
            self.parts = iter([joined([*self._in_blocks(choice, second, later)])])
        else:
            self.parts = self._in_blocks(choice, second, later)

    def _in_blocks(
        self, choice: Choice, later: Grid | None, more: Iterator[Grid]
    ) -> Iterator[Built]:
        """Read the series of blocks, each whole.

        The rows of the last series of a block go before the next block.
        """
        if choice.id_of.ndim == 2:
            raise self._several_columns(choice)
        decimal = self.options.decimal
        notation = notation_in(choice.table, choice.value_columns, decimal)
        hashes: Integers = np.empty(0, dtype=np.int64)
        used = {*choice.beside.roles.values(), *_filled(choice.table.grid)}
        while later is not None:
            if choice.table.roles is None:
                used |= self._note_late_columns(later, used)
            cut = 0
            if len(choice.ids) > 1:
                of_others = np.flatnonzero(choice.id_of != choice.id_of[-1])
                cut = int(of_others[-1]) + 1
            hashes = _require_sorted(choice, cut, hashes)
            if cut:
                yield self._built(blocks.upto(choice, cut), notation)
            elif len(choice.rows) > MOST_ROWS:
                raise _too_long(choice)
            choice = blocks.again(choice, blocks.after(choice, cut, later))
            own = notation_in(choice.table, choice.value_columns, decimal)
            notation = notation.then(own)
            later = next(more, None)
        _require_sorted(choice, len(choice.rows), hashes)
        yield self._built(choice, notation)

    def _several_columns(self, choice: Choice) -> InputError:
        heads = [choice.table.names[column] for column in choice.value_columns.tolist()]
        return InputError(
            f"{self.name} is read block by block, and has several columns of values: "
            f"{quoted(heads, 10)}.",
            f"Choose {option('value_column', heads[0])}, say.",
            code="choice_needed",
        )

    def _note_late_columns(self, grid: Grid, used: set[int]) -> set[int]:
        """Note the columns that begin in this block, which the choice of the first left out."""
        late = _filled(grid) - used
        for column in sorted(late):
            name = f"column {shown(grid.text(0, column))}"
            self.noted.name("left_out", name, detail="empty in the first rows")
        return late

    def _built(
        self, choice: Choice, notation: Notation | None = None, every: Sequence[Grid] = ()
    ) -> Built:
        melt = melted(choice, self.options, notation)
        grid = choice.table.grid
        is_first = self._account is None
        if is_first:
            leave_out(self.noted, melt)
        melt.require_clear()
        self.noted.name_totals(choice.ids)
        built = build(melt, self.options, self.noted)
        built = built._replace(panel=built.panel.with_totals())
        refused = {refusal.series_id for refusal in built.refusals}
        grids = every if is_first and every else [grid]
        account = account_of(grids, melt, refused)
        if self._account is not None:
            header = int((~grid.blank[0]).sum())
            account = _sum(self._account, account, header)
        self._account = account
        self._grid_notes = grid.notes
        self._units.update(built.panel.units)
        return built

    def account(self) -> ReadingAccount | None:
        """Return the account of the cells, once the parts are read."""
        if self._account is None:
            return None
        # Only where rows of later years were left out has the day changed what was read.
        ahead = any(note.code == "future_years" for note in self.noted.notes())
        by_day = ahead and self.options.actuals_until is None
        account = self._account
        if self.filtered is not None:
            account = with_other_series(account, self.filtered.cells_left_out)
        return replace(
            account,
            published=self.noted.forecasts,
            as_of=self.options.as_of if by_day else None,
            unit=next(iter(self._units)) if len(self._units) == 1 else "",
        )

    def notes(self, *, history: bool) -> tuple[Note, ...]:
        """Return notes on rows that were left out, once the parts are read.

        With `history` published forecasts are shown, and so not left out.
        """
        noted = self.noted
        notes = [*self._grid_notes, *noted.notes()]
        if noted.forecasts and not history:
            figures = counted(noted.forecasts, "published forecast")
            text = f"Not history: {figures} of {noted.file}."
            advice = f"Add {option('history', True)} to get them as rows."
            notes.append(Note("published_rows", text, advice=advice))
        unused = sorted({*self.options.breaks} - noted.breaks)
        if unused:
            text = f"No series has values on both sides of a break in {listed(map(str, unused))}."
            advice = "Name the first year on the new basis."
            notes.append(Note("break_unused", text, warning=True, advice=advice))
        if noted.before_gaps:
            values = counted(noted.before_gaps, "value")
            text = f"Not used, being before the last gap of their series: {values}."
            notes.append(Note("before_gaps", text))
        return tuple(notes)


def _names_of(choice: Choice) -> dict[str, str]:
    """Return our names of the chosen columns, with the names that the input has for them."""
    table = choice.table
    roles = table.roles or {}
    names: dict[str, str] = {}
    ids = [table.names[roles["id"]]] if "id" in roles else list(choice.id_columns)
    if len(ids) == 1:
        names["series_id"] = ids[0]
    if table.period_column >= 0:
        names["period"] = table.names[table.period_column]
    if not table.across and len(choice.value_columns) == 1:
        names["value"] = table.names[int(choice.value_columns[0])]
    return names


def joined(parts: Sequence[Built]) -> Built:
    """Join the series of several blocks; the total of a part may come in a later one."""
    if len(parts) == 1:
        return parts[0]
    panel = reduce(Panel.then, (part.panel for part in parts)).with_totals()
    refusals = [refusal for part in parts for refusal in part.refusals]
    return Built(panel, refusals)


def _too_long(choice: Choice) -> InputError:
    return InputError(
        f"series {shown(choice.ids[0])} has more than {MOST_ROWS:,} rows.",
        f"Tell series apart by {option('id_column')}.",
        place=choice.table.grid.place_of(int(choice.table.rows[0]), 0),
    )


def _filled(grid: Grid) -> set[int]:
    """Return the columns with a cell below the header that is not blank."""
    return {*np.flatnonzero(~grid.blank[1:].all(axis=0)).tolist()}


def _sum(first: ReadingAccount, later: ReadingAccount, header: int) -> ReadingAccount:
    """Add up the accounts of two blocks; the cells of the header count once."""
    reasons = dict.fromkeys((*first.skipped, *later.skipped))
    return replace(
        first,
        cells=first.cells + later.cells - header,
        used=first.used + max(later.used - header, 0),
        missing=first.missing + later.missing,
        skipped={why: first.skipped.get(why, 0) + later.skipped.get(why, 0) for why in reasons},
        lines=(*first.lines, *later.lines)[:1000],
    )


def opened(path: str, options: ReadOptions, pipe: Pipe | None = None) -> OpenedInput:
    """Open a file, a folder of Parquet files, or a pipe that `comes_sorted`.

    More than 64 MB are read block by block.
    """
    check(options)
    copy = copy_at(path)
    if copy is not None and options.unit is None:
        options = options._replace(unit=copy.unit or None)
    folder = is_folder(path)
    name = name_of(path.rstrip("/") if folder else path)
    if pipe is None and not folder and status(path).st_size <= MOST_BYTES:
        try:
            whole = grids(read_bytes(path), name, encoding=options.encoding, sheet=options.sheet)
            return OpenedInput(name, options, whole)
        except InputError as error:
            # Text and Parquet files with too many cells for a whole are read in blocks.
            if error.code != "too_large" or read_bytes(path, first=2) in PACKED:
                raise
    if pipe is None and (folder or read_bytes(path, first=4) == PARQUET):
        stream, rows = parquet.blocks(path)
    else:
        stream = blocks.text_blocks(pipe or path, name, options.encoding)
        rows = 0 if pipe else status(path).st_size // BYTES_A_ROW
    filtered = blocks.RowsWhere(stream, options.where) if options.where else None
    if filtered is not None:
        stream = iter(filtered)
    first = next(stream, None)
    if first is None:
        raise InputError(
            f"{name} has a header and no rows.", "Write one row to each year below it."
        )
    return OpenedInput(name, options, [first], stream, rows, filtered)


def comes_sorted(head: bytes, name: str, options: ReadOptions) -> bool:
    """Return True if a text can be read as it comes.

    It then begins with a table of whole series, one after the other.
    """
    head = head[: head.rfind(b"\n") + 1]
    # Of a part of a label only the whole input shows which one is meant.
    if options.where or options.sheet is not None or head.lstrip()[:1] in (b"", b"[", b"<"):
        return False
    try:
        grid = next(blocks.text_blocks(BytesIO(head), name, options.encoding))
        tables = tables_of([grid], name, options)
        choice = choose(tables, options, several=True)
    except (InputError, UsageError, StopIteration):
        return False
    if not choice.id_columns or len(set(grid.widths)) > 1:
        return False
    # With about a row for each series, the input is likely sorted by year.
    whole_series = choice.table.across or len(choice.id_of) > 1.5 * len(choice.ids)
    return whole_series and bool((np.diff(choice.id_of) >= 0).all())


def _require_sorted(choice: Choice, cut: int, hashes: Integers) -> Integers:
    """Refuse series that come back, and return the hashes of all that are over by row `cut`.

    `hashes`, in rising order, are those of the blocks before: a few bytes for each series.
    """
    if not choice.id_columns:
        return hashes
    back = np.flatnonzero(np.diff(choice.id_of) < 0)
    if len(back):
        raise _unsorted(choice, int(back[0]) + 1)
    over = choice.ids[: int(choice.id_of[cut - 1]) + 1] if cut else []
    new = np.fromiter(map(hash, over), dtype=np.int64)
    if len(hashes):
        nearest = hashes[np.minimum(np.searchsorted(hashes, new), len(hashes) - 1)]
        met = np.flatnonzero(nearest == new)
        if len(met):
            raise _unsorted(choice, int(np.searchsorted(choice.id_of, met[0])))
    return np.sort(np.concatenate([hashes, new]), kind="stable")


def _unsorted(choice: Choice, row: int) -> InputError:
    """Make the refusal of a series that comes back, with a command that sorts the input."""
    table = choice.table
    grid = table.grid
    name = choice.ids[choice.id_of[row]]
    columns = [choice.beside.places[column] for column in choice.id_columns]
    headers = [table.names[column] for column in columns]
    header_line = grid.place_of(0, 0).line
    limit = f"{MOST_BYTES >> 20} MB"
    if grid.delimiter:
        command = _sort_lines(grid.file, grid.delimiter, header_line, columns)
    elif header_line:
        command = _sort_records(grid.file, headers)
    else:
        limit = f"{parquet.BLOCK_ROWS:,} rows"
        command = _sort_parquet(grid.file, headers)
    return InputError(
        f"series {shown(name)} comes back after other series, "
        f"and an input of more than {limit} must be sorted.",
        f"Sort it by series: {command}",
        place=grid.place_of(int(table.rows[row]), columns[0]),
        value=name,
    )


def _sort_lines(path: str, delimiter: str, header_line: int, columns: Sequence[int]) -> str:
    """Write the shell command that sorts a delimited text below its header."""
    file = quote(path)
    tabs = delimiter == "\t"
    separator = "-t \"$(printf '\\t')\"" if tabs else quote(f"-t{delimiter}")
    keys = " ".join(f"-k{column + 1},{column + 1}" for column in columns)
    head = f"head -n {header_line} {file}"
    body = f"tail -n +{header_line + 1} {file} | LC_ALL=C sort {separator} {keys}"
    return f"({head}; {body}) > sorted.{'tsv' if tabs else 'csv'}"


def _sort_records(path: str, headers: Sequence[str]) -> str:
    """Write the shell command that sorts records of JSON, one a line."""
    keys = ", ".join(f".{_as_json(header)}" for header in headers)
    return f"jq -cs {quote(f'sort_by({keys})[]')} {quote(path)} > sorted.ndjson"


def _sort_parquet(path: str, headers: Sequence[str]) -> str:
    """Write the shell command that sorts a Parquet file."""
    keys = ", ".join(f'({_as_json(header)}, "ascending")' for header in headers)
    table = f"p.read_table({_as_json(path)}).sort_by([{keys}])"
    program = f'import pyarrow.parquet as p; p.write_table({table}, "sorted.parquet")'
    return f"python -c {quote(program)}"


def _as_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def opened_frame(frame: object, options: ReadOptions) -> OpenedInput:
    """Open a frame as a file is opened. Raises TypeError if it is none."""
    columns, library = memory.opened(frame)
    empty = columns and not len(columns[0][1])
    source = OpenedInput(memory.FRAME, options, [] if empty else [memory.grid_of(columns)])
    source.library = library
    return source
