"""The help of commands and groups as text: short, or whole and in sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, get_args

from rural_forecast.cli.declare import Declared, Option, Section

NAMES = 21


def of_command(declared: Declared, path: str, *, whole: bool) -> str:
    """The help of a command: all options in sections, or the few that most people need."""
    options = [one for one in declared.options.values() if not one.is_argument]
    about, _, more = declared.about.partition("\n\n")
    lines = wrap(about, _width()) + (wrap(more, _width()) if whole else [])
    lines += [f"Usage: {path} {declared.usage}", *_rows(one for one in declared.options.values() if one.is_argument)]
    if whole:
        for section in get_args(Section):
            listed = [one for one in options if (one.section or "Question") == section]
            lines += ["", section, *_rows(listed)] if listed else []
        lines.append("")
    else:
        lines += _rows(declared.brief)
    lines += ["Examples:", *(f"  {example}" for example in declared.examples[: None if whole else 3])]
    lines += [] if whole else [f"All {len(options)} options, in groups: {path} --help"]
    return "\n".join(lines)


def of_group(group: Any, ctx: Any, last: str) -> str:
    """The purpose of a group, and its commands with what they do, each section named once."""
    width = 10 if any(group.listed) else 0
    lines = [
        f"{section * (place == 0):<{width}}  {name:<12} {does}"
        for section, members in group.listed.items()
        for place, (name, (_, does)) in enumerate(members.items())
    ]
    return "\n".join([group.help, *lines, f"{ctx.command_path} COMMAND -h is short, --help is whole.{last}"])


def _rows(listed: Iterable[Option]) -> Iterator[str]:
    for one in listed:
        names = ", ".join(reversed(one.names)) + ("" if one.is_flag else f" {one.takes}")
        name = str(one.metavar) if one.is_argument else names
        text = one.meaning.removesuffix(".")
        text = text if text[1:2].isupper() else text[:1].lower() + text[1:]
        start, *more = wrap(f"{text} [{one.shown_default}]" if one.shown_default else text, _width() - NAMES - 4)
        if len(name) > NAMES:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{NAMES}}  {start}"
        yield from (" " * (NAMES + 4) + line for line in more)


def _width() -> int:
    return min(max(get_terminal_size().columns, 60), 100)
