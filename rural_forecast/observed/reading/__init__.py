"""Reads the files of users and of publishers: one path for all formats, layouts and commands.

    bytes -> grids -> tables -> choice -> values -> series

1. `source` gets bytes and text, `formats` make grids of them: cells, each distinct one read once as
   a period, a number or a label.
2. `layout` cuts a grid to pieces with one table each: rows by columns, with the periods on one of
   these two sides. `down` finds those with a column of periods. Rows whose columns all have our
   names are read by `schema`.
3. `columns` sorts the columns next to the periods. `choose` takes the series that are asked for, or
   asks.
4. `melt` puts their values one below the other, `descriptions` finds what the file says of them,
   `build` makes series of them, `history_end` parts history from figures for later years.
5. `account` counts what became of every cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

import numpy as np

from rural_forecast.errors import InputError, RuralForecastError, UsageError, command, option
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import open_parts
from rural_forecast.observed.reading.account import Noted, account_of, completed, leave_out
from rural_forecast.observed.reading.build import Builder
from rural_forecast.observed.reading.choose import choose
from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.layout import tables_in
from rural_forecast.observed.reading.melt import MOST_FAULTS, Fault, Melt, melted
from rural_forecast.observed.reading.options import ReadOptions, check
from rural_forecast.observed.reading.schema import own_table
from rural_forecast.observed.reading.source import name_of, read_bytes
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.totals import totals_beside
from rural_forecast.observed.reading.year_sheets import joined_by_year
from rural_forecast.observed.source_names import without_folders
from rural_forecast.system.addresses import Copy
from rural_forecast.system.copies import copy_at
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import shortened

__all__ = ["Fault", "ReadOptions", "read", "read_chosen", "read_in_part", "read_one"]
_DEFAULT = ReadOptions()
_NO_ROWS = "Write one row to each year below it."
_MANY_ROWS = 200  # of a file whose first row is then most likely no header to quote


@dataclass(frozen=True)
class _OpenedSource:
    """A source with its grids, and the tables in them."""

    path: str  # as typed, or the name of a grid
    grids: Sequence[Grid]
    tables: Sequence[PeriodTable]


def read(
    source: str | Grid, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None
) -> tuple[Series, ...]:
    """Read every series of a file, `-` for standard input, or a grid.

    `stdin` is read in place of the standard input of the process.
    """
    return _series(_opened(source, options, stdin), options)


def read_one(
    source: str | Grid, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None
) -> Series:
    """Read the one series of a file or a grid, or the one that the options choose."""
    return _series(_opened(source, options, stdin), options, several=False)[0]


def read_chosen(
    path: str, names: Sequence[str], options: ReadOptions = _DEFAULT
) -> dict[str, Series]:
    """Read the series of a file that have one of the names, in the order of these.

    Without names all series are read. Raises UsageError if none has one of the names.
    """
    opened = _opened(path, options)
    if not names:
        return {series.id: series for series in _series(opened, options)}
    chosen: dict[str, Series] = {}
    missing: list[UsageError] = []
    for name in names:
        try:
            (chosen[name],) = _series(opened, options._replace(series_id=name), several=False)
        except UsageError as error:
            missing.append(error)
    if not chosen:
        raise missing[0]
    return chosen


def read_in_part(
    path: str, options: ReadOptions = _DEFAULT, *, refused: bool = False
) -> tuple[tuple[Series, ...], list[Fault]]:
    """Read the series of a file of which no cell is refused, and list all faults.

    With `refused` the series of refused cells are read as well, without these cells.
    """
    faults: list[Fault] = []
    opened = _opened(path, options, faults=faults if refused else None)
    read_series = _series(opened, options, faults=faults)
    if refused:
        return read_series, faults
    faulty = {fault.series_id for fault in faults}
    whole = tuple(series for series in read_series if series.id not in faulty)
    if faulty and not whole:
        raise faults[0].error
    return whole, faults


def _opened(
    source: str | Grid,
    options: ReadOptions,
    stdin: BinaryIO | None = None,
    faults: list[Fault] | None = None,
) -> _OpenedSource:
    check(options)
    if isinstance(source, Grid):
        return _OpenedSource(
            source.name, [source], tables_of([source], source.name, options, faults)
        )
    name = name_of(source)
    data = read_bytes(source, stdin)
    sheets = grids(data, name, encoding=options.encoding, sheet=options.sheet)
    return _OpenedSource(source, sheets, tables_of(sheets, name, options, faults))


def tables_of(
    sheets: Sequence[Grid], name: str, options: ReadOptions, faults: list[Fault] | None = None
) -> Sequence[PeriodTable]:
    """Find the tables of grids; rows of our own go before any other.

    `faults` keeps unreadable lines, in place of an error.
    """
    broken = [error for grid in sheets for error in grid.faults]
    if broken and faults is None:
        raise broken[0]
    if faults is not None:
        faults += [Fault(without_folders(name), error) for error in broken[:MOST_FAULTS]]

    tables_of_ours = (own_table(grid, options) for grid in sheets)
    own = [table for table in tables_of_ours if table is not None]
    if len(own) == 1:
        if not len(own[0].rows):
            raise InputError(f"{name} has a header and no rows.", _NO_ROWS)
        return own
    doubt = next((grid.doubt for grid in sheets if grid.doubt is not None), None)
    if doubt is not None:
        raise doubt
    tables: list[PeriodTable] = []
    for number, grid in enumerate(sheets, start=1):
        in_grid = tables_in(grid, options.period_column)
        if len(sheets) > 1 and not grid.sheet:  # the data sets of a JSON document, say
            title = grid.about.get("", {}).get("title", "") or "table"
            titles = [other.about.get("", {}).get("title", "") for other in sheets]
            if titles.count(title) != 1:
                title = f"{title} {number}"
            in_grid = [table.named(title) for table in in_grid]
        tables += in_grid
    joined = None if tables else joined_by_year(sheets)
    if joined is not None:
        tables = tables_in(joined, options.period_column)
    if not tables:
        raise _no_table(sheets, name, options)
    # A sheet that is still to be filled in is no choice next to one that is.
    return [table for table in tables if table.has_figures] or tables


def _no_table(sheets: Sequence[Grid], name: str, options: ReadOptions) -> RuralForecastError:
    """Refuse a file without a table of years, by the most likely reason."""
    grid = sheets[0]
    if len(sheets) == len(grid.index) == 1:
        return InputError(f"{name} has a header and no rows.", _NO_ROWS)
    first_row = ", ".join(map(shown, grid.texts(0)[:8]))
    if options.period_column is not None:
        column = shown(options.period_column)
        problem = f"{name} has no column of periods {column} ({option('period_column')})."
        return UsageError(problem, f"Its first row is {first_row}.", code="unknown_name")
    hint = "A table has a row of years above figures, or a column of years next to them."
    if any(note.code == "encoding" for note in grid.notes):
        hint += f" Its encoding may be another: name it with {option('encoding')}."
    if len(sheets) > 1 or len(grid.index) >= _MANY_ROWS:
        return InputError(f"{name} holds no table of years.", hint)
    problem = f"{name} holds no table of years; its first row is {first_row}."
    return InputError(problem, hint, place=grid.place_of(0, 0))


def _series(
    opened: _OpenedSource,
    options: ReadOptions,
    *,
    several: bool = True,
    faults: list[Fault] | None = None,
) -> tuple[Series, ...]:
    """Read the series of tables, all with `several`, unless the options name one.

    `faults` keeps what is refused, in place of an error for the first.
    """
    several = several and options.series_id is None
    choice = choose(opened.tables, options, several=several)
    table = choice.table
    melt = melted(choice, options)
    if faults is None:
        melt.require_clear()
    noted = Noted(without_folders(table.grid.file))
    leave_out(noted, melt)
    if melt.notation.why:
        noted.keep(Note("notation", f"In the numbers of {noted.file}, {melt.notation.why}."))
    built = _built(melt, options, noted, faults)
    if not built and not faults:
        raise _no_values(choice, noted.file)
    if several:
        noted.name_totals([series.id for series in built])
    elif built:
        built[0] = replace(built[0], totals=totals_beside(choice))
    notes = [*table.grid.notes]
    if table.roles is None and table.header_row != 0:
        notes.append(Note("table_found", f"The table was found at {table.where}."))
    notes += noted.notes()
    notes_of_each = [(*notes, *_on_open_year(series, opened.path, options)) for series in built]
    faulty = {fault.series_id for fault in faults or ()}
    account = completed(account_of(opened.grids, melt, faulty), built, notes_of_each, options)
    all_series = [
        replace(series, reading_notes=reading_notes, account=account)
        for series, reading_notes in zip(built, notes_of_each, strict=True)
    ]
    copy = copy_at(opened.path)
    if copy is None:
        return tuple(all_series)
    alone = len(all_series) == 1 and options.series_id is None
    return tuple(_of_address(series, copy, alone=alone) for series in all_series)


def _of_address(series: Series, copy: Copy, *, alone: bool) -> Series:
    """The series with what its publisher says of it, and where it was fetched.

    One that is `alone` has the name by which it was asked for.
    """
    facts = (
        f"fetched {copy.day}",
        f"last updated {copy.updated}" if copy.updated else "",
        f"licence {copy.licence}" if copy.licence else "",
    )
    source = " ".join(
        filter(None, (copy.named or copy.address, copy.named and f"({copy.address})"))
    )
    return replace(
        series,
        reading_notes=(
            *series.reading_notes,
            Note(
                "address", f"Data of {copy.publisher}, {', '.join(filter(None, facts))}: {source}."
            ),
        ),
        id=copy.named if alone and copy.named else series.id,
        title=copy.title or series.title,
        unit=series.unit or copy.unit,
        publisher=copy.publisher if copy.named else series.publisher or copy.publisher,
        origin=copy,
    )


def _built(
    melt: Melt, options: ReadOptions, noted: Noted, faults: list[Fault] | None
) -> list[Series]:
    """Build the series of a melt, in order of appearance, and note those without any value."""
    builder = Builder(melt, options, noted)
    built: list[Series] = []
    ids, first = np.unique(melt.id_of, return_index=True)
    for index in ids[np.argsort(first)].tolist():
        before = len(faults or ())
        series = builder.series(index, faults)
        if series is not None:
            built.append(series)
        elif len(faults or ()) == before:
            noted.name("empty_series", melt.choice.ids[index])
    return built


def _no_values(choice: Choice, file: str) -> InputError:
    table = choice.table
    if table.roles is not None and "kind" in table.roles:  # rows that we wrote
        problem = f"{table.grid.file} holds forecasts only, and no actual values."
        return InputError(problem, f"Make the file anew with {option('history', True)}.")
    name = shown(choice.ids[0] if choice.ids else file)
    return InputError(f"{table.where}: {name} has no values.", "Choose another series.")


def _on_open_year(series: Series, path: str, options: ReadOptions) -> list[Note]:
    """Note parts of a year that is not over, with the nowcast that uses them."""
    parts = open_parts(series)
    if not parts:
        return []
    stated: dict[str, object] = {}
    for name, value in options._asdict().items():
        if value and name not in ("as_of", "until"):
            stated[name] = [*value] if name == "where" else value
    periods = shortened(list(map(str, parts)))
    return [
        Note(
            "open_year",
            f"Not history, as the year is incomplete: {periods}.",
            warning=True,
            advice=f"See {command('nowcast', path, **stated, year=parts[-1].year)}",
        )
    ]
