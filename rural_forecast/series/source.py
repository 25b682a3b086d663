"""Reads what a SOURCE names: a file, standard input, or a series of the catalogue."""

from __future__ import annotations

import re
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING

from rural_forecast.errors import UsageError, of_file, option
from rural_forecast.series.catalogue import load
from rural_forecast.series.observation import Series
from rural_forecast.series.source_names import SUFFIXES, is_file, split
from rural_forecast.text.cells import shown

if TYPE_CHECKING:
    from rural_forecast.series.reading import ReadOptions


def read(source: str | Path, options: ReadOptions | None = None) -> Series:
    """Read one series: a file, `FILE::SERIES`, '-' for standard input, or an id or alias of the
    catalogue.

    Years of a file that are not over by `options.as_of`, today if left out, are published figures.

    Raises
    ------
    UsageError : the catalogue has no such series, or an extra is missing
    InputError : the file was not found or is refused; the message names the line or cell
    TypeError : it is neither text nor a path

    >>> series = read("rural_online_shopping_turnover")
    >>> series.unit
    'bn CNY'
    """
    require_name(source)
    if isinstance(source, Path) or is_file(source):
        from rural_forecast.series.reading import ReadOptions, read_one

        file, options = chosen(str(source), options or ReadOptions())
        with of_file(file):
            return read_one(file, options.dated())
    try:
        return load().get(source)
    except UsageError as error:
        if re.search(r"\.[a-zA-Z]\w{0,6}$", source) and not Path(source).is_file():
            from rural_forecast.series.reading.source import missing

            with of_file(source):
                raise missing(source) from None
        names = (*(f"{source}{suffix}" for suffix in sorted(SUFFIXES)), source)
        if file := next(filter(isfile, names), ""):
            meant = file if file != source else f"./{file}"
            raise UsageError(
                str(error), f"Did you mean the file {meant}?", code=error.code
            ) from None
        raise


def chosen(source: str, options: ReadOptions) -> tuple[str, ReadOptions]:
    """The file of a source, and the options with the series that `FILE::SERIES` names."""
    file, series = split(source)
    if series is None:
        return file, options
    if not file or not series:
        lacking = "series" if file else "file"
        raise UsageError(
            f"{shown(source)} names no {lacking}.",
            "Write FILE::SERIES; ::SERIES is for second sources.",
        )
    if options.series_id not in (None, series):
        two = f"{shown(source)} and {option('series_id', options.series_id)}"
        raise UsageError(f"{two} choose two series.", "Keep one of them.")
    return file, options._replace(series_id=series)


def require_name(source: object) -> None:
    """Say what takes a frame where a file is wanted. Raises TypeError if it is neither text nor a
    path.
    """
    if not isinstance(source, str | Path):
        how = "rural_forecast.series makes a series of data in memory, forecast_frame takes a frame of many"
        raise TypeError(
            f"A file or the id of a series is wanted, not a {type(source).__name__}: {how}."
        )
