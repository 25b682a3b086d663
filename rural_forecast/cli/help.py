"""A command: what it reads from its line, and its help, short and whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, get_args

from typer.core import TyperCommand

from rural_forecast.cli import streams
from rural_forecast.cli.declare import Section
from rural_forecast.cli.usage_errors import unexpected
from rural_forecast.errors import UsageError

NAMES = 21
"""Width of the column of names."""


class Command(TyperCommand):
    """A command that refuses options given twice and unexpected arguments. `-h` prints its short help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments and options."""
        ctx.allow_extra_args = True
        Plain.of(self.get_params(ctx))
        if any(each.name == "chart" for each in self.get_params(ctx)):  # the one option whose value may be left out
            args = ["--chart=text" if arg == "--chart" else arg for arg in args]
        if not ctx.resilient_parsing:  # as while a shell completes
            self._require_once(ctx, args)
        left: list[str] = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            raise unexpected(ctx, left)
        return left

    def _require_once(self, ctx: Any, args: list[str]) -> None:
        *_, order = self.make_parser(ctx).parse_args(list(args))
        for parameter, times in Counter(order).items():
            flag = getattr(parameter, "is_flag", False)
            if times > 1 and parameter.param_type_name == "option" and not parameter.multiple and not flag:
                raise UsageError(f"{max(parameter.opts, key=len)} is given twice.", "Keep one of the two.")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line: `FILE` for what is required, `[SOURCE]` for what is not."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def get_help(self, ctx: Any) -> str:
        """The help as it was asked for: `-h` is short, `--help` is whole."""
        parameters: list[Any] = self.get_params(ctx)
        parameters[-1].rich_help_panel = "Output"  # --help, by Typer
        arguments = [each for each in parameters if each.param_type_name == "argument"]
        options = [each for each in parameters if each.param_type_name == "option"]
        whole = "--help" in (ctx.obj or ())
        about = str(self.help).partition("\n\n")
        lines = [
            *wrap(about[0], _width()),
            f"Usage: {ctx.command_path} {' '.join(self.collect_usage_pieces(ctx))}",
            *_rows((str(each.metavar), _meaning(each)) for each in arguments),
        ]
        if whole:
            lines[1:1] = wrap(about[2], _width())
            for section in get_args(Section):
                listed = [each for each in options if each.rich_help_panel == section]
                lines += ["", section] if listed else []
                lines += _rows((_names(each), _meaning(each)) for each in listed)
            lines.append("")
        else:
            brief = {each.name: each for each in options}
            chosen = sorted(self._about("brief"), key=list(brief).index)
            lines += _rows((_names(brief[name]), _meaning(brief[name])) for name in chosen)
        lines += ["Examples:", *(f"  {example}" for example in self._about("examples")[: None if whole else 3])]
        last = [] if whole else [f"All {len(options)} options, in groups: {ctx.command_path} --help"]
        return painted("\n".join(lines + last))

    def _about(self, name: str) -> tuple[str, ...]:
        return tuple(getattr(self.callback, name))


def in_sections(listed: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Commands with what they do, each section named once."""
    width = 10 if any(listed) else 0
    return [
        f"{section * (place == 0):<{width}}  {name:<12} {does}"
        for section, members in listed.items()
        for place, (name, does) in enumerate(members.items())
    ]


_PAINTED = (
    (re.compile(r"(?<=^  )(-\w, )?--[a-z-]+|(?<=^.{12})[a-z]+(?=  )|(?<=^  )[a-z]+(?=  )", re.MULTILINE), "36"),
    (re.compile(rf"^({'|'.join(get_args(Section))}|Examples:)$|^[A-Z][a-z ]+(?=  )", re.MULTILINE), "1"),
    (re.compile(r"\[[^][]+\]$", re.MULTILINE), "2"),
)
"""Headings are bold, names of commands and options have the accent, defaults are dim."""


def painted(text: str) -> str:
    """Help with colour, where standard output has it."""
    for pattern, code in _PAINTED if streams.use_color("auto") else ():
        text = pattern.sub(f"\x1b[{code}m\\g<0>\x1b[0m", text)
    return text


def _names(option: Any) -> str:
    """The names of an option with what it takes, the short one first."""
    names = ", ".join(sorted(option.opts, key=len))
    choices = getattr(option.type_descriptor, "choices", None) or ()
    return names if option.is_flag else f"{names} {option.metavar or '|'.join(choices)}"


def _meaning(parameter: Any) -> str:
    """The meaning of a parameter as a phrase, and its default."""
    text = str(parameter.help).removesuffix(".")
    text = text if text[1:2].isupper() else text[:1].lower() + text[1:]
    left_out = parameter.show_default
    if not isinstance(left_out, str):
        default = parameter.default
        left_out = "" if default in (None, False) or parameter.required else str(default)
    return f"{text} [{left_out}]" if left_out else text


def _rows(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Names and what they mean, on a line of its own where a name is long."""
    for name, meaning in pairs:
        start, *more = wrap(meaning, _width() - NAMES - 4)
        if len(name) > NAMES:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{NAMES}}  {start}"
        yield from (" " * (NAMES + 4) + line for line in more)


def _width() -> int:
    return min(max(get_terminal_size().columns, 60), 100)


class Plain:
    """Reads what is plainly valid by itself: importing Typer's validator costs a quarter of a start."""

    def __init__(self, validator: Callable[[], Any]) -> None:
        self._validator = validator

    @classmethod
    def of(cls, params: Iterable[Any]) -> None:
        """Let the parameters of a command be read so."""
        for parameter in params:
            validator = getattr(parameter, "get_runtime_param", None)
            if validator and not isinstance(validator, cls):
                parameter.get_runtime_param = cls(validator)

    def __call__(self) -> Plain:
        """The same, in place of the parameter's own."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a parameter, one of a few words in any case. Raises typer.BadParameter."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        kind = param.type_descriptor
        if several and kind.annotation == list[str]:
            return list(value)
        if kind.annotation is str or (isinstance(kind.annotation, type) and isinstance(value, kind.annotation)):
            return value
        if kind.annotation is int and len(value) < 19 and value.isascii() and value.isdigit() and not kind.is_ranged:
            return int(value)
        if isinstance(value, str) and value.lower() in (kind.choices or ()):
            return value.lower()
        return self._validator().coerce(value, param=param, ctx=ctx)
