"""Read the series that a command is about, as its options say, and put them in the terms that are
asked for.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from rural_forecast.cli import streams
from rural_forecast.cli.options import Options
from rural_forecast.errors import InputError, RuralForecastError, UsageError, of_file
from rural_forecast.question.source import Source, with_total
from rural_forecast.series.source_names import DEFAULT_SERIES, is_folder
from rural_forecast.text.cells import quoted

if TYPE_CHECKING:
    from rural_forecast.cli.running import Run
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.series.money import Exchange
    from rural_forecast.series.observation import Series
    from rural_forecast.series.reading import Fault, ReadOptions

R = TypeVar("R")


class Market(NamedTuple):
    """A series in the prices that are asked for, the arguments of its forecast, and the currency of
    its results.
    """

    series: Series
    asked: dict[str, Any]
    conversion: Exchange | None

    def shown(self, result: R) -> R:
        """A result in the currency that is asked for."""
        return in_currency(result, self.conversion)


def market(source: str | None, run: Run) -> Market:
    """Read a series and the other markets that are named, in the terms that are asked for."""
    return in_terms(series(source, run), run, **others(source, run))


def markets(sources: Sequence[str] | None, run: Run) -> list[Market]:
    """Read every series of several sources likewise."""
    beside = others(sources[0] if sources else None, run)
    return [in_terms(series, run, **beside) for series in several(sources, run)]


def in_terms(series: Series, run: Run, **others: Any) -> Market:
    """Put a series, with other arguments of its forecast, in the terms that are asked for."""
    series = real(with_total(series), run.ask)
    asked = run.ask.stated("ahead question measure allow_gaps")
    return Market(series, asked | others, conversion(run.ask, series.unit))


def real(series: Series, ask: Options) -> Series:
    """A series in the prices of one year, where that is asked for. Raises UsageError if it cannot
    be put in them.
    """
    if ask.real is None:
        return series
    from rural_forecast.series.money import deflated, deflator

    how = deflator(series.unit, ask.real, inflation=inflation(ask), as_of=ask.as_of)
    return deflated(series, how, ask.since, ask.until)


def conversion(ask: Options, unit: str) -> Exchange | None:
    """From amounts in a unit to the currency that is asked for."""
    if ask.currency is None:
        return None
    from rural_forecast.series.money import conversion as made

    return made(unit, to=ask.currency, rate=rate(ask), price_year=ask.real, as_of=ask.as_of)


def in_currency(result: R, how: Exchange | None) -> R:
    """A result in another currency, where one is asked for."""
    if how is None:
        return result
    from rural_forecast.forecasting.result import in_currency as converted

    shown: R = converted(result, how)
    return shown


def pooled(result: Forecast, ask: Options) -> Forecast:
    """The forecast led by its pool, where that is asked for. Raises UsageError if there is nothing
    to pool.
    """
    if not ask.pool:
        return result
    from rural_forecast.forecasting.pool import pooled as pool

    return pool(result, ask.weight or {})


def rate(ask: Options) -> float | Series | None:
    """The rate after the last known one, or yearly rates."""
    return Source.parse(ask.rate).read() if isinstance(ask.rate, str) else ask.rate


def inflation(ask: Options) -> float | str | Series | None:
    """Inflation, or whose prices."""
    if not isinstance(ask.inflation, str):
        return ask.inflation
    source = Source.parse(ask.inflation)
    return source.read() if source.is_file else ask.inflation


def read_options(ask: Options, source: Source, **others: Any) -> ReadOptions:
    """The options of the readers; of several files, each gets those for its kind. `others` take the
    place of some.
    """
    from rural_forecast.series.reading import ReadOptions

    if len(ask.series or ()) > 1 and "series_id" not in others:
        raise UsageError(
            "--series is given twice.", "Keep one; 'chart' and 'growth' set several side by side."
        )
    same = (
        "period_column",
        "value_column",
        "id_column",
        "decimal",
        "actuals_until",
        "allow_gaps",
        "as_of",
    )
    options: dict[str, Any] = {name: getattr(ask, name) for name in same} | {
        "series_id": (ask.series or (None,))[0],
        "where": tuple(ask.where or ()),
        "encoding": ask.encoding if source.kind == "text" else None,
        "sheet": ask.sheet if source.kind == "excel" else None,
        "measure": None if ask.measure == "cumulative" else ask.measure,
    }
    return ReadOptions(**options | others).dated()


def path_of(source: str) -> str:
    """The path of a file, `-` for standard input under each of its names."""
    return Source.parse(source).whole_file


def series(source: str | None, run: Run) -> Series:
    """Read the series a command is about: a file, standard input, or one of the catalogue."""
    if source is None:
        source = DEFAULT_SERIES
        advice = "" if streams.is_terminal("stdin") else "; give '-' to read standard input"
        run.say(f"note: no SOURCE given, using {source}{advice}", always=True)
        if streams.data_waits():
            waiting = (
                "warning: there is data on standard input, and it is not read; give '-' to read it"
            )
            run.say(waiting, always=True)
    from rural_forecast.series.reading import read_one

    named = Source.parse(source)
    found = _of_file(named, run, read_one) if named.is_file else named.read()
    after_reading((found,), run)
    return found


def several(sources: Sequence[str] | None, run: Run) -> tuple[Series, ...]:
    """Read every series of several sources; `--series` chooses among those of a file."""
    found: list[Series] = []
    wanted = tuple(run.ask.series or ())
    before = Source("")
    lacking = set(wanted)
    for typed in sources or (None,):
        source = None if typed is None else Source.parse(typed).beside(before)
        if source is not None and source.is_file:
            before = source
            of_file = _chosen(source, run, wanted)
            lacking.difference_update(of_file)
            after_reading([*of_file.values()], run)
            found.extend(of_file.values())
        else:
            found.append(series(typed, run))
    if lacking:
        hint = f"Leave it out, or name the file that has it; used are {quoted([single.id for single in found])}."
        raise UsageError(
            f"No file has a series {quoted(sorted(lacking))}.", hint, code="unknown_name"
        )
    return tuple(found)


def others(main: str | None, run: Run) -> dict[str, Any]:
    """Read the other markets that are named, as arguments of a forecast; those of the main file as
    the main series.
    """
    ask = run.ask
    found = dict[str, Any]()

    file = Source.parse(main or "").path

    def of(name: str) -> Sequence[Series]:
        source = Source.parse(name)
        if not source.is_file:
            return (source.read(),)
        same = source.path == file
        return [
            *_chosen(
                source, run, ask=ask if same else Options(as_of=ask.as_of), allow_gaps=True
            ).values()
        ]

    if ask.like:
        found["like"] = [series for source in ask.like for series in of(source)]
    if ask.within:
        found["within"], *more = several = of(ask.within)
        if more:
            names = quoted([series.id for series in several])
            raise UsageError(
                f"--within {ask.within} has {len(several)} series: {names}.", "Write FILE::SERIES."
            )
    run.protect_inputs()
    return found


def every(
    source: str | None, run: Run, *, refused: bool
) -> tuple[tuple[Series, ...], Sequence[Fault]]:
    """Read every series of a file, those with a fault too or not, and the faults; or one of the
    catalogue.
    """
    from rural_forecast.series.reading import read_in_part

    named = None if source is None else Source.parse(source)
    if named is None or not named.is_file:
        return (series(source, run),), ()
    found, faults = _of_file(named, run, partial(read_in_part, refused=refused), allow_gaps=True)
    after_reading(found, run, always=not refused)
    return found, faults


def _chosen(
    source: Source, run: Run, names: tuple[str, ...] = (), **more: Any
) -> dict[str, Series]:
    from rural_forecast.series.reading import read_chosen

    def of(path: str, options: ReadOptions) -> dict[str, Series]:
        wanted = names if options.series_id is None else (options.series_id,)
        return read_chosen(path, wanted, options._replace(series_id=None))

    return _of_file(source, run, of, series_id=None, **more)


def _of_file(
    source: Source,
    run: Run,
    how: Callable[[str, ReadOptions], R],
    *,
    ask: Options | None = None,
    **more: Any,
) -> R:
    """Read a file by `how`, with the options for it; `ask` and `more` override those of the
    command.
    """
    options = source.choose(read_options(ask or run.ask, source, **more))
    with unchanged(source.path), of_file(source.path):
        return how(source.path, options)


def after_reading(found: Sequence[Series], run: Run, *, always: bool = False) -> None:
    """Keep the accounts of what was read, and print them where they are asked for."""
    run.protect_inputs()
    accounts = list({id(one.account): one.account for one in found if one.account}.values())
    lines = list[str]()
    run.accounts.extend(accounts)
    if run.ask.verbose:
        lines += (f"read {each.id}: {len(each.observations)} observations" for each in found)
        lines += dict.fromkeys(
            str(note) for each in found for note in each.reading_notes if not note.warning
        )
    if run.ask.verbose or always:
        from rural_forecast.views.about import account_lines

        lines += (line for account in accounts for line in account_lines(account))
    for line in lines:
        run.say(line)


@contextmanager
def unchanged(path: str, outcome: str = "nothing was written") -> Iterator[None]:
    """Read within the block; raise InputError if a file was written, replaced, deleted or added
    meanwhile.
    """
    before = _marks(path)
    cause = None
    try:
        yield
    except (RuralForecastError, OSError, ValueError) as error:
        cause = error
        raise
    finally:
        if (after := _marks(path)) != before:
            from rural_forecast.series.reading.source import name_of

            problem = f"{name_of(path.rstrip('/'))} {'changed' if after else 'disappeared'} while it was read"
            hint = "Run again when it is complete, or read a copy."
            raise InputError(f"{problem}, so {outcome}.", hint, code="changed") from cause


def _marks(path: str) -> list[tuple[int, ...]]:
    """Where each file lies, its size and when it was last written; none where the reader gives a
    better error.
    """
    try:
        files = [path]
        if is_folder(path):
            from rural_forecast.series.reading.formats.parquet import files_of

            files = [str(file) for file in files_of(path)]
        marks = [os.stat(file) for file in files]  # noqa: PTH116 - pathlib would cost the start more
    except (OSError, ValueError, InputError):
        return []
    regular = (mark for mark in marks if stat.S_ISREG(mark.st_mode))
    return [(mark.st_dev, mark.st_ino, mark.st_size, mark.st_mtime_ns) for mark in regular]
