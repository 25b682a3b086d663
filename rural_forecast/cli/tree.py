"""The commands, in their groups. One is built when it is asked for: all would double a start."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from rural_forecast.cli import streams, withdrawn
from rural_forecast.cli.command import HELP, Command
from rural_forecast.cli.parameters import CommandParameter
from rural_forecast.errors import UsageError
from rural_forecast.text.wording import listed
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"
MOST_NAMED = 4  # commands that have an option
ABOUT = {
    "": "Forecast short yearly series: a number, its range, the evidence for both.",
    "series": "List and show series, or read or check a file.",
}
COMMANDS = {
    "Forecast": {
        "project": "a series up to a year",
        "nowcast": "a year of which some parts are known",
        "scenario": "your assumptions, next to the forecast",
        "panel": "the parts of a whole, adding up",
        "batch": "every series of a file",
    },
    "Question": {
        "compare": "every model on one series",
        "backtest": "how the models did on its past",
        "precedents": "the real histories most like it, and what came next",
        "growth": "the growth of several series, side by side",
        "triangulate": "all arguments for one number",
    },
    "Size": {"size": "a market from its drivers"},
    "Keep": {
        "score": "kept forecasts against what came",
        "revise": "why the answer for a year moved",
    },
    "Show": {"chart": "a picture", "exhibit": "one page for a client"},
    "Look up": {
        "series": "list, show, check or read series",
        "models": "all models, or one",
    },
    "Programs": {
        "spec": "the commands as JSON",
        "guide": "a skill for agents",
        "mcp": "a server of tools for agents",
    },
}
"""The commands in sections, and the purpose of each. Its module in `commands/` has its name, and so
has its function.
"""
MEMBERS = {
    "series": {
        "list": "the series of the catalogue",
        "show": "one series: values, sources, targets",
        "read": "a file as tidy rows, with an account of every cell",
        "check": "all faults of a file or a series",
    }
}
"""The commands of a group, which share a module; the function of `series list` is `series_list`."""
COMPLETING = "_RURAL_FORECAST_COMPLETE"
"""The variable that a shell sets when it wants suggestions."""
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


def _flag(name: str, meaning: str) -> CommandParameter:
    return CommandParameter(
        name=name, names=(name,), metavar=None, meaning=meaning, kind=bool, default=False
    )


SHELLS = (
    _flag("--install-completion", "Install completion for the current shell."),
    _flag("--show-completion", "Show completion for the current shell, to copy it."),
)
"""Typer's own options."""
ROOT = (_flag("--version", "Print the version."), *SHELLS, HELP)
"""The options before a command."""


@dataclass(frozen=True)
class Addressee:
    """The command or the group that words name, and the words after it."""

    path: str
    rest: list[str]


def run(words: Sequence[str]) -> int:
    """Run a command line, and return its exit code.

    Raises RuralForecastError as the command does.
    """
    if words[:1] == ["--version"]:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        return 0
    of_shells = {name for option in SHELLS for name in option.names}
    if COMPLETING in os.environ or not of_shells.isdisjoint(words[:1]):
        code = _for_completion().main([*words], prog_name=PROGRAM, standalone_mode=False)
        return code or 0
    target = _find(words)
    if target.path in ABOUT:
        streams.write(_page(target.path), None)
        return 0
    return _run_command(target, words)


def _run_command(target: Addressee, words: Sequence[str]) -> int:
    command = load(target.path)
    rest = target.rest
    if "chart" in command.parameters:  # the one option whose value may be left out
        rest = ["--chart=text" if word == "--chart" else word for word in rest]
    name = f"{PROGRAM} {target.path}"
    try:
        context = command.make_context(name, rest, obj=words, allow_extra_args=True)
    except typer.TyperException as error:
        raise _usage_error(error, command, target.path) from None
    with context:
        return command.invoke(context)


def _usage_error(error: typer.TyperException, command: Command, path: str) -> UsageError:
    """Typer's error in our form, made of its fields and not of its text."""
    name = f"{PROGRAM} {path}"
    option = str(getattr(error, "option_name", ""))
    hint = withdrawn.OPTIONS.get(f"{path} {option}") or withdrawn.OPTIONS.get(option)
    if hint:
        return UsageError(f"'{name}' takes no {option} since 3.0.", hint, code="unknown_name")
    hint = withdrawn.NONE_HERE.get(f"{path} {option}", "")
    if hint:
        return UsageError(f"'{name}' takes no {option}.", hint, code="unknown_name")
    if hasattr(error, "possibilities"):  # of an option that there is not
        names = [typed for one in command.parameters.values() for typed in one.names]
        meant = [one for one in withdrawn.OF_OTHERS.get(option, ()) if one in names]
        if meant:
            hint = f"It is called {meant[0]} here. See '{name} --help'."
            return UsageError(f"No such option: {option}.", hint, code="unknown_name")
        others = [other for other, taken in _options_of_all().items() if option in taken]
        if others:
            hint = f"It is an option of {listed(others[:MOST_NAMED])}. See '{name} --help'."
            return UsageError(f"No such option: {option}.", hint, code="unknown_name")
        return no_such("option", option, names, path)
    problem = str(getattr(error, "message", error)).rstrip(".")
    return UsageError(f"{problem}.", f"See '{name} --help'.")


