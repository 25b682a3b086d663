"""A file, or standard input, to series: bytes, then a table, then the series that is chosen.

A file in a plain layout, its header first and a row to each period or series, is a grid at once. Any other is searched
for its tables, and a series is chosen by its labels; what was chosen is brought to a grid as well. The pass that
refuses or assembles is the same for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import assemble
from rural_forecast.series.reading.cells import StatusError
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.faults import MOST, Faults
from rural_forecast.series.reading.grid import DamagedError, Grid, TooLargeError
from rural_forecast.series.reading.opened import Input, grid_of, input_of, tables_of
from rural_forecast.series.reading.options import ReadOptions, given_options
from rural_forecast.series.whole_years import parts_in
from rural_forecast.text.cells import identity

if TYPE_CHECKING:
    from rural_forecast.series.reading.search import SearchError

_DEFAULT = ReadOptions()
MOST_SEARCHED = 1_000_000
"""Cells of a plain file beyond which its refusal stands, unless a series is chosen."""


class ManySeriesError(InputError):
    """Several series where one is wanted, distinguished by a column of ids."""

    code = "choice_needed"


def read(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> tuple[Series, ...]:
    """Read every series of a file.

    `path`: name of a file, or `-` for standard input. `stdin`: what to read for `-`; the standard input of the process
    by default. Returns series in order of appearance, their observations in order of period, each with the place it was
    read at. Raises InputError if the file is not there, or holds something that is refused; the message names the line
    or cell. Raises UsageError if the options do not fit the file, or its format needs an extra that is missing.
    """
    return _read(input_of(path, options, stdin), path, options)


def read_one(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> Series:
    """Read the one series of a file, or the one that `options.series_id` names.

    Raises InputError or UsageError as in `read`; InputError also for several series.
    """
    return _read(input_of(path, options, stdin), path, options, alone=True)[0]


def read_chosen(path: str, ids: Sequence[str], options: ReadOptions = _DEFAULT) -> tuple[Series, ...]:
    """Read those series of a file that are among `ids`, in the order of these; all of them without any.

    Raises InputError or UsageError as in `read`; UsageError also where the file has none of them.
    """
    return _read(input_of(path, options), path, options, ids=tuple(dict.fromkeys(ids)))


def read_with_faults(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read what can be read of every series of a file, and keep everything that is refused.

    Raises InputError or UsageError as in `read`, where the file as a whole cannot be read.
    """
    source, faults = input_of(path, options), Faults()
    series = _plain_with_faults(source, options, faults)
    left = Faults(fault for fault in faults if not fault.missing)
    if series is not None and (not faults or _is_hopeless(series, faults)):
        return series, left
    try:  # a search reads more, such as (12) for -12
        return _read(source, path, options), Faults()
    except (InputError, UsageError):
        if series is None or not left:
            raise
        return series, left


