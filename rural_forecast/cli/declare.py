"""Declare options and arguments, and read what is typed for one. Typer's validator would cost a quarter of a start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from rural_forecast.cli.conditions import Needs
from rural_forecast.cli.parsing import refused
from rural_forecast.errors import UsageError

Section = Literal["Question", "Evidence", "Money", "Series", "Reading", "Output"]
"""Where the help lists an option; left out, that of its group, or `Question`."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option or an argument of a command."""

    metavar: str | None
    meaning: str
    names: tuple[str, ...] = ()  # as they are typed, the longest first; that of the parameter if left out
    default: Any = None
    left_out: str = ""  # the default in words
    needs: Needs = ()
    complete: Callable[[str], Sequence[str]] | None = None
    parse: Callable[[Any, str], Any] | None = None  # what is typed, `several` times or once, for the option of a name
    several: bool = False
    brief: bool = False
    section: Section | None = None
    names_source: bool = False  # it may name a series of the command's file, `::SERIES`
    variable: str | None = None  # of the environment, which sets it where it applies and is not typed
    least: int | None = None
    most: int | None = None
    is_argument: bool = False
    kind: type = str  # of a value, as the parameter is annotated; `bool` of a flag
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
    def named(self) -> str:
        """Its name in messages."""
        return str(self.metavar) if self.is_argument else self.names[0]

    @property
    def takes(self) -> str:
        """The name of its value."""
        return self.metavar or "|".join(self.choices) or self.names[0].strip("-").upper().replace("-", "_")

    def read(self, typed: Sequence[str], named: str = "") -> Any:
        """Read a value, or several. Raises UsageError if it is none."""
        if self.is_flag:
            return True
        named = named or self.named
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
        what = "a whole number" if self.kind is int else "a number"
        example: float = 2030 if self.metavar == "YEAR" else 8 if self.kind is int else 12.5
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
