"""The one addition to Typer: a command that reads what is typed in our terms and has two helps.

A command is a plain Typer function: typed parameters, mostly aliases of `options`, and a docstring
whose lines that begin with `$ ` are its examples. Typer makes the parser and completes in a shell.
This class adds conditions under which an option applies, refusals in our form, and `-h` beside
`--help`. It also reads the values: Typer would build a Pydantic validator for each of some fifty
parameters, typed or not, which costs a quarter of a start.
"""

from __future__ import annotations

import inspect
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any

import typer
from typer.core import TyperCommand

from rural_forecast.cli import streams
from rural_forecast.cli.conditions import CommandLine, failing
from rural_forecast.cli.parameters import SECTIONS, CommandParameter, parameters_of
from rural_forecast.errors import UsageError
from rural_forecast.observed.source_names import DEFAULT_SERIES
from rural_forecast.question.source import Source
from rural_forecast.render import formats

HELP = CommandParameter(
    name="help",
    names=("--help", "-h"),
    metavar=None,
    meaning="Show this message and exit.",
    kind=bool,
    default=False,
    section="Output",
)
SOURCES = ("source", "sources", "panel", "file", "against", "new")
"""The parameters that name what a command is about; it has one of them at most."""
SHORT = frozenset(
    (
        "against",
        "appendix",
        "triangulate",
        "years",
        "growth",
        "shock",
        "override",
        "reason",
        "name",
        "scenarios",
        "year",
        "level",
        "partial",
        "ceiling",
        "since",
        "target",
        "series",
        "where",
    )
)
"""The options of the short help, beside `--output`."""
MOST_IN_SHORT_HELP = 9
NAME_WIDTH = 21


@dataclass(frozen=True)
class Invocation:
    """The circumstances of a command that runs, beside the values of its parameters."""

    offered: tuple[str, ...]
    """The formats that the command writes, the usual one first."""
    variables: Mapping[str, str]
    """The variables of the environment that took part."""


