"""A file, or standard input, to series: bytes, then a table, then the series that is chosen.

A file in a plain layout, its header first and a row to each period or series, is a grid at once. Any other is searched
for its tables, and a series is chosen by its labels; what was found is brought to a grid as well. The pass that refuses
or assembles is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from rural_forecast.errors import InputError, RuralForecastError, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import assemble, default_id
from rural_forecast.series.reading.columns import Columns, recognise
from rural_forecast.series.reading.faults import Faults
from rural_forecast.series.reading.files import format_of, name_of, read_bytes
from rural_forecast.series.reading.grid import DamagedError, Grid, TooLargeError, identity, label, listed
from rural_forecast.series.reading.options import ReadOptions, check, given_options
from rural_forecast.series.reading.text import decode
from rural_forecast.series.source_names import TEXTS, without_folders
from rural_forecast.series.whole_years import parts_in

if TYPE_CHECKING:
    from rural_forecast.series.reading.search import SearchError
    from rural_forecast.series.reading.table import Table

_DEFAULT = ReadOptions()


class Input(NamedTuple):
    """The bytes of a file, and what they are."""

    name: str
    kind: str
    data: bytes
    said: tuple[Note, ...] = ()
    """What was found out about the bytes."""


MOST_SEARCHED = 1_000_000
"""Cells of a plain file beyond which its refusal stands, unless a series is chosen."""


def _is_chosen(options: ReadOptions) -> bool:
    return options.series_id is not None or options.value_column is not None


class ManySeriesError(InputError):
    """Several series where one is wanted, told apart by a column of ids."""


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

    return _read(path, options, stdin, assemble, several=options.series_id is None)


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

    return _read(path, options, stdin, plainly, several=False)[0]


def read_chosen(path: str, ids: Sequence[str], options: ReadOptions = _DEFAULT) -> tuple[Series, ...]:
    """Read those series of a file that are among `ids`, in the order of these; all of them without any.

    Raises
    ------
    InputError, UsageError : as in `read`; UsageError also where the file has none of them
    """

    def plainly(grid: Grid, columns: Columns, options: ReadOptions) -> tuple[Series, ...]:
        if not ids:
            return assemble(grid, columns, options)
        there = {identity(row[columns.id]) for row in grid.rows} if columns.id >= 0 else {default_id(grid, columns)}
        chosen = [one for one in dict.fromkeys(ids) if one in there] or ids[:1]
        return tuple(assemble(grid, columns, options._replace(series_id=one))[0] for one in chosen)

    return _read(path, options, None, plainly, several=True, ids=tuple(dict.fromkeys(ids)))


def _read(
    path: str,
    options: ReadOptions,
    stdin: BinaryIO | None,
    plainly: Callable[[Grid, Columns, ReadOptions], tuple[Series, ...]],
    *,
    several: bool,
    ids: tuple[str, ...] = (),
) -> tuple[Series, ...]:
    """The series of a plain file, or those that a search of its tables finds."""
    check(options)
    given = input_of(path, options, stdin)
    attempt = _Attempt()
    if not options.where:
        attempt = _plain(given, options, plainly)
        if attempt.refusal is None and attempt.series:
            return tuple(_with_open_year(series, path, options) for series in attempt.series)
    refusal, columns = attempt.refusal, attempt.columns
    from rural_forecast.series.reading.search import SearchError, searched, tables_of

    tables: list[Table] = []
    found: list[Series] = []
    for wanted in ids or (options.series_id,):
        try:
            tables = tables or tables_of(given, options)
            reading = searched(
                given.name, tables, options._replace(series_id=wanted), several=several and wanted is None
            )
        except SearchError as error:
            if ids and isinstance(error.refusal, UsageError) and (found or wanted != ids[-1]):
                continue  # another file may have it
            if columns is not None and columns.id >= 0 and not columns.years and not _is_chosen(options):
                raise refusal or error.refusal from None  # a column of ids says enough
            raise _better(refusal, error, plain=columns is not None) from None
        except (InputError, UsageError) as error:
            raise (error if isinstance(error, DamagedError) else refusal or error) from None
        found += [_with_open_year(series, path, options) for series in reading]
    return tuple(found)


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
        if given.kind == "csv" and given.data.find(b";", 0, 2000) >= 0 and not options.thousands:
            _require_clear(grid, columns, options)
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


def _require_clear(grid: Grid, columns: Columns, options: ReadOptions) -> None:
    """Refuse numbers of a file with semicolons whose point may be either sign."""
    from rural_forecast.series.reading.number_forms import require_clear

    places = columns.years or (columns.value,)
    if not options.decimal_comma:
        cells = [row[place] for row in grid.rows for place in places]
        require_clear(cells, ";" if ";" not in "".join(map(label, grid.header)) else "", str(grid.place(-1, 0)))


def _is_special(head: object) -> bool:
    """Whether only the search understands a column: it says where history ends, or packs several labels into one."""
    text = head.lower() if isinstance(head, str) and len(head) > 10 else ""
    return " after" in text or "last actual" in text or ("\\" in text and "," in text)


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


def _with_open_year(series: Series, path: str, options: ReadOptions) -> Series:
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


def check_kind(kind: str, name: str, options: ReadOptions) -> None:
    """Refuse options that a kind of file has no use for.

    Raises
    ------
    UsageError : sheets or cells of a file that has none
    """
    if kind != "excel" and (options.sheet is not None or options.range is not None):
        raise UsageError(
            f"{name} has no sheets or cell ranges", f"Leave {option('sheet')} and {option('range')} to Excel files."
        )


def read_with_faults(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read what can be read of every series of a file, and keep what is refused.

    Raises
    ------
    InputError, UsageError : as in `read`, where the file as a whole cannot be read
    """
    check(options)
    faults = Faults()
    if not options.where:
        try:
            grid = read_grid(path, options, faults=faults)
            found = assemble(grid, recognise(grid, options), options, faults=faults)
        except TooLargeError:
            raise
        except (InputError, UsageError):  # it may be no plain file
            pass
        else:
            return found, faults
    return read(path, options), Faults()


