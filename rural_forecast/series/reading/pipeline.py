"""A file, or standard input, to series: the only way for all commands."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.account import account_of, leave_out, with_account
from rural_forecast.series.reading.build import Builder
from rural_forecast.series.reading.choose import Choice, choose
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.layout import pieces_of
from rural_forecast.series.reading.melt import MOST_FAULTS, Fault, Melt, melted
from rural_forecast.series.reading.options import ReadOptions, check, given_options
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.schema import own_table
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.series.reading.table import Table
from rural_forecast.series.source_names import without_folders
from rural_forecast.series.whole_years import open_parts
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import shortened

_DEFAULT = ReadOptions()
_NO_ROWS = "Write one row to each year below it."


class Reading(NamedTuple):
    """The content of a file that was read."""

    series: tuple[Series, ...]
    faults: list[Fault]
    melt: Melt


def read(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> tuple[Series, ...]:
    """Read every series of a file, or of standard input for `-`; `stdin` is read in place of that of the process."""
    return _made(path, _opened(path, options, stdin), options).series


def read_one(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> Series:
    """Read the one series of a file, or the one that the options choose."""
    return _made(path, _opened(path, options, stdin), options, several=False).series[0]


def read_chosen(path: str, ids: Sequence[str], options: ReadOptions = _DEFAULT) -> tuple[Series, ...]:
    """Read those series of a file that are among `ids`, in the order of these; all of them without any."""
    if not ids:
        return read(path, options)
    opened = _opened(path, options)
    made: list[Series] = []
    missing: list[UsageError] = []
    for wanted in dict.fromkeys(ids):
        try:
            made += _made(path, opened, options._replace(series_id=wanted), several=False).series
        except UsageError as error:
            missing.append(error)
    if not made:
        raise missing[0]
    return tuple(made)


def read_with_faults(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], list[Fault]]:
    """Read what can be read of every series of a file, and keep everything that is refused."""
    made = _made(path, _opened(path, options), options, keep=True)
    return made.series, made.faults


def read_in_part(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], list[Fault]]:
    """Read every series of a file, or those of which no cell is refused; and what is refused."""
    made = _made(path, _opened(path, options), options, keep=True)
    refused = {fault.series_id for fault in made.faults}
    whole = tuple(series for series in made.series if series.id not in refused)
    if made.faults and (not whole or made.melt.choice.table.grid.faults):
        raise made.faults[0].error
    return whole, made.faults


def series_of(
    found: list[Grid], name: str, options: ReadOptions = _DEFAULT, *, several: bool = False
) -> tuple[Series, ...]:
    """The series of grids. Raises InputError or UsageError as in `read`."""
    return _made(name, tables_of(found, name, options), options, several=several).series


def _opened(path: str, options: ReadOptions, stdin: BinaryIO | None = None) -> tuple[list[Grid], list[Table]]:
    check(options)
    name = name_of(path)
    found = grids(read_bytes(path, stdin), name, encoding=options.encoding, sheet=options.sheet)
    return tables_of(found, name, options)


def tables_of(found: list[Grid], name: str, options: ReadOptions) -> tuple[list[Grid], list[Table]]:
    """The tables of grids: rows of our own where there are some, else whatever holds periods beside figures."""
    own = [table for grid in found if (table := own_table(grid, options)) is not None]
    if len(own) == 1:
        if not len(own[0].rows):
            raise InputError(f"{name} has a header and no rows.", _NO_ROWS)
        return found, own
    if doubt := next((grid.doubt for grid in found if grid.doubt is not None), None):
        raise doubt
    pieces = [piece for grid in found for piece in pieces_of(grid, options.period_column)]
    if tables := [table for _, table in pieces if table]:
        return [grid for grid, _ in pieces], tables
    grid, hint = found[0], "A table has a row of years above figures, or a column of years next to them."
    if len(found) == len(grid.index) == 1:
        raise InputError(f"{name} has a header and no rows.", _NO_ROWS)
    if any(note.code == "encoding" for note in grid.notes):
        hint += f" Its encoding may be another: name it with {option('encoding')}."
    if len(found) > 1 or len(grid.index) >= 200:
        raise InputError(f"{name} holds no table of years.", hint)
    names, wanted = ", ".join(map(shown, grid.texts(0)[:8])), options.period_column
    if wanted is not None:
        problem = f"{name} has no column of periods {shown(wanted)} ({option('period_column')})"
        raise UsageError(f"{problem}.", f"Its first row is {names}.", code="unknown_name")
    raise InputError(f"{name} holds no table of years; its first row is {names}.", hint, place=grid.place(0, 0))


def _made(
    path: str, opened: tuple[list[Grid], list[Table]], options: ReadOptions, *, several: bool = True, keep: bool = False
) -> Reading:
    found, tables = opened
    broken = [error for grid in found for error in grid.faults]
    if broken and not keep:
        raise broken[0]
    several = several and options.series_id is None
    choice = choose(tables, options, several=several)
    melt = melted(choice, options)
    if not keep:
        melt.require_clear()
    noted = Noted(without_folders(choice.table.grid.file))
    leave_out(noted, melt)
    if melt.notation.why:
        noted.keep(Note("notation", f"In the numbers of {noted.file}, {melt.notation.why}."))
    builder = Builder(melt, options, noted)
    faults = [Fault(noted.file, error) for error in broken[:MOST_FAULTS]]
    series: list[Series] = []
    there, first = np.unique(melt.key, return_index=True)
    for key in there[np.argsort(first)].tolist():
        made = builder.series(key, faults if keep else None)
        if made is not None:
            series.append(made)
        elif not any(fault.series_id == choice.ids[key] for fault in faults):
            noted.name("empty_series", choice.ids[key])
    if not series and not faults:
        raise _nothing(choice, noted)
    if several:
        noted.name_totals([each.id for each in series])
    table = choice.table
    placed = table.roles is None and table.header != 0
    where = [Note("table_found", f"The table was found at {table.where}.")] if placed else []
    notes = (*table.grid.notes, *where, *noted.notes())
    whole = [_with_open_year(replace(each, reading_notes=notes), path, options) for each in series]
    cells = account_of(found, melt, {fault.series_id for fault in faults})
    return Reading(tuple(with_account(whole, cells, options)), faults, melt)


def _nothing(choice: Choice, noted: Noted) -> InputError:
    table = choice.table
    if table.roles is not None and "kind" in table.roles:
        problem = f"{table.grid.file} holds forecasts only, and no actual values."
        return InputError(problem, f"Make the file anew with {option('history', True)} to include actual values.")
    name = choice.ids[0] if choice.ids else noted.file
    return InputError(f"{table.where}: {shown(name)} has no values.", "Choose another series.")


def _with_open_year(series: Series, path: str, options: ReadOptions) -> Series:
    parts = open_parts(series)
    if not parts:
        return series
    given = (*given_options(options), ("year", parts[-1].year))
    words = [option(name, [value] if name == "where" else value) for name, value in given]
    are = "is a part" if len(parts) == 1 else "are parts"
    said = f"{shortened(list(map(str, parts)))} {are} of an incomplete year and not history."
    command = " ".join(("rural-forecast nowcast", shlex.quote(path), *words))
    note = Note("open_year", said, warning=True, advice=f"See {command}")
    return replace(series, reading_notes=(*series.reading_notes, note))
