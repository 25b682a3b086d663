"""What can be read of a file of which something is refused."""

from __future__ import annotations

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.assemble import assemble
from rural_forecast.series.reading.columns import recognise
from rural_forecast.series.reading.faults import Faults
from rural_forecast.series.reading.grid import DamagedError, TooLargeError
from rural_forecast.series.reading.opened import Input, grid_of, input_of, tables_of
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.pipeline import read_file, require_clear, with_open_year

_DEFAULT = ReadOptions()


def read_with_faults(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read what can be read of every series of a file, and keep everything that is refused.

    Raises
    ------
    InputError, UsageError : as in `read`, where the file as a whole cannot be read
    """
    given, faults = input_of(path, options), Faults()
    found = _plain_with_faults(given, options, faults)
    left = Faults(fault for fault in faults if not fault.missing)
    if found is not None and (left or not faults):
        return found, left
    return read_file(given, path, options, assemble, several=options.series_id is None), Faults()


def read_in_part(path: str, options: ReadOptions = _DEFAULT) -> tuple[tuple[Series, ...], Faults]:
    """Read every series of a file, or those of which no cell is refused; and what is refused.

    Raises
    ------
    InputError, UsageError : as in `read`, where no series can be read, or what is refused is of no one series
    """
    given, several = input_of(path, options), options.series_id is None
    try:
        return read_file(given, path, options, assemble, several=several), Faults()
    except InputError as error:
        if not several or isinstance(error, TooLargeError | DamagedError):
            raise
        best: tuple[tuple[Series, ...], Faults] = (), Faults()
        for way in (_plain_with_faults, _searched_with_faults):
            faults = Faults()
            found = way(given, options, faults) or ()
            refused = {fault.series_id for fault in faults}
            whole = tuple(with_open_year(one, path, options) for one in found if one.id not in refused)
            if "" not in refused and len(whole) > len(best[0]):
                best = whole, faults
        if not best[0]:
            raise
        return best


def _plain_with_faults(given: Input, options: ReadOptions, faults: Faults) -> tuple[Series, ...] | None:
    """What can be read of a plain file; None where it is not plain."""
    if options.where:
        return None
    try:
        grid = grid_of(given, options, faults)
        columns = recognise(grid, options)
        require_clear(given, grid, columns, options)
        return assemble(grid, columns, options, faults=faults)
    except TooLargeError:
        raise
    except (InputError, UsageError):
        return None


def _searched_with_faults(given: Input, options: ReadOptions, faults: Faults) -> tuple[Series, ...] | None:
    """The series of a search that can be read; None where it finds none."""
    from rural_forecast.series.reading.search import SearchError, searched

    try:
        return searched(given.name, tables_of(given, options), options, several=True, faults=faults)
    except (SearchError, InputError, UsageError):
        return None
