"""The command tree. A command loads when it is asked for: the options of all would double a start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from rural_forecast.cli import help as page
from rural_forecast.cli import streams, withdrawn
from rural_forecast.cli.declare import flattened
from rural_forecast.cli.usage_errors import no_command, unexpected
from rural_forecast.errors import UsageError
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"
ABOUT = {
    "": "Forecast short yearly series: a number, its range, the evidence for both.",
    "series": "List and show series, or read or check a file.",
}
"""Purpose of the program, and of each group of commands."""
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


class Command(TyperCommand):
    """A command that refuses options given twice and unexpected arguments. `-h` prints its short help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the arguments and options."""
        ctx.allow_extra_args = True
        Plain.of(self.get_params(ctx))
        if any(each.name == "chart" for each in self.get_params(ctx)):  # the one option whose value may be left out
            args = ["--chart=text" if arg == "--chart" else arg for arg in args]
        if ctx.resilient_parsing:  # as while a shell completes
            return super().parse_args(ctx, args)
        *_, order = self.make_parser(ctx).parse_args(list(args))
        for parameter, times in Counter(order).items():
            once = parameter.param_type_name == "option" and not (
                parameter.multiple or getattr(parameter, "is_flag", False)
            )
            if times > 1 and once:
                raise UsageError(f"{max(parameter.opts, key=len)} is given twice.", "Keep one of the two.")
        left: list[str] = super().parse_args(ctx, args)
        if left:
            raise unexpected(ctx, left)
        return left

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line: `FILE` for what is required, `[SOURCE]` for what is not."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]

    def get_help(self, ctx: Any) -> str:
        """The help as it was asked for: `-h` is short, `--help` is whole."""
        return page.of_command(self, ctx, whole="--help" in (ctx.obj or ()))


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
        Plain.of(self.get_params(ctx))
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
    function = getattr(import_module(f"rural_forecast.cli.commands.{home}"), path.replace(" ", "_"))
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(member or group, cls=Command, context_settings=_SETTINGS)(flattened(function))
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The path of every command, and the examples of its help; a test runs each example."""
    for name in (name for members in COMMANDS.values() for name in members):
        for path in [f"{name} {member}" for member in MEMBERS.get(name, ())] or [name]:
            yield path, load(path).callback.examples


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
    """Print help where no command is given."""
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)


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
