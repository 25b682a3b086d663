"""The command tree. A command loads when it is asked for: the options of all would double a start."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from rural_forecast.cli import streams, withdrawn
from rural_forecast.cli.command import HELP, Command
from rural_forecast.cli.declare import flag
from rural_forecast.errors import UsageError
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"
ABOUT = {
    "": "Forecast short yearly series: a number, its range, the evidence for both.",
    "series": "List and show series, or read or check a file.",
}
COMMANDS = {
    "Forecast": {
        "project": ("forecasts", "a series up to a year"),
        "nowcast": ("forecasts", "a year of which some parts are known"),
        "scenario": ("assumptions", "your assumptions, next to the forecast"),
        "panel": ("forecasts", "the parts of a whole, adding up"),
        "batch": ("forecasts", "every series of a file"),
    },
    "Question": {
        "compare": ("evidence", "every model on one series"),
        "backtest": ("evidence", "how the models did on its past"),
        "precedents": ("evidence", "the real histories most like it, and what came next"),
        "growth": ("evidence", "the growth of several series, side by side"),
        "triangulate": ("evidence", "all arguments for one number"),
    },
    "Size": {"size": ("assumptions", "a market from its drivers")},
    "Keep": {
        "score": ("evidence", "kept forecasts against what came"),
        "revise": ("evidence", "why the answer for a year moved"),
    },
    "Show": {"chart": ("pages", "a picture"), "exhibit": ("pages", "one page for a client")},
    "Look up": {
        "series": ("lookup", "list, show, check or read series"),
        "models": ("lookup", "all models, or one"),
    },
    "Programs": {
        "spec": ("lookup", "the commands as JSON"),
        "guide": ("lookup", "a skill for agents"),
        "mcp": ("lookup", "a server of tools for agents"),
    },
}
"""The commands in sections: the module of `commands/` with the function of its name, and what it
does.
"""
MEMBERS = {
    "series": {
        "list": ("lookup", "the series of the catalogue"),
        "show": ("lookup", "one series: values, sources, targets"),
        "read": ("lookup", "a file as tidy rows, with an account of every cell"),
        "check": ("lookup", "all faults of a file or a series"),
    }
}
"""The commands of a group; the function of `series list` is `series_list`."""
COMPLETING = "_RURAL_FORECAST_COMPLETE"
"""Variable that a shell sets when it wants suggestions."""
EXIT_CODES = {
    0: "done",
    1: "a defect of ours",
    2: "usage",
    3: "input refused",
    4: "no model could answer",
    5: "some series of a file refused",
    6: "output not written",
    130: "interrupted",
}
SHELLS = (
    flag("Install completion for the current shell.").of("install_completion", bool),
    flag("Show completion for the current shell, to copy it.").of("show_completion", bool),
)
"""Typer's own options."""
ROOT = (flag("Print the version.").of("version", bool), *SHELLS, HELP)
"""The options before a command."""


def run(words: Sequence[str]) -> int:
    """Run a command line, and return its exit code. Raises RuralForecastError as the command does."""
    if words[:1] == ["--version"]:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        return 0
    if COMPLETING in os.environ or {*words[:1]} & {name for one in SHELLS for name in one.names}:
        return _completion().main([*words], prog_name=PROGRAM, standalone_mode=False) or 0
    path, *rest = _found(words)
    if path in ABOUT:
        streams.write(_page(path), None)
        return 0
    command = load(path)
    name = f"{PROGRAM} {path}"
    if "chart" in command.options:  # the one option whose value may be left out
        rest = ["--chart=text" if word == "--chart" else word for word in rest]
    try:
        context = command.make_context(name, rest, obj=words, allow_extra_args=True)
    except typer.TyperException as error:  # in our form, made from its fields and not from its text
        option = str(getattr(error, "option_name", ""))
        if hint := withdrawn.OPTIONS.get(f"{path} {option}") or withdrawn.OPTIONS.get(option):
            raise UsageError(
                f"'{name}' takes no {option} since 3.0.", hint, code="unknown_name"
            ) from None
        if hasattr(error, "possibilities"):
            known = [word for one in command.options.values() for word in one.names]
            raise no_such("option", option, known, path) from None
        problem = str(getattr(error, "message", error)).rstrip(".")
        raise UsageError(f"{problem}.", f"See '{name} --help'.") from None
    with context:
        return command.invoke(context)


