"""Read the series that a command is about; an input that changes meanwhile is refused, as the numbers mix versions."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rural_forecast.cli import streams
from rural_forecast.cli.arguments import Terms, of_series, read_options, terms
from rural_forecast.errors import InputError, RuralForecastError, UsageError, of_file
from rural_forecast.series.source import chosen, read
from rural_forecast.series.source_names import DEFAULT_SERIES, in_file_of, is_file, is_folder, split
from rural_forecast.text.cells import quoted

if TYPE_CHECKING:
    from datetime import date

    from rural_forecast.cli.options import Markets, Question, Reading
    from rural_forecast.cli.running import Run
    from rural_forecast.document.table import Remark
    from rural_forecast.series.observation import Series
    from rural_forecast.series.reading import Fault

STANDARD_INPUT = frozenset({"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
"""Names of it."""


def series(source: str | None, reading: Reading, run: Run, as_of: date | None = None) -> Series:
    """Read the series a command is about: a file, standard input, or one of the catalogue."""
    if source is None:
        source = _default(run)
    if not is_file(source):
        series = read(source)
    else:
        file, options = chosen(source, read_options(reading, source, as_of))
        with _open(file, run) as path:
            series = read(path, options)
    after_reading((series,), run)
    return series


def market(source: str | None, asked: Question, reading: Reading, run: Run) -> tuple[Terms, dict[str, Any]]:
    """Read a series, and put it and the options of its forecast in the terms that are asked for."""
    options = of_series(asked, reading)
    return terms(asked.money, asked.prices, series(source, reading, run, asked.window.as_of), options), options


def _default(run: Run) -> str:
    """The default series, named on standard error also under `-q`: it is easily not the one meant."""
    advice = "" if streams.is_terminal("stdin") else "; give '-' to read standard input"
    run.notice(f"note: no SOURCE given, using {DEFAULT_SERIES}{advice}")
    if streams.data_waits():
        run.notice("warning: there is data on standard input, and it is not read; give '-' to read it")
    return DEFAULT_SERIES


def after_reading(read_series: Sequence[Series], run: Run, *, always: bool = False) -> None:
    """Keep the accounts of what was read, and print them where they are asked for."""
    run.protect_inputs()
    accounts = list({id(series.account): series.account for series in read_series if series.account}.values())
    run.accounts.extend(accounts)
    if run.verbose:
        for series in read_series:
            run.say(f"read {series.id}: {len(series.observations)} observations from {series.file or 'the catalogue'}")
        for note in dict.fromkeys(note for series in read_series for note in series.reading_notes if not note.warning):
            run.say(str(note))
    if run.verbose or always:
        from rural_forecast.views.tidy import account_lines

        for account in accounts:
            for line in account_lines(account):
                run.say(line)


def several(sources: Sequence[str] | None, reading: Reading, run: Run, as_of: date | None = None) -> tuple[Series, ...]:
    """Read every series of several sources; `--series` chooses among those of a file.

    Raises UsageError if a series is chosen that none of the files has.
    """
    series_read: list[Series] = []
    missing = dict.fromkeys(reading.series or ())
    before = ""
    for named in sources or (None,):
        source = named and in_file_of(named, before)
        if source is None or not is_file(source):
            series_read.append(series(source, reading, run, as_of))
            continue
        before = source
        series_of_file = _of_file(source, reading, run, as_of)
        for single in series_of_file:
            missing.pop(single.id, None)
        after_reading(series_of_file, run)
        series_read.extend(series_of_file)
    if missing:
        raise UsageError(
            f"No file has a series {quoted(list(missing))}.",
            f"Leave it out, or name the file that has it; used are {quoted([single.id for single in series_read])}.",
            code="unknown_name",
        )
    return tuple(series_read)


def others(markets: Markets, main: str | None, reading: Reading, run: Run, as_of: date | None = None) -> dict[str, Any]:
    """Read other markets, as arguments of a forecast; those of the main file as the main series.

    Raises UsageError if a total is not one series.
    """

    def of(source: str) -> Sequence[Series]:
        if not is_file(source):
            return (read(source),)
        same = main is not None and split(source)[0] == split(main)[0]
        chosen_as = replace(reading, series=None) if same else type(reading)()
        return _of_file(source, replace(chosen_as, allow_gaps=True), run, as_of)

    found: dict[str, Any] = {}
    if markets.like:
        found["like"] = [series for source in markets.like for series in of(source)]
    if markets.within:
        total, *more = of(markets.within)
        if more:
            names = quoted([total.id, *(series.id for series in more)])
            raise UsageError(f"--within {markets.within} has {1 + len(more)} series: {names}.", "Write FILE::SERIES.")
        found["within"] = total
    run.protect_inputs()
    return found


def _of_file(source: str, reading: Reading, run: Run, as_of: date | None) -> tuple[Series, ...]:
    """The series of a file that is named with it, or those that `--series` names, or all."""
    from rural_forecast.series.reading import read_chosen

    file, options = chosen(source, read_options(replace(reading, series=None), source, as_of))
    ids = tuple(reading.series or ()) if options.series_id is None else (options.series_id,)
    with _open(file, run) as path:
        return read_chosen(path, ids, options._replace(series_id=None))


def path_of(source: str) -> str:
    """The path of a file, `-` for standard input under each of its names.

    Raises UsageError if a series of it is named.
    """
    file, series = split(source)
    if series is not None:
        raise UsageError(f"{quoted([source])} names one series, and the whole file is wanted.", f"Name {file} alone.")
    return "-" if source in STANDARD_INPUT else source


def every(
    source: str | None, reading: Reading, run: Run, *, refused: bool
) -> tuple[tuple[Series, ...], Sequence[Fault]]:
    """Read every series of a file, with the faults of what cannot be read; or one series of the catalogue.

    `refused`: whether series with a fault are among them; otherwise they are left out, and the account is printed.
    Raises UsageError if a series is chosen that the file does not have.
    """
    from rural_forecast.series.reading import read_in_part, read_with_faults

    if source is None or not is_file(source):
        return (series(source, reading, run),), ()
    file, options = chosen(source, read_options(reading, source))
    with _open(file, run) as path:
        all_series, faults = (read_with_faults if refused else read_in_part)(path, options)
    after_reading(all_series, run, always=not refused)
    return all_series, faults


def of_one(name: str, notes: Iterable[Remark]) -> list[Remark]:
    """The notes of one of several series: findings name the series, notes on the file do not."""
    from rural_forecast.series.findings import OF_VALUES

    return [note.about(name) if note.code in (*OF_VALUES, "growth") else note for note in notes]


@contextmanager
def _open(source: str, run: Run) -> Iterator[str]:
    """A file to read within the block; a change of it meanwhile is an error."""
    path = path_of(source)
    if path == "-" and streams.is_terminal("stdin"):
        run.say("note: reading standard input from this terminal: a header such as year,value, then rows, then Ctrl-D")
    with unchanged(path), of_file(path):
        yield path


Marks = dict[str, tuple[int, int, int, int]]


@contextmanager
def unchanged(path: str, outcome: str = "nothing was written") -> Iterator[None]:
    """Read a file or a folder within the block; an error inside it is reported as the change, if there was one.

    `outcome`: what a change means for the output. Raises InputError if a file was written, replaced, deleted or added
    meanwhile.
    """
    before = _marks(path)
    try:
        yield
    except (RuralForecastError, OSError, ValueError) as error:
        _require_same(path, before, outcome, error)
        raise
    _require_same(path, before, outcome, None)


def _marks(path: str) -> Marks:
    """Where each file lies, its size and when it was last written."""
    try:
        marks = {file: os.stat(file) for file in _files(path)}  # noqa: PTH116 - pathlib would cost the start more
    except (OSError, ValueError, InputError):
        return {}  # the reader gives a better error
    regular = ((file, mark) for file, mark in marks.items() if stat.S_ISREG(mark.st_mode))
    return {file: (mark.st_dev, mark.st_ino, mark.st_size, mark.st_mtime_ns) for file, mark in regular}


def _files(path: str) -> list[str]:
    if not is_folder(path):
        return [path]
    from rural_forecast.series.reading.formats.parquet import files_of

    return [str(file) for file in files_of(path)]


def _require_same(path: str, before: Marks, outcome: str, cause: Exception | None) -> None:
    from rural_forecast.series.reading.source import name_of

    after = _marks(path)
    if after == before:
        return
    gone = "disappeared" if not after else "changed"
    raise InputError(
        f"{name_of(path.rstrip('/'))} {gone} while it was read, so {outcome}.",
        "Run again when it is complete, or read a copy.",
        code="changed",
    ) from cause
