"""The command tree. Only commands on the command line get their options: building options is the cost of a start."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.declare import flattened
from rural_forecast.cli.help import Command, Group
from rural_forecast.errors import RuralForecastError
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"

COMMANDS = {
    "Forecast": {
        "project": "a series up to a year",
        "nowcast": "a year of which some parts are known",
        "scenario": "your assumptions, beside the forecast",
        "panel": "the parts of a whole, adding up",
        "batch": "every series of a file",
    },
    "Question": {
        "compare": "every model on one series",
        "backtest": "how the models did on its past",
        "precedents": "the real histories most like it, and what came next",
        "growth": "the growth of several series, side by side",
    },
    "Size": {"size": "a market from its drivers"},
    "Show": {
        "chart": "a picture",
        "exhibit": "one page for a client",
    },
    "Look up": {"series": "list, show, check or read series", "models": "all models, or one"},
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
"""Groups of commands. Each command is a function of the group's module, with `NAME_EXAMPLES` beside it."""
_SINGLE = tuple(name for section in COMMANDS.values() for name in section if name not in MEMBERS)
_NAMES = frozenset((*_SINGLE, *MEMBERS, *(name for members in MEMBERS.values() for name in members)))

_SETTINGS = {"help_option_names": ["--help", "-h"]}
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


def build(arguments: Collection[str] | None) -> Any:
    """The command line for these arguments, or with every command whole."""
    return _build(_NAMES if arguments is None else _NAMES.intersection(arguments))


@cache
def _build(whole: frozenset[str]) -> Any:
    about = "Forecast short yearly series: a number, its range, the evidence for both."
    app = _group(PROGRAM, about, COMMANDS, _root)
    for name in _SINGLE:
        _add(app, name, name, whole=name in whole)
    for group, members in MEMBERS.items():
        inner = _group(group, _module(group).HELP, {"": members}, _member)
        for name in members:
            _add(inner, group, name, whole={group, name} <= whole)
        app.add_typer(inner, name=group)
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command with the examples of its help; a test runs each example."""
    for name in _SINGLE:
        yield name, _examples(name, name)
    for group, members in MEMBERS.items():
        for name in members:
            yield f"{group} {name}", _examples(group, name)


def _group(name: str, about: str, listed: Mapping[str, Mapping[str, str]], alone: Any) -> Any:
    last = f"{PROGRAM} COMMAND -h is short, --help is whole. Exit codes: help exit-codes"
    if name != PROGRAM:
        last = f"{PROGRAM} {name} COMMAND -h is short, --help is whole."
    app = typer.Typer(
        name=name,
        help=about,
        epilog=last,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        cls=type("Listed", (Group,), {"listed": listed}),
        invoke_without_command=True,
    )
    app.callback()(alone)
    return app


def _add(parent: typer.Typer, home: str, name: str, *, whole: bool) -> None:
    """Add a command of a module, with its options if it is to be whole."""
    if not whole:
        parent.command(name)(lambda: None)
        return
    module = _module(home)
    function = flattened(getattr(module, name), getattr(module, "FORMATS", ()))
    function.examples = _examples(home, name)  # type: ignore[attr-defined] # read by the help
    parent.command(name, cls=Command, context_settings=_SETTINGS)(function)


def _module(name: str) -> Any:
    return import_module(f"rural_forecast.cli.commands.{name}")


def _examples(home: str, name: str) -> tuple[str, ...]:
    """The examples of a command. Raises RuralForecastError if they are fewer than three."""
    constant = "EXAMPLES" if home == name else f"{name.upper()}_EXAMPLES"
    examples: tuple[str, ...] = getattr(_module(home), constant, ())
    if len(examples) < 3:
        raise RuralForecastError(
            f"The command {name} has {len(examples)} examples in {constant} of commands/{home}.py.",
            "Give three; the help shows them, and a test runs them.",
        )
    return examples


def _root(context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    _member(context)


def _member(context: typer.Context) -> None:
    """Print help where no command is given."""
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)