def load(path: str) -> Command:
    """The command of a path, such as `project` or `series list`, with its options."""
    group, _, member = path.rpartition(" ")
    home, _ = _members(group)[member]
    found: Command = getattr(
        import_module(f"rural_forecast.cli.commands.{home}"), path.replace(" ", "_")
    )
    return found


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every command, and the examples of its help; a test runs each example."""
    for name in _members(""):
        for path in [f"{name} {member}" for member in MEMBERS.get(name, ())] or [name]:
            yield path, load(path).examples


def no_such(what: str, typed: str, known: Iterable[str], path: str = "") -> UsageError:
    """The error for an unknown name of an option or command, with the closest ones."""
    names = [*known]
    help_of = f"See '{f'{PROGRAM} {path}'.strip()} --help'."
    close = get_close_matches(typed, names, 3, 0.75) or get_close_matches(typed, names, 1, 0.65)
    others = "" if what == "option" else f"Commands are {', '.join(names)}. "
    meant = f"Did you mean {' or '.join(close)}? " if close else others
    return UsageError(f"No such {what}: {typed}.", f"{meant}{help_of}", code="unknown_name")


def _members(group: str) -> dict[str, tuple[str, str]]:
    """The commands of the program or of a group, with their modules and what they do."""
    return (
        MEMBERS[group]
        if group
        else {name: one for members in COMMANDS.values() for name, one in members.items()}
    )


def _found(words: Sequence[str]) -> list[str]:
    """The path of the command or group that words name, and the words after it. Raises UsageError
    if there is none.
    """
    path = ""
    rest = [*words]
    while path in ABOUT and rest and rest[0] not in HELP.names:
        for typed in (f"{path} {rest[0]}".strip(), " ".join(rest[:2])):
            if hint := withdrawn.COMMANDS.get(typed):
                raise UsageError(f"'{typed}' was withdrawn in 3.0.", hint, code="unknown_name")
        name = rest.pop(0)
        if name.startswith("-"):
            raise no_such(
                "option",
                name,
                [word for one in ((HELP,) if path else ROOT) for word in one.names],
                path,
            )
        if name not in _members(path):
            raise no_such("command", name, _members(path), path)
        path = f"{path} {name}".strip()
    return [path, *rest]


def _page(group: str) -> str:
    """The purpose of a group, and its commands with what they do, each section named once."""
    sections, width = ({"": MEMBERS[group]}, 0) if group else (COMMANDS, 10)
    lines = [
        f"{section * (place == 0):<{width}}  {name:<12} {does}"
        for section, members in sections.items()
        for place, (name, (_, does)) in enumerate(members.items())
    ]
    last = f"{PROGRAM} {group}".strip() + " COMMAND -h is short, --help is whole."
    return (
        "\n".join([ABOUT[group], *lines, last + " Exit codes: help exit-codes" * (not group)])
        + "\n"
    )


class _Group(TyperGroup):
    """The commands of the program or of a group, for the completion of a shell."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as every group
        """Load a command; None if there is none of this name."""
        if cmd_name in MEMBERS:
            return _Group(name=cmd_name)
        path = f"{self.name} {cmd_name}" if self.name in MEMBERS else cmd_name
        return load(path) if cmd_name in self._members() else None

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the name of a command, loading none."""
        from typer._click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=does) for name, (_, does) in self._members().items()]
        return [
            *(one for one in found if one.value.startswith(incomplete)),
            *super().shell_complete(ctx, incomplete),
        ]

    def _members(self) -> dict[str, tuple[str, str]]:
        return _members(self.name if self.name in MEMBERS else "")


def _completion() -> Any:
    settings = {"help_option_names": [*HELP.names]}
    app = typer.Typer(
        cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=settings
    )

    def root(version: bool = typer.Option(False, "--version")) -> None: ...

    app.callback()(root)
    return typer.main.get_command(app)
