"""What Typer and its validator complain of, in plain words and with the likeliest choice meant."""

from __future__ import annotations

import re
from difflib import get_close_matches

import typer

from rural_forecast.render import formats

_WORDS = {
    "Input should be a valid integer, unable to parse string as an integer": "is not a whole number.",
    "Input should be a valid number, unable to parse string as a number": "is not a number.",
    "Input should be greater than or equal to": "is less than",
}
_OTHER_NAMES = {"excel": "xlsx", "xls": "xlsx", "md": "markdown", "jsonl": "ndjson", "text": "table", "txt": "table"}
"""What people call a format that has another name here."""
_EXTRA = re.compile(r"Got unexpected extra argument\(s\) \((.*)\)", re.DOTALL)
_ONE_SERIES = "One series at a time, for two definitions are never joined; 'growth' sets them side by side. "


def plain(error: typer.TyperException) -> tuple[str, str]:
    """The message as a sentence, and the suggestion that opens its hint, empty where there is none."""
    message, meant = _said(error)
    return message if message.endswith((".", "?")) else f"{message}.", meant


def _said(error: typer.TyperException) -> tuple[str, str]:
    possible = getattr(error, "possibilities", None)
    if possible:
        named = str(getattr(error, "option_name", ""))
        close = get_close_matches(named, possible, 3, 0.75) or get_close_matches(named, possible, 1, 0.6)
        return str(error.message), f"Did you mean {' or '.join(close or sorted(possible))}? "
    extra = _EXTRA.fullmatch(str(error.message))
    if extra:
        one_series = _takes_one_series(error)
        return f"Unexpected argument: {extra[1]}", (_year_meant(extra[1]) or _ONE_SERIES) if one_series else ""
    if str(error.message).startswith("No such command") and "mean" not in str(error.message):
        return str(error.message), _commands(error)
    message = error.format_message().replace(": Value error, ", ": ")
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, f"{_value(error)} {ours}")
    found = re.search(r"'([^']*)' is not one of (.+)\.", message)
    if found is None:
        return message, _once_each(error)
    meant = _choice_meant(found[1].lower(), re.findall(r"'([^']*)'", found[2]))
    return message, f"Did you mean {meant}? " if meant else ""


def _choice_meant(typed: str, names: list[str]) -> str:
    """The likeliest choice, or none where the word is right and the command has no such format."""
    if typed in formats.ALL:
        return ""
    others = {other: name for other, name in _OTHER_NAMES.items() if name in names}
    close = get_close_matches(typed, [*names, *others], 1, 0.6)
    return others.get(close[0], close[0]) if close else ""


def _year_meant(extra: str) -> str:
    """A year behind a series is a slip for an option."""
    return f"Did you mean --year {extra}? " if re.fullmatch(r"\d{4}", extra) else ""


def _commands(error: typer.TyperException) -> str:
    """The commands of the group in which there is no such one."""
    group = getattr(getattr(error, "ctx", None), "command", None)
    names = list(getattr(group, "commands", ()))
    return f"Commands are {', '.join(names)}. " if names else ""


def _once_each(error: typer.TyperException) -> str:
    """How an option that may be repeated takes several values."""
    parts = [part.strip() for part in _value(error).strip("'").split(",")]
    option = getattr(error, "param", None)
    if len(parts) < 2 or not all(parts) or not getattr(option, "multiple", False):
        return ""
    name = max(getattr(option, "opts", ()), key=len)
    return f"Give them one by one: {' '.join(f'{name} {part}' for part in parts)}. "


def _takes_one_series(error: typer.TyperException) -> bool:
    context = getattr(error, "ctx", None)
    return context is not None and any(one.name == "source" for one in context.command.params)


def _value(error: typer.TyperException) -> str:
    """What was typed, which the validator knows and Typer leaves out."""
    listed = getattr(error.__cause__, "errors", None)
    return repr(listed()[0]["input"]) if listed is not None else "this"
