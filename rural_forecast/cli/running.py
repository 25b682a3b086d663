"""Steps that commands share: choose the format, read the source, write the result."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.cli import destination, streams
from rural_forecast.cli.arguments import Terms, of_series, read_options, terms
from rural_forecast.cli.drawing import Sketch
from rural_forecast.cli.options import Question, Reading, Showing
from rural_forecast.cli.unchanged import unchanged
from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import PartialError, UsageError, of_file
from rural_forecast.render import formats
from rural_forecast.series.observation import Series
from rural_forecast.series.source import read
from rural_forecast.series.source_names import DEFAULT_SERIES, is_file
from rural_forecast.system import inputs
from rural_forecast.text.harmless import one_line, without_controls

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.forecasting.batch.panel import Refusal
    from rural_forecast.render.format import Format
    from rural_forecast.series.account import ReadingAccount
    from rural_forecast.series.reading.faults import Faults


class Run(NamedTuple):
    """One run of a command: where its result goes and in which format."""

    format: str
    output: Path | None
    color: str
    quiet: bool
    verbose: bool
    accounts: list[ReadingAccount]
    """Of the files that were read."""

    @property
    def record(self) -> Format:
        """What is known of the format."""
        return formats.BY_NAME[self.format]

    @property
    def for_people(self) -> bool:
        """Whether a person reads the result, who is shown more than the rows."""
        return self.record.for_people

    def protect_inputs(self) -> None:
        """Refuse an output that is an input, before long work; writing checks again."""
        inputs.protect_from(inputs.STANDARD_OUTPUT if self.output is None else self.output)

    def spinner(self, text: str, *, when: bool) -> AbstractContextManager[None]:
        """Show a spinner while a slow step runs."""
        return streams.spinner(text, quiet=self.quiet) if when else nullcontext()

    def say(self, text: str) -> None:
        """Print a message on standard error, unless `-q`."""
        if not self.quiet:
            self.notice(text)

    def notice(self, text: str) -> None:
        """Print a message on standard error, also under `-q`."""
        streams.say(without_controls(text, names=True).replace("\n", " "))

    def warn(self, notes: Iterable[Remark], *, shown: bool = True) -> None:
        """Print the warnings among the notes on standard error, unless the terminal shows the notes.

        `shown`: whether the output holds the notes.
        """
        if shown and self.on_terminal:
            return
        for note in dict.fromkeys(notes):
            if note.warning:
                self.say(f"warning: {note}")

    def partial(
        self, counts: str, refused: Iterable[Refusal], file: str, advice: str, doubts: str = ""
    ) -> PartialError:
        """The error of a run that is done but for series that are refused, which are named before it.

        `refused`: those that are named; `file`: what messages call the input.
        """
        from rural_forecast.series.reading.grid import shown

        lines = [
            f"{file}{f' line {line}' if line else ''}, series {shown(series_id)}: {reason}"
            for series_id, line, reason, _ in refused
        ]
        if self.record.errors_as_json:  # standard error holds one object then
            return PartialError(f"{counts}: {' '.join(lines)}{doubts}", advice)
        for line in lines:
            streams.say(one_line(f"refused: {line}", names=True))
        return PartialError(f"{counts}.", advice)

    @property
    def terminal(self) -> dict[str, Any]:
        """What the destination can show."""
        to_file = self.output is not None
        return {
            "width": None if to_file else streams.width(),
            "color": streams.use_color(self.color) and (not to_file or self.color == "always"),
            "unicode": to_file or streams.use_unicode(),
        }

    def show(self, document: Document, sketch: Sketch | None = None) -> None:
        """Write the result, or its picture, or both."""
        self.warn(document.notes)
        if self.accounts and self.record.has_provenance:
            from rural_forecast.views.account import record

            reading = {"reading": list(map(record, self.accounts))}
            document = replace(document, provenance={**document.provenance, **reading})
        if sketch is not None and self.record.shows == "picture":
            self.draw(sketch.make())
            return
        payload = formats.render(document, self.format, **self.terminal)
        if sketch is not None and sketch.under and self.record.draw:
            picture = sketch.make()
            self._warn_of_axis(picture)
            payload = f"{payload!s}\n{formats.draw(picture, self.format, **self.terminal, head=False)!s}"
        streams.write(payload, self.output, exact=not self.for_people)

    @property
    def on_terminal(self) -> bool:
        """Whether a person sees the result appear on a terminal."""
        return self.record.is_text and self.output is None and streams.is_terminal("stdout")

    def show_below(self, tables: tuple[Table, ...]) -> None:
        """Write tables below what the terminal shows already."""
        if tables:
            below = Document("", Table((), ()), after=tables, brief="--explain")
            self.write(f"\n{formats.render(below, self.format, **self.terminal)!s}")

    def draw(self, picture: Picture) -> None:
        """Write a picture."""
        self._warn_of_axis(picture)
        streams.write(formats.draw(picture, self.format, **self.terminal), self.output, exact=not self.for_people)

    def _warn_of_axis(self, picture: Picture) -> None:
        """Propose a logarithmic axis where it is needed; warn if one was asked for and values are zero or negative."""
        if factor := picture.span:
            self.say(f"note: the values span a factor of {factor:,.0f}; --log shows growth on a logarithmic axis")
        if picture.logarithmic and not picture.positive:
            from rural_forecast.render import key

            self.warn([Remark(key.NOT_LOGARITHMIC, code="linear_axis", warning=True)])

    def write(self, text: str | bytes) -> None:
        """Write rendered text."""
        streams.write(text, self.output, exact=not self.for_people)


def start(showing: Showing, *, picture: bool = False, only: Collection[str] = (), default: str = "") -> Run:
    """Choose the format and the destination.

    `picture`: whether the result can be drawn; `only`: the formats there are, where a command does not have them all;
    `default`: the format where none is named, in place of a table on a terminal and csv elsewhere. Raises UsageError if
    the format does not fit the suffix of the output or the command, or cannot go to a terminal.
    """
    output = destination.file(showing.output)
    chosen = showing.format
    suggested = formats.from_suffix(output) if output else None
    if chosen and suggested and chosen != suggested:
        raise UsageError(
            f"--format {chosen} does not fit {output}, whose suffix means {suggested}.",
            f"Leave --format out, or name a file that ends in {formats.BY_NAME[chosen].suffixes[0]}.",
        )
    if output and not chosen and not suggested:
        raise UsageError(f"{output} has no suffix of a known format.", "Add --format, such as --format csv.")
    picked = destination.format_of(showing.format, showing.output, default)
    _require_possible(picked, picture, only)
    record = formats.BY_NAME[picked]
    if output is None and record.for_files and streams.is_terminal("stdout"):
        raise UsageError(f"{picked} is not for a terminal.", f"Write it to a file: -o out{record.suffixes[0]}.")
    run = Run(picked, output, showing.color, showing.quiet, showing.verbose, [])
    for file in _of_catalogues():
        inputs.record(file)
    run.protect_inputs()
    return run


def _of_catalogues() -> list[str]:
    """Files of the user's own catalogues, which any command may read."""
    folders = os.environ.get("RURAL_FORECAST_CATALOGUE", "")
    if not folders:
        return []
    from rural_forecast.series.folder import FILES

    return [str(Path(folder) / name) for folder in folders.split(os.pathsep) for name in FILES]


