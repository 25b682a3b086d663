"""The help of commands and groups as text: short, or whole and in sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, get_args

from rural_forecast.cli import streams
from rural_forecast.cli.declare import Section

NAMES = 21
"""Width of the column of names."""


def of_command(command: Any, ctx: Any, *, whole: bool) -> str:
    """The help of a command: all options in sections, or the few that most people need."""
    parameters: list[Any] = command.get_params(ctx)
    parameters[-1].rich_help_panel = "Output"  # --help, by Typer
    options = {each.name: each for each in parameters if each.param_type_name == "option"}
    about, _, more = str(command.help).partition("\n\n")
    lines = wrap(about, _width()) + (wrap(more, _width()) if whole else [])
    lines.append(f"Usage: {ctx.command_path} {' '.join(command.collect_usage_pieces(ctx))}")
    lines += _rows((str(each.metavar), each) for each in parameters if each.param_type_name == "argument")
    if whole:
        for section in get_args(Section):
            listed = [each for each in options.values() if each.rich_help_panel == section]
            lines += ["", section, *_rows((_names(each), each) for each in listed)] if listed else []
        lines.append("")
    else:
        chosen = [each for name, each in options.items() if name in command.callback.brief]
        lines += _rows((_names(each), each) for each in chosen)
    examples = command.callback.examples[: None if whole else 3]
    lines += ["Examples:", *(f"  {example}" for example in examples)]
    lines += [] if whole else [f"All {len(options)} options, in groups: {ctx.command_path} --help"]
    return painted("\n".join(lines))


def of_group(group: Any, ctx: Any, last: str) -> str:
    """The purpose of a group, and its commands with what they do, each section named once."""
    width = 10 if any(group.listed) else 0
    lines = [
        f"{section * (place == 0):<{width}}  {name:<12} {does}"
        for section, members in group.listed.items()
        for place, (name, (_, does)) in enumerate(members.items())
    ]
    return painted("\n".join([group.help, *lines, f"{ctx.command_path} COMMAND -h is short, --help is whole.{last}"]))


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


def _rows(named: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Names of parameters and what they mean, on a line of its own where a name is long."""
    for name, parameter in named:
        start, *more = wrap(_meaning(parameter), _width() - NAMES - 4)
        if len(name) > NAMES:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{NAMES}}  {start}"
        yield from (" " * (NAMES + 4) + line for line in more)


def _width() -> int:
    return min(max(get_terminal_size().columns, 60), 100)
