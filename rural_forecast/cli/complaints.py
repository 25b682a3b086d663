"""What Typer and its validator complain of, in plain words and with the likeliest choice meant."""

from __future__ import annotations

import re
from difflib import get_close_matches

import typer

_WORDS = {
    "Input should be a valid integer, unable to parse string as an integer": "is not a whole number.",
    "Input should be a valid number, unable to parse string as a number": "is not a number.",
    "Input should be": "should be",
}
_ONE_SERIES = "One series at a time, for two definitions are never joined; 'growth' sets them side by side. "


def plain(error: typer.TyperException) -> tuple[str, str]:
    """The message, and the suggestion that opens its hint, empty where there is none."""
    possible = getattr(error, "possibilities", None)
    if possible:
        named = str(getattr(error, "option_name", ""))
        close = get_close_matches(named, possible, 3, 0.6) or sorted(possible)
        return str(error.message), f"Did you mean {' or '.join(close)}? "
    if str(error.message).startswith("Got unexpected extra argument") and _takes_one_series(error):
        return str(error.message), _ONE_SERIES
    message = error.format_message().replace(": Value error, ", ": ")
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, f"{_value(error)} {ours}")
    found = re.search(r"'([^']*)' is not one of (.+)\.", message)
    if found is None:
        return message, ""
    meant = get_close_matches(found[1], re.findall(r"'([^']*)'", found[2]), 1, 0.6)
    return message, f"Did you mean {meant[0]}? " if meant else ""


def _takes_one_series(error: typer.TyperException) -> bool:
    context = getattr(error, "ctx", None)
    return context is not None and any(one.name == "source" for one in context.command.params)


def _value(error: typer.TyperException) -> str:
    """What was typed, which the validator knows and Typer leaves out."""
    listed = getattr(error.__cause__, "errors", None)
    return repr(listed()[0]["input"]) if listed is not None else "this"