def _require_possible(picked: str, picture: bool, only: Collection[str]) -> None:
    if only and picked not in only:
        raise UsageError(f"{picked} is no format of this command.", f"It writes {', '.join(only)}.")
    if not only and picked in formats.PAGES:
        raise UsageError(
            f"{picked} is a format of 'exhibit' and 'report' alone.",
            "Write a page with: rural-forecast exhibit -o FILE.",
        )
    if not only and picked in formats.PICTURES and not picture:
        raise UsageError(f"There is no picture of this, so nothing to write as {picked}.", "See 'chart --help'.")


def series(source: str | None, reading: Reading, run: Run, as_of: str | None = None) -> Series:
    """Read the series a command is about: a file, standard input, or one of the catalogue."""
    if source is None:
        source = _default(run)
    if not is_file(source):
        series = read(source)
    else:
        with _open(source, run) as path:
            series = read(path, read_options(reading, path, as_of))
    after_reading((series,), run)
    return series


def market(source: str | None, asked: Question, reading: Reading, run: Run) -> tuple[Terms, dict[str, Any]]:
    """Read a series, and put it and the options of its forecast in the terms that are asked for."""
    chosen = series(source, reading, run, asked.window.as_of)
    options = of_series(asked, reading)
    return terms(asked.money, asked.prices, chosen, options), options


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
    accounts = list(
        {id(series.account): series.account for series in read_series if series.account}.values()
    )  # one a file
    run.accounts.extend(accounts)
    if run.verbose:
        for series in read_series:
            run.say(f"read {series.id}: {len(series.observations)} observations from {series.file or 'the catalogue'}")
        for note in dict.fromkeys(note for series in read_series for note in series.reading_notes if not note.warning):
            run.say(str(note))
    if run.verbose or always:
        from rural_forecast.views.account import lines

        for account in accounts:
            for line in lines(account):
                run.say(line)


