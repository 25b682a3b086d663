"""A file, or standard input, to series: bytes, then text, then a grid, then the pass that refuses or assembles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import assemble, default_id
from rural_forecast.series.reading.columns import recognise
from rural_forecast.series.reading.faults import Faults
from rural_forecast.series.reading.files import format_of, name_of, read_bytes
from rural_forecast.series.reading.grid import Grid, label, listed
from rural_forecast.series.reading.options import ReadOptions, check
from rural_forecast.series.reading.text import decode

_DEFAULT = ReadOptions()


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
    check(options)
    grid = read_grid(path, options, stdin)
    return assemble(grid, recognise(grid, options), options)


def read_one(path: str, options: ReadOptions = _DEFAULT, stdin: BinaryIO | None = None) -> Series:
    """Read the one series of a file, or the one that `options.series_id` names.

    Raises
    ------
    InputError, UsageError : as in `read`; InputError also for several series
    """
    check(options)
    grid = read_grid(path, options, stdin)
    columns = recognise(grid, options)
    if options.series_id is None and columns.id >= 0 and columns.kind < 0:
        _require_one(grid.file, list(dict.fromkeys(label(row[columns.id]) for row in grid.rows)))
    found = assemble(grid, columns, options)
    _require_one(grid.file, [series.id for series in found])
    return found[0]


def read_chosen(path: str, ids: Sequence[str], options: ReadOptions = _DEFAULT) -> tuple[Series, ...]:
    """Read those series of a file that are among `ids`, in the order of these; all of them without any.

    Raises
    ------
    InputError, UsageError : as in `read`; UsageError also where the file has none of them
    """
    check(options)
    grid = read_grid(path, options)
    columns = recognise(grid, options)
    if not ids:
        return assemble(grid, columns, options)
    there = {label(row[columns.id]) for row in grid.rows} if columns.id >= 0 else {default_id(grid, columns)}
    chosen = [one for one in dict.fromkeys(ids) if one in there] or ids[:1]
    return tuple(assemble(grid, columns, options._replace(series_id=one))[0] for one in chosen)


def _require_one(name: str, ids: list[str]) -> None:
    """Refuse several series before any of them is made."""
    if len(ids) > 1 and all(ids):
        raise InputError(
            f"{name.partition('!')[0]} holds {len(ids):,} series, and one is wanted: {listed(ids)}",
            f"Choose one with --series ID, such as --series {listed([min(ids, key=len)])}.",
        )


def check_kind(kind: str, name: str, options: ReadOptions) -> None:
    """Refuse options that a kind of file has no use for.

    Raises
    ------
    UsageError : sheets or cells of a file that has none
    """
    if kind != "excel" and (options.sheet is not None or options.range is not None):
        raise UsageError(f"{name} has no sheets or cell ranges", "Leave --sheet and --range to Excel files.")


def read_with_faults(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read what can be read of every series of a file, and keep what is refused.

    Raises
    ------
    InputError, UsageError : as in `read`, where the file as a whole cannot be read
    """
    check(options)
    faults = Faults()
    grid = read_grid(path, options, faults=faults)
    found = assemble(grid, recognise(grid, options), options, faults=faults)
    return found, faults


def read_grid(path: str, options: ReadOptions, stdin: BinaryIO | None = None, *, faults: Faults | None = None) -> Grid:
    """The grid of a file; heavier formats are imported when one is read."""
    kind = format_of(path, options.input_format)
    name = name_of(path)
    check_kind(kind, name, options)
    data = read_bytes(path, stdin)
    if kind == "excel":
        from rural_forecast.series.reading.excel import read_excel

        return read_excel(data, name, options.sheet, options.range)
    if kind == "parquet":
        from rural_forecast.series.reading.parquet import read_parquet

        return read_parquet(data, name)
    text = decode(data, name, options.encoding)
    if kind in ("csv", "tsv"):
        from rural_forecast.series.reading.delimited import read_delimited

        return read_delimited(text, name, kind, faults)
    from rural_forecast.series.reading import json_rows

    return json_rows.read_json(text, name) if kind == "json" else json_rows.read_ndjson(text, name, faults)
