"""One run of a command: the format and the destination of its result, messages, and how it is
written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from rural_forecast.cli import streams
from rural_forecast.cli.options import KEEP
from rural_forecast.document.table import Document
from rural_forecast.errors import PartialError, UsageError
from rural_forecast.notes import Note
from rural_forecast.render import formats
from rural_forecast.system import inputs
from rural_forecast.system.output import require_open
from rural_forecast.text.cells import one_line, shown, without_controls

if TYPE_CHECKING:
    from rural_forecast.cli.options import Options
    from rural_forecast.document.picture import Look, Picture
    from rural_forecast.forecasting.panel import Refusal
    from rural_forecast.series.observation import ReadingAccount


class Run:
    """One run of a command: what is asked, and where its result goes in which format."""

    def __init__(self, ask: Options) -> None:
        """Choose format and destination. Raises UsageError if the command has not the format, or it
        does not fit.
        """
        self.ask = ask
        self.quiet = ask.quiet
        self.output = output = streams.written_to(ask.output)
        self.format = streams.format_of(ask.format, output, ask.offered)
        self.record = formats.BY_NAME[self.format]
        self.accounts: list[ReadingAccount] = []
        suggested = formats.from_suffix(output) if output else self.format
        if suggested not in (None, self.format):
            problem = (
                f"--format {self.format} does not fit {output}, whose suffix means {suggested}."
            )
            raise UsageError(
                problem,
                f"Leave --format out, or name a file that ends in {self.record.suffixes[0]}.",
            )
        if not (suggested or ask.format):
            raise UsageError(
                f"{output} has no suffix of a known format.", "Add --format, such as --format csv."
            )
        if self.format not in ask.offered:
            page = "; 'rural-forecast exhibit' writes pages" if self.format in formats.PAGES else ""
            raise UsageError(
                f"{self.format} is no format of this command.",
                f"It writes {', '.join(ask.offered)}{page}.",
            )
        self.terminal = streams.terminal(ask.color, to_file=output is not None)
        if output is None:
            require_open()
            if self.record.for_files and streams.is_terminal("stdout"):
                hint = f"Write it to a file: -o out{self.record.suffixes[0]}."
                raise UsageError(f"{self.format} is not for a terminal.", hint)

    @property
    def on_terminal(self) -> bool:
        """True if a person sees the result appear on a terminal."""
        return self.record.is_text and self.output is None and streams.is_terminal("stdout")

    def protect_inputs(self) -> None:
        """Refuse an output that is an input, before long work; writing checks again."""
        inputs.protect_from(inputs.STANDARD_OUTPUT if self.output is None else self.output)

    def spinner(self, text: str, *, when: bool = True) -> AbstractContextManager[None]:
        """Show a spinner while a slow step runs."""
        return streams.spinner(text, quiet=self.quiet) if when else nullcontext()

    def say(self, text: str, *, always: bool = False) -> None:
        """Print a message on standard error, unless `-q`."""
        if always or not self.quiet:
            streams.say(without_controls(text, names=True).replace("\n", " "))

    def warn(self, notes: Iterable[Note], *, shown: bool = True) -> None:
        """Print the warnings on standard error, unless the terminal shows the notes of the output."""
        if not (shown and self.on_terminal):
            for note in dict.fromkeys(note for note in notes if note.warning):
                self.say(f"warning: {note}")

    def partial(
        self, counts: str, refused: Iterable[Refusal], file: str, advice: str, doubts: str = ""
    ) -> PartialError:
        """The error of a run that is done but for series that are refused, which are named before
        it.
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

    def show(
        self,
        view: str,
        result: Any,
        *,
        drawn: Mapping[str, Any] | None = None,
        kept: tuple[str, int | None] | None = None,
        **options: Any,
    ) -> None:
        """Write a result as a module of `views` shows it, its picture with the options `drawn`.

        `kept`: name and origin of the record that is kept where that is asked for.
        """
        module = import_module(f"rural_forecast.views.{view}")
        if kept:
            whole = {name: value for name, value in options.items() if name != "history"}
            self.keep(lambda: module.document(result, **whole), *kept)
        draw = getattr(module, "picture", None)
        self.write_document(
            module.document(result, **options), draw and (lambda: draw(result, **drawn or {}))
        )

    def write_document(
        self, document: Document, picture: Callable[[], Picture] | None = None
    ) -> None:
        """Write a document, or its picture, or both."""
        self.warn(document.notes)
        if picture and self.record.shows == "picture":
            self.draw(picture())
            return
        document = self.dated(document)
        if self.accounts and self.record.has_provenance:
            from rural_forecast.views.about import account_record

            reading = {"reading": list(map(account_record, self.accounts))}
            document = document._replace(provenance={**document.provenance, **reading})
        if picture and self.format == "xlsx":
            with suppress(UsageError):  # the result has no picture
                document = document._replace(picture=self.dressed(picture(), self.ask.title))
        payload = formats.render(document, self.format, **self.terminal)
        if picture and self.ask.chart and self.record.draws:
            below = self.dressed(picture(), self.ask.title)
            if self.ask.chart == "text":
                payload = f"{payload!s}\n{formats.render(below, self.format, **self.terminal, head=False)!s}"
            elif not self.on_terminal:
                raise UsageError(
                    "--chart=image is for a terminal.", "Write a picture: -o market.png."
                )
            else:
                from rural_forecast.render.drawing import on_terminal

                self.write(payload)  # first, since the image may go to the terminal at once
                iterm = {"iTerm.app", "iTerm2"} & {
                    os.environ.get("TERM_PROGRAM"),
                    os.environ.get("LC_TERMINAL"),
                }
                payload = on_terminal(
                    below, streams.width() or streams.UNKNOWN_WIDTH, inline=bool(iterm)
                )
        self.write(payload)

    def draw(self, picture: Picture) -> None:
        """Write a picture with the texts and the look asked for."""
        self.write(
            formats.render(self.dressed(picture, self.ask.title), self.format, **self.terminal)
        )

    def write(self, payload: str | bytes) -> None:
        """Write what is rendered."""
        streams.write(payload, self.output, exact=not self.record.for_people)

    def dressed(self, picture: Picture, name: str | None = None) -> Picture:
        """Give a picture the texts and the look asked for, and a name."""
        from rural_forecast.document.picture import NOT_LOGARITHMIC

        ask = self.ask
        if ask.log and not picture.positive:
            self.warn([Note("linear_axis", NOT_LOGARITHMIC, warning=True)])
        texts = {
            "headline": ask.headline,
            "subtitle": ask.subtitle,
            "source": ask.credit and f"Source: {ask.credit}",
        }
        return picture.dressed(
            name=name, notes=ask.note or (), logarithmic=ask.log, look=self.look, **texts
        )

    @property
    def look(self) -> Look:
        """Theme and size of pictures."""
        from rural_forecast.document.picture import Look

        return Look(self.ask.theme, self.ask.ratio, self.ask.pixels)

    def dated(self, document: Document) -> Document:
        """The document with the day that it states, and the environment variables that were used."""
        used = {name: value for name, value in self.ask.variables.items() if name != KEEP}
        more = ({"date": self.ask.date} if self.ask.date else {}) | (
            {"environment": used} if used else {}
        )
        return document._replace(provenance={**document.provenance, **more}) if more else document

    def keep(self, document: Callable[[], Document], name: str, origin: int | None) -> None:
        """Keep a record of the result, where that is asked for."""
        if self.ask.keep is not None:
            from rural_forecast.record.kept import keep  # digests cost every start

            record = str(formats.render(self.dated(document()), "json")).encode()
            self.say(f"kept {keep(record, self.ask.keep, name, origin)}")