def several(sources: Sequence[str] | None, reading: Reading, run: Run, as_of: str | None = None) -> tuple[Series, ...]:
    """Read every series of several sources; `--series` chooses among those of a file.

    Raises UsageError if a series is chosen that none of the files has.
    """
    series_read: list[Series] = []
    chosen = tuple(reading.series or ())
    missing = dict.fromkeys(chosen)
    for source in sources or (None,):
        if source is None or not is_file(source):
            series_read.append(series(source, reading, run, as_of))
            continue
        from rural_forecast.series.reading import read_chosen

        with _open(source, run) as path:
            series_of_file = read_chosen(path, chosen, read_options(reading._replace(series=None), path, as_of))
        for single in series_of_file:
            missing.pop(single.id, None)
        after_reading(series_of_file, run)
        series_read.extend(series_of_file)
    if missing:
        from rural_forecast.series.reading.grid import listed

        raise UsageError(
            f"No file has a series {listed(list(missing))}.",
            f"Leave it out, or name the file that has it; used are {listed([single.id for single in series_read])}.",
            code="unknown_name",
        )
    return tuple(series_read)


def path_of(source: str) -> str:
    """The path of a file, `-` for standard input under each of its names."""
    return "-" if source in destination.STANDARD_INPUT else source


def every(
    source: str | None, reading: Reading, run: Run, *, refused: bool
) -> tuple[tuple[Series, ...], Faults | tuple[()]]:
    """Read every series of a file, with the faults of what cannot be read; or one series of the catalogue.

    `refused`: whether series with a fault are among them; otherwise they are left out, and the account is printed.
    Raises UsageError if a series is chosen that the file does not have.
    """
    if source is None or not is_file(source):
        return (series(source, reading, run),), ()
    from rural_forecast.series.reading import read_in_part, read_with_faults

    with _open(source, run) as path:
        all_series, faults = (read_with_faults if refused else read_in_part)(path, read_options(reading, path))
    after_reading(all_series, run, always=not refused)
    return all_series, faults


def of_one(name: str, notes: Iterable[Remark]) -> list[Remark]:
    """The notes of one of several series: findings name the series, notes on the file do not."""
    from rural_forecast.series.history_notes import FINDINGS

    return [note.about(name) if note.code in (*FINDINGS, "growth") else note for note in notes]


@contextmanager
def _open(source: str, run: Run) -> Iterator[str]:
    """A file to read within the block; a change of it meanwhile is an error."""
    path = path_of(source)
    _explain_waiting(path, run)
    with unchanged(path), of_file(path):
        yield path


def _explain_waiting(source: str, run: Run) -> None:
    """Explain to a person at a terminal that the program waits for rows."""
    if source == "-" and streams.is_terminal("stdin"):
        run.say("note: reading standard input from this terminal: a header such as year,value, then rows, then Ctrl-D")
