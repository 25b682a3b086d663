"""One run of a command: the format and the destination of its result, messages, and how it is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rural_forecast.cli import environment, streams
from rural_forecast.cli.drawing import Sketch
from rural_forecast.cli.options import Keeping, Showing
from rural_forecast.document.table import Document, Remark, Table
from rural_forecast.errors import PartialError, UsageError
from rural_forecast.render import formats
from rural_forecast.series.catalogue import FILES
from rural_forecast.system import inputs
from rural_forecast.text.cells import one_line, shown, without_controls

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.forecasting.batch.panel import Refusal
    from rural_forecast.render.formats import Format
    from rural_forecast.series.account import ReadingAccount


class Run(NamedTuple):
    """One run of a command: where its result goes and in which format."""

    format: str
    output: Path | None
    color: str
    quiet: bool
    verbose: bool
    accounts: list[ReadingAccount]
    """Of the files that were read."""
    folder: Path | None = None
    """Where a record of the result is kept."""
    date: str | None = None
    """The day that a record states."""

    @property
    def record(self) -> Format:
        """The format."""
        return formats.BY_NAME[self.format]

    @property
    def for_people(self) -> bool:
        """True if a person reads the result, who is shown more than the rows."""
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
        lines = [
            f"{file}{f' line {of.line}' if of.line else ''}, series {shown(of.series_id)}: {of.reason}"
            for of in refused
        ]
        if self.record.errors_as_json:  # standard error holds one object then
            return PartialError(f"{counts}: {' '.join(lines)}{doubts}", advice)
        for line in lines:
            streams.say(one_line(f"refused: {line}", names=True))
        return PartialError(f"{counts}.", advice)

    @property
    def terminal(self) -> dict[str, Any]:
        """The abilities of the destination."""
        to_file = self.output is not None
        color = streams.use_color(self.color) and (not to_file or self.color == "always")
        width, unicode = (None, True) if to_file else (streams.width(), streams.use_unicode())
        return {"width": width, "color": color, "unicode": unicode}

    def keep(self, document: Callable[[], Document], name: str, origin: int | None) -> None:
        """Keep a record of the result, where that is asked for."""
        if self.folder is not None:
            from rural_forecast.cli.keeping import keep  # digests cost every start

            record = str(formats.render(self.dated(document()), "json")).encode()
            self.say(f"kept {keep(record, self.folder, name, origin)}")

    def dated(self, document: Document) -> Document:
        """The document with the day that it states, and the environment variables that were used."""
        more: dict[str, Any] = {"date": self.date} if self.date is not None else {}
        if used := {name: value for name, value in environment.used().items() if name != environment.KEEP}:
            more["environment"] = used
        return replace(document, provenance={**document.provenance, **more}) if more else document

    def show(self, document: Document, sketch: Sketch | None = None) -> None:
        """Write the result, or its picture, or both."""
        self.warn(document.notes)
        document = self.dated(document)
        if self.accounts and self.record.has_provenance:
            from rural_forecast.views.tidy import account_record

            reading = {"reading": list(map(account_record, self.accounts))}
            document = replace(document, provenance={**document.provenance, **reading})
        if sketch is not None and self.record.shows == "picture":
            self.draw(sketch.make())
            return
        if sketch is not None and self.format == "xlsx":
            document = replace(document, picture=sketch.drawn())
        payload = formats.render(document, self.format, **self.terminal)
        if sketch is not None and sketch.under and self.record.draws:
            picture = sketch.make()
            self._warn_of_axis(picture)
            if sketch.under == "image":
                payload = self._with_image(payload, picture)
            else:
                payload = f"{payload!s}\n{formats.render(picture, self.format, **self.terminal, head=False)!s}"
        streams.write(payload, self.output, exact=not self.for_people)

    def _with_image(self, payload: str | bytes, picture: Picture) -> str:
        from rural_forecast.render.drawing import on_terminal

        if not self.on_terminal:
            raise UsageError("--chart=image is for a terminal.", "Write a picture: -o market.png.")
        streams.write(payload, None, exact=False)  # first, since the image may go to the terminal at once
        return on_terminal(picture, streams.width() or 80)

    @property
    def on_terminal(self) -> bool:
        """True if a person sees the result appear on a terminal."""
        return self.record.is_text and self.output is None and streams.is_terminal("stdout")

    def show_below(self, line: str) -> None:
        """Write a line below what the terminal shows already."""
        below = Document("", Table((), ()), sections=(Table((), ()),), last=line)
        self.write(formats.render(below, self.format, **self.terminal))

    def draw(self, picture: Picture) -> None:
        """Write a picture."""
        self._warn_of_axis(picture)
        streams.write(formats.render(picture, self.format, **self.terminal), self.output, exact=not self.for_people)

    def _warn_of_axis(self, picture: Picture) -> None:
        """Warn if a logarithmic axis was asked for and values are zero or negative."""
        if picture.logarithmic and not picture.positive:
            from rural_forecast.render.scale import NOT_LOGARITHMIC

            self.warn([Remark(NOT_LOGARITHMIC, code="linear_axis", warning=True)])

    def write(self, text: str | bytes) -> None:
        """Write rendered text."""
        streams.write(text, self.output, exact=not self.for_people)


def start(
    showing: Showing, keeping: Keeping | None = None, *, picture: bool = False, only: Collection[str] = ()
) -> Run:
    """Choose the format and the destination, and the folder of records.

    `picture`: whether the result can be drawn; `only`: the formats there are, the default first, where a command does
    not have them all. Raises UsageError if the format does not fit the suffix of the output or the command, or cannot
    go to a terminal.
    """
    output = streams.written_to(showing.output)
    chosen = showing.format
    suggested = formats.from_suffix(output) if output else None
    if chosen and suggested and chosen != suggested:
        raise UsageError(
            f"--format {chosen} does not fit {output}, whose suffix means {suggested}.",
            f"Leave --format out, or name a file that ends in {formats.BY_NAME[chosen].suffixes[0]}.",
        )
    if output and not chosen and not suggested:
        raise UsageError(f"{output} has no suffix of a known format.", "Add --format, such as --format csv.")
    picked = streams.format_of(chosen, showing.output, only)
    _require_possible(picked, picture, only)
    record = formats.BY_NAME[picked]
    if output is None and record.for_files and streams.is_terminal("stdout"):
        raise UsageError(f"{picked} is not for a terminal.", f"Write it to a file: -o out{record.suffixes[0]}.")
    kept = (keeping.keep, keeping.date) if keeping else (None, None)
    run = Run(picked, output, showing.color, showing.quiet, showing.verbose, [], *kept)
    for file in _of_catalogues():
        inputs.record(file)
    run.protect_inputs()
    return run


def _of_catalogues() -> list[str]:
    """Files of the user's own catalogues, which any command may read."""
    folders = os.environ.get(environment.CATALOGUE, "")
    if not folders:
        return []
    return [str(Path(folder) / name) for folder in folders.split(os.pathsep) for name in FILES]


def _require_possible(picked: str, picture: bool, only: Collection[str]) -> None:
    if only and picked not in only:
        page = f" A page as {picked}: rural-forecast exhibit." if "html" in only and picked in formats.PAGES else ""
        raise UsageError(f"{picked} is no format of this command.", f"It writes {', '.join(only)}.{page}")
    if not only and picked in formats.PAGES:
        raise UsageError(
            f"{picked} is a format of 'exhibit' alone.",
            "Write a page with: rural-forecast exhibit -o FILE.",
        )
    if not only and picked in formats.PICTURES and not picture:
        raise UsageError(f"There is no picture of this, so nothing to write as {picked}.", "See 'chart --help'.")
