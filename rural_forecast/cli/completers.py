"""Completion of option values and arguments, called by Typer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from rural_forecast.series.catalogue import load

ASKED = "_RURAL_FORECAST_COMPLETE"
"""Set by a completion script."""


def series(incomplete: str) -> list[str]:
    """Ids and aliases of the catalogue; where none fits, the shell offers files."""
    catalogue = load()
    aliases = (summary.alias for summary in catalogue.summaries() if summary.alias)
    return [name for name in (*catalogue.ids(), *aliases) if name.startswith(incomplete)]


def _named(home: str, listed: str, *others: str) -> Callable[[str], list[str]]:
    """Completes the names that a function of a module lists; the module is imported when a shell asks."""

    def complete(incomplete: str) -> list[str]:
        names = getattr(import_module(f"rural_forecast.{home}"), listed)()
        return [name for name in (*others, *names) if name.startswith(incomplete)]

    return complete


models = _named("forecasting.registry", "names", "consensus")
model_names = _named("forecasting.registry", "names")
sizing_models = _named("sizing.model", "examples")
scenarios = _named("scenarios.assumptions", "examples")


def columns(incomplete: str) -> list[str]:
    """Columns of the files on the command line."""
    return [name for word in words() for name in _header(word) if name.startswith(incomplete)]


def words() -> list[str]:
    """The words on the line, as the completion scripts pass them; none unless a shell asks for completions."""
    line = os.environ.get("COMP_WORDS", os.environ.get("_TYPER_COMPLETE_ARGS", ""))
    return line.split() if ASKED in os.environ else []


def _header(file: str) -> Iterator[str]:
    """The first line of a text file, cell by cell."""
    import csv

    path = Path(file)
    if path.suffix.lower() not in (".csv", ".tsv", ".tab", ".txt"):
        return
    try:
        with path.open(encoding="utf-8-sig") as lines:
            line = lines.readline(100_000)
    except (OSError, ValueError):
        return
    yield from next(csv.reader([line], delimiter="\t" if "\t" in line else ","), ())
