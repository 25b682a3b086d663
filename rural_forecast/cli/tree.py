"""The command tree. Only the commands on the command line get their options; building options is the cost of a start.

The others have a name and a summary, for help and for suggestions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.declare import expanded
from rural_forecast.cli.help import Command, Group
from rural_forecast.version import __version__

PROGRAM = "rural-forecast"

SINGLE = {
    "project": "Forecast a series up to a year",
    "growth": "Compare the growth of several series",
    "nowcast": "Estimate a year of which halves, quarters or months are known",
    "scenario": "Compare scenarios with the forecast",
    "chart": "Draw history, forecast, intervals and published figures",
    "exhibit": "Write one page for a client",
    "compare": "Compare all models",
    "backtest": "Score every model from rolling origins",
    "precedents": "Show real histories most like a series, and what they did next",
    "size": "Size a market from its drivers",
    "batch": "Forecast every series of a file",
    "panel": "Forecast the parts of a whole so that they add up",
    "models": "List the models, or show one",
}
"""Commands of one word, each a module of that name in `commands/`, with its summary."""

GROUPS = {
    "series": {
        "list": "List the series of the catalogue",
        "show": "Show one series: values, sources, targets",
        "read": "Read a file into tidy rows, and account for every cell",
        "check": "List all faults of a file or a series",
    },
}
"""Groups, each a module with a function a command and `NAME_EXAMPLES` next to it."""
_NAMES = frozenset((*SINGLE, *GROUPS, *(name for members in GROUPS.values() for name in members)))

_SETTINGS = {"help_option_names": ["--help", "-h"], "max_content_width": 100}
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
    return _build(None if arguments is None else _NAMES.intersection(arguments))


@cache
def _build(typed: frozenset[str] | None) -> Any:
    app = typer.Typer(
        name=PROGRAM,
        help="Forecast short annual market series: a defensible number, an honest interval, the evidence for both.",
        epilog=_listed(EXIT_CODES),
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
        cls=Group,
    )
    app.callback(invoke_without_command=True)(_root)
    whole = _NAMES if typed is None else typed
    for name, summary in SINGLE.items():
        _add(app, name, summary, name if name in whole else None)
    for group, members in GROUPS.items():
        parent = typer.Typer(rich_markup_mode=None, context_settings=_SETTINGS, cls=Group)
        about = _module(group).HELP
        parent.callback(invoke_without_command=True, help=about)(_group)
        for name, summary in members.items():
            _add(parent, name, summary, group if {group, name} <= whole else None)
        app.add_typer(parent, name=group, short_help=about.rstrip("."))
    return typer.main.get_command(app)


def commands() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every command with the examples of its help; a test runs each example."""
    for name in SINGLE:
        yield name, _examples(_module(name), name)
    for group, members in GROUPS.items():
        for name in members:
            yield f"{group} {name}", _examples(_module(group), name)


def _module(name: str) -> ModuleType:
    return import_module(f"rural_forecast.cli.commands.{name}")


def _listed(exit_codes: Mapping[int, str]) -> str:
    """The exit codes, in short lines for the end of the help."""
    each = [f"{code} {meaning}" for code, meaning in exit_codes.items()]
    return f"\b\nExit codes: {' · '.join(each[:4])}\n{' · '.join(each[4:6])}\n{' · '.join(each[6:])}"


def _examples(home: ModuleType, name: str) -> tuple[str, ...]:
    examples: tuple[str, ...] = getattr(home, f"{name.upper()}_EXAMPLES", None) or home.EXAMPLES
    return examples


def _add(parent: typer.Typer, name: str, summary: str, home: str | None) -> None:
    """Add a command with its options, or with its name and summary only."""
    if home is None:
        parent.command(name, short_help=summary)(lambda: None)
        return
    module = _module(home)
    epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in _examples(module, name))
    path = name if home == name else f"{home} {name}"
    function = expanded(getattr(module, name), getattr(module, "FORMATS", ()), path)
    parent.command(name, cls=Command, epilog=epilog, short_help=summary, context_settings=_SETTINGS)(function)


def _root(context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    """Print help where no command is given."""
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    _group(context)


def _group(context: typer.Context) -> None:
    """Print help where no command is given."""
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)
