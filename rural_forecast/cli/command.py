"""Commands: a function, the options that it takes, its help, and how what is typed becomes its
arguments.

A command names its arguments and options, and groups of them, and gets them as one `Options`. Lines
of its docstring that begin with `$ ` are its examples.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from inspect import cleandoc
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, get_args, get_type_hints

from typer.core import TyperArgument, TyperCommand, TyperOption

from rural_forecast.cli import streams
from rural_forecast.cli.conditions import Line, failing
from rural_forecast.cli.declare import Option, Section, flag
from rural_forecast.cli.options import VARIABLES, Options, names_in
from rural_forecast.errors import RuralForecastError, UsageError
from rural_forecast.question.source import Source
from rural_forecast.render import formats
from rural_forecast.series.source_names import DEFAULT_SERIES

SOURCES = ("source", "sources", "panel", "file", "against", "new")
"""Names of the series that a command is about, the first that a command has."""
HELP: Option = flag("Show this message and exit.", names="-h", section="Output").of("help", bool)
NAMES = 21
_hints_of = cache(get_type_hints)


class Command(TyperCommand):
    """A command, which Typer parses and completes. `-h` prints its short help, `--help` all of it."""

    def __init__(
        self,
        function: Callable[[Options], int | None],
        names: Sequence[str],
        formats: tuple[str, ...],
        **changed: Any,
    ) -> None:
        """Take options by their names, some `changed`; `formats`: those it has in place of
        documents.
        """
        super().__init__(function.__name__, rich_markup_mode=None)
        self.function = function
        self.names = names
        self.formats = formats
        self.changed = changed
        self.about, *examples = cleandoc(function.__doc__ or "").split("\n$ ")
        self.about = self.about.rstrip()
        self.examples = tuple(examples)

    @cached_property
    def options(self) -> dict[str, Option]:
        """Its arguments and options by name."""
        found = dict[str, Option]()
        hints = _hints_of(Options)
        for name in self.names:
            option = replace(getattr(Options, name), **self.changed.get(name, {})).of(
                name, hints[name]
            )
            variable = f"RURAL_FORECAST_{name.upper()}"
            found[name] = replace(option, variable=variable) if variable in VARIABLES else option
        for section, words in reversed(Options.sections.items()):
            found |= {
                name: replace(found[name], section=section)
                for name in names_in(words)
                if name in found
            }
        if "format" in found:
            offered = self.formats or (
                *formats.FORMATS,
                *(formats.PICTURES if "theme" in found else ()),
            )
            stated: dict[str, Any] = {"left_out": self.formats[0]} if self.formats else {}
            meaning = f"Output format: {', '.join(offered)}."
            found["format"] = replace(found["format"], meaning=meaning, choices=offered, **stated)
        return found | {"help": HELP}

    @property
    def usage(self) -> str:
        """The usage line after the name: `FILE` is required, `[SOURCE]` optional."""
        arguments = [one for one in self.options.values() if one.is_argument]
        named = (
            (one.named if one.default is ... else f"[{one.named}]") + "..." * one.several
            for one in arguments
        )
        return " ".join(["[OPTIONS]", *named])

    def page(self, path: str, *, whole: bool) -> str:
        """Its help: all options in sections, or the few that most people need."""
        arguments = [one for one in self.options.values() if one.is_argument]
        options = [one for one in self.options.values() if not one.is_argument]
        about, _, more = self.about.partition("\n\n")
        lines = [*wrap(about, _width()), *(wrap(more, _width()) if whole else [])]
        lines += [f"Usage: {path} {self.usage}", *_rows(arguments)]
        if whole:
            for section in get_args(Section):
                listed = [one for one in options if (one.section or "Question") == section]
                lines += ["", section, *_rows(listed)] if listed else []
            return "\n".join(
                [*lines, "", "Examples:", *(f"  {example}" for example in self.examples)]
            )
        briefs = [name for name in self.options if name in Options.brief.split()][:9]
        lines += _rows(self.options[name] for name in (*briefs, "output") if name in self.options)
        lines += ["Examples:", *(f"  {example}" for example in self.examples[:3])]
        return "\n".join([*lines, f"All {len(options)} options, in groups: {path} --help"])

    def get_params(self, _: Any) -> list[Any]:
        """Its parameters for Typer, which gives all that is typed for each, and reads none."""
        return self._typed

    @cached_property
    def _typed(self) -> list[Any]:
        return [_parameter(name, option) for name, option in self.options.items()]

    def invoke(self, ctx: Any) -> int:
        """Print its help, or run it with what is typed. Returns the exit code."""
        given = {
            name: [typed] if isinstance(typed, str) else typed for name, typed in ctx.params.items()
        }
        if given.pop("help"):
            streams.write(self.page(ctx.command_path, whole="--help" in ctx.obj) + "\n", None)
            return 0
        if ctx.args:
            one = "A command takes one series; 'growth' sets several side by side. " * (
                "source" in self.options
            )
            raise UsageError(
                f"Unexpected argument: {' '.join(ctx.args)}.",
                f"{one}See '{ctx.command_path} --help'.",
            )
        for name, option in self.options.items():
            if option.default is ... and not given.get(name):
                raise UsageError(f"{option.metavar} is missing.", f"{option.meaning} See --help.")
        return self.function(self._asked(given)) or 0

    def _asked(self, given: Mapping[str, Sequence[str]]) -> Options:
        """The options as they are typed. Raises UsageError for one that cannot be, or not here."""
        options = self.options
        variables = list[str]()
        read = {name: options[name].read(texts) for name, texts in given.items() if texts}
        stated = {name: value for name, value in read.items() if value != options[name].default}
        offered = options["format"].choices if "format" in options else ("json",)
        file = streams.written_to(stated.get("output"))
        source = next((name for name in SOURCES if name in options), "")
        main: Any = stated.get(source)
        names = main if isinstance(main, list) else [main or DEFAULT_SERIES] if source else []
        sources = [*map(Source.parse, names)]
        # A TOML file names its own.
        kinds = frozenset(source.kind for source in sources if not source.is_toml)
        form = formats.BY_NAME[streams.format_of(stated.get("format"), file, offered)]
        line = Line(stated, options, form, "chart" in stated or bool(self.formats), kinds)
        for name, option in options.items():
            text = os.environ.get(option.variable or "", "")
            if text and name not in read and not failing(line, option.needs):
                stated[name] = option.read([text], str(option.variable))
                variables.append(str(option.variable))
        for name, option in options.items():
            if name in read and name in stated and (need := failing(line, option.needs)):
                advice = f"Leave {option.named} out{need.instead and ', or '}{need.instead}."
                raise UsageError(f"{option.named} {need.problem}.", advice)
        for name in Options.of_file.split() if sources else ():
            if isinstance(one := stated.get(name), str):
                stated[name] = Source.parse(one).beside(sources[0]).name
            elif isinstance(one, list):
                stated[name] = [Source.parse(each).beside(sources[0]).name for each in one]
        return Options(
            offered, variables, **{name: options[name].default for name in self.names} | stated
        )


def command(
    words: str, *, without: str = "", formats: tuple[str, ...] = (), **changed: Mapping[str, Any]
) -> Callable[[Callable[[Options], int | None]], Command]:
    """Declare a function a command, with options by name and in groups, those of `without` left
    out.
    """

    def declared(function: Callable[[Options], int | None]) -> Command:
        names = dict.fromkeys(name for name in names_in(words) if name not in without.split())
        made = Command(function, tuple(names), formats, **changed)
        if len(made.examples) < 3:
            problem = f"The command '{function.__name__}' has fewer than three examples."
            raise RuralForecastError(
                problem,
                "Give three lines that begin with '$ '; the help shows them, and a test runs them.",
            )
        return made

    return declared


class _Parameter:
    option: Option

    def process_value(self, _: Any, typed: Any) -> Any:
        """All that is typed."""
        return typed

    def shell_complete(self, _: Any, incomplete: str) -> list[Any]:
        """Suggest values to a shell."""
        from typer._click.shell_completion import CompletionItem

        option = self.option
        if option.kind is Path:
            return [CompletionItem(incomplete, type="file")]
        found = option.complete(incomplete) if option.complete else option.choices
        typed = incomplete.lower() if option.choices else incomplete
        return [CompletionItem(name) for name in found if name.startswith(typed)]


class _Option(_Parameter, TyperOption): ...


class _Argument(_Parameter, TyperArgument): ...


def _parameter(name: str, option: Option) -> Any:
    shared: dict[str, Any] = {"type_descriptor": None, "metavar": option.metavar}
    if option.is_argument:
        made: Any = _Argument(param_decls=[name], nargs=-1 if option.several else 1, **shared)
    else:
        made = _Option(
            param_decls=[name, *option.names], multiple=True, is_flag=option.is_flag, **shared
        )
    made.option = option
    return made


def _rows(listed: Iterable[Option]) -> Iterator[str]:
    for one in listed:
        name = (
            one.named
            if one.is_argument
            else ", ".join(reversed(one.names)) + f" {one.takes}" * (not one.is_flag)
        )
        text = one.meaning.removesuffix(".")
        text = text if text[1:2].isupper() else text[:1].lower() + text[1:]
        default = one.left_out or (one.variable if one.default is None else one.default)
        shown = f"{text} [{default}]" if default not in (None, False, ...) else text
        start, *more = wrap(shown, _width() - NAMES - 4)
        if len(name) > NAMES:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{NAMES}}  {start}"
        yield from (" " * (NAMES + 4) + line for line in more)


def _width() -> int:
    return min(max(get_terminal_size().columns, 60), 100)
