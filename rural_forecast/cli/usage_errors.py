"""Usage errors in plain words, with a suggestion.

They are made from the fields of the errors of Typer and its validator, not from their text.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import typer

from rural_forecast.cli import withdrawn
from rural_forecast.errors import UsageError
from rural_forecast.render import formats

_ONE_SERIES = "One series at a time, for two definitions are never joined; 'growth' sets them side by side. "


def of_typer(error: typer.TyperException, program: str) -> UsageError:
    """Typer's own error in our form."""
    option = str(getattr(error, "option_name", ""))
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else program
    named = f"{path.partition(' ')[2]} {option}", option
    if hint := next((withdrawn.OPTIONS[name] for name in named if name in withdrawn.OPTIONS), ""):
        return UsageError(f"'{path}' takes no {option} since 3.0.", hint, code="unknown_name")
    message, meant = _said(error)
    sentence = message if message.endswith((".", "?")) else f"{message}."
    code = "unknown_name" if hasattr(error, "possibilities") else ""
    return UsageError(sentence, f"{meant}See '{path} --help'.", code=code)


def unexpected(context: typer.Context, arguments: Sequence[str]) -> UsageError:
    """Arguments that a command does not take."""
    typed = " ".join(arguments)
    meant = ""
    if any(parameter.name == "source" for parameter in context.command.params):
        year = len(typed) == 4 and typed.isascii() and typed.isdigit()
        meant = f"Did you mean --year {typed}? " if year else _ONE_SERIES
    return UsageError(f"Unexpected argument: {typed}.", f"{meant}See '{context.command_path} --help'.")


def no_command(context: typer.Context, typed: str, names: Sequence[str]) -> UsageError:
    """A command that a group does not have."""
    see = f"See '{context.command_path} --help'."
    close = ["project"] if typed in ("forecast", "predict") else get_close_matches(typed, names, 1)
    if close and close[0] in names:
        return UsageError(f"No such command {typed!r}. Did you mean {close[0]!r}?", see, code="unknown_name")
    return UsageError(f"No such command {typed!r}.", f"Commands are {', '.join(names)}. {see}", code="unknown_name")


def _said(error: typer.TyperException) -> tuple[str, str]:
    """The message, and the suggestion that opens its hint, empty where there is none."""
    option = str(getattr(error, "option_name", ""))
    possible = getattr(error, "possibilities", None)
    if possible:
        close = get_close_matches(option, possible, 3, 0.75) or get_close_matches(option, possible, 1, 0.65)
        return str(error.message), f"Did you mean {' or '.join(close)}? " if close else ""
    listed = getattr(error.__cause__, "errors", None)
    problem = listed()[0] if listed is not None else None
    param = getattr(error, "param", None)
    if problem is None or param is None:
        return error.format_message(), f"{param.help} " if param and param.param_type_name == "argument" else ""
    typed = str(problem["input"])
    named = param.envvar if param.envvar and os.environ.get(param.envvar) == typed else param.get_error_hint()
    return f"Invalid value for {named}: {_problem(problem)}", _meant(typed, param)


def _problem(problem: Mapping[str, Any]) -> str:
    """Word the fault of a value by the kind of problem that the validator names."""
    typed, context = repr(problem["input"]), problem.get("ctx", {})
    match problem["type"]:
        case "int_parsing" | "int_from_float":
            return f"{typed} is not a whole number."
        case "float_parsing":
            return f"{typed} is not a number."
        case "greater_than_equal":
            return f"{typed} is less than {context['ge']}."
        case "less_than_equal":
            return f"{typed} is more than {context['le']}."
        case "value_error":
            return str(context["error"])
    return str(problem["msg"])


def _meant(typed: str, option: Any) -> str:
    """The likeliest of a few choices."""
    choices = option.type_descriptor.choices or ()
    close = get_close_matches(typed.lower(), map(str, choices), 1, 0.6) if typed not in formats.ALL else ()
    return f"Did you mean {close[0]}? " if close else ""
