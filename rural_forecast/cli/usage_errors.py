"""Usage errors of the parser in plain words, with a suggestion, made from their fields and not from their text."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import typer

from rural_forecast.cli import withdrawn
from rural_forecast.errors import UsageError


def of_typer(error: typer.TyperException, program: str) -> UsageError:
    """Typer's own error in our form."""
    option = str(getattr(error, "option_name", ""))
    context: Any = getattr(error, "ctx", None)
    path = context.command_path if context is not None else program
    named = f"{path.partition(' ')[2]} {option}", option
    if hint := next((withdrawn.OPTIONS[name] for name in named if name in withdrawn.OPTIONS), ""):
        return UsageError(f"'{path}' takes no {option} since 3.0.", hint, code="unknown_name")
    message, see = str(getattr(error, "message", error)).rstrip("."), f"See '{path} --help'."
    if not hasattr(error, "possibilities"):
        return UsageError(f"{message}.", see)
    possible = error.possibilities or ()
    close = get_close_matches(option, possible, 3, 0.75) or get_close_matches(option, possible, 1, 0.65)
    meant = f"Did you mean {' or '.join(close)}? " if close else ""
    return UsageError(f"{message}.", f"{meant}{see}", code="unknown_name")


def unexpected(context: typer.Context, arguments: Sequence[str]) -> UsageError:
    """Arguments that a command does not take."""
    one = "A command takes one series; 'growth' sets several side by side. "
    several = any(parameter.name == "source" for parameter in context.command.params)
    hint = f"{one if several else ''}See '{context.command_path} --help'."
    return UsageError(f"Unexpected argument: {' '.join(arguments)}.", hint)


def no_command(context: typer.Context, typed: str, names: Sequence[str]) -> UsageError:
    """A command that a group does not have."""
    see = f"See '{context.command_path} --help'."
    if close := get_close_matches(typed, names, 1):
        return UsageError(f"No such command {typed!r}. Did you mean {close[0]!r}?", see, code="unknown_name")
    return UsageError(f"No such command {typed!r}.", f"Commands are {', '.join(names)}. {see}", code="unknown_name")
