"""One run of a command: the format and the destination of its result, messages, and how it is
written.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import ContextVar
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.command import Invocation
from rural_forecast.cli.environment import CATALOGUE, KEEP, own_catalogues
from rural_forecast.cli.groups import Drawing, Fetching, Keeping, Showing
from rural_forecast.document.table import Document
from rural_forecast.errors import PartialError, UsageError
from rural_forecast.notes import Note
from rural_forecast.observed.source_names import without_folders
from rural_forecast.render import formats
from rural_forecast.system import addresses, copies, inputs
from rural_forecast.system.output import is_device, require_open
from rural_forecast.system.progress import spinner, transfer
from rural_forecast.system.terminal import is_terminal
from rural_forecast.text.cells import one_line, shown, without_controls

if TYPE_CHECKING:
    from rural_forecast.document.picture import Look, Picture
    from rural_forecast.forecasting.panel import Refusal
    from rural_forecast.observed.observation import ReadingAccount


kept_files: ContextVar[list[Path] | None] = ContextVar("kept_files", default=None)
"""Where runs list the records that they keep, for a caller that names them."""


class Run:
    """One run of a command: its options, and where its result goes in which format."""

    def __init__(
        self,
        ctx: typer.Context,
        showing: Showing,
        drawing: Drawing | None = None,
        keeping: Keeping | None = None,
        fetching: Fetching | None = None,
    ) -> None:
        """Choose format and destination.

        Raises UsageError if the command does not write the format, or the file does not fit it.
        """
        invocation: Invocation = ctx.obj
        self.showing = showing
        self.drawing = drawing or Drawing()
        self.keeping = keeping or Keeping()
        self.variables = invocation.variables
        self.output = streams.written_to(showing.output)
        named = "csv" if showing.as_python else showing.format
        self.format = streams.format_of(named, self.output, invocation.offered)
        self.record = formats.BY_NAME[self.format]
        self.accounts: list[ReadingAccount] = []
        if showing.as_python:
            self._check_script()
        else:
            self._check_format(invocation.offered)
        self.fetching = fetching or Fetching()
        addresses.set_rules(
            refresh=self.fetching.refresh,
            offline=self.fetching.offline,
            say=self.say,
            progress=self._transfer,
        )
        self.terminal = streams.terminal(showing.color, to_file=self.output is not None)
        if self.output is None:
            require_open()
            if self.record.for_files and is_terminal("stdout"):
                hint = f"Write it to a file: -o out{self.record.suffixes[0]}."
                raise UsageError(f"{self.format} is not for a terminal.", hint)

    def _check_script(self) -> None:
        if self.output is not None and not is_device(self.output) and self.output.suffix != ".py":
            raise UsageError(f"{self.output} is not named as a script.", "Write -o forecast.py.")

    def _check_format(self, offered: tuple[str, ...]) -> None:
        suggested = formats.from_suffix(self.output) if self.output else self.format
        if self.output is not None:
            formats.refuse_compressed(self.output, self.format)
        if suggested not in (None, self.format):
            raise UsageError(
                f"--format {self.format} does not fit {self.output}, "
                f"whose suffix means {suggested}.",
                f"Leave --format out, or name a file that ends in {self.record.suffixes[0]}.",
            )
        unnamed = self.output is not None and not suggested and not is_device(self.output)
        if unnamed and not self.showing.format:
            raise UsageError(
                f"{self.output} has no suffix of a known format.",
                "Add --format, such as --format csv.",
            )
        if self.format not in offered:
            hint = f"It writes {', '.join(offered)}"
            if self.format in formats.PAGES:
                hint += "; 'rural-forecast exhibit' writes pages"
            raise UsageError(f"{self.format} is no format of this command.", f"{hint}.")

    @property
    def quiet(self) -> bool:
        """True if only errors are said."""
        return self.showing.quiet

    @property
    def verbose(self) -> bool:
        """True if what was read is said."""
        return self.showing.verbose

    @property
    def on_terminal(self) -> bool:
        """True if a person sees the result appear on a terminal."""
        return self.record.is_text and self.output is None and is_terminal("stdout")

    def protect_inputs(self) -> None:
        """Refuse an output that is an input, before long work; writing checks again."""
        inputs.protect_from(inputs.STANDARD_OUTPUT if self.output is None else self.output)

    def spinner(self, text: str, *, when: bool = True) -> AbstractContextManager[None]:
        """Show a spinner while a slow step runs."""
        return spinner(text, quiet=self.quiet) if when else nullcontext()

    def _transfer(self, name: str) -> AbstractContextManager[Callable[[int, int | None], None]]:
        """Show how much of an address has come."""
        return transfer(without_controls(name), quiet=self.quiet)

    def say(self, text: str, *, always: bool = False) -> None:
        """Print a message on standard error, unless `-q`."""
        if always or not self.quiet:
            streams.say(without_controls(text, names=True).replace("\n", " "))

    def warn(self, notes: Iterable[Note], *, shown: bool = True) -> None:
        """Print warnings on standard error, unless the terminal shows the notes of the output."""
        if not (shown and self.on_terminal):
            for note in dict.fromkeys(note for note in notes if note.warning):
                self.say(f"warning: {note}")

    def partial(
        self, counts: str, refused: Iterable[Refusal], file: str, advice: str, doubts: str = ""
    ) -> PartialError:
        """The error of a run that is done but for series that are refused, which are named before
        it.
        """
        lines = []
        for refusal in refused:
            origin = f"{file} line {refusal.line}" if refusal.line else file
            lines.append(f"{origin}, series {shown(refusal.series_id)}: {refusal.reason}")
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
            not_kept = ("history", "targets")
            whole = {name: value for name, value in options.items() if name not in not_kept}
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
        if self.drawing.title and self.record.for_people:
            name = picture().name if picture else ""
            document = document.named(self.drawing.title, name)
        document = self._with_accounts(self.dated(document))
        if picture and self.format == "xlsx":
            with suppress(UsageError):  # the result has no picture
                document = document._replace(picture=self.dressed(picture(), self.drawing.title))
        payload = formats.render(document, self.format, **self.terminal)
        if picture and self.drawing.chart and self.record.draws:
            payload = self._with_chart(payload, self.dressed(picture(), self.drawing.title))
        self.write(payload)

    def _with_accounts(self, document: Document) -> Document:
        """The document with the accounts of what was read, where its format has provenance."""
        if not self.accounts or not self.record.has_provenance:
            return document
        from rural_forecast.views.about import account_record

        reading = {"reading": [account_record(account) for account in self.accounts]}
        return document._replace(provenance={**document.provenance, **reading})

    def _with_chart(self, table: str | bytes, picture: Picture) -> str | bytes:
        """A table with its picture below it. An image goes to the terminal after the table."""
        if self.drawing.chart == "text":
            light = streams.background(self.terminal)
            drawn = formats.render(picture, self.format, **self.terminal, light=light, head=False)
            return f"{table!s}\n{drawn!s}"
        if not self.on_terminal:
            raise UsageError("--chart=image is for a terminal.", "Write a picture: -o market.png.")
        from rural_forecast.render.image import on_terminal

        self.write(table)
        programs = {os.environ.get("TERM_PROGRAM"), os.environ.get("LC_TERMINAL")}
        inline = not programs.isdisjoint({"iTerm.app", "iTerm2"})
        return on_terminal(picture, streams.width() or streams.UNKNOWN_WIDTH, inline=inline)

    def draw(self, picture: Picture) -> None:
        """Write a picture with the texts and the look asked for."""
        dressed = self.dressed(picture, self.drawing.title)
        light = streams.background(self.terminal) if self.on_terminal else None
        self.write(formats.render(dressed, self.format, **self.terminal, light=light))

    def write(self, payload: str | bytes) -> None:
        """Write what is rendered."""
        streams.write(payload, self.output, exact=not self.record.for_people)

    def dressed(self, picture: Picture, name: str | None = None) -> Picture:
        """Give a picture the texts and the look asked for, and a name."""
        from rural_forecast.document.picture import NOT_LOGARITHMIC

        drawing = self.drawing
        if drawing.log and not picture.positive:
            self.warn([Note("linear_axis", NOT_LOGARITHMIC, warning=True)])
        return picture.dressed(
            name=name,
            notes=drawing.note or (),
            logarithmic=drawing.log,
            look=self.look,
            headline=drawing.headline,
            subtitle=drawing.subtitle,
            source=f"Source: {drawing.credit}" if drawing.credit else drawing.credit,
        )

    @property
    def look(self) -> Look:
        """Theme, size and template of pictures."""
        from rural_forecast.document.picture import Look

        drawing = self.drawing
        return Look(drawing.theme, drawing.ratio, drawing.pixels, drawing.template or "")

    def dated(self, document: Document) -> Document:
        """The document with the day that it states, and the variables that took part."""
        stated: dict[str, Any] = {}
        if self.keeping.date:
            stated["date"] = self.keeping.date
        used = {name: text for name, text in self.variables.items() if name != KEEP}
        folders = own_catalogues()
        if folders:
            used = {CATALOGUE: os.pathsep.join(map(without_folders, folders)), **used}
        if used:
            stated["environment"] = used
        fetched = copies.records()
        if fetched:
            stated["addresses"] = fetched
        if not stated:
            return document
        return document._replace(provenance={**document.provenance, **stated})

    def keep(self, document: Callable[[], Document], name: str, origin: int | None) -> None:
        """Keep a record of the result, where that is asked for."""
        if self.keeping.keep is None:
            return
        from rural_forecast.record.keeping import keep

        record = str(formats.render(self.dated(document()), "json")).encode()
        path = keep(record, self.keeping.keep, name, origin)
        self.say(f"kept {path}")
        if (files := kept_files.get()) is not None:
            files.append(path)
