"""What every command does around its own work: choose the format, read the source, write the result."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.cli import streams
from rural_forecast.cli.options import Choice, Money, Reading, Reconcile, Showing, Window
from rural_forecast.document import Document
from rural_forecast.errors import UsageError
from rural_forecast.render import formats
from rural_forecast.series.observation import Series
from rural_forecast.series.source import DEFAULT_SERIES, is_file, read

if TYPE_CHECKING:
    from rural_forecast.series.currency import Conversion

FOR_PEOPLE = frozenset({"table", "markdown", "xlsx"})


class Run(NamedTuple):
    """One run of a command: where its result goes and in which format."""

    format: str
    output: Path | None
    color: str
    quiet: bool
    verbose: bool

    @property
    def for_people(self) -> bool:
        """Whether a person reads the result, who is shown more than the rows."""
        return self.format in FOR_PEOPLE

    def spinner(self, text: str, *, when: bool) -> AbstractContextManager[None]:
        """Show that work goes on, where it takes long."""
        return streams.spinner(text, quiet=self.quiet) if when else nullcontext()

    def say(self, text: str) -> None:
        """A message for people, on standard error."""
        if not self.quiet:
            streams.say(text)

    def show(self, document: Document) -> None:
        """Write the result."""
        to_file = self.output is not None
        payload = formats.render(
            document,
            self.format,
            width=None if to_file else streams.width(),
            color=streams.use_color(self.color) and (not to_file or self.color == "always"),
            unicode=to_file or streams.use_unicode(),
        )
        streams.write(payload, self.output)


def start(showing: Showing) -> Run:
    """Settle format and destination before any work is done.

    Raises
    ------
    UsageError : the format does not fit the suffix of the output, or cannot go to a terminal
    """
    output = None if showing.output is None or str(showing.output) == "-" else showing.output
    chosen = showing.format.value if showing.format else None
    suggested = formats.from_suffix(output) if output else None
    if chosen and suggested and chosen != suggested:
        raise UsageError(
            f"--format {chosen} does not fit {output}, whose suffix means {suggested}.",
            f"Leave --format out, or name a file that ends in {formats.suffix(chosen)}.",
        )
    if output and not chosen and not suggested:
        raise UsageError(f"The suffix of {output} tells no format.", "Add --format, such as --format csv.")
    picked = chosen or suggested or ("table" if streams.is_terminal("stdout") else "csv")
    if output is None and formats.binary(picked) and streams.is_terminal("stdout"):
        raise UsageError(f"{picked} is not for a terminal.", f"Write it to a file: -o out{formats.suffix(picked)}.")
    return Run(picked, output, showing.color.value, showing.quiet, showing.verbose)


def series(source: str | None, reading: Reading, run: Run) -> Series:
    """Read the series a command is about: a file, standard input, or one of the catalogue."""
    if source is None:
        if not streams.is_terminal("stdin"):
            run.say(f"note: no source given, using {DEFAULT_SERIES}; give '-' to read standard input")
        source = DEFAULT_SERIES
    if is_file(source):
        streams.refuse_overwriting_input(run.output, source)
        found = read(source, read_options(reading))
    else:
        found = read(source)
    if run.verbose:
        run.say(f"read {found.id}: {len(found.observations)} observations from {found.origin}")
    return found


def several(sources: Sequence[str] | None, reading: Reading, run: Run) -> tuple[Series, ...]:
    """Read every series that a command sets side by side; a file gives all of its own."""
    found: list[Series] = []
    for source in sources or (None,):
        if source is None or not is_file(source) or reading.series is not None:
            found.append(series(source, reading, run))
            continue
        from rural_forecast.series.readers import read as read_all

        streams.refuse_overwriting_input(run.output, source)
        found.extend(read_all(source, read_options(reading)))
    return tuple(found)


def read_options(reading: Reading) -> Any:
    """The readers' own options from the command's."""
    from rural_forecast.series.readers import ReadOptions

    given = reading._asdict()
    given["series_id"] = given.pop("series")
    given["input_format"] = reading.input_format.value if reading.input_format else None
    return ReadOptions(**given)


def window(chosen: Window | Choice) -> dict[str, Any]:
    """Which values of a series are used, as arguments of the Python API."""
    given: dict[str, Any] = chosen._asdict()
    given["reconcile"] = "median" if chosen.reconcile is Reconcile.median else None
    given["basis"] = chosen.basis.value
    given["as_of"] = day(chosen.as_of, "--as-of")
    return given


def day(text: str | None, option: str) -> date | None:
    """Read a day, `2017-07-20`.

    Raises
    ------
    UsageError : it is no day
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text} is not a day.", f"Write it as {option} 2017-07-20.") from None


def conversion(money: Money, series: Series, as_of: date | None = None) -> Conversion | None:
    """How amounts of a series are shown in another currency; None where none is asked for.

    Raises
    ------
    UsageError : a rate without a currency, or amounts that cannot be converted
    """
    given = rate(money)
    if money.currency is None:
        return None
    from rural_forecast.series.catalogue import load
    from rural_forecast.series.currency import RATES
    from rural_forecast.series.currency import conversion as settle

    return settle(series.unit, load().get(RATES), to=money.currency, rate=given, as_of=as_of)


def rate(money: Money) -> float | None:
    """The exchange rate given.

    Raises
    ------
    UsageError : a rate without a currency
    """
    if money.rate is not None and money.currency is None:
        raise UsageError("--rate has nothing to convert.", "Add --currency usd, or leave --rate out.")
    return money.rate


def span(text: str | None, option: str) -> tuple[float, float] | None:
    """Read a range `A..B` of positive numbers, the first not above the second.

    Raises
    ------
    UsageError : it is not a range
    """
    if text is None:
        return None
    try:
        low, _, high = text.partition("..")
        bounds = float(low), float(high or low)
    except ValueError:
        bounds = (0.0, 0.0)
    if not 0 < bounds[0] <= bounds[1] < float("inf"):
        raise UsageError(f"{option} {text} is not a range of positive numbers.", f"Write it as {option} 800..1200.")
    return bounds
