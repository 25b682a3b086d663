"""The command tree. A command loads when it is asked for: the options of all would double a start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from rural_forecast.cli import streams, withdrawn
from rural_forecast.cli.declare import flattened
from rural_forecast.cli.help import Command, Plain, in_sections, painted
from rural_forecast.cli.usage_errors import no_command
from rural_forecast.errors import RuralForecastError
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"

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
    "Show": {
        "chart": "a picture",
        "exhibit": "one page for a client",
    },
    "Look up": {"series": "list, show, check or read series", "models": "all models, or one"},
    "Programs": {
        "spec": "the commands as JSON",
        "guide": "a skill for agents",
        "mcp": "a server of tools for agents",
    },
}
"""The commands with what they do, in sections. Each is a module of its name in `commands/`."""

MEMBERS = {
    "series": {
        "list": "the series of the catalogue",
        "show": "one series: values, sources, targets",
        "read": "a file as tidy rows, with an account of every cell",
        "check": "all faults of a file or a series",
    },
}
"""Groups of commands. Each command is a function of the group's module, with its `NAME_EXAMPLES`."""

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


class Group(TyperGroup):
    """The commands of the program, or those below one of them."""

    path = ""
    listed = COMMANDS

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options in front of the command."""
        Plain.of(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as every group
        """Load a command; None if there is none of this name."""
        known = any(cmd_name in members for members in self.listed.values())
        return load(f"{self.path} {cmd_name}".strip()) if known else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of a line. Raises UsageError with the closest name if there is none."""
        if not ctx.resilient_parsing:  # as while a shell completes
            withdrawn.require_command([*self.path.split(), *args])
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise no_command(ctx, args[0], [name for members in self.listed.values() for name in members])
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the name of a command, loading none."""
        from typer._click.shell_completion import CompletionItem

        named = (pair for members in self.listed.values() for pair in members.items())
        found = [CompletionItem(name, help=does) for name, does in named if name.startswith(incomplete)]
        return [*found, *super().shell_complete(ctx, incomplete)]

    def get_help(self, ctx: Any) -> str:
        """Print the purpose, and the commands in sections."""
        last = "" if self.path else " Exit codes: help exit-codes"
        end = f"{ctx.command_path} COMMAND -h is short, --help is whole.{last}"
        return painted("\n".join([str(self.help), *in_sections(self.listed), end]))


@cache
def program() -> Any:
    """The program, a group of commands."""
    about = "Forecast short yearly series: a number, its range, the evidence for both."
    return _group(PROGRAM, about, _root, add_completion=True)


@cache
def load(path: str) -> Any:
    """The command of a path, such as `project` or `series list`, with its options."""
    home, _, member = path.partition(" ")
    module = import_module(f"rural_forecast.cli.commands.{home}")
    if path in MEMBERS:
        group = _group(path, module.HELP, _alone)
        group.path, group.listed = path, {"": MEMBERS[path]}
        return group
    function: Any = flattened(getattr(module, member or home), getattr(module, "FORMATS", ()))
    function.examples = _examples(module, path)
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(member or home, cls=Command, context_settings=_SETTINGS)(function)
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every command, and the examples of its help; a test runs each example."""
    for name in (name for members in COMMANDS.values() for name in members):
        for path in [f"{name} {member}" for member in MEMBERS.get(name, ())] or [name]:
            yield path, load(path).callback.examples


def _group(name: str, about: str, alone: Any, *, add_completion: bool = False) -> Any:
    app = typer.Typer(
        name=name,
        help=about,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        cls=Group,
        invoke_without_command=True,
        add_completion=add_completion,
    )
    app.callback()(alone)
    return typer.main.get_command(app)


def _examples(module: Any, path: str) -> tuple[str, ...]:
    """The examples of a command. Raises RuralForecastError if they are fewer than three."""
    home, _, member = path.partition(" ")
    constant = f"{member.upper()}_EXAMPLES" if member else "EXAMPLES"
    examples: tuple[str, ...] = getattr(module, constant, ())
    if len(examples) < 3:
        raise RuralForecastError(
            f"The command '{path}' has {len(examples)} examples in {constant} of commands/{home}.py.",
            "Give three; the help shows them, and a test runs them.",
        )
    return examples


def _root(context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    _alone(context)


def _alone(context: typer.Context) -> None:
    """Print help where no command is given."""
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)