@cache
def _options_of_all() -> dict[str, frozenset[str]]:
    """The options of every command, as they are typed."""
    options = {}
    for path, _ in commands():
        parameters = load(path).parameters.values()
        options[path] = frozenset(typed for one in parameters for typed in one.names)
    return options


@cache  # a server and a notebook ask for a command many times, and Typer builds it slowly
def load(path: str) -> Command:
    """Build the command of a path, such as `project` or `series list`."""
    group, _, member = path.rpartition(" ")
    commands = import_module(f"rural_forecast.cli.commands.{group or member}")
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    register = app.command(
        member, cls=Command, context_settings={"help_option_names": list(HELP.names)}
    )
    name = path.replace(" ", "_")
    if not hasattr(commands, name):
        raise AttributeError(f"{commands.__name__} defines no function {name!r} for {path!r}")
    register(getattr(commands, name))
    return cast(Command, typer.main.get_command(app))


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every command, and the examples of its help; a test runs each example."""
    for name in _members(""):
        for path in [f"{name} {member}" for member in MEMBERS.get(name, ())] or [name]:
            yield path, load(path).examples


def no_such(what: str, typed: str, names: Iterable[str], path: str = "") -> UsageError:
    """The error for an unknown name of an option or command, with the closest ones."""
    names = [*names]
    help_of = f"See '{f'{PROGRAM} {path}'.strip()} --help'."
    close = get_close_matches(typed, names, 3, 0.75) or get_close_matches(typed, names, 1, 0.65)
    meant = ""
    if close:
        meant = f"Did you mean {' or '.join(close)}? "
    elif what != "option":
        meant = f"Commands are {', '.join(names)}. "
    return UsageError(f"No such {what}: {typed}.", f"{meant}{help_of}", code="unknown_name")


def _members(group: str) -> Mapping[str, str]:
    """The commands of the program or of a group, and the purpose of each."""
    if group:
        return MEMBERS[group]
    return {name: purpose for members in COMMANDS.values() for name, purpose in members.items()}


def _find(words: Sequence[str]) -> Addressee:
    """Find the command or group that words name. Raises UsageError if there is none."""
    path = ""
    rest = [*words]
    while path in ABOUT and rest and rest[0] not in HELP.names:
        for typed in (f"{path} {rest[0]}".strip(), " ".join(rest[:2])):
            hint = withdrawn.COMMANDS.get(typed)
            if hint:
                raise UsageError(f"'{typed}' was withdrawn in 3.0.", hint, code="unknown_name")
        name = rest.pop(0)
        if name.startswith("-"):
            options = (HELP,) if path else ROOT
            names = [typed for option in options for typed in option.names]
            raise no_such("option", name, names, path)
        if name not in _members(path):
            raise no_such("command", name, _members(path), path)
        path = f"{path} {name}".strip()
    return Addressee(path, rest)


def _page(group: str) -> str:
    """The purpose of a group, and its commands with what they do, each section named once."""
    sections = {"": MEMBERS[group]} if group else COMMANDS
    width = 0 if group else 10
    lines = [ABOUT[group]]
    for section, members in sections.items():
        head = section
        for name, purpose in members.items():
            lines.append(f"{head:<{width}}  {name:<12} {purpose}")
            head = ""
    last = f"{PROGRAM} {group}".strip() + " COMMAND -h is short, --help is whole."
    if not group:
        last += " Exit codes: help exit-codes"
    return "\n".join([*lines, last]) + "\n"


class _Group(TyperGroup):
    """The commands of the program or of a group, for the completion of a shell."""

    names_alone = False  # while names are completed: their commands are not loaded

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as every group
        """Load a command; None if there is none of this name."""
        members = self._members()
        if cmd_name not in members:
            return None
        if self.names_alone:
            return TyperCommand(cmd_name, short_help=members[cmd_name])
        if cmd_name in MEMBERS:
            return _Group(name=cmd_name)
        return load(f"{self.name} {cmd_name}" if self.name in MEMBERS else cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as every group
        """Name the commands."""
        return [*self._members()]

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the name of a command."""
        self.names_alone = True
        return super().shell_complete(ctx, incomplete)

    def _members(self) -> Mapping[str, str]:
        return _members(self.name if self.name in MEMBERS else "")


def _for_completion() -> Any:
    """The program as one group, whose commands load when a shell completes them."""
    settings = {"help_option_names": [*HELP.names]}
    app = typer.Typer(
        cls=_Group, rich_markup_mode=None, pretty_exceptions_enable=False, context_settings=settings
    )

    def root(version: bool = typer.Option(False, "--version")) -> None: ...

    app.callback()(root)
    return typer.main.get_command(app)
