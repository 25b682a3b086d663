"""Declare options, groups of options, and commands, and read what is typed.

A command names the groups that it takes, and has options of its own as parameters. It gets those of the groups as one
`Options`, which has every option that commands share. Typer's own validator would cost a quarter of a start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from inspect import cleandoc, signature
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from rural_forecast.cli import streams
from rural_forecast.cli.conditions import Line, Needs, applies, kinds_of, require
from rural_forecast.cli.parsing import refused
from rural_forecast.errors import RuralForecastError, UsageError
from rural_forecast.render import formats
from rural_forecast.series.source_names import in_file_of

Section = Literal["Question", "Evidence", "Money", "Series", "Reading", "Output"]
"""Where the help lists an option; left out, that of its group, or `Question`."""
SOURCES = ("source", "file", "against", "new")
"""Parameters of the series that a command is about, the first that a command has."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option or an argument of a command."""

    metavar: str | None
    meaning: str
    names: tuple[str, ...] = ()
    """As they are typed, the longest first; that of the parameter if left out."""
    default: Any = None
    left_out: str = ""
    """The default in words."""
    needs: Needs = ()
    complete: Callable[[str], Sequence[str]] | None = None
    parse: Callable[[Any, str], Any] | None = None
    """Reads what is typed, `several` times or once, for the option of a name."""
    several: bool = False
    brief: bool = False
    section: Section | None = None
    names_source: bool = False
    """It may name a series of the command's file, `::SERIES`."""
    variable: str | None = None
    """Of the environment, which sets it where it applies and is not typed."""
    least: int | None = None
    most: int | None = None
    is_argument: bool = False
    kind: type = str
    """Of a value, as the parameter is annotated; `bool` of a flag."""
    choices: tuple[str, ...] = ()

    def of(self, parameter: str, hint: Any) -> Option:
        """The option of a parameter with this annotation."""
        one = get_args(hint)[0] if NoneType in get_args(hint) else hint
        listed = get_origin(one) is list
        kind = get_args(one)[0] if listed else one
        choices = get_args(kind) if get_origin(kind) is Literal else ()
        names = (parameter,) if self.is_argument else self.names or (f"--{parameter.replace('_', '-')}",)
        kind = str if self.parse or choices else kind
        return replace(self, names=names, kind=kind, choices=choices, several=self.several or listed)

    @property
    def is_flag(self) -> bool:
        """True if it takes no value."""
        return self.kind is bool

    @property
    def takes(self) -> str:
        """The name of its value."""
        return self.metavar or "|".join(self.choices) or max(self.names, key=len).strip("-").upper().replace("-", "_")

    @property
    def shown_default(self) -> str:
        """Its default as the help has it."""
        if self.left_out or self.default is None:
            return self.left_out or self.variable or ""
        return "" if self.default in (False, ...) else str(self.default)

    def read(self, typed: Sequence[str], named: str) -> Any:
        """Read a value, or several. Raises UsageError if it is none."""
        if self.is_flag:
            return True
        if len(typed) > 1 and not self.several:
            raise UsageError(f"{named} is given twice.", "Keep one of the two.")
        if self.parse:
            return self.parse(typed if self.several else typed[0], named)
        values = [self._one(text, named) for text in typed]
        return values if self.several else values[0]

    def _one(self, text: str, named: str) -> Any:
        if self.choices:
            if text.lower() in self.choices:
                return text.lower()
            close = get_close_matches(text.lower(), self.choices, 1, 0.6)
            raise refused(named, text, f"one of {', '.join(self.choices)}", (close or self.choices)[0])
        try:
            made = self.kind(text)
            if self.least is None or self.least <= made <= (self.most or made):
                return made
        except ValueError:
            pass
        what, example = (
            ("a whole number", 2030 if self.metavar == "YEAR" else 8) if self.kind is int else ("a number", 12.5)
        )
        if self.least is not None:
            what, example = f"{what} from {self.least}{f' to {self.most}' if self.most else ''}", self.least
        raise refused(named, text, what, example)


def value(metavar: str | None, meaning: str, *names: str, **about: Any) -> Any:
    """Declare an option with a value, as the default of a parameter or field; `about`: fields of `Option`."""
    return Option(metavar=metavar, meaning=meaning, names=tuple(sorted(names, key=len, reverse=True)), **about)


def flag(name: str, meaning: str, *names: str, default: Any = False, **about: Any) -> Any:
    """Declare an option that is there or not, or one of a few words."""
    return value(None, meaning, name, *names, default=default, **about)


def argument(metavar: str, meaning: str, **about: Any) -> Any:
    """Declare an argument; `default=...` where it must be given."""
    return Option(metavar=metavar, meaning=meaning, is_argument=True, **about)


HELP: Option = flag("--help", "Show this message and exit.", "-h", section="Output")