def read_in_part(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read every series of a file, or those of which no cell is refused; and what is refused.

    Raises InputError or UsageError as in `read`, where no series can be read, or what is refused is of no one series.
    """
    source = input_of(path, options)
    try:
        return _read(source, path, options), Faults()
    except InputError as error:
        if options.series_id is not None or isinstance(error, TooLargeError | DamagedError):
            raise
        best: tuple[tuple[Series, ...], Faults] = (), Faults()
        ways = (_plain_with_faults, _searched_with_faults)
        for way in ways[:1] if isinstance(error, StatusError) else ways:
            faults = Faults()
            series = way(source, options, faults) or ()
            refused = {fault.series_id for fault in faults}
            whole = tuple(_with_open_year(each, path, options) for each in series if each.id not in refused)
            if "" not in refused and len(whole) > len(best[0]):
                best = whole, faults
        if not best[0]:
            raise
        return best


def _read(
    source: Input, path: str, options: ReadOptions, *, ids: tuple[str, ...] = (), alone: bool = False
) -> tuple[Series, ...]:
    """The series of a plain file, or those that a search of its tables finds.

    `ids`: the series that are chosen. `alone`: whether one series is wanted.
    """
    series, refusal, columns = ((), None, None) if options.where else _plain(source, options, ids, alone=alone)
    if not series:
        from rural_forecast.series.reading.delimited import CommaInNumberError
        from rural_forecast.series.reading.search import SearchError, searched

        try:
            series = searched(source.name, tables_of(source, options), options, several=not alone, ids=ids)
        except SearchError as error:
            if columns is not None and columns.id >= 0 and not columns.years and not _is_chosen(options):
                raise refusal or error.refusal from None  # a column of ids says enough
            raise _better(refusal, error, plain=columns is not None) from None
        except (InputError, UsageError) as error:
            raise (error if isinstance(error, DamagedError | CommaInNumberError) else refusal or error) from None
    return tuple(_with_open_year(each, path, options) for each in series)


def _plain(
    source: Input, options: ReadOptions, ids: Sequence[str], *, alone: bool
) -> tuple[tuple[Series, ...], RuralForecastError | None, Columns | None]:
    """The series of a plain file; else why it is none, and its columns as far as they are known.

    Raises InputError or UsageError if the file is refused, and a search would find no more.
    """
    if source.kind == "markup":
        return (), None, None
    if source.kind == "excel":
        from rural_forecast.series.reading.excel import open_workbook

        open_workbook(source.data, source.name)  # refuses what cannot be opened
    columns: Columns | None = None
    try:
        grid = grid_of(source, options)
        if any(map(_is_special, grid.header)):
            return (), None, None
        columns = recognise(grid, options)
        _require_clear(grid, columns, options)
        if alone and options.series_id is None and columns.id >= 0 and columns.kind < 0:
            _require_one(grid.file, list(dict.fromkeys(identity(row[columns.id]) for row in grid.rows)))
        series = assemble(grid, columns, options, ids=ids)
        if alone:
            _require_one(grid.file, [each.id for each in series])
        noted = (replace(each, reading_notes=(*source.notes, *each.reading_notes)) for each in series)
        return tuple(noted), None, columns
    except TooLargeError:
        raise
    except (InputError, UsageError) as error:
        if columns is not None and (
            _is_final(columns, error) or (len(grid.rows) * len(grid.header) > MOST_SEARCHED and not _is_chosen(options))
        ):
            raise
        return (), error, columns


def _plain_with_faults(source: Input, options: ReadOptions, faults: Faults) -> tuple[Series, ...] | None:
    """What can be read of a plain file; None where it is not plain."""
    if options.where:
        return None
    try:
        grid = grid_of(source, options, faults)
        columns = recognise(grid, options)
        _require_clear(grid, columns, options)
        return assemble(grid, columns, options, faults=faults)
    except TooLargeError:
        raise
    except (InputError, UsageError):
        return None


def _is_hopeless(series: Sequence[Series], faults: Faults) -> bool:
    """Whether a search, which takes many times as long, surely refuses a few values of a plain file as well."""
    lost = sum(fault.lost for fault in faults)
    return 0 < 4 * lost <= sum(len(each.observations) for each in series) and len(faults) < MOST


def _searched_with_faults(source: Input, options: ReadOptions, faults: Faults) -> tuple[Series, ...] | None:
    """The series of a search that can be read; None where it finds none."""
    from rural_forecast.series.reading.search import SearchError, searched

    try:
        return searched(source.name, tables_of(source, options), options, several=True, faults=faults)
    except (SearchError, InputError, UsageError):
        return None


def _is_chosen(options: ReadOptions) -> bool:
    return options.series_id is not None or options.value_column is not None


def _require_clear(grid: Grid, columns: Columns, options: ReadOptions) -> None:
    """Refuse numbers of a file with semicolons whose point may be either sign."""
    if grid.delimiter == ";" and not (options.thousands or options.decimal_comma):
        from rural_forecast.series.reading.notation import require_clear

        cells = [row[place] for row in grid.rows for place in columns.of_values()]
        require_clear(cells, grid.delimiter, str(grid.place(-1, 0)))


def _is_special(head: object) -> bool:
    """Whether only the search understands a column: it says where history ends, or packs several labels into one."""
    text = head.lower() if isinstance(head, str) and len(head) > 10 else ""
    words = (" after", "last actual", "latest_actual")
    return any(word in text for word in words) or ("\\" in text and "," in text)


def _is_final(columns: Columns, error: RuralForecastError) -> bool:
    """Whether a search could find no more: our own rows, or an id or status column that is understood."""
    many = isinstance(error, ManySeriesError) and not columns.years
    return columns.kind >= 0 or isinstance(error, StatusError) or many


def _better(refusal: RuralForecastError | None, searched: SearchError, *, plain: bool) -> RuralForecastError:
    """The refusal that helps more: that of the search where the file is not plain, or several series are left."""
    from rural_forecast.series.reading.delimited import CommaInNumberError

    cell_refused = isinstance(refusal, InputError) and isinstance(searched.refusal, UsageError) and plain
    if refusal is not None and (cell_refused or isinstance(refusal, CommaInNumberError)):
        return refusal
    unknown = isinstance(refusal, UsageError) and isinstance(searched.refusal, InputError)
    return searched.refusal if refusal is None or not plain or searched.special or unknown else refusal


def _with_open_year(series: Series, path: str, options: ReadOptions) -> Series:
    """The series with a note of the parts after its last whole year, and the command that uses them."""
    years = [obs.period.year for obs in series.observations if obs.period.is_year and obs.status != "forecast"]
    parts = [obs.period for obs in parts_in(series) if years and obs.period.year > max(years)]
    if not parts or series.measure != "flow":
        return series
    fields = {
        "parts": tuple(dict.fromkeys(map(str, parts))),
        "source": path,
        "options": (*given_options(options), ("year", parts[-1].year)),
    }
    return replace(series, reading_notes=(*series.reading_notes, Note("open_year", fields, warning=True)))


def _require_one(name: str, ids: list[str]) -> None:
    """Refuse several series before any of them is made."""
    if len(ids) > 1 and all(ids):
        file = name.partition("!")[0]
        raise ManySeriesError.of("wanted_one_series", name=file, ids=tuple(ids), shortest=min(ids, key=len))