def read_grid(path: str, options: ReadOptions, stdin: BinaryIO | None = None, *, faults: Faults | None = None) -> Grid:
    """The grid of a plain file."""
    kind = format_of(path, options.input_format)
    name = name_of(path)
    check_kind(kind, name, options)
    return grid_of(Input(name, kind, read_bytes(path, stdin)), options, faults)


def input_of(path: str, options: ReadOptions, stdin: BinaryIO | None) -> Input:
    """The bytes of a file, unpacked, and what they are; their beginning counts more than the suffix."""
    kind = _kind(path, options.input_format)
    name = name_of(path)
    data = read_bytes(path, stdin)
    said: tuple[Note, ...] = ()
    if data[:2] in (b"\x1f\x8b", b"PK", b"\xd0\xcf") and kind in ("csv", "tsv", "json", "ndjson"):
        from rural_forecast.series.reading.unpack import is_workbook, unpacked

        files = unpacked(data, name)
        if len(files) > 1:
            from rural_forecast.series.reading.search import file_of_figures

            inner, data = file_of_figures(name, files, options)
        elif files:
            inner, data = files[0]
        if files:
            fields = {"file": without_folders(name), "inner": inner, "files": len(files)}
            said = (Note("unpacked", fields, warning=len(files) > 1),)
            kind = _kind(inner, options.input_format) if path.lower().endswith(".zip") else kind
        if is_workbook(data):
            kind = "excel"
    elif kind == "excel" and not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) and _looks_like_text(data):
        kind, said = "csv", (Note("no_workbook", {"file": without_folders(name)}),)
    if kind in ("csv", "tsv") and _is_markup(data):
        kind = "markup"
    check_kind(kind, name, options)
    return Input(name, kind, data, said)


def _looks_like_text(data: bytes) -> bool:
    """Whether bytes with the suffix of a workbook are lines of cells, or a page."""
    start = data[:4000]
    lines = any(end in start for end in (b"\n", b"\r")) and any(sign in start for sign in (b"\t", b",", b";", b"|"))
    return lines or _is_markup(data)


def _is_markup(data: bytes) -> bool:
    """Whether bytes are HTML or XML, in whatever encoding."""
    return data[:100].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \r\n\t").startswith(b"<")


def _kind(path: str, input_format: str | None) -> str:
    """The format of a file; what is packed, or a page or a text of another kind, is looked at as text first."""
    lower = path.lower()
    bare = path[:-3] if lower.endswith(".gz") else path
    return "csv" if input_format is None and lower.endswith(TEXTS) else format_of(bare, input_format)


def grid_of(given: Input, options: ReadOptions, faults: Faults | None = None) -> Grid:
    """The grid of a plain file; heavier formats are imported when one is read."""
    name, kind, data = given.name, given.kind, given.data
    if kind == "excel":
        from rural_forecast.series.reading.excel import read_excel

        return read_excel(data, name, options.sheet, options.range)
    if kind == "parquet":
        from rural_forecast.series.reading.parquet import read_parquet

        return read_parquet(data, name)
    if kind == "markup":
        raise InputError(
            f"{name} is XML or HTML, not a table in a plain layout", "Choose its series with 'series read'."
        )
    text = decode(data, name, options.encoding)
    if kind in ("csv", "tsv"):
        from rural_forecast.series.reading.delimited import read_delimited

        return read_delimited(text, name, kind, faults)
    from rural_forecast.series.reading import json_rows

    return json_rows.read_json(text, name) if kind == "json" else json_rows.read_ndjson(text, name, faults)
