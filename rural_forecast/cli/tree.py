"""The command tree. A command loads when it is asked for: the options of all would double a start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from rural_forecast.cli import help as page
from rural_forecast.cli import streams, withdrawn
from rural_forecast.cli.declare import Declared, Option
from rural_forecast.cli.usage_errors import no_command, unexpected
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
        "triangulate": ("records", "all arguments for one number"),
    },
    "Size": {"size": ("assumptions", "a market from its drivers")},
    "Keep": {
        "score": ("records", "kept forecasts against what came"),
        "revise": ("records", "why the answer for a year moved"),
    },
    "Show": {
        "chart": ("pages", "a picture"),
        "exhibit": ("pages", "one page for a client"),
    },
    "Look up": {
        "series": ("lookup", "list, show, check or read series"),
        "models": ("lookup", "all models, or one"),
    },
    "Programs": {
        "spec": ("programs", "the commands as JSON"),
        "guide": ("programs", "a skill for agents"),
        "mcp": ("programs", "a server of tools for agents"),
    },
}
"""The commands in sections: the module of `commands/` with the function of its name, and what it does."""
MEMBERS = {
    "series": {
        "list": ("lookup", "the series of the catalogue"),
        "show": ("lookup", "one series: values, sources, targets"),
        "read": ("lookup", "a file as tidy rows, with an account of every cell"),
        "check": ("lookup", "all faults of a file or a series"),
    },
}
"""The commands of a group; the function of `series list` is `series_list`."""
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
_SETTINGS = {"help_option_names": ["--help", "-h"]}


class _Parameter:
    """A parameter whose value is read later, all of what is typed: see `Option.read`."""

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
        return [
            CompletionItem(name)
            for name in found
            if name.startswith(incomplete.lower() if option.choices else incomplete)
        ]


class _Option(_Parameter, TyperOption): ...


class _Argument(_Parameter, TyperArgument): ...


def _parameter(name: str, option: Option) -> Any:
    shared: dict[str, Any] = {"type_descriptor": None, "metavar": option.metavar}
    if option.is_argument:
        made: Any = _Argument(param_decls=[name], nargs=-1 if option.several else 1, **shared)
    else:
        made = _Option(param_decls=[name, *option.names], multiple=True, is_flag=option.is_flag, **shared)
    made.option = option
    return made


class Command(TyperCommand):
    """A command. `-h` prints its short help, `--help` all of it."""

    def __init__(self, name: str, declared: Declared) -> None:
        """Take the options that are declared."""
        params = [_parameter(name, option) for name, option in declared.options.items()]
        super().__init__(
            name,
            callback=declared.run,
            params=params,
            help=declared.about,
            add_help_option=False,
            rich_markup_mode=None,
        )
        self.declared = declared

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments and options. Raises UsageError for unexpected arguments."""
        ctx.allow_extra_args = True
        if "chart" in self.declared.options:  # the one option whose value may be left out
            args = ["--chart=text" if arg == "--chart" else arg for arg in args]
        left: list[str] = super().parse_args(ctx, args)
        if ctx.resilient_parsing:  # as while a shell completes
            return left
        if ctx.params.pop("help"):
            whole = "--help" in (ctx.obj or ())
            streams.write(page.of_command(self.declared, ctx.command_path, whole=whole) + "\n", None)
            raise typer.Exit
        if left:
            raise unexpected(ctx, left)
        for name, typed in ctx.params.items():
            if isinstance(typed, str):  # an argument that is taken once
                ctx.params[name] = [typed]
        return left


class Group(TyperGroup):
    """The commands of the program, or those of a group."""

    path = ""

    @property
    def listed(self) -> dict[str, dict[str, tuple[str, str]]]:
        """The commands in sections."""
        return {"": MEMBERS[self.path]} if self.path else COMMANDS

    @property
    def named(self) -> dict[str, str]:
        """The commands with what they do."""
        return {name: does for members in self.listed.values() for name, (_, does) in members.items()}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options in front of the command."""
        params: list[Any] = self.get_params(ctx)
        for each in params:
            each.get_runtime_param = _AsTyped  # Typer's validator would cost a quarter of a start
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as every group
        """Load a command; None if there is none of this name."""
        return load(f"{self.path} {cmd_name}".strip()) if cmd_name in self.named else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of a line. Raises UsageError with the closest name if there is none."""
        if not ctx.resilient_parsing:  # as while a shell completes
            withdrawn.require_command([*self.path.split(), *args])
            if args[0] not in self.named and not args[0].startswith("-"):
                raise no_command(ctx, args[0], [*self.named])
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the name of a command, loading none."""
        from typer._click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=does) for name, does in self.named.items() if name.startswith(incomplete)]
        return [*found, *super().shell_complete(ctx, incomplete)]

    def get_help(self, ctx: Any) -> str:
        """The purpose, and the commands in sections."""
        return page.of_group(self, ctx, "" if self.path else " Exit codes: help exit-codes")


@cache
def program() -> Any:
    """The program, a group of commands."""
    return _group("", _root, add_completion=True)


@cache
def load(path: str) -> Any:
    """The command of a path, such as `project` or `series list`, with its options."""
    if path in MEMBERS:
        return _group(path, _alone, add_completion=False)
    group, _, member = path.partition(" ")
    listed = {"": MEMBERS[group]} if member else COMMANDS
    home = next(members[member or group][0] for members in listed.values() if (member or group) in members)
    declared = getattr(import_module(f"rural_forecast.cli.commands.{home}"), path.replace(" ", "_"))
    return Command(member or group, declared)


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every command, and the examples of its help; a test runs each example."""
    for name in (name for members in COMMANDS.values() for name in members):
        for path in [f"{name} {member}" for member in MEMBERS.get(name, ())] or [name]:
            yield path, load(path).declared.examples


def _group(path: str, alone: Any, *, add_completion: bool) -> Any:
    app = typer.Typer(
        name=path or PROGRAM,
        help=ABOUT[path],
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        cls=Group,
        invoke_without_command=True,
        add_completion=add_completion,
    )
    app.callback()(alone)
    group: Any = typer.main.get_command(app)
    group.path = path
    return group


def _root(context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    _alone(context)


def _alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)


class _AsTyped:
    """Takes the options before a command as they are typed."""

    def coerce(self, value: Any, **_: Any) -> Any:
        """The value."""
        return value