class Command(TyperCommand):
    """A command that Typer parses and completes; `-h` prints its short help, `--help` all of it."""

    def __init__(self, **settings: Any) -> None:
        """Take what Typer made of the function of the command."""
        super().__init__(**settings)
        self.function: Callable[..., int | None] = inspect.unwrap(settings["callback"])
        text, *examples = inspect.cleandoc(self.function.__doc__ or "").split("\n$ ")
        self.examples = tuple(examples)
        self.about = "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).rstrip()

    @cached_property
    def parameters(self) -> dict[str, CommandParameter]:
        """Its arguments and options by name, `--help` last."""
        return {**parameters_of(self.function, self.params), HELP.name: HELP}

    @property
    def offered(self) -> tuple[str, ...]:
        """The formats that it writes."""
        return (
            self.parameters["format_name"].choices
            if "format_name" in self.parameters
            else ("json",)
        )

    @property
    def usage(self) -> str:
        """The usage line after the name: `FILE` is required, `[SOURCE]` optional."""
        words = ["[OPTIONS]"]
        for parameter in self._arguments:
            word = parameter.label if parameter.default is ... else f"[{parameter.label}]"
            words.append(f"{word}..." if parameter.several else word)
        return " ".join(words)

    @property
    def _arguments(self) -> list[CommandParameter]:
        return [one for one in self.parameters.values() if one.is_argument]

    @property
    def _options(self) -> list[CommandParameter]:
        return [one for one in self.parameters.values() if not one.is_argument]

    def page(self, path: str, *, whole: bool) -> str:
        """Its help: all options in sections, or the few that most people need."""
        width = _width()
        summary, _, more = self.about.partition("\n\n")
        lines = wrap(summary, width)
        if whole:
            lines += wrap(more, width)
        lines += [f"Usage: {path} {self.usage}", *_rows(self._arguments, width)]
        if not whole:
            lines += _rows(self._short_options(), width)
            lines += ["Examples:", *(f"  {example}" for example in self.examples[:3])]
            count = len(self._options)
            return "\n".join([*lines, f"All {count} options, in groups: {path} --help"])
        for section in SECTIONS:
            listed = [option for option in self._options if option.section == section]
            if listed:
                lines += ["", section, *_rows(listed, width)]
        return "\n".join([*lines, "", "Examples:", *(f"  {example}" for example in self.examples)])

    def _short_options(self) -> list[CommandParameter]:
        options = [option for option in self._options if option.name in SHORT]
        output = [option for option in self._options if option.name == "output"]
        return options[:MOST_IN_SHORT_HELP] + output

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take apart what is typed, and keep the texts: `invoke` reads them."""
        if ctx.resilient_parsing:  # a shell asks for suggestions
            return super().parse_args(ctx, args)
        several = {one.name for one in self.parameters.values() if one.several}
        for declared in self.params:
            if declared.name in several and declared.param_type_name == "option":
                declared.multiple = True  # of a syntax that reads several texts
        typed, rest, order = self.make_parser(ctx).parse_args(args=args)
        counts = Counter(declared.name for declared in order)
        for name, value in typed.items():
            if value is None or value == ():
                continue
            texts = [value] if isinstance(value, str | bool) else list(value)
            if counts[name] > 1 and isinstance(value, str):
                texts *= counts[name]  # the parser keeps the last one: reading refuses several
            ctx.params[name] = texts
        ctx.args = rest
        return rest

    def invoke(self, ctx: Any) -> int:
        """Print its help, or run it with what is typed. Returns the exit code."""
        typed = dict(ctx.params)
        if typed.pop(HELP.name, None):
            streams.write(self.page(ctx.command_path, whole="--help" in ctx.obj) + "\n", None)
            return 0
        self._refuse_extra(ctx)
        for name, parameter in self.parameters.items():
            if parameter.default is ... and not typed.get(name):
                hint = f"{parameter.meaning} See --help."
                raise UsageError(f"{parameter.metavar} is missing.", hint)
        values, variables = self._values(typed)
        ctx.obj = Invocation(self.offered, variables)
        if "ctx" in inspect.signature(self.function).parameters:
            values["ctx"] = ctx
        return self.function(**values) or 0

    def _refuse_extra(self, ctx: typer.Context) -> None:
        if not ctx.args:
            return
        hint = f"See '{ctx.command_path} --help'."
        if "source" in self.parameters:
            hint = f"A command takes one series; 'growth' sets several side by side. {hint}"
        raise UsageError(f"Unexpected argument: {' '.join(ctx.args)}.", hint)

    def _values(self, typed: Mapping[str, Sequence[str]]) -> tuple[dict[str, Any], dict[str, str]]:
        """The value of each parameter, and the variables that set one.

        Raises UsageError for a text that cannot be read, and for an option that does not apply.
        """
        parameters = self.parameters
        read = {name: parameters[name].read(texts) for name, texts in typed.items()}
        stated = {name: value for name, value in read.items() if value != parameters[name].default}
        line = self._line(stated)
        variables: dict[str, str] = {}
        for name, parameter in parameters.items():
            text = os.environ.get(parameter.variable or "", "")
            if text and name not in read and not failing(line, parameter.needs):
                variable = str(parameter.variable)
                stated[name] = parameter.read([text], variable)
                variables[variable] = text
        for name, parameter in parameters.items():
            if name not in read or name not in stated:
                continue
            need = failing(line, parameter.needs)
            if need is not None:
                instead = f", or {need.instead}" if need.instead else ""
                advice = f"Leave {parameter.label} out{instead}."
                raise UsageError(f"{parameter.label} {need.problem}.", advice)
        defaults = {name: one.default for name, one in parameters.items() if name != HELP.name}
        return defaults | stated, variables

    def _line(self, stated: Mapping[str, Any]) -> CommandLine:
        """The parts of the command line on which conditions depend."""
        file = streams.written_to(stated.get("output"))
        named = "csv" if stated.get("as_python") else stated.get("format_name")
        form = formats.BY_NAME[streams.format_of(named, file, self.offered)]
        # Without rows of its own, the table of a command is its picture.
        drawn = "chart" in stated or "csv" not in self.offered
        kinds = frozenset(source.kind for source in self._sources(stated) if not source.is_toml)
        return CommandLine(stated, self.parameters, form, drawn, kinds)

    def _sources(self, stated: Mapping[str, Any]) -> list[Source]:
        name = next((name for name in SOURCES if name in self.parameters), None)
        if name is None:
            return []
        main = stated.get(name)
        if main is None:
            return [Source.parse(DEFAULT_SERIES)]
        return main if isinstance(main, list) else [main]


def _rows(listed: Iterable[CommandParameter], width: int) -> Iterator[str]:
    """The lines of the help on parameters: the name, and the meaning beside it."""
    for parameter in listed:
        name = _typed(parameter)
        start, *more = wrap(_meaning(parameter), width - NAME_WIDTH - 4)
        if len(name) > NAME_WIDTH:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{NAME_WIDTH}}  {start}"
        for line in more:
            yield " " * (NAME_WIDTH + 4) + line


def _typed(parameter: CommandParameter) -> str:
    """A parameter as it is typed: `-o, --output FILE`."""
    if parameter.is_argument:
        return parameter.label
    names = ", ".join(reversed(parameter.names))
    return names if parameter.is_flag else f"{names} {parameter.value_name}"


def _meaning(parameter: CommandParameter) -> str:
    """Its meaning as part of a list, with what holds where it is left out."""
    text = parameter.meaning.removesuffix(".")
    if not text[1:2].isupper():  # an abbreviation keeps its capital
        text = text[:1].lower() + text[1:]
    default = parameter.left_out or parameter.default
    if default is None:
        default = parameter.variable
    return text if default in (None, False, ...) else f"{text} [{default}]"


def _width() -> int:
    return min(max(get_terminal_size().columns, 60), 100)
