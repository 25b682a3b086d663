"""Read the series that a command is about, as its options say, and put them in the terms that are
asked for.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rural_forecast.cli import streams
from rural_forecast.cli.groups import Markets, Money, Reading, running_total
from rural_forecast.errors import InputError, RuralForecastError, UsageError, of_file
from rural_forecast.observed.source_names import DEFAULT_SERIES, is_folder
from rural_forecast.question.question import Window
from rural_forecast.question.source import Source, with_total
from rural_forecast.system.terminal import is_terminal
from rural_forecast.text.cells import quoted

if TYPE_CHECKING:
    from rural_forecast.cli.running import Run
    from rural_forecast.forecasting.result import Forecast
    from rural_forecast.observed.money.exchange import Exchange
    from rural_forecast.observed.observation import Series
    from rural_forecast.observed.reading import Fault, ReadOptions

R = TypeVar("R")
Q = TypeVar("Q", bound=Window)


@dataclass(frozen=True)
class Market(Generic[Q]):
    """A series in the prices that are asked for, the question about it, and the currency of its
    results.
    """

    series: Series
    question: Q
    conversion: Exchange | None

    def shown(self, result: R) -> R:
        """A result in the currency that is asked for."""
        return in_currency(result, self.conversion)


@dataclass(frozen=True)
class Loader(Generic[Q]):
    """Reads the series of one run, each by the options that are stated for it."""

    run: Run
    question: Q
    reading: Reading = field(default_factory=Reading)
    money: Money = field(default_factory=Money)
    markets: Markets = field(default_factory=Markets)

    def market(self, source: Source | None) -> Market[Q]:
        """Read a series and the other markets that are named, in the terms that are asked for."""
        series = self.series(source)
        return self.in_terms(series, source, self.other_markets(source))

    def several_markets(self, sources: Sequence[Source] | None) -> list[Market[Q]]:
        """Read every series of several sources likewise."""
        first = sources[0] if sources else None
        others = self.other_markets(first)
        return [self.in_terms(series, first, others) for series in self.several(sources)]

    def in_terms(
        self, series: Series, main: Source | None, others: Mapping[str, Any] | None = None
    ) -> Market[Q]:
        """Put a series, with other arguments of its forecast, in the terms that are asked for."""
        question = replace(self.question, **others) if others else self.question
        series = self.in_prices(with_total(series), main)
        return Market(series, question, self.conversion(series.unit, main))

    def in_prices(self, series: Series, main: Source | None) -> Series:
        """A series in the prices of one year, where that is asked for.

        Raises UsageError if it cannot be put in them.
        """
        if self.money.real is None:
            return series
        from rural_forecast.observed.money.deflation import deflated, deflator

        prices = deflator(
            series.unit,
            self.money.real,
            inflation=self.inflation(main),
            as_of=self.question.as_of,
        )
        return deflated(series, prices, self.question.since, self.question.until)

    def conversion(self, unit: str, main: Source | None) -> Exchange | None:
        """From amounts in a unit to the currency that is asked for."""
        if self.money.currency is None:
            return None
        from rural_forecast.observed.money.exchange import conversion

        return conversion(
            unit,
            to=self.money.currency,
            rate=self.rate(main),
            price_year=self.money.real,
            as_of=self.question.as_of,
        )

    def rate(self, main: Source | None) -> float | Series | None:
        """The rate after the last known one, or yearly rates."""
        rate = self.money.rate
        return _named(rate, main).read() if isinstance(rate, str) else rate

    def inflation(self, main: Source | None) -> float | str | Series | None:
        """Inflation in percent, or the country whose prices are meant, or yearly prices."""
        inflation = self.money.inflation
        if not isinstance(inflation, str):
            return inflation
        source = _named(inflation, main)
        return source.read() if source.is_file else inflation

    def series(self, source: Source | None) -> Series:
        """Read the series a command is about: a file, standard input, or one of the catalogue."""
        if source is None:
            source = Source.parse(DEFAULT_SERIES)
            _say_default(self.run, source)
        series = self._one_of_file(source) if source.is_file else source.read()
        self.after_reading((series,))
        return series

    def _one_of_file(self, source: Source) -> Series:
        from rural_forecast.observed.reading import read_one  # the catalogue needs no reader

        return self._of_file(source, read_one)

    def several(self, sources: Sequence[Source] | None) -> tuple[Series, ...]:
        """Read every series of several sources; `--series` chooses among those of a file."""
        wanted = tuple(self.reading.series or ())
        lacking = set(wanted)
        read: list[Series] = []
        file = Source("")
        for named in sources or (None,):
            source = None if named is None else named.beside(file)
            if source is None or not source.is_file:
                read.append(self.series(source))
                continue
            file = source
            chosen = self._chosen(source, wanted)
            lacking.difference_update(chosen)
            self.after_reading([*chosen.values()])
            read.extend(chosen.values())
        if lacking:
            used = quoted([series.id for series in read])
            raise UsageError(
                f"No file has a series {quoted(sorted(lacking))}.",
                f"Leave it out, or name the file that has it; used are {used}.",
                code="unknown_name",
            )
        for name, count in Counter(series.named for series in read).items():
            if count > 1:
                raise UsageError(f"{name} is named twice.", "Name each series once.")
        return tuple(read)

    def other_markets(self, main: Source | None) -> dict[str, Any]:
        """Read the other markets that are named, as arguments of a forecast.

        Those of the main file are read as the main series is.
        """
        arguments: dict[str, Any] = {}
        if self.markets.like:
            arguments["like"] = [
                series for source in self.markets.like for series in self.others(source, main)
            ]
        if self.markets.within:
            arguments["within"] = self.one_other("within", self.markets.within, main)
        if self.markets.definition:
            arguments["definition"] = self.one_other("definition", self.markets.definition, main)
        self.run.protect_inputs()
        return arguments

    def one_other(self, name: str, source: Source, main: Source | None) -> Series:
        """Read the one other series that an option names."""
        series, *more = self.others(source, main)
        if more:
            file = source.beside(_main(main)).name
            names = quoted([series.id, *(other.id for other in more)])
            raise UsageError(
                f"--{name} {file} has {1 + len(more)} series: {names}.", "Write FILE::SERIES."
            )
        return series

    def others(self, source: Source, main: Source | None) -> Sequence[Series]:
        """Read every series of another market, as the main one is where it is of the same file."""
        source = source.beside(_main(main))
        if not source.is_file:
            return (source.read(),)
        same_file = main is not None and source.path == main.path
        if same_file:
            return [*self._beside(source).values()]
        loader = Loader(self.run, Window(as_of=self.question.as_of))
        return [*loader._chosen(source, allow_gaps=True).values()]

    def _beside(self, source: Source) -> dict[str, Series]:
        """Read other series of the main file, as that is read.

        The conditions that choose the main one may leave out another, which its name alone chooses.
        """
        try:
            return self._chosen(source, allow_gaps=True)
        except (InputError, UsageError):
            is_chosen = self.reading.where or self.reading.value_column
            if source.series is None or not is_chosen:
                raise
            with suppress(InputError, UsageError):
                return self._chosen(source, allow_gaps=True, where=(), value_column=None)
            raise

    def with_total_proposed(self, result: Forecast, main: Source | None) -> Forecast:
        """Add a note on a total of the main file that a forecast of a series of it passes."""
        if main is None or not result.history.series.totals:
            return result
        from rural_forecast.forecasting.part_of_total import with_total_proposed

        def read(name: str) -> Series:
            return self.one_other("within", Source(f"::{name}", series=name), main)

        return with_total_proposed(result, read)

    def every(
        self, source: Source | None, *, refused: bool
    ) -> tuple[tuple[Series, ...], Sequence[Fault]]:
        """Read every series of a file, those with a fault too or not, and the faults; or one of the
        catalogue.
        """
        from rural_forecast.observed.reading import read_in_part

        if source is None or not source.is_file:
            return (self.series(source),), ()
        read = partial(read_in_part, refused=refused)
        series, faults = self._of_file(source, read, allow_gaps=True)
        self.after_reading(series, always=not refused)
        return series, faults

    def options_for(self, source: Source, **others: Any) -> ReadOptions:
        """The options of the readers; of several files, each gets those for its kind.

        `others` take the place of some.
        """
        from rural_forecast.observed.reading import ReadOptions

        reading = self.reading
        names = reading.series or (None,)
        if len(names) > 1 and "series_id" not in others:
            raise UsageError(
                "--series is given twice.",
                "Keep one; 'chart' and 'growth' set several side by side.",
            )
        options: dict[str, Any] = {
            "period_column": reading.period_column,
            "value_column": reading.value_column,
            "id_column": reading.id_column,
            "decimal": reading.decimal,
            "actuals_until": reading.actuals_until,
            "allow_gaps": reading.allow_gaps,
            "breaks": tuple(reading.breaks or ()),
            "until": self.question.until,
            "as_of": self.question.as_of,
            "series_id": names[0],
            "where": tuple(reading.where or ()),
            "encoding": reading.encoding if source.kind == "text" else None,
            "sheet": reading.sheet if source.kind == "excel" else None,
            # A running total is read as it is; the forecast is told of it.
            "measure": None if running_total(reading.measure) else reading.measure,
        }
        return ReadOptions(**options | others).dated()

    def _chosen(
        self, source: Source, names: tuple[str, ...] = (), **options: Any
    ) -> dict[str, Series]:
        """Read the series of a file that are named, or all of them."""
        from rural_forecast.observed.reading import read_chosen

        def read(path: str, options: ReadOptions) -> dict[str, Series]:
            wanted = names if options.series_id is None else (options.series_id,)
            return read_chosen(path, wanted, options._replace(series_id=None))

        return self._of_file(source, read, series_id=None, **options)

    def _of_file(self, source: Source, read: Callable[[str, ReadOptions], R], **others: Any) -> R:
        """Read a file with the options for it; `others` take the place of some."""
        options = source.choose(self.options_for(source, **others))
        path = source.local
        with unchanged(path), of_file(source.path):
            return read(path, options)

    def after_reading(self, read: Sequence[Series], *, always: bool = False) -> None:
        """Keep the accounts of what was read, and print them where they are asked for."""
        run = self.run
        run.protect_inputs()
        accounts = {id(series.account): series.account for series in read if series.account}
        run.accounts.extend(accounts.values())
        lines: list[str] = []
        if run.verbose:
            lines += [
                f"read {series.id}: {len(series.observations)} observations" for series in read
            ]
            notes = [note for series in read for note in series.reading_notes]
            lines += dict.fromkeys(str(note) for note in notes if not note.warning)
        if run.verbose or always:
            from rural_forecast.views.about import account_lines

            for account in accounts.values():
                lines += account_lines(account)
        for line in lines:
            run.say(line)


def in_currency(result: R, exchange: Exchange | None) -> R:
    """A result in another currency, where one is asked for."""
    if exchange is None:
        return result
    from rural_forecast.forecasting.in_currency import in_currency as converted

    shown: R = converted(result, exchange)
    return shown


def pooled(result: Forecast, weights: Mapping[str, float] | None) -> Forecast:
    """The forecast led by its pool. Raises UsageError if there is nothing to pool."""
    from rural_forecast.forecasting.pool import pooled as pool

    return pool(result, weights or {})


def _named(name: str, main: Source | None) -> Source:
    """A source that an option names, which may be a series of the main file."""
    return Source.parse(name).beside(_main(main))


def _main(main: Source | None) -> Source:
    return Source("") if main is None else main


def _say_default(run: Run, source: Source) -> None:
    """Say that no source was named, and which one is used."""
    advice = "" if is_terminal("stdin") else "; give '-' to read standard input"
    run.say(f"note: no SOURCE given, using {source.name}{advice}", always=True)
    if streams.data_waits():
        run.say(
            "warning: there is data on standard input, and it is not read; give '-' to read it",
            always=True,
        )


@contextmanager
def unchanged(path: str, outcome: str = "nothing was written") -> Iterator[None]:
    """Read within the block.

    Raises InputError if a file was written, replaced, deleted or added meanwhile.
    """
    before = _marks(path)
    cause = None
    try:
        yield
    except (RuralForecastError, OSError, ValueError) as error:
        cause = error
        raise
    finally:
        after = _marks(path)
        if after != before:
            from rural_forecast.observed.reading.source import name_of

            what = "changed" if after else "disappeared"
            problem = f"{name_of(path.rstrip('/'))} {what} while it was read, so {outcome}."
            hint = "Run again when it is complete, or read a copy."
            raise InputError(problem, hint, code="changed") from cause


def _marks(path: str) -> list[tuple[int, ...]]:
    """The place, size and time of writing of each file.

    There are none where the reader gives a better error.
    """
    try:
        states = [os.stat(file) for file in _files(path)]
    except (OSError, ValueError, InputError):
        return []
    regular = [state for state in states if stat.S_ISREG(state.st_mode)]
    return [(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns) for state in regular]


def _files(path: str) -> list[str]:
    if not is_folder(path):
        return [path]
    from rural_forecast.observed.reading.formats.parquet import files_of

    return [str(file) for file in files_of(path)]