@dataclass(frozen=True)
class Declared:
    """A command: its function, and the options that it takes."""

    function: Callable[..., None]
    taken: tuple[str, ...]
    examples: tuple[str, ...]
    formats: tuple[str, ...]
    """All that it writes, the default first, where it does not write documents."""
    changed: Mapping[str, Mapping[str, Any]]

    @property
    def about(self) -> str:
        """The description of the command."""
        return cleandoc(self.function.__doc__ or "")

    @property
    def usage(self) -> str:
        """The usage line after the name: `FILE` is required, `[SOURCE]` optional."""
        arguments = [one for one in self.options.values() if one.is_argument]
        named = (str(one.metavar) if one.default is ... else f"[{one.metavar}]" for one in arguments)
        return " ".join(
            ["[OPTIONS]", *(name + "..." * one.several for name, one in zip(named, arguments, strict=True))]
        )

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.function)

    @cached_property
    def options(self) -> dict[str, Option]:
        """Its arguments and options by parameter, its own first."""
        own = ((name, one.default) for name, one in signature(self.function).parameters.items() if name != "ask")
        found: dict[str, Option] = {name: option.of(name, self._hints[name]) for name, option in own}
        for name in (name for name in self.taken if name not in found):
            every = self._hints["ask"]
            section = next((each for each, names in every.sections.items() if name in names.split()), None)
            option = replace(getattr(every, name), section=section, **self.changed.get(name, {}))
            option = option.of(name, hints_of(every)[name])
            found[name] = self._format(option) if name == "format" else option
        return found | {"help": HELP.of("help", bool)}

    def _format(self, option: Option) -> Option:
        offered = self.formats or (*formats.FORMATS, *(formats.PICTURES if "theme" in self.taken else ()))
        left_out = next(iter(self.formats), option.left_out)
        return replace(option, meaning=f"Output format: {', '.join(offered)}.", choices=offered, left_out=left_out)

    @property
    def brief(self) -> list[Option]:
        """The options of the short help, its own first."""
        briefs = [name for name, option in self.options.items() if option.brief]
        briefs.sort(key=lambda name: name in self.taken)
        return [self.options[name] for name in (*briefs[:9], *({"output"} & self.options.keys()))]

    def run(self, **given: Sequence[str]) -> None:
        """Run it with what is typed, by parameter. Raises UsageError for an option that cannot be, or not here."""
        options = self.options
        for name, option in options.items():
            if option.default is ... and not given.get(name):
                raise UsageError(f"{option.metavar} is missing.", f"{option.meaning} See --help.")
        named = {name: option.metavar if option.is_argument else option.names[0] for name, option in options.items()}
        read = {name: options[name].read(texts, str(named[name])) for name, texts in given.items() if texts}
        stated = {name: value for name, value in read.items() if value != options[name].default}
        form = streams.format_of(stated.get("format"), stated.get("output"), self.formats)
        source = next((name for name in SOURCES if name in options), "")
        main: Any = stated.get(source)
        kinds = kinds_of(main) if source else frozenset()
        drawn = "chart" in stated or bool(self.formats)
        line = Line(stated, options, formats.BY_NAME[form], drawn, kinds)
        variables = []
        for name, option in options.items():
            text = os.environ.get(option.variable or "", "")
            if text and name not in read and applies(line, option.needs):
                stated[name] = option.read([text], str(option.variable))
                variables.append(str(option.variable))
        for name in read.keys() & stated.keys():
            require(line, str(named[name]), options[name].needs)
        for name in filter(lambda name: main and options[name].names_source, stated):
            stated[name] = _in_file_of(stated[name], main if isinstance(main, str) else main[0])
        taken = {name: stated.get(name, option.default) for name, option in options.items() if name != "help"}
        if ask := self._hints.get("ask"):
            shared = {name: taken.pop(name) for name in self.taken if name in taken}
            taken["ask"] = ask(self.formats, variables, **shared)
        self.function(**taken)


def command(
    *groups: str,
    examples: tuple[str, ...],
    formats: tuple[str, ...] = (),
    without: str = "",
    **changed: Mapping[str, Any],
) -> Callable[[Callable[..., None]], Declared]:
    """Declare a function a command, with the options of groups, those of `without` left out."""

    def declared(function: Callable[..., None]) -> Declared:
        if len(examples) < 3:
            problem = f"The command '{function.__name__}' has {len(examples)} examples."
            raise RuralForecastError(problem, "Give three; the help shows them, and a test runs them.")
        taken = dict.fromkeys(name for each in groups for name in each.split() if name not in without.split())
        return Declared(function, tuple(taken), examples, formats, changed)

    return declared


def _in_file_of(given: Any, main: str) -> Any:
    """A source, or several, that an option names; `::SERIES` is of the file of the main one."""
    if isinstance(given, list):
        return [in_file_of(each, main) for each in given]
    return in_file_of(given, main) if isinstance(given, str) else given


@cache
def hints_of(group: Any) -> dict[str, Any]:
    """The annotations of the options of a group."""
    return get_type_hints(group)
