"""Environment variables: the ones that are heeded, and options whose default they set."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from rural_forecast.errors import UsageError
from rural_forecast.series.source_names import without_folders

AUTHOR, CATALOGUE, KEEP = "RURAL_FORECAST_AUTHOR", "RURAL_FORECAST_CATALOGUE", "RURAL_FORECAST_KEEP"
THEME, WORKERS = "RURAL_FORECAST_THEME", "RURAL_FORECAST_WORKERS"
VARIABLES = {
    AUTHOR: "Who writes a page, where --author is left out.",
    CATALOGUE: "Folders with series of your own, separated as in PATH.",
    KEEP: "Folder that records of forecasts are kept in, where --keep is left out.",
    THEME: "Colours of pictures, light or dark, where --theme is left out.",
    WORKERS: "Number of processes of a batch, where --workers is left out.",
    "NO_COLOR": "Set to anything: no colour.",
    "FORCE_COLOR": "Set to anything: colour, terminal or not.",
    "CLICOLOR_FORCE": "Set to anything but 0: colour, terminal or not.",
    "CLICOLOR": "Set to 0: no colour.",
    "TERM": "With the value dumb: no colour, no progress bar.",
    "COLUMNS": "Width of the terminal.",
}
_used: ContextVar[Mapping[str, str]] = ContextVar("used", default={})  # noqa: B039 - never written to


def start() -> None:
    """Forget the variables that an earlier command used."""
    folders = [name for name in os.environ.get(CATALOGUE, "").split(os.pathsep) if name.strip()]
    _used.set({CATALOGUE: os.pathsep.join(map(without_folders, folders))} if folders else {})


def used() -> Mapping[str, str]:
    """The variables that took part in the result of this command, folders by their name alone."""
    return _used.get()


def default(variable: str, hint: Any) -> Any:
    """The value of an option that a variable sets, in the type of the option; None where it sets none.

    Raises UsageError if the option has no such value.
    """
    text = os.environ.get(variable, "")
    if not text:
        return None
    kind = next((each for each in get_args(hint) if each is not type(None)), hint)
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        if text.lower() not in choices:
            raise UsageError(f"{variable} is {text!r}.", f"Set it to {' or '.join(choices)}.")
        return text.lower()
    if kind is int:
        if not text.isdecimal() or not int(text):
            raise UsageError(f"{variable} is {text!r}, which is no number of 1 or more.", "Set it to 2, say.")
        return int(text)
    return Path(text) if kind is Path else text


def note(variable: str) -> None:
    """Note that a variable took part in the result."""
    _used.set({**_used.get(), variable: os.environ[variable]})
