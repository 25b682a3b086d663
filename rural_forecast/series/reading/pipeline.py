"""A file, or standard input, to series: bytes, then a table, then the series that is chosen.

A file in a plain layout, its header first and a row to each period or series, is a grid at once. Any other is searched
for its tables, and a series is chosen by its labels; what was found is brought to a grid as well. The pass that refuses
or assembles is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from rural_forecast.errors import InputError, RuralForecastError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import assemble
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.grid import DamagedError, Grid, TooLargeError, identity, label, listed
from rural_forecast.series.reading.opened import Input, grid_of, input_of, tables_of
from rural_forecast.series.reading.options import ReadOptions, given_options
from rural_forecast.series.whole_years import parts_in

if TYPE_CHECKING:
    from rural_forecast.series.reading.search import SearchError

_DEFAULT = ReadOptions()


MOST_SEARCHED = 1_000_000
"""Cells of a plain file beyond which its refusal stands, unless a series is chosen."""


def _is_chosen(options: ReadOptions) -> bool:
    return options.series_id is not None or options.value_column is not None


class ManySeriesError(InputError):
    """Several series where one is wanted, told apart by a column of ids."""

    code = "choice_needed"


def read(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> tuple[Series, ...]:
    """Read every series of a file.

    Parameters
    ----------
    path : name of a file, or `-` for standard input
    stdin : what to read for `-`; the standard input of the process by default

    Returns
    -------
    Series in order of appearance, their observations in order of period, each with the place it was read at

    Raises
    ------
    InputError : the file is not there, or holds something that is refused; the message names the line or cell
    UsageError : the options do not fit the file, or its format needs an extra that is missing
    """

    return read_file(input_of(path, options, stdin), path, options, assemble, several=options.series_id is None)


def read_one(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> Series:
    """Read the one series of a file, or the one that `options.series_id` names.

    Raises
    ------
    InputError, UsageError : as in `read`; InputError also for several series
    """

    def plainly(grid: Grid, columns: Columns, options: ReadOptions) -> tuple[Series, ...]:
        if options.series_id is None and columns.id >= 0 and columns.kind < 0:
            _require_one(grid.file, list(dict.fromkeys(identity(row[columns.id]) for row in grid.rows)))
        found = assemble(grid, columns, options)
        _require_one(grid.file, [series.id for series in found])
        return found

    return read_file(input_of(path, options, stdin), path, options, plainly, several=False)[0]


def read_chosen(path: str, ids: Sequence[str], options: ReadOptions = _DEFAULT) -> tuple[Series, ...]:
    """Read those series of a file that are among `ids`, in the order of these; all of them without any.

    Raises
    ------
    InputError, UsageError : as in `read`; UsageError also where the file has none of them
    """

    wanted = tuple(dict.fromkeys(ids))
    return read_file(input_of(path, options), path, options, partial(assemble, ids=wanted), several=True, ids=wanted)


def read_file(
    given: Input,
    path: str,
    options: ReadOptions,
    plainly: Callable[[Grid, Columns, ReadOptions], tuple[Series, ...]],
    *,
    several: bool,
    ids: tuple[str, ...] = (),
) -> tuple[Series, ...]:
    """The series of a plain file, or those that a search of its tables finds."""
    attempt = _Attempt()
    if not options.where:
        attempt = _plain(given, options, plainly)
        if attempt.refusal is None and attempt.series:
            return tuple(with_open_year(series, path, options) for series in attempt.series)
    refusal, columns = attempt.refusal, attempt.columns
    from rural_forecast.series.reading.delimited import CommaInNumberError
    from rural_forecast.series.reading.search import SearchError, searched

    try:
        found = searched(given.name, tables_of(given, options), options, several=several, ids=ids)
    except SearchError as error:
        if columns is not None and columns.id >= 0 and not columns.years and not _is_chosen(options):
            raise refusal or error.refusal from None  # a column of ids says enough
        raise _better(refusal, error, plain=columns is not None) from None
    except (InputError, UsageError) as error:
        raise (error if isinstance(error, DamagedError | CommaInNumberError) else refusal or error) from None
    return tuple(with_open_year(series, path, options) for series in found)


class _Attempt(NamedTuple):
    """What came of reading a file as a plain one."""

    series: tuple[Series, ...] = ()
    refusal: RuralForecastError | None = None
    columns: Columns | None = None


def _plain(
    given: Input,
    options: ReadOptions,
    plainly: Callable[[Grid, Columns, ReadOptions], tuple[Series, ...]],
) -> _Attempt:
    """The series of a plain file, or why it is none.

    Raises
    ------
    InputError, UsageError : the file is refused, and a search would find no more
    """
    if given.kind == "markup":
        return _Attempt()
    if given.kind == "excel":
        from rural_forecast.series.reading.excel import open_workbook

        open_workbook(given.data, given.name)  # refuses what cannot be opened
    columns: Columns | None = None
    try:
        grid = grid_of(given, options)
        if any(map(_is_special, grid.header)):
            return _Attempt()
        columns = recognise(grid, options)
        require_clear(given, grid, columns, options)
        return _Attempt(tuple(_noted(series, given.said) for series in plainly(grid, columns, options)))
    except TooLargeError:
        raise
    except (InputError, UsageError) as error:
        if columns is None and given.kind not in ("excel", "parquet") and not _is_utf8(given.data):
            return _Attempt(refusal=error)
        if columns is not None and len(grid.rows) * len(grid.header) > MOST_SEARCHED and not _is_chosen(options):
            raise
        if _is_final(given, columns, error):
            raise
        return _Attempt((), error, columns)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def require_clear(given: Input, grid: Grid, columns: Columns, options: ReadOptions) -> None:
    """Refuse numbers of a file with semicolons whose point may be either sign."""
    if given.kind != "csv" or given.data.find(b";", 0, 2000) < 0 or options.thousands or options.decimal_comma:
        return
    from rural_forecast.series.reading import notation

    cells = [row[place] for row in grid.rows for place in columns.of_values()]
    notation.require_clear(cells, ";" if ";" not in "".join(map(label, grid.header)) else "", str(grid.place(-1, 0)))


def _is_special(head: object) -> bool:
    """Whether only the search understands a column: it says where history ends, or packs several labels into one."""
    text = head.lower() if isinstance(head, str) and len(head) > 10 else ""
    return (
        " after" in text
        or any(word in text for word in ("last actual", "latest_actual"))
        or ("\\" in text and "," in text)
    )


def _is_final(given: Input, columns: Columns | None, error: RuralForecastError) -> bool:
    """Whether a search could find no more: our own rows, an id column that tells series apart, or a damaged file."""
    if columns is None:
        return given.kind == "parquet" or isinstance(error, ManySeriesError)
    return columns.kind >= 0 or (isinstance(error, ManySeriesError) and not columns.years)


def _better(refusal: RuralForecastError | None, searched: SearchError, *, plain: bool) -> RuralForecastError:
    """The refusal that helps more: that of the search where the file is not plain, or several series are left."""
    from rural_forecast.series.reading.delimited import CommaInNumberError

    found = isinstance(refusal, InputError) and isinstance(searched.refusal, UsageError) and plain
    if isinstance(refusal, CommaInNumberError) or (refusal is not None and found):
        return refusal
    unknown = isinstance(refusal, UsageError) and isinstance(searched.refusal, InputError)
    return searched.refusal if refusal is None or not plain or searched.special or unknown else refusal


def _noted(series: Series, said: Sequence[Note]) -> Series:
    """The series with notes of how its bytes were read."""
    return replace(series, reading_notes=(*said, *series.reading_notes)) if said else series


def with_open_year(series: Series, path: str, options: ReadOptions) -> Series:
    """The series with a note of the parts after its last whole year, and the command that uses them."""
    years = [one.period.year for one in series.observations if one.period.is_year and one.status != "forecast"]
    parts = [one.period for one in parts_in(series) if years and one.period.year > max(years)]
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
        raise ManySeriesError(
            f"{name.partition('!')[0]} holds {len(ids):,} series, and one is wanted: {listed(ids)}",
            f"Choose one with {option('series_id')}, such as {option('series_id', min(ids, key=len))}.",
        )
