"""The parameters of a command, read from its signature: what help, conditions and programs need."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from typer.models import ParameterInfo

from rural_forecast.cli.conditions import Needs
from rural_forecast.cli.values import Syntax
from rural_forecast.errors import UsageError

SECTIONS = ("Question", "Evidence", "Money", "Series", "Reading", "Output")
"""The groups of options in the help, in this order."""


_SYNONYMS = {
    "jsonl": "ndjson",
    "jsonlines": "ndjson",
    "excel": "xlsx",
    "xls": "xlsx",
    "md": "markdown",
    "txt": "table",
    "text": "table",
    "powerpoint": "pptx",
    "ppt": "pptx",
    "htm": "html",
}
"""Other names of formats."""


@dataclass(frozen=True)
class OneOf:
    """The words that an option takes, where they are known only when the program runs."""

    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CommandParameter:
    """An argument or an option of a command."""

    name: str
    names: tuple[str, ...]
    """As they are typed, the longest first; of an argument, its own."""
    metavar: str | None
    meaning: str
    left_out: str = ""
    """Says what happens without it, where the default does not."""
    default: Any = None
    """`...` where it must be given."""
    section: str = "Question"
    kind: type = str
    """Of one value; `bool` of a flag."""
    choices: tuple[str, ...] = ()
    several: bool = False
    parser: Callable[[str], Any] | None = None
    """Reads a text that is more than a word or a number: often a `Syntax`."""
    needs: Needs = ()
    least: int | None = None
    most: int | None = None
    variable: str | None = None
    """Of the environment; sets an option where it applies and is not typed."""
    is_argument: bool = False

    @property
    def is_flag(self) -> bool:
        """True if it takes no value."""
        return self.kind is bool

    @property
    def label(self) -> str:
        """Its name in messages."""
        return str(self.metavar) if self.is_argument else self.names[0]

    @property
    def value_name(self) -> str:
        """The name of its value in help."""
        if self.metavar:
            return self.metavar
        if self.choices:
            return "|".join(self.choices)
        return self.names[0].strip("-").upper().replace("-", "_")

    def read(self, typed: Sequence[str], label: str = "") -> Any:
        """Read a value, or several. Raises UsageError if it cannot be read."""
        if self.is_flag:
            return True
        label = label or self.label
        text = " ".join(typed)
        if len(typed) > 1 and not self.several:
            raise UsageError(f"{label} is given twice.", "Keep one of the two.")
        try:
            if isinstance(self.parser, Syntax) and self.parser.several:
                return self.parser.read(typed)
            read_one = self.parser or self._value
            return [read_one(one) for one in typed] if self.several else read_one(text)
        except ValueError:
            meaning, example = self._wanted(text)
            problem = f"{label} {text} is not {meaning}."
            raise UsageError(problem, f"Write it as {label} {example}.") from None

    def _value(self, text: str) -> Any:
        if self.choices:
            word = text.lower()
            if word not in self.choices:
                raise ValueError
            return word
        value = self.kind(text)
        if self.least is not None and value < self.least:
            raise ValueError
        if self.most is not None and value > self.most:
            raise ValueError
        return value

    def _wanted(self, text: str) -> tuple[str, object]:
        """Its values in words, and an example."""
        if isinstance(self.parser, Syntax):
            return self.parser.meaning, self.parser.example
        if self.choices:
            word = _SYNONYMS.get(text.lower(), text.lower())
            close = get_close_matches(word, self.choices, 1) or self.choices
            return f"one of {', '.join(self.choices)}", close[0]
        limits = ""
        if self.least is not None:
            limits = f" from {self.least}"
        if self.most is not None:
            limits += f" to {self.most}"
        if self.kind is int:
            usual = 2030 if self.metavar == "YEAR" else 8
            return f"a whole number{limits}", self.least or usual
        return f"a number{limits}", self.least or 12.5


def parameters_of(
    function: Callable[..., Any], declared: Sequence[Any]
) -> dict[str, CommandParameter]:
    """Read the parameters of a command by name: those that Typer `declared` for its function."""
    signature = inspect.signature(function, eval_str=True)
    annotations = {one.name: one.annotation for one in signature.parameters.values()}
    return {one.name: _parameter(one, annotations[one.name]) for one in declared}


def _parameter(declared: Any, annotation: Any) -> CommandParameter:
    """Bring together what Typer made of a parameter and the rest of its annotation."""
    hint, *metadata = get_args(annotation)
    kind, listed = _kind_of(hint)
    parser = next((one.parser for one in metadata if isinstance(one, ParameterInfo)), None)
    choices: tuple[str, ...] = get_args(kind) if get_origin(kind) is Literal else ()
    needs: Needs = ()
    for one in metadata:
        if isinstance(one, OneOf):
            choices = one.words
        elif isinstance(one, tuple):
            needs = one
    is_argument = declared.param_type_name == "argument"
    shown = declared.show_default
    return CommandParameter(
        name=declared.name,
        names=(declared.metavar.lower(),) if is_argument else tuple(declared.opts),
        metavar=declared.metavar,
        meaning=declared.help,
        left_out=shown if isinstance(shown, str) else "",
        default=... if declared.required else declared.default,
        section=declared.rich_help_panel or "Question",
        kind=str if parser or choices else kind,
        choices=choices,
        several=listed or (isinstance(parser, Syntax) and parser.several),
        parser=parser,
        needs=needs,
        least=getattr(declared, "min", None),
        most=getattr(declared, "max", None),
        variable=declared.envvar,
        is_argument=is_argument,
    )


def _kind_of(hint: Any) -> tuple[Any, bool]:
    """The type of one value, and True if there may be several."""
    if NoneType in get_args(hint):
        hint = next(member for member in get_args(hint) if member is not NoneType)
    if get_origin(hint) is list:
        return get_args(hint)[0], True
    return hint, False


def type_name(parameter: CommandParameter) -> str:
    """The type of its value, for programs."""
    if parameter.choices:
        return "choice"
    names: Mapping[type, str] = {bool: "flag", int: "integer", float: "number", Path: "file"}
    return names.get(parameter.kind, "text")
