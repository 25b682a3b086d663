"""Reading the files of users and of publishers: one path for all formats, layouts and commands.

    bytes -> grids -> tables -> choice -> values -> series

1. `source` gets bytes and text, `formats` grids: cells, each distinct one read once as a period, a
number or a label. 2. `layout` cuts a grid to pieces with one table each: rows by columns, the
periods on one of these two sides; `down`
   finds those with a column of periods. Rows whose columns all have our names are read by `schema`.
3. `columns` sorts the columns next to the periods, `choose` takes the series that are asked for, or
asks. 4. `melt` puts their values one below the other, with what the file says of them, `build`
makes series of them. 5. What became of every cell is counted and said in `account`.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Series
from rural_forecast.series.preference import open_parts
from rural_forecast.series.reading.account import Noted, account_of, leave_out, with_account
from rural_forecast.series.reading.build import Builder
from rural_forecast.series.reading.choose import choose
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid, PeriodTable
from rural_forecast.series.reading.layout import tables_in
from rural_forecast.series.reading.melt import MOST_FAULTS, Fault, melted
from rural_forecast.series.reading.options import ReadOptions, check
from rural_forecast.series.reading.schema import own_table
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import shortened

__all__ = ["Fault", "ReadOptions", "read", "read_chosen", "read_in_part", "read_one"]
_DEFAULT = ReadOptions()
_NO_ROWS = "Write one row to each year below it."
Tables = tuple[Sequence[Grid], Sequence[PeriodTable]]


def read(
    source: str | Grid, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None
) -> tuple[Series, ...]:
    """Read every series of a file, `-` for standard input, or a grid; `stdin` is read in place of
    the process's own.
    """
    return _series(source, _tables(source, options, stdin), options)


def read_one(
    source: str | Grid, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None
) -> Series:
    """Read the one series of a file or a grid, or the one that the options choose."""
    return _series(source, _tables(source, options, stdin), options, several=False)[0]


def read_chosen(
    path: str, names: Sequence[str], options: ReadOptions = _DEFAULT
) -> dict[str, Series]:
    """Read those series of a file that have one of the names, by name in the order of these; all
    without any.
    """
    tables = _tables(path, options)
    if not names:
        return {series.id: series for series in _series(path, tables, options)}
    made: dict[str, Series] = {}
    missing: list[UsageError] = []
    for name in names:
        try:
            (made[name],) = _series(path, tables, options._replace(series_id=name), several=False)
        except UsageError as error:
            missing.append(error)
    if not made:
        raise missing[0]
    return made


def read_in_part(
    path: str, options: ReadOptions = _DEFAULT, *, refused: bool = False
) -> tuple[tuple[Series, ...], list[Fault]]:
    """Read the series of a file of which no cell is refused, with `refused` what is left of others;
    and all faults.
    """
    faults: list[Fault] = []
    made = _series(
        path, _tables(path, options, faults=faults if refused else None), options, faults=faults
    )
    faulty = set() if refused else {fault.series_id for fault in faults}
    whole = tuple(series for series in made if series.id not in faulty)
    if faulty and not whole:
        raise faults[0].error
    return whole, faults


def _tables(
    source: str | Grid,
    options: ReadOptions,
    stdin: BinaryIO | None = None,
    faults: list[Fault] | None = None,
) -> Tables:
    check(options)
    if isinstance(source, Grid):
        return tables_of([source], source.name, options, faults)
    name = name_of(source)
    found = grids(read_bytes(source, stdin), name, encoding=options.encoding, sheet=options.sheet)
    return tables_of(found, name, options, faults)


def tables_of(
    found: Sequence[Grid], name: str, options: ReadOptions, faults: list[Fault] | None = None
) -> Tables:
    """The tables of grids, our own rows before any other; `faults` keeps unreadable lines, in place
    of an error.
    """
    if broken := [error for grid in found for error in grid.faults]:
        if faults is None:
            raise broken[0]
        faults += [Fault(without_folders(name), error) for error in broken[:MOST_FAULTS]]
    own = [table for grid in found if (table := own_table(grid, options)) is not None]
    if len(own) == 1:
        if not len(own[0].rows):
            raise InputError(f"{name} has a header and no rows.", _NO_ROWS)
        return found, own
    if doubt := next((grid.doubt for grid in found if grid.doubt is not None), None):
        raise doubt
    if tables := [table for grid in found for table in tables_in(grid, options.period_column)]:
        return found, tables
    grid = found[0]
    hint = "A table has a row of years above figures, or a column of years next to them."
    if len(found) == len(grid.index) == 1:
        raise InputError(f"{name} has a header and no rows.", _NO_ROWS)
    if any(note.code == "encoding" for note in grid.notes):
        hint += f" Its encoding may be another: name it with {option('encoding')}."
    names = ", ".join(map(shown, grid.texts(0)[:8]))
    if options.period_column is not None:
        problem = f"{name} has no column of periods {shown(options.period_column)} ({option('period_column')})."
        raise UsageError(problem, f"Its first row is {names}.", code="unknown_name")
    if len(found) > 1 or len(grid.index) >= 200:
        raise InputError(f"{name} holds no table of years.", hint)
    raise InputError(
        f"{name} holds no table of years; its first row is {names}.",
        hint,
        place=grid.place_of(0, 0),
    )


def _series(
    source: str | Grid,
    tables: Tables,
    options: ReadOptions,
    *,
    several: bool = True,
    faults: list[Fault] | None = None,
) -> tuple[Series, ...]:
    """The series of tables; `faults` keeps what is refused, in place of an error for the first."""
    several = several and options.series_id is None
    choice = choose(tables[1], options, several=several)
    table = choice.table
    melt = melted(choice, options)
    if faults is None:
        melt.require_clear()
    noted = Noted(without_folders(table.grid.file))
    leave_out(noted, melt)
    if melt.notation.why:
        noted.keep(Note("notation", f"In the numbers of {noted.file}, {melt.notation.why}."))
    builder = Builder(melt, options, noted)
    made: list[Series] = []
    there, first = np.unique(melt.id_of, return_index=True)
    for key in there[np.argsort(first)].tolist():
        before = len(faults or ())
        series = builder.series(key, faults)
        if series is not None:
            made.append(series)
        elif len(faults or ()) == before:
            noted.name("empty_series", choice.ids[key])
    if not made and not faults:
        if table.roles is not None and "kind" in table.roles:
            problem = f"{table.grid.file} holds forecasts only, and no actual values."
            raise InputError(problem, f"Make the file anew with {option('history', True)}.")
        name = shown(choice.ids[0] if choice.ids else noted.file)
        raise InputError(f"{table.where}: {name} has no values.", "Choose another series.")
    if several:
        noted.name_totals([each.id for each in made])
    placed = table.roles is None and table.header_row != 0
    where = [Note("table_found", f"The table was found at {table.where}.")] if placed else []
    notes = (*table.grid.notes, *where, *noted.notes())
    path = source if isinstance(source, str) else source.name
    whole = [
        replace(each, reading_notes=(*notes, *_on_open_year(each, path, options))) for each in made
    ]
    cells = account_of(tables[0], melt, {fault.series_id for fault in faults or ()})
    return tuple(with_account(whole, cells, options))


def _on_open_year(series: Series, path: str, options: ReadOptions) -> list[Note]:
    parts = open_parts(series)
    if not parts:
        return []
    given = {name: value for name, value in options._asdict().items() if value and name != "as_of"}
    conditions = [option("where", [one]) for one in given.pop("where", ())]
    words = [
        *(option(name, value) for name, value in given.items()),
        *conditions,
        option("year", parts[-1].year),
    ]
    said = f"Not history, as the year is incomplete: {shortened(list(map(str, parts)))}."
    command = " ".join(("rural-forecast nowcast", shlex.quote(path), *words))
    return [Note("open_year", said, warning=True, advice=f"See {command}")]
